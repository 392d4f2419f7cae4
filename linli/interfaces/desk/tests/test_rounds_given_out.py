"""Visits given to people: by hand within a day's load, by grid, by a proposal taken in part; filled at the desk."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Round, RoundProposal, Submission, Visit
from linli.engines.fieldwork.tests.scenes import enter_form, enter_shops, opened, visits_of
from linli.engines.fieldwork.tests.sent import scene
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.ids import uuid7
from linli.foundation.files.types import Kind
from linli.foundation.messages.models import Message
from linli.interfaces.cli.demo.pictures import draw_picture
from tests.login import log_in

pytestmark = pytest.mark.django_db
HOME = "/desk/fieldwork/"


@pytest.fixture
def desk(world, client):
    services.load_shipped(by=SYSTEM, now=world.now)
    enter_form(world.now)
    with clock.frozen(world.now):
        yield log_in(client, world.users["zhiban"])


@pytest.fixture
def as_(world, client):
    with clock.frozen(world.now):
        yield lambda who: log_in(client, world.users[who])


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def pick(visits):
    return [f"{v.uuid}:{v.version}" for v in visits]


def test_visits_are_given_by_hand_and_nobody_is_given_more_than_a_shift(desk, world):
    enter_shops(world, 30)
    made = opened(world)
    url = f"{HOME}rounds/{made.uuid}/assign/"
    page = text(desk.get(url))
    assert "每人今后七天" in page
    assert "按网格分派" in page
    visits, day = visits_of(made), (world.now + timedelta(days=1)).date().isoformat()
    who = world.users["shegong"].pk
    assert desk.post(url, {"act": "give", "user": who, "day": day}).status_code == 422
    over = desk.post(url, {"act": "give", "user": who, "day": day, "visit": pick(visits[:25])})
    assert over.status_code == 422
    assert "超过一班 480 分钟" in text(over)
    assert not Visit.objects.exclude(user=None).exists()
    assert desk.post(url, {"act": "give", "user": who, "day": day, "visit": pick(visits[:10])}).status_code == 302
    assert list(
        Visit.objects.filter(user=who).order_by("place_in_walk").values_list("place_in_walk", flat=True)
    ) == list(range(1, 11))
    again = desk.post(url, {"act": "give", "user": who, "visit": pick(visits[:2])})
    assert again.status_code == 409, "somebody gave these meanwhile"
    (told,) = Message.objects.filter(template="fieldwork.assigned")
    assert told.user_id == who
    calendar = text(desk.get(f"{HOME}rounds/{made.uuid}/calendar/?month=2026-03"))
    assert "还有 6 次" in calendar
    week = text(desk.get(f"{HOME}rounds/{made.uuid}/calendar/?week=2026-03-11"))
    assert "社工甲" in week
    assert desk.get(HOME + "calendar/").status_code == 200
    pins = json.loads(desk.get(f"{HOME}rounds/{made.uuid}/pins/").content)
    assert all(set(p) >= {"id", "lat", "lon", "title", "status", "url"} for p in pins)


def test_a_proposal_by_grid_is_taken_in_part(desk, world):
    enter_shops(world, 8)
    made = opened(world)
    url = f"{HOME}rounds/{made.uuid}/assign/"
    asked = desk.post(url, {"act": "grid"})
    row = RoundProposal.objects.get()
    assert asked.url == f"{HOME}rounds/proposals/{row.uuid}/"
    assert not Visit.objects.exclude(user=None).exists(), "a proposal gives nothing"
    shown = text(desk.get(asked.url))
    assert "采纳勾选的" in shown
    users = {given[2] for given in row.found["given"]}
    assert desk.post(asked.url, {}).status_code == 422
    first = min(users)
    assert desk.post(asked.url, {"people": [first]}).status_code == 302
    assert set(Visit.objects.exclude(user=None).values_list("user_id", flat=True)) == {first}
    assert desk.post(asked.url, {"people": [first]}).status_code == 409


def test_a_proposal_by_route_is_worked_out_by_the_worker_and_nobody_is_over(desk, world):
    enter_shops(world, 40)
    made = opened(world)
    url = f"{HOME}rounds/{made.uuid}/assign/"
    who = [world.users[n].pk for n in ("shegong", "weiwangge")]
    sent = {
        "act": "route", "people": who, "first": world.now.date().isoformat(), "days": 2, "begin": "09:00",
        "end": "12:00", "most": 8, "continuity": "none",
    }  # fmt: skip
    refused = desk.post(url, {**sent, "end": "08:00"})
    assert refused.status_code == 422
    assert "收工要晚于出发" in text(refused)
    asked = desk.post(url, sent)
    assert asked.status_code == 302
    assert "正在计算" in text(desk.get(asked.url))
    row = RoundProposal.objects.latest("pk")
    services.work_out(now=world.now, uuid=row.uuid)
    row.refresh_from_db()
    assert row.state == "ready"
    days = row.found["days"]
    assert days
    assert all(visits <= 8 and minutes + walk <= whole for _w, _d, visits, minutes, walk, whole in days)
    shown = text(desk.get(asked.url))
    assert "排不进" in shown
    assert "人都排满了" in shown
    (told,) = Message.objects.filter(template="fieldwork.proposal_ready")
    assert told.user_id == row.user_id
    shown = desk.get("/desk/notifications/")
    assert asked.url in shown.content.decode()
    inbox = text(shown)
    assert f"安排走访 {len(row.found['given'])} 次，没有排进 {row.found['left']} 次" in inbox
    assert "采纳之前不会派人" in inbox
    services.work_out(now=world.now, uuid=row.uuid)
    assert Message.objects.filter(template="fieldwork.proposal_ready").count() == 1
    assert desk.post(asked.url, {"people": who}).status_code == 302
    assert Visit.objects.exclude(user=None).count() == len(row.found["given"])


def test_who_asked_for_a_proposal_that_cannot_be_worked_out_is_told_why_and_what_to_do(as_, world):
    s = scene(world)
    who = world.users["chengguan"].pk
    row = services.ask_proposal(
        by=world.actor("zhongdui"), now=world.now, round_=s.round,
        asking=services.Asking("route", people=(who,), first=world.now.date()),
    )  # fmt: skip
    # Meanwhile the round became another unit's.
    Round.objects.update(unit=world.units["property"], area=None, area_path="")
    services.work_out(now=world.now, uuid=row.uuid)
    row.refresh_from_db()
    assert row.state == "failed"
    (told,) = Message.objects.all()
    assert (told.template, told.user_id) == ("fieldwork.proposal_failed", row.user_id)
    inbox = text(as_("zhongdui").get("/desk/notifications/"))
    assert row.why_not in inbox
    assert "调整人员、日期或每班数量后重新计算" in inbox


def test_a_stranger_neither_gives_visits_nor_reads_proposals(as_, world):
    s = scene(world)
    url = f"{HOME}rounds/{s.round.uuid}/assign/"
    row = services.ask_proposal(
        by=world.actor("zhongdui"), now=world.now, round_=s.round, asking=services.Asking("grid")
    )
    for who, status in (("chengguan", 403), ("shuji02", 404)):
        client = as_(who)
        assert client.get(url).status_code == status
        assert client.post(url, {"act": "grid"}).status_code == status
        assert client.get(f"{HOME}rounds/proposals/{row.uuid}/").status_code == status
        assert client.get(f"{HOME}rounds/{s.round.uuid}/pins/").status_code == status


def test_a_visit_is_taken_tried_given_back_and_dropped(as_, world):
    s = scene(world)
    visit = s.visits[2]
    url = f"{HOME}visits/{visit.uuid}/"
    mine = as_("chengguan")
    assert "由我走访" in text(mine.get(url))
    assert mine.post(url + "step/", {"act": "take", "version": visit.version}).status_code == 302
    assert mine.post(url + "step/", {"act": "take", "version": visit.version}).status_code == 409
    assert mine.post(url + "step/", {"act": "knock", "outcome": "nobody", "note": "门锁着"}).status_code == 302
    assert "门锁着" in text(mine.get(url))
    visit.refresh_from_db()
    assert visit.state == "tried"
    refused = mine.post(url + "step/", {"act": "back", "version": visit.version})
    assert refused.status_code == 422
    assert mine.post(url + "step/", {"act": "back", "version": visit.version, "reason": "休假"}).status_code == 302
    visit.refresh_from_db()
    head = as_("zhongdui")
    assert head.post(url + "step/", {"act": "drop", "version": visit.version, "reason": "已歇业"}).status_code == 302
    assert "已歇业" in text(head.get(url))


def test_a_paper_record_is_entered_at_the_desk_by_the_same_rules(as_, world):
    s = scene(world)
    url = f"{HOME}visits/{s.visits[0].uuid}/fill/"
    mine = as_("chengguan")
    page = text(mine.get(url))
    assert "跨门经营＊" in page
    assert "启用 JavaScript" in page
    uuid = str(uuid7())
    body: dict[str, Any] = {"uuid": uuid, "answers": {"memo": "电话记录"}, "made_at": "2026-03-09T16:30"}
    refused = mine.post(url, json.dumps(body), content_type="application/json")
    assert refused.status_code == 422
    assert "order/goods" in refused.json()["fields"]
    upload = mine.post(HOME + "files/", {"file": _picture()})
    assert upload.status_code == 201
    body["answers"] |= {"order": {"goods": "good"}, "shot": [upload.json()["uuid"]]}
    sent = mine.post(url, json.dumps(body), content_type="application/json")
    assert sent.status_code == 200, sent.content
    assert sent.json()["url"] == f"{HOME}records/{uuid}/"
    again = mine.post(url, json.dumps(body), content_type="application/json")
    assert (again.status_code, Submission.objects.count()) == (200, 1), "sent twice it is kept once"
    row = Submission.objects.get()
    assert f"{row.made_at:%H:%M}" == "08:30"
    assert row.files.get().file.kind == Kind.PHOTO
    correct = f"{HOME}records/{uuid}/correct/"
    page = mine.get(correct).content.decode()
    given = json.loads(re.search(r'<script id="fill-given" type="application/json">(.*?)</script>', page).group(1))
    assert given["answers"]["memo"] == "电话记录"
    assert list(given["photos"]) == ["shot"]
    body |= {"uuid": str(uuid7())}
    body["answers"]["memo"] = "电话记录，已核"
    assert mine.post(correct, json.dumps(body), content_type="application/json").status_code == 200
    assert as_("zhongdui").get(correct).status_code == 403
    assert as_("shuji02").get(url).status_code == 404
    assert as_("chengguan").post(url, "{", content_type="application/json").status_code == 422


def _picture():
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("a.jpg", draw_picture(3, "after"), "image/jpeg")
