"""The list of kinds with the history of imports; templates, sheets out, bringing a sheet."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import InvalidError
from linli.foundation.sheets import permissions, selectors, services
from linli.foundation.sheets.types import KINDS
from linli.interfaces.console.doors import actor_of, door
from linli.interfaces.console.sheets.forms import UploadForm
from linli.interfaces.web.access import behind

SIZE = 20
SECONDS = 3.0


def _administers(by: Actor) -> bool:
    """Return whether ``by`` imports some kind, or puts one in force."""
    return bool(permissions.kinds_for(by) or permissions.confirms(by))


# Who imports some kind, or puts one in force; to everyone else these pages do not exist.
administrators_only = behind(door(_administers))


def waits(batch: Any) -> bool:
    """Return whether ``batch`` holds something that waits for being put in force."""
    return bool(batch.proposed) and batch.state == "applied" and batch.confirmed_at is None


def _line(batch: Any) -> dict[str, Any]:
    return {"row": batch, "title": KINDS[batch.kind].title, "waits": waits(batch)}


@never_cache
@require_GET
@administrators_only
def index(request: HttpRequest) -> HttpResponse:
    """List the kinds and the imports, newest first."""
    by = actor_of(request)
    kind, text = request.GET.get("kind", "")[:32], request.GET.get("q", "").strip()[:60]
    page = selectors.batches(by, cursor=request.GET.get("cursor", ""), size=SIZE, kind=kind, text=text)
    query = urlencode({k: v for k, v in (("kind", kind), ("q", text)) if v})
    codes = {k.code: k for k in permissions.kinds_for(by)} | {c: KINDS[c] for c in permissions.confirms(by)}
    context = {
        "nav_here": "console",
        "kinds": permissions.kinds_for(by),
        "options": [{"value": "", "label": _("全部种类")}, *({"value": c, "label": k.title} for c, k in codes.items())],
        "kind": kind,
        "q": text,
        "page": page,
        "lines": [_line(batch) for batch in page.rows if batch.kind in KINDS],
        "base": f"?{query}&" if query else "?",
        "first": reverse("console:sheets") + (f"?{query}" if query else ""),
    }
    return render(request, "console/sheets/index.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@administrators_only
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """Take a sheet of a kind, guess its columns and look at its rows."""
    by, now = actor_of(request), clock.now()
    kind = permissions.kind_for(by, code)
    form = UploadForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                services.check_size(file.size)
                batch = services.upload(by=by, now=now, kind=code, name=file.name, content=file.read())
            except InvalidError as error:
                form.take(error)
            else:
                _look(by, batch.uuid)
                return HttpResponseRedirect(reverse("console:sheet_batch", args=[batch.uuid]))
    context = {"form": form, "kind": kind, "nav_here": "console", "about": services.about_column}
    context["columns"] = [{"header": c.header, "text": services.about_column(c)} for c in kind.columns]
    return render(request, "console/sheets/upload.html", context, status=status)


def _look(by: Actor, uuid: Any) -> None:
    """Look at the rows with the guessed columns; where one that is needed was not found, the page asks."""
    try:
        services.check(by=by, now=clock.now(), uuid=uuid)
    except InvalidError:
        return
    services.advance(uuid=uuid, now=clock.now(), seconds=SECONDS)


def sheet_answer(content: bytes, name: str) -> HttpResponse:
    """Return an xlsx to be saved."""
    answer = HttpResponse(content, content_type=services.MIME)
    ascii_name = name.encode("ascii", "ignore").decode().strip("-") or "sheet"
    encoded = urlencode({"n": f"{name}.xlsx"})[2:].replace("+", "%20")
    answer["Content-Disposition"] = f"attachment; filename=\"{ascii_name}.xlsx\"; filename*=UTF-8''{encoded}"
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_GET
@administrators_only
def template(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the empty sheet of a kind."""
    by = actor_of(request)
    kind = permissions.kind_for(by, code)
    return sheet_answer(services.template(by, code), f"{code}-{kind.title}{_('模板')}")


@require_GET
@administrators_only
def export(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the sheet of what is there; it is journalled."""
    by, now = actor_of(request), clock.now()
    kind = permissions.kind_for(by, code)
    content = services.export(by=by, now=now, code=code)
    return sheet_answer(content, f"{code}-{kind.title}-{localtime(now):%Y%m%d}")
