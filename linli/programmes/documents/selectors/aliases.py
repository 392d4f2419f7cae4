"""Reading what Linli knows by name, and the names that people linked to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places
from linli.programmes.documents.models import Alias
from linli.programmes.documents.permissions import check_read
from linli.programmes.documents.types import Kind

MOST_KNOWN = 8  # of each kind that a search shows


@dataclass(frozen=True, slots=True)
class Known:
    """A unit, post or place of Linli: which, its name, and what tells it from others of that name."""

    kind: str
    uuid: UUID
    label: str
    detail: str = ""


def known(text: str, now: datetime) -> list[Known]:
    """Return the units, posts and places whose names hold ``text``, some of each: at most six statements."""
    wanted, on = text.strip()[:60], people.local_day(now)
    if not wanted:
        return []
    units = people.active_units()
    named = [u for u in units if wanted in u.name or wanted in u.short_name]
    held = people.posts_of_units([u.pk for u in units])
    names = {u.pk: u.name for u in units}
    posts = [p for some in held.values() for p in some if wanted in p.title or wanted in names[p.unit_id] + p.title]
    areas = places.area_page(on=on, text=wanted, size=MOST_KNOWN).rows
    spots = places.search_places(wanted, MOST_KNOWN)
    return [
        *(Known(Kind.UNIT, u.uuid, u.name, u.short_name) for u in sorted(named, key=_short)[:MOST_KNOWN]),
        *(Known(Kind.POST, p.uuid, p.title, names[p.unit_id]) for p in posts[:MOST_KNOWN]),
        *(Known(Kind.PLACE, a.uuid, a.name, a.kind.name) for a in areas),
        *(Known(Kind.PLACE, p.uuid, p.name, p.area.name if p.area else "") for p in spots),
    ]


def _short(unit: object) -> int:
    return len(getattr(unit, "name", ""))


def aliases_in_force() -> list[Alias]:
    """Return the linked names that are in force: one statement."""
    return list(Alias.objects.filter(removed_at__isnull=True)[:5_000])


def unit_aliases() -> dict[str, str]:
    """Return name → the unit's uuid, of the linked names in force: one statement."""
    rows = Alias.objects.filter(removed_at__isnull=True, kind=Kind.UNIT)
    return {name: str(target) for name, target in rows.values_list("name", "target")}


def alias_page(actor: Actor, *, text: str = "", past: bool = False, cursor: str = "", size: int = 50) -> Page[Alias]:
    """Return a page of the linked names, the newest first: those in force, or (``past``) those removed.

    Raises:
        NotFoundError: not a reader of documents.
    """
    check_read(actor)
    rows = Alias.objects.filter(removed_at__isnull=not past)
    if wanted := text.strip()[:60]:
        rows = rows.filter(Q(name__contains=wanted) | Q(label__contains=wanted))
    return keyset(rows, keys=[("made_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def alias_for(actor: Actor, uuid: UUID) -> Alias:
    """Return a linked name.

    Raises:
        NotFoundError: there is none for this reader.
    """
    check_read(actor)
    found = Alias.objects.filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这个别名。"), code="documents.alias")
    return found
