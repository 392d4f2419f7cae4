"""Entries of the ledgers as this room shows them: to offices and officers all, to a grid its own, none guarded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.engines.fieldwork.permissions import readable
from linli.engines.fieldwork.selectors import matching
from linli.engines.fieldwork.types import TargetFilter
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.programmes.streets import permissions

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target


def targets(by: Actor, kinds: Sequence[str]) -> QuerySet[Target]:
    """Return the entries of these ledgers that ``by`` sees here, as far as they are still in them."""
    rows = readable(SYSTEM, guarded=False).filter(permissions.targets_q(by) | permissions.own_routes_q(by))
    rows = rows.filter(kind__code__in=list(kinds), until=None).select_related("kind", "area", "unit")
    return rows.defer("sealed", "area__geometry", "area__wkb")


def target_page(
    by: Actor, kinds: Sequence[str], text: str, *, where: Q | None = None, cursor: str = ""
) -> Page[Target]:
    """Return a page of entries that hold the words, by address and name: one statement."""
    rows = matching(targets(by, kinds), TargetFilter(text=text))
    if where is not None:
        rows = rows.filter(where)
    return keyset(rows, keys=[("sort_key", str), ("id", int)], cursor=cursor, size=50)


def target_for(by: Actor, uuid: UUID, kinds: Sequence[str]) -> Target:
    """Return one entry, one that has left its ledger too.

    Raises:
        NotFoundError: there is none, or not for this person.
    """
    rows = readable(SYSTEM, guarded=False).filter(permissions.targets_q(by) | permissions.own_routes_q(by), uuid=uuid)
    found = rows.select_related("kind", "area", "unit").defer("area__geometry", "area__wkb").first()
    if found is None or found.kind.code not in kinds:
        raise NotFoundError(
            _("没有这个对象。"), code="streets.no_target", hint=_("它可能已退出台账，或不在您的范围内。")
        )
    return found


def number_of(by: Actor, kinds: Sequence[str], where: Q | None = None) -> int:
    """Return how many entries there are: one statement."""
    rows = targets(by, kinds)
    return rows.filter(where).count() if where is not None else rows.count()


def day_text(day: date | None) -> str:
    """Return a day as lists show it, a dash where there is none."""
    return day.isoformat() if day else "—"
