"""A ledger in a real browser: a house entered on a phone, drawn, gone through by keyboard, covered on the map."""

import pytest

from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Target
from linli.interfaces.desk.tests.test_browser import open_desk, town  # noqa: F401  the fixture

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LEDGERS = "/desk/fieldwork/ledgers/"


def test_a_house_is_entered_found_drawn_and_seen_on_the_map(town, live_server, browser_page, tmp_path, settings):  # noqa: F811
    settings.DATA = tmp_path
    services.load_shipped(now=town.now)
    page = browser_page
    page.set_viewport_size({"width": 390, "height": 844})
    open_desk(page, town, live_server, "shegong", LEDGERS)
    page.get_by_role("link", name="楼栋", exact=True).click()
    page.get_by_role("link", name="登记").first.click()
    page.fill("#f-name", "12号楼")
    page.fill("#f-address", "长宁路488弄12号")
    page.locator("#f-area").select_option(index=1)
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/ledgers/at/**")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    house = Target.objects.get(name="12号楼")
    page.get_by_role("link", name="楼栋图").click()
    page.fill("#grid-last", "5")
    page.get_by_role("button", name="生成").click()
    page.get_by_text("新增 25 个楼层和房屋。").wait_for()
    page.set_viewport_size({"width": 1440, "height": 900})
    first = page.locator(".house a.house__cell").first
    first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("502")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ledgers/at/**")
    page.get_by_role("heading", name="502 室").wait_for()
    page.goto(f"{LEDGERS}of/building/?q=488弄12")
    page.get_by_role("link", name="12号楼").wait_for()
    page.goto(f"{LEDGERS}coverage/?kind=building&days=90")
    page.wait_for_selector("[data-map][data-ready]", timeout=20_000)
    assert "0%" in page.locator(".map-label--cover").all_inner_texts().__str__()
    assert house.uuid
