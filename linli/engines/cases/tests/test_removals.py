"""Who clears the bikes in time: the counting by properties, the reading on real cases (000-36)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.cases import selectors, services
from linli.engines.cases.models import Case
from linli.engines.cases.rules.removals import Figure, Notice, figures, tally
from linli.engines.cases.selectors.companies import having, ranking
from linli.engines.cases.tests.steps import get, picture, raise_case
from linli.engines.cases.types import FilePurpose
from linli.engines.cases.workflow import Outcome
from linli.foundation.core.errors import ForbiddenError

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
VERDICTS = {Figure.WITHIN, Figure.LATE, Figure.WAITING}


@st.composite
def notices(draw: st.DrawFn) -> Notice:
    told = NOON - timedelta(minutes=draw(st.integers(0, 600)))
    passed = draw(st.none() | st.integers(0, 400))
    came = None if passed is None else told + timedelta(minutes=passed)
    return Notice(
        case_id=draw(st.integers(1, 10_000)),
        company_id=draw(st.integers(1, 4)),
        notified_at=told,
        due_at=draw(st.sampled_from([told + timedelta(hours=2), None])),
        handed_in_at=came,
        checked=draw(st.booleans()),
        cleared=draw(st.booleans()),
        repeat=draw(st.booleans()),
        reworks=draw(st.integers(0, 3)),
    )


many = st.lists(notices(), max_size=40)


@given(notices())
def test_a_notice_is_in_time_late_or_waiting_and_never_two_of_them(notice):
    found = figures(notice, NOON)
    assert Figure.NOTIFIED in found
    assert len(found & VERDICTS) <= 1
    if Figure.WITHIN in found:
        assert Figure.REMOVED in found
        assert notice.handed_in_at <= notice.due_at
    if not found & VERDICTS:  # it ended in an explanation, or no clock ran for it
        assert notice.handed_in_at is not None
        assert notice.checked
        assert not notice.cleared or notice.due_at is None


@given(notices(), st.integers(0, 10_000))
def test_late_stays_late(notice, minutes):
    if Figure.LATE in figures(notice, NOON):
        assert Figure.LATE in figures(notice, NOON + timedelta(minutes=minutes))


@given(many, st.integers(0, 6), st.randoms())
def test_lines_count_every_notice_once_whatever_the_order(rows, minimum, dice):
    lines = tally(rows, minimum=minimum, now=NOON)
    for line in lines:
        own = [figures(n, NOON) for n in rows if n.company_id == line.company_id]
        assert line.counts == {f: sum(f in found for found in own) for f in Figure}
        assert line.counts[Figure.NOTIFIED] >= line.decided + line.counts[Figure.WAITING]
    shuffled = list(rows)
    dice.shuffle(shuffled)
    assert tally(shuffled, minimum=minimum, now=NOON) == lines


@given(many, st.integers(0, 6))
def test_a_rank_needs_enough_cases_and_follows_share_then_time(rows, minimum):
    lines = tally(rows, minimum=minimum, now=NOON)
    for line in lines:
        assert (line.rank is None) == (line.decided < max(1, minimum)) == (line.lacking > 0)
    ranked = [line for line in lines if line.rank is not None]
    assert lines[: len(ranked)] == ranked
    for place, line in enumerate(ranked, start=1):
        better = [x for x in ranked if _merit(x) > _merit(line)]
        assert line.rank == len(better) + 1 <= place


def _merit(line: Any) -> tuple[Any, timedelta]:
    return line.share, -(line.median if line.median is not None else timedelta(days=10**6))


@given(many, notices())
def test_a_company_is_not_touched_by_what_others_do(rows, more):
    before = {x.company_id: x for x in tally(rows, minimum=3, now=NOON)}
    after = {x.company_id: x for x in tally([*rows, more], minimum=3, now=NOON)}
    for company, line in before.items():
        if company != more.company_id:
            assert (after[company].counts, after[company].median) == (line.counts, line.median)


def test_the_median_is_of_what_was_cleared_and_nothing_is_blank_not_zero():
    told = NOON - timedelta(hours=5)

    def gone(minutes: int, **fields: Any) -> Notice:
        came = told + timedelta(minutes=minutes)
        return Notice(1, 1, told, told + timedelta(hours=2), came, checked=True, cleared=True, **fields)

    line = tally([gone(30), gone(60), gone(300)], minimum=3, now=NOON)[0]
    assert (line.median, line.share, line.rank) == (timedelta(hours=1), line.share, 1)
    assert (line.counts[Figure.WITHIN], line.counts[Figure.LATE]) == (2, 1)
    empty = tally([Notice(1, 1, NOON, NOON + timedelta(hours=2))], minimum=1, now=NOON)[0]
    assert (empty.median, empty.share, empty.rank, empty.lacking) == (None, None, None, 1)
    assert tally([], minimum=1, now=NOON) == []


# On cases.


def told(world: Any, n: int = 0, *, unit: str = "bikes", now: datetime | None = None) -> Case:
    """Report bikes and tell a company of them."""
    case = raise_case(world, "shared_bikes", address=f"长宁路 {n} 号", text="单车堵门", now=now or world.now)
    services.accept(by=world.actor("paidan"), now=now or world.now, case=case)
    return services.dispatch(
        by=world.actor("paidan"), now=now or world.now, case=get(case), unit_id=world.units[unit].pk
    )


def clear(world: Any, case: Case, at: datetime, *, passed: bool | None = True) -> Case:
    """Clear with pictures before and after; check, if asked for."""
    danche = world.actor("danche")
    services.sign(by=danche, now=at, case=get(case))
    files = [picture(FilePurpose.BEFORE), picture(FilePurpose.AFTER)]
    services.hand_in(by=danche, now=at, case=get(case), text="已清", outcome=Outcome.SOLVED, files=files)
    if passed is not None:
        services.check(by=world.actor("jiandu"), now=at, case=get(case), passed=passed, text="看过")
    return get(case)


def of(world: Any, who: str, later: timedelta = timedelta(hours=3)) -> Any:
    return ranking(world.actor(who), since=date(2026, 3, 1), until=date(2026, 3, 31), now=world.now + later)


def test_a_companys_line_counts_its_cases_and_opens_to_them(world, django_assert_num_queries):
    soon, late, failed, _open = (told(world, n) for n in range(4))
    clear(world, soon, world.now + timedelta(minutes=50))
    clear(world, late, world.now + timedelta(minutes=150))
    clear(world, failed, world.now + timedelta(minutes=20), passed=False)
    dispatcher = world.actor("paidan")
    of(world, "paidan")
    with django_assert_num_queries(3):
        found = ranking(dispatcher, since=date(2026, 3, 1), until=date(2026, 3, 31), now=world.now + timedelta(hours=1))
    row = found.rows[0]
    assert (row.name, found.minimum, found.ranked) == ("街面秩序管理服务公司", 5, 0)
    assert row.line.counts[Figure.WAITING] == 2
    line = of(world, "paidan").rows[0].line
    assert {f.value: n for f, n in line.counts.items()} == {
        "notified": 4,
        "within": 1,
        "late": 3,
        "waiting": 0,
        "removed": 2,
        "rework": 1,
        "repeat": 0,
    }
    assert (line.median, line.rank, line.lacking) == (timedelta(minutes=100), None, 1)
    now = world.now + timedelta(hours=3)
    assert having(Case.objects.all(), "within", now) == [soon.pk]
    filters = selectors.Filters(figure="late", unit_id=world.units["bikes"].pk, categories=("shared_bikes",))
    listed = selectors.case_list(dispatcher, filters, now=now).rows
    assert {c.pk for c in listed} == {late.pk, failed.pk, _open.pk}


def test_a_second_try_after_a_failed_check_gives_no_second_two_hours(world):
    case = told(world)
    clear(world, case, world.now + timedelta(minutes=110), passed=False)
    again = world.now + timedelta(minutes=140)
    services.hand_in(
        by=world.actor("danche"),
        now=again,
        case=get(case),
        text="清完",
        outcome=Outcome.SOLVED,
        files=[picture(FilePurpose.AFTER)],
    )
    services.check(by=world.actor("jiandu"), now=again, case=get(case), passed=True, text="清了")
    line = of(world, "paidan").rows[0].line
    assert (line.counts[Figure.LATE], line.counts[Figure.WITHIN], line.counts[Figure.REWORK]) == (1, 0, 1)


def test_what_is_taken_back_void_or_not_a_companys_is_not_counted(world):
    told(world, 1, unit="enforcement")
    back = told(world, 2)
    services.recall(by=world.actor("paidan"), now=world.now, case=get(back), reason="派错")
    raise_case(world, "shared_bikes", address="长宁路 9 号")
    raise_case(world, "noise")
    assert of(world, "paidan").rows == []


def test_the_company_sees_its_own_line_with_its_rank_and_no_other(world):
    other = world.units["bikes"]
    rival = type(other).objects.create(name="另一家单车公司", short_name="另一家", kind="company")
    world.units["rival"] = rival
    for n in range(5):
        clear(world, told(world, n), world.now + timedelta(minutes=130))
    for n in range(5, 10):
        told(world, n, unit="rival")
    Case.objects.filter(unit=rival).update(
        handed_in_at=world.now + timedelta(minutes=5), outcome=Outcome.SOLVED, state="to_reply"
    )
    whole = of(world, "zhiban")
    assert [(r.name, r.line.rank) for r in whole.rows] == [("另一家单车公司", 1), (other.name, 2)]
    own = of(world, "danche")
    assert [(r.name, r.line.rank) for r in own.rows] == [(other.name, 2)]
    assert own.ranked == 2
    assert own.rows[0].line == whole.rows[1].line


@pytest.mark.parametrize("who", ["chengguan", "shuji", "jiandu", "jumin"])
def test_who_is_neither_the_centre_nor_a_company_is_refused(world, who):
    with pytest.raises(ForbiddenError):
        of(world, who)


def test_the_minimum_is_the_rulebooks(world):
    from linli.foundation.rulebook import selectors as rulebook

    found = rulebook.rule("cases.ranking.minimum_n", on=date(2026, 3, 10))
    assert (found.value, found.mark) == (5, "G")
    assert found.source
