"""How long personal details of targets are kept: they go when the target is gone, and when nobody confirms them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.models import Fact, Target
from linli.engines.fieldwork.services.ledgers import blank
from linli.foundation.core.actors import SYSTEM
from linli.foundation.jobs.services import Keeping, keep


def gone(before: datetime, now: datetime, limit: int) -> int:
    """Take the personal details out of targets that left the ledger before ``before``, out of their history too."""
    day = before.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    rows = Target.objects.select_for_update(of=("self",)).select_related("kind").filter(until__lt=day)
    found = list(rows.exclude(sealed=b"").order_by("pk")[:limit])
    for target in found:
        blank(SYSTEM, now, target, sorted(selectors.unsealed(target)))
    return len(found)


def unconfirmed(before: datetime, now: datetime, limit: int) -> int:
    """Take out what was last told before ``before``: old values of the history, and what nobody confirmed."""
    old = Fact.objects.filter(at__lt=before).exclude(sealed=b"").order_by("pk")
    found = list(old.values_list("pk", "target", "field")[:limit])
    fields: dict[int, set[str]] = {}
    for _pk, key, field in found:
        fields.setdefault(key, set()).add(field)
    rows = Target.objects.select_for_update(of=("self",)).select_related("kind").filter(pk__in=fields)
    for target in rows.order_by("pk"):
        fresh = Fact.objects.filter(target=target, field__in=fields[target.pk], at__gte=before)
        stale = (fields[target.pk] - set(fresh.values_list("field", flat=True))) & set(selectors.unsealed(target))
        if stale:
            blank(SYSTEM, now, target, sorted(stale))
    return Fact.objects.filter(pk__in=[pk for pk, _t, _f in found]).update(sealed=b"") if found else 0


def enter() -> None:
    """Declare both."""
    keep(
        Keeping(
            "fieldwork.gone",
            "fieldwork.Target",
            ("sealed",),
            since="the day on which the target left the ledger",
            end="its personal details are blanked, in its history too",
            take=gone,
        )
    )
    keep(
        Keeping(
            "fieldwork.unconfirmed",
            "fieldwork.Fact",
            ("sealed",),
            since="when a visit or a person told of the detail last",
            end="the detail is blanked where nobody confirmed it since, and old values in the history in any case",
            take=unconfirmed,
        )
    )
