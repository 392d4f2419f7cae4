"""Who comes in here, and what the views share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places

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


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    return cast("Actor", request.actor)  # type: ignore[attr-defined]


def only(roles: frozenset[str]) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Let in who holds one of ``roles``; to everyone else the page does not exist."""

    def door(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not actor_of(request).roles & roles:
                raise NotFoundError(_("没有找到这个页面。"))
            return view(request, *args, **kwargs)

        return guarded

    return door


readers = only(READERS)
administrators = only(frozenset({"system_admin"}))


def today() -> date:
    """Return the day where the installation is."""
    return localtime(clock.now()).date()


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
