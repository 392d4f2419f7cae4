"""Shops together: the alliance with its peer checks, sign-boards with their safety, friendly merchants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.core.paging import Page
from linli.interfaces.desk.acting import Act
from linli.interfaces.desk.doors import actor_of, staff, today, uuid_of
from linli.interfaces.desk.streets import forms
from linli.interfaces.desk.streets import tradeforms as tf
from linli.interfaces.desk.streets.frame import (
    Cell,
    Line,
    Listing,
    One,
    Section,
    create,
    files_of,
    lines,
    listing,
    single,
)
from linli.interfaces.desk.streets.picking import chosen, pick
from linli.interfaces.desk.streets.placeforms import Plain
from linli.programmes.streets import permissions, selectors, services
from linli.programmes.streets.rules import shipped

SHOP, BOARD = ("shop", "company"), ("sign_board",)
MEMBERS, BOARDS, FRIENDS = "streets_members", "streets_boards", "streets_friends"
MEMBER_STATES = {"open": gettext_lazy("有问题待改"), "left": gettext_lazy("已退出")}
BOARD_STATES = {"due": gettext_lazy("要检查"), "bad": gettext_lazy("隐患待整改")}
FRIEND_STATES = {"due": gettext_lazy("要复核"), "ended": gettext_lazy("已摘牌")}


def _walks(by: Any, row: Any) -> bool:
    return permissions.walks(by, row.area_path)


def _member(by: Any, row: Any) -> bool:
    return row.left_on is None and _walks(by, row)


def _peer(by: Any, now: Any, row: Any, data: dict[str, Any], _seen: Any) -> None:
    checker = uuid_of(data["checker"]) or row.uuid
    services.peer_check(
        by=by, now=now, uuid=row.uuid, checker=checker, on=data["on"], fine=data["fine"], text=data["text"],
        files=files_of(data),
    )  # fmt: skip


MEMBER_ACTS = (
    Act("peer", gettext_lazy("登记互查"), "eye", tf.PeerForm, _peer, _member),
    Act(
        "mend", gettext_lazy("互查问题已改"), "circle-check", tf.MendPeerForm,
        lambda by, now, row, data, _seen: services.mend_peer(by=by, now=now, uuid=row.uuid, **data),
        lambda by, row: _member(by, row) and row.checks.filter(fine=False, mended_on__isnull=True).exists(),
    ),
    Act(
        "leave", gettext_lazy("退出联盟"), "x", forms.ReasonForm,
        lambda by, now, row, data, seen: services.leave_alliance(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _member, danger=True,
    ),
)  # fmt: skip


def _subtabs(every: Any, states: Mapping[str, Any]) -> list[tuple[Any, str, int | None]]:
    return [(every, "", None), *((label, code, None) for code, label in states.items())]


def _member_cells(m: Any) -> list[Cell]:
    return [
        Cell(m.target.name, reverse("desk:streets_member", args=[m.uuid]), small=m.target.address),
        Cell(m.joined_on.isoformat(), num=True), Cell(m.seen, num=True), Cell(selectors.day_text(m.last), num=True),
        Cell(_("已退出"), tone="idle") if m.left_on
        else Cell(_("有问题待改"), tone="doing") if m.waiting else Cell(_("良好"), tone="done"),
    ]  # fmt: skip


def members_of(request: HttpRequest, cursor: str, size: int) -> Page[Line]:
    """Return a page of the members that are asked for."""
    state, text = request.GET.get("state", ""), request.GET.get("q", "")[:60]
    page = selectors.members(actor_of(request), state=state, text=text, cursor=cursor, size=size)
    return lines(page, _member_cells)


@require_GET
@staff
def members(request: HttpRequest) -> HttpResponse:
    """Show the members of the shop alliance."""
    page = members_of(request, request.GET.get("cursor", ""), 50)
    drawn = Listing(
        MEMBERS, _("商铺联盟"), (_("商户"), _("加入"), _("互查次数"), _("最近互查"), _("状态")),
        [r.cells for r in page.rows], page=page, code="shop_members", subtabs=_subtabs(_("成员"), MEMBER_STATES),
        search=_("商户或地址"), buttons=[(reverse("desk:streets_member_new"), "plus", _("加入联盟"), True)],
        note=_("商户互相看、互相提醒：只记录，不打分，不排名。"),
        empty=(_("还没有联盟成员"), _("愿意签公约的商户加入以后，互查记录会列在这里。")),
    )  # fmt: skip
    return listing(request, drawn)


@require_http_methods(["GET", "POST"])
@staff
def member_new(request: HttpRequest) -> HttpResponse:
    """Choose a shop and take it into the alliance."""
    shop = chosen(request, SHOP)
    if shop is None:
        return pick(request, SHOP, here=MEMBERS, title=_("加入联盟：选商户"), what=_("商户"))
    permissions.check_walk(actor_of(request), shop.area_path, _("加入联盟"))

    def run(by: Any, now: Any, _row: Any, data: dict[str, Any], _seen: Any) -> Any:
        return services.join_alliance(by=by, now=now, target=shop.uuid, **data)

    return create(
        request, tf.JoinForm, run, here=MEMBERS, title=_("加入联盟"), to="desk:streets_member",
        back=reverse("desk:streets_members"), facts=[(_("商户"), shop.name), (_("地址"), shop.address or "—")],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff
def member(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one member: its pledge and the peer checks."""
    row = selectors.member_for(actor_of(request), uuid)
    checks = [
        [
            Cell(c.on.isoformat(), num=True), Cell(c.checker.target.name), Cell(c.text),
            Cell(_("良好"), tone="done") if c.fine
            else Cell(_("已改"), tone="done", small=selectors.day_text(c.mended_on)) if c.mended_on
            else Cell(_("待改"), tone="doing"),
        ]
        for c in row.checks.select_related("checker__target")[:50]
    ]  # fmt: skip
    facts = [
        (_("商户"), row.target.name, reverse("desk:streets_shop", args=[row.target.uuid])),
        (_("地址"), row.target.address, ""), (_("公约承诺"), row.pledge, ""),
        (_("加入"), row.joined_on.isoformat(), ""), (_("退出"), row.left_reason, ""),
    ]  # fmt: skip
    drawn = One(
        MEMBERS, (reverse("desk:streets_members"), _("商铺联盟")), row.target.name, row.uuid,
        ("idle", _("已退出")) if row.left_on else ("done", _("联盟成员")), facts, MEMBER_ACTS,
        sections=[
            Section(_("同行互查"), (_("日期"), _("哪家来看"), _("看到什么"), _("结果")), checks, _("还没有互查。"))
        ],
    )  # fmt: skip
    return single(request, row, drawn, reverse("desk:streets_member", args=[uuid]))


def _check_board(by: Any, now: Any, row: Any, data: dict[str, Any], _seen: Any) -> None:
    names = ("on", "fine", "text", "rectify_by")
    services.check_board(by=by, now=now, target=row.uuid, files=files_of(data), **{n: data[n] for n in names})


def _waits(row: Any) -> bool:
    return any(not c.fine and c.rectified_on is None for c in selectors.board_checks(row))


BOARD_ACTS = (
    Act("check", gettext_lazy("登记安全检查"), "eye", tf.BoardForm, _check_board, _walks),
    Act(
        "rectify", gettext_lazy("整改完成"), "circle-check", tf.RectifyForm,
        lambda by, now, row, data, _seen: services.rectify_board(
            by=by, now=now, target=row.uuid, text=data["text"], files=files_of(data)
        ),
        lambda by, row: _walks(by, row) and _waits(row),
    ),
)  # fmt: skip


def _fact(row: Any, code: str) -> str:
    words = {
        "wall": _("附墙"), "roof": _("楼顶"), "ground": _("落地"), "good": _("完好"), "worn": _("破损"),
        "danger": _("有坠落隐患"), "removed": _("已拆除"),
    }  # fmt: skip
    value = row.facts.get(code)
    return "" if value is None else str(words.get(str(value), value))


def _board_status(last: Any, day: date, limit: date) -> Cell:
    if last is None:
        return Cell(_("没有检查过"), tone="new")
    if not last.fine and last.rectified_on is None:
        late = last.rectify_by is not None and last.rectify_by < day
        until = selectors.day_text(last.rectify_by)
        return Cell(_("隐患待整改"), tone="late" if late else "doing", small=until, late=late)
    return Cell(_("安全"), tone="done") if last.on >= limit else Cell(_("检查到期"), tone="new")


def boards_of(request: HttpRequest, cursor: str, size: int) -> Page[Line]:
    """Return a page of the sign-boards that are asked for."""
    state, text, day = request.GET.get("state", ""), request.GET.get("q", "")[:60], today()
    page, found = selectors.boards(actor_of(request), state=state, today=day, text=text, cursor=cursor, size=size)
    limit = selectors.board_due(day)

    def cells(board: Any) -> list[Cell]:
        last = found.get(board.pk)
        area = _("%(n)s 平方米") % {"n": board.facts["metres"]} if board.facts.get("metres") else ""
        return [
            Cell(board.name, reverse("desk:streets_board", args=[board.uuid]), small=board.address),
            Cell(_fact(board, "kind"), small=area), Cell(_fact(board, "permit")),
            Cell(selectors.day_text(last.on if last else None), num=True), _board_status(last, day, limit),
        ]  # fmt: skip

    return lines(page, cells)


@require_GET
@staff
def boards(request: HttpRequest) -> HttpResponse:
    """Show the ledger of sign-boards with the last safety check of each."""
    page = boards_of(request, request.GET.get("cursor", ""), 50)
    drawn = Listing(
        BOARDS, _("店招店牌"), (_("店招店牌"), _("形式"), _("许可或备案"), _("上次检查"), _("状态")),
        [r.cells for r in page.rows], page=page, code="sign_boards", subtabs=_subtabs(_("全部"), BOARD_STATES),
        search=_("店名或地址"),
        empty=(_("台账里还没有店招店牌"), _("在走访台账里登记店招店牌以后，在这里登记每次安全检查。")),
    )  # fmt: skip
    return listing(request, drawn)


@require_http_methods(["GET", "POST"])
@staff
def board(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one sign-board with its checks."""
    row = selectors.target_for(actor_of(request), uuid, BOARD)
    checks = [
        [
            Cell(c.on.isoformat(), num=True), Cell(c.text), Cell(selectors.day_text(c.rectify_by), num=True),
            Cell(_("安全"), tone="done") if c.fine
            else Cell(_("已整改"), tone="done", small=selectors.day_text(c.rectified_on)) if c.rectified_on
            else Cell(_("待整改"), tone="doing"),
        ]
        for c in selectors.board_checks(row)
    ]  # fmt: skip
    facts = [
        (_("地址"), row.address, ""), (_("形式"), _fact(row, "kind"), ""),
        (_("面积（平方米）"), _fact(row, "metres"), ""), (_("许可或备案"), _fact(row, "permit"), ""),
        (_("现状"), _fact(row, "state"), ""),
    ]  # fmt: skip
    columns = (_("日期"), _("情况"), _("整改期限"), _("结果"))
    drawn = One(
        BOARDS, (reverse("desk:streets_boards"), _("店招店牌")), row.name, row.uuid, None, facts, BOARD_ACTS,
        sections=[Section(_("安全检查"), columns, checks, _("没有检查过。"))],
        buttons=[(reverse("desk:target", args=[row.uuid]), "file", _("台账档案"), False)],
    )  # fmt: skip
    return single(request, row, drawn, reverse("desk:streets_board", args=[uuid]))


def _friend(by: Any, row: Any) -> bool:
    return row.ended_on is None and _walks(by, row)


FRIEND_ACTS = (
    Act(
        "review", gettext_lazy("年度复核"), "circle-check", tf.ReviewForm,
        lambda by, now, row, data, seen: services.review_friend(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _friend,
    ),
    Act(
        "publish", gettext_lazy("商户同意公开"), "eye", Plain,
        lambda by, now, row, _data, seen: services.publish_friend(
            by=by, now=now, uuid=row.uuid, public=True, expected=seen
        ),
        lambda by, row: not row.public and _friend(by, row),
    ),
    Act(
        "unpublish", gettext_lazy("不再公开"), "lock", Plain,
        lambda by, now, row, _data, seen: services.publish_friend(
            by=by, now=now, uuid=row.uuid, public=False, expected=seen
        ),
        lambda by, row: row.public and _friend(by, row),
    ),
    Act(
        "end", gettext_lazy("摘牌"), "x", forms.ReasonForm,
        lambda by, now, row, data, seen: services.end_friend(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _friend, danger=True,
    ),
)  # fmt: skip


def friends_of(request: HttpRequest, cursor: str, size: int) -> Page[Line]:
    """Return a page of the friendly merchants that are asked for."""
    state, text, day = request.GET.get("state", ""), request.GET.get("q", "")[:60], today()

    def cells(f: Any) -> list[Cell]:
        return [
            Cell(f.target.name, reverse("desk:streets_friend", args=[f.uuid]), small=f.target.address),
            Cell("、".join(shipped.names(f.offers, shipped.kindnesses()))), Cell(f.plaque, num=True),
            Cell(f.review_on.isoformat(), num=True),
            Cell(_("已摘牌"), tone="idle") if f.ended_on
            else Cell(_("要复核"), tone="new") if f.review_on <= day else Cell(_("在牌"), tone="done"),
        ]  # fmt: skip

    page = selectors.friends(actor_of(request), state=state, today=day, text=text, cursor=cursor, size=size)
    return lines(page, cells)


@require_GET
@staff
def friends(request: HttpRequest) -> HttpResponse:
    """Show the friendly merchants, those to be looked at first."""
    page = friends_of(request, request.GET.get("cursor", ""), 50)
    drawn = Listing(
        FRIENDS, _("友好商户"), (_("商户"), _("提供什么"), _("铭牌编号"), _("下次复核"), _("状态")),
        [r.cells for r in page.rows], page=page, code="friendly_shops", subtabs=_subtabs(_("在牌"), FRIEND_STATES),
        search=_("商户或地址"),
        buttons=[(reverse("desk:streets_friend_new"), "plus", _("授牌"), True),
                 (reverse("portal:friendly"), "eye", _("居民看到的"), False)],
        empty=(_("还没有友好商户"), _("愿意给骑手和居民行方便的商户，授牌以后每年复核一次。")),
    )  # fmt: skip
    return listing(request, drawn)


@require_http_methods(["GET", "POST"])
@staff
def friend_new(request: HttpRequest) -> HttpResponse:
    """Choose a shop and give it the plaque."""
    shop = chosen(request, SHOP)
    if shop is None:
        return pick(request, SHOP, here=FRIENDS, title=_("授牌：选商户"), what=_("商户"))
    permissions.check_walk(actor_of(request), shop.area_path, _("授牌"))

    def run(by: Any, now: Any, _row: Any, data: dict[str, Any], _seen: Any) -> Any:
        names = ("offers", "plaque", "since", "public")
        return services.make_friend(
            by=by, now=now, target=shop.uuid, files=files_of(data), **{n: data[n] for n in names}
        )

    return create(
        request, tf.FriendForm, run, here=FRIENDS, title=_("友好商户授牌"), to="desk:streets_friend",
        back=reverse("desk:streets_friends"), facts=[(_("商户"), shop.name), (_("地址"), shop.address or "—")],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff
def friend(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one friendly merchant."""
    row = selectors.friend_for(actor_of(request), uuid)
    facts = [
        (_("商户"), row.target.name, reverse("desk:streets_shop", args=[row.target.uuid])),
        (_("地址"), row.target.address, ""),
        (_("提供什么"), "、".join(shipped.names(row.offers, shipped.kindnesses())), ""),
        (_("铭牌编号"), row.plaque, ""), (_("授牌"), row.since.isoformat(), ""),
        (_("下次复核"), row.review_on.isoformat(), ""), (_("公开"), _("公开") if row.public else _("不公开"), ""),
        (_("摘牌"), row.ended_reason, ""),
    ]  # fmt: skip
    due = row.ended_on is None and row.review_on <= today()
    status = ("idle", _("已摘牌")) if row.ended_on else ("new", _("要复核")) if due else ("done", _("在牌"))
    drawn = One(
        FRIENDS, (reverse("desk:streets_friends"), _("友好商户")), row.target.name, row.uuid, status, facts, FRIEND_ACTS
    )
    return single(request, row, drawn, reverse("desk:streets_friend", args=[uuid]))
