"""Suggestion of categories: the version in use, how it did month by month, trying it, going back to another."""

from __future__ import annotations

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

from linli.engines.judgement.selectors import category as selectors
from linli.engines.judgement.services import category as services
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.journal import selectors as journal
from linli.interfaces.console.doors import actor_of, for_changers, for_readers, may_change
from linli.interfaces.console.words import drawn, take
from linli.interfaces.web.forms import DomainForm

if TYPE_CHECKING:
    from linli.engines.judgement.models.category import CategoryModel

MANY = 10
# From here on the mix of categories is commonly called moved a little, and clearly another.
MOVED, ANOTHER = 0.1, 0.25
KINDS = {"live": "done", "kept": "idle", "lost": "idle"}


class ReasonForm(DomainForm):
    """Why another version is to be used."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=300)


def percent(value: float | None) -> str:
    """Return a share in words of the page; a dash where there is none."""
    return "—" if value is None else f"{100 * value:.1f}%"


def _told(report: dict[str, Any]) -> dict[str, str]:
    """Return the figures of a report as the page shows them; dashes where nothing was held out."""
    if not report.get("count"):
        return {"count": "0", **dict.fromkeys(("macro_f1", "accuracy", "error", "coverage", "precision"), "—")}
    shares = {name: percent(report[name]) for name in ("accuracy", "coverage", "precision")}
    return {"count": str(report["count"]), "macro_f1": f"{report['macro_f1']:.3f}",
            "error": f"{report['error']:.3f}", **shares}  # fmt: skip


def _wrong(report: dict[str, Any], most: int) -> list[dict[str, Any]]:
    pairs = report.get("wrong", [])[:most]
    names = selectors.label_names({code for true, said, _n in pairs for code in (true, said)})
    return [{"true": names[t], "said": names[s] or _("（没有建议）"), "count": n} for t, s, n in pairs]


def _drift(value: float) -> dict[str, str]:
    if value >= ANOTHER:
        return {"kind": "late", "text": _("明显不同")}
    return {"kind": "near", "text": _("有些不同")} if value >= MOVED else {"kind": "done", "text": _("相近")}


def _months(row: CategoryModel | None) -> list[dict[str, Any]]:
    found = selectors.months(row) if row is not None else []
    return [{"month": m.month, "told": _told(m.report), "drift": _drift(m.drift)} for m in found]


def _tried(text: str) -> dict[str, Any] | None:
    if not text.strip():
        return None
    found = selectors.suggest(text, now=clock.now())
    return {
        "chosen": found.chosen.spec.name if found.chosen else "",
        "guesses": [
            {"name": g.node.spec.name, "group": g.node.group, "likely": percent(g.probability), "words": g.words}
            for g in found.guesses
        ],
    }


def _list(request: HttpRequest, *, form: ReasonForm | None = None, status: int = 200) -> HttpResponse:
    by, text = actor_of(request), request.GET.get("text", "")[:2_000]
    row = selectors.in_use(by)
    page = selectors.versions(by, cursor=request.GET.get("cursor", ""))
    months = _months(row)
    context = {
        "nav_here": "console",
        "row": row,
        "told": _told(row.report) if row else None,
        "before": _told(row.rival) if row else None,
        "months": months,
        "wrong": _wrong(selectors.months(row, 1)[0].report if months and row else row.report, MANY) if row else [],
        "bar": percent(selectors.threshold(clock.now())),
        "text": text,
        "tried": _tried(text),
        "page": page,
        "rows": [
            {"row": v, "kind": KINDS[v.standing], "told": _told(v.report), "before": _told(v.rival)} for v in page.rows
        ],
        "form": form or ReasonForm(),
        "reason": drawn(form or ReasonForm()),
        "may_change": may_change(request),
        "now": clock.now(),
    }
    return render(request, "console/judging/list.html", context, status=status)


@require_GET
@for_readers
def listing(request: HttpRequest) -> HttpResponse:
    """Show the version in use with its months, all versions, and what a text typed here suggests."""
    return _list(request)


def _one(request: HttpRequest, uuid: UUID, *, form: ReasonForm | None = None, status: int = 200) -> HttpResponse:
    by = actor_of(request)
    row, used = selectors.version_for(by, uuid), selectors.in_use(by)
    labels = row.report.get("labels", {})
    names = selectors.label_names(set(labels))
    context = {
        "nav_here": "console",
        "row": row,
        "kind": KINDS[row.standing],
        "told": _told(row.report),
        "before": _told(row.rival),
        "labels": [
            {"name": names[code], "count": n, "precision": percent(p), "recall": percent(r), "f1": f"{f:.3f}"}
            for code, (n, p, r, f) in sorted(labels.items(), key=lambda pair: -pair[1][0])
        ],
        "bins": [
            {"from": 10 * i, "to": 10 * i + 10, "count": n, "likely": percent(p), "right": percent(s)}
            for i, (n, p, s) in enumerate(row.report.get("bins", []))
            if n
        ],
        "wrong": _wrong(row.report, 3 * MANY),
        "history": journal.entries_for("category_model", row.uuid, 20),
        "expected": used.number if used else 0,
        "form": form or ReasonForm(),
        "reason": drawn(form or ReasonForm()),
        "may_use": may_change(request) and row.standing != "live",
        "now": clock.now(),
    }
    return render(request, "console/judging/one.html", context, status=status)


@require_GET
@for_readers
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one version: its figures beside those of its rival, by category and by probability."""
    return _one(request, uuid)


@require_POST
@for_changers
def use(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put a version to use, with a reason."""
    selectors.version_for(actor_of(request), uuid)
    form, typed = ReasonForm(request.POST), request.POST.get("expected", "")
    expected = int(typed) if typed.isdigit() and len(typed) < 10 else -1
    if not form.is_valid():
        return _one(request, uuid, form=form, status=422)
    try:
        row = services.put_to_use(
            by=actor_of(request), now=clock.now(), uuid=uuid, expected=expected, **form.cleaned_data
        )
    except DomainError as error:
        take(form, error)
        return _one(request, uuid, form=form, status=error.status)
    messages.success(request, _("第 %(number)s 版已启用。") % {"number": row.number})
    return HttpResponseRedirect(reverse("console:category_models"))


@require_POST
@for_changers
def stop(request: HttpRequest) -> HttpResponse:
    """Use no version, with a reason: names and words alone suggest."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _list(request, form=form, status=422)
    try:
        services.stop(by=actor_of(request), now=clock.now(), **form.cleaned_data)
    except DomainError as error:
        take(form, error)
        return _list(request, form=form, status=error.status)
    messages.success(request, _("已停用，只按分类名称和居民用语建议。"))
    return HttpResponseRedirect(reverse("console:category_models"))
