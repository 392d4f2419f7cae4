"""Rounds and visits: lists, what is mine today, how far a round is, and who was reached of whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Attempt, Round, Target, Visit
from linli.engines.fieldwork.permissions import (
    check_read,
    check_round,
    guarded_q,
    may_count,
    may_make,
    may_plan,
    mine_q,
    readable,
    rounds_q,
)
from linli.engines.fieldwork.rules import coverage as rule
from linli.engines.fieldwork.rules.rounds import Knocking
from linli.engines.fieldwork.rules.routing import Walk, route, times
from linli.engines.fieldwork.rules.same import folded
from linli.engines.fieldwork.types import Span, Walking
from linli.engines.fieldwork.types import Visit as Stop
from linli.engines.fieldwork.workflow import VISIT_OPEN, RoundState, VisitState
from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import Point
from linli.foundation.core.errors import ForbiddenError, NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.rulebook import selectors as rulebook

_WITH = ("round", "target__kind", "user", "second", "unit")


def zone() -> ZoneInfo:
    """Return the zone of the place."""
    found = timezone.get_default_timezone()
    return found if isinstance(found, ZoneInfo) else ZoneInfo("Asia/Shanghai")


def _value(code: str, on: date) -> Any:
    return rulebook.value(f"fieldwork.{code}", on=on)


def knocking(on: date) -> Knocking:
    """Return when a closed door counts as not reached, as the rulebook has it on a day."""
    return Knocking(
        int(_value("knock.tries", on)),
        tuple(int(n) for n in _value("knock.parts", on)),
        int(_value("knock.until", on)),
        int(_value("knock.differing", on)),
        int(_value("knock.apart", on)),
        bool(_value("knock.weekend", on)),
    )


def walking(on: date) -> Walking:
    """Return how fast people get about, as the rulebook has it on a day."""
    return Walking(int(_value("walk.metres_per_minute", on)), int(_value("walk.detour", on)))


def visit_minutes(on: date) -> int:
    """Return how long a visit takes, as the rulebook has it on a day."""
    return int(_value("visit.minutes", on))


@dataclass(frozen=True, slots=True)
class RoundFilter:
    """Which rounds; what is empty does not narrow.

    Attributes:
        since, until: those that run on any day between these.
    """

    states: tuple[str, ...] = ()
    programme: str = ""
    kind: str = ""
    area_path: str = ""
    unit_id: int | None = None
    text: str = ""
    since: date | None = None
    until: date | None = None


def rounds(by: Actor, filters: RoundFilter, *, cursor: str = "", size: int = 50) -> Page[Round]:
    """Return a page of the rounds that ``by`` may read, the newest first: one statement."""
    conditions = {
        "state__in": filters.states,
        "programme": filters.programme,
        "kind__code": filters.kind,
        "area_path__startswith": filters.area_path,
        "unit": filters.unit_id,
        "title__contains": filters.text.strip()[:80],
        "ends_on__gte": filters.since,
        "starts_on__lte": filters.until,
    }
    rows = Round.objects.filter(rounds_q(by), **{k: v for k, v in conditions.items() if v})
    rows = rows.select_related("kind", "unit", "area", "form").defer("area__geometry", "area__wkb")
    return keyset(rows, keys=[("starts_on", date), ("id", int)], cursor=cursor, size=size, descending=True)


def round_for(by: Actor, uuid: UUID) -> Round:
    """Return one round with form, ledger, unit and area.

    Raises:
        NotFoundError: there is none, or it is not for this person.
    """
    rows = Round.objects.select_related("kind", "unit", "area", "form", "form_version")
    found = rows.defer("area__geometry", "area__wkb").filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这项走访检查。"), code="fieldwork.no_round")
    check_round(by, found)
    return found


def _visible(by: Actor, round_: Round) -> QuerySet[Visit]:
    """Return the visits of a round that ``by`` may read: to guarded targets only of their own grid."""
    rows = Visit.objects.filter(round=round_)
    guarded = Q(target__in=Target.objects.filter(guarded_q(by)).values("pk"))
    if may_plan(by, round_.unit_id, round_.area_path):
        return rows.filter(Q(guarded=False) | guarded)
    plain = Q(target__in=readable(by, guarded=False).values("pk")) | (mine_q(by) & Q(guarded=False))
    return rows.filter(plain | guarded)


def visits(
    by: Actor, round_: Round, *, states: Sequence[str] = (), user_id: int | None = None, nobody: bool = False,
    area_path: str = "", occasion: date | None = None, cursor: str = "", size: int = 50,
) -> Page[Visit]:  # fmt: skip
    """Return a page of a round's visits by when they are due: two statements.

    Args:
        nobody: those only that nobody is to make.

    Raises:
        NotFoundError: the round is not for this person.
    """
    check_round(by, round_)
    conditions = {"state__in": states, "area_path__startswith": area_path, "occasion": occasion}
    rows = _visible(by, round_).filter(**{k: v for k, v in conditions.items() if v})
    if user_id is not None:
        rows = rows.filter(Q(user=user_id) | Q(second=user_id))
    if nobody:
        rows = rows.filter(user=None)
    rows = rows.select_related(*_WITH).defer("target__sealed")
    return keyset(rows, keys=[("due_on", date), ("id", int)], cursor=cursor, size=size)


def is_guarded(round_: Round) -> bool:
    """Return whether a round goes to homes or others of a guarded kind, whose names leave in no file."""
    known = round_.kind is not None and round_.kind.guarded
    return known or Visit.objects.filter(round=round_, guarded=True).exists()


def visit_for(by: Actor, uuid: UUID) -> Visit:
    """Return one visit with round and target: for who goes, who may read the target, and who leads the round.

    Raises:
        NotFoundError: there is none, or it is not for this person.
    """
    found = Visit.objects.select_related(*_WITH, "round__form_version").filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这次走访。"), code="fieldwork.no_visit")
    leads = not found.target.kind.guarded and may_plan(by, found.round.unit_id, found.round.area_path)
    if not leads and not may_make(by, found):
        check_read(by, found.target)
    return found


def today(by: Actor, day: date, *, ahead: int = 0, most: int = 200) -> list[Visit]:
    """Return the visits that somebody is to make, due or planned up to a day, in the order of their walk.

    Those planned for a later day come when it comes; guarded ones only to who still works in their grid.

    Args:
        ahead: so many days more, those that begin first coming first where there are more than ``most``.
    """
    if by.user_id is None:
        return []
    rows = Visit.objects.filter(Q(user=by.user_id) | Q(second=by.user_id), state__in=VISIT_OPEN)
    last_day = day + timedelta(days=ahead)
    rows = rows.filter(round__state=RoundState.OPEN, occasion__lte=last_day)
    rows = rows.filter(Q(guarded=False) | Q(target__in=Target.objects.filter(guarded_q(by)).values("pk")))
    rows = rows.filter(Q(planned_on__isnull=True) | Q(planned_on__lte=last_day)).select_related(*_WITH)
    order = ["due_on", "pk"]
    if ahead:
        rows = rows.annotate(begins=Greatest("occasion", Coalesce("planned_on", "occasion"), Value(day)))
        order = ["begins", *order]
    found = list(rows.defer("target__sealed").order_by(*order)[:most])
    last = len(found)
    return sorted(found, key=lambda v: (max(begins(v), day), v.place_in_walk or last + 1, v.due_on, v.pk))


def begins(visit: Visit) -> date:
    """Return the day from which a visit is on its walker's list: its occasion's first, or the later one planned."""
    return max(visit.occasion, visit.planned_on or visit.occasion)


def free_near(by: Actor, *, most: int = 50) -> list[Visit]:
    """Return the visits that nobody has and that ``by`` may take, the most urgent first."""
    rows = Visit.objects.filter(user=None, state__in=VISIT_OPEN, round__state=RoundState.OPEN)
    mine = Q(target__in=readable(by, guarded=False).values("pk"))
    mine |= Q(target__in=readable(by, guarded=True).values("pk"))
    return list(rows.filter(mine).select_related(*_WITH).defer("target__sealed").order_by("due_on", "pk")[:most])


def _stops(found: Sequence[Visit], day: date) -> list[Stop]:
    minutes = visit_minutes(day)
    return [
        Stop(str(v.uuid), minutes, None if v.target.lat is None else Point(v.target.lat, v.target.lon or 0.0))
        for v in found
    ]


def walk(by: Actor, shift: Span, *, start: Point | None = None) -> Walk:
    """Return when each of today's visits would be, in the order in which the person put them."""
    found = today(by, shift.day, most=100)
    return times(_stops(found, shift.day), shift, start=start, walking=walking(shift.day))


def shorter_walk(by: Actor, shift: Span, *, start: Point | None = None, pinned: Sequence[UUID] = ()) -> Walk:
    """Return a short walk over today's visits as a proposal; the order as it is stays until the person takes it.

    Raises:
        ValueError: a pinned visit is not among them.
    """
    found = today(by, shift.day, most=100)
    return route(
        _stops(found, shift.day), shift, start=start, walking=walking(shift.day), pinned=[str(u) for u in pinned]
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a part of a round is: planned and done, and those given up after enough tries."""

    key: str
    done: rule.Coverage
    unreached: int


def progress(by: Actor, round_: Round, *, of: str = "area") -> list[Progress]:
    """Return how far a round is, by ``area`` (path), ``unit``, ``occasion`` or ``tag``: numbers alone.

    Raises:
        NotFoundError: the round is not for this person. ValueError: by nothing that is known.
    """
    check_round(by, round_)
    if of not in {"area", "unit", "occasion", "tag"}:
        raise ValueError(of)
    rows = Visit.objects.filter(round=round_).exclude(state=VisitState.DROPPED)
    counted: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    if of == "tag":
        for tags, state in rows.values_list("target__tags", "state"):
            for tag in tags:
                counted[tag][state] += 1
    else:
        column = {"area": "area_path", "unit": "unit", "occasion": "occasion"}[of]
        for key, state, n in rows.values_list(column, "state").annotate(n=Count("pk")).order_by():
            counted["" if key is None else str(key)][state] += n
    return [
        Progress(key, rule.progress(sum(n.values()), n[VisitState.DONE]), n[VisitState.UNREACHED])
        for key, n in sorted(counted.items())
    ]


@dataclass(frozen=True, slots=True)
class CoverageOf:
    """What coverage is asked for.

    Attributes:
        kind: the ledger's code.
        area_path: an area with all below.
        split: ``area``, ``tag`` or ``period``; empty: as a whole.
        depth: for ``area``, how many levels from the root are told apart; 0: the smallest.
        periods: for ``period``, its parts.
        entities: whole firms and households count once, whatever stands in them.
    """

    kind: str
    period: rule.Period
    area_path: str = ""
    split: str = ""
    depth: int = 0
    periods: tuple[rule.Period, ...] = ()
    present: rule.Present = rule.Present.ANY
    entities: bool = False
    tag: str = ""


def coverage(by: Actor, asked: CoverageOf) -> dict[str, rule.Coverage]:
    """Return who was reached of whom, by part (as a whole under ``""``): numbers alone, of guarded kinds too.

    A double counts as the target that it was merged into. A door at which nobody opened is an attempt.

    Raises:
        ForbiddenError: not who reads numbers there.
    """
    path = asked.area_path
    wide = by.is_system or (any(path.startswith(g.area_path) for g in by.grants) and may_count(by))
    if not wide:
        raise ForbiddenError(_("覆盖率由本网格和街道查看。"), code="fieldwork.coverage", hint=_("请联系他们。"))
    rows = Target.objects.filter(kind__code=asked.kind, area_path__startswith=path)
    if asked.tag:
        rows = rows.filter(words__contains=f"#{folded(asked.tag)}#")
    targets, main = _rows(rows, asked)
    visited = _visited(asked, main)
    if asked.entities:
        return {"": rule.entity_coverage(targets, visited, asked.period, asked.present)}
    if asked.split == "area":
        return rule.by_area(targets, visited, asked.period, asked.present)
    if asked.split == "tag":
        return rule.by_tag(targets, visited, asked.period, asked.present)
    if asked.split == "period":
        found = rule.by_period(targets, visited, asked.periods, asked.present)
        return {p.first.isoformat(): c for p, c in zip(asked.periods, found, strict=True)}
    return {"": rule.coverage(targets, visited, asked.period, asked.present)}


def _rows(rows: QuerySet[Target], asked: CoverageOf) -> tuple[list[rule.Target], dict[int, str]]:
    """Return the ledger as the rules take it, and row → key of all of it, doubles under the key of the other's."""
    columns = ("pk", "since", "until", "area_path", "tags", "merged_into", "parent")
    found = list(rows.filter(since__lte=asked.period.last).values_list(*columns))
    into = {pk: merged for pk, *_rest, merged, _parent in found if merged is not None}
    main: dict[int, str] = {}
    for pk, *_rest in found:
        at = pk
        while at in into:
            at = into[at]
        main[pk] = str(at)
    targets = [
        rule.Target(
            str(pk), since, until, _cut(path, asked.depth), frozenset(tags),
            str(parent) if asked.entities and parent is not None else "",
        )
        for pk, since, until, path, tags, merged, parent in found
        if merged is None
    ]  # fmt: skip
    return targets, main


def _cut(path: str, depth: int) -> str:
    ids = path.strip("/").split("/") if path else []
    return f"/{'/'.join(ids[:depth])}/" if depth and len(ids) > depth else path


def _visited(asked: CoverageOf, main: dict[int, str]) -> list[rule.Visited]:
    here = zone()
    first = min([asked.period.first, *(p.first for p in asked.periods)])
    done = Visit.objects.filter(target__kind__code=asked.kind, state=VisitState.DONE, done_at__date__gte=first)
    tried = Attempt.objects.filter(visit__target__kind__code=asked.kind, at__date__gte=first)
    found = [
        rule.Visited(main[target], at.astimezone(here).date())
        for target, at in done.values_list("target", "done_at")
        if target in main and at is not None
    ]
    found += [
        rule.Visited(main[target], at.astimezone(here).date(), met=False)
        for target, at in tried.values_list("visit__target", "at")
        if target in main
    ]
    return found
