"""Several send at once, on a real PostgreSQL: one record, one count, and nobody is left without an answer."""

import pytest

from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Finding, Round, Submission
from linli.engines.fieldwork.tests.sent import scene
from linli.engines.fieldwork.types import Receipt
from tests.races import at_once, one_wins

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only_on("postgresql", reason="SQLite lets one writer in at a time"),
]


def test_races(world):
    """One test, since a flushed database is laid anew for each."""
    s = scene(world)
    the_same_packet_twice(world, s)
    one_visit_by_two(world, s)
    the_same_correction_twice(world, s)
    two_corrections(world, s)
    judged_twice(world, s)


def the_same_packet_twice(world, s):
    packet = s.packet(0, answers={"wires": True})
    by = world.actor("chengguan")
    found = at_once(*[lambda: services.submit(by=by, now=world.now, packet=packet)] * 4)
    assert all(isinstance(f, Receipt) for f in found), found
    assert len({(f.uuid, f.digest) for f in found}) == 1
    assert [f.seen_before for f in found].count(False) == 1
    assert (Submission.objects.count(), Round.objects.get().done, Finding.objects.count()) == (1, 1, 1)


def one_visit_by_two(world, s):
    mine, theirs = s.packet(2), s.packet(2)
    a, b = world.actor("chengguan"), world.actor("chengguan2")
    found = at_once(
        lambda: services.submit(by=a, now=world.now, packet=mine),
        lambda: services.submit(by=b, now=world.now, packet=theirs),
    )
    assert all(isinstance(f, Receipt) for f in found), found
    assert [f.rival is None for f in found].count(True) == 1
    assert Round.objects.get().done == 2


def the_same_correction_twice(world, s):
    """The repeats wait for the record that is corrected, and find it corrected: by themselves."""
    first = s.packet(None, round=s.round.uuid)
    by = world.actor("chengguan")
    services.submit(by=by, now=world.now, packet=first)
    packet = s.packet(None, round=s.round.uuid, former=first.uuid)
    found = at_once(*[lambda: services.submit(by=by, now=world.now, packet=packet)] * 4)
    assert all(isinstance(f, Receipt) for f in found), found
    assert [f.seen_before for f in found].count(False) == 1
    assert Submission.objects.filter(former__uuid=first.uuid).count() == 1


def two_corrections(world, s):
    first = s.packet(1)
    by = world.actor("chengguan")
    services.submit(by=by, now=world.now, packet=first)
    one, two = s.packet(1, former=first.uuid), s.packet(1, former=first.uuid)
    one_wins(
        at_once(
            lambda: services.submit(by=by, now=world.now, packet=one),
            lambda: services.submit(by=by, now=world.now, packet=two),
        )
    )
    assert Submission.objects.filter(former__uuid=first.uuid).count() == 1


def judged_twice(world, s):
    row = Submission.objects.filter(rival__isnull=False).get()
    a, b = Submission.objects.get(pk=row.pk), Submission.objects.get(pk=row.pk)
    head, shift = world.actor("zhongdui"), world.actor("zhiban")
    one_wins(
        at_once(
            lambda: services.judge(by=head, now=world.now, submission=a, keep=True, reason="甲"),
            lambda: services.judge(by=shift, now=world.now, submission=b, keep=False, reason="乙"),
        )
    )
    assert Submission.objects.filter(state="aside").count() == 1
    assert Submission.objects.filter(visit=row.visit, state="received").count() == 1
