"""Plain values that cross the journal's door."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from linli.foundation.core.actors import Actor


@dataclass(frozen=True, slots=True)
class EntryData:
    """One thing that happened, as a room tells it to the journal.

    Attributes:
        verb: ``room.verb``, such as ``cases.dispatch``.
        kind: what sort of object, such as ``case``.
        label: what people call the object; never personal data in clear.
        before: the fields that changed, as they were; None where nothing was before.
        after: the same fields as they are now; None where the object is gone.
        rule: code of the rulebook entry or clause that this follows.
        personal: names of fields in ``before`` and ``after`` of which only commitments are kept.
    """

    by: Actor
    verb: str
    kind: str
    uuid: UUID | None
    label: str
    now: datetime
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    reason: str = ""
    rule: str = ""
    personal: Collection[str] = ()


class Fault(StrEnum):
    """What is wrong with a journal."""

    ALTERED = "altered"
    REMOVED = "removed"
    INSERTED = "inserted"
    SEAL_ALTERED = "seal_altered"
    SEAL_REMOVED = "seal_removed"
    DAY_FILE = "day_file"
    DAY_MISMATCH = "day_mismatch"


@dataclass(frozen=True, slots=True)
class Problem:
    """The first place at which the journal is not what was sealed.

    Attributes:
        seal: number of the seal; 0 where none is concerned.
        entry: the entry concerned, or the first of those in doubt; None if it cannot be told.
        day: for signed day files, the day.
    """

    fault: Fault
    seal: int = 0
    entry: UUID | None = None
    day: date | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What :func:`linli.foundation.journal.services.verify` found."""

    entries: int
    seals: int
    unsealed: int
    retired: int
    days: int
    problem: Problem | None = None

    @property
    def ok(self) -> bool:
        """Whether everything sealed is as it was."""
        return self.problem is None


@dataclass(frozen=True, slots=True)
class SealHeader:
    """The part of a seal that the next one is chained to."""

    number: int
    at: datetime
    count: int
    root: bytes
    previous: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """Shows that one entry is in one seal, to anybody who knows that seal's hash.

    Attributes:
        entry: the entry's canonical bytes.
        path: the sibling hashes from leaf to root, each with whether it stands on the left.
    """

    entry: bytes
    path: tuple[tuple[bool, bytes], ...]
    seal: SealHeader
    seal_hash: bytes


@dataclass(frozen=True, slots=True)
class DayFile:
    """The signed statement of which seal was the last when a day ended."""

    namespace: str
    day: date
    number: int
    head: bytes
    previous: str
    raw: bytes = field(repr=False)
