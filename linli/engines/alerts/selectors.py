"""Public reads of the room `alerts`. Keep it small and stable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.engines.alerts.models import Acknowledgement, Alert, AlertMessage
from linli.engines.alerts.permissions import check_read
from linli.engines.alerts.types import AlertState, Colour, Filters, Hazard, Reference
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.faults import one
from linli.foundation.core.paging import Page, keyset
from linli.foundation.rulebook import selectors as rulebook

MOST_AT_ONCE = 20
_GRAVEST = {colour: place for place, colour in enumerate(reversed(Colour.values))}


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of this room on a day (rules ``alerts.*``)."""

    hours_without_end: int
    longest_days: int
    remind_minutes: dict[str, int]
    told: dict[str, list[str]]


def numbers(now: datetime) -> Numbers:
    """Return the numbers of this room on the day of ``now``."""
    on = localtime(now).date()
    return Numbers(**{name: rulebook.value(f"alerts.{name}", on=on) for name in Numbers.__dataclass_fields__})


def in_force(now: datetime) -> list[Alert]:
    """Return what is in force, the gravest first: one statement. Warnings are public; who asks is not asked."""
    rows = _standing().filter(lifted_at=None, begins_at__lte=now, ends_at__gt=now).order_by("-sent_at", "-id")
    return sorted(rows[:MOST_AT_ONCE], key=lambda a: (a.exercise, _GRAVEST[a.colour]))


def unseen(by: Actor, now: datetime) -> tuple[list[Alert], set[int]]:
    """Return what is in force, and which of it ``by`` has not yet taken note of: two statements at most."""
    rows = in_force(now)
    if not rows or by.user_id is None:
        return rows, set()
    seen = Acknowledgement.objects.filter(message__in=[a.current_id for a in rows], user=by.user_id)
    noted = set(seen.values_list("message_id", flat=True))
    return rows, {a.pk for a in rows if a.current_id not in noted}


def page(by: Actor, filters: Filters, *, now: datetime, cursor: str = "", size: int = 50) -> Page[Alert]:
    """Return a page of the warnings, the last that was sent first.

    Each comes with how many took note of what it says now (``noted``), and whether ``by`` did (``mine``).
    """
    check_read(by)
    noted = Count("acknowledgements", filter=Q(acknowledgements__message=F("current")))
    mine = Exists(Acknowledgement.objects.filter(message=OuterRef("current"), user=by.user_id or 0))
    rows = _narrow(_standing(), filters, now).select_related("current").annotate(noted=noted, mine=mine)
    return keyset(rows, keys=[("sent_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def _standing() -> QuerySet[Alert]:
    return Alert.objects.filter(merged_into=None)


def _narrow(rows: QuerySet[Alert], filters: Filters, now: datetime) -> QuerySet[Alert]:
    states = {
        AlertState.COMING: Q(lifted_at=None, begins_at__gt=now),
        AlertState.IN_FORCE: Q(lifted_at=None, begins_at__lte=now, ends_at__gt=now),
        AlertState.LIFTED: Q(lifted_at__lte=F("ends_at")),
        AlertState.ENDED: Q(ends_at__lte=now) & (Q(lifted_at=None) | Q(lifted_at__gt=F("ends_at"))),
    }
    q = states[AlertState(filters.state)] if filters.state in AlertState.values else Q()
    if filters.colour in Colour.values:
        q &= Q(colour=filters.colour)
    if filters.hazard in Hazard.values:
        q &= Q(hazard=filters.hazard)
    for word in filters.text.strip()[:60].split()[:6]:
        q &= Q(headline__icontains=word) | Q(area_text__icontains=word) | Q(issuer__icontains=word)
    return rows.filter(q)


def alert_for(by: Actor, uuid: UUID) -> Alert:
    """Return one warning; of one that turned out to be part of another, that other.

    Raises:
        ForbiddenError: ``by`` reads none.
        NotFoundError: there is none.
    """
    check_read(by)
    found = Alert.objects.filter(uuid=uuid).select_related("merged_into", "current").first()
    for _step in range(MOST_AT_ONCE):
        if found is None or found.merged_into is None:
            break
        found = Alert.objects.filter(pk=found.merged_into.pk).select_related("merged_into", "current").first()
    if found is None:
        raise NotFoundError(_("没有这条预警。"), code="alerts.alert")
    return found


def messages_of(alert: Alert) -> list[AlertMessage]:
    """Return the messages of a warning, the last sent first (at most 200): one statement."""
    return list(AlertMessage.objects.filter(alert=alert).order_by("-sent_at", "-id")[:200])


def message_for(alert: Alert, reference: Reference) -> AlertMessage:
    """Return the message of a warning that goes by this name.

    Raises:
        InvalidError: the warning has none.
    """
    rows = AlertMessage.objects.filter(alert=alert, sender=reference.sender, identifier=reference.identifier)
    found = rows.first()
    if found is None:
        raise one("alerts", "identifier", _("这条预警没有这个编号的消息。"))
    return found


def note_of(by: Actor, message: AlertMessage) -> Acknowledgement | None:
    """Return that ``by`` took note of a message; None: not yet."""
    return Acknowledgement.objects.filter(message=message, user=by.user_id or 0).first()


def noted_by(alert: Alert) -> list[Acknowledgement]:
    """Return who took note of which of its messages, the last first (at most 500): one statement."""
    rows = Acknowledgement.objects.filter(alert=alert).select_related("message")
    return list(rows.order_by("-at", "-id")[:500])


def unanswered(now: datetime) -> list[Alert]:
    """Return what is in force and nobody took note of in the time that its colour allows, nor was reminded of."""
    minutes = numbers(now).remind_minutes
    late = Q(pk__in=())
    for colour, most in minutes.items():
        late |= Q(colour=colour, changed_at__lte=now - timedelta(minutes=most))
    rows = _standing().filter(late, lifted_at=None, reminded_at=None, begins_at__lte=now, ends_at__gt=now)
    noted = Count("acknowledgements", filter=Q(acknowledgements__message=F("current")))
    return list(rows.annotate(noted=noted).filter(noted=0).order_by("id")[:100])
