"""The menu of exports on a phone: whole on the screen wherever its button comes to stand, and the file comes."""

import pytest
from playwright.sync_api import expect

from linli.interfaces.desk.tests.test_exports import PAGES
from linli.programmes.publishing.tests import pages
from tests.login import log_in_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_the_menu_stays_on_the_screen_and_gives_the_file(world, live_server, browser_page, width):
    pages.begin(world, title="楼道清爽了")
    page = log_in_page(browser_page, world.users["zhiban"], live_server.url)
    page.set_viewport_size({"width": width, "height": 844})
    for code in ("articles", "releases", "civility_log", "mails", "aliases", "task_lists", "alliance_lists", "todos"):
        page.goto(PAGES.get(code, "/desk/alliance/lists/"))
        page.locator(".exports > summary").click()
        sheet = page.locator(".exports[open] > .menu__sheet")
        expect(sheet.get_by_role("link", name="我的导出")).to_be_in_viewport(ratio=1)
        box = sheet.bounding_box()
        assert box is not None
        assert box["x"] >= 0, code
        assert box["x"] + box["width"] <= width, code
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), code
    page.goto(PAGES["articles"])
    page.locator(".exports > summary").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="表格 CSV").click()
    assert taken.value.suggested_filename.endswith(".csv")
    assert "稿件" in taken.value.suggested_filename
