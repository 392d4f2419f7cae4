"""Reading frontage duties and blind spots."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from linli.engines.fieldwork.selectors import matching
from linli.engines.fieldwork.types import TargetFilter
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.programmes.streets import permissions
from linli.programmes.streets.models import BlindSpot, Duty
from linli.programmes.streets.selectors.ledger import targets
from linli.programmes.streets.types import Share
from linli.programmes.streets.workflow import OPEN_SPOTS, SpotState

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target

DOORS = ("shop", "frontage")
_BORDERS = ("target__sealed", "target__area__geometry", "target__area__wkb")


def duty_for(by: Actor, uuid: UUID, *, lock: bool = False) -> Duty:
    """Return one duty.

    Raises:
        NotFoundError: there is none, or not for this person.
    """
    rows = Duty.objects.select_for_update(of=("self",)) if lock else Duty.objects.all()
    rows = rows.select_related("target__kind", "target__area").defer(*_BORDERS)
    found = rows.filter(permissions.area_q(by), uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这份门责。"), code="streets.no_duty")
    return found


def _having(served: str) -> Q:
    alive = Duty.objects.filter(target=OuterRef("pk"), ended_on__isnull=True)
    if served == "served":
        return Q(Exists(alive.filter(served_on__isnull=False)))
    if served == "unserved":
        return Q(Exists(alive.filter(served_on__isnull=True)))
    return ~Q(Exists(alive)) if served == "none" else Q()


def duty_share(by: Actor) -> dict[str, int]:
    """Return of how many doors in all how many were told, were not told yet, and have no duty: two statements."""
    doors = targets(by, DOORS)
    alive = Duty.objects.filter(ended_on__isnull=True, target__in=doors.values("pk"))
    told = alive.aggregate(served=Count("pk", filter=Q(served_on__isnull=False)), all=Count("pk"))
    total = doors.count()
    return {
        "all": total, "served": told["served"], "unserved": told["all"] - told["served"], "none": total - told["all"]
    }  # fmt: skip


def doors(
    by: Actor, *, served: str, text: str, cursor: str = "", size: int = 50
) -> tuple[Page[Target], dict[int, Duty]]:
    """Return a page of doors with their duties: two statements.

    Args:
        served: ``served``, ``unserved``, ``none``, or empty for all.
    """
    rows = matching(targets(by, DOORS).filter(_having(served)), TargetFilter(text=text))
    page = keyset(rows, keys=[("sort_key", str), ("id", int)], cursor=cursor, size=size)
    duties = Duty.objects.filter(target__in=[t.pk for t in page.rows], ended_on__isnull=True)
    return page, {d.target_id: d for d in duties}


def duty_of(target: Target) -> Duty | None:
    """Return the duty in force of a door."""
    return Duty.objects.filter(target=target, ended_on__isnull=True).first()


def spot_q(by: Actor) -> Q:
    """Return the filter of the spots that ``by`` may read: where they work, and those of their unit."""
    return permissions.area_or(by, Q(unit__in=by.unit_ids))


def spot_for(by: Actor, uuid: UUID, *, lock: bool = False) -> BlindSpot:
    """Return one spot.

    Raises:
        NotFoundError: there is none, or not for this person.
    """
    rows = BlindSpot.objects.select_for_update(of=("self",)) if lock else BlindSpot.objects.all()
    rows = rows.select_related("area", "unit", "lane").defer("area__geometry", "area__wkb", "lane__sealed")
    found = rows.filter(spot_q(by), uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这处盲区死角。"), code="streets.no_spot")
    return found


def spots(
    by: Actor, *, state: str, today: date, kind: str = "", text: str = "", cursor: str = "", size: int = 50
) -> Page[BlindSpot]:
    """Return a page of spots by when they are due: one statement.

    Args:
        state: one state, ``live`` for those not closed, ``late`` for those over their day; empty: all.
    """
    rows = BlindSpot.objects.filter(spot_q(by)).select_related("area", "unit").defer("area__geometry", "area__wkb")
    if state in SpotState.values:
        rows = rows.filter(state=state)
    elif state:
        rows = rows.filter(state__in=OPEN_SPOTS)
    if state == "late":
        rows = rows.filter(state=SpotState.OPEN, due_on__lt=today)
    if kind:
        rows = rows.filter(kind=kind)
    for word in text.split()[:5]:
        rows = rows.filter(Q(place__contains=word) | Q(text__contains=word))
    return keyset(rows, keys=[("due_on", date), ("id", int)], cursor=cursor, size=size)


def spot_counts(by: Actor, today: date) -> dict[str, int]:
    """Return how many spots there are in each state, how many open and how many late: one statement."""
    counted = BlindSpot.objects.filter(spot_q(by)).aggregate(
        open=Count("pk", filter=Q(state__in=OPEN_SPOTS)),
        late=Count("pk", filter=Q(state=SpotState.OPEN, due_on__lt=today)),
        **{s.value + "_": Count("pk", filter=Q(state=s)) for s in SpotState},
    )
    return {str(k): int(v) for k, v in counted.items()}


def open_spots(by: Actor) -> list[BlindSpot]:
    """Return the spots that are not closed, the most urgent first."""
    rows = BlindSpot.objects.filter(spot_q(by), state__in=OPEN_SPOTS).select_related("unit")
    return list(rows.order_by("-immediate", "due_on", "id")[:20])


def served_share(counts: dict[str, int]) -> Share:
    """Return of all doors how many were told."""
    return Share(counts["served"], counts["all"])
