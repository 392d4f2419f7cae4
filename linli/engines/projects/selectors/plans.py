"""Working a plan out from what is kept: the network of a project, its teams as others leave them, rain, bounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from linli.engines.projects.models import Node, NodeLink, Project, TeamUse
from linli.engines.projects.rules import scheduling, tree
from linli.engines.projects.rules.scheduling.types import (
    Activity,
    Calendar,
    Dependency,
    Kind,
    Network,
    Options,
    Plan,
    RainDays,
    Resource,
    Spell,
    Thresholds,
    Towards,
)
from linli.engines.projects.types import NodeKind
from linli.foundation.core.errors import NotFoundError
from linli.foundation.rulebook import selectors as rulebook


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """How a plan is to be made.

    Attributes:
        late: back from the deadline (倒排) rather than as early as possible.
        safety: working days kept free before the deadline.
        rain: leave out the share of days that rain is expected to take from outdoor work.
        teams: keep to the crews that there are, with what other projects have taken of them.
        slips: node id → (first day or None, working days or None): what is known to have slipped; all else stays
            where it is as far as it can.
    """

    late: bool = True
    safety: int = 0
    rain: bool = False
    teams: bool = False
    slips: Mapping[int, tuple[date | None, int | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a plan as kept: nodes in order, what waits for what."""

    nodes: tuple[Node, ...]
    links: tuple[NodeLink, ...]

    @property
    def working(self) -> list[Node]:
        """The nodes that take time or mark a day: all but the stages."""
        return [n for n in self.nodes if n.kind != NodeKind.STAGE]


def lines_of(project: Project) -> Lines:
    """Return the lines of a project's plan: three statements."""
    uses = Prefetch("teams", TeamUse.objects.select_related("team"))
    nodes = Node.objects.filter(project=project).select_related("unit").prefetch_related(uses)
    return Lines(tuple(nodes), tuple(NodeLink.objects.filter(project=project)))


def node_of(project: Project, node_id: int) -> Node:
    """Return a node of the project; NotFoundError where it has none."""
    node = Node.objects.filter(project=project, pk=node_id).first()
    if node is None:
        raise NotFoundError(_("没有这个节点，可能已被删去。"), code="projects.no_node")
    return node


def calendar() -> scheduling.ProvisionalCalendar:
    """Return the working calendar; years not announced yet count Monday to Friday."""
    return scheduling.ProvisionalCalendar(rulebook.working_calendar())


def rain(today: date) -> RainDays:
    """Return the share of working days that rain is expected to take, by month, as the rulebook says."""
    shares = rulebook.value("projects.plan.rain_shares", on=today)
    return RainDays(shares={int(month): int(share) for month, share in dict(shares).items()})


def thresholds(today: date) -> Thresholds:
    """Return when lights change, as the rulebook says (``projects.light.*``)."""
    names = Thresholds.__dataclass_fields__
    return Thresholds(**{n: int(rulebook.value(f"projects.light.{n}", on=today)) for n in names})


def safety(today: date) -> int:
    """Return how many working days a backward plan keeps free unless told otherwise."""
    return int(rulebook.value("projects.plan.safety", on=today))


def _activity(node: Node, choice: PlanChoice) -> Activity:
    start, days = choice.slips.get(node.pk, (None, None))
    demands = {str(u.team_id): u.units for u in node.teams.all()} if choice.teams else {}
    return Activity(
        key=str(node.pk),
        title=node.title,
        duration=0 if node.kind == NodeKind.MILESTONE else days or node.duration,
        demands=demands,
        outdoor=node.outdoor,
        earliest=start or node.earliest,
        latest=node.latest,
        started=node.actual_start,
        finished=node.actual_finish,
        percent=100 if node.actual_finish else min(node.percent, 99),
    )


def network(project: Project, lines: Lines, choice: PlanChoice, *, today: date) -> Network:
    """Return a project's plan as the rules of scheduling take it."""
    begun = [n.actual_start for n in lines.working if n.actual_start]
    start = min([today, *begun])
    return Network(
        activities=tuple(_activity(n, choice) for n in lines.working),
        start=today if project.started_on is None else max(start, project.started_on),
        dependencies=tuple(
            Dependency(str(li.before_id), str(li.after_id), Kind(li.kind), li.lag) for li in lines.links
        ),
        resources=tuple(_resources(project, lines, today)) if choice.teams else (),
        deadline=project.deadline,
        today=today,
    )


def _resources(project: Project, lines: Lines, today: date) -> list[Resource]:
    """Return the teams that the plan needs, each day with what the plans of other projects leave of them."""
    teams = {u.team_id: u.team for n in lines.working for u in n.teams.all()}
    taken: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    others = TeamUse.objects.filter(
        team__in=teams, node__project__is_open=True, node__actual_finish=None, node__planned_finish__gte=today
    ).filter(~Q(node__project=project))
    rows = others.values_list("team", "units", "node__planned_start", "node__planned_finish")
    for team, units, first, last in rows:
        if first is not None and last is not None:
            for n in range((last - max(first, today)).days + 1):
                taken[team][max(first, today) + timedelta(days=n)] += units
    return [
        Resource(str(pk), team.capacity, team.name, {d: max(0, team.capacity - n) for d, n in taken[pk].items()})
        for pk, team in teams.items()
    ]


def work_out(project: Project, lines: Lines, choice: PlanChoice, *, today: date) -> Plan:
    """Return the plan that ``choice`` asks for; nothing is written.

    Raises:
        InvalidError: the network cannot be computed: a circle, a team too small, no working days.
    """
    asked = network(project, lines, choice, today=today)
    towards = Towards.LATE if choice.late else Towards.EARLY
    weather = rain(today) if choice.rain else RainDays()
    if not choice.teams:
        return scheduling.critical_path(asked, calendar(), weather, towards=towards, safety=choice.safety)
    options = Options(towards=towards, safety=choice.safety, seconds=3.0)
    return scheduling.schedule(asked, calendar(), weather, options)


def replan(project: Project, lines: Lines, choice: PlanChoice, *, today: date) -> Plan:
    """Return the plan after slips that moves as little as can be: what need not move stays where it was agreed."""
    asked = network(project, lines, choice, today=today)
    weather = rain(today) if choice.rain else RainDays()
    return scheduling.replan(asked, spells(lines), calendar(), weather).plan


def days_between(days: Calendar, first: date, last: date) -> int:
    """Return how many working days ``last`` lies after ``first``; negative before."""
    if last < first:
        return -days_between(days, last, first)
    axis = scheduling.Axis(days, first)
    return axis.end(last) - axis.end(first)


def bounds(project: Project, lines: Lines, *, today: date) -> Plan:
    """Return how a project stands today: earliest and latest days and slack, from what is done."""
    return work_out(project, lines, PlanChoice(late=False), today=today)


def spells(lines: Lines) -> dict[str, Spell]:
    """Return the days agreed in the plan kept, by key; nodes without days are left out."""
    return {
        str(n.pk): Spell(n.planned_start, n.planned_finish)
        for n in lines.working
        if n.planned_start is not None and n.planned_finish is not None
    }


def branch(project: Project, nodes: Sequence[Node]) -> tree.Grown:
    """Return a project's progress as a weighted tree: stages, and in them what is done."""
    parts: dict[int | None, list[Node]] = defaultdict(list)
    for node in nodes:
        parts[node.parent_id].append(node)

    def made(node: Node) -> tree.Branch:
        below = tuple(made(n) for n in parts[node.pk])
        return tree.Branch(str(node.pk), node.weight, Fraction(node.percent, 100), below)

    top = tuple(made(n) for n in parts[None])
    return tree.grow(tree.Branch(f"project-{project.pk}", 1, Fraction(0), top))


def slipped(choice: PlanChoice, node_id: int, *, start: date | None, days: int | None) -> PlanChoice:
    """Return ``choice`` with one more slip."""
    return replace(choice, slips={**choice.slips, node_id: (start, days)})
