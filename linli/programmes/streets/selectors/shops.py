"""Reading shops together: members with their checks, sign-boards, friendly merchants."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.utils.translation import gettext as _

from linli.engines.fieldwork.selectors import matching
from linli.engines.fieldwork.types import TargetFilter
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.programmes.streets import permissions
from linli.programmes.streets.models import BoardCheck, Friendly, ShopMember
from linli.programmes.streets.rules.contacts import months_on
from linli.programmes.streets.selectors.ledger import targets
from linli.programmes.streets.selectors.matters import number

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target

BOARDS = ("sign_board",)
_LEAN = ("target__sealed",)


def _named(text: str) -> Q:
    found = Q()
    for word in text.split()[:5]:
        found &= Q(target__name__contains=word) | Q(target__address__contains=word)
    return found


def member_for(by: Actor, uuid: UUID, *, lock: bool = False) -> ShopMember:
    """Return one member of the shop alliance.

    Raises:
        NotFoundError: there is none, or not for this person.
    """
    rows = ShopMember.objects.select_for_update(of=("self",)) if lock else ShopMember.objects.all()
    found = rows.select_related("target").defer(*_LEAN).filter(permissions.area_q(by), uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这个联盟成员。"), code="streets.no_member")
    return found


def members(by: Actor, *, state: str, text: str, cursor: str = "", size: int = 50) -> Page[ShopMember]:
    """Return a page of members with their numbers of checks, by when they joined: one statement.

    Args:
        state: ``left`` for those that left, ``open`` for those with something to put right; else those there are.
    """
    rows = ShopMember.objects.filter(permissions.area_q(by), _named(text), left_on__isnull=state != "left")
    waiting = Q(checks__fine=False, checks__mended_on__isnull=True)
    rows = rows.annotate(seen=Count("checks"), waiting=Count("checks", filter=waiting), last=Max("checks__on"))
    if state == "open":
        rows = rows.filter(waiting__gt=0)
    rows = rows.select_related("target").defer(*_LEAN)
    return keyset(rows, keys=[("joined_on", date), ("id", int)], cursor=cursor, size=size, descending=True)


def other_members(row: ShopMember) -> list[ShopMember]:
    """Return the members that may have looked at one, those of its own area."""
    rows = ShopMember.objects.filter(left_on__isnull=True, area_path=row.area_path).exclude(pk=row.pk)
    return list(rows.select_related("target").order_by("target__name", "id")[:300])


def board_due(today: date) -> date:
    """Return the day since which a sign-board is to have been checked."""
    return months_on(today, -number("board_months", today))


def boards(
    by: Actor, *, state: str, today: date, text: str, cursor: str = "", size: int = 50
) -> tuple[Page[Target], dict[int, BoardCheck]]:
    """Return a page of sign-boards with the last check of each: two statements.

    Args:
        state: ``due`` for those not checked in time, ``bad`` for those with something to put right; empty: all.
    """
    mine = BoardCheck.objects.filter(target=OuterRef("pk"))
    rows = targets(by, BOARDS)
    if state == "due":
        rows = rows.filter(~Exists(mine.filter(on__gte=board_due(today))))
    elif state == "bad":
        rows = rows.filter(Exists(mine.filter(fine=False, rectified_on__isnull=True)))
    page = keyset(
        matching(rows, TargetFilter(text=text)), keys=[("sort_key", str), ("id", int)], cursor=cursor, size=size
    )
    checks = BoardCheck.objects.filter(target__in=[t.pk for t in page.rows]).order_by("on", "id")
    return page, {c.target_id: c for c in checks}


def board_checks(target: Target) -> list[BoardCheck]:
    """Return the checks of a sign-board, the newest first."""
    return list(BoardCheck.objects.filter(target=target)[:50])


def friend_for(by: Actor, uuid: UUID, *, lock: bool = False) -> Friendly:
    """Return one friendly merchant.

    Raises:
        NotFoundError: there is none, or not for this person.
    """
    rows = Friendly.objects.select_for_update(of=("self",)) if lock else Friendly.objects.all()
    found = rows.select_related("target").defer(*_LEAN).filter(permissions.area_q(by), uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这家友好商户。"), code="streets.no_friend")
    return found


def friends(by: Actor, *, state: str, today: date, text: str, cursor: str = "", size: int = 50) -> Page[Friendly]:
    """Return a page of friendly merchants by when they are to be looked at again: one statement.

    Args:
        state: ``due`` for those to be looked at, ``ended`` for those without plaque; else those there are.
    """
    rows = Friendly.objects.filter(permissions.area_q(by), _named(text), ended_on__isnull=state != "ended")
    if state == "due":
        rows = rows.filter(review_on__lte=today)
    rows = rows.select_related("target").defer(*_LEAN)
    return keyset(rows, keys=[("review_on", date), ("id", int)], cursor=cursor, size=size)


def public_friends(text: str = "", cursor: str = "") -> Page[Friendly]:
    """Return a page of the friendly merchants that everybody may read of: one statement."""
    rows = Friendly.objects.filter(_named(text), public=True, ended_on__isnull=True, target__until__isnull=True)
    rows = rows.select_related("target").defer(*_LEAN).annotate(name=F("target__name"))
    return keyset(rows, keys=[("since", date), ("id", int)], cursor=cursor, size=50, descending=True)
