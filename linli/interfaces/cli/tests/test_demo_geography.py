from datetime import UTC, datetime, timedelta

import pytest

from linli.foundation.accounts.selectors import find_login
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.coordinates import Point
from linli.foundation.places import selectors, services
from linli.foundation.places.rules import geometry as shapes
from linli.interfaces.cli.demo import geography, load
from linli.interfaces.cli.demo.scenes import HUAYANG, SCENES, TIANSHAN
from tests.login import log_in

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
TODAY = NOW.date()


def test_twenty_one_neighbourhoods_each_once():
    names = [n.name for n in HUAYANG.neighbourhoods]
    assert len(names) == 21
    assert set(names) == set(HUAYANG.layout)
    assert sorted(m for members in HUAYANG.grids.values() for m in members) == sorted(names)


def test_the_map_is_the_same_every_time_and_says_that_it_is_schematic():
    assert geography.microgrids() == geography.microgrids()
    assert geography.backdrop() == geography.backdrop()
    for data in (geography.street(), geography.grids(), geography.microgrids(), geography.backdrop()):
        assert data["notice"] == "示意图，非测绘边界"
        assert all(f["properties"]["schematic"] for f in data["features"])


def test_the_street_is_about_two_square_kilometres():
    shape = shapes.read_shape(geography.street()["features"][0]["geometry"])
    assert shape.is_valid
    assert 1.8e6 < shapes.area_m2(shape) < 2.4e6


@pytest.mark.django_db
def test_load_tiles_exactly_and_is_found_again():
    loaded = geography.load_geography(by=SYSTEM, now=NOW)
    assert len(loaded["neighbourhoods"]) == 21
    assert len(loaded["grids"]) == 4
    tiled = {
        "grid": geography.grids(),
        "neighbourhood": geography.neighbourhood_areas(),
        "microgrid": geography.microgrids(),
    }
    for kind, data in tiled.items():
        report = services.import_geojson(
            by=SYSTEM, now=NOW, data=data, kind=kind, dry_run=True, since=geography.SINCE, tolerance_m2=0.05
        )
        assert report.all_problems == ()
        assert {f.action for f in report.features} == {"unchanged"}
    for place in loaded["places"]:
        where = selectors.locate(Point(place.lat, place.lon), TODAY)
        assert place.area_id in {int(i) for i in where.area_path.strip("/").split("/")}
    per = [selectors.areas(on=TODAY, kind="microgrid", below=a.path).count() for a in loaded["neighbourhoods"].values()]
    assert min(per) >= 3
    assert max(per) <= 6
    assert selectors.areas(on=TODAY, kind="stairwell").count() > 200


def test_households_are_within_what_is_usual_and_add_up():
    """Without them nothing can be shown for a thousand households."""
    for scene in SCENES.values():
        small = [f["properties"] for f in geography.microgrids(scene)["features"]]
        assert all(100 <= p["households"] <= 500 for p in small)
        for whole in (f["properties"] for f in geography.neighbourhood_areas(scene)["features"]):
            assert 1000 <= whole["households"] <= 3000
            assert whole["households"] == sum(p["households"] for p in small if p["parent"] == whole["code"])


@pytest.mark.parametrize("key", SCENES)
def test_every_subdistrict_of_the_texts_tiles_with_the_listed_neighbourhoods(key):
    scene = SCENES[key]
    drawn = geography.neighbourhood_areas(scene)["features"]
    assert sorted(f["properties"]["code"] for f in drawn) == sorted(n.code for n in scene.neighbourhoods)
    every = [shapes.read_shape(f["geometry"]) for f in drawn]
    whole = shapes.read_shape(geography.street(scene)["features"][0]["geometry"])
    assert all(s.is_valid for s in every)
    assert abs(sum(s.area for s in every) / whole.area - 1) < 1e-9
    members = [m for grid in scene.grids.values() for m in grid]
    assert sorted(members) == sorted(n.name for n in scene.neighbourhoods)
    assert scene.home in members
    assert all("示意" in name for name in scene.grids) or scene is HUAYANG


@pytest.mark.django_db
@pytest.mark.slow
def test_a_neighbourhood_that_the_text_counts_and_the_list_lacks_is_shown_and_not_invented(client, settings):
    settings.DEMO = True
    with clock.frozen(NOW):
        load.lay_ground(NOW - timedelta(days=90), NOW, TIANSHAN)
        load.forget()
        assert selectors.areas(on=TODAY, kind="neighbourhood").count() == 17
        admin = find_login("xitong")
        assert admin is not None
        log_in(client, admin)
        page = client.get("/console/gaps/?kind=count").content.decode()
    assert "居民区应有 18 个，录入 17 个" in page
    assert "五篇原文之五" in page
