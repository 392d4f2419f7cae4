"""The register of thanks: who reads what of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.engines.cases.models import Praise
from linli.engines.cases.permissions import working_units
from linli.engines.cases.types import PraiseKind
from linli.engines.cases.workflow import READERS_ALL
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import decrypt_text
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset

PURPOSE = "cases.praise"


@dataclass(frozen=True, slots=True)
class PraiseFilters:
    """What the register is narrowed to; empty narrows nothing."""

    kind: str = ""
    unit_id: int | None = None
    text: str = ""
    since: date | None = None
    until: date | None = None


def visible_praise(actor: Actor) -> QuerySet[Praise]:
    """Return what of the register ``actor`` may read: all for who reads all cases, else their units'."""
    rows = Praise.objects.filter(withdrawn_at__isnull=True)
    if actor.is_system or actor.has_role(*READERS_ALL):
        return rows
    return rows.filter(unit__in=working_units(actor))


def praise_rows(actor: Actor, filters: PraiseFilters, *, cursor: str = "", size: int = 50) -> Page[Praise]:
    """Return one page of the register, newest first."""
    rows = _narrow(visible_praise(actor), filters).select_related("unit", "case", "picture")
    return keyset(rows, keys=[("given_on", date), ("id", int)], cursor=cursor, size=size, descending=True)


def _narrow(rows: QuerySet[Praise], f: PraiseFilters) -> QuerySet[Praise]:
    q = Q()
    if f.kind in PraiseKind.values:
        q &= Q(kind=f.kind)
    if f.unit_id is not None:
        q &= Q(unit=f.unit_id)
    if f.text.strip():
        q &= Q(words__contains=f.text.strip()) | Q(case__number=f.text.strip()) | Q(unit__name__contains=f.text.strip())
    if f.since is not None:
        q &= Q(given_on__gte=f.since)
    if f.until is not None:
        q &= Q(given_on__lte=f.until)
    return rows.filter(q)


def praise_for(actor: Actor, uuid: UUID) -> Praise:
    """Return an entry of the register.

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = visible_praise(actor).filter(uuid=uuid).select_related("unit", "case", "picture").first()
    if found is None:
        raise NotFoundError(_("没有找到这条表扬。"), code="cases.praise")
    return found


def praise_of(actor: Actor, uuids: Collection[str]) -> list[Praise]:
    """Return those of the entries that ``actor`` may read: one statement where any is named, else none."""
    rows = visible_praise(actor).filter(uuid__in=list(uuids)).order_by("-given_on", "-id")
    return list(rows[:20]) if uuids else []


def giver_of(praise: Praise) -> str:
    """Return who gave it, as it was written; empty where it is not known or no longer kept."""
    return decrypt_text(praise.giver_sealed, PURPOSE) if praise.giver_sealed else ""


def public_praise(*, cursor: str = "", size: int = 20) -> Page[Praise]:
    """Return one page of what anybody may see, newest first."""
    rows = Praise.objects.filter(public=True, withdrawn_at__isnull=True).select_related("unit")
    return keyset(rows, keys=[("given_on", date), ("id", int)], cursor=cursor, size=size, descending=True)


def public_giver(praise: Praise) -> str:
    """Return who gave it for everybody to read: the name only with consent."""
    return (giver_of(praise) if praise.consent else "") or _("居民")
