"""One round: its board with what was done, found and is late; opened, closed, dropped; its visits; its draw."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.permissions import may_plan
from linli.engines.fieldwork.rules.choosing import choice_of
from linli.engines.fieldwork.selectors import boards, planning
from linli.engines.fieldwork.types import How
from linli.engines.fieldwork.workflow import RoundState, VisitState
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.core.paging import Page
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, day_of, id_of, local, problem, staff
from linli.interfaces.desk.fieldwork.rounds import charts, narrowing
from linli.interfaces.desk.fieldwork.rounds.forms import HOWS, RHYTHMS, CloseForm, DropForm
from linli.interfaces.desk.fieldwork.rounds.home import AreaNames, area_names, row_of, visit_row
from linli.interfaces.desk.fieldwork.rounds.origins import origin_of
from linli.interfaces.desk.fieldwork.rounds.words import options
from linli.interfaces.web.forms import DomainForm

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Round, Visit


def head(request: HttpRequest, round_: Round, here: str) -> dict[str, Any]:
    """Return what stands at the head of every page of a round."""
    actor, today = actor_of(request), local(clock.now()).date()
    leads = may_plan(actor, round_.unit_id, round_.area_path)
    tabs = [
        ("board", _("总览"), "desk:round"),
        ("visits", _("走访清单"), "desk:round_visits"),
        *([("assign", _("安排人员"), "desk:round_assign")] if leads and round_.state == RoundState.OPEN else []),
        ("calendar", _("日历"), "desk:round_calendar"),
        *([("draw", _("抽样记录"), "desk:round_draw")] if round_.choice.get("how") == "draw" else []),
    ]
    return {
        "round": round_,
        "row": row_of(round_, today),
        "leads": leads,
        "tabs": [
            {"label": label, "url": reverse(name, args=[round_.uuid]), "current": code == here, "count": None}
            for code, label, name in tabs
        ],
        "today": today,
        "origin": origin_of(request, round_),
        "nav_here": "fieldwork",
    }


def plan_words(by: Actor, round_: Round, today: date) -> list[tuple[str, str]]:
    """Return how a round was planned, as label and words."""
    choice = choice_of(round_.choice)
    found = [(_("选法"), str(dict(HOWS)[choice.how.value]))]
    where = choice.filter
    narrowed: list[str] = [words for _part, words in narrowing.in_words(by, where)]
    narrowed += [where.tag and f"#{where.tag}", where.text, directory.unit_name(where.unit_id)]
    if any(narrowed) and choice.how is not How.LIST:
        found.append((_("条件"), "，".join(n for n in narrowed if n)))
    rhythm = round_.rhythm
    when = str(dict(RHYTHMS)[rhythm.get("unit", "once")])
    if rhythm.get("every", 1) > 1:
        when += "（" + _("间隔 %(n)s") % {"n": rhythm["every"]} + "）"
    if rhythm.get("days"):
        when += "：" + "、".join(rhythm["days"])
    found.append((_("多久一次"), when))
    if windows := rhythm.get("windows"):
        spans = sorted({(b, e) for _d, b, e in windows})
        weekdays = sorted({d for d, _b, _e in windows})
        clock_words = "、".join(f"{b // 60:02}:{b % 60:02}–{e // 60:02}:{e % 60:02}" for b, e in spans)
        found.append((_("重点时段"), _("周") + "".join("一二三四五六日"[d - 1] for d in weekdays) + " " + clock_words))
    if round_.form_version is not None:
        version = _("第 %(n)s 版（已固定）") % {"n": round_.form_version.number}
        found.append((_("表单版本"), version))
    del today
    return found


def _named(parts: list[boards.Part], names: dict[str, str], other: str) -> list[dict[str, Any]]:
    rows = [{"part": p, "name": names.get(p.key, other)} for p in parts]
    return sorted(rows, key=lambda r: (-r["part"].planned, r["name"]))


def _by_area(parts: list[boards.Part], names: AreaNames) -> list[dict[str, Any]]:
    """Return the parts by the areas that people know: what lies in a small one counts in the one around it."""
    found: dict[str, list[int]] = {}
    for part in parts:
        counts = found.setdefault(names.path_of(part.key), [0, 0, 0])
        for n, value in enumerate((part.planned, part.done, part.unreached)):
            counts[n] += value
    return _named([boards.Part(key, *n) for key, n in found.items()], names, _("未划区域"))


def board_of(request: HttpRequest, round_: Round) -> dict[str, Any]:
    """Return everything that stands on the board of a round, every figure with the rows it opens."""
    actor, today = actor_of(request), local(clock.now()).date()
    occasion = day_of(request.GET.get("occasion", ""))
    parts = boards.parts(actor, round_, occasion=occasion)
    units = {str(u.id): u.name for u in directory.units().values()}
    days = boards.days(round_)
    found = boards.items(round_)
    late, late_count = boards.late(actor, round_, today) if round_.state == RoundState.OPEN else ([], 0)
    names = area_names(today)
    earned = boards.marks(round_)
    return {
        "areas": _by_area(parts["area"], names),
        "units": _named(parts["unit"], units, str(round_.unit)),
        "occasions": parts["occasion"] if len(parts["occasion"]) > 1 or occasion else [],
        "occasion": occasion,
        "pace": charts.pace(round_.planned, days, round_.starts_on, round_.ends_on, today),
        "days": days,
        "items": found,
        "most": max((i.found for i in found), default=0),
        "findings": {
            "found": sum(i.found for i in found), "spot": sum(i.spot for i in found),
            "in_work": sum(i.in_work for i in found), "closed": sum(i.closed for i in found),
            "again": sum(i.again for i in found),
        },
        "marks": earned,
        "full_percent": 100 * earned.full // earned.count if earned.count else None,
        "late": [visit_row(v, today, names) for v in late],
        "late_count": late_count,
        "doors": [visit_row(v, today, names) for v in boards.closed_doors(actor, round_)],
        "pairs": boards.pairs(actor, round_),
        "records": boards.of_round(actor, round_),
        "joining": boards.joining(round_),
        "plan": plan_words(actor_of(request), round_, today),
    }  # fmt: skip


def round_page(
    request: HttpRequest, round_: Round, *, form: DomainForm | None = None, act: str = "", error: Any = None,
) -> HttpResponse:  # fmt: skip
    """Show the board, with the form that was refused still open."""
    status = error.status if error is not None else 422 if form is not None else 200
    context = {
        **head(request, round_, "board"),
        **(board_of(request, round_) if round_.state != RoundState.DRAFT else _draft(request, round_)),
        "close_form": form if act == "close" else CloseForm(),
        "drop_form": form if act == "drop" else DropForm(),
        "act": act,
        "problem": problem(error) if error is not None else None,
    }
    return render(request, "desk/rounds/round.html", context, status=status)


def _draft(request: HttpRequest, round_: Round) -> dict[str, Any]:
    actor, today = actor_of(request), local(clock.now()).date()
    choice = choice_of(round_.choice)
    look = planning.matches(actor, choice, unit_id=round_.unit_id, area_path=round_.area_path, on=today)
    return {"look": look, "plan": plan_words(actor, round_, today), "joining": boards.joining(round_)}


@require_GET
@staff
def round_view(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one round as a board."""
    return round_page(request, selectors.round_for(actor_of(request), uuid))


@require_GET
@staff
def board_print(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the board as a sheet of A4, or large for a screen on the wall (``?wall``)."""
    round_ = selectors.round_for(actor_of(request), uuid)
    context = {**head(request, round_, "board"), **board_of(request, round_), "now": clock.now()}
    return render(
        request, "desk/rounds/board_wall.html" if "wall" in request.GET else "desk/rounds/board_print.html", context
    )


@require_POST
@staff
def step(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Open, close or drop a round."""
    actor, now = actor_of(request), clock.now()
    round_ = selectors.round_for(actor, uuid)
    act, expected = request.POST.get("act", ""), id_of(request.POST.get("version", "")) or 0
    forms: dict[str, type[DomainForm]] = {"open": DomainForm, "close": CloseForm, "drop": DropForm}
    if act not in forms:
        return HttpResponseRedirect(reverse("desk:round", args=[uuid]))
    form = forms[act](request.POST)
    does = {
        "open": lambda: services.open_round(by=actor, now=now, uuid=uuid, expected=expected),
        "close": lambda: services.close_round(by=actor, now=now, uuid=uuid, expected=expected, **form.cleaned_data),
        "drop": lambda: services.drop_round(by=actor, now=now, uuid=uuid, expected=expected, **form.cleaned_data),
    }
    if form.attempt(does[act], through=(ForbiddenError,)):
        round_ = selectors.round_for(actor, uuid)
        return round_page(request, round_, form=form, act=act, error=form.refused)
    round_ = selectors.round_for(actor, uuid)
    words = {
        "open": _("已开始，生成 %(n)s 次走访。接下来安排人员。") % {"n": round_.planned},
        "close": _("已办结。"),
        "drop": _("已取消。"),
    }
    messages.success(request, words[act])
    return HttpResponseRedirect(reverse("desk:round", args=[uuid]))


def state_labels() -> dict[str, Any]:
    """Return how the visits of a round are narrowed by state, in words."""
    return {**dict(VisitState.choices), "nobody": _("未安排人员")}


def _area(request: HttpRequest) -> Any:
    areas, data = directory.areas(local(clock.now()).date()), request.GET
    return next((a for a in areas if str(a.id) == data.get("area", "") or a.path == data.get("path", "-")), None)


def visits_of(request: HttpRequest, round_: Round, cursor: str, size: int) -> Page[Visit]:
    """Return a page of the visits of a round that are asked for."""
    data, area = request.GET, _area(request)
    state = data.get("state", "")
    return selectors.visits(
        actor_of(request), round_, states=(state,) if state in VisitState.values else (), nobody=state == "nobody",
        user_id=id_of(data.get("user", "")), area_path=area.path if area else "",
        occasion=day_of(data.get("occasion", "")), cursor=cursor, size=size,
    )  # fmt: skip


@require_GET
@staff
def visits(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the visits of a round, narrowed by state, area, person and occasion."""
    data, today = request.GET, local(clock.now()).date()
    round_ = selectors.round_for(actor_of(request), uuid)
    area = _area(request)
    page = visits_of(request, round_, data.get("cursor", "")[:300], 50)
    names = area_names(today)
    asked = {k: v for k in ("state", "area", "path", "user", "occasion") if (v := data.get(k, ""))}
    context = {
        **head(request, round_, "visits"),
        "page": page,
        "rows": [visit_row(v, today, names) for v in page.rows],
        "base": "?" + urlencode(asked) + "&",
        "asked": {**asked, "area": area.id if area else ""},
        "narrowed": bool(asked),
        "states": options(_("全部状态"), state_labels().items()),
        "area_options": options(_("全部区域"), ((a.id, a.name) for a in directory.areas(today) if a.depth)),
        "export": "" if selectors.is_guarded(round_) else "round_visits",
        "fixed": f"round={round_.uuid}",
    }
    return render(request, "desk/rounds/visits.html", context)


@require_GET
@staff
def draw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show by which lots the targets were drawn, so that anybody can draw them again."""
    round_ = selectors.round_for(actor_of(request), uuid)
    names = area_names(local(clock.now()).date())
    found = planning.draws(round_)
    context = {
        **head(request, round_, "draw"),
        "draws": [
            {"draw": d, "strata": [(names.name(s.name, s.name) or _("未注明"), s.size, s.drawn) for s in d.strata]}
            for d in found
        ],
        "choice": choice_of(round_.choice),
    }
    return render(request, "desk/rounds/draw.html", context)
