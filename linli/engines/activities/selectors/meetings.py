"""Reading meetings: lists, one meeting with all that belongs to it, what it reviews first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.activities.models import AgendaItem, Attendee, Decision, Meeting, Paper, Series
from linli.engines.activities.permissions import OVERSEERS, visible_q
from linli.engines.activities.rules.finding import normal
from linli.engines.activities.rules.reviewing import Given, Review, review
from linli.engines.activities.types import COORDINATING, Outcome
from linli.engines.activities.workflow import ENDED, MeetingState
from linli.engines.projects import selectors as projects
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset

if TYPE_CHECKING:
    from linli.engines.projects.models import Task

BOXES = ("mine", "coming", "past", "all")


def visible(actor: Actor) -> QuerySet[Meeting]:
    """Return the meetings that ``actor`` may read."""
    rows = Meeting.objects.filter(pk__in=Meeting.objects.filter(visible_q(actor)).values("pk"))
    return rows.select_related("unit", "series")


def _mine(actor: Actor) -> Q:
    q = Q(attendees__user=actor.user_id) | Q(secretary=actor.user_id) | Q(created_by=actor.user_id)
    return q | Q(attendees__unit__in=actor.unit_ids, attendees__group="unit")


def _of(actor: Actor) -> Q:
    """Return the filter of the meetings that concern ``actor`` in person: ids, so that no join doubles a row."""
    return Q(pk__in=Meeting.objects.filter(_mine(actor)).values("pk"))


def meeting_list(
    actor: Actor,
    box: str,
    *,
    now: datetime,
    text: str = "",
    kind: str = "",
    series: Series | None = None,
    cursor: str = "",
    size: int = 50,
) -> Page[Meeting]:
    """Return one page of a box of :data:`BOXES`: coming ones soonest first, the others newest first.

    Each carries ``invited`` and ``present``, heads counted.
    """
    rows = visible(actor)
    if box == "mine":
        rows = rows.filter(_of(actor), ends_at__gte=now)
    elif box == "coming":
        rows = rows.filter(ends_at__gte=now)
    elif box == "past":
        rows = rows.filter(ends_at__lt=now)
    if text:
        rows = rows.filter(words__contains=normal(text))
    if kind:
        rows = rows.filter(kind=kind)
    if series is not None:
        rows = rows.filter(series=series)
    rows = rows.annotate(invited=Sum("attendees__heads"), present=Sum("attendees__came"))
    soon = box in {"mine", "coming"}
    return keyset(rows, keys=[("starts_at", datetime), ("id", int)], cursor=cursor, size=size, descending=not soon)


def meetings_owed(actor: Actor, *, now: datetime, until: datetime, limit: int = 200) -> list[Meeting]:
    """Return the meetings of ``actor`` to attend until a moment, and those over whose minutes they must finish.

    Coordination meetings are left out: they are consultations, which the loop lists itself.
    """
    rows = visible(actor).exclude(kind__in=COORDINATING).filter(starts_at__lte=until)
    coming = _of(actor) & Q(
        ends_at__gte=now, state__in=(MeetingState.PLANNED, MeetingState.CALLED, MeetingState.RUNNING)
    )
    keeping = Q(secretary=actor.user_id) | Q(secretary__isnull=True, created_by=actor.user_id)
    writing = keeping & Q(ends_at__lt=now, state__in=(MeetingState.CALLED, MeetingState.RUNNING, MeetingState.MINUTED))
    return list(rows.filter(coming | writing).order_by("starts_at", "id")[:limit])


def meetings_held_for(
    actor: Actor, kind: str, uuid: UUID, *, now: datetime, limit: int = 30
) -> tuple[list[Meeting], list[Meeting]]:
    """Return the meetings held for a body that ``actor`` may read: those to come, soonest first, and past ones.

    Two statements; at most ``limit`` of each. Each carries ``invited`` and ``present``, heads counted.
    """
    rows = visible(actor).filter(held_for_kind=kind, held_for_uuid=uuid)
    rows = rows.annotate(invited=Sum("attendees__heads"), present=Sum("attendees__came"))
    coming = rows.filter(ends_at__gte=now).order_by("starts_at", "id")
    return list(coming[:limit]), list(rows.filter(ends_at__lt=now).order_by("-starts_at", "-id")[:limit])


def month_of(actor: Actor, first: date, until: date) -> list[Meeting]:
    """Return the meetings of ``actor`` from one day to before another, earliest first (at most 300)."""
    zone = timezone.get_current_timezone()
    begin, end = (datetime(d.year, d.month, d.day, tzinfo=zone) for d in (first, until))
    rows = visible(actor).filter(starts_at__gte=begin, starts_at__lt=end).exclude(state=MeetingState.CANCELLED)
    return list(rows.order_by("starts_at", "id")[:300])


def meeting_for(actor: Actor, uuid: UUID) -> Meeting:
    """Return a meeting, if ``actor`` may read it.

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = visible(actor).filter(uuid=uuid).select_related("unit", "series", "area", "secretary").first()
    if found is None:
        raise NotFoundError(_("没有找到这次会议。"), code="activities.not_found")
    return found


def meeting_of_decision(actor: Actor, uuid: UUID) -> Meeting:
    """Return the meeting that took the decision with that uuid (the source of its tasks), if ``actor`` may read it.

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = visible(actor).filter(decisions__uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有找到这次会议。"), code="activities.not_found")
    return found


def meeting_by_uuid(uuid: UUID) -> Meeting | None:
    """Return a meeting for who holds a link to sign in, None if there is none."""
    return Meeting.objects.filter(uuid=uuid).select_related("unit", "series").first()


def agenda(meeting: Meeting) -> list[AgendaItem]:
    """Return the items in their order, with decisions, text, topic, presenter's unit and papers."""
    rows = AgendaItem.objects.filter(meeting=meeting).select_related("presenter_unit", "topic", "text")
    papers = Prefetch("papers", Paper.objects.select_related("file"))
    return list(rows.prefetch_related("decisions", papers).order_by("order", "id"))


def item_for(meeting: Meeting, item_id: int) -> AgendaItem:
    """Return an item of the meeting.

    Raises:
        NotFoundError: there is none.
    """
    found = AgendaItem.objects.filter(meeting=meeting, pk=item_id).select_related("presenter_unit", "topic").first()
    if found is None:
        raise NotFoundError(_("没有找到这个议题。"), code="activities.item")
    return found


def attendees(meeting: Meeting) -> list[Attendee]:
    """Return who is invited, by venue, unit and post."""
    rows = Attendee.objects.filter(meeting=meeting).select_related("unit", "user", "venue")
    return list(rows.order_by("venue__order", "unit__name", "title", "id"))


def attendance(meeting: Meeting) -> list[dict[str, Any]]:
    """Return attendance by unit: invited, present, on leave, with who was sent; guests by their role."""
    found: dict[str, dict[str, Any]] = {}
    for a in attendees(meeting):
        name = a.unit.name if a.unit else a.title
        row = found.setdefault(name, {"name": name, "invited": 0, "came": 0, "venue": "", "reasons": []})
        row["invited"] += a.heads
        row["came"] += a.came
        row["venue"] = a.venue.name if a.venue and a.came else row["venue"]
        if a.reason and not a.came:
            row["reasons"].append(a.reason)
    return list(found.values())


def by_venue(meeting: Meeting) -> list[dict[str, Any]]:
    """Return each venue with how many heads were invited to it and came: one statement."""
    rows = meeting.venues.annotate(
        invited=Sum("attendees__heads"), came=Sum("attendees__came"), units=Count("attendees__unit", distinct=True)
    )
    return [
        {"venue": v, "invited": v.invited or 0, "came": v.came or 0, "units": v.units} for v in rows.order_by("order")
    ]


def attendee_of(actor: Actor, meeting: Meeting) -> Attendee | None:
    """Return as whom ``actor`` is invited: themselves, else their unit."""
    rows = [a for a in attendees(meeting) if a.user_id == actor.user_id or a.group == "unit"]
    own = next((a for a in rows if a.user_id is not None and a.user_id == actor.user_id), None)
    return own or next((a for a in rows if a.unit_id in actor.unit_ids), None)


def papers(meeting: Meeting) -> list[Paper]:
    """Return the meeting's papers."""
    return list(meeting.papers.select_related("file", "item"))


def paper_for(actor: Actor, uuid: UUID) -> Paper:
    """Return the paper with that file, if ``actor`` may read its meeting.

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = Paper.objects.filter(file__uuid=uuid, meeting__in=visible(actor)).select_related("file", "meeting").first()
    if found is None:
        raise NotFoundError(_("没有找到这份材料。"), code="activities.paper")
    return found


def tasks_of(meeting: Meeting) -> list[Task]:
    """Return the tasks that a meeting gave, and those of the cases that it dealt with."""
    uuids = list(meeting.decisions.filter(kind=Outcome.TASK).values_list("uuid", flat=True))
    uuids += [i for i in meeting.items.values_list("subject_uuid", flat=True) if i is not None]
    found = projects.tasks_of_many(uuids) if uuids else {}
    return sorted((t for rows in found.values() for t in rows), key=lambda t: (t.due_on, t.pk))


def previous(meeting: Meeting) -> Meeting | None:
    """Return the meeting of the series that was held before this one."""
    if meeting.series_id is None:
        return None
    rows = Meeting.objects.filter(series=meeting.series_id, starts_at__lt=meeting.starts_at)
    return rows.exclude(state=MeetingState.CANCELLED).order_by("-starts_at", "-id").first()


def following(meeting: Meeting) -> Meeting | None:
    """Return the next meeting of the series."""
    if meeting.series_id is None:
        return None
    rows = Meeting.objects.filter(series=meeting.series_id, starts_at__gt=meeting.starts_at)
    return rows.exclude(state=MeetingState.CANCELLED).order_by("starts_at", "id").first()


def _given(task: Task) -> Given:
    ended = timezone.localtime(task.ended_at).date() if task.ended_at else None
    return Given(str(task.uuid), task.title, task.unit.name, task.due_on, task.state, task.ended_at, ended, task.result)


def review_of(meeting: Meeting, now: datetime) -> Review:
    """Return what a meeting of a series goes through first: four statements."""
    last = previous(meeting)
    if last is None:
        return Review()
    before = Decision.objects.filter(
        meeting__series=meeting.series_id, meeting__starts_at__lt=meeting.starts_at, kind=Outcome.TASK
    )
    items = AgendaItem.objects.filter(
        meeting__series=meeting.series_id, meeting__starts_at__lt=meeting.starts_at, subject_uuid__isnull=False
    )
    subjects = [i for i in items.values_list("subject_uuid", flat=True) if i is not None]
    uuids = [*before.values_list("uuid", flat=True), *subjects]
    tasks = [t for rows in projects.tasks_of_many(uuids).values() for t in rows] if uuids else []
    since = last.finished_at or last.ends_at
    return review([_given(t) for t in tasks], since=since, today=timezone.localtime(now).date())


def snapshot(found: Review) -> dict[str, Any]:
    """Return a review as it is kept in the minutes."""
    rows = [
        {"title": t.title, "unit": t.unit, "due_on": t.due_on.isoformat(), "state": t.state, "result": t.result}
        for t in found.rows
    ]
    figures = {"done": found.done, "done_late": found.done_late, "open": found.open, "overdue": found.overdue}
    return {"rows": rows, **figures}


def content(meeting: Meeting) -> Mapping[str, Any]:
    """Return all that minutes say, as plain values: what is sealed, printed and checked."""
    items = agenda(meeting)
    tasks = projects.tasks_of_many(
        [d.uuid for i in items for d in i.decisions.all()] + [i.subject_uuid for i in items if i.subject_uuid]
    )
    return {
        "title": meeting.title,
        "theme": meeting.theme,
        "starts_at": meeting.starts_at.isoformat(),
        "venues": [v.name for v in meeting.venues.all()],
        "chair": meeting.chair,
        "unit": meeting.unit.name,
        "summary": meeting.summary,
        "attendance": [{"name": r["name"], "invited": r["invited"], "came": r["came"]} for r in attendance(meeting)],
        "items": [
            {
                "title": i.title,
                "kind": i.kind,
                "presenter": i.presenter,
                "text": i.text.text if hasattr(i, "text") else "",
                "record": i.record,
                "review": i.snapshot,
                "decisions": [
                    {
                        "kind": d.kind,
                        "text": d.text,
                        "tasks": [_task(t) for t in tasks.get(d.uuid, [])],
                    }
                    for d in i.decisions.all()
                ],
                "tasks": [_task(t) for t in tasks.get(i.subject_uuid, [])] if i.subject_uuid else [],
            }
            for i in items
        ],
    }


def _task(task: Task) -> dict[str, str]:
    return {"title": task.title, "unit": task.unit.name, "due_on": task.due_on.isoformat()}


def series_list(actor: Actor) -> list[Series]:
    """Return the series in force that ``actor`` may read, with how many meetings each has (at most 200)."""
    units = actor.unit_ids
    rows = Series.objects.select_related("unit", "area").annotate(held=Count("meetings"))
    if not (actor.is_system or actor.has_role(*OVERSEERS)):
        rows = rows.filter(Q(unit__in=units) | Q(meetings__in=visible(actor))).distinct()
    return list(rows.order_by("ended_on", "title", "id")[:200])


def series_for(actor: Actor, uuid: UUID) -> Series:
    """Return a series, if ``actor`` may read it.

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = next((s for s in series_list(actor) if s.uuid == uuid), None)
    if found is None:
        raise NotFoundError(_("没有找到这个系列。"), code="activities.series")
    return found


def is_over(meeting: Meeting) -> bool:
    """Return whether nothing of the meeting changes any more."""
    return meeting.state in ENDED
