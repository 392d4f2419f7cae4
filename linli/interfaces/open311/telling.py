"""A case as a service request: what anybody may read of it, and nothing of who reported it or in which words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.engines.cases import selectors as cases
from linli.engines.cases.selectors.settings import number
from linli.engines.cases.workflow import STATES, State
from linli.foundation.core.kept import Kept
from linli.foundation.places import selectors as places
from linli.interfaces.open311.answers import moment

if TYPE_CHECKING:
    from linli.engines.cases.models import Case

_kept = Kept(30.0)


@dataclass(frozen=True, slots=True)
class Ground:
    """What is the same for every request of an answer.

    Attributes:
        names: paths of the 居民区 → their names.
        busy: those with at least the minimum cell of public cases; nothing of a place is told elsewhere.
        known: roads and estates, which may be named.
        digits: decimals of a point.
    """

    names: dict[str, str]
    busy: set[str]
    known: tuple[tuple[str, ...], tuple[str, ...]]
    digits: int


def ground(now: datetime) -> Ground:
    """Return what is known of the places, at most half a minute old."""
    return _kept.get(lambda: _ground(now))


def _ground(now: datetime) -> Ground:
    names = {a.path: a.name for a in places.areas(on=localtime(now).date(), kind="neighbourhood")}
    busy = cases.busy_areas(names, cases.public_counts(now=now), now)
    return Ground(names, busy, places.public_names(), int(number("cases.public.coordinate_digits", 3, now)))


def _notes(case: Case) -> str:
    words = str(STATES[State(case.state)].resident)
    return f"{words}（{case.get_outcome_display()}）" if case.state == State.CLOSED and case.outcome else words


def _due(case: Case) -> datetime | None:
    text = case.dues.get("overall") or case.dues.get("handle") if case.is_open else None
    return datetime.fromisoformat(text) if text else None


def request(case: Any, on: Ground) -> dict[str, Any]:
    """Return a case of the feed as the standard's request.

    ``description`` and ``media_url`` stay empty: words and pictures of reports are not public here.
    """
    placed = cases.is_public_kind(case) and any(case.area_path.startswith(p) for p in on.busy)
    unit = _("%(unit)s（%(level)s）") % {"unit": case.unit, "level": case.get_level_display()} if case.unit else None
    return {
        "service_request_id": case.number,
        "status": "open" if case.is_open else "closed",
        "status_notes": _notes(case),
        "service_name": case.category.resident_name,
        "service_code": case.category.code,
        "description": None,
        "agency_responsible": unit if placed else None,
        "service_notice": None,
        "requested_datetime": moment(case.reported_at),
        "updated_datetime": moment(case.updated),
        "expected_datetime": moment(_due(case)),
        "address": cases.public_place(case, on.names, on.busy, on.known) or None if placed else None,
        "address_id": None,
        "zipcode": None,
        "lat": round(case.lat, on.digits) if placed and case.lat is not None else None,
        "long": round(case.lon, on.digits) if placed and case.lon is not None else None,
        "media_url": None,
    }
