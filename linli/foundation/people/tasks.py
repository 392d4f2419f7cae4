"""What people keeps how long (the days stand on the models), and what of it hangs on an area."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from linli.foundation.jobs.services import Keeping, dropping, keep
from linli.foundation.people import selectors
from linli.foundation.people.models import Absence, DutyShift
from linli.foundation.places.events import on_hanging
from linli.foundation.places.types import Hanging

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


@on_hanging
def hanging(area_id: int, path: str, day: date) -> Sequence[Hanging]:
    """Return the units at work and the posts of an area and of those below it."""
    del area_id
    units, posts = selectors.counts_below(path, day)
    return [Hanging(what, count) for what, count in ((_("单位"), units), (_("岗位"), posts)) if count]
