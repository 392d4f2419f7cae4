"""Reading the deputies' motions and the talks with third parties."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.engines.activities.models import Motion, Negotiation
from linli.engines.activities.permissions import check_deputies
from linli.engines.activities.types import MotionState
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset

MOTION_BOXES = ("open", "late", "ended")


def motions(actor: Actor, box: str, *, today: date, text: str = "", cursor: str = "", size: int = 50) -> Page[Motion]:
    """Return one page of a box of :data:`MOTION_BOXES`, newest first.

    Raises:
        ForbiddenError: ``actor`` does not keep these records.
    """
    check_deputies(actor)
    boxes = {
        "open": ~Q(state=MotionState.ENDED),
        "late": Q(state=MotionState.SUBMITTED, reply_due_on__lt=today),
        "ended": Q(state=MotionState.ENDED),
    }
    rows = Motion.objects.filter(boxes[box]).select_related("meeting")
    if text:
        rows = rows.filter(Q(title__contains=text) | Q(outside_number__contains=text))
    return keyset(rows, keys=[("created_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def motion_for(actor: Actor, uuid: UUID) -> Motion:
    """Return a motion.

    Raises:
        NotFoundError: there is none for this reader. ForbiddenError: ``actor`` does not keep these records.
    """
    check_deputies(actor)
    found = Motion.objects.filter(uuid=uuid).select_related("meeting", "topic").prefetch_related("texts").first()
    if found is None:
        raise NotFoundError(_("没有找到这份议案或建议。"), code="activities.motion")
    return found


def negotiations(actor: Actor) -> list[Negotiation]:
    """Return the talks, open ones first (at most 100), with their rounds."""
    check_deputies(actor)
    rows = Negotiation.objects.select_related("motion", "topic", "unit").prefetch_related("steps")
    return sorted(rows.order_by("-created_at", "-id")[:100], key=lambda n: n.ended_on is not None)


def negotiation_for(actor: Actor, uuid: UUID) -> Negotiation:
    """Return the talks with that uuid and their rounds.

    Raises:
        NotFoundError: there are none for this reader. ForbiddenError: ``actor`` does not keep these records.
    """
    check_deputies(actor)
    rows = Negotiation.objects.filter(uuid=uuid).select_related("motion", "topic", "unit", "meeting")
    found = rows.prefetch_related("steps").first()
    if found is None:
        raise NotFoundError(_("没有找到这份协商记录。"), code="activities.negotiation")
    return found
