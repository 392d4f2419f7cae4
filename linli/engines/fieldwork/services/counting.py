"""The one way in which a visit goes from one state to the next, so that the round's counts are always true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.models import Round, RoundDay, RoundTally, Target, TargetTally, Visit
from linli.engines.fieldwork.rules.counts import Counts, moved
from linli.engines.fieldwork.services.steps import record, stale
from linli.engines.fieldwork.workflow import VISIT, VISIT_OPEN, RoundState, VisitState
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError


def take_step(visit: Visit, code: str, *, late: bool = False, **values: Any) -> Visit:
    """Do one step of a visit by compare and set, and count it.

    Args:
        late: the round may have ended meanwhile; what it counted then stays.

    Raises:
        ConflictError: the visit does not stand where the step begins, or its round is not open.
        StaleError: somebody else changed it meanwhile.
    """
    step = VISIT[code]
    if visit.state not in step.origins:
        raise ConflictError(
            _("这次走访现在是“%(state)s”，不能“%(step)s”。")
            % {"state": VisitState(visit.state).label, "step": step.label},
            code="fieldwork.state", hint=_("请刷新后查看。"),
        )  # fmt: skip
    rows = Visit.objects.filter(pk=visit.pk, version=visit.version, state=visit.state)
    if rows.update(state=step.to, version=F("version") + 1, **values) != 1:
        raise stale()
    change = moved(visit.state, step.to)
    if count(visit.round_id, change, late=late):
        day = values.get("done_at") if step.to == VisitState.DONE else None
        tally(visit, change, done_on=timezone.localdate(day) if day is not None else None)
    visit.refresh_from_db(fields=["state", "version", *values])
    return visit


def tally(visit: Visit, by: Counts, *, done_on: date | None = None) -> None:
    """Change what the parts of a round count; to be called once its round was counted, which locks it.

    Args:
        done_on: the day on which the visit was done, where this is what happened.
    """
    changed = {name: n for name in ("planned", "done", "unreached") if (n := getattr(by, name))}
    if changed:
        where = {
            "round_id": visit.round_id,
            "occasion": visit.occasion,
            "area_path": visit.area_path,
            "unit_id": visit.unit_id,
        }
        rows = RoundTally.objects.filter(**where)
        if rows.update(**{name: F(name) + n for name, n in changed.items()}) != 1:
            RoundTally.objects.create(**where, **changed)
    if done_on is not None:
        days = RoundDay.objects.filter(round=visit.round_id, day=done_on)
        if days.update(done=F("done") + 1) != 1:
            RoundDay.objects.create(round_id=visit.round_id, day=done_on, done=1)


def recount(round_ids: Iterable[int], occasions: Sequence[date] = ()) -> None:
    """Count the parts of rounds anew: where visits were made, or moved to other areas or units.

    Args:
        occasions: those alone; empty: all.
    """
    where = {"occasion__in": occasions} if occasions else {}
    for round_id in sorted(set(round_ids)):
        Round.objects.select_for_update(of=("self",)).filter(pk=round_id).first()
        rows = Visit.objects.filter(round=round_id, **where).exclude(state=VisitState.DROPPED)
        keys = ("occasion", "area_path", "unit")
        found = rows.values_list(*keys).order_by()
        counted = found.annotate(
            planned=Count("pk"),
            done=Count("pk", filter=Q(state=VisitState.DONE)),
            unreached=Count("pk", filter=Q(state=VisitState.UNREACHED)),
        )
        made = [
            RoundTally(
                round_id=round_id, occasion=occasion, area_path=path, unit_id=unit, planned=planned, done=done,
                unreached=unreached,
            )
            for occasion, path, unit, planned, done, unreached in counted
        ]  # fmt: skip
        RoundTally.objects.filter(round=round_id, **where).delete()
        RoundTally.objects.bulk_create(made, batch_size=500)


def seen(target_id: int, at: datetime) -> None:
    """Enter that somebody was at a target, and so at the one that it was merged into, unless somebody was later."""
    _latest(target_id, "visited_at", at)


def tried(target_id: int, at: datetime) -> None:
    """Enter that somebody knocked in vain at a target, and so at the one that it was merged into, unless later too."""
    _latest(target_id, "tried_at", at)


def _latest(target_id: int, field: str, at: datetime) -> None:
    later = Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__lt": at})
    Target.objects.filter(later, pk__in={target_id, selectors.main_of(target_id)}).update(**{field: at})


def count_targets() -> None:
    """Count every ledger anew by the last visits of its targets, whatever was counted before."""
    TargetTally.objects.all().delete()
    TargetTally.objects.bulk_create(tallies_of(Target.objects.all()), batch_size=500)


def tallies_of(targets: QuerySet[Target]) -> list[TargetTally]:
    """Return what targets count, one row for each ledger, area, last day in the ledger and day of the last visit."""
    rows = targets.filter(merged_into=None).order_by()
    zone = selectors.zone()
    visit, knock = TruncDate("visited_at", tzinfo=zone), TruncDate("tried_at", tzinfo=zone)
    late = rows.filter(Q(tried_at__isnull=False, visited_at=None) | Q(tried_at__gt=F("visited_at")))
    return [
        TargetTally(kind_id=kind, area_path=path, what=what, day=day, until=until, n=n)
        for what, found, moment in (
            (TargetTally.SEEN, rows, visit), (TargetTally.TRIED, late, knock), (TargetTally.TRIED_SEEN, late, visit),
        )
        for kind, path, until, day, n in found.annotate(on=moment)
        .values_list("kind", "area_path", "until", "on")
        .annotate(n=Count("pk"))
    ]  # fmt: skip


@whole
def fold_targets() -> int:
    """Make one row of all that count in the same ledger, area, days; return how many fewer there are.

    Who counts meanwhile adds rows that this one does not see, and leaves.

    Raises:
        StaleError: somebody else does so just now.
    """
    keys = ("kind_id", "area_path", "what", "day", "until")
    sums: dict[tuple[Any, ...], int] = defaultdict(int)
    mine: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for pk, n, *key in TargetTally.objects.values_list("pk", "n", *keys):
        sums[tuple(key)] += n
        mine[tuple(key)].append(pk)
    many = [key for key, pks in mine.items() if len(pks) > 1 or not sums[key]]
    gone = [pk for key in many for pk in mine[key]]
    parts = [gone[start : start + 500] for start in range(0, len(gone), 500)]
    if sum(TargetTally.objects.filter(pk__in=part).delete()[0] for part in parts) != len(gone):
        raise stale()
    made = [TargetTally(**dict(zip(keys, key, strict=True)), n=sums[key]) for key in many if sums[key]]
    TargetTally.objects.bulk_create(made, batch_size=500)
    return len(gone) - len(made)


def count(round_id: int, by: Counts, *, late: bool = False) -> bool:
    """Change what an open round counts; return whether it was open.

    Args:
        late: it may have ended meanwhile, and then counts nothing more.

    Raises:
        ConflictError: it is no longer open.
    """
    changed = {name: F(name) + n for name in ("planned", "done", "unreached") if (n := getattr(by, name))}
    rows = Round.objects.filter(pk=round_id, state=RoundState.OPEN)
    # Where nothing is counted the row is written all the same: a round that is being closed waits or is told.
    counted = rows.update(**(changed or {"planned": F("planned")})) == 1
    if not counted and not late:
        raise ConflictError(
            _("这项走访检查已经结束或取消。"), code="fieldwork.round_state", hint=_("请联系安排走访的负责人。")
        )
    return counted


def drop_open(by: Actor, now: datetime, target: Target, why: str) -> int:
    """Drop the visits to a target that are due in open rounds; return how many."""
    rows = Visit.objects.filter(target=target, state__in=VISIT_OPEN, round__state=RoundState.OPEN)
    found = list(rows.select_related("round").order_by("round_id", "pk"))
    for visit in found:
        take_step(visit, "drop", why_not=why[:300])
        record(by, now, "drop_visit", "visit", visit.uuid, visit.round.title, after={"state": visit.state}, reason=why)
    return len(found)
