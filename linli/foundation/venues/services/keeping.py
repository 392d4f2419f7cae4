"""Keeping a venue up to date: open or shut, reviewed, photos, standard, inventory, menus, activities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, NotFoundError
from linli.foundation.core.text import clean
from linli.foundation.files import services as files
from linli.foundation.files.types import Content, Kind
from linli.foundation.journal import services as journal
from linli.foundation.people import selectors as people
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.venues.models import Activity, Menu, Venue, VenueItem, VenuePhoto, VenueSlot
from linli.foundation.venues.rules import standard as standards
from linli.foundation.venues.services.kinds import invalid
from linli.foundation.venues.services.venues import locked, save_next
from linli.foundation.venues.types import ItemData, ItemKind, Meal, State

MAX_PHOTOS, MAX_ITEMS, MAX_DISHES = 12, 200, 500
PURPOSE = "venue"


def _record(by: Actor, now: datetime, verb: str, venue: Venue, **told: Any) -> None:
    journal.record(by=by, verb=f"venues.{verb}", kind="venue", uuid=venue.uuid, label=venue.name, now=now, **told)


@whole
def set_state(*, by: Actor, now: datetime, uuid: UUID, state: str, reason: str, expected: int) -> Venue:
    """Open, pause or close a venue, with the reason where it is not open.

    Raises:
        NotFoundError, ForbiddenError, StaleError, InvalidError: no such state, or no reason.
    """
    venue = locked(uuid, by, expected)
    if state not in State.values:
        raise invalid("state", _("请从列出的选项中选择。"))
    if state != State.OPEN and not clean(reason):
        raise invalid("reason", _("请写明原因，例如：装修、搬迁。"))
    before, venue.state = venue.state, state
    save_next(venue, now)
    _record(by, now, "set_state", venue, before={"state": before}, after={"state": state}, reason=clean(reason)[:300])
    return venue


@whole
def review(*, by: Actor, now: datetime, uuid: UUID, passed: bool, note: str, expected: int) -> Venue:
    """Enter the yearly review: the next is due after the rulebook's ``venues.review_months``; failed, it is closed.

    Raises:
        NotFoundError, ForbiddenError, StaleError, InvalidError: failed without saying why.
    """
    venue = locked(uuid, by, expected)
    if not passed and not clean(note):
        raise invalid("note", _("未通过的请写明原因。"))
    today = timezone.localdate(now)
    before = {"review_on": venue.review_on.isoformat() if venue.review_on else None, "state": venue.state}
    months = int(rulebook.value("venues.review_months", on=today))
    venue.reviewed_at = today
    venue.review_on = _months_on(today, months) if passed else None
    venue.state = venue.state if passed else State.CLOSED.value
    save_next(venue, now)
    after = {"review_on": venue.review_on.isoformat() if venue.review_on else None, "state": venue.state}
    _record(
        by, now, "review", venue, before=before, after={**after, "passed": passed}, reason=clean(note)[:300],
        rule="venues.review_months",
    )  # fmt: skip
    return venue


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = 29 if month == 1 and (year % 4 == 0 and (year % 100 or year % 400 == 0)) else 28
    return date(year, month + 1, min(day.day, last if month == 1 else 30 if month in {3, 5, 8, 10} else 31))


def add_photo(*, by: Actor, now: datetime, uuid: UUID, content: Content, name: str, alt: str = "") -> VenuePhoto:
    """Attach a picture; what is shown of it has no position and no camera in it.

    Raises:
        NotFoundError, ForbiddenError, ConflictError: enough pictures.
        FileRefusedError: not a picture.
    """
    with transaction.atomic():
        venue = locked(uuid, by)
        if venue.photos.count() >= MAX_PHOTOS:
            raise ConflictError(
                _("最多 %(most)s 张照片。") % {"most": MAX_PHOTOS}, code="venues.photos", hint=_("请先删除不用的照片。")
            )
    stored = files.store(by=by, now=now, content=content, name=name, purpose=PURPOSE, only=[Kind.PHOTO])
    with transaction.atomic():
        venue = locked(uuid, by)
        photo = VenuePhoto.objects.create(venue=venue, file=stored, alt=clean(alt)[:100])
        _record(by, now, "add_photo", venue, after={"file": str(stored.uuid), "alt": photo.alt})
    return photo


@whole
def drop_photo(*, by: Actor, now: datetime, uuid: UUID, photo_id: int) -> None:
    """Take a picture off a venue and delete its content.

    Raises:
        NotFoundError, ForbiddenError.
    """
    venue = locked(uuid, by)
    photo = venue.photos.select_related("file").filter(pk=photo_id).first()
    if photo is None:
        raise NotFoundError(_("没有这张照片。"), code="venues.photo")
    stored = photo.file.uuid
    photo.delete()
    files.delete(by=by, now=now, uuid=stored, reason=_("从场所照片中移除"))
    _record(by, now, "drop_photo", venue, before={"file": str(stored)})


@whole
def set_slots(*, by: Actor, now: datetime, uuid: UUID, present: Mapping[str, str | None]) -> Venue:
    """Enter what of the standard a station has: slot code → its note, None where it is absent.

    Raises:
        NotFoundError, ForbiddenError, ConflictError: the standard has changed and does not know a slot.
    """
    venue = locked(uuid, by)
    groups = standards.from_json(venue.kind.standard)
    codes = {s.code for s in standards.slots(groups)}
    if set(present) - codes:
        raise ConflictError(_("建站标准刚刚改过，请重新打开页面核对。"), code="venues.standard")
    before = set(venue.slots.filter(present=True).values_list("slot", flat=True))
    venue.slots.all().delete()
    VenueSlot.objects.bulk_create(
        [
            VenueSlot(venue=venue, slot=code, present=note is not None, note=clean(note or "")[:200])
            for code, note in present.items()
        ]
    )
    has = {c for c, note in present.items() if note is not None}
    venue.lacking = len(codes - has)
    save_next(venue, now)
    _record(by, now, "set_slots", venue, before={"present": sorted(before)}, after={"present": sorted(has)})
    return venue


@whole
def add_item(*, by: Actor, now: datetime, uuid: UUID, data: ItemData) -> VenueItem:
    """Enter a room, a piece of equipment or a partner unit of a station; one of that name is replaced.

    Raises:
        NotFoundError, ForbiddenError, InvalidError.
    """
    venue = locked(uuid, by)
    name = clean(data.name)[:64]
    if data.kind not in ItemKind.values:
        raise invalid("kind", _("请从列出的选项中选择。"))
    if not name:
        raise invalid("name", _("请填写名称。"))
    if not 1 <= data.count <= 9999:
        raise invalid("count", _("数量应为 1 至 9999。"))
    if data.unit_id is not None and not people.units([data.unit_id]):
        raise invalid("unit", _("没有这个单位。"))
    if venue.items.count() >= MAX_ITEMS:
        raise invalid("name", _("最多登记 %(most)s 项。") % {"most": MAX_ITEMS})
    values = {"count": data.count, "unit_id": data.unit_id, "note": clean(data.note)[:200]}
    item, _made = VenueItem.objects.update_or_create(venue=venue, kind=data.kind, name=name, defaults=values)
    _record(by, now, "add_item", venue, after={"kind": data.kind, "name": name, **values})
    return item


@whole
def drop_item(*, by: Actor, now: datetime, uuid: UUID, item_id: int) -> None:
    """Take a line out of a station's inventory.

    Raises:
        NotFoundError, ForbiddenError.
    """
    venue = locked(uuid, by)
    item = venue.items.filter(pk=item_id).first()
    if item is None:
        raise NotFoundError(_("没有这一项。"), code="venues.item")
    _record(by, now, "drop_item", venue, before={"kind": item.kind, "name": item.name, "count": item.count})
    item.delete()


@whole
def set_menu(*, by: Actor, now: datetime, uuid: UUID, dishes: Mapping[tuple[date, str], str]) -> None:
    """Enter what a canteen serves: (day, meal) → dishes; an empty text takes the meal off the menu.

    Raises:
        NotFoundError, ForbiddenError, ConflictError: it is no canteen. InvalidError: a text too long.
    """
    venue = locked(uuid, by)
    if not venue.kind.canteen:
        raise ConflictError(_("这个场所不是食堂。"), code="venues.no_canteen")
    for (day, meal), text in dishes.items():
        words = clean(text)
        if meal not in Meal.values or len(words) > MAX_DISHES:
            raise invalid(f"{day}-{meal}", _("每餐最多 %(most)s 个字。") % {"most": MAX_DISHES})
        if words:
            Menu.objects.update_or_create(venue=venue, day=day, meal=meal, defaults={"dishes": words})
        else:
            Menu.objects.filter(venue=venue, day=day, meal=meal).delete()
    days: Sequence[str] = sorted({d.isoformat() for d, _m in dishes})
    _record(by, now, "set_menu", venue, after={"days": days})


@whole
def add_activity(
    *, by: Actor, now: datetime, uuid: UUID, title: str, starts_at: datetime, ends_at: datetime, note: str = ""
) -> Activity:
    """Announce something that takes place at a venue.

    Raises:
        NotFoundError, ForbiddenError, InvalidError: no title, an end before the beginning, or announced already.
    """
    venue = locked(uuid, by)
    title = clean(title)[:64]
    if not title:
        raise invalid("title", _("请填写活动名称。"))
    if ends_at <= starts_at:
        raise invalid("ends_at", _("结束时间应晚于开始时间。"))
    if venue.activities.filter(title=title, starts_at=starts_at).exists():
        raise invalid("title", _("这个时间已有同名活动。"))
    made = Activity.objects.create(
        venue=venue, title=title, starts_at=starts_at, ends_at=ends_at, note=clean(note)[:200]
    )
    _record(by, now, "add_activity", venue, after={"title": title, "starts_at": starts_at.isoformat()})
    return made


@whole
def cancel_activity(*, by: Actor, now: datetime, uuid: UUID, activity_id: int) -> None:
    """Cancel an activity; it stays on the page, struck out, until it would have ended.

    Raises:
        NotFoundError, ForbiddenError.
    """
    venue = locked(uuid, by)
    if not venue.activities.filter(pk=activity_id).update(cancelled=True):
        raise NotFoundError(_("没有这个活动。"), code="venues.activity")
    _record(by, now, "cancel_activity", venue, after={"activity": activity_id})
