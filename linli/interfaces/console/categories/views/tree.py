"""The tree of categories: found, begun, moved, switched off and on."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, DomainError
from linli.foundation.core.paging import Page
from linli.interfaces.console.categories.forms import MoveForm, NewForm, ReasonForm
from linli.interfaces.console.doors import actor_of, for_changers, for_readers, may_change
from linli.interfaces.console.words import drawn, take

SIZE = 100
STATES = ("", "on", "off", "draft")


def group_choices(without: str = "") -> list[tuple[str, str]]:
    """Return the groups to choose from."""
    return [(g.code, g.name) for g in cases.category_groups() if g.code != without]


def _asked(request: HttpRequest) -> dict[str, str]:
    state = request.GET.get("state", "")
    return {
        "q": request.GET.get("q", "")[:40],
        "state": state if state in STATES else "",
        "group": request.GET.get("group", "")[:32],
    }


def state_labels() -> dict[str, str]:
    """Return what the tabs of the list are called."""
    return {"": _("全部"), "on": _("在用"), "off": _("已停用"), "draft": _("有草稿")}


def page_of(request: HttpRequest, cursor: str, size: int = SIZE) -> Page[Any]:
    """Return the page of the tree that an address asks for."""
    asked = _asked(request)
    return cases.category_tree(words=asked["q"], state=asked["state"], group=asked["group"], cursor=cursor, size=size)


@require_GET
@for_readers
def listing(request: HttpRequest) -> HttpResponse:
    """Show the tree by groups, with search, state and counts of open cases."""
    asked, page = _asked(request), page_of(request, request.GET.get("cursor", ""))
    chosen = {k: v for k, v in asked.items() if v}
    labels = state_labels()
    context = {
        "nav_here": "console",
        "page": page,
        "asked": asked,
        "filtered": bool(chosen),
        "base": f"?{urlencode(chosen)}&" if chosen else "?",
        "tabs": [
            {
                "label": labels[state],
                "url": f"?{urlencode({**{k: v for k, v in chosen.items() if k != 'state'}, 'state': state})}",
                "count": None,
                "current": state == asked["state"],
            }
            for state in STATES
        ],
        "groups": [{"value": "", "label": _("全部大类")}]
        + [{"value": code, "label": name} for code, name in group_choices()],
        "begun": cases.new_drafts(),
        "may_change": may_change(request),
    }
    return render(request, "console/categories/list.html", context)


@require_http_methods(["GET", "POST"])
@for_changers
def new(request: HttpRequest) -> HttpResponse:
    """Begin a category or a group as a draft."""
    groups = group_choices()
    form = NewForm(request.POST or None, groups=groups, initial={"parent": request.GET.get("group", "")})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            spec = {"name": data["name"].strip(), "resident_name": data["resident_name"].strip()}
            if data["parent"]:
                spec |= {"icon": "alert-circle", "evidence": {"before": 0, "after": 0, "paper": 0}}
            try:
                services.start_category(
                    by=actor_of(request), now=clock.now(), code=data["code"], spec=spec, parent=data["parent"]
                )
            except DomainError as error:
                status = take(form, error)
            else:
                messages.success(request, _("草稿已建立，填写完整后预览、发布。"))
                return HttpResponseRedirect(reverse("console:category_edit", args=[data["code"]]))
    context = {"nav_here": "console", "form": form, "fields": drawn(form)}
    return render(request, "console/categories/new.html", context, status=status)


@require_POST
@for_changers
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Put a category under another group, or one place up or down."""
    by, now = actor_of(request), clock.now()
    step = request.POST.get("step", "")
    if step in {"up", "down"}:
        services.reorder_category(by=by, now=now, code=code, step=-1 if step == "up" else 1)
    else:
        form = MoveForm(request.POST, groups=group_choices(without=code))
        if not form.is_valid():
            messages.error(request, _("请选择一个大类。"))
            return HttpResponseRedirect(reverse("console:category", args=[code]))
        try:
            services.move_category(by=by, now=now, code=code, parent=form.cleaned_data["parent"])
        except DomainError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("console:category", args=[code]))
        messages.success(request, _("已移动。"))
    if request.POST.get("from") == "list":
        query = request.POST.get("query", "")[:200]
        return HttpResponseRedirect(f"{reverse('console:categories')}{query if query.startswith('?') else ''}#{code}")
    return HttpResponseRedirect(reverse("console:category", args=[code]))


@require_http_methods(["GET", "POST"])
@for_changers
def switch(request: HttpRequest, code: str) -> HttpResponse:
    """Show what hangs on a category, and take it out of use (or into use again) with a reason."""
    row = cases.category_row(code)
    form = ReasonForm(request.POST or None)
    status, trouble = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                services.switch_category(
                    by=actor_of(request), now=clock.now(), code=code, active=not row.active,
                    reason=data["reason"], confirmed=data["confirmed"],
                )  # fmt: skip
            except ConflictError as error:
                status, trouble = error.status, error
            else:
                done = _("已停用，新的诉求不能再选它。") if row.active else _("已启用。")
                messages.success(request, done)
                return HttpResponseRedirect(reverse("console:category", args=[code]))
    context = {
        "nav_here": "console",
        "row": row,
        "hanging": cases.hanging_on(row),
        "fields": drawn(form),
        "trouble": trouble,
    }
    return render(request, "console/categories/switch.html", context, status=status)
