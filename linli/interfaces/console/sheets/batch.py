"""One import: its columns, what is wrong, what will change; applying with progress, undoing, putting in force."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.accounts import services as accounts
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.foundation.sheets import selectors, services
from linli.foundation.sheets.types import KINDS, About, SheetKind
from linli.interfaces.console.doors import actor_of
from linli.interfaces.console.sheets.forms import MappingForm
from linli.interfaces.console.sheets.views import SECONDS, administrators_only, sheet_answer, waits
from linli.interfaces.web.access import confirmed

SHOWN, LINES, SAMPLE, SLIPS = 50, 12, 5, 50


def _back(uuid: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:sheet_batch", args=[uuid]))


def _faults(kind: SheetKind, batch: Any) -> list[dict[str, Any]]:
    """Return what is wrong, each fault once with its column and rows, the most frequent first."""
    rows: dict[tuple[str, str], list[int]] = {}
    for line, reasons in selectors.faults(batch):
        for name, reason in reasons.items():
            rows.setdefault((name, reason), []).append(line)
    headers = {c.name: c.header for c in kind.columns}
    found = sorted(rows.items(), key=lambda pair: (-len(pair[1]), pair[1]))
    return [
        {
            "column": headers.get(name, _("整行")),
            "reason": reason,
            "count": len(lines),
            "lines": sorted(lines)[:LINES],
            "more": len(lines) > LINES,
        }
        for (name, reason), lines in found
    ]


def _samples(kind: SheetKind, batch: Any) -> list[dict[str, Any]]:
    return [
        {
            "line": line,
            "label": label,
            "created": action == "create",
            "changes": [
                {"column": c.header, "before": services.shown(c, before), "after": services.shown(c, after)}
                for name, before, after in changes
                for c in [kind.column(name)]
            ],
        }
        for line, label, action, changes in selectors.samples(batch)
    ]


def _step(batch: Any) -> int:
    """Return which of the four steps the import is at, from 1."""
    return {"uploaded": 2, "checking": 3, "checked": 3}.get(batch.state, 4)


def _form(kind: SheetKind, batch: Any, sheet: dict[str, Any], data: Any = None) -> MappingForm:
    unknown = services.unknown(kind, batch.mapping, (cells for _line, cells, _faults in sheet["rows"]))
    return MappingForm(kind, list(sheet["headers"]), batch.mapping, batch.values, unknown, data)


def _page(
    request: HttpRequest, batch: Any, *, form: MappingForm | None = None, status: int = 200, trouble: Any = None
) -> HttpResponse:
    by, kind = actor_of(request), KINDS[batch.kind]
    mine = kind.may(by)
    columns = mine and _step(batch) < 4 and not batch.running and batch.kept
    sheet = selectors.sheet(batch) if columns else {"headers": [], "rows": []}
    kept = selectors.recognised(kind.code, sheet["headers"]) if columns else None
    second = kind.second
    changes = selectors.changes(batch) if batch.proposed and batch.state == "applied" else []
    proposals = second.lines(changes, About(by, clock.now())) if second and changes else []
    faults = _faults(kind, batch) if mine and not batch.running else []
    context = {
        "nav_here": "console",
        "batch": batch,
        "kind": kind,
        "mine": mine,
        "step": _step(batch),
        "columns": columns,
        "form": form or (_form(kind, batch, sheet) if columns else None),
        "keep": form is None or request.POST.get("keep") == "yes",
        "known": kept,
        "as_known": kept is not None and (kept.mapping, kept.values) == (batch.mapping, batch.values),
        "headers": sheet["headers"],
        "sample": [cells for _line, cells, _f in sheet["rows"][:SAMPLE]],
        "faults": faults[:SHOWN],
        "more_faults": max(0, len(faults) - SHOWN),
        "changes": _samples(kind, batch) if mine else [],
        "writes": batch.created + batch.changed,
        "proposals": proposals,
        "second": second,
        "waits": waits(batch) and second is not None and second.may(by),
        "own": batch.by_uuid is not None and batch.by_uuid == by.uuid,
        "trouble": selectors.trouble(batch),
        "in_the_way": trouble or [],
        "slips": mine and batch.kind == "people" and batch.state == "applied" and bool(batch.created),
    }
    return render(request, "console/sheets/batch.html", context, status=status)


@never_cache
@require_GET
@administrators_only
def page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show an import where it stands."""
    return _page(request, selectors.batch(actor_of(request), uuid))


@require_POST
@administrators_only
def check(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say which column is what, and look at every row again."""
    by = actor_of(request)
    batch = selectors.batch(by, uuid)
    kind = KINDS[batch.kind]
    sheet, act = selectors.sheet(batch), request.POST.get("act", "")
    form = _form(kind, batch, sheet, None if act in {"known", "guess"} else request.POST)
    known = selectors.recognised(kind.code, sheet["headers"]) if act == "known" else None
    if form.is_bound and not form.is_valid():
        return _page(request, batch, form=form, status=422)
    if form.is_bound:
        said: dict[str, Any] = {
            "mapping": form.mapping(),
            "values": form.values(),
            "keep": request.POST.get("keep") == "yes",
        }
    elif known is not None:
        said = {"mapping": known.mapping, "values": known.values}
    else:
        said = {"mapping": services.guess(sheet["headers"], kind)}
    try:
        services.check(by=by, now=clock.now(), uuid=uuid, **said)
    except DomainError as error:
        return _refused(request, batch, form, error)
    services.advance(uuid=uuid, now=clock.now(), seconds=SECONDS)
    return _back(uuid)


def _refused(request: HttpRequest, batch: Any, form: MappingForm, error: DomainError) -> HttpResponse:
    """Say on the page why the rows cannot be looked at so; what was chosen stays."""
    if form.is_bound:
        form.take(error)
        return _page(request, batch, form=form, status=error.status)
    messages.error(request, str(error))
    return _page(request, batch, status=error.status)


def _do(request: HttpRequest, uuid: UUID, act: Callable[..., Any], **more: Any) -> HttpResponse:
    """Begin a step and do what a few seconds allow; a step that is not open any more is said on the page."""
    by = actor_of(request)
    try:
        act(by=by, now=clock.now(), uuid=uuid, **more)
    except NotFoundError:
        raise
    except DomainError as error:
        messages.error(request, str(error))
        return _page(request, selectors.batch(by, uuid), status=error.status)
    services.advance(uuid=uuid, now=clock.now(), seconds=SECONDS)
    return _back(uuid)


@require_POST
@administrators_only
def apply(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Begin to write the rows."""
    return _do(request, uuid, services.apply)


@require_POST
@administrators_only
def undo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Begin to take back what the import wrote."""
    return _do(request, uuid, services.undo, reason=request.POST.get("reason", "")[:500])


@require_POST
@administrators_only
def stop(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Leave off where it stands."""
    return _do(request, uuid, services.stop)


@require_POST
@administrators_only
def go_on(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Do the next stretches; a job does them too when nobody looks."""
    selectors.batch(actor_of(request), uuid)
    services.advance(uuid=uuid, now=clock.now(), seconds=SECONDS)
    return _back(uuid)


@confirmed
@require_POST
@administrators_only
def confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put in force what the import proposes: all of it, or nothing with the list of what stands in the way."""
    by = actor_of(request)
    try:
        hangs = services.confirm(by=by, now=clock.now(), uuid=uuid)
    except NotFoundError:
        raise
    except DomainError as error:
        messages.error(request, str(error))
        return _page(request, selectors.batch(by, uuid), status=error.status)
    if hangs:
        return _page(request, selectors.batch(by, uuid), status=409, trouble=hangs)
    messages.success(request, _("已确认生效。"))
    return _back(uuid)


@require_POST
@administrators_only
def drop(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Delete a sheet that was not applied."""
    by = actor_of(request)
    try:
        services.drop(by=by, now=clock.now(), uuid=uuid)
    except NotFoundError:
        raise
    except DomainError as error:
        messages.error(request, str(error))
        return _page(request, selectors.batch(by, uuid), status=error.status)
    messages.success(request, _("已删除这次上传，没有写入任何内容。"))
    return HttpResponseRedirect(reverse("console:sheets"))


@never_cache
@require_GET
@administrators_only
def errors(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand out the rows that were not taken."""
    by = actor_of(request)
    batch = selectors.batch(by, uuid)
    return sheet_answer(services.refused_sheet(by, batch), f"{batch.kind}-{_('待修改')}")


@confirmed
@never_cache
@require_POST
@administrators_only
def slips(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give first passwords to accounts of this import that never had one, and show them once, for the printer."""
    by = actor_of(request)
    batch = selectors.batch(by, uuid)
    if batch.kind != "people" or not KINDS["people"].may(by) or batch.state != "applied":
        raise NotFoundError(_("没有找到这个页面。"))
    names = [c.ref for c in selectors.changes(batch) if c.action == "create"]
    found = accounts.issue_first_passwords(by=by, now=clock.now(), usernames=names, limit=SLIPS)
    if not found:
        messages.info(request, _("这次导入的账号都已发过首次密码。"))
        return _back(uuid)
    return render(request, "console/sheets/slips.html", {"slips": found, "batch": batch, "full": len(found) == SLIPS})
