"""What runs by itself in every namespace: retention, and the journal's seals (the journal stands below jobs)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from linli.foundation.core.actors import SYSTEM
from linli.foundation.jobs.retention import Keeping, delete_what_is_over, keep
from linli.foundation.jobs.types import Payload, schedule
from linli.foundation.journal import services as journal


def _retire(before: datetime, now: datetime, limit: int) -> int:
    return journal.retire(by=SYSTEM, now=now, before=before, reason=_("保存期满"), seals=limit)


# The journal stands below jobs; who looked at a contact and what for is one of its entries.
keep(
    Keeping(
        "journal.entry",
        "journal.Entry",
        ("actor_label", "on_behalf_of"),
        since="the seal over the entry",
        end="the entries of the oldest seals are deleted (who opened a contact, too); seals and leaf hashes stay",
        take=_retire,
    )
)


@schedule("journal.seal", every=timedelta(seconds=5))
def seal(payload: Payload, now: datetime) -> None:
    """Seal what has no seal yet."""
    journal.seal_all(now=now)


@schedule("journal.seal_day", every=timedelta(days=1))
def seal_day(payload: Payload, now: datetime) -> None:
    """Let the seal of the day that ended leave the machine."""
    journal.seal_day(now=now)


@schedule("jobs.retention", every=timedelta(days=1))
def retention(payload: Payload, now: datetime) -> None:
    """Delete or blank what is over its days."""
    delete_what_is_over(now=now)
