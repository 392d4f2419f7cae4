"""Lists of condolences: drawn up, confirmed by another, carried out with a signature for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.fieldwork import services as rounds
from linli.engines.fieldwork.types import Choice, How, RoundData, TargetFilter
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import encrypt_text
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, NotFoundError
from linli.foundation.core.faults import stale
from linli.foundation.forms.rules import answered
from linli.foundation.forms.types import QuestionType
from linli.foundation.people import selectors as people
from linli.programmes.visits import permissions
from linli.programmes.visits.models import CondolenceEntry, CondolenceList
from linli.programmes.visits.models.condolences import ListState
from linli.programmes.visits.selectors.condolences import SEALED
from linli.programmes.visits.services.help import fitting, needed, note, wrong
from linli.programmes.visits.types import CONDOLENCE, Consoled

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Submission

MOST = 500


@dataclass(frozen=True, slots=True)
class ListData:
    """A list as it is drawn up."""

    title: str
    festival: str
    day: date
    unit_id: int


@whole
def draw_up(*, by: Actor, now: datetime, data: ListData) -> CondolenceList:
    """Begin a list for a festival, of a unit that one works in.

    Raises:
        ForbiddenError, InvalidError.
    """
    if not permissions.may_condole(by, data.unit_id):
        raise ForbiddenError(_("慰问名单由本单位工作人员拟定。"), code="visits.condole", hint=_("请联系该单位。"))
    unit = people.units([data.unit_id]).get(data.unit_id)
    row = CondolenceList.objects.create(
        title=needed("title", data.title, 60), festival=needed("festival", data.festival, 30), day=data.day,
        unit_id=data.unit_id, area_path=unit.area.path if unit is not None and unit.area is not None else "",
        created_at=now, by_uuid=by.uuid, by_label=by.label[:80],
    )  # fmt: skip
    note(by, now, "draw_up", "condolence", row.uuid, row.title, after={"day": row.day, "unit": row.unit_id})
    return row


def _locked(by: Actor, uuid: UUID, *states: str, expected: int | None = None) -> CondolenceList:
    row = CondolenceList.objects.select_for_update(of=("self",)).filter(uuid=uuid).first()
    if row is None:
        raise NotFoundError(_("没有这份名单。"), code="visits.no_list")
    permissions.check_condole(by, row)
    if expected is not None and row.version != expected:
        raise stale()
    if row.state not in states:
        raise ConflictError(
            _("这份名单现在是“%(state)s”，不能这样办理。") % {"state": row.get_state_display()},
            code="visits.list_state", hint=_("请刷新后查看。"),
        )  # fmt: skip
    return row


def _next(row: CondolenceList, state: str | None = None) -> None:
    row.state = state or row.state
    row.version += 1
    row.save()


@whole
def add_person(*, by: Actor, now: datetime, uuid: UUID, data: Consoled) -> CondolenceEntry:
    """Put somebody on a list that is not confirmed yet.

    Raises:
        NotFoundError, ConflictError, InvalidError: nothing is to be given, or no name.
    """
    row = _locked(by, uuid, ListState.DRAFT)
    if row.entries.count() >= MOST:
        raise wrong(person=_("一份名单最多 %(most)s 人，请另建一份。") % {"most": MOST})
    item = fitting("item", data.item, 60)
    if data.amount is None and not item:
        raise wrong(amount=_("慰问金和慰问品至少填一项。"))
    target = fieldwork.target_for(by, data.target) if data.target is not None else None
    made = CondolenceEntry.objects.create(
        list=row, person_sealed=encrypt_text(needed("person", data.person, 40), SEALED), target=target,
        reason=needed("reason", data.reason, 60), amount=data.amount, item=item,
    )  # fmt: skip
    _next(row)
    note(by, now, "add_person", "condolence", row.uuid, row.title, after={"entries": row.entries.count()})
    return made


@whole
def take_off(*, by: Actor, now: datetime, uuid: UUID, entry: UUID, reason: str) -> None:
    """Take somebody off a list that is not confirmed yet.

    Raises:
        NotFoundError, ConflictError, InvalidError.
    """
    row = _locked(by, uuid, ListState.DRAFT)
    why = needed("reason", reason, 200)
    if not row.entries.filter(uuid=entry).delete()[0]:
        raise NotFoundError(_("名单上没有这一位。"), code="visits.no_entry")
    _next(row)
    note(by, now, "take_off", "condolence", row.uuid, row.title, reason=why)


@whole
def confirm_list(*, by: Actor, now: datetime, uuid: UUID, expected: int | None = None) -> CondolenceList:
    """Confirm a list as another than who drew it up; from then on it stays as it is.

    Raises:
        ForbiddenError: one's own. NotFoundError, ConflictError: empty, or confirmed. StaleError.
    """
    row = _locked(by, uuid, ListState.DRAFT, expected=expected)
    if not by.is_system and by.uuid == row.by_uuid:
        raise ForbiddenError(
            _("名单须由拟定人以外的人确认。"), code="visits.two", hint=_("请本单位另一位工作人员确认。")
        )
    if not row.entries.exists():
        raise ConflictError(_("名单上还没有人。"), code="visits.empty", hint=_("请先添加慰问对象。"))
    row.confirmed_uuid, row.confirmed_label, row.confirmed_at = by.uuid, by.label[:80], now
    _next(row, ListState.CONFIRMED)
    note(by, now, "confirm_list", "condolence", row.uuid, row.title, before={"state": "draft"},
         after={"state": row.state, "entries": row.entries.count()})  # fmt: skip
    return row


@whole
def plan_visits(*, by: Actor, now: datetime, uuid: UUID, form: str) -> CondolenceList:
    """Open a round for those on a confirmed list who stand in a ledger: at their doors they sign in the form.

    Raises:
        NotFoundError, ForbiddenError, ConflictError: not confirmed, planned already, or nobody in a ledger.
    """
    row = _locked(by, uuid, ListState.CONFIRMED)
    targets = tuple(row.entries.filter(target__isnull=False).values_list("target__uuid", flat=True))
    if row.round_id is not None or not targets:
        raise ConflictError(
            _("这份名单已经安排走访，或没有关联台账的慰问对象。"), code="visits.planned", hint=_("请刷新后查看。")
        )
    today = people.local_day(now)
    kind = fieldwork.target_for(by, targets[0]).kind.code
    data = RoundData(
        title=row.title, form=form, unit_id=row.unit_id, starts_on=today,
        ends_on=max(row.day, today) + timedelta(days=7), programme=CONDOLENCE,
        area_id=people.units([row.unit_id])[row.unit_id].area_id,
        choice=Choice(How.LIST, TargetFilter((kind,)), targets), source_kind=CONDOLENCE, source_uuid=row.uuid,
    )  # fmt: skip
    made = rounds.plan_round(by=by, now=now, data=data)
    row.round = rounds.open_round(by=by, now=now, uuid=made.uuid, expected=made.version)
    _next(row)
    note(by, now, "plan_visits", "condolence", row.uuid, row.title, after={"round": str(made.uuid)})
    return row


@whole
def hand_out(
    *, by: Actor, now: datetime, uuid: UUID, entry: UUID, on: date, signed_id: int | None, submission: Any = None
) -> CondolenceEntry:
    """Enter that somebody got theirs and signed for it.

    Raises:
        NotFoundError; ConflictError: the list is not confirmed, or it was handed out. InvalidError: no signature.
    """
    row = _locked(by, uuid, ListState.CONFIRMED)
    if signed_id is None:
        raise wrong(signed=_("请上传本人签名（签收单照片）。"))
    if on > people.local_day(now):
        raise wrong(on=_("送达日期不能在今天以后。"))
    found = CondolenceEntry.objects.select_for_update().filter(list=row, uuid=entry).first()
    if found is None:
        raise NotFoundError(_("名单上没有这一位。"), code="visits.no_entry")
    if found.given_on is not None:
        raise ConflictError(_("这一位已经送达。"), code="visits.given", hint=_("请刷新后查看。"))
    found.given_on, found.given_label, found.signed_id = on, by.label[:80], signed_id
    found.submission = submission
    found.version += 1
    found.save()
    note(by, now, "hand_out", "condolence", row.uuid, row.title, after={"on": on})
    return found


def signed_at_door(submission: Submission, by: Actor, now: datetime) -> None:
    """Take the signature of a form filled at the door for the entry of the list that its round is of."""
    round_ = submission.round
    if round_ is None or round_.source_kind != CONDOLENCE or not round_.source_uuid or not submission.target_id:
        return
    entry = CondolenceEntry.objects.filter(
        list__uuid=round_.source_uuid, target=submission.target_id, given_on=None
    ).select_related("list")
    found = entry.first()
    signed = _signature(submission)
    if found is None or signed is None:
        return
    found.given_on, found.given_label = people.local_day(min(submission.made_at, now)), submission.by_label
    found.signed_id, found.submission = signed, submission
    found.version += 1
    found.save()
    note(by, now, "hand_out", "condolence", found.list.uuid, found.list.title, after={"on": found.given_on})


def _signature(submission: Submission) -> int | None:
    form = fieldwork.form_of(submission.form)
    paths = [p for p, q, _v in answered(form, submission.answers) if q.type is QuestionType.SIGNATURE]
    return next(iter(fieldwork.file_ids(submission, paths)), None)


@whole
def close_list(*, by: Actor, now: datetime, uuid: UUID, expected: int | None = None) -> CondolenceList:
    """Close a list; who was not met stands in it as not handed out.

    Raises:
        NotFoundError, ConflictError, StaleError.
    """
    row = _locked(by, uuid, ListState.CONFIRMED, expected=expected)
    _next(row, ListState.CLOSED)
    note(by, now, "close_list", "condolence", row.uuid, row.title, after={"state": row.state})
    return row
