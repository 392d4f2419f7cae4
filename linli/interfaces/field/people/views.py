"""Who must answer for a place, and who is on duty tonight."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.people import selectors as people
from linli.foundation.people.types import ROLES, Role
from linli.foundation.places import selectors as places
from linli.interfaces.field.access import actor_of, staff_only

# From the nearest to the farthest, with the kind of area that each must answer for.
CHAIN = (
    (Role.STAIRWELL_HEAD, "stairwell"),
    (Role.MICROGRID_HEAD, "microgrid"),
    (Role.COMMUNITY_WORKER, "neighbourhood"),
    (Role.NEIGHBOURHOOD_SECRETARY, "neighbourhood"),
    (Role.GRID_HEAD, "grid"),
)
MUST = frozenset({Role.MICROGRID_HEAD, Role.NEIGHBOURHOOD_SECRETARY, Role.GRID_HEAD, Role.STAIRWELL_HEAD})


def _own_area(actor: Actor) -> int | None:
    paths = [g.area_path for g in actor.grants if g.area_path]
    if not paths:
        return None
    return int(max(paths, key=len).strip("/").split("/")[-1])


@require_GET
@staff_only
def around(request: HttpRequest, area_id: int | None = None) -> HttpResponse:
    """Show who answers for an area, level by level, with gaps said plainly; and tonight's duty."""
    actor, now = actor_of(request), clock.now()
    area_id = area_id if area_id is not None else _own_area(actor)
    area = places.area(area_id) if area_id is not None else None
    if area is not None and area.layer_id is not None:
        raise NotFoundError(_("没有这个区域。"))
    above = places.ancestors(area) if area is not None else []
    context = {
        "area": area,
        "above": above[:-1],
        "nav_here": "field-around",
        "tonight": _tonight(now),
        "chain": _chain(area.path, {a.kind.code: a.name for a in above}, now) if area is not None else [],
        "below": list(places.children(area.pk, localtime(now).date())[:60]) if area is not None else [],
    }
    return render(request, "field/around.html", context)


def _chain(path: str, names: dict[str, str], now: datetime) -> list[dict[str, Any]]:
    found = people.answering(path, [r.value for r, _kind in CHAIN], now)
    units = people.units({h.unit_id for h in found})
    lines = []
    for role, kind in CHAIN:
        if kind not in names:
            continue
        holders = [
            {
                "name": h.name,
                "title": h.title,
                "unit": units[h.unit_id].name,
                "phone": units[h.unit_id].phone,
                "acting_for": h.acting_for,
            }
            for h in found
            if h.role == role.value
        ]
        lines.append(
            {"role": ROLES[role].name, "where": names[kind], "people": holders, "gap": not holders and role in MUST}
        )
    return lines


def _tonight(now: datetime) -> list[dict[str, Any]]:
    evening = localtime(now).replace(hour=18, minute=0, second=0, microsecond=0)
    shifts = people.roster(start=evening, end=evening + timedelta(hours=14))
    return [
        {
            "name": s.user.display_name,
            "unit": s.unit.name,
            "phone": s.unit.phone,
            "starts": s.starts_at,
            "ends": s.ends_at,
            "now": s.starts_at <= now < s.ends_at,
        }
        for s in shifts
    ]
