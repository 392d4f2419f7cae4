"""What a room above puts on a meeting's agenda (综合问题), and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import F

from linli.engines.activities import selectors
from linli.engines.activities.models import AgendaItem, Attendee, Decision, Meeting
from linli.engines.activities.services.planning import add_items, invite, plan_meeting
from linli.engines.activities.services.steps import check_state, lock, note
from linli.engines.activities.types import Doing, NewMeeting, Outcome, PlannedItem, Way
from linli.engines.activities.workflow import OPEN_BEFORE, PRESENT, MeetingState
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole


@whole
def plan_called(*, by: Actor, now: datetime, data: NewMeeting, subjects: Sequence[PlannedItem]) -> Meeting:
    """Plan a meeting over ``subjects`` whose invitations the caller sends: it stands as called.

    Its kind's own items come behind the subjects.
    """
    items = (*subjects, *selectors.kind(data.kind).agenda)
    meeting = plan_meeting(by=by, now=now, data=replace(data, agenda=items))
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.CALLED, called_at=now)
    meeting.refresh_from_db()
    return meeting


@whole
def seat(
    *, by: Actor, now: datetime, meeting: Meeting, subjects: Sequence[PlannedItem], unit_ids: Sequence[int]
) -> list[AgendaItem]:
    """Put subjects before the other items of a meeting that has not begun, and their units on its list.

    Raises:
        ConflictError: it has begun or is over.
    """
    check_state(lock(meeting), OPEN_BEFORE)
    made = add_items(meeting, list(subjects))
    rows = list(meeting.items.order_by("order", "id"))
    head = [r for r in rows if r.kind == Doing.REVIEW]
    cases = [r for r in rows if r.kind == Doing.CASE]
    rest = [r for r in rows if r.kind not in {Doing.REVIEW, Doing.CASE}]
    for n, row in enumerate([*head, *cases, *rest], 1):
        row.order = n
    AgendaItem.objects.bulk_update(rows, ["order"])
    invite(meeting, now, unit_ids=unit_ids)
    note(by, now, "fill", meeting, after={"items": len(made)})
    return made


@whole
def adopt(
    *,
    by: Actor,
    now: datetime,
    meeting: Meeting,
    decisions: Mapping[UUID, str],
    minutes: str,
    attended: Sequence[int],
) -> Meeting:
    """Take over what was decided on its subjects (by their uuid), who came and the minutes.

    A meeting that nobody had begun is minuted with it; one that runs goes on.

    Raises:
        ConflictError: the minutes were sent round already.
    """
    check_state(lock(meeting), PRESENT)
    for item in meeting.items.filter(subject_uuid__in=list(decisions)):
        text = decisions[item.subject_uuid] if item.subject_uuid else ""
        AgendaItem.objects.filter(pk=item.pk).update(
            record=text, version=F("version") + 1, recorded_at=now, recorded_label=by.label
        )
        Decision.objects.create(meeting=meeting, item=item, kind=Outcome.DECISION, text=text, at=now, by_label=by.label)
    rows = Attendee.objects.filter(meeting=meeting, unit__in=list(attended), group="unit", came_at__isnull=True)
    rows.update(came=1, came_at=now, way=Way.PAPER)
    began = {"began_at": now, "finished_at": now, "state": MeetingState.MINUTED} if meeting.state in OPEN_BEFORE else {}
    summary = "\n".join(t for t in (Meeting.objects.get(pk=meeting.pk).summary, minutes) if t)
    Meeting.objects.filter(pk=meeting.pk).update(summary=summary, version=F("version") + 1, **began)
    meeting.refresh_from_db()
    note(by, now, "adopt", meeting, after={"decided": len(decisions), "state": meeting.state})
    return meeting
