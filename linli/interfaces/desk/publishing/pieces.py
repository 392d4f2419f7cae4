"""What the page of every piece has: where it stands, what may be done, what the check found, what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.interfaces.desk.doors import actor_of, problem
from linli.interfaces.desk.publishing.doors import STATUS, tabs, writers
from linli.programmes.publishing import permissions, selectors
from linli.programmes.publishing.rules.checking import Code, Finding
from linli.programmes.publishing.workflow import VERBS, State

if TYPE_CHECKING:
    from linli.programmes.publishing.models import Piece

FOUND: dict[str, Any] = {
    Code.NUMBER: gettext_lazy("电话、证件号等个人号码"),
    Code.PERSON: gettext_lazy("可能是居民的姓名"),
    Code.DOOR: gettext_lazy("门牌号"),
    Code.SMALL: gettext_lazy("人数太少，可能认出是谁"),
    Code.LABEL: gettext_lazy("给人贴标签的说法"),
    Code.UNFINISHED: gettext_lazy("还没写完"),
    Code.GUARDED: gettext_lazy("关联的事项不能公开"),
    Code.PICTURE: gettext_lazy("照片还不能公开"),
    Code.NO_PICTURE: gettext_lazy("没有这张图"),
}
_PLACES: dict[str, Any] = {
    "title": gettext_lazy("标题"),
    "kicker": gettext_lazy("引题"),
    "body": gettext_lazy("正文"),
    "topic": gettext_lazy("专题"),
    "publisher": gettext_lazy("编印单位"),
    "proposer": gettext_lazy("提出者"),
    "summary": gettext_lazy("概要"),
    "steps": gettext_lazy("步骤"),
    "used_at": gettext_lazy("应用情况"),
    "evidence": gettext_lazy("依据与成效"),
    "exhibitions": gettext_lazy("展示交流"),
    "links": gettext_lazy("关联事项"),
}
_PAST = {"begin": gettext_lazy("起草"), **{code: verb.past for code, verb in VERBS.items()}}
WITH_REASON = ("send_back", "withdraw", "restore", "drop")


def place_words(place: str) -> str:
    """Return where something was found, in words."""
    name, _colon, number = place.partition(":")
    if name in {"picture", "caption"}:
        return _("图%(number)s") % {"number": number}
    if name == "text":
        return str(selectors.section_names().get(number, _("正文")))
    return str(_PLACES.get(place, place))


def _found(finding: Finding, piece: Piece, typed: Any) -> dict[str, Any]:
    return {
        "key": finding.key,
        "hard": finding.hard,
        "what": FOUND[finding.code],
        "place": place_words(finding.place),
        "words": finding.words,
        "reason": typed.get(f"reason_{finding.key}", "") or piece.reasons.get(finding.key, ""),
    }


def _address(piece: Piece, name: str = "") -> str:
    return reverse(f"desk:publishing_{piece.kind.value}{name}", args=[piece.uuid])


def context(request: HttpRequest, piece: Piece, error: DomainError | None = None) -> dict[str, Any]:
    """Return what the page of ``piece`` shows beside the piece itself."""
    actor, now = actor_of(request), clock.now()
    may = {code for code in VERBS if permissions.can(actor, code, piece)}
    checked = piece.state in {State.DRAFT, State.HANDED_IN, State.REVIEWED}
    found = [_found(f, piece, request.POST) for f in selectors.findings(piece, now)] if checked else []
    versions = selectors.versions(piece)
    shut = ""
    if piece.state == State.HANDED_IN and "approve" not in may:
        shut = permissions.why_not(actor, VERBS["approve"], piece)
    return {
        "piece": piece,
        "mark": STATUS[State(piece.state)],
        "may": may,
        "why_no_approval": shut,
        "findings": found,
        "hard": sum(f["hard"] for f in found),
        "reasoned": [{"at": v.at, "why": v.why} for v in versions if v.verb == "approve" and v.why][:1],
        "with_reason": [
            {"code": c, "label": VERBS[c].label, "drastic": VERBS[c].drastic} for c in WITH_REASON if c in may
        ],
        "history": [
            {
                "number": v.number,
                "what": _PAST.get(v.verb, v.verb),
                "at": v.at,
                "who": v.by_label,
                "why": v.why,
                "text": bool(v.data),
            }
            for v in versions
        ],
        "releases": selectors.releases_of(piece),
        "channels": [{"value": c.code, "label": c.name} for c in selectors.channels_left(piece)]
        if "release" in may
        else [],
        "may_note": permissions.may_release(actor),
        "acts": reverse("desk:publishing_act", args=[piece.kind.value, piece.uuid]),
        "edit_url": _address(piece, "_edit"),
        "typed": request.POST,
        "problem": problem(error) if error else None,
        "tabs": tabs(actor, {"article": "articles"}.get(piece.kind.value, f"{piece.kind.value}s")),
        "nav_here": "publishing",
        "now": now,
    }


@require_GET
@writers
def version(request: HttpRequest, kind: str, uuid: UUID, number: int) -> HttpResponse:
    """Show what a piece said at one of its versions."""
    piece = selectors.piece_for(actor_of(request), kind, uuid)
    found = selectors.version_for(piece, number)
    fields = [
        {"name": place_words(name), "text": "\n".join(map(str, value)) if isinstance(value, list) else value}
        for name, value in found.data.items()
        if name in _PLACES and value and name != "links"
    ]
    fields += [
        {"name": place_words(f"text:{code}"), "text": text}
        for code, text in dict(found.data.get("texts", {})).items()
        if text
    ]
    context_ = {
        "piece": piece,
        "version": found,
        "what": _PAST.get(found.verb, found.verb),
        "fields": fields,
        "back": _address(piece),
        "nav_here": "publishing",
    }
    return render(request, "desk/publishing/version.html", context_)


def redirect_to(piece: Piece) -> HttpResponseRedirect:
    """Go to the page of ``piece``."""
    return HttpResponseRedirect(_address(piece))
