"""Trying routing rules out: on one place, and on the cases of the last year. No case changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, Category, RoutingDraft, RoutingMove, RoutingTrial
from linli.engines.cases.rules.routing import Facts, Route, RuleSpec, looks_at_zones, route
from linli.engines.cases.rules.routing_data import read_rules
from linli.engines.cases.selectors import directory
from linli.engines.cases.selectors import routing as selectors
from linli.engines.cases.selectors.settings import number
from linli.engines.cases.services.clocks import local
from linli.engines.cases.services.routes import zones_of
from linli.engines.cases.services.routing import PERMISSION
from linli.engines.cases.types import Kind
from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import Point
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import NotFoundError
from linli.foundation.journal import services as journal
from linli.foundation.people import permissions
from linli.foundation.places import selectors as places
from linli.foundation.places.types import Location

DAYS = 365
STRETCH = 2_000
_FACTS = (
    "pk",
    "category_id",
    "area_path",
    "source",
    "reported_at",
    "answers",
    "subject_unit_id",
    "lat",
    "lon",
    "unit_id",
    "dispatched_at",
)
UnitFor = Callable[[str, str], int | None]


@dataclass(frozen=True, slots=True)
class Tried:
    """What the rules do with one place: the route, and where else it may go when a border is near."""

    facts: Facts
    found: Route
    where: Location
    across: tuple[tuple[str, Route], ...]


def try_place(
    rules: Sequence[RuleSpec],
    *,
    category: str,
    source: str,
    at: datetime,
    point: Point | None = None,
    area_id: int | None = None,
    answers: Mapping[str, Any] | None = None,
) -> Tried:
    """Return where ``rules`` would send a report of ``category`` from ``source`` at a place and a moment.

    Within the rulebook's distance of a border the route from the other side is worked out too, as for a real report.
    """
    moment = local(at)
    where = places.locate(point, moment.date()) if point is not None else Location()
    if where.area_id is None and area_id is not None:
        area = places.area(area_id)
        names = (*(a.name for a in places.ancestors(area)),)
        where = Location(area_id=area.pk, area_path=area.path, names=names, layers=where.layers)
    facts = Facts(
        category=category,
        area_path=where.area_path,
        source=source,
        local_time=moment.time(),
        answers=dict(answers or {}),
        zones=tuple(layer.path for layer in where.layers),
        local_date=moment.date(),
    )
    found = route(rules, facts, directory.unit_for)
    near = number("cases.border.metres", 30, at)
    beside = where.neighbours[:1] if where.border_metres is not None and where.border_metres <= near else ()
    across = tuple((ref.name, route(rules, _elsewhere(facts, ref.path), directory.unit_for)) for ref in beside)
    return Tried(facts, found, where, across)


def _elsewhere(facts: Facts, path: str) -> Facts:
    return Facts(
        category=facts.category,
        area_path=path,
        source=facts.source,
        local_time=facts.local_time,
        answers=facts.answers,
        subject_unit_id=facts.subject_unit_id,
        zones=facts.zones,
        local_date=facts.local_date,
    )


@whole
def start_trial(*, by: Actor, now: datetime) -> RoutingTrial:
    """Begin a dry run of the draft over the problems of the last 365 days, or return the one begun.

    Earlier runs are thrown away: what they showed is of lists that are no more.

    Raises:
        NotFoundError: there is no draft.
    """
    permissions.check(by, PERMISSION)
    draft = RoutingDraft.objects.select_for_update().order_by("pk").first()
    if draft is None:
        raise NotFoundError(_("没有草稿可以试运行。"), code="cases.routing_draft")
    known = selectors.trial_of(draft)
    if known is not None:
        return known
    RoutingMove.objects.all().delete()
    RoutingTrial.objects.all().delete()
    since = now - timedelta(days=DAYS)
    rows = Case.objects.filter(reported_at__gte=since, reported_at__lte=now, kind=Kind.PROBLEM)
    total = rows.count()
    trial = RoutingTrial.objects.create(
        digest=selectors.digest_of(draft),
        since=since,
        until=now,
        total=total,
        cursor=selectors.oldest_since(since),
        finished_at=None if total else now,
        started_by=by.label,
    )
    journal.record(
        by=by,
        verb="cases.routing_try",
        kind="routing",
        uuid=None,
        label=str(draft.version),
        now=now,
        after={"cases": total},
    )
    return trial


def remembering(unit_for: UnitFor) -> UnitFor:
    """Return ``unit_for`` that asks for each kind and place once."""
    known: dict[tuple[str, str], int | None] = {}

    def asked(kind: str, path: str) -> int | None:
        if (kind, path) not in known:
            known[kind, path] = unit_for(kind, path)
        return known[kind, path]

    return asked


def _facts(row: tuple[Any, ...], codes: Mapping[int, str], *, zones: bool) -> Facts:
    _pk, category, path, source, reported_at, answers, subject, lat, lon, _unit, _sent = row
    at = local(reported_at)
    return Facts(
        category=codes.get(category, ""),
        area_path=path,
        source=source,
        local_time=at.time(),
        answers=answers if isinstance(answers, dict) else {},
        subject_unit_id=subject,
        zones=zones_of(lat, lon, at.date()) if zones else (),
        local_date=at.date(),
    )


@whole
def run_stretch(*, by: Actor, now: datetime, trial_id: int, size: int = STRETCH) -> RoutingTrial:
    """Try the draft on the next ``size`` cases of a dry run; return how it stands. Done twice it counts once.

    Raises:
        NotFoundError: the run is no more, or the draft is another one meanwhile.
    """
    permissions.check(by, PERMISSION)
    trial = RoutingTrial.objects.select_for_update().filter(pk=trial_id).first()
    draft = selectors.draft()
    if trial is None or draft is None or trial.digest != selectors.digest_of(draft):
        raise NotFoundError(
            _("草稿已有改动，这次试运行作废。"), code="cases.routing_trial", hint=_("请重新开始试运行。")
        )
    if trial.finished_at is not None:
        return trial
    old, _old_broken = read_rules(selectors.in_force())
    new, _new_broken = read_rules(draft.rules)
    rows = list(
        Case.objects.filter(
            pk__gt=trial.cursor, reported_at__gte=trial.since, reported_at__lte=trial.until, kind=Kind.PROBLEM
        )
        .order_by("pk")
        .values_list(*_FACTS)[:size]
    )
    RoutingMove.objects.bulk_create(_compared(trial, rows, old, new), batch_size=1_000)
    trial.done += len(rows)
    trial.cursor = rows[-1][0] if rows else trial.cursor
    if len(rows) < size:
        trial.finished_at, trial.total = now, trial.done
    trial.save()
    return trial


def _compared(
    trial: RoutingTrial, rows: Sequence[tuple[Any, ...]], old: Sequence[RuleSpec], new: Sequence[RuleSpec]
) -> list[RoutingMove]:
    """Count on ``trial`` what becomes of ``rows``; return those that would go elsewhere."""
    codes = dict(Category.objects.values_list("pk", "code"))
    unit_for, zones = remembering(directory.unit_for), looks_at_zones([*old, *new])
    moves = []
    for row in rows:
        facts = _facts(row, codes, zones=zones)
        before, after = route(old, facts, unit_for).unit_id, route(new, facts, unit_for).unit_id
        if before == after:
            trial.same += 1
        else:
            moves.append(RoutingMove(trial=trial, case_id=row[0], from_unit=before, to_unit=after))
            trial.nowhere += after is None
            trial.found += before is None
            trial.elsewhere += before is not None and after is not None
        if row[-1] is not None:
            trial.dispatched += 1
            trial.now_agrees += before == row[-2]
            trial.then_agrees += after == row[-2]
    return moves
