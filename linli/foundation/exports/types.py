"""Which lists can be taken out: each names its columns once. Rooms above register theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
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


TYPES = {
    Form.XLSX: FileType(
        Kind.DOCUMENT, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Form.XLSX.value
    ),
    Form.CSV: FileType(Kind.DOCUMENT, "text/csv; charset=utf-8", Form.CSV.value),
    Form.GEOJSON: FileType(Kind.DOCUMENT, "application/geo+json", Form.GEOJSON.value),
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
    """Who asks for which rows, when: ``query`` is the list's own address behind the question mark."""

    by: Actor
    query: str
    now: datetime


Pages = Callable[[Asking], Iterator[Sequence[Line]]]


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
    """

    code: str
    title: Words
    columns: Sequence[Column]
    pages: Pages
    said: Callable[[Asking], Sequence[str]]
    door: Callable[[Actor], None]
    located: bool = False

    @property
    def forms(self) -> tuple[Form, ...]:
        """The forms in which it can be taken out."""
        return tuple(Form) if self.located else (Form.XLSX, Form.CSV)


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was just made: its content from the beginning, its name, its type, how many rows it has."""

    content: IO[bytes]
    name: str
    mime: str
    rows: int


LISTINGS: dict[str, Listing] = {}


def register(listing: Listing) -> None:
    """Let a list be taken out.

    Raises:
        ValueError: two lists of one code.
    """
    known = LISTINGS.setdefault(listing.code, listing)
    if known is not listing and known.pages is not listing.pages:
        message = f"two lists called {listing.code!r}"
        raise ValueError(message)
