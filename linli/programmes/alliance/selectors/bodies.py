"""Reading brands and bodies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from linli.engines.activities import selectors as activities
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.programmes.alliance.models import Body, Brand, ChairTerm, Holding, Member, Office, Seat, Sitting, Turn
from linli.programmes.alliance.rules import standing
from linli.programmes.alliance.types import HELD_FOR

if TYPE_CHECKING:
    from linli.engines.activities.models import Meeting

_CURRENT = Q(seats__ends_on__isnull=True)


@dataclass(frozen=True, slots=True)
class Growth:
    """How a body changed in a year: who sat in it before, who joined, who left, who sat in it at the end."""

    year: int
    before: int
    joined: int
    left: int

    @property
    def after(self) -> int:
        """How many sat in it at the end of the year."""
        return self.before + self.joined - self.left


def brand_for(uuid: UUID, *, lock: bool = False) -> Brand:
    """Return the brand with that uuid.

    Raises:
        NotFoundError: there is none.
    """
    rows = Brand.objects.select_for_update() if lock else Brand.objects.all()
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这个品牌。"), code="alliance.no_brand")
    return found


def brands(*, active: bool | None = None) -> list[Brand]:
    """Return the brands, those in use first, each with ``size``: how many members its bodies have."""
    rows = Brand.objects.annotate(
        size=Count("bodies__seats__member", filter=Q(bodies__seats__ends_on__isnull=True), distinct=True)
    )
    if active is not None:
        rows = rows.filter(active=active)
    return list(rows.order_by("-active", "name", "id")[:200])


def members_of_brand(brand: Brand) -> list[Member]:
    """Return the members of a brand: those that sit in a body of it today, each once."""
    seats = Seat.objects.filter(Q(body__brand=brand) | Q(body__parent__brand=brand), ends_on__isnull=True)
    return list(Member.objects.filter(pk__in=seats.values("member")).order_by("name", "id")[:1000])


def body_for(uuid: UUID, *, lock: bool = False) -> Body:
    """Return the body with that uuid.

    Raises:
        NotFoundError: there is none.
    """
    rows = (
        Body.objects.select_for_update(of=("self",))
        if lock
        else Body.objects.select_related("brand", "parent", "office").select_related("area__kind")
    )
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这个组织。"), code="alliance.no_body")
    return found


def bodies(*, ended: bool = False, kind: str = "", brand: Brand | None = None) -> list[Body]:
    """Return the bodies, conferences before their committees, each with ``size``: how many members sit there."""
    rows = Body.objects.select_related("brand", "parent", "area", "office")
    rows = rows.filter(ends_on__isnull=not ended).annotate(size=Count("seats", filter=_CURRENT))
    if kind:
        rows = rows.filter(kind=kind)
    if brand is not None:
        rows = rows.filter(Q(brand=brand) | Q(parent__brand=brand))
    order = {"conference": 0, "committee": 1, "association": 2}
    return sorted(rows[:300], key=lambda b: (order[b.kind], b.parent_id or b.pk, b.pk))


def seats(body: Body, *, past: bool = False) -> list[Seat]:
    """Return the seats of a body: those of today by name, or those that ended, the latest first."""
    rows = Seat.objects.filter(body=body, ends_on__isnull=not past).select_related("member")
    return list(rows.order_by("-ends_on", "-id") if past else rows.order_by("member__name", "id"))


def growth(found: Sequence[Seat]) -> list[Growth]:
    """Return how a body grew, year by year, the latest first, from all of its seats."""
    if not found:
        return []
    joins = [s.starts_on.year for s in found]
    leaves = [s.ends_on.year for s in found if s.ends_on is not None]
    first, last = min(joins), max(joins + leaves)
    years = [
        Growth(y, sum(j < y for j in joins) - sum(e < y for e in leaves), joins.count(y), leaves.count(y))
        for y in range(first, last + 1)
    ]
    return years[::-1]


def offices(body: Body) -> list[tuple[Office, list[Holding]]]:
    """Return the posts of a body, each with its terms, those of today first: two statements."""
    found: dict[int, list[Holding]] = {}
    rows = Holding.objects.filter(office__body=body).select_related("member").order_by("ended", "-starts_on", "-id")
    for row in rows:
        found.setdefault(row.office_id, []).append(row)
    return [(o, found.get(o.pk, [])) for o in Office.objects.filter(body=body)]


def chairs(body: Body) -> list[ChairTerm]:
    """Return the terms of the chair, the latest first: the first of them is the first term ever."""
    return list(ChairTerm.objects.filter(body=body).select_related("member"))


def turns(body: Body) -> list[Turn]:
    """Return the order in which the chair goes round."""
    return list(Turn.objects.filter(body=body).select_related("member"))


def next_chair(body: Body, terms: Sequence[ChairTerm], order: Sequence[Turn], seated: Sequence[Seat]) -> Member | None:
    """Return who chairs next by the order; None where nobody in it sits in the body."""
    who = standing.next_in_turn(
        [t.member_id for t in order], terms[0].member_id if terms else None, {s.member_id for s in seated}
    )
    return next((t.member for t in order if t.member_id == who), None)


def sittings(body: Body) -> list[Sitting]:
    """Return the meetings of a body, the latest first."""
    return list(Sitting.objects.filter(body=body)[:200])


def meetings(body: Body, by: Actor, *, now: datetime) -> tuple[list[Meeting], list[Meeting]]:
    """Return the meetings held for a body that ``by`` may see: those to come, soonest first, and past ones."""
    return activities.meetings_held_for(by, HELD_FOR, body.uuid, now=now)


def term_for(term_id: int) -> ChairTerm:
    """Return a term of a chair with its body.

    Raises:
        NotFoundError: there is none.
    """
    found = ChairTerm.objects.select_related("body", "member").filter(pk=term_id).first()
    if found is None:
        raise NotFoundError(_("没有这一任轮值主席。"), code="alliance.no_term")
    return found


def chairs_of_year(year: int) -> list[ChairTerm]:
    """Return the chairs whose term touches a year, by body."""
    rows = ChairTerm.objects.filter(starts_on__lte=date(year, 12, 31), ends_on__gte=date(year, 1, 1))
    return list(rows.select_related("body", "member").order_by("body", "number"))
