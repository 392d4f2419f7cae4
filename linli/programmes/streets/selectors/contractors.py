"""Reading contractors' work: logs, checks, a month's deductions by firm and route."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.programmes.streets import permissions
from linli.programmes.streets.models import Quality, WorkLog
from linli.programmes.streets.rules.contacts import last_day


def _asked(by: Actor, month: date | None, text: str, work: str = "") -> Q:
    found = permissions.routes_q(by)
    if month is not None:
        found &= Q(on__gte=month, on__lte=last_day(month))
    if work:
        found &= Q(target__facts__work=work)
    for word in text.split()[:5]:
        found &= Q(target__name__contains=word) | Q(unit__name__contains=word)
    return found


def logs(
    by: Actor, *, month: date | None, text: str, work: str = "", cursor: str = "", size: int = 50
) -> Page[WorkLog]:
    """Return a page of shifts' work, the newest first: one statement."""
    rows = WorkLog.objects.filter(_asked(by, month, text, work)).select_related("target", "unit")
    rows = rows.defer("target__sealed")
    return keyset(rows, keys=[("on", date), ("id", int)], cursor=cursor, size=size, descending=True)


def work_sums(by: Actor, month: date) -> dict[str, Any]:
    """Return what was done in a month: shifts, bikes' words to firms and removals: one statement."""
    rows = WorkLog.objects.filter(_asked(by, month, ""))
    return rows.aggregate(shifts=Count("pk"), told=Sum("told", default=0), removed=Sum("removed", default=0))


def log_for(by: Actor, uuid: UUID) -> WorkLog:
    """Return one shift's work.

    Raises:
        NotFoundError: there is none, or not for this person.
    """
    found = WorkLog.objects.filter(permissions.routes_q(by), uuid=uuid).select_related("target", "unit").first()
    if found is None:
        raise NotFoundError(_("没有这次作业记录。"), code="streets.no_log")
    return found


def quality_for(by: Actor, uuid: UUID, *, lock: bool = False) -> Quality:
    """Return one look at a route's quality.

    Raises:
        NotFoundError: there is none, or not for this person.
    """
    rows = Quality.objects.select_for_update(of=("self",)) if lock else Quality.objects.all()
    found = rows.filter(permissions.routes_q(by), uuid=uuid).select_related("target", "unit").first()
    if found is None:
        raise NotFoundError(_("没有这次质量检查。"), code="streets.no_quality")
    return found


def qualities(by: Actor, *, month: date | None, text: str, cursor: str = "", size: int = 50) -> Page[Quality]:
    """Return a page of quality checks, the newest first: one statement."""
    rows = Quality.objects.filter(_asked(by, month, text)).select_related("target", "unit").defer("target__sealed")
    return keyset(rows, keys=[("on", date), ("id", int)], cursor=cursor, size=size, descending=True)


def deductions(by: Actor, month: date) -> list[Quality]:
    """Return a month's deductions that count, by firm, route and day: at most two thousand."""
    rows = Quality.objects.filter(_asked(by, month, ""), off__gt=0, annulled_on__isnull=True)
    rows = rows.select_related("target", "unit").defer("target__sealed")
    return list(rows.order_by("unit__name", "target__name", "on", "id")[:2000])


def deduction_sums(by: Actor, month: date) -> list[tuple[str, int, Decimal]]:
    """Return firm, number of deductions and marks off of a month: one statement."""
    rows = Quality.objects.filter(_asked(by, month, ""), off__gt=0, annulled_on__isnull=True)
    found = rows.order_by().values_list("unit__name").annotate(n=Count("pk"), off=Sum("off")).order_by("unit__name")
    return [(name or "", n, off) for name, n, off in found]
