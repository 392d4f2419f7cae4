"""Whatever is asked, nobody is sent where they may not go, or to two places at once."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.fieldwork.rules.assignment import assign, eligible
from linli.engines.fieldwork.rules.assignment_frame import frame
from linli.engines.fieldwork.rules.assignment_pairs import enter_crews
from linli.engines.fieldwork.rules.assignment_search import Search
from linli.engines.fieldwork.rules.assignment_shares import shares
from linli.engines.fieldwork.rules.walking import walk_seconds, walks_and_nearest
from linli.engines.fieldwork.types import (
    Continuity,
    Effort,
    Span,
    Unplaced,
    Visit,
    Walking,
    Wishes,
    Worker,
)
from linli.foundation.core.coordinates import Point

DAY = date(2026, 3, 2)
SHIFT = Span(DAY, 540, 720)
spots = st.builds(Point, st.floats(31.20, 31.23), st.floats(121.40, 121.44)) | st.none()
spans = st.builds(
    lambda d, b, n: Span(DAY + timedelta(days=d), b, b + n),
    st.integers(0, 1),
    st.integers(480, 900),
    st.integers(20, 240),
)


slots = st.sets(st.tuples(st.integers(0, 1), st.sampled_from([480, 780])), max_size=3)


@st.composite
def questions(draw):
    keys = [f"w{n}" for n in range(draw(st.integers(1, 4)))]
    some = st.frozensets(st.sampled_from(keys), max_size=2)
    workers = [
        Worker(
            key,
            unit=draw(st.sampled_from(["", "a", "b"])),
            grids=draw(st.frozensets(st.sampled_from("xy"), max_size=2)),
            shifts=tuple(Span(DAY + timedelta(days=d), b, b + 180) for d, b in draw(slots)),
            most=draw(st.integers(1, 6)),
            start=draw(spots),
        )
        for key in keys
    ]  # fmt: skip
    visits = [
        Visit(
            f"v{n}",
            draw(st.integers(5, 60)),
            draw(spots),
            draw(st.sampled_from(["", "x", "y"])),
            draw(st.sampled_from(["", "a", "b"])),
            draw(st.sampled_from([1, 1, 2])),
            tuple(draw(st.lists(spans, max_size=2))),
            draw(some),
            draw(some) if draw(st.booleans()) else frozenset(),
        )
        for n in range(draw(st.integers(0, 10)))
    ]
    return visits, workers


def check(visits, workers, answer):
    by_key, people = {v.key: v for v in visits}, {w.key: w for w in workers}
    placed = [s.visit for d in answer.days for s in d.stops]
    assert sorted([*placed, *answer.unplaced]) == sorted(by_key)
    for day in answer.days:
        crew = [people[p] for p in day.people]
        assert all(
            any(s.day == day.shift.day and s.begin <= day.shift.begin and day.shift.end <= s.end for s in w.shifts)
            for w in crew
        )
        assert len(day.stops) <= min(w.most for w in crew)
        now = day.shift.begin
        for stop in day.stops:
            visit = by_key[stop.visit]
            assert visit.people <= len(crew)
            assert eligible(visit, crew)
            assert now - 1 <= stop.begin <= stop.end <= day.shift.end
            assert stop.end - stop.begin >= visit.minutes
            inside = [
                w for w in visit.windows if w.day == day.shift.day and w.begin <= stop.begin and stop.end <= w.end
            ]
            assert inside or not visit.windows
            now = stop.end
    for w in workers:
        mine = sorted(d.shift for d in answer.days if w.key in d.people)
        assert all(a.day != b.day or a.end <= b.begin for a, b in itertools.pairwise(mine))
        assert answer.loads[w.key] == sum(
            by_key[s.visit].minutes for d in answer.days if w.key in d.people for s in d.stops
        )


@settings(max_examples=60, deadline=None)
@given(questions(), st.integers(0, 3), st.sampled_from(Continuity), st.randoms(use_true_random=False))
def test_every_answer_keeps_every_rule_and_the_order_does_not_matter(question, seed, continuity, dice):
    visits, workers = question
    wishes, effort = Wishes(continuity=continuity), Effort(30, seed)
    answer = assign(visits, workers, wishes=wishes, effort=effort)
    check(visits, workers, answer)
    dice.shuffle(visits)
    dice.shuffle(workers)
    assert assign(visits, workers, wishes=wishes, effort=effort) == answer
    assert answer.cost <= assign(visits, workers, wishes=wishes, effort=Effort(0)).cost


def walks_of(plan):
    rings = [plan.stops(c) for c in range(len(plan.frame.crews))]
    return (rings, [plan.walked(c) for c in range(len(rings))], plan.crews, plan.loads, plan.absent, plan.total)


@settings(max_examples=40, deadline=None)
@given(questions(), st.integers(0, 3))
def test_what_the_search_reckons_step_by_step_is_what_its_walks_cost(question, seed):
    visits, workers = question
    asked = frame(visits, workers, Wishes(continuity=Continuity.PREFER), Walking())
    enter_crews(asked)
    search = Search(asked, seed)
    plan = search.plan
    search.build()
    assert plan.total == pytest.approx(plan.cost())
    before = walks_of(plan)
    for v in set(range(plan.count)) - plan.absent:
        plan.remove(v, v)
    assert plan.total == pytest.approx(plan.cost())
    plan.undo()
    assert walks_of(plan) == before
    search.improve(20)
    assert plan.total == pytest.approx(plan.cost())
    assert {v for c in range(len(asked.crews)) for v in plan.stops(c)} == set(range(plan.count)) - plan.absent


def test_shares_weigh_loads_and_wishes_at_once_and_name_only_who_may_come():
    workers = [
        Worker(k, grids=frozenset(g), shifts=(Span(DAY, 540, 1020),))
        for k, g in zip("abc", ("x", "xy", "y"), strict=True)
    ]
    visits = [*row(24, grid="x", last=frozenset("a"))[:12], *(Visit(f"y{n}", 20, grid="y") for n in range(6))]
    asked = frame(visits, workers, Wishes(continuity=Continuity.PREFER, balance=1), Walking())
    enter_crews(asked)
    found = shares(asked, [0, 0, 0])
    assert set(found) == set(range(18))
    assert all(eligible(asked.visits[v], (asked.workers[p],)) for v, p in found.items())
    assert {p for v, p in found.items() if asked.visits[v].grid == "x"} == {0, 1}  # b takes over what a has too much


def row(count, **more):
    return [Visit(f"v{n:02}", 20, Point(31.21, 121.41 + n / 10_000), **more) for n in range(count)]


def test_loads_are_even_and_all_have_somebody():
    workers = [Worker(k, shifts=(Span(DAY, 540, 1020),)) for k in "abcd"]
    answer = assign(row(40), workers, effort=Effort(300))
    assert not answer.unplaced
    assert max(answer.loads.values()) - min(answer.loads.values()) <= 40


def test_the_same_person_comes_again_or_another_as_wished():
    workers = [Worker(k, shifts=(Span(DAY, 540, 1020),)) for k in "ab"]
    visits = row(10, last=frozenset("a"))
    again = assign(visits, workers, wishes=Wishes(balance=0, continuity=Continuity.PREFER))
    other = assign(visits, workers, wishes=Wishes(balance=0, continuity=Continuity.AVOID))
    assert (again.continuity_met, again.continuity_asked) == (10, 10) == (other.continuity_met, other.continuity_asked)
    assert set(again.of.values()) == {("a",)}
    assert set(other.of.values()) == {("b",)}


def test_a_check_by_two_has_two_and_not_both_of_the_unit():
    def two(*units):
        workers = [Worker(k, unit=u, shifts=(SHIFT,)) for k, u in zip("abc", units, strict=False)]
        return assign(row(1, people=2, unit="u"), workers)

    assert set(two("u", "u", "z").of["v00"]) in ({"a", "c"}, {"b", "c"})
    assert two("u", "u").unplaced == {"v00": Unplaced.NOBODY}
    assert two("z").unplaced == {"v00": Unplaced.NO_PAIR}


def test_nobody_checks_the_own_unit_alone():
    assert assign(row(1, unit="u"), [Worker("a", unit="u", shifts=(SHIFT,))]).unplaced == {"v00": Unplaced.NOBODY}


def test_why_nobody_comes():
    workers = [Worker("a", grids=frozenset("x"), shifts=(SHIFT,), most=1)]
    visits = [
        Visit("full", 10, grid="x"),
        Visit("taken", 10, grid="x"),
        Visit("late", 10, grid="x", windows=(Span(DAY, 900, 960),)),
        Visit("away", 10, grid="y"),
    ]
    answer = assign(visits, workers)
    assert {answer.unplaced[k] for k in ("late", "away")} == {Unplaced.NO_TIME, Unplaced.NOBODY}
    assert sorted(answer.unplaced.values()) == ["full", "no_time", "nobody"] or len(answer.unplaced) == 3


def test_a_search_can_be_stopped():
    workers = [Worker("a", shifts=(SHIFT,))]
    assert assign(row(5), workers, stop=lambda: True) == assign(row(5), workers, effort=Effort(0))


def test_what_makes_no_question_is_refused():
    with pytest.raises(ValueError, match="same key"):
        assign([*row(1), *row(1)], [])
    with pytest.raises(ValueError, match="overlap"):
        assign([], [Worker("a", shifts=(SHIFT, Span(DAY, 600, 900)))])
    for wrong in (lambda: Span(DAY, 5, 5), lambda: Visit("v", 0), lambda: Visit("v", 5, people=3), lambda: Walking(0)):
        with pytest.raises(ValueError, match=r"\w"):
            wrong()


@given(st.lists(spots, min_size=1, max_size=8))
def test_walks_agree_with_the_distance_on_the_map(points):
    walking = Walking(metres_per_minute=60, detour=100)  # a metre a second
    rows, near = walks_and_nearest(points, walking, len(points), 3)
    assert rows == walk_seconds(points, walking)
    for i, a in enumerate(points):
        for j, b in enumerate(points):
            assert rows[i][j] == rows[j][i]
            if i != j:
                straight = a.metres_to(b) if a and b else 300
                assert rows[i][j] == pytest.approx(straight, rel=1e-3, abs=1)
        others = sorted((rows[i][j], j) for j in range(len(points)) if j != i)
        assert near[i] == [j for _, j in others[:3]]
