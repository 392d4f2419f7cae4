"""A round is planned: what, whom, where, when, how; how many match is shown before anything is saved."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.permissions import check_plan
from linli.engines.fieldwork.selectors import boards, planning
from linli.engines.fieldwork.workflow import RoundState
from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, ForbiddenError, NotFoundError, StaleError
from linli.interfaces.desk.doors import actor_of, id_of, local, staff
from linli.interfaces.desk.fieldwork.handing import handed
from linli.interfaces.desk.fieldwork.rounds import narrowing
from linli.interfaces.desk.fieldwork.rounds.forms import RoundForm, begun_with, fresh, initial_of
from linli.interfaces.desk.fieldwork.rounds.home import area_names, may_plan_any
from linli.interfaces.desk.fieldwork.rounds.words import options

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Round


def _door(request: HttpRequest) -> None:
    if not may_plan_any(actor_of(request)):
        raise ForbiddenError(
            _("走访检查由本单位、本网格负责人或城运中心安排。"), code="fieldwork.plan", hint=_("请联系他们。")
        )


def match(request: HttpRequest, form: RoundForm, today: date) -> dict[str, Any]:
    """Return how many the typed plan would visit, as far as it can be told."""
    form.is_valid()
    actor, data = actor_of(request), form.cleaned_data
    unit_id = data.get("unit")
    if unit_id is None:
        return {"why": _("先选组织单位，再看有多少对象。")}
    choice = form.choice()
    found = planning.matches(actor, choice, unit_id=unit_id, area_path=form.area_path, on=today)
    if found is None:
        return {"why": _("先选台账；也可能您不能替这个单位、在这个范围安排。")}
    names = area_names(today)
    rows = planning.named(actor, choice) if choice.how.value == "list" else []
    chosen = {str(u) for u in choice.targets}
    return {
        "found": found,
        "strata": [(names.name(s.name, s.name) or _("未注明"), s.size, s.drawn) for s in found.strata[:60]],
        "named": [{"target": t, "chosen": str(t.uuid) in chosen} for t in rows],
        "kept": [t for t in planning.listed(actor, choice) if t.uuid not in {r.uuid for r in rows}],
        "full": len(rows) >= planning.MOST_NAMED,
    }


def _strata(kind: str) -> list[dict[str, Any]]:
    """Return over what a draw can be spread: the area, the tags, each choice that the ledger's form asks for."""
    found = [("area", _("居民区、网格")), ("tags", _("标签"))]
    if kind:
        try:
            asked = selectors.questions_of(selectors.kind(kind))
            found += [
                (q.code, q.label.get("zh-hans", q.code))
                for q in asked.questions
                if q.type.value in {"choice", "yes_no"} and not q.personal
            ]
        except NotFoundError:
            pass
    return options(_("不分层"), found)


def _page(request: HttpRequest, form: RoundForm, *, round_: Round | None = None, status: int = 200) -> HttpResponse:
    today = local(clock.now()).date()
    shown = form if form.is_bound else RoundForm(_typed(form), today=today)
    look = match(request, shown, today)
    kind = form["kind"].value() or ""
    context = {
        "form": form,
        "f": {drawn["name"]: drawn for drawn in form.drawn},
        "round": round_,
        "look": look,
        "chosen": shown["targets"].value() or [],
        "narrowed": narrowing.in_words(actor_of(request), shown.choice().filter),
        "strata": _strata(str(kind)),
        "nav_here": "fieldwork",
    }
    return render(request, "desk/rounds/plan.html", context, status=status)


def _typed(form: RoundForm) -> Any:
    """Return what a form that nobody has sent begins with, as if it had been sent."""
    data = QueryDict(mutable=True)
    for name, value in form.initial.items():
        if isinstance(value, (list, tuple)):
            data.setlist(name, [str(v) for v in value])
        elif value not in (None, "", False):
            data[name] = str(value)
    return data


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Plan a round; with ``act=look`` show how many match and keep what was typed."""
    _door(request)
    actor, now = actor_of(request), clock.now()
    today = local(now).date()
    if request.method == "GET":
        choice = handed(request) if request.GET.get("choice") == "saved" else None
        initial = begun_with(choice, today) if choice is not None else fresh(today, request.GET.dict())
        return _page(request, RoundForm(initial=initial, today=today))
    form = RoundForm(request.POST, today=today)
    if request.POST.get("act") == "look":
        return _page(request, form)
    status = form.attempt(
        lambda: services.plan_round(by=actor, now=now, data=form.round_data()), through=(ForbiddenError,)
    )
    if status:
        return _page(request, form, status=status)
    messages.success(request, _("已保存。核对无误后点“开始”，走访任务随即生成。"))
    return HttpResponseRedirect(reverse("desk:round", args=[form.made.uuid]))


@require_http_methods(["GET", "POST"])
@staff
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a round that is not opened yet."""
    actor, now = actor_of(request), clock.now()
    today = local(now).date()
    round_ = selectors.round_for(actor, uuid)
    check_plan(actor, round_.unit_id, round_.area_path)
    if round_.state != RoundState.DRAFT:
        raise ConflictError(_("已经开始，不能再改。"), code="fieldwork.round_state", hint=_("可以取消后重新安排。"))
    if request.method == "GET":
        joining = [j.unit_id for j in boards.joining(round_)]
        return _page(request, RoundForm(initial=initial_of(round_, joining), today=today), round_=round_)
    form = RoundForm(request.POST, today=today)
    if request.POST.get("act") == "look":
        return _page(request, form, round_=round_)
    expected = id_of(request.POST.get("version", "")) or 0
    status = form.attempt(
        lambda: services.change_round(by=actor, now=now, uuid=uuid, data=form.round_data(), expected=expected),
        through=(ForbiddenError,),
    )
    if status:
        if isinstance(form.refused, StaleError):
            round_.refresh_from_db()
        return _page(request, form, round_=round_, status=status)
    messages.success(request, _("已保存。"))
    return HttpResponseRedirect(reverse("desk:round", args=[uuid]))


@require_POST
@staff
def look(request: HttpRequest) -> HttpResponse:
    """Return how many targets the typed plan would visit, while it is typed."""
    _door(request)
    today = local(clock.now()).date()
    form = RoundForm(request.POST, today=today)
    return render(request, "desk/rounds/_look.html", {"look": match(request, form, today), "form": form})
