"""Every kind of sheet: what is written out comes in again and changes nothing."""

import pytest

from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.types import TargetData
from linli.engines.projects import services as projects
from linli.engines.projects.types import NewTask, Strand
from linli.foundation.accounts.models import User
from linli.foundation.people.models import Post, Unit
from linli.foundation.places.models import Area, Place
from linli.foundation.sheets import services
from linli.foundation.sheets.tests.steps import bring, counts, faults
from linli.foundation.sheets.types import KINDS
from linli.foundation.venues import services as venues
from linli.foundation.venues.selectors import kinds as find_kinds
from linli.foundation.venues.types import VenueData
from linli.interfaces.cli.demo.alliance import load_alliance
from linli.programmes.civility import services as civility

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", sorted(code for code, kind in KINDS.items() if not kind.fleeting))
def test_what_is_exported_comes_in_again_and_changes_nothing(world, code):
    by = world.actor("lingdao" if code in {"tasks", "civility_standards"} else "xitong")
    if code == "tasks":
        unit = world.units["enforcement"].pk
        given = NewTask("排查停放点位", unit, world.now.date(), topics=("停车", "市容"), strands=(Strand.REFINED,))
        projects.create_tasks(by=by, now=world.now, tasks=[given])
    if code == "venues":  # the street of the tests has none
        venues.load_shipped(by=by, now=world.now)
        venues.add_venue(by=by, now=world.now, data=VenueData(find_kinds()[0].code, "=1+1", address="长宁路1号"))
    if code == "targets":
        fieldwork.load_shipped(now=world.now)
        fieldwork.add_target(by=by, now=world.now, data=TargetData("shop", "=1+1", address="长宁路1号"))
    if code == "civility_standards":
        civility.load_shipped(by=by, now=world.now)
    if code.startswith("alliance_"):
        load_alliance(world.units, world.now)
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
