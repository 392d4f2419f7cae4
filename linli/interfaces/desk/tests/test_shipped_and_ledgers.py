"""Each shipped form × its ledger: filled in from it, corrected back, mended on the spot, a case of its own."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from linli.engines.cases.models import Case
from linli.engines.fieldwork import selectors
from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.models import Finding, SubmissionFile, Target, Visit
from linli.engines.fieldwork.types import Choice, How, RoundData, TargetFilter
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.forms import services as forms
from linli.interfaces.desk.tests.help import enter
from linli.interfaces.desk.tests.shipped_help import Filler, at, put
from linli.interfaces.desk.tests.visits_help import enter_target
from linli.interfaces.portal.tests.steps import words

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Pair:
    """A form and a ledger: what is known, at which paths it is filled in and corrected, what the ledger says then."""

    form: str
    kind: str
    known: dict[str, Any]
    told: dict[str, Any]
    asked: dict[str, Any] = field(default_factory=dict)  # path → field, where it is filled in from the ledger
    after: dict[str, Any] = field(default_factory=dict)


PAIRS = [
    Pair("visit_household", "household", {"contact": "王阿姨", "phone": "+8613812345678", "persons": 2},
         {"meet/persons": 3, "details/consent": True, "details/contact": "李叔", "details/phone": "13900001111"},
         {"meet/persons": "persons", "details/contact": "contact", "details/phone": "phone"},
         {"contact": "李叔", "phone": "+8613900001111", "persons": 3}),
    Pair("visit_shop", "shop",
         {"trade": "food", "licence": "91A", "alliance": False, "staff": 3, "party": "none", "instructor": False,
          "manager": "甲", "phone": "+8613812345678"},
         {"shop/state": "open", "shop/trade": "retail", "shop/licence": "91B", "shop/alliance": True, "shop/staff": 5,
          "covered/party": "joint", "covered/instructor": True, "details/consent": True, "details/manager": "乙",
          "details/phone": "13900001111"},
         {"shop/trade": "trade", "shop/licence": "licence", "shop/alliance": "alliance", "shop/staff": "staff",
          "covered/party": "party", "covered/instructor": "instructor", "details/manager": "manager"},
         {"trade": "retail", "licence": "91B", "alliance": True, "staff": 5, "party": "joint", "instructor": True,
          "manager": "乙", "phone": "+8613900001111"}),
    Pair("visit_company", "company", {"staff": 40, "party": "none", "licence": "91A", "contact": "甲"},
         {"state/staff": 52, "covered/party": "own", "state/licence": "91C", "details/consent": True,
          "details/contact": "乙", "details/phone": "13900001111"},
         {"state/staff": "staff", "covered/party": "party", "state/licence": "licence", "details/contact": "contact"},
         {"staff": 52, "party": "own", "licence": "91C", "contact": "乙", "phone": "+8613900001111",
          "instructor": False}),
    Pair("visit_company", "new_sector", {"staff": 4, "party": "none", "instructor": False},
         {"state/staff": 6, "covered/party": "joint", "covered/instructor": True},
         {"state/staff": "staff", "covered/party": "party", "covered/instructor": "instructor"},
         {"staff": 6, "party": "joint", "instructor": True}),
    Pair("house_safety", "building",
         {"storeys": 6, "built": 1984, "lift": False, "property_firm": "甲物业", "risk": "c"},
         {"building/storeys": 7, "building/built": 1986, "building/lift": True, "building/property_firm": "乙物业",
          "building/risk": "d"},
         {f"building/{c}": c for c in ("storeys", "built", "lift", "property_firm", "risk")},
         {"storeys": 7, "built": 1986, "lift": True, "property_firm": "乙物业", "risk": "d"}),
    Pair("rent_check", "flat", {"use": "own", "square_metres": "60", "rooms": 2},
         {"flat/home_use": "let", "flat/square_metres": "58.5", "flat/room_count": 3},
         {"flat/home_use": "use", "flat/square_metres": "square_metres", "flat/room_count": "rooms"},
         {"use": "let", "square_metres": "58.5", "rooms": 3}),
    Pair("shop_patrol", "shop", {"trade": "food"}, {"trade": "service"}, {"trade": "trade"}, {"trade": "service"}),
    Pair("lane_survey", "lane", {"doors": 9, "households": 210},
         {"state/doors": 10, "state/households": 214, "state/fire_way": True},
         {"state/doors": "doors", "state/households": "households"}, {"doors": 10, "households": 214}),
    Pair("contractor_quality", "contractor_route", {"work": "waste", "times": "早班"},
         {"work": "drain", "times": "6–22 点"}, {"work": "work", "times": "times"},
         {"work": "drain", "times": "6–22 点"}),
    Pair("flood_point", "waterlogging", {"depth": 35, "last_depth": 12, "cause": "管径小"},
         {"when": "after", "water/standing": True, "water/deepest": 20, "water/cause": "管网老化"},
         {"water/cause": "cause"},
         {"depth": 35, "last_depth": 20, "last_rain": "2026-03-10", "cause": "管网老化"}),
    Pair("pump_check", "pump", {"count": 3, "state": "good", "keeper": "甲库"},
         {"pump/units": 4, "pump/working": 4, "pump/state": "repair", "pump/keeper": "乙库"},
         {"pump/units": "count", "pump/state": "state", "pump/keeper": "keeper"},
         {"count": 4, "state": "repair", "keeper": "乙库", "tested": "2026-03-10"}),
]  # fmt: skip


@pytest.fixture
def town(world):
    with clock.frozen(world.now):
        fieldwork.load_shipped(now=world.now)
        forms.adopt_forms(by=SYSTEM, now=world.now)
        yield world


def visited(town, code, targets, who="shegong"):
    """Plan a round with a form over targets; return its visits, in the order of the targets, and who makes them."""
    day = town.now.date()
    data = RoundData(
        title="走访", form=code, unit_id=town.units["@陶家宅"].pk, starts_on=day, ends_on=day + timedelta(days=30),
        area_id=town.areas["陶家宅"].pk, programme="visits",
        choice=Choice(How.LIST, TargetFilter((targets[0].kind.code,)), tuple(t.uuid for t in targets)),
    )  # fmt: skip
    made = fieldwork.plan_round(by=SYSTEM, now=town.now, data=data)
    round_ = fieldwork.open_round(by=SYSTEM, now=town.now, uuid=made.uuid, expected=made.version)
    Visit.objects.filter(round=round_).update(user=town.users[who])
    visits = [Visit.objects.get(round=round_, target=t) for t in targets]
    return visits, Filler(town.now, town.actor(who), enter(town, who))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: f"{p.form}-{p.kind}")
def test_what_is_known_is_filled_in_and_what_is_corrected_goes_back(town, pair):
    target = enter_target(town, pair.kind, "长宁路一处", facts=pair.known)
    (visit,), who = visited(town, pair.form, [target])
    filled = who.page(visit)
    assert {path: at(filled, path) for path in pair.asked} == {
        path: pair.known[name] for path, name in pair.asked.items()
    }
    told = {**{path: at(filled, path) for path in pair.asked}, **pair.told}
    who.send(visit, who.answers(pair.form, **told))
    assert selectors.known(Target.objects.get(pk=target.pk)) == pair.after


def test_the_deepest_water_ever_is_raised_by_a_deeper_one_whenever_it_comes(town):
    point = enter_target(town, "waterlogging", "下立交", facts={"depth": 35})
    (visit,), who = visited(town, "flood_point", [point])
    deep = {"when": "rain", "water/standing": True, "water/deepest": 50}
    who.send(visit, who.answers("flood_point", **deep))
    found = selectors.known(Target.objects.get(pk=point.pk))
    assert (found["depth"], found["last_depth"]) == (50, 50)
    earlier = fieldwork.learn(
        SYSTEM, town.now, point, {"depth": 61, "last_depth": 61}, "import", visit.uuid, at=town.now - timedelta(days=9)
    )
    found = selectors.known(Target.objects.get(pk=point.pk))
    assert (found["depth"], found["last_depth"], earlier.older) == (61, 50, ("last_depth",))


@dataclass(frozen=True)
class Wrong:
    """Two items found wrong in one group: one can be mended on the spot, one becomes a case where it has a category."""

    form: str
    kind: str
    first: dict[str, Any]
    item: str
    done: str
    before: str
    after: str
    second: dict[str, Any]
    other: str
    photo: str
    case: bool = True


def checks(form, kind, group, first, second):
    return Wrong(
        form, kind, {f"{group}/{first}": "no"}, f"{group}/{first}", f"{group}/{first}_mended",
        f"{group}/{first}_photo", f"{group}/{first}_after", {f"{group}/{second}": "no"}, f"{group}/{second}",
        f"{group}/{second}_photo",
    )  # fmt: skip


def told_problems(form, kind):
    def at_(n):
        return {"problems/has_problem": True, f"problems/problem[{n}]/problem_text": f"第{n}件"}

    here = "problems/problem[1]"
    topics = {"visit_household": ("safety", "lift"), "visit_shop": ("safety", "waste")}[form]
    return Wrong(
        form, kind, {**at_(1), f"{here}/topic": topics[0]}, f"{here}/topic", f"{here}/problem_done",
        f"{here}/problem_photo", f"{here}/problem_after",
        {**at_(2), "problems/problem[2]/topic": topics[1], "problems/problem[2]/problem_done": False},
        "problems/problem[2]/topic", "problems/problem[2]/problem_photo", case=False,
    )  # fmt: skip


ON_THE_SPOT = [
    told_problems("visit_household", "household"),
    told_problems("visit_shop", "shop"),
    checks("shop_patrol", "shop", "duty", "clean", "pile"),
    checks("fire_lane", "building", "lane", "lane_free", "hydrant"),
]


def test_these_are_all_the_forms_that_offer_it():
    offered = {r.code for r in forms.ready_forms() if any(q.extra.get("mended") for q in questions(r.form.items))}
    assert offered == {w.form for w in ON_THE_SPOT}


def questions(items):
    for item in items:
        if hasattr(item, "items"):
            yield from questions(item.items)
        else:
            yield item


@pytest.mark.parametrize("wrong", ON_THE_SPOT, ids=lambda w: w.form)
def test_one_is_mended_on_the_spot_with_both_pictures_and_the_other_takes_its_own_pictures_alone(town, wrong):
    target = enter_target(town, wrong.kind, "长宁路一处")
    (visit,), who = visited(town, wrong.form, [target])
    two: dict[str, Any] = {"problems/problem": [{}, {}]} if not wrong.case else {}
    own = [who.shot(), who.shot()]
    told = {**two, **wrong.first, wrong.done: True, **wrong.second, wrong.photo: own}
    if wrong.case:
        told[f"{wrong.other}_mended"] = False
    answers = who.answers(wrong.form, **told)
    without = who.answers(wrong.form, **told)
    put(without, wrong.after, [])
    refused = who.post(visit, without)
    assert refused.status_code == 422
    assert wrong.after in refused.json()["fields"]
    record = who.send(visit, answers)
    done, other = Finding.objects.get(item=wrong.item), Finding.objects.get(item=wrong.other)
    assert (done.state, done.case_uuid) == ("scored", None)
    assert done.mended_at is not None
    assert (done.pictures["before"], done.pictures["after"]) == ([wrong.before], [wrong.after])
    assert other.pictures["seen"] == [wrong.photo]
    assert {str(f.file.uuid) for f in SubmissionFile.objects.filter(submission=record, path=wrong.photo)} == set(own)
    shown = words(who.client.get(f"/desk/fieldwork/records/{record.uuid}/"))
    assert "当场整改" in shown
    if wrong.case:
        case = Case.objects.get(uuid=str(other.case_uuid))
        assert {str(f.file.uuid) for f in case.files.all()} == set(own)
        assert Case.objects.count() == 1
    else:
        assert not Case.objects.exists()


CASES = [
    ("house_safety", "building", "outside", "attached", "illegal"),
    ("contractor_quality", "contractor_route", "quality", "ground", "bins"),
    ("flood_point", "waterlogging", "drain", "inlets", "covers"),
]


@pytest.mark.parametrize(("code", "kind", "group", "first", "second"), CASES, ids=[c[0] for c in CASES])
def test_each_finding_becomes_a_case_with_its_own_pictures_only(town, code, kind, group, first, second):
    target = enter_target(town, kind, "长宁路一处")
    (visit,), who = visited(town, code, [target])
    own = {item: [who.shot(), who.shot()] for item in (first, second)}
    told = {f"{group}/{item}": "no" for item in own} | {f"{group}/{item}_photo": shots for item, shots in own.items()}
    who.send(visit, who.answers(code, **told))
    assert Case.objects.count() == 2
    for item, shots in own.items():
        case = Case.objects.get(uuid=str(Finding.objects.get(item=f"{group}/{item}").case_uuid))
        assert {str(f.file.uuid) for f in case.files.all()} == set(shots)
        assert {f.purpose for f in case.files.all()} == {"report"}
