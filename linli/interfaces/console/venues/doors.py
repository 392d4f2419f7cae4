"""Who comes in here, and what the views share."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places
from linli.interfaces.console.doors import only_roles, today

READERS = frozenset(
    {
        "system_admin",
        "dispatcher",
        "shift_leader",
        "street_leader",
        "supervisor",
        "grid_head",
        "neighbourhood_secretary",
    }
)
# Whose grants do not end at an area: they see the posters of the whole subdistrict.
WIDE = frozenset({"system_admin", "dispatcher", "shift_leader", "street_leader", "supervisor"})
Option = dict[str, Any]


readers = only_roles(READERS)
administrators = only_roles({"system_admin"})


def id_of(text: str) -> int | None:
    """Return the row id in ``text``, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def unit_options() -> list[Option]:
    """Return the units at work as options, with an empty one before them."""
    units = sorted(people.active_units(), key=lambda u: u.name)
    return [{"value": "", "label": _("未指定")}] + [{"value": u.pk, "label": u.name} for u in units]


def area_options(empty: str) -> list[Option]:
    """Return subdistrict, grids and 居民区 as options, by the tree."""
    found = [a for a in places.areas(on=today()) if a.layer_id is None and a.level < 3]
    return [{"value": "", "label": empty}] + [{"value": a.pk, "label": f"{'　' * a.level}{a.name}"} for a in found]
