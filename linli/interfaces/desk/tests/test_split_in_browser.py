"""A report of three matters, from the split to the one answer that its reporter reads."""

import pytest

from linli.engines.cases import services
from linli.engines.cases.models import Case
from linli.engines.cases.workflow import Outcome
from linli.foundation.core import clock
from linli.foundation.jobs import services as jobs
from linli.interfaces.desk.tests.help import fresh, make_case
from tests.login import log_in_page

pytestmark = pytest.mark.django_db(transaction=True)


def end(world, part, text):
    """Take a part to its end."""
    now, paidan, unit = clock.now(), world.actor("paidan"), world.actor("chengguan")
    if part.state == "reported":
        services.dispatch(by=paidan, now=now, case=part, unit_id=world.units["enforcement"].pk)
    services.sign(by=unit, now=now, case=part)
    services.hand_in(by=unit, now=now, case=part, text=text, outcome=Outcome.EXPLAINED)
    services.check(by=world.actor("jiandu"), now=now, case=part, passed=True)
    services.reply(by=paidan, now=now, case=part, way="phone", text=text)
    services.close(by=paidan, now=now, case=part)
    jobs.drain(now=clock.now())


def test_three_matters_are_split_and_answered_in_one(world, live_server, browser_page):
    case = make_case(world, text="楼道堆物，楼下乱停车，垃圾也没人清")
    page = log_in_page(browser_page, world.users["paidan"], live_server.url)
    page.goto(f"/desk/cases/{case.number}/")
    page.click(".detail__actions .menu > summary")
    page.click(".menu__item[data-verb=split]")
    page.wait_for_url("**/split/")
    page.click("[data-more=part]")
    parts = page.locator("[data-part]")
    assert parts.count() == 3
    kinds = ("corridor_clutter", "car_parking", "garbage")
    for i, (words, kind) in enumerate(zip(("楼道堆物", "楼下乱停车", "垃圾没人清"), kinds, strict=True)):
        parts.nth(i).locator("[name=part_text]").fill(words)
        parts.nth(i).locator("[name=part_category]").select_option(kind)
    parts.nth(0).locator("[name=part_unit]").select_option(str(world.units["enforcement"].pk))
    page.fill("#reason", "一件反映三事")
    page.click("form[data-keep=split] button.btn-primary")
    page.wait_for_selector("text=3 件，已办结 0 件")
    found = list(Case.objects.filter(split_from=case).order_by("id"))
    assert [p.state for p in found] == ["to_sign", "reported", "reported"]
    for part, text in zip(found, ("楼道已清", "车已挪走", "垃圾已运走"), strict=True):
        end(world, fresh(part.number), text)
    page.goto(f"/desk/cases/{case.number}/")
    page.click(".detail__actions [data-verb=reply]")
    page.wait_for_selector("#act-body textarea[name=text]")
    draft = page.input_value("#act-body textarea[name=text]")
    assert all(words in draft for words in ("楼道已清", "车已挪走", "垃圾已运走"))
    with page.expect_response(lambda answer: "/act/reply/" in answer.url and answer.request.method == "POST"):
        page.click("#act-body button.btn-primary")
    page.wait_for_selector(".detail__actions [data-verb=close]")
    code = services.new_code(by=world.actor("paidan"), now=clock.now(), case=fresh(case.number)).tracking_code
    page.context.clear_cookies()
    page.goto("/track/")
    page.fill("[name=code]", code)
    page.click("main button.btn-primary")
    page.wait_for_selector("text=您反映的几件事")
    assert "垃圾已运走" in page.inner_text("main")
