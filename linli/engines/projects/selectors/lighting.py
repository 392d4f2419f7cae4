"""Green, yellow and red by rule, with the reason, and the words for both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.projects.models import Node, Project
from linli.engines.projects.rules import life, scheduling
from linli.engines.projects.rules.scheduling import Standing
from linli.engines.projects.rules.scheduling.types import Calendar, Infeasible, Judged, Placed, Plan, Sign, Spell
from linli.engines.projects.selectors import plans
from linli.engines.projects.selectors.plans import Lines
from linli.engines.projects.types import Light, NodeKind

Lit = tuple[str, dict[str, Any]]
_HEAVY = {Light.RED.value: 3, Light.YELLOW.value: 2, Light.GREEN.value: 1}


@dataclass(frozen=True, slots=True)
class Seen:
    """The light of a project and of each of its nodes (by id), each with why."""

    project: Lit
    nodes: Mapping[int, Lit]


def judge(project: Project, lines: Lines, *, today: date) -> Seen:
    """Return the lights of a project and its nodes on a day, by the rulebook's thresholds."""
    if project.state not in life.PLANNED or not lines.working:
        over = project.state in {"finished", "accepted", "closed"}
        return Seen((Light.DONE.value if over else Light.WAITING.value, {}), {})
    plan = plans.bounds(project, lines, today=today)
    limits, calendar = plans.thresholds(today), plans.calendar()
    found: dict[int, Lit] = {}
    judged: list[tuple[Standing, Judged]] = []
    for node in lines.working:
        standing = _standing(node, plan.placed[str(node.pk)])
        light = scheduling.light_of(standing, today, calendar, limits)
        judged.append((standing, light))
        found[node.pk] = (light.light.value, _why(node, standing, light, calendar, today))
    whole = scheduling.light_of_project(judged, limits, slack=plan.margin)
    return Seen(_whole(project, whole, list(found.values()), plan), found | _stages(lines, found))


def _standing(node: Node, placed: Placed) -> Standing:
    planned = node.planned_start is not None and node.planned_finish is not None
    return Standing(
        agreed=Spell(node.planned_start, node.planned_finish)
        if planned and node.planned_start and node.planned_finish
        else Spell(placed.start, placed.finish),
        slack=placed.slack,
        percent=node.percent,
        begun=placed.begun,
        done=placed.done,
        milestone=node.kind == NodeKind.MILESTONE,
        weight=node.weight,
    )


def _why(node: Node, standing: Standing, seen: Judged, calendar: Calendar, today: date) -> dict[str, Any]:
    """Return the first reason of a light in figures; :func:`light_words` puts it into words."""
    if not seen.signs:
        return {}
    sign, days = seen.signs[0], standing.slack
    if sign in {Sign.OVERDUE, Sign.MILESTONE}:
        days = plans.days_between(calendar, standing.agreed.finish, today)
    if sign is Sign.NOT_BEGUN:
        days = plans.days_between(calendar, standing.agreed.start, today)
    return {"sign": sign.value, "node": node.title, "days": abs(days), "percent": node.percent}


def _stages(lines: Lines, found: Mapping[int, Lit]) -> dict[int, Lit]:
    """Return the light of each stage: the heaviest of its parts; done where all are."""
    stages: dict[int, Lit] = {}
    for stage in lines.nodes:
        if stage.kind == NodeKind.STAGE:
            parts = [found[n.pk] for n in lines.working if n.parent_id == stage.pk]
            every_done = bool(parts) and all(p[0] == Light.DONE for p in parts)
            heaviest = max(parts, key=lambda p: _HEAVY.get(p[0], 0), default=(Light.WAITING.value, {}))
            stages[stage.pk] = (Light.DONE.value, {}) if every_done else heaviest
    return stages


def _whole(project: Project, whole: Judged, parts: list[Lit], plan: Plan) -> Lit:
    """Return the project's light with the reason that weighs most: its own deadline, else its heaviest part."""
    if plan.infeasible is not None and not plan.infeasible.own:
        late = plan.infeasible
        return Light.RED.value, {"sign": "too_late", "node": late.chain[-1].title, "days": late.by_days}
    light = whole.light.value
    if _HEAVY.get(light, 0) < 2:
        waits = project.blocked and light != Light.DONE
        return (Light.YELLOW.value, {"sign": "blocked", "days": project.blocked}) if waits else (light, {})
    heaviest = max(parts, key=lambda part: _HEAVY.get(part[0], 0))
    return light, heaviest[1]


_WORDS: dict[str, Any] = {
    "too_late": gettext_lazy("“%(node)s”赶不上期限，晚 %(days)s 个工作日"),
    "overdue": gettext_lazy("“%(node)s”超过计划完成日 %(days)s 个工作日"),
    "not_begun": gettext_lazy("“%(node)s”超过计划开始日 %(days)s 个工作日仍未开始"),
    "behind": gettext_lazy("“%(node)s”完成 %(percent)s%%，落后于时间"),
    "little_slack": gettext_lazy("“%(node)s”只剩 %(days)s 天余量"),
    "milestone": gettext_lazy("里程碑“%(node)s”已过 %(days)s 个工作日未达到"),
    "part_red": gettext_lazy("红灯节点较多"),
    "part_yellow": gettext_lazy("亮灯节点较多"),
    "blocked": gettext_lazy("有 %(days)s 个卡点未解决"),
}


def light_words(why: Mapping[str, Any]) -> str:
    """Return in words why a light is not green, empty where it is."""
    text = _WORDS.get(str(why.get("sign", "")))
    params = {"node": why.get("node", ""), "days": why.get("days", 0), "percent": why.get("percent", 0)}
    return str(text) % params if text is not None else ""


def cannot_be_met(late: Infeasible) -> str:
    """Return in words that a deadline cannot be met: by how many working days, and which chain makes it so."""
    chain = " → ".join(link.title for link in late.chain)
    return _("赶不上 %(due)s 的期限，晚 %(days)s 个工作日。关键链：%(chain)s。") % {
        "due": late.due.isoformat(),
        "days": late.by_days,
        "chain": chain,
    }
