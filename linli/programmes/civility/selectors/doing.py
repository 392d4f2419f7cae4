"""Reads of what is done: the lists, the week, photos, campaigns, the log, advertising, volunteers, daily cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.cases.selectors import daily
from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.fieldwork.types import TargetFilter
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.rulebook import selectors as rulebook
from linli.programmes.civility.models import (
    Campaign,
    CampaignDay,
    LogEntry,
    PointType,
    Service,
    Shot,
    Standard,
    Todo,
    Trial,
    Volunteer,
)
from linli.programmes.civility.permissions import area_q, check_read, may_keep, units_of
from linli.programmes.civility.rules.advertising import Ad, Shown, matrix
from linli.programmes.civility.rules.amounts import Amount, summed
from linli.programmes.civility.types import ADS, KIND, Listed, TodoState

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target

MOST_LISTED = 300
_BORDERS = ("area__geometry", "area__wkb", "target__sealed")


@dataclass(frozen=True, slots=True)
class TodoFilter:
    """Which entries of the lists; what is empty does not narrow."""

    listed: str = ""
    state: str = ""
    work: str = ""
    unit_id: int | None = None
    text: str = ""
    late: bool = False


def todos(by: Actor, filters: TodoFilter, *, cursor: str = "", size: int = 50) -> Page[Todo]:
    """Return a page of the entries that ``by`` may read, those due first: one statement."""
    check_read(by)
    conditions = {
        "listed": filters.listed, "state": filters.state, "work": filters.work, "unit": filters.unit_id,
        "title__contains": filters.text.strip()[:60],
    }  # fmt: skip
    rows = Todo.objects.filter(area_q(by), **{k: v for k, v in conditions.items() if v})
    if filters.late:
        rows = rows.filter(state=TodoState.OPEN, due_on__lt=timezone.localdate(clock.now()))
    rows = rows.select_related("unit", "area", "target").defer(*_BORDERS)
    return keyset(rows, keys=[("due_on", date), ("id", int)], cursor=cursor, size=size)


def lists_of(by: Actor, trial: Trial) -> list[Todo]:
    """Return the entries of the lists (加减乘法) of a trial's days and area, by list and day; at most MOST_LISTED.

    Those entered in its days or due in them; the weeks' actions have pages of their own.
    """
    check_read(by)
    days = (trial.starts_on, trial.ends_on)
    rows = Todo.objects.filter(area_q(by), area_path__startswith=trial.area_path).exclude(listed=Listed.WEEK)
    rows = rows.exclude(state=TodoState.DROPPED).filter(Q(due_on__range=days) | Q(created_at__date__range=days))
    found = rows.select_related("unit", "area", "target").defer(*_BORDERS).order_by("due_on", "pk")[:MOST_LISTED]
    order = list(Listed.values)
    return sorted(found, key=lambda row: order.index(row.listed))


def todo_counts(by: Actor) -> dict[str, tuple[int, int, int]]:
    """Return list → (open, late, done): one statement."""
    today = timezone.localdate(clock.now())
    rows = Todo.objects.filter(area_q(by)).values("listed")
    counted = rows.annotate(
        open=Count("pk", filter=Q(state=TodoState.OPEN)),
        late=Count("pk", filter=Q(state=TodoState.OPEN, due_on__lt=today)),
        done=Count("pk", filter=Q(state=TodoState.DONE)),
    )
    return {r["listed"]: (r["open"], r["late"], r["done"]) for r in counted.order_by()}


def todo_for(by: Actor, uuid: UUID) -> Todo:
    """Return one entry.

    Raises:
        NotFoundError: there is none, or it is not for this person.
    """
    check_read(by)
    rows = Todo.objects.filter(area_q(by), uuid=uuid).select_related("unit", "area", "target").defer(*_BORDERS)
    found = rows.first()
    if found is None:
        raise NotFoundError(_("没有这个事项。"), code="civility.no_todo")
    return found


def week(by: Actor, monday: date) -> list[Todo]:
    """Return the actions of a week by unit, with their photos: two statements."""
    check_read(by)
    rows = Todo.objects.filter(area_q(by), week=monday).select_related("unit", "area", "target").defer(*_BORDERS)
    return list(rows.prefetch_related("shots__file").order_by("unit__name", "due_on", "pk")[:300])


def weeks(by: Actor, until: date, *, many: int = 8) -> list[dict[str, Any]]:
    """Return the weeks up to one with how many actions, and how many done: one statement."""
    rows = Todo.objects.filter(area_q(by), week__gt=until - timedelta(weeks=many), week__lte=until)
    counted = rows.values("week").annotate(all=Count("pk"), done=Count("pk", filter=Q(state=TodoState.DONE)))
    found = {r["week"]: (r["all"], r["done"]) for r in counted.order_by()}
    days = [until - timedelta(weeks=n) for n in range(many - 1, -1, -1)]
    return [{"week": day, "all": found.get(day, (0, 0))[0], "done": found.get(day, (0, 0))[1]} for day in days]


def shots(target: Target) -> list[Shot]:
    """Return the photos of a spot, the oldest first: one statement."""
    return list(Shot.objects.filter(target=target.pk).select_related("file").order_by("on", "id")[:200])


def spots(by: Actor, *, first: date, last: date, size: int = 60) -> list[tuple[Target, Shot, Shot]]:
    """Return points with the first and the last photo of a period, where there are two: for a month's comparison."""
    rows = Shot.objects.filter(on__gte=first, on__lte=last).select_related("file", "target__area", "target__kind")
    found: dict[int, list[Shot]] = defaultdict(list)
    for shot in rows.defer("target__area__geometry", "target__area__wkb").order_by("on", "id")[:2000]:
        found[shot.target_id].append(shot)
    readable = fieldwork.of_kinds(by, [KIND, ADS]).filter(pk__in=list(found)).values_list("pk", flat=True)
    allowed = set(readable)
    pairs = [(s[0].target, s[0], s[-1]) for pk, s in found.items() if len(s) > 1 and pk in allowed]
    return pairs[:size]


def shot_file(by: Actor, uuid: UUID) -> bool:
    """Return whether ``by`` may see a file: of a spot they may read, or of a campaign's day."""
    check_read(by)
    shot = Shot.objects.filter(file__uuid=uuid).select_related("target").first()
    if shot is not None:
        return fieldwork.of_kinds(by, [KIND, ADS]).filter(pk=shot.target_id).exists()
    rows = CampaignDay.objects.filter(Q(before__uuid=uuid) | Q(after__uuid=uuid)).values("campaign")
    return Campaign.objects.filter(area_q(by), pk__in=rows).exists()


def points(by: Actor, *, text: str = "", size: int = 300) -> list[Target]:
    """Return points that ``by`` may read, by address: for choosing one."""
    return list(fieldwork.page(by, TargetFilter((KIND,), text=text), size=size).rows)


def counts(campaign: Campaign, first: date, last: date) -> dict[str, Any]:
    """Return what was counted of a campaign's categories in a period: cases found, closed, open."""
    found = daily.of_categories(campaign.categories, first, last, area_path=campaign.area_path)
    return {
        "from": first.isoformat(), "to": last.isoformat(), "found": sum(d.found for d in found.values()),
        "closed": sum(d.closed for d in found.values()), "open": sum(d.open for d in found.values()),
        "of": {code: d.found for code, d in found.items()},
    }  # fmt: skip


def campaigns(
    by: Actor, *, kind: str = "", running: bool | None = None, text: str = "", cursor: str = "", size: int = 50
) -> Page[Campaign]:
    """Return a page of the campaigns that ``by`` may read, the newest first: one statement."""
    check_read(by)
    conditions = {"kind": kind, "title__contains": text.strip()[:60]}
    rows = Campaign.objects.filter(area_q(by), **{k: v for k, v in conditions.items() if v})
    if running is not None:
        rows = rows.filter(ended_at__isnull=running)
    rows = rows.select_related("unit", "area").defer("area__geometry", "area__wkb")
    rows = rows.annotate(heads=Sum("days__headcount"), times=Count("days"))
    return keyset(rows, keys=[("starts_on", date), ("id", int)], cursor=cursor, size=size, descending=True)


def campaign_for(by: Actor, uuid: UUID) -> Campaign:
    """Return one campaign.

    Raises:
        NotFoundError: there is none, or it is not for this person.
    """
    check_read(by)
    rows = Campaign.objects.filter(area_q(by), uuid=uuid).select_related("unit", "area")
    found = rows.defer("area__geometry", "area__wkb").first()
    if found is None:
        raise NotFoundError(_("没有这项行动。"), code="civility.no_campaign")
    return found


def days_of(campaign: Campaign) -> list[CampaignDay]:
    """Return what was done, the newest day first."""
    rows = CampaignDay.objects.filter(campaign=campaign).select_related("area", "before", "after")
    return list(rows.defer("area__geometry", "area__wkb")[:300])


def amounts_of(days: Iterable[CampaignDay]) -> list[Amount]:
    """Return the sums of what was done."""
    return summed(d.amounts for d in days)


def log(by: Actor, *, open_: bool | None = None, text: str = "", cursor: str = "", size: int = 50) -> Page[LogEntry]:
    """Return a page of the office's log: all for keepers, for others what their own units are asked for."""
    check_read(by)
    rows = LogEntry.objects.select_related("unit")
    if not may_keep(by):
        rows = rows.filter(unit__in=units_of(by))
    if open_ is not None:
        rows = rows.filter(closed_on__isnull=open_, unit__isnull=False) if open_ else rows.exclude(closed_on=None)
    if text.strip():
        rows = rows.filter(title__contains=text.strip()[:60])
    return keyset(rows, keys=[("on", date), ("id", int)], cursor=cursor, size=size, descending=True)


def log_for(by: Actor, uuid: UUID) -> LogEntry:
    """Return one line of the log.

    Raises:
        NotFoundError: there is none, or it is not for this person.
    """
    check_read(by)
    rows = LogEntry.objects.select_related("unit").filter(uuid=uuid)
    if not may_keep(by):
        rows = rows.filter(unit__in=units_of(by))
    found = rows.first()
    if found is None:
        raise NotFoundError(_("没有这条记录。"), code="civility.no_log")
    return found


@dataclass(frozen=True, slots=True)
class AdRow:
    """One point with its themes."""

    point: Target
    kind: str
    themes: dict[str, Shown]


def advertising(
    by: Actor, *, kind: str = "", area_path: str = "", text: str = "", cursor: str = "", size: int = 50
) -> tuple[Page[Target], list[AdRow]]:
    """Return a page of points with how each theme stands there: four statements."""
    facts = {"type": kind} if kind else {}
    page = fieldwork.page(
        by, TargetFilter((KIND,), area_path=area_path, text=text, facts=facts), cursor=cursor, size=size
    )
    asked = {t.code: t.themes for t in PointType.objects.all()}
    ads = fieldwork.of_kinds(by, [ADS]).filter(parent__in=[p.pk for p in page.rows], until=None).only("parent", "facts")
    found = matrix(
        {str(p.pk): asked.get(str(p.facts.get("type", "")), ()) for p in page.rows}, map(ad_of, ads),
        timezone.localdate(clock.now()),
    )  # fmt: skip
    return page, [AdRow(p, str(p.facts.get("type", "")), found[str(p.pk)]) for p in page.rows]


def ad_of(target: Target) -> Ad:
    """Return an advertisement as the rules take it."""
    facts = target.facts
    day = facts.get("replace_on")
    return Ad(
        str(target.parent_id), str(facts.get("theme", "")), facts.get("fixed") is True, str(facts.get("state", "")),
        date.fromisoformat(day) if day else None,
    )  # fmt: skip


def ads_at(by: Actor, point: Target) -> list[Target]:
    """Return the advertisements at a point."""
    rows = fieldwork.of_kinds(by, [ADS]).filter(parent=point.pk, until=None)
    return list(rows.order_by("name", "pk"))


def daily_of(standards: Sequence[Standard], *, area_path: str = "") -> dict[str, daily.Daily]:
    """Return standard → daily cases of its categories in the last days: they count without a second record."""
    today = timezone.localdate(clock.now())
    first = today - timedelta(days=int(rulebook.value("civility.daily.days", on=today)) - 1)
    codes = {c for s in standards for c in s.categories}
    found = daily.of_categories(codes, first, today, area_path=area_path)
    return {
        s.code: daily.Daily(
            sum(found[c].found for c in s.categories), sum(found[c].closed for c in s.categories),
            sum(found[c].open for c in s.categories),
        )
        for s in standards if s.categories
    }  # fmt: skip


def daily_days() -> int:
    """Return over how many days daily cases are counted."""
    return int(rulebook.value("civility.daily.days", on=timezone.localdate(clock.now())))


def volunteers(by: Actor, *, role: str = "", text: str = "", cursor: str = "", size: int = 50) -> Page[Volunteer]:
    """Return a page of volunteers of the units in which ``by`` works, all for who oversees, by number."""
    check_read(by)
    rows = Volunteer.objects.filter(until=None).select_related("unit")
    if not may_keep(by):
        rows = rows.filter(unit__in=units_of(by))
    if role:
        rows = rows.filter(role=role)
    if text.strip():
        rows = rows.filter(number__contains=text.strip()[:20])
    rows = rows.annotate(times=Count("services"), minutes=Sum("services__minutes"))
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size)


def volunteer_for(by: Actor, uuid: UUID) -> Volunteer:
    """Return one volunteer.

    Raises:
        NotFoundError: there is none, or of another unit.
    """
    check_read(by)
    rows = Volunteer.objects.select_related("unit").filter(uuid=uuid)
    if not may_keep(by):
        rows = rows.filter(unit__in=units_of(by))
    found = rows.first()
    if found is None:
        raise NotFoundError(_("没有这位志愿者。"), code="civility.no_volunteer")
    return found


def services_of(volunteer: Volunteer) -> list[Service]:
    """Return what a volunteer did, the newest first."""
    return list(Service.objects.filter(volunteer=volunteer).select_related("target").order_by("-on", "-pk")[:200])


def role_counts(by: Actor) -> dict[str, int]:
    """Return role → how many volunteers: one statement."""
    rows = Volunteer.objects.filter(until=None)
    if not may_keep(by):
        rows = rows.filter(unit__in=units_of(by))
    return dict(rows.values_list("role").annotate(n=Count("pk")).order_by())
