"""What the buttons on a piece's page do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.interfaces.desk.doors import actor_of
from linli.interfaces.desk.publishing import articles, issues, methods, reports
from linli.interfaces.desk.publishing.doors import writers
from linli.interfaces.desk.publishing.pieces import WITH_REASON, redirect_to
from linli.programmes.publishing import selectors, services
from linli.programmes.publishing.types import PieceKind
from linli.programmes.publishing.workflow import VERBS

if TYPE_CHECKING:
    from linli.programmes.publishing.models import Piece

_SIMPLE = frozenset({"hand_in", "take_back"})
_PAGES: dict[str, Any] = {
    PieceKind.ARTICLE: articles.page,
    PieceKind.ISSUE: issues.page,
    PieceKind.REPORT: reports.page,
    PieceKind.METHOD: methods.page,
}


def _version(request: HttpRequest) -> int:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 0


def _do(request: HttpRequest, piece: Piece, verb: str) -> str:
    """Do ``verb``; return what is said of it."""
    post = request.POST
    common: dict[str, Any] = {
        "by": actor_of(request),
        "now": clock.now(),
        "piece": piece,
        "version": _version(request),
    }
    if verb in _SIMPLE:
        getattr(services, verb)(**common)
    elif verb in WITH_REASON:
        getattr(services, verb)(**common, reason=post.get(f"reason_{verb}", ""))
    elif verb == "approve":
        reasons = {k.removeprefix("reason_"): str(v) for k, v in post.items() if k.startswith("reason_")}
        services.approve(**common, reasons=reasons)
    elif verb == "release":
        services.release(
            **common,
            channel=selectors.channel_for(post.get("channel", "")),
            link=post.get("link", ""),
            outside_number=post.get("outside_number", ""),
        )
    else:
        raise NotFoundError(_("没有这个操作。"), code="publishing.verb")
    return _("%(what)s：%(title)s") % {"what": VERBS[verb].past, "title": piece.title}


@require_POST
@writers
def act(request: HttpRequest, kind: str, uuid: UUID) -> HttpResponse:
    """Do what the pressed button says; what is refused is said on the piece's page, with what was typed."""
    piece = selectors.piece_for(actor_of(request), kind, uuid)
    verb = request.POST.get("act", "")
    try:
        said = _do(request, piece, verb)
    except DomainError as error:
        if verb not in VERBS:
            raise
        fresh = selectors.piece_for(actor_of(request), kind, uuid)
        if verb in WITH_REASON and "reason" in error.fields:
            error.fields[f"reason_{verb}"] = error.fields.pop("reason")
        answer: HttpResponse = _PAGES[PieceKind(kind)](request, fresh, error)
        return answer
    messages.success(request, said)
    return redirect_to(piece)
