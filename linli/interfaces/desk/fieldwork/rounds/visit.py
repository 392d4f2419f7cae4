"""One visit: whose it is, what came of each knock, the records; taken, given back, dropped."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.permissions import goes, may_make, may_plan
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.workflow import VISIT_OPEN, RoundState
from linli.foundation.core import clock
from linli.foundation.core.errors import ForbiddenError
from linli.interfaces.desk.doors import actor_of, id_of, local, problem, staff
from linli.interfaces.desk.fieldwork.rounds.home import area_names, visit_row
from linli.interfaces.desk.fieldwork.rounds.words import RECORD_TONES, outcomes
from linli.interfaces.web.forms import DomainForm

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Visit


class ReasonForm(DomainForm):
    """A visit is given back or dropped."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=300)


class DropForm(ReasonForm):
    """A visit is dropped; of a draw the next of the lot may stand in."""

    stand_in = forms.ChoiceField(
        label=gettext_lazy("替补"), widget=forms.RadioSelect, initial="next",
        choices=[
            ("next", gettext_lazy("由抽样次序的下一个对象替补")), ("", gettext_lazy("不补，样本少一个")),
        ], required=False,
        help_text=gettext_lazy("次序由种子定下，不由人挑选；替补写入抽样记录。"),
    )  # fmt: skip

    def __init__(self, *args: Any, drawn: bool = False, **kwargs: Any) -> None:
        """Ask for somebody to stand in where lots were drawn."""
        super().__init__(*args, **kwargs)
        if not drawn:
            del self.fields["stand_in"]


class KnockForm(DomainForm):
    """A knock that led to no visit."""

    outcome = forms.ChoiceField(label=gettext_lazy("情况"))
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what may come of a knock."""
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = list(outcomes().items())  # type: ignore[attr-defined]


def visit_page(request: HttpRequest, uuid: UUID, *, form: DomainForm | None = None, act: str = "") -> HttpResponse:
    """Show one visit, with the form that was refused."""
    actor, today = actor_of(request), local(clock.now()).date()
    found = selectors.visit_for(actor, uuid)
    open_ = found.state in VISIT_OPEN and found.round.state == RoundState.OPEN
    error = form.refused if form is not None else None
    words = outcomes()
    context = {
        **visit_row(found, today, area_names(today)),
        "attempts": [(a, words.get(a.outcome, a.outcome)) for a in found.attempts.order_by("-id")],
        "records": [
            {"record": r, "tone": RECORD_TONES[r.state]}
            for r in doors.visible(actor).filter(visit=found).select_related("form").order_by("id")
        ],
        "rechecks": list(found.rechecks.all()),
        "target_url": reverse("desk:target", args=[found.target.uuid]),
        "fill": reverse("desk:visit_fill", args=[uuid]) if open_ and may_make(actor, found) else "",
        "may_take": open_ and found.user_id is None and may_make(actor, found),
        "may_back": open_ and goes(actor, found),
        "may_knock": open_ and may_make(actor, found),
        "may_drop": open_ and may_plan(actor, found.round.unit_id, found.round.area_path),
        "back_form": form if act == "back" else ReasonForm(),
        "drop_form": form if act == "drop" else DropForm(drawn=_drawn(found)),
        "knock_form": form if act == "knock" else KnockForm(),
        "act": act,
        "problem": problem(error) if error is not None else None,
        "nav_here": "fieldwork",
        "now": clock.now(),
    }
    status = 200 if form is None else (error.status if error is not None else 422)
    return render(request, "desk/rounds/visit.html", context, status=status)


@require_GET
@staff
def visit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one visit."""
    return visit_page(request, uuid)


def _drawn(visit: Visit) -> bool:
    return visit.occasion.isoformat() in visit.round.draw


def _drop(common: dict[str, Any], expected: int, said: dict[str, Any]) -> Visit | None:
    """Drop a visit; return who stands in."""
    if said.pop("stand_in", ""):
        return services.replace_visit(**common, expected=expected, **said)
    services.drop_visit(**common, expected=expected, **said)
    return None


@require_POST
@staff
def step(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a visit, give it back, enter a knock, or drop it."""
    actor, now = actor_of(request), clock.now()
    found = selectors.visit_for(actor, uuid)
    act, expected = request.POST.get("act", ""), id_of(request.POST.get("version", "")) or 0
    kinds: dict[str, Callable[..., DomainForm]] = {
        "take": DomainForm, "back": ReasonForm, "drop": partial(DropForm, drawn=_drawn(found)), "knock": KnockForm,
    }  # fmt: skip
    if act not in kinds:
        return HttpResponseRedirect(reverse("desk:visit", args=[uuid]))
    form = kinds[act](request.POST)
    common: dict[str, Any] = {"by": actor, "now": now, "uuid": uuid}
    does = {
        "take": lambda: services.take_visit(**common, expected=expected),
        "back": lambda: services.hand_back(**common, expected=expected, **form.cleaned_data),
        "drop": lambda: _drop(common, expected, dict(form.cleaned_data)),
        "knock": lambda: services.attempt(**common, **form.cleaned_data),
    }
    if form.attempt(does[act], through=(ForbiddenError,)):
        return visit_page(request, uuid, form=form, act=act)
    if act == "drop" and form.made is not None:
        messages.success(request, _("已取消，由“%(name)s”替补，请安排人员。") % {"name": form.made.target.name})
        return HttpResponseRedirect(reverse("desk:visit", args=[form.made.uuid]))
    words = {
        "take": _("已由您承担。"),
        "back": _("已退回，等待重新安排。"),
        "drop": _("已取消这次走访。"),
        "knock": _("已登记。"),
    }
    messages.success(request, words[act])
    return HttpResponseRedirect(reverse("desk:my_visits") if act == "back" else reverse("desk:visit", args=[uuid]))
