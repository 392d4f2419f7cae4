"""Who might go where: by grid, or as an even load with short walks. A proposal; people decide (domain.md §13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from linli.engines.fieldwork.models import Round, Target, Visit
from linli.engines.fieldwork.permissions import check_lead, guarded_q, guarded_roles
from linli.engines.fieldwork.rules.assignment import assign
from linli.engines.fieldwork.rules.choosing import rhythm_of
from linli.engines.fieldwork.rules.dealing import InGrid, deal
from linli.engines.fieldwork.selectors.rounds import visit_minutes, walking
from linli.engines.fieldwork.types import Assignment, Continuity, Effort, Free, Given, Span, Wishes, Worker
from linli.engines.fieldwork.types import Visit as Stop
from linli.engines.fieldwork.workflow import VISIT_OPEN, RoundState, VisitState
from linli.foundation.accounts import selectors as accounts
from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import Point
from linli.foundation.people import selectors as people
from linli.foundation.people.types import Role
from linli.foundation.rulebook import selectors as rulebook

MOST = 5_000
_STEPS_EACH = 500  # at most, so that a small round is proposed at once
_WORK_THERE = frozenset({Role.COMMUNITY_WORKER.value, Role.MICROGRID_HEAD.value, Role.NEIGHBOURHOOD_SECRETARY.value})
_LEAD = Role.NEIGHBOURHOOD_SECRETARY.value


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who goes where, as ``services.assign`` takes it, and how it was found."""

    given: list[Given]
    assignment: Assignment | None
    left: int


def _free(by: Actor, round_: Round) -> list[Visit]:
    check_lead(by, round_)
    rows = Visit.objects.filter(round=round_, user=None, state__in=VISIT_OPEN).select_related("target__kind")
    return list(rows.defer("target__sealed").order_by("due_on", "target__sort_key", "pk")[:MOST])


def by_grid(by: Actor, round_: Round, now: datetime) -> Proposal:
    """Return the round's visits dealt out to who works where the targets lie, evenly; two where two are to go.

    Raises:
        NotFoundError, ForbiddenError: not who leads the round.
    """
    found = _free(by, round_)
    roles = _WORK_THERE & guarded_roles() if any(v.target.kind.guarded for v in found) else _WORK_THERE
    rows = people.in_force(people.local_day(now)).filter(post__role__in=roles)
    there = [InGrid(a.user_id, people.path_of(a), a.post.role == _LEAD) for a in rows.order_by("user_id", "pk")]
    busy = Visit.objects.filter(user__in=[p.key for p in there], state__in=VISIT_OPEN, round__state=RoundState.OPEN)
    loads = dict(busy.values_list("user").annotate(n=Count("pk")).order_by())
    each = 2 if round_.pair else 1
    dealt = deal([(str(v.uuid), v.area_path) for v in found], there, loads, each=each)
    given = [
        Given(v.uuid, v.version, who[0], who[1] if each > 1 else None)
        for v in found
        if (who := dealt.get(str(v.uuid))) is not None
    ]
    return Proposal(given, None, len(found) - len(given))


def propose(
    by: Actor, round_: Round, free: Sequence[Free], now: datetime, *, continuity: Continuity = Continuity.NONE,
    seed: int = 1,
) -> Proposal:  # fmt: skip
    """Return who goes where and when: even loads, short walks, the round's times of day, two where two are to go.

    Guarded targets go only to who works in their grid. The walks' order stands in ``given``; whoever walks may change
    it.

    Raises:
        NotFoundError, ForbiddenError: not who leads the round. ValueError: somebody's shifts overlap.
    """
    found = _free(by, round_)
    day = people.local_day(now)
    workers, actors = _workers(free, now)
    shifts = [span for f in free for span in f.shifts]
    stops = _stops(round_, found, actors, shifts, visit_minutes(day))
    steps = min(int(rulebook.value("fieldwork.proposal.steps", on=day)), _STEPS_EACH * len(stops))
    assigned = assign(
        stops, workers, wishes=Wishes(continuity=continuity), walking=walking(day), effort=Effort(steps, seed)
    )
    versions = {str(v.uuid): v.version for v in found}
    given = [
        Given(
            UUID(stop.visit), versions[stop.visit], int(d.people[0]), int(d.people[1]) if len(d.people) > 1 else None,
            planned_on=d.shift.day, place=place,
        )
        for d in assigned.days
        for place, stop in enumerate(d.stops, 1)
    ]  # fmt: skip
    return Proposal(given, assigned, len(assigned.unplaced))


def _workers(free: Sequence[Free], now: datetime) -> tuple[list[Worker], dict[int, Actor]]:
    users = accounts.users([f.user_id for f in free])
    actors = {user_id: people.actor_for(user, now) for user_id, user in users.items()}
    workers = [
        Worker(
            str(f.user_id), unit=str(min(actors[f.user_id].unit_ids, default="")), shifts=f.shifts, most=f.most,
            start=f.start,
        )
        for f in free
        if f.user_id in actors
    ]  # fmt: skip
    return workers, actors


def _stops(
    round_: Round, found: Sequence[Visit], actors: dict[int, Actor], shifts: Sequence[Span], minutes: int
) -> list[Stop]:
    closed = [v.target_id for v in found if v.target.kind.guarded]
    may: dict[int, set[str]] = {pk: set() for pk in closed}
    for user_id, actor in actors.items():
        for pk in Target.objects.filter(guarded_q(actor), pk__in=closed).values_list("pk", flat=True) if closed else ():
            may[pk].add(str(user_id))
    windows = _windows(round_, shifts)
    last = _last([v.target_id for v in found])
    return [
        Stop(
            str(v.uuid), minutes,
            None if v.target.lat is None else Point(v.target.lat, v.target.lon or 0.0),
            unit=str(v.target.unit_id or "") if round_.pair else "",
            people=2 if round_.pair else 1,
            windows=windows,
            last=last.get(v.target_id, frozenset()),
            only=frozenset(may[v.target_id]) if v.target_id in may else frozenset(),
        )
        for v in found
        if v.target_id not in may or may[v.target_id]  # to whom nobody may go is left to people
    ]  # fmt: skip


def _windows(round_: Round, shifts: Sequence[Span]) -> tuple[Span, ...]:
    rhythm = rhythm_of(round_.rhythm, round_.starts_on, round_.ends_on)
    days = sorted({s.day for s in shifts})
    return tuple(Span(d, w.begin, w.end) for d in days for w in rhythm.windows if w.weekday == d.isoweekday())


def _last(targets: Sequence[int]) -> dict[int, frozenset[str]]:
    rows = Visit.objects.filter(target__in=targets, state=VisitState.DONE).order_by("done_at", "pk")
    return {
        target: frozenset(str(u) for u in (user, second) if u is not None)
        for target, user, second in rows.values_list("target", "user", "second")
    }
