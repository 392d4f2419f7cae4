"""Red, yellow, green by rule: from slack, from what is done against the time passed, from days that have passed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from linli.engines.projects.rules.scheduling.calendars import worked_days
from linli.engines.projects.rules.scheduling.types import Calendar, Judged, Light, Sign, Spell, Thresholds

_ONE_DAY = timedelta(days=1)
_WHOLE = 100
Found = tuple[Light, Sign]


@dataclass(frozen=True, slots=True)
class Standing:
    """How an activity or milestone stands.

    Attributes:
        agreed: its days in the plan agreed; of a milestone both are its day.
        slack: working days left before a deadline breaks, as the plan of today says; negative: too late.
        weight: how much it counts in its project.
    """

    agreed: Spell
    slack: int
    percent: int = 0
    begun: bool = False
    done: bool = False
    milestone: bool = False
    weight: int = 1


def expected_percent(agreed: Spell, today: date, calendar: Calendar) -> int:
    """Return how much of the agreed working days has passed before ``today``, per cent, rounded down."""
    whole = worked_days(calendar, agreed.start, agreed.finish)
    if today > agreed.finish or not whole:
        return _WHOLE if today > agreed.finish else 0
    return _WHOLE * worked_days(calendar, agreed.start, today - _ONE_DAY) // whole


def light_of(standing: Standing, today: date, calendar: Calendar, limits: Thresholds) -> Judged:
    """Return the light of one activity or milestone.

    Args:
        today: the day of the question; it has not passed yet.
        limits: when a light changes.
    """
    if standing.done:
        return Judged(Light.DONE)
    found = [*_by_slack(standing, limits), *_by_days(standing, today, calendar, limits)]
    if not standing.milestone:
        behind = expected_percent(standing.agreed, today, calendar) - standing.percent
        found += _graded(behind, limits.yellow_behind, limits.red_behind, Sign.BEHIND)
    return _judged(found, Light.GREEN if standing.begun else Light.WAITING)


def light_of_project(
    parts: Iterable[tuple[Standing, Judged]], limits: Thresholds, *, slack: int | None = None
) -> Judged:
    """Return the light of a project from those of its parts.

    One red part makes it yellow at least; a milestone that has passed counts as it stands; else the share of weight
    that is yellow or red decides.

    Args:
        slack: working days between the end of its plan and its deadline; None without a deadline.
    """
    judged = list(parts)
    if judged and all(light.light is Light.DONE for _part, light in judged):
        return Judged(Light.DONE)
    found: list[Found] = []
    if slack is not None and slack <= limits.red_slack:
        found.append((Light.RED, Sign.TOO_LATE))
    found += [(light.light, Sign.MILESTONE) for _part, light in judged if Sign.MILESTONE in light.signs]
    found += _by_shares(judged, limits)
    begun = any(part.begun or part.done for part, _light in judged)
    return _judged(found, Light.GREEN if begun else Light.WAITING)


def _by_slack(standing: Standing, limits: Thresholds) -> list[Found]:
    if standing.slack <= limits.red_slack:
        return [(Light.RED, Sign.TOO_LATE)]
    return [(Light.YELLOW, Sign.LITTLE_SLACK)] if standing.slack <= limits.yellow_slack else []


def _by_days(standing: Standing, today: date, calendar: Calendar, limits: Thresholds) -> list[Found]:
    over = worked_days(calendar, standing.agreed.finish + _ONE_DAY, today)
    sign = Sign.MILESTONE if standing.milestone else Sign.OVERDUE
    if over or standing.begun or standing.milestone:
        return _graded(over, limits.yellow_overdue, limits.red_overdue, sign)
    late = worked_days(calendar, standing.agreed.start + _ONE_DAY, today)
    return _graded(late, limits.yellow_overdue, limits.red_overdue, Sign.NOT_BEGUN)


def _by_shares(judged: list[tuple[Standing, Judged]], limits: Thresholds) -> list[Found]:
    weight = sum(part.weight for part, _light in judged)
    red = sum(part.weight for part, light in judged if light.light is Light.RED)
    yellow = sum(part.weight for part, light in judged if light.light is Light.YELLOW)
    if not red + yellow:
        return []
    if red and _WHOLE * red >= limits.red_share * weight:
        return [(Light.RED, Sign.PART_RED)]
    if red:
        return [(Light.YELLOW, Sign.PART_RED)]
    return [(Light.YELLOW, Sign.PART_YELLOW)] if _WHOLE * yellow >= limits.yellow_share * weight else []


def _graded(value: int, yellow: int, red: int, sign: Sign) -> list[Found]:
    if value >= red:
        return [(Light.RED, sign)]
    return [(Light.YELLOW, sign)] if value >= yellow else []


def _judged(found: list[Found], otherwise: Light) -> Judged:
    for light in (Light.RED, Light.YELLOW):
        if any(one is light for one, _sign in found):
            ordered = sorted(found, key=lambda pair: pair[0] is not Light.RED)
            return Judged(light, tuple(dict.fromkeys(sign for _light, sign in ordered)))
    return Judged(otherwise)
