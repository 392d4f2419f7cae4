"""The arithmetic of the day's figures."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from linli.engines.cases.rules.figures import Share, band, below, cells, days, satisfaction

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEIGHTS = {"satisfied": 1.0, "mostly": 0.8, "fair": 0.6, "unsatisfied": 0.0}
RATED = st.dictionaries(st.sampled_from([*WEIGHTS, "unknown"]), st.integers(0, 10_000))


@given(RATED)
def test_satisfaction_counts_the_rated_only_and_stays_between_nought_and_a_hundred(ratings):
    found = satisfaction(ratings, WEIGHTS)
    rated = sum(n for code, n in ratings.items() if code in WEIGHTS)
    assert found.whole == rated
    if not rated:
        assert found.percent is None
        return
    exact = sum(Fraction(str(WEIGHTS[code])) * n for code, n in ratings.items() if code in WEIGHTS)
    assert found.percent is not None
    assert abs(found.percent - float(100 * exact / rated)) < 1e-6
    assert 0 <= found.percent <= 100 + 1e-9


def test_nothing_to_divide_by_is_blank_not_nought():
    assert Share(0, 0).percent is None
    assert band(None, 95, 85) == "none"
    assert [band(p, 95, 85) for p in (95, 94.9, 85, 84.9, 0)] == ["good", "fair", "fair", "poor", "poor"]


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.integers(0, 30)), st.integers(0, 10), st.integers(0, 8))
def test_no_cell_below_the_minimum_is_shown(counts, minimum, limit):
    found = cells(counts, minimum, limit)
    assert len(found) <= limit
    assert all(n >= max(1, minimum) and counts[key] == n for key, n in found)
    assert [n for _key, n in found] == sorted((n for _key, n in found), reverse=True)
    shown = {key for key, _n in found}
    left_out = [n for key, n in counts.items() if key not in shown and n >= max(1, minimum)]
    assert not found or not left_out or len(found) < limit or max(left_out) <= found[-1][1]


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), st.integers(1, 60))  # noqa: DTZ001
def test_days_join_without_a_gap_and_end_with_today(now, count):
    found = days(now, count, SHANGHAI)
    assert len(found) == count
    assert found[-1][1] <= now < found[-1][2]
    assert all(a[2] == b[1] and a[0] + timedelta(days=1) == b[0] for a, b in pairwise(found))


def test_the_nearest_area_above_counts():
    assert below("/1/5/23/", ["/1/", "/1/5/", "/1/52/"]) == "/1/5/"
    assert below("", ["/1/"]) is None
