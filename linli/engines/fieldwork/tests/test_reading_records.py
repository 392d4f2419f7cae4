"""Who reads which records: what stands on a record says the same as its target's kind and its round."""

import importlib
from datetime import timedelta
from itertools import product

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.models import Finding, Kind, Round, RoundUnit, Submission, Target, Visit
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.selectors import boards
from linli.engines.fieldwork.tests.scenes import enter_form, enter_shops, opened
from linli.engines.fieldwork.tests.sent import scene
from linli.engines.fieldwork.types import Choice, KindData, TargetFilter
from linli.foundation.core.ids import uuid7
from tests.races import at_once

pytestmark = pytest.mark.django_db


def as_the_kinds_say(actor):
    """Return the filter in the words of the rule, which looks at every record's target and kind."""
    if actor.is_system:
        return Q()
    free = Q(target=None) | Q(target__kind__guarded=False)
    q = Q(pk__in=[])
    if actor.user_id is not None:
        q |= Q(user=actor.user_id) | Q(second=actor.user_id)
    for grant in doors.staff_grants(actor):
        if grant.role in doors.WIDE:
            q |= free & Q(area_path__startswith=grant.area_path)
        if grant.role in doors.IN_AREA and grant.area_path:
            here = Q(area_path__startswith=grant.area_path)
            q |= here if grant.role in doors.NEAR_HOMES else here & free
        if grant.unit_id is not None:
            ours = Q(round__unit=grant.unit_id)
            q |= ours if grant.role in doors.HEADS else ours & free
            q |= free & Q(round__in=RoundUnit.objects.filter(unit=grant.unit_id).values("round"))
    return q


def records(scene):
    """Make a record of every sort: open and guarded, here and elsewhere, of two units and none, by three people."""
    world = scene.world
    home = services.save_kind(by=world.actor("xitong"), now=world.now, data=KindData("home", "住户", guarded=True))
    areas = [scene.shops[0].area, next(a for a in world.areas.values() if a.pk != scene.shops[0].area_id)]
    day, form = world.now.date(), scene.round.form.versions.get()
    targets = [None] + [
        Target.objects.create(kind=k, name=f"{k.code}{a.pk}", area=a, area_path=a.path, since=day, changed_at=world.now)
        for k, a in product((scene.kind, home), areas)
    ]
    other = Round.objects.create(
        title="联合", form=scene.round.form, unit=world.units["housing"], starts_on=day, ends_on=day, review=True,
        state="open", created_label="x", created_at=world.now,
    )  # fmt: skip
    RoundUnit.objects.create(round=other, unit=world.units["police"])
    for target, round_, who in product(targets, (scene.round, other, None), ("chengguan", "shegong", None)):
        Submission.objects.create(
            uuid=uuid7(), digest="0" * 64, form=form, round=round_, target=target, made_at=world.now,
            received_at=world.now, user=world.users[who] if who else None, area_path=target.area_path if target else "",
        )  # fmt: skip
    importlib.import_module("linli.engines.fieldwork.migrations.0003_records").forwards(apps, None)
    return home


def test_everybody_reads_what_the_kinds_say(world):
    records(scene(world))
    for row in Submission.objects.select_related("target__kind", "round"):
        Finding.objects.create(submission=row, target=row.target, item="x", text="x", found_at=world.now)
        assert row.guarded == (row.target is not None and row.target.kind.guarded)
        assert row.review == (row.round is not None and row.round.review)
    seen = {}
    for username in world.users:
        actor = world.actor(username)
        told = set(Submission.objects.filter(as_the_kinds_say(actor)).values_list("pk", flat=True))
        assert set(doors.visible(actor).values_list("pk", flat=True)) == told, username
        found = doors.visible_findings(actor).values_list("submission", flat=True)
        assert sorted(found) == sorted(told), username
        seen[username] = len(told)
    assert len(set(seen.values())) > 5, "people differ in what they read"
    assert seen["jumin"] == 0 < seen["wuye"] + seen["shegong"] < 2 * Submission.objects.count()


def test_a_ledger_that_becomes_guarded_takes_its_records_along(world):
    there = scene(world)
    first = there.send(there.packet())
    shift_leader, worker = world.actor("zhiban"), world.actor("chengguan")
    assert doors.visible(shift_leader).filter(uuid=first.uuid).exists()
    kind = Kind.objects.get(pk=there.kind.pk)
    services.save_kind(
        by=world.actor("xitong"), now=world.now, data=KindData("shop", "门店", guarded=True), expected=kind.version
    )
    second = there.send(there.packet(1))
    assert set(Visit.objects.values_list("guarded", flat=True)) == {True}
    for uuid in (first.uuid, second.uuid):
        assert Submission.objects.get(uuid=uuid).guarded
        assert not doors.visible(shift_leader).filter(uuid=uuid).exists()
        assert doors.visible(worker).filter(uuid=uuid).exists(), "one's own"
        assert doors.visible(world.actor("shegong")).filter(uuid=uuid).exists(), "who works in the grid"


def test_visits_are_made_as_guarded_as_their_ledger(world):
    services.load_shipped(now=world.now)
    enter_form(world.now)
    for kind, guarded in (("shop", False), ("household", True)):
        enter_shops(world, 2, kind=kind)
        round_ = opened(world, title=kind, choice=Choice(filter=TargetFilter((kind,))))
        assert set(Visit.objects.filter(round=round_).values_list("guarded", flat=True)) == {guarded}


def test_a_month_counts_all_visits_and_names_the_first(world):
    services.load_shipped(now=world.now)
    enter_form(world.now)
    enter_shops(world, 6)
    round_ = opened(world)
    (day,) = set(Visit.objects.filter(round=round_).values_list("due_on", flat=True))
    Visit.objects.filter(round=round_, target__name="店3").update(planned_on=day - timedelta(days=1))
    with CaptureQueriesContext(connection) as sent:
        found = boards.month(world.actor("zhiban"), day - timedelta(days=9), day, round_=round_, most=4)
    assert len(sent) <= 3
    assert {on: (d.count, [v.target.name for v in d.first]) for on, d in found.items()} == {
        day - timedelta(days=1): (1, ["店3"]), day: (5, ["店1", "店2", "店4", "店5"]),
    }  # fmt: skip


def test_what_waits_for_review_says_so_itself(world):
    there = scene(world, review=True)
    receipt = there.send(there.packet())
    row = Submission.objects.get(uuid=receipt.uuid)
    assert row.review
    assert list(selectors.to_review(world.actor("zhiban"))) == [row]
    services.accept(by=world.actor("zhiban"), now=world.now, submission=row)
    assert not selectors.to_review(world.actor("zhiban")).exists()


def test_lists_of_who_reads_everything_join_neither_target_nor_kind_to_filter(world):
    scene(world)
    reader = world.actor("zhiban")
    with CaptureQueriesContext(connection) as sent:
        selectors.submission_page(reader)
        boards.findings(reader, boards.FindingFilter())
    assert len(sent) == 2
    for each in sent:
        conditions = each["sql"].partition(" WHERE ")[2]
        assert "fieldwork_kind" not in conditions
        assert "guarded" in conditions


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql", reason="SQLite lets one writer in at a time")
def test_a_record_sent_while_its_ledger_becomes_guarded(world):
    there = scene(world)
    packets = [there.packet(0), there.packet(1)]
    change = KindData("shop", "门店", guarded=True)
    version = Kind.objects.get(pk=there.kind.pk).version
    results = at_once(
        lambda: there.send(packets[0]),
        lambda: services.save_kind(by=world.actor("xitong"), now=world.now, data=change, expected=version),
        lambda: there.send(packets[1], after=timedelta(seconds=1)),
    )
    assert not [r for r in results if isinstance(r, Exception)], results
    assert set(Submission.objects.values_list("guarded", flat=True)) == {True}
