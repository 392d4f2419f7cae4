"""Members: proposed, checked, decided at a meeting, given certificate and plaque, renewed, left."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, DomainError
from linli.foundation.core.faults import check_version
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places
from linli.programmes.alliance import permissions, selectors
from linli.programmes.alliance.models import Holding, Member, Seat
from linli.programmes.alliance.rules import naming, standing
from linli.programmes.alliance.services.help import (
    Faults,
    invalid,
    needed,
    number,
    tell,
    values_of,
)  # fmt: skip
from linli.programmes.alliance.types import MemberData, MemberKind, Stage

_TOLD = (
    "name", "short_name", "kind", "unit_id", "area_id", "address", "offers", "needs", "contact_post", "proposer",
)  # fmt: skip
_ADMISSION = ("stage", "decided_on", "decided_at", "admitted_on", "certificate", "plaque", "valid_to")


@whole
def propose_member(*, by: Actor, now: datetime, data: MemberData) -> Member:
    """Enter an organisation that applies or is proposed.

    Raises:
        ForbiddenError: not who keeps the alliance. InvalidError: by field, what is missing, too long or there already.
    """
    permissions.check_enter(by)
    member = Member(proposed_on=timezone.localdate(now), changed_at=now)
    _fill(member, data)
    member.save(force_insert=True)
    tell(by, now, "propose_member", member, kind="member", after=values_of(member, _TOLD))
    return member


@whole
def change_member(*, by: Actor, now: datetime, uuid: UUID, data: MemberData, expected: int | None = None) -> Member:
    """Change what is known of a member at version ``expected``; its admission is other verbs' matter.

    Raises:
        ForbiddenError: neither who keeps the alliance nor who works there. StaleError: changed meanwhile.
        InvalidError: as :func:`propose_member`.
    """
    member = locked(uuid)
    if not permissions.may_act_for(by, member):
        permissions.check_enter(by)
    check_version(member, expected)
    before = values_of(member, _TOLD)
    _fill(member, data)
    _save(member, now)
    tell(by, now, "change_member", member, kind="member", before=before, after=values_of(member, _TOLD))
    return member


def _fill(member: Member, data: MemberData) -> None:
    faults = Faults()
    member.name = faults.words("name", data.name, 100, needed=True)
    member.name_key = naming.fold(member.name)[:200]
    member.short_name = faults.words("short_name", data.short_name, 32)
    member.kind = faults.choice("kind", data.kind, MemberKind.values)
    member.address = faults.words("address", data.address, 200)
    member.offers = mask_personal(faults.words("offers", data.offers, 1000))
    member.needs = mask_personal(faults.words("needs", data.needs, 1000))
    member.contact_post = faults.words("contact_post", data.contact_post, 64)
    member.proposer = faults.words("proposer", data.proposer, 100)
    member.note = mask_personal(faults.words("note", data.note, 1000))
    name, phone = faults.words("contact_name", data.contact_name, 32), faults.words("phone", data.phone, 32)
    if phone and not 3 <= sum(c.isdigit() for c in phone) <= 15:
        faults.add("phone", _("电话号码应为 3 至 15 位数字。"))
    _place(member, data, faults)
    others = Member.objects.exclude(pk=member.pk)
    if member.name and others.filter(name_key=member.name_key).exists():
        faults.add("name", _("已经登记过这个单位。"))
    if data.unit_id is not None and others.filter(unit=data.unit_id).exists():
        faults.add("unit_id", _("这个单位已经对应另一个成员。"))
    faults.check()
    member.seal_contact(name, phone)


def _place(member: Member, data: MemberData, faults: Faults) -> None:
    if data.unit_id is not None and not people.units([data.unit_id]):
        faults.add("unit_id", _("没有这个单位。"))
    member.unit_id = data.unit_id
    try:
        area = places.area(data.area_id) if data.area_id is not None else None
    except DomainError:
        faults.add("area_id", _("没有这个区域。"))
        return
    member.area_id, member.area_path = (area.pk, area.path) if area else (None, "")


def locked(uuid: UUID) -> Member:
    """Return the member to be changed, locked."""
    return selectors.member_for(uuid, lock=True)


def _save(member: Member, now: datetime) -> None:
    member.version += 1
    member.changed_at = now
    member.save()


def _move(member: Member, source: tuple[str, ...]) -> None:
    if member.stage not in source:
        raise ConflictError(
            _("这个单位现在是“%(stage)s”，不能进行这一步。") % {"stage": member.get_stage_display()},
            code="alliance.stage",
            hint=_("请刷新后查看。"),
        )


@whole
def check_member(*, by: Actor, now: datetime, uuid: UUID, note: str) -> Member:
    """Say what was found about an applicant (who was visited, what fits), so that a meeting can decide.

    Raises:
        ForbiddenError, ConflictError, InvalidError: no note.
    """
    permissions.check_keep(by)
    member = locked(uuid)
    _move(member, (Stage.APPLIED,))
    member.check_note, member.checked_on = mask_personal(needed("note", note)), timezone.localdate(now)
    member.stage = Stage.CHECKED
    _save(member, now)
    tell(by, now, "check_member", member, kind="member", after={"stage": member.stage, "note": member.check_note})
    return member


@whole
def decide_member(
    *, by: Actor, now: datetime, uuid: UUID, admitted: bool, on: date, meeting: str, reason: str = "",
    meeting_uuid: UUID | None = None,
) -> Member:  # fmt: skip
    """Enter what a meeting decided of an applicant that was checked; a refusal needs its reason.

    Args:
        on: the day of the decision, not after today.
        meeting: which meeting, in words; ``meeting_uuid`` where it is kept as one.

    Raises:
        ForbiddenError, ConflictError, InvalidError.
    """
    permissions.check_keep(by)
    member = locked(uuid)
    _move(member, (Stage.CHECKED,))
    faults = Faults()
    meeting = faults.words("meeting", meeting, 120, needed=True)
    reason = faults.words("reason", reason, 300, needed=not admitted)
    if on > timezone.localdate(now):
        faults.add("on", _("决定日期不能晚于今天。"))
    faults.check()
    member.decided_on, member.decided_at, member.meeting_uuid = on, meeting, meeting_uuid
    if admitted:
        member.stage, member.admitted_on = Stage.ADMITTED, on
        member.valid_to = standing.term_end(on, number("member_term_months", on))
    else:
        member.stage, member.ended_on, member.end_reason = Stage.REFUSED, on, reason
    _save(member, now)
    tell(by, now, "decide_member", member, kind="member", after=values_of(member, _ADMISSION), reason=reason)
    return member


@whole
def issue(
    *, by: Actor, now: datetime, uuid: UUID, on: date, certificate: str = "", plaque: str = ""
) -> Member:  # fmt: skip
    """Give an admitted member its certificate and plaque; an empty number is drawn as the next of the year.

    Raises:
        ForbiddenError, ConflictError: not admitted, given already, or the number is another's. InvalidError.
    """
    permissions.check_keep(by)
    member = locked(uuid)
    _move(member, (Stage.ADMITTED,))
    if member.issued_on is not None:
        raise ConflictError(_("已经颁证授牌。"), code="alliance.issued")
    if member.admitted_on and on < member.admitted_on:
        raise invalid("on", _("颁证日期不能早于接纳日期。"))
    member.certificate = clean(certificate)[:40] or next_number("certificate", "证", on.year)
    member.plaque = clean(plaque)[:40] or next_number("plaque", "牌", on.year)
    member.issued_on = on
    try:
        with transaction.atomic():
            _save(member, now)
    except IntegrityError as error:
        raise invalid("certificate", _("证书或铭牌编号已经用过，请换一个。")) from error
    tell(by, now, "issue", member, kind="member", after=values_of(member, _ADMISSION))
    return member


def next_number(name: str, word: str, year: int) -> str:
    """Return the next free number of a year: ``2024-证-012``."""
    prefix = f"{year}-{word}-"
    taken = Member.objects.filter(**{f"{name}__startswith": prefix}).values_list(name, flat=True)
    last = max((int(t[len(prefix) :]) for t in taken if t[len(prefix) :].isdigit()), default=0)
    return f"{prefix}{last + 1:03d}"


@whole
def renew_member(*, by: Actor, now: datetime, uuid: UUID, valid_to: date) -> Member:
    """Extend the term of a member to ``valid_to``.

    Raises:
        ForbiddenError, ConflictError: no member. InvalidError: the day lies before today or the present end.
    """
    permissions.check_keep(by)
    member = locked(uuid)
    _move(member, (Stage.ADMITTED,))
    before = values_of(member, ("valid_to",))
    if valid_to <= (member.valid_to or timezone.localdate(now)):
        raise invalid("valid_to", _("续期应晚于现在的届满日期。"))
    member.valid_to = valid_to
    _save(member, now)
    tell(by, now, "renew_member", member, kind="member", before=before, after={"valid_to": valid_to.isoformat()})
    return member


@whole
def leave(*, by: Actor, now: datetime, uuid: UUID, on: date, reason: str) -> Member:
    """End a membership: seats and posts end with it; open claims must be settled first.

    Raises:
        ForbiddenError, ConflictError: no member, in the chair, or claims are open. InvalidError: no reason.
    """
    permissions.check_keep(by)
    member = locked(uuid)
    _move(member, (Stage.ADMITTED,))
    reason = needed("reason", reason)
    if member.admitted_on and on < member.admitted_on:
        raise invalid("on", _("退出日期不能早于接纳日期。"))
    if selectors.open_claims_of(member):
        raise ConflictError(
            _("还有未完成的认领，不能退出。"), code="alliance.open_claims", hint=_("请先确认或撤回这些认领。")
        )
    if member.chairs.filter(handed_on__isnull=True).exists():
        raise ConflictError(_("正在担任轮值主席，请先交接。"), code="alliance.in_chair")
    member.stage, member.ended_on, member.end_reason = Stage.LEFT, on, reason
    _save(member, now)
    for seat in Seat.objects.filter(member=member, ends_on__isnull=True):
        seat.ends_on, seat.reason = max(on, seat.starts_on), reason[:200]
        seat.save(update_fields=["ends_on", "reason"])
    for held in Holding.objects.filter(member=member, ended=False):
        held.ends_on, held.ended = max(on, held.starts_on), True
        held.save(update_fields=["ends_on", "ended"])
    tell(by, now, "leave", member, kind="member", after={"stage": member.stage, "on": on}, reason=reason)
    return member


@whole
def open_contact(*, by: Actor, now: datetime, uuid: UUID) -> tuple[str, str]:
    """Return the contact's name and telephone in clear, and journal that they were opened.

    Raises:
        ForbiddenError: neither who keeps the alliance nor who works there.
    """
    member = selectors.member_for(uuid)
    permissions.check_contact(by, member)
    tell(by, now, "open_contact", member, kind="member")
    return member.contact()
