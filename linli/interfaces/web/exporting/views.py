"""A list or paper as a file: begun from its page, followed while the worker writes it, fetched by who asked alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, NotFoundError
from linli.foundation.exports import permissions, rules, selectors, services
from linli.foundation.exports.types import AGAIN, State
from linli.interfaces.web.access import actor_of
from linli.interfaces.web.exporting.doors import at_work
from linli.interfaces.web.sending import named, stream

if TYPE_CHECKING:
    from linli.foundation.exports.models import Export

TONES = {
    State.WAITING: "new", State.RUNNING: "doing", State.READY: "done", State.FAILED: "late",
    State.CANCELLED: "idle", State.EXPIRED: "idle",
}  # fmt: skip
ACTS: dict[str, Callable[..., Any]] = {"cancel": services.cancel, "again": services.again}


def query_of(data: QueryDict) -> str:
    """Return the address of the list behind the question mark: as the page sent it, without the place in it."""
    query = QueryDict(data.get("query", "")[:4_000].removeprefix("?"), mutable=True)
    query.update(QueryDict(data.get("fixed", "")[:200]))
    query.pop("cursor", None)
    return query.urlencode()


@require_POST
@at_work
def begin(request: HttpRequest, code: str) -> HttpResponseBase:
    """Send the list or paper as it is asked for; a long one is given to the worker."""
    by, now, query = actor_of(request), clock.now(), query_of(request.POST)
    form, origin = request.POST.get("form", ""), request.build_absolute_uri("/")
    made = services.send(by=by, now=now, code=code, form=form, query=query, origin=origin)
    if made is None:
        row = services.ask(by=by, now=now, code=code, form=form, query=query, origin=origin)
        return HttpResponseRedirect(reverse("web:export", args=[row.uuid]))
    return named(FileResponse(made.content, content_type=made.mime), made.name)


def shown(row: Export, now: datetime) -> dict[str, Any]:
    """Return an export as pages show it."""
    stale, state = selectors.stale(row, now), State(row.state)
    return {
        "row": row,
        "title": selectors.title(row),
        "tone": "late" if stale else TONES[state],
        "words": _("没有动静") if stale else state.label,
        "percent": rules.percent(row.done, row.total),
        "until": selectors.expires_at(row, now),
        "may_again": state in AGAIN or stale,
        "stale": stale,
        "ready": state == State.READY,
    }


@never_cache
@require_GET
@at_work
def listing(request: HttpRequest) -> HttpResponse:
    """Show one's own exports, newest first."""
    by, now = actor_of(request), clock.now()
    page = selectors.exports(by, cursor=request.GET.get("cursor", "")[:300])
    context = {
        "page": page,
        "rows": [shown(r, now) for r in page.rows],
        "days": selectors.number("keep_days", now),
        "most": selectors.number("rows_at_once", now),
        "nav_here": "account",
    }
    return render(request, "web/exports/list.html", context)


@never_cache
@require_GET
@at_work
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show how far an export is; the page follows it by itself."""
    by, now = actor_of(request), clock.now()
    row = permissions.export_for(by, uuid)
    context = {**shown(row, now), "days": selectors.number("keep_days", now), "nav_here": "account"}
    return render(request, "web/exports/one.html", context)


@require_GET
@at_work
def file(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Send the file of an export."""
    return stream(services.fetch(by=actor_of(request), now=clock.now(), uuid=uuid), "private, no-store")


@require_POST
@at_work
def act(request: HttpRequest, uuid: UUID, act: str) -> HttpResponse:
    """Cancel an export, or begin it again."""
    if act not in ACTS:
        raise NotFoundError(_("没有这个操作。"))
    try:
        ACTS[act](by=actor_of(request), now=clock.now(), uuid=uuid)
    except ConflictError as error:
        messages.error(request, f"{error.message}{error.hint}")
    return HttpResponseRedirect(reverse("web:export", args=[uuid]))
