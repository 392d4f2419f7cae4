"""The figures of the wall: right whatever happened, bounded, and of nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.engines.cases import selectors, services
from linli.engines.cases.models import Case, Request
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.rules.figures import days
from linli.engines.cases.selectors.wall import place_name, trend
from linli.engines.cases.tests.test_statements import _copies
from linli.engines.cases.types import Report
from linli.foundation.core.actors import GUEST
from linli.foundation.core.ids import uuid7

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
PUBLIC, GUARDED = "garbage", "pipes_leak"


def report(world, **fields):
    given_fields: dict[str, Any] = {
        "text": "垃圾没人清",
        "category": PUBLIC,
        "address": "长宁路488弄12号",
        "area_id": world.areas["陶家宅"].pk,
    }
    receipt = services.report(by=GUEST, now=world.now, report=Report(**given_fields | fields))
    return get_case_for(world.actor("paidan"), receipt.number)


def copies(case, rows):
    """Add a plain copy of ``case`` for each mapping of what differs."""
    names = [f.attname for f in Case._meta.concrete_fields if f.attname != "id"]
    values = {n: getattr(case, n) for n in names}
    Case.objects.bulk_create(
        [Case(**{**values, "uuid": uuid7(), "number": f"C{i:06d}", **row}) for i, row in enumerate(rows)]
    )


MINUTES = st.integers(-5 * 24 * 60, 24 * 60)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(MINUTES, st.none() | MINUTES, st.sampled_from(["closed", "void", "merged", "handling"])), max_size=25
    )
)
def test_the_trend_is_what_a_recount_finds(world, happened):
    now = datetime(2026, 3, 10, 15, 59, 30, tzinfo=UTC)  # half a minute before midnight in Shanghai
    case = Case.objects.filter(number__startswith="HY").first() or report(world)
    Case.objects.filter(number__startswith="C").delete()
    Case.objects.filter(pk=case.pk).update(reported_at=now - timedelta(days=50))
    rows = []
    for reported, closed, state in happened:
        row: dict[str, Any] = {"reported_at": now + timedelta(minutes=reported), "closed_at": None}
        if closed is not None:
            row |= {"closed_at": now + timedelta(minutes=closed), "is_open": False, "state": state}
            row |= {"merged_into_id": case.pk} if state == "merged" else {}
            row |= {"unit_id": world.units["property"].pk} if state == "handling" else {}
        rows.append(row)
    copies(case, rows)
    found = trend(days(now, 4, SHANGHAI))

    def local(moment):
        return moment.astimezone(SHANGHAI).date()

    for line in found:
        assert line.taken_in == sum(local(r["reported_at"]) == line.day for r in rows)
        assert line.closed == sum(
            r["closed_at"] is not None and local(r["closed_at"]) == line.day and r["state"] != "void" for r in rows
        )


@pytest.fixture
def busy(world):
    """Make a life of every kind of figure."""
    case = report(world)
    ends = {"is_open": False, "state": "closed", "unit_id": world.units["property"].pk}
    closed = world.now - timedelta(days=3)
    rows = [{"due_at": world.now - timedelta(hours=1), "level": "difficult"} for _n in range(3)]
    rows += [{"due_at": world.now + timedelta(hours=2), "return_count": 2} for _n in range(2)]
    rows += [{"due_at": world.now + timedelta(days=2), "open_orders": 1}]
    rows += [{**ends, "closed_at": closed, "outcome": "solved", "rating": "satisfied"} for _n in range(4)]
    rows += [{**ends, "closed_at": closed, "outcome": "unsolved", "rating": "unsatisfied", "was_overdue": True}]
    rows += [{**ends, "closed_at": closed, "outcome": "solved", "rework_count": 1}]
    rows += [{**ends, "closed_at": closed, "outcome": "withdrawn"}]
    copies(case, rows)
    Request.objects.create(case=case, kind="shelving", reason="等施工", asked_at=world.now, asked_label="x")
    Request.objects.create(case=case, kind="extension", reason="等施工", asked_at=world.now, asked_label="x")
    return case


def test_each_figure_counts_what_it_says(world, busy):
    wall = selectors.wall(world.now)
    assert (wall.open.total, wall.open.overdue, wall.open.due_today) == (7, 3, 3)
    assert wall.open.levels == {"general": 4, "comprehensive": 0, "difficult": 3}
    assert (wall.waiting.difficult, wall.waiting.orders, wall.waiting.shelving) == (3, 1, 1)
    assert (wall.waiting.returned, wall.waiting.consultations) == (2, 0)
    quality = wall.quality
    assert (quality.satisfaction.part, quality.satisfaction.whole) == (4, 5)
    assert (quality.rework.part, quality.unsolved.part, quality.rework.whole) == (1, 1, 6)
    home = next(a for a in wall.areas if a.name == "陶家宅居民区")
    assert home.on_time is not None
    assert (home.open, home.overdue, home.on_time.part, home.on_time.whole) == (7, 3, 5, 6)
    assert sum(a.open for a in wall.areas) + wall.elsewhere == wall.open.total
    assert wall.trend[-1].taken_in == 14
    assert wall.trend[-4].closed == 7


def test_areas_stand_in_the_order_of_the_tree_not_of_how_much_is_reported(world, busy):
    paths = [a.path for a in selectors.wall(world.now).areas]
    assert paths == sorted(paths)


def test_a_rate_of_few_cases_is_not_told(world):
    case = report(world)
    ends = {"is_open": False, "state": "closed", "closed_at": world.now, "was_overdue": True}
    copies(case, [ends] * 4)
    home = next(a for a in selectors.wall(world.now).areas if a.name == "陶家宅居民区")
    assert home.on_time is None


@pytest.mark.parametrize("hidden", [{"guarded": True}, {"confidential": True}, {"state": "void", "is_open": False}])
def test_what_is_guarded_never_makes_a_busy_kind_or_place(world, hidden):
    case = report(world)
    copies(case, [hidden] * 20 + [{}] * 3)
    wall = selectors.wall(world.now)
    assert list(wall.categories) == list(wall.places) == []  # four are fewer than the minimum cell
    copies_more = [{"number": "D1"}]
    copies(case, copies_more)
    wall = selectors.wall(world.now)
    assert [(b.code, b.count) for b in wall.categories] == [(PUBLIC, 5)]
    assert [(b.name, b.count) for b in wall.places] == [("长宁路488弄", 5)]


def test_a_category_inside_homes_is_never_named(world):
    case = report(world, category="noise_life") if selectors.category("noise_life") else None
    private = next(n for n in selectors.categories() if n.leaf and not n.spec.public_space and n.spec.code != "other")
    case = case or report(world, category=private.spec.code)
    copies(case, [{"guarded": False}] * 30)
    wall = selectors.wall(world.now)
    assert list(wall.categories) == list(wall.places) == []


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("长宁路488弄12号301室", "长宁路488弄"),
        ("汇川路近华阳路", "汇川路近华阳路"),
        ("汇川路296号", ""),
        ("崂山二村11号203室", "崂山二村"),
        ("", ""),
        ("门口", ""),
    ],
)
def test_a_place_ends_at_the_estate(address, place):
    assert place_name(address) == place


def test_the_wall_costs_eight_statements_and_scans_no_table_of_cases(world, busy):
    _copies(busy, 3000, world.now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    selectors.wall(world.now)
    with CaptureQueriesContext(connection) as found:
        selectors.wall(world.now)
    asked = [q["sql"] for q in found.captured_queries if "cases_" in q["sql"]]
    assert len(found.captured_queries) <= 8
    for sql in asked:
        _assert_reads_part(sql)


def _assert_reads_part(sql):
    """No statement goes through every case, be it by an index."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"))
            plan = [str(row[3]) for row in cursor.fetchall()]
            full = [x for x in plan if x.startswith("SCAN cases_case") and not any(p in x for p in PARTIAL)]
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN " + sql.replace("%", "%%"))
            plan = [row[0] for row in cursor.fetchall()]
            full = [x for x in plan if "Seq Scan on cases_case" in x]
        assert not full, (sql, plan)


# Indexes of what is open alone: going through one of them is reading what is open.
PARTIAL = (
    "cases_open_due",
    "cases_open_unit",
    "cases_open_state",
    "cases_open_point",
    "cases_open_handler",
    "cases_live",
)
