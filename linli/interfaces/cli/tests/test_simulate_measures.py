"""What a run's facts come to, counted by hand; and how reports are shown."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.interfaces.cli.simulate import facts, measures, showing
from linli.interfaces.cli.simulate.driver import Result
from linli.interfaces.cli.simulate.scenario import Storm, load

DAY = replace(load("ordinary_day"), days=1, settle=1)


def at(hour, day=10):
    return datetime(2026, 3, day, hour, tzinfo=UTC).isoformat()


def fact(number, reported, **more):
    plain = {
        "number": number, "source": "phone", "category": "noise", "unit": 5, "area": "/1/", "level": "general",
        "urgent": False, "state": "handling", "open": True, "outcome": "", "overdue": False, "rating": "",
        "reporters": 1, "into": False, "marks": {}, "rises": [], "storm": "", "reported": reported,
    }  # fmt: skip
    return {**plain, **more}


def ended(number, reported, closed, **more):
    steps = {"accepted": reported, "dispatched": reported, "signed": reported, "handed_in": closed, "checked": closed}
    state = {"state": "closed", "open": False, "closed": closed, "last_closed": closed}
    return fact(number, reported, **{**steps, **state, **more})


def result(rows, **more):
    plain = {
        "scenario": DAY, "seed": 1, "incidents": len(rows), "facts": rows, "seen": {}, "stuck": {}, "times": {},
        "refused": {}, "worked": {"desk": (120.0, 480.0)}, "rules": {}, "names": {"5": "城管"}, "teams": {},
        "seconds": 1.0,
    }  # fmt: skip
    return Result(**{**plain, **more})


ROWS = [
    ended("a", at(1), at(3), rating="satisfied"),
    ended("b", at(1), at(5), rating="unsatisfied", overdue=True, marks={"handle 100": 1}, rises=["comprehensive"]),
    ended("c", at(2), at(9, 11), level="comprehensive", reopened=1, unit=None),
    fact("d", at(4), returns=2),
    fact("e", at(2), into=True, state="merged", open=False, merged=at(3), storm="pipe"),
    fact("f", at(2), state="refused", open=False, refused=at(3)),
]


def test_a_report_counts_what_happened():
    found = measures.report(result(ROWS, seen={"joined": 3, "calls": 9, "hung up": 2}))
    assert {k: found[k] for k in ("cases", "merged", "joined", "closed", "refused", "open", "overdue", "hung_up")} == {
        "cases": 5, "merged": 1, "joined": 3, "closed": 3, "refused": 1, "open": 1, "overdue": 1, "hung_up": 2,
    }  # fmt: skip
    assert found["waits"]["whole"] == {"n": 3, "median": 4.0, "p90": 31.0}
    assert found["waits"]["accept"]["n"] == 3
    assert (found["rises"], found["marks"]) == ({"comprehensive": 1}, {"handle 100": 1})
    assert (found["returns"], found["reopened"], found["satisfaction"]) == (2, 1, 0.5)
    assert found["backlog"] == [
        {"day": "2026-03-10", "came": 6, "ended": 4, "open": 2},
        {"day": "2026-03-11", "came": 0, "ended": 1, "open": 1},
    ]
    assert found["by_unit"]["城管"]["cases"] == 4
    assert found["by_level"]["comprehensive"]["whole_median"] == 31.0
    assert found["work"] == {"desk": {"minutes": 120.0, "share": 0.25}}


def test_a_storm_has_a_line_of_its_own():
    storm = Storm("pipe", 0, 60, 20, 8, "noise", {"phone": 1})
    made = measures.report(
        result(ROWS, scenario=replace(DAY, storms=(storm,)), storms={"pipe": 8}, seen={"joined pipe": 4})
    )
    assert made["storms"]["pipe"] == {
        "reports": 8, "joined": 4, "merged": 1, "cases": 0, "hung_up": 0, "taken_up_median": 60.0,
        "taken_up_p90": 60.0,
    }  # fmt: skip


@given(st.lists(st.floats(0, 1e6), max_size=60), st.floats(0, 100))
def test_a_rank_is_one_of_the_values_with_enough_below_it(values, percent):
    found = measures.rank(values, percent)
    if not values:
        assert found is None
    else:
        assert found in values
        assert sum(v <= found for v in values) >= percent / 100 * len(values) - 1e-6


def test_variants_are_compared_in_pairs_of_one_seed():
    now = [measures.report(result(ROWS[:n])) for n in (2, 3, 4)]
    then = [measures.report(result([*ROWS[:n], ended("x", at(1), at(3))])) for n in (2, 3, 4)]
    found = {d.measure.key: d for d in measures.compared(now, then)}
    closed = found["closed"]
    assert [closed.before, closed.after] == pytest.approx([8 / 3, 11 / 3])
    assert (closed.difference, closed.half) == (1, 0)
    assert found["satisfaction"].seeds == 3
    one = {d.measure.key: d for d in measures.compared(now[:1], then[:1])}
    assert one["closed"].half is None


def test_an_interval_is_students():
    assert measures.interval([5.0]) is None
    assert measures.interval([1.0, 3.0]) == pytest.approx(12.71)
    assert measures.interval([1.0, 2.0, 3.0]) == pytest.approx(4.30 / 3**0.5)


def test_a_history_becomes_a_fact():
    def event(verb, hour, **data):
        return SimpleNamespace(verb=verb, at=datetime(2026, 3, 10, hour, tzinfo=UTC), data=data, changes={})

    events = [
        event("report", 1), event("accept", 2), event("dispatch", 3), event("return_", 4), event("dispatch", 5),
        event("escalate", 6, stage="handle", mark=200), event("raise_level", 6, level="comprehensive"),
        event("check", 7, passed=False), event("check", 8, passed=True), event("close", 9),
        event("review", 10, reopen=True), event("close", 11),
    ]  # fmt: skip
    found = facts.fact({"number": "a"}, events)
    assert (found["dispatched"], found["closed"], found["last_closed"]) == (at(3), at(9), at(11))
    assert (found["returns"], found["reworks"], found["reopened"]) == (1, 1, 1)
    assert (found["marks"], found["rises"]) == ({"handle 200": 1}, ["comprehensive"])


def test_the_same_tables_are_shown_in_every_form(tmp_path):
    made = measures.report(result(ROWS))
    shown = showing.tables(made)
    title = "A < B | C"
    for name in ("r.md", "r.html", "r.json"):
        showing.write(tmp_path / name, title, shown, {"runs": [[made]]})
    page, text = (tmp_path / "r.html").read_text(encoding="utf8"), (tmp_path / "r.md").read_text(encoding="utf8")
    assert "A &lt; B" in page
    for table in shown:
        assert f"<h2>{table.title}</h2>" in page
        assert f"## {table.title}" in text
        assert all(len(row) == len(table.heads) for row in table.rows)
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf8"))["runs"][0][0]["cases"] == 5
    assert "http" not in page


def test_a_comparison_shows_both_sides_and_the_interval():
    reports = [measures.report(result(ROWS[:n])) for n in (3, 4)]
    more = [measures.report(result([*ROWS[:n], fact("x", at(1))])) for n in (3, 4)]
    table = showing.difference(measures.compared(reports, more), "--lose grid:3=2")
    assert "--lose grid:3=2" in table.title
    row = next(r for r in table.rows if r[0] == "期末未结")
    assert row[1:] == ["0.5", "1.5", "+1.0 ±0.0"]
