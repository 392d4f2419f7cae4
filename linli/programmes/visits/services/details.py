"""Details that visits noted about persons: forgotten when their day is over or the person says so."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.engines.fieldwork import services as fieldwork
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, NotFoundError
from linli.foundation.people import selectors as people
from linli.programmes.visits import permissions
from linli.programmes.visits.models import Detail

BATCH = 500


@whole
def withdraw_consent(*, by: Actor, now: datetime, uuid: UUID) -> Detail:
    """Forget a detail at once, because the person it is about no longer agrees.

    Raises:
        NotFoundError: not who works there. ConflictError: it is forgotten already.
    """
    row = Detail.objects.select_for_update(of=("self",)).select_related("submission").filter(uuid=uuid).first()
    if row is None:
        raise NotFoundError(_("没有这条信息。"), code="visits.no_detail")
    permissions.check_detail(by, row)
    if row.forgotten_at is not None:
        raise ConflictError(_("这条信息已经删除。"), code="visits.forgotten", hint=_("无须再办。"))
    return _forget(row, by, now, "withdrawn")


def _forget(row: Detail, by: Actor, now: datetime, why: str) -> Detail:
    fieldwork.forget_answers(by=by, now=now, submission=row.submission, paths=[row.path], reason=why)
    row.forgotten_at, row.why = now, why
    row.save(update_fields=["forgotten_at", "why"])
    return row


def forget_over(*, now: datetime) -> int:
    """Forget every detail whose last day is over; return how many. Meant for once a day."""
    today, count = people.local_day(now), 0
    over = Detail.objects.filter(forgotten_at=None, until__lt=today).order_by("pk").values_list("pk", flat=True)
    for pk in list(over[:BATCH]):
        with transaction.atomic():
            row = Detail.objects.select_for_update(of=("self",)).filter(pk=pk, forgotten_at=None).first()
            if row is not None:
                _forget(row, SYSTEM, now, "over")
                count += 1
    return count
