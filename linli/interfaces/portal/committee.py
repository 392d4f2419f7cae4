"""Whose neighbourhood committee a visitor calls: a cookie of this device names the 居民区."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.foundation.core import clock
from linli.foundation.core.coordinates import Point
from linli.foundation.core.namespaces import current
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places
from linli.interfaces.web.preferences import YEAR

if TYPE_CHECKING:
    from linli.foundation.people.models import Unit
    from linli.foundation.places.models import Area

COOKIE = "linli_area"
COMMITTEE, CENTRE = "neighbourhood_committee", "operations_centre"
_MAX_AGE = 60.0
_WINDOW = 30
_cache: dict[tuple[str, str], tuple[float, str, str, str]] = {}
_kept: dict[tuple[str, str], tuple[int, Any]] = {}
T = TypeVar("T")


def kept(name: str, read: Callable[[], T]) -> T:
    """Return what ``read`` gave within this half minute: what is the same for every visitor."""
    key, window = (current(), name), int(clock.now().timestamp() // _WINDOW)
    found = _kept.get(key)
    if found is None or found[0] != window:
        found = _kept[key] = (window, read())
    value: T = found[1]
    return value


def today() -> date:
    """Return the day where the installation is."""
    return localtime(clock.now()).date()


def neighbourhoods() -> list[Area]:
    """Return the 居民区 that one may choose from."""
    return list(kept("neighbourhoods", lambda: tuple(places.areas(on=today(), kind="neighbourhood").order_by("name"))))


def chosen(request: HttpRequest) -> str:
    """Return the code of the 居民区 chosen on this device, empty for none."""
    code = request.COOKIES.get(COOKIE, "")
    return code if code.isascii() and code.isalnum() and len(code) <= 20 else ""


def remember(answer: HttpResponse, code: str) -> None:
    """Remember the 居民区 with ``code`` on this device."""
    answer.set_cookie(COOKIE, code, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE)


def neighbourhood_at(point: Point) -> Area | None:
    """Return the 居民区 that holds ``point`` or lies within 50 metres of it."""
    where = places.locate(point, today(), near=50.0)
    path = where.area_path or (where.neighbours[0].path if where.neighbours else "")
    return next((a for a in neighbourhoods() if path.startswith(a.path)), None) if path else None


def unit_of(area: Area | None) -> Unit | None:
    """Return the committee of a 居民区; without one the subdistrict's operations centre."""
    if area is not None:
        found = people.unit_for(COMMITTEE, area.path)
        if found is not None and found.phone:
            return found
    return next((u for u in people.units_of_kind(CENTRE) if u.phone), None)


def _facts(request: HttpRequest) -> tuple[str, str, str]:
    """Return (place, name, phone) from a short cache."""
    code = chosen(request)
    key = (current(), code)
    found = _cache.get(key)
    if found is None or time.monotonic() - found[0] > _MAX_AGE:
        if len(_cache) > 500:
            _cache.clear()
        unit = unit_of(places.area_by_code(code) if code else None)
        street = next(iter(places.areas(on=today(), kind="subdistrict")), None)
        found = (
            time.monotonic(),
            street.name if street else "",
            (unit.short_name or unit.name) if unit else "",
            unit.phone if unit else "",
        )
        if unit is not None:
            _cache[key] = found
    return found[1], found[2], found[3]


def forget() -> None:
    """Drop what this process knows."""
    _cache.clear()
    _kept.clear()


def place_name(request: HttpRequest) -> str:
    """Return the subdistrict's name."""
    return _facts(request)[0]


def name(request: HttpRequest) -> str:
    """Return what stands before the number at the foot of every page."""
    found = _facts(request)[1]
    words = _("打电话给居委") if chosen(request) else _("打电话问问")
    return f"{words} {found}".strip()


def phone(request: HttpRequest) -> str:
    """Return the number called from the foot of every page."""
    return _facts(request)[2]
