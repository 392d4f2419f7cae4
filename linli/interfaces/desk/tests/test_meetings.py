"""Meetings through the pages: two months of the monthly talk, a push meeting with branches, the deputies at work."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from linli.engines.activities import services as meetings
from linli.engines.activities.models import AgendaItem, Attendee, Meeting, Motion, Negotiation, Series, Topic
from linli.engines.cases import services as cases
from linli.engines.cases.models import Consultation
from linli.engines.projects import services as projects
from linli.engines.projects.models import Task
from linli.foundation.core import clock
from linli.foundation.messages.models import Message
from linli.interfaces.desk.tests.help import enter, fresh, handled, make_case
from linli.interfaces.portal.tests.steps import words
from tests.world import MORNING

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
LATER = MORNING + timedelta(days=31)


def post(client, url, **data):
    return client.post(url, data)


def act(client, meeting, act, **data):
    answer = client.post(f"/desk/meetings/{meeting.uuid}/", {"act": act, **data})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return answer


def minute(client, meeting, act, **data):
    answer = client.post(f"/desk/meetings/{meeting.uuid}/minute/", {"act": act, **data})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return answer


@pytest.fixture
def talk(world):
    """The monthly talk as a series, set up on the page."""
    client = enter(world, "zhiban")
    answer = client.post(
        "/desk/meetings/series/new/",
        {
            "kind": "monthly_talk", "title": "居民区书记月谈会", "unit": world.units["development"].pk, "day": 10,
            "move": "next", "every_months": 1, "starts": "14:00", "minutes": 120, "place": "街道会议室",
            "first_on": "2026-03-10", "chair": "街道党工委书记", "groups": ["secretary"],
            "areas": [a.pk for a in list(world.areas.values())[:3]], "standing": ["microgrid"],
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return client, list(Series.objects.get().meetings.order_by("starts_at"))


@pytest.mark.mechanism("000-11", "000-12", "000-14", "002-41")
def test_two_months_of_the_monthly_talk(world, talk):
    client, (first, second) = talk
    secretary = enter(world, "shuji")
    committee = world.units["@陶家宅"]
    # planned: theme, speaker, text handed in by the 居民区
    page = client.get(f"/desk/meetings/{first.uuid}/").content.decode()
    assert "微网格建设" in page
    act(client, first, "add_item", title="陶家宅交流", minutes="15", kind="speech", presenter_unit=committee.pk)
    item = AgendaItem.objects.get(title="陶家宅交流")
    act(client, first, "call")
    assert Message.objects.filter(template="activities.invited").count() == first.attendees.count() > 0
    act(secretary, first, "hand_in", item=item.pk, text="我们从微网格做起")
    act(client, first, "begin")
    # minuted: what was said, a task, a point raised as a difficulty
    answer = post(client, f"/desk/meetings/{first.uuid}/items/{item.pk}/record/", record="停车是共同的难题", version=1)
    assert "已保存" in answer.content.decode()
    task = {"item": item.pk, "kind": "task", "text": "摸排可错时停车的单位"}
    minute(client, first, "decide", **task, unit=world.units["management"].pk, due_on="2026-03-31")
    refused = client.post(
        f"/desk/meetings/{first.uuid}/minute/",
        {"act": "decide", **task, "unit": committee.pk, "due_on": "2026-03-31"},
    )
    assert refused.status_code == 422
    assert "协助行政事项" in refused.content.decode() or "清单" in refused.content.decode()
    assert "摸排可错时停车的单位" in refused.content.decode()
    minute(client, first, "propose", item=item.pk, proposal="raise", title="停车难点赌点", difficulty="1")
    minute(client, first, "finish")
    # the difficulty list keeps the slip and finds it by the right word
    for spelling in ("堵点", "赌点"):
        found = client.get("/desk/topics/", {"box": "difficulty", "q": spelling}).content.decode()
        assert "停车难点赌点" in found
    # 领题, then in the second month: the tasks first, the topic carried, 破题 and accepted
    topic = Topic.objects.get()
    url = f"/desk/topics/{topic.uuid}/"
    answer = post(client, url, act="own", unit=world.units["management"].pk, due_on="2026-04-30", version=topic.version)
    assert answer.status_code == 302
    stale = post(client, url, act="own", unit=world.units["safety"].pk, due_on="2026-04-30", version=topic.version)
    assert stale.status_code == 409
    done = Task.objects.get()
    projects.end_task(by=world.actor("guanliban"), now=MORNING, task=done, result="已摸排 12 家")
    with clock.frozen(LATER):
        client = enter(world, "zhiban")  # the session of last month has ended
        page = client.get(f"/desk/meetings/{second.uuid}/").content.decode()
        assert page.index("上次会议任务落实情况") < page.index("居民区交流发言")
        assert "已摸排 12 家" in page
        assert "停车难点赌点" in page
        act(client, second, "begin")
        minute(client, second, "summary", summary="两个月来停车难题取得进展")
        minute(client, second, "finish")
        owner = enter(world, "guanliban")
        assert post(owner, url, act="solve", result="与三家单位错时共享", evidence="").status_code == 422
        assert post(owner, url, act="solve", result="与三家单位错时共享", evidence="协议三份").status_code == 302
        assert post(client, url, act="accept").status_code == 302
    topic.refresh_from_db()
    assert topic.state == "closed"
    review = second.items.get(kind="review").snapshot
    assert (review["done"], review["open"]) == (1, 0)


def test_minutes_go_round_are_sealed_and_come_as_docx(world, talk):
    client, (first, _second) = talk
    act(client, first, "begin")
    item = first.items.get(kind="speech")
    minute(client, first, "record", item=item.pk, record="各居民区交流了做法", version=1)
    minute(
        client, first, "decide", item=item.pk, kind="task", text="完善微网格台账",
        unit=world.units["management"].pk, due_on="2026-03-31",
    )  # fmt: skip
    minute(client, first, "decide", item=item.pk, kind="decision", text="每季度复盘一次")
    shown = [a.pk for a in first.attendees.all()]
    act(client, first, "attendance", shown=shown, **{f"came_{shown[0]}": 1})
    minute(client, first, "finish")
    act(client, first, "circulate")
    reader = enter(world, "shuji")
    act(reader, first, "remark", text="请补充时间")
    assert client.post(f"/desk/meetings/{first.uuid}/", {"act": "seal"}).status_code == 422
    act(client, first, "answer_remark", remark=first.remarks.get().pk, answer="已在标题注明")
    act(client, first, "seal")
    page = client.get(f"/desk/meetings/{first.uuid}/?tab=record").content.decode()
    assert "内容与定稿时一致" in page
    task = Task.objects.get()
    assert client.get(f"/desk/meetings/decisions/{task.source_uuid}/").url.startswith(f"/desk/meetings/{first.uuid}/")
    answer = client.get(f"/desk/meetings/{first.uuid}/minutes.docx")
    document = Document(BytesIO(answer.content))
    text = "\n".join(p.text for p in document.paragraphs)
    said = ("各居民区交流了做法", "【决定】每季度复盘一次", "缺席")
    for expected in ("居民区书记月谈会", "街道会议室", "街道党工委书记", *said):
        assert expected in text
    assert [c.text for c in document.tables[0].rows[1].cells] == ["完善微网格台账", "街道社区管理办公室", "2026-03-31"]
    assert client.post(f"/desk/meetings/{first.uuid}/minute/", {"act": "summary", "summary": "改"}).status_code == 409
    assert client.get(f"/desk/meetings/{first.uuid}/print/").status_code == 200


def test_two_minuting_at_once_lose_nothing(world, talk):
    client, (first, _second) = talk
    act(client, first, "begin")
    item = first.items.get(kind="speech")
    url = f"/desk/meetings/{first.uuid}/items/{item.pk}/record/"
    assert "已保存" in post(client, url, record="甲写的", version=1).content.decode()
    other = enter(world, "paidan")
    told = post(other, url, record="乙写的", version=1).content.decode()
    assert "甲写的" in told
    assert 'value="2"' in told
    # without scripts the same: the page comes back with both texts
    plain = other.post(
        f"/desk/meetings/{first.uuid}/minute/", {"act": "record", "item": item.pk, "record": "乙写的", "version": 1}
    )
    assert plain.status_code == 409
    assert "甲写的" in plain.content.decode()
    assert "乙写的" in plain.content.decode()


def plan(client, world, kind, **more):
    data = {
        "kind": kind, "title": "全国文明城区创建推进会", "unit": world.units["development"].pk,
        "starts_at": "2026-03-12T14:00", "ends_at": "2026-03-12T16:00", "place": "主会场（三楼）", **more,
    }  # fmt: skip
    answer = client.post("/desk/meetings/new/", data)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Meeting.objects.get(title=data["title"])


@pytest.mark.mechanism("004-01")
def test_a_push_meeting_with_a_branch_venue_counts_who_came_where(world):
    client = enter(world, "zhiban")
    units = [world.units[k] for k in ("management", "safety", "service")]
    meeting = plan(
        client, world, "push", branches="陶家宅分会场｜888 123", units=[u.pk for u in units], guests="志愿者代表 5"
    )
    act(client, meeting, "call")
    branch = meeting.venues.get(order=1)
    rows = {a.unit_id or a.title: a for a in Attendee.objects.filter(meeting=meeting)}
    here, there, guests = rows[units[0].pk], rows[units[1].pk], rows["志愿者代表"]
    with clock.frozen(meeting.starts_at):
        client = enter(world, "zhiban")
        # the branch signs in by QR, the rest on paper
        token = meetings.sign_token(meeting, branch.pk, meeting.starts_at)
        scanned = enter(world, "pinganban")
        assert scanned.get(f"/desk/meetings/sign/{token}/").status_code == 200
        assert "签到成功" in scanned.post(f"/desk/meetings/sign/{token}/").content.decode()
        assert "不必再扫" in scanned.post(f"/desk/meetings/sign/{token}/").content.decode()
        act(
            client, meeting, "attendance", shown=[here.pk, there.pk, guests.pk],
            **{f"came_{here.pk}": 1, f"came_{guests.pk}": 4, f"venue_{there.pk}": branch.pk},
        )  # fmt: skip
        page = client.get(f"/desk/meetings/{meeting.uuid}/?tab=sign").content.decode()
        assert "陶家宅分会场" in page
    there.refresh_from_db()
    assert (there.came, there.way, there.venue_id) == (1, "qr", branch.pk)
    assert sum(a.came for a in Attendee.objects.filter(meeting=meeting)) == 6
    client = enter(world, "zhiban")
    assert "陶家宅分会场" in client.get(f"/desk/meetings/{meeting.uuid}/signsheet/").content.decode()
    assert "<svg" in client.get(f"/desk/meetings/{meeting.uuid}/qr/").content.decode()


def test_a_code_opens_and_ends_with_the_meeting_and_is_no_other(world):
    client = enter(world, "zhiban")
    meeting = plan(client, world, "training", units=[world.units["safety"].pk])
    token = meetings.sign_token(meeting, None, MORNING)
    guest = enter(world, "chengguan")
    assert guest.post(f"/desk/meetings/sign/{token}/").status_code == 409
    with clock.frozen(meeting.ends_at + timedelta(hours=1)):
        guest = enter(world, "chengguan")
        assert guest.post(f"/desk/meetings/sign/{token}/").status_code == 409
    assert guest.post(f"/desk/meetings/sign/{token}x/").status_code == 404
    with clock.frozen(meeting.starts_at):
        guest = enter(world, "chengguan")
        assert "现场加入" in guest.post(f"/desk/meetings/sign/{token}/").content.decode()


@pytest.mark.mechanism("002-22", "002-23", "002-24")
def test_the_deputies_research_a_motion_its_reply_and_the_talks(world):
    client = enter(world, "dangzheng")
    meeting = plan(
        client, world, "research", title="福山小区加装电梯调研", unit=world.units["party"].pk,
        guests="人大代表 6\n居民代表 4",
    )  # fmt: skip
    act(client, meeting, "begin")
    guests = {a.title: a for a in meeting.attendees.all()}
    act(client, meeting, "attendance", shown=[a.pk for a in guests.values()], **{f"came_{guests['人大代表'].pk}": 6})
    item = meeting.items.get(title="现场座谈")
    minute(client, meeting, "record", item=item.pk, record="燃气管道移位费用高、周期长", version=1)
    minute(client, meeting, "finish")
    answer = post(
        client, "/desk/deputies/new/", kind="bill", title="关于加装电梯燃气管道移位的议案", text="一、……",
        proposers="区人大代表 6 人", meeting=meeting.pk,
    )  # fmt: skip
    motion = Motion.objects.get()
    url = f"/desk/deputies/{motion.uuid}/"
    assert (answer.status_code, motion.meeting_id) == (302, meeting.pk)
    assert post(client, url, act="rewrite", text="二稿", version=1).status_code == 302
    late = post(client, url, act="rewrite", text="另一个二稿", version=1)
    assert late.status_code == 409
    assert "另一个二稿" in late.content.decode()
    sent = {"act": "submit", "platform": "人大代表履职平台", "submitted_on": "2026-03-10", "reply_due_on": "2026-06-10"}
    assert post(client, url, **sent, number="").status_code == 422
    assert post(client, url, **sent, number="2026-0117").status_code == 302
    with clock.frozen(MORNING + timedelta(days=120)):
        late = enter(world, "dangzheng")
        assert "2026-0117" in late.get("/desk/deputies/", {"box": "late"}).content.decode()
        said = {"act": "reply", "replied_by": "区建设主管部门", "reply": "已协调燃气公司"}
        assert post(late, url, **said, replied_on="2026-12-01").status_code == 422
        assert post(late, url, **said, replied_on="2026-06-01").status_code == 302
    assert post(client, "/desk/deputies/talks/new/", title="燃气管道移位", third_party="燃气公司", motion=motion.pk)
    talks = Negotiation.objects.get()
    say = {"act": "round", "on": "2026-03-09", "who": "街道办事处分管领导、人大代表 2 人、燃气公司代表"}
    for heard in ("报价偏高", "同意减免设计费"):
        answer = post(client, f"/desk/deputies/talks/{talks.uuid}/", **say, said=heard, next_step="书面报价")
        assert answer.status_code == 302
    page = client.get(f"/desk/deputies/talks/{talks.uuid}/").content.decode()
    assert "同意减免设计费" in page
    post(client, f"/desk/deputies/talks/{talks.uuid}/", act="end", on="2026-03-10", result="费用减半，4 月进场")
    post(client, url, act="end", result="已列入计划")
    motion.refresh_from_db()
    assert (motion.state, motion.outside_number, motion.texts.count()) == ("ended", "2026-0117", 2)
    # nobody but the offices and their leaders sees the deputies' records
    for stranger in ("shuji", "chengguan", "wuye", "jumin", "xitong"):
        assert enter(world, stranger).get(url).status_code == 403


def test_who_is_invited_answers_and_who_is_not_sees_nothing(world):
    client = enter(world, "zhiban")
    meeting = plan(client, world, "joint", units=[world.units["safety"].pk])
    url = f"/desk/meetings/{meeting.uuid}/"
    invited, stranger = enter(world, "pinganban"), enter(world, "fuwuban")
    assert invited.get(url).status_code == 200
    assert stranger.get(url).status_code == 404
    assert post(invited, url, act="reply", reply="decline", reason="").status_code == 422
    assert post(invited, url, act="reply", reply="decline", reason="防汛值班").status_code == 302
    assert post(invited, url, act="call").status_code == 403
    assert post(invited, url, act="reply", reply="send", sent="平安办工作人员").status_code == 302
    row = meeting.attendees.get()
    assert (row.reply, row.sent, row.reason) == ("send", "平安办工作人员", "")
    assert post(client, url, act="cancel", reason="").status_code == 422
    edit = {
        "title": meeting.title, "starts_at": "2026-03-13T14:00", "ends_at": "2026-03-13T15:00", "place": "二楼",
        "version": meeting.version,
    }  # fmt: skip
    act(client, meeting, "call")
    stale = client.post(f"{url}edit/", edit)
    assert stale.status_code == 409
    assert "二楼" in stale.content.decode()
    meeting.refresh_from_db()
    assert client.post(f"{url}edit/", {**edit, "version": meeting.version}).status_code == 302
    assert Message.objects.filter(template="activities.changed").count() == 1
    act(client, meeting, "cancel", reason="与上级会议冲突")
    assert Message.objects.filter(template="activities.cancelled").count() == 1


def test_standing_topics_are_entered_by_each_neighbourhood_and_never_ranked(world):
    own, other = world.units["@陶家宅"], world.units["@华一"]
    client = enter(world, "shuji")
    sent = {"topic": "microgrid", "month": "2026-03", f"value_{own.pk}": "12", f"value_{other.pk}": "99"}
    assert client.post("/desk/standing/", sent).status_code == 302
    answer = client.get("/desk/standing/?topic=microgrid&month=2026-03")
    assert 'value="12"' in answer.content.decode()
    assert 'value="99"' not in answer.content.decode()
    assert "99" not in words(answer)
    wrong = client.post("/desk/standing/", {**sent, f"value_{own.pk}": "十二"})
    assert wrong.status_code == 422
    assert "十二" in wrong.content.decode()


def test_lists_of_two_hundred_meetings_cost_few_statements(world, django_assert_max_num_queries):
    by, unit = world.actor("zhiban"), world.units["development"]
    rows = [
        Meeting(
            kind="seminar", title=f"研讨会 {n}", unit=unit, starts_at=MORNING + timedelta(days=n % 90, minutes=n),
            ends_at=MORNING + timedelta(days=n % 90, minutes=n + 60), created_label=by.label, created_at=MORNING,
            words=f"研讨会{n}",
        )
        for n in range(230)
    ]  # fmt: skip
    Meeting.objects.bulk_create(rows)
    Topic.objects.bulk_create(
        Topic(title=f"难题 {n}", words=f"难题{n}", raised_at=MORNING, raised_label=by.label) for n in range(230)
    )
    client = enter(world, "zhiban")
    client.get("/desk/meetings/?box=all")
    for url in ("/desk/meetings/?box=all&q=研讨", "/desk/meetings/calendar/", "/desk/topics/"):
        with django_assert_max_num_queries(8):
            answer = client.get(url)
        assert answer.status_code == 200
    page = client.get("/desk/meetings/?box=all").content.decode()
    assert "下一页" in page


def waiting(world, title):
    """Return a case that waits for a consultation of its grid."""
    case = handled(world, make_case(world, text=title))
    cases.raise_level(by=world.actor("wanggezhang"), now=MORNING, case=case, reason="涉及多个单位")
    return fresh(case.number)


@pytest.mark.mechanism("001-11")
def test_a_grid_coordination_meeting_takes_its_agenda_from_two_waiting_problems(world):
    problems = [waiting(world, "楼道堆物两年清不掉"), waiting(world, "非机动车占了消防通道")]
    client = enter(world, "wanggezhang")
    grid = next(a for a in world.actor("wanggezhang").grants if a.area_path)
    form = client.get("/desk/meetings/new/?kind=grid_coordination").content.decode()
    assert "网格党建协调会议" in form
    area = int(grid.area_path.strip("/").rpartition("/")[2])
    meeting = plan(
        client, world, "grid_coordination", title="三月网格党建协调会议", unit=grid.unit_id, area=area,
        units=[world.units["enforcement"].pk],
    )  # fmt: skip
    assert [i.kind for i in meeting.items.all()] == ["case", "case", "item"]
    assert [fresh(c.number).state for c in problems] == ["consulting"] * 2
    consultation = Consultation.objects.get(meeting=meeting)
    page = client.get(f"/desk/meetings/{meeting.uuid}/").content.decode()
    assert all(c.number in page for c in problems)
    assert f"/desk/consultations/{consultation.uuid}/" in page
    url = f"/desk/consultations/{consultation.uuid}/"
    assert "其他需要协调的事项" in client.get(url).content.decode()
    # it cannot be called off or sent round while a problem waits for its decision
    assert client.post(f"/desk/meetings/{meeting.uuid}/", {"act": "cancel", "reason": "改期"}).status_code == 409
    unit = world.units["property"].pk
    data = {"minutes": "两件均由物业牵头", "attended": [unit]}
    for n, case in enumerate(problems, 1):
        data |= {
            f"decision_{case.pk}": f"决定{n}", f"task_title_{case.pk}": f"清理{n}", f"task_unit_{case.pk}": unit,
            f"task_due_{case.pk}": "2026-03-31", f"task_entry_{case.pk}": "", f"task_reason_{case.pk}": "",
        }  # fmt: skip
    assert client.post(url, data).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.state, meeting.summary) == ("minuted", "两件均由物业牵头")
    assert meeting.attendees.get(unit=unit).came == 1
    page = client.get(f"/desk/meetings/{meeting.uuid}/?tab=record").content.decode()
    assert page.count("决定1") >= 1
    tasks = client.get(f"/desk/meetings/{meeting.uuid}/?tab=tasks").content.decode()
    assert "清理1" in tasks
    assert "清理2" in tasks


def test_convening_a_consultation_makes_its_meeting(world):
    case = waiting(world, "楼道堆物两年清不掉")
    client = enter(world, "wanggezhang")
    data = {"cases": [case.pk], "title": "楼道堆物协调会", "held_at": "2026-03-12T14:00", "place": "居委会议室"}
    answer = client.post("/desk/consultations/new/", {**data, "units": [world.units["safety"].pk]})
    assert answer.status_code == 302
    meeting = Consultation.objects.get().meeting
    assert (meeting.kind, meeting.state, meeting.title) == ("grid_coordination", "called", "楼道堆物协调会")
    assert enter(world, "pinganban").get(f"/desk/meetings/{meeting.uuid}/").status_code == 200


@pytest.mark.mechanism("000-23")
def test_a_training_meeting_keeps_papers_minutes_tasks_and_who_came_by_unit(world):
    client = enter(world, "zhiban")
    safety, service = world.units["safety"], world.units["service"]
    meeting = plan(client, world, "training", title="创建工作推进培训会", units=[safety.pk, service.pk])
    url = f"/desk/meetings/{meeting.uuid}/"
    paper = SimpleUploadedFile("实地测评要点.pdf", PDF, "application/pdf")
    assert client.post(url, {"act": "paper", "title": "实地测评要点", "file": paper}).status_code == 302
    assert client.post(url, {"act": "paper", "title": "空"}).status_code == 422
    act(client, meeting, "call")
    reader, stranger = enter(world, "pinganban"), enter(world, "guanliban")
    file = meeting.papers.get().file.uuid
    assert reader.get(f"/desk/meetings/papers/{file}/").getvalue() == PDF
    assert stranger.get(f"/desk/meetings/papers/{file}/").status_code == 404
    act(client, meeting, "begin")
    item = meeting.items.get(title="业务培训")
    minute(client, meeting, "record", item=item.pk, record="讲解实地测评要点", version=1)
    minute(
        client, meeting, "decide", item=item.pk, kind="task", text="逐点自测并整改", unit=safety.pk,
        due_on="2026-03-31",
    )  # fmt: skip
    came = meeting.attendees.get(unit=safety)
    act(client, meeting, "attendance", shown=[a.pk for a in meeting.attendees.all()], **{f"came_{came.pk}": 1})
    minute(client, meeting, "finish")
    assert "逐点自测并整改" in client.get(f"{url}?tab=tasks").content.decode()
    printed = client.get(f"{url}print/").content.decode()
    present, absent = printed.index(f"<td>{safety.name}"), printed.index(f"<td>{service.name}")
    assert present < printed.index("缺席") < absent


@pytest.mark.mechanism("001-60", "002-20")
def test_a_conference_and_a_seminar_with_its_theme_are_on_record(world):
    client = enter(world, "zhiban")
    for kind, title, theme, item_title in (
        ("integrity", "坚持全面从严治党暨党风廉政建设大会", "", "会议报告"),
        ("seminar", "党建研讨会", "党建引领楼宇治理", "主题讨论"),
    ):
        meeting = plan(client, world, kind, title=title, theme=theme, units=[world.units["safety"].pk])
        act(client, meeting, "begin")
        item = meeting.items.get(title=item_title)
        minute(client, meeting, "record", item=item.pk, record=f"{title}的记录", version=1)
        minute(client, meeting, "finish")
        page = client.get(f"/desk/meetings/{meeting.uuid}/?tab=record").content.decode()
        assert f"{title}的记录" in page
        assert theme in page
    found = client.get("/desk/meetings/", {"box": "all", "q": "楼宇治理"}).content.decode()
    assert "党建研讨会" in found
    assert "从严治党" not in found


def test_what_no_form_offers_is_left_out_or_refused(world):
    client = enter(world, "zhiban")
    gone = 987_654_321
    meeting = plan(client, world, "joint", units=[world.units["safety"].pk, gone], secretary=gone)
    assert (meeting.attendees.count(), meeting.secretary) == (1, None)
    url = f"/desk/meetings/{meeting.uuid}/"
    assert client.post(url, {"act": "add_item", "title": "议题", "presenter_unit": gone}).status_code == 302
    assert client.post(url, {"act": "invite", "units": [gone]}).status_code == 422
    assert client.post(url, {"act": "up", "item": gone}).status_code == 404
    assert client.post(url, {"act": "nothing"}).status_code == 422
    act(client, meeting, "begin")
    task = {"act": "decide", "kind": "task", "text": "x", "due_on": "2026-03-31", "unit": gone}
    assert client.post(f"{url}minute/", task).status_code == 422
    made = client.post("/desk/topics/new/", {"title": "难题", "area": gone, "series": gone})
    assert made.status_code == 302
    assert (Topic.objects.get().area, Topic.objects.get().series) == (None, None)
