"""The list of routing rules in words, its draft, each rule's form, what was in force before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.cases.rules.routing_data import differences
from linli.engines.cases.selectors import routing as selectors
from linli.engines.cases.services import routing as services
from linli.engines.cases.types import Source
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.foundation.core.paging import Page
from linli.interfaces.console.doors import actor_of, for_changers, for_readers, may_change, today
from linli.interfaces.console.routing import words
from linli.interfaces.console.routing.forms import ReasonForm, RuleForm, helper_choices

SIZE = 100
VERSIONS = 25
CHANGES: dict[str, Any] = {"added": "plus", "removed": "trash", "changed": "pencil", "moved": "arrows-left-right"}


def number_of(text: str) -> int | None:
    """Return a number that a page sent, None where it sent none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def current() -> tuple[Any, list[dict[str, Any]]]:
    """Return (draft or None, the list that pages work on): the draft's, else the one in force."""
    draft = selectors.draft()
    return draft, list(draft.rules) if draft is not None else selectors.in_force()


def _rows(rules: Sequence[Mapping[str, Any]], health: selectors.Health, known: words.Names) -> list[dict[str, Any]]:
    """Return the rules as the page shows them: place, sentence, what is wrong."""
    by_place = {place: str(r.get("name", "")) for place, r in enumerate(rules, 1)}
    faults: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for broken in health.broken:
        part = words.PARTS.get(broken.part, broken.part)
        faults[broken.index + 1].append(
            {"text": _("“%(part)s”无法读取，本规则不会匹配任何诉求。") % {"part": part}, "blocking": True}
        )
    for finding in health.findings:
        if finding.rule_id:
            text = words.finding_text(finding, by_place, known)
            faults[finding.rule_id].append({"text": text, "blocking": words.is_blocking(finding)})
    return [
        {"place": place, "raw": r, "key": r["key"], "says": words.sentence(r, known), "faults": faults[place]}
        for place, r in enumerate(rules, 1)
    ]


def _found(rows: list[dict[str, Any]], wanted: str, only: str) -> list[dict[str, Any]]:
    if only == "faults":
        rows = [r for r in rows if r["faults"]]
    if wanted:
        rows = [
            r
            for r in rows
            if wanted in "，".join((r["raw"]["name"], r["says"].when, r["says"].then, *r["says"].unless))
        ]
    return rows


def page_of_rules(request: HttpRequest, *, status: int = 200, reason_form: ReasonForm | None = None) -> HttpResponse:
    """Show the list that is worked on, with everything that is wrong with it."""
    draft, rules = current()
    on = today()
    known, health = words.names(on), selectors.health(rules, on)
    rows = _rows(rules, health, known)
    wanted, only = request.GET.get("q", "").strip()[:60], request.GET.get("only", "")
    found = _found(rows, wanted, only)
    start = number_of(request.GET.get("start", "")) or 0
    query = urlencode({k: v for k, v in (("q", wanted), ("only", only)) if v})
    in_force = selectors.in_force() if draft is not None else rules
    context = {
        "nav_here": "console",
        "draft": draft,
        "rows": found[start : start + SIZE],
        "total": len(rules),
        "found": len(found),
        "faulty": sum(bool(r["faults"]) for r in rows),
        "stopping": sum(any(f["blocking"] for f in r["faults"]) for r in rows),
        "untaken": [known.categories.get(f.what, f.what) for f in health.findings if f.code == "untaken"],
        "next": start + SIZE if start + SIZE < len(found) else None,
        "start": start,
        "query": f"?{query}&" if query else "?",
        "wanted": wanted,
        "only": only,
        "changes": differences(in_force, rules) if draft is not None else [],
        "trial": selectors.trial_of(draft) if draft is not None else None,
        "number": selectors.number_in_force(),
        "changer": may_change(request),
        "reason_form": reason_form or ReasonForm(initial={"version": draft.version if draft else 0}),
        "stale": draft is not None and draft.based_on != selectors.number_in_force(),
    }
    return render(request, "console/routing/list.html", context, status=status)


@require_GET
@for_readers
def listing(request: HttpRequest) -> HttpResponse:
    """Show the routing rules in their order, as sentences."""
    return page_of_rules(request)


def _back(key: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse("console:routing") + (f"#rule-{key}" if key else ""))


def _raw(key: str) -> dict[str, Any]:
    found = next((r for r in current()[1] if r["key"] == key), None)
    if found is None:
        raise NotFoundError(_("没有这条规则。"), hint=_("它可能刚被删除，请回到列表。"))
    return found


def _form_page(
    request: HttpRequest, form: RuleForm, known: words.Names, key: str, *, status: int = 200
) -> HttpResponse:
    draft = selectors.draft()
    value = {name: "" if (held := form[name].value()) is None else held for name in form.fields}
    leaves = {code for options in known.groups.values() for code, _name in options}
    context = {
        "nav_here": "console",
        "form": form,
        "value": value,
        "key": key,
        "version": request.POST.get("version") or (draft.version if draft else 0),
        "groups": [
            {"name": name, "options": options, "count": sum(c in (value["categories"] or []) for c, _n in options)}
            for name, options in known.groups.items()
        ],
        "lost": [c for c in value["categories"] or [] if c not in leaves],
        "tree": known.tree,
        "other_areas": _beyond(value["areas"] or [], known),
        "sources": [{"value": v, "label": label} for v, label in Source.choices],
        "answers": [{"value": v, "label": label} for v, label in known.answers.items()],
        "helpers": helper_choices(known, list(value["helpers"] or [])),
        "exemptions": [
            {"n": n, **{k: f"ex{n}_{k}" for k in ("areas", "from", "to", "first", "last", "basis")}}
            for n in range(form.exemption_count)
        ],
        "units": [{"value": v, "label": label} for v, label in form.fields["unit"].choices],  # type: ignore[attr-defined]
        "levels": [{"value": v, "label": label} for v, label in form.fields["level"].choices],  # type: ignore[attr-defined]
    }
    return render(request, "console/routing/rule.html", context, status=status)


def _beyond(chosen: Sequence[str], known: words.Names) -> list[dict[str, str]]:
    """Return chosen areas that the tree of the form does not show."""
    shown = {a["path"] for a in known.tree}
    return [{"value": p, "label": known.areas.get(p) or _("已不存在的地域")} for p in chosen if p not in shown]


@require_http_methods(["GET", "POST"])
@for_changers
def rule(request: HttpRequest, key: str = "") -> HttpResponse:
    """Show one rule's form, or keep what was entered in the draft."""
    known = words.names(today())
    raw = _raw(key) if key else None
    if request.method == "GET":
        return _form_page(request, RuleForm(known=known, raw=raw), known, key)
    form, status = RuleForm(request.POST, known=known, raw=raw), 422
    if form.is_valid():
        try:
            expected = number_of(request.POST.get("version", ""))
            _draft, made = services.put_rule(
                by=actor_of(request), now=clock.now(), rule=form.rule(), key=key, expected=expected
            )
        except DomainError as error:
            form.take(error)
            status = error.status
        else:
            messages.success(request, _("已存入草稿，尚未生效。"))
            return _back(made)
    return _form_page(request, form, known, key, status=status)


@require_POST
@for_changers
def act(request: HttpRequest, key: str) -> HttpResponse:
    """Move, copy, switch or drop one rule of the draft."""
    by, now = actor_of(request), clock.now()
    expected = number_of(request.POST.get("version", ""))
    common: dict[str, Any] = {"by": by, "now": now, "key": key, "expected": expected}
    what, place = request.POST.get("act", ""), number_of(request.POST.get("to", ""))
    if what == "move" and place is not None:
        services.move_rule(to=place - 1, **common)
    elif what == "copy":
        _draft, key = services.copy_rule(**common)
        messages.success(request, _("已复制，副本先停用，改好后再启用。"))
    elif what in {"on", "off"}:
        services.switch_rule(active=what == "on", **common)
    elif what == "drop":
        services.drop_rule(**common)
        messages.success(request, _("已从草稿中删除。现行规则不变。"))
        return _back()
    else:
        raise NotFoundError(_("没有这个操作。"))
    return _back(key)


@require_POST
@for_changers
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away."""
    services.discard_draft(by=actor_of(request), now=clock.now(), expected=number_of(request.POST.get("version", "")))
    messages.success(request, _("草稿已放弃，现行规则不变。"))
    return _back()


@require_POST
@for_changers
def enable(request: HttpRequest) -> HttpResponse:
    """Put the draft in force."""
    form = ReasonForm(request.POST)
    status = form.attempt(
        lambda: services.enable(
            by=actor_of(request),
            now=clock.now(),
            reason=form.cleaned_data["reason"],
            expected=form.cleaned_data["version"],
        )
    )
    if not status:
        messages.success(
            request, _("第 %(number)s 版派遣规则已启用，新的诉求按它派遣。") % {"number": form.made.number}
        )
        return _back()
    return page_of_rules(request, status=status, reason_form=form)


def versions_of(_request: HttpRequest, cursor: str, size: int = VERSIONS) -> Page[Any]:
    """Return the page of lists that were put in force."""
    return selectors.versions(cursor, size)


@require_GET
@for_readers
def history(request: HttpRequest) -> HttpResponse:
    """Show the lists that were put in force, the newest first."""
    page = versions_of(request, request.GET.get("cursor", ""))
    context = {"nav_here": "console", "page": page, "number": selectors.number_in_force()}
    return render(request, "console/routing/history.html", context)


@require_GET
@for_readers
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Show one list that was put in force, and what had changed with it."""
    found = selectors.version(number)
    before = selectors.version(number - 1).rules if number > 1 else []
    known = words.names(today())
    context = {
        "nav_here": "console",
        "version": found,
        "changes": differences(before, found.rules) if before else [],
        "rows": [{"raw": r, "place": n, "says": words.sentence(r, known)} for n, r in enumerate(found.rules, 1)],
        "current": number == selectors.number_in_force(),
        "draft": selectors.draft(),
        "changer": may_change(request),
    }
    return render(request, "console/routing/version.html", context)


@require_POST
@for_changers
def take_up(request: HttpRequest, number: int) -> HttpResponse:
    """Make an earlier list the draft."""
    expected = number_of(request.POST.get("version", ""))
    services.take_up(by=actor_of(request), now=clock.now(), number=number, expected=expected)
    messages.success(request, _("第 %(number)s 版已成为草稿，试运行后可启用。") % {"number": number})
    return _back()
