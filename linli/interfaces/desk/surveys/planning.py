"""A survey planned in steps: basics, the draw, the aims; then it is begun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.engines.fieldwork import selectors as fieldwork
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.forms import selectors as forms_read
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, id_of, local, staff, uuid_of
from linli.interfaces.desk.surveys.forms import SIZE, AimsForm, BasicsForm, FrameForm
from linli.interfaces.desk.surveys.listing import NAV
from linli.programmes.surveys import permissions, rules, selectors, services
from linli.programmes.surveys.workflow import OVERSEERS, State

if TYPE_CHECKING:
    from linli.programmes.surveys.models import Survey


def steps(survey: Survey | None, here: int) -> list[dict[str, str]]:
    """Return the steps of planning, the one ``here`` marked."""
    names = [_("基本情况"), _("抽样"), _("目标值"), _("开始")]
    del survey
    return [
        {"label": name, "state": "done" if n < here else "now" if n == here else "todo"} for n, name in enumerate(names)
    ]


def _choices(by: Actor) -> dict[str, list[tuple[Any, Any]]]:
    wide = by.is_system or by.has_role(*OVERSEERS)
    own = {g.unit_id for g in by.grants if g.unit_id is not None}
    today = local(clock.now()).date()
    areas = [(a.id, a.name) for a in directory.areas(today) if a.kind == "neighbourhood"]
    return {
        "form": forms_read.made_for("survey") or forms_read.fillable(),
        "unit": [(u.id, u.name) for u in directory.units().values() if wide or u.id in own],
        "area": [("", _("整个街道")), *areas],
    }


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Plan a survey, or the next wave of one."""
    by = actor_of(request)
    if not permissions.may_begin(by):
        raise ForbiddenError(_("问卷由本单位负责人、本居民区书记或街道开展。"), code="surveys.keep")
    former_uuid = uuid_of(request.GET.get("former", ""))
    former = selectors.survey_for(by, former_uuid) if former_uuid else None
    own = next((g.unit_id for g in by.grants if g.unit_id is not None), None)
    first: dict[str, Any] = {"ways": ["qr"], "unit": own}
    if former is not None:
        first = {
            "title": former.title, "intro": former.intro, "form": former.form.code, "unit": former.unit_id,
            "area": former.area_id or "", "ways": former.ways,
        }  # fmt: skip
    form = BasicsForm(request.POST or None, initial=first, choices=_choices(by))
    status = 200
    if request.method == "POST":
        status = form.attempt(
            lambda: services.plan(by=by, now=clock.now(), data=form.data_of(former.uuid if former else None))
        )
        if not status:
            return redirect("desk:survey_frame", form.made.uuid)
    context = {"form": form, "former": former, "steps": steps(None, 0), "nav_here": NAV}
    return render(request, "desk/surveys/new.html", context, status=status)


def draft(by: Actor, uuid: UUID) -> Survey:
    """Return a draft that this person runs.

    Raises:
        ForbiddenError, NotFoundError.
    """
    found = selectors.survey_for(by, uuid)
    permissions.check_survey(by, found)
    return found


@require_http_methods(["GET", "POST"])
@staff
def frame(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say who is there to be asked, and draw."""
    by = actor_of(request)
    survey = draft(by, uuid)
    if survey.state != State.DRAFT:
        return redirect("desk:survey", uuid)
    kept = survey.frame
    first = {"kind": kept.get("kind", ""), "margin": kept.get("margin", 5), "least": kept.get("least", 30),
             "seed": kept.get("seed", ""), **{SIZE + c: n for c, n in kept.get("sizes", {}).items()}}  # fmt: skip
    kinds = [(k.code, k.name) for k in fieldwork.kinds()]
    form = FrameForm(request.POST or None, initial=first, homes=selectors.homes(survey), kinds=kinds)
    expected = id_of(request.POST.get("version", "")) or survey.version
    status = 200
    if request.method == "POST":
        status = form.attempt(
            lambda: services.set_frame(by=by, now=clock.now(), survey=survey, expected=expected, data=form.data_of())
        )
        if not status:
            total = sum(form.made.frame["drawn"].values())
            messages.success(request, _("已抽样：共 %(count)s 份。") % {"count": total})
            return redirect("desk:survey_aims", uuid)
    context = {"form": form, "survey": survey, "version": expected, "steps": steps(survey, 1), "nav_here": NAV}
    return render(request, "desk/surveys/frame.html", context, status=status)


@require_http_methods(["GET", "POST"])
@staff
def aims(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say what is aimed at."""
    by = actor_of(request)
    survey = draft(by, uuid)
    if survey.state != State.DRAFT:
        return redirect("desk:survey", uuid)
    measured = list(rules.indices(forms_read.whole_form(survey.form.code)))
    form = AimsForm(request.POST or None, initial=survey.aims, measured=measured)
    expected = id_of(request.POST.get("version", "")) or survey.version
    status = 200
    if request.method == "POST":
        status = form.attempt(
            lambda: services.set_aims(by=by, now=clock.now(), survey=survey, expected=expected, aims=form.cleaned_data)
        )
        if not status:
            return redirect("desk:survey", uuid)
    context = {"form": form, "survey": survey, "version": expected, "steps": steps(survey, 2), "nav_here": NAV}
    return render(request, "desk/surveys/aims.html", context, status=status)
