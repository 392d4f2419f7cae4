"""What may be asked of a 居民区: the check before sending, sending back, the list with its days, the counts."""

from datetime import date, timedelta

import pytest

from linli.engines.projects import selectors, services
from linli.engines.projects.models import Admission, Task
from linli.engines.projects.types import Asked, NewEntry, NewTask
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.journal.models import Entry

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 20)


def entry(world, **fields):
    given = {"title": "协助消防安全宣传", "source": "区协助行政事项清单（2026版）第3项", "valid_from": date(2026, 1, 1)}
    return services.enter_entry(by=world.actor("xitong"), now=world.now, entry=NewEntry(**{**given, **fields}))


def send(world, *, by="paidan", unit="@陶家宅", **fields):
    task = NewTask(title="发放告知书", unit_id=world.units[unit].pk, due_on=DUE, **fields)
    return services.create_tasks(by=world.actor(by), now=world.now, tasks=[task])[0]


def test_a_task_for_a_neighbourhood_names_an_entry_or_a_reason(world):
    with pytest.raises(InvalidError) as refused:
        send(world)
    assert "admission" in refused.value.fields
    assert not Task.objects.exists()
    one = send(world, admission_id=entry(world).pk)
    assert (one.to_neighbourhood, one.sender_unit) == (True, world.units["centre"])
    two = send(world, outside_reason="台风将至，临时通知")
    assert (two.admission, two.outside_reason) == (None, "台风将至，临时通知")
    assert Entry.objects.get(object_uuid=two.uuid).reason == "台风将至，临时通知"


def test_an_entry_that_is_over_or_not_yet_in_force_does_not_do(world):
    over = entry(world, valid_to=world.now.date() - timedelta(days=1))
    later = entry(world, valid_from=world.now.date() + timedelta(days=1))
    for one in (over, later):
        with pytest.raises(InvalidError):
            send(world, admission_id=one.pk)
    today = entry(world, valid_from=world.now.date(), valid_to=world.now.date())
    assert send(world, admission_id=today.pk).admission == today


def test_other_units_and_the_neighbourhood_itself_need_none(world):
    assert not send(world, unit="police").to_neighbourhood
    assert not send(world, by="shuji").to_neighbourhood


def test_the_neighbourhood_sends_back_what_it_need_not_do(world):
    task = send(world, outside_reason="顺便")
    for who in ("paidan", "shuji02", "lingdao"):
        with pytest.raises(ForbiddenError):
            services.refuse_task(by=world.actor(who), now=world.now, task=task, reason="不属于居委会")
    shuji = world.actor("shuji")
    with pytest.raises(InvalidError):
        services.refuse_task(by=shuji, now=world.now, task=task, reason=" ")
    services.refuse_task(by=shuji, now=world.now, task=task, reason="不在清单内")
    task.refresh_from_db()
    assert (task.state, task.result) == ("refused", "不在清单内")
    assert Entry.objects.filter(verb="projects.refuse_task", reason="不在清单内").exists()
    with pytest.raises(ConflictError):
        services.refuse_task(by=shuji, now=world.now, task=task, reason="再退")
    own = send(world, by="shuji")
    with pytest.raises(ConflictError):
        services.refuse_task(by=shuji, now=world.now, task=own, reason="自己的")


def test_the_list_is_kept_by_the_administrator_with_days_and_source(world):
    for who in ("paidan", "lingdao", "anquan"):
        with pytest.raises(ForbiddenError):
            services.enter_entry(
                by=world.actor(who), now=world.now, entry=NewEntry("甲", "乙", valid_from=date(2026, 1, 1))
            )
    with pytest.raises(InvalidError) as refused:
        entry(world, title="", source=" ", valid_to=date(2025, 1, 1))
    assert set(refused.value.fields) == {"title", "source", "valid_to"}
    assert not Admission.objects.exists()
    one, today = entry(world), world.now.date()
    used = send(world, admission_id=one.pk)
    xitong = world.actor("xitong")
    with pytest.raises(InvalidError):
        services.end_entry(by=xitong, now=world.now, entry=one, on=today, reason="")
    with pytest.raises(InvalidError):
        services.end_entry(by=xitong, now=world.now, entry=one, on=date(2025, 12, 31), reason="作废")
    services.end_entry(by=xitong, now=world.now, entry=one, on=today, reason="新版清单")
    assert selectors.entries(today) == [one]
    assert selectors.entries(today + timedelta(days=1)) == []
    with pytest.raises(ConflictError):
        services.end_entry(by=xitong, now=world.now, entry=one, on=today, reason="再来")
    used.refresh_from_db()
    assert used.admission == one


def test_what_was_sent_is_counted_by_neighbourhood_and_sender_in_the_order_of_names(world, django_assert_num_queries):
    one = entry(world)
    send(world, admission_id=one.pk)
    send(world, outside_reason="临时", what=Asked.FORM)
    services.refuse_task(
        by=world.actor("shuji"), now=world.now, task=send(world, outside_reason="又一个"), reason="不做"
    )
    send(world, unit="@华一", admission_id=one.pk, by="zhongdui")
    send(world, unit="police")
    since, until = world.now - timedelta(days=1), world.now + timedelta(days=1)
    lead = world.actor("lingdao")
    with django_assert_num_queries(1):
        found = selectors.sent_counts(lead, since, until)
    lines = {(s.unit, s.sender): (s.tasks, s.forms, s.outside, s.refused) for s in found}
    mine, other = world.units["@陶家宅"].name, world.units["@华一"].name
    assert lines[(mine, world.units["centre"].name)] == (2, 1, 2, 1)
    assert lines[(other, world.units["enforcement"].name)] == (1, 0, 0, 0)
    assert [s.unit for s in found] == sorted(s.unit for s in found)
    assert [s.unit for s in selectors.sent_counts(world.actor("shuji"), since, until)] == [mine]
    rows = selectors.sent_rows(world.actor("lingdao"), since, until, unit_id=world.units["@陶家宅"].pk).rows
    assert len(rows) == 3
    assert selectors.sent_counts(world.actor("lingdao"), until, until + timedelta(days=1)) == []


def test_the_system_sends_what_it_must_with_a_reason_too(world):
    task = NewTask(title="核对", unit_id=world.units["@陶家宅"].pk, due_on=DUE)
    with pytest.raises(InvalidError):
        services.create_tasks(by=SYSTEM, now=world.now, tasks=[task])
