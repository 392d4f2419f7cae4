"""The calls to make, those made, how each week's sample was drawn; and the form of one call."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.permissions import can, may_read_contact
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.types import Solved
from linli.engines.cases.workflow import READERS_ALL, Outcome
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, DomainError, ForbiddenError, InvalidError
from linli.interfaces.desk.doors import actor_of, problem, staff
from linli.interfaces.web.forms import DomainForm, text_field

TABS = ("waiting", "made", "rounds")
RATED: dict[str, Any] = {
    "satisfied": gettext_lazy("满意"),
    "mostly": gettext_lazy("基本满意"),
    "fair": gettext_lazy("一般"),
    "unsatisfied": gettext_lazy("不满意"),
}
GROUPS: dict[str, Any] = {
    "solved": gettext_lazy("实际解决"),
    "explained": gettext_lazy("解释说明"),
    "unsolved": gettext_lazy("未解决"),
    **RATED,
}


class CallForm(DomainForm):
    """What one call brought."""

    result = forms.ChoiceField(
        label=gettext_lazy("是否联系上"),
        choices=[
            ("reached", gettext_lazy("已联系上")),
            ("no_answer", gettext_lazy("无人接听")),
            ("wrong_number", gettext_lazy("号码有误")),
            ("refused", gettext_lazy("不愿接受回访")),
        ],
        widget=forms.RadioSelect,
    )
    solved = forms.ChoiceField(
        label=gettext_lazy("问题解决了吗"), choices=Solved.choices, required=False, widget=forms.RadioSelect
    )
    satisfied = forms.ChoiceField(
        label=gettext_lazy("对办理满意吗"), choices=list(RATED.items()), required=False, widget=forms.RadioSelect
    )
    words = text_field(
        gettext_lazy("对方怎么说"), required=False, longest=1_000, help_text=gettext_lazy("请勿写入姓名、电话。")
    )


def check_reader(actor: Actor) -> None:
    """Raise unless call-backs are for ``actor``."""
    if not actor.has_role(*READERS_ALL):
        raise ForbiddenError(_("回访由街道城运中心进行。"), code="desk.callbacks")


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show the calls that wait, those made, or the weekly samples."""
    actor, now = actor_of(request), clock.now()
    check_reader(actor)
    tab = request.GET.get("tab", "waiting")
    tab = tab if tab in TABS else "waiting"
    labels = {"waiting": _("待回访"), "made": _("已回访"), "rounds": _("抽样记录")}
    context: dict[str, Any] = {
        "tabs": [{"label": labels[t], "url": f"?tab={t}", "current": t == tab, "count": None} for t in TABS],
        "tab": tab,
        "base": f"?tab={tab}&",
        "rated": RATED,
        "nav_here": "more",
        "attempts": rule_number("cases.callback.attempts", 3, now),
    }
    cursor = request.GET.get("cursor", "")
    if tab == "rounds":
        page = cases.rounds(cursor=cursor)
        context["page"] = page
        same = cases.redrawn(page.rows)
        context["rounds"] = [
            {
                "row": row,
                "shares": "、".join(f"{GROUPS.get(k, k)} {v}%" for k, v in row.shares.items()),
                "candidates": len(row.candidates),
                "same": same[row.pk],
            }
            for row in page.rows
        ]
    else:
        context["page"] = cases.call_backs(actor, waiting=tab == "waiting", cursor=cursor)
    return render(request, "desk/callbacks/list.html", context)


@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one call-back with its case; record an attempt, or give it up."""
    actor = actor_of(request)
    check_reader(actor)
    found, form = cases.call_back_for(actor, uuid), CallForm()
    error: DomainError | None = None
    if request.method == "POST":
        form = CallForm(request.POST)
        try:
            if request.POST.get("act") == "drop":
                form = CallForm()
                reason = request.POST.get("reason", "")
                services.drop_call_back(by=actor, now=clock.now(), call=found, reason=reason)
                return _done(request)
            if form.is_valid():
                services.call_back(by=actor, now=clock.now(), call=found, **form.cleaned_data)
                return _done(request)
            error = InvalidError(_("还有内容需要填写。"))
        except (InvalidError, ConflictError) as refused:
            error = refused
            if form.is_bound and form.is_valid():
                form.take(refused)
        found = cases.call_back_for(actor, uuid)
    return _page(request, actor, found, form, error)


def _done(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("已记录。"))
    return HttpResponseRedirect(reverse("desk:callbacks"))


def _page(request: HttpRequest, actor: Actor, found: Any, form: CallForm, error: DomainError | None) -> HttpResponse:
    case, waiting = found.case, found.state == "waiting"
    context = {
        "call": found,
        "case": case,
        "form": form,
        "problem": problem(error) if error else None,
        "typed": request.POST,
        "outcome": dict(Outcome.choices).get(case.outcome, ""),
        "rating": RATED.get(case.rating, ""),
        "rated": RATED.get(found.satisfied, ""),
        "answer": cases.public_answer(case),
        "may_call": waiting and can(actor, case, "call_back"),
        "may_drop": waiting and actor.has_role("dispatcher", "shift_leader"),
        "can_contact": waiting and may_read_contact(actor, case),
        "nav_here": "more",
    }
    return render(request, "desk/callbacks/one.html", context, status=error.status if error else 200)
