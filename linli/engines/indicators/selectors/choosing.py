"""Which figures there are for somebody, and the words of what they are told apart by."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.engines.cases import selectors as cases
from linli.engines.cases.types import Source
from linli.engines.cases.workflow import Level
from linli.engines.indicators.definitions import FIGURES
from linli.engines.indicators.selectors.days import zone
from linli.engines.indicators.types import Dimension, Figure
from linli.foundation.core.actors import Actor
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.exceptions import RuleMissingError

NEIGHBOURHOOD = "neighbourhood"
GROUND = "neighbourhood_committee"
_DIGITS = 19


def number(code: str, default: Any, on: date) -> Any:
    """Return the rulebook's value of ``code`` on a day, ``default`` where it has none."""
    try:
        return rulebook.value(code, on=on)
    except RuleMissingError:
        return default


def minimum(on: date) -> int:
    """Return how many at least must be counted for a place in a league."""
    return int(number("indicators.minimum_n", 10, on))


def usual_days(on: date) -> int:
    """Return over how many days figures are read each night."""
    return int(number("indicators.window_days", 30, on))


def figures(actor: Actor) -> list[Figure]:
    """Return the figures that are for ``actor``, by group."""
    return [f for f in FIGURES.values() if actor.is_system or actor.has_role(*f.readers)]


def neighbourhoods(on: date) -> dict[str, str]:
    """Return path → name of the 居民区 that there are on a day, in the order of the tree."""
    return {a.path: a.name for a in places.areas(on=on, kind=NEIGHBOURHOOD)}


def labels(dimension: str, keys: Collection[str], on: date) -> Mapping[str, str]:
    """Return the words of the values of a dimension: at most one statement."""
    if dimension == Dimension.UNIT:
        units = people.units(_ids(keys))
        return {"0": _("尚未派遣")} | {str(pk): u.short_name or u.name for pk, u in units.items()}
    if dimension == Dimension.AREA:
        return {"": _("不在任何居民区")} | neighbourhoods(on)
    if dimension == Dimension.CATEGORY:
        return {str(node.id): node.spec.name for node in cases.categories()}
    if dimension in {Dimension.LEVEL, Dimension.SOURCE}:
        return {str(value): str(label) for value, label in (Level if dimension == Dimension.LEVEL else Source).choices}
    return {"": _("合计")}


def _ids(keys: Collection[str]) -> set[int]:
    return {int(k) for k in keys if k.isascii() and k.isdigit() and k != "0" and len(k) < _DIGITS}


def unit_groups(keys: Collection[str]) -> dict[str, str]:
    """Return unit → the words of the league that it is in: one statement."""
    ground, others = _("居委会"), _("部门和单位")
    return {str(pk): ground if u.kind == GROUND else others for pk, u in people.units(_ids(keys)).items()}


def keys_of(dimension: str, now: datetime) -> list[tuple[str, str]]:
    """Return the values of a dimension to choose from, with their words."""
    on = now.astimezone(zone()).date()
    if dimension == Dimension.UNIT:
        return [(str(u.pk), u.name) for u in people.active_units()]
    return [(k, v) for k, v in labels(dimension, (), on).items() if k]
