"""What a packet is about: round, visit, target, the version filled, who went along, which record it corrects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.models import Kind, Round, Submission, Target, Visit
from linli.engines.fieldwork.permissions import may_read
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.rules.choosing import rhythm_of
from linli.engines.fieldwork.rules.rounds import within
from linli.engines.fieldwork.rules.sending import Noted
from linli.engines.fieldwork.selectors.crews import crews
from linli.engines.fieldwork.types import Packet
from linli.engines.fieldwork.workflow import RoundState, SubmissionState, VisitState
from linli.foundation.accounts import selectors as accounts
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.holding import hold
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from linli.foundation.forms import selectors as forms
from linli.foundation.forms import services as form_services
from linli.foundation.people import selectors as people


@dataclass(frozen=True, slots=True)
class Second:
    """Who checked with the one who sent it."""

    user_id: int
    label: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a packet is about, found and allowed; the visit is locked, and whether the target is guarded is held."""

    round: Round
    visit: Visit | None
    target: Target | None
    version: Any
    second: Second | None
    former: Submission | None
    noted: tuple[Noted, ...]
    guarded: bool = False


def _wrong(field: str, message: str, hint: str = "", code: str = "fieldwork.packet") -> InvalidError:
    return InvalidError(message, code=code, hint=hint, fields={field: [message]})


def _one(rows: QuerySet[Any], uuid: UUID, field: str, message: str) -> Any:
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(
            message, code=f"fieldwork.no_{field}", fields={field: [message]},
            hint=_("请联网更新本机的任务清单后再试；记录仍保留在本机。"),
        )  # fmt: skip
    return found


def asked_of(by: Actor, now: datetime, packet: Packet) -> Asked:
    """Find and check what a packet is about.

    Raises:
        DomainError: of the kinds that ``submit`` names.
    """
    _shape(by, packet)
    guarded = _guarded(packet)
    visit = _visit(packet)
    round_ = visit.round if visit is not None else _round(packet)
    target = visit.target if visit is not None else _target(packet)
    doors.check_may_send(by, round_, visit, target)
    former = _former(by, packet, visit, round_)
    noted = [*_standing(round_, packet), *_of_visit(by, visit)]
    if not within(rhythm_of(round_.rhythm, round_.starts_on, round_.ends_on), packet.made_at, selectors.zone()):
        noted.append(Noted.OUT_OF_HOURS)
    if target is not None and (target.until is not None or target.merged_into_id is not None):
        noted.append(Noted.TARGET_ENDED)
    version = _version(by, now, packet, round_)
    newest = forms.version(packet.form)
    if newest.number != version.number:
        noted.append(Noted.FORMER_VERSION)
    second = _second(by, now, packet, round_, visit, target)
    return Asked(round_, visit, target, version, second, former, tuple(noted), guarded)


def _shape(by: Actor, packet: Packet) -> None:
    if packet.made_at.tzinfo is None:
        raise _wrong("made_at", _("填写时间没有时区。"), _("请更新手机上的应用。"))
    if (packet.lat is None) != (packet.lon is None) or (
        packet.lat is not None and packet.lon is not None and not (abs(packet.lat) <= 90 and abs(packet.lon) <= 180)
    ):
        raise _wrong("place", _("提交时的位置不完整或不可能。"), _("可以不带位置提交。"))
    if packet.visit is None and packet.round is None:
        raise _wrong("round", _("这份记录没有写明是哪一轮、哪一次走访。"), _("请从任务清单打开表单。"))
    if not (by.is_user or by.is_system):
        raise ForbiddenError(_("请先登录再提交。"), code="fieldwork.login", hint=_("记录仍保留在本机。"))


def _guarded(packet: Packet) -> bool:
    """Return whether the target's ledger is guarded, held before the visit is locked, as its changer does."""
    if packet.visit is not None:
        kinds = Kind.objects.filter(targets__visits__uuid=packet.visit)
    elif packet.target is not None:
        kinds = Kind.objects.filter(targets__uuid=packet.target)
    else:
        return False
    try:
        return bool(hold(kinds, "guarded"))
    except Kind.DoesNotExist:
        return False  # what is missing is told where it is looked for


def _visit(packet: Packet) -> Visit | None:
    if packet.visit is None:
        return None
    rows = Visit.objects.select_for_update(of=("self",)).select_related(
        "round__form", "round__form_version", "target__kind"
    )
    visit: Visit = _one(rows, packet.visit, "visit", _("没有这次走访，或它不是您的。"))
    for name, given, there in (
        ("round", packet.round, visit.round.uuid), ("target", packet.target, visit.target.uuid)
    ):  # fmt: skip
        if given is not None and given != there:
            raise _wrong(name, _("这次走访与所写的轮次或对象不符。"), _("请从任务清单重新打开表单。"))
    return visit


def _round(packet: Packet) -> Round:
    missing = _("没有这一轮，或它不是您的。")
    rows = Round.objects.select_related("form", "form_version")
    found: Round = _one(rows, packet.round or packet.uuid, "round", missing)
    return found


def _target(packet: Packet) -> Target | None:
    if packet.target is None:
        return None
    found: Target = _one(Target.objects.select_related("kind"), packet.target, "target", _("台账里没有这个对象。"))
    return found


def _standing(round_: Round, packet: Packet) -> list[Noted]:
    """Say what is odd about the state of the round, or refuse.

    Raises:
        ConflictError: it has not begun, was called off, or had ended before the form was filled.
    """
    if round_.state == RoundState.OPEN:
        return []
    if round_.state == RoundState.CLOSED and round_.closed_at is not None and packet.made_at <= round_.closed_at:
        return [Noted.AFTER_CLOSE]
    words = {
        RoundState.DRAFT: _("“%(title)s”还没有开始，不能提交。"),
        RoundState.DROPPED: _("“%(title)s”已取消，不再收记录。"),
    }.get(RoundState(round_.state), _("“%(title)s”已办结，办结之后填写的记录不再收。"))
    raise ConflictError(
        words % {"title": round_.title}, code="fieldwork.round_state", state=round_.state,
        there={
            "round": round_.title, "word": str(round_.get_state_display()), "by": round_.unit.name,
            "at": round_.closed_at.isoformat() if round_.closed_at is not None else None,
        },
        hint=_("记录仍保留在本机；如仍需计入，请联系组织单位另开一轮。"),
    )  # fmt: skip


def _of_visit(by: Actor, visit: Visit | None) -> list[Noted]:
    if visit is None:
        return []
    noted = [Noted.VISIT_DROPPED] if visit.state == VisitState.DROPPED else []
    return noted if by.is_system or doors.is_due_to(by, visit) else [*noted, Noted.NOT_ASSIGNED]


def _version(by: Actor, now: datetime, packet: Packet, round_: Round) -> Any:
    """Return the version that was filled, frozen from now on.

    Raises:
        ConflictError: another form than the round's, or a version that was retired before the round was made.
        NotFoundError: no such version.
    """
    if packet.form != round_.form.code:
        raise ConflictError(
            _("这一轮用的是表单“%(title)s”，与提交的不同。") % {"title": round_.form.title},
            code="fieldwork.other_form", hint=_("请联网更新任务清单后用新表单填写；本机的记录仍然保留。"),
            asked=round_.form.code,
        )  # fmt: skip
    try:
        found = forms.version(packet.form, packet.version)
    except NotFoundError:
        raise NotFoundError(
            _("没有这张表单的第 %(number)s 版。") % {"number": packet.version}, code="fieldwork.no_version",
            hint=_("请更新手机上的应用和表单；本机的记录仍然保留。"), fields={"version": [_("未知的版本。")]},
        ) from None  # fmt: skip
    frozen = round_.form_version
    if frozen is not None and found.number < frozen.number:
        raise ConflictError(
            _("表单“%(title)s”的第 %(number)s 版在这一轮开始前已停用。")
            % {"title": round_.form.title, "number": packet.version},
            code="fieldwork.retired_version", now=frozen.number,
            hint=_("请联网更新表单，把本机保留的内容誊到新版后提交。"),
        )  # fmt: skip
    return form_services.use(by=by, now=now, code=packet.form, number=packet.version)


def _second(
    by: Actor, now: datetime, packet: Packet, round_: Round, visit: Visit | None, target: Target | None
) -> Second | None:  # fmt: skip
    """Return who went along; two-person rounds need both names, of people who may go there."""
    second = packet.second
    if second is None:
        named = visit is not None and visit.second_id is not None
        if not round_.pair:
            return None
        if not named:
            raise _wrong(
                "second", _("这一轮须两人同行，还没有写明另一人。"), _("请选择同行人后再提交。"), "fieldwork.second"
            )
        both = {visit.user_id, visit.second_id} if visit is not None else set()
        user_id = next((u for u in sorted(filter(None, both)) if u != by.user_id), None)
        user = accounts.users([user_id])[user_id] if user_id is not None else None
    else:
        user = accounts.users(accounts.ids_of([second])).popitem()[1] if accounts.ids_of([second]) else None
    if user is None or user.pk == by.user_id:
        raise _wrong("second", _("同行人须是另一位工作人员。"), _("请重新选择同行人。"), "fieldwork.second")
    actor = people.actor_for(user, now)
    if not doors.staff_grants(actor):
        raise _wrong("second", _("同行人须是在岗的工作人员。"), _("请重新选择同行人。"), "fieldwork.second")
    if not _goes_along(actor, now, round_, visit, target):
        raise _wrong(
            "second", _("%(name)s不参加这一轮，不能作为同行人。") % {"name": actor.label},
            _("请选择本轮参加单位或本网格的同事。"), "fieldwork.second",
        )  # fmt: skip
    return Second(user.pk, actor.label[:80])


def _goes_along(actor: Actor, now: datetime, round_: Round, visit: Visit | None, target: Target | None) -> bool:
    """Return whether somebody may be the second of two: named for the visit, or of those who can be sent there."""
    if visit is not None and actor.user_id in (visit.user_id, visit.second_id):
        return True
    if target is not None and target.kind.guarded:
        return may_read(actor, target)
    if doors.reaches(actor, round_, visit, target):
        return True
    return actor.user_id in {h.user_id for h in crews([round_], now)[round_.pk]}


def _former(by: Actor, packet: Packet, visit: Visit | None, round_: Round) -> Submission | None:
    """Return the record that is corrected.

    Raises:
        NotFoundError: there is none for this person.
        ForbiddenError: neither sent it nor went along.
        InvalidError: it is about something else.
        ConflictError: it was corrected, or is not used.
    """
    if packet.former is None:
        return None
    former = Submission.objects.select_for_update(of=("self",)).filter(uuid=packet.former).first()
    if former is None:
        raise NotFoundError(
            _("没有找到要更正的记录。"), code="fieldwork.no_former", fields={"former": [_("没有这条记录。")]},
            hint=_("如果原记录还在本机，请先提交它，再提交更正。"),
        )  # fmt: skip
    if not by.is_system and by.user_id not in (former.user_id, former.second_id):
        raise ForbiddenError(_("只能更正自己提交的记录。"), code="fieldwork.not_own", hint=_("请由原提交人更正。"))
    if former.round_id != round_.pk or former.visit_id != (visit.pk if visit is not None else None):
        raise _wrong("former", _("更正与原记录不是同一次走访。"), _("请在原记录上点“更正”。"))
    if former.state in (SubmissionState.REPLACED, SubmissionState.ASIDE):
        raise ConflictError(
            _("这条记录已经有一次更正。")
            if former.state == SubmissionState.REPLACED
            else _("这条记录没有被采用，不能再更正。"),
            code="fieldwork.corrected", hint=_("请打开最新的一份，在它上面更正。"),
        )  # fmt: skip
    return former
