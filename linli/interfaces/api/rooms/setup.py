"""What is set up: areas, units, venues, categories with their questions, the rulebook."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from ninja import Path, Query, Router
from pydantic import Field

from linli.engines.cases import selectors as cases
from linli.foundation.accounts.types import TokenScope
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.core.paging import keyset
from linli.foundation.people import permissions as people
from linli.foundation.places import selectors as places
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.venues import selectors as venues
from linli.interfaces.api.door import Token, by_of, check_staff, now_of
from linli.interfaces.api.shapes import (
    REFUSALS,
    AreaOut,
    AreaPage,
    CategoryList,
    CategoryOut,
    Cursor,
    Day,
    Id,
    RuleList,
    RuleOut,
    Size,
    Sparse,
    Text,
    UnitOut,
    UnitPage,
    VenueOut,
    VenuePage,
    answer,
    only,
)

if TYPE_CHECKING:
    from linli.foundation.people.models import Unit
    from linli.foundation.places.models import Area
    from linli.foundation.rulebook.types import Rule
    from linli.foundation.venues.models import Venue

router = Router(tags=["setup"])
# As in the console: who sets up and who leads.
_RULE_READERS = ("shift_leader", "street_leader", "supervisor", "system_admin")
Code = Annotated[Text, Field(max_length=80)]
Words = Annotated[Text, Field(max_length=60)]
Kept = Annotated[Literal["", "unproved", "own"], Query(alias="only", description="As the tabs of the console.")]
Facility = Annotated[Text, Field(max_length=32)]


def _on(request: HttpRequest, day: date | None) -> date:
    return day or localtime(now_of(request)).date()


def _area(row: Area) -> dict[str, Any]:
    return {
        "id": row.pk, "code": row.code, "name": row.name, "kind": row.kind.code, "parent": row.parent_id,
        "path": row.path,
    }  # fmt: skip


@router.get(
    "/areas", auth=Token(TokenScope.PLACES_READ), response={200: AreaPage, **REFUSALS}, operation_id="listAreas"
)
def list_areas(
    request: HttpRequest, kind: Code = "", below: Id | None = None, on: Day | None = None, cursor: Cursor = "",
    size: Size = 50, fields: Sparse = "",
) -> HttpResponse:  # fmt: skip
    """List the areas in force on a day, by path."""
    path = places.area(below).path if below is not None else ""
    rows = places.areas(on=_on(request, on), kind=kind, below=path).defer("geometry", "wkb")
    page = keyset(rows, keys=[("path", str), ("id", int)], cursor=cursor, size=size)
    return answer({"results": only([_area(a) for a in page.rows], fields, AreaOut, always="id"), "next": page.next})


@router.get(
    "/areas.geojson", auth=Token(TokenScope.PLACES_READ), response={200: dict[str, Any], **REFUSALS},
    operation_id="areaBorders",
)  # fmt: skip
def borders(request: HttpRequest, kind: Code = "", on: Day | None = None) -> HttpResponse:
    """Return the borders of a kind of area, or of all, as GeoJSON."""
    return HttpResponse(places.areas_geojson(_on(request, on), kind), content_type="application/geo+json")


def _unit(row: Unit) -> dict[str, Any]:
    return {
        "id": row.pk, "uuid": row.uuid, "name": row.name, "short_name": row.short_name, "kind": row.kind,
        "parent": row.parent_id, "area": row.area_id, "active": row.active,
    }  # fmt: skip


@router.get(
    "/units", auth=Token(TokenScope.PLACES_READ), response={200: UnitPage, **REFUSALS}, operation_id="listUnits"
)
def list_units(
    request: HttpRequest, kind: Code = "", q: Code = "", cursor: Cursor = "", size: Size = 50, fields: Sparse = ""
) -> HttpResponse:
    """List the units that the caller may look up."""
    rows = people.visible_units(by_of(request))
    if kind:
        rows = rows.filter(kind=kind)
    if q.strip():
        rows = rows.filter(name__icontains=q.strip())
    page = keyset(rows.distinct(), keys=[("id", int)], cursor=cursor, size=size)
    return answer({"results": only([_unit(u) for u in page.rows], fields, UnitOut, always="id"), "next": page.next})


def _venue(row: Venue) -> dict[str, Any]:
    return {
        "uuid": row.uuid, "kind": row.kind.code, "name": row.name, "address": row.address,
        "point": {"lat": row.lat, "lon": row.lon} if row.lat is not None and row.lon is not None else None,
        "phone": row.phone, "state": row.state, "facilities": row.facilities, "hours": row.hours,
    }  # fmt: skip


@router.get(
    "/venues", auth=Token(TokenScope.PLACES_READ), response={200: VenuePage, **REFUSALS}, operation_id="listVenues"
)
def list_venues(
    request: HttpRequest, kind: Code = "", q: Code = "", area: Id | None = None, facility: Facility = "",
    open_now: bool = False, cursor: Cursor = "", size: Size = 50, fields: Sparse = "",
) -> HttpResponse:  # fmt: skip
    """List the venues that the public is shown."""
    path = places.area(area).path if area is not None else ""
    rows = venues.public_venues(
        _on(request, None), kinds=[kind] if kind else [], text=q, area_path=path, facility=facility
    )
    if open_now:
        rows = venues.open_now(rows, localtime(now_of(request)).replace(tzinfo=None))
    page = keyset(rows.select_related("kind"), keys=[("id", int)], cursor=cursor, size=size)
    return answer({"results": only([_venue(v) for v in page.rows], fields, VenueOut, always="uuid"), "next": page.next})


@router.get(
    "/venues/{uuid}", auth=Token(TokenScope.PLACES_READ), response={200: VenueOut, **REFUSALS}, operation_id="getVenue"
)
def get_venue(request: HttpRequest, uuid: Path[UUID]) -> HttpResponse:
    """Return one venue that the public is shown."""
    return answer(_venue(venues.public_venue(uuid, _on(request, None))))


def _category(node: cases.CategoryNode) -> dict[str, Any]:
    spec = node.spec
    return {
        "code": spec.code, "name": spec.name, "resident_name": spec.resident_name, "parent": node.parent,
        "group": node.group, "leaf": node.leaf, "urgent": spec.urgent, "level": spec.level.value,
        "words": list(spec.words), "questions": dict(spec.questions),
    }  # fmt: skip


@router.get(
    "/categories", auth=Token(TokenScope.RULES_READ), response={200: CategoryList, **REFUSALS},
    operation_id="listCategories",
)  # fmt: skip
def list_categories(request: HttpRequest, fields: Sparse = "") -> HttpResponse:
    """List the categories in use, with the questions of each leaf."""
    rows = [_category(n) for n in cases.categories()]
    return answer({"results": only(rows, fields, CategoryOut, always="code")})


def _rule(found: Rule) -> dict[str, Any]:
    names = ("code", "title", "value", "unit", "source", "mark", "valid_from", "valid_to", "why", "shipped")
    return {name: getattr(found, name) for name in names}


def _fits(found: Rule, words: str, kept: str) -> bool:
    if (kept == "unproved" and not found.is_unproved) or (kept == "own" and found.shipped):
        return False
    text = " ".join((found.code, found.title, found.source, found.why)).lower()
    return all(word in text for word in words.lower().split())


def _check_rules(request: HttpRequest) -> None:
    if not by_of(request).has_role(*_RULE_READERS):
        check_staff(by_of(request))
        raise ForbiddenError(_("您的岗位不能查看规则。"), code="api.rules")


@router.get("/rules", auth=Token(TokenScope.RULES_READ), response={200: RuleList, **REFUSALS}, operation_id="listRules")
def list_rules(
    request: HttpRequest, prefix: Code = "", q: Words = "", only_: Kept = "", on: Day | None = None,
    fields: Sparse = "",
) -> HttpResponse:  # fmt: skip
    """List the parameters in force on a day, those whose code begins with `prefix`, in which every word of `q` is."""
    _check_rules(request)
    rows = [_rule(r) for r in rulebook.all_rules(_on(request, on), prefix=prefix) if _fits(r, q, only_)]
    return answer({"results": only(rows, fields, RuleOut, always="code")})


@router.get(
    "/rules/{code}", auth=Token(TokenScope.RULES_READ), response={200: RuleOut, **REFUSALS}, operation_id="getRule"
)
def get_rule(request: HttpRequest, code: Path[Code], on: Day | None = None) -> HttpResponse:
    """Return a parameter as it holds on a day."""
    _check_rules(request)
    return answer(_rule(rulebook.rule(code, on=_on(request, on))))
