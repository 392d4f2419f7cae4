"""Brands and bodies: setting up, seats, posts, the rotating chair with its hand-over, sittings."""

from __future__ import annotations

from collections.abc import Sequence
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
from linli.programmes.alliance.models import (
    Body,
    Brand,
    ChairTerm,
    Holding,
    Member,
    Office,
    Seat,
    Sitting,
    Turn,
)  # fmt: skip
from linli.programmes.alliance.rules import naming, standing
from linli.programmes.alliance.services.help import (
    Faults,
    invalid,
    needed,
    number,
    tell,
    values_of,
)  # fmt: skip
from linli.programmes.alliance.types import BodyData, BodyKind, Level, Stage

_BRAND = ("name", "since", "owner", "text", "active")
_BODY = ("name", "kind", "level", "brand_id", "parent_id", "area_id", "office_id", "purpose", "starts_on")


@whole
def save_brand(
    *, by: Actor, now: datetime, name: str, since: int | None = None, owner: str = "", text: str = "",
    active: bool = True, uuid: UUID | None = None, expected: int | None = None,
) -> Brand:  # fmt: skip
    """Enter a brand, or change the one with ``uuid``; its name keeps its inner quotes.

    Raises:
        ForbiddenError, StaleError. InvalidError: no name, one that is there, or a year that cannot be.
    """
    permissions.check_keep(by)
    brand = selectors.brand_for(uuid, lock=True) if uuid else Brand()
    check_version(brand, expected if uuid else None)
    before = values_of(brand, _BRAND) if uuid else None
    faults = Faults()
    brand.name = faults.words("name", name, 64, needed=True)
    brand.name_key = naming.fold(brand.name)[:128]
    brand.owner, brand.text = faults.words("owner", owner, 100), mask_personal(faults.words("text", text, 2000))
    if since is not None and not 1949 <= since <= timezone.localdate(now).year:
        faults.add("since", _("年份应为 1949 至今年。"))
    if brand.name and Brand.objects.filter(name_key=brand.name_key).exclude(pk=brand.pk).exists():
        faults.add("name", _("已经有同名的品牌。"))
    faults.check()
    brand.since, brand.active = since, active
    brand.version += 1 if uuid else 0
    brand.save()
    tell(by, now, "save_brand", brand, kind="brand", before=before, after=values_of(brand, _BRAND))
    return brand


@whole
def save_body(
    *, by: Actor, now: datetime, data: BodyData, uuid: UUID | None = None, expected: int | None = None
) -> Body:
    """Set a body up, or change the one with ``uuid``.

    Raises:
        ForbiddenError, StaleError. InvalidError: by field; an association without its 片区, a name that is there.
    """
    permissions.check_keep(by)
    body = selectors.body_for(uuid, lock=True) if uuid else Body(starts_on=timezone.localdate(now))
    check_version(body, expected if uuid else None)
    before = values_of(body, _BODY) if uuid else None
    faults = Faults()
    body.name = faults.words("name", data.name, 100, needed=True)
    body.name_key = naming.fold(body.name)[:200]
    body.kind = faults.choice("kind", data.kind, BodyKind.values)
    body.level = faults.choice("level", data.level, Level.values)
    body.purpose = mask_personal(faults.words("purpose", data.purpose, 1000))
    body.starts_on = data.starts_on or body.starts_on
    _links(body, data, faults)
    if Body.objects.filter(name=body.name, ends_on__isnull=True).exclude(pk=body.pk).exists():
        faults.add("name", _("已经有同名的组织。"))
    faults.check()
    body.version += 1 if uuid else 0
    body.save()
    tell(by, now, "save_body", body, kind="body", before=before, after=values_of(body, _BODY))
    return body


def _links(body: Body, data: BodyData, faults: Faults) -> None:
    if data.brand_id is not None and not Brand.objects.filter(pk=data.brand_id).exists():
        faults.add("brand_id", _("没有这个品牌。"))
    parent = Body.objects.filter(pk=data.parent_id).first() if data.parent_id is not None else None
    if data.parent_id is not None and (parent is None or parent.pk == body.pk or parent.parent_id is not None):
        faults.add("parent_id", _("请选择上一级联席会议。"))
    if data.office_id is not None and not people.units([data.office_id]):
        faults.add("office_id", _("没有这个单位。"))
    if data.kind == BodyKind.ASSOCIATION and data.area_id is None:
        faults.add("area_id", _("请选择片区。"))
    if data.area_id is not None:
        try:
            places.area(data.area_id)
        except DomainError:
            faults.add("area_id", _("没有这个区域。"))
    body.brand_id, body.parent_id, body.area_id = data.brand_id, data.parent_id, data.area_id
    body.office_id = data.office_id


@whole
def end_body(*, by: Actor, now: datetime, uuid: UUID, on: date, reason: str) -> Body:
    """End a body with the day ``on``; seats and posts end with it.

    Raises:
        ForbiddenError, ConflictError: ended already. InvalidError: no reason, or before it began.
    """
    permissions.check_keep(by)
    body = selectors.body_for(uuid, lock=True)
    _living(body)
    reason = needed("reason", reason, 200)
    if on < body.starts_on:
        raise invalid("on", _("结束日期不能早于开始日期。"))
    body.ends_on, body.version = on, body.version + 1
    body.save()
    for seat in Seat.objects.filter(body=body, ends_on__isnull=True):
        seat.ends_on, seat.reason = max(on, seat.starts_on), reason
        seat.save(update_fields=["ends_on", "reason"])
    for held in Holding.objects.filter(office__body=body, ended=False):
        _end_holding(held, on)
    tell(by, now, "end_body", body, kind="body", after={"ends_on": on}, reason=reason)
    return body


def _living(body: Body) -> None:
    if body.ends_on is not None:
        raise ConflictError(_("这个组织已经结束。"), code="alliance.ended")


def _member(member_id: int) -> Member:
    member = Member.objects.filter(pk=member_id, stage=Stage.ADMITTED).first()
    if member is None:
        raise invalid("member_id", _("请选择一个已接纳的成员单位。"))
    return member


@whole
def seat(*, by: Actor, now: datetime, uuid: UUID, member_id: int, on: date) -> Seat:
    """Let a member join a body from the day ``on``.

    Raises:
        ForbiddenError, ConflictError: the body ended, or the member sits there. InvalidError: no member.
    """
    permissions.check_keep(by)
    body = selectors.body_for(uuid, lock=True)
    _living(body)
    member = _member(member_id)
    if on < max(body.starts_on, member.admitted_on or body.starts_on):
        raise invalid("on", _("加入日期不能早于本组织成立和单位接纳的日期。"))
    last = Seat.objects.filter(body=body, member=member).order_by("-starts_on").first()
    if last is not None and last.ends_on is None:
        raise ConflictError(_("这个单位已经在其中。"), code="alliance.seated")
    if last is not None and last.ends_on is not None and on <= last.ends_on:
        raise invalid("on", _("加入日期应晚于上一次退出的日期。"))
    made = Seat.objects.create(body=body, member=member, starts_on=on)
    tell(by, now, "seat", body, kind="body", after={"member": member.name, "on": on})
    return made


@whole
def unseat(*, by: Actor, now: datetime, uuid: UUID, member_id: int, on: date, reason: str) -> Seat:
    """Let a member leave a body; the seat stays as history.

    Raises:
        ForbiddenError, ConflictError: it does not sit there. InvalidError: no reason, or before it joined.
    """
    permissions.check_keep(by)
    body = selectors.body_for(uuid, lock=True)
    found = Seat.objects.filter(body=body, member=member_id, ends_on__isnull=True).select_related("member").first()
    if found is None:
        raise ConflictError(_("这个单位不在其中。"), code="alliance.not_seated")
    found.reason = needed("reason", reason, 200)
    if on < found.starts_on:
        raise invalid("on", _("退出日期不能早于加入日期。"))
    found.ends_on = on
    found.save(update_fields=["ends_on", "reason"])
    for held in Holding.objects.filter(office__body=body, member=member_id, ended=False):
        _end_holding(held, on)
    tell(by, now, "unseat", body, kind="body", after={"member": found.member.name, "on": on}, reason=found.reason)
    return found


@whole
def save_office(*, by: Actor, now: datetime, uuid: UUID, title: str, several: bool = False) -> Office:
    """Give a body a post (会长, 常务副会长, 召集人); ``several`` lets more than one hold it at a time.

    Raises:
        ForbiddenError, ConflictError. InvalidError: no title, or one that is there.
    """
    permissions.check_keep(by)
    body = selectors.body_for(uuid, lock=True)
    _living(body)
    title = needed("title", title, 32)
    if Office.objects.filter(body=body, title=title).exists():
        raise invalid("title", _("已经有这个职务。"))
    made = Office.objects.create(body=body, title=title, several=several, order=body.offices.count() + 1)
    tell(by, now, "save_office", body, kind="body", after={"title": title, "several": several})
    return made


@whole
def hold(
    *, by: Actor, now: datetime, office_id: int, member_id: int, starts_on: date, ends_on: date | None = None,
    holder_post: str = "",
) -> Holding:  # fmt: skip
    """Let a member of the body hold a post from ``starts_on``; whoever held a single post before ends the day before.

    Raises:
        ForbiddenError. InvalidError: no such post, the member does not sit there, or the days cannot be.
    """
    permissions.check_keep(by)
    office = Office.objects.select_for_update().select_related("body").filter(pk=office_id).first()
    if office is None:
        raise invalid("office_id", _("请选择职务。"))
    _living(office.body)
    if not Seat.objects.filter(body=office.body, member=member_id, ends_on__isnull=True).exists():
        raise invalid("member_id", _("这个单位不在本组织中，请先加入。"))
    faults = Faults()
    faults.days(starts_on, ends_on)
    post = faults.words("holder_post", holder_post, 64)
    if Holding.objects.filter(office=office, member=member_id, ended=False).exists():
        faults.add("member_id", _("这个单位正在担任该职务。"))
    before = None if office.several else Holding.objects.filter(office=office, ended=False).first()
    if before is not None and starts_on <= before.starts_on:
        faults.add("starts_on", _("开始日期应晚于现任的开始日期。"))
    faults.check()
    if before is not None:
        _end_holding(before, date.fromordinal(starts_on.toordinal() - 1))
    made = Holding.objects.create(
        office=office, member_id=member_id, holder_post=post, single=not office.several, starts_on=starts_on,
        ends_on=ends_on,
    )  # fmt: skip
    tell(
        by, now, "hold", office.body, kind="body",
        after={"title": office.title, "member": made.member.name, "from": starts_on, "to": ends_on},
    )  # fmt: skip
    return made


def _end_holding(held: Holding, on: date) -> None:
    held.ends_on = max(on if held.ends_on is None else min(on, held.ends_on), held.starts_on)
    held.ended = True
    held.save(update_fields=["ends_on", "ended"])


@whole
def end_holding(*, by: Actor, now: datetime, holding_id: int, on: date) -> Holding:
    """End a term in a post.

    Raises:
        ForbiddenError, ConflictError: it has ended.
    """
    permissions.check_keep(by)
    held = Holding.objects.select_related("office__body", "member").filter(pk=holding_id, ended=False).first()
    if held is None:
        raise ConflictError(_("这个任期已经结束。"), code="alliance.held")
    _end_holding(held, on)
    told = {"title": held.office.title, "member": held.member.name, "on": on}
    tell(by, now, "end_holding", held.office.body, kind="body", after=told)
    return held


@whole
def set_turns(*, by: Actor, now: datetime, uuid: UUID, member_ids: Sequence[int]) -> list[Turn]:
    """Set the order in which the chair goes round.

    Raises:
        ForbiddenError. InvalidError: somebody twice, or somebody who does not sit in the body.
    """
    permissions.check_keep(by)
    body = selectors.body_for(uuid, lock=True)
    _living(body)
    seated = set(Seat.objects.filter(body=body, ends_on__isnull=True).values_list("member", flat=True))
    if len(set(member_ids)) != len(member_ids) or not set(member_ids) <= seated:
        raise invalid("members", _("轮值次序中每个单位一次，而且都应是本组织的成员。"))
    Turn.objects.filter(body=body).delete()
    made = Turn.objects.bulk_create(Turn(body=body, member_id=m, place=n) for n, m in enumerate(member_ids, 1))
    tell(by, now, "set_turns", body, kind="body", after={"order": list(member_ids)})
    return made


@whole
def start_chair(
    *, by: Actor, now: datetime, uuid: UUID, member_id: int, starts_on: date, ends_on: date | None = None,
    holder_post: str = "", certificate: str = "", out_of_turn: str = "",
) -> ChairTerm:  # fmt: skip
    """Let a member take the chair; the one before must have handed over, and another than the next needs a reason.

    Args:
        ends_on: its last day; by rule (``alliance.chair_months``) where none is given.
        certificate: its number; the next of the body where empty.

    Raises:
        ForbiddenError, ConflictError: the chair was not handed over. InvalidError: by field.
    """
    permissions.check_keep(by)
    body = selectors.body_for(uuid, lock=True)
    _living(body)
    last = ChairTerm.objects.filter(body=body).order_by("-number").first()
    if last is not None and last.handed_on is None:
        raise ConflictError(
            _("上一任轮值主席还没有交接。"), code="alliance.chair", hint=_("请先登记交接，再开始新一任。")
        )
    faults = Faults()
    seated = set(Seat.objects.filter(body=body, ends_on__isnull=True).values_list("member", flat=True))
    if member_id not in seated:
        faults.add("member_id", _("这个单位不在本组织中，请先加入。"))
    if last is not None and starts_on <= last.starts_on:
        faults.add("starts_on", _("开始日期应晚于上一任的开始日期。"))
    turns = list(Turn.objects.filter(body=body).values_list("member", flat=True))
    due = standing.next_in_turn(turns, last.member_id if last else None, seated)
    reason = faults.words("out_of_turn", out_of_turn, 200, needed=due is not None and member_id != due)
    post = faults.words("holder_post", holder_post, 64)
    ends_on = ends_on or standing.term_end(starts_on, number("chair_months", starts_on)) or starts_on
    faults.days(starts_on, ends_on)
    faults.check()
    term = (last.number if last else 0) + 1
    made = ChairTerm(
        body=body, number=term, member_id=member_id, holder_post=post, starts_on=starts_on, ends_on=ends_on,
        certificate=clean(certificate)[:40] or f"{starts_on.year}-{body.pk}-主席-{term:02d}", certified_on=starts_on,
        out_of_turn=reason,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise invalid("certificate", _("证书编号已经用过，请换一个。")) from error
    tell(
        by, now, "start_chair", body, kind="body", reason=reason,
        after={"member": made.member.name, "number": term, "from": starts_on, "certificate": made.certificate},
    )  # fmt: skip
    return made


@whole
def hand_over(*, by: Actor, now: datetime, term_id: int, on: date, handed_over: str, open_items: str = "") -> ChairTerm:
    """Enter what the chair handed over and what stays open for the next.

    Raises:
        ForbiddenError, ConflictError: handed over already. InvalidError: nothing said, or a day before the term.
    """
    permissions.check_keep(by)
    term = ChairTerm.objects.select_for_update(of=("self",)).select_related("body", "member").filter(pk=term_id).first()
    if term is None or term.handed_on is not None:
        raise ConflictError(_("这一任已经交接。"), code="alliance.handed")
    faults = Faults()
    term.handed_over = mask_personal(faults.words("handed_over", handed_over, 2000, needed=True))
    term.open_items = mask_personal(faults.words("open_items", open_items, 2000))
    if on < term.starts_on:
        faults.add("on", _("交接日期不能早于任期开始。"))
    faults.check()
    term.handed_on = on
    if on < term.ends_on:
        term.ends_on = on
    term.save()
    tell(
        by, now, "hand_over", term.body, kind="body",
        after={"member": term.member.name, "number": term.number, "on": on, "handed_over": term.handed_over},
    )  # fmt: skip
    return term


@whole
def note_sitting(
    *, by: Actor, now: datetime, uuid: UUID, title: str, held_on: date, place: str = "", note: str = "",
    yearly: bool = False, meeting_kind: str = "", meeting_uuid: UUID | None = None,
) -> Sitting:  # fmt: skip
    """Enter a meeting of a body; ``yearly`` for its yearly assembly, ``meeting_uuid`` where it is kept as a meeting.

    Raises:
        ForbiddenError. InvalidError: no title, or entered already.
    """
    permissions.check_keep(by)
    body = selectors.body_for(uuid, lock=True)
    faults = Faults()
    title = faults.words("title", title, 120, needed=True)
    place, note = faults.words("place", place, 120), mask_personal(faults.words("note", note, 2000))
    if held_on < body.starts_on:
        faults.add("held_on", _("会议日期不能早于成立日期。"))
    if Sitting.objects.filter(body=body, held_on=held_on, title=title).exists():
        faults.add("title", _("这次会议已经登记。"))
    faults.check()
    made = Sitting.objects.create(
        body=body, title=title, held_on=held_on, place=place, note=note, yearly=yearly, meeting_kind=meeting_kind,
        meeting_uuid=meeting_uuid,
    )  # fmt: skip
    tell(by, now, "note_sitting", body, kind="body", after={"title": title, "on": held_on, "yearly": yearly})
    return made
