"""The designer in a real Chromium: a form is designed, filled on the phone beside it, published, taken out and in."""

import pytest

from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.forms import selectors, services
from linli.interfaces.web.tests.test_pages_in_browser import audit
from tests.login import log_in_page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def console(world, browser_page, live_server):
    """The system administrator at a desk."""
    browser_page.set_viewport_size({"width": 1440, "height": 900})
    return log_in_page(browser_page, world.users["xitong"], live_server.url)


def add(page, kind, label, code):
    """Add a question of a kind and word it."""
    page.locator(".designer__tools summary").click()
    page.locator(f".addmenu button[value={kind}]").click()
    page.wait_for_selector("[name=label]")
    page.locator("[name=label]").fill(label)
    page.locator("summary", has_text="名称与英文").click()
    page.locator("[name=code]").fill(code)


def save(page):
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=已保存到草稿。")


def phone(page):
    return page.locator(".phonecol__frame")


def begin(page):
    page.goto("/console/forms/new/")
    page.fill("[name=title]", "门责检查")
    page.fill("[name=code]", "front_duty")
    page.select_option("[name=kind]", "patrol")
    page.get_by_role("button", name="新建并设计").click()
    page.wait_for_selector("text=点“添加”，从第一题开始。")


def test_a_form_is_designed_filled_published_and_taken_out_and_in(console, tmp_path):
    page = console
    begin(page)
    add(page, "yes_no", "门前干净吗", "clean")
    page.select_option("[name=required]", "yes")
    save(page)
    add(page, "text", "哪里不干净", "where")
    page.select_option("[name=when]", label="“门前干净吗”答“否”时")
    page.fill("[name=constraint]", "string-length(.) >= ")
    page.locator("summary", has_text="可以用的名称").click()
    page.fill("[name=constraint_message]", "请写得具体一点。")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=缺少内容")
    assert page.input_value("[name=label]") == "哪里不干净"
    page.fill("[name=constraint]", "string-length(.) >= 4")
    save(page)

    shown = phone(page)
    assert not shown.get_by_label("哪里不干净").is_visible()
    page.get_by_role("button", name="检查填写").click()
    shown.get_by_text("有 1 处需要修改").wait_for()
    shown.get_by_text("否", exact=True).click()
    shown.get_by_label("哪里不干净").fill("门口")
    shown.get_by_label("哪里不干净").blur()
    shown.locator(".fq").get_by_text("请写得具体一点。").wait_for()
    shown.get_by_label("哪里不干净").fill("门口有油污")
    page.get_by_role("button", name="检查填写").click()
    page.get_by_text("填写符合要求。").wait_for()

    page.locator("a.outline__line", has_text="哪里不干净").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.locator(".outline__item:first-child", has_text="哪里不干净").wait_for()
    page.locator("[data-path=clean]").drag_to(page.locator("[data-path=where]"), target_position={"x": 20, "y": 4})
    page.locator(".outline__item:first-child", has_text="门前干净吗").wait_for()
    assert [i.code for i in selectors.form_of(selectors.versions_of("front_duty")[0]).items] == ["clean", "where"]
    audit(page)

    page.get_by_role("link", name="查看差别并发布").click()
    page.locator("main button", has_text="发布").click()
    page.wait_for_selector("text=已发布第 1 版。")
    with page.expect_download() as download:
        page.get_by_role("link", name=".xlsx", exact=True).click()
    path = tmp_path / "out.xlsx"
    download.value.save_as(path)
    page.goto("/console/forms/import/")
    page.set_input_files("input[type=file]", str(path))
    page.fill("[name=code]", "front_again")
    page.get_by_role("button", name="检查并导入").click()
    page.wait_for_selector("text=已导入为草稿")
    assert selectors.form_of(selectors.versions_of("front_again")[0]).items == selectors.whole_form("front_duty").items
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/console/forms/front_duty/")
    page.wait_for_selector(".filling__bar")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_ready_form_is_filled_with_every_kind_of_question(console, world):
    """Repeats, pictures with the last one over them, a signature, marks: what is answered is what the server takes."""
    services.adopt_forms(by=SYSTEM, now=clock.now(), codes=["visit_condolence", "lane_survey"])
    page = console
    page.goto("/console/forms/visit_condolence/")
    shown = phone(page)
    shown.get_by_text("重阳", exact=True).click()
    shown.get_by_text("家人代领").click()
    shown.get_by_label("代领人与本人的关系").fill("女儿")
    shown.get_by_label("慰问金（元）").fill("500")
    shown.get_by_label("品名").fill("牛奶")
    shown.get_by_role("button", name="添加慰问品").click()
    assert shown.get_by_label("品名").count() == 2
    shown.get_by_role("button", name="删除慰问品 第 2 项").click()
    shown.get_by_role("button", name="撤销").click()
    shown.get_by_role("button", name="删除慰问品 第 2 项").click()
    canvas = shown.locator(".fq__canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 90, steps=4)
    page.mouse.up()
    shown.locator(".fq__signed:not([hidden])").wait_for()
    page.get_by_role("button", name="检查填写").click()
    page.get_by_text("填写符合要求。").wait_for()
