"""Coverage as a map and a table: which areas were visited how far in a period; areas alone, never persons."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.selectors import Covered
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.places import selectors as places
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, day_of, staff, today
from linli.interfaces.desk.fieldwork.ledgers import shared

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Kind

DAYS = (30, 90, 180, 365)
CLASSES = (50, 80, 95)  # per cent; below the first is the palest


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page asks: which ledger, which period, where."""

    kind: Kind
    first: date
    last: date
    path: str

    @property
    def query(self) -> str:
        """The same as a query."""
        return urlencode({"kind": self.kind.code, "from": self.first.isoformat(), "to": self.last.isoformat()})


def _path_of(by: Actor) -> str:
    """Return the widest area whose numbers somebody reads."""
    return min((g.area_path for g in by.grants), key=len, default="-")


def asked_of(request: HttpRequest) -> Asked:
    """Return what is asked; what cannot be is the first ledger and the last 90 days."""
    data, day = request.GET, today()
    path = _path_of(actor_of(request))
    selectors.check_coverage(actor_of(request), path)
    kinds = selectors.kinds()
    kind = next((k for k in kinds if k.code == data.get("kind")), kinds[0] if kinds else None)
    if kind is None:
        raise NotFoundError(_("没有这个台账。"), code="fieldwork.no_kind")
    days = data.get("days", "")
    begin, last = day_of(data.get("from", "")), day_of(data.get("to", ""))
    if days.isdigit() and int(days) in DAYS:
        begin, last = day - timedelta(days=int(days) - 1), day
    last = min(last or day, day)
    begin = min(begin or last - timedelta(days=89), last)
    return Asked(kind, begin, last, path)


def by_area(request: HttpRequest, asked: Asked) -> tuple[list[dict[str, Any]], Covered]:
    """Return the coverage by neighbourhood in the order of the tree, and in all."""
    found = selectors.covered(actor_of(request), asked.kind, asked.first, asked.last, today(), asked.path)
    homes = [a for a in directory.areas(today()) if a.kind == "neighbourhood"]
    rows = []
    for area in homes:
        if asked.path and not area.path.startswith(asked.path) and not asked.path.startswith(area.path):
            continue
        rows.append(_row(area.id, area.name, _sum(area.path, [c for c in found if c.area_path.startswith(area.path)])))
    rest = [c for c in found if not any(c.area_path.startswith(a.path) for a in homes)]
    if rest:
        rows.append(_row(None, _("未归入居民区"), _sum("", rest)))
    return rows, _sum("", found)


def _sum(path: str, found: list[Covered]) -> Covered:
    return Covered(path, sum(c.whole for c in found), sum(c.reached for c in found), sum(c.attempted for c in found))


def _row(area: int | None, name: str, covered: Covered) -> dict[str, Any]:
    return {"id": area, "name": name, "covered": covered, "percent": percent(covered), "shade": shade(covered)}


def percent(covered: Covered) -> int | None:
    """Return the share in whole per cent, never rounded up to 100; None where there is nothing to reach."""
    return int(covered.share * 100) if covered.share is not None else None


def shade(covered: Covered) -> int:
    """Return the class of a share for the map: 0 nothing to reach, then 1 to 4."""
    found = percent(covered)
    return 0 if found is None else 1 + sum(found >= limit for limit in CLASSES)


@require_GET
@staff
def coverage(request: HttpRequest) -> HttpResponse:
    """Show how far a ledger was visited, area by area, on the map and beside it."""
    asked = asked_of(request)
    rows, whole = by_area(request, asked)
    guarded = asked.kind.guarded
    days = (asked.last - asked.first).days + 1 if asked.last == today() else 0
    context = {
        "asked": asked,
        "rows": rows,
        "whole": whole,
        "percent": percent(whole),
        "kinds": [{"value": k.code, "label": k.name} for k in selectors.kinds()],
        "tabs": [
            {
                "label": _("近 %(n)s 天") % {"n": n},
                "url": "?" + urlencode({"kind": asked.kind.code, "days": n}),
                "current": n == days,
                "count": None,
            }
            for n in DAYS
        ],
        "geo": f"{reverse('desk:coverage_map')}?{asked.query}",
        "legend": [
            {"shade": 1, "word": _("不到 %(a)s%%") % {"a": CLASSES[0]}},
            {"shade": 2, "word": f"{CLASSES[0]}–{CLASSES[1]}%"},
            {"shade": 3, "word": f"{CLASSES[1]}–{CLASSES[2]}%"},
            {"shade": 4, "word": _("%(a)s%% 以上") % {"a": CLASSES[2]}},
        ],
        # The list leads to those that nobody was at since; of a period that is over no list can say so.
        "drill": "" if guarded or not days else reverse("desk:ledger_list", args=[asked.kind.code]),
        "nav_here": shared.NAV,
    }
    return render(request, "desk/ledgers/coverage.html", context)


@require_GET
@staff
def coverage_map(request: HttpRequest) -> HttpResponse:
    """Answer the drawing: neighbourhoods shaded by their share, over roads and water."""
    asked = asked_of(request)
    rows, _whole = by_area(request, asked)
    of = {r["id"]: r for r in rows}
    found = json.loads(places.areas_geojson(today(), "neighbourhood"))
    for feature in found["features"]:
        row = of.get(feature["properties"]["id"])
        name = str(feature["properties"]["name"]).removesuffix("居民区")
        said = f"{name} {row['percent']}%" if row and row["percent"] is not None else name
        feature["properties"] = {"kind": "cover", "name": said, "hot": row["shade"] if row else 0}
    found["features"] += json.loads(places.backdrop_geojson())["features"]
    answer = HttpResponse(
        json.dumps(found, ensure_ascii=False, separators=(",", ":")), content_type="application/geo+json"
    )
    answer["Cache-Control"] = "private, no-store"
    return answer
