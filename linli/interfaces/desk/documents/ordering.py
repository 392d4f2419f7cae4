"""The order of a page: blocks as a list that is moved by button, key or hand; where an article begins."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, DomainError, ForbiddenError
from linli.interfaces.desk.documents.lists import steps_of
from linli.interfaces.desk.doors import actor_of, staff
from linli.programmes.documents import selectors, services
from linli.programmes.documents.permissions import check_keep
from linli.programmes.documents.types import BlockKind
from linli.programmes.documents.workflow import DocumentState

KINDS = {
    BlockKind.HEADLINE: gettext_lazy("标题"),
    BlockKind.KICKER: gettext_lazy("肩题"),
    BlockKind.SECTION: gettext_lazy("小标题"),
    BlockKind.PARAGRAPH: gettext_lazy("正文"),
    BlockKind.BY_LINE: gettext_lazy("署名"),
    BlockKind.CAPTION: gettext_lazy("图说"),
    BlockKind.NOTICE: gettext_lazy("启事"),
    BlockKind.CONTINUATION: gettext_lazy("转接版"),
}
Line = tuple[int, bool, bool]  # block number, an article begins here, left out


def _typed(request: HttpRequest) -> list[Line]:
    """Return the lines as they were sent, in their order."""
    post = request.POST
    begins, out = set(post.getlist("begins")), set(post.getlist("out"))
    numbers = [n for n in post.getlist("block") if n.isascii() and n.isdigit() and len(n) < 7]
    return [(int(n), n in begins, n in out) for n in numbers]


def _moved(lines: list[Line], move: str) -> list[Line]:
    """Return the lines with one moved a place up or down: ``up:3`` moves block 3."""
    way, _colon, number = move.partition(":")
    at = next((i for i, line in enumerate(lines) if str(line[0]) == number), None)
    if at is None:
        return lines
    to = max(0, at - 1) if way == "up" else min(len(lines) - 1, at + 1)
    lines.insert(to, lines.pop(at))
    return lines


def order_of(lines: list[Line]) -> list[list[int]]:
    """Return the articles that the lines say: a new one wherever one begins."""
    found: list[list[int]] = []
    for number, begins, out in lines:
        if out:
            continue
        if begins or not found:
            found.append([])
        found[-1].append(number)
    return found


def _kept(blocks: list[Any]) -> list[Line]:
    lines, last = [], object()
    for block in blocks:
        lines.append(
            (block.number, block.article_id is not None and block.article_id != last, block.article_id is None)
        )
        last = block.article_id
    return lines


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def order(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the blocks in the proposed order; confirm it."""
    actor = actor_of(request)
    check_keep(actor)
    found, error = selectors.document_for(actor, uuid), None
    if found.state not in {DocumentState.READ, DocumentState.ORDERED}:
        if request.method == "POST":
            raise ConflictError(_("现在不能调整顺序。"), code="documents.state", hint=_("请返回文件页面查看。"))
        return HttpResponseRedirect(reverse("desk:document", args=[uuid]))
    lines = None
    if request.method == "POST":
        lines = _typed(request)
        if move := request.POST.get("move", ""):
            lines = _moved(lines, move)
        else:
            sent = request.POST.get("revision", "")
            try:
                services.put_in_order(
                    by=actor,
                    now=clock.now(),
                    document=found,
                    order=order_of(lines),
                    revision=int(sent) if sent.isascii() and sent.isdigit() else -1,
                )
            except ForbiddenError:
                raise
            except DomainError as refused:
                error = refused
                found = selectors.document_for(actor, uuid)
            else:
                messages.success(request, _("顺序已确定，请核对识读结果。"))
                return HttpResponseRedirect(reverse("desk:document_check", args=[uuid]))
    return _page(request, found, lines, error)


def _page(request: HttpRequest, found: Any, lines: list[Line] | None, error: DomainError | None) -> HttpResponse:
    blocks, text = selectors.blocks_of(found), selectors.text_of(found)
    by_number = {b.number: b for b in blocks}
    shown = []
    for number, begins, out in lines if lines is not None else _kept(blocks):
        block = by_number.get(number)
        if block is not None:
            words = text.clean[block.at : block.at + block.size]
            shown.append(
                {"block": block, "kind": KINDS[BlockKind(block.kind)], "words": words, "begins": begins, "out": out}
            )
    unsure = [a for a in selectors.articles_of(found) if a.confidence < 70]
    context = {
        "document": found,
        "lines": shown,
        "steps": steps_of(found),
        "unsure": unsure,
        "articles": sum(1 for line in shown if line["begins"]),
        "error": error,
        "nav_here": "documents",
    }
    return render(request, "desk/documents/order.html", context, status=error.status if error else 200)
