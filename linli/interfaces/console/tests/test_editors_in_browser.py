"""Rules, routing and calendar as an administrator uses them: one story each, in a real browser."""

import pytest

from linli.engines.cases import services as cases
from linli.engines.cases.models import Case
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.types import Report
from linli.foundation.core import clock
from linli.foundation.core.actors import GUEST
from linli.foundation.rulebook import selectors as rulebook
from linli.interfaces.console.tests.test_calendar import TEXT
from tests.login import log_in_page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(transactional_db, world, browser_page, live_server, monkeypatch):
    """The administrator's browser at the real time: the server runs in a thread of its own."""
    monkeypatch.setattr(world, "now", clock.now())
    log_in_page(browser_page, world.users["xitong"], live_server.url)
    return browser_page


def report(world, category="garbage"):
    made = Report(text="门口有垃圾", category=category, area_id=world.areas["陶家宅"].pk)
    return Case.objects.get(pk=cases.report(by=GUEST, now=clock.now(), report=made, dispatch=True).case_id)


def test_routing_is_changed_tried_on_an_address_and_on_the_year_and_put_in_force(page, world):
    former = report(world)
    page.goto("/console/routing/")
    page.get_by_role("link", name="新增规则").click()
    page.get_by_label("规则名称").fill("垃圾交房管")
    page.get_by_text("市容环境").click()
    page.get_by_label("暴露垃圾").check()
    page.get_by_label("主办单位").select_option("kind:housing")
    page.get_by_role("button", name="保存到草稿").click()
    rule = page.locator(".ruleline", has_text="垃圾交房管")
    assert "已包含本规则的全部情形" in rule.inner_text()  # behind 物业服务交物业 it would never be reached
    rule.get_by_label("更多：垃圾交房管").click()
    rule.get_by_label("移到第几条").fill("1")
    rule.get_by_role("button", name="移动", exact=True).press("Enter")
    page.locator(".ruleline").first.get_by_text("垃圾交房管").wait_for()

    page.get_by_role("link", name="测试一个地址").click()
    page.get_by_label("分类").select_option(label="暴露垃圾")
    page.get_by_label("或选居民区").select_option(label="陶家宅居民区")
    page.get_by_role("button", name="看派给谁").click()
    page.get_by_text("主办：房管办").wait_for()

    page.goto("/console/routing/")
    page.get_by_role("link", name="在过去一年的案件上试运行").click()
    page.get_by_role("button", name="开始试运行").click()
    page.get_by_text("去向不变").wait_for()  # goes on by itself, stretch by stretch
    page.get_by_role("link", name="1", exact=True).click()
    page.get_by_text(former.number).wait_for()
    assert "门口有垃圾" not in page.content()

    page.goto("/console/routing/")
    page.get_by_label("调整原因").fill("垃圾改由房管承办")
    page.get_by_role("button", name="启用", exact=True).click()
    page.get_by_text("第 2 版派遣规则已启用").wait_for()
    assert Case.objects.get(pk=former.pk).unit_id == former.unit_id
    assert report(world).unit_id == world.units["housing"].pk
    assert catalogue.routing_rules()[0].name == "垃圾交房管"


def test_a_limit_is_found_understood_previewed_and_changed(page, world):
    page.goto("/console/")
    page.get_by_role("link", name="规则库").click()
    page.get_by_label("查找规则").fill("cases.clock.accept")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="受理时限").click()
    page.get_by_text("未经核实的默认值：").wait_for()
    page.get_by_role("link", name="录入新的值").click()
    page.get_by_label("新的时限").fill("1")
    page.get_by_label("出处", exact=True).fill("街道办公会纪要")
    page.get_by_label("修改原因").fill("加快受理")
    page.get_by_role("button", name="预览影响").click()
    page.get_by_text("2 个工作小时 → 1 个工作小时").wait_for()
    page.get_by_role("button", name="确认录入").click()
    page.get_by_text("尚未开始").wait_for()
    page.get_by_text("撤回", exact=True).click()
    page.get_by_label("撤回原因").fill("会议未通过")
    page.get_by_role("button", name="确认撤回").click()
    page.get_by_text("已撤回，原来的值继续有效").wait_for()
    assert len(rulebook.history("cases.clock.accept")) == 1


def test_a_notice_with_a_fault_is_mended_and_entered(page):
    page.goto("/console/calendar/?year=2027")
    page.get_by_text("2027 年的放假安排还没有录入").wait_for()
    page.get_by_role("link", name="录入放假通知").click()
    page.get_by_label("年份").fill("2027")
    page.get_by_label("文号或网址").fill("测试用通知")
    page.get_by_label("通知全文").fill(TEXT.replace("2月14日（周日）", "2月14日（周六）"))
    page.get_by_role("button", name="读出并核对").click()
    page.get_by_text("2027-02-14 写作周六，实为周日").wait_for()
    page.get_by_label("通知全文").fill(TEXT)
    page.get_by_role("button", name="读出并核对").click()
    page.get_by_role("button", name="确认录入").click()
    page.get_by_text("2027 年放假安排已录入").wait_for()
    assert 2027 in rulebook.working_calendar().years
