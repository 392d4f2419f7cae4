"""The ledger of agreements: list, entering and renewing, one with its chain."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.core.paging import Page
from linli.interfaces.desk.acting import Act, Acts
from linli.interfaces.desk.alliance import forms
from linli.interfaces.desk.alliance.members import NAV, form_page
from linli.interfaces.desk.doors import actor_of, id_of, staff, today, uuid_of
from linli.programmes.alliance import permissions, selectors, services
from linli.programmes.alliance.types import AgreementData, AgreementState

TONES = {
    AgreementState.COMING: "new",
    AgreementState.CURRENT: "doing",
    AgreementState.EXPIRING: "late",
    AgreementState.EXPIRED: "idle",
    AgreementState.RENEWED: "done",
    AgreementState.ENDED: "idle",
}


def row_of(row: Any) -> dict[str, Any]:
    """Return an agreement as lists show it."""
    state = selectors.agreement_state(row, today())
    return {"row": row, "state": state, "tone": TONES[state], "parties": parties(row)}


def parties(row: Any) -> list[str]:
    """Return who signed, by name."""
    return [p.member.name if p.member else p.name for p in row.parties.all()]


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Any]:
    """Return a page of the agreements that the address asks for."""
    data = request.GET
    return selectors.agreement_page(
        text=data.get("q", "").strip()[:60], year=id_of(data.get("year", "")), member_id=id_of(data.get("member", "")),
        cursor=cursor, size=size,
    )  # fmt: skip


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show the agreements, those that end last first."""
    data = request.GET
    text, year = data.get("q", "").strip()[:60], id_of(data.get("year", ""))
    page = page_of(request, data.get("cursor", ""))
    query = {k: v for k in ("q", "year", "member") if (v := data.get(k, ""))}
    context = {
        "page": page,
        "rows": [row_of(a) for a in page.rows],
        "text": text,
        "year": year,
        "base": f"?{urlencode(query)}&" if query else "?",
        "narrowed": bool(query),
        "may_keep": permissions.may_keep(actor_of(request)),
        "nav_here": NAV,
    }
    return render(request, "desk/alliance/agreements.html", context)


def _sign(by: Any, now: Any, row: Any, data: dict[str, Any], _seen: Any) -> Any:
    agreement = AgreementData(
        title=data["title"], signed_on=data["signed_on"], starts_on=data["starts_on"], ends_on=data["ends_on"],
        member_ids=tuple(data["member_ids"]), others=tuple(data["others"].splitlines()),
        items=tuple(data["items"].splitlines()), file_id=data["file_id"],
    )  # fmt: skip
    services.sign_agreement(by=by, now=now, data=agreement, previous=row.uuid if row else None)
    return _("协议已登记。")


SIGN = (Act("sign", gettext_lazy("保存"), "check", forms.AgreementForm, _sign, lambda _by, _row: True, primary=True),)


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Enter an agreement; ``?renews=`` names the one that it renews and takes over what it said."""
    by = actor_of(request)
    permissions.check_keep(by)
    wanted = uuid_of(request.GET.get("renews", ""))
    before = selectors.agreement_for(wanted) if wanted else None
    acts = Acts(request, before, SIGN, purpose="alliance")
    if request.method == "POST" and (done := acts.post(reverse("desk:alliance_agreements"))) is not None:
        return done
    shown = acts.shown[0]
    if request.method == "GET" and before is not None:
        initial = {
            "title": before.title,
            "items": "\n".join(before.items),
            "member_ids": [p.member_id for p in before.parties.all() if p.member_id],
            "others": "\n".join(p.name for p in before.parties.all() if p.name),
        }
        shown["form"] = forms.AgreementForm(initial=initial, by=by, row=before)
    back = (reverse("desk:alliance_agreements"), _("共建协议"))
    title = _("续签协议") if before else _("登记协议")
    hint = _("续签：%(title)s（%(ends)s 到期）") % {"title": before.title, "ends": before.ends_on} if before else ""
    return form_page(request, shown["form"], title=title, back=back, status=acts.status, hint=hint, act="sign")


def _open(by: Any, row: Any) -> bool:
    return row.ended_on is None and permissions.may_keep(by)


ACTS = (
    Act(
        "attach", gettext_lazy("附扫描件"), "paperclip", forms.FileForm,
        lambda by, now, row, data, _seen: services.attach_file(
            by=by, now=now, uuid=row.uuid, file_id=data["file_id"]
        ),
        lambda by, row: row.file_id is None and permissions.may_keep(by),
    ),
    Act(
        "end", gettext_lazy("提前终止"), "x", forms.DatedReasonForm,
        lambda by, now, row, data, seen: services.end_agreement(
            by=by, now=now, uuid=row.uuid, on=data["on"], reason=data["reason"], expected=seen
        ),
        _open, danger=True,
    ),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show an agreement: who, what, how long, what was before and after it, which claims stand under it."""
    by, row = actor_of(request), selectors.agreement_for(uuid)
    acts = Acts(request, row, ACTS, purpose="alliance")
    if request.method == "POST" and (done := acts.post(reverse("desk:alliance_agreement", args=[uuid]))) is not None:
        return done
    chain = selectors.chain_of(row)
    state = selectors.agreement_state(row, today())
    keeps = permissions.may_keep(by)
    context = {
        "agreement": row,
        "parties": parties(row),
        "state": state,
        "tone": TONES[state],
        "chain": [row_of(a) for a in chain] if len(chain) > 1 else [],
        "claims": row.claims.select_related("entry", "member") if keeps else [],
        "acts": acts.shown,
        "problem": acts.problem,
        "may_keep": keeps,
        "may_renew": keeps and row.ended_on is None and chain[0].pk == row.pk,
        "nav_here": NAV,
    }
    return render(request, "desk/alliance/agreement.html", context, status=acts.status)
