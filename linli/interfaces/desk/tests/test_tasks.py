"""Tasks as pages: the whole road over HTTP, lists, whole lists, recurring ones, strands, what is owed, 10,000 tasks."""

import re
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.engines.projects import services
from linli.engines.projects.models import Task, TaskEvent, TaskFile, TaskList, TaskSeries, TaskTag
from linli.engines.projects.types import NewTask, Strand
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.deadlines import services as deadlines
from linli.foundation.people import services as people
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.interfaces.desk import sources
from linli.interfaces.desk.owed.providers import PROVIDERS
from linli.interfaces.desk.tests.help import enter, handled, make_case
from tests.login import log_in_page

pytestmark = pytest.mark.django_db
DUE = "2026-03-20"


def typed(world, **fields):
    unit = fields.pop("unit", "enforcement")
    given = {
        "title": "清理主干道乱停车",
        "unit": world.units[unit].pk,
        "due_on": DUE,
        "what": "task",
        "acceptance": "yes",
    }
    return {**given, **fields}


def given(world, by="paidan", **fields):
    done = enter(world, by).post("/desk/tasks/new/", typed(world, **fields))
    assert done.status_code == 302, done.content.decode()
    return Task.objects.get(uuid=done["Location"].split("/")[-2])


def picture(name="x.jpg"):
    return SimpleUploadedFile(name, draw_picture(7, "after"), content_type="image/jpeg")


def send(client, task, act, **fields):
    return client.post(f"/desk/tasks/{task.uuid}/", {"act": act, **fields})


def page(client, task):
    return client.get(f"/desk/tasks/{task.uuid}/").content.decode()


def get(task):
    return Task.objects.get(pk=task.pk)


@pytest.mark.mechanism("002-17")
def test_what_a_leader_asked_for_becomes_tasks_that_come_back_to_the_leader(world):
    """Requirements voiced on a visit are pasted as they were said; each has an owner, a day and an answer."""
    lingdao, chengguan, names = enter(world, "lingdao"), enter(world, "chengguan"), world.units
    rows = [
        f"一是把停放点位排查清楚\t{names['enforcement'].name}\t2026-03-20",
        f"二是建立夜间联合巡查机制\t{names['police'].name}\t2026-03-27\t{names['enforcement'].name}",
    ]
    sent = {"title": "街道领导调研要求", "acceptance": "yes", "rows": "\n".join(rows)}
    assert lingdao.post("/desk/tasks/lists/new/", sent).status_code == 302
    first = Task.objects.get(number=1)
    assert (first.giver_id, first.source_label) == (world.users["lingdao"].pk, "街道领导调研要求")
    assert "把停放点位排查清楚" in chengguan.get("/desk/owed/?scope=unit").content.decode()
    assert send(chengguan, first, "hand_in", result="共 46 处，图已附").status_code == 302
    assert "待我验收" in lingdao.get("/desk/owed/?scope=me").content.decode()
    assert "共 46 处" in page(lingdao, first)
    assert send(lingdao, first, "accept", text="可以").status_code == 302
    shown = lingdao.get(f"/desk/tasks/lists/{TaskList.objects.get().uuid}/").content.decode()
    assert "已完成" in shown
    assert "夜间联合巡查" in shown


def test_from_giving_to_the_givers_answer(world):
    paidan, chengguan, minjing = enter(world, "paidan"), enter(world, "chengguan"), enter(world, "minjing")
    task = given(
        world, helpers="派出所", evidence="整改照片", evidence_files="1", strands=["refined"], topics="停车、市容",
        weight="3",
    )  # fmt: skip
    for words in ("签收", "由我承担", "整改照片", "精细化提升", "停车", "由交办方验收"):
        assert words in page(chengguan, task)
    assert "签收</button>" not in page(paidan, task)
    assert send(chengguan, task, "sign", expected="1").status_code == 302
    assert send(chengguan, task, "report", text="已拖离 12 辆", percent="40", expected="1").status_code == 409
    stale = send(chengguan, task, "report", text="已拖离 12 辆", percent="40", expected="1").content.decode()
    assert "已拖离 12 辆" in stale
    assert "您填写的内容还在" in stale
    wrong = send(chengguan, task, "report", text="已拖离 12 辆", percent="140")
    assert wrong.status_code == 422
    assert "已拖离 12 辆" in wrong.content.decode()
    sent = {"text": "已拖离 12 辆", "percent": "40", "photos": [picture()], "caption": "南段"}
    assert send(chengguan, task, "report", **sent).status_code == 302
    attached = TaskFile.objects.get()
    shown = page(paidan, task)
    address = f"/desk/tasks/{task.uuid}/files/{attached.file.uuid}/320/"
    assert address in shown
    assert "40%" in shown
    assert paidan.get(address)["Content-Type"] == "image/jpeg"
    assert minjing.get(address).status_code == 200, "a helper sees the evidence"
    assert enter(world, "danche").get(address).status_code == 404
    assert send(chengguan, task, "ask_extension", reason="连日阴雨", due_on="2026-03-27").status_code == 302
    assert "连日阴雨" in page(paidan, task)
    assert send(chengguan, task, "decide_extension", granted="yes").status_code == 403
    assert send(paidan, task, "decide_extension", granted="no", reason="").status_code == 422
    assert send(paidan, task, "decide_extension", granted="yes").status_code == 302
    assert get(task).due_on == date(2026, 3, 27)
    assert send(chengguan, task, "hand_in", result="已清理").status_code == 302
    assert "待您验收" in page(paidan, task)
    assert send(paidan, task, "send_back", reason="", due_on="2026-03-30").status_code == 422
    assert send(paidan, task, "send_back", reason="南段还有", due_on="2026-03-30").status_code == 302
    assert "南段还有" in page(chengguan, task)
    assert send(chengguan, task, "hand_in", result="南段也清了").status_code == 302
    assert send(minjing, task, "accept").status_code == 403
    assert send(paidan, task, "accept", text="看过了").status_code == 302
    assert get(task).state == "done"
    assert send(paidan, task, "accept").status_code == 409
    ended = page(chengguan, task)
    for words in ("验收通过", "南段也清了", "看过了", "退回整改"):
        assert words in ended
    assert "提交验收</button>" not in ended
    assert send(paidan, task, "reopen", reason="又停满了", due_on="2026-04-03").status_code == 302
    assert "又停满了" in page(chengguan, task)


def test_evidence_that_is_wanted_is_asked_for_and_what_was_typed_stays(world):
    task, chengguan = given(world, evidence="整改照片", evidence_files="2"), enter(world, "chengguan")
    refused = chengguan.post(
        f"/desk/tasks/{task.uuid}/", {"act": "hand_in", "result": "已经整改完成", "photos": [picture()]}
    )
    assert refused.status_code == 422
    words = refused.content.decode()
    assert "已经整改完成" in words
    assert "至少上传 2 个文件" in words
    kept = re.findall(r'name="file" value="([^"]+)"', words)
    assert len(kept) == 1, "the picture that was sent need not be sent again"
    again = {"act": "hand_in", "result": "已经整改完成", "file": kept, "photos": [picture("y.jpg")]}
    assert chengguan.post(f"/desk/tasks/{task.uuid}/", again).status_code == 302
    assert TaskFile.objects.filter(task=task).count() == 2
    bad = {"act": "note", "text": "表格", "photos": [SimpleUploadedFile("x.exe", b"MZ\x00\x00" * 50)]}
    refused = chengguan.post(f"/desk/tasks/{task.uuid}/", bad)
    assert refused.status_code == 422
    assert "表格" in refused.content.decode()


def test_an_order_from_above_on_the_page(world):
    task, ducha, chengguan = given(world), enter(world, "ducha"), enter(world, "chengguan")
    assert send(enter(world, "paidan"), task, "order", text="x", due_on=DUE).status_code == 403
    assert send(ducha, task, "order", text="说明情况", due_on="2026-03-01").status_code == 422
    assert send(ducha, task, "order", text="说明情况", due_on=DUE).status_code == 302
    order = task.orders.get()
    assert "说明情况" in page(chengguan, task)
    assert send(ducha, task, "order_result", order=order.pk, text="x").status_code == 409
    assert send(chengguan, task, "order_reply", order=order.pk, text="已排班").status_code == 302
    assert send(ducha, task, "order_result", order=order.pk, text="属实").status_code == 302
    assert send(ducha, task, "order_reply", order="999", text="x").status_code == 404
    assert send(enter(world, "lingdao"), task, "urge", text="请抓紧").status_code == 302
    assert send(ducha, task, "nonsense").status_code == 422


def test_where_it_came_from_is_a_link(world):
    case = handled(world, make_case(world))
    new = [
        NewTask("一", world.units["enforcement"].pk, date(2026, 3, 20), "case", case.uuid, case.number),
        NewTask("二", world.units["enforcement"].pk, date(2026, 3, 20), "somewhere", case.uuid, "某处"),
    ]
    one, two = services.create_tasks(by=world.actor("paidan"), now=world.now, tasks=new)
    client = enter(world, "chengguan")
    assert f'href="/desk/cases/{case.number}/"' in page(client, one)
    assert "某处" in page(client, two)
    sources.register("somewhere", "某处", lambda task: f"/somewhere/{task.source_uuid}/")
    try:
        assert f'href="/somewhere/{case.uuid}/"' in page(client, two)
        assert "一" in client.get("/desk/tasks/?source=case").content.decode()
        assert "没有符合的任务" in client.get("/desk/tasks/?source=somewhere&q=没有").content.decode()
    finally:
        del sources.SOURCES["somewhere"]


def test_lists_are_narrowed_and_acted_on_row_by_row(world):
    one, two = given(world, title="甲", topics="停车"), given(world, title="乙", strands=["plural"])
    other = given(world, title="丙", unit="police")
    paidan, chengguan = enter(world, "paidan"), enter(world, "chengguan")

    def titles(client, query):
        found = client.get(f"/desk/tasks/?{query}").content.decode()
        return {t for t in ("甲", "乙", "丙") if f">{t}</a>" in found}

    assert titles(chengguan, "") == {"甲", "乙"}
    assert titles(paidan, "box=giving") == {"甲", "乙", "丙"}
    assert titles(paidan, "box=all&topic=停车") == {"甲"}
    assert titles(paidan, "box=all&strand=plural") == {"乙"}
    assert titles(paidan, f"box=all&unit={world.units['police'].pk}") == {"丙"}
    assert titles(paidan, "box=all&q=乙") == {"乙"}
    assert titles(paidan, "box=all&year=2025") == set()
    chosen = [str(t.uuid) for t in (one, two)]
    services.take_task(by=world.actor("chengguan"), now=world.now, task=get(one))
    result = chengguan.post("/desk/tasks/bulk/", {"act": "take", "chosen": chosen}).content.decode()
    assert "办成 1 项" in result
    assert "已经由您承担" in result
    asked = paidan.post("/desk/tasks/bulk/", {"act": "extend", "chosen": chosen})
    assert asked.status_code == 422
    assert "新的期限" in asked.content.decode()
    kept = paidan.post("/desk/tasks/bulk/", {"act": "extend", "chosen": chosen, "due_on": "2026-03-30", "reason": ""})
    assert 'value="2026-03-30"' in kept.content.decode()
    moved = {"act": "extend", "chosen": [*chosen, str(other.uuid)], "due_on": "2026-03-30", "reason": "节后"}
    assert paidan.post("/desk/tasks/bulk/", moved).status_code == 302
    assert set(Task.objects.values_list("due_on", flat=True)) == {date(2026, 3, 30)}
    assert (
        chengguan.post("/desk/tasks/bulk/", {**moved, "due_on": "2026-04-30"}).content.decode().count("只有交办") == 2
    )
    assert chengguan.post("/desk/tasks/bulk/", {"act": "take"}).status_code == 422


PASTED = """主干道停放点位排查\t城管中队\t2026-03-20\t派出所\t3\t前后照片
夜间占道整治\t没有这个单位\t2026-03-20
小餐饮检查\t市场所\t昨天
"""


@pytest.mark.mechanism("000-21")
def test_a_list_is_pasted_mended_printed_and_written_out(world):
    paidan, names = enter(world, "paidan"), {k: u.short_name or u.name for k, u in world.units.items()}
    pasted = PASTED.replace("城管中队", names["enforcement"]).replace("派出所", names["police"])
    sent = {"title": "双月整治任务清单", "acceptance": "yes", "rows": pasted.replace("市场所", names["market"])}
    refused = paidan.post("/desk/tasks/lists/new/", sent)
    assert refused.status_code == 422
    words = refused.content.decode()
    for part in ("第 2 行", "没有名为“没有这个单位”的单位", "第 3 行", "不是日期", "主干道停放点位排查\t"):
        assert part in words
    assert not Task.objects.exists()
    mended = sent["rows"].replace("没有这个单位", names["police"]).replace("昨天", "2026年3月25日")
    assert paidan.post("/desk/tasks/lists/new/", {**sent, "rows": mended}).status_code == 302
    row = TaskList.objects.get()
    first = Task.objects.get(number=1)
    assert (first.weight, first.evidence, first.helpers.get().unit) == (3, "前后照片", world.units["police"])
    address = f"/desk/tasks/lists/{row.uuid}/"
    with clock.frozen(world.now + timedelta(days=11)):
        later = enter(world, "paidan")
        assert "超期 1 天" in later.get(address).content.decode()
        printed = later.get(address + "print/").content.decode()
        for part in ("超期清单", "序号", "权重", "佐证材料", "夜间占道整治"):
            assert part in printed
    book = paidan.get(address + "sheet.xlsx").getvalue()
    sheet = openpyxl.load_workbook(BytesIO(book)).worksheets[0]
    values = list(sheet.iter_rows(values_only=True))
    assert [r[0] for r in values[1:4]] == ["主干道停放点位排查", "夜间占道整治", "小餐饮检查"]
    brought = {"title": "照样再来一份", "acceptance": "no", "file": SimpleUploadedFile("again.xlsx", book)}
    assert paidan.post("/desk/tasks/lists/new/", brought).status_code == 302
    again = TaskList.objects.get(title="照样再来一份")
    assert [t.title for t in again.tasks.order_by("number")] == [r[0] for r in values[1:4]]
    assert not again.tasks.filter(needs_acceptance=True).exists()
    assert "双月整治任务清单" in paidan.get("/desk/tasks/lists/?q=双月").content.decode()
    more = paidan.post(address, {"rows": "补充一项\t谁也不是\t2026-03-20"})
    assert more.status_code == 422
    assert "谁也不是" in more.content.decode()
    assert paidan.post(address, {"rows": f"补充一项\t{names['market']}\t2026-03-20"}).status_code == 302
    assert row.tasks.count() == 4
    assert enter(world, "wuye").get(address).status_code == 404
    assert enter(world, "chengguan").get("/desk/tasks/lists/new/").status_code == 403
    assert enter(world, "minjing").post(address, {"rows": "x\ty\tz"}).status_code == 403
    template = paidan.get("/desk/tasks/lists/template.xlsx").getvalue()
    assert openpyxl.load_workbook(BytesIO(template)).worksheets[0]["A1"].value.startswith("任务")


def test_a_list_for_a_neighbourhood_needs_an_entry_or_a_reason(world):
    home = world.units["@陶家宅"].name
    sent = {"title": "居民区任务", "acceptance": "yes", "rows": f"张贴告知书\t{home}\t2026-03-20"}
    refused = enter(world, "paidan").post("/desk/tasks/lists/new/", sent)
    assert refused.status_code == 422
    assert "清单外的理由" in refused.content.decode()
    own = enter(world, "shuji").post("/desk/tasks/lists/new/", sent)
    assert own.status_code == 403, "a 居民区 gives no lists"
    rows = f"任务\t责任单位\t完成期限\t清单外的理由\n张贴告知书\t{home}\t2026-03-20\t台风临近"
    assert enter(world, "paidan").post("/desk/tasks/lists/new/", {**sent, "rows": rows}).status_code == 302
    assert Task.objects.get().outside_reason == "台风临近"


def test_a_recurring_task_on_the_page(world):
    zhiban = enter(world, "zhiban")
    sent = typed(world, every="month", day="15", starts_on="2026-03-01", working_only="no", lead_days="7")
    del sent["due_on"]
    wrong = zhiban.post("/desk/tasks/recurring/new/", {**sent, "every": "week"})
    assert wrong.status_code == 422
    assert "填 1 到 7" in wrong.content.decode()
    assert zhiban.post("/desk/tasks/recurring/new/", sent).status_code == 302
    row = TaskSeries.objects.get()
    address = f"/desk/tasks/recurring/{row.uuid}/"
    shown = zhiban.get(address).content.decode()
    for words in ("每月 15 日", "2026-03-15", "2026-04-15"):
        assert words in shown
    assert "清理主干道乱停车" in zhiban.get("/desk/tasks/recurring/").content.decode()
    assert zhiban.post(address, {"act": "skip", "on": "2026-04-16", "reason": "x"}).status_code == 422
    assert zhiban.post(address, {"act": "skip", "on": "2026-04-15", "reason": "并入专项"}).status_code == 302
    assert enter(world, "chengguan").post(address, {"act": "end", "reason": "x"}).status_code == 403
    assert enter(world, "minjing").get(address).status_code == 404
    assert zhiban.post(address, {"act": "end", "reason": ""}).status_code == 422
    assert zhiban.post(address, {"act": "end", "reason": "不再需要"}).status_code == 302
    assert zhiban.post(address, {"act": "end", "reason": "不再需要"}).status_code == 409
    assert "清理主干道乱停车" in zhiban.get("/desk/tasks/recurring/?box=ended").content.decode()
    assert enter(world, "chengguan").get("/desk/tasks/recurring/new/").status_code == 403


@pytest.mark.mechanism("001-01")
def test_the_year_by_strand_and_each_figure_opens(world):
    one = given(world, title="划线", strands=["project", "refined"], acceptance="no")
    given(world, title="楼组议事", strands=["plural"], due_on="2026-03-11")
    services.end_task(by=world.actor("chengguan"), now=world.now, task=get(one), result="好了")
    with clock.frozen(world.now + timedelta(days=3)):
        client = enter(world, "lingdao")
        shown = client.get("/desk/tasks/strands/").content.decode()
        for words in ("项目化推进", "精细化提升", "多元化参与"):
            assert words in shown
        links = [m.replace("&amp;", "&") for m in re.findall(r'href="(/desk/tasks/\?[^"]+)"', shown)]
        late = [u for u in links if "overdue" in u and "plural" in u]
        assert "楼组议事" in client.get(late[0]).content.decode()
        done = [u for u in links if "box=done" in u and "project" in u]
        assert "划线" in client.get(done[0]).content.decode()
    assert "没有带标签的任务" in enter(world, "lingdao").get("/desk/tasks/strands/?year=2024").content.decode()


def test_what_is_owed_stands_in_one_list(world):
    chengguan, zhongdui = enter(world, "chengguan"), enter(world, "zhongdui")
    case = handled(world, make_case(world), unit="enforcement", by="chengguan")
    mine = given(world, title="我的", acceptance="no")
    services.assign_task(by=world.actor("zhongdui"), now=world.now, task=get(mine), user_id=world.users["chengguan"].pk)
    given(world, title="别人的", due_on="2026-03-12")
    services.assign_task(
        by=world.actor("zhongdui"),
        now=world.now,
        task=Task.objects.get(title="别人的"),
        user_id=world.users["chengguan2"].pk,
    )
    given(world, title="谁都可以", due_on="2026-03-10")
    shown = chengguan.get("/desk/owed/?scope=me").content.decode()
    assert "我的" in shown
    assert "谁都可以" in shown
    assert ">别人的" not in shown
    whole = zhongdui.get("/desk/owed/").content.decode()
    for words in (">别人的", "今天", "本周", "下周", case.title):
        assert words in whole
    with clock.frozen(world.now + timedelta(days=1)):
        assert "其中" in enter(world, "zhongdui").get("/desk/owed/").content.decode()
    task = Task.objects.get(title="谁都可以")
    services.hand_in_task(by=world.actor("chengguan"), now=world.now, task=task, result="好了")
    assert "待我验收" in enter(world, "paidan").get("/desk/owed/?scope=me").content.decode()
    services.accept_task(by=world.actor("paidan"), now=world.now, task=get(task))
    assert "没有到期要办的事" in enter(world, "fangguan").get("/desk/owed/").content.decode()
    assert enter(world, "jumin").get("/desk/owed/").status_code in {403, 404}


def test_by_leading_group(world):
    unit = people.create_unit(
        by=SYSTEM, now=world.now, name="市容整治工作专班", kind="task_force", ends_on=date(2026, 12, 31),
        starts_on=date(2026, 1, 1),
    )  # fmt: skip
    from linli.foundation.people.models import Body

    body = Body.objects.create(unit=unit, purpose="整治")
    given(world, title="专班任务", body=body.pk)
    given(world, title="日常任务")
    found = enter(world, "paidan").get(f"/desk/tasks/?box=all&body={body.pk}").content.decode()
    assert "专班任务" in found
    assert ">日常任务" not in found


@pytest.mark.slow
def test_ten_thousand_tasks(world, django_assert_max_num_queries):
    units = [world.units[k].pk for k in ("enforcement", "police", "market", "housing")]
    sender, now = world.units["centre"].pk, world.now
    Task.objects.bulk_create(
        Task(
            title=f"任务{i}", unit_id=units[i % 4], sender_unit_id=sender,
            due_on=date(2026, 1, 1) + timedelta(days=i % 400),
            due_at=now, created_at=now - timedelta(days=i % 90), created_label="x", priority=i % 3, percent=i % 100,
        )
        for i in range(10_000)
    )  # fmt: skip
    TaskTag.objects.bulk_create(
        TaskTag(task_id=pk, kind="strand", name=Strand.values[pk % 3])
        for pk in Task.objects.values_list("pk", flat=True)
    )
    for who, address in (
        ("paidan", "/desk/tasks/?box=all"),
        ("paidan", "/desk/tasks/?box=overdue&strand=refined&q=任务9"),
        ("chengguan", "/desk/tasks/"),
        ("lingdao", "/desk/tasks/strands/"),
        ("zhongdui", "/desk/owed/"),
        ("paidan", "/desk/tasks/lists/"),
        ("paidan", "/desk/tasks/recurring/"),
    ):
        client = enter(world, who)
        client.get(address)
        # What is owed comes from several rooms, by one statement each; one asks before which rounds are the unit's.
        with django_assert_max_num_queries(4 + len(PROVIDERS) if "owed" in address else 8):
            assert client.get(address).status_code == 200
    task = Task.objects.filter(unit=world.units["enforcement"]).first()
    client = enter(world, "chengguan")
    page(client, task)
    with django_assert_max_num_queries(14):
        page(client, task)


def test_the_sweep_is_told_in_the_timeline(world):
    task = given(world)
    deadlines.sweep(now=world.now + timedelta(days=12))
    shown = page(enter(world, "chengguan"), task)
    assert "已用时限的 80%" in shown
    assert "已用时限的 100%" in shown
    assert TaskEvent.objects.filter(task=task, verb="escalate").count() == 2


@pytest.mark.django_db(transaction=True)
def test_in_the_browser_a_task_is_given_reported_handed_in_and_accepted(world, live_server, browser_page):
    browser = log_in_page(browser_page, world.users["paidan"], live_server.url)
    browser.goto("/desk/tasks/new/")
    browser.fill("#task-title", "清理主干道乱停车")
    browser.select_option("#task-unit", str(world.units["enforcement"].pk))
    browser.fill("#task-due_on", (clock.now() + timedelta(days=9)).date().isoformat())
    browser.click("text=更多要求")
    browser.fill("#task-evidence", "前后照片")
    browser.click("button:has-text('布置')")
    browser.wait_for_url(re.compile(r"/desk/tasks/[0-9a-f-]+/$"))
    address = browser.url
    browser.context.clear_cookies()
    log_in_page(browser, world.users["chengguan"], live_server.url)
    browser.goto(address)
    browser.click("button[value=sign]")
    browser.wait_for_selector("text=已签收")
    browser.fill("#report-text", "已拖离 12 辆")
    browser.fill("#report-percent", "60")
    browser.click("button[value=report]")
    browser.wait_for_selector("text=进度 60%")
    browser.click("summary:has-text('提交验收')")
    browser.fill("#hand_in-result", "全部清理")
    browser.click("button[value=hand_in]")
    browser.wait_for_selector(".status:has-text('待验收')")
    browser.context.clear_cookies()
    log_in_page(browser, world.users["paidan"], live_server.url)
    browser.goto("/desk/owed/?scope=me")
    browser.click("text=清理主干道乱停车")
    browser.click("button[value=accept]")
    browser.wait_for_selector(".status:has-text('已完成')")
    assert Task.objects.get().state == "done"
