"""Brands and bodies: lists, one with its members, posts, chair and growth, the chair's certificate."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.core import clock
from linli.interfaces.desk.acting import Act, Acts
from linli.interfaces.desk.alliance import forms, meeting
from linli.interfaces.desk.alliance.members import NAV, form_page
from linli.interfaces.desk.doors import actor_of, id_of, staff
from linli.programmes.alliance import permissions, selectors, services
from linli.programmes.alliance.types import BodyData, Filters


def _living(by: Any, row: Any) -> bool:
    return row.ends_on is None and permissions.may_keep(by)


def _hand_over(by: Any, now: Any, row: Any, data: dict[str, Any], _seen: Any) -> Any:
    term = next((t for t in selectors.chairs(row) if t.handed_on is None), None)
    return services.hand_over(by=by, now=now, term_id=term.pk if term else 0, **data)


def _in_chair(row: Any) -> bool:
    return any(t.handed_on is None for t in selectors.chairs(row))


ACTS = (
    Act(
        "seat", gettext_lazy("加入成员"), "plus", forms.SeatForm,
        lambda by, now, row, data, _seen: services.seat(by=by, now=now, uuid=row.uuid, **data), _living,
    ),
    Act(
        "sitting", gettext_lazy("登记会议"), "calendar-plus", forms.SittingForm,
        lambda by, now, row, data, _seen: services.note_sitting(by=by, now=now, uuid=row.uuid, **data), _living,
    ),
    Act(
        "turns", gettext_lazy("排轮值次序"), "refresh", forms.TurnsForm,
        lambda by, now, row, data, _seen: services.set_turns(
            by=by, now=now, uuid=row.uuid, member_ids=data["order"]
        ),
        lambda by, row: row.kind == "conference" and _living(by, row),
    ),
    Act(
        "chair", gettext_lazy("开始新一任轮值主席"), "star", forms.ChairForm,
        lambda by, now, row, data, _seen: services.start_chair(by=by, now=now, uuid=row.uuid, **data),
        lambda by, row: row.kind == "conference" and not _in_chair(row) and _living(by, row),
    ),
    Act(
        "hand_over", gettext_lazy("登记轮值交接"), "arrows-left-right", forms.HandOverForm, _hand_over,
        lambda by, row: row.kind == "conference" and _in_chair(row) and _living(by, row),
    ),
    Act(
        "office", gettext_lazy("设职务"), "user-circle", forms.OfficeForm,
        lambda by, now, row, data, _seen: services.save_office(by=by, now=now, uuid=row.uuid, **data), _living,
    ),
    Act(
        "hold", gettext_lazy("任职"), "user", forms.HoldForm,
        lambda by, now, row, data, _seen: services.hold(by=by, now=now, **data),
        lambda by, row: _living(by, row) and bool(selectors.offices(row)),
    ),
    Act(
        "end_holding", gettext_lazy("结束任职"), "minus", forms.EndHoldingForm,
        lambda by, now, row, data, _seen: services.end_holding(by=by, now=now, **data),
        lambda by, row: _living(by, row) and any(not h.ended for _o, held in selectors.offices(row) for h in held),
    ),
    Act(
        "unseat", gettext_lazy("退出成员"), "logout", forms.UnseatForm,
        lambda by, now, row, data, _seen: services.unseat(by=by, now=now, uuid=row.uuid, **data), _living,
        danger=True,
    ),
    Act(
        "end", gettext_lazy("结束这个组织"), "x", forms.DatedReasonForm,
        lambda by, now, row, data, _seen: services.end_body(by=by, now=now, uuid=row.uuid, **data), _living,
        danger=True,
    ),
)  # fmt: skip


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show the bodies that there are, or those that ended."""
    ended = request.GET.get("tab") == "ended"
    context = {
        "rows": selectors.bodies(ended=ended),
        "tabs": [
            {"label": _("现有"), "url": "?", "current": not ended, "count": None},
            {"label": _("已结束"), "url": "?tab=ended", "current": ended, "count": None},
        ],
        "may_keep": permissions.may_keep(actor_of(request)),
        "nav_here": NAV,
    }
    return render(request, "desk/alliance/bodies.html", context)


def _save_body(request: HttpRequest, row: Any) -> HttpResponse:
    permissions.check_keep(actor_of(request))
    by, status = actor_of(request), 200
    fields = BodyData.__dataclass_fields__
    initial = {f: getattr(row, f) for f in fields if hasattr(row, f)} if row else None
    form = forms.BodyForm(request.POST or None, initial=initial, by=by)
    if request.method == "POST":
        status = form.attempt(
            lambda: services.save_body(
                by=by,
                now=clock.now(),
                data=BodyData(**form.cleaned_data),
                uuid=row.uuid if row else None,
                expected=id_of(request.POST.get("version", "")),
            )
        )
        if not status:
            return HttpResponseRedirect(reverse("desk:alliance_body", args=[form.made.uuid]))
    back = (
        (reverse("desk:alliance_body", args=[row.uuid]), row.name)
        if row
        else (reverse("desk:alliance_bodies"), _("组织与专委会"))
    )
    title = _("修改") if row else _("设立组织")
    return form_page(request, form, title=title, back=back, status=status, version=row.version if row else "")


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Set a body up."""
    return _save_body(request, None)


@require_http_methods(["GET", "POST"])
@staff
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a body."""
    return _save_body(request, selectors.body_for(uuid))


@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a body: members, how it grew, posts, the chair with its history, meetings, projects."""
    by, row = actor_of(request), selectors.body_for(uuid)
    acts = Acts(request, row, ACTS, purpose="alliance")
    if request.method == "POST" and (done := acts.post(reverse("desk:alliance_body", args=[uuid]))) is not None:
        return done
    seated, past = selectors.seats(row), selectors.seats(row, past=True)
    chairs, turns = selectors.chairs(row), selectors.turns(row)
    context = {
        "body": row,
        "seats": seated,
        "past": past,
        "growth": selectors.growth([*seated, *past]),
        "offices": selectors.offices(row),
        "chairs": chairs,
        "chair": next((c for c in chairs if c.handed_on is None), None),
        "turns": turns,
        "next_chair": selectors.next_chair(row, chairs, turns, seated),
        "sittings": selectors.sittings(row),
        **meeting.shown(by, row, clock.now()),
        "parts": [b for b in selectors.bodies() if b.parent_id == row.pk] if row.kind == "conference" else [],
        "entries": selectors.entry_page(by, Filters(kind="project", body_id=row.pk), size=20).rows,
        "acts": acts.shown,
        "problem": acts.problem,
        "may_keep": permissions.may_keep(by),
        "nav_here": NAV,
    }
    return render(request, "desk/alliance/body.html", context, status=acts.status)


@require_GET
@staff
def chair_certificate(request: HttpRequest, term_id: int) -> HttpResponse:
    """Show the certificate of a chair for A4."""
    term = selectors.term_for(term_id)
    context = {
        "heading": _("轮值主席证书"),
        "name": term.member.name,
        "text": _("担任%(body)s第%(number)s任轮值主席，任期自 %(first)s 至 %(last)s。")
        % {"body": term.body.name, "number": term.number, "first": term.starts_on, "last": term.ends_on},
        "number": term.certificate,
        "on": term.certified_on,
        "issuer": term.body.name,
        "back": reverse("desk:alliance_body", args=[term.body.uuid]),
    }
    return render(request, "desk/alliance/certificate.html", context)


@require_GET
@staff
def brands(request: HttpRequest) -> HttpResponse:
    """Show the brands."""
    context = {
        "rows": selectors.brands(),
        "may_keep": permissions.may_keep(actor_of(request)),
        "nav_here": NAV,
    }
    return render(request, "desk/alliance/brands.html", context)


def _save_brand(request: HttpRequest, row: Any) -> HttpResponse:
    permissions.check_keep(actor_of(request))
    by, status = actor_of(request), 200
    initial = (
        {**{f: getattr(row, f) for f in ("name", "since", "owner", "text")}, "active": "yes" if row.active else "no"}
        if row
        else None
    )
    form = forms.BrandForm(request.POST or None, initial=initial, by=by)
    if request.method == "POST":
        status = form.attempt(
            lambda: services.save_brand(
                by=by,
                now=clock.now(),
                uuid=row.uuid if row else None,
                expected=id_of(request.POST.get("version", "")),
                **form.cleaned_data,
            )
        )
        if not status:
            return HttpResponseRedirect(reverse("desk:alliance_brand", args=[form.made.uuid]))
    back = (
        (reverse("desk:alliance_brand", args=[row.uuid]), row.name)
        if row
        else (reverse("desk:alliance_brands"), _("品牌"))
    )
    version = row.version if row else ""
    return form_page(request, form, title=_("党建品牌"), back=back, status=status, version=version)


@require_http_methods(["GET", "POST"])
@staff
def brand_new(request: HttpRequest) -> HttpResponse:
    """Enter a brand."""
    return _save_brand(request, None)


@require_http_methods(["GET", "POST"])
@staff
def brand_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a brand."""
    return _save_brand(request, selectors.brand_for(uuid))


@require_GET
@staff
def brand(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a brand with its bodies and members."""
    row = selectors.brand_for(uuid)
    context = {
        "brand": row,
        "bodies": selectors.bodies(brand=row),
        "members": selectors.members_of_brand(row),
        "may_keep": permissions.may_keep(actor_of(request)),
        "nav_here": NAV,
    }
    return render(request, "desk/alliance/brand.html", context)
