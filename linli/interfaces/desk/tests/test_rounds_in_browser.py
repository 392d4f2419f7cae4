"""One round in a real browser: planned, given out, filled, reviewed by keyboard, followed to the re-check."""

import re
from datetime import timedelta

import pytest

from linli.engines.cases.models import Case
from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Finding, Round, Submission, Visit
from linli.engines.fieldwork.tests.sent import scene
from linli.engines.fieldwork.types import Packet
from linli.foundation.core import clock
from linli.foundation.core.ids import uuid7
from linli.interfaces.desk.tests.test_browser import open_desk, town  # noqa: F401  the fixture

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def plan_it(page, world):
    """Plan a round of all shops in the browser: how many match is shown while it is typed."""
    page.goto("/desk/fieldwork/rounds/new/")
    page.fill("#p-title", "沿街门店联合检查")
    page.select_option("#p-form", "shop_check")
    page.select_option("#p-unit", str(world.units["enforcement"].pk))
    page.select_option("#p-kind", "shop")
    page.wait_for_selector("#look .plan__count:has-text('3')")
    page.get_by_text("记录须审核后才算数").click()
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="开始").click()
    page.get_by_text("已开始，生成 3 次走访").first.wait_for()
    return Round.objects.latest("pk")


def give_it(page, world, round_):
    page.get_by_role("link", name="安排人员").click()
    for box in page.locator("input[name=visit]").all():
        box.check()
    page.select_option("#a-user", str(world.users["chengguan"].pk))
    page.get_by_role("button", name="安排所选").click()
    page.get_by_text("已安排 3 次走访").first.wait_for()
    assert Visit.objects.filter(round=round_, user=world.users["chengguan"]).count() == 3


def send(world, visit, answers, files=None, after=timedelta()):
    """Send a record as the phone does."""
    packet = Packet(
        uuid=uuid7(), form="shop_check", version=1, answers=answers, made_at=clock.now() + after, visit=visit.uuid,
        files=files or {},
    )  # fmt: skip
    return services.submit(by=world.actor("chengguan"), now=clock.now() + after, packet=packet)


def review_it(page):
    """Accept both records by keyboard, one after the other."""
    page.goto("/desk/fieldwork/review/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("j")
    page.wait_for_url("**at=*")
    page.keyboard.press("k")
    page.wait_for_load_state("networkidle")
    for _n in range(2):
        page.keyboard.press("Enter")
        page.get_by_text("的记录已通过").first.wait_for()
        page.wait_for_load_state("networkidle")
    page.get_by_text("没有待审核的记录").wait_for()


def fill_it(page, world, live_server, visit):
    """Enter the third record at the desk as who went, from paper."""
    open_desk(page, world, live_server, who="chengguan", path=f"/desk/fieldwork/visits/{visit.uuid}/")
    page.get_by_role("link", name="填写记录").click()
    page.wait_for_selector("[data-fill-here] .fq, [data-fill-here] input")
    page.get_by_role("button", name="提交").click()
    page.wait_for_selector("[data-fill-here] :text('请回答这个问题')")
    page.locator("[data-fill-here] label:has-text('合格')").first.click()
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/records/**")


def test_from_the_plan_to_the_re_check_on_the_board(town, live_server, browser_page, tmp_path, settings):  # noqa: F811
    settings.DATA = tmp_path
    page, world = browser_page, town
    s = scene(world)
    open_desk(page, world, live_server, who="zhongdui", path="/desk/fieldwork/")
    round_ = plan_it(page, world)
    give_it(page, world, round_)
    visits = list(Visit.objects.filter(round=round_).order_by("pk"))
    send(world, visits[0], {"order": {"goods": "good"}, "wires": True}, {"shot": [s.photo()]})
    send(world, visits[1], {"order": {"goods": "good"}})
    review_it(page)
    finding = Finding.objects.get(round=round_)
    page.goto(f"/desk/fieldwork/findings/{finding.uuid}/")
    case = Case.objects.get(uuid=str(finding.case_uuid))
    page.get_by_role("link", name=case.number).first.wait_for()
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=clock.now(), outcome="solved")
    services.follow_case(now=clock.now(), case_uuid=case.uuid)
    finding.refresh_from_db()
    later = timedelta(minutes=1)
    send(world, finding.recheck, {"order": {"goods": "good"}, "wires": False}, after=later)
    services.accept(by=world.actor("zhongdui"), now=clock.now() + later, submission=Submission.objects.latest("pk"))
    page.reload()
    page.locator(".chain__link.is-done:has-text('销项')").wait_for()
    page.goto(f"/desk/fieldwork/rounds/{round_.uuid}/")
    page.locator(".stat:has-text('已销项') .stat__value:has-text('1')").wait_for()
    fill_it(page, world, live_server, visits[2])
    assert Submission.objects.filter(visit=visits[2]).count() == 1
    open_desk(page, world, live_server, who="zhongdui", path=f"/desk/fieldwork/rounds/{round_.uuid}/")
    assert re.search(r"4/4", page.inner_text("main"))
