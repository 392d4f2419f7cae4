"""The workbench in a real browser: by keyboard alone, in bulk, two people at once, on a phone."""

import io
import re

import openpyxl
import pytest
from playwright.sync_api import expect

from linli.engines.cases.models import Case
from linli.engines.cases.tests.letters import workbook
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


def letters_sheet():
    """Return a sheet of the message board: 20 letters of garbage in 陶家宅, 50 of lamps, one that cannot be read."""
    rows = [[n, f"A{n}", "陶家宅居民区垃圾没人清", "2019/2/28 11:25:05", f"第 {n} 处垃圾满了", 0, 1] for n in range(20)]
    rows += [[n, f"A{n}", "长宁路路灯不亮", "2019/3/1 9:05:05", f"第 {n} 盏灯坏了", 0, 0] for n in range(20, 70)]
    return workbook([*rows, [99, "A99", "坏时间", "昨天", "门口有垃圾", 0, 0]])


def import_letters(page, path):
    """Upload, check the columns, try, import to the end, take the sheet of what was refused."""
    page.goto("/desk/import/")
    page.set_input_files("input[type=file]", str(path))
    page.wait_for_selector(f".filebutton:has-text('{path.name}')")
    page.get_by_role("button", name="下一步：核对各列").click()
    page.get_by_role("button", name="试导入").click()
    page.get_by_text("可用 70 行，已有 0 行，需修改 1 行").wait_for()
    assert Case.objects.count() == 0
    page.get_by_role("button", name="导入 71 行").click()
    page.get_by_role("heading", name="导入完成").wait_for(timeout=60_000)  # goes on by itself, stretch by stretch
    assert Case.objects.count() == 70
    with page.expect_download() as download:
        page.get_by_role("link", name="下载待修改的表格").click()
    refused = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).worksheets[0]
    assert [refused.cell(2, n).value for n in (1, 4)] == ["99", "昨天"]
    page.get_by_role("link", name="查看案件").click()
    page.wait_for_load_state("networkidle")


def work_by_keyboard(page, many):
    """Dispatch the first ``many`` cases of the list with keys alone."""
    for _n in range(many):
        page.keyboard.press("j")
        number = page.evaluate("document.activeElement.closest('.caserow').dataset.id")
        page.keyboard.press("Enter")
        page.wait_for_selector(f"#detail .detail[data-number='{number}'] [data-key='d']")
        page.keyboard.press("d")
        page.wait_for_selector("dialog#act[open] form[data-act=dispatch]")
        page.keyboard.press("Control+Enter")
        page.wait_for_selector(f".caserow[data-id='{number}']:has-text('待签收')")
        page.wait_for_selector("dialog#act:not([open])", state="attached")


def keep_filter(page):
    """Narrow the list to the lamps, keep that under a name, come back to it by that name."""
    page.goto("/desk/")
    page.locator(".filters > summary").click()
    page.select_option("#filter-category", "street_lamp")
    page.get_by_role("button", name="应用筛选").click()
    page.locator(".said summary").click()
    page.fill("#filter-name", "灯")
    page.get_by_role("button", name="保存筛选").click()
    page.get_by_text("已保存筛选。").first.wait_for()
    page.goto("/desk/")
    page.locator("#bench-note .boxes > summary").click()
    page.locator("#bench-note").get_by_role("link", name="灯").click()
    page.wait_for_url("**category=street_lamp*")


def test_letters_are_imported_twenty_worked_by_keyboard_fifty_dispatched_at_once_and_undone(
    town, live_server, browser_page, tmp_path, settings
):
    """From a sheet of the message board to work at the desk: one dispatcher, one sitting."""
    settings.DATA = tmp_path
    page, sheet = browser_page, tmp_path / "messages.xlsx"
    sheet.write_bytes(letters_sheet())
    open_desk(page, town, live_server)
    import_letters(page, sheet)
    work_by_keyboard(page, 20)
    worked = Case.objects.filter(state="to_sign")
    assert (worked.count(), set(worked.values_list("category__code", flat=True))) == (20, {"garbage"})
    keep_filter(page)
    page.locator(".bench__title [data-select-mode]").click()
    page.locator(".caserow__check input").first.check()
    page.locator(".caserow__check input").last.click(modifiers=["Shift"])
    page.wait_for_selector("text=已选 50 件")
    page.get_by_role("button", name="批量派遣").click()
    page.wait_for_selector("text=可派遣 50 件")
    page.get_by_role("button", name="派遣 50 件").click()
    page.wait_for_selector("text=已派遣 50 件", timeout=60_000)
    assert Case.objects.filter(state="to_sign").count() == 70
    page.get_by_role("button", name="撤销这次派遣").click()
    page.wait_for_selector("text=已撤回 50 件", timeout=60_000)
    assert Case.objects.filter(state="to_dispatch", category__code="street_lamp").count() == 50
    assert worked.count() == 20


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


def test_on_a_phone_the_list_is_taken_out_from_beside_its_filters(browser_page, town, reported, live_server):
    page, case = browser_page, reported(now=town.now)
    page.set_viewport_size({"width": 390, "height": 844})
    open_desk(page, town, live_server)
    menu = page.locator(".bench__head .exports")
    expect(menu.locator("summary")).to_be_visible()
    menu.locator("summary").click()
    offered = menu.get_by_role("button", name="表格 CSV")
    expect(offered).to_be_visible()
    box = offered.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    with page.expect_download() as download:
        offered.click()
    assert case.number in download.value.path().read_text(encoding="utf-8-sig")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_a_phone_the_open_tab_of_a_long_row_is_in_sight(browser_page, town, live_server):
    page = browser_page
    page.set_viewport_size({"width": 390, "height": 844})
    open_desk(page, town, live_server, who="zhiban")
    last = page.locator(".tabs").first.locator(".tabs__tab").last
    before = last.bounding_box()
    assert before["x"] + before["width"] > 390
    page.goto(
        last.get_attribute("href") if "/" in last.get_attribute("href") else f"/desk/{last.get_attribute('href')}"
    )
    open_tab = page.locator(".tabs__tab[aria-current]").first
    box = open_tab.bounding_box()
    assert 0 <= box["x"] <= 390 - box["width"] < before["x"] + before["width"]
    assert page.evaluate("[scrollX, scrollY]") == [0, 0]
