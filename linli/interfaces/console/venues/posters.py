"""Posters: the list with how often each was opened, making one, its A4 page, taking it down, channels outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.core.paging import Page
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places
from linli.foundation.venues import permissions, selectors, services
from linli.foundation.venues.types import Filters, Purpose, Target
from linli.interfaces.console.doors import actor_of, only_roles, today
from linli.interfaces.console.venues.doors import WIDE, administrators, area_options, id_of
from linli.interfaces.web.forms import DomainForm

if TYPE_CHECKING:
    from linli.foundation.venues.models import Poster

SIZE = 50
COMMITTEE, CENTRE = "neighbourhood_committee", "operations_centre"
HANGERS = permissions.POSTERS | {"street_leader", "supervisor"}
hangers = only_roles(HANGERS)
makers = only_roles(permissions.POSTERS)


class PosterForm(DomainForm):
    """What a poster says and where it hangs; the target is found by a search beside it."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("扫码以后"), choices=[c for c in Purpose.choices if c[0] != Purpose.VENUE]
    )
    channel = forms.CharField(required=False, max_length=20)
    title = forms.CharField(
        label=gettext_lazy("标题"), max_length=40, required=False, help_text=gettext_lazy("留空则用用途作标题。")
    )
    text = forms.CharField(label=gettext_lazy("一句话"), max_length=120, required=False)
    spot = forms.CharField(
        label=gettext_lazy("张贴位置"), max_length=100, required=False,
        help_text=gettext_lazy("例如：3 号楼电梯间。会填进反映表单的地址。"),
    )  # fmt: skip
    target = forms.CharField(max_length=40, required=False)


class ChannelForm(DomainForm):
    """An address outside."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=64)
    url = forms.CharField(label=gettext_lazy("网址"), max_length=500)
    active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)


def _where(poster: Poster) -> str:
    return str(poster.area or poster.place or poster.venue)


def short_address(request: HttpRequest, poster: Poster) -> str:
    """Return the address that the code holds and that can be typed."""
    return request.build_absolute_uri(reverse("portal:scan", args=[poster.code]))


def states() -> dict[str, str]:
    """Return whether a poster hangs, in words."""
    return {"up": _("张贴中"), "down": _("已撤下")}


def page_of(request: HttpRequest, cursor: str, size: int = SIZE) -> Page[Poster]:
    """Return the page of posters that an address asks for."""
    by, data = actor_of(request), request.GET
    withdrawn = {"up": False, "down": True}.get(data.get("state", ""))
    return selectors.posters_for(
        by, wide=bool(by.roles & WIDE), text=data.get("q", ""), withdrawn=withdrawn, cursor=cursor[:200], size=size
    )


def with_opens(posters: Sequence[Poster]) -> list[dict[str, Any]]:
    """Return posters with where they hang and how often their codes were opened."""
    opens = selectors.poster_opens([p.pk for p in posters])
    return [{"poster": p, "where": _where(p), "opens": opens.get(p.pk, 0)} for p in posters]


@require_GET
@hangers
def listing(request: HttpRequest) -> HttpResponse:
    """Show the posters, the newest first, with the number of openings."""
    by, data = actor_of(request), request.GET
    state, page = data.get("state", ""), page_of(request, data.get("cursor", ""))
    query = urlencode([(n, data[n]) for n in ("q", "state") if data.get(n)])
    context = {
        "nav_here": "console",
        "page": page,
        "rows": with_opens(page.rows),
        "states": [{"value": code, "label": label} for code, label in {"": _("全部"), **states()}.items()],
        "state": state,
        "q": data.get("q", "")[:60],
        "base": f"?{query}&" if query else "?",
        "filtered": bool(data.get("q") or state),
        "may": bool(by.roles & permissions.POSTERS),
        "configures": permissions.may_configure(by),
        "channels": selectors.channels(active=False),
    }
    return render(request, "console/venues/posters.html", context)


def _found(request: HttpRequest, text: str) -> list[dict[str, str]]:
    """Return the places and services that ``text`` names, those where this person may hang posters."""
    by = actor_of(request)
    hits = [
        {"value": f"{Target.PLACE}:{p.pk}", "label": p.name, "hint": p.address}
        for p in places.search_places(text[:60], 8)
        if permissions.may_post(by, p.area.path if p.area else "")
    ]
    venues = selectors.matching(Filters(text=text)).order_by("name", "id")[:8] if text.strip() else []
    hits += [
        {"value": f"{Target.VENUE}:{v.pk}", "label": v.name, "hint": v.address}
        for v in venues
        if permissions.may_post(by, v.area_path)
    ]
    return hits


def _own_areas(request: HttpRequest) -> list[dict[str, Any]]:
    by = actor_of(request)
    paths = {a.pk: a.path for a in places.areas(on=today())}
    options = area_options(_("不选"))
    return [o for o in options if o["value"] == "" or permissions.may_post(by, paths.get(int(o["value"]), "-"))]


def _aimed(request: HttpRequest) -> dict[str, str] | None:
    """Return what the page came to make a poster for (``?venue=``)."""
    venue_id = id_of(request.GET.get("venue", ""))
    venue = selectors.venue_by_id(venue_id) if venue_id is not None else None
    if venue is None:
        return None
    return {"value": f"{Target.VENUE}:{venue.pk}", "label": venue.name, "hint": venue.address}


@require_http_methods(["GET", "POST"])
@makers
def create(request: HttpRequest) -> HttpResponse:
    """Make a poster: what it opens, and where it hangs."""
    post = request.POST
    form = PosterForm(post) if request.method == "POST" else PosterForm(initial={"purpose": Purpose.REPORT.value})
    status = 200
    if request.method == "POST" and post.get("do") != "find":
        status = form.attempt(lambda: _make(request, form.cleaned_data))
        if not status:
            messages.success(request, _("海报已做好，可以打印。"))
            return HttpResponseRedirect(reverse("console:poster", args=[form.made.uuid]))
    elif request.method == "POST":
        form.errors.clear()
    words = post.get("words", "")
    aimed = _aimed(request)
    context = {
        "nav_here": "console",
        "form": form,
        "f": {name: form[name] for name in form.fields},
        "areas": _own_areas(request),
        "area": post.get("area", ""),
        "words": words[:60],
        "found": ([aimed] if aimed else []) + (_found(request, words) if words else []),
        "looked": bool(words),
        "chosen": post.get("target", "") or (aimed["value"] if aimed else ""),
        "channels": [{"value": "", "label": _("不选")}]
        + [{"value": c.pk, "label": c.name} for c in selectors.channels()],
    }
    return render(request, "console/venues/poster_new.html", context, status=status)


def _make(request: HttpRequest, d: dict[str, Any]) -> Poster:
    kind, _colon, row = d["target"].partition(":")
    area = request.POST.get("area", "")
    if not row and area:
        kind, row = Target.AREA.value, area
    return services.make_poster(
        by=actor_of(request), now=clock.now(), purpose=d["purpose"], target=kind, target_id=id_of(row) or 0,
        title=d["title"], text=d["text"], spot=d["spot"], channel_id=id_of(d["channel"]),
    )  # fmt: skip


@require_GET
@hangers
def sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the poster as an A4 page."""
    poster = _own(request, uuid)
    area = poster.area or (poster.place.area if poster.place else None)
    address = short_address(request, poster)
    context = {
        "poster": poster,
        "where": _where(poster),
        "address": address,
        "plain": address.partition("://")[2].rstrip("/"),
        "committee": _committee(area.path if area else poster.area_path),
        "street": next(iter(places.areas(on=today(), kind="subdistrict")), None),
        "may": permissions.may_post(actor_of(request), poster.area_path),
    }
    return render(request, "console/venues/poster.html", context)


def _own(request: HttpRequest, uuid: UUID) -> Poster:
    poster = selectors.poster_by_uuid(uuid)
    by = actor_of(request)
    if not by.roles & WIDE:
        permissions.check_post(by, poster.area_path)
    return poster


def _committee(path: str) -> Any:
    """Return whom to call: the 居委会 of the place, else the subdistrict's centre."""
    unit = people.unit_for(COMMITTEE, path) if path else None
    if unit is not None and unit.phone:
        return unit
    return next((u for u in people.units_of_kind(CENTRE) if u.phone), None)


@require_POST
@makers
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a poster down."""
    try:
        services.withdraw_poster(
            by=actor_of(request), now=clock.now(), uuid=uuid, reason=request.POST.get("reason", "")
        )
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, str(error))
    else:
        messages.success(request, _("已撤下：再扫这张海报会看到说明和正常的反映入口。"))
    return HttpResponseRedirect(reverse("console:posters"))


@require_http_methods(["GET", "POST"])
@administrators
def channel(request: HttpRequest) -> HttpResponse:
    """Enter an address outside to which posters may lead, or change one."""
    kept = next((c for c in selectors.channels(active=False) if c.name == request.GET.get("name")), None)
    initial = {"name": kept.name, "url": kept.url, "active": kept.active} if kept else {"active": True}
    form = ChannelForm(request.POST) if request.method == "POST" else ChannelForm(initial=initial)
    status = 200
    if request.method == "POST":
        status = form.attempt(lambda: services.save_channel(by=actor_of(request), now=clock.now(), **form.cleaned_data))
        if not status:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(reverse("console:posters"))
    return render(request, "console/venues/channel.html", {"form": form, "nav_here": "console"}, status=status)
