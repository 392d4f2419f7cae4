"""Several at once on a real PostgreSQL: two take one visit, one ends what another makes, two workers, two mergers."""

from datetime import timedelta

import pytest
from django.db import connection

from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Round, Target, Visit
from linli.engines.fieldwork.rules.counts import Counts, counted
from linli.engines.fieldwork.tests.scenes import enter_form, enter_shops, opened, sent_in, visits_of
from linli.engines.fieldwork.types import Receipt
from linli.foundation.journal.models import Entry
from tests.races import at_once, one_wins

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only_on("postgresql", reason="SQLite lets one writer in at a time"),
]


def test_races(world):
    """One test, since a flushed database is laid anew for each."""
    assert connection.vendor == "postgresql"
    services.load_shipped(now=world.now)
    enter_form(world.now)
    enter_shops(world, 3)
    round_ = opened(world, days=27, rhythm={"unit": "weeks"})
    taken_twice(world, round_)
    done_and_dropped(world, round_)
    closed_meanwhile_is_told(world, round_)
    made_twice(world)
    merged_both_ways(world)


def true_counts(round_):
    row = Round.objects.get(pk=round_.pk)
    states = Visit.objects.filter(round=round_).values_list("state", flat=True)
    return Counts(row.planned, row.done, row.unreached) == counted(states)


def taken_twice(world, round_):
    visit = visits_of(round_)[0]
    who = [world.actor("shegong"), world.actor("shuji")]
    results = at_once(
        *(lambda by=by: services.take_visit(by=by, now=world.now, uuid=visit.uuid, expected=1) for by in who)
    )
    one_wins(results)
    row = Visit.objects.get(pk=visit.pk)
    winner = next(r for r in results if isinstance(r, Visit))
    assert (row.user_id, row.version) == (winner.user_id, 2)


def done_and_dropped(world, round_):
    visit = visits_of(round_)[1]
    worker, lead = world.actor("shegong"), world.actor("zhiban")
    results = at_once(
        lambda: sent_in(worker, world.now, visit),
        lambda: services.drop_visit(by=lead, now=world.now, uuid=visit.uuid, reason="重复", expected=1),
    )
    # The record is kept in any case; the visit is either made or dropped.
    assert isinstance(results[0], Receipt), results
    assert isinstance(results[1], Visit) == (Visit.objects.get(pk=visit.pk).state == "dropped")
    assert true_counts(round_)


def closed_meanwhile_is_told(world, round_):
    visit = visits_of(round_)[2]
    worker, lead = world.actor("shegong"), world.actor("zhiban")
    version = Round.objects.get(pk=round_.pk).version
    results = at_once(
        lambda: sent_in(worker, world.now, visit),
        lambda: services.close_round(
            by=lead, now=world.now, uuid=round_.uuid, feedback="已反馈", result="已整改", expected=version
        ),
    )
    # A record is never lost; came it first it counts, else the round stays as it was closed.
    assert isinstance(results[0], Receipt), results
    row = Round.objects.get(pk=round_.pk)
    assert row.state == "closed"
    told = Entry.objects.filter(verb="fieldwork.close_round").latest("pk").after
    assert told is not None
    assert told["done"] == row.done
    assert Visit.objects.get(pk=visit.pk).state == "done"


def made_twice(world):
    other = opened(world, days=27, rhythm={"unit": "weeks"})
    later = world.now + timedelta(days=7)
    results = at_once(*(lambda: services.make_due(now=later),) * 2)
    assert sorted(results) == [0, 3]
    assert true_counts(other)


def merged_both_ways(world):
    a, b = Target.objects.order_by("pk")[:2]
    lead = world.actor("zhiban")

    def merge(x, y):
        return services.merge(
            by=lead, now=world.now, double=x.uuid, into=y.uuid, expected=x.version, into_expected=y.version,
            reason="同一家",
        )  # fmt: skip

    one_wins(at_once(lambda: merge(a, b), lambda: merge(b, a)))
    assert Target.objects.filter(merged_into__isnull=False).count() == 1
