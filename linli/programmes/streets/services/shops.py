"""Shops together: the alliance with its peer checks, safety checks of sign-boards, friendly merchants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.engines.fieldwork.services import learn
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, NotFoundError
from linli.foundation.people.selectors import local_day
from linli.programmes.streets import permissions, selectors
from linli.programmes.streets.models import BoardCheck, Friendly, PeerCheck, ShopMember
from linli.programmes.streets.rules import contacts, shipped
from linli.programmes.streets.services import help as h

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target

SHOP, BOARD = ("shop", "company"), ("sign_board",)


@whole
def join_alliance(*, by: Actor, now: datetime, target: UUID, pledge: str, on: date) -> ShopMember:
    """Take a shop into the alliance with its pledge.

    Raises:
        NotFoundError, ForbiddenError, InvalidError. ConflictError: it is a member.
    """
    shop = h.street_target(by, target, SHOP, lock=True)
    permissions.check_walk(by, shop.area_path, _("加入联盟"))
    pledge = h.needed("pledge", pledge, 500)
    if on > local_day(now):
        raise h.invalid("on", _("日期不能晚于今天。"))
    made = ShopMember(target=shop, joined_on=on, pledge=pledge, area_path=shop.area_path)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise ConflictError(_("这家商户已经是联盟成员。"), code="streets.member") from error
    h.step(by, now, "join_alliance", "member", made, label=shop.name, text=pledge, after={"joined_on": on})
    return made


def _member(by: Actor, uuid: UUID, expected: int | None, what: str) -> ShopMember:
    row = selectors.member_for(by, uuid, lock=True)
    permissions.check_walk(by, row.area_path, what)
    if row.left_on is not None:
        raise ConflictError(_("这家商户已经退出联盟。"), code="streets.member_left")
    h.check_version(row, expected)
    return row


@whole
def leave_alliance(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int | None = None) -> ShopMember:
    """Let a shop leave, with the reason.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError, InvalidError.
    """
    row = _member(by, uuid, expected, _("退出联盟"))
    reason = h.needed("reason", reason)
    h.put(row, left_on=local_day(now), left_reason=reason)
    h.step(by, now, "leave_alliance", "member", row, label=row.target.name, reason=reason, after={"left": row.left_on})
    return row


@whole
def peer_check(
    *, by: Actor, now: datetime, uuid: UUID, checker: UUID, on: date, fine: bool, text: str = "",
    files: tuple[int, ...] = (),
) -> PeerCheck:  # fmt: skip
    """Write down that one member looked at another's frontage: a record, of which no ranking is made.

    Raises:
        NotFoundError, ForbiddenError. ConflictError: the same two on the same day. InvalidError: by field.
    """
    row = _member(by, uuid, None, _("同行互查"))
    faults = h.Faults()
    text = faults.words("text", text, 300, needed=not fine)
    other = selectors.member_for(by, checker)
    if other.pk == row.pk or other.left_on is not None:
        faults.add("checker", _("请选择另一家联盟成员。"))
    if not row.joined_on <= on <= local_day(now):
        faults.add("on", _("日期应在加入之后、今天之前。"))
    faults.check()
    try:
        with transaction.atomic():
            made = PeerCheck.objects.create(checker=other, checked=row, on=on, fine=fine, text=text)
    except IntegrityError as error:
        raise ConflictError(_("这两家当天已经互查过。"), code="streets.peer") from error
    words = _("%(shop)s来看：%(text)s") % {"shop": other.target.name, "text": text or _("良好")}
    h.step(
        by, now, "peer_check", "member", row, label=row.target.name, text=words, files=files,
        after={"fine": fine, "checker": other.target.name},
    )  # fmt: skip
    return made


@whole
def mend_peer(*, by: Actor, now: datetime, uuid: UUID, check: int) -> PeerCheck:
    """Say that what a peer check found is put right.

    Raises:
        NotFoundError, ForbiddenError. ConflictError: there was nothing, or it is done.
    """
    row = _member(by, uuid, None, _("互查问题已改"))
    found = row.checks.select_for_update().filter(pk=check).first()
    if found is None:
        raise NotFoundError(_("没有这次互查。"), code="streets.no_peer")
    if found.fine or found.mended_on is not None:
        raise ConflictError(_("没有等待整改的问题。"), code="streets.peer_done", hint=_("请刷新后查看。"))
    found.mended_on = local_day(now)
    found.save(update_fields=["mended_on"])
    h.step(by, now, "mend_peer", "member", row, label=row.target.name, text=found.text, after={"check": found.pk})
    return found


@whole
def check_board(
    *, by: Actor, now: datetime, target: UUID, on: date, fine: bool, text: str = "", rectify_by: date | None = None,
    files: tuple[int, ...] = (),
) -> BoardCheck:  # fmt: skip
    """Write down a sign-board's safety check; the ledger learns when it was and how the board is.

    Raises:
        NotFoundError, ForbiddenError. ConflictError: checked that day already. InvalidError: by field.
    """
    board = h.street_target(by, target, BOARD, lock=True)
    permissions.check_walk(by, board.area_path, _("安全检查"))
    today, faults = local_day(now), h.Faults()
    text = faults.words("text", text, 300, needed=not fine)
    if on > today:
        faults.add("on", _("日期不能晚于今天。"))
    if not fine and rectify_by is None:
        rectify_by = on + timedelta(days=h.number("board_rectify_days", today))
    if rectify_by is not None and rectify_by < on:
        faults.add("rectify_by", _("整改期限不能早于检查日期。"))
    faults.check()
    try:
        with transaction.atomic():
            made = BoardCheck.objects.create(
                target=board, on=on, fine=fine, text=text, rectify_by=None if fine else rectify_by
            )
    except IntegrityError as error:
        raise ConflictError(_("这块店招当天已经检查过。"), code="streets.board") from error
    said = h.step(
        by, now, "check_board", "board", made, label=board.name, text=text or _("完好"), files=files, uuid=board.uuid,
        after={"on": on, "fine": fine, "rectify_by": made.rectify_by},
    )  # fmt: skip
    _learn(by, now, board, {"checked": on.isoformat(), "state": "good" if fine else "danger"}, said.pk)
    return made


def _learn(by: Actor, now: datetime, board: Target, facts: dict[str, str], number: int) -> None:
    """Tell the ledger; a ledger that does not ask for these facts keeps none of them."""
    learn(SYSTEM.for_person(by.label), now, board, facts, "street_board", UUID(int=number))


@whole
def rectify_board(*, by: Actor, now: datetime, target: UUID, text: str, files: tuple[int, ...] = ()) -> BoardCheck:
    """Say that what the last check found is put right.

    Raises:
        NotFoundError, ForbiddenError, InvalidError. ConflictError: nothing waits.
    """
    board = h.street_target(by, target, BOARD, lock=True)
    permissions.check_walk(by, board.area_path, _("整改完成"))
    found = BoardCheck.objects.select_for_update().filter(target=board, fine=False, rectified_on=None).first()
    if found is None:
        raise ConflictError(_("没有等待整改的隐患。"), code="streets.board_done", hint=_("请刷新后查看。"))
    text = h.needed("text", text)
    found.rectified_on = local_day(now)
    found.save(update_fields=["rectified_on"])
    said = h.step(
        by, now, "rectify_board", "board", found, label=board.name, text=text, files=files, role="after",
        uuid=board.uuid, after={"rectified_on": found.rectified_on},
    )  # fmt: skip
    _learn(by, now, board, {"state": "good"}, said.pk)
    return found


def _offers(codes: Sequence[str]) -> list[str]:
    if not codes or set(codes) - set(shipped.kindnesses()):
        raise h.invalid("offers", _("请选择至少一项服务。"))
    return list(codes)


@whole
def make_friend(
    *, by: Actor, now: datetime, target: UUID, offers: Sequence[str], plaque: str, since: date, public: bool,
    files: tuple[int, ...] = (),
) -> Friendly:  # fmt: skip
    """Give a merchant the plaque of the friendly ones.

    Raises:
        NotFoundError, ForbiddenError, InvalidError: by field. ConflictError: it has one, or the number is taken.
    """
    shop = h.street_target(by, target, SHOP, lock=True)
    permissions.check_walk(by, shop.area_path, _("授牌"))
    kept = _offers(offers)
    plaque = h.needed("plaque", plaque, 40)
    today = local_day(now)
    if since > today:
        raise h.invalid("since", _("日期不能晚于今天。"))
    made = Friendly(
        target=shop, offers=kept, plaque=plaque, since=since, public=public, area_path=shop.area_path,
        review_on=contacts.months_on(since, h.number("friendly_months", today)),
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise ConflictError(_("这家商户已有铭牌，或者这个铭牌编号已用过。"), code="streets.plaque") from error
    h.step(
        by, now, "make_friend", "friend", made, label=shop.name, text=plaque, files=files,
        after={"offers": kept, "public": public},
    )  # fmt: skip
    return made


def _friend(by: Actor, uuid: UUID, expected: int | None, what: str) -> Friendly:
    row = selectors.friend_for(by, uuid, lock=True)
    permissions.check_walk(by, row.area_path, what)
    if row.ended_on is not None:
        raise ConflictError(_("已经摘牌。"), code="streets.friend_ended")
    h.check_version(row, expected)
    return row


@whole
def review_friend(
    *, by: Actor, now: datetime, uuid: UUID, offers: Sequence[str], text: str, expected: int | None = None
) -> Friendly:
    """Look at a friendly merchant again: what is still offered; the next look is a year on.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError, InvalidError.
    """
    row = _friend(by, uuid, expected, _("年度复核"))
    today, kept, before = local_day(now), _offers(offers), {"offers": list(row.offers), "review_on": row.review_on}
    text = h.needed("text", text)
    h.put(row, offers=kept, review_on=contacts.months_on(today, h.number("friendly_months", today)))
    after = {"offers": kept, "review_on": row.review_on}
    h.step(by, now, "review_friend", "friend", row, label=row.target.name, text=text, before=before, after=after)
    return row


@whole
def publish_friend(*, by: Actor, now: datetime, uuid: UUID, public: bool, expected: int | None = None) -> Friendly:
    """Say whether everybody may read of a friendly merchant, as the merchant wishes.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError.
    """
    row = _friend(by, uuid, expected, _("公开设置"))
    before = {"public": row.public}
    h.put(row, public=public)
    words = _("商户同意公开") if public else _("不再公开")
    after = {"public": public}
    h.step(by, now, "publish_friend", "friend", row, label=row.target.name, text=words, before=before, after=after)
    return row


@whole
def end_friend(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int | None = None) -> Friendly:
    """Take the plaque back, with the reason.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError, InvalidError.
    """
    row = _friend(by, uuid, expected, _("摘牌"))
    reason = h.needed("reason", reason)
    h.put(row, ended_on=local_day(now), ended_reason=reason, public=False)
    h.step(by, now, "end_friend", "friend", row, label=row.target.name, reason=reason, after={"ended": row.ended_on})
    return row
