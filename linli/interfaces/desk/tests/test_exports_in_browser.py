"""The button of a list on a phone, alone on its page and of two beside each other; what is sent is the list."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from linli.interfaces.desk.tests.housing_help import enter_building, take_up
from linli.interfaces.desk.tests.test_browser import open_desk, town  # noqa: F401  the world at the real time

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
# Whether every item of an open menu can be touched: nothing lies over its middle, nothing cuts it off.
REACHED = """sheet => [...sheet.querySelectorAll('.menu__item')].every(item => {
  const box = item.getBoundingClientRect();
  return item.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
})"""


def test_a_list_is_taken_out_on_a_phone_as_it_is_narrowed(browser_page, town, live_server):  # noqa: F811
    first, second, *_rest = enter_building(town)
    row = take_up(town, first)
    take_up(town, second)
    page = browser_page
    page.set_viewport_size({"width": 390, "height": 844})
    open_desk(page, town, live_server, "shuji", "/desk/housing/")
    page.fill("[name=q]", first.address)
    page.get_by_role("button", name="搜索").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("details.exports > summary").click()
    expect(page.get_by_role("button", name="表格 CSV")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="表格 CSV").click()
    found = list(csv.reader(Path(download.value.path()).read_text("utf-8-sig").splitlines()))
    assert f"地址 “{first.address}”" in found[0][0]
    assert [line[1] for line in found[2:]] == [row.number]


@pytest.mark.parametrize("width", [390, 1440])
def test_a_menu_in_the_head_of_a_panel_is_cut_off_nowhere(browser_page, town, live_server, width):  # noqa: F811
    enter_building(town)
    page = browser_page
    page.set_viewport_size({"width": width, "height": 844})
    open_desk(page, town, live_server, "shuji", "/desk/housing/safety/")
    # The panel of hazards is empty, so lower than the menu in its head.
    expect(page.get_by_text("没有未销的隐患")).to_be_visible()
    menu = page.locator(".panel__head details.exports").first
    menu.locator("summary").click()
    expect(menu.get_by_role("link", name="我的导出")).to_be_visible()
    assert menu.locator(".menu__sheet").evaluate(REACHED)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
