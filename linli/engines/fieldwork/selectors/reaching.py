"""Who was not reached: the targets of a ledger at which nobody was in a period."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time
from typing import TYPE_CHECKING

from linli.engines.fieldwork.models import Visit
from linli.engines.fieldwork.rules.coverage import Period
from linli.engines.fieldwork.selectors.rounds import zone
from linli.engines.fieldwork.selectors.targets import matching, of_kinds
from linli.engines.fieldwork.types import TargetFilter
from linli.engines.fieldwork.workflow import VisitState
from linli.foundation.core.actors import Actor
from linli.foundation.core.paging import Page, keyset

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target


def not_reached(
    by: Actor, kind: str, period: Period, *, area_path: str = "", tag: str = "", cursor: str = "", size: int = 50
) -> Page[Target]:
    """Return a page of the targets that ``by`` may read and at which nobody was in a period, by address.

    Doors at which nobody opened are among them. Of a guarded kind these are the targets of one's own grid alone.
    """
    first = datetime.combine(period.first, time.min, zone())
    last = datetime.combine(period.last, time.max, zone())
    done = Visit.objects.filter(state=VisitState.DONE, done_at__gte=first, done_at__lte=last)
    rows = matching(of_kinds(by, [kind]), TargetFilter((kind,), area_path=area_path, tag=tag))
    rows = rows.filter(since__lte=period.last).exclude(pk__in=done.values("target"))
    rows = rows.select_related("kind", "parent").defer("sealed")
    return keyset(rows, keys=[("sort_key", str), ("id", int)], cursor=cursor, size=size)


def visit_states(programme: str, targets: Collection[int]) -> dict[int, str]:
    """Return target → the state of its newest visit in the rounds of a programme: one statement."""
    rows = Visit.objects.filter(round__programme=programme, target__in=targets).order_by("occasion", "pk")
    return dict(rows.values_list("target", "state"))
