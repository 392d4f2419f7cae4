"""A project through the services: plan back from the deadline, a slip, lights, the end with what residents say."""

from datetime import date, timedelta

import pytest

from linli.engines.projects import selectors, services
from linli.engines.projects.models import Node, Project, Task
from linli.engines.projects.selectors import PlanChoice
from linli.engines.projects.tasks import lights
from linli.engines.projects.types import NodeData, NodeKind, ProjectData
from linli.foundation.core.actors import GUEST
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError, StaleError
from linli.foundation.jobs import services as jobs

pytestmark = pytest.mark.django_db
DEADLINE = date(2026, 12, 31)


def open_project(world, *, by="lingdao", **fields):
    services.load_shipped_classes(now=world.now)
    given = {
        "name": "陶家宅“美丽家园”综合整治",
        "class_code": "beautiful_home",
        "unit_id": world.units["housing"].pk,
        "area_id": world.areas["陶家宅"].pk,
        "deadline": DEADLINE,
        "public": True,
    }
    data = ProjectData(**{**given, **fields})
    return services.add_project(by=world.actor(by), now=world.now, data=data)


def add(world, project, title, days=10, *, after=(), by="lingdao", **fields):
    waits = tuple((n.pk, "FS", 0) for n in after)
    unit = fields.pop("unit_id", world.units["housing"].pk)
    kind = NodeKind.WORK if days else NodeKind.MILESTONE
    data = NodeData(title=title, kind=fields.pop("kind", kind), duration=days, waits=waits, unit_id=unit, **fields)
    return services.add_node(by=world.actor(by), now=world.now, uuid=project.uuid, data=data)


def fresh(project):
    return Project.objects.get(pk=project.pk)


def planned(world, project, **asked):
    choice = PlanChoice(**asked)
    shown = services.preview(fresh(project), choice, now=world.now)
    return shown, services.save_plan(
        by=world.actor("lingdao"), now=world.now, uuid=project.uuid, choice=choice, token=shown.token, reason="测试"
    )


def take(world, project, verb, *, by="lingdao", **more):
    return services.step(
        by=world.actor(by), now=world.now, uuid=project.uuid, verb=verb, expected=fresh(project).version, **more
    )


def renewal(world):
    project = open_project(world)
    survey = add(world, project, "入户征询", 20)
    design = add(world, project, "方案设计", 30, after=[survey])
    work = add(world, project, "外墙与雨水管施工", 90, after=[design], outdoor=True)
    accept = add(world, project, "竣工验收", 0, after=[work])
    return project, survey, design, work, accept


def test_a_plan_is_made_back_from_the_deadline_and_becomes_tasks(world):
    project, survey, design, work, accept = renewal(world)
    shown, _kept = planned(world, project)
    assert shown.plan.feasible
    days = {n.title: (n.planned_start, n.planned_finish) for n in Node.objects.filter(project=project)}
    assert days["竣工验收"][1] == DEADLINE
    assert days["外墙与雨水管施工"][1] == DEADLINE
    assert str(days["方案设计"][1]) < str(days["外墙与雨水管施工"][0])
    take(world, project, "approve")
    tasks = {t.source_uuid: t for t in Task.objects.filter(source_kind="project")}
    assert set(tasks) == {survey.uuid, design.uuid, work.uuid, accept.uuid}
    assert tasks[survey.uuid].due_on == days["入户征询"][1]
    assert fresh(project).number.startswith("XM2026-")


def test_a_slip_shows_what_moves_moves_the_tasks_and_a_stale_preview_is_refused(world):
    project, survey, design, _work, _accept = renewal(world)
    planned(world, project, late=False)
    take(world, project, "approve")
    take(world, project, "start")
    services.freeze(by=world.actor("lingdao"), now=world.now, uuid=project.uuid, name="批准时")
    choice = PlanChoice(late=False, slips={survey.pk: (None, 30)})
    shown = services.preview(fresh(project), choice, now=world.now)
    assert [m.node.title for m in shown.moved][:1] == ["入户征询"]
    assert {m.days for m in shown.moved} == {10}
    due = Task.objects.get(source_uuid=design.uuid).due_on
    lead = world.actor("lingdao")
    with pytest.raises(InvalidError):
        services.save_plan(by=lead, now=world.now, uuid=project.uuid, choice=choice, token=shown.token)

    def save():
        services.save_plan(
            by=lead, now=world.now, uuid=project.uuid, choice=choice, token=shown.token, reason="居民意见较多"
        )

    save()
    assert Task.objects.get(source_uuid=design.uuid).due_on > due
    with pytest.raises(StaleError):
        save()
    assert fresh(project).baselines.get().rows[0]["title"] == "入户征询"


def test_what_cannot_be_met_says_by_how_much_and_which_chain(world):
    project, *_nodes = renewal(world)
    data = fresh(project)
    Project.objects.filter(pk=data.pk).update(deadline=date(2026, 8, 31))
    with pytest.raises(ConflictError) as refused:
        take(world, project, "approve")
    assert "个工作日" in str(refused.value)
    assert "入户征询 → 方案设计 → 外墙与雨水管施工" in str(refused.value)
    with pytest.raises(InvalidError):
        take(world, project, "approve", anyway=True)
    take(world, project, "approve", anyway=True, text="汛期前必须开工")
    found = fresh(project)
    assert (found.state, found.light) == ("approved", "red")
    assert "赶不上期限" in selectors.light_words(found.light_why)


def test_circles_past_deadlines_and_bad_numbers_are_refused_and_nothing_stays(world):
    project, survey, _design, work, _accept = renewal(world)
    lead, count = world.actor("lingdao"), Node.objects.count()
    data = NodeData(title="入户征询", duration=20, waits=((work.pk, "FS", 0),))
    with pytest.raises(InvalidError) as refused:
        services.change_node(
            by=lead, now=world.now, uuid=project.uuid, node_id=survey.pk, data=data, expected=fresh(project).version
        )
    assert "入户征询" in str(refused.value)
    assert "循环" in str(refused.value)
    assert survey.waits.count() == 0
    with pytest.raises(InvalidError) as refused:
        open_project(world, deadline=world.now.date() - timedelta(days=1), name="")
    assert set(refused.value.fields) == {"deadline", "name"}
    with pytest.raises(InvalidError):
        add(world, project, "坏", -3)
    assert Node.objects.count() == count
    Project.objects.filter(pk=project.pk).update(deadline=world.now.date() - timedelta(days=1))
    with pytest.raises(ConflictError):
        take(world, project, "approve")


def test_tasks_done_finish_their_nodes_and_residents_say_how_it_went(world):
    project, *nodes = renewal(world)
    planned(world, project)
    take(world, project, "approve")
    take(world, project, "start")
    with pytest.raises(ConflictError):
        take(world, project, "finish", text="完工")
    for node in nodes:
        task = Task.objects.get(source_uuid=node.uuid)
        services.end_task(by=world.actor("fangguan2"), now=world.now, task=task, result="完成")
    jobs.drain(now=world.now)
    assert fresh(project).percent == 100
    take(world, project, "finish", text="全部完工")
    ask = services.ask_satisfaction(
        by=world.actor("lingdao"), now=world.now, uuid=project.uuid, closes_on=world.now.date() + timedelta(days=7)
    )
    for n in range(6):
        given = {"choice": "g5" if n < 5 else "g2", "solved": n < 5}
        services.answer(by=GUEST, now=world.now, ask=ask, answers=given, browser=f"browser-{n}")
    with pytest.raises(ConflictError):
        services.answer(
            by=GUEST, now=world.now, ask=ask, answers={"choice": "g1", "solved": False}, browser="browser-1"
        )
    staff, all_see = (selectors.outcome(ask, small=5, public=p) for p in (False, True))
    assert (staff.count, staff.counts, staff.unsolved) == (6, {"g5": 5, "g2": 1}, 16)
    assert (all_see.hidden, all_see.counts) == (True, {})
    take(world, project, "accept", text="验收合格")
    take(world, project, "close", text="办结")
    assert (fresh(project).state, fresh(project).is_open) == ("closed", False)


def test_each_write_is_refused_to_the_wrong_person(world):
    project, *_nodes = renewal(world)
    for who in ("shuji02", "minjing", "guanliban"):
        with pytest.raises(ForbiddenError):
            take(world, project, "approve", by=who)
        with pytest.raises(ForbiddenError):
            add(world, project, "私加", 3, by=who)
        with pytest.raises(ForbiddenError):
            services.add_spending(
                by=world.actor(who), now=world.now, uuid=project.uuid, on=DEADLINE, cents=100, what="x", source="y"
            )
    with pytest.raises(ForbiddenError):
        take(world, project, "approve", by="shuji")
    with pytest.raises(ForbiddenError):
        services.make_list(by=world.actor("shuji"), now=world.now, year=2026, kind="deeds", title="私设清单")


def test_the_daily_job_works_lights_out_anew_as_time_passes(world):
    project, *_nodes = renewal(world)
    planned(world, project, late=False)
    take(world, project, "approve")
    take(world, project, "start")
    assert fresh(project).light == "waiting"
    later = world.now + timedelta(days=45)
    lights({}, later)
    found = fresh(project)
    assert (found.light, found.lit_on) == ("red", later.date())
    assert "入户征询" in selectors.light_words(found.light_why)
    lights({}, later)
    assert fresh(project).version == found.version
