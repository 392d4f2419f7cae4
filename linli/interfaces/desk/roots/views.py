"""The list of root-cause cases, what suggests one, and opening one for chosen cases or adding to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.workflow import Level
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.interfaces.desk.doors import actor_of, staff
from linli.interfaces.web.forms import DomainForm, text_field

if TYPE_CHECKING:
    from linli.engines.cases.models import Case

TABS = ("open", "closed", "suggested")


class RootForm(DomainForm):
    """What is thought to be the common cause, or the open root-cause case that the chosen ones belong to."""

    root = forms.CharField(
        label=gettext_lazy("并入已有的根因案件"),
        required=False,
        max_length=24,
        help_text=gettext_lazy("填写根因案件编号；留空则新开一件。"),
    )
    title = forms.CharField(label=gettext_lazy("根因"), required=False, max_length=60)
    text = text_field(
        gettext_lazy("为什么判断是同一原因"),
        required=False,
        help_text=gettext_lazy("写明共同的原因和打算怎样从根上解决。"),
    )
    level = forms.ChoiceField(label=gettext_lazy("级别"), choices=Level.choices, required=False)


@require_GET
@staff
def roots(request: HttpRequest) -> HttpResponse:
    """Show open root-cause cases, those that ended, or where the rules suggest one."""
    actor, now = actor_of(request), clock.now()
    tab = request.GET.get("tab", "open")
    tab = tab if tab in TABS else "open"
    labels = {"open": _("在办"), "closed": _("已结案，观察中"), "suggested": _("系统提示")}
    context: dict[str, Any] = {
        "tabs": [{"label": labels[t], "url": f"?tab={t}", "current": t == tab, "count": None} for t in TABS],
        "tab": tab,
        "base": f"?tab={tab}&",
        "nav_here": "more",
        "may_root": actor.has_role(*services.ROOT_OPENERS),
    }
    if tab == "suggested":
        context["suggestions"] = cases.suggestions(actor, now)
        context["count"], context["days"] = (
            rule_number("cases.root.count", 3, now),
            rule_number("cases.root.days", 90, now),
        )
    else:
        context["page"] = cases.root_rows(actor, is_open=tab == "open", cursor=request.GET.get("cursor", ""))
    return render(request, "desk/roots/list.html", context)


def _chosen(request: HttpRequest) -> list[Case]:
    numbers = request.POST.getlist("chosen") or request.GET.getlist("chosen")
    return cases.by_numbers(actor_of(request), numbers[: cases.BULK_LIMIT])


def _start(chosen: list[Case]) -> dict[str, Any]:
    if not chosen:
        return {}
    first = chosen[0]
    words = {"place": first.address or first.area_label.replace(" · ", "・"), "what": first.category.name}
    return {"title": (_("%(place)s%(what)s反复发生") % words)[:60], "level": Level.COMPREHENSIVE}


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Open a root-cause case for the chosen cases, or link them to one that is open."""
    services.check_opener(actor_of(request))
    chosen = _chosen(request)
    sent = request.method == "POST" and "text" in request.POST
    form = RootForm(request.POST) if sent else RootForm(initial=_start(chosen))
    status = 200
    if sent:
        status = 422
        if form.is_valid():
            try:
                return _open(request, form.cleaned_data, chosen)
            except DomainError as error:
                form.take(error)
                status = error.status
    context = {"form": form, "chosen": chosen, "nav_here": "more"}
    return render(request, "desk/roots/new.html", context, status=status)


def _open(request: HttpRequest, data: dict[str, Any], chosen: list[Case]) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    if number := data["root"].strip():
        root = get_case_for(actor, number)
        count = services.link_to_root(by=actor, now=now, root=root, cases=chosen)
        messages.success(request, _("已关联 %(n)s 件。") % {"n": count})
    else:
        level = Level(data["level"] or Level.COMPREHENSIVE)
        receipt = services.open_root_cause(
            by=actor, now=now, cases=chosen, title=data["title"], text=data["text"], level=level
        )
        number = receipt.number
        messages.success(request, _("已发起根因案件 %(number)s。") % {"number": number})
    return HttpResponseRedirect(reverse("desk:case", args=[number]))
