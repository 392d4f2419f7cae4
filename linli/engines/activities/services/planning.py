"""Planning a meeting: what, when, where, who is invited; changing it; calling it off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from linli.engines.activities import selectors
from linli.engines.activities.events import fillers
from linli.engines.activities.models import AgendaItem, Attendee, Meeting, Venue
from linli.engines.activities.permissions import check_convene, check_lead
from linli.engines.activities.services.steps import (
    check_decided,
    check_state,
    check_version,
    lock,
    need,
    note,
    searched,
    take_step,
)
from linli.engines.activities.services.telling import tell_changed
from linli.engines.activities.types import Doing, Guest, Kind, NewMeeting, NewVenue, PlannedItem
from linli.engines.activities.workflow import AGENDA_OPEN, OPEN_BEFORE, MeetingState
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places

MOST_ITEMS = 60


@whole
def plan_meeting(*, by: Actor, now: datetime, data: NewMeeting) -> Meeting:
    """Plan a meeting with its agenda and who will be invited; nobody is told before it is called.

    Raises:
        ForbiddenError: not who convenes for the unit. InvalidError: by field.
    """
    kind = selectors.kind(data.kind)
    area = places.area(data.area_id) if data.area_id is not None else None
    check_convene(by, data.unit_id, area.path if area else "")
    _check(data)
    meeting = Meeting(
        kind=kind.code,
        series_id=data.series_id,
        occurrence=data.occurrence,
        title=clean(data.title)[:120],
        theme=clean(data.theme)[:200],
        starts_at=data.starts_at,
        ends_at=data.ends_at,
        unit=people.unit(data.unit_id),
        area=area,
        area_path=area.path if area else "",
        chair=mask_personal(clean(data.chair))[:80],
        secretary_id=data.secretary_id,
        form=kind.form,
        held_for_kind=data.held_for.kind if data.held_for else "",
        held_for_uuid=data.held_for.uuid if data.held_for else None,
        held_for_label=data.held_for.label[:120] if data.held_for else "",
        created_by_id=by.user_id,
        created_label=by.label,
        created_at=now,
    )
    meeting.words = searched(meeting)
    meeting.save(force_insert=True)
    _set_venues(meeting, data.venues)
    invite(meeting, now, groups=data.groups, area_ids=data.area_ids, unit_ids=data.unit_ids, guests=data.guests)
    _set_agenda(meeting, kind, data)
    after = {"kind": kind.code, "starts_at": data.starts_at.isoformat(), "invited": meeting.attendees.count()}
    if data.held_for:
        after["held_for"] = data.held_for.label
    note(by, now, "plan", meeting, after=after)
    return meeting


def _check(data: NewMeeting) -> None:
    errors: dict[str, list[str]] = {}
    if not clean(data.title):
        errors["title"] = [_("请填写会议名称。")]
    if data.ends_at <= data.starts_at:
        errors["ends_at"] = [_("结束时间应晚于开始时间。")]
    if not any(clean(v.name) for v in data.venues):
        errors["place"] = [_("请填写会议地点。")]
    names = [clean(v.name) for v in data.venues if clean(v.name)]
    if len(names) != len(set(names)):
        errors["branches"] = [_("会场名称不能重复。")]
    if errors:
        raise InvalidError(_("还有内容需要修改。"), code="activities.meeting", fields=errors)


def _set_venues(meeting: Meeting, venues: Sequence[NewVenue]) -> None:
    named = [v for v in venues if clean(v.name)]
    Venue.objects.bulk_create(
        Venue(meeting=meeting, name=clean(v.name)[:120], video=clean(v.video)[:60], order=n)
        for n, v in enumerate(named)
    )


def invite(
    meeting: Meeting,
    now: datetime,
    *,
    groups: Sequence[str] = (),
    area_ids: Sequence[int] = (),
    unit_ids: Sequence[int] = (),
    guests: Sequence[Guest] = (),
) -> list[Attendee]:
    """Add to who is invited: holders of posts in areas, units, people by role and number; each once."""
    here = list(Attendee.objects.filter(meeting=meeting))
    users, units = {a.user_id for a in here}, {a.unit_id for a in here if a.group == "unit"}
    main = meeting.venues.order_by("order").first()
    found = [
        Attendee(meeting=meeting, user_id=c.user_id, unit_id=c.unit_id, title=c.title[:64], group=c.group, venue=main)
        for c in (people.called(groups, area_ids, now) if groups and area_ids else [])
        if c.user_id not in users
    ]
    found += [
        Attendee(meeting=meeting, unit_id=u, group="unit", venue=main)
        for u in dict.fromkeys(unit_ids)
        if u not in units
    ]
    found += [
        Attendee(meeting=meeting, group="guest", title=clean(g.title)[:64], heads=max(1, min(g.heads, 999)), venue=main)
        for g in guests
        if clean(g.title)
    ]
    return Attendee.objects.bulk_create(found)


def _set_agenda(meeting: Meeting, kind: Kind, data: NewMeeting) -> None:
    items: list[PlannedItem] = []
    if selectors.previous(meeting) is not None:
        items.append(PlannedItem(_("上次会议任务落实情况"), Doing.REVIEW.value, 10, data.chair))
    known = selectors.standing_topics()
    items += [PlannedItem(known[s].title, Doing.STANDING.value, 15, standing=s) for s in data.standing if s in known]
    items += list(kind.agenda if data.agenda is None else data.agenda)
    add_items(meeting, items[:MOST_ITEMS])
    carry_topics(meeting)


def add_items(meeting: Meeting, items: Sequence[PlannedItem]) -> list[AgendaItem]:
    """Put items behind those that are there."""
    last = meeting.items.order_by("-order").values_list("order", flat=True).first() or 0
    return AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting,
            order=last + n,
            kind=i.kind,
            title=mask_personal(clean(i.title))[:120],
            minutes=max(0, min(i.minutes, 600)),
            presenter=mask_personal(clean(i.presenter))[:80],
            presenter_unit_id=i.presenter_unit_id,
            standing=i.standing,
            topic_id=i.topic_id,
            subject_kind=i.subject_kind,
            subject_uuid=i.subject_uuid,
        )
        for n, i in enumerate(items, 1)
    )


def carry_topics(meeting: Meeting) -> int:
    """Put every open topic of the series on the agenda that is not there yet; return how many."""
    if meeting.series_id is None:
        return 0
    there = set(meeting.items.exclude(topic=None).values_list("topic_id", flat=True))
    new = [t for t in selectors.open_topics(meeting.series_id) if t.pk not in there]
    add_items(meeting, [PlannedItem(t.title, Doing.TOPIC.value, 10, topic_id=t.pk) for t in new])
    return len(new)


@whole
def fill(*, by: Actor, now: datetime, meeting: Meeting) -> int:
    """Let other rooms add what waits for such a meeting (综合问题); return how many items came.

    Raises:
        ForbiddenError: not who leads the meeting. ConflictError: it has begun or is over.
    """
    check_lead(by, meeting)
    check_state(lock(meeting), OPEN_BEFORE)
    return sum(handler(meeting, by, now) for handler in fillers())


@whole
def change_meeting(
    *,
    by: Actor,
    now: datetime,
    meeting: Meeting,
    title: str,
    theme: str,
    starts_at: datetime,
    ends_at: datetime,
    venues: Sequence[NewVenue],
    chair: str,
    secretary_id: int | None,
    expected: int | None = None,
) -> Meeting:
    """Change what was planned; those already invited are told if time or place moved.

    Raises:
        ForbiddenError: not who leads it. StaleError: somebody changed it meanwhile. ConflictError: it has begun.
        InvalidError: by field.
    """
    check_lead(by, meeting)
    check_version(lock(meeting), expected)
    check_state(meeting, OPEN_BEFORE)
    planned = NewMeeting(meeting.kind, title, starts_at, ends_at, meeting.unit_id, tuple(venues))
    _check(planned)
    before = _told(meeting)
    meeting.title, meeting.theme = clean(title)[:120], clean(theme)[:200]
    meeting.starts_at, meeting.ends_at = starts_at, ends_at
    meeting.chair, meeting.secretary_id = mask_personal(clean(chair))[:80], secretary_id
    meeting.words = searched(meeting)
    meeting.version += 1
    meeting.save()
    _move_venues(meeting, venues)
    after = _told(meeting)
    if before == after:
        return meeting
    note(by, now, "change", meeting, before=before, after=after)
    if meeting.state == MeetingState.CALLED and (before["at"], before["venues"]) != (after["at"], after["venues"]):
        tell_changed(meeting, by, now)
    return meeting


def _move_venues(meeting: Meeting, venues: Sequence[NewVenue]) -> None:
    """Rename venues in their order, add new ones; one that is gone gives its people to the main venue."""
    named = [v for v in venues if clean(v.name)]
    here = list(meeting.venues.order_by("order"))
    for row in here:  # out of each other's way: a name is there once
        Venue.objects.filter(pk=row.pk).update(name=f"#{row.pk}")
    for n, row in enumerate(here[: len(named)]):
        Venue.objects.filter(pk=row.pk).update(
            name=clean(named[n].name)[:120], video=clean(named[n].video)[:60], order=n
        )
    for row in here[len(named) :]:
        Attendee.objects.filter(venue=row).update(venue=here[0])
        row.delete()
    Venue.objects.bulk_create(
        Venue(meeting=meeting, name=clean(v.name)[:120], video=clean(v.video)[:60], order=n)
        for n, v in enumerate(named[len(here) :], len(here))
    )


def _told(meeting: Meeting) -> dict[str, Any]:
    return {
        "title": meeting.title,
        "theme": meeting.theme,
        "at": f"{meeting.starts_at.isoformat()}/{meeting.ends_at.isoformat()}",
        "venues": [v.name for v in Venue.objects.filter(meeting=meeting)],
        "chair": meeting.chair,
        "secretary": meeting.secretary_id,
    }


@whole
def add_item(
    *, by: Actor, now: datetime, meeting: Meeting, item: PlannedItem, expected: int | None = None
) -> AgendaItem:
    """Put an item on the agenda.

    Raises:
        ForbiddenError: not who leads the meeting. ConflictError: the minutes are finished. InvalidError: no title.
    """
    check_lead(by, meeting)
    check_version(lock(meeting), expected)
    check_state(meeting, AGENDA_OPEN)
    need(title=item.title)
    made = add_items(meeting, [item])[0]
    _bump(meeting)
    note(by, now, "add_item", meeting, after={"title": made.title, "minutes": made.minutes})
    return made


@whole
def change_item(
    *, by: Actor, now: datetime, meeting: Meeting, item: AgendaItem, title: str, minutes: int, presenter: str,
    presenter_unit_id: int | None,
) -> None:  # fmt: skip
    """Change what an item is called, how long it takes and who brings it."""
    check_lead(by, meeting)
    check_state(lock(meeting), AGENDA_OPEN)
    need(title=title)
    before = {"title": item.title, "minutes": item.minutes, "presenter": item.presenter}
    item.title, item.minutes = mask_personal(clean(title))[:120], max(0, min(minutes, 600))
    item.presenter, item.presenter_unit_id = mask_personal(clean(presenter))[:80], presenter_unit_id
    item.save(update_fields=["title", "minutes", "presenter", "presenter_unit"])
    _bump(meeting)
    after = {"title": item.title, "minutes": item.minutes, "presenter": item.presenter}
    note(by, now, "change_item", meeting, before=before, after=after)


@whole
def move_item(*, by: Actor, now: datetime, meeting: Meeting, item: AgendaItem, up: bool) -> None:
    """Change places with the item before, or after."""
    check_lead(by, meeting)
    check_state(lock(meeting), AGENDA_OPEN)
    rows = list(meeting.items.order_by("order", "id"))
    at = next(n for n, row in enumerate(rows) if row.pk == item.pk)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for n, row in enumerate(rows, 1):
        row.order = n
    AgendaItem.objects.bulk_update(rows, ["order"])
    _bump(meeting)
    note(by, now, "move_item", meeting, before={"at": at + 1}, after={"title": item.title, "at": to + 1})


@whole
def remove_item(*, by: Actor, now: datetime, meeting: Meeting, item: AgendaItem) -> None:
    """Take an item off the agenda before the meeting begins; what a case waits for stays."""
    check_lead(by, meeting)
    check_state(lock(meeting), OPEN_BEFORE)
    if item.kind == Doing.CASE:
        raise InvalidError(_("综合问题由会商处理，不能从议程中删除。"), code="activities.item")
    note(by, now, "remove_item", meeting, before={"title": item.title})
    item.delete()
    _bump(meeting)


def _bump(meeting: Meeting) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(version=F("version") + 1)
    meeting.version += 1


@whole
def cancel_meeting(*, by: Actor, now: datetime, meeting: Meeting, reason: str) -> Meeting:
    """Call a meeting off with a reason; who was told of it is told.

    Raises:
        ForbiddenError: not who leads it. InvalidError: no reason. ConflictError: it has begun.
    """
    check_lead(by, meeting)
    need(reason=reason)
    check_decided(meeting)
    was_called = meeting.called_at is not None
    text = mask_personal(clean(reason))[:500]
    take_step(by, now, meeting, "cancel", reason=text, cancelled_at=now, cancel_reason=text)
    if was_called:
        tell_changed(meeting, by, now, cancelled=True)
    return meeting
