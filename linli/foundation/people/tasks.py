"""What people keeps how long; the days stand on the models."""

from __future__ import annotations

from linli.foundation.jobs.services import Keeping, dropping, keep
from linli.foundation.people.models import Absence, DutyShift, Invitee

keep(
    Keeping(
        "people.absence",
        "people.Absence",
        ("user", "stand_in"),
        since="the last day of the absence",
        end="the row is deleted",
        take=dropping(lambda before: Absence.objects.filter(ends_on__lt=before.date())),
    )
)
keep(
    Keeping(
        "people.duty",
        "people.DutyShift",
        ("user",),
        since="the end of the shift",
        end="the row is deleted",
        take=dropping(lambda before: DutyShift.objects.filter(ends_at__lte=before)),
    )
)
keep(
    Keeping(
        "people.invitation",
        "people.Invitee",
        ("user", "came_at"),
        since="the day of the meeting",
        end="the row is deleted; how many were invited stays in the journal",
        take=dropping(lambda before: Invitee.objects.filter(invitation__starts_at__lte=before)),
    )
)
