"""How long the room keeps what is personal; the days stand on the models."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from linli.foundation.jobs.services import Keeping, blanking, keep
from linli.programmes.alliance.models import Member


def _contacts(before: datetime) -> QuerySet[Member]:
    kept = ~Q(contact_sealed=b"") | ~Q(phone_sealed=b"")
    return Member.objects.filter(kept, ended_on__isnull=False, ended_on__lte=before.date())


keep(
    Keeping(
        "alliance.contact",
        "alliance.Member",
        ("contact_sealed", "phone_sealed"),
        since="the end of the membership, or the refusal",
        end="the contact's name and telephone are blanked; the organisation stays",
        take=blanking(_contacts, contact_sealed=b"", phone_sealed=b""),
    )
)
