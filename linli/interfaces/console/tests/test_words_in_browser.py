"""The main story in a real Chromium: a category is made, looked at on a phone, published, used, and changed."""

import pytest

from linli.engines.cases.models import Case, CategoryVersion
from linli.interfaces.portal import committee
from linli.interfaces.web.tests.test_pages_in_browser import audit
from tests.login import log_in_page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(world, browser_page, live_server):
    """The system administrator at a desk."""
    committee.forget()
    browser_page.set_viewport_size({"width": 1280, "height": 900})
    yield log_in_page(browser_page, world.users["xitong"], live_server.url)
    committee.forget()


def add_question(page, label, kind, choices=""):
    page.click("text=加一个问题")
    page.fill("[name=label]", label)
    assert not page.locator("[name=choices]").is_visible()
    page.select_option("[name=type]", kind)
    if choices:
        page.fill("[name=choices]", choices)
    page.locator("[name=required]").check()
    page.click("text=保存到草稿")
    page.wait_for_selector(f"text={label}")


def publish(page, reason):
    page.click("text=查看差别并发布")
    page.fill("[name=reason]", reason)
    page.locator("main button", has_text="发布").click()
    page.wait_for_selector("text=版已发布")


def report(browser, live_server, answers):
    """Report as a resident on a phone would; return the page at its end."""
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    phone = context.new_page()
    phone.set_default_timeout(30_000)
    phone.goto("/report/?kind=wet_bins")
    phone.fill("textarea[name=text]", "湿垃圾桶满了没人收")
    for name, value in answers.items():
        phone.locator(f"[name={name}][value={value}]").check() if value in {"yes", "no", "c1", "c2"} else phone.fill(
            f"[name={name}]", value
        )
    phone.fill("input[name=address]", "长宁路488弄门口")
    phone.click("text=下一步：核对并提交")
    phone.locator(".btn-primary", has_text="提交").click()
    phone.wait_for_selector(".receipt__code")
    context.close()


def test_a_category_is_made_previewed_published_used_and_changed(desk, browser, live_server):
    desk.goto("/console/categories/")
    desk.click("text=新建分类")
    desk.select_option("[name=parent]", "appearance")
    desk.fill("[name=name]", "湿垃圾桶满溢")
    desk.fill("[name=resident_name]", "湿垃圾桶满了")
    desk.fill("[name=code]", "wet_bins")
    desk.click("text=建立草稿")
    desk.fill("[name=words]", "湿垃圾、泔水")
    desk.locator("[name=flags][value=public_space]").check()
    desk.fill("[name=evidence_after]", "1")
    desk.click("text=保存草稿")
    desk.wait_for_selector("text=要求拍照必须写明理由")
    desk.fill("[name=why_after]", "证明桶已清空")
    desk.click("text=保存草稿")
    desk.wait_for_selector("text=草稿已保存")
    assert audit(desk) == []
    desk.locator("main a.btn", has_text="提问").click()
    add_question(desk, "有异味吗？", "yes_no")
    add_question(desk, "是哪种桶？", "choice", "厨余桶｜Food waste\n其他桶")
    assert audit(desk) == []
    desk.click("text=在手机上预览")
    frame = desk.frame_locator("iframe.phone")
    frame.locator("text=预览，不会提交").wait_for()
    assert desk.locator("iframe.phone").bounding_box()["width"] == 390
    frame.locator("text=有异味吗？").wait_for()
    frame.locator("textarea[name=text]").fill("桶满了")
    frame.locator("text=下一步：核对并提交").click()
    frame.locator("text=请回答这个问题").first.wait_for()
    frame.locator("[name=q_q1][value=yes]").check()
    frame.locator("[name=q_q2][value=c1]").check()
    frame.locator("textarea[name=text]").fill("桶满了")
    frame.locator("text=下一步：核对并提交").click()
    frame.get_by_role("button", name="提交", exact=True).click()  # not the one of the page before, which says more
    frame.locator("text=预览没有保存任何内容").wait_for()
    desk.click("text=英文")
    desk.frame_locator("iframe.phone").locator("text=Food waste").wait_for()
    desk.click("nav >> text=长辈版")
    desk.frame_locator("iframe.phone").locator("html[data-mode=elder]").wait_for()
    assert not Case.objects.exists()
    publish(desk, "试点小区要分开收")
    report(browser, live_server, {"q_q1": "yes", "q_q2": "c1"})
    desk.click("main a:has-text('提问')")
    desk.locator("button[aria-label='删除“有异味吗？”']").click()
    desk.wait_for_selector("text=下面是草稿")
    add_question(desk, "几个桶？", "integer")
    publish(desk, "改问数量")
    assert CategoryVersion.objects.filter(category__code="wet_bins").count() == 2
    report(browser, live_server, {"q_q2": "c2", "q_q3": "4"})
    old, new = Case.objects.order_by("id")
    assert (old.category_version.number, old.answers) == (1, {"q1": True, "q2": "c1"})
    assert (new.category_version.number, new.answers) == (2, {"q2": "c2", "q3": 4})
