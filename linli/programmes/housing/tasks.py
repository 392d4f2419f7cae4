"""What the room `housing` does by itself: sweeps that count, watches that are over, what is kept how long."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from linli.engines.fieldwork.events import on_counted
from linli.foundation.core.actors import Actor
from linli.foundation.jobs.services import Keeping, blanking, keep, schedule
from linli.programmes.housing import services
from linli.programmes.housing.models import Paper

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Submission


@on_counted
def counted(submission: Submission, by: Actor, now: datetime) -> None:
    """Take up a flat that a sweep found broken."""
    services.swept(submission, by, now)


@schedule("housing.watches", every=timedelta(days=1))
def watches_over(_payload: dict[str, Any], now: datetime) -> None:
    """Close the dossiers whose watch is over."""
    services.end_watches(now=now)


def _papers(before: datetime) -> QuerySet[Paper]:
    kept = ~Q(text_sealed=b"") | Q(file__isnull=False)
    return Paper.objects.filter(kept, dossier__ended_at__isnull=False, dossier__ended_at__lte=before)


keep(
    Keeping(
        "housing.paper", "housing.Paper", ("text_sealed",),
        since="the end of the dossier",
        end="statements, inventories and their files are let go; the steps and their days stay",
        take=blanking(_papers, text_sealed=b"", file=None),
    )
)  # fmt: skip
