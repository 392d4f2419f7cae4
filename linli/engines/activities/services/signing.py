"""Signing in: by a QR page that expires, or entered from the paper list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.activities import selectors
from linli.engines.activities.models import Attendee, Meeting
from linli.engines.activities.permissions import check_lead
from linli.engines.activities.services.steps import check_state, lock, note, wrong
from linli.engines.activities.types import Way
from linli.engines.activities.workflow import PRESENT
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, NotFoundError

SALT = "activities.sign"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who was signed in, and whether they had been before (``at`` says when)."""

    meeting: Meeting
    attendee: Attendee
    at: datetime
    again: bool


def sign_token(meeting: Meeting, venue_id: int | None, now: datetime) -> str:
    """Return the token of a venue's QR page; it holds from an hour before the meeting until a while after its end."""
    until = meeting.ends_at + timedelta(minutes=selectors.number("qr_after", now))
    return signing.dumps({"m": str(meeting.uuid), "v": venue_id, "x": int(until.timestamp())}, salt=SALT, compress=True)


def _read(token: str, now: datetime) -> tuple[Meeting, int | None]:
    try:
        data = signing.loads(token, salt=SALT)
        uuid, venue_id, until = UUID(data["m"]), data["v"], int(data["x"])
    except (signing.BadSignature, KeyError, ValueError, TypeError) as error:
        raise NotFoundError(_("签到码无效。"), code="activities.token", hint=_("请重新扫描会场的签到码。")) from error
    meeting = selectors.meeting_by_uuid(uuid)
    if meeting is None:
        raise NotFoundError(_("没有找到这次会议。"), code="activities.token")
    if now.timestamp() > until:
        raise ConflictError(_("签到码已过期。"), code="activities.expired", hint=_("请在纸质签到表上签到。"))
    opens = meeting.starts_at - timedelta(minutes=selectors.number("qr_before", now))
    if now < opens:
        raise ConflictError(
            _("签到尚未开始，%(at)s 开放。") % {"at": f"{timezone.localtime(opens):%H:%M}"},
            code="activities.early",
            hint=_("请到会后再扫码。"),
        )
    return meeting, venue_id


def sign_in(*, by: Actor, now: datetime, token: str) -> SignedIn:
    """Sign in whoever scanned the code and is logged in; a second scan says when the first was.

    Somebody of an invited unit signs in for it; a colleague who was not invited is added to the list.

    Raises:
        NotFoundError: no such code. ConflictError: too early, too late, or the minutes are finished.
    """
    meeting, venue_id = _read(token, now)
    if by.user_id is None:
        raise ForbiddenError(_("请先登录。"), code="activities.login")
    try:
        with transaction.atomic():
            return _sign(by, now, meeting, venue_id)
    except IntegrityError:  # they scanned with two devices at once: the other one has entered them
        return _sign(by, now, meeting, venue_id)


@whole
def _sign(by: Actor, now: datetime, meeting: Meeting, venue_id: int | None) -> SignedIn:
    check_state(lock(meeting), PRESENT)
    venue = meeting.venues.filter(pk=venue_id or 0).first() or meeting.venues.order_by("order").first()
    mine = _own(by, meeting)
    if mine is None:
        unit_id = next(iter(sorted(by.unit_ids)), None)
        title = by.label.split(" ")[0][:64]
        mine = Attendee.objects.create(
            meeting=meeting, user_id=by.user_id, unit_id=unit_id, title=title, group="extra", venue=venue
        )
    values = {"came_at": now, "came": 1, "way": Way.QR.value, "venue": venue}
    if mine.group == "unit":
        values["user_id"] = by.user_id
    changed = Attendee.objects.filter(pk=mine.pk, came_at__isnull=True).update(**values)
    mine.refresh_from_db()
    if changed:
        note(by, now, "sign_in", meeting, after={"venue": venue.name if venue else "", "way": Way.QR.value})
    return SignedIn(meeting, mine, mine.came_at or now, again=not changed)


def _own(by: Actor, meeting: Meeting) -> Attendee | None:
    rows = list(Attendee.objects.filter(meeting=meeting, user=by.user_id)[:1])
    if rows:
        return rows[0]
    waiting = Attendee.objects.filter(meeting=meeting, group="unit", unit__in=by.unit_ids, user=None)
    return waiting.filter(came_at__isnull=True).order_by("id").first()


@whole
def enter_attendance(
    *,
    by: Actor,
    now: datetime,
    meeting: Meeting,
    came: Mapping[int, int],
    venues: Mapping[int, int] | None = None,
    shown: Sequence[int] | None = None,
) -> int:
    """Enter from the paper list who came: attendee id → how many heads; return how many rows changed.

    Args:
        venues: attendee id → the venue at which they signed.
        shown: the attendees that the page showed; of them, who is not in ``came`` did not come. What was signed
            by QR stays.

    Raises:
        ForbiddenError: not who leads it. ConflictError: the minutes are finished. InvalidError: more came than heads.
    """
    check_lead(by, meeting)
    check_state(lock(meeting), PRESENT)
    rows = {a.pk: a for a in Attendee.objects.select_for_update().filter(meeting=meeting)}
    places = set(meeting.venues.values_list("pk", flat=True))
    changed = 0
    for pk in rows if shown is None else [i for i in shown if i in rows]:
        row, heads = rows[pk], int(came.get(pk, 0))
        if heads > 999:
            raise wrong(f"came_{pk}", _("最多 999 人。"))
        if heads and row.came != heads:
            venue = (venues or {}).get(pk)
            row.came, row.came_at = heads, row.came_at or now
            row.way = row.way or Way.PAPER.value
            row.venue_id = venue if venue in places else row.venue_id
        elif not heads and row.came and row.way == Way.PAPER:
            row.came, row.came_at, row.way = 0, None, ""
        elif heads and (venue := (venues or {}).get(pk)) in places and venue != row.venue_id:
            row.venue_id = venue
        else:
            continue
        row.save(update_fields=["came", "came_at", "way", "venue"])
        changed += 1
    total = Attendee.objects.filter(meeting=meeting).values_list("came", flat=True)
    note(by, now, "enter_attendance", meeting, after={"changed": changed, "came": sum(total)})
    return changed


def forget_people(before: datetime, limit: int) -> int:
    """Take the link to persons out of attendance older than ``before``: that their unit came stays."""
    rows = Attendee.objects.filter(meeting__ends_at__lt=before).exclude(user=None, sent_sealed=b"")
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    return Attendee.objects.filter(pk__in=ids).update(user=None, sent_sealed=b"", title=F("title"))
