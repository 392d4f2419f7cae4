"""The yearly review, drawn from the data: every figure names the list that it counts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from linli.programmes.alliance.models import Agreement, Body, ChairTerm, Claim, Entry, Member, Seat, Sitting, Use
from linli.programmes.alliance.selectors.bodies import Growth
from linli.programmes.alliance.types import BodyKind, Figure, ListKind, UseState
from linli.programmes.alliance.workflow import DONE_CLAIMS, HOLDING


def years() -> list[int]:
    """Return the years of which there is something to tell, the latest first."""
    found = {d.year for d in Member.objects.exclude(admitted_on=None).dates("admitted_on", "year")}
    found |= {d.year for d in Entry.objects.exclude(published_on=None).dates("published_on", "year")}
    found |= {d.year for d in Claim.objects.dates("claimed_on", "year")}
    found |= {d.year for d in Agreement.objects.dates("signed_on", "year")}
    return sorted(found, reverse=True)


def figures(year: int) -> list[Figure]:
    """Return the numbers of a year; each opens the list ``where`` narrowed by ``query``."""
    y = str(year)
    members = Member.objects.aggregate(
        new=Count("pk", filter=Q(admitted_on__year=year)),
        plaques=Count("pk", filter=Q(issued_on__year=year) & ~Q(plaque="")),
    )
    lists = dict(Entry.objects.filter(published_on__year=year).order_by().values_list("kind").annotate(n=Count("pk")))
    claims = Claim.objects.aggregate(
        made=Count("pk", filter=Q(claimed_on__year=year)),
        confirmed=Count("pk", filter=Q(confirmed_on__year=year)),
    )
    pitched = Entry.objects.filter(pitched_on__year=year).count()
    top = Entry.objects.filter(top_year=year).count()
    used = Use.objects.filter(state=UseState.USED, used_on__year=year).count()
    signed = Agreement.objects.filter(signed_on__year=year).count()
    return [
        Figure("members_new", _("新加入成员单位"), members["new"], "members", {"year": y}),
        Figure("plaques", _("颁证授牌"), members["plaques"], "members", {"year": y, "issued": "1"}),
        Figure("projects", _("发布项目"), lists.get(ListKind.PROJECT, 0), "lists", {"kind": "project", "year": y}),
        Figure("needs", _("发布需求"), lists.get(ListKind.NEED, 0), "lists", {"kind": "need", "year": y}),
        Figure("resources", _("发布资源"), lists.get(ListKind.RESOURCE, 0), "lists", {"kind": "resource", "year": y}),
        Figure("top", _("列入十大项目"), top, "lists", {"kind": "project", "top": y}),
        Figure("pitched", _("推介项目"), pitched, "lists", {"kind": "project", "pitched": y}),
        Figure("claims", _("认领"), claims["made"], "claims", {"year": y}),
        Figure("confirmed", _("确认完成"), claims["confirmed"], "claims", {"confirmed": y}),
        Figure("used", _("资源使用"), used, "uses", {"year": y}),
        Figure("agreements", _("签署协议"), signed, "agreements", {"year": y}),
    ]


def committees(year: int) -> list[tuple[Body, Growth]]:
    """Return the committees that lived in a year, each with how it grew in it: two statements."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = Body.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first), kind=BodyKind.COMMITTEE)
    found = list(rows.filter(starts_on__lte=last).select_related("parent").order_by("parent", "id"))
    seats: dict[int, list[Seat]] = {}
    for seat in Seat.objects.filter(body__in=found, starts_on__lte=last):
        seats.setdefault(seat.body_id, []).append(seat)
    return [(body, _grown(seats.get(body.pk, []), year)) for body in found]


def _grown(seats: list[Seat], year: int) -> Growth:
    joins = [s.starts_on.year for s in seats]
    leaves = [s.ends_on.year for s in seats if s.ends_on is not None]
    return Growth(
        year, sum(j < year for j in joins) - sum(e < year for e in leaves), joins.count(year), leaves.count(year)
    )


def chairs(year: int) -> list[ChairTerm]:
    """Return the chairs of which the term began in a year, or was handed over in it."""
    rows = ChairTerm.objects.filter(Q(starts_on__year=year) | Q(handed_on__year=year))
    return list(rows.select_related("body", "member").order_by("body", "number"))


def assemblies(year: int) -> list[Sitting]:
    """Return the yearly assemblies of a year."""
    return list(Sitting.objects.filter(yearly=True, held_on__year=year).select_related("body").order_by("held_on"))


def projects(year: int) -> list[dict[str, Any]]:
    """Return the projects published in a year or on its list of ten: who leads, who claimed, how far each is."""
    rows = Entry.objects.filter(Q(published_on__year=year) | Q(top_year=year), kind=ListKind.PROJECT)
    found = list(rows.select_related("body").order_by("top_place", "id")[:200])
    claims: dict[int, list[Claim]] = {}
    for claim in Claim.objects.filter(entry__in=found, state__in=HOLDING).select_related("member").order_by("id"):
        claims.setdefault(claim.entry_id, []).append(claim)
    return [
        {
            "entry": e,
            "claims": claims.get(e.pk, []),
            "done": sum(c.state in DONE_CLAIMS for c in claims.get(e.pk, [])),
        }
        for e in found
    ]


def uses(year: int) -> list[Use]:
    """Return the pieces of resources used in a year, the latest first."""
    rows = Use.objects.filter(state=UseState.USED, used_on__year=year)
    return list(rows.select_related("resource__member", "need", "member").order_by("-used_on", "-id")[:500])
