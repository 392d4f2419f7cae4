"""Plans: made back from the deadline, kept, frozen as baselines, moved after a slip; lights and tasks that follow."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.projects.models import Baseline, Node, Project, Task
from linli.engines.projects.rules import life, scheduling, tree
from linli.engines.projects.rules.scheduling.types import Plan, Spell
from linli.engines.projects.selectors import lighting, plans
from linli.engines.projects.selectors.plans import Lines, PlanChoice
from linli.engines.projects.services.keeping import Faults, happened, locked, save_next
from linli.engines.projects.services.source_telling import tell_stage_begun
from linli.engines.projects.services.task_work import Work
from linli.engines.projects.services.tasks import create_tasks, end_task
from linli.engines.projects.types import NewTask, NodeKind, TaskState
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError, StaleError
from linli.foundation.core.text import clean, mask_personal

SOURCE = "project"


@dataclass(frozen=True, slots=True)
class Moved:
    """One node that a new plan moves; ``was`` is None where it had no days yet."""

    node: Node
    was: tuple[date, date] | None
    now: tuple[date, date]
    days: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a new plan would be: nothing is written before it is confirmed with its ``token``.

    Attributes:
        moved: the nodes that move, in the order of the plan.
        kept: how many stay where they are.
        token: names exactly this plan of exactly this state of the project.
        guessed: years whose holidays are not announced: their days are provisional.
    """

    plan: Plan
    moved: tuple[Moved, ...]
    kept: int
    token: str
    guessed: tuple[int, ...] = ()


def preview(project: Project, choice: PlanChoice, *, now: datetime, lines: Lines | None = None) -> Preview:
    """Return the plan that ``choice`` asks for and what it moves; nothing is written.

    With slips the smallest change is sought: what need not move stays.

    Raises:
        InvalidError: the network cannot be computed. ConflictError: there are no nodes.
    """
    found, today = lines or plans.lines_of(project), timezone.localdate(now)
    if not found.working:
        raise ConflictError(_("还没有节点，无法排期。"), code="projects.nodes", hint=_("请先填写节点。"))
    agreed, calendar = plans.spells(found), plans.calendar()
    if choice.slips and agreed:
        plan = plans.replan(project, found, choice, today=today)
    else:
        plan = plans.work_out(project, found, choice, today=today)
    moved = _moves(found, plan, agreed, calendar)
    token = _token(project, choice, plan)
    last = max(p.finish for p in plan.placed.values())
    guessed = [y for y in range(today.year, last.year + 1) if not _announced(calendar, y)]
    return Preview(plan, tuple(moved), len(found.working) - len(moved), token, tuple(guessed))


def _announced(calendar: scheduling.ProvisionalCalendar, year: int) -> bool:
    calendar.is_workday(date(year, 6, 15))
    return year not in calendar.guessed


def _moves(
    lines: Lines,
    plan: Plan,
    agreed: dict[str, Spell],
    calendar: scheduling.ProvisionalCalendar,
) -> list[Moved]:
    moved = []
    for node in lines.working:
        placed, old = plan.placed[str(node.pk)], agreed.get(str(node.pk))
        if node.actual_finish is not None and old is not None:
            continue  # what is done keeps the days that were agreed, so that the story can be read
        if old is not None and (old.start, old.finish) == (placed.start, placed.finish):
            continue
        days = plans.days_between(calendar, old.finish, placed.finish) if old else 0
        moved.append(Moved(node, (old.start, old.finish) if old else None, (placed.start, placed.finish), days))
    return moved


def _token(project: Project, choice: PlanChoice, plan: Plan) -> str:
    said = {
        "version": project.version,
        "choice": {k: str(v) for k, v in asdict(choice).items()},
        "days": [(k, p.start.isoformat(), p.finish.isoformat()) for k, p in plan.placed.items()],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


@whole
def save_plan(
    *,
    by: Actor,
    now: datetime,
    uuid: UUID,
    choice: PlanChoice,
    token: str,
    reason: str = "",
    baseline: str = "",
) -> Project:
    """Keep the plan that was previewed as ``token``; tasks of its nodes get their new day, with the reason.

    Raises:
        NotFoundError, ForbiddenError. StaleError: something changed since the preview.
        ConflictError: the project is over. InvalidError: a plan already approved moves without a reason.
    """
    project = locked(uuid, by)
    if project.state not in life.PLANNED | {"draft"}:
        raise ConflictError(_("项目已经完工或停止，不能再排期。"), code="projects.over")
    lines = plans.lines_of(project)
    shown, said = preview(project, choice, now=now, lines=lines), mask_personal(clean(reason))[:500]
    if shown.token != token:
        raise StaleError(
            _("预览之后项目有了变化，排期没有保存。"), code="projects.stale_preview", hint=_("请重新预览后再确认。")
        )
    if project.state != "draft" and shown.moved and not said:
        raise InvalidError(
            _("已批准的计划改动，须写明理由。"), code="projects.reason", fields={"reason": [_("请填写这一项。")]}
        )
    _keep(project, shown, choice, lines, by=by, now=now, reason=said)
    if baseline.strip():
        freeze(by=by, now=now, uuid=uuid, name=baseline)
    return project


def _keep(
    project: Project, shown: Preview, choice: PlanChoice, lines: Lines, *, by: Actor, now: datetime, reason: str
) -> None:
    changed = []
    for node in lines.working:
        if node.actual_finish is not None and node.planned_finish is not None:
            continue
        placed, slip = shown.plan.placed[str(node.pk)], choice.slips.get(node.pk)
        node.planned_start, node.planned_finish, node.slack = placed.start, placed.finish, placed.slack
        if slip is not None and slip[1]:
            node.duration = slip[1]
        changed.append(node)
    Node.objects.bulk_update(changed, ["planned_start", "planned_finish", "slack", "duration"])
    project.plan_version += 1
    save_next(project, now)
    told = {m.node.title: [m.now[0].isoformat(), m.now[1].isoformat()] for m in shown.moved}
    before = {m.node.title: [m.was[0].isoformat(), m.was[1].isoformat()] for m in shown.moved if m.was}
    happened(project, "plan", by=by, now=now, before=before, after=told, reason=reason)
    move_due([m.node for m in shown.moved], by=by, now=now, reason=reason or _("计划调整"))
    if project.state in life.PLANNED:
        give_tasks(project, by=by, now=now)
    relight(project, now=now, lines=lines)


def check_approvable(project: Project, *, now: datetime, anyway: bool, said: str) -> None:
    """Make sure that the project has a plan, the backward one if none was kept, and that it meets the deadline.

    Raises:
        ConflictError: it cannot be met; says by how many working days and which chain. InvalidError: ``anyway``
        without the reason.
    """
    lines, today = plans.lines_of(project), timezone.localdate(now)
    found = plans.bounds(project, lines, today=today)
    if found.infeasible is not None and not anyway:
        raise ConflictError(
            lighting.cannot_be_met(found.infeasible),
            code="projects.infeasible",
            hint=_("请缩短工期、调整先后关系或期限；仍要批准，请勾选并写明理由。"),
        )
    if found.infeasible is not None and not said:
        raise InvalidError(_("请写明理由。"), code="projects.text", fields={"text": [_("请填写这一项。")]})
    if any(n.planned_finish is None for n in lines.working):
        choice = PlanChoice(late=found.feasible, safety=plans.safety(today))
        placed = plans.work_out(project, lines, choice, today=today).placed
        for node in lines.working:
            days = placed[str(node.pk)]
            node.planned_start, node.planned_finish, node.slack = days.start, days.finish, days.slack
        Node.objects.bulk_update(lines.working, ["planned_start", "planned_finish", "slack"])


def check_network(project: Project) -> None:
    """Raise InvalidError where a project's nodes cannot be scheduled at all: a circle is named in its order."""
    lines = plans.lines_of(project)
    today = timezone.localdate(project.changed_at)
    scheduling.check(plans.network(project, lines, PlanChoice(), today=today))


@whole
def freeze(*, by: Actor, now: datetime, uuid: UUID, name: str) -> Baseline:
    """Freeze the plan as it is under a name.

    Raises:
        NotFoundError, ForbiddenError. ConflictError: no plan yet. InvalidError: no name, or it is taken.
    """
    project = locked(uuid, by)
    faults = Faults()
    words = faults.words("baseline", name, 60, needed=True)
    if Baseline.objects.filter(project=project, name=words).exists():
        faults.add("baseline", _("已经有同名的基线。"))
    faults.check()
    nodes = plans.lines_of(project).working
    if not nodes or any(n.planned_finish is None for n in nodes):
        raise ConflictError(_("还没有排期，不能留存基线。"), code="projects.no_plan", hint=_("请先倒排工期并保存。"))
    rows = [
        {
            "uuid": str(n.uuid),
            "title": n.title,
            "start": n.planned_start.isoformat() if n.planned_start else None,
            "finish": n.planned_finish.isoformat() if n.planned_finish else None,
        }
        for n in nodes
    ]
    row = Baseline.objects.create(
        project=project, name=words, deadline=project.deadline, rows=rows, at=now, by_label=by.label[:80]
    )
    happened(project, "baseline", by=by, now=now, text=words, after={"baseline": row.uuid})
    return row


def give_tasks(project: Project, *, by: Actor, now: datetime) -> int:
    """Give each planned node with a unit its task, unless it has one or is done; return how many were given."""
    rows = Node.objects.filter(project=project, task_uuid=None, unit__isnull=False, actual_finish=None)
    nodes = [n for n in rows.exclude(kind=NodeKind.STAGE) if n.planned_finish is not None]
    if not nodes:
        return 0
    made = create_tasks(by=by, now=now, tasks=[_task(project, n) for n in nodes])
    for node, task in zip(nodes, made, strict=True):
        node.task_uuid = task.uuid
    Node.objects.bulk_update(nodes, ["task_uuid"])
    return len(made)


def _task(project: Project, node: Node) -> NewTask:
    due = node.planned_finish or project.deadline
    return NewTask(
        title=f"{project.name}：{node.title}"[:200],
        unit_id=node.unit_id or project.unit_id,
        user_id=node.user_id,
        due_on=due,
        source_kind=SOURCE,
        source_uuid=node.uuid,
        source_label=project.name[:80],
        outside_reason=_("项目“%(name)s”的节点") % {"name": project.name},
    )


def move_due(nodes: Sequence[Node], *, by: Actor, now: datetime, reason: str) -> int:
    """Move the open tasks of nodes to their planned finish, each as it was seen; return how many moved.

    Their clocks begin anew, and who owes them is told. A task that somebody moved or ended meanwhile is left alone.
    """
    wanted = {n.uuid: n.planned_finish for n in nodes if n.task_uuid is not None and n.planned_finish is not None}
    moved = 0
    for task in Task.objects.filter(source_kind=SOURCE, source_uuid__in=wanted, state=TaskState.OPEN):
        due = wanted[task.source_uuid] if task.source_uuid is not None else None
        if due is None or due == task.due_on:
            continue
        work = Work(task, by=by, now=now)
        work.act("extend", reason=reason, changes={"due_on": due}, checked=False)
        try:
            with transaction.atomic():
                work.save()
        except ConflictError:
            continue
        moved += 1
    return moved


def drop_task(node: Node, *, by: Actor, now: datetime, reason: str) -> None:
    """Drop the open task of a node that leaves the plan; the system does it, since the unit did not."""
    task = Task.objects.filter(uuid=node.task_uuid, state=TaskState.OPEN).first() if node.task_uuid else None
    if task is not None:
        end_task(by=SYSTEM, now=now, task=task, result=reason or _("节点已从计划中删去"), dropped=True)


@whole
def task_ended(*, by: Actor, now: datetime, task: Task) -> None:
    """Mark the node done whose task was done; one dropped or sent back stays open, and the project's story says so."""
    if task.source_uuid is None:
        return
    node = Node.objects.filter(uuid=task.source_uuid).select_related("project").first()
    if node is None:
        return
    project = Project.objects.select_for_update(of=("self",)).get(pk=node.project_id)
    if task.state != TaskState.DONE:
        text = _("“%(title)s”的任务%(state)s：%(why)s") % {
            "title": node.title, "state": task.get_state_display(), "why": task.result
        }  # fmt: skip
        happened(project, "task_returned", by=by, now=now, text=text)
        return
    if node.actual_finish is not None:
        return
    ended = timezone.localdate(task.ended_at or now)
    before, begins = {"percent": node.percent}, node.actual_start is None
    node.percent, node.actual_finish = 100, ended
    node.actual_start = node.actual_start or min(node.planned_start or ended, ended)
    node.save()
    save_next(project, now)
    happened(
        project, "node_done", by=by, now=now, text=node.title, public=project.public, before=before,
        after={"percent": 100, "finished": ended},
    )  # fmt: skip
    if begins:
        tell_stage_begun(project, node, now=now)
    relight(project, now=now)


def relight(project: Project, *, now: datetime, lines: Lines | None = None) -> None:
    """Work out progress and lights anew and keep them; green, yellow and red follow the rulebook alone."""
    found, today = lines or plans.lines_of(project), timezone.localdate(now)
    grown = plans.branch(project, found.nodes)
    seen = lighting.judge(project, found, today=today)
    changed = [n for n in found.nodes if seen.nodes.get(n.pk, (n.light, n.light_why)) != (n.light, n.light_why)]
    for node in changed:
        node.light, node.light_why = seen.nodes[node.pk]
    if changed:
        Node.objects.bulk_update(changed, ["light", "light_why"])
    if project.state not in {"finished", "accepted", "closed"}:
        project.percent = tree.percent(grown.progress)
    project.light, project.light_why = seen.project
    project.lit_on = today
    values: dict[str, Any] = {n: getattr(project, n) for n in ("percent", "light", "light_why", "lit_on")}
    Project.objects.filter(pk=project.pk).update(**values)
