"""A self-check from its start to its result in a real browser, and its result on a phone and on paper."""

import pytest

from linli.interfaces.desk.tests.test_browser import open_desk, town  # noqa: F401  the world at the real time
from linli.programmes.civility.models import Trial
from linli.programmes.civility.tests.scenes import lay_library, points, send, visits

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_self_check_is_started_looked_at_and_closed_with_its_answer(town, live_server, browser_page):  # noqa: F811
    page = browser_page
    lay_library(town)
    points(town, "toilet", 4)
    open_desk(page, town, live_server, who="zhiban", path="/desk/programmes/")
    page.get_by_role("link", name="文明创建").first.click()
    page.get_by_role("link", name="自查 居民区常态化自查整改").click()
    page.get_by_role("link", name="发起自查").click()
    page.fill("[name=title]", "公厕自查")
    page.select_option("[name=unit_id]", label="华阳路街道城市运行管理中心")
    page.get_by_label("公共厕所").check()
    page.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name="公厕自查").wait_for()
    page.get_by_text("还没有检查记录").wait_for()
    trial = Trial.objects.get()
    first, second, *_more = visits(trial)
    send(town, first, "toilet", {"toilet_access": "bad"})
    send(town, second, "toilet")
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    page.locator(".stat__value", has_text="87.5%").first.wait_for()
    assert page.locator(".sharebars").count() == 3
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="无障碍厕位可用，未被占用").first.click()
    page.get_by_text("陶家宅居民委员会").wait_for()
    page.goto(f"/desk/civility/tests/{trial.uuid}/")
    page.locator("#act-close summary").click()
    page.fill("#act-close [name=feedback]", "已反馈物业")
    page.fill("#act-close [name=result]", "扶手和厕位已恢复")
    page.locator("#act-close button.btn-primary").click()
    page.get_by_text("扶手和厕位已恢复").wait_for()
    page.emulate_media(media="print")
    page.goto(f"/desk/civility/tests/{trial.uuid}/print/")
    assert page.locator("text=自测，非官方测评").first.is_visible()
