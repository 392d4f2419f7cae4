"""Linking a name in a text to what Linli knows by hand; the names so linked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, DomainError, InvalidError
from linli.foundation.core.paging import Page
from linli.interfaces.desk.documents.acting import done, is_part, revision_of
from linli.interfaces.desk.doors import actor_of, staff
from linli.programmes.documents import selectors, services
from linli.programmes.documents.permissions import check_keep, check_read, may_keep
from linli.programmes.documents.workflow import KNOWN

if TYPE_CHECKING:
    from linli.programmes.documents.models import Alias


def _chosen(request: HttpRequest, text: str) -> selectors.Known:
    """Return what was chosen among what the search shows.

    Raises:
        InvalidError: it is not among it.
    """
    sent = request.POST.get("target", "")
    found = next((k for k in selectors.known(text, clock.now()) if f"{k.kind}:{k.uuid}" == sent), None)
    if found is None:
        raise InvalidError(_("请从搜索结果中选择。"), code="documents.link")
    return found


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def link(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Search what Linli knows; link the name to it."""
    actor, error = actor_of(request), None
    check_keep(actor)
    finding = selectors.finding_for(actor, uuid)
    data = request.POST if request.method == "POST" else request.GET
    text = data.get("q", finding.text)[:60]
    if request.method == "POST":
        try:
            known, revision = _chosen(request, text), revision_of(request)
            services.link(by=actor, now=clock.now(), finding=finding, revision=revision, known=known)
        except (ConflictError, InvalidError) as refused:
            error, finding = refused, selectors.finding_for(actor, uuid)
        else:
            return done(request, selectors.finding_for(actor, uuid), _("已关联，下一份文件也按这个名称识别。"))
    found = [{"known": k, "kind": KNOWN[k.kind]} for k in selectors.known(text, clock.now())]
    context: dict[str, Any] = {
        "finding": finding,
        "found": found,
        "text": text,
        "error": error,
        "url": reverse("desk:finding_link", args=[uuid]),
        "nav_here": "documents",
    }
    template = "desk/documents/_link.html" if is_part(request) else "desk/documents/link.html"
    return render(request, template, context, status=error.status if error else 200)


@never_cache
@require_GET
@staff
def aliases(request: HttpRequest) -> HttpResponse:
    """Show the names that were linked by hand, with who and when."""
    return _list(request, None)


def asked_of(request: HttpRequest) -> tuple[str, bool]:
    """Return by which words the linked names are asked for, and whether those removed are."""
    return request.GET.get("q", "")[:60], request.GET.get("past") == "1"


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Alias]:
    """Return a page of the linked names that the address asks for."""
    text, past = asked_of(request)
    return selectors.alias_page(actor_of(request), text=text, past=past, cursor=cursor, size=size)


def _list(request: HttpRequest, error: DomainError | None) -> HttpResponse:
    actor, (text, past) = actor_of(request), asked_of(request)
    check_read(actor)
    context = {
        "page": page_of(request, request.GET.get("cursor", "")),
        "text": text,
        "past": past,
        "base": f"?q={text}&past={int(past)}&",
        "may_keep": may_keep(actor),
        "error": error,
        "nav_here": "documents",
    }
    return render(request, "desk/documents/aliases.html", context, status=error.status if error else 200)


@require_POST
@staff
def remove(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a linked name out of force."""
    actor = actor_of(request)
    check_keep(actor)
    found = selectors.alias_for(actor, uuid)
    try:
        services.remove_alias(by=actor, now=clock.now(), alias=found)
    except ConflictError as error:
        return _list(request, error)
    messages.success(request, _("已移除“%(name)s”，之后的文件不再按它识别。") % {"name": found.name})
    return HttpResponseRedirect(reverse("desk:document_aliases"))
