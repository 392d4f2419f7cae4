"""What was found: the list, and one finding with its whole chain on one page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.workflow import Level
from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.selectors import boards
from linli.engines.fieldwork.selectors.boards import FindingFilter
from linli.engines.fieldwork.workflow import FindingState
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import ForbiddenError, NotFoundError
from linli.foundation.core.paging import Page
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, id_of, local, problem, staff, uuid_of
from linli.interfaces.desk.fieldwork.records import presenting
from linli.interfaces.desk.fieldwork.rounds.home import area_names
from linli.interfaces.desk.fieldwork.rounds.words import FINDING_TONES, options, places
from linli.interfaces.web.forms import DomainForm

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Finding

_ASKED = ("q", "round", "item", "area")


class CaseForm(DomainForm):
    """A finding becomes a case."""

    category = forms.ChoiceField(label=gettext_lazy("案件分类"))
    level = forms.ChoiceField(label=gettext_lazy("层级"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the categories in use."""
        super().__init__(*args, **kwargs)
        found = [(c.spec.code, c.spec.name) for c in catalogue.categories() if c.leaf]
        self.fields["category"].choices = [(o["value"], o["label"]) for o in options(_("请选择分类"), found)]  # type: ignore[attr-defined]
        self.fields["level"].choices = [("", _("按分类")), *Level.choices]  # type: ignore[attr-defined]


class ErrorForm(DomainForm):
    """A finding was made in error."""

    reason = forms.CharField(label=gettext_lazy("误报的原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


def box_labels() -> dict[str, str]:
    """Return what the boxes of findings are called."""
    return {
        "open": _("未销项"), "undecided": _("待定"), "recheck": _("待复核"), "again": _("反弹"), "over": _("已销项"),
        "all": _("全部"),
    }  # fmt: skip


def filters_of(request: HttpRequest) -> FindingFilter:
    """Return what the address narrows the findings to."""
    today, data = local(clock.now()).date(), request.GET
    box = data.get("box", "open")
    box = box if box in {*boards.BOXES, "all"} else "open"
    area = next((a for a in directory.areas(today) if a.id == id_of(data.get("area", "")) and a.depth), None)
    return FindingFilter(
        box=box, round=uuid_of(data.get("round", "")), item=data.get("item", "").replace("\0", "")[:200],
        area_path=area.path if area else "", text=data.get("q", "").replace("\0", "")[:60],
    )  # fmt: skip


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Finding]:
    """Return a page of the findings that the address asks for."""
    return boards.findings(actor_of(request), filters_of(request), cursor=cursor, size=size)


@require_GET
@staff
def findings(request: HttpRequest) -> HttpResponse:
    """Show what was found, by box, round, item, area and words."""
    actor, today, data, filters = actor_of(request), local(clock.now()).date(), request.GET, filters_of(request)
    box = filters.box
    page = page_of(request, data.get("cursor", "")[:300])
    counts = boards.finding_counts(actor, replace(filters, box="all"))
    asked = {k: v for k in _ASKED if (v := data.get(k, ""))}
    labels = box_labels()
    names = area_names(today)
    context = {
        "page": page,
        "rows": [{"finding": f, "tone": FINDING_TONES[f.state], "area": names.name(f.area_path)} for f in page.rows],
        "boxes": [
            {
                "label": label, "url": "?" + urlencode({"box": code, **asked}), "current": code == box,
                "count": counts.get(code),
            }
            for code, label in labels.items()
        ],
        "box": box,
        "asked": {k: data.get(k, "") for k in _ASKED},
        "base": "?" + urlencode({"box": box, **asked}) + "&",
        "narrowed": bool(asked),
        "areas": options(_("全部区域"), ((a.id, a.name) for a in directory.areas(today) if a.depth)),
        "places": places("findings"),
        "nav_here": "fieldwork",
    }  # fmt: skip
    return render(request, "desk/records/findings.html", context)


def _case(request: HttpRequest, found: Finding) -> dict[str, Any]:
    """Return the case of a finding as this reader may see it: its state to all who see the finding."""
    if found.case_uuid is None:
        return {}
    case = get_case_for(SYSTEM, found.case_uuid)
    try:
        get_case_for(actor_of(request), found.case_uuid)
        url = reverse("desk:case", args=[case.number])
    except (NotFoundError, ForbiddenError):
        url = ""
    return {"number": case.number, "state": case.get_state_display(), "url": url, "due": case.due_at, "case": case}


def finding_page(request: HttpRequest, uuid: UUID, *, form: DomainForm | None = None, act: str = "") -> HttpResponse:
    """Show one finding's chain, with the form that was refused."""
    actor = actor_of(request)
    found = doors.get_finding_for(actor, uuid)
    chain = next(f for f in selectors.chain(actor, found.submission.uuid).findings if f.finding.pk == found.pk)
    may = doors.may_judge(actor, found.submission)
    own = found.submission.user_id == actor.user_id
    error = form.refused if form is not None else None
    rechecked = chain.rechecked
    after = _after(actor, found)
    context = {
        "finding": found,
        "tone": FINDING_TONES[found.state],
        "record": found.submission,
        "name": found.target.name if found.target is not None else presenting.name_of(found.submission),
        "target_url": reverse("desk:target", args=[found.target.uuid]) if found.target is not None else "",
        "photos": presenting.finding_photos(found),
        "after": after,
        "rechecked": rechecked,
        "case": _case(request, found),
        "entries": [
            {"title": _event(s.verb), "at": s.at, "who": s.by, "text": s.text, "photos": []}
            for s in reversed(chain.steps)
        ],
        "again": list(found.relapses.order_by("id")),
        "may_case": may and found.state == FindingState.FOUND,
        "may_drop": may and not own and found.state in ("found", "case", "rectifying", "rectified", "returned"),
        "case_form": form if act == "case" else CaseForm(initial={"category": found.category, "level": found.level}),
        "drop_form": form if act == "drop" else ErrorForm(),
        "act": act,
        "problem": problem(error) if error is not None else None,
        "scored": found.submission.marks is not None,
        "nav_here": "fieldwork",
        "now": clock.now(),
    }
    status = 200 if form is None else (error.status if error is not None else 422)
    return render(request, "desk/records/finding.html", context, status=status)


def _after(actor: Any, found: Finding) -> list[dict[str, Any]]:
    """Return the pictures of the record that looked again, at the same item or beside it."""
    if found.rechecked is None or not doors.visible(actor).filter(pk=found.rechecked.pk).exists():
        return []
    group = found.item.rpartition("/")[0]
    paths = [f.path for f in found.rechecked.files.all() if f.path.rpartition("/")[0] == group]
    named = [p for name in ("seen", "before", "after") for p in found.pictures.get(name, ())]
    wanted = [p for p in named if p in paths] or paths
    return presenting.pictures_of(found.rechecked, {"after": wanted})["after"]


def _event(verb: str) -> str:
    words = {
        **{value: str(label) for value, label in FindingState.choices},
        "seen_again": _("再次看到"),
        "passed": _("再次查看合格"),
        "corrected": _("更正说明"),
        "reopened": _("案件重新办理"),
        "not_reopened": _("案件未能重新办理"),
        "new_case": _("另行立案"),
        "merged": _("案件已合并"),
    }
    return words.get(verb, verb)


@require_GET
@staff
def finding(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one finding: what was found, the case, what was done, the look again, the score."""
    return finding_page(request, uuid)


@require_POST
@staff
def finding_step(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Make a case of a finding, or say that it was found in error."""
    actor, now = actor_of(request), clock.now()
    found = doors.get_finding_for(actor, uuid)
    act, expected = request.POST.get("act", ""), id_of(request.POST.get("version", ""))
    kinds: dict[str, type[DomainForm]] = {"case": CaseForm, "drop": ErrorForm}
    if act not in kinds:
        return HttpResponseRedirect(reverse("desk:finding", args=[uuid]))
    form = kinds[act](request.POST)
    common: dict[str, Any] = {"by": actor, "now": now, "finding": found, "expected": expected}
    does = {
        "case": lambda: services.make_case(**common, **form.cleaned_data),
        "drop": lambda: services.drop_finding(**common, **form.cleaned_data),
    }
    if form.attempt(does[act], through=(ForbiddenError,)):
        return finding_page(request, uuid, form=form, act=act)
    messages.success(request, _("已立案，转入案件办理。") if act == "case" else _("已认定误报。"))
    return HttpResponseRedirect(reverse("desk:finding", args=[uuid]))
