"""Coverage by area as the map shows it: numbers alone, kept as targets are visited; never by person.

``rules.coverage`` says what counts; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Attempt, Kind, Target, TargetTally, Visit
from linli.engines.fieldwork.permissions import may_count
from linli.engines.fieldwork.selectors.rounds import zone
from linli.engines.fieldwork.workflow import VisitState
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.core.kept import Kept

_kept = Kept(15.0)


@dataclass(frozen=True, slots=True)
class Covered:
    """How far a ledger was visited in a period, in one area.

    Attributes:
        whole: targets in the ledger at any time of the period.
        reached: of these, somebody was there.
        attempted: of these not reached, somebody was before a closed door.
    """

    area_path: str
    whole: int
    reached: int
    attempted: int

    @property
    def share(self) -> Fraction | None:
        """Reached by whole; None where there is nothing to reach."""
        return Fraction(self.reached, self.whole) if self.whole else None

    @property
    def left(self) -> int:
        """How many were not reached."""
        return self.whole - self.reached


def check_coverage(by: Actor, area_path: str) -> None:
    """Raise ForbiddenError unless somebody reads numbers of the area: who leads or works there."""
    if not (by.is_system or (any(area_path.startswith(g.area_path) for g in by.grants) and may_count(by))):
        raise ForbiddenError(_("覆盖率由本网格和街道查看。"), code="fieldwork.coverage", hint=_("请联系他们。"))


def covered(by: Actor, kind: Kind, first: date, last: date, today: date, area_path: str = "") -> list[Covered]:
    """Return the coverage of a ledger in a period, smallest area by smallest area.

    Up to today one statement sums what is kept; a period that is over is counted from visits, and kept some seconds.

    Raises:
        ForbiddenError: not who reads numbers there.
    """
    check_coverage(by, area_path)
    if last >= today:
        return _summed(kind, first, area_path)
    return _kept.get(lambda: _counted(kind, first, last, area_path), kind.pk, first, last, area_path)


def _summed(kind: Kind, first: date, area_path: str) -> list[Covered]:
    rows = TargetTally.objects.filter(Q(until=None) | Q(until__gte=first), kind=kind)
    if area_path:
        rows = rows.filter(area_path__startswith=area_path)
    met = rows.values_list("area_path").order_by("area_path").annotate(
        whole=_sum(what=TargetTally.SEEN), reached=_sum(what=TargetTally.SEEN, day__gte=first),
        # Whoever was met since the first day and knocked at in vain after that was knocked at since the first day too.
        attempted=_sum(what=TargetTally.TRIED, day__gte=first) - _sum(what=TargetTally.TRIED_SEEN, day__gte=first),
    )  # fmt: skip
    return [Covered(*row) for row in met if row[1]]


def _sum(**which: Any) -> Coalesce:
    return Coalesce(Sum("n", filter=Q(**which)), 0)


def _counted(kind: Kind, first: date, last: date, area_path: str) -> list[Covered]:
    rows = Target.objects.filter(kind=kind, merged_into=None, since__lte=last)
    rows = rows.filter(Q(until=None) | Q(until__gte=first))
    if area_path:
        rows = rows.filter(area_path__startswith=area_path)
    begin, end = _moments(first, last)
    met = _met(begin, end)
    counted = rows.order_by().values("area_path").annotate(whole=Count("pk"), reached=Count("pk", filter=met))
    knocked = Attempt.objects.filter(at__gte=begin, at__lt=end, visit__target__kind=kind).order_by()
    doors = set()
    for target, main in knocked.values_list("visit__target", "visit__target__merged_into").distinct():
        doors.add(main or target)
    tried: dict[str, int] = {}
    if doors:
        missed = rows.filter(pk__in=doors).exclude(pk__in=rows.filter(met, pk__in=doors).values("pk")).order_by()
        tried = dict(missed.values_list("area_path").annotate(n=Count("pk")))
    found = (Covered(r["area_path"], r["whole"], r["reached"], tried.get(r["area_path"], 0)) for r in counted)
    return sorted(found, key=lambda c: c.area_path)


def _met(begin: datetime, end: datetime) -> Q:
    """Return what says that a target was met in a period that is over: a visit to it, or to a double of it."""
    done: QuerySet[Visit] = Visit.objects.filter(state=VisitState.DONE, done_at__gte=begin, done_at__lt=end)
    return Q(Exists(done.filter(target=OuterRef("pk")))) | Q(Exists(done.filter(target__merged_into=OuterRef("pk"))))


def _moments(first: date, last: date) -> tuple[datetime, datetime]:
    begin = datetime.combine(first, time.min, zone())
    return begin, datetime.combine(last + timedelta(days=1), time.min, zone())
