"""Two who go together, and visits that nobody has: what the app asks and sends of them, over HTTP."""

import pytest
from django.test import Client

from linli.engines.fieldwork.models import Round, Submission, Visit
from linli.foundation.core import clock
from linli.interfaces.field.tests.stage import fresh, staged
from linli.interfaces.field.tests.test_app_api import STATEMENTS, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(world):
    with clock.frozen(world.now):
        yield staged(world, Client)


@pytest.fixture
def pair(stage):
    Round.objects.update(pair=True)
    return stage


def uuid_of(stage, who):
    return str(stage.world.users[who].uuid)


def test_colleagues_of_the_unit_and_of_the_grid_go_along_in_the_package(pair, django_assert_max_num_queries):
    with django_assert_max_num_queries(STATEMENTS + 8):
        found = pair.line().get("sync").json()
    (round_,) = found["rounds"].values()
    assert uuid_of(pair, "chengguan2") in round_["mates"]
    assert uuid_of(pair, "shegong") in round_["mates"]
    assert not {uuid_of(pair, "chengguan"), uuid_of(pair, "wuye"), uuid_of(pair, "jumin")} & set(round_["mates"])
    assert "城管队员乙" in found["people"][uuid_of(pair, "chengguan2")]


def test_where_one_goes_alone_no_colleague_is_named(stage):
    found = stage.line().get("sync").json()
    assert found["people"] == {}
    assert "mates" not in next(iter(found["rounds"].values()))


def test_a_record_of_two_names_both(pair):
    packet = pair.packet(second=uuid_of(pair, "chengguan2"))
    assert pair.line().post("records", **packet).status_code == 201
    row = Submission.objects.get()
    assert ("城管队员甲" in row.by_label, "城管队员乙" in row.second_label) == (True, True)


@pytest.mark.parametrize("who", ["", "chengguan", "wuye", "jumin", "xitong"])
def test_nobody_oneself_or_a_stranger_is_no_second(pair, who):
    sent = pair.packet(second=uuid_of(pair, who) if who else None)
    told = problem(pair.line().post("records", **sent), 422)
    assert (told["code"], list(told["fields"])) == ("fieldwork.second", ["second"])
    assert not Submission.objects.exists()


def test_whoever_the_visit_names_may_go_along(pair):
    Visit.objects.filter(pk=pair.scene.visits[0].pk).update(second=pair.world.users["wuye"])
    found = pair.line().get("sync").json()
    assert found["visits"][0]["pair"] == [uuid_of(pair, "chengguan"), uuid_of(pair, "wuye")]
    assert uuid_of(pair, "wuye") in found["people"]
    assert pair.line().post("records", **pair.packet(second=uuid_of(pair, "wuye"))).status_code == 201


def claim(stage, who="jiandu", step="take", **more):
    return stage.line(who).post("visits", **{"uuid": fresh(), "visit": stage.scene.visits[2].uuid, "step": step} | more)


def test_a_free_visit_is_taken_once_however_often_it_is_sent(stage):
    uuid = fresh()
    assert [claim(stage, uuid=uuid).status_code for _n in range(2)] == [201, 200]
    visit = Visit.objects.get(pk=stage.scene.visits[2].pk)
    assert (visit.user, visit.version) == (stage.world.users["jiandu"], 2)
    mine = [v for v in stage.line("jiandu").get("sync").json()["visits"] if not v["free"]]
    assert [v["uuid"] for v in mine] == [str(visit.uuid)]
    assert claim(stage).status_code == 201  # another phone of the same person: it stays theirs
    assert Visit.objects.get(pk=visit.pk).version == 2


def test_who_comes_second_is_told_who_has_it(stage):
    claim(stage)
    told = problem(claim(stage, "chengguan2"), 409)
    assert told["code"] == "fieldwork.taken"
    assert told["there"]["by"] == stage.world.users["jiandu"].display_name
    assert told["there"]["by"] in told["title"]
    Visit.objects.filter(pk=stage.scene.visits[2].pk).update(state="done", done_at=stage.world.now)
    assert problem(claim(stage, "chengguan2"), 409)["code"] == "fieldwork.over"


def test_it_is_given_back_with_a_reason_by_who_has_it(stage):
    claim(stage)
    told = problem(claim(stage, step="back"), 422)
    assert list(told["fields"]) == ["reason"]
    assert claim(stage, "chengguan2", "back", reason="不是我的").status_code in {403, 404}
    assert Visit.objects.get(pk=stage.scene.visits[2].pk).user == stage.world.users["jiandu"]
    assert claim(stage, step="back", reason="调休").status_code == 201
    assert Visit.objects.get(pk=stage.scene.visits[2].pk).user is None
    assert problem(claim(stage, step="back", reason="调休"), 409)["code"] == "fieldwork.state"


def test_a_visit_out_of_reach_or_an_unknown_step_is_refused(stage):
    assert claim(stage, step="drop").status_code == 404
    assert claim(stage, visit=fresh()).status_code == 404
    assert claim(stage, "wuye").status_code == 404  # of another unit and no grid: it is not there
    assert claim(stage, visit="").status_code == 422
    assert Visit.objects.get(pk=stage.scene.visits[2].pk).user is None
