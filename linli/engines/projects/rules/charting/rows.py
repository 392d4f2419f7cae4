"""Plans as rows of a chart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from linli.engines.projects.rules.charting.types import GanttRow
from linli.engines.projects.rules.scheduling.types import Activity, Calendar, Light, Network, Placed, Plan, Spell

_NO_SPELLS: Mapping[str, Spell] = {}
_NO_LIGHTS: Mapping[str, Light] = {}
_NO_OWNERS: Mapping[str, str] = {}


def gantt_rows(
    network: Network,
    plan: Plan,
    *,
    baseline: Mapping[str, Spell] = _NO_SPELLS,
    lights: Mapping[str, Light] = _NO_LIGHTS,
    owners: Mapping[str, str] = _NO_OWNERS,
    movable: bool = False,
    depth: int = 0,
) -> tuple[GanttRow, ...]:
    """Return a row for every activity of ``network`` as ``plan`` places it, in the order asked.

    Args:
        baseline: days of the baseline by key, and so ``lights`` and ``owners``.
        movable: whether the viewer may drag what has not begun.
    """
    today = network.today or network.start
    return tuple(
        _row(
            activity,
            plan.placed[activity.key],
            today=today,
            baseline=baseline.get(activity.key),
            light=lights.get(activity.key),
            owner=owners.get(activity.key, ""),
            movable=movable,
            depth=depth,
        )
        for activity in network.activities
    )


def _row(
    activity: Activity,
    placed: Placed,
    *,
    today: date,
    baseline: Spell | None,
    light: Light | None,
    owner: str,
    movable: bool,
    depth: int,
) -> GanttRow:
    actual = Spell(placed.start, placed.finish if placed.done else max(placed.start, min(today, placed.finish)))
    return GanttRow(
        activity.key,
        activity.title,
        Spell(placed.start, placed.finish),
        baseline=baseline,
        actual=actual if placed.begun else None,
        late_finish=None if placed.done else max(placed.finish, placed.late_finish),
        due=activity.latest,
        percent=100 if placed.done else activity.percent,
        depth=depth,
        milestone=not activity.duration,
        critical=placed.critical,
        movable=movable and not placed.begun,
        light=light,
        owner=owner,
    )


def rest_days(calendar: Calendar, first: date, last: date) -> frozenset[date]:
    """Return the days from ``first`` to ``last`` that are not worked."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return frozenset(day for day in days if not calendar.is_workday(day))
