"""Each figure counts what its words say, opens to the rows it counts, and is the wall's where the two name the same."""

from datetime import datetime, timedelta

import pytest

from linli.engines.cases import services as acting
from linli.engines.cases.models import Reporter
from linli.engines.cases.tests.steps import get, raise_case, to_check, to_closed, to_handling
from linli.engines.cases.types import Source
from linli.engines.cases.workflow import Outcome
from linli.engines.indicators import selectors, services
from linli.engines.indicators.definitions import FIGURES
from linli.engines.indicators.selectors import Period
from linli.engines.indicators.types import Better, Dimension, Grain, Group, Narrow, Unit
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import NotFoundError
from linli.interfaces.wall.figures import figures as wall_figures
from linli.interfaces.wall.figures import forget

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def month(world):
    return Period.last(30, world.now.date())


def total(code, period, now, **more):
    return selectors.counted(SYSTEM, code, period, now=now, **more).total


def numbers(code, period, now, *, part=False, **more):
    return {r.number for r in selectors.opened(SYSTEM, code, period, now=now, part=part, **more).rows}


def failed_once(world, case):
    to_check(world, case)
    acting.check(by=world.actor("jiandu"), now=world.now, case=case, passed=False, text="没有清走")
    acting.hand_in(by=world.actor("chengguan"), now=world.now, case=case, text="已处理", outcome=Outcome.UNSOLVED)
    acting.check(by=world.actor("jiandu"), now=world.now, case=case, passed=True)
    acting.reply(by=world.actor("paidan"), now=world.now, case=case, way="phone", text="已答复")
    return acting.close(by=world.actor("lingdao"), now=world.now, case=case)


def test_every_rate_of_grid_and_hotline_has_a_definition_with_its_words_and_source():
    asked = {
        "结案率", "按期结案率", "返工率", "主动发现率", "闭环率", "智能派单率", "先行联系率", "热线按时办结率",
        "实际解决率", "解释说明率", "市民满意率",
    }  # fmt: skip
    assert asked <= {str(f.name) for f in FIGURES.values() if f.group in {Group.GRID, Group.HOTLINE}}
    for code, figure in FIGURES.items():
        assert code == figure.code
        assert figure.formula
        assert figure.source
        assert figure.mark in set("LDPCMG")
        assert bool(figure.part_words) is (figure.unit == Unit.SHARE), code
        assert set(figure.beside) <= set(FIGURES)
        assert (figure.grain is Grain.OPEN) is (figure.moment == "")


def test_no_figure_is_told_apart_by_person_and_none_ranks_by_how_many():
    assert {d.value for d in Dimension} == {"", "unit", "area_path", "category", "level", "source"}
    for figure in FIGURES.values():
        if figure.unit == Unit.COUNT or figure.better is Better.NEITHER:
            assert figure.compares == frozenset(), figure.code
        if figure.code.endswith("satisfaction"):
            assert {"unsolved"} <= set(figure.beside), "every 满意率 stands beside 返工率 and 未解决率"
            assert {"rework", "reworked"} & set(figure.beside)


def test_a_rate_of_nothing_is_blank(world, month):
    services.fold_all(now=world.now)
    for code, figure in FIGURES.items():
        value = total(code, month, world.now)
        assert value.value == (0 if figure.unit == Unit.COUNT else None), code


def test_rework_counts_checks_and_opens_to_the_failed_ones(world, month):
    one, two = failed_once(world, raise_case(world)), to_closed(world, raise_case(world))
    services.fold_all(now=world.now)
    value = total("rework", month, world.now)
    assert (value.part, value.whole) == (1, 3)
    assert numbers("rework", month, world.now, part=True) == {one.number}
    assert numbers("rework", month, world.now) == {one.number, two.number}
    assert total("unsolved", month, world.now).part == 1
    assert numbers("unsolved", month, world.now, part=True) == {one.number}


def test_closed_cases_that_were_late_are_among_the_late(world):
    """A peer's filter left finished cases out, so that who closed late was never late."""
    case = to_handling(world, raise_case(world))
    late = get(case)
    due = late.dues["overall"]
    after = datetime.fromisoformat(due) + DAY
    acting.hand_in(by=world.actor("chengguan", after), now=after, case=late, text="已处理", outcome=Outcome.EXPLAINED)
    acting.check(by=world.actor("jiandu", after), now=after, case=late, passed=True)
    acting.reply(by=world.actor("paidan", after), now=after, case=late, way="phone", text="已答复")
    acting.close(by=world.actor("lingdao", after), now=after, case=late)
    services.fold_all(now=after + timedelta(hours=1))
    days = Period.last(60, after.date())
    assert (total("grid_close", days, after).part, total("grid_close", days, after).whole) == (1, 1)
    assert (total("grid_on_time", days, after).part, total("grid_on_time", days, after).whole) == (0, 1)
    assert total("on_time", days, after).value == 0


def test_what_is_void_withdrawn_or_merged_is_in_no_denominator(world, month):
    void, gone, one, other = (raise_case(world) for _n in range(4))
    zhiban = world.actor("zhiban")
    acting.accept(by=world.actor("paidan"), now=world.now, case=void)
    acting.void(by=zhiban, now=world.now, case=get(void), reason="重复测试")
    acting.withdraw(by=world.actor("paidan"), now=world.now, case=get(gone), reason="不用了")
    acting.merge(by=world.actor("paidan"), now=world.now, case=get(one), main=get(other), reason="同一件事")
    services.fold_all(now=world.now)
    assert numbers("intake", month, world.now) == {gone.number, other.number}
    assert total("closed", month, world.now).whole == 0
    assert total("grid_close", Period.last(90, world.now.date() + 60 * DAY), world.now).whole == 1


def test_own_finds_over_own_and_citizens(world, month):
    raise_case(world, source=Source.PATROL, by=world.actor("jiandu"))
    raise_case(world, source=Source.PHONE)
    raise_case(world, source=Source.RESIDENT)
    services.fold_all(now=world.now)
    value = total("own_find", month, world.now)
    assert (value.part, value.whole) == (1, 3)
    by_source = selectors.counted(SYSTEM, "intake", month, by="source", now=world.now).values
    assert {v.key: v.whole for v in by_source} == {"patrol": 1, "phone": 1, "resident": 1}
    assert "网格巡查" in {v.label for v in by_source}


def test_satisfaction_weighs_what_was_rated_and_leaves_out_the_rest(world, month):
    for rating in ("satisfied", "fair", ""):
        case = to_closed(world, raise_case(world))
        if rating:
            reporter = Reporter.objects.get(case=case)
            acting.rate(by=world.actor("paidan"), now=world.now, case=get(case), reporter_id=reporter.pk, rating=rating)
    services.fold_all(now=world.now)
    value = total("satisfaction", month, world.now)
    assert (value.part, value.whole, value.value) == (1.6, 2, 80)
    assert value.low is None


def test_an_area_a_unit_and_a_level_are_told_apart_and_open_to_their_own(world, month):
    here, there = raise_case(world), raise_case(world, area_id=world.areas["华一"].pk, address="")
    to_handling(world, here)
    services.fold_all(now=world.now)
    by_area = {v.label: v for v in selectors.counted(SYSTEM, "intake", month, by="area_path", now=world.now).values}
    assert {k: v.whole for k, v in by_area.items()} == {"陶家宅居民区": 1, "华一居民区": 1}
    key = by_area["华一居民区"].key
    assert numbers("intake", month, world.now, by="area_path", key=key) == {there.number}
    assert total("intake", month, world.now, narrow=Narrow(area_path=key)).whole == 1
    by_unit = selectors.counted(SYSTEM, "backlog", month, by="unit", now=world.now).values
    assert {v.label: v.whole for v in by_unit} == {"尚未派遣": 1, str(world.units["enforcement"].short_name): 1}


def test_a_quick_fix_does_not_top_the_league(world, month):
    """One case closed in four minutes has no place; ten that were handled have."""
    to_closed(world, raise_case(world), unit="police", who="minjing")
    for _n in range(10):
        to_closed(world, raise_case(world))
    services.fold_all(now=world.now)
    found = selectors.counted(SYSTEM, "on_time", month, by="unit", now=world.now)
    assert found.minimum == 10
    placed = {v.key: (v.place, v.few, v.whole) for v in found.values}
    assert placed == {
        str(world.units["enforcement"].pk): (1, False, 10),
        str(world.units["police"].pk): (None, True, 1),
    }
    assert (found.values[1].low or 0) < 25


def test_departments_and_committees_have_leagues_of_their_own(world, month):
    for _n in range(10):
        to_closed(world, raise_case(world))
        acting.accept(by=world.actor("paidan"), now=world.now, case=(case := raise_case(world)), verify=False)
        unit = world.units["@陶家宅"].pk
        acting.dispatch(by=world.actor("paidan"), now=world.now, case=get(case), unit_id=unit)
        acting.sign(by=world.actor("shuji"), now=world.now, case=get(case))
        acting.hand_in(by=world.actor("shuji"), now=world.now, case=get(case), text="已处理", outcome=Outcome.EXPLAINED)
        acting.check(by=world.actor("jiandu"), now=world.now, case=get(case), passed=True)
        acting.reply(by=world.actor("paidan"), now=world.now, case=get(case), way="phone", text="已答复")
        acting.close(by=world.actor("lingdao"), now=world.now, case=get(case))
    services.fold_all(now=world.now)
    found = selectors.counted(SYSTEM, "on_time", month, by="unit", now=world.now).values
    assert [(v.group, v.place) for v in found] == [("部门和单位", 1), ("居委会", 1)]


def test_times_are_medians_and_nine_in_ten(world, month):
    for n in range(10):
        now = world.now + timedelta(minutes=10 * (n + 1))
        case = raise_case(world)
        acting.accept(by=world.actor("paidan"), now=now, case=case)
        acting.dispatch(by=world.actor("paidan"), now=now, case=get(case), unit_id=world.units["enforcement"].pk)
    services.fold_all(now=world.now + 3 * timedelta(hours=1))
    found = selectors.counted(SYSTEM, "time_to_dispatch", month, by="area_path", now=world.now)
    assert (found.total.value, found.total.second, found.total.whole) == (50, 90, 10)
    assert [(v.label, v.value, v.second) for v in found.values] == [("陶家宅居民区", 50, 90)]


def test_the_wall_and_the_figures_say_the_same(world, month):
    failed_once(world, raise_case(world))
    rated = to_closed(world, raise_case(world))
    reporter = Reporter.objects.get(case=rated)
    acting.rate(by=world.actor("paidan"), now=world.now, case=get(rated), reporter_id=reporter.pk, rating="mostly")
    raise_case(world)
    services.fold_all(now=world.now)
    forget()
    wall = wall_figures(world.now)
    for code, share in (
        ("on_time", wall.quality.on_time),
        ("satisfaction", wall.quality.satisfaction),
        ("reworked", wall.quality.rework),
        ("unsolved", wall.quality.unsolved),
    ):
        value = total(code, month, world.now)
        assert (value.part, value.whole) == (share.part, share.whole), code
    assert total("backlog", month, world.now).whole == wall.open.total
    assert total("intake", Period.last(1, world.now.date()), world.now).whole == wall.trend[-1].taken_in


def test_a_unit_sees_its_own_alone_and_a_worker_nothing(world, month):
    mine, theirs = to_closed(world, raise_case(world)), to_closed(world, raise_case(world), "police", "minjing")
    services.fold_all(now=world.now)
    head = world.actor("zhongdui")
    assert selectors.counted(head, "closed", month, now=world.now).total.whole == 1
    assert {r.number for r in selectors.opened(head, "closed", month, now=world.now).rows} == {mine.number}
    assert theirs.number not in {r.number for r in selectors.opened(head, "closed", month, now=world.now).rows}
    with pytest.raises(NotFoundError):
        selectors.counted(world.actor("shegong"), "closed", month, now=world.now)
    with pytest.raises(NotFoundError):
        selectors.counted(head, "nothing", month, now=world.now)
    with pytest.raises(NotFoundError):
        selectors.readings(head, "closed", month.since, month.until)


def test_a_trend_adds_up_to_the_whole(world, month):
    for n in range(4):
        raise_case(world, now=world.now - n * 2 * DAY)
    services.fold_all(now=world.now)
    for days in (30, 90, 400):
        points = selectors.trend(SYSTEM, "intake", Period.last(days, world.now.date()), now=world.now)
        assert sum(p.value.whole for p in points) == 4
    backlog = selectors.trend(SYSTEM, "backlog", Period.last(8, world.now.date()), now=world.now)
    assert [p.value.whole for p in backlog] == [0, 1, 1, 2, 2, 3, 3, 4]
    narrowed = selectors.trend(
        SYSTEM, "overdue", Period.last(3, world.now.date()), narrow=Narrow(source="phone"), now=world.now
    )
    assert len(narrowed) == 3


def test_statements_do_not_grow_with_the_cases(world, month, django_assert_max_num_queries):
    to_closed(world, raise_case(world))
    services.fold_all(now=world.now)
    usual = [c for c, f in FIGURES.items() if not f.minutes]
    for _n in range(2):
        with django_assert_max_num_queries(9):
            selectors.overview(SYSTEM, usual, month, now=world.now)
        with django_assert_max_num_queries(5):
            selectors.counted(SYSTEM, "on_time", month, by="area_path", now=world.now)
        with django_assert_max_num_queries(1):
            selectors.opened(SYSTEM, "on_time", month, now=world.now)
        with django_assert_max_num_queries(1):
            selectors.trend(SYSTEM, "backlog", month, now=world.now)
        for _m in range(6):
            to_closed(world, raise_case(world))
        services.fold_all(now=world.now)


def test_pages_of_rows_go_on_where_the_last_ended(world, month):
    made = {raise_case(world, now=world.now - n * timedelta(minutes=1)).number for n in range(7)}
    services.fold_all(now=world.now)
    seen, cursor = [], ""
    while True:
        page = selectors.opened(SYSTEM, "intake", month, now=world.now, cursor=cursor, size=3)
        seen += [r.number for r in page.rows]
        if not (cursor := page.next):
            break
    assert len(seen) == 7
    assert set(seen) == made
