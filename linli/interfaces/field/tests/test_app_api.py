"""What the app asks and sends, over HTTP: answers, refusals, statements."""

import gzip
import json
from datetime import timedelta

import pytest
from django.test import Client

from linli.engines.cases.models import Case
from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Attempt, Deed, Phone, Submission, Target, Visit
from linli.engines.fieldwork.types import KindData, TargetData
from linli.foundation.accounts import services as accounts
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.files.models import StoredFile
from linli.foundation.jobs import services as jobs
from linli.interfaces.field.tests.conftest import POINT, Town
from linli.interfaces.field.tests.stage import JSON, Line, fresh, picture, sha256, staged
from linli.programmes.visits import services as visits
from tests.login import log_in

pytestmark = pytest.mark.django_db
STATEMENTS = 24


@pytest.fixture
def stage(world):
    with clock.frozen(world.now):
        yield staged(world, Client)


def problem(answer, status):
    assert answer.status_code == status, answer.content.decode()[:500]
    assert answer["Cache-Control"] == "no-store"
    return answer.json()


def test_who_is_there(stage):
    told = stage.line().get("session").json()
    assert told["person"]["uuid"] == str(stage.world.users["chengguan"].uuid)
    assert told["csrf"]
    assert told["signed_out"] is False


def test_without_a_login_everything_answers_401(stage):
    line = Line(Client())
    for path in ("session", "sync", "forms/shop_check/1", f"photos/{fresh()}"):
        assert line.get(path).status_code == 401, path
    for path in (
        "lease", "files", "files/known", "records", "receipts", "attempts", "visits", "targets", "findings", "acts",
        "order",
    ):  # fmt: skip
        assert line.post(path).status_code == 401, path


def test_for_residents_and_administrators_it_is_not_there(stage):
    line = stage.line("xitong")
    assert line.get("session").status_code == 404
    assert line.get("sync").status_code == 404
    assert line.post("records", **stage.packet()).status_code == 404


def test_an_old_token_is_refused_by_name(stage):
    client = log_in(Client(enforce_csrf_checks=True), stage.world.users["chengguan"])
    answer = client.post("/field/records/", "{}", content_type="application/json", headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    token = client.get("/field/session/", headers=JSON).json()["csrf"]
    body = json.dumps(stage.packet(), default=str)
    sent = client.post(
        "/field/records/", body, content_type="application/json", headers={**JSON, "x-csrftoken": token}
    )  # fmt: skip
    assert sent.status_code == 201


def test_the_days_package(stage, django_assert_max_num_queries):
    line = stage.line()
    with django_assert_max_num_queries(STATEMENTS):
        answer = line.get("sync")
    found = answer.json()
    assert [found["targets"][v["target"]]["name"] for v in found["visits"] if not v["free"]] == ["小店1", "小店2"]
    assert [c["code"] for c in found["kinds"]] == ["shop"]
    again = line.get("sync", **{"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    small = line.get("sync", **{"accept-encoding": "gzip"})
    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == answer.content
    again = line.get("sync", **{"accept-encoding": "gzip", "if-none-match": small["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    form = line.get("forms/shop_check/1").json()
    assert form["form"]["items"][0]["code"] == "keeper"
    assert line.get("forms/shop_check/9").status_code == 404


def test_the_package_costs_the_same_for_a_hundred_visits_and_stays_small(stage, django_assert_max_num_queries):
    day, area = stage.world.now.date(), stage.world.areas["陶家宅"]
    for n in range(110):
        shop = services.add_target(
            by=SYSTEM, now=stage.world.now, double_ok=True,
            data=TargetData(
                "shop", f"沿街门店{n}号", address=f"长宁路 {n} 弄 {n} 号底层", area_id=area.pk, facts={"size": "36"}
            ),
        )  # fmt: skip
        Visit.objects.create(
            round=stage.scene.round, target=shop, occasion=day, due_on=day, user=stage.world.users["chengguan"],
            unit=stage.world.units["enforcement"], area_path=area.path, tries=1,
        )  # fmt: skip
    line = stage.line()
    with django_assert_max_num_queries(STATEMENTS):
        answer = line.get("sync")
    assert len(answer.json()["visits"]) > 100
    assert len(answer.content) <= 200_000


@pytest.mark.mechanism("001-05")
def test_the_streets_own_hints_go_along_with_visits_of_their_programme(stage):
    line = stage.line()
    assert line.get("sync").json()["hints"] == {}
    type(stage.scene.round).objects.update(programme="visits")
    by, now = stage.world.actor("lingdao"), stage.world.now
    visits.save_wording(by=by, now=now, code="seven_keys", title="七要诀", lines=["进门先问好", "不打断"], expected=0)
    found = {words["title"]: words["lines"] for words in line.get("sync").json()["hints"]["visits"]}
    assert found["七要诀"] == ["进门先问好", "不打断"]


def test_what_is_personal_goes_along_only_with_who_goes(stage):
    asked = {"questions": [{"code": "keeper", "type": "text", "label": {"zh-hans": "店主"}, "personal": True}]}
    kind = KindData("owner", "业主", questions=asked)
    services.save_kind(by=stage.world.actor("xitong"), now=stage.world.now, data=kind)
    home = services.add_target(
        by=SYSTEM,
        now=stage.world.now,
        data=TargetData("owner", "沿街业主", area_id=stage.world.areas["陶家宅"].pk, facts={"keeper": "张师傅"}),
    )
    day = stage.world.now.date()
    visit = Visit.objects.create(
        round=stage.scene.round, target=home, occasion=day, due_on=day, user=stage.world.users["chengguan"],
        area_path=home.area_path,
    )  # fmt: skip
    mine = stage.line().get("sync").json()["targets"][str(home.uuid)]
    assert mine["personal"] == {"keeper": "张师傅"}
    assert "keeper" not in mine["facts"]
    Visit.objects.filter(pk=visit.pk).update(user=None)
    theirs = stage.line().get("sync").json()["targets"]
    assert "personal" not in theirs.get(str(home.uuid), {})


def test_a_choice_of_a_ledger_goes_along_with_its_words(stage):
    label = {"zh-hans": "业态"}
    asked = {"questions": [
        {"code": "trade", "type": "choice", "label": label, "choices": [{"code": "food", "label": {"zh-hans": "餐饮"}}]}
    ]}  # fmt: skip
    services.save_kind(
        by=stage.world.actor("xitong"), now=stage.world.now, data=KindData("stall", "摊点", questions=asked)
    )
    day, area = stage.world.now.date(), stage.world.areas["陶家宅"].pk
    data = TargetData("stall", "早点摊", area_id=area, facts={"trade": "food"})
    stall = services.add_target(by=SYSTEM, now=stage.world.now, data=data)
    Visit.objects.create(
        round=stage.scene.round, target=stall, occasion=day, due_on=day, user=stage.world.users["chengguan"],
        area_path=stall.area_path,
    )  # fmt: skip
    kind = next(k for k in stage.line().get("sync").json()["kinds"] if k["code"] == "stall")
    assert (kind["labels"], kind["choices"]) == ({"trade": "业态"}, {"trade": {"food": "餐饮"}})


def test_a_record_with_a_photo_comes_once(stage):
    line = stage.line()
    content = picture()
    kept = line.upload(content)
    assert kept.status_code == 201
    assert kept.json()["sha256"] == sha256(content)
    asked = line.post("files/known", sha256=[sha256(content), "0" * 64], purpose="record").json()
    assert asked["files"] == {sha256(content): [kept.json()["uuid"]]}
    packet = stage.packet(files={"shot": [kept.json()["uuid"]]}, place={"lat": 31.22154321, "lon": 121.41954321})
    first = line.post("records", **packet)
    assert first.status_code == 201, first.json()
    second = line.post("records", **packet)
    assert second.status_code == 200
    assert second.json()["receipt"]["digest"] == first.json()["receipt"]["digest"]
    row = Submission.objects.get()
    assert (row.files.count(), row.lat, row.lon) == (1, 31.222, 121.42)
    assert line.post("files/known", sha256=[sha256(content)], purpose="record").json()["files"] == {}
    receipts = line.post("receipts", uuids=[packet["uuid"], fresh()]).json()["receipts"]
    assert list(receipts) == [str(packet["uuid"])]
    assert stage.line("chengguan2").post("receipts", uuids=[packet["uuid"]]).json()["receipts"] == {}


def test_a_photo_damaged_on_the_way_is_not_kept(stage):
    line = stage.line()
    answer = line.upload(picture(), said="0" * 64)
    assert problem(answer, 422)["code"] == "field.damaged"
    assert not StoredFile.objects.filter(deleted_at=None).exists()
    assert problem(line.upload(b"no picture at all"), 422)["title"]


def test_answers_to_be_mended_are_named_by_path(stage):
    answer = stage.line().post("records", **stage.packet(answers={"order": {"goods": "purple"}}))
    assert "order/goods" in problem(answer, 422)["fields"]
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [({"made_at": "noon"}, "made_at"), ({"uuid": "x"}, "uuid"), ({"answers": []}, ""), ({"answers": [1]}, "answers"),
     ({"version": "one"}, "version"), ({"files": {"shot": ["x"]}}, "files"), ({"uuid": None}, "uuid")],
)  # fmt: skip
def test_what_is_no_record_is_refused_by_name(stage, change, field):
    answer = stage.line().post("records", **stage.packet(**change))
    assert answer.status_code == 422
    if field:
        assert field in answer.json()["fields"]


def test_the_same_uuid_with_other_content_is_a_conflict(stage):
    line = stage.line()
    packet = stage.packet()
    line.post("records", **packet)
    told = problem(line.post("records", **{**packet, "answers": {"order": {"goods": "none"}}}), 409)
    assert (told["code"], len(told["there"])) == ("fieldwork.other_content", 64)


def test_other_grids_and_other_units_are_told_why(stage):
    answer = stage.line("wuye").post("records", **stage.packet())
    assert problem(answer, 403)["code"] == "fieldwork.other_grid"
    assert answer.json()["detail"]
    knock = stage.line("wuye").post("attempts", uuid=fresh(), visit=stage.scene.visits[0].uuid, outcome="nobody")
    assert knock.status_code in {403, 404}
    assert not Attempt.objects.exists()


def test_a_visit_that_somebody_else_did_shows_both(stage):
    line, other = stage.line(), stage.line("chengguan2")
    first = other.post("records", **stage.packet(2))
    assert first.status_code == 201, first.json()
    packet = stage.packet(2, answers={"order": {"goods": "none"}})
    told = problem(line.post("records", **packet), 409)
    assert told["code"] == "fieldwork.visit_met"
    assert told["there"]["answers"]["order"]["goods"] == "good"
    assert Submission.objects.count() == 1
    sent = line.post("records", **packet, judge=True)
    assert sent.status_code == 201
    assert sent.json()["receipt"]["rival"]
    assert line.post("records", **packet).status_code == 200  # a lost answer, asked again without the word
    assert Submission.objects.count() == 2


def test_a_target_that_others_changed_shows_both(stage):
    line = stage.line()
    shop = stage.scene.shops[0]
    seen = line.get("sync").json()["targets"][str(shop.uuid)]["fact"]
    data = TargetData("shop", "改名小店", address=shop.address, area_id=shop.area_id)
    services.change_target(by=SYSTEM, now=stage.world.now, uuid=shop.uuid, data=data, expected=shop.version)
    told = problem(line.post("records", **stage.packet(), fact=seen), 409)
    assert told["code"] == "fieldwork.target_met"
    assert [(c["label"], c["value"]) for c in told["there"]["changes"] if c["field"] == "name"] == [
        ("名称", "改名小店")
    ]
    assert line.post("records", **stage.packet(), fact=told["there"]["fact"]).status_code == 201


def test_a_round_that_ended_before_is_said_and_after_is_noted(stage):
    line = stage.line()
    round_ = stage.scene.round
    later = stage.world.now + timedelta(hours=1)
    type(round_).objects.filter(pk=round_.pk).update(state="closed", feedback="x", result="x", closed_at=later)
    in_time = line.post("records", **stage.packet())
    assert in_time.status_code == 201
    assert "已经办结" in "".join(in_time.json()["receipt"]["words"])
    too_late = stage.packet(1, made_at=(later + timedelta(minutes=1)).isoformat())
    told = problem(line.post("records", **too_late), 409)
    assert told["code"] == "fieldwork.round_state"
    there = told["there"]
    assert (there["round"], there["word"], there["by"]) == (round_.title, "已办结", round_.unit.name)
    assert there["at"] == later.isoformat()
    assert Submission.objects.count() == 1


def test_the_walks_of_the_next_days_are_taken_along_and_no_more(stage):
    day = stage.world.now.date()
    one, other = (Visit.objects.filter(pk=v.pk) for v in stage.scene.visits[:2])
    one.update(planned_on=day + timedelta(days=1))
    other.update(planned_on=day + timedelta(days=9))
    found = {v["uuid"]: v.get("from") for v in stage.line().get("sync").json()["visits"] if not v["free"]}
    assert found == {str(stage.scene.visits[0].uuid): (day + timedelta(days=1)).isoformat()}


@pytest.mark.mechanism("000-37")
def test_what_is_made_outside_the_rounds_hours_is_noted_and_kept(stage):
    now = stage.world.now  # a Tuesday, 10:00
    type(stage.scene.round).objects.update(rhythm={"unit": "weeks", "windows": [[2, 17 * 60, 19 * 60]]})
    line = stage.line()
    (round_,) = line.get("sync").json()["rounds"].values()
    assert round_["windows"] == [[2, 1020, 1140]]
    outside = line.post("records", **stage.packet()).json()["receipt"]
    assert "不在这一轮规定的时段内填写" in "".join(outside["words"])
    inside = line.post("records", **stage.packet(1, made_at=(now + timedelta(hours=7)).isoformat())).json()["receipt"]
    assert "时段" not in "".join(inside["words"])
    assert Submission.objects.count() == 2


def test_both_clocks_are_kept(stage):
    device = stage.world.now + timedelta(hours=1)
    answer = stage.line().post("records", **stage.packet(device_at=device.isoformat()))
    assert "手机时钟不准，填写时间已按服务器时间更正。" in answer.json()["receipt"]["words"]
    row = Submission.objects.get()
    assert (row.made_at, row.device_at) == (stage.world.now, device)


def test_a_knock_comes_once(stage):
    line = stage.line()
    sent = {"uuid": fresh(), "visit": stage.scene.visits[0].uuid, "outcome": "nobody", "made_at": stage.world.now}
    first = line.post("attempts", **sent)
    assert first.status_code == 201
    assert first.json()["receipt"]["next"]
    assert line.post("attempts", **sent).status_code == 200
    assert Attempt.objects.count() == 1
    assert problem(line.post("attempts", **{**sent, "outcome": "closed"}), 409)["code"] == "fieldwork.other_content"
    assert line.post("attempts", uuid=fresh(), visit=sent["visit"], outcome="gone").status_code == 422


def test_a_new_target_comes_once_under_the_phones_uuid(stage):
    line = stage.line("jiandu")
    uuid = fresh()
    sent = {
        "uuid": uuid, "kind": "shop", "name": "新开小店", "address": "安西路 9 号", "facts": {"size": "12"},
        "place": {"lat": POINT.lat, "lon": POINT.lon},
    }  # fmt: skip
    first = line.post("targets", **sent)
    assert first.status_code == 201, first.json()
    assert line.post("targets", **sent).status_code == 200
    assert Target.objects.filter(uuid=uuid).count() == 1
    same = line.post("targets", **{**sent, "uuid": fresh()})
    assert problem(same, 409)["code"] == "fieldwork.double"
    assert line.post("targets", **{**sent, "uuid": fresh(), "judge": True}).status_code == 201


def test_who_works_for_a_unit_enters_a_target_for_that_unit(stage):
    uuid, place = fresh(), {"lat": POINT.lat, "lon": POINT.lon}
    sent = {
        "uuid": uuid,
        "kind": "shop",
        "name": "新开小店",
        "address": "安西路 9 号",
        "facts": {"size": "12"},
        "place": place,
    }
    answer = stage.line().post("targets", **sent)
    assert answer.status_code == 201, answer.json()
    assert Target.objects.get(uuid=uuid).unit == stage.world.units["enforcement"]


def test_a_finding_becomes_a_case_once(stage):
    line = stage.line("jiandu")
    kept = line.upload(picture(), purpose="photos").json()["uuid"]
    sent = {
        "uuid": fresh(),
        "category": "garbage",
        "text": "垃圾堆放",
        "address": "安西路 23 弄",
        "files": {"photos": [kept]},
    }
    first = line.post("findings", **sent)
    assert first.status_code == 201, first.json()
    assert line.post("findings", **sent).status_code == 200
    assert first.json()["receipt"]["number"] == Case.objects.get().number
    for missing in ("category", "text", "address"):
        told = problem(line.post("findings", **{**sent, "uuid": fresh(), missing: ""}), 422)
        assert missing in told["fields"]


def test_acts_on_a_case(stage):
    town = Town(stage.world)
    case = town.to_sign()
    line = stage.line("wuye")
    found = line.get("sync").json()["cases"]
    assert (found[0]["number"], "sign" in found[0]["acts"]) == (case.number, True)
    sign = {"uuid": fresh(), "number": case.number, "verb": "sign", "fields": {}, "expected": found[0]["version"]}
    assert line.post("acts", **sign).status_code == 201
    assert line.post("acts", **sign).status_code == 200
    photo = line.upload(picture(), purpose="after").json()["uuid"]
    hand_in = {
        "uuid": fresh(), "number": case.number, "verb": "hand_in", "expected": found[0]["version"],
        "fields": {"outcome": "explained", "text": "已当面说明"}, "files": {"after": [photo]},
    }  # fmt: skip
    stale = problem(line.post("acts", **hand_in), 409)
    assert stale["there"]["state"]
    done = line.post("acts", **{**hand_in, "expected": stale["there"]["version"]})
    assert done.status_code == 201, done.json()
    again = {**hand_in, "uuid": fresh(), "files": {}}
    assert problem(line.post("acts", **again), 409)["there"]["number"] == case.number
    assert line.post("acts", **{**again, "verb": "close"}).status_code == 404
    assert stage.line("chengguan").post("acts", **{**again, "uuid": fresh()}).status_code in {403, 404}


def test_an_own_order_of_the_walk(stage):
    line = stage.line()
    order = [v.uuid for v in reversed(stage.scene.visits[:2])]
    sent = {"uuid": fresh(), "day": stage.world.now.date().isoformat(), "order": order}
    assert line.post("order", **sent).status_code == 201
    assert [v["uuid"] for v in line.get("sync").json()["visits"]][:2] == [str(u) for u in order]
    assert line.post("order", **{**sent, "uuid": fresh(), "order": [stage.scene.visits[2].uuid]}).status_code == 422


def test_the_key_is_the_same_for_the_same_person_on_the_same_phone_alone(stage):
    install = fresh()
    mine = stage.line().post("lease", install=install).json()
    assert mine["key"] == stage.line().post("lease", install=install).json()["key"]
    assert mine["key"] != stage.line("chengguan2").post("lease", install=install).json()["key"]
    assert mine["key"] != stage.line().post("lease", install=fresh()).json()["key"]
    assert len(mine["key"]) == 64
    assert stage.line().post("lease", install="x").status_code == 422


def test_a_phone_signed_out_from_elsewhere_is_told_so_once_it_comes(stage):
    line, install = stage.line(), fresh()
    lent = line.post("lease", install=install).json()
    user = stage.world.users["chengguan"]
    accounts.end_sessions(by=stage.world.actor("xitong"), now=stage.world.now, user=user)
    assert Phone.objects.get(install=install).ended_at is not None
    told = line.client.get(
        f"/field/session/?install={install}&person={user.uuid}", headers={**JSON, "x-linli-phone": lent["token"]}
    )
    assert (told.status_code, told.json()["signed_out"]) == (401, True)
    stranger = line.client.get(
        f"/field/session/?install={install}&person={user.uuid}", headers={**JSON, "x-linli-phone": "x"}
    )
    assert stranger.json()["signed_out"] is False
    again = stage.line()
    assert problem(again.post("lease", install=install), 409)["code"] == "fieldwork.signed_out"
    assert again.post("lease", install=install, wiped=True).json()["key"] == lent["key"]


def test_a_phone_that_never_came_again_is_forgotten_after_ninety_days(stage):
    line, old, new = stage.line(), fresh(), fresh()
    line.post("lease", install=old)
    line.post("lease", install=new)
    Phone.objects.filter(install=old).update(seen_at=stage.world.now - timedelta(days=91))
    jobs.delete_what_is_over(now=stage.world.now)
    assert [p.install for p in Phone.objects.all()] == [new]


def test_the_shell_holds_nothing_of_anybody(stage):
    page = stage.line().client.get("/field/app/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "csrf" not in text.lower()
    assert "城管" not in text
    worker = Client().get("/field/sw.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert "/field/app/" in worker.content.decode()
    manifest = Client().get("/field/app/manifest.webmanifest").json()
    assert manifest["start_url"] == "/field/app/"
    for icon in manifest["icons"]:
        answer = Client().get(icon["src"])
        assert answer.status_code == 200
        answer.close()


def test_one_tap_from_the_field_home(stage):
    assert 'href="/field/app/"' in stage.line().client.get("/field/").content.decode()


def test_a_deed_of_somebody_else_is_not_answered(stage):
    sent = {"uuid": fresh(), "visit": stage.scene.visits[2].uuid, "outcome": "nobody"}
    assert stage.line().post("attempts", **sent).status_code == 201
    assert stage.line("chengguan2").post("attempts", **sent).status_code == 409
    assert Deed.objects.count() == 1
