"""The wall as a screen and a phone show it, and what a screen shows when its data stops."""

from datetime import timedelta

import pytest

from linli.engines.cases import services as cases
from linli.engines.cases.types import Report
from linli.foundation.accounts import services
from linli.foundation.core import clock
from linli.foundation.core.actors import GUEST
from linli.foundation.rulebook import services as rulebook
from linli.interfaces.wall import figures
from tests.login import log_in_page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def quick(world):
    """Let the wall ask again after five seconds and go grey after ten: a test does not wait two minutes."""
    figures.forget()
    now = clock.now()
    for code, value in (("cases.wall.poll_seconds", 5), ("cases.wall.stale_seconds", 10)):
        rulebook.set_rule(
            by=world.actor("xitong", now), now=now, code=code, value=value, unit="秒", source="测试", mark="G",
            valid_from=now.date() - timedelta(days=1), why="测试",
        )  # fmt: skip
    yield world
    figures.forget()


def report(world, count):
    for n in range(count):
        cases.report(
            by=GUEST,
            now=clock.now(),
            report=Report(
                text=f"垃圾没人清 {n}", category="garbage", address="汇川路近华阳路", area_id=world.areas["陶家宅"].pk
            ),
        )


@pytest.fixture
def screen_page(browser, live_server):
    """A page whose console may complain: it loses its server."""
    context = browser.new_context(base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


@pytest.mark.slow
def test_a_screen_follows_the_day_and_goes_grey_when_its_data_stops(quick, screen_page):
    world, page = quick, screen_page
    report(world, 5)
    _row, token = services.create_screen(by=world.actor("xitong", clock.now()), now=clock.now(), name="大厅", days=3)
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"/wall/screen/{token}/")
    first = page.locator(".wall__big").first
    assert first.inner_text() == "5"
    assert page.locator(".wall a").count() == 0
    size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size[0] <= 1920
    assert size[1] <= 1080
    assert page.locator(".wall__stale").is_hidden()
    report(world, 2)
    page.wait_for_selector(".wall__figure:first-child .wall__big:text-is('7')")
    page.route("**/now/", lambda route: route.abort("connectionfailed"))
    page.wait_for_selector(".wall.is-stale .wall__stale")
    assert "没有更新" in page.locator(".wall__stale").inner_text()
    assert first.inner_text() == "7"
    page.unroute("**/now/")
    page.wait_for_selector(".wall:not(.is-stale)")


def test_a_leader_opens_a_figure_on_a_phone(world, live_server, browser_page):
    figures.forget()
    report(world, 1)
    page = log_in_page(browser_page, world.users["lingdao"], live_server.url)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/wall/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click(".wall__figure >> nth=1 >> a")
    page.wait_for_selector(".caserow")
    assert "垃圾没人清" in page.inner_text(".caserow")
