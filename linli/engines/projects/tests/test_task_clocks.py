"""Clocks and escalation of tasks, the one sweep over all of them, recurring tasks, two people at once."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.engines.projects import services
from linli.engines.projects.models import Task, TaskEvent, TaskSeries
from linli.engines.projects.services.task_clocks import end_of
from linli.engines.projects.services.task_telling import tell_mornings
from linli.engines.projects.tests.test_tasks import DAY, DUE, faults, get, give, stages, verbs
from linli.engines.projects.types import Every, NewSeries, NewTask, TaskLevel
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.deadlines import services as deadlines
from linli.foundation.deadlines.models import Clock
from linli.foundation.jobs import services as jobs
from linli.foundation.messages.models import Message
from linli.foundation.messages.selectors import words_of
from tests.races import at_once, one_wins

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment(day, hour=10):
    return datetime.combine(day, time(hour), SHANGHAI)


def marks(task):
    rows = TaskEvent.objects.filter(task=task, verb="escalate").order_by("seq")
    return [(e.data["stage"], e.data["mark"]) for e in rows]


def heard(template):
    return set(Message.objects.filter(template=template).values_list("user_id", flat=True))


def test_who_owes_is_warned_then_the_head_and_who_asked_then_those_above(world):
    task = give(world, unit="@陶家宅", outside_reason="临时", user_id=world.users["shegong"].pk)
    users = {n: world.users[n].pk for n in ("shegong", "shuji", "paidan", "wanggezhang", "lingdao")}
    deadlines.sweep(now=moment(date(2026, 3, 19)))
    jobs.drain(now=moment(date(2026, 3, 19)))
    assert marks(task) == [("do", 80)]
    assert heard("projects.task_due_soon") == {users["shegong"]}
    late = end_of(DUE) + timedelta(minutes=1)
    deadlines.sweep(now=late)
    jobs.drain(now=late)
    assert get(task).was_overdue
    assert {users[n] for n in ("shegong", "shuji", "paidan")} <= heard("projects.task_overdue")
    assert users["lingdao"] not in heard("projects.task_overdue")
    far = moment(date(2026, 4, 10))
    deadlines.sweep(now=far)
    jobs.drain(now=far)
    assert get(task).level == TaskLevel.STREET
    assert {users["wanggezhang"], users["lingdao"]} <= heard("projects.task_overdue")
    assert marks(task) == [("do", p) for p in (80, 100, 150, 200)]
    deadlines.sweep(now=far + DAY)
    assert len(marks(task)) == 4
    assert faults(task) == []


def test_waiting_for_acceptance_hurries_who_asked(world):
    task = give(world)
    services.hand_in_task(by=world.actor("chengguan"), now=world.now, task=get(task), result="好了")
    later = world.now + 7 * DAY
    deadlines.sweep(now=later)
    jobs.drain(now=later)
    assert ("accept", 100) in marks(task)
    assert heard("projects.task_overdue") == {world.users["paidan"].pk}
    assert not get(task).was_overdue, "that it waits is not the owner's lateness"


def test_a_day_that_is_over_is_late_at_once_but_not_far_overdue(world):
    task = give(world, due_on=date(2026, 3, 9), needs_acceptance=False)
    deadlines.sweep(now=world.now + timedelta(minutes=1))
    assert marks(task) == [("do", 80), ("do", 100)]
    assert get(task).level == TaskLevel.UNIT


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 30), st.booleans(), st.booleans()), min_size=1, max_size=12),
    st.lists(st.integers(1, 20), min_size=1, max_size=4),
)
def test_the_sweep_takes_every_overdue_task_once(world, specs, steps):
    """Assigned or not, whenever the sweep ran or did not: each open task past its day is noted late, once a mark."""
    Clock.objects.all().delete()
    tasks = []
    for days, assigned, ended in specs:
        user = world.users["chengguan"].pk if assigned else None
        task = give(world, due_on=world.now.date() + days * DAY, user_id=user, needs_acceptance=False)
        if ended:
            services.end_task(by=world.actor("chengguan"), now=world.now, task=get(task), result="好了")
        tasks.append((task, ended))
    now = world.now
    for step in steps:
        now += step * DAY
        deadlines.sweep(now=now, batch=3)
        deadlines.sweep(now=now, batch=3)
    for task, ended in tasks:
        late = not ended and now >= end_of(task.due_on)
        assert get(task).was_overdue == late
        assert len(marks(task)) == len(set(marks(task)))
        assert faults(task) == []


def test_in_the_morning_everybody_is_told_once_what_they_owe(world):
    give(world, title="我的", user_id=world.users["chengguan"].pk)
    give(world, title="单位的")
    give(world, title="以后的", due_on=DUE + 5 * DAY)
    assert tell_mornings(moment(DUE, 5)) == 0, "nobody is told before the hour"
    assert tell_mornings(moment(DUE, 9)) == 2
    tell_mornings(moment(DUE, 10))
    assert heard("projects.task_morning") == {world.users[n].pk for n in ("chengguan", "zhongdui")}
    assert Message.objects.filter(template="projects.task_morning").count() == 2
    row = Message.objects.get(template="projects.task_morning", user_id=world.users["zhongdui"].pk)
    assert "单位的" in words_of(row, "zh-hans").body
    assert "以后的" not in words_of(row, "zh-hans").body


def test_tasks_from_before_get_their_clocks(world):
    task = give(world)
    Clock.objects.all().delete()
    Task.objects.filter(pk=task.pk).update(due_at=None)
    assert services.clock_unclocked(now=world.now) == 1
    assert services.clock_unclocked(now=world.now) == 0
    assert stages(task) == {"do"}


def monthly(world, *, by="paidan", **fields):
    task = NewTask(
        "每月报送安全隐患清单", world.units["enforcement"].pk, DUE, weight=2, helper_ids=(world.units["police"].pk,)
    )
    given = {"task": task, "every": Every.MONTH, "day": 15, "starts_on": date(2026, 3, 1), **fields}
    return services.create_series(by=world.actor(by), now=world.now, series=NewSeries(**given))


def dues(row):
    return [t.due_on for t in Task.objects.filter(series=row).order_by("due_on")]


def test_a_recurring_task_is_given_once_for_each_day(world):
    row = monthly(world)
    assert dues(row) == [date(2026, 3, 15)], "the 10th is within seven days of the 15th"
    made = Task.objects.get(series=row)
    assert (made.sender_unit, made.giver_id, made.weight) == (world.units["centre"], world.users["paidan"].pk, 2)
    assert [h.unit for h in made.helpers.all()] == [world.units["police"]]
    assert faults(made) == []
    for _i in range(3):
        services.make_due(now=world.now)
    services.make_due(now=moment(date(2026, 4, 7)))
    assert len(dues(row)) == 1
    TaskSeries.objects.filter(pk=row.pk).update(next_on=date(2026, 3, 15))
    services.make_due(now=moment(date(2026, 4, 8)))
    services.make_due(now=moment(date(2026, 4, 8)))
    assert dues(row) == [date(2026, 3, 15), date(2026, 4, 15)]
    services.make_due(now=moment(date(2026, 8, 20)))
    assert dues(row) == [date(2026, 3, 15), date(2026, 4, 15)], "what went by while nothing ran is not given late"
    row.refresh_from_db()
    assert row.next_on == date(2026, 9, 15)


def test_a_day_is_left_out_and_a_series_ends(world):
    row, paidan = monthly(world, ends_on=date(2026, 6, 30)), world.actor("paidan")
    for on, error in ((date(2026, 4, 16), InvalidError), (date(2026, 3, 15), ConflictError)):
        with pytest.raises(error):
            services.skip_day(by=paidan, now=world.now, series=row, on=on, reason="x")
    with pytest.raises(ForbiddenError):
        services.skip_day(by=world.actor("chengguan"), now=world.now, series=row, on=date(2026, 4, 15), reason="x")
    services.skip_day(by=paidan, now=world.now, series=row, on=date(2026, 4, 15), reason="专项检查并入")
    for day in range(1, 120):
        services.make_due(now=world.now + day * DAY)
    assert dues(row) == [date(2026, m, 15) for m in (3, 5, 6)]
    services.end_series(by=paidan, now=world.now, series=row, reason="不再需要")
    with pytest.raises(ConflictError):
        services.end_series(by=paidan, now=world.now, series=row, reason="不再需要")


@pytest.mark.parametrize(
    ("field", "value"),
    [("day", 32), ("day", 0), ("times", 0), ("lead_days", 61), ("ends_on", date(2026, 2, 1))],
)
def test_a_rhythm_that_there_is_not_is_refused(world, field, value):
    with pytest.raises(InvalidError) as refused:
        monthly(world, **{field: value})
    assert field in refused.value.fields
    assert not TaskSeries.objects.exists()


def test_four_hundred_tasks_are_given_and_swept_in_few_statements(world, django_assert_max_num_queries):
    new = [NewTask(f"任务{i}", world.units["enforcement"].pk, DUE) for i in range(400)]
    with django_assert_max_num_queries(45):
        made = services.create_tasks(by=world.actor("paidan"), now=world.now, tasks=new)
    with django_assert_max_num_queries(60):
        deadlines.sweep(now=end_of(DUE) + timedelta(hours=1))
    assert Task.objects.filter(was_overdue=True).count() == len(made)


@pytest.mark.only_on("postgresql", reason="SQLite lets one writer in at a time")
@pytest.mark.django_db(transaction=True)
def test_two_at_once(world):
    assert connection.vendor == "postgresql"
    chengguan, paidan, now = world.actor("chengguan"), world.actor("paidan"), world.now
    task = give(world, needs_acceptance=False)
    one, two = get(task), get(task)
    one_wins(
        at_once(
            lambda: services.end_task(by=chengguan, now=now, task=one, result="好了"),
            lambda: services.end_task(by=chengguan, now=now, task=two, result="好了"),
        )
    )
    assert verbs(task) == ["give", "end"]
    task = give(world)
    asked = services.ask_extension(by=chengguan, now=now, task=get(task), due_on=DUE + DAY, reason="x")
    other = type(asked).objects.select_related("task").get(pk=asked.pk)
    first = type(asked).objects.select_related("task").get(pk=asked.pk)
    one_wins(
        at_once(
            lambda: services.decide_extension(by=paidan, now=now, extension=first, granted=True),
            lambda: services.decide_extension(by=paidan, now=now, extension=other, granted=False, reason="x"),
        )
    )
    assert verbs(task) == ["give", "ask_extension", "decide_extension"]
    row = monthly(world)
    Task.objects.filter(series=row).exists()
    at_once(*[lambda: services.make_due(now=moment(date(2026, 4, 9)))] * 4)
    assert dues(row) == [date(2026, 3, 15), date(2026, 4, 15)]
