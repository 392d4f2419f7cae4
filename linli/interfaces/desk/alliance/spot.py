"""Claims called out in a conference, entered by a clerk: a project, then who takes which share as what."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, InvalidError
from linli.interfaces.desk.alliance.claims import row_of
from linli.interfaces.desk.alliance.members import NAV
from linli.interfaces.desk.doors import actor_of, problem, staff, uuid_of
from linli.programmes.alliance import permissions, selectors, services
from linli.programmes.alliance.rules import naming, quantities
from linli.programmes.alliance.types import ClaimData

if TYPE_CHECKING:
    from linli.foundation.core.actors import Actor
    from linli.programmes.alliance.models import Claim, Entry, Member

ROWS = 4
_NAMES = ("member", "share", "role")


def _typed(data: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the rows as they were typed."""
    return [
        {"n": n, "errors": {}, **{name: data.get(f"{name}_{n}", "").strip()[:100] for name in _NAMES}}
        for n in range(1, ROWS + 1)
    ]


def _check(row: dict[str, Any], known: Mapping[str, Member]) -> Fraction | None:
    """Say beside a row what is wrong with it; return its share, None where it says none."""
    if naming.fold(row["member"]) not in known:
        row["errors"]["member"] = [_("没有这个成员单位，请写全称。")]
    if not row["role"]:
        row["errors"]["role"] = [_("请填写这一项。")]
    try:
        return services.share_of(row["share"]) if row["share"] else None
    except InvalidError as error:
        row["errors"]["share"] = error.fields["share"]
        return None


def _read(rows: list[dict[str, Any]], left: Fraction) -> list[ClaimData]:
    """Return the claims that were typed; faults are put beside their rows.

    Who says no share gets an equal part of what the others leave.

    Raises:
        InvalidError: nothing was typed, or something is wrong.
    """
    named = [r for r in rows if r["member"] or r["role"] or r["share"]]
    if not named:
        raise InvalidError(_("请至少填一家认领单位。"), code="alliance.rows")
    known = {naming.fold(m.name): m for m in selectors.admitted_members()}
    shares = quantities.equal_parts(left, [_check(row, known) for row in named])
    for row, share in zip(named, shares, strict=True):
        if share <= 0:
            row["errors"].setdefault("share", [_("没有剩余的份额可以分。")])
    if any(r["errors"] for r in named):
        raise InvalidError(_("还有内容需要修改。"), code="alliance.rows")
    return [
        ClaimData(known[naming.fold(row["member"])].pk, share, row["role"], on_spot=True)
        for row, share in zip(named, shares, strict=True)
    ]


def _enter(by: Actor, entry: Entry | None, rows: list[dict[str, Any]]) -> str:
    if entry is None:
        raise InvalidError(_("请选择还可以认领的项目。"), code="alliance.entry")
    left = selectors.unclaimed(selectors.claimed([entry]).get(entry.pk, []))
    made = services.claim_many(by=by, now=clock.now(), uuid=entry.uuid, data=_read(rows, left))
    return _("%(title)s已登记 %(count)s 家认领。") % {"title": naming.quoted(entry.title), "count": len(made)}


@require_http_methods(["GET", "POST"])
@staff
def spot(request: HttpRequest) -> HttpResponse:
    """Enter claims as they are called out; the page stays for the next project."""
    by, error = actor_of(request), None
    permissions.check_keep(by)
    there = selectors.claimable(by)
    wanted = uuid_of(request.POST.get("entry", "") or request.GET.get("entry", ""))
    rows = _typed(request.POST)
    if request.method == "POST":
        try:
            said = _enter(by, next((e for e in there if e.uuid == wanted), None), rows)
        except DomainError as refused:
            if refused.status in {403, 404}:
                raise
            error = refused
        else:
            messages.success(request, said)
            return HttpResponseRedirect(reverse("desk:alliance_spot"))
    claims = selectors.claimed(there)
    context = {
        "entries": [{"value": "", "label": _("请选择")}]
        + [{"value": str(e.uuid), "label": f"{e.title}（{_left(claims.get(e.pk, []))}）"} for e in there],
        "chosen": str(wanted or ""),
        "rows": rows,
        "names": [m.name for m in selectors.admitted_members()],
        "recent": [row_of(c) for c in selectors.claim_page(by, size=20).rows if c.on_spot],
        "problem": _above(error),
        "nav_here": NAV,
    }
    return render(request, "desk/alliance/spot.html", context, status=error.status if error else 200)


def _left(claims: list[Claim]) -> str:
    return _("剩 %(left)s") % {"left": quantities.share_text(selectors.unclaimed(claims))}


def _above(error: DomainError | None) -> dict[str, Any] | None:
    """Return an error with what its fields say, for there is no one field here to put it beside."""
    if error is None:
        return None
    said = problem(error)
    words = [m for found in error.fields.values() for m in found]
    return {**said, "hint": " ".join([*words, said["hint"]]).strip()}
