"""One category: what it says, changed as a draft, looked at on a phone, published; its versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.rules import describing
from linli.engines.cases.selectors import Shown
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, InvalidError
from linli.interfaces.console.categories import labels
from linli.interfaces.console.categories.asking import condition_words
from linli.interfaces.console.categories.forms import CategoryForm, GroupForm, MoveForm, ReasonForm
from linli.interfaces.console.categories.views.tree import group_choices
from linli.interfaces.console.doors import actor_of, for_changers, for_readers, may_change
from linli.interfaces.console.words import drawn, take

PREVIEWS: dict[str, tuple[str, str, Any]] = {
    "zh": ("zh-hans", "", gettext_lazy("中文")),
    "en": ("en", "", gettext_lazy("英文")),
    "elder": ("zh-hans", "elder", gettext_lazy("长辈版")),
}


_FIELD_OF = {f"evidence_{p}": f"evidence.{p}" for p in describing.PURPOSES} | {
    f"why_{p}": f"evidence.why_{p}" for p in describing.PURPOSES
}


def _rule_address(code: str) -> str:
    """Return where the rulebook shows a rule, empty where the installation has no such page."""
    try:
        return reverse("console:rule", args=[code])
    except NoReverseMatch:
        return ""


def _limits(found: Shown) -> list[dict[str, Any]]:
    on = localtime(clock.now()).date()
    return [
        {"stage": stage, "rule": rule, "limit": labels.limit_of(limit), "url": _rule_address(rule.code)}
        for stage, rule, limit in cases.limits_of(found.description, on)
    ]


def question_lines(spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the questions of a version as a list shows them."""
    asked = (spec.get("questions") or {}).get("questions") or []
    return [
        {
            "code": q["code"],
            "label": q["label"].get("zh-hans", ""),
            "english": q["label"].get("en", ""),
            "type": labels.value_of("question.type", q["type"]),
            "required": q.get("required"),
            "personal": q.get("personal"),
            "choices": labels.value_of("question.choices", q.get("choices")),
            "when": condition_words(q, asked[:place]),
        }
        for place, q in enumerate(asked)
    ]


def _evidence(found: Shown) -> list[dict[str, Any]]:
    rule = found.description.evidence
    return [
        {"what": labels.label_of(f"evidence.{p}"), "count": getattr(rule, p), "why": rule.reason(p)}
        for p in describing.PURPOSES
        if getattr(rule, p)
    ]


def _about(found: Shown) -> dict[str, Any]:
    """Return what the templates of a category show of it."""
    spec = found.description
    laws = cases.legal_texts(spec.laws)
    return {
        "found": found,
        "spec": spec,
        "flags": [
            {"label": label, "hint": hint, "on": bool(getattr(spec, code))}
            for code, (label, hint) in labels.FLAGS.items()
        ],
        "unit_kinds": labels.value_of("unit_kinds", spec.unit_kinds),
        "words": "、".join(spec.words),
        "laws": laws,
        "evidence": _evidence(found),
        "questions": question_lines(found.spec),
        "nav_here": "console",
    }


@require_GET
@for_readers
def page(request: HttpRequest, code: str) -> HttpResponse:
    """Show a category: the draft where there is one, else what is in force; what hangs on it."""
    found = cases.category_shown(code)
    changes = describing.differences(found.standing, found.spec) if found.draft else []
    parent = found.row.parent.code if found.row and found.row.parent else ""
    move = MoveForm(groups=group_choices(without=code), initial={"parent": parent})
    faults = services.faults_of(found.draft, found.spec, found.row) if found.draft else []
    context = {
        **_about(found),
        "changes": len(changes),
        "faults": list(dict.fromkeys(services.said_of(faults))),
        "limits": [] if found.is_group else _limits(found),
        "hanging": cases.hanging_on(found.row) if found.row else None,
        "move": drawn(move),
        "fixed": code in describing.FIXED,
        "may_change": may_change(request),
    }
    return render(request, "console/categories/page.html", context)


@require_http_methods(["GET", "POST"])
@for_changers
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change what a category says, as a draft."""
    found = cases.category_shown(code)
    more: dict[str, Any] = {} if found.is_group else {"laws": cases.legal_choices(found.description.laws)}
    kind: Any = GroupForm if found.is_group else CategoryForm
    initial = kind.start(found.spec)
    form = kind(request.POST if request.method == "POST" else None, initial=initial, **more)
    status, edition = 200, found.edition
    if request.method == "POST":
        status, edition = 422, _number(request.POST.get("edition", ""))
        if form.is_valid():
            try:
                services.save_draft(
                    by=actor_of(request), now=clock.now(), code=code, changes=form.changes(), expected=edition
                )
            except DomainError as error:
                status = _take(form, error)
            else:
                messages.success(request, _("草稿已保存，还没有生效。"))
                return HttpResponseRedirect(reverse("console:category", args=[code]))
    context = {"found": found, "fields": drawn(form), "form": form, "edition": edition, "nav_here": "console"}
    return render(request, "console/categories/edit.html", context, status=status)


def _take(form: Any, error: DomainError) -> int:
    """Show a service's error on the form: flags stand together in one field."""
    if isinstance(error, InvalidError):
        error.fields = {("flags" if k in labels.FLAGS else k): v for k, v in error.fields.items()}
    return take(form, error)


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 10 else -1


@require_GET
@for_readers
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """Show the residents' form of the draft on a phone, in Chinese, English and for elders."""
    found = cases.category_shown(code)
    chosen = request.GET.get("as", "zh")
    chosen = chosen if chosen in PREVIEWS else "zh"
    language, mode, _label = PREVIEWS[chosen]
    context = {
        **_about(found),
        "frame": f"{reverse('portal:preview', args=[code])}?language={language}&mode={mode}",
        "tabs": [
            {"label": label, "url": f"?as={key}", "count": None, "current": key == chosen}
            for key, (_language, _mode, label) in PREVIEWS.items()
        ],
        "may_change": may_change(request),
    }
    return render(request, "console/categories/preview.html", context)


@require_http_methods(["GET", "POST"])
@for_changers
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Show what publishing the draft would change, and publish it with a reason."""
    found = cases.category_shown(code)
    if found.draft is None:
        return HttpResponseRedirect(reverse("console:category", args=[code]))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    status, trouble = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                version = services.publish_category(
                    by=actor_of(request), now=clock.now(), code=code, reason=form.cleaned_data["reason"],
                    expected=_number(request.POST.get("edition", "")),
                )  # fmt: skip
            except DomainError as error:
                status, trouble = error.status, error
            else:
                done = _("第 %(number)s 版已发布。此前受理的案件仍按原来的版本办理。") % {"number": version.number}
                messages.success(request, done)
                return HttpResponseRedirect(reverse("console:category", args=[code]))
    laws = cases.legal_names([*(found.standing.get("laws") or ()), *(found.spec.get("laws") or ())])
    faults = services.faults_of(found.draft, found.spec, found.row)
    context = {
        "found": found,
        "changes": labels.told(describing.differences(found.standing, found.spec), laws),
        "faults": [
            {"what": labels.label_of(_FIELD_OF.get(field, field)), "said": said}
            for (field, _code), said in zip(faults, services.said_of(faults), strict=True)
        ],
        "hanging": cases.hanging_on(found.row) if found.row else None,
        "orphans": cases.rules_asking_removed(code, found.standing, found.spec),
        "fields": drawn(form),
        "trouble": trouble,
        "nav_here": "console",
    }
    return render(request, "console/categories/publish.html", context, status=status)


@require_POST
@for_changers
def discard(request: HttpRequest, code: str) -> HttpResponse:
    """Throw the draft away."""
    standing = cases.category_shown(code).row is not None
    services.discard_draft(by=actor_of(request), now=clock.now(), code=code)
    messages.success(request, _("草稿已放弃。"))
    return HttpResponseRedirect(reverse("console:category", args=[code]) if standing else reverse("console:categories"))


@require_GET
@for_readers
def versions(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a category said from version to version, why, and how many cases each still has."""
    row = cases.category_row(code)
    found = cases.category_versions(row)
    counts = cases.cases_by_version(row)
    named = cases.legal_names([law for v in found for law in v.spec.get("laws") or ()])
    older: list[Any] = [*found[1:], None]
    lines = [
        {
            "version": v,
            "current": v.pk == row.version_id,
            "counts": counts.get(v.pk, (0, 0)),
            "changes": labels.told(describing.differences(o.spec, v.spec), named) if o else [],
            "first": o is None,
        }
        for v, o in zip(found, older, strict=True)
    ]
    context = {
        "row": row,
        "lines": lines,
        "drafted": cases.draft_of(code) is not None,
        "may_change": may_change(request),
        "nav_here": "console",
    }
    return render(request, "console/categories/versions.html", context)


@require_POST
@for_changers
def restore(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Make a draft of an earlier version."""
    try:
        services.restore_version(by=actor_of(request), now=clock.now(), code=code, number=number)
    except DomainError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("console:category_versions", args=[code]))
    messages.success(request, _("已按第 %(number)s 版起草，核对后发布。") % {"number": number})
    return HttpResponseRedirect(reverse("console:category_publish", args=[code]))
