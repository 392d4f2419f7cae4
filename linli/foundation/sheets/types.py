"""What a kind of sheet is, as rooms register it, and the values that cross the door of the room."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext, override

from linli.foundation.core.actors import Actor

Values = Mapping[str, str]


class Type(StrEnum):
    """What a cell of a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    LIST = "list"


Choices = Callable[[], Sequence[tuple[str, Any]]]


@dataclass(frozen=True, slots=True)
class Known:
    """What the words of a column of texts may name: things that are here already, such as areas and units.

    Attributes:
        named: whether a text names one and no other.
        offered: (text to put in, words) of what a person may say that another text means.
    """

    named: Callable[[str], bool]
    offered: Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a kind.

    Attributes:
        name: what code calls it.
        header: what the sheet calls it, translated lazily; it is known in Chinese and English.
        type: what its cells hold.
        required: a row without it is refused, and a sheet without the column too.
        aliases: further headers by which it is known.
        choices: (code, words) of a CHOICE or CHOICES, asked when needed.
        known: of a TEXT whose words name something, what they may name, asked when needed.
        hint: what to put in, shown at the header and on the second sheet.
        example: the cell of the template's example row.
        longest: a longer text is refused.
        personal: its values are somebody's; the journal keeps commitments only.
        proposed: its values are proposed here and put in force by somebody else (:class:`Second`).
        fixed: identifies or is made once; a sheet cannot change it in a row that is there.
        loose: moves by itself when other rows come or go (a place in an order), which keeps back no undoing.
    """

    name: str
    header: Any
    type: Type = Type.TEXT
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: Choices | None = None
    known: Callable[[], Known] | None = None
    hint: Any = ""
    example: Any = ""
    longest: int = 200
    personal: bool = False
    proposed: bool = False
    fixed: bool = False
    loose: bool = False

    def names(self) -> list[str]:
        """Return every header by which the column is known, in both languages."""
        found = list(self.aliases)
        for language in ("zh-hans", "en"):
            with override(language):
                found.append(str(self.header))
        return list(dict.fromkeys([*found, self.name]))


@dataclass(slots=True)
class Row:
    """One row on its way in.

    Attributes:
        line: its line in the sheet, from 1.
        values: column → value in the one way it is kept; only columns that the sheet has.
        faults: column → what is wrong; under "" what is wrong with the row as a whole.
        data: what the kind found while checking and needs for writing.
    """

    line: int
    values: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """Return a value, empty where the sheet has no such column."""
        return self.values.get(name, "")

    def refuse(self, column: str, message: str) -> None:
        """Say what is wrong; the first word on a column stands."""
        self.faults.setdefault(column, message)


@dataclass(frozen=True, slots=True)
class Found:
    """What is there already: how it is found again, what people call it, and its values as a sheet has them."""

    ref: str
    label: str
    values: Values
    data: Any = None
    uuid: UUID | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What a row became: how it is found again."""

    ref: str
    label: str


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an import created or changed."""

    ref: str
    label: str
    action: str
    line: int
    before: Values
    after: Values


@dataclass(frozen=True, slots=True)
class Hang:
    """Why something cannot be undone: what it concerns, and what hangs on it."""

    label: str
    text: str


@dataclass(slots=True)
class About:
    """In whose name and when rows are looked at or written.

    Attributes:
        planned: while rows are only looked at, the names of all rows of the sheet: what will be there.
        reason: goes into the journal.
        kept: what a kind looked up once for all stretches of one run.
    """

    by: Actor
    now: datetime
    planned: Collection[str] = frozenset()
    reason: str = ""
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day where the subdistrict lies."""
        return timezone.localdate(self.now)

    def once(self, name: str, look_up: Callable[[], Any]) -> Any:
        """Return what ``look_up`` gives, asked once for this run."""
        if name not in self.kept:
            self.kept[name] = look_up()
        return self.kept[name]


@dataclass(frozen=True, slots=True)
class Second:
    """What somebody else has to put in force: never the person who imported.

    Attributes:
        title: the words of the button.
        text: what it does, in a sentence.
        may: who may.
        lines: what is waiting, for reading.
        do: puts all of it in force or nothing; returns what stands in the way.
    """

    title: Any
    text: Any
    may: Callable[[Actor], bool]
    lines: Callable[[Sequence[Change], About], list[str]]
    do: Callable[[Sequence[Change], About], list[Hang]]


def _no_names(_values: Values) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class SheetKind:
    """One kind of sheet. Every function takes a stretch of rows, so that it can ask the database once.

    Attributes:
        code, title, icon, order, text: what the pages show.
        columns: in the order of the template.
        journal: the kind under which the journal has these things; who changed one later is looked up there.
        key: a text that is the same for two rows about the same thing; empty for none.
        find: what of it is there already, row by row; it may first bring values into their one form.
        check: says what is wrong with rows and looks up what they name.
        create, change: write rows that were checked; ``create`` answers in the order of the rows.
        load: what is there now, by ref.
        hanging: what keeps things from being removed.
        remove: deletes them; they come in the reverse order of their making.
        export: every row as a sheet has it, in an order in which they can come in again.
        may: who may import and export it.
        names: what other rows of the sheet may call a row, for kinds that stand in a tree.
        above: what a row calls the row above it; the first of these that a row is named decides.
        second: what somebody else puts in force.
        stretch: how many rows are written in one transaction.
        fleeting: its rows are about people at home: they are deleted as soon as they are imported.
    """

    code: str
    title: Any
    text: Any
    columns: tuple[Column, ...]
    journal: str
    key: Callable[[Values], str]
    find: Callable[[Sequence[Row], About], Sequence[Found | None]]
    check: Callable[[Sequence[Row], Sequence[Found | None], About], None]
    create: Callable[[Sequence[Row], About], Sequence[Made]]
    change: Callable[[Sequence[tuple[Row, Found]], About], None]
    load: Callable[[Sequence[str]], Mapping[str, Found]]
    hanging: Callable[[Sequence[Found], About], list[Hang]]
    remove: Callable[[Sequence[Found], About], None]
    export: Callable[[About], Iterable[Values]]
    may: Callable[[Actor], bool]
    names: Callable[[Values], Sequence[str]] = _no_names
    above: Callable[[Values], Sequence[str]] = _no_names
    second: Second | None = None
    icon: str = "list-details"
    order: int = 100
    stretch: int = 500
    fleeting: bool = False

    def column(self, name: str) -> Column:
        """Return one of its columns."""
        return next(c for c in self.columns if c.name == name)


KINDS: dict[str, SheetKind] = {}
# Kinds whose layouts are kept → who may bring such sheets: those below, and what a room reads in a way of its own.
LAYOUTS: dict[str, Callable[[Actor], bool]] = {}
Watcher = Callable[[Sequence[Change], datetime], list[Hang]]
WATCHERS: dict[str, list[Watcher]] = {}


def register(kind: SheetKind) -> None:
    """Make a kind known; a room does so when Django starts."""
    KINDS[kind.code] = kind
    keeps_layouts(kind.code, kind.may)


def keeps_layouts(code: str, may: Callable[[Actor], bool]) -> None:
    """Let what was said of a sheet's columns be kept for sheets that a room reads by itself; ``may`` bring them."""
    LAYOUTS[code] = may


def watch(code: str, watcher: Watcher) -> None:
    """Let a room above say what hangs on changes of a kind: it gets them and when they were made."""
    known = WATCHERS.setdefault(code, [])
    if watcher not in known:
        known.append(watcher)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a file: its line (from 1), its cells as text, and the cells that cannot be read (place → why)."""

    line: int
    cells: tuple[str, ...]
    faults: Mapping[int, str] = field(default_factory=dict)


def yes_no(value: str) -> str:
    """Return ``yes`` and ``no`` in the language in force."""
    return {"yes": gettext("是"), "no": gettext("否")}.get(value, "")
