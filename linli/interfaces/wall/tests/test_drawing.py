"""The wall's drawings: within their box, to scale."""

import json
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from linli.engines.cases.selectors import DayTrend
from linli.interfaces.wall import drawing

COUNTS = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), min_size=1, max_size=60)


def days(counts):
    return [DayTrend(date(2026, 3, 1) + timedelta(days=n), a, b) for n, (a, b) in enumerate(counts)]


@given(COUNTS)
def test_the_trend_stays_in_its_box_and_to_scale(counts):
    found = drawing.trend(days(counts))
    most = max([1, *(n for pair in counts for n in pair)])
    assert found.ticks[0][0] == 0
    assert found.ticks[-1][0] >= most
    assert len(found.ticks) <= 6
    for bar, (taken, _closed) in zip(found.bars, counts, strict=True):
        assert 0 <= bar.y <= bar.y + bar.height <= found.height
        assert found.left <= bar.x < bar.x + bar.width <= found.width + 0.2
        assert abs(bar.height - (found.base - 10) * taken / found.ticks[-1][0]) < 0.1
    assert found.bars[-1].label


@given(st.integers(1, 10**6), st.integers(1, 8))
def test_a_scale_is_divided_by_round_numbers(most, lines):
    by = drawing.step(most, lines)
    assert by * lines >= most
    assert str(by).rstrip("0") in {"1", "2", "5"}


def square(west, south, name="甲居民区", pk=1):
    ring = [[west, south], [west + 0.01, south], [west + 0.01, south + 0.01], [west, south + 0.01], [west, south]]
    return {
        "type": "Feature",
        "properties": {"id": pk, "name": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_the_map_keeps_the_shape_of_the_ground():
    text = json.dumps({"type": "FeatureCollection", "features": [square(121.4, 31.2), square(121.41, 31.2, pk=2)]})
    found = drawing.area_map(text)
    assert found is not None
    assert [s.name for s in found.shapes] == ["甲", "甲"]
    assert 0.55 < found.height / found.width < 0.62  # a degree of longitude is shorter up here
    assert all(0 <= s.x <= found.width and 0 <= s.y <= found.height for s in found.shapes)


def test_without_borders_there_is_no_map():
    nameless = {"type": "Feature", "properties": {"id": 1, "name": "甲"}, "geometry": None}
    assert drawing.area_map(json.dumps({"type": "FeatureCollection", "features": [nameless]})) is None
    assert drawing.area_map(json.dumps({"type": "FeatureCollection", "features": []})) is None
