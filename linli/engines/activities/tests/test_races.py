"""Two people at once on a real PostgreSQL: two minute one item, two scan one code, two workers make one series."""

from datetime import date, time, timedelta

import pytest
from django.db import connection

from linli.engines.activities import services
from linli.engines.activities.models import Attendee
from linli.engines.activities.types import NewMeeting, NewSeries, NewVenue
from linli.foundation.core.errors import StaleError
from tests.races import at_once, one_wins

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only_on("postgresql", reason="SQLite lets one writer in at a time"),
]


def test_races(world):
    """One test, since a flushed database is laid anew for each."""
    assert connection.vendor == "postgresql"
    by, now = world.actor("zhiban"), world.now
    units = (world.units["safety"].pk,)
    data = NewMeeting(
        "seminar",
        "研讨会",
        now,
        now + timedelta(hours=2),
        world.units["development"].pk,
        (NewVenue("二楼"),),
        unit_ids=units,
    )
    meeting = services.plan_meeting(by=by, now=now, data=data)
    scanned_twice(world, meeting, now)
    minuted_twice(world, meeting, now)
    made_twice(world, now)


def scanned_twice(world, meeting, now):
    token = services.sign_token(meeting, None, now)
    colleagues = [world.actor("chengguan"), world.actor("chengguan")]
    done = at_once(*(lambda who=who: services.sign_in(by=who, now=now, token=token) for who in colleagues))
    assert sorted(d.again for d in done) == [False, True]
    assert Attendee.objects.filter(meeting=meeting, user=world.users["chengguan"]).count() == 1
    different = at_once(
        lambda: services.sign_in(by=world.actor("pinganban"), now=now, token=token),
        lambda: services.sign_in(by=world.actor("chengguan2"), now=now, token=token),
    )
    assert [d.again for d in different] == [False, False]
    assert Attendee.objects.get(meeting=meeting, group="unit").user == world.users["pinganban"]


def minuted_twice(world, meeting, now):
    services.begin(by=world.actor("zhiban"), now=now, meeting=meeting)
    item = meeting.items.order_by("order").first()

    def write(who, text):
        return services.write_record(
            by=world.actor(who), now=now, meeting=meeting, item=item, text=text, expected=item.version
        )

    results = at_once(lambda: write("zhiban", "甲"), lambda: write("paidan", "乙"))
    one_wins(results)
    told = next(r for r in results if isinstance(r, StaleError))
    item.refresh_from_db()
    assert (told.params["theirs"], item.version) == (item.record, 2)


def made_twice(world, now):
    data = NewSeries(
        "joint", "联席会议", world.units["development"].pk, 10, time(9), 60, "二楼", date(2026, 3, 10), unit_ids=()
    )
    series = services.save_series(by=world.actor("zhiban"), now=now, data=data)
    later = now + timedelta(days=60)
    results = at_once(*(lambda: services.make_due(now=later),) * 2)
    assert sum(results) == 2
    days = list(series.meetings.values_list("occurrence", flat=True))
    assert len(days) == len(set(days)) == 4
