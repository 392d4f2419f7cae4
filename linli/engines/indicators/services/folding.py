"""Keeping what figures count: cases that the journal has sealed acts of are folded anew, some hundreds at a time.

A case is always folded as a whole, from its first event: folding twice, or in any order, comes to the same. The place
in the journal and what was folded are one transaction, and whoever folds holds that row first, so that two at once do
one after the other. When a day is over its figures are read before anything later is folded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import asdict
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from linli.engines.cases import selectors as cases
from linli.engines.indicators.models import Act, Balance, Fact, Folded, Span
from linli.engines.indicators.rules import folding as rules
from linli.engines.indicators.selectors.days import ends, zone
from linli.engines.indicators.services.reading import read_day
from linli.foundation.core.db.again import whole
from linli.foundation.journal import selectors as journal
from linli.foundation.journal import services as sealing

NAME = "cases"
# What was done before midnight and is sealed after it: so long nothing later is folded.
GRACE = timedelta(minutes=5)
_OF_CASES: tuple[type[Act] | type[Span] | type[Fact], ...] = (Act, Span, Fact)
_SEALS = 2
_ROWS = 150
_STANDING = ("state", "level", "unit", "area_path", "category", "source", "due_at")


def fold_all(*, now: datetime) -> int:
    """Fold everything that has happened up to now, reading each day that is over on the way; return how many cases."""
    sealing.seal_all(now=now)
    total = 0
    while (done := fold(now=now)) is not None:
        total += done
    return total


@whole
def fold(*, now: datetime) -> int | None:
    """Fold the cases of the journal's next seals; return how many, None where there is nothing further to fold now."""
    place = _hold()
    yesterday = now.astimezone(zone()).date() - timedelta(days=1)
    if place.read_on is None or place.read_on < yesterday:
        if now < ends(yesterday) + GRACE:
            return None
        return _read(place, yesterday)
    last, uuids = journal.sealed_objects("case", place.seal, seals=_SEALS)
    if last == place.seal:
        return None
    write(uuids)
    place.seal, place.folded_at = last, now
    place.save(update_fields=["seal", "folded_at"])
    return len(uuids)


def _hold() -> Folded:
    """Return the place in the journal, held until the transaction ends."""
    Folded.objects.bulk_create([Folded(name=NAME)], ignore_conflicts=True)
    return Folded.objects.select_for_update().get(name=NAME)


def _read(place: Folded, yesterday: date) -> int:
    """Read the first day that is over and was not read: with all up to its end folded, and nothing later."""
    day = yesterday if place.read_on is None else place.read_on + timedelta(days=1)
    done, seal = 0, place.seal
    while True:
        last, uuids = journal.sealed_objects("case", seal, seals=_SEALS)
        if last == seal:
            break
        write(uuids, until=ends(day))
        done, seal = done + len(uuids), last
    read_day(day)
    place.read_on = day
    place.save(update_fields=["read_on"])
    return done


def write(uuids: Collection[UUID], *, until: datetime | None = None) -> None:
    """Write anew what is kept of these cases: some ten statements however many there are.

    Args:
        until: as if nothing had happened from this moment on.
    """
    found = cases.histories(uuids)
    ids = sorted(found)
    if not ids:
        return
    kept = {pk: rules.fold(events, until) for pk, events in found.items()}
    before, after = _balance_of(Span.objects.filter(case__in=ids)), Counter[rules.Key]()
    for one in kept.values():
        if one is not None:
            after.update(rules.balance(one.spans, zone()))
    for model in _OF_CASES:
        model.objects.filter(case__in=ids).delete()
    _insert(kept)
    after.subtract(before)
    _shift({key: n for key, n in after.items() if n})


def _balance_of(rows: QuerySet[Span]) -> Counter[rules.Key]:
    found = rows.values_list("begins_at", "ends_at", *_STANDING)
    return rules.balance((rules.Span(r[0], r[1], rules.Standing(*r[2:])) for r in found), zone())


def _insert(kept: dict[int, rules.Kept | None]) -> None:
    facts, acts, spans = [], [], []
    for pk, one in kept.items():
        if one is None:
            continue
        facts.append(Fact(case_id=pk, **asdict(one.facts)))
        acts += [Act(case_id=pk, **asdict(a)) for a in one.acts]
        for span in one.spans:
            standing = {name: getattr(span.standing, name) for name in _STANDING}
            spans.append(Span(case_id=pk, begins_at=span.begins_at, ends_at=span.ends_at, **standing))
    Fact.objects.bulk_create(facts, batch_size=_ROWS)
    Act.objects.bulk_create(acts, batch_size=_ROWS)
    Span.objects.bulk_create(spans, batch_size=_ROWS)


def _shift(deltas: dict[rules.Key, int]) -> None:
    """Add to the kept sums; both databases add to a row that is there in the statement that would insert it."""
    adapt = connection.ops.adapt_datefield_value
    rows = [(dimension, key, adapt(day), n) for (day, dimension, key), n in sorted(deltas.items())]
    table = Balance._meta.db_table
    with connection.cursor() as cursor:
        for begin in range(0, len(rows), _ROWS):
            some = rows[begin : begin + _ROWS]
            holes = ", ".join(["(%s, %s, %s, %s)"] * len(some))
            cursor.execute(
                f"INSERT INTO {table} (dimension, key, day, n) VALUES {holes}"  # noqa: S608  all ours
                f" ON CONFLICT (dimension, day, key) DO UPDATE SET n = {table}.n + excluded.n",
                [value for row in some for value in row],
            )


def rebuild(*, now: datetime, readings_since: date | None = None, progress: Callable[[int], None] | None = None) -> int:
    """Throw away what is kept and count it again from the histories of all cases; return how many.

    Folding waits meanwhile. Readings of past days stay as they were read; those of days that nobody read are made up
    from ``readings_since`` on, day by day as the cases stood when each ended.
    """
    sealing.seal_all(now=now)
    return _rebuild(now, readings_since, progress or (lambda _n: None))


@whole
def _rebuild(now: datetime, readings_since: date | None, progress: Callable[[int], None]) -> int:
    place = _hold()
    last = journal.last_seal()
    for model in _OF_CASES:
        model.objects.all().delete()
    Balance.objects.all().delete()
    yesterday = now.astimezone(zone()).date() - timedelta(days=1)
    if readings_since is not None:
        _read_again(readings_since, yesterday)
    done = 0
    for uuids in cases.every_case():
        write(uuids)
        done += len(uuids)
        progress(done)
    place.seal, place.folded_at = last.number if last else 0, now
    place.read_on = max(place.read_on or yesterday, yesterday) if readings_since else place.read_on
    place.save(update_fields=["seal", "folded_at", "read_on"])
    return done


def _read_again(since: date, until: date) -> None:
    """Let the days go by once more: before each is read, the cases on which something was done that day are folded."""
    moved = cases.moved_by_day(zone())
    for day in sorted(d for d in moved if d < since):
        write(moved[day], until=ends(since - timedelta(days=1)))
    day = since
    while day <= until:
        write(moved.get(day, set()), until=ends(day))
        read_day(day)
        day += timedelta(days=1)
