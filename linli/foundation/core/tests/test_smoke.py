import pytest
from django.db import connection

from linli.foundation.core.coordinates import CoordinateSystem, to_wgs84, wgs84_to_gcj02


def test_gcj02_reference_pair():
    lat, lon = wgs84_to_gcj02(31.1774276, 121.5272106)
    assert lat == pytest.approx(31.17530398364597, abs=1e-9)
    assert lon == pytest.approx(121.531541859215, abs=1e-9)
    back = to_wgs84(lat, lon, CoordinateSystem.GCJ02)
    assert (back.lat, back.lon) == pytest.approx((31.1774276, 121.5272106), abs=1e-7)


@pytest.mark.django_db
def test_database_answers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
