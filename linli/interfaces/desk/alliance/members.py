"""Member organisations: the list, entering one, one with its admission and its life, certificates on paper."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.core import clock
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page
from linli.foundation.people import selectors as people
from linli.interfaces.desk.acting import Act, ActForm, Acts
from linli.interfaces.desk.alliance import forms
from linli.interfaces.desk.doors import actor_of, choice_options, id_of, staff, today
from linli.programmes.alliance import permissions, selectors, services
from linli.programmes.alliance.types import MemberData, MemberKind, Stage, Standing

NAV = "alliance"
TONES = {
    Standing.PROPOSED: "new",
    Standing.ADMITTED: "check",
    Standing.CURRENT: "done",
    Standing.GRACE: "late",
    Standing.LAPSED: "late",
    Standing.REFUSED: "idle",
    Standing.LEFT: "idle",
}


def _keeps(by: Any, _row: Any) -> bool:
    return permissions.may_keep(by)


def _at(*stages: str) -> Any:
    return lambda by, row: row.stage in stages and permissions.may_keep(by)


ACTS = (
    Act(
        "check", gettext_lazy("核对"), "search", forms.CheckForm,
        lambda by, now, row, data, _seen: services.check_member(by=by, now=now, uuid=row.uuid, note=data["note"]),
        _at(Stage.APPLIED), primary=True,
    ),
    Act(
        "decide", gettext_lazy("登记会议决定"), "scale", forms.DecideForm,
        lambda by, now, row, data, _seen: services.decide_member(
            by=by, now=now, uuid=row.uuid, admitted=data["admitted"], on=data["on"], meeting=data["meeting"],
            reason=data["reason"],
        ),
        _at(Stage.CHECKED), primary=True,
    ),
    Act(
        "issue", gettext_lazy("颁证授牌"), "flag-2", forms.IssueForm,
        lambda by, now, row, data, _seen: services.issue(
            by=by, now=now, uuid=row.uuid, on=data["on"], certificate=data["certificate"], plaque=data["plaque"]
        ),
        lambda by, row: row.stage == Stage.ADMITTED and row.issued_on is None and _keeps(by, row), primary=True,
    ),
    Act(
        "renew", gettext_lazy("续期"), "calendar", forms.RenewForm,
        lambda by, now, row, data, _seen: services.renew_member(
            by=by, now=now, uuid=row.uuid, valid_to=data["valid_to"]
        ),
        lambda by, row: row.stage == Stage.ADMITTED and row.valid_to is not None and _keeps(by, row),
    ),
    Act(
        "leave", gettext_lazy("退出"), "logout", forms.DatedReasonForm,
        lambda by, now, row, data, _seen: services.leave(
            by=by, now=now, uuid=row.uuid, on=data["on"], reason=data["reason"]
        ),
        _at(Stage.ADMITTED), danger=True,
    ),
)  # fmt: skip


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Any]:
    """Return a page of the members that the address asks for."""
    data, kind = request.GET, request.GET.get("kind", "")
    return selectors.member_page(
        today=today(), text=data.get("q", "").strip()[:40], kind=kind if kind in MemberKind.values else "",
        stands=data.get("standing", ""), year=id_of(data.get("year", "")), body_id=id_of(data.get("body", "")),
        issued=data.get("issued") == "1", cursor=cursor, size=size,
    )  # fmt: skip


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show the members by name: searched, by kind, standing, year of admission, body."""
    data, on = request.GET, today()
    text, kind, stands = data.get("q", "").strip()[:40], data.get("kind", ""), data.get("standing", "")
    year = id_of(data.get("year", ""))
    page = page_of(request, data.get("cursor", ""))
    counts = selectors.standing_counts(on)
    query = {k: v for k in ("q", "kind", "standing", "year", "issued", "body") if (v := data.get(k, ""))}
    tabs = [{"label": _("全部在册"), "url": "?", "current": not stands, "count": None}]
    tabs += [
        {"label": s.label, "url": f"?standing={s}", "current": stands == s, "count": counts[s],
         "late": s in (Standing.GRACE, Standing.LAPSED) and bool(counts[s])}
        for s in Standing if counts[s] or stands == s
    ]  # fmt: skip
    seats = selectors.seats_of_many(page.rows)
    context = {
        "page": page,
        "rows": [
            {
                "member": m,
                "standing": (s := selectors.standing_of(m, on)),
                "tone": TONES[s],
                "seats": seats.get(m.pk, []),
            }
            for m in page.rows
        ],
        "tabs": tabs,
        "text": text,
        "year": year,
        "years": selectors.admission_years(),
        "kind": kind,
        "kinds": [{"value": "", "label": _("全部类型")}, *choice_options(MemberKind.choices)],
        "base": f"?{urlencode(query)}&" if query else "?",
        "narrowed": bool(query),
        "may_keep": permissions.may_keep(actor_of(request)),
        "nav_here": NAV,
    }
    return render(request, "desk/alliance/members.html", context)


def form_page(
    request: HttpRequest, form: ActForm, *, title: str, back: tuple[str, str], status: int = 200, version: Any = "",
    hint: str = "", act: str = "",
) -> HttpResponse:  # fmt: skip
    """Show a form of a whole page; ``back`` is (address, words)."""
    context = {
        "form": form,
        "title": title,
        "back": back,
        "version": version,
        "hint": hint,
        "act": act,
        "nav_here": NAV,
    }
    return render(request, "desk/alliance/form.html", {**context, "multipart": form.is_multipart()}, status=status)


def _check_keeper(request: HttpRequest) -> None:
    permissions.check_keep(actor_of(request))


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Enter an organisation that applies or is proposed."""
    _check_keeper(request)
    by, status = actor_of(request), 200
    form = forms.MemberForm(request.POST or None, by=by)
    if request.method == "POST":
        status = form.attempt(
            lambda: services.propose_member(by=by, now=clock.now(), data=MemberData(**form.cleaned_data))
        )
        if not status:
            return HttpResponseRedirect(reverse("desk:alliance_member", args=[form.made.uuid]))
    back = (reverse("desk:alliance_members"), _("成员单位"))
    return form_page(request, form, title=_("登记成员单位"), back=back, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change what is known of a member; its contact is shown to who may, and that it was opened is journalled."""
    by, row, status = actor_of(request), selectors.member_for(uuid), 200
    permissions.check_contact(by, row)
    if request.method == "POST":
        form = forms.MemberForm(request.POST, by=by)
        status = form.attempt(
            lambda: services.change_member(
                by=by,
                now=clock.now(),
                uuid=uuid,
                data=MemberData(**form.cleaned_data),
                expected=id_of(request.POST.get("version", "")),
            )
        )
        if not status:
            return HttpResponseRedirect(reverse("desk:alliance_member", args=[uuid]))
    else:
        name, phone = services.open_contact(by=by, now=clock.now(), uuid=uuid)
        plain = {f: getattr(row, f) for f in MemberData.__dataclass_fields__ if hasattr(row, f)}
        form = forms.MemberForm(initial={**plain, "contact_name": name, "phone": phone}, by=by)
    back = (reverse("desk:alliance_member", args=[uuid]), row.name)
    version = request.POST.get("version", row.version) if status != 409 else row.version
    return form_page(request, form, title=_("修改成员单位"), back=back, status=status, version=version)


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a member: its admission step by step, where it sits, what it claimed; and what can be done."""
    by, row = actor_of(request), selectors.member_for(uuid)
    acts, url = Acts(request, row, ACTS, purpose="alliance"), reverse("desk:alliance_member", args=[uuid])
    if request.method == "POST" and (done := acts.post(url)) is not None:
        return done
    return render(request, "desk/alliance/member.html", _context(by, row, acts), status=acts.status)


def _context(by: Any, row: Any, acts: Acts) -> dict[str, Any]:
    on = today()
    found = selectors.standing_of(row, on)
    trusted = permissions.may_keep(by) or permissions.may_act_for(by, row)
    return {
        "member": row,
        "standing": found,
        "tone": TONES[found],
        "steps": _steps(row),
        "acts": acts.shown,
        "problem": acts.problem,
        "life": selectors.life_of(row),
        "claims": selectors.claims_of(row) if trusted else [],
        "agreements": selectors.agreements_of(row, on),
        "trusted": trusted,
        "people": people.posts_of_units([row.unit_id]).get(row.unit_id, []) if row.unit_id and trusted else [],
        "nav_here": NAV,
    }


def _steps(row: Any) -> list[dict[str, str]]:
    done = {
        _("申请"): True,
        _("核对"): row.checked_on is not None,
        _("会议决定"): row.decided_on is not None,
        _("颁证授牌"): row.issued_on is not None,
    }
    ended = row.stage in (Stage.REFUSED, Stage.LEFT)
    first = next((label for label, is_done in done.items() if not is_done), "")
    return [
        {"label": label, "state": "done" if is_done else "now" if label == first and not ended else "todo"}
        for label, is_done in done.items()
    ]


@never_cache
@require_POST
@staff
def contact(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show who the contact is, to who may; journalled."""
    row = selectors.member_for(uuid)
    name, phone = services.open_contact(by=actor_of(request), now=clock.now(), uuid=uuid)
    context = {"member": row, "name": name, "phone": phone, "nav_here": NAV}
    return render(request, "desk/alliance/contact.html", context)


@require_GET
@staff
def certificate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a member's certificate for A4."""
    row = selectors.member_for(uuid)
    if row.issued_on is None:
        raise NotFoundError(_("还没有颁证。"), code="alliance.not_issued")
    bodies = [s.body for s in selectors.seats_of_many([row]).get(row.pk, []) if s.body.kind != "committee"]
    context = {
        "heading": _("成员单位证书"),
        "name": row.name,
        "text": _("经%(meeting)s决定，接纳为%(bodies)s成员单位。")
        % {"meeting": row.decided_at, "bodies": "、".join(b.name for b in bodies) or _("区域化党建联建")},
        "number": row.certificate,
        "plaque": row.plaque,
        "on": row.issued_on,
        "issuer": next((b.office.name for b in bodies[:1] if b.office), ""),
        "back": reverse("desk:alliance_member", args=[uuid]),
    }
    return render(request, "desk/alliance/certificate.html", context)
