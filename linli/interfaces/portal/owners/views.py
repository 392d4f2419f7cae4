"""Results of the evaluation of owners' committees as they were announced: grade, marks, what was looked at, when."""

from __future__ import annotations

from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.interfaces.portal import committee
from linli.interfaces.web.access import public
from linli.programmes.owners import selectors
from linli.programmes.owners.types import Grade

TONES = {Grade.EXCELLENT: "done", Grade.GOOD: "doing", Grade.PASSED: "check", Grade.FAILED: "late"}


@public
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show the announced results of one evaluation, the newest first."""
    get, drives = request.GET, selectors.public_drives()
    drive = next((d for d in drives if str(d.uuid) == get.get("year", "")), drives[0] if drives else None)
    areas = {a.path: a.name for a in committee.neighbourhoods()}
    kept = {k: v for k in ("q", "area", "grade") if (v := get.get(k, "").strip()[:200])}
    page = None
    if drive is not None:
        page = selectors.public_results(
            drive, grade=kept.get("grade", ""), area_path=kept.get("area", ""), text=kept.get("q", ""),
            cursor=get.get("cursor", ""),
        )  # fmt: skip
    context = {
        "drive": drive,
        "page": page,
        "rows": [
            {"row": r, "tone": TONES.get(Grade(r.grade), "idle") if r.grade else "idle",
             "area": next((n for p, n in areas.items() if r.area_path.startswith(p)), "")}
            for r in (page.rows if page else ())
        ],
        "today": committee.today(),
        "query": kept,
        "years": [{"value": str(d.uuid), "label": d.title} for d in drives],
        "areas": [{"value": "", "label": _("全部居民区")}, *({"value": p, "label": n} for p, n in areas.items())],
        "grades": [{"value": "", "label": _("全部等级")}, *({"value": g.value, "label": g.label} for g in Grade)],
        "base": f"?{urlencode({**kept, 'year': str(drive.uuid)})}&" if drive else "?",
    }  # fmt: skip
    return render(request, "portal/owners/listing.html", context)


@public
@require_GET
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one announced result with what was looked at."""
    row = selectors.public_result(uuid)
    groups = [{"name": name, "lines": list(lines)} for name, lines in groupby(row.judged, key=lambda n: n.group)]
    context = {
        "row": row,
        "groups": groups,
        "tone": TONES.get(Grade(row.grade), "idle") if row.grade else "idle",
        "vetoed": bool(row.vetoes),
        "today": committee.today(),
    }
    return render(request, "portal/owners/one.html", context)
