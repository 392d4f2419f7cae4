"""What waits for whom: the counts of the tabs and inboxes, saved filters, cases by number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from linli.engines.cases.models import Case, CaseEvent, SavedFilter
from linli.engines.cases.permissions import visible
from linli.engines.cases.selectors.boxes import TABS, box_condition, kept
from linli.engines.cases.selectors.cases import BULK_LIMIT, Filters, narrow
from linli.engines.cases.selectors.counting import OPEN, any_of, before, count_each
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.prepared import NUMBER, Prepared


def inbox_counts(actor: Actor, filters: Filters, boxes: Sequence[str], *, now: datetime) -> dict[str, int]:
    """Return how many open cases each tab and each of ``boxes`` holds, in one statement.

    Keys: ``all``, ``new``, ``doing``, ``check``, ``overdue``, ``todo`` (in any of the boxes) and
    ``box_<code>``. Tab, box and search of ``filters`` are left out; place, kind and period count.
    """
    wide = replace(
        filters, box="", states=(), overdue=False, due_by=None, open=None, closed_since=None, order="new", text=""
    )
    wanted = {tab: kept(f"tab {tab}") & OPEN for tab in TABS}
    wanted |= {"all": OPEN, "overdue": OPEN & before("due_at", now)}
    mine = {}
    for box in boxes:
        inside = box_condition(actor, box, now)
        mine[f"box_{box}"] = inside if box == "review" else inside & OPEN
    wanted |= {**mine, "todo": any_of(list(mine.values()))}
    rows = narrow(visible(actor), actor, wide, now)
    return count_each(rows, [(any_of([OPEN, kept("review")]), wanted)])


_SAVED = Prepared(lambda user: SavedFilter.objects.filter(user=user), [NUMBER])


def saved_filters(user_id: int | None) -> list[SavedFilter]:
    """Return the filters that a user has kept, by name."""
    return _SAVED.all(user_id) if user_id is not None else []


def by_numbers(actor: Actor, numbers: Sequence[str]) -> list[Case]:
    """Return those of ``numbers`` (at most ``BULK_LIMIT``) that ``actor`` may read, in their order."""
    wanted = list(dict.fromkeys(numbers))[:BULK_LIMIT]
    found = visible(actor).filter(number__in=wanted).select_related("category", "category_version", "unit", "area")
    by_number = {c.number: c for c in found}
    return [by_number[n] for n in wanted if n in by_number]


def events_after(case: Case, version: int) -> list[CaseEvent]:
    """Return what was done to ``case`` after somebody saw its ``version``, oldest first."""
    return list(CaseEvent.objects.filter(case=case.pk, seq__gt=version).order_by("seq")[:20])


def events_before(case: Case, seq: int, *, limit: int = 200) -> list[CaseEvent]:
    """Return older acts on ``case``, newest first: those below the number ``seq``."""
    return list(CaseEvent.objects.filter(case=case.pk, seq__lt=seq).order_by("-seq")[:limit])
