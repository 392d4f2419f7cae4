"""Home of the programme: what is due, who was reached, what waits for an answer; what was given; noted details."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.fieldwork.rules.coverage import Coverage, Period
from linli.foundation.core import clock
from linli.foundation.core.paging import Page
from linli.interfaces.desk.doors import actor_of, once, staff, today
from linli.interfaces.desk.visits.common import (
    NAV,
    area_name,
    area_names,
    area_options,
    asked_area,
    asked_period,
    percent,
)
from linli.programmes.visits import permissions, selectors, services
from linli.programmes.visits.types import KINDS, Filters

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Kind, Target
    from linli.programmes.visits.models import Gift

SPLITS = {
    "area": gettext_lazy("按网格"), "tag": gettext_lazy("按标签"), "period": gettext_lazy("按月份"),
}  # fmt: skip


def _cards() -> list[dict[str, Any]]:
    return [
        {"url": reverse(name), "icon": icon, "title": title, "text": text}
        for name, icon, title, text in (
            ("desk:visits_demands", "clipboard-list", _("需求登记册"), _("谁需要什么、谁答复、哪天前")),
            ("desk:visits_coverage", "map-2", _("走访覆盖"), _("按网格、标签、时段，点开看没走到的")),
            ("desk:visits_companies", "building-skyscraper", _("企业走访"), _("带队走访、重点企业、诉求转任务")),
            ("desk:visits_sectors", "users-group", _("新兴领域"), _("组织、工作、走访三个覆盖")),
            ("desk:visits_branches", "flag", _("党支部"), _("服务的街区和网格、组建目标")),
            ("desk:visits_condolences", "gift", _("慰问走访"), _("按节日列名单，两人确认，本人签收")),
            ("desk:visits_stations", "building-store", _("服务站和体验官"), _("体验建议转改进任务")),
            ("desk:visits_details", "lock", _("个人情况的保存"), _("用途、同意、期限，随时可删")),
            ("desk:visits_wording", "book", _("用语与要诀"), _("四百、七要诀，按本街道的说法改")),
        )
    ]


def share_row(label: str, found: Coverage, url: str = "") -> dict[str, Any]:
    """Return a coverage as tables show it: both numbers beside the share."""
    return {
        "label": label, "whole": found.whole, "reached": found.reached, "attempted": found.attempted,
        "visits": found.visits, "share": percent(found.share), "url": url,
        "bar": round(found.share * 100) if found.share is not None else 0,
    }  # fmt: skip


@require_GET
@staff
def home(request: HttpRequest) -> HttpResponse:
    """Show what is due, who was reached this year, and what waits for an answer."""
    by, now = actor_of(request), clock.now()
    period = asked_period(request)
    counts = selectors.demand_counts(by, Filters(), now=now)
    answered = selectors.replies(by, period.first, period.last)
    given = selectors.gifts(by, period.first, period.last)
    rounds = selectors.open_rounds(by)
    mine = [v for v in fieldwork.today(by, today()) if v.round.programme in {"visits", "condolence"}]
    names = {k.code: k.name for k in fieldwork.kinds()}
    spread = selectors.coverage_by_kind(by, period, area_path=_own_path(request))
    context = {
        "words": selectors.wording("four_hundreds"),
        "keys": selectors.wording("seven_keys"),
        "mine": mine[:20],
        "rounds": [_round(r) for r in rounds],
        "stats": _stats(counts, answered, given, rounds),
        "coverage": [
            share_row(names.get(code, code), parts[""], f"{reverse('desk:visits_coverage')}?kind={code}")
            for code, parts in spread.items()
        ],
        "gifts": [
            {"g": g, "url": f"{reverse('desk:visits_given')}?{_asked(period, kind=g.kind, name=g.name)}"} for g in given
        ],
        "period": period,
        "cards": _cards(),
        "may_plan": permissions.may_lead(by) or by.has_role("neighbourhood_secretary", "grid_head", "dispatcher"),
        "nav_here": NAV,
    }
    return render(request, "desk/visits/home.html", context)


def _own_path(request: HttpRequest) -> str:
    """Return where this person reads numbers: the street, or their own area."""
    by = actor_of(request)
    if by.has_role(*permissions.WIDE):
        return ""
    return next((g.area_path for g in by.grants if g.area_path and g.role in permissions.GRID), "")


def _asked(period: Period, **more: Any) -> str:
    return urlencode({"from": period.first.isoformat(), "until": period.last.isoformat(), **more})


def _round(row: Any) -> dict[str, Any]:
    return {
        "row": row, "url": reverse("desk:round", args=[row.uuid]),
        "percent": round(100 * row.done / row.planned) if row.planned else 0,
        "late": row.ends_on < today(),
    }  # fmt: skip


def _stats(counts: dict[str, int], answered: Any, given: list[Any], rounds: list[Any]) -> list[dict[str, Any]]:
    register = reverse("desk:visits_demands")
    days = "—" if answered.median_days is None else f"{answered.median_days:g}"
    planned, done = sum(r.planned for r in rounds), sum(r.done for r in rounds)
    return [
        {"label": _("进行中的走访"), "value": f"{done} / {planned}", "note": _("已走访 / 应走访"), "url": "#rounds"},
        {"label": _("待分派需求"), "value": counts.get("new", 0), "url": f"{register}?state=new"},
        {"label": _("待答复需求"), "value": counts.get("assigned", 0), "url": f"{register}?state=assigned"},
        {"label": _("超期未答复"), "value": counts["late"], "url": f"{register}?late=1", "late": bool(counts["late"])},
        {"label": _("答复用时中位数（天）"), "value": days, "url": f"{register}?state=told",
         "note": _("按期 %(a)s / 已答复 %(b)s") % {"a": answered.in_time, "b": answered.answered}},
        {"label": _("送出（项目）"), "value": len(given), "url": "#given", "note": _("宣传、服务、资源")},
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Covered:
    """What the page of coverage is asked for: the ledger (none where there are none), how it is split, when, where."""

    ledger: Kind | None
    split: str
    period: Period
    path: str


def ledgers_visited() -> dict[str, Kind]:
    """Return the ledgers whose entries are visited, by code."""
    return {k.code: k for k in fieldwork.kinds() if k.code in KINDS}


def covered(request: HttpRequest) -> Covered:
    """Return what the page of coverage is asked for; where no ledger is asked for the first."""

    def read() -> Covered:
        ledgers, split = ledgers_visited(), request.GET.get("split", "area")
        ledger = ledgers.get(request.GET.get("kind", "")) or next(iter(ledgers.values()), None)
        path = asked_area(request).path or _own_path(request)
        return Covered(ledger, split if split in SPLITS else "area", asked_period(request), path)

    return once(request, "covered", read)


def parts_of(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the coverage by its parts, as the page shows it."""
    this, names = covered(request), area_names()
    if this.ledger is None:
        return []
    found = selectors.coverage_parts(
        actor_of(request), this.ledger.code, this.period, area_path=this.path, split=this.split
    )
    return [share_row(_part(this.split, key, names), c) for key, c in found.items()]


def missing_of(request: HttpRequest, cursor: str, size: int) -> Page[Target]:
    """Return a page of those at whom nobody was."""
    this = covered(request)
    code = this.ledger.code if this.ledger is not None else ""
    return fieldwork.not_reached(actor_of(request), code, this.period, area_path=this.path, cursor=cursor, size=size)


def missing_rows(found: list[Target]) -> list[dict[str, Any]]:
    """Return those at whom nobody was as the page shows them."""
    names = area_names()
    return [
        {"t": t, "url": reverse("desk:target", args=[t.uuid]), "area": area_name(names, t.area_path)} for t in found
    ]


@require_GET
@staff
def coverage(request: HttpRequest) -> HttpResponse:
    """Show coverage of one ledger by area, tag or month, and the targets that nobody was at."""
    by, where = actor_of(request), asked_area(request)
    this = covered(request)
    ledgers, code = ledgers_visited(), this.ledger.code if this.ledger is not None else ""
    whole = selectors.coverage_parts(by, code, this.period, area_path=this.path).get("") if code else None
    missing = missing_of(request, request.GET.get("cursor", ""), 50)
    asked = {k: v for k in ("kind", "split", "area", "from", "until") if (v := request.GET.get(k, ""))}
    context = {
        "ledger": this.ledger,
        "tabs": [
            {"label": k.name, "url": "?" + urlencode({**asked, "kind": c}), "current": c == code, "count": None}
            for c, k in ledgers.items()
        ],
        "whole": share_row(where.name, whole) if whole is not None else None,
        "parts": parts_of(request),
        "split": this.split,
        "splits": [{"value": value, "label": label} for value, label in SPLITS.items()],
        "missing": missing,
        "rows": missing_rows(missing.rows),
        "areas": area_options(),
        "where": where,
        "period": this.period,
        "code": code,
        "base": "?" + urlencode({**asked, "kind": code}) + "&",
        "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/visits/coverage.html", context)


def _part(split: str, key: str, names: dict[str, str]) -> str:
    if split == "area":
        return area_name(names, key) if key else _("没有区域")
    return key[:7] if split == "period" else key


def thing_asked(request: HttpRequest) -> tuple[str, str]:
    """Return the thing that is asked for: its kind and its name."""
    return request.GET.get("kind", "")[:10], request.GET.get("name", "")[:60]


def given_of(request: HttpRequest, cursor: str, size: int) -> Page[Gift]:
    """Return a page of the visits on which a thing was given."""
    (kind, name), period = thing_asked(request), asked_period(request)
    return selectors.given_on(
        actor_of(request), period.first, period.last, kind=kind, name=name, cursor=cursor, size=size
    )


def given_rows(found: list[Gift]) -> list[dict[str, Any]]:
    """Return what was given as the page shows it: of a home its kind alone."""
    names = area_names()
    return [
        {"g": g, "area": area_name(names, g.area_path), "url": reverse("desk:record", args=[g.submission.uuid]),
         "who": _who(g.submission.target)}
        for g in found
    ]  # fmt: skip


@require_GET
@staff
def given(request: HttpRequest) -> HttpResponse:
    """Show on which visits a thing was given."""
    period = asked_period(request)
    kind, name = thing_asked(request)
    page = given_of(request, request.GET.get("cursor", ""), 50)
    context = {
        "name": name,
        "period": period,
        "page": page,
        "rows": given_rows(page.rows),
        "base": "?" + _asked(period, kind=kind, name=name) + "&",
        "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/visits/given.html", context)


def _who(target: Any) -> str:
    """Return whom a visit went to; a home only by its kind."""
    if target is None:
        return "—"
    return str(target.kind.name if target.kind.guarded else target.name)


@require_GET
@staff
def details(request: HttpRequest) -> HttpResponse:
    """Show which details visits noted about persons, what for and until when; never what was noted."""
    by = actor_of(request)
    page = selectors.details(by, cursor=request.GET.get("cursor", ""))
    words = {"no_consent": _("未同意，未保存"), "withdrawn": _("本人撤回，已删除"), "over": _("到期，已删除")}
    context = {
        "page": page,
        "rows": [
            {"d": d, "who": _who(d.submission.target), "why": words.get(d.why, ""), "soon": d.until == today()}
            for d in page.rows
        ],
        "today": today(),
        "nav_here": NAV,
    }
    return render(request, "desk/visits/details.html", context)


@require_POST
@staff
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Forget a detail because the person no longer agrees."""
    services.withdraw_consent(by=actor_of(request), now=clock.now(), uuid=uuid)
    messages.success(request, _("已删除这条信息，记录和台账中都不再保留。"))
    return HttpResponseRedirect(reverse("desk:visits_details"))
