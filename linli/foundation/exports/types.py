"""Which lists and papers can be taken out: a list names its columns once. Rooms above register theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import IO, Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.foundation.core.actors import Actor
from linli.foundation.files.types import FileType, Kind

Words = str | Promise


class Form(StrEnum):
    """The form of a file."""

    XLSX = "xlsx"
    CSV = "csv"
    GEOJSON = "geojson"
    DOCX = "docx"
    PDF = "pdf"


PAPER_FORMS = (Form.DOCX, Form.PDF)
TYPES = {
    Form.XLSX: FileType(
        Kind.DOCUMENT, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Form.XLSX.value
    ),
    Form.CSV: FileType(Kind.DOCUMENT, "text/csv; charset=utf-8", Form.CSV.value),
    Form.GEOJSON: FileType(Kind.DOCUMENT, "application/geo+json", Form.GEOJSON.value),
    Form.DOCX: FileType(
        Kind.DOCUMENT, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Form.DOCX.value
    ),
    Form.PDF: FileType(Kind.DOCUMENT, "application/pdf", Form.PDF.value),
}


class State(models.TextChoices):
    """Where an export stands."""

    WAITING = "waiting", _("排队中")
    RUNNING = "running", _("正在导出")
    READY = "ready", _("可以下载")
    FAILED = "failed", _("没有完成")
    CANCELLED = "cancelled", _("已取消")
    EXPIRED = "expired", _("已过期删除")


GOING = (State.WAITING, State.RUNNING)
AGAIN = (State.FAILED, State.CANCELLED, State.EXPIRED)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, and how wide it is in a table file."""

    label: Words
    width: int = 14


@dataclass(frozen=True, slots=True)
class Line:
    """One row as the list shows it: a cell for each column, and its place (lon, lat) where the list shows one."""

    cells: Sequence[Any]
    place: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for which rows, when: ``query`` is the list's own address behind the question mark.

    ``origin`` is where Linli was asked (``https://…/``), for a paper whose notes lead back to it; ``kept`` is for
    the list's own functions, which are asked one after another, to keep what the first of them read.
    """

    by: Actor
    query: str
    now: datetime
    origin: str = ""
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)


Pages = Callable[[Asking], Iterator[Sequence[Line]]]
Tick = Callable[[int, str], None]
"""Told how many chapters of a paper are done and which is being written; raises where it was stopped."""


def _open(_asking: Asking) -> None:
    """Raise nothing: who passes the door may have all of it."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that can be taken out.

    Attributes:
        code: its name in addresses and in the journal.
        title: what it is called in its page, its file and its sheet.
        columns: what is taken out; nothing that the list does not show.
        pages: the rows page by page, in the list's order, as the viewer sees them; it passes the list's door, so
            it raises what the list would.
        said: the filters in force in words, for the head of the file.
        located: whether rows have a place, so that GeoJSON is offered.
        door: raises unless the viewer may open the list at all.
        check: raises unless the viewer may open what of it is asked for: one ledger of many.
        heads: the columns, where they depend on what is asked for.
        titled: what it is called, where that depends on what is asked for.
        short: it is never long, and reading it takes long: it is not counted first.
        noted: what the head says of it besides the filters, as that it is no official count.
    """

    code: str
    title: Words
    columns: Sequence[Column]
    pages: Pages
    said: Callable[[Asking], Sequence[str]]
    door: Callable[[Actor], None]
    located: bool = False
    check: Callable[[Asking], None] = _open
    heads: Callable[[Asking], Sequence[Column]] | None = None
    titled: Callable[[Asking], str] | None = None
    short: bool = False
    noted: Callable[[Asking], Sequence[str]] | None = None

    @property
    def forms(self) -> tuple[Form, ...]:
        """The forms in which it can be taken out."""
        return (Form.XLSX, Form.CSV, Form.GEOJSON) if self.located else (Form.XLSX, Form.CSV)

    def columns_for(self, asking: Asking) -> Sequence[Column]:
        """Return the columns of what is asked for."""
        return self.heads(asking) if self.heads is not None else self.columns

    def title_for(self, asking: Asking) -> str:
        """Return what is asked for is called."""
        return self.titled(asking) if self.titled is not None else str(self.title)


@dataclass(frozen=True, slots=True)
class Written:
    """A paper that was set: its content from the beginning, how many rows of lists stand in it."""

    content: IO[bytes]
    rows: int


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that can be taken out: made whole, chapter by chapter.

    Attributes:
        code: its name in addresses and in the journal.
        title: what papers of this kind are called.
        titled: what the one asked for is called.
        chapters: how many chapters the one asked for has.
        write: writes it, telling the tick of each chapter.
        door: raises unless the viewer may have such papers at all.
        at_once: form → the number of the room (``exports.<code>``) that says up to how many chapters it comes at
            once; a form is offered if it stands here.
        check: raises unless the viewer may have the one asked for.
    """

    code: str
    title: Words
    titled: Callable[[Asking], str]
    chapters: Callable[[Asking], int]
    write: Callable[[Asking, Form, Tick], Written]
    door: Callable[[Actor], None]
    at_once: Mapping[Form, str]
    check: Callable[[Asking], None] = _open

    @property
    def forms(self) -> tuple[Form, ...]:
        """The forms in which it can be taken out."""
        return tuple(self.at_once)

    def title_for(self, asking: Asking) -> str:
        """Return what is asked for is called."""
        return self.titled(asking)


Work = Listing | Paper


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was just made: its content from the beginning, its name, its type, how many rows it has."""

    content: IO[bytes]
    name: str
    mime: str
    rows: int


LISTINGS: dict[str, Listing] = {}
PAPERS: dict[str, Paper] = {}


def register(work: Work) -> None:
    """Let a list or a paper be taken out.

    Raises:
        ValueError: two of one code.
    """
    known = work_of(work.code)
    if known is not None and _source(known) is not _source(work):
        message = f"two lists called {work.code!r}"
        raise ValueError(message)
    if isinstance(work, Paper):
        PAPERS.setdefault(work.code, work)
    else:
        LISTINGS.setdefault(work.code, work)


def work_of(code: str) -> Work | None:
    """Return the list or paper of a code; None where there is none."""
    return LISTINGS.get(code) or PAPERS.get(code)


def _source(work: Work) -> object:
    return work.write if isinstance(work, Paper) else work.pages
