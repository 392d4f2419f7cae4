"""Which body convenes over a case of a level: data of the rulebook and the directory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from linli.engines.cases.models import Case
from linli.engines.cases.rules.routing import category_fits
from linli.engines.cases.selectors import directory
from linli.engines.cases.selectors.settings import number
from linli.engines.cases.workflow import Level


def convening_kind(category: str, level: Level, now: datetime) -> str:
    """Return the kind of unit that convenes over problems of that category and level, empty if the rulebook has none.

    The rule ``cases.convene.<level>`` is an ordered list of ``{categories, unit_kind}``; the first
    that fits decides, an entry without categories fits all.
    """
    for entry in number(f"cases.convene.{level}", [], now):
        if isinstance(entry, Mapping):
            patterns = tuple(entry.get("categories", ()))
            if not patterns or category_fits(patterns, category):
                return str(entry.get("unit_kind", ""))
    return ""


def convening_unit(case: Case, now: datetime) -> int | None:
    """Return the unit that convenes over ``case`` on its level: branch or neighbourhood, the office above them."""
    kind = convening_kind(case.category.code, Level(case.level), now)
    unit_id = directory.unit_for(kind, case.area_path) if kind else None
    return None if unit_id is not None and unit_id == case.subject_unit_id else unit_id
