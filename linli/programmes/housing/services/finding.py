"""Taking up a flat, looking at its rooms, and what two officers find there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors as fieldwork
from linli.foundation.accounts import selectors as accounts
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.people import selectors as people
from linli.programmes.housing import permissions, selectors
from linli.programmes.housing.models import Dossier
from linli.programmes.housing.rules import BadRoomError, as_json, judged, rooms_of
from linli.programmes.housing.services.help import begin, check_needs, end, note, words, wrong
from linli.programmes.housing.types import CHECK, MOST_ROOMS, Entry, Opened, Origin

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Submission, Target


@whole
def open_dossier(*, by: Actor, now: datetime, data: Opened) -> Dossier:
    """Take up a flat; from now on law officers are to be there within the days of the rulebook.

    Raises:
        NotFoundError: no such flat for this person. ForbiddenError. ConflictError: it is taken up already.
    """
    target = fieldwork.target_for(permissions.reader(by), data.target)
    if not permissions.may_open(by, target.area_path):
        raise ForbiddenError(
            _("您不能为这套房屋立案。"), code="housing.open", hint=_("由执法人员、所在居民区和街道立案。")
        )
    if target.kind.code != "flat":
        raise wrong(target=_("请选择“房屋”台账中的一户。"))
    return _open(by, now, target, data.origin, note_=words("note", data.note, 500, required=False),
                 case_uuid=data.case_uuid)  # fmt: skip


def _open(
    by: Actor, now: datetime, target: Target, origin: Origin, *, note_: str = "", case_uuid: UUID | None = None,
    submission: Submission | None = None, relapse_of: Dossier | None = None,
) -> Dossier:  # fmt: skip
    try:
        with transaction.atomic():
            row = Dossier.objects.create(
                target=target, area_path=target.area_path, origin=origin, case_uuid=case_uuid, submission=submission,
                relapse_of=relapse_of, opened_at=now, visit_by=selectors.visit_due(now), note=note_,
                by_label=by.label[:80],
            )  # fmt: skip
    except IntegrityError as error:
        raise ConflictError(
            _("这套房屋已经立案，还没有销项。"), code="housing.open_already", hint=_("请打开已有的档案继续办理。")
        ) from error
    note(row, "open", by, now, note_, after={"origin": origin, "case": case_uuid})
    return row


def open_again(*, by: Actor, now: datetime, target: Target, former: Dossier | None) -> Dossier | None:
    """Take up a flat that began again; None where it is taken up already."""
    try:
        return _open(by, now, target, Origin.RELAPSE, relapse_of=former)
    except ConflictError:
        return None


@whole
def check_rooms(
    *, by: Actor, now: datetime, uuid: UUID, rooms: Iterable[Mapping[str, Any]], expected: int | None = None
) -> Dossier:
    """Hold the rooms of a flat against the rules; figures alone are kept.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError; InvalidError: by ``<field>_<row>``.
    """
    row = begin(by, uuid, "check", expected)
    _put_rooms(row, rooms, now)
    return end(row, "check", by, now, after={"rooms": len(row.rooms), "breaches": len(row.breaches)})


def _put_rooms(row: Dossier, rooms: Iterable[Mapping[str, Any]], now: datetime) -> None:
    try:
        found = rooms_of(rooms)
    except BadRoomError as error:
        raise wrong(**{f"{error.field}_{error.place}": _("请核对这一格的数。")}) from error
    if not 0 < len(found) <= MOST_ROOMS:
        raise wrong(rooms=_("请登记 1 至 %(most)s 间房。") % {"most": MOST_ROOMS})
    row.rooms = [as_json(r) for r in found]
    row.breaches, row.to_verify = judged(found, selectors.limits(now))
    row.checked_at = now


@whole
def no_consent(*, by: Actor, now: datetime, uuid: UUID, text: str = "", expected: int | None = None) -> Dossier:
    """Enter that entry was not agreed to: a neutral result, nobody's fault, and no name beside it.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError.
    """
    row = begin(by, uuid, "no_consent", expected)
    row.visited_at = now
    return end(row, "no_consent", by, now, words("text", text, 300, required=False))


@whole
def verify(
    *, by: Actor, now: datetime, uuid: UUID, entry: str, second_id: int | None, breaks: bool = True, text: str = "",
    expected: int | None = None,
) -> Dossier:  # fmt: skip
    """Say as two law officers what was found on site: that the rules are broken, or that they are not.

    Args:
        entry: by consent or by warrant.
        second_id: the other law officer.

    Raises:
        NotFoundError, ForbiddenError, StaleError. ConflictError: rooms not looked at, no warrant on file.
        InvalidError: no second officer, or one who is none.
    """
    row = begin(by, uuid, "verify" if breaks else "clear", expected)
    if entry not in Entry.values:
        raise wrong(entry=_("请说明是经同意还是凭法律文书进入。"))
    second = _second(by, now, second_id)
    row.entry = entry
    check_needs(row, "verify" if breaks else "clear", now)
    row.officer_id, row.second_id = by.user_id, second_id
    row.officers_label, row.visited_at = f"{by.label}、{second}"[:161], now
    if not breaks:
        row.ended_at = now
    return end(row, "verify" if breaks else "clear", by, now, words("text", text, 300, required=False),
               {"entry": entry})  # fmt: skip


def _second(by: Actor, now: datetime, second_id: int | None) -> str:
    article = selectors.article("two", now)
    if second_id is None or second_id == by.user_id:
        raise wrong(second_id=_("须有另一名执法人员（%(article)s）。") % {"article": article})
    user = accounts.users([second_id]).get(second_id)
    actor = people.actor_for(user, now) if user is not None else None
    if actor is None or not permissions.is_officer(actor):
        raise wrong(second_id=_("同行人须是执法人员（%(article)s）。") % {"article": article})
    return actor.label


@whole
def drop(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int | None = None) -> Dossier:
    """Take a dossier back that was opened in error, with the reason.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError, InvalidError.
    """
    row = begin(by, uuid, "drop", expected)
    row.ended_at = now
    return end(row, "drop", by, now, words("reason", reason, 300))


@whole
def swept(submission: Submission, by: Actor, now: datetime) -> Dossier | None:
    """Take up a flat that a sweep found broken, with the rooms as they were seen; None where nothing is to verify."""
    target = submission.target
    if target is None or target.kind.code != "flat" or submission.form.form.kind != CHECK:
        return None
    rooms = selectors.rooms_in(submission)
    there = Dossier.objects.select_for_update(of=("self",)).filter(selectors.open_q(), target=target).first()
    if not rooms:
        return None
    draft = Dossier(target=target)
    try:
        _put_rooms(draft, rooms, now)
    except InvalidError:  # what cannot be read stays in the record, which is kept whatever it says
        return None
    if there is None and not draft.to_verify:
        return None
    system = SYSTEM.for_person(by.label)
    row = there or _open(system, now, target, Origin.SWEEP, submission=submission,
                         case_uuid=selectors.case_of(submission))  # fmt: skip
    if row.state in {"reported", "no_consent"}:
        row.rooms, row.breaches, row.to_verify, row.checked_at = draft.rooms, draft.breaches, draft.to_verify, now
        end(row, "check", system, now, after={"rooms": len(row.rooms), "breaches": len(row.breaches)})
    return row
