"""The workbench's filters in an address, read for paper and table files: the same names, unknown values left out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import QueryDict

from linli.engines.cases.selectors import Filters
from linli.engines.cases.types import Source
from linli.engines.cases.workflow import BEFORE_DISPATCH, WITH_UNIT, Level, State
from linli.foundation.core.errors import NotFoundError
from linli.foundation.places import selectors as places
from linli.interfaces.desk.cases.forms import FIGURES
from linli.interfaces.desk.doors import day_of, id_of, local

TABS: dict[str, tuple[str, ...]] = {
    "new": tuple(s.value for s in [*BEFORE_DISPATCH, State.AWAITING_INFO, State.RETURN_PENDING]),
    "doing": tuple(s.value for s in WITH_UNIT),
    "check": (State.TO_CHECK.value, State.TO_REPLY.value),
}


def _area_path(text: str) -> str:
    area_id = id_of(text)
    if area_id is None:
        return ""
    try:
        return str(places.area(area_id).path)
    except NotFoundError:
        return ""


def _one(value: str, known: list[str]) -> tuple[str, ...]:
    return (value,) if value in known else ()


def _due(data: QueryDict, now: datetime) -> tuple[bool, datetime | None]:
    """Return (overdue only, due before)."""
    due = data.get("due", "")
    if due == "today":
        return False, local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return due == "overdue" or data.get("tab") == "overdue", None


def filters_of(data: QueryDict, now: datetime) -> Filters:
    """Return the filters that the address of a list names."""
    tab, category = data.get("tab", ""), data.get("category", "")
    states = tuple(s for s in data.getlist("state") if s in State.values) or TABS.get(tab, ())
    closed = tab == "closed"
    overdue, due_by = _due(data, now)
    return Filters(
        box=data.get("box", ""),
        states=states,
        open=False if closed else None,
        overdue=overdue,
        due_by=due_by,
        categories=(category,) if category else (),
        levels=_one(data.get("level", ""), Level.values),
        sources=_one(data.get("source", ""), Source.values),
        area_path=_area_path(data.get("area", "")),
        unit_id=id_of(data.get("unit", "")),
        urgent=bool(data.get("urgent")),
        relapse=bool(data.get("relapse")),
        figure=data.get("figure", "") if data.get("figure") in FIGURES else "",
        since=day_of(data.get("since", "")),
        until=day_of(data.get("until", "")),
        text=data.get("q", "")[:60],
        order="new" if closed or data.get("order") == "new" else "due",
    )
