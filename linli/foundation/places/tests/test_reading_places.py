"""Places read from text against what an installation knows: the hand-written phrases, changes, who may know what."""

from __future__ import annotations

import csv
import os
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from linli.foundation.core.actors import SYSTEM
from linli.foundation.places import selectors, services
from linli.foundation.places.rules.scoring import Answer, labelled, phrases_of, score, score_parts
from linli.foundation.places.rules.spans import PartKind, find_parts
from linli.foundation.places.selectors import from_text
from linli.foundation.places.types import Audience, PlaceData
from linli.foundation.venues.models import Venue
from linli.foundation.venues.types import State
from linli.interfaces.cli.demo.venues import load_venues

SHARED = Path(os.environ.get("LINLI_SHARED_DATA") or Path(__file__).resolve().parents[4] / "../shared/data")
DEV = SHARED / "addresses/dev.txt"


@pytest.mark.django_db
@pytest.mark.slow
def test_the_phrases_over_the_demonstration_are_read_as_a_person_reads_them(world):
    load_venues(world.units, world.areas, world.now)
    path = files("linli.interfaces.cli.demo").joinpath("data/place_phrases.csv")
    phrases = phrases_of(csv.DictReader(path.read_text(encoding="utf8").splitlines()))
    found = score(phrases, lambda t: selectors.read_text(t, on=world.now.date()))
    wrong = [(o.phrase.text, str(o.phrase.answer), str(o.given)) for o in found.wrong]
    assert len(phrases) >= 150
    assert found.precision >= 0.97, wrong
    assert found.recall >= 0.95, wrong
    assert found.rate(Answer.ASKED) >= 0.9, wrong
    assert found.rate(Answer.NONE) >= 0.9, wrong


@pytest.mark.skipif(not DEV.exists(), reason="the labelled addresses are not at hand")
def test_parts_of_labelled_addresses_are_found():
    with DEV.open(encoding="utf8") as lines:
        found = score_parts(labelled(lines), find_parts)
    assert found[PartKind.ROAD].precision >= 0.83
    assert found[PartKind.ROAD].recall >= 0.8
    assert found[PartKind.NUMBER].precision >= 0.88
    assert found[PartKind.NUMBER].recall >= 0.85
    assert found[PartKind.COMMUNITY].precision >= 0.78
    assert found[PartKind.NAME].recall >= 0.55


@pytest.mark.django_db
def test_a_place_entered_just_now_is_known_at_once(world):
    on = world.now.date()
    assert selectors.read_text("虹桥新苑漏水", on=on).candidates == ()
    data = PlaceData("虹桥新苑", "estate", "长宁路999弄", area=world.areas["天诚"].code)
    services.add_places(by=SYSTEM, now=world.now, places=[data])
    certain = selectors.read_text("虹桥新苑漏水", on=on).certain
    assert certain is not None
    assert certain.place.label == "长宁路999弄（天诚居民区）"
    assert selectors.known_place(certain.place.ref, on=on) == certain.place


@pytest.mark.django_db
def test_reading_again_asks_the_database_nothing(world, django_assert_num_queries):
    on = world.now.date()
    selectors.read_text("陶家宅小区", on=on)
    with django_assert_num_queries(0):
        assert selectors.read_text("安西路789弄12号", on=on).certain is not None


@pytest.mark.django_db
def test_residents_know_no_venue_that_is_not_shown(world):
    load_venues(world.units, world.areas, world.now)
    on, hidden = world.now.date(), Venue.objects.get(name="华阳社区食堂")
    assert selectors.read_text("华阳社区食堂", on=on, audience=Audience.PUBLIC).certain is not None
    Venue.objects.filter(pk=hidden.pk).update(state=State.PREPARING, changed_at=world.now + timedelta(hours=1))
    from_text.forget()
    assert selectors.read_text("华阳社区食堂", on=on, audience=Audience.PUBLIC).certain is None
    assert selectors.read_text("华阳社区食堂", on=on).certain is not None


@pytest.mark.django_db
def test_the_address_of_a_report_decides_before_its_words(world):
    on = world.now.date()
    found = selectors.read_report(address="陶家宅小区", text="飞乐公寓的人来吵", on=on).certain
    assert found is not None
    assert found.place.name == "陶家宅小区"
    assert selectors.read_report(address="愚园路", text="飞乐公寓的人来吵", on=on).certain is None, "asked"
    found = selectors.read_report(address="不清楚", title="飞乐公寓漏水", text="楼上漏水", on=on).certain
    assert found is not None
    assert found.place.name == "飞乐公寓"
