"""Every kind of sheet: what is written out comes in again and changes nothing."""

import pytest

from linli.foundation.accounts.models import User
from linli.foundation.people.models import Post, Unit
from linli.foundation.places.models import Area, Place
from linli.foundation.sheets import services
from linli.foundation.sheets.tests.steps import bring, counts, faults
from linli.foundation.sheets.types import KINDS
from linli.foundation.venues import services as venues
from linli.foundation.venues.selectors import kinds as find_kinds
from linli.foundation.venues.types import VenueData

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", sorted(KINDS))
def test_what_is_exported_comes_in_again_and_changes_nothing(world, code):
    by = world.actor("xitong")
    if code == "venues":  # the street of the tests has none
        venues.load_shipped(by=by, now=world.now)
        venues.add_venue(by=by, now=world.now, data=VenueData(find_kinds()[0].code, "=1+1", address="长宁路1号"))
    content = services.export(by=by, now=world.now, code=code)
    batch = bring(by, world.now, code, content)
    assert faults(batch) == {}
    assert counts(batch) == (0, 0, batch.total, 0)


ODD = [
    "=1+1",
    "+86",
    "-",
    "@x",
    "两  个\u3000空格",
    "换\n行",
    "'引'\"号\"",
    "<b>&amp;</b>",
    "𠮷祥",
    "是",
    "007",
    "1e5",
    "2026/3/1",
]


@pytest.fixture
def odd(world):
    """Things with names as people and programs make them: none of them may come back changed."""
    area = world.areas["陶家宅"]
    for n, name in enumerate(ODD):
        unit = Unit.objects.create(name=name, short_name=name, kind="other", phone=name, area=area)
        Unit.objects.create(name=name, kind="other", active=False)
        for role in ("unit_head", "unit_handler", "unit_handler"):
            Post.objects.create(unit=unit, role=role, title=name)
        User.objects.create(username=f"odd{n}", display_name=name, created_at=world.now)
        Place.objects.create(
            name=name,
            kind="estate",
            address=name,
            key=f"k{n}",
            aliases=[name, "甲，乙"],
            area=area,
            lat=31.123456789,
            lon=121.1,
        )
        Place.objects.create(name=name, kind="estate", address="", key="")
        Area.objects.create(
            kind=area.kind,
            parent=area.parent,
            name=name,
            code=f"odd/{n}",
            border_from=world.now,
            valid_from=world.now,
            level=area.level,
        )
    for new in Area.objects.filter(code__startswith="odd/"):
        Area.objects.filter(pk=new.pk).update(path=f"{area.parent.path}{new.pk}/")
    return world


@pytest.mark.parametrize("code", ["areas", "places", "units", "posts", "people"])
def test_odd_names_come_in_again_unchanged(odd, code):
    by = odd.actor("xitong")
    batch = bring(by, odd.now, code, services.export(by=by, now=odd.now, code=code))
    assert faults(batch) == {}
    assert counts(batch) == (0, 0, batch.total, 0)
