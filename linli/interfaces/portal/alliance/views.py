"""The three lists for everybody: what is published, who claimed what, thanks that both sides agreed to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.foundation.core.errors import NotFoundError
from linli.foundation.files import selectors as files
from linli.interfaces.web.access import public
from linli.interfaces.web.sending import stream
from linli.programmes.alliance import selectors
from linli.programmes.alliance.rules import naming, quantities
from linli.programmes.alliance.types import ListKind


def _amount(entry: Any, known: Any) -> str:
    if entry.quantity is None:
        return ""
    left = quantities.amount_text(known[entry.pk].remaining) or "0"
    words = _("还差 %(left)s%(unit)s") if entry.kind == ListKind.NEED else _("剩余 %(left)s%(unit)s")
    return words % {"left": left, "unit": entry.unit_word}


def _claimed(claims: list[Any]) -> str:
    left = selectors.unclaimed(claims)
    if left <= 0:
        return _("已全部认领")
    if left == 1:
        return _("待认领")
    return _("可认领 %(left)s") % {"left": quantities.share_text(left)}


@public
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show one of the three lists."""
    kind, text = request.GET.get("kind", ""), request.GET.get("q", "").strip()[:40]
    kind = kind if kind in ListKind.values else ListKind.PROJECT.value
    page = selectors.public_page(kind=kind, text=text, cursor=request.GET.get("cursor", "")[:300])
    project = kind == ListKind.PROJECT
    known = {} if project else selectors.balances(page.rows)
    claims = selectors.claimed(page.rows) if project else {}
    rows = [
        {
            "entry": e,
            "name": naming.quoted(e.title) if project else e.title,
            "amount": _claimed(claims.get(e.pk, [])) if project else _amount(e, known),
            "claims": claims.get(e.pk, []),
        }
        for e in page.rows
    ]
    words = {ListKind.PROJECT: _("项目"), ListKind.NEED: _("需求"), ListKind.RESOURCE: _("资源")}
    query = {k: v for k, v in (("kind", kind), ("q", text)) if v}
    context = {
        "rows": rows,
        "page": page,
        "kind": kind,
        "text": text,
        "tabs": [{"label": words[k], "url": f"?kind={k}", "current": k == kind, "count": None} for k in words],
        "base": f"?{urlencode(query)}&",
        "brands": selectors.brands(active=True),
    }
    return render(request, "portal/alliance/list.html", context)


@public
@require_GET
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a line: what, when, where, on what conditions, who claimed it, thanks. No contacts: ask the street."""
    entry = selectors.public_entry(uuid)
    project = entry.kind == ListKind.PROJECT
    claims = selectors.claimed([entry]).get(entry.pk, []) if project else []
    context = {
        "entry": entry,
        "name": naming.quoted(entry.title) if project else entry.title,
        "project": project,
        "amount": _claimed(claims) if project else _amount(entry, selectors.balances([entry])),
        "claims": [{"row": c, "share": quantities.share_text(c.share)} for c in claims],
        "thanks": selectors.public_thanks(entry) if project else [],
        "used": selectors.use_counts([entry]).get(entry.pk, 0) if entry.kind == ListKind.RESOURCE else 0,
    }
    return render(request, "portal/alliance/entry.html", context)


@public
@require_GET
def brand(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a brand with the names of its bodies and members."""
    row = selectors.brand_for(uuid)
    if not row.active:
        raise NotFoundError(_("没有这个品牌。"), code="alliance.no_brand")
    context = {"brand": row, "bodies": selectors.bodies(brand=row), "members": selectors.members_of_brand(row)}
    return render(request, "portal/alliance/brand.html", context)


@public
@require_GET
def picture(_request: HttpRequest, uuid: UUID, size: int) -> HttpResponseBase:
    """Send the picture of a project that is published."""
    if not selectors.pitch_picture(uuid):
        raise NotFoundError(_("没有这张图片。"), code="alliance.picture")
    return stream(files.serve_shown(uuid, size), "public, max-age=3600")
