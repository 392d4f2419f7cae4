"""The news, one article, its pictures, ways of working; asking to take something down and what became of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.files import selectors as files
from linli.interfaces.portal import limits
from linli.interfaces.portal.faults import Faults
from linli.interfaces.web import articles as drawing
from linli.interfaces.web.access import public
from linli.interfaces.web.sending import stream
from linli.programmes.publishing import selectors, services
from linli.programmes.publishing.rules import markup
from linli.programmes.publishing.types import MethodKind, Plea, Right


def photo_address(file: UUID, size: int) -> str:
    """Return the address of a picture for everybody."""
    return reverse("portal:news_photo", args=[file, size])


@public
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show the news, newest first."""
    get = request.GET
    words, topic = get.get("q", "").strip()[:40], get.get("topic", "")[:40]
    page = selectors.public_articles(text=words, topic=topic, cursor=get.get("cursor", ""))
    pictures = selectors.first_pictures(page.rows)
    rows = [
        {
            "article": a,
            "summary": markup.summary(a.body),
            "picture": drawing.picture(pictures[a.pk], photo_address) if a.pk in pictures else None,
        }
        for a in page.rows
    ]
    kept = urlencode([(k, v) for k, v in (("q", words), ("topic", topic)) if v])
    context = {"page": page, "rows": rows, "words": words, "topic": topic, "base": f"?{kept}&" if kept else "?"}
    return render(request, "portal/publishing/news.html", context)


def _drawn(article: Any) -> list[dict[str, Any]]:
    pictures = {n: drawing.picture(u, photo_address) for n, u in selectors.public_pictures(article).items()}
    return drawing.drawn(markup.parse(article.body), pictures)


@public
@require_GET
def article(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one article."""
    found = selectors.public_article(uuid)
    return render(request, "portal/publishing/article.html", {"article": found, "blocks": _drawn(found)})


@public
@require_GET
def paper(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one article for A4."""
    found = selectors.public_article(uuid)
    context = {
        "article": found,
        "blocks": _drawn(found),
        "address": request.build_absolute_uri(reverse("portal:news_one", args=[uuid])),
    }
    return render(request, "portal/publishing/paper.html", context)


@public
@require_GET
def photo(_request: HttpRequest, file: UUID, size: int) -> HttpResponseBase:
    """Send a picture that everybody may see."""
    selectors.public_media(file)
    return stream(files.serve_shown(file, size), "max-age=300")  # short: a picture may be withdrawn


@public
@require_GET
def methods(request: HttpRequest) -> HttpResponse:
    """Show the ways of working and shared experience."""
    get = request.GET
    words, kind = get.get("q", "").strip()[:40], get.get("kind", "")
    kind = kind if kind in MethodKind.values else ""
    kept = urlencode([(k, v) for k, v in (("q", words), ("kind", kind)) if v])
    context = {
        "page": selectors.public_methods(text=words, kind=kind, cursor=get.get("cursor", "")),
        "words": words,
        "kinds": [{"value": "", "label": _("全部")}, *({"value": k.value, "label": k.label} for k in MethodKind)],
        "kind": kind,
        "base": f"?{kept}&" if kept else "?",
    }
    return render(request, "portal/publishing/methods.html", context)


@public
@require_GET
def method(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one way of working."""
    return render(request, "portal/publishing/method.html", {"method": selectors.public_method(uuid)})


def _show(
    request: HttpRequest, found: Any, plea: Plea, *, errors: Any = None, trouble: DomainError | None = None
) -> HttpResponse:
    status = trouble.status if trouble else 422 if errors else 200
    context = {
        "article": found,
        "plea": plea,
        "rights": [{"value": r.value, "label": r.label} for r in Right],
        "errors": Faults(errors or {}),
        "trouble": trouble,
        "trap": limits.TRAP,
    }
    return render(request, "portal/publishing/takedown.html", context, status=status)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def takedown(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a request to delete or correct an article; answer the code to follow it by."""
    found = selectors.public_article(uuid)
    if request.method != "POST":
        return _show(request, found, Plea("", ""))
    post = request.POST
    plea = Plea(
        right=post.get("right", ""),
        statement=post.get("statement", "")[:4_000],
        name=post.get("name", "")[:100],
        contact=post.get("contact", "")[:200],
    )
    now, by = clock.now(), request.actor  # type: ignore[attr-defined]
    try:
        limits.check_trap(request)
        limits.takedown(request, now)
        filed = services.file_plea(by=by, now=now, article=found, plea=plea)
    except DomainError as error:
        return _show(request, found, plea, errors=error.fields, trouble=None if error.fields else error)
    context = {"plea": filed.plea, "code": filed.code, "article": found}
    return render(request, "portal/publishing/filed.html", context, status=201)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """Show what became of a request, by its code."""
    typed, trouble, plea = request.POST.get("code", "")[:40], None, None
    if request.method == "POST":
        try:
            limits.code(request, clock.now())
            plea = selectors.plea_by_code(typed)
        except DomainError as error:
            trouble = error
    context = {"typed": typed, "trouble": trouble, "plea": plea, "today": clock.now().date()}
    return render(request, "portal/publishing/answer.html", context, status=trouble.status if trouble else 200)
