"""Writing a plan's lines: nodes, what they wait for, the teams they need, and how far each has come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.projects import permissions
from linli.engines.projects.models import Node, NodeLink, Project, Team, TeamUse
from linli.engines.projects.rules.life import KEEPERS
from linli.engines.projects.selectors.plans import node_of
from linli.engines.projects.services import planning
from linli.engines.projects.services.keeping import Faults, happened, locked, save_next
from linli.engines.projects.services.source_telling import tell_stage_begun
from linli.engines.projects.types import LinkKind, NodeData, NodeKind
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal
from linli.foundation.people import selectors as people

MOST_NODES, LONGEST, MOST_LAG = 200, 1_000, 250


@whole
def save_team(*, by: Actor, now: datetime, name: str, capacity: int, active: bool = True) -> Team:
    """Enter a shared team, or change how many crews of it there are.

    Raises:
        ForbiddenError: not who makes lists. InvalidError: no name, or no crew.
    """
    permissions.check_list(by)
    faults = Faults()
    words = faults.words("name", name, 60, needed=True)
    if not 1 <= capacity <= 100:
        faults.add("capacity", _("每天可派的班组数应在 1 至 100 之间。"))
    faults.check()
    team, made = Team.objects.get_or_create(name=words, defaults={"capacity": capacity, "active": active})
    before = None if made else {"capacity": team.capacity, "active": team.active}
    team.capacity, team.active = capacity, active
    team.save()
    after = {"capacity": capacity, "active": active}
    journal.record(
        by=by, verb="projects.save_team", kind="team", uuid=team.uuid, label=words, now=now, before=before, after=after
    )
    return team


@whole
def add_node(*, by: Actor, now: datetime, uuid: UUID, data: NodeData) -> Node:
    """Add a line to a project's plan, behind the others.

    Raises:
        NotFoundError, ForbiddenError. ConflictError: the project is over, or its plan is full.
        InvalidError: by field; a circle of waits is named in its order.
    """
    project = _open(locked(uuid, by))
    nodes = list(Node.objects.filter(project=project))
    if len(nodes) >= MOST_NODES:
        raise ConflictError(_("一个项目最多 %(most)s 个节点。") % {"most": MOST_NODES}, code="projects.many_nodes")
    node = Node(project=project, order=max((n.order for n in nodes), default=0) + 1)
    _fill(node, data, nodes)
    node.save(force_insert=True)
    _tie(project, node, data)
    save_next(project, now)
    happened(project, "add_node", by=by, now=now, after=_values(node))
    planning.relight(project, now=now)
    return node


@whole
def change_node(*, by: Actor, now: datetime, uuid: UUID, node_id: int, data: NodeData, expected: int) -> Node:
    """Change a line at the project's version ``expected``; planned days move by a new plan only.

    Raises:
        NotFoundError, ForbiddenError, StaleError, ConflictError, InvalidError: as :func:`add_node`.
    """
    project = _open(locked(uuid, by, expected))
    node = node_of(project, node_id)
    before = _values(node)
    _fill(node, data, list(Node.objects.filter(project=project).exclude(pk=node.pk)))
    node.save()
    _tie(project, node, data)
    save_next(project, now)
    after = _values(node)
    happened(project, "change_node", by=by, now=now, before=before, after=after)
    planning.relight(project, now=now)
    return node


@whole
def drop_node(*, by: Actor, now: datetime, uuid: UUID, node_id: int, expected: int, reason: str = "") -> None:
    """Take a line out of a plan; one that has begun, or belongs to an approved plan, needs the reason.

    Raises:
        NotFoundError, ForbiddenError, StaleError, ConflictError. InvalidError: no reason.
    """
    project = _open(locked(uuid, by, expected))
    node, said = node_of(project, node_id), mask_personal(clean(reason))
    if project.state != "draft" and not said:
        raise InvalidError(
            _("已批准的计划删去节点，须写明理由。"), code="projects.reason", fields={"reason": [_("请填写这一项。")]}
        )
    before = _values(node)
    planning.drop_task(node, by=by, now=now, reason=said)
    node.delete()
    save_next(project, now)
    happened(project, "drop_node", by=by, now=now, before=before, reason=said)
    planning.relight(project, now=now)


@whole
def report(
    *, by: Actor, now: datetime, uuid: UUID, node_id: int, percent: int, started: date | None, finished: date | None
) -> Node:
    """Enter how far a node has come: who keeps the project, or works in the node's own unit.

    Raises:
        ForbiddenError: neither. ConflictError: the project does not run.
        InvalidError: a day in the future, an end before the beginning, or 100 % without an end.
    """
    project = locked(uuid, by, keep=False)
    node = node_of(project, node_id)
    own = by.holds(KEEPERS, unit_id=node.unit_id) if node.unit_id else False
    if not (own or permissions.may_keep(by, project) or (node.user_id is not None and node.user_id == by.user_id)):
        raise ForbiddenError(_("只有责任单位可以填报这个节点。"), code="projects.unit", hint=_("请联系责任单位。"))
    if project.state != "running":
        raise ConflictError(_("项目开工后才能填报进度。"), code="projects.state", hint=_("请先点“开工”。"))
    before = _progress(node)
    _check_report(node, percent, started, finished, timezone.localdate(now))
    node.percent, node.actual_start, node.actual_finish = percent, started, finished
    if finished is not None:
        node.percent, node.actual_start = 100, started or node.actual_start or finished
    node.save()
    save_next(project, now)
    done = finished is not None and before["finished"] is None
    verb = "node_done" if done else "report"
    happened(
        project, verb, by=by, now=now, text=node.title, public=project.public and done,
        before=before, after=_progress(node),
    )  # fmt: skip
    if before["started"] is None:
        tell_stage_begun(project, node, now=now)
    planning.relight(project, now=now)
    return node


def _check_report(node: Node, percent: int, started: date | None, finished: date | None, today: date) -> None:
    faults = Faults()
    if node.kind == NodeKind.STAGE:
        faults.add("percent", _("阶段的进度由其中的节点算出。"))
    if not 0 <= percent <= 100:
        faults.add("percent", _("完成比例应在 0 至 100 之间。"))
    if (started and started > today) or (finished and finished > today):
        faults.add("finished", _("日期不能晚于今天。"))
    if started and finished and finished < started:
        faults.add("finished", _("完成日期不能早于开始日期。"))
    if percent == 100 and finished is None:
        faults.add("finished", _("完成比例为百分之百时请填写完成日期。"))
    faults.check()


def _progress(node: Node) -> dict[str, object]:
    days = {"started": node.actual_start, "finished": node.actual_finish}
    return {"percent": node.percent, **{k: v.isoformat() if v else None for k, v in days.items()}}


def _open(project: Project) -> Project:
    if not project.is_open:
        raise ConflictError(_("项目已经结束，不能再改。"), code="projects.over")
    return project


def _values(node: Node) -> dict[str, object]:
    return {
        "title": node.title,
        "kind": node.kind,
        "duration": node.duration,
        "unit": node.unit_id,
        "weight": node.weight,
        "outdoor": node.outdoor,
        "earliest": node.earliest,
        "latest": node.latest,
    }


def _fill(node: Node, data: NodeData, others: Iterable[Node]) -> None:
    faults = Faults()
    node.title = faults.words("title", data.title, 100, needed=True)
    node.kind = data.kind if data.kind in NodeKind.values else NodeKind.WORK
    node.duration = data.duration if node.kind == NodeKind.WORK else 0
    if node.kind == NodeKind.WORK and not 1 <= data.duration <= LONGEST:
        faults.add("duration", _("工期应在 1 至 %(most)s 个工作日之间。") % {"most": LONGEST})
    if not 0 <= data.weight <= 1000:
        faults.add("weight", _("权重应在 0 至 1000 之间。"))
    if data.earliest and data.latest and data.latest < data.earliest:
        faults.add("latest", _("最晚日期早于最早日期。"))
    stages = {n.pk for n in others if n.kind == NodeKind.STAGE}
    if data.parent_id is not None and (data.parent_id not in stages or node.kind == NodeKind.STAGE):
        faults.add("parent", _("请选择一个阶段。"))
    if data.unit_id is not None and not people.units([data.unit_id]):
        faults.add("unit", _("没有这个单位。"))
    faults.check()
    node.parent_id, node.unit_id, node.user_id = data.parent_id, data.unit_id, data.user_id
    node.outdoor, node.weight, node.earliest, node.latest = data.outdoor, data.weight, data.earliest, data.latest


def _tie(project: Project, node: Node, data: NodeData) -> None:
    """Write what ``node`` waits for and needs; a circle is refused, with its nodes in order."""
    faults = Faults()
    known = set(Node.objects.filter(project=project).exclude(kind=NodeKind.STAGE).values_list("pk", flat=True))
    if data.waits and node.kind == NodeKind.STAGE:
        faults.add("waits", _("阶段没有先后关系，请填在其中的节点上。"))
    for before, kind, lag in data.waits:
        if before not in known or before == node.pk or kind not in LinkKind.values:
            faults.add("waits", _("前置节点不在这个项目的计划里。"))
        elif abs(lag) > MOST_LAG:
            faults.add("waits", _("间隔最多 %(most)s 个工作日。") % {"most": MOST_LAG})
    teams = {t.pk: t for t in Team.objects.filter(pk__in=[t for t, _units in data.teams])}
    for team, units in data.teams:
        if team not in teams or not 1 <= units <= teams[team].capacity:
            faults.add("teams", _("班组数应在 1 至该班组每天可派的数之间。"))
    faults.check()
    NodeLink.objects.filter(after=node).delete()
    wanted = {(before, kind): lag for before, kind, lag in data.waits}
    NodeLink.objects.bulk_create(
        NodeLink(project=project, before_id=before, after=node, kind=kind, lag=lag)
        for (before, kind), lag in wanted.items()
    )
    TeamUse.objects.filter(node=node).delete()
    TeamUse.objects.bulk_create(TeamUse(node=node, team_id=team, units=n) for team, n in dict(data.teams).items())
    planning.check_network(project)
