"""The workbench in a real browser: by keyboard alone, in bulk, two people at once, on a phone."""

import re

import pytest

from linli.engines.cases.models import Case
from linli.foundation.core import clock
from tests.login import log_in_page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db, world, reported, monkeypatch):
    """The world at the real time: the server runs in a thread of its own, whose clock is not frozen."""
    monkeypatch.setattr(world, "now", clock.now())
    return world


def quiet(page):
    page.route(re.compile(r"/desk/(notifications|files)/"), lambda route: route.fulfill(status=204, body=""))


def open_desk(page, town, live_server, who="paidan", path="/desk/"):
    quiet(page)
    log_in_page(page, town.users[who], live_server.url)
    page.goto(path)
    page.wait_for_load_state("networkidle")


def test_twenty_cases_by_keyboard_alone(town, reported, live_server, browser_page):
    page = browser_page
    for n in range(20):
        reported(text=f"垃圾没人清 {n}", now=town.now)
    open_desk(page, town, live_server)
    for _n in range(20):
        page.keyboard.press("j")
        number = page.evaluate("document.activeElement.closest('.caserow').dataset.id")
        page.keyboard.press("Enter")
        page.wait_for_selector(f"#detail .detail[data-number='{number}'] [data-key='d']")
        page.keyboard.press("d")
        page.wait_for_selector("dialog#act[open] form[data-act=dispatch]")
        page.keyboard.press("Control+Enter")
        page.wait_for_selector(f".caserow[data-id='{number}']:has-text('待签收')")
        page.wait_for_selector("dialog#act:not([open])", state="attached")
    assert Case.objects.filter(state="to_sign").count() == 20


def test_filter_search_and_pill(town, reported, live_server, browser_page):
    page = browser_page
    lamp, tree = reported(text="路灯坏了", now=town.now), reported(text="大树倒了", now=town.now)
    open_desk(page, town, live_server)
    page.keyboard.press("/")
    page.keyboard.type("路灯")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    assert page.locator(f".caserow[data-id='{lamp.number}']").count() == 1
    assert page.locator(f".caserow[data-id='{tree.number}']").count() == 0
    page.locator(".filters > summary").click()
    page.select_option("#filter-level", "difficult")
    page.get_by_role("button", name="应用筛选").click()
    page.wait_for_selector("text=没有符合条件的案件")


def test_bulk_dispatch_of_fifty_and_undo(town, reported, live_server, browser_page):
    page = browser_page
    for n in range(50):
        reported(text=f"垃圾没人清 {n}", now=town.now)
    open_desk(page, town, live_server)
    page.locator(".bench__title [data-select-mode]").click()
    page.locator(".caserow__check input").first.check()
    page.locator(".caserow__check input").last.click(modifiers=["Shift"])
    page.wait_for_selector("text=已选 50 件")
    page.get_by_role("button", name="批量派遣").click()
    page.wait_for_selector("text=可派遣 50 件")
    page.get_by_role("button", name="派遣 50 件").click()
    page.wait_for_selector("text=已派遣 50 件", timeout=60_000)
    assert Case.objects.filter(state="to_sign").count() == 50
    page.get_by_role("button", name="撤销这次派遣").click()
    page.wait_for_selector("text=已撤回 50 件", timeout=60_000)
    assert Case.objects.filter(state="to_dispatch").count() == 50


def test_two_people_at_once(town, reported, live_server, browser_page):
    from linli.engines.cases import services

    page = browser_page
    case = reported("to_dispatch", now=town.now)
    open_desk(page, town, live_server, path=f"/desk/cases/{case.number}/")
    page.wait_for_selector(f"#rows .caserow[data-id='{case.number}']")
    page.keyboard.press("d")
    page.wait_for_selector("dialog#act[open]")
    page.fill("dialog#act textarea[name=reason]", "我写的理由")
    services.correct(
        by=town.actor("paidan2"),
        now=clock.now(),
        case=Case.objects.get(pk=case.pk),
        reason="更正",
        changes={"title": "另一个标题"},
    )
    page.locator("dialog#act [data-submit]").click()
    page.wait_for_selector("dialog#act:has-text('刚刚被他人处理过')")
    assert page.input_value("dialog#act textarea[name=reason]") == "我写的理由"
    page.locator("dialog#act [data-submit]").click()
    page.wait_for_selector("#detail:has-text('待签收')")
    page.wait_for_selector(".toast:has-text('已完成')")


def test_detail_on_a_phone(town, reported, live_server, browser_page):
    page = browser_page
    case = reported("handling", now=town.now)
    page.set_viewport_size({"width": 390, "height": 844})
    open_desk(page, town, live_server, who="chengguan")
    page.locator(f".caserow[data-id='{case.number}'] a").click()
    page.wait_for_selector("#detail .detail__title")
    assert not page.locator(".bench__list").is_visible()
    box = page.locator(".detail__actions").bounding_box()
    assert box["y"] + box["height"] == pytest.approx(844, abs=2)
    page.locator(".detail__actions a", has_text="提交处置结果").click()
    page.wait_for_selector("dialog#act[open]")
    page.check("dialog#act input[value=explained]", force=True)
    page.get_by_role("button", name="已向居民解释说明。").click()
    page.locator("dialog#act [data-submit]").click()
    page.wait_for_selector("#detail:has-text('待核查')")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".detail__back a").click()
    assert page.locator(".bench__list").is_visible()


def test_without_scripts_an_act_is_a_plain_page(town, reported, live_server, browser):
    case = reported(now=town.now)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    log_in_page(page, town.users["paidan"], live_server.url)
    page.goto(f"/desk/cases/{case.number}/")
    page.locator("a[data-verb=accept]").click()
    page.get_by_role("button", name="确认受理").click()
    assert "已完成：受理" in page.content()
    context.close()
