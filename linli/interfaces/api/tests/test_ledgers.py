"""Ledgers out and in again: each field with source and time, the newest in force, nothing of guarded kinds."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Fact, Target
from linli.engines.fieldwork.tests.scenes import enter_form
from linli.engines.fieldwork.types import TargetData
from tests.login import log_in

pytestmark = pytest.mark.django_db
URL = "/ledgers/shop/targets"


@pytest.fixture
def shops(site):
    services.load_shipped(now=site.world.now)
    enter_form(site.world.now)
    by, area = site.world.actor("zhiban"), site.world.areas["陶家宅"].pk
    for n in range(3):
        data = TargetData(
            "shop", f"便利店 {n}", number=f"S-{n}", address=f"长宁路 {n} 号", area_id=area,
            facts={"trade": "retail", "alliance": True, "manager": "王经理"},
        )  # fmt: skip
        services.add_target(by=by, now=site.world.now - timedelta(days=n + 1), data=data, double_ok=True)
    return site


def exchanged(row):
    """Return a target of the list as it is brought in elsewhere."""
    fields = {name: {"value": fact["value"], "at": fact["at"]} for name, fact in row["fields"].items()}
    return {"uuid": row["uuid"], "area": row["area"], "fields": fields}


def said(rows):
    """Return what targets say, without whence it came."""
    return [
        {name: (fact["value"], fact["at"]) for name, fact in row["fields"].items()}
        | {"uuid": row["uuid"], "area": row["area"]}
        for row in rows
    ]


@pytest.mark.mechanism("001-34")
def test_each_field_stands_there_with_value_source_and_time_and_nothing_personal(shops):
    program = shops.program("shift_leader")
    kinds = {k["code"]: k for k in program.get("/ledgers").json()["results"]}
    assert "shop" in kinds
    assert "household" not in kinds
    codes = {f["code"] for f in kinds["shop"]["fields"]}
    assert {"trade", "alliance"} <= codes
    assert "manager" not in codes
    first = program.get(f"{URL}?size=2").json()
    rest = program.get(f"{URL}?size=2&cursor={first['next']}").json()
    rows = [*first["results"], *rest["results"]]
    assert [r["fields"]["name"]["value"] for r in rows] == ["便利店 0", "便利店 1", "便利店 2"]
    assert {r["fields"]["trade"]["source"] for r in rows} == {"hand"}
    assert rows[0]["fields"]["trade"]["by"] == shops.world.actor("zhiban").label
    assert rows[0]["fields"]["trade"]["at"] > rows[1]["fields"]["trade"]["at"]
    assert "王经理" not in program.get(URL).content.decode()
    one = program.get(f"{URL}/{rows[0]['uuid']}")
    assert one.json() == rows[0]
    assert program.get(f"{URL}/{rows[0]['uuid']}", if_none_match=one["ETag"]).status_code == 304
    assert program.get("/ledgers/household/targets").json()["code"] == "api.ledger"
    assert len(program.get(f"{URL}?q=便利店 1").json()["results"]) == 1


@pytest.mark.mechanism("001-34")
def test_an_exchange_out_and_in_again_gives_the_same_ledger(shops):
    program = shops.program("shift_leader")
    before = program.get(URL).json()["results"]
    facts = Fact.objects.count()
    again = program.post(URL, {"rows": [exchanged(r) for r in before]}).json()["results"]
    assert {(r["outcome"], tuple(r["taken"])) for r in again} == {("unchanged", ())}
    assert (Fact.objects.count(), program.get(URL).json()["results"]) == (facts, before)
    # The same file into a ledger that has none of them.
    Fact.objects.all().delete()
    Target.objects.all().delete()
    made = program.post(URL, {"rows": [exchanged(r) for r in before]}).json()["results"]
    assert {r["outcome"] for r in made} == {"created"}
    after = program.get(URL).json()["results"]
    assert said(after) == said(before)
    assert {f["source"] for r in after for name, f in r["fields"].items() if name != "area"} == {"api"}
    twice = program.post(URL, {"rows": [exchanged(r) for r in before]}).json()["results"]
    assert {r["outcome"] for r in twice} == {"unchanged"}
    assert said(program.get(URL).json()["results"]) == said(before)


@pytest.mark.mechanism("001-34")
def test_of_each_field_the_newest_time_holds_and_what_is_older_is_said(shops):
    program, now = shops.program("shift_leader"), shops.world.now
    shop = Target.objects.get(number="S-0")
    late, early = (now - timedelta(hours=1)).isoformat(), (now - timedelta(days=9)).isoformat()
    row = {
        "fields": {
            "number": {"value": "S-0"}, "trade": {"value": "food", "at": late},
            "alliance": {"value": False, "at": early}, "colour": {"value": "red"}, "manager": {"value": "李某"},
        }
    }  # fmt: skip
    (found,) = program.post(URL, {"rows": [row]}).json()["results"]
    assert (found["outcome"], found["taken"], found["older"]) == ("changed", ["trade"], ["alliance"])
    assert found["unknown"] == ["colour", "manager"]
    shop.refresh_from_db()
    assert shop.facts == {"trade": "food", "alliance": True}
    facts = Fact.objects.count()
    (again,) = program.post(URL, {"rows": [row]}).json()["results"]
    assert (again["outcome"], Fact.objects.count()) == ("unchanged", facts)
    field = program.get(f"{URL}/{shop.uuid}").json()["fields"]["trade"]
    assert (field["value"], field["source"]) == ("food", "api")
    assert datetime.fromisoformat(field["at"]) == now - timedelta(hours=1)


@pytest.mark.mechanism("001-34")
def test_the_dossier_says_that_a_field_came_from_another_system_and_when(shops, client):
    program = shops.program("shift_leader")
    program.post(URL, {"rows": [{"fields": {"number": {"value": "S-1"}, "trade": {"value": "food"}}}]})
    log_in(client, shops.world.users["zhiban"])
    shop = Target.objects.get(number="S-1")
    page = client.get(reverse("desk:target", args=[shop.uuid]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "系统对接" in text


def test_a_wrong_row_holds_up_no_other_and_strangers_bring_nothing_in(shops):
    program = shops.program("shift_leader")
    rows = [
        {"fields": {"address": {"value": "没有名称"}}},
        {"fields": {"name": {"value": "新店"}, "trade": {"value": "no-such"}}},
        {"area": "no-such", "fields": {"name": {"value": "新店"}}},
        {"area": shops.world.areas["陶家宅"].code, "fields": {"name": {"value": "新店"}, "number": {"value": "N-1"}}},
    ]
    found = program.post(URL, {"rows": rows}).json()["results"]
    assert [r["outcome"] for r in found] == ["refused", "refused", "refused", "created"]
    assert set(found[1]["problem"]["fields"]) == {"facts.trade"}
    assert Target.objects.filter(number="N-1").count() == 1
    for nobody in ("resident", "system_admin"):
        assert shops.program(nobody).get(URL).status_code == 403
    stranger = shops.program("neighbourhood_secretary!")
    assert stranger.get(URL).json()["results"] == []
    (refused,) = stranger.post(
        URL, {"rows": [{"area": shops.world.areas["陶家宅"].code, "fields": {"name": {"value": "x"}}}]}
    ).json()["results"]
    assert refused["outcome"] == "refused"
    assert shops.program("shift_leader", ["ledgers:read"]).post(URL, {"rows": rows}).status_code == 403


def test_a_page_of_targets_takes_the_same_statements_for_many_as_for_few(shops, django_assert_num_queries):
    program, by = shops.program("shift_leader"), shops.world.actor("zhiban")
    program.get(URL)
    with django_assert_num_queries(9):
        program.get(URL)
    for n in range(9):
        data = TargetData("shop", f"新店 {n}", facts={"trade": "food"}, area_id=shops.world.areas["陶家宅"].pk)
        services.add_target(by=by, now=shops.world.now, data=data, double_ok=True)
    with django_assert_num_queries(9):
        assert len(program.get(URL).json()["results"]) == 12
