"""Opening what is sealed of a target, with a purpose; and deleting it for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linli.engines.fieldwork import selectors, services
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, ForbiddenError, NotFoundError
from linli.interfaces.desk.doors import actor_of, id_of, lists, problem, shown_again, staff
from linli.interfaces.desk.fieldwork.ledgers import shared

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target


def purposes() -> list[dict[str, str]]:
    """Return the purposes one chooses from; the chosen words are journalled."""
    words = [_("上门走访联系"), _("核实台账"), _("应急联系"), _("办理诉求"), _("督查核实")]
    return [
        {"value": "", "label": _("请选择用途")},
        *({"value": w, "label": w} for w in words),
        {"value": "other", "label": _("其他（请写明）")},
    ]


def purpose_of(request: HttpRequest) -> str:
    """Return the purpose that was given, in words; empty for none."""
    chosen, words = request.POST.get("purpose", "").strip(), request.POST.get("words", "").strip()
    if chosen in {"", "other"}:
        return words
    return f"{chosen}：{words}" if words else chosen


def _page(request: HttpRequest, target: Target, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "target": target,
        "purposes": purposes(),
        "may_keep": shared.may_keep(actor_of(request), target),
        "nav_here": shared.NAV,
        **shown_again(request, more.pop("error", None)),
        **more,
    }
    return render(request, "desk/ledgers/open.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def sealed(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask for the purpose, then show what is sealed; the look is journalled."""
    by, target = actor_of(request), selectors.target_for(actor_of(request), uuid)
    if request.method == "GET":
        return _page(request, target)
    try:
        found = services.open_sealed(by=by, now=clock.now(), uuid=uuid, purpose=purpose_of(request))
    except DomainError as error:
        return _page(request, target, error.status, error=error)
    asked = {q.code: q for q in shared.asked_of(target.kind).questions}
    rows = [
        {"code": code, "label": shared.label_of(asked[code]), "value": shared.in_words(asked, code, value)}
        for code, value in found.items()
        if code in asked
    ]
    return _page(request, target, opened=True, rows=rows)


@require_POST
@staff
def forget(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Delete personal details that are not needed any more, out of the history too."""
    by, target = actor_of(request), selectors.target_for(actor_of(request), uuid)
    try:
        services.forget_sealed(
            by=by, now=clock.now(), uuid=uuid, fields=lists(request.POST, "fields"),
            reason=request.POST.get("reason", ""), expected=id_of(request.POST.get("version", "")) or 0,
        )  # fmt: skip
    except (NotFoundError, ForbiddenError):
        raise
    except DomainError as error:
        messages.error(request, problem(error)["message"])
        return _page(request, target, error.status, error=error)
    messages.success(request, _("所选个人信息已删除，历史里也不再保留。"))
    return HttpResponseRedirect(reverse("desk:target", args=[uuid]))
