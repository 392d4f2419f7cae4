import pytest

from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.coordinates import Point, wgs84_to_gcj02
from linli.foundation.core.errors import InvalidError
from linli.foundation.places import selectors, services
from linli.foundation.places.models import Area, FormerBorder
from linli.foundation.places.tests.factories import LAT, LON, NOW, STEP, collection, feature, small_street, square

pytestmark = pytest.mark.django_db
SINCE = NOW.date()


def load(data, *, kind="microgrid", **more):
    return services.import_geojson(by=SYSTEM, now=NOW, data=data, kind=kind, since=SINCE, **more)


def codes(report):
    return {f.code: [p.code for p in f.problems] for f in report.features}


def mapped(convert):
    ring = square(2, 0, 4, 2)["coordinates"][0]
    return {"type": "Polygon", "coordinates": [[convert(x, y) for x, y in ring]]}


def test_areas_are_entered_with_mapped_names_below_the_area_that_covers_them():
    small_street()
    raw = {
        "type": "Feature",
        "geometry": square(2, 0, 4, 2),
        "properties": {"bh": "B1", "mc": "第一微网格", "up": None},
    }
    report = load(collection(raw), mapping={"code": "bh", "name": "mc", "parent": "up"})
    assert report.written
    assert report.features[0].action == "create"
    assert report.features[0].area_m2 == pytest.approx(4 * 95.09 * 111.195, rel=0.01)
    assert Area.objects.get(code="B1").parent == Area.objects.get(code="B")
    assert selectors.locate(Point(LAT + STEP, LON + 3 * STEP), SINCE).names[-1] == "第一微网格"


def test_a_dry_run_writes_nothing():
    small_street()
    before = Area.objects.count()
    report = load(collection(feature("B1", square(2, 0, 4, 2), parent="B")), dry_run=True)
    assert report.ok
    assert not report.written
    assert Area.objects.count() == before


def test_overlaps_outside_and_gaps_are_told_with_their_size_and_keep_the_file_out():
    small_street()
    data = collection(
        feature("B1", square(2, 0, 3.5, 2), parent="B"),
        feature("B2", square(3, 0, 4, 1), parent="B"),
        feature("B3", square(3.5, 1, 5, 2), parent="B"),
    )
    before = Area.objects.count()
    report = load(data)
    assert codes(report) == {"B1": ["overlap"], "B2": [], "B3": ["outside"]}
    square_m2 = 95.09 * 111.195
    assert report.features[0].problems[0].area_m2 == pytest.approx(square_m2 / 2, rel=0.01)
    assert report.features[2].problems[0].area_m2 == pytest.approx(square_m2, rel=0.01)
    assert not report.ok
    assert Area.objects.count() == before
    assert load(data, accept_misfits=True).written


def test_a_gap_is_told_but_does_not_hinder():
    small_street()
    report = load(collection(feature("B1", square(2, 0, 3, 2), parent="B")))
    assert report.written
    assert [(p.code, p.blocking) for p in report.problems] == [("gap", False)]
    assert report.problems[0].area_m2 == pytest.approx(2 * 95.09 * 111.195, rel=0.01)


def test_swapped_axes_are_put_right_and_said():
    small_street()
    swapped = {"type": "Polygon", "coordinates": [[[y, x] for x, y in square(2, 0, 4, 2)["coordinates"][0]]]}
    report = load(collection(feature("B1", swapped, parent="B")))
    assert report.written
    assert report.features[0].problems[0].code == "swapped"
    assert "对调" in report.features[0].problems[0].message
    assert selectors.locate(Point(LAT + STEP, LON + 3 * STEP), SINCE).names[-1] == "B1"


@pytest.mark.parametrize(
    "named", [{"coordinate_system": "GCJ-02"}, {"crs": {"type": "name", "properties": {"name": "gcj02"}}}]
)
def test_a_file_in_gcj02_is_converted_and_said(named):
    small_street()
    shifted = mapped(lambda x, y: list(reversed(wgs84_to_gcj02(y, x))))
    report = load(collection(feature("B1", shifted, parent="B"), **named))
    assert report.written
    assert "GCJ02" in report.notes[0]
    assert report.all_problems == ()


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ({"type": "Polygon", "coordinates": [[[2.3, 48.8], [2.4, 48.8], [2.4, 48.9], [2.3, 48.8]]]}, "far_away"),
        (
            {"type": "Polygon", "coordinates": [[[116.3, 39.8], [116.4, 39.8], [116.4, 39.9], [116.3, 39.8]]]},
            "far_away",
        ),
        (
            {
                "type": "Polygon",
                "coordinates": [[[121.42, 31.22], [121.43, 31.23], [121.43, 31.22], [121.42, 31.23], [121.42, 31.22]]],
            },
            "invalid",
        ),
        ({"type": "Point", "coordinates": [121.42, 31.22]}, "bad_shape"),
        ({"type": "Polygon", "coordinates": [[["a", "b"]]]}, "bad_shape"),
        ({"type": "Polygon", "coordinates": []}, "bad_shape"),
        ({"type": "Polygon"}, "bad_shape"),
        ({"type": "Polygon", "coordinates": [[[1e308, 1e308], [0, 1e309], [1, 1], [1e308, 1e308]]]}, "bad_shape"),
        ("<script>", "bad_shape"),
    ],
)
def test_shapes_that_cannot_be_are_refused_each_with_its_reason(geometry, code):
    small_street()
    report = load(collection(feature("B1", geometry, parent="B")))
    assert code in codes(report)["B1"]
    assert not report.written


def test_names_and_codes_are_asked_for():
    small_street()
    report = load(collection(
        feature("", None, name="x", parent="A"), feature("Q", None, parent="nowhere"), feature("Q", None, parent="A"),
        {"type": "Feature", "geometry": None},
    ))  # fmt: skip
    assert [[p.code for p in f.problems][:1] for f in report.features] == [
        ["no_code"],
        ["no_parent"],
        ["code_twice"],
        ["no_properties"],
    ]


def test_again_is_unchanged_and_a_new_border_keeps_the_old_one():
    areas = small_street()
    same = collection(
        feature("A", square(0, 0, 2, 2), name="甲居民区"), feature("B", square(2, 0, 4, 2), name="乙居民区")
    )
    assert [f.action for f in load(same, kind="neighbourhood").features] == ["unchanged", "unchanged"]
    moved = collection(
        feature("A", square(0, 0, 1, 2), name="甲居民区"), feature("B", square(1, 0, 4, 2), name="乙新居民区")
    )
    report = load(moved, kind="neighbourhood")
    assert [f.action for f in report.features] == ["update", "update"]
    assert FormerBorder.objects.count() == 2
    assert selectors.area(areas["B"].pk).name == "乙新居民区"


def test_areas_without_borders_come_in_too():
    small_street()
    assert load(collection(feature("A1-2", None, parent="A1")), kind="stairwell").written


@pytest.mark.parametrize(
    "data", [{}, [], {"type": "FeatureCollection", "features": []}, {"type": "Feature"}, collection(feature("x", None))]
)
def test_other_files_and_kinds_are_refused(data):
    with pytest.raises(InvalidError):
        load(data, kind="castle")
