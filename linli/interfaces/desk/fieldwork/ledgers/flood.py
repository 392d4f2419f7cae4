"""The flood ledgers on one page: what there is, in what state, and every figure with its rows behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from linli.engines.fieldwork import selectors
from linli.foundation.core import clock
from linli.foundation.forms.types import QuestionType
from linli.interfaces.desk.doors import actor_of, staff, today
from linli.interfaces.desk.fieldwork.ledgers import sections, shared
from linli.interfaces.desk.fieldwork.ledgers.listing import row_of

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target

KINDS = ("waterlogging", "flood_estate", "pump", "enclosure", "flood_hazard", "flood_plan", "flood_drill")
TEST_DAYS = 365
_SHOWN = 200


def _number(target: Target, code: str) -> int:
    value = target.facts.get(code)
    return value if isinstance(value, int) else 0


def _day(target: Target, code: str) -> date | None:
    value = target.facts.get(code)
    return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None


def _is(code: str, *values: str | None) -> Callable[[Target, date], bool]:
    return lambda target, _today: target.facts.get(code) in values


def _untested(target: Target, today: date) -> bool:
    tested = _day(target, "tested")
    return tested is None or tested < today - timedelta(days=TEST_DAYS)


def _overdue(target: Target, today: date) -> bool:
    day = _day(target, "recheck")
    return target.facts.get("state") != "done" and (day is None or day < today)


def _this_year(code: str) -> Callable[[Target, date], bool]:
    return lambda target, today: (day := _day(target, code)) is not None and day.year == today.year


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: of which ledger, which targets it counts (None: all), of which field it is the sum (empty: count)."""

    code: str
    kind: str
    label: Any
    holds: Callable[[Target, date], bool] | None = None
    sums: str = ""
    late: bool = False


FIGURES = (
    Figure("points", "waterlogging", gettext_lazy("易积水点")),
    Figure("points_done", "waterlogging", gettext_lazy("已完成整治"), _is("state", "done")),
    Figure("points_left", "waterlogging", gettext_lazy("尚未整治"), _is("state", "open", "planned"), late=True),
    Figure("estates", "flood_estate", gettext_lazy("易积水小区")),
    Figure("estates_done", "flood_estate", gettext_lazy("已完成改造"), _is("state", "done")),
    Figure("pumps", "pump", gettext_lazy("强排泵（台）"), None, "count"),
    Figure("flow", "pump", gettext_lazy("总流量（立方米/小时）"), None, "flow"),
    Figure("pumps_untested", "pump", gettext_lazy("一年内未试运行"), _untested, late=True),
    Figure("rings", "enclosure", gettext_lazy("小包围")),
    Figure("gates", "enclosure", gettext_lazy("闸门（道）"), None, "gates"),
    Figure("rings_untested", "enclosure", gettext_lazy("一年内未关闸演练"), _untested, late=True),
    Figure("hazards", "flood_hazard", gettext_lazy("未销项的隐患"), _is("state", "open", "doing", "guarded", None)),
    Figure("hazards_late", "flood_hazard", gettext_lazy("逾期未复查"), _overdue, late=True),
    Figure("plans", "flood_plan", gettext_lazy("预案版本")),
    Figure("drills", "flood_drill", gettext_lazy("今年演练"), _this_year("day")),
)  # fmt: skip


def counted(figure: Figure, rows: list[Target], today: date) -> tuple[int, list[Target]]:
    """Return a figure and the rows that it counts."""
    found = [t for t in rows if figure.holds is None or figure.holds(t, today)]
    return (sum(_number(t, figure.sums) for t in found) if figure.sums else len(found)), found


@require_GET
@staff
def flood(request: HttpRequest) -> HttpResponse:
    """Show the flood ledgers in numbers; ``?show=`` lists the rows of one number."""
    by, day, now = actor_of(request), today(), clock.now()
    rows: dict[str, list[Target]] = {code: [] for code in KINDS}
    found = selectors.of_kinds(by, KINDS).filter(until=None).select_related("kind", "area", "unit")
    for target in found.defer("sealed", "area__geometry", "area__wkb").order_by("sort_key", "pk"):
        rows[target.kind.code].append(target)
    wanted = request.GET.get("show", "points")
    chosen = next((f for f in FIGURES if f.code == wanted), FIGURES[0])
    figures = []
    shown: list[Target] = []
    for figure in FIGURES:
        value, targets = counted(figure, rows[figure.kind], day)
        if figure is chosen:
            shown = targets
        figures.append(
            {"figure": figure, "value": value, "late": figure.late and bool(value), "here": figure is chosen}
        )  # fmt: skip
    kind = next((k for k in selectors.kinds() if k.code == chosen.kind), None)
    asked = (
        [q for q in shared.plain_questions(shared.asked_of(kind)) if q.type != QuestionType.LONG_TEXT] if kind else []
    )
    context = {
        "figures": figures,
        "chosen": chosen,
        "kind": kind,
        "columns": [shared.label_of(q) for q in asked],
        "rows": [row_of(t, asked, now) for t in shown[:_SHOWN]],
        "may_add": kind is not None and shared.may_add(by, kind),
        "nav_here": shared.NAV,
    }
    return render(request, "desk/ledgers/flood.html", context)


def depths(request: HttpRequest, target: Target) -> str:
    """Return the depths told of a waterlogging point over time, each with the record that it is from."""
    known = selectors.dossier(actor_of(request), target.uuid).facts
    rows = [
        {
            "at": k.at,
            "depth": k.value,
            "by": k.by_label,
            "record": reverse("desk:record", args=[k.source_uuid]) if k.source_kind == "submission" else "",
            "checked": k.source_kind == "submission",
        }
        for k in known
        if k.field == "last_depth" and isinstance(k.value, int)
    ]
    deepest = max([_number(target, "depth"), *(int(str(r["depth"])) for r in rows)], default=0)
    return render_to_string("desk/ledgers/_depths.html", {"rows": rows, "deepest": deepest}, request)


def enter() -> None:
    """Register the dossier's part for waterlogging points."""
    sections.register("flood.depths", frozenset({"waterlogging"}), 10, depths)
