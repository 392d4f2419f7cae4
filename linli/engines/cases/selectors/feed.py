"""Cases as other programs may list them: what anybody may see, and what the one who asks has sent in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Count, F, Max, Q, QuerySet, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from linli.engines.cases.models import Case, CaseEvent, CategoryVersion
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.selectors.public import public_condition
from linli.engines.cases.types import Source
from linli.engines.cases.workflow import State
from linli.foundation.core.errors import NotFoundError

_SHOWN = (
    "number",
    "kind",
    "state",
    "is_open",
    "outcome",
    "level",
    "guarded",
    "confidential",
    "subject_unit",
    "category_version",
    "area_path",
    "address",
    "lat",
    "lon",
    "dues",
    "source",
    "reported_by",
    "reported_at",
    "closed_at",
    "changed_at",
    "category__code",
    "category__resident_name",
    "unit__name",
    "unit__short_name",
)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a program asks for.

    Attributes:
        numbers: these cases, whatever else is said; empty: any.
        codes: codes of categories; empty: any.
        is_open: open or ended ones; None: both.
        reported, updated: earliest and latest moment; None: no bound.
        sender: the user in whose name the program sends; its own cases are listed, too.
        page: which page, from 1; ``size``: how many rows it has.
    """

    numbers: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    is_open: bool | None = None
    reported: tuple[datetime | None, datetime | None] = (None, None)
    updated: tuple[datetime | None, datetime | None] = (None, None)
    sender: int | None = None
    page: int = 1
    size: int = 1000


def _seen(sender: int | None, now: datetime) -> QuerySet[Case]:
    """Return what anybody may see and what ``sender`` sent; ``updated`` is when it was closed or else changed."""
    condition = public_condition(now)
    if sender is not None:
        condition |= Q(reported_by=sender, source=Source.OPEN311)
    closed = models.Case(When(state=State.CLOSED, then=F("closed_at")))
    return (
        Case.objects.filter(condition)
        .select_related("category", "unit")
        .only(*_SHOWN)
        .annotate(updated=Coalesce(closed, F("changed_at")))
    )


def feed(wanted: Feed, *, now: datetime) -> list[Case]:
    """Return one page of what ``wanted`` asks for, newest first; one statement."""
    rows = _seen(wanted.sender, now).order_by("-reported_at", "-id")
    if wanted.numbers:
        return list(rows.filter(number__in=wanted.numbers)[: wanted.size])
    if wanted.codes:
        rows = rows.filter(category__code__in=wanted.codes)
    if wanted.is_open is not None:
        rows = rows.filter(is_open=wanted.is_open)
    for way, (first, last) in (("reported_at", wanted.reported), ("updated", wanted.updated)):
        rows = rows.filter(**{f"{way}__gte": first}) if first is not None else rows
        rows = rows.filter(**{f"{way}__lte": last}) if last is not None else rows
    if wanted.updated[0] is not None:
        rows = rows.filter(changed_at__gte=wanted.updated[0])  # never before ``updated``, and with an index
    start = (wanted.page - 1) * wanted.size
    return list(rows[start : start + wanted.size])


def feed_one(number: str, *, sender: int | None, now: datetime) -> Case:
    """Return the case ``number`` if anybody may see it, or ``sender`` sent it.

    Raises:
        NotFoundError: there is none, as far as this program may know.
    """
    found = _seen(sender, now).filter(number=number).first()
    if found is None:
        raise NotFoundError("", code="cases.not_found")
    return found


def is_public_kind(case: Case) -> bool:
    """Return whether ``case`` is of a sort that anybody may see once the delay is over."""
    return (
        not case.guarded
        and not case.confidential
        and case.subject_unit_id is None
        and case.category_version_id in catalogue.public_versions()
    )


def sent_in(uuid: UUID) -> tuple[str, bool]:
    """Return the number of the case that a program sent under ``uuid``, and whether it has been looked at.

    Raises:
        NotFoundError: there is none.
    """
    row = Case.objects.filter(uuid=uuid, source=Source.OPEN311).values_list("number", "state").first()
    if row is None:
        raise NotFoundError("", code="cases.not_found")
    return row[0], row[1] not in {State.REPORTED, State.AWAITING_INFO, State.TO_VERIFY}


def catalogue_changed() -> datetime | None:
    """Return when a category was last changed, None where there is none."""
    found: datetime | None = CategoryVersion.objects.aggregate(last=Max("created_at"))["last"]
    return found


@dataclass(frozen=True, slots=True)
class Sent:
    """What came in under one key: how many, how many of them are open, and the last one's moment."""

    count: int
    open: int
    last_at: datetime


def sent_by_keys(users: Iterable[int]) -> dict[str, Sent]:
    """Return what the programs of ``users`` have sent, by the public beginning of the key; one statement."""
    rows = (
        CaseEvent.objects.filter(case__reported_by__in=list(users), case__source=Source.OPEN311, seq=1)
        .order_by()
        .annotate(key=KT("data__origin__key"))
        .values_list("key")
        .annotate(n=Count("pk"), open=Count("pk", filter=Q(case__is_open=True)), last=Max("at"))
    )
    return {key: Sent(n, still, last) for key, n, still, last in rows if key}
