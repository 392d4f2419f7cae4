"""One survey: as a draft what is still to do, while it runs how many answered, afterwards what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.engines.fieldwork import selectors as fieldwork
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, InvalidError
from linli.interfaces.desk.doors import actor_of, id_of, staff
from linli.interfaces.desk.surveys.listing import NAV, STATUS
from linli.interfaces.desk.surveys.planning import steps
from linli.interfaces.web.surveys import report
from linli.programmes.surveys import permissions, selectors, services
from linli.programmes.surveys.workflow import State, Way

if TYPE_CHECKING:
    from linli.programmes.surveys.models import Survey


def _counted(survey: Survey) -> dict[str, Any]:
    """Return how many answered so far, by 居民区 and way; which answers, only when it has ended."""
    by_area, drawn = dict(selectors.by_area(survey)), survey.frame.get("drawn", {})
    ways = dict(selectors.by_way(survey))
    rows = [
        {"name": a.name, "count": by_area.get(a.code, 0), "drawn": drawn.get(a.code, 0)}
        for a in selectors.homes(survey)
        if not drawn or a.code in drawn or a.code in by_area
    ]
    return {
        "areas": rows, "unnamed": by_area.get("", 0), "total": sum(by_area.values()),
        "ways": [{"label": Way(w).label, "count": ways.get(w, 0)} for w in survey.ways],
    }  # fmt: skip


@require_GET
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a survey."""
    by = actor_of(request)
    survey = selectors.survey_for(by, uuid)
    drawn = survey.frame.get("drawn", {})
    context: dict[str, Any] = {
        "survey": survey, "mark": STATUS[State(survey.state)], "may_keep": permissions.may_keep(
            by, survey.unit_id, survey.area_path
        ),
        "ways": [Way(w).label for w in survey.ways], "drawn": sum(drawn.values()), "nav_here": NAV,
        "doors": sum(len(found) for found in survey.frame.get("doors", {}).values()),
        "series": [s for s in selectors.series_page(by, survey) if s.pk != survey.pk],
        "takes_tokens": Way.TOKEN in survey.ways,
    }  # fmt: skip
    if survey.state == State.DRAFT:
        context |= {"steps": steps(survey, 3), "aims": _aims(survey)}
    elif survey.state == State.OPEN:
        context |= {"counted": _counted(survey), "link": _link(request, survey)}
    elif survey.state == State.CLOSED:
        context |= report(survey, screen=True)
    return render(request, "desk/surveys/one.html", context)


def _aims(survey: Survey) -> list[tuple[str, int]]:
    return [(selectors.index_label(name), n) for name, n in survey.aims.items()]


def _link(request: HttpRequest, survey: Survey) -> str:
    return request.build_absolute_uri(reverse("portal:survey", args=[survey.code]))


@require_POST
@staff
def act(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Begin, end or give up a survey."""
    by, now = actor_of(request), clock.now()
    survey = selectors.survey_for(by, uuid)
    expected = id_of(request.POST.get("version", "")) or 0
    acts = {
        "open": lambda: services.open_survey(by=by, now=now, survey=survey, expected=expected),
        "close": lambda: services.close_survey(by=by, now=now, survey=survey),
        "drop": lambda: services.drop_survey(by=by, now=now, survey=survey, expected=expected),
        "release": lambda: services.release(by=by, now=now, survey=survey, expected=expected),
        "take_back": lambda: services.release(by=by, now=now, survey=survey, expected=expected, shown=False),
    }
    done = {
        "open": _("问卷已开始。"), "close": _("问卷已结束，结果如下。"), "drop": _("问卷已取消。"),
        "release": _("结果已向居民公布。"), "take_back": _("结果已从居民页面撤下。"),
    }  # fmt: skip
    name = request.POST.get("act", "")
    permissions.check_survey(by, survey)
    if name not in acts:
        raise InvalidError(_("没有这个操作。"), code="surveys.act")
    try:
        acts[name]()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done[name])
    return redirect("desk:survey", uuid)


@require_GET
@staff
def doors(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """List the doors drawn, as far as this person may read the ledger: of households only those of the own grid."""
    by = actor_of(request)
    survey = selectors.survey_for(by, uuid)
    wanted = {u for found in survey.frame.get("doors", {}).values() for u in found}
    kind = survey.frame.get("kind", "")
    rows = []
    if kind and wanted:
        readable = fieldwork.of_kinds(by, [kind]).filter(uuid__in=list(wanted))
        rows = list(readable.select_related("area").defer("area__geometry", "area__wkb").order_by("sort_key")[:2_000])
    context = {"survey": survey, "rows": rows, "total": len(wanted), "nav_here": NAV}
    return render(request, "desk/surveys/doors.html", context)
