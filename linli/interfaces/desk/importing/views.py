"""Upload → mapping → dry run with the rows' faults → import → result with a sheet to mend."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.cases.selectors import catalogue
from linli.engines.cases.services import importing
from linli.engines.cases.services.importing import Parcel, Refused
from linli.engines.cases.services.importing.parcels import may_import
from linli.engines.cases.workflow import STAFF
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import InvalidError
from linli.foundation.sheets import selectors as sheets
from linli.foundation.sheets.services import forget_layout
from linli.interfaces.desk.importing.forms import MappingForm, OrdersForm, UploadForm

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN, LINES = 50, 12
SAMPLE, KEPT = 5, 10
CHANGES = 200


def _actor(request: HttpRequest) -> Actor:
    by: Actor = request.actor  # type: ignore[attr-defined]
    if not by.has_role(*STAFF):
        raise Http404
    may_import(by)
    return by


@never_cache
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take a sheet."""
    by = _actor(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > importing.MAX_BYTES:
                importing.open_sheet(b"\x00" * (importing.MAX_BYTES + 1), file.name)
            parcel = importing.keep(by=by, content=file.read(), name=file.name, kind=form.cleaned_data["kind"])
        except InvalidError as error:
            form.add_error("file", str(error))
        else:
            return HttpResponseRedirect(reverse("desk:import_sheet", args=[parcel.uuid]))
    status = 422 if request.method == "POST" else 200
    return _upload_page(request, form, OrdersForm(initial=_last_days()), status)


def _last_days() -> dict[str, str]:
    today = localtime(clock.now()).date()
    return {"first": (today - timedelta(days=6)).isoformat(), "last": today.isoformat()}


def _upload_page(request: HttpRequest, form: UploadForm, orders: OrdersForm, status: int) -> HttpResponse:
    kept = sheets.layouts(_actor(request), importing.layouts(), size=KEPT, cursor=request.GET.get("cursor", ""))
    titles = {code: kind.title for code, kind in importing.layouts().items()}
    context = {
        "form": form, "orders": orders, "nav_here": "import", "kept": kept,
        "lines": [{"row": row, "title": titles[row.kind]} for row in kept.rows],
    }  # fmt: skip
    return render(request, "desk/importing/upload.html", context, status=status)


@never_cache
@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """Hand out the work orders of some days with what became of them, for the city."""
    by = _actor(request)
    form = OrdersForm(request.GET)
    if not form.is_valid():
        return _upload_page(request, UploadForm(), form, 422)
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    try:
        content, _count = importing.orders_sheet(by=by, now=clock.now(), first=first, last=last)
    except InvalidError as error:
        form.add_error("last", str(error))
        return _upload_page(request, UploadForm(), form, 422)
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="12345-{first:%Y%m%d}-{last:%Y%m%d}.xlsx"'
    return answer


@require_POST
def forget(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Delete what was said of the columns and values of sheets with one header row."""
    by = _actor(request)
    if sheets.layout(by, uuid).kind not in importing.layouts():
        raise Http404
    forget_layout(by=by, now=clock.now(), uuid=uuid)
    messages.success(request, _("已删除。下次这样的表格按表头识别。"))
    return HttpResponseRedirect(reverse("desk:import") + "#kept")


@require_POST
def take(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take those changes of orders that were ticked."""
    by = _actor(request)
    parcel = importing.open_parcel(by=by, uuid=uuid)
    chosen = {int(c) for c in request.POST.getlist("change") if c.isascii() and c.isdigit() and len(c) < 7}
    importing.take_changes(by=by, now=clock.now(), parcel=parcel, chosen=chosen)
    return HttpResponseRedirect(reverse("desk:import_sheet", args=[uuid]) + "#changes")


def _faults(refused: Sequence[Refused]) -> list[dict[str, Any]]:
    """Return what is wrong with the rows, each reason once with its rows, the most frequent first."""
    rows: dict[str, list[int]] = {}
    for row in refused:
        for reason in row.reasons.values():
            rows.setdefault(str(reason), []).append(row.line)
    found = sorted(rows.items(), key=lambda pair: -len(pair[1]))[:SHOWN]
    return [{"reason": r, "count": len(n), "lines": n[:LINES], "more": len(n) > LINES} for r, n in found]


def _changes(parcel: Parcel) -> list[dict[str, Any]]:
    """Return what orders say differently, with what became of each change."""
    decided = parcel.result.get("decided", {})
    rows = enumerate(parcel.outcome().changed[:CHANGES])
    return [
        {"at": i, "change": c, "taken": decided.get(str(i)) == "", "refused": decided.get(str(i), "")} for i, c in rows
    ]


def _page(request: HttpRequest, parcel: Parcel, form: MappingForm, status: int = 200) -> HttpResponse:
    outcome = parcel.outcome()
    names = {n.spec.code: n.spec.name for n in catalogue.categories()}
    context: dict[str, Any] = {
        "form": form,
        "parcel": parcel,
        "outcome": outcome,
        "nav_here": "import",
        "shown": _faults(outcome.refused),
        "sample": [cells for _line, cells in parcel.rows[:SAMPLE]],
        "total": len(parcel.rows),
        "categories": sorted(((names.get(c, c), n) for c, n in outcome.categories.items()), key=lambda pair: -pair[1]),
        "looked": bool(parcel.result),
        "changes": _changes(parcel),
        "duplicates": outcome.duplicates[:SHOWN],
        "source": importing.layout(parcel.kind).source.value,
    }
    return render(request, "desk/importing/sheet.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say which column is what; look at all rows, or take them in."""
    by = _actor(request)
    parcel = importing.open_parcel(by=by, uuid=uuid)
    if request.method == "GET":
        return _page(request, parcel, MappingForm(parcel))
    form = MappingForm(parcel, request.POST)
    if not form.is_valid():
        return _page(request, parcel, form, 422)
    dry_run = request.POST.get("act") != "import"
    importing.start(
        by=by,
        now=clock.now(),
        parcel=parcel,
        mapping=form.mapping(),
        to_other=form.cleaned_data["to_other"],
        dry_run=dry_run,
        values=form.values(),
    )
    return HttpResponseRedirect(reverse("desk:import_sheet", args=[uuid]))


@require_POST
def go_on(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take in the next stretch of rows."""
    by = _actor(request)
    parcel = importing.open_parcel(by=by, uuid=uuid)
    if parcel.applying and not parcel.finished:
        importing.advance(by=by, now=clock.now(), parcel=parcel)
    return HttpResponseRedirect(reverse("desk:import_sheet", args=[uuid]))


@never_cache
@require_GET
def errors(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand out the rows that were not taken."""
    parcel = importing.open_parcel(by=_actor(request), uuid=uuid)
    content = importing.write_refused(parcel.outcome().refused, parcel.headers, parcel.mapping)
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="refused.xlsx"'
    return answer
