"""The three lists: tabs, entering, one line with what suits it and who claims it, its pitch."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, InvalidError
from linli.foundation.core.paging import Page
from linli.interfaces.desk.acting import Act, Acts
from linli.interfaces.desk.alliance import forms
from linli.interfaces.desk.alliance.members import NAV, form_page
from linli.interfaces.desk.doors import actor_of, choice_options, id_of, problem, staff, today, uuid_of
from linli.programmes.alliance import permissions, selectors, services
from linli.programmes.alliance.rules import naming, quantities
from linli.programmes.alliance.rules.matching import Fit, Ground, Match
from linli.programmes.alliance.types import ClaimData, EntryData, Filters, ListKind
from linli.programmes.alliance.workflow import VERBS, EntryState

if TYPE_CHECKING:
    from linli.programmes.alliance.models import Entry

TONES = {"draft": "idle", "submitted": "check", "published": "done", "closed": "idle"}


def _may(verb: str) -> Any:
    return lambda by, row: row.state in VERBS[verb].source and permissions.may_entry(by, verb, row)


def _project(verb: str) -> Any:
    return lambda by, row: row.kind == ListKind.PROJECT and _may(verb)(by, row)


def _may_claim(by: Any, row: Any) -> bool:
    return (
        row.kind == ListKind.PROJECT
        and row.state == EntryState.PUBLISHED
        and (permissions.may_keep(by) or bool(permissions.own_members(by)))
        and selectors.unclaimed(selectors.claimed([row]).get(row.pk, [])) > 0
    )


def _may_share(by: Any, row: Any) -> bool:
    owner = row.member is not None and permissions.may_act_for(by, row.member)
    return row.kind == ListKind.RESOURCE and row.state == EntryState.PUBLISHED and (owner or permissions.may_keep(by))


def _claim(by: Any, now: Any, row: Any, data: dict[str, Any], _seen: Any) -> str:
    claim = ClaimData(data["member_id"], services.share_of(data["share"]), data["role"])
    services.claim(by=by, now=now, uuid=row.uuid, data=claim)
    return _("已认领。")


ACTS = (
    Act(
        "submit", gettext_lazy("送审"), "send", forms.Plain,
        lambda by, now, row, _data, _seen: services.submit(by=by, now=now, uuid=row.uuid), _may("submit"),
        hint=gettext_lazy("由另一人审核后才公开。"), primary=True,
    ),
    Act(
        "approve", gettext_lazy("审核发布"), "check", forms.Plain,
        lambda by, now, row, _data, seen: services.approve(by=by, now=now, uuid=row.uuid, expected=seen),
        _may("approve"), hint=gettext_lazy("发布后居民和成员单位都能看到，不含联系方式。"), primary=True,
    ),
    Act(
        "send_back", gettext_lazy("退回修改"), "arrow-left", forms.ReasonForm,
        lambda by, now, row, data, _seen: services.send_back(by=by, now=now, uuid=row.uuid, **data),
        _may("send_back"),
    ),
    Act("claim", gettext_lazy("认领"), "hand-love-you", forms.ClaimForm, _claim, _may_claim, primary=True),
    Act(
        "share", gettext_lazy("给成员单位使用"), "arrows-left-right", forms.ShareForm,
        lambda by, now, row, data, _seen: services.commit(by=by, now=now, uuid=row.uuid, **data), _may_share,
    ),
    Act(
        "pitch", gettext_lazy("写推介"), "speakerphone", forms.PitchForm,
        lambda by, now, row, data, _seen: services.pitch(
            by=by, now=now, uuid=row.uuid, text=data["text"], on=data["on"], file_id=data["file_id"]
        ),
        _project("pitch"),
    ),
    Act(
        "mark_top", gettext_lazy("列入十大项目"), "star", forms.TopForm,
        lambda by, now, row, data, _seen: services.mark_top(by=by, now=now, uuid=row.uuid, **data),
        _project("mark_top"),
    ),
    Act(
        "close", gettext_lazy("结束"), "x", forms.ReasonForm,
        lambda by, now, row, data, _seen: services.close(by=by, now=now, uuid=row.uuid, **data), _may("close"),
        danger=True,
    ),
)  # fmt: skip


def _filters(request: HttpRequest, kind: str) -> tuple[Filters, dict[str, str]]:
    data = request.GET
    state = data.get("state", "")
    filters = Filters(
        kind=kind, state=state if state in EntryState.values else "", category=data.get("category", "")[:32],
        text=data.get("q", "").strip()[:60], year=id_of(data.get("year", "")), top_year=id_of(data.get("top", "")),
        pitched=id_of(data.get("pitched", "")),
    )  # fmt: skip
    query = {k: v for k in ("state", "category", "q", "year", "top", "pitched") if (v := data.get(k, ""))}
    return filters, {"kind": kind, **query}


def kind_of(request: HttpRequest) -> str:
    """Return which of the three lists the address asks for."""
    kind = request.GET.get("kind", "")
    return kind if kind in ListKind.values else ListKind.PROJECT.value


def kind_labels() -> dict[str, str]:
    """Return what the three lists are called."""
    words = {ListKind.NEED: _("需求清单"), ListKind.RESOURCE: _("资源清单"), ListKind.PROJECT: _("项目清单")}
    return {kind.value: words[kind] for kind in ListKind}


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Entry]:
    """Return a page of the lines that the address asks for."""
    filters, _query = _filters(request, kind_of(request))
    return selectors.entry_page(actor_of(request), filters, cursor=cursor, size=size)


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show one of the three lists, with what is left of each line."""
    by, kind, words = actor_of(request), kind_of(request), kind_labels()
    filters, query = _filters(request, kind)
    page = page_of(request, request.GET.get("cursor", ""))
    keeps = permissions.may_keep(by)
    context = {
        "page": page,
        "rows": rows_of(page.rows, kind),
        "kind": kind,
        "kind_words": words[kind],
        "tabs": [{"label": words[k], "url": f"?kind={k}", "current": k == kind, "count": None} for k in words],
        "filters": filters,
        "states": [{"value": "", "label": _("全部状态")}, *choice_options(EntryState.choices)],
        "categories": [{"value": "", "label": _("全部类别")}]
        + [{"value": c.code, "label": c.name} for c in selectors.categories()],
        "base": f"?{urlencode(query)}&",
        "narrowed": len(query) > 1,
        "may_keep": keeps,
        "may_enter": keeps or (kind != ListKind.PROJECT and bool(permissions.own_members(by))),
        "nav_here": NAV,
    }
    return render(request, "desk/alliance/lists.html", context)


def rows_of(entries: list[Entry], kind: str) -> list[dict[str, Any]]:
    """Return lines as lists show them: what is left, who claimed how much, how often used."""
    if kind == ListKind.PROJECT:
        claims = selectors.claimed(entries)
        return [
            {
                "entry": e,
                "tone": TONES[e.state],
                "claims": claims.get(e.pk, []),
                "left": left_words(selectors.unclaimed(claims.get(e.pk, []))),
            }
            for e in entries
        ]
    known = selectors.balances(entries)
    return [
        {
            "entry": e,
            "tone": TONES[e.state],
            "quantity": quantities.amount_text(e.quantity),
            "left": quantities.amount_text(known[e.pk].remaining) if e.quantity is not None else "",
            "used": known[e.pk].times,
        }
        for e in entries
    ]


def left_words(left: Fraction) -> str:
    """Return how much of a project can still be claimed."""
    if left <= 0:
        return _("已全部认领")
    return _("待认领") if left == 1 else _("可认领 %(left)s") % {"left": quantities.share_text(left)}


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Enter a line as a draft; ``visit`` enters an offer met on a visit."""
    by, status, visit = actor_of(request), 200, kind == "visit"
    kind = ListKind.RESOURCE.value if visit else kind
    if not visit and not (kind != ListKind.PROJECT and permissions.own_members(by)):
        permissions.check_keep(by)
    form = (forms.VisitForm if visit else forms.EntryForm)(request.POST or None, by=by, row=kind)
    if request.method == "POST":
        status = form.attempt(lambda: _enter(by, kind, form.cleaned_data, visit=visit))
        if not status:
            messages.success(
                request, _("已送审，审核后进入资源清单。") if visit else _("草稿已保存，送审后由另一人审核。")
            )
            listed = reverse("desk:alliance_lists") + f"?kind={kind}"
            seen = permissions.may_keep(by) or not visit
            return HttpResponseRedirect(reverse("desk:alliance_entry", args=[form.made.uuid]) if seen else listed)
    words = {"need": _("登记需求"), "resource": _("登记资源"), "project": _("登记项目")}
    back = (f"{reverse('desk:alliance_lists')}?kind={kind}", _("三张清单"))
    title = _("登记走访得到的资源") if visit else words[kind]
    return form_page(request, form, title=title, back=back, status=status)


def _enter(by: Any, kind: str, data: dict[str, Any], *, visit: bool) -> Entry:
    label = data.pop("source_label", "")
    entry = EntryData(kind, **{**data, "reusable": bool(data.get("reusable"))})
    if visit:
        return services.offer_from_visit(by=by, now=clock.now(), data=entry, source_label=label)
    return services.draft_entry(by=by, now=clock.now(), data=entry)


@require_http_methods(["GET", "POST"])
@staff
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a draft."""
    by, status = actor_of(request), 200
    row = selectors.entry_for(by, uuid)
    if not permissions.may_entry(by, "change", row):
        raise permissions.refuse("change")
    names = [f for f in EntryData.__dataclass_fields__ if hasattr(row, f)]
    initial = {f: getattr(row, f) for f in names} | {
        "category": row.category.code if row.category else "",
        "quantity": quantities.amount_text(row.quantity),
        "reusable": "yes" if row.reusable else "no",
    }
    form = forms.EntryForm(request.POST or None, initial=initial, by=by, row=row.kind)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = EntryData(row.kind, **{**form.cleaned_data, "reusable": bool(form.cleaned_data.get("reusable"))})
            try:
                services.change_entry(
                    by=by, now=clock.now(), uuid=uuid, data=data, expected=id_of(request.POST.get("version", ""))
                )
            except DomainError as error:
                form.take(error)
                status = error.status
            else:
                return HttpResponseRedirect(reverse("desk:alliance_entry", args=[uuid]))
    back = (reverse("desk:alliance_entry", args=[uuid]), row.title)
    return form_page(request, form, title=_("修改"), back=back, status=status, version=row.version)


_SAID = {
    (Ground.CATEGORY, Fit.FULL): gettext_lazy("类别相同"),
    (Ground.CATEGORY, Fit.UNKNOWN): gettext_lazy("类别没有写"),
    (Ground.QUANTITY, Fit.FULL): gettext_lazy("数量够"),
    (Ground.QUANTITY, Fit.PART): gettext_lazy("数量够一部分"),
    (Ground.QUANTITY, Fit.UNKNOWN): gettext_lazy("数量无法比较"),
    (Ground.TIME, Fit.FULL): gettext_lazy("时间合适"),
    (Ground.TIME, Fit.PART): gettext_lazy("时间部分重合"),
    (Ground.TIME, Fit.UNKNOWN): gettext_lazy("时间没有写"),
    (Ground.PLACE, Fit.FULL): gettext_lazy("就在附近"),
    (Ground.PLACE, Fit.PART): gettext_lazy("在别的区域"),
    (Ground.PLACE, Fit.UNKNOWN): gettext_lazy("区域没有写"),
}


def _match(entry: Entry, found: Match) -> dict[str, Any]:
    return {
        "entry": entry,
        "reasons": [{"words": _SAID[r.ground, r.fit], "fit": r.fit.value} for r in found.reasons],
        "amount": quantities.amount_text(found.amount),
    }


@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a line: what it says, what is left, what suits it and why, who claims it; and what can be done."""
    by, row = actor_of(request), selectors.entry_for(actor_of(request), uuid)
    acts = Acts(request, row, ACTS, purpose="alliance")
    if request.method == "POST" and (done := acts.post(reverse("desk:alliance_entry", args=[uuid]))) is not None:
        return done
    return render(request, "desk/alliance/entry.html", _context(by, row, acts), status=acts.status)


def _context(by: Any, row: Entry, acts: Acts | None, error: DomainError | None = None) -> dict[str, Any]:
    project = row.kind == ListKind.PROJECT
    open_now = row.state == EntryState.PUBLISHED
    claims = selectors.claims_on(row) if project else []
    holding = [c for c in claims if c.state not in {"withdrawn", "lapsed"}]
    there = selectors.balance(row)
    may_read = {c.pk for c in claims if permissions.may_read_claim(by, c)} if not permissions.may_keep(by) else None
    return {
        "entry": row,
        "tone": TONES[row.state],
        "quoted": naming.quoted(row.title),
        "project": project,
        "balance": there,
        "amounts": {
            "quantity": quantities.amount_text(there.quantity),
            "committed": quantities.amount_text(there.committed) or "0",
            "used": quantities.amount_text(there.used) or "0",
            "remaining": quantities.amount_text(there.remaining) or "0",
        },
        "uses": [] if project else selectors.uses_of(row),
        "use_count": selectors.use_counts([row]).get(row.pk, 0) if row.kind == ListKind.RESOURCE else 0,
        "matches": [_match(e, m) for e, m in selectors.matches_for(by, row)] if open_now and not project else [],
        "claims": [
            {"row": c, "share": quantities.share_text(c.share), "open": may_read is None or c.pk in may_read}
            for c in claims
        ],
        "left": left_words(selectors.unclaimed(holding)) if project else "",
        "acts": acts.shown if acts else [],
        "problem": problem(error) if error else (acts.problem if acts else None),
        "may_change": permissions.may_entry(by, "change", row) and row.state == EntryState.DRAFT,
        "may_commit": _may_share(by, row) or (row.kind == ListKind.NEED and permissions.may_keep(by)),
        "nav_here": NAV,
    }


@require_POST
@staff
def commit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Promise a piece of a resource to a need: from the page of either; ``other`` is the one across."""
    by, row = actor_of(request), selectors.entry_for(actor_of(request), uuid)
    typed = request.POST.get("quantity", "")
    try:
        other = selectors.entry_for(by, uuid_of(request.POST.get("other", "")) or uuid)
        quantity = quantities.parse_amount(typed)
        resource, need = (row, other) if row.kind == ListKind.RESOURCE else (other, row)
        services.commit(
            by=by, now=clock.now(), uuid=resource.uuid, quantity=quantity or Decimal(0), need_uuid=need.uuid
        )
    except ValueError:
        error: DomainError = InvalidError(_("数量请填大于 0 的数，最多两位小数。"))
    except DomainError as refused:
        if refused.status in {403, 404}:
            raise
        error = refused
    else:
        messages.success(request, _("已约定。"))
        return HttpResponseRedirect(reverse("desk:alliance_entry", args=[uuid]))
    context = _context(by, row, Acts(request, row, ACTS, purpose="alliance"), error)
    for match in context["matches"]:
        if str(match["entry"].uuid) == request.POST.get("other"):
            match["amount"] = typed
    return render(request, "desk/alliance/entry.html", context, status=error.status)


@require_POST
@staff
def use(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Enter that a promised piece was used, or call it off."""
    by, now = actor_of(request), clock.now()
    found = selectors.use_for(uuid)
    try:
        if request.POST.get("act") == "cancel":
            services.cancel(by=by, now=now, uuid=uuid, reason=request.POST.get("reason", ""))
        else:
            services.note_used(by=by, now=now, uuid=uuid, on=today())
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, str(error) if not error.fields else next(iter(error.fields.values()))[0])
    else:
        messages.success(request, _("已保存。"))
    back = uuid_of(request.POST.get("back", "")) or found.resource.uuid
    return HttpResponseRedirect(reverse("desk:alliance_entry", args=[back]))


@require_GET
@staff
def pitch(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a project as it is presented in a meeting: large words, the picture, who leads."""
    row = selectors.entry_for(actor_of(request), uuid)
    claims = selectors.claimed([row]).get(row.pk, [])
    context = {
        "entry": row,
        "quoted": naming.quoted(row.title),
        "claims": [{"row": c, "share": quantities.share_text(c.share)} for c in claims],
        "left": left_words(selectors.unclaimed(claims)),
        "nav_here": NAV,
    }
    return render(request, "desk/alliance/pitch.html", context)


@require_POST
@staff
def load_categories(request: HttpRequest) -> HttpResponse:
    """Enter the categories that Linli ships where there are none."""
    permissions.check_keep(actor_of(request))
    services.load_categories()
    messages.success(request, _("已装入随附的类别。"))
    return HttpResponseRedirect(reverse("desk:alliance_lists"))
