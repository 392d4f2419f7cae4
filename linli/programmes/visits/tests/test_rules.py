"""Pure rules of visits and flats, by the thousand: outcomes of a form, shares, what a step lacks, rooms as typed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.interfaces.desk.tests.visits_help import HOME
from linli.programmes.housing.rules import BadRoomError, Facts, as_json, missing, rooms_of
from linli.programmes.housing.workflow import HAPPY_PATH as FLAT_PATH
from linli.programmes.housing.workflow import VERBS as FLAT_VERBS
from linli.programmes.housing.workflow import State
from linli.programmes.visits.rules.outcomes import outcome
from linli.programmes.visits.rules.sectors import SectorUnit, by_area, has_organisation, is_worked_with, lacks, shares
from linli.programmes.visits.workflow import HAPPY_PATH, VERBS

UNITS = st.lists(
    st.builds(
        SectorUnit, key=st.uuids().map(str), area=st.sampled_from("abc"), should=st.sampled_from([None, True, False]),
        party=st.sampled_from(["own", "joint", "none", ""]), instructor=st.booleans(), visited=st.booleans(),
    ),
    max_size=40,
)  # fmt: skip


def test_an_outcome_says_what_was_given_needed_and_noted():
    answers = {
        "gift": {"leaflet": ["fire"], "copies": 0, "service": " 理发 ", "resource": "米", "pieces": "2.5"},
        "need": "  ", "need_owner": "修灯", "person": {"health": "好", "agrees": False},
    }  # fmt: skip
    found = outcome(HOME, answers)
    assert [(b.gift, b.name, b.quantity) for b in found.brought] == [
        ("service", "理发", Decimal(1)), ("resource", "米", Decimal("2.5")),
    ]  # fmt: skip
    assert [(n.text, n.owner) for n in found.needed] == [("修灯", "城管")]
    assert [(n.label, n.purpose, n.consent, n.days) for n in found.noted] == [("身体情况", "安排上门照护", False, 30)]


@given(UNITS)
def test_shares_hold_together(units):
    found, parts = shares(units), by_area(units)
    assert sum(p.work.whole for p in parts.values()) == found.work.whole == len(units)
    assert sum(p.organisation.reached for p in parts.values()) == found.organisation.reached
    assert found.organisation.reached <= found.organisation.whole
    assert all(is_worked_with(u) for u in units if has_organisation(u))
    assert found.visit.whole - found.visit.reached == sum("visit" in lacks(u) for u in units)
    assert found.organisation.whole - found.organisation.reached == sum("organisation" in lacks(u) for u in units)


@given(st.frozensets(st.sampled_from(["notice", "owner", "tenant", "inventory", "before", "after"])))
def test_an_action_lacks_exactly_the_papers_that_are_not_there(papers):
    facts = Facts(checked=True, breach=True, basis=True, papers=papers)
    assert {n.value for n in missing("act", facts)} == {
        "notice", "owner", "tenant", "inventory", "before", "after",
    } - papers  # fmt: skip


@given(st.lists(st.fixed_dictionaries(
    {"room": st.text(max_size=30), "use": st.sampled_from(["bedroom", "kitchen", ""]),
     "area": st.one_of(st.none(), st.decimals("0.1", "999", places=1).map(str)), "persons": st.integers(0, 60),
     "name": st.just("张三")}
), max_size=6))  # fmt: skip
def test_rooms_are_figures_and_nothing_else_comes_through(rows):
    kept = [as_json(r) for r in rooms_of(rows)]
    assert rooms_of(kept) == rooms_of(rows)
    assert "张三" not in str([{k: v for k, v in r.items() if k != "room"} for r in kept])
    assert all("name" not in r for r in kept)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"area": "大"}, "area"), ({"area": "0"}, "area"), ({"area": "nan"}, "area"), ({"persons": "-1"}, "persons"),
        ({"persons": "两个"}, "persons"), ({"persons": 61}, "persons"), ({"parts": "0"}, "parts"),
        ({"room": "x", "use": "palace"}, "use"),
    ],
)  # fmt: skip
def test_a_figure_that_no_room_has_is_named_with_its_place(row, field):
    with pytest.raises(BadRoomError) as said:
        rooms_of([{"room": "主卧", "persons": 1}, row])
    assert (said.value.place, said.value.field) == (1, field)


@pytest.mark.parametrize(
    ("verbs", "path", "start", "end"),
    [(VERBS, HAPPY_PATH, "new", "told"), (FLAT_VERBS, FLAT_PATH, State.REPORTED.value, State.CLOSED.value)],
)
def test_the_usual_way_leads_to_the_end(verbs, path, start, end):
    state = start
    for code in path:
        assert state in verbs[code].origins, code
        state = verbs[code].to or state
    assert state == end
