"""The list, the form, one entry, its picture."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.permissions import get_case_for, working_units
from linli.engines.cases.types import NewPraise, PraiseKind
from linli.engines.cases.workflow import READERS_ALL
from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, InvalidError, NotFoundError
from linli.foundation.core.paging import Page
from linli.foundation.files import selectors as stored
from linli.foundation.files import services as files
from linli.foundation.files.types import Kind
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, day_of, id_of, local, problem, staff
from linli.interfaces.desk.files.views import SIZES, send
from linli.interfaces.web.forms import DomainForm, day_field, photo_field, text_field

if TYPE_CHECKING:
    from linli.engines.cases.models import Case, Praise
    from linli.foundation.core.actors import Actor

_YES = [("yes", gettext_lazy("是"))]


class PraiseForm(DomainForm):
    """What came, from whom, to whom, for which case."""

    kind = forms.ChoiceField(label=gettext_lazy("形式"), choices=PraiseKind.choices, widget=forms.RadioSelect)
    given_on = day_field(gettext_lazy("日期"))
    unit = forms.TypedChoiceField(label=gettext_lazy("受表扬单位"), coerce=int)
    post = forms.CharField(
        label=gettext_lazy("岗位"), required=False, max_length=64, help_text=gettext_lazy("写岗位，不写个人姓名。")
    )
    words = text_field(gettext_lazy("内容"), longest=500, help_text=gettext_lazy("锦旗上的字、信的大意或说了什么。"))
    giver = forms.CharField(
        label=gettext_lazy("赠送人"), required=False, max_length=40, help_text=gettext_lazy("加密保存，只用于答谢。")
    )
    consent = forms.MultipleChoiceField(
        label=gettext_lazy("赠送人同意公开姓名"), choices=_YES, required=False, widget=forms.CheckboxSelectMultiple
    )
    number = forms.CharField(label=gettext_lazy("为哪件案件"), required=False, max_length=24)
    picture = photo_field(gettext_lazy("照片"), required=False)
    public = forms.MultipleChoiceField(
        label=gettext_lazy("在居民页面公开"), choices=_YES, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        """Offer the units that ``actor`` may enter thanks for."""
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        mine = None if actor.has_role(*READERS_ALL) else working_units(actor)
        names = [(u.id, u.name) for u in directory.units().values() if mine is None or u.id in mine]
        unit.choices = [("", _("请选择")), *names]


def _filters(request: HttpRequest) -> cases.PraiseFilters:
    get = request.GET
    return cases.PraiseFilters(
        kind=get.get("kind", ""),
        unit_id=id_of(get.get("unit", "")),
        text=get.get("q", "")[:80],
        since=day_of(get.get("since", "")),
        until=day_of(get.get("until", "")),
    )


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Praise]:
    """Return the page of the register that the address asks for."""
    return cases.praise_rows(actor_of(request), _filters(request), cursor=cursor, size=size)


def may_enter(actor: Actor) -> bool:
    """Return whether somebody may enter thanks at all."""
    return actor.has_role(*services.PRAISE_KEEPERS)


@require_GET
@staff
def register(request: HttpRequest) -> HttpResponse:
    """Show the register, newest first."""
    actor, filters = actor_of(request), _filters(request)
    query = urlencode([(k, v) for k, v in request.GET.items() if k != "cursor" and v])
    every = [{"value": "", "label": _("全部")}]
    context = {
        "page": page_of(request, request.GET.get("cursor", "")),
        "filters": filters,
        "kinds": every + [{"value": v, "label": label} for v, label in PraiseKind.choices],
        "narrowed": bool(query),
        "base": f"?{query}&" if query else "?",
        "may_enter": may_enter(actor),
        "nav_here": "more",
    }
    return render(request, "desk/praise/list.html", context)


def _case(actor: Actor, number: str) -> Case | None:
    if not number.strip():
        return None
    try:
        return get_case_for(actor, number.strip())
    except NotFoundError as error:
        raise InvalidError(error.message, code=error.code, fields={"number": [error.message]}) from error


def _start(request: HttpRequest, now: datetime) -> dict[str, Any]:
    start: dict[str, Any] = {"given_on": local(now).date(), "kind": PraiseKind.BANNER}
    number = request.GET.get("case", "")
    if number:
        case = get_case_for(actor_of(request), number)
        start |= {"number": case.number, "unit": case.unit_id}
    return start


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Enter thanks."""
    actor, now, status = actor_of(request), clock.now(), 200
    if request.method == "POST":
        form = PraiseForm(request.POST, request.FILES, actor=actor)
        status = form.attempt(lambda: _enter(request, form.cleaned_data, now))
        if not status:
            messages.success(request, _("已登记。"))
            return HttpResponseRedirect(reverse("desk:praise_one", args=[form.made]))
    else:
        form = PraiseForm(initial=_start(request, now), actor=actor)
    return render(request, "desk/praise/new.html", {"form": form, "nav_here": "more"}, status=status)


def _enter(request: HttpRequest, data: dict[str, Any], now: datetime) -> UUID:
    actor = actor_of(request)
    fields: dict[str, Any] = {
        "kind": data["kind"],
        "given_on": data["given_on"],
        "words": data["words"],
        "unit_id": data["unit"],
        "post": data["post"],
        "giver": data["giver"],
        "consent": bool(data["consent"]),
        "case": _case(actor, data["number"]),
        "public": bool(data["public"]),
    }
    services.check_praise(by=actor, now=now, praise=NewPraise(**fields))
    if upload := data["picture"]:
        row = files.store(
            by=actor,
            now=now,
            content=cast("BinaryIO", upload.file),
            name=str(upload.name)[:80],
            purpose="praise",
            only=[Kind.PHOTO],
        )
        fields["picture_id"] = row.pk
    return services.register_praise(by=actor, now=now, praise=NewPraise(**fields)).uuid


@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one entry; show it in public or not, or take it out."""
    actor, now = actor_of(request), clock.now()
    found, error = cases.praise_for(actor, uuid), None
    if request.method == "POST":
        act = request.POST.get("act", "")
        try:
            if act == "withdraw":
                services.withdraw_praise(by=actor, now=now, praise=found, reason=request.POST.get("reason", ""))
                messages.success(request, _("已撤下。"))
                return HttpResponseRedirect(reverse("desk:praise"))
            services.show_praise(by=actor, now=now, praise=found, public=act == "show")
        except (InvalidError, ConflictError) as refused:
            error = refused
        else:
            return HttpResponseRedirect(reverse("desk:praise_one", args=[uuid]))
    case = found.case if found.case and cases.by_numbers(actor, [found.case.number]) else None
    context = {
        "praise": found,
        "case": case,
        "giver": cases.giver_of(found),
        "may_change": actor.has_role("dispatcher", "shift_leader")
        or (may_enter(actor) and found.unit_id in working_units(actor)),
        "problem": problem(error) if error else None,
        "typed": request.POST,
        "nav_here": "more",
    }
    return render(request, "desk/praise/one.html", context, status=error.status if error else 200)


@require_GET
@staff
def picture(request: HttpRequest, uuid: UUID, size: int) -> HttpResponseBase:
    """Send the picture of an entry."""
    found = cases.praise_for(actor_of(request), uuid)
    if found.picture is None or str(size) not in SIZES or not found.picture.has_shown:
        raise NotFoundError(_("没有找到这张照片。"), code="desk.file")
    return send(stored.serve_shown(found.picture.uuid, size), cached=True)
