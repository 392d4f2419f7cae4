"""The queue of drafts, one of them large, judged by keyboard; and those judged."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from linli.engines.cases import selectors as cases
from linli.engines.signals import permissions, selectors, services
from linli.engines.signals.types import CATEGORIES
from linli.foundation.core import clock
from linli.foundation.core.errors import ForbiddenError
from linli.interfaces.desk.doors import actor_of, problem, staff, uuid_of
from linli.interfaces.desk.signals.frame import NAV, tabs
from linli.interfaces.web.forms import DomainForm, text_field


class AcceptForm(DomainForm):
    """As what a case is made."""

    category = forms.ChoiceField(label=gettext_lazy("分类"), required=False)
    text = text_field(
        gettext_lazy("问题描述"), required=False, longest=2_000, rows=3,
        help_text=gettext_lazy("可补充您从画面或现场了解到的情况，不写姓名、车牌、电话。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the categories."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["category"]
        field.choices = [
            ("", _("按信号种类")), *((n.spec.code, n.title) for n in cases.fileable())
        ]  # fmt: skip


class RejectForm(DomainForm):
    """Why no case is made."""

    reason = text_field(gettext_lazy("不立案的原因"), longest=300, rows=2)


@require_GET
@staff
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits, the oldest first, and one of these to judge."""
    return _page(request)


def _page(
    request: HttpRequest, *, at: UUID | None = None, accept: DomainForm | None = None, reject: DomainForm | None = None
) -> HttpResponse:
    by, text = actor_of(request), request.GET.get("q", "")[:60]
    rows, more = selectors.waiting(by, text=text)
    wanted = at or uuid_of(request.GET.get("at", ""))
    here = next((n for n, d in enumerate(rows) if d.uuid == wanted), 0)
    current = rows[here] if rows else None
    refused = next((f.refused for f in (accept, reject) if f is not None and f.refused is not None), None)
    context = {
        "tabs": tabs(by, "signals"), "queue": rows, "more": more, "here": here, "current": current,
        "before": rows[here - 1] if here else None, "after": rows[here + 1] if here + 1 < len(rows) else None,
        "base": "?" + (urlencode({"q": text}) + "&" if text else ""), "query": urlencode({"q": text}) if text else "",
        "text": text, "may_judge": permissions.can_judge(by), "reject": reject or RejectForm(),
        "accept": accept or _blank(current), "problem": problem(refused) if refused is not None else None,
        "now": clock.now(), "nav_here": NAV,
    }  # fmt: skip
    status = 200 if accept is None and reject is None else (refused.status if refused is not None else 422)
    return render(request, "desk/signals/queue.html", context, status=status)


def _blank(current: Any) -> AcceptForm:
    if current is None:
        return AcceptForm()
    return AcceptForm(initial={"category": CATEGORIES.get(current.kind, ""), "text": services.default_text(current)})


@require_GET
@staff
def decided(request: HttpRequest) -> HttpResponse:
    """Show what was judged, the newest first."""
    by, text = actor_of(request), request.GET.get("q", "")[:60]
    page = selectors.decided(by, text=text, cursor=request.GET.get("cursor", ""))
    base = "?" + (urlencode({"q": text}) + "&" if text else "")
    context = {"tabs": tabs(by, "signals_decided"), "page": page, "text": text, "base": base, "nav_here": NAV}
    return render(request, "desk/signals/decided.html", context)


@require_POST
@staff
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Make a case of a draft, or not; go on with the next in the queue."""
    by, now = actor_of(request), clock.now()
    draft = selectors.draft_for(by, uuid)
    accepts = request.POST.get("act") == "accept"
    form: DomainForm = AcceptForm(request.POST) if accepts else RejectForm(request.POST)

    def act() -> Any:
        if accepts:
            return services.accept(by=by, now=now, draft=draft, **form.cleaned_data)
        return services.reject(by=by, now=now, draft=draft, **form.cleaned_data)

    if form.attempt(act, through=(ForbiddenError,)):
        return _page(request, at=uuid, accept=form if accepts else None, reject=None if accepts else form)
    said = _("已立案 %(number)s。") % {"number": form.made.number} if accepts else _("已记为不立案。")
    messages.success(request, said)
    following = uuid_of(request.POST.get("next", ""))
    query = {k: v for k, v in (("q", request.GET.get("q", "")), ("at", str(following or ""))) if v}
    return HttpResponseRedirect(reverse("desk:signals") + (f"?{urlencode(query)}" if query else ""))
