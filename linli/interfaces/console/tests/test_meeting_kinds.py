"""Kinds of meetings in the console: entered, changed, retired; what a meeting takes from its kind."""

from io import BytesIO

import pytest
from docx import Document

from linli.engines.activities import selectors, services
from linli.engines.activities.models import Meeting, MeetingKind
from linli.engines.activities.types import KindData
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import ForbiddenError, StaleError
from linli.foundation.journal.models import Entry
from linli.interfaces.desk.tests.help import enter
from tests.races import at_once, one_wins

pytestmark = pytest.mark.django_db
ROOT = "/console/meetings/"
FIELDS = {
    "name": "楼组长例会",
    "convener": "居民区党组织",
    "minutes": 45,
    "order": 200,
    "groups": ["secretary", "director"],
    "unit_kinds": ["property_company"],
    "guests": "楼组长\n志愿者",
    "form": "summary",
    "sections": "会议认为\n会议要求",
    "traits": ["series"],
    "item_title": ["楼道安全通报", "", "楼组交流"],
    "item_kind": ["item", "item", "speech"],
    "item_minutes": ["15", "10", "30"],
    "item_presenter": ["居委会主任", "", ""],
    "place_microgrid": "1",
    "place_venue_upgrade": "2",
    "version": 0,
}


@pytest.fixture
def admin(world):
    with clock.frozen(world.now):
        yield enter(world, "xitong")


def made():
    return selectors.kind(MeetingKind.objects.get(code__startswith="own_").code)


def test_a_kind_is_entered_and_a_meeting_of_it_begins_as_it_says(world, admin):
    assert admin.post(f"{ROOT}new/", FIELDS).status_code == 302
    kind = made()
    assert (kind.minutes, kind.form, kind.standing) == (45, "summary", ("microgrid", "venue_upgrade"))
    assert [(i.title, i.kind, i.minutes) for i in kind.agenda] == [
        ("楼道安全通报", "item", 15),
        ("楼组交流", "speech", 30),
    ]
    listed = admin.get(ROOT, {"q": "楼组交流"}).content.decode()
    assert "楼组长例会" in listed
    assert "党工委协调会" not in listed
    assert "没有符合的" in admin.get(ROOT, {"q": "查无此会"}).content.decode()
    desk = enter(world, "zhiban")
    form = desk.get("/desk/meetings/new/", {"kind": kind.code}).content.decode()
    for words in ("楼组长 1", "T14:45", "微网格建设", "楼组交流"):
        assert words in form
    answer = desk.post(
        "/desk/meetings/new/",
        {
            "kind": kind.code, "title": "三月楼组长例会", "unit": world.units["development"].pk, "place": "居委会",
            "starts_at": "2026-03-20T14:00", "ends_at": "2026-03-20T14:45", "groups": ["secretary"],
            "areas": [world.areas["陶家宅"].pk], "standing": list(kind.standing),
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()[:2000]
    meeting = Meeting.objects.get()
    assert meeting.form == "summary"
    assert list(meeting.items.values_list("title", flat=True)) == [
        "微网格建设", "阵地功能提升", "楼道安全通报", "楼组交流",
    ]  # fmt: skip
    # the minutes: the headings stand there, what was said stays out of the document
    page = f"/desk/meetings/{meeting.uuid}/"
    desk.post(page, {"act": "begin"})
    assert "会议认为：\n会议要求：" in desk.get(f"{page}minute/").content.decode()
    item = meeting.items.last()
    desk.post(f"{page}items/{item.pk}/record/", {"record": "逐句的发言", "version": 1})
    desk.post(f"{page}minute/", {"act": "summary", "summary": "会议认为：楼道要常清"})
    assert desk.post(f"{page}minute/", {"act": "finish"}).status_code == 302
    text = "\n".join(p.text for p in Document(BytesIO(desk.get(f"{page}minutes.docx").content)).paragraphs)
    assert "会议纪要" in text
    assert "楼道要常清" in text
    assert "逐句的发言" not in text
    printed = desk.get(f"{page}print/").content.decode()
    assert "会议纪要" in printed
    assert "逐句的发言" not in printed
    # what is used is not deleted; it is retired with a reason and offered no more, its meeting stays
    assert "从未用过" not in admin.get(f"{ROOT}{kind.code}/").content.decode()
    assert admin.post(f"{ROOT}{kind.code}/delete/").status_code == 409
    assert admin.post(f"{ROOT}{kind.code}/switch/", {"reason": "", "version": kind.version}).status_code == 422
    assert admin.post(f"{ROOT}{kind.code}/switch/", {"reason": "并入例会", "version": kind.version}).status_code == 302
    assert "楼组长例会" not in desk.get("/desk/meetings/new/").content.decode()
    assert "楼组长例会" in desk.get(page).content.decode()
    assert "楼组长例会" in admin.get(ROOT, {"state": "retired"}).content.decode()
    verbs = Entry.objects.filter(kind="meeting_kind").order_by("id").values_list("verb", "reason")
    assert list(verbs) == [("activities.save_kind", ""), ("activities.retire_kind", "并入例会")]
    assert admin.post(f"{ROOT}{kind.code}/switch/", {"reason": "仍要开", "version": 2}).status_code == 302
    assert "楼组长例会" in desk.get("/desk/meetings/new/").content.decode()


def test_a_shipped_kind_is_changed_and_keeps_what_the_programme_decides(admin):
    page = admin.get(f"{ROOT}grid_coordination/").content.decode()
    assert "这一类型不能停用" in page
    fields = {**FIELDS, "name": "网格协调会", "place_microgrid": "", "place_venue_upgrade": ""}
    assert admin.post(f"{ROOT}grid_coordination/", fields).status_code == 302
    kind = selectors.kind("grid_coordination")
    assert (kind.name, kind.level, kind.version, kind.standing) == ("网格协调会", "comprehensive", 1, ())
    entry = Entry.objects.get(verb="activities.save_kind")
    assert (entry.before or {})["name"] == "网格党建协调会议"
    assert (entry.after or {})["name"] == "网格协调会"
    # who looked at an older page is told, and what was typed stays
    stale = admin.post(f"{ROOT}grid_coordination/", {**fields, "name": "另一个名字"})
    assert stale.status_code == 409
    assert "另一个名字" in stale.content.decode()
    assert "已被他人修改" in stale.content.decode()
    assert admin.post(f"{ROOT}grid_coordination/switch/", {"reason": "停", "version": 1}).status_code == 409


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "联席会议", "已有同名的会议类型"),
        ("name", "", "这个字段是必填项"),
        ("minutes", "5", "10"),
        ("item_minutes", ["900", "0", "0"], "0 至 600"),
        ("item_minutes", ["abc", "0", "0"], "0 至 600"),
        ("place_microgrid", "x", "留空表示不列入"),
        ("place_microgrid", "2", "次序相同"),
        ("groups", ["nobody"], "nobody"),
        ("form", "novel", "novel"),
    ],
)
def test_what_cannot_be_is_said_at_its_place_and_nothing_is_lost(admin, field, value, words):
    answer = admin.post(f"{ROOT}new/", {**FIELDS, field: value})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "楼道安全通报" in page
    assert not MeetingKind.objects.exists()


def test_a_kind_entered_by_mistake_goes_and_one_with_a_series_stays(world, admin):
    admin.post(f"{ROOT}new/", FIELDS)
    code = made().code
    assert "从未用过" in admin.get(f"{ROOT}{code}/").content.decode()
    assert admin.post(f"{ROOT}{code}/delete/").status_code == 302
    assert not MeetingKind.objects.exists()
    assert admin.post(f"{ROOT}joint/delete/").status_code == 409
    enter(world, "zhiban").post(
        "/desk/meetings/series/new/",
        {
            "kind": "joint", "title": "联席会议", "unit": world.units["development"].pk, "day": 10, "move": "next",
            "every_months": 1, "starts": "14:00", "minutes": 60, "place": "会议室", "first_on": "2026-03-10",
        },
    )  # fmt: skip
    refused = admin.post(f"{ROOT}joint/switch/", {"reason": "不开了", "version": 0})
    assert refused.status_code == 409
    assert "1 个系列会议" in refused.content.decode()


def test_only_those_who_keep_kinds_come_in(world):
    with clock.frozen(world.now):
        for who in ("shuji", "paidan", "wuye"):
            assert enter(world, who).get(ROOT).status_code == 404
            assert enter(world, who).post(f"{ROOT}new/", FIELDS).status_code == 404
        assert enter(world, "zhiban").get(ROOT).status_code == 200
        with pytest.raises(ForbiddenError):
            services.save_kind(by=world.actor("paidan"), now=world.now, data=KindData("例会", "居民区"))
        with pytest.raises(ForbiddenError):
            services.switch_kind(by=world.actor("paidan"), now=world.now, code="other", active=False, reason="停")
        with pytest.raises(ForbiddenError):
            services.delete_kind(by=world.actor("paidan"), now=world.now, code="other")


def test_many_kinds_take_few_statements(world, admin, django_assert_max_num_queries):
    for n in range(80):
        services.save_kind(by=SYSTEM, now=world.now, data=KindData(f"第 {n} 种会", "居民区"))
    with django_assert_max_num_queries(8):
        page = admin.get(ROOT).content.decode()
    assert "第 79 种会" in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql", reason="SQLite lets one writer in at a time")
def test_of_two_who_change_a_shipped_kind_first_one_is_told(world):
    def change(name):
        return lambda: services.save_kind(by=SYSTEM, now=world.now, data=KindData(name, "街道"), code="push")

    found = at_once(change("推进会一"), change("推进会二"))
    one_wins(found)
    assert any(isinstance(e, StaleError) for e in found)
