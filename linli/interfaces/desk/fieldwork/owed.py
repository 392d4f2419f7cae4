"""What fieldwork owes: visits that fall due, records sent back to correct, records that wait for a review."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.selectors import boards
from linli.interfaces.desk.doors import local
from linli.interfaces.desk.owed.providers import MOST, Asked, Owed, register

LOOKED_AT = 60  # records that wait; who reviews thousands opens the queue


def _end_of(day: date, now: datetime) -> datetime:
    return local(now).replace(year=day.year, month=day.month, day=day.day, hour=23, minute=59, second=0, microsecond=0)


def visits_owed(asked: Asked) -> list[Owed]:
    """Return the visits that fall due: mine, or my units'."""
    found = boards.unit_visits if asked.units else boards.open_visits
    return [
        Owed(
            _("走访"), v.target.name, reverse("desk:visit", args=[v.uuid]),
            _end_of(v.planned_on or v.due_on, asked.now),
            act=v.get_state_display(), who=v.user.display_name if asked.units and v.user is not None else "",
            note=v.round.title,
        )
        for v in found(asked.actor, asked.until, most=MOST)
    ]  # fmt: skip


def corrections_owed(asked: Asked) -> list[Owed]:
    """Return the records that were sent back to correct: today's, whenever that was."""
    return [
        Owed(
            _("走访记录"), r.target.name if r.target is not None else str(r.round),
            reverse("desk:record", args=[r.uuid]), _end_of(asked.today, asked.now), act=_("待更正"), note=r.returned,
        )
        for r in selectors.owed_corrections(asked.actor)[:MOST]
    ]  # fmt: skip


def reviews_owed(asked: Asked) -> list[Owed]:
    """Return, as one entry for each round, the records that wait for this person's review."""
    waiting: dict[int, list[object]] = {}
    found: list[Owed] = []
    for row in selectors.to_review(asked.actor)[:LOOKED_AT]:
        if row.round is not None and doors.may_judge(asked.actor, row):
            waiting.setdefault(row.round.pk, [row.round]).append(row)
    for round_, *rows in waiting.values():
        url = reverse("desk:review") + f"?round={round_.uuid}"  # type: ignore[attr-defined]
        act = _("%(n)s 份记录待审核") % {"n": len(rows)}
        found.append(Owed(_("走访审核"), str(round_), url, _end_of(asked.today, asked.now), act=act))
    return found


def enter() -> None:
    """Register what fieldwork owes."""
    register("visits", gettext_lazy("走访"), visits_owed)
    register("visit_corrections", gettext_lazy("走访记录"), corrections_owed)
    register("visit_reviews", gettext_lazy("走访审核"), reviews_owed)
