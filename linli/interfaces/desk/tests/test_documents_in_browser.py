"""Two panes and the order of a page, by keyboard alone."""

import pytest

from linli.engines.projects.models import Task
from linli.foundation.core import clock
from linli.foundation.jobs import services as jobs
from linli.interfaces.desk.tests.documents_help import MINUTES, POLICY, requirement, taken
from linli.interfaces.web.tests.test_pages_in_browser import audit
from linli.programmes.documents import services
from linli.programmes.documents.models import Alias, Block, Document, Finding, Part
from linli.programmes.documents.selectors import text_of
from tests.login import log_in_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def here(page):
    return page.evaluate("document.activeElement.dataset.finding || ''")


def state(uuid):
    return Finding.objects.get(uuid=uuid).state


def pressed(page, key, uuid, wanted):
    """Press a key and wait until the card shows the state."""
    page.keyboard.press(key)
    page.wait_for_selector(f"#f-{uuid} .status:has-text('{wanted}')")


@pytest.mark.mechanism("002-17")
def test_a_document_is_decided_and_a_task_given_by_keyboard_alone(world, live_server, browser_page):
    document = taken(world)
    uuids = [
        str(f.uuid)
        for f in Finding.objects.filter(document=document, kind="requirement").order_by("start", "-end", "id")
    ]
    page = log_in_page(browser_page, world.users["paidan"], live_server.url)
    page.goto(f"/desk/documents/{document.uuid}/check/?kind=requirement")
    page.wait_for_function("() => document.activeElement.dataset.finding")
    assert here(page) == uuids[0]
    assert page.locator("mark.is-here").count() >= 1
    pressed(page, "Enter", uuids[0], "已确认")
    page.wait_for_function(f"() => document.activeElement.dataset.finding === '{uuids[1]}'")
    pressed(page, "x", uuids[1], "不采用")
    page.keyboard.press("k")
    page.keyboard.press("k")
    page.wait_for_function(f"() => ['{uuids[0]}', '{uuids[1]}'].includes(document.activeElement.dataset.finding)")
    page.evaluate(f"document.getElementById('f-{uuids[1]}').focus()")
    pressed(page, "u", uuids[1], "待核对")
    assert [state(u) for u in uuids[:2]] == ["confirmed", "proposed"]
    page.keyboard.press("e")
    page.wait_for_selector("dialog#act[open] textarea")
    page.fill("#act-text", "文中没有这句")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("dialog#act[open] .field__error")
    assert page.input_value("#act-text") == "文中没有这句"
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog#act:not([open])", state="attached")
    page.evaluate(f"document.getElementById('f-{uuids[1]}').focus()")
    page.keyboard.press("t")
    page.wait_for_selector("dialog#act[open] #act-due_on")
    page.select_option("#act-unit", label="街道社区管理办公室")
    page.fill("#act-due_on", "2099-06-30")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(f"#f-{uuids[1]} .finding__task")
    assert Task.objects.get().source_uuid == Finding.objects.get(uuid=uuids[1]).uuid
    waiting = Finding.objects.filter(document=document, state="proposed").count()
    assert f"还有 {waiting} 条" in page.inner_text("#waiting")
    log_in_page(page, world.users["guanliban"], live_server.url)
    page.goto(f"/desk/tasks/{Task.objects.get().uuid}/")
    page.fill("#result", "已建立自查机制")
    page.click("button:has-text('完成')")
    page.wait_for_selector("text=已完成")
    jobs.drain(now=clock.now())
    page.goto(f"/desk/documents/{document.uuid}/")
    assert "已办结 1 条" in page.inner_text("main")


@pytest.mark.mechanism("000-40")
def test_blocks_are_moved_by_keyboard_and_button(world, live_server, browser_page):
    document = taken(world, ordered=False)
    page = log_in_page(browser_page, world.users["paidan"], live_server.url)
    page.goto(f"/desk/documents/{document.uuid}/order/")

    def numbers():
        return page.eval_on_selector_all("[name=block]", "all => all.map((one) => one.value)")

    before = numbers()
    page.focus("[data-block] >> nth=1")
    page.keyboard.press("Alt+ArrowDown")
    assert numbers()[1:3] == before[1:3][::-1]
    page.click("button[name=move] >> nth=5")  # the third row's down
    page.click("button[name=move] >> nth=6")  # the fourth row's up
    page.check("[data-block] >> nth=2 >> [name=begins]")
    assert page.locator("[data-block].is-begin").count() == 2
    wanted = numbers()
    page.click("button:has-text('确定顺序')")
    page.wait_for_url("**/check/")
    document.refresh_from_db()
    made = [[str(b.number) for b in a.blocks.order_by("position")] for a in document.articles.order_by("position")]
    assert made == [wanted[:2], wanted[2:]]


def drag(page, row, to):
    """Drag a row by the mouse to just below the middle of another."""
    start, end = row.bounding_box(), to.bounding_box()
    page.mouse.move(start["x"] + 40, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(start["x"] + 44, start["y"] + start["height"] / 2 + 8, steps=4)
    page.mouse.move(end["x"] + 44, end["y"] + end["height"] * 0.8, steps=12)
    page.mouse.up()


@pytest.mark.mechanism("000-40")
def test_a_block_is_dragged_by_the_mouse_and_the_server_keeps_the_order(world, live_server, browser_page):
    document = taken(world, ordered=False)
    page = log_in_page(browser_page, world.users["paidan"], live_server.url)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"/desk/documents/{document.uuid}/order/")
    rows = page.locator("[data-block]")
    before = page.eval_on_selector_all("[name=block]", "all => all.map((one) => one.value)")
    drag(page, rows.nth(1), rows.nth(2))
    wanted = page.eval_on_selector_all("[name=block]", "all => all.map((one) => one.value)")
    assert wanted == [before[0], before[2], before[1], *before[3:]]
    page.click("button:has-text('确定顺序')")
    page.wait_for_url("**/check/")
    rows = Block.objects.filter(document=document, article__isnull=False).order_by("article__position", "position")
    kept = [str(n) for n in rows.values_list("number", flat=True)]
    assert kept == [n for n in wanted if n in kept]


def test_parts_are_dragged_moved_and_relevelled_by_keyboard_and_cut_on_a_phone(world, live_server, browser_page):
    document = taken(world, POLICY, kind="policy")
    page = log_in_page(browser_page, world.users["paidan"], live_server.url)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"/desk/documents/{document.uuid}/parts/edit/")

    def kept():
        rows = Part.objects.filter(document=document).order_by("position")
        return [(p.number, p.level) for p in rows]

    rows = page.locator("[data-block]")
    drag(page, rows.nth(0), rows.nth(1))
    page.click("button:has-text('保存顺序和层级')")
    page.wait_for_url("**/parts/")
    assert kept() == [("二、", 1), ("一、", 1), ("三、", 1)]
    page.goto(f"/desk/documents/{document.uuid}/parts/edit/")
    page.focus("[data-block] >> nth=2")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowRight")
    page.click("button:has-text('保存顺序和层级')")
    page.wait_for_url("**/parts/")
    assert kept() == [("二、", 1), ("三、", 2), ("一、", 1)]
    page.set_viewport_size({"width": 390, "height": 844})
    part = Part.objects.get(document=document, number="二、")
    page.goto(f"/desk/documents/{document.uuid}/parts/edit/")
    page.click(f"a[href$='/parts/{part.uuid}/']")
    page.check("[name=at] >> nth=-1")
    page.click("button[value=split]")
    page.wait_for_url("**/parts/edit/")
    assert len(kept()) == 4
    assert audit(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.goto(f"/desk/documents/parts/{part.uuid}/")
    assert audit(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_name_is_linked_by_keyboard_and_taken_back(world, live_server, browser_page):
    document = taken(world, MINUTES.replace("由社区管理办公室负责", "由社管办公室负责"))
    edit = services.Edit("unit", "社管办公室")
    finding = services.add(by=world.actor("paidan"), now=world.now, document=document, edit=edit)
    page = log_in_page(browser_page, world.users["paidan"], live_server.url)
    page.goto(f"/desk/documents/{document.uuid}/check/?kind=unit#f-{finding.uuid}")
    page.wait_for_function(f"() => document.activeElement.dataset.finding === '{finding.uuid}'")
    page.keyboard.press("l")
    page.wait_for_selector("dialog#act[open] #link-q")
    page.fill("#link-q", "社区管理办公室")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog#act[open] .linkfound button")
    assert audit(page) == []
    page.focus(".linkfound button >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#f-{finding.uuid} :text('关联到')")
    page.wait_for_selector("dialog#act:not([open])", state="attached")
    assert Alias.objects.get().name == "社管办公室"
    page.evaluate(f"document.getElementById('f-{finding.uuid}').focus()")
    pressed(page, "u", finding.uuid, "待核对")
    assert not Alias.objects.filter(removed_at__isnull=True).exists()


def test_three_hundred_pages_of_chinese_are_taken_and_read_by_the_worker(world, live_server, browser_page):
    sheets = "".join(
        f"<section><p>第{n}页。街道召开推进会，要求各居民区落实第{n}项任务。</p>"
        f"<p>一是加强巡查，6月底前完成{n}个小区排查；二是落实责任。</p></section>"
        for n in range(1, 301)
    )
    style = "<style>section:not(:last-child) { break-after: page }</style>"
    page = log_in_page(browser_page, world.users["paidan"], live_server.url)
    page.goto("about:blank")
    page.set_content(f"{style}<body style='font-family:Noto Serif CJK SC'>{sheets}</body>")
    content = page.pdf(format="A4")
    page.goto("/desk/documents/new/")
    paper = {"name": "长文.pdf", "mimeType": "application/pdf", "buffer": content}
    page.set_input_files("input[type=file]", paper)
    page.click("button:has-text('导入并识读')")
    page.wait_for_selector("text=正在识读")
    document = Document.objects.get()
    jobs.drain(now=clock.now())
    document.refresh_from_db()
    assert (document.state, document.pages, document.pages_read) == ("read", 300, 300)
    assert "第300页" in text_of(document).clean
    page.goto(f"/desk/documents/{document.uuid}/")
    assert "待定顺序" in page.inner_text("main")


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desktop", "phone"])
def test_the_pages_are_open_to_everybody_and_fit_a_phone(world, live_server, browser_page, size):
    document = taken(world, MINUTES, kind="plan")
    page = log_in_page(browser_page, world.users["paidan"], live_server.url)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    Finding.objects.filter(document=document, kind="requirement").update(
        state="confirmed", decided_at=world.now, decided_label="甲"
    )
    addresses = ("", "order/", "check/", "tasks/", "parts/", "parts/edit/", "plan/")
    for address in [
        "/desk/documents/",
        "/desk/documents/new/",
        "/desk/documents/aliases/",
        *(f"/desk/documents/{document.uuid}/{a}" for a in addresses),
    ]:
        page.goto(address)
        assert audit(page) == [], address
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), address
    assert Document.objects.count() == 1
    assert requirement(document).text
