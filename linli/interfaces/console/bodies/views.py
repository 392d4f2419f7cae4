"""Leading groups: list, one with its members by post, setting one up, ending it."""

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
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, ForbiddenError, InvalidError, NotFoundError
from linli.foundation.core.paging import Page
from linli.foundation.people import permissions, selectors, services
from linli.foundation.people.types import BodyFunction
from linli.interfaces.console.doors import only_roles, today
from linli.interfaces.web.forms import DomainForm, day_field, text_field

READERS = frozenset({"system_admin", "security_admin", "dispatcher", "shift_leader", "street_leader", "supervisor"})

SIZE = 50


class BodyForm(DomainForm):
    """A leading group."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=128)
    purpose = text_field(gettext_lazy("任务"), longest=2_000)
    basis = forms.CharField(
        label=gettext_lazy("依据"), max_length=200, required=False, help_text=gettext_lazy("文件名称和文号。")
    )
    office_id = forms.TypedChoiceField(label=gettext_lazy("办公室设在"), coerce=int, empty_value=None, required=False)
    starts_on = day_field(gettext_lazy("自"))
    ends_on = day_field(gettext_lazy("至"), help_text=gettext_lazy("临时机构必须有结束日期，任务完成可提前结束。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the units that may host the office."""
        super().__init__(*args, **kwargs)
        office: Any = self.fields["office_id"]
        units = [(u.pk, u.name) for u in selectors.active_units() if u.kind != "task_force"]
        office.choices = [("", _("不设")), *units]


class MemberForm(DomainForm):
    """A post and what it is in the group."""

    function = forms.ChoiceField(label=gettext_lazy("职务"), choices=BodyFunction.choices)
    post_id = forms.TypedChoiceField(label=gettext_lazy("岗位"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer every post that works, by unit."""
        super().__init__(*args, **kwargs)
        post: Any = self.fields["post_id"]
        post.choices = [("", _("请选择")), *((p.pk, f"{p.unit}・{p.title}") for p in selectors.active_posts())]


def _may_edit(request: HttpRequest) -> bool:
    return permissions.can(request.actor, "people:manage_units")  # type: ignore[attr-defined]


def page_of(request: HttpRequest, cursor: str, size: int = SIZE) -> Page[Any]:
    """Return the page of leading groups that an address asks for."""
    ended, text = request.GET.get("tab") == "ended", request.GET.get("q", "").strip()[:40]
    return selectors.bodies(today(), ended=ended, text=text, cursor=cursor, size=size)


@require_GET
@only_roles(READERS)
def listing(request: HttpRequest) -> HttpResponse:
    """Show the leading groups that there are, and those that have ended."""
    ended, text = request.GET.get("tab") == "ended", request.GET.get("q", "").strip()[:40]
    tabs = [
        {"label": _("现有"), "url": "?", "current": not ended, "count": None},
        {"label": _("已结束"), "url": "?tab=ended", "current": ended, "count": None},
    ]
    context = {
        "page": page_of(request, request.GET.get("cursor", "")),
        "text": text,
        "ended": ended,
        "base": f"?{urlencode({'tab': 'ended' if ended else '', 'q': text})}&",
        "tabs": tabs,
        "may_edit": _may_edit(request),
        "nav_here": "console",
    }
    return render(request, "console/bodies/list.html", context)


@require_http_methods(["GET", "POST"])
@only_roles(READERS)
def new(request: HttpRequest) -> HttpResponse:
    """Set a leading group up."""
    if not _may_edit(request):
        raise ForbiddenError(_("领导小组由系统管理员设置。"))
    status = 200
    form = BodyForm(request.POST) if request.method == "POST" else BodyForm(initial={"starts_on": today()})
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                body = services.create_body(by=request.actor, now=clock.now(), **form.cleaned_data)  # type: ignore[attr-defined]
            except DomainError as error:
                form.take(error)
                status = error.status
            else:
                messages.success(request, _("已保存。"))
                return HttpResponseRedirect(reverse("console:body", args=[body.unit.uuid]))
    return render(request, "console/bodies/new.html", {"form": form, "nav_here": "console"}, status=status)


def _change(request: HttpRequest, body: Any, form: MemberForm) -> None:
    by, now, data = request.actor, clock.now(), request.POST  # type: ignore[attr-defined]
    if data.get("act") == "remove":
        member = next((m for m in selectors.body_members(body) if str(m.pk) == data.get("member")), None)
        if member is None:
            raise NotFoundError(_("没有这个成员。"))
        services.end_body_member(by=by, now=now, member=member)
    elif data.get("act") == "end":
        services.close_unit(by=by, now=now, unit=body.unit, on=today(), reason=data.get("reason", ""))
    elif form.is_valid():
        services.add_body_member(by=by, now=now, body=body, **form.cleaned_data)
    else:
        raise InvalidError(_("还有内容需要填写。"))


@require_http_methods(["GET", "POST"])
@only_roles(READERS)
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a leading group with who holds its posts; add and remove posts, end it."""
    body, status = selectors.body_for(uuid), 200
    form = MemberForm(request.POST if request.method == "POST" and not request.POST.get("act") else None)
    if request.method == "POST":
        if not _may_edit(request):
            raise ForbiddenError(_("领导小组由系统管理员设置。"))
        try:
            _change(request, body, form)
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            status = error.status
            if form.is_bound:
                form.is_valid()
            else:
                messages.error(request, str(error))
            if form.is_bound and not form.errors:
                form.take(error)
        else:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(reverse("console:body", args=[uuid]))
    members = selectors.body_members(body)
    holders = selectors.names_of_holders([m.post_id for m in members], clock.now())
    on = today()
    context = {
        "body": body,
        "members": [{"row": m, "people": holders.get(m.post_id, [])} for m in members],
        "form": form,
        "ended": body.unit.ends_on is not None and body.unit.ends_on < on,
        "may_edit": _may_edit(request),
        "nav_here": "console",
    }
    return render(request, "console/bodies/one.html", context, status=status)
