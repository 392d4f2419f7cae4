"""The dated and sourced list of what may be asked of a 居民区: seen, added to, ended."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from linli.engines.projects import selectors, services
from linli.engines.projects.types import NewEntry
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.interfaces.console.doors import for_readers
from linli.interfaces.web.forms import DomainForm, day_field, text_field


class EntryForm(DomainForm):
    """One thing that may be asked."""

    title = forms.CharField(label=gettext_lazy("事项"), max_length=120)
    source = forms.CharField(
        label=gettext_lazy("依据"), max_length=200, help_text=gettext_lazy("清单或文件的名称、文号、条款。")
    )
    valid_from = day_field(gettext_lazy("自"))
    valid_to = day_field(gettext_lazy("至"), required=False)
    note = text_field(gettext_lazy("说明"), required=False, longest=500, rows=2)


@require_http_methods(["GET", "POST"])
@for_readers
def listing(request: HttpRequest) -> HttpResponse:
    """Show the list with what is in force; add to it."""
    actor, now, status = request.actor, clock.now(), 200  # type: ignore[attr-defined]
    today = localtime(now).date()
    form = EntryForm(request.POST or None, initial={"valid_from": today})
    if request.method == "POST":
        status = form.attempt(lambda: services.enter_entry(by=actor, now=now, entry=NewEntry(**form.cleaned_data)))
        if not status:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(reverse("console:admissions"))
    return _page(request, form, status=status)


def _page(
    request: HttpRequest, form: EntryForm, *, status: int = 200, problem: DomainError | None = None
) -> HttpResponse:
    today = localtime(clock.now()).date()
    every = selectors.entries()
    words = request.GET.get("q", "").strip()
    shown = [e for e in every if words in e.title or words in e.source]
    context = {
        "now_valid": [e for e in shown if e.valid_to is None or e.valid_to >= today],
        "ended": [e for e in shown if e.valid_to is not None and e.valid_to < today],
        "form": form,
        "words": words,
        "any": bool(every),
        "problem": problem,
        "today": today,
        "may_edit": "system_admin" in request.actor.roles,  # type: ignore[attr-defined]
        "nav_here": "console",
    }
    return render(request, "console/admissions/list.html", context, status=status)


@require_POST
@for_readers
def end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End an entry with today, with the reason."""
    actor, now = request.actor, clock.now()  # type: ignore[attr-defined]
    entry = selectors.entry_for(uuid)
    try:
        services.end_entry(
            by=actor, now=now, entry=entry, on=localtime(now).date(), reason=request.POST.get("reason", "")
        )
    except DomainError as error:
        if error.status == 403:
            raise
        return _page(request, EntryForm(), status=error.status, problem=error)
    messages.success(request, _("已结束。"))
    return HttpResponseRedirect(reverse("console:admissions"))
