"""Reading members."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.people import selectors as people
from linli.foundation.people.types import Role
from linli.foundation.rulebook import selectors as rulebook
from linli.programmes.alliance.models import Body, Claim, Holding, Member, Seat
from linli.programmes.alliance.permissions import OFFICE_ROLES
from linli.programmes.alliance.rules import naming, standing
from linli.programmes.alliance.types import Stage, Standing
from linli.programmes.alliance.workflow import OPEN_CLAIMS


def _grace(today: date) -> int:
    return int(rulebook.value("alliance.grace_days", on=today))


def member_for(uuid: UUID, *, lock: bool = False) -> Member:
    """Return the member with that uuid.

    Raises:
        NotFoundError: there is none.
    """
    rows = Member.objects.select_for_update(of=("self",)) if lock else Member.objects.select_related("unit", "area")
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这个成员单位。"), code="alliance.no_member")
    return found


def standing_of(member: Member, today: date) -> Standing:
    """Return how a member stands on a day, by rule."""
    return standing.standing(
        member.stage,
        issued=member.issued_on is not None,
        valid_to=member.valid_to,
        today=today,
        grace_days=_grace(today),
    )


def _standing_q(wanted: str, today: date) -> Q:
    """Return the filter that is true where :func:`standing_of` says ``wanted`` (a test holds the two together)."""
    last_grace = today - timedelta(days=_grace(today))
    in_term = Q(stage=Stage.ADMITTED) & (Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    return {
        Standing.PROPOSED: Q(stage__in=[Stage.APPLIED, Stage.CHECKED]),
        Standing.REFUSED: Q(stage=Stage.REFUSED),
        Standing.LEFT: Q(stage=Stage.LEFT),
        Standing.ADMITTED: in_term & Q(issued_on__isnull=True),
        Standing.CURRENT: in_term & Q(issued_on__isnull=False),
        Standing.GRACE: Q(stage=Stage.ADMITTED, valid_to__lt=today, valid_to__gte=last_grace),
        Standing.LAPSED: Q(stage=Stage.ADMITTED, valid_to__lt=last_grace),
    }[Standing(wanted)]


def member_page(
    *, today: date, text: str = "", kind: str = "", stands: str = "", year: int | None = None,
    body_id: int | None = None, issued: bool = False, cursor: str = "", size: int = 50,
) -> Page[Member]:  # fmt: skip
    """Return a page of the members by name.

    Args:
        text: part of a name, with any quotes or none.
        stands: a value of :class:`Standing`; empty for all but those refused and left.
        year: only those admitted in that year.
        body_id: only those that sit in that body now.
        issued: of ``year``: those that got their plaque in it, in place of those admitted.
    """
    rows = Member.objects.select_related("area")
    if stands in Standing.values:
        rows = rows.filter(_standing_q(stands, today))
    elif year is None:
        rows = rows.exclude(stage__in=[Stage.REFUSED, Stage.LEFT])
    if kind:
        rows = rows.filter(kind=kind)
    if year is not None:
        rows = rows.filter(issued_on__year=year).exclude(plaque="") if issued else rows.filter(admitted_on__year=year)
    if body_id is not None:
        rows = rows.filter(pk__in=Seat.objects.filter(body=body_id, ends_on__isnull=True).values("member"))
    if key := naming.fold(text):
        rows = rows.filter(Q(name_key__contains=key) | Q(short_name__contains=text.strip()))
    return keyset(rows, keys=[("name", str), ("id", int)], cursor=cursor, size=size)


def standing_counts(today: date) -> dict[str, int]:
    """Return how many members stand how: one statement."""
    found: dict[str, int] = Member.objects.aggregate(
        **{s.value: Count("pk", filter=_standing_q(s.value, today)) for s in Standing}
    )
    return found


def admitted_members() -> list[Member]:
    """Return the members that are admitted, by name: what forms offer."""
    return list(Member.objects.filter(stage=Stage.ADMITTED).order_by("name", "id")[:2000])


def seats_of_many(members: list[Member]) -> dict[int, list[Seat]]:
    """Return member → its seats of today, with their bodies: one statement."""
    found: dict[int, list[Seat]] = {}
    rows = Seat.objects.filter(member__in=members, ends_on__isnull=True).select_related("body").order_by("body__kind")
    for row in rows:
        found.setdefault(row.member_id, []).append(row)
    return found


def life_of(member: Member) -> dict[str, Any]:
    """Return a member's seats, posts and chairs, the latest first."""
    return {
        "seats": list(member.seats.select_related("body").order_by("-starts_on", "-id")),
        "holdings": list(
            Holding.objects.filter(member=member).select_related("office__body").order_by("ended", "-starts_on", "-id")
        ),
        "chairs": list(member.chairs.select_related("body").order_by("-starts_on")),
    }


def open_claims_of(member: Member) -> bool:
    """Return whether a member has claims that are not settled."""
    return Claim.objects.filter(member=member, state__in=OPEN_CLAIMS).exists()


def admission_years() -> list[tuple[int, int]]:
    """Return (year, how many were admitted in it), the latest first: one statement."""
    rows = Member.objects.filter(admitted_on__isnull=False).values_list("admitted_on__year").annotate(n=Count("pk"))
    return [(int(y), int(n)) for y, n in rows.order_by("-admitted_on__year")]


def keepers(now: datetime) -> list[int]:
    """Return the users who work in an office of a body, or lead the street where no office is named."""
    on = timezone.localdate(now)
    offices = list(Body.objects.filter(ends_on__isnull=True, office__isnull=False).values_list("office", flat=True))
    posts = [p.pk for found in people.posts_of_units(offices).values() for p in found if p.role in OFFICE_ROLES]
    users = [a.user_id for held in people.holders_of_posts(posts, on).values() for a in held] if posts else []
    return list(dict.fromkeys(users)) or people.holders(Role.STREET_LEADER, "", now)


def members_by_name(names: list[str]) -> dict[str, Member]:
    """Return name → member: one statement."""
    return {m.name: m for m in Member.objects.filter(name__in=names)}


def all_members() -> QuerySet[Member]:
    """Return every member with unit and area, by name."""
    return Member.objects.select_related("unit", "area").order_by("name", "id")
