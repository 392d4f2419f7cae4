"""Doubles: entries that look the same, side by side field by field, and which one stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.fieldwork import permissions, selectors, services
from linli.foundation.core import clock
from linli.foundation.core.coordinates import Point
from linli.foundation.core.errors import DomainError, ForbiddenError, NotFoundError
from linli.interfaces.desk.doors import actor_of, id_of, shown_again, staff
from linli.interfaces.desk.fieldwork.ledgers import shared

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target

GROUPS = 20


@require_GET
@staff
def twins(request: HttpRequest, code: str) -> HttpResponse:
    """Show the entries of a ledger that look the same, group by group."""
    by, now = actor_of(request), clock.now()
    kind = selectors.ledger_for(by, code)
    found = selectors.doubles(by, code, size=GROUPS, after=request.GET.get("after", "")[:200])
    groups = [
        {
            "first": group.targets[0],
            "others": [{"target": t, "visited": shared.ago(t.visited_at, now)} for t in group.targets[1:]],
            "visited": shared.ago(group.targets[0].visited_at, now),
        }
        for group in found
        if len(group.targets) > 1
    ]
    context = {
        "kind": kind,
        "groups": groups,
        "next": found[-1].key if len(found) == GROUPS else "",
        "fixed": urlencode({"code": kind.code}),
        "nav_here": shared.NAV,
    }
    return render(request, "desk/ledgers/twins.html", context)


def lines(one: Target, other: Target) -> list[dict[str, Any]]:
    """Return two targets line by line; lines that agree are marked, what is personal is said to be there or not."""
    asked = shared.asked_of(one.kind)
    by_code = {q.code: q for q in asked.questions}
    names = shared.labels()
    pairs = [(names["name"], one.name, other.name)]
    for code in ("number", "address", "area", "unit", "tags"):
        column = f"{code}_id" if code in ("area", "unit") else code
        a, b = (shared.in_words(by_code, code, getattr(t, column)) for t in (one, other))
        pairs.append((names[code], a, b))
    for question in shared.plain_questions(asked):
        a, b = (shared.in_words(by_code, question.code, t.facts.get(question.code)) for t in (one, other))
        pairs.append((shared.label_of(question), a, b))
    hidden = [selectors.unsealed(t) for t in (one, other)]
    for question in (q for q in asked.questions if q.personal):
        a, b = (_("有（封存）") if question.code in h else "" for h in hidden)
        pairs.append((shared.label_of(question), a, b))
    found = [{"term": term, "one": a or "—", "other": b or "—", "same": bool(a) and a == b} for term, a, b in pairs]
    if one.lat is not None and one.lon is not None and other.lat is not None and other.lon is not None:
        metres = round(Point(one.lat, one.lon).metres_to(Point(other.lat, other.lon)))
        words = _("相距 %(metres)s 米") % {"metres": metres}
        found.insert(3, {"term": _("距离"), "one": words, "other": words, "same": metres <= 20})
    now = clock.now()
    visited = [shared.ago(t.visited_at, now) for t in (one, other)]
    since = [t.since.isoformat() for t in (one, other)]
    for term, (a, b) in ((_("上次走访"), visited), (_("入册日期"), since)):
        found.append({"term": term, "one": a, "other": b, "same": False})
    return found


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def merge(request: HttpRequest, uuid: UUID, other: UUID) -> HttpResponse:
    """Show two entries beside each other; merge one into the one that stays."""
    by = actor_of(request)
    one, two = selectors.target_for(by, uuid), selectors.target_for(by, other)
    if one.kind_id != two.kind_id or one.pk == two.pk:
        raise NotFoundError(_("没有这个对象。"), code="fieldwork.no_target")
    for target in (one, two):
        permissions.check_keep(by, target)
    error: DomainError | None = None
    if request.method == "POST":
        stays, goes = (two, one) if request.POST.get("stays") == str(two.uuid) else (one, two)
        seen = {t.uuid: id_of(request.POST.get(f"version-{t.uuid}", "")) or 0 for t in (one, two)}
        try:
            if request.POST.get("stays") not in {str(one.uuid), str(two.uuid)}:
                raise DomainError(_("请选择保留哪一条。"))
            services.merge(
                by=by, now=clock.now(), double=goes.uuid, into=stays.uuid, expected=seen[goes.uuid],
                into_expected=seen[stays.uuid], reason=request.POST.get("reason", ""),
            )  # fmt: skip
        except (NotFoundError, ForbiddenError):
            raise
        except DomainError as found:
            error = found
        else:
            messages.success(request, _("已合并；如果弄错，可以在被并入的那一条上撤销。"))
            return HttpResponseRedirect(reverse("desk:target", args=[stays.uuid]))
    context = {
        "one": one,
        "other": two,
        "kind": one.kind,
        "lines": lines(one, two),
        "nav_here": shared.NAV,
        **shown_again(request, error),
    }
    return render(request, "desk/ledgers/merge.html", context, status=error.status if error else 200)
