"""Kinds of meetings: the list, a form for each, out of use and into it again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.activities import selectors, services
from linli.engines.activities.permissions import KIND_KEEPERS
from linli.engines.activities.types import COORDINATING, Doing, KindUse
from linli.foundation.core import clock
from linli.foundation.people import selectors as people
from linli.foundation.people.types import POST_GROUPS
from linli.interfaces.console.doors import actor_of, only_roles
from linli.interfaces.console.meetings.forms import (
    BLANK,
    KindForm,
    agenda_of,
    standing_of,
    start,
    typed_agenda,
)
from linli.interfaces.web.forms import DomainForm, words_field

keepers_only = only_roles(KIND_KEEPERS)


class ReasonForm(DomainForm):
    """Why a kind goes out of use, or comes into it again."""

    reason = words_field(gettext_lazy("理由"), 500, required=True)


def _invited(use: KindUse, unit_kinds: dict[str, str]) -> str:
    kind = use.kind
    named = [str(POST_GROUPS[g].name) for g in kind.groups if g in POST_GROUPS]
    named += [unit_kinds.get(u, u) for u in kind.unit_kinds]
    return "、".join([*named, *kind.guests])


@require_GET
@keepers_only
def listing(request: HttpRequest) -> HttpResponse:
    """Show the kinds in use, or those retired, by words."""
    retired, text = request.GET.get("state") == "retired", request.GET.get("q", "").strip()[:40]
    unit_kinds = people.unit_kinds()
    words = {"q": text} if text else {}
    context = {
        "rows": [
            {"use": u, "kind": u.kind, "invited": _invited(u, unit_kinds)}
            for u in selectors.kind_uses(text=text, active=not retired)
        ],
        "retired": retired,
        "text": text,
        "tabs": [
            {"label": _("在用"), "url": f"?{urlencode(words)}", "count": None, "current": not retired},
            {
                "label": _("已停用"),
                "url": f"?{urlencode({**words, 'state': 'retired'})}",
                "count": None,
                "current": retired,
            },
        ],
        "nav_here": "console",
    }
    return render(request, "console/meetings/list.html", context)


def _version(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1


@require_http_methods(["GET", "POST"])
@keepers_only
def edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """Enter a kind, or change one."""
    use = selectors.kind_use(code) if code else None
    if request.method != "POST":
        return _page(request, use, KindForm(initial=start(use.kind) if use else None))
    form, agenda = KindForm(request.POST), typed_agenda(request.POST)
    standing = standing_of(use.kind if use else None, request.POST)
    status = form.attempt(
        lambda: services.save_kind(
            by=actor_of(request),
            now=clock.now(),
            data=form.data_of(agenda, standing),
            code=code,
            expected=_version(request),
        )
    )
    if not status:
        messages.success(request, _("已保存。"))
        return HttpResponseRedirect(reverse("console:meeting_kinds"))
    return _page(request, use, form, agenda=agenda, standing=standing, status=status)


def _page(
    request: HttpRequest, use: KindUse | None, form: KindForm, *, reason: ReasonForm | None = None,
    agenda: list[dict[str, str]] | None = None, standing: list[dict[str, Any]] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    kind = use.kind if use else None
    refused = form.refused.fields if form.refused else {}
    context = {
        "use": use,
        "kind": kind,
        "form": form,
        "f": {d["name"]: d for d in form.drawn},
        "agenda": agenda_of(kind) if agenda is None else agenda,
        "blank": BLANK,
        "item_kinds": [{"value": d.value, "label": d.label} for d in (Doing.ITEM, Doing.SPEECH)],
        "standing": standing_of(kind) if standing is None else standing,
        "wrong": {name: refused.get(name, []) for name in ("agenda", "standing")},
        "version": request.POST.get("version", "") if form.is_bound else kind.version if kind else 0,
        "reason": reason or ReasonForm(),
        "fixed": kind is not None and kind.code in COORDINATING,
        "nav_here": "console",
    }
    return render(request, "console/meetings/edit.html", context, status=status)


@require_POST
@keepers_only
def switch(request: HttpRequest, code: str) -> HttpResponse:
    """Retire a kind, or take it into use again."""
    use, form = selectors.kind_use(code), ReasonForm(request.POST)
    status = form.attempt(
        lambda: services.switch_kind(
            by=actor_of(request),
            now=clock.now(),
            code=code,
            active=not use.kind.active,
            reason=form.cleaned_data["reason"],
            expected=_version(request),
        )
    )
    if status:
        return _page(request, use, KindForm(initial=start(use.kind)), reason=form, status=status)
    messages.success(request, _("已停用。") if use.kind.active else _("已启用。"))
    return HttpResponseRedirect(reverse("console:meeting_kinds"))


@require_POST
@keepers_only
def delete(request: HttpRequest, code: str) -> HttpResponse:
    """Delete a kind of which no meeting was ever planned."""
    use, form = selectors.kind_use(code), ReasonForm({"reason": "-"})
    status = form.attempt(lambda: services.delete_kind(by=actor_of(request), now=clock.now(), code=code))
    if status:
        return _page(request, use, KindForm(initial=start(use.kind)), reason=form, status=status)
    messages.success(request, _("已删除。"))
    return HttpResponseRedirect(reverse("console:meeting_kinds"))
