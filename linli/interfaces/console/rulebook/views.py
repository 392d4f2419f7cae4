"""Every rule by its group; one rule with its history; a new value, looked at before it is entered."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.cases import selectors as cases
from linli.engines.cases.selectors import catalogue
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.foundation.deadlines import selectors as deadlines
from linli.foundation.deadlines.types import Duration
from linli.foundation.rulebook import selectors, services
from linli.foundation.rulebook.types import Rule
from linli.interfaces.console.doors import actor_of, for_changers, for_readers, may_change, today
from linli.interfaces.console.rulebook import words
from linli.interfaces.console.rulebook.forms import ValueForm, WithdrawForm
from linli.interfaces.web.access import confirmed

SIZE = 200
LOOK_BACK = 90
_OF_CATEGORY = re.compile(r"(cases\.clock\.[a-z_]+)\.category\.([a-z0-9_]+)")
_CLOCK = re.compile(r"(cases\.clock\.[a-z_]+)(\.[a-z]+)?")


def _at(code: str, on: date) -> Rule | None:
    """Return the rule as it holds on a day; where it has yet to begin, its first value."""
    history = selectors.history(code)
    return next((r for r in history if r.holds(on)), history[0] if history else None)


def _shown(rule_: Rule, on: date) -> dict[str, Any]:
    """Return a rule as pages show it."""
    first = selectors.as_shipped(rule_.code, on=on)
    differs = first is not None and first.value != rule_.value
    coming = [r for r in selectors.history(rule_.code) if r.valid_from > on]
    return {
        "rule": rule_,
        "says": words.value_words(rule_.value, rule_.unit),
        "mark": words.mark_words(rule_.mark),
        "shipped": words.value_words(first.value, first.unit) if first is not None else "",
        "shipped_source": first.source if first is not None else "",
        "differs": differs,
        "against_law": differs and first is not None and first.mark == "L",
        "own": first is None,
        "coming": coming[0] if coming else None,
        "coming_says": words.value_words(coming[0].value, coming[0].unit) if coming else "",
    }


def _fits(shown: dict[str, Any], wanted: str, only: str) -> bool:
    rule_: Rule = shown["rule"]
    if only == "unproved" and not rule_.is_unproved:
        return False
    if only == "own" and not (shown["differs"] or shown["own"]):
        return False
    text = " ".join((rule_.code, rule_.title, rule_.source, rule_.why, shown["says"])).lower()
    return all(word in text for word in wanted.lower().split())


@require_GET
@for_readers
def listing(request: HttpRequest) -> HttpResponse:
    """Show the rules by group, found by words."""
    on = today()
    wanted, only = request.GET.get("q", "").strip()[:60], request.GET.get("only", "")
    found = [_shown(r, on) for code in selectors.codes() if (r := _at(code, on)) is not None]
    fitting = sorted((s for s in found if _fits(s, wanted, only)), key=lambda s: _place(s["rule"].code))
    after = request.GET.get("after", "")
    codes = [s["rule"].code for s in fitting]
    start = codes.index(after) + 1 if after in codes else 0
    page = fitting[start : start + SIZE]
    kept = {k: v for k, v in (("q", wanted), ("only", only)) if v}
    context = {
        "nav_here": "console",
        "groups": [(name, list(group)) for name, group in groupby(page, key=lambda s: words.group_of(s["rule"].code))],
        "found": len(fitting),
        "total": len(found),
        "tabs": [
            {"label": label, "url": f"?{urlencode({**kept, 'only': code})}", "count": n, "current": only == code}
            for code, label, n in (
                ("", _("全部"), len(found)),
                ("unproved", _("未经核实"), sum(s["rule"].is_unproved for s in found)),
                ("own", _("本街道改过"), sum(s["differs"] or s["own"] for s in found)),
            )
        ],
        "wanted": wanted,
        "only": only,
        "start": start,
        "next": f"?{urlencode({**kept, 'after': page[-1]['rule'].code})}" if start + SIZE < len(fitting) else "",
        "first": f"?{urlencode(kept)}",
    }
    return render(request, "console/rulebook/list.html", context)


def _place(code: str) -> tuple[int, str]:
    return next(n for n, (prefix, _label) in enumerate(words.GROUPS) if code.startswith(prefix)), code


def _missing() -> NotFoundError:
    return NotFoundError(_("规则库里没有这条规则。"), hint=_("请从规则列表中查找。"))


def _known(code: str, on: date) -> Rule:
    found = _at(code, on)
    if found is None:
        raise _missing()
    return found


def _page(
    request: HttpRequest, code: str, *, status: int = 200, withdraw_form: WithdrawForm | None = None
) -> HttpResponse:
    on = today()
    found = _known(code, on)
    rows = {r.valid_from: r for r in selectors.entries(code)}
    last = selectors.history(code)[-1]
    clock_ = _CLOCK.fullmatch(code)
    leaves = [n for n in catalogue.categories() if n.leaf] if clock_ else []
    context = {
        "nav_here": "console",
        "shown": _shown(found, on),
        "group": words.group_of(code),
        "history": [
            {
                "rule": r,
                "says": words.value_words(r.value, r.unit),
                "mark": words.mark_words(r.mark),
                "entry": rows.get(r.valid_from),
                "holds": r.holds(on),
                "coming": r.valid_from > on,
                "removable": r.valid_from > on and r is last and r.valid_from in rows,
            }
            for r in reversed(selectors.history(code))
        ],
        "changer": may_change(request),
        "withdraw_form": withdraw_form,
        "categories": [{"value": n.spec.code, "label": n.spec.name} for n in leaves],
    }
    return render(request, "console/rulebook/rule.html", context, status=status)


@require_GET
@for_readers
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """Show one rule: its value, where it comes from, every value that it had."""
    return _page(request, code)


def _prototype(code: str, on: date) -> Rule:
    """Return the rule to be changed; for a category's own limit that is not there yet, what it would begin from."""
    found = _at(code, on)
    if found is not None:
        return found
    named = _OF_CATEGORY.fullmatch(code)
    node = catalogue.category(named.group(2)) if named else None
    above = [c for c in (f"{named.group(1)}.general", named.group(1)) if named] if named else []
    base = next((r for c in above if (r := _at(c, on)) is not None), None)
    if node is None or base is None:
        raise _missing()
    title = _("%(title)s（%(category)s）") % {"title": base.title, "category": node.spec.name}
    return Rule(code, base.value, base.unit, title, "", "D", on, None, "", shipped=False)


def _seen(form: ValueForm) -> str:
    """Return what the previewed values are known by, so that others are not entered unseen."""
    text = "\0".join(f"{name}={form[name].value()}" for name in form.fields)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _mine(code: str) -> Q:
    """Return the clocks that a rule is about: those under it, or for a category's own limit all of its cases' stage."""
    named = _OF_CATEGORY.fullmatch(code)
    if named is None:
        return deadlines.clocks_under(code)
    stage = named.group(1).removeprefix("cases.clock.")
    return deadlines.clocks_at("case", stage, cases.ids_of_category(named.group(2)))


def _preview(code: str, form: ValueForm, found: Rule) -> dict[str, Any]:
    value, on = form.value(), form.cleaned_data["valid_from"]
    first = selectors.as_shipped(code, on=on)
    context: dict[str, Any] = {
        "seen": _seen(form),
        "before": words.value_words(found.value, found.unit),
        "after": words.value_words(value, found.unit),
        "same": value == found.value,
        "against_law": first is not None and first.mark == "L" and first.value != value,
        "law": words.value_words(first.value, first.unit) if first is not None else "",
        "law_source": first.source if first is not None else "",
        "from": on,
        "today": on == form.today,
    }
    if code.startswith("cases.clock.") and words.sort_of(value) is words.Sort.DURATION:
        context["what_if"] = deadlines.what_if(_mine(code), Duration.of(value), now=clock.now(), days=LOOK_BACK)
        context["days"] = LOOK_BACK
    return context


def _change_page(
    request: HttpRequest, form: ValueForm, found: Rule, preview: dict[str, Any] | None, *, status: int = 200
) -> HttpResponse:
    value = [
        {
            "name": name,
            "label": form.fields[name].label,
            "kind": _kind(form, name),
            "value": "" if (held := form[name].value()) is None else held,
            "errors": form[name].errors,
            "options": [{"value": v, "label": label} for v, label in getattr(form.fields[name], "choices", [])],
        }
        for name in form.value_names()
    ]
    context = {
        "nav_here": "console",
        "form": form,
        "fields": value,
        "value": {name: "" if (v := form[name].value()) is None else v for name in form.fields},
        "marks": [{"value": v, "label": label} for v, label in form.fields["mark"].choices],  # type: ignore[attr-defined]
        "shown": _shown(found, form.today),
        "preview": preview,
        "day": form.today,
    }
    return render(request, "console/rulebook/change.html", context, status=status)


def _kind(form: ValueForm, name: str) -> str:
    if name == "unit" or form.sort is words.Sort.YES_NO:
        return "select"
    if form.sort in {words.Sort.LIST, words.Sort.DATA}:
        return "textarea"
    return "time" if form.sort is words.Sort.TIME else "text"


def _changing(request: HttpRequest, code: str) -> HttpResponse:
    on = today()
    found = _prototype(code, on)
    if request.method == "GET":
        return _change_page(request, ValueForm(rule=found, today=on), found, None)
    form, status = ValueForm(request.POST, rule=found, today=on), 422
    if not form.is_valid():
        return _change_page(request, form, found, None, status=status)
    if request.POST.get("seen") != _seen(form):
        return _change_page(request, form, found, _preview(code, form, found))
    data = form.cleaned_data
    try:
        services.set_rule(
            by=actor_of(request),
            now=clock.now(),
            code=code,
            value=form.value(),
            unit=found.unit,
            source=data["source"],
            mark=data["mark"],
            valid_from=data["valid_from"],
            why=data["why"],
            title=found.title,
        )
    except DomainError as error:
        _take(form, error)
        return _change_page(request, form, found, None, status=error.status)
    messages.success(request, _("新的值已录入，自 %(day)s 起生效。") % {"day": data["valid_from"].isoformat()})
    return HttpResponseRedirect(reverse("console:rule", args=[code]))


def _take(form: ValueForm, error: DomainError) -> None:
    """Show what a service found wrong with the value at the first field that makes it up."""
    if "value" in error.fields and "value" not in form.fields:
        error.fields[form.value_names()[0]] = error.fields.pop("value")
    form.take(error)


_changing_confirmed = confirmed(_changing)


@require_http_methods(["GET", "POST"])
@for_changers
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form of a new value, then what it would mean, then enter it; a law's limit asks for the password."""
    on = today()
    first = selectors.as_shipped(code, on=on)
    legal = _prototype(code, on).mark == "L" or (first is not None and first.mark == "L")
    answer: HttpResponse = (_changing_confirmed if legal else _changing)(request, code)
    return answer


@require_POST
@for_changers
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take back a value that has not begun."""
    _known(code, today())
    form, status = WithdrawForm(request.POST), 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.withdraw_rule(
                by=actor_of(request),
                now=clock.now(),
                code=code,
                valid_from=data["valid_from"],
                today=today(),
                why=data["why"],
            )
        except DomainError as error:
            form.take(error)
            status = error.status
        else:
            messages.success(request, _("已撤回，原来的值继续有效。"))
            known = bool(selectors.history(code))
            return HttpResponseRedirect(reverse("console:rule", args=[code]) if known else reverse("console:rules"))
    return _page(request, code, status=status, withdraw_form=form)


@require_GET
@for_changers
def for_category(request: HttpRequest, code: str) -> HttpResponse:
    """Go on to the form of one category's own limit."""
    named, category = _CLOCK.fullmatch(code), catalogue.category(request.GET.get("category", ""))
    if named is None or category is None:
        raise _missing()
    return HttpResponseRedirect(
        reverse("console:rule_change", args=[f"{named.group(1)}.category.{category.spec.code}"])
    )
