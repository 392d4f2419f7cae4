"""How the companies that keep shared bikes in order clear what they are told of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.engines.cases.models import Case
from linli.engines.cases.permissions import visible
from linli.engines.cases.rules.removals import Figure, Line, Notice, figures, tally
from linli.engines.cases.selectors.settings import number
from linli.engines.cases.workflow import READERS_ALL, UNIT_STAFF, Outcome, Stage, State
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.deadlines import selectors as deadlines
from linli.foundation.people import selectors as people

BIKES = "shared_bikes"
COMPANY_KINDS = ("company", "contractor")
MINIMUM = "cases.ranking.minimum_n"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A line of the ranking with the company's name."""

    name: str
    line: Line


@dataclass(frozen=True, slots=True)
class Ranking:
    """The lines that the viewer may see, what is asked for a rank, and how many companies have one."""

    rows: Sequence[Ranked]
    minimum: int
    ranked: int


def own_companies(actor: Actor) -> frozenset[int]:
    """Return the bike companies and contractors that ``actor`` works for: at most one statement."""
    mine = {g.unit_id for g in actor.grants if g.unit_id is not None and g.role in UNIT_STAFF}
    return frozenset(u.pk for u in people.units(mine).values() if u.kind in COMPANY_KINDS) if mine else frozenset()


def check_ranking(actor: Actor) -> None:
    """Raise unless somebody may read of the companies, of all or of their own.

    Raises:
        ForbiddenError: they may not.
    """
    _mine(actor)


def _mine(actor: Actor) -> frozenset[int]:
    """Return of which companies alone somebody may read; none: of all."""
    if actor.has_role(*READERS_ALL):
        return frozenset()
    mine = own_companies(actor)
    if not mine:
        raise ForbiddenError(_("企业处置情况供城运中心、街道领导、督查员和企业本身查看。"), code="cases.ranking")
    return mine


def ranking(actor: Actor, *, since: date, until: date, now: datetime) -> Ranking:
    """Return the companies by how they cleared the cases reported from ``since`` to ``until``, both counted in.

    The operations centre, leaders and supervisors see every line; a company sees its own alone, with the
    rank that it has among all. Three statements, the rulebook aside.

    Raises:
        ForbiddenError: ``actor`` is neither.
    """
    mine = _mine(actor)
    rows = Case.objects.all() if mine else visible(actor)
    zone = ZoneInfo(settings.TIME_ZONE)
    rows = rows.filter(
        category__code=BIKES,
        reported_at__gte=datetime.combine(since, time(), zone),
        reported_at__lt=datetime.combine(until + timedelta(days=1), time(), zone),
    )
    minimum = int(number(MINIMUM, 5, now))
    lines = tally(_notices(rows), minimum=minimum, now=now)
    shown = [line for line in lines if not mine or line.company_id in mine]
    names = {pk: unit.name for pk, unit in people.units({line.company_id for line in shown}).items()}
    return Ranking(
        [Ranked(names.get(line.company_id, ""), line) for line in shown],
        minimum,
        sum(line.rank is not None for line in lines),
    )


def having(rows: QuerySet[Case], figure: str, now: datetime) -> list[int]:
    """Return the ids of those of ``rows`` that count as ``figure``: the same counting as the ranking's."""
    return [n.case_id for n in _notices(rows) if figure in figures(n, now)]


def _notices(rows: QuerySet[Case]) -> list[Notice]:
    """Return what companies were told of among ``rows``: two statements.

    A case that was taken back or passed on counts for the company that has it now; void, merged and
    withdrawn ones count for nobody.
    """
    rows = (
        rows.filter(unit__kind__in=COMPANY_KINDS, dispatched_at__isnull=False)
        .exclude(state__in=(State.VOID, State.MERGED))
        .exclude(outcome=Outcome.WITHDRAWN)
        .order_by()
    )
    limits: dict[int, list[tuple[datetime, datetime]]] = {}
    for subject, started, due in deadlines.dues_of("case", rows.values("pk"), Stage.HANDLE):
        limits.setdefault(subject, []).append((started, due))
    columns = rows.values_list(
        "pk", "unit_id", "dispatched_at", "handed_in_at", "closed_at", "state", "outcome", "relapse_of", "rework_count"
    )
    found = []
    for pk, unit, notified, handed_in, closed, state, outcome, relapse, reworks in columns:
        if unit is None or notified is None:
            continue
        told: datetime = notified
        # A second clock after a failed check gives no second two hours: the first since the notice counts.
        limit = next((d for started, d in limits.get(pk, ()) if started >= told), None)
        found.append(
            Notice(
                case_id=pk,
                company_id=unit,
                notified_at=told,
                due_at=limit,
                handed_in_at=handed_in or closed,
                checked=state != State.TO_CHECK,
                cleared=outcome == Outcome.SOLVED,
                repeat=relapse is not None,
                reworks=reworks,
            )
        )
    return found


__all__ = ["BIKES", "MINIMUM", "Figure", "Ranked", "Ranking", "having", "own_companies", "ranking"]
