"""Walks the whole journal, seal by seal, and stops at the first thing that is not as sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import UUID

from django.db.models import Max

from linli.foundation.core.namespaces import current
from linli.foundation.journal import rules, signing
from linli.foundation.journal.models import Entry, Seal
from linli.foundation.journal.types import DayFile, Fault, Problem, Report

_CHUNK = 20


def _seals() -> Iterator[Seal]:
    """Yield every seal in order, a few at a time."""
    last: int | None = None
    while True:
        rows = Seal.objects.order_by("number")
        found = list((rows if last is None else rows.filter(number__gt=last))[:_CHUNK])
        if not found:
            return
        yield from found
        last = found[-1].number


class Check:
    """One walk; ``problem`` is the first thing found."""

    def __init__(self, folders: list[Path]) -> None:
        """Prepare a walk that compares with the day files in ``folders``."""
        self.folders = folders
        self.entries = self.seals = self.retired = self.days = 0
        self.retired_through = self.allowed_through = 0
        self.problem: Problem | None = None

    def run(self) -> Report:
        """Walk and report."""
        marks = self._day_marks()
        if self.problem is None:
            self._walk(marks)
        return Report(
            entries=self.entries,
            seals=self.seals,
            unsealed=Entry.objects.filter(seal__isnull=True).count(),
            retired=self.retired,
            days=self.days,
            problem=self.problem,
        )

    def _day_marks(self) -> dict[int, list[DayFile]]:
        marks: dict[int, list[DayFile]] = {}
        key = signing.public_key()
        for folder in self.folders:
            before: DayFile | None = None
            for path in sorted(folder.glob("????-??-??.json")):
                try:
                    day = signing.read(path, key)
                except signing.BadDayFileError:
                    self.problem = Problem(Fault.DAY_FILE, detail=path.name)
                    return {}
                if day.namespace != current():
                    continue
                if before is not None and day.previous != signing.file_hash(before.raw):
                    self.problem = Problem(Fault.DAY_FILE, day=day.day, detail=path.name)
                    return {}
                before = day
                self.days += 1
                marks.setdefault(day.number, []).append(day)
        return marks

    def _walk(self, marks: Mapping[int, list[DayFile]]) -> None:
        previous, number = rules.FIRST, 0
        for seal in _seals():
            number += 1
            self.problem = self._check_seal(number, previous, seal) or self._check_days(seal, marks)
            if self.problem:
                return
            previous = bytes(seal.hash)
            self.seals += 1
        self.problem = self._check_end(number, marks)

    def _check_seal(self, number: int, previous: bytes, seal: Seal) -> Problem | None:
        if seal.number != number:
            return Problem(Fault.SEAL_REMOVED, seal=number)
        leaves = rules.split_leaves(bytes(seal.leaves))
        rows = list(Entry.objects.filter(seal=number).order_by("id")[: len(leaves) + 1])
        broken = rules.chain_problem(previous, seal.header(), bytes(seal.hash), leaves)
        found = [(row.uuid.bytes, rules.leaf_hash(row.sealed_bytes())) for row in rows]
        if seal.retired_at is not None and not found:
            self.retired_through = max(self.retired_through, number)
            self.retired += len(leaves)
            return broken
        difference = rules.first_difference(leaves, found)
        if difference is not None:
            return Problem(difference[0], seal=number, entry=UUID(bytes=difference[1]))
        for row in rows:
            if row.verb == "journal.retire":
                self.allowed_through = max(self.allowed_through, int((row.after or {}).get("through", 0)))
        self.entries += len(rows)
        return broken

    def _check_days(self, seal: Seal, marks: Mapping[int, list[DayFile]]) -> Problem | None:
        for day in marks.get(seal.number, []):
            if day.head != bytes(seal.hash):
                earlier = max((n for n in marks if n < seal.number), default=0)
                first = Entry.objects.filter(seal__gt=earlier).order_by("seal", "id").first()
                return Problem(Fault.DAY_MISMATCH, seal=seal.number, entry=first.uuid if first else None, day=day.day)
        return None

    def _check_end(self, number: int, marks: Mapping[int, list[DayFile]]) -> Problem | None:
        later = [day for n, days in marks.items() if n > number for day in days]
        if later:
            day = min(later, key=lambda d: d.day)
            return Problem(Fault.SEAL_REMOVED, seal=number + 1, day=day.day)
        stray = Entry.objects.exclude(seal__gte=1, seal__lte=number).filter(seal__isnull=False).order_by("id").first()
        if stray is not None:
            return Problem(Fault.INSERTED, seal=stray.seal or 0, entry=stray.uuid)
        if self.retired_through > self._allowed():
            return Problem(Fault.REMOVED, seal=self.retired_through, detail="retired without a record")
        return None

    def _allowed(self) -> int:
        """Return up to which seal the journal itself says that entries were retired."""
        fresh = Entry.objects.filter(seal__isnull=True, verb="journal.retire").aggregate(n=Max("id"))["n"]
        if fresh is not None:
            after = Entry.objects.get(id=fresh).after or {}
            self.allowed_through = max(self.allowed_through, int(after.get("through", 0)))
        return self.allowed_through
