"""Reads of the watch over cleared flats."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.fieldwork.models import Finding, Watch, WatchReport
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.rules.housing import Report, Watched, watch
from linli.foundation.core.actors import Actor
from linli.foundation.people.selectors import local_day


def watches(actor: Actor) -> QuerySet[Watch]:
    """Return the watches that somebody may read: of their grid, of their firm, of the subdistrict."""
    q = Q() if actor.is_system else Q(unit__in=doors.working_units(actor))
    for grant in doors.staff_grants(actor):
        if grant.role in doors.WIDE or (grant.role in doors.IN_AREA and grant.area_path):
            q |= Q(area_path__startswith=grant.area_path)
    return Watch.objects.filter(q).select_related("target", "unit").order_by("until", "id")


def standing(row: Watch, now: datetime) -> Watched:
    """Return how a watched flat stands: the firm's reports, and what others found there since."""
    return standings([row], now)[row.pk]


def standings(rows: Sequence[Watch], now: datetime) -> dict[int, Watched]:
    """Return how watched flats stand, by row: two statements, whatever their number."""
    zone = ZoneInfo(settings.TIME_ZONE)
    reports: dict[int, list[Report]] = {row.pk: [] for row in rows}
    for pk, day, again in WatchReport.objects.filter(watch__in=list(reports)).values_list("watch", "day", "again"):
        reports[pk].append(Report(day, again))
    found: dict[int, list[tuple[str, str, datetime]]] = {}
    seen = Finding.objects.filter(target__in={row.target_id for row in rows}).exclude(state="dropped")
    for target, item, category, at in seen.values_list("target", "item", "category", "found_at"):
        found.setdefault(target or 0, []).append((item, category, at))
    by_day, today = int(rule_number("fieldwork.watch.by_day", 10, now)), local_day(now)
    return {
        row.pk: watch(
            row.cleared_on,
            reports[row.pk],
            today,
            by_day=by_day,
            days=(row.until - row.cleared_on).days,
            relapses=[
                local_day(at)
                for item, category, at in found.get(row.target_id, [])
                if at > datetime.combine(row.cleared_on, time.max, zone) and _again(row, item, category)
            ],
        )
        for row in rows
    }


def _again(row: Watch, item: str, category: str) -> bool:
    """Return whether a finding is what was cleared, begun again: the same item, or the same kind."""
    return bool(row.item and row.item == item) or bool(row.category and row.category == category)
