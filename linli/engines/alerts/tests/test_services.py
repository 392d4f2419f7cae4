"""Warnings taken in, changed, lifted, in any order and at once; who is told, who took note, who is reminded."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from linli.engines.alerts import selectors, services
from linli.engines.alerts.models import Acknowledgement, Alert, AlertMessage
from linli.engines.alerts.tasks import said
from linli.engines.alerts.tests.scenes import cap, message
from linli.engines.alerts.types import AlertState, Entered, Filters, Outcome
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.journal.models import Entry
from linli.foundation.messages.models import Message as Told
from linli.foundation.people.models import DutyShift
from tests.races import at_once

pytestmark = pytest.mark.django_db
RED: Any = {"colour": "red", "headline": "暴雨红色预警"}


def take(world, made, who="paidan"):
    return services.take(by=world.actor(who), now=world.now, message=made)


def told(world):
    names = {user.pk: name for name, user in world.users.items()}
    return {names[pk] for pk in Told.objects.filter(template="alerts.told").values_list("user_id", flat=True)}


def test_a_warning_is_taken_in_once_and_who_is_on_duty_is_told(world):
    DutyShift.objects.create(
        user=world.users["chengguan"], unit=world.units["enforcement"], starts_at=world.now - timedelta(hours=1),
        ends_at=world.now + timedelta(hours=8),
    )  # fmt: skip
    first = take(world, message(world.now, "A1"))
    assert first.outcome is Outcome.TAKEN
    assert take(world, message(world.now, "A1")) == services.take(
        by=world.actor("paidan"), now=world.now, message=message(world.now, "A1")
    )
    assert Alert.objects.count() == AlertMessage.objects.count() == 1
    assert {"chengguan", "paidan", "zhiban"} <= told(world)
    assert "lingdao" not in told(world)
    with pytest.raises(ConflictError) as other:
        take(world, message(world.now, "A1", colour="red"))
    assert other.value.code == "alerts.identifier"
    entry = Entry.objects.get(verb="alerts.take")
    assert (entry.kind, entry.object_uuid, entry.label) == ("alert", first.alert, "暴雨黄色预警")


def chain(world):
    now = world.now
    return [
        message(now, "A1"), message(now, "A2", "update", after=10, follows=("A1",), **RED),
        message(now, "A3", "cancel", after=20, follows=("A1", "A2")),
        message(now, "A4", "update", after=15, follows=("A2",), colour="orange", headline="暴雨橙色预警"),
    ]  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_in_whatever_order_they_come_the_warning_is_the_same(world, order):
    made = chain(world)
    for n in order:
        take(world, made[n])
    alert = Alert.objects.get(merged_into=None)
    assert (alert.colour, alert.headline, alert.state(world.now)) == ("orange", "暴雨橙色预警", AlertState.LIFTED)
    assert AlertMessage.objects.filter(alert=alert).count() == 4
    assert alert.lifted_at == made[2].sent_at


def test_an_update_raises_the_colour_and_asks_anew(world):
    first = take(world, message(world.now, "A1"))
    duty = world.actor("zhiban")
    alert = Alert.objects.get()
    assert services.acknowledge(by=duty, now=world.now, alert=alert)
    assert not services.acknowledge(by=duty, now=world.now, alert=alert)
    noted = Acknowledgement.objects.get()
    assert (noted.by_label, noted.at) == (duty.label, world.now)
    assert selectors.unseen(duty, world.now)[1] == set()
    changed = take(world, message(world.now, "A2", "update", after=5, follows=("A1",), **RED))
    assert (changed.outcome, changed.alert) == (Outcome.CHANGED, first.alert)
    alert.refresh_from_db()
    assert (alert.colour, selectors.unseen(duty, world.now)[1]) == ("red", {alert.pk})
    assert "lingdao" in told(world)
    with pytest.raises(ConflictError) as stale:
        services.acknowledge(by=duty, now=world.now, alert=alert, expected=noted.message_id)
    assert stale.value.code == "alerts.stale"
    assert said([alert.uuid])[alert.uuid]["colour"] == "red"


def test_a_cancel_that_comes_before_what_it_cancels_waits_for_it(world):
    early = take(world, message(world.now, "A2", "cancel", after=5, follows=("A1",)))
    assert (early.outcome, early.alert, Alert.objects.count()) == (Outcome.WAITING, None, 0)
    late = take(world, message(world.now, "A1"))
    assert late.outcome is Outcome.LIFTED
    assert selectors.in_force(world.now) == []


def test_a_cap_message_is_taken_as_it_is_and_what_it_lacks_is_named(world):
    by = world.actor("paidan")
    found = services.take_cap(by=by, now=world.now, raw=cap(world.now))
    assert found.outcome is Outcome.TAKEN
    assert selectors.in_force(world.now)[0].colour == "orange"
    assert services.take_cap(by=by, now=world.now, raw=cap(world.now, "T1", status="Test")).outcome is Outcome.IGNORED
    with pytest.raises(InvalidError) as wrong:
        services.take_cap(by=by, now=world.now, raw=cap(world.now, "A2", info="<info><severity>Red</severity></info>"))
    assert set(wrong.value.fields) == {"event"}
    with pytest.raises(InvalidError) as later:
        services.take_cap(by=by, now=world.now, raw=cap(world.now, "A3", after=120))
    assert "sent" in later.value.fields
    assert AlertMessage.objects.count() == 1


def test_codes_of_ours_narrow_who_is_told_and_phone_numbers_are_covered(world):
    area = world.areas["陶家宅"]
    take(world, message(world.now, "A1", area_codes=(area.code, "310105"), text="联系 13800138000"))
    alert = Alert.objects.get()
    assert alert.area_paths == [area.path]
    assert "13800138000" not in alert.text


def entered(world, **more):
    first = {"hazard": "heat", "colour": "orange", "headline": "高温橙色预警", "begins_at": world.now,
             "ends_at": world.now + timedelta(hours=5)}  # fmt: skip
    return Entered(**first | more)


def test_a_warning_is_entered_changed_and_lifted_by_hand(world):
    by = world.actor("zhiban")
    services.enter(by=by, now=world.now, data=entered(world))
    alert = Alert.objects.get()
    later = world.now + timedelta(minutes=5)
    services.change(by=by, now=later, alert=alert, data=entered(world, colour="red", headline="高温红色预警"))
    alert.refresh_from_db()
    assert (alert.colour, alert.state(later)) == ("red", AlertState.IN_FORCE)
    with pytest.raises(InvalidError):
        services.lift(by=by, now=later, alert=alert, reason=" ")
    end = later + timedelta(minutes=5)
    assert services.lift(by=by, now=end, alert=alert, reason="区防汛办 15 时通知").outcome is Outcome.LIFTED
    alert.refresh_from_db()
    for verb in (lambda: services.lift(by=by, now=end, alert=alert, reason="再"),
                 lambda: services.change(by=by, now=end, alert=alert, data=entered(world)),
                 lambda: services.acknowledge(by=by, now=end, alert=alert)):  # fmt: skip
        with pytest.raises(ConflictError) as over:
            verb()
        assert over.value.code == "alerts.over"
    with pytest.raises(InvalidError) as wrong:
        services.enter(by=by, now=world.now, data=entered(world, ends_at=world.now, hazard="x", headline=""))
    assert set(wrong.value.fields) == {"ends_at", "hazard", "headline"}


def test_who_has_no_part_brings_nothing_in(world):
    for who in ("jumin", "chengguan"):
        with pytest.raises(ForbiddenError):
            take(world, message(world.now, "A1"), who)
    with pytest.raises(ForbiddenError):
        selectors.page(world.actor("jumin"), Filters(), now=world.now)
    assert not AlertMessage.objects.exists()


def test_where_nobody_takes_note_who_leads_is_told_once(world):
    take(world, message(world.now, "A1", **RED))
    assert services.remind(now=world.now + timedelta(minutes=9)) == 0
    assert services.remind(now=world.now + timedelta(minutes=11)) == 1
    assert services.remind(now=world.now + timedelta(minutes=30)) == 0
    assert Entry.objects.filter(verb="alerts.remind").count() == 1
    other = take(world, message(world.now, "B1", **RED))
    alert = Alert.objects.get(uuid=other.alert)
    services.acknowledge(by=world.actor("paidan"), now=world.now, alert=alert)
    assert services.remind(now=world.now + timedelta(hours=1)) == 0


def test_the_list_is_narrowed_and_read_on(world):
    by = world.actor("zhiban")
    for n in range(5):
        take(world, message(world.now, f"A{n}", after=n, headline=f"第 {n} 条"))
    take(world, message(world.now, "H1", hazard="heat", colour="red", headline="高温", after=9))
    take(world, message(world.now, "C1", "cancel", after=20, follows=("A0",)))
    first = selectors.page(by, Filters(), now=world.now, size=4)
    rest = selectors.page(by, Filters(), now=world.now, size=4, cursor=first.next)
    assert len({a.pk for a in [*first.rows, *rest.rows]}) == 6
    assert rest.next == ""

    def count(**more):
        return len(selectors.page(by, Filters(**more), now=world.now).rows)

    assert (count(text="第 3"), count(colour="red"), count(hazard="heat"), count(state="lifted")) == (1, 1, 1, 1)
    assert (count(state="in_force"), count(state="ended"), count(state="nonsense")) == (5, 0, 6)
    assert selectors.in_force(world.now)[0].colour == "red"


@pytest.mark.only_on("postgresql", reason="two at once")
@pytest.mark.django_db(transaction=True)
def test_a_warning_and_its_update_at_once_are_one(world):
    made = [message(world.now, "A1"), message(world.now, "A2", "update", after=5, follows=("A1",), **RED)]
    found = at_once(*[lambda m=m: take(world, m) for m in [*made, *made]])
    assert [r for r in found if isinstance(r, BaseException)] == []
    alert = Alert.objects.get(merged_into=None)
    assert (alert.colour, AlertMessage.objects.filter(alert=alert).count()) == ("red", 2)
