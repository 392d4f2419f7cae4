"""Topics and papers with their files: evidence, handing over, papers of one item, what the night takes away."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.engines.activities import services
from linli.engines.activities.models import AgendaItem, Meeting, Paper, Topic, TopicFile
from linli.engines.activities.types import NewTopic
from linli.engines.projects import services as projects
from linli.engines.projects.models import TaskFile
from linli.engines.projects.types import NewTask
from linli.foundation.accounts import services as accounts
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.files import selectors as stored
from linli.foundation.files import services as files
from linli.foundation.files.models import StoredFile
from linli.foundation.files.tests import samples
from linli.foundation.jobs.services import delete_what_is_over
from linli.foundation.journal.models import Entry
from linli.foundation.messages.models import Message
from linli.foundation.people import services as people
from linli.interfaces.desk.tests.help import enter

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def picture(name="x.jpg"):
    return SimpleUploadedFile(name, samples.encoded("JPEG"))


@pytest.fixture
def at(world):
    with clock.frozen(world.now):
        yield world


@pytest.fixture
def owned(at):
    """A topic taken on by the unit of 城管."""
    topic = services.raise_topic(by=at.actor("zhiban"), now=at.now, data=NewTopic("路口停车难"))
    due = (at.now + timedelta(days=20)).date()
    unit = at.units["management"].pk
    return services.own_topic(by=at.actor("zhiban"), now=at.now, topic=topic, unit_id=unit, due_on=due)


def test_a_topic_is_owed_by_who_took_it_on_until_it_is_solved(at, owned):
    head = head_of(at, at.units["management"])
    assert "路口停车难" not in enter(at, head).get("/desk/owed/").content.decode()  # in 20 days
    with clock.frozen(at.now + timedelta(days=14)):
        page = enter(at, head).get("/desk/owed/").content.decode()
        assert f"/desk/topics/{owned.uuid}/" in page
        assert "领题" in page
        person = appointed(at, at.units["management"], "pianqu")
        at.users["pianqu"] = person
        assert "路口停车难" in enter(at, "pianqu").get("/desk/owed/?scope=me").content.decode()  # nobody's yet
    with clock.frozen(at.now + timedelta(days=21)):
        assert "已超期" in enter(at, head).get("/desk/owed/").content.decode()
        assert "路口停车难" not in enter(at, "fangguan").get("/desk/owed/").content.decode()
        services.solve_topic(by=at.actor(head), now=clock.now(), topic=owned, result="单边停放", evidence="现场照片")
        assert "路口停车难" not in enter(at, head).get("/desk/owed/").content.decode()


def head_of(world, unit):
    """Return the name under which the head of the unit logs in."""
    for name in world.users:
        if any(g.unit_id == unit.pk and g.role == "unit_head" for g in world.actor(name).grants):
            return name
    raise LookupError


def appointed(world, unit, name):
    """Return a new handler of the unit."""
    user = accounts.create_user(username=name, display_name=name, by=SYSTEM, now=world.now)
    post = people.create_post(by=SYSTEM, now=world.now, unit=unit, role="unit_handler", title="片区负责人")
    people.appoint(by=SYSTEM, now=world.now, user_id=user.pk, post=post, starts_on=world.now.date())
    return user


def test_evidence_comes_with_each_step_and_only_who_reads_the_topic_sees_it(at):
    client = enter(at, "zhiban")
    bad = client.post(
        "/desk/topics/new/",
        {"title": "路口停车难", "text": "早晚高峰堵", "photos": [picture(), SimpleUploadedFile("x.exe", b"MZ" * 90)]},
    )
    assert bad.status_code == 422
    page = bad.content.decode()
    assert "有文件不能上传" in page
    assert "早晚高峰堵" in page
    kept = str(StoredFile.objects.get().uuid)
    assert f'value="{kept}"' in page  # what was taken is not lost
    made = client.post("/desk/topics/new/", {"title": "路口停车难", "text": "早晚高峰堵", "file": kept})
    assert made.status_code == 302
    topic = Topic.objects.get()
    assert TopicFile.objects.get(topic=topic).note.step == "raise"
    services.own_topic(
        by=at.actor("zhiban"), now=at.now, topic=topic, unit_id=at.units["management"].pk,
        due_on=(at.now + timedelta(days=20)).date(),
    )  # fmt: skip
    head = enter(at, head_of(at, at.units["management"]))
    url = f"/desk/topics/{topic.uuid}/"
    assert head.post(url, {"act": "note", "text": "已摸排", "photos": [picture("a.jpg")]}).status_code == 302
    # neither words nor files: refused; a refused result keeps its files; files alone are evidence enough
    topic.refresh_from_db()
    lacking = {"act": "solve", "result": "错时停车 40 个", "version": topic.version}
    assert head.post(url, lacking).status_code == 422
    refused = head.post(
        url, {**lacking, "result": "", "photos": [SimpleUploadedFile("协议.pdf", PDF), picture("b.jpg")]}
    )
    assert refused.status_code == 422
    tokens = [str(r.uuid) for r in StoredFile.objects.order_by("-id")[:2]]
    assert all(f'value="{t}"' in refused.content.decode() for t in tokens)
    assert head.post(url, {**lacking, "file": tokens}).status_code == 302
    topic.refresh_from_db()
    assert topic.state == "solved"
    assert topic.evidence == "见所附照片和文件（2 份）。"
    page = client.get(url).content.decode()
    shown = TopicFile.objects.filter(topic=topic).select_related("file")
    assert shown.count() == 4
    for row in shown:
        size = "320" if row.file.has_shown else "original"
        address = f"{url}files/{row.file.uuid}/{size}/"
        assert address in page
        assert client.get(address).status_code == 200
        assert enter(at, "wuye").get(address).status_code == 404
        assert client.get(f"/desk/topics/{row.file.uuid}/files/{row.file.uuid}/{size}/").status_code == 404


def test_many_notes_and_files_take_few_statements(at, owned, django_assert_max_num_queries):
    by = at.actor("zhiban")
    for n in range(60):
        row = files.store(by=by, now=at.now, content=samples.encoded("JPEG"), name=f"{n}.jpg", purpose="case")
        services.add_note(by=by, now=at.now, topic=owned, text=f"进展 {n}", files=[row.pk])
    client = enter(at, "zhiban")
    client.get(f"/desk/topics/{owned.uuid}/")
    with django_assert_max_num_queries(12):
        page = client.get(f"/desk/topics/{owned.uuid}/").content.decode()
    assert page.count("/320/") == 60


def test_a_topic_is_handed_over_to_somebody_of_the_unit(at, owned):
    head = head_of(at, at.units["management"])
    client, url = enter(at, head), f"/desk/topics/{owned.uuid}/"
    page = client.get(url).content.decode()
    assert "转交给他人" in page
    assert f'value="{owned.due_on:%Y-%m-%d}"' in page  # a change of unit begins with what stands
    assert f'<option value="{owned.unit_id}" selected>' in page
    to = appointed(at, at.units["management"], "pianqu")
    sent = {"act": "pass", "user": to.pk, "reason": "由片区负责人接手", "version": owned.version}
    assert client.post(url, {**sent, "reason": ""}).status_code == 422
    wrong = client.post(url, {**sent, "user": at.users["shuji"].pk})
    assert wrong.status_code == 422
    assert "请选择领题单位的人员" in wrong.content.decode()
    assert "由片区负责人接手" in wrong.content.decode()
    assert enter(at, "wuye").post(url, sent).status_code == 404
    assert client.post(url, sent).status_code == 302
    owned.refresh_from_db()
    assert owned.user_id == to.pk
    told = Message.objects.get(template="activities.topic_passed")
    assert told.user_id == to.pk
    assert "由片区负责人接手" in client.get(url).content.decode()
    entry = Entry.objects.get(verb="activities.topic_pass")
    before, after = entry.before or {}, entry.after or {}
    assert (before["user"], after["user"], entry.reason) == (None, to.pk, "由片区负责人接手")
    stale = client.post(url, {**sent, "user": "", "reason": "退回单位"})
    assert stale.status_code == 409
    assert client.post(url, {**sent, "user": "", "reason": "退回单位", "version": owned.version}).status_code == 302
    owned.refresh_from_db()
    assert owned.user_id is None


def test_papers_of_an_item(at):
    lead, committee = enter(at, "zhiban"), at.units["@陶家宅"]
    lead.post(
        "/desk/meetings/new/",
        {
            "kind": "joint", "title": "联席会议", "unit": at.units["development"].pk, "place": "三楼",
            "starts_at": "2026-03-20T14:00", "ends_at": "2026-03-20T16:00", "units": [committee.pk],
        },
    )  # fmt: skip
    meeting = Meeting.objects.get()
    url = f"/desk/meetings/{meeting.uuid}/"
    lead.post(url, {"act": "add_item", "title": "陶家宅交流", "minutes": 15, "presenter_unit": committee.pk})
    own, other = AgendaItem.objects.get(title="陶家宅交流"), meeting.items.order_by("order").first()
    secretary = enter(at, "shuji")
    sent = {"act": "item_paper", "item": own.pk, "title": "陶家宅台账"}
    nothing = secretary.post(url, sent)
    assert nothing.status_code == 422
    assert "请选择一个文件" in nothing.content.decode()
    assert "陶家宅台账" in nothing.content.decode()
    assert secretary.post(url, {**sent, "file": SimpleUploadedFile("台账.pdf", PDF)}).status_code == 302
    elsewhere = secretary.post(url, {**sent, "item": other.pk, "file": SimpleUploadedFile("x.pdf", PDF)})
    assert elsewhere.status_code == 403
    assert (
        lead.post(url, {"act": "paper", "title": "会议手册", "file": SimpleUploadedFile("y.pdf", PDF)}).status_code
        == 302
    )
    assert StoredFile.objects.count() == 2  # what is refused is not stored
    paper = Paper.objects.get(item=own)
    address = f"/desk/meetings/papers/{paper.file.uuid}/"
    for client in (lead, secretary):
        assert address in client.get(url).content.decode()
        assert client.get(address).status_code == 200
    assert enter(at, "wuye").get(address).status_code == 404
    assert "议题“陶家宅交流”" in lead.get(f"{url}?tab=papers").content.decode()
    printed = lead.get(f"{url}print/").content.decode()
    assert "材料：陶家宅台账" in printed
    assert "会议手册" in printed
    assert secretary.post(url, {"act": "drop_item_paper", "paper": Paper.objects.get(item=None).pk}).status_code == 403
    assert secretary.post(url, {"act": "drop_item_paper", "paper": paper.pk}).status_code == 302
    assert "陶家宅台账" not in lead.get(f"{url}print/").content.decode()


def test_the_night_takes_what_no_room_names_and_nothing_else(at):
    """Of all rooms alike: a refused form of the alliance, a paper taken back; evidence of a task or topic stays."""
    by = at.actor("zhiban")

    def store(purpose):
        return files.store(by=by, now=at.now, content=samples.encoded("JPEG"), name="x.jpg", purpose=purpose)

    task = projects.create_tasks(
        by=by,
        now=at.now,
        tasks=[NewTask(title="摸排", unit_id=at.units["management"].pk, due_on=at.now.date(), source_label="工作例会")],
    )[0]
    kept = [store("case"), store("case"), store("case"), store("meeting")]
    TaskFile.objects.create(task=task, file=kept[0], event_seq=1)
    topic = services.raise_topic(by=by, now=at.now, data=NewTopic("难题", files=(kept[1].pk,)))
    services.add_note(by=by, now=at.now, topic=topic, text="进展", files=[kept[2].pk])
    lost = [store(p) for p in ("alliance", "meeting", "praise", "case", "publishing")]
    for later, gone in ((timedelta(hours=20), 0), (timedelta(hours=30), len(lost) + 1)):
        found = delete_what_is_over(now=at.now + later)
        assert found.get("files.upload", 0) == gone
    for row in lost:
        row.refresh_from_db()
        assert row.deleted_why == "上传后未提交"
    alive = set(StoredFile.objects.filter(deleted_at=None).values_list("pk", flat=True))
    assert alive == {r.pk for r in kept[:3]}
    assert stored.attached(alive) == alive
    assert stored.own_uploads(SYSTEM, [kept[0].uuid], now=at.now, purpose="case") == {}
