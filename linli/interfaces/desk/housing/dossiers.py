"""Flats on their way: the list, one dossier with what its next step lacks, rooms, papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.cases.permissions import get_case_for
from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.fieldwork.types import TargetFilter
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.foundation.core.paging import Page
from linli.foundation.files import selectors as stored
from linli.interfaces.desk import directory
from linli.interfaces.desk.acting import Act, Acts
from linli.interfaces.desk.doors import actor_of, id_of, problem, staff, staff_who, today, uuid_of
from linli.interfaces.desk.files.views import SIZES, send
from linli.interfaces.desk.housing import forms
from linli.interfaces.desk.visits.common import NAV, area_name, area_names
from linli.interfaces.web.access import behind
from linli.programmes.housing import permissions, selectors, services
from linli.programmes.housing.types import ActionData, Filters, Opened, Origin, PaperData, PaperKind, PlanData
from linli.programmes.housing.workflow import VERBS, State

if TYPE_CHECKING:
    from linli.programmes.housing.models import Dossier

P = ParamSpec("P")
TONES = {
    "reported": "new", "no_consent": "idle", "verified": "doing", "planned": "doing", "acted": "check",
    "watched": "check", "clear": "done", "closed": "done", "dropped": "idle",
}  # fmt: skip
ROWS = 8


# Who sees these pages at all.
check_inside = staff_who(permissions.check_enter)
inside = behind(check_inside)


def _may(verb: str) -> Any:
    return lambda by, row: row.state in VERBS[verb].origins and permissions.may(by, verb, row)


def _paper(by: Any, now: Any, row: Any, data: dict[str, Any], seen: Any) -> str:
    paper = PaperData(PaperKind(data["kind"]), data["text"], bool(data["declined"]), data["file_id"])
    services.add_paper(by=by, now=now, uuid=row.uuid, data=paper, expected=seen)
    return _("材料已登记。")


def _plan(by: Any, now: Any, row: Any, data: dict[str, Any], seen: Any) -> None:
    plan = PlanData(
        data["text"], tuple(data["units"]), data["safety"], data["joint_on"], tuple(data["basis"].splitlines())
    )
    services.plan(by=by, now=now, uuid=row.uuid, data=plan, expected=seen)


ACTS = (
    Act(
        "verify", gettext_lazy("两人核实，认定群租"), "shield", forms.VerifyForm,
        lambda by, now, row, data, seen: services.verify(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _may("verify"), primary=True, hint=gettext_lazy("两名执法人员到场；经同意或凭法律文书进入。"),
    ),
    Act(
        "no_consent", gettext_lazy("未获同意进入"), "door", forms.NoteForm,
        lambda by, now, row, data, seen: services.no_consent(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _may("no_consent"),
        hint=gettext_lazy("不同意是住户的权利，如实登记即可，不记姓名，以后可再联系或依法取得文书。"),
    ),
    Act(
        "clear", gettext_lazy("核实后不构成群租"), "circle-check", forms.VerifyForm,
        lambda by, now, row, data, seen: services.verify(
            by=by, now=now, uuid=row.uuid, breaks=False, expected=seen, **data
        ),
        _may("clear"),
    ),
    Act(
        "plan", gettext_lazy("制定方案"), "clipboard-list", forms.PlanForm, _plan, _may("plan"), primary=True,
    ),
    Act(
        "act", gettext_lazy("登记联合整治"), "tool", forms.ActionForm,
        lambda by, now, row, data, seen: services.act(
            by=by, now=now, uuid=row.uuid, data=ActionData(**data), expected=seen
        ),
        _may("act"), primary=True, hint=gettext_lazy("先有告知、陈述和财物清单，再动手；不登记任何人的名单。"),
    ),
    Act(
        "paper", gettext_lazy("文书和照片"), "paperclip", forms.PaperForm, _paper, _may("paper"),
        hint=gettext_lazy("业主陈述、承租人陈述、财物清单、告知书、法律文书、整治前后照片。"),
    ),
    Act(
        "educate", gettext_lazy("普法宣传"), "book", forms.EducateForm,
        lambda by, now, row, data, seen: services.educate(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _may("educate"), primary=True,
    ),
    Act(
        "watch", gettext_lazy("列入监控"), "eye", forms.WatchForm,
        lambda by, now, row, data, seen: services.watch(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _may("watch"), hint=gettext_lazy("监控的是房屋，有期限，期满自动解除。"),
    ),
    Act(
        "drop", gettext_lazy("撤销立案"), "x", forms.ReasonForm,
        lambda by, now, row, data, seen: services.drop(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _may("drop"), danger=True,
    ),
)  # fmt: skip


def place_of(target: Any) -> str:
    """Return where a flat is: the building's address and the room."""
    above = target.parent.parent if target.parent is not None else None
    return str(target.address or (f"{above.address or above.name} {target.name}" if above is not None else target.name))


def _filters(request: HttpRequest) -> Filters:
    """Return what the list is narrowed to."""
    data = request.GET
    state = data.get("state", "")
    area = next((a for a in directory.areas(today()) if a.id == id_of(data.get("area", ""))), None)
    return Filters(
        state=state if state in State.values else "", late=bool(data.get("late")),
        text=data.get("q", "").replace("\0", "")[:60], area_path=area.path if area else "",
    )  # fmt: skip


def page_of(request: HttpRequest, cursor: str, size: int) -> Page[Dossier]:
    """Return a page of the flats that are asked for."""
    return selectors.dossier_page(actor_of(request), _filters(request), now=clock.now(), cursor=cursor, size=size)


def rows_of(found: list[Dossier]) -> list[dict[str, Any]]:
    """Return flats as the list shows them."""
    now, names = clock.now(), area_names()
    return [
        {"d": d, "place": place_of(d.target), "tone": _tone(d, now), "area": area_name(names, d.area_path),
         "late": d.state == State.REPORTED and d.visit_by < now}
        for d in found
    ]  # fmt: skip


@require_GET
@inside
def listing(request: HttpRequest) -> HttpResponse:
    """Show the flats on their way, by state; and the cases that wait to be taken up."""
    by, now, data = actor_of(request), clock.now(), request.GET
    filters = _filters(request)
    counts = selectors.counts(by, Filters(area_path=filters.area_path), now=now)
    page = page_of(request, data.get("cursor", ""), 50)
    tabs = [{"label": _("全部"), "url": "?", "current": not filters.state and not filters.late, "count": None}]
    tabs += [
        {"label": s.label, "url": f"?state={s.value}", "current": filters.state == s, "count": counts.get(s.value, 0)}
        for s in State
        if counts.get(s.value) or filters.state == s or s in {State.REPORTED, State.PLANNED, State.WATCHED}
    ]
    tabs.append({"label": _("超期未到场"), "url": "?late=1", "current": filters.late, "count": counts["late"],
                 "late": bool(counts["late"])})  # fmt: skip
    asked = {k: v for k in ("state", "late", "q", "area") if (v := data.get(k, ""))}
    context = {
        "page": page,
        "rows": rows_of(page.rows),
        "tabs": tabs,
        "filters": filters,
        "waiting": selectors.awaited_cases(by, now) if not filters.state else [],
        "may_open": permissions.is_officer(by) or by.has_role(*permissions.WIDE, *permissions.NEAR),
        "narrowed": bool(asked),
        "base": "?" + urlencode(asked) + "&",
        "now": now,
        "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/housing/list.html", context)


def _tone(row: Any, now: Any) -> str:
    return "late" if row.state == State.REPORTED and row.visit_by < now else TONES[row.state]


@require_http_methods(["GET", "POST"])
@inside
def new(request: HttpRequest) -> HttpResponse:
    """Take up a flat: searched in the ledger, from a case or from what somebody saw."""
    by, status = actor_of(request), 200
    text, case = request.GET.get("q", "")[:40], uuid_of(request.GET.get("case", ""))
    row = get_case_for(by, case) if case is not None else None
    text = text or (row.address if row is not None else "")
    found = fieldwork.page(permissions.reader(by), TargetFilter(("flat",), text=text), size=100).rows
    flats = [(str(t.uuid), place_of(t)) for t in found]
    form = forms.OpenForm(request.POST or None, by=by, flats=flats)
    if request.method == "POST":
        status = form.attempt(lambda: _open(by, form.cleaned_data, row))
        if not status:
            messages.success(request, _("已立案，编号 %(number)s。") % {"number": form.made.number})
            return HttpResponseRedirect(reverse("desk:housing_one", args=[form.made.uuid]))
    context = {"form": form, "text": text, "case": row, "flats": flats, "nav_here": NAV}
    return render(request, "desk/housing/new.html", context, status=status)


def _open(by: Any, data: dict[str, Any], case: Any) -> Any:
    opened = Opened(
        UUID(data["target"]), Origin.CASE if case is not None else Origin.DESK, case.uuid if case is not None else None,
        data["note"],
    )  # fmt: skip
    return services.open_dossier(by=by, now=clock.now(), data=opened)


@require_http_methods(["GET", "POST"])
@inside
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show where a flat stands, what its next step lacks, clocks, rooms, papers, steps; and do what is sent."""
    row = selectors.dossier_for(actor_of(request), uuid)
    acts = Acts(request, row, ACTS, purpose="housing")
    if request.method == "POST" and (done := acts.post(reverse("desk:housing_one", args=[uuid]))) is not None:
        return done
    return render(request, "desk/housing/one.html", _context(request, row, acts), status=acts.status)


def _steps(row: Any) -> list[dict[str, Any]]:
    order = [
        ("reported", _("立案")), ("verified", _("认定")), ("planned", _("方案")), ("acted", _("整治")),
        ("watched", _("监控")), ("closed", _("销项")),
    ]  # fmt: skip
    codes = [c for c, _l in order]
    state = "reported" if row.state == State.NO_CONSENT else row.state
    if state not in codes:
        return []
    at = codes.index(state)
    return [
        {"label": label, "state": "done" if n < at or state == "closed" else "now" if n == at else "todo"}
        for n, (_c, label) in enumerate(order)
    ]


def _context(request: HttpRequest, row: Any, acts: Acts) -> dict[str, Any]:
    by, now = actor_of(request), clock.now()
    papers = selectors.papers(row)
    units = directory.units()
    case = None
    if row.case_uuid is not None:
        try:
            case = get_case_for(by, row.case_uuid)
        except DomainError:
            case = None
    words = {code: str(v.label) for code, v in VERBS.items()}
    words |= {"open": _("立案"), "open_papers": _("查看陈述和清单"), "report": _("零报告")}
    return {
        "d": row,
        "place": place_of(row.target),
        "tone": _tone(row, now),
        "steps": _steps(row),
        "standing": selectors.standing_of(row, now),
        "breaches": selectors.breach_words(row),
        "uses": dict(selectors.use_words()),
        "pictures": [p for p in papers if p.kind in {"before", "after"} and p.file is not None and p.file.has_shown],
        "papers": [p for p in papers if p.kind not in {"before", "after"}],
        "units": [units[u].name for u in row.units if u in units],
        "case": case,
        "target_url": reverse("desk:target", args=[row.target.uuid]),
        "record_url": reverse("desk:record", args=[row.submission.uuid]) if row.submission is not None else "",
        "watched": fieldwork.standing(row.watch, now) if row.watch is not None else None,
        "may_papers": permissions.is_officer(by),
        "may_check": _may("check")(by, row),
        "entries": [
            {"title": words.get(s.verb, s.verb), "at": s.at, "who": s.by_label, "text": s.text}
            for s in selectors.steps_of(row)
        ],
        "acts": acts.shown,
        "problem": acts.problem,
        "now": now,
        "nav_here": NAV,
    }


@require_http_methods(["GET", "POST"])
@inside
def rooms(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Enter the rooms of a flat, figures alone; the rules say at once what they mean."""
    by = actor_of(request)
    row = selectors.dossier_for(by, uuid)
    error: DomainError | None = None
    typed = [dict(r) for r in row.rooms]
    if request.method == "POST":
        typed = [_room(request, n) for n in range(ROWS)]
        try:
            services.check_rooms(
                by=by, now=clock.now(), uuid=uuid, rooms=typed, expected=id_of(request.POST.get("version", ""))
            )
        except DomainError as refused:
            if refused.status in {403, 404}:
                raise
            error = refused
        else:
            return HttpResponseRedirect(reverse("desk:housing_one", args=[uuid]))
    lines = [typed[n] if n < len(typed) else {} for n in range(max(ROWS, len(typed)))]
    bad = set(error.fields) if error is not None else set()
    context = {
        "d": row,
        "place": place_of(row.target),
        "lines": [{"n": n, "r": r, "bad": {f.rpartition("_")[0] for f in bad if f.endswith(f"_{n}")}}
                  for n, r in enumerate(lines)],
        "uses": [{"value": v, "label": w} for v, w in selectors.use_words()],
        "problem": problem(error) if error is not None else None,
        "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/housing/rooms.html", context, status=error.status if error is not None else 200)


def _room(request: HttpRequest, n: int) -> dict[str, Any]:
    names = ("room", "use", "area", "persons", "kin", "slept_in", "parts", "beds_let")
    return {name: request.POST.get(f"{name}_{n}", "").strip() for name in names}


@require_POST
@never_cache
@inside
def opened(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Open what owner and tenant said and what belongs to whom; the journal notes who did."""
    by = actor_of(request)
    papers = services.note_opened(by=by, now=clock.now(), uuid=uuid)
    row = selectors.dossier_for(by, uuid)
    context = {"d": row, "place": place_of(row.target), "papers": papers, "nav_here": NAV}
    return render(request, "desk/housing/papers.html", context)


@require_GET
@staff
def file(request: HttpRequest, uuid: UUID, paper: UUID, size: str) -> HttpResponseBase:
    """Send a picture to who reads the dossier; any other paper to law officers alone."""
    by = actor_of(request)
    permissions.check_enter(by)
    found = selectors.paper_for(by, uuid, paper)
    if found.file is None:
        raise NotFoundError(_("没有这个文件。"), code="housing.file")
    if found.kind not in {PaperKind.BEFORE, PaperKind.AFTER}:
        permissions.check_papers(by)
    if size in SIZES and found.file.has_shown:
        return send(stored.serve_shown(found.file.uuid, SIZES[size]), cached=False)
    if size != "original" or found.file.has_shown:
        raise NotFoundError(_("没有这个版本的文件。"), code="housing.file")
    return send(stored.serve_original(found.file.uuid))
