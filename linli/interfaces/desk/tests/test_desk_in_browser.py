import re
import time

import pytest
from playwright.sync_api import expect

from linli.engines.cases import services
from linli.engines.cases.models import Case
from linli.foundation.core import clock
from linli.foundation.jobs import services as jobs
from linli.interfaces.desk.tests.help import fresh, handled, make_case
from tests.login import log_in_page

pytestmark = pytest.mark.django_db(transaction=True)


def focused(page):
    return page.evaluate(
        "(document.activeElement.name || '') + '=' + (document.activeElement.value || '').slice(0, 20)"
    )


def tab_to(page, name, most=20):
    for _i in range(most):
        page.keyboard.press("Tab")
        if focused(page).startswith(f"{name}="):
            return
    pytest.fail(f"{name} is not reached by Tab; the focus is on {focused(page)}")


def test_a_telephone_call_is_taken_in_by_keyboard_alone_within_a_minute(world, live_server, browser_page):
    page = log_in_page(browser_page, world.users["paidan"], live_server.url)
    page.goto("/desk/new/")
    begun = time.monotonic()
    page.keyboard.type("楼道里堆满了杂物，走不过去", delay=20)
    page.wait_for_selector("[name=pick][value=corridor_clutter]:checked")
    tab_to(page, "address")
    page.keyboard.type("陶家宅", delay=20)
    page.wait_for_selector("#spots [name=place], #spots .quiet")
    tab_to(page, "name")
    page.keyboard.type("王阿姨")
    tab_to(page, "phone")
    page.keyboard.type("13812345678")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#code")
    assert time.monotonic() - begun < 60
    case = Case.objects.get()
    assert (case.category.code, case.source, case.reported_by) == ("corridor_clutter", "phone", world.users["paidan"])
    assert case.number in page.inner_text(".receipt")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/desk/new/$"))
    assert focused(page).startswith("text=")


class Keys:
    """A keyboard that counts: what is typed in words, and every other key."""

    def __init__(self, page):
        self.page, self.typed, self.pressed = page, 0, 0

    def type(self, words):
        self.typed += len(words)
        self.page.keyboard.type(words)

    def press(self, key):
        self.pressed += 1
        self.page.keyboard.press(key)

    def tab_to(self, name, most=12):
        for _i in range(most):
            self.press("Tab")
            if focused(self.page).startswith(f"{name}="):
                return
        pytest.fail(f"{name} is not reached by Tab; the focus is on {focused(self.page)}")


def test_the_place_of_a_call_is_chosen_from_its_words_by_keyboard(world, live_server, browser_page):
    page = log_in_page(browser_page, world.users["paidan"], live_server.url)
    page.goto("/desk/new/")
    page.wait_for_selector("form[data-send][data-desk]")
    keys = Keys(page)
    keys.type("陶家宅小区和飞乐公寓之间的围墙倒了")
    expect(page.locator("#heard")).to_contain_text("描述里的地点是哪一处")
    expect(page.locator("#heard label")).to_have_count(2)
    keys.tab_to("heard")
    keys.press("ArrowDown")
    expect(page.locator("#heard label:has-text('飞乐居民区') input")).to_be_checked()
    expect(page.locator("#heard label:has-text('不采用')")).to_have_count(1)
    assert focused(page).startswith("heard="), "choosing keeps the focus where it is"
    keys.press("Control+Enter")
    page.wait_for_url(re.compile("/desk/new/done/"))
    case = Case.objects.get()
    assert case.area_path.startswith(world.areas["飞乐"].path)
    assert case.address == "华阳路307弄"
    assert keys.pressed <= 12, "beside what is said"


def test_a_call_joins_the_earlier_case_by_one_key_and_nothing_typed_is_lost(world, reported, live_server, browser_page):
    estate = {"address": "安西路789弄", "area_id": world.areas["陶家宅"].pk}
    earlier = reported(text="垃圾房满了没人清", now=clock.now(), **estate)
    page = log_in_page(browser_page, world.users["paidan"], live_server.url)
    page.goto("/desk/new/")
    page.wait_for_selector("form[data-send][data-desk]")
    keys = Keys(page)
    keys.type("陶家宅小区垃圾房又满了没人清")
    joins = page.locator(f"#aside button[value='join:{earlier.number}']")
    expect(joins).to_have_attribute("data-hotkey", "F2")
    services.void(by=world.actor("zhiban"), now=clock.now(), case=earlier, reason="误报")
    second = reported(text="垃圾房满了没人清，味道大", now=clock.now(), **estate)
    keys.press("F2")
    expect(page.locator(".notice--danger[role=alert]").first).to_contain_text("已经办结")
    assert page.input_value("#text") == "陶家宅小区垃圾房又满了没人清"
    page.wait_for_selector("form[data-send][data-desk]")
    page.focus("#text")
    expect(page.locator(f"#aside button[value='join:{second.number}']")).to_have_attribute("data-hotkey", "F2")
    keys.press("F2")
    page.wait_for_url(re.compile(rf"/desk/new/done/{second.number}/"))
    expect(page.locator(".notice--done")).to_contain_text("共 2 人反映")
    page.wait_for_selector("#code")
    assert Case.objects.count() == 2, "no third case"
    assert fresh(second.number).reporter_count == 2
    assert keys.pressed == 2, "one key for each try, beside what is said"


def test_a_slip_is_printed_on_a5(world, live_server, browser_page):
    page = log_in_page(browser_page, world.users["shegong"], live_server.url)
    page.goto("/desk/new/")
    page.fill("#text", "电梯困人")
    page.wait_for_selector("#look .notice--danger")
    assert "96333" in page.inner_text("#look")
    page.click("button[name=act]")
    code = page.inner_text("#code")
    with page.context.expect_page() as opened:
        page.click("text=打印回执")
    slip = opened.value
    slip.wait_for_selector(".slip svg")
    assert code in slip.inner_text(".slip")
    printed = slip.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", printed)
    assert len(boxes) == 1
    assert [round(float(v)) for v in boxes[0]] == pytest.approx([420, 595], abs=2)


def test_consult_decide_give_tasks_and_the_result_returns(world, live_server, browser_page):
    case = handled(world, make_case(world))
    services.raise_level(by=world.actor("wanggezhang"), now=clock.now(), case=case, reason="涉及多个单位")
    page = log_in_page(browser_page, world.users["wanggezhang"], live_server.url)
    page.goto("/desk/consultations/")
    page.click(f"a[href$='case={case.number}']")
    assert page.is_checked(f"[name=cases][value='{case.pk}']")
    page.fill("#title", "垃圾清运协调会")
    page.check("text=街道社区管理办公室")
    page.click("button:has-text('召集')")
    page.wait_for_selector("#minutes")
    page.fill(f"#decision_{case.pk}", "由管理办督促物业增加清运")
    page.click("text=再加一项任务")
    row = page.locator(".taskrow").nth(1)
    row.locator("input[name^=task_title]").fill("每日清运两次")
    row.locator("select").select_option(label="街道社区管理办公室")
    row.locator("input[type=date]").fill("2027-03-20")
    page.fill("#minutes", "各方一致。")
    page.click("button:has-text('形成决定')")
    page.wait_for_selector("text=已决定")
    log_in_page(page, world.users["guanliban"], live_server.url)
    page.goto("/desk/tasks/")
    page.click("text=每日清运两次")
    page.fill("#result", "物业已改为每日两次")
    page.click("button:has-text('完成')")
    page.wait_for_selector("text=已完成")
    jobs.drain(now=clock.now())
    assert "物业已改为每日两次" in fresh(case.number).events.latest("seq").text
