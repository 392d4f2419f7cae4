"""A consultation and its meeting are one object: convening makes the meeting, planning such a meeting fills it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils.translation import gettext as _

from linli.engines.activities import selectors as activities_read
from linli.engines.activities import services as activities
from linli.engines.activities.types import (
    COMMITTEE_COORDINATION,
    GRID_COORDINATION,
    Doing,
    NewMeeting,
    NewVenue,
    PlannedItem,
)
from linli.engines.cases.models import Case, Consultation, ConsultationCase, ConsultationParty
from linli.engines.cases.permissions import can, is_of_subject
from linli.engines.cases.selectors.consulting import consultable
from linli.engines.cases.selectors.levels import convening_unit
from linli.engines.cases.services.work import Work, lock_cases
from linli.engines.cases.workflow import Level
from linli.foundation.core.actors import Actor
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.people import selectors as people

if TYPE_CHECKING:
    from linli.engines.activities.models import Meeting

KINDS = {Level.COMPREHENSIVE.value: GRID_COORDINATION, Level.DIFFICULT.value: COMMITTEE_COORDINATION}
LENGTH = timedelta(minutes=90)


def _subject(case: Case) -> PlannedItem:
    title = f"{case.number} {case.title}"
    return PlannedItem(title, Doing.CASE.value, 15, subject_kind="case", subject_uuid=case.uuid)


def _unit(by: Actor, cases: Sequence[Case], units: Sequence[int], now: datetime) -> int:
    """Return the unit that convenes: one's own, else the convening body, else the first that takes part."""
    own = next((g.unit_id for g in by.grants if g.unit_id is not None), None)
    found = own or convening_unit(cases[0], now) or next(iter(units), None)
    return found or people.active_units()[0].pk


def call_meeting(
    row: Consultation, cases: Sequence[Case], units: Sequence[int], *, by: Actor, now: datetime
) -> Meeting:
    """Make the meeting of a consultation that is convened; the parties are told by what happens to their cases."""
    last = row.area_path.strip("/").rpartition("/")[2]
    data = NewMeeting(
        kind=KINDS[row.level],
        title=row.title,
        starts_at=row.held_at,
        ends_at=row.held_at + LENGTH,
        unit_id=_unit(by, cases, units, now),
        venues=(NewVenue(row.place or _("地点待定")),),
        area_id=int(last) if last else None,
        unit_ids=tuple(units),
    )
    return activities.plan_called(by=by, now=now, data=data, subjects=[_subject(c) for c in cases])


def seat_cases(row: Consultation, cases: Sequence[Case], units: Sequence[int], *, by: Actor, now: datetime) -> None:
    """Put cases on a consultation's list and units beside it; each case goes into consultation."""
    last = row.items.aggregate(last=Max("order"))["last"]
    first = 0 if last is None else last + 1
    ConsultationCase.objects.bulk_create(
        ConsultationCase(consultation=row, case=c, order=first + i) for i, c in enumerate(cases)
    )
    here = set(row.parties.values_list("unit_id", flat=True))
    ConsultationParty.objects.bulk_create(
        ConsultationParty(consultation=row, unit_id=u) for u in units if u not in here
    )
    for case in cases:
        work = Work(case, by=by, now=now)
        work.act(
            "convene",
            data={"consultation": str(row.uuid), "held_at": row.held_at.isoformat(), "units": list(units)},
            text=row.title,
        )
        work.save()


def fill(meeting: Meeting, by: Actor, now: datetime) -> int:
    """Put on the agenda of a coordination meeting the cases that wait for one of its level in its area.

    Only those that ``by`` may convene over, and none whose subject would sit at the table.
    """
    level = activities_read.kind(meeting.kind).level
    if not level:
        return 0
    units = list(meeting.attendees.exclude(unit=None).values_list("unit_id", flat=True).distinct())
    waiting = [
        c
        for c in consultable(by)
        if c.level == level
        and c.area_path.startswith(meeting.area_path)
        and can(by, c, "convene")
        and not is_of_subject(set(units), c.subject_unit_id)
    ]
    if not waiting:
        return 0
    lock_cases(*waiting)
    row = Consultation.objects.filter(meeting=meeting).first() or _consultation(meeting, level, by, now)
    parties = list(dict.fromkeys([*units, *(c.unit_id for c in waiting if c.unit_id is not None)]))
    subjects, new = [_subject(c) for c in waiting], [u for u in parties if u not in units]
    activities.seat(by=by, now=now, meeting=meeting, subjects=subjects, unit_ids=new)
    seat_cases(row, waiting, parties, by=by, now=now)
    return len(waiting)


def _consultation(meeting: Meeting, level: str, by: Actor, now: datetime) -> Consultation:
    venue = meeting.venues.order_by("order").first()
    return Consultation.objects.create(
        title=mask_personal(meeting.title)[:120],
        level=level,
        area_path=meeting.area_path,
        place=venue.name if venue else "",
        held_at=meeting.starts_at,
        called_at=now,
        called_label=by.label,
        meeting=meeting,
    )


def adopt_decisions(
    row: Consultation,
    cases: Sequence[Case],
    decisions: Mapping[int, str],
    attended: Sequence[int],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Let the meeting take over what was decided on each case, who came, and the minutes."""
    if row.meeting is None:
        return
    kept: dict[Any, str] = {c.uuid: mask_personal(clean(decisions[c.pk])) for c in cases}
    activities.adopt(by=by, now=now, meeting=row.meeting, decisions=kept, minutes=row.minutes, attended=list(attended))
