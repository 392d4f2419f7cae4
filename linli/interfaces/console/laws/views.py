"""The library of legal texts: found, entered, changed, taken out of use."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.foundation.core.paging import Page
from linli.foundation.journal import selectors as journal
from linli.interfaces.console.doors import actor_of, for_changers, for_readers, may_change
from linli.interfaces.console.words import drawn, take
from linli.interfaces.web.forms import DomainForm

SIZE = 50
STATES: dict[str, Any] = {"": gettext_lazy("全部"), "on": gettext_lazy("现行有效"), "off": gettext_lazy("失效或停用")}


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}))


class LawForm(DomainForm):
    """One article."""

    title = forms.CharField(
        label=gettext_lazy("法规名称"),
        max_length=120,
        help_text=gettext_lazy("不写书名号，例如：上海市住宅物业管理规定。"),
    )
    article = forms.CharField(label=gettext_lazy("条款"), max_length=40, required=False)
    text = forms.CharField(
        label=gettext_lazy("条文"), max_length=3_000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("照抄原文；宣讲时给居民看、给居民听的就是它。"),
    )  # fmt: skip
    source = forms.CharField(
        label=gettext_lazy("出处"), max_length=300, required=False,
        help_text=gettext_lazy("公布的文号或网址，方便核对。"),
    )  # fmt: skip
    valid_from = _day(gettext_lazy("生效日期"))
    valid_to = _day(gettext_lazy("失效日期"), required=False)
    reason = forms.CharField(label=gettext_lazy("为什么改"), max_length=500, required=False)


class ReasonForm(DomainForm):
    """Why a text is taken out of use, or into it again."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=500)


def _asked(request: HttpRequest) -> dict[str, str]:
    state = request.GET.get("state", "")
    return {"q": request.GET.get("q", "")[:40], "state": state if state in STATES else ""}


def page_of(request: HttpRequest, cursor: str, size: int = SIZE) -> Page[Any]:
    """Return the page of legal texts that an address asks for."""
    asked, on = _asked(request), localtime(clock.now()).date()
    return cases.legal_page(words=asked["q"], state=asked["state"], on=on, cursor=cursor, size=size)


@require_GET
@for_readers
def listing(request: HttpRequest) -> HttpResponse:
    """Show the library by title, with search and state."""
    asked, today = _asked(request), localtime(clock.now()).date()
    page = page_of(request, request.GET.get("cursor", ""))
    chosen = {k: v for k, v in asked.items() if v}
    context = {
        "nav_here": "console",
        "page": page,
        "asked": asked,
        "today": today,
        "filtered": bool(chosen),
        "base": f"?{urlencode(chosen)}&" if chosen else "?",
        "tabs": [
            {
                "label": label,
                "url": f"?{urlencode({'q': asked['q'], 'state': code})}",
                "count": None,
                "current": code == asked["state"],
            }
            for code, label in STATES.items()
        ],
        "may_change": may_change(request),
    }
    return render(request, "console/laws/list.html", context)


def _page(
    request: HttpRequest,
    uuid: UUID | None,
    *,
    form: LawForm | None = None,
    reason: ReasonForm | None = None,
    edition: int | None = None,
    status: int = 200,
) -> HttpResponse:
    row = cases.legal_text(str(uuid)) if uuid else None
    names = ("title", "article", "text", "source", "valid_from", "valid_to")
    form = form or LawForm(initial={n: getattr(row, n) for n in names} if row else {})
    form.fields["reason"].required = row is not None
    fields = drawn(form)
    for name in ("valid_from", "valid_to"):
        value = fields[name]["value"]
        fields[name]["value"] = value.isoformat() if hasattr(value, "isoformat") else value
    context = {
        "nav_here": "console",
        "row": row,
        "form": form,
        "fields": fields,
        "edition": (row.edition if row else 0) if edition is None else edition,
        "citing": cases.citing(str(uuid)) if uuid else [],
        "history": journal.entries_for("legal_text", uuid, 50) if uuid else [],
        "reason": drawn(reason or ReasonForm()),
        "reason_form": reason or ReasonForm(),
        "may_change": may_change(request),
    }
    return render(request, "console/laws/one.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_readers
def one(request: HttpRequest, uuid: UUID | None = None) -> HttpResponse:
    """Show a text; enter or change it."""
    if request.method != "POST":
        if uuid is None and not may_change(request):
            raise NotFoundError(_("没有找到这个页面。"))
        return _page(request, uuid)
    if not may_change(request):
        raise NotFoundError(_("没有找到这个页面。"))
    form = LawForm(request.POST)
    form.fields["reason"].required = uuid is not None
    typed = request.POST.get("edition", "")
    edition = int(typed) if typed.isdigit() and len(typed) < 10 else -1
    if not form.is_valid():
        return _page(request, uuid, form=form, edition=edition, status=422)
    try:
        row = services.save_law(by=actor_of(request), now=clock.now(), uuid=uuid, expected=edition, **form.cleaned_data)
    except DomainError as error:
        return _page(request, uuid, form=form, edition=edition, status=take(form, error))
    messages.success(request, _("已保存。"))
    return HttpResponseRedirect(reverse("console:law", args=[row.uuid]))


@require_POST
@for_changers
def switch(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a text out of use, or into it again."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, uuid, reason=form, status=422)
    row = cases.legal_text(str(uuid))
    try:
        services.switch_law(
            by=actor_of(request), now=clock.now(), uuid=uuid, active=not row.active, reason=form.cleaned_data["reason"]
        )
    except DomainError as error:
        return _page(request, uuid, reason=form, status=take(form, error))
    messages.success(request, _("已停用。") if row.active else _("已启用。"))
    return HttpResponseRedirect(reverse("console:law", args=[uuid]))
