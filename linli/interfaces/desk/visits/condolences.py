"""Condolences: lists by festival, one list with its people, for the printer, signatures."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.core import clock
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page
from linli.foundation.files import selectors as stored
from linli.interfaces.desk.acting import Act, ActForm, Acts
from linli.interfaces.desk.doors import actor_of, staff
from linli.interfaces.desk.files.views import send
from linli.interfaces.desk.made_for import lacking
from linli.interfaces.desk.visits import forms
from linli.interfaces.desk.visits.common import NAV, form_page
from linli.programmes.visits import permissions, selectors, services
from linli.programmes.visits.types import Consoled

if TYPE_CHECKING:
    from linli.programmes.visits.models import CondolenceList

PURPOSE = "condolence"
TONES = {"draft": "new", "confirmed": "doing", "closed": "done"}


def _add(by: Any, now: Any, row: Any, data: dict[str, Any], _seen: Any) -> str:
    target = UUID(data["target"]) if data["target"] else None
    consoled = Consoled(data["person"], data["reason"], target, data["amount"] or None, data["item"])
    services.add_person(by=by, now=now, uuid=row.uuid, data=consoled)
    return _("已添加。")


def _hand_out(by: Any, now: Any, row: Any, data: dict[str, Any], _seen: Any) -> str:
    services.hand_out(
        by=by, now=now, uuid=row.uuid, entry=UUID(data["entry"]), on=data["on"], signed_id=data["signed_id"]
    )
    return _("已登记送达。")


def _to_plan(row: Any) -> bool:
    return bool(row.state == "confirmed" and row.round_id is None and row.homes)


ACTS = (
    Act(
        "add", gettext_lazy("添加慰问对象"), "plus", forms.PersonForm, _add, lambda _by, row: row.state == "draft",
        primary=True,
    ),
    Act(
        "confirm", gettext_lazy("确认名单"), "circle-check", ActForm,
        lambda by, now, row, _data, seen: services.confirm_list(by=by, now=now, uuid=row.uuid, expected=seen),
        lambda by, row: row.state == "draft" and by.uuid != row.by_uuid and bool(row.waiting),
        hint=gettext_lazy("由拟定人以外的人确认；确认后名单不再改动。"),
    ),
    Act(
        "take_off", gettext_lazy("移出名单"), "x", forms.TakeOffForm,
        lambda by, now, row, data, _seen: services.take_off(
            by=by, now=now, uuid=row.uuid, entry=UUID(data["entry"]), reason=data["reason"]
        ),
        lambda _by, row: row.state == "draft" and bool(row.waiting), danger=True,
    ),
    Act(
        "hand_out", gettext_lazy("登记送达"), "heart-handshake", forms.HandOutForm, _hand_out,
        lambda _by, row: row.state == "confirmed" and bool(row.waiting), primary=True,
        hint=gettext_lazy("当面交到本人手中，上传本人签名。"),
    ),
    Act(
        "plan", gettext_lazy("安排上门慰问"), "walk", forms.DoorForm,
        lambda by, now, row, data, _seen: services.plan_visits(by=by, now=now, uuid=row.uuid, form=data["form"]),
        lambda _by, row: _to_plan(row) and not row.lacking,
        hint=gettext_lazy("关联了台账的对象生成走访，上门填表、本人签名后自动回到名单。"),
    ),
    Act(
        "close", gettext_lazy("办结"), "check", ActForm,
        lambda by, now, row, _data, seen: services.close_list(by=by, now=now, uuid=row.uuid, expected=seen),
        lambda _by, row: row.state == "confirmed",
    ),
)  # fmt: skip


def page_of(request: HttpRequest, cursor: str, size: int) -> Page[CondolenceList]:
    """Return a page of the lists of one's own units, the newest first; nobody who is on one."""
    return selectors.lists(actor_of(request), cursor=cursor, size=size)


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show the lists of one's own units, and the sums by festival."""
    by = actor_of(request)
    page = page_of(request, request.GET.get("cursor", ""), 50)
    context = {
        "page": page,
        "rows": [{"l": row, "tone": TONES[row.state]} for row in page.rows],
        "totals": selectors.totals(by),
        "may_draw": any(permissions.may_condole(by, unit) for unit in by.unit_ids),
        "words": selectors.wording("condolence"),
        "nav_here": NAV,
    }
    return render(request, "desk/visits/condolences.html", context)


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Begin a list."""
    by, status = actor_of(request), 200
    form = forms.ListForm(request.POST or None, by=by)
    if request.method == "POST":
        status = form.attempt(
            lambda: services.draw_up(by=by, now=clock.now(), data=services.ListData(**form.cleaned_data))
        )
        if not status:
            return HttpResponseRedirect(reverse("desk:visits_condolence", args=[form.made.uuid]))
    back = (reverse("desk:visits_condolences"), _("慰问走访"))
    return form_page(request, form, title=_("拟定慰问名单"), back=back, status=status)


def _list(request: HttpRequest, uuid: UUID) -> tuple[Any, list[Any]]:
    """Return a list with who is on it; ``waiting`` are those who have not got theirs."""
    row: Any = selectors.list_for(actor_of(request), uuid)
    people = selectors.people_on(row)
    row.waiting = [(str(e.uuid), name) for e, name in people if e.given_on is None]
    row.homes = any(e.target_id is not None for e, _name in people)
    row.lacking = lacking(request, PURPOSE) if _to_plan(row) else {}
    return row, people


@require_http_methods(["GET", "POST"])
@never_cache
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one list: who, why, what, and who signed; and what can be done."""
    row, people = _list(request, uuid)
    acts = Acts(request, row, ACTS, purpose="visits")
    if request.method == "POST" and (done := acts.post(reverse("desk:visits_condolence", args=[uuid]))) is not None:
        return done
    context = {
        "l": row,
        "tone": TONES[row.state],
        "people": [{"e": e, "name": name} for e, name in people],
        "amount": sum((e.amount for e, _n in people if e.amount is not None), Decimal(0)),
        "given": sum(e.given_on is not None for e, _n in people),
        "round_url": reverse("desk:round", args=[row.round.uuid]) if row.round is not None else "",
        "acts": acts.shown,
        "lacking": row.lacking,
        "problem": acts.problem,
        "now": clock.now(),
        "nav_here": NAV,
    }
    return render(request, "desk/visits/condolence.html", context, status=acts.status)


@require_GET
@never_cache
@staff
def printed(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a list for the printer, with a place to sign."""
    row, people = _list(request, uuid)
    amount = sum((e.amount for e, _n in people if e.amount is not None), Decimal(0))
    context = {"l": row, "lines": selectors.printed(people), "amount": amount}
    return render(request, "desk/visits/condolence_print.html", context)


@require_GET
@never_cache
@staff
def signature(request: HttpRequest, uuid: UUID, entry: UUID) -> HttpResponseBase:
    """Send the signature of somebody on a list."""
    found = selectors.entry_for(actor_of(request), uuid, entry)
    if found.signed is None:
        raise NotFoundError(_("还没有签名。"), code="visits.signature")
    return send(stored.serve_shown(found.signed.uuid, 1600), cached=False)
