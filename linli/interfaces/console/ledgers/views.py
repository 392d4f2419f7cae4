"""The list of ledgers; entering one, changing it, retiring it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.fieldwork import permissions, selectors, services
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, StaleError
from linli.interfaces.console.doors import actor_of, door
from linli.interfaces.console.ledgers.forms import (
    TYPES,
    KindForm,
    Typed,
    fields_of,
    first_values,
    questions_of,
    typed_fields,
)
from linli.interfaces.web.access import behind

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Kind

_BLANKS = 3


# Who says which ledgers there are; to everyone else these pages do not exist.
keepers = behind(door(permissions.may_keep_kinds))


@require_GET
@keepers
def listing(request: HttpRequest) -> HttpResponse:
    """Show the ledgers, those retired too."""
    context = {"nav_here": "console", "kinds": selectors.kinds(active=False)}
    return render(request, "console/ledgers/list.html", context)


@require_POST
@keepers
def ship(request: HttpRequest) -> HttpResponse:
    """Enter the shipped ledgers that are not there yet."""
    made = services.load_shipped(by=actor_of(request), now=clock.now())
    words = _("已装入 %(n)s 个常用台账。") % {"n": made} if made else _("常用的都已经有了。")
    messages.success(request, words)
    return HttpResponseRedirect(reverse("console:ledgers"))


@require_http_methods(["GET", "POST"])
@keepers
def edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """Enter a ledger, or change one."""
    by, kept = actor_of(request), selectors.kind(code) if code else None
    if request.method != "POST":
        typed = fields_of(kept)
        form = KindForm(initial=first_values(kept) if kept else {"same_by": ["name"]}, kept=kept, typed=typed)
        return _page(request, form, kept, typed)
    typed = typed_fields(request.POST)
    form = KindForm(request.POST, kept=kept, typed=typed)
    status = form.attempt(
        lambda: services.save_kind(
            by=by, now=clock.now(), data=form.entered(code, questions_of(typed, kept)),
            expected=_version(request),
        )
    )  # fmt: skip
    if not status:
        messages.success(request, _("已保存。"))
        return HttpResponseRedirect(reverse("console:ledgers"))
    return _page(request, form, kept, typed, status=status)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _page(
    request: HttpRequest, form: KindForm, kept: Kind | None, typed: list[dict[str, str]], *, status: int = 200
) -> HttpResponse:
    blank: Typed = {"code": "", "label": "", "type": "text", "choices": "", "personal": ""}
    # Who saw an old page is shown what they typed; saved once more it goes over what stands now.
    seen = request.POST.get("version", "") if status != StaleError.status else ""
    context: dict[str, Any] = {
        "nav_here": "console",
        "form": form,
        "kind": kept,
        "version": seen or (kept.version if kept else 0),
        "asked": [*typed, *([blank] * _BLANKS)],
        "types": [{"value": v, "label": label} for v, label in TYPES.items()],
        "personals": [{"value": "", "label": _("公开")}, {"value": "1", "label": _("封存")}],
        "question_errors": form.refused.fields.get("questions", []) if form.refused else [],
    }
    return render(request, "console/ledgers/kind.html", context, status=status)


@require_POST
@keepers
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """Retire a ledger, or take it into use again."""
    selectors.kind(code)
    try:
        kind = services.retire_kind(
            by=actor_of(request), now=clock.now(), code=code, active=request.POST.get("active") == "1",
            reason=request.POST.get("reason", ""), expected=_version(request),
        )  # fmt: skip
    except DomainError as error:
        messages.error(request, "".join(m for said in error.fields.values() for m in said) or str(error))
        return HttpResponseRedirect(reverse("console:ledger", args=[code]))
    messages.success(request, _("已重新启用。") if kind.active else _("已停用；已有的登记照常可查。"))
    return HttpResponseRedirect(reverse("console:ledgers"))
