import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.foundation.core.coordinates import (
    CoordinateSystem,
    Point,
    bd09_to_gcj02,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    to_wgs84,
    wgs84_to_gcj02,
)

LAT = st.floats(18.0, 53.5)
LON = st.floats(73.7, 135.0)


@given(LAT, LON)
def test_there_and_back_is_within_a_centimetre(lat, lon):
    assert Point(lat, lon).metres_to(Point(*gcj02_to_wgs84(*wgs84_to_gcj02(lat, lon)))) < 0.01
    assert Point(lat, lon).metres_to(Point(*bd09_to_gcj02(*gcj02_to_bd09(lat, lon)))) < 0.01


@given(LAT, LON)
def test_a_point_from_baidu_comes_home(lat, lon):
    baidu = gcj02_to_bd09(*wgs84_to_gcj02(lat, lon))
    assert Point(lat, lon).metres_to(to_wgs84(*baidu, CoordinateSystem.BD09)) < 0.03


@given(LAT, LON)
def test_the_shift_is_of_the_known_size(lat, lon):
    assert Point(lat, lon).metres_to(Point(*wgs84_to_gcj02(lat, lon))) < 2000


@pytest.mark.parametrize("place", [(48.85, 2.35), (-33.9, 151.2), (0.0, 100.0)])
def test_outside_china_nothing_moves(place):
    assert wgs84_to_gcj02(*place) == place
    assert gcj02_to_wgs84(*place) == place


@pytest.mark.parametrize("place", [(91, 0), (0, 181), (float("nan"), 0), (0, float("inf")), (121.4, 31.2)])
def test_what_is_no_place_is_refused(place):
    with pytest.raises(ValueError, match="out of range"):
        to_wgs84(place[0], place[1], CoordinateSystem.WGS84)


def test_metres():
    assert Point(31.22, 121.42).metres_to(Point(31.23, 121.42)) == pytest.approx(1111.95, abs=0.1)
