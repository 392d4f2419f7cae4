import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.coordinates import Point
from linli.foundation.core.errors import ConflictError, InvalidError, NotFoundError
from linli.foundation.core.ids import uuid7
from linli.foundation.journal import services as journal
from linli.foundation.places import selectors, services
from linli.foundation.places.models import Area, GeographyVersion
from linli.foundation.places.rules.geometry import read_shape
from linli.foundation.places.rules.index import AreaIndex, Entry
from linli.foundation.places.tests.factories import LAT, LON, NOW, SINCE, STEP, small_district, small_street, square
from linli.foundation.places.types import AreaData, AreaRef, PlaceData

TODAY = NOW.date()
METRES_EAST = 95.09  # of a step at this latitude


def at(x, y):
    return Point(LAT + y * STEP, LON + x * STEP)


@pytest.mark.django_db
def test_a_point_is_in_the_smallest_area_with_names_and_border():
    areas = small_street()
    found = selectors.locate(at(1, 0.5), TODAY)
    assert found.area_id == areas["A1"].pk
    assert found.area_path == areas["A1"].path == f"{areas['A'].path}{areas['A1'].pk}/"
    assert found.names == ("街道", "第一综合网格", "甲居民区", "第一微网格")
    assert found.border_metres == pytest.approx(55.6, abs=0.2)
    assert found.neighbours == ()
    assert selectors.locate(at(1, 1.5), TODAY).area_id == areas["A"].pk


@pytest.mark.django_db
def test_near_a_border_the_neighbour_is_named_with_its_distance():
    areas = small_street()
    found = selectors.locate(at(1.9, 1.5), TODAY)
    assert found.area_id == areas["A"].pk
    assert found.border_metres == pytest.approx(METRES_EAST / 10, abs=0.1)
    assert [(n.id, n.kind) for n in found.neighbours] == [(areas["B"].pk, "neighbourhood")]
    assert found.neighbours[0].metres == pytest.approx(METRES_EAST / 10, abs=0.1)
    assert selectors.locate(at(1.5, 1.5), TODAY).neighbours == ()


@pytest.mark.django_db
def test_outside_of_all_areas_the_nearest_within_reach_are_offered():
    areas = small_street()
    found = selectors.locate(at(4.1, 1), TODAY)
    assert (found.area_id, found.area_path, found.border_metres) == (None, "", None)
    assert [n.id for n in found.neighbours] == [areas["B"].pk]
    assert selectors.locate(Point(39.9, 116.4), TODAY).neighbours == ()


@pytest.mark.django_db
def test_a_border_moved_on_the_first_of_march_leaves_february_where_it_was():
    areas = small_street()
    moved = date(2026, 3, 1)
    services.move_border(by=SYSTEM, now=NOW, area_id=areas["A"].pk, geometry=square(0, 0, 1, 2), since=moved)
    services.move_border(by=SYSTEM, now=NOW, area_id=areas["B"].pk, geometry=square(1, 0, 4, 2), since=moved)
    spot = at(1.5, 1.5)
    assert selectors.locate(spot, date(2026, 2, 28)).area_id == areas["A"].pk
    assert selectors.locate(spot, moved).area_id == areas["B"].pk
    assert selectors.locate(spot, date(2025, 12, 31)).area_id is None
    shown = json.loads(selectors.areas_geojson(date(2026, 2, 28), "neighbourhood"))["features"]
    assert max(x for x, _y in shown[0]["geometry"]["coordinates"][0]) == pytest.approx(LON + 2 * STEP)
    with pytest.raises(ConflictError):
        services.move_border(by=SYSTEM, now=NOW, area_id=areas["A"].pk, geometry=square(0, 0, 1, 1), since=moved)


@pytest.mark.django_db
def test_an_ended_area_holds_the_past_only():
    areas = small_street()
    with pytest.raises(ConflictError):
        services.end_area(by=SYSTEM, now=NOW, area_id=areas["A"].pk, day=date(2026, 3, 1))
    services.end_area(by=SYSTEM, now=NOW, area_id=areas["B"].pk, day=date(2026, 3, 1))
    assert selectors.locate(at(3, 1), date(2026, 2, 28)).area_id == areas["B"].pk
    assert selectors.locate(at(3, 1), date(2026, 3, 1)).area_id == areas["G"].pk


@pytest.mark.django_db
def test_locating_asks_the_database_nothing(django_assert_num_queries):
    small_street()
    selectors.locate(at(1, 1), TODAY)
    selectors.areas_geojson(TODAY, "neighbourhood")
    with django_assert_num_queries(0):
        for _round in range(50):
            selectors.locate(at(1, 1), TODAY)
        selectors.areas_geojson(TODAY, "neighbourhood")


@pytest.mark.django_db
def test_another_process_is_seen_when_the_version_is_looked_at(monkeypatch):
    areas = small_street()
    assert selectors.locate(at(1, 1.5), TODAY).names[-1] == "甲居民区"
    Area.objects.filter(pk=areas["A"].pk).update(name="新名")
    GeographyVersion.objects.update(token=uuid7())
    assert selectors.locate(at(1, 1.5), TODAY).names[-1] == "甲居民区"
    monkeypatch.setattr(selectors.store, "LOOK_EVERY", 0.0)
    assert selectors.locate(at(1, 1.5), TODAY).names[-1] == "新名"


@pytest.mark.django_db
def test_kinds_decide_what_may_stand_where():
    small_street()
    with pytest.raises(InvalidError, match="不能直接放在"):
        services.add_areas(by=SYSTEM, now=NOW, areas=[AreaData("X", "越级", "microgrid", "S")])
    services.set_kind(by=SYSTEM, now=NOW, code="microgrid", name="微网格", parents=["neighbourhood", "subdistrict"])
    made = services.add_areas(by=SYSTEM, now=NOW, areas=[AreaData("X", "越级", "microgrid", "S")])
    assert made["X"].level == 1
    with pytest.raises(InvalidError):
        services.set_kind(by=SYSTEM, now=NOW, code="k", name="k", parents=["nothing"])


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (AreaData("Y", "y", "grid", "nowhere"), InvalidError),
        (AreaData("Y", "y", "castle", "S"), InvalidError),
        (AreaData("A", "甲", "neighbourhood", "G"), ConflictError),
        (AreaData("Y", "y", "grid", "S", geometry={"type": "Point", "coordinates": [1, 2]}), InvalidError),
    ],
)
@pytest.mark.django_db
def test_what_cannot_be_entered_changes_nothing(data, error):
    small_street()
    before = Area.objects.count()
    with pytest.raises(error):
        services.add_areas(by=SYSTEM, now=NOW, areas=[AreaData("Z", "z", "grid", "S"), data])
    assert Area.objects.count() == before


@pytest.mark.django_db
def test_a_failing_journal_undoes_the_change(monkeypatch):
    areas = small_street()

    def fail(**_values):
        raise RuntimeError

    monkeypatch.setattr(journal, "record", fail)
    with pytest.raises(RuntimeError):
        services.rename_area(by=SYSTEM, now=NOW, area_id=areas["A"].pk, name="别名")
    assert selectors.area(areas["A"].pk).name == "甲居民区"


@pytest.mark.django_db
def test_second_pattern_has_a_district_as_root_and_needs_no_borders():
    areas = small_district()
    assert areas["D1N1"].level == 3
    assert [a.code for a in selectors.ancestors(areas["D1N1"])] == ["D", "D1", "D1N", "D1N1"]
    assert [a.code for a in selectors.children(areas["D"].pk, TODAY)] == ["D1", "D2"]
    assert selectors.locate(at(1, 1), TODAY).area_id is None
    assert json.loads(selectors.areas_geojson(TODAY, ""))["features"] == []


@pytest.mark.django_db
def test_free_layers_cross_the_tree():
    areas = small_street()
    made = services.add_areas(
        by=SYSTEM,
        now=NOW,
        areas=[AreaData("K", "商圈街区", "block", layer="block", geometry=square(1, 0, 3, 2), valid_from=SINCE)],
    )
    for x, leaf in ((1.5, "A"), (2.5, "B")):
        found = selectors.locate(at(x, 1.5), TODAY)
        assert found.area_id == areas[leaf].pk
        assert [r.id for r in found.layers] == [made["K"].pk]
    assert selectors.locate(at(0.5, 1.5), TODAY).layers == ()


@pytest.mark.django_db
def test_selectors_find_and_refuse():
    areas = small_street()
    assert selectors.area_by_code("A1") == areas["A1"]
    assert selectors.area_by_code("none") is None
    with pytest.raises(NotFoundError):
        selectors.area(10**9)
    assert [a.code for a in selectors.areas(on=TODAY, below=areas["A"].path)] == ["A", "A1", "A1-1"]


@pytest.mark.django_db
def test_the_database_refuses_an_end_before_the_start():
    areas = small_street()
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.filter(pk=areas["B"].pk).update(valid_to=SINCE)


@pytest.mark.django_db
def test_places_are_found_by_name_address_and_parts_of_them(django_assert_num_queries):
    areas = small_street()
    made = services.add_places(
        by=SYSTEM, now=NOW,
        places=[
            PlaceData("崂山二村", address="崂山路200弄", lat=LAT + 0.0005, lon=LON + 0.0005),
            PlaceData("秀水苑", address="長寧路４８８弄", aliases=("秀水花园",), area="B"),
            PlaceData("秀水苑北区", address="长宁路500弄"),
        ],
    )  # fmt: skip
    assert made[0].area_id == areas["A1"].pk
    with django_assert_num_queries(1):
        assert [p.name for p in selectors.search_places("崂山二村11号"[:4])] == ["崂山二村"]
    assert [p.name for p in selectors.search_places("秀水")] == ["秀水苑", "秀水苑北区"]
    assert [p.name for p in selectors.search_places("长宁路488弄")] == ["秀水苑"]
    assert [p.name for p in selectors.search_places("秀水花园")] == ["秀水苑"]
    assert [p.name for p in selectors.search_places("北")] == ["秀水苑北区"]
    assert selectors.search_places("") == selectors.search_places("没有的地方") == []
    assert services.add_places(by=SYSTEM, now=NOW, places=[PlaceData("秀水苑北区", address="长宁路５００弄")]) == []


def _index(side):
    ids = iter(range(1, 100))
    entries = []
    for x in range(side):
        for y in range(side):
            number = next(ids)
            ref = AreaRef(number, uuid7(), "cell", f"{x}-{y}", f"/{number}/")
            entries.append(Entry(ref, 1, False, (ref.name,), read_shape(square(x, y, x + 1, y + 1))))
    return AreaIndex(entries)


INDEX = _index(4)


@given(x=st.floats(0.001, 3.999), y=st.floats(0.001, 3.999))
def test_every_point_of_a_tiling_has_one_area_and_distances_agree(x, y):
    found = INDEX.locate(at(x, y), 40.0)
    assert found.area_id is not None
    east, north = x % 1, y % 1
    nearest = min(min(east, 1 - east) * METRES_EAST, min(north, 1 - north) * 111.195)
    assert found.border_metres == pytest.approx(nearest, abs=0.1)
    assert all(n.metres <= 40.0 for n in found.neighbours)
    assert list(found.neighbours) == sorted(found.neighbours, key=lambda n: n.metres)


def test_threads_share_the_index():
    spots = [at(k % 40 / 10 + 0.05, k // 40 / 10 + 0.05) for k in range(1600)]
    alone = [INDEX.locate(s, 30.0).area_id for s in spots]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda s: INDEX.locate(s, 30.0).area_id, spots))
    assert together == alone


def test_namespaces_do_not_see_one_anothers_index(monkeypatch):
    from linli.foundation.core import namespaces

    rows = {"main": ["甲"], "other": ["乙"]}

    def entries(_day):
        name = rows[namespaces.current()][0]
        ref = AreaRef(1, uuid7(), "cell", name, "/1/")
        return [Entry(ref, 0, False, (name,), read_shape(square(0, 0, 1, 1)))]

    monkeypatch.setattr(selectors.store, "_entries", entries)
    monkeypatch.setattr(selectors.store, "_token", lambda: None)
    monkeypatch.setattr(selectors.store, "_days", list)

    def ask(k):
        with namespaces.use("main" if k % 2 else "other"):
            return k % 2, selectors.locate(at(0.5, 0.5), TODAY).names

    with ThreadPoolExecutor(8) as pool:
        assert all(names == (("甲",) if odd else ("乙",)) for odd, names in pool.map(ask, range(400)))
