"""One ledger: searched, narrowed, its columns chosen; what is selected is tagged, taken out, or visited in a round."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.engines.fieldwork import permissions, selectors
from linli.engines.fieldwork.rules.details import said
from linli.engines.fieldwork.types import TargetFilter
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.forms.types import Question
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, day_of, id_of, staff, today
from linli.interfaces.desk.fieldwork.ledgers import shared

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Kind, Target

PAGE = 50
COLUMNS = 3
_PLAIN = ("q", "area", "tag", "unit", "ended", "since")
SINCE = (30, 90, 180, 365)


def fact_name(code: str) -> str:
    """Return the name under which a page sends the value wanted of a field."""
    return f"f.{code}"


def filters_of(request: HttpRequest, kind: Kind, asked: list[Question]) -> TargetFilter:
    """Return which targets of a ledger a page asks for; what cannot be is as if nobody had asked."""
    data = request.GET
    area, path = id_of(data.get("area", "")), ""
    if area is not None:
        path = next((a.path for a in directory.areas(today()) if a.id == area), "-")
    facts = {q.code: v[:60] for q in shared.choosing(asked) if (v := data.get(fact_name(q.code), ""))}
    return TargetFilter(
        kinds=(kind.code,),
        area_path=path,
        tag=data.get("tag", "").replace("\0", "").strip()[:20],
        ended=data.get("ended") == "1",
        text=data.get("q", "").replace("\0", "").strip()[:80],
        unit_id=id_of(data.get("unit", "")),
        facts=facts,
        unvisited_since=since_of(data.get("since", "")),
    )


def since_of(text: str) -> date | None:
    """Return the day since which nobody was there: a day, or so many days before today."""
    if text.isascii() and text.isdigit() and len(text) < 5:
        return today() - timedelta(days=int(text))
    return day_of(text)


def query_of(request: HttpRequest, asked: list[Question], *, without: tuple[str, ...] = ()) -> str:
    """Return what a page asks for, without the place in the list."""
    names = [n for n in _PLAIN if n not in without] + [fact_name(q.code) for q in shared.choosing(asked)]
    pairs = [(n, v) for n in names if (v := request.GET.get(n, ""))]
    return urlencode(pairs + [("c", c) for c in request.GET.getlist("c") if "c" not in without])


def columns_of(request: HttpRequest, asked: list[Question]) -> list[Question]:
    """Return the fields that stand in columns: those chosen, else the first ones."""
    wanted = request.GET.getlist("c")
    return [q for q in asked if q.code in wanted] if wanted else asked[:COLUMNS]


def row_of(target: Target, columns: list[Question], now: datetime) -> dict[str, Any]:
    """Return a target as the list shows it."""
    values = [(shared.label_of(q), said(q, v) if (v := target.facts.get(q.code)) is not None else "") for q in columns]
    return {
        "target": target,
        "area": target.area.name if target.area else "",
        "unit": target.unit.short_name or target.unit.name if target.unit else "",
        "values": values,
        "visited": shared.ago(target.visited_at, now),
        "never": target.visited_at is None,
    }


@require_GET
@staff
def listing(request: HttpRequest, code: str) -> HttpResponse:
    """Show a ledger as narrowed, by address and name."""
    by, now = actor_of(request), clock.now()
    kind = selectors.ledger_for(by, code)
    asked = shared.plain_questions(shared.asked_of(kind))
    filters = filters_of(request, kind, asked)
    page = selectors.ledger_page(by, kind, filters, cursor=request.GET.get("cursor", "")[:600], size=PAGE)
    columns = columns_of(request, asked)
    query = query_of(request, asked)
    narrowed = bool(query_of(request, asked, without=("c",)))
    context = {
        "kind": kind,
        "page": page,
        "rows": [row_of(t, columns, now) for t in page.rows],
        "columns": [shared.label_of(q) for q in columns],
        "base": f"?{query}&" if query else "?",
        "first": f"?{query}" if query else "?",
        "query": query,
        "fixed": urlencode({"code": kind.code}),
        "narrowed": narrowed,
        "may_add": shared.may_add(by, kind),
        "may_import": sheets_of(by, kind),
        "may_plan": shared.may_plan(by),
        "nav_here": shared.NAV,
        **_choices(request, by, asked, columns),
    }
    return render(request, "desk/ledgers/list.html", context)


def sheets_of(by: Actor, kind: Kind) -> str:
    """Return the code of the sheet by which somebody brings in this ledger, empty for who may not."""
    if kind.guarded:
        return "homes" if permissions.may_list(by, kind) and not by.is_system else ""
    return "targets" if permissions.may_import(by) else ""


def _choices(request: HttpRequest, by: Actor, asked: list[Question], columns: list[Question]) -> dict[str, Any]:
    data = request.GET
    shown = {q.code for q in columns}
    return {
        "chosen": {n: data.get(n, "") for n in _PLAIN},
        "areas": shared.area_options(by, _("全部区域")),
        "units": shared.unit_options(_("全部单位")),
        "fields": [
            {
                "name": fact_name(q.code),
                "label": shared.label_of(q),
                "value": data.get(fact_name(q.code), ""),
                "options": shared.choices_of(q, _("%(field)s：全部") % {"field": shared.label_of(q)}),
            }
            for q in shared.choosing(asked)
        ],
        "sinces": [
            {"value": "", "label": _("走访时间不限")},
            *({"value": str(n), "label": _("%(n)s 天内未走访") % {"n": n}} for n in SINCE),
        ],
        "offered": [{"code": q.code, "label": shared.label_of(q), "on": q.code in shown} for q in asked],
    }
