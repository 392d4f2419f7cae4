"""What happened to cases, as plain values in their order: for those who count."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from linli.engines.cases.models import Case, CaseEvent
from linli.engines.cases.types import Told

_STEP = 500


def histories(uuids: Collection[UUID]) -> dict[int, list[Told]]:
    """Return case id → what happened to it, first to last: one statement for some hundreds of cases."""
    found: dict[int, list[Told]] = {}
    wanted = sorted(uuids)
    for begin in range(0, len(wanted), _STEP):
        some = Case.objects.filter(uuid__in=wanted[begin : begin + _STEP])
        rows = CaseEvent.objects.filter(case__in=some.values("pk"))
        for case_id, *rest in rows.order_by("case", "seq").values_list("case", "seq", "verb", "at", "data", "changes"):
            found.setdefault(case_id, []).append(Told(*rest))
    return found


def every_case(size: int = _STEP) -> Iterator[list[UUID]]:
    """Return the cases there are, the oldest first, some at a time."""
    last = 0
    while rows := list(Case.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "uuid")[:size]):
        yield [uuid for _pk, uuid in rows]
        last = rows[-1][0]


def moved_by_day(zone: ZoneInfo) -> dict[date, set[UUID]]:
    """Return day → the cases on which something was done: reads every event there is, for counting all again."""
    found: dict[date, set[UUID]] = {}
    for at, uuid in CaseEvent.objects.order_by().values_list("at", "case__uuid").iterator(chunk_size=5000):
        found.setdefault(at.astimezone(zone).date(), set()).add(uuid)
    return found
