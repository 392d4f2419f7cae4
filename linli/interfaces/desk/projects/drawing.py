"""Plans as drawings: the Gantt of one project, and a plan beside its baseline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.safestring import mark_safe

from linli.engines.projects import selectors
from linli.engines.projects.rules import charting
from linli.engines.projects.rules.charting.types import Gantt, GanttRow, Zoom
from linli.engines.projects.rules.scheduling.types import Dependency, Kind, Light, Spell
from linli.interfaces.web.projects import spell_of

if TYPE_CHECKING:
    from linli.engines.projects.models import Baseline, Node, Project
    from linli.engines.projects.rules.scheduling.types import Plan
    from linli.engines.projects.selectors import Lines

WIDE = 120  # days from which a week is drawn narrower


def gantt(
    project: Project,
    lines: Lines,
    *,
    today: date,
    plan: Plan | None = None,
    baseline: Baseline | None = None,
    movable: bool = False,
) -> str:
    """Return the Gantt of a project as SVG; empty where nothing is planned yet.

    Args:
        plan: how it stands today: shows to which day each may slip, and what is critical.
        baseline: drawn thin below each bar.
        movable: whether the reader may drag what has not begun.
    """
    if not any(n.planned_start for n in lines.nodes):
        return ""
    old = {row["uuid"]: row for row in baseline.rows} if baseline else {}
    rows = tuple(
        row
        for node, depth in _ordered(lines)
        if (row := _row(node, depth, lines, today, plan, old.get(str(node.uuid)), movable)) is not None
    )
    links = tuple(Dependency(str(li.before_id), str(li.after_id), Kind(li.kind), li.lag) for li in lines.links)
    chart = Gantt(project.name, rows, links, today=today, deadline=project.deadline)
    first, last = charting.extent(chart)
    days = charting.rest_days(selectors.working_days(), first, last)
    drawn = charting.gantt(replace(chart, rest=days), Zoom.WEEK if (last - first).days < WIDE else Zoom.MONTH)
    return mark_safe(drawn)  # noqa: S308  every text in it is escaped where it is drawn


def _ordered(lines: Lines) -> list[tuple[Node, int]]:
    found: list[tuple[Node, int]] = []
    for node in lines.nodes:
        if node.parent_id is None:
            found.append((node, 0))
            found += [(part, 1) for part in lines.nodes if part.parent_id == node.pk]
    return found


def _row(
    node: Node, depth: int, lines: Lines, today: date, plan: Plan | None, old: dict[str, Any] | None, movable: bool
) -> GanttRow | None:
    spell = spell_of(node, list(lines.nodes)) if node.kind == "stage" else _planned(node)
    if spell is None:
        return None
    placed = plan.placed.get(str(node.pk)) if plan else None
    done = node.actual_finish
    begun = node.actual_start
    return GanttRow(
        key=str(node.pk),
        title=node.title,
        planned=spell,
        baseline=Spell(date.fromisoformat(old["start"]), date.fromisoformat(old["finish"])) if old else None,
        actual=Spell(begun, max(begun, done or min(today, max(spell.finish, begun)))) if begun else None,
        late_finish=max(spell.finish, placed.late_finish) if placed and not done else None,
        due=node.latest,
        percent=node.percent,
        depth=depth,
        group=node.kind == "stage",
        milestone=node.kind == "milestone",
        critical=bool(placed and placed.critical and not done),
        movable=movable and begun is None and node.kind == "work",
        light=Light(node.light),
        owner=(node.unit.short_name or node.unit.name) if node.unit else "",
    )


def _planned(node: Node) -> Spell | None:
    first, last = node.planned_start, node.planned_finish
    return Spell(first, last) if first and last else None


def compare(baseline: Baseline, lines: Lines) -> list[dict[str, Any]]:
    """Return each node's days beside those of a baseline, with how many days its end moved; what is gone last."""
    old = {row["uuid"]: row for row in baseline.rows}
    rows = []
    for node in lines.working:
        was = old.pop(str(node.uuid), None)
        then = date.fromisoformat(was["finish"]) if was else None
        end = node.actual_finish or node.planned_finish
        rows.append(
            {
                "title": node.title,
                "was_start": date.fromisoformat(was["start"]) if was else None,
                "was_finish": then,
                "start": node.actual_start or node.planned_start,
                "finish": end,
                "days": (end - then).days if end and then else None,
            }
        )
    rows += [
        {
            "title": r["title"],
            "was_start": date.fromisoformat(r["start"]),
            "was_finish": date.fromisoformat(r["finish"]),
        }
        for r in old.values()
    ]
    return rows
