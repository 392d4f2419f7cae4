"""The life of a task through the services: the whole road, refusals, time, files, folding."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from linli.engines.projects import permissions, selectors, services
from linli.engines.projects.models import Task, TaskEvent, TaskExtension, TaskFile
from linli.engines.projects.services.task_work import TRACKED, picture
from linli.engines.projects.types import FileRef, NewTask, NewTaskList, Priority, Standing, Strand, TagKind, TaskState
from linli.engines.projects.workflow import ENDED, OPEN, STANDINGS, VERBS
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, StaleError
from linli.foundation.core.folding import fold
from linli.foundation.deadlines.models import Clock
from linli.foundation.files import services as files
from linli.foundation.jobs import services as jobs
from linli.foundation.journal.models import Entry
from linli.foundation.messages.models import Message

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 20)
DAY = timedelta(days=1)


def give(world, *, by="paidan", unit="enforcement", **fields):
    given = {"title": "清理主干道乱停车", "due_on": DUE, "needs_acceptance": True, **fields}
    task = NewTask(unit_id=world.units[unit].pk, **given)
    return services.create_tasks(by=world.actor(by), now=world.now, tasks=[task])[0]


def get(task):
    return Task.objects.select_related("unit").get(pk=task.pk)


def stages(task):
    return set(
        Clock.objects.filter(subject_kind="task", subject_id=task.pk, ended_at=None).values_list("stage", flat=True)
    )


def verbs(task):
    return list(TaskEvent.objects.filter(task=task).order_by("seq").values_list("verb", flat=True))


def faults(task):
    """Return in what the row is not the fold of its events."""
    row = picture(get(task))
    folded = fold(TaskEvent.objects.filter(task=task).order_by("seq").values_list("changes", flat=True))
    return [f"{n}: {row[n]!r} is not {folded.get(n)!r}" for n in TRACKED if row[n] != folded.get(n)]


def told_by(template):
    return set(Message.objects.filter(template=template).values_list("user_id", flat=True))


def photo(world, by="chengguan"):
    from linli.interfaces.cli.demo.pictures import draw_picture

    row = files.store(by=world.actor(by), now=world.now, content=draw_picture(7, "after"), name="x.jpg", purpose="task")
    return FileRef(row.pk, "整治后")


def test_every_verb_leads_where_the_table_says():
    assert frozenset(Standing) == OPEN | ENDED
    assert all((STANDINGS[s].state == TaskState.OPEN) == (s in OPEN) for s in Standing)
    assert all(v.source <= frozenset(Standing) and v.who for v in VERBS.values())
    assert all(VERBS[c].ends for c in ("end", "accept", "drop"))


def test_the_whole_road_of_a_task(world):
    paidan, chengguan = world.actor("paidan"), world.actor("chengguan")
    task = give(world, evidence="前后对比照片", evidence_files=1, helper_ids=(world.units["police"].pk,), weight=3)
    assert (task.standing, stages(task)) == (Standing.GIVEN, {"do"})
    services.sign_task(by=chengguan, now=world.now, task=get(task))
    services.report_task(by=chengguan, now=world.now, task=get(task), text="已拖离 12 辆", percent=40)
    asked = services.ask_extension(
        by=chengguan, now=world.now, task=get(task), due_on=date(2026, 3, 27), reason="连日阴雨 13812345678"
    )
    assert "13812345678" not in asked.reason
    services.decide_extension(by=paidan, now=world.now, extension=asked, granted=True)
    assert get(task).due_on == date(2026, 3, 27)
    assert Clock.objects.get(subject_id=task.pk, ended_at=None).due_at.date() == date(2026, 3, 27)
    with pytest.raises(InvalidError) as lacking:
        services.hand_in_task(by=chengguan, now=world.now, task=get(task), result="已清理")
    assert "前后对比照片" in lacking.value.hint
    assert get(task).standing == Standing.WORKING
    services.hand_in_task(by=chengguan, now=world.now, task=get(task), result="已清理", files=[photo(world)])
    assert (get(task).standing, stages(task)) == (Standing.HANDED_IN, {"accept"})
    services.send_back_task(by=paidan, now=world.now, task=get(task), reason="南段还有", due_on=date(2026, 3, 30))
    assert (get(task).standing, get(task).rework_count, stages(task)) == (Standing.WORKING, 1, {"do"})
    services.hand_in_task(by=chengguan, now=world.now, task=get(task), result="南段也清了")
    services.accept_task(by=paidan, now=world.now, task=get(task), text="现场看过，满意")
    done = get(task)
    assert (done.state, done.percent, done.result, stages(task)) == (TaskState.DONE, 100, "南段也清了", set())
    assert TaskFile.objects.filter(task=task).count() == 1
    assert verbs(task) == [
        "give", "sign", "report", "ask_extension", "decide_extension", "hand_in", "send_back", "hand_in", "accept",
    ]  # fmt: skip
    assert faults(task) == []
    assert Entry.objects.filter(object_uuid=task.uuid).count() == len(verbs(task)) == done.version
    services.reopen_task(by=paidan, now=world.now, task=get(task), reason="又停满了", due_on=date(2026, 4, 3))
    assert (get(task).state, get(task).ended_at, stages(task)) == (TaskState.OPEN, None, {"do"})
    assert faults(task) == []


def test_who_is_told_what(world):
    task = give(world, helper_ids=(world.units["police"].pk,))
    jobs.drain(now=world.now)
    told = told_by("projects.task_given")
    assert {world.users[n].pk for n in ("chengguan", "zhongdui", "minjing")} <= told
    assert world.users["paidan"].pk not in told
    services.report_task(by=world.actor("chengguan"), now=world.now, task=get(task), text="一半了", percent=50)
    jobs.drain(now=world.now)
    assert told_by("projects.task_update") == {world.users["paidan"].pk}


def test_what_the_wrong_person_may_not(world):
    task = give(world)
    minjing, paidan, chengguan = world.actor("minjing"), world.actor("paidan"), world.actor("chengguan")
    with pytest.raises(NotFoundError):
        selectors.task_for(minjing, task.uuid)
    for act in (
        lambda: services.sign_task(by=minjing, now=world.now, task=get(task)),
        lambda: services.sign_task(by=paidan, now=world.now, task=get(task)),
        lambda: services.report_task(by=paidan, now=world.now, task=get(task), text="x"),
        lambda: services.hand_in_task(by=minjing, now=world.now, task=get(task), result="x"),
        lambda: services.extend_task(by=chengguan, now=world.now, task=get(task), due_on=DUE + DAY, reason="x"),
        lambda: services.end_task(by=chengguan, now=world.now, task=get(task), result="不想做", dropped=True),
        lambda: services.order_task(by=paidan, now=world.now, task=get(task), text="x", due_on=DUE),
        lambda: services.assign_task(by=chengguan, now=world.now, task=get(task), user_id=chengguan.user_id),
        lambda: services.reopen_task(by=chengguan, now=world.now, task=get(task), reason="x", due_on=DUE),
    ):
        with pytest.raises(ForbiddenError):
            act()
    with pytest.raises(ConflictError):
        services.end_task(by=chengguan, now=world.now, task=get(task), result="好了")
    with pytest.raises(ConflictError):
        services.accept_task(by=paidan, now=world.now, task=get(task))
    assert verbs(task) == ["give"]


def test_nobody_accepts_what_they_handed_in(world):
    task = give(world, by="zhongdui", user_id=world.users["chengguan"].pk)
    zhongdui = world.actor("zhongdui")
    services.hand_in_task(by=zhongdui, now=world.now, task=get(task), result="好了")
    with pytest.raises(ForbiddenError) as refused:
        services.accept_task(by=zhongdui, now=world.now, task=get(task))
    assert "自己" in refused.value.message
    own = give(world, by="zhongdui", user_id=world.users["zhongdui"].pk)
    assert not own.needs_acceptance, "what one gave oneself nobody else has to accept"


def test_a_task_of_a_case_is_done_when_its_owner_says_so(world):
    task = give(world, needs_acceptance=False, source_kind="case", source_label="HY1")
    with pytest.raises(ConflictError):
        services.hand_in_task(by=world.actor("chengguan"), now=world.now, task=get(task), result="x")
    services.end_task(by=world.actor("chengguan"), now=world.now, task=get(task), result="好了")
    assert (get(task).state, get(task).standing, get(task).percent) == (TaskState.DONE, Standing.DONE, 100)
    assert stages(task) == set()
    assert faults(task) == []


def test_a_head_gives_it_to_a_person_and_a_person_takes_it(world):
    task = give(world)
    zhongdui, chengguan = world.actor("zhongdui"), world.actor("chengguan")
    with pytest.raises(InvalidError):
        services.assign_task(by=zhongdui, now=world.now, task=get(task), user_id=world.users["minjing"].pk)
    services.assign_task(by=zhongdui, now=world.now, task=get(task), user_id=chengguan.user_id)
    assert get(task).user_id == chengguan.user_id
    other = give(world)
    services.take_task(by=chengguan, now=world.now, task=get(other))
    assert (get(other).user_id, get(other).standing) == (chengguan.user_id, Standing.SIGNED)
    with pytest.raises(ConflictError):
        services.take_task(by=chengguan, now=world.now, task=get(other))
    assert services.hand_over(from_user=chengguan.user_id, to_user=None, by=SYSTEM, now=world.now) == 2
    assert get(task).user_id is None
    assert faults(task) == faults(other) == []


def test_a_stale_page_is_told_so(world):
    task = give(world)
    seen, too = get(task), get(task)
    services.sign_task(by=world.actor("chengguan"), now=world.now, task=get(task))
    with pytest.raises(StaleError):
        services.report_task(by=world.actor("chengguan"), now=world.now, task=seen, text="x", expected=seen.version)
    with pytest.raises(StaleError):
        services.report_task(by=world.actor("chengguan"), now=world.now, task=too, text="x")
    assert verbs(task) == ["give", "sign"]


def test_more_time_is_asked_for_once_and_refused_with_a_reason(world):
    task, chengguan, paidan = give(world), world.actor("chengguan"), world.actor("paidan")
    for day in (DUE, DUE - DAY):
        with pytest.raises(InvalidError):
            services.ask_extension(by=chengguan, now=world.now, task=get(task), due_on=day, reason="x")
    asked = services.ask_extension(by=chengguan, now=world.now, task=get(task), due_on=DUE + DAY, reason="缺人")
    with pytest.raises(ConflictError):
        services.ask_extension(by=chengguan, now=world.now, task=get(task), due_on=DUE + DAY, reason="缺人")
    assert TaskExtension.objects.count() == 1
    assert faults(task) == []
    with pytest.raises(ForbiddenError):
        services.decide_extension(by=chengguan, now=world.now, extension=asked, granted=True)
    with pytest.raises(InvalidError):
        services.decide_extension(by=paidan, now=world.now, extension=asked, granted=False)
    services.decide_extension(by=paidan, now=world.now, extension=asked, granted=False, reason="节前要完成")
    assert get(task).due_on == DUE
    asked.refresh_from_db()
    asked.task = get(task)
    with pytest.raises(ConflictError):
        services.decide_extension(by=paidan, now=world.now, extension=asked, granted=True)
    assert get(task).due_on == DUE


def test_an_order_is_answered_and_concluded_before_the_end(world):
    task, chengguan, ducha = give(world, needs_acceptance=False), world.actor("chengguan"), world.actor("ducha")
    with pytest.raises(InvalidError):
        services.order_task(by=ducha, now=world.now, task=get(task), text="x", due_on=date(2026, 3, 9))
    order = services.order_task(
        by=ducha, now=world.now, task=get(task), text="三天内说明情况", due_on=date(2026, 3, 13)
    )
    assert stages(task) == {"do", "order"}
    with pytest.raises(ConflictError) as refused:
        services.end_task(by=chengguan, now=world.now, task=get(task), result="好了")
    assert "督办" in refused.value.message

    def fresh():
        return selectors.order_of(get(task), order.pk)

    with pytest.raises(ConflictError):
        services.conclude_order(by=ducha, now=world.now, order=fresh(), text="x")
    services.answer_order(by=chengguan, now=world.now, order=fresh(), text="已排班")
    assert stages(task) == {"do"}
    services.conclude_order(by=ducha, now=world.now, order=fresh(), text="属实")
    with pytest.raises(ConflictError):
        services.conclude_order(by=ducha, now=world.now, order=fresh(), text="又一次")
    services.end_task(by=chengguan, now=world.now, task=get(task), result="好了")
    assert get(task).open_orders == 0
    assert faults(task) == []


def test_a_neighbourhood_refuses_and_is_asked_again(world):
    task = give(world, unit="@陶家宅", outside_reason="临时")
    services.refuse_task(by=world.actor("shuji"), now=world.now, task=get(task), reason="不在清单内")
    assert (get(task).standing, stages(task)) == (Standing.REFUSED, set())
    assert faults(task) == []
    with pytest.raises(ConflictError):
        services.refuse_task(by=world.actor("shuji"), now=world.now, task=get(task), reason="再退")


def test_a_list_is_given_whole_or_not_at_all(world):
    unit, police = world.units["enforcement"].pk, world.units["police"].pk
    new = NewTaskList("双月整治任务清单", world.units["centre"].pk)
    items = [
        NewTask("主干道乱停车", unit, DUE, strands=(Strand.REFINED,), topics=("停车",), weight=2),
        NewTask("夜间占道", police, date(2026, 3, 1)),
    ]
    with pytest.raises(InvalidError) as refused:
        services.create_list(by=world.actor("paidan"), now=world.now, new=new, tasks=items)
    assert "第 2 项" in refused.value.fields["rows"][0]
    assert not Task.objects.exists()
    items[1] = NewTask("夜间占道", police, DUE, strands=(Strand.REFINED, Strand.PLURAL), priority=Priority.URGENT)
    row = services.create_list(by=world.actor("paidan"), now=world.now, new=new, tasks=items)
    assert [t.number for t in selectors.list_items(world.actor("paidan"), row)] == [1, 2]
    assert [t.title for t in selectors.list_items(world.actor("minjing"), row)] == ["夜间占道"]
    more = services.add_to_list(
        by=world.actor("paidan"), now=world.now, task_list=row, tasks=[NewTask("补充", unit, DUE)]
    )
    assert (more[0].number, more[0].source_label) == (3, "双月整治任务清单")
    with pytest.raises(ForbiddenError):
        services.check_lister(world.actor("minjing"), row)
    shown = selectors.lists(world.actor("minjing"), DUE).rows
    assert [(r.title, r.size, r.late) for r in shown] == [("双月整治任务清单", 3, 0)]


def test_strands_are_told_by_tag(world):
    one = give(world, strands=(Strand.PROJECT,), needs_acceptance=False, weight=3)
    give(world, strands=(Strand.PROJECT, Strand.PLURAL), due_on=date(2026, 3, 11))
    services.end_task(by=world.actor("chengguan"), now=world.now, task=one, result="好了")
    lines = selectors.by_tag(
        world.actor("lingdao"), TagKind.STRAND, date(2026, 1, 1), date(2026, 12, 31), date(2026, 3, 12)
    )
    assert [(x.name, x.total, x.done, x.open, x.late, x.percent) for x in lines] == [
        ("plural", 1, 0, 1, 1, Fraction(0)),
        ("project", 2, 1, 1, 1, Fraction(75)),
    ]
    assert selectors.by_tag(world.actor("minjing"), TagKind.STRAND, DUE, DUE, DUE) == []


def test_the_parts_weigh_what_they_weigh(world):
    whole = give(world, title="整条路")
    part = give(world, title="南段", parent_id=whole.pk, weight=3, needs_acceptance=False)
    give(world, title="北段", parent_id=whole.pk, weight=1)
    services.end_task(by=world.actor("chengguan"), now=world.now, task=part, result="好了")
    assert selectors.task_facts(get(whole)).percent == 75


def test_who_may_do_what_now(world):
    task = get(give(world))
    assert {"sign", "take", "report", "hand_in", "ask_extension"} <= permissions.doable(world.actor("chengguan"), task)
    assert permissions.doable(world.actor("paidan"), task) == {
        "note",
        "extend",
        "urge",
        "drop",
        "decide_extension",
    }
    assert permissions.doable(world.actor("ducha"), task) == {
        "note",
        "urge",
        "order",
        "order_result",
    }
    assert permissions.doable(world.actor("minjing"), task) == set()
