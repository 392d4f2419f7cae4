"""How a list of a face is said: its columns once, its own page of rows, its filters in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Choices
from django.http import HttpRequest, QueryDict
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.paging import Page, walk
from linli.foundation.exports import services
from linli.foundation.exports.services import Asking, Column, Line, Listing
from linli.foundation.exports.types import Words

SIZE = 200
PageOf = Callable[[HttpRequest, str, int], Page[Any]]
Prepare = Callable[[HttpRequest, list[Any]], Sequence[Any]]
Say = Callable[[str], str]
Heads = Callable[[HttpRequest], Sequence["Col"]]
Place = Callable[[Any], tuple[float, float] | None]


@dataclass(frozen=True, slots=True)
class Col:
    """One column: its head, its width, and what of a row stands in it."""

    label: Words
    width: int
    cell: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A filter in words: what it is called, and how a value of it reads (empty: it does not narrow)."""

    label: Words
    say: Say = str.strip


def request_of(asking: Asking) -> HttpRequest:
    """Return the request for the list's page, as who asks would send it: one for all that is asked."""
    if "request" not in asking.kept:
        request = HttpRequest()
        request.method = "GET"
        request.GET = QueryDict(asking.query)
        request.actor = asking.by  # type: ignore[attr-defined]
        asking.kept["request"] = request
    found: HttpRequest = asking.kept["request"]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the rows of a list come from, and what is said above them.

    Attributes:
        columns: what is taken out of a row; a function of the request where that depends on what is asked for.
        page_of: the list's own page of rows: ``(request, cursor, size)``; filters, order and sight are the page's.
        told: filter name → how it is told.
        prepare: makes of the rows of a page what the columns read, in as few statements as the page does.
        place: where a row lies (lon, lat), if the page shows that.
        check: raises unless the page would open as it is asked for: one ledger of many.
        titled: what the page is called, where that depends on what is asked for.
        always: what the page says above its rows whether asked or not, as the days that it counts.
        noted: what the page says of its rows that narrows nothing, as that they are no official count.
    """

    columns: Sequence[Col] | Heads
    page_of: PageOf
    told: Mapping[str, Told]
    prepare: Prepare | None = None
    place: Place | None = None
    check: Callable[[HttpRequest], object] | None = None
    titled: Callable[[HttpRequest], str] | None = None
    always: Callable[[HttpRequest], Sequence[str]] | None = None
    noted: Callable[[HttpRequest], Sequence[str]] | None = None

    def _columns(self, request: HttpRequest) -> Sequence[Col]:
        return self.columns(request) if callable(self.columns) else self.columns

    def heads(self, asking: Asking) -> Sequence[Column]:
        """Return the heads of the columns."""
        return [Column(c.label, c.width) for c in self._columns(request_of(asking))]

    def pages(self, asking: Asking) -> Iterator[Sequence[Line]]:
        """Yield the rows page by page."""
        request = request_of(asking)
        cells = [c.cell for c in self._columns(request)]
        place = self.place or _nowhere
        for rows in walk(lambda cursor: self.page_of(request, cursor, SIZE)):
            ready = self.prepare(request, rows) if self.prepare is not None else rows
            yield [Line([cell(r) for cell in cells], place(r)) for r in ready]

    def said(self, asking: Asking) -> Sequence[str]:
        """Return what stands above the rows, and the filters in force, in words."""
        words = list(self.always(request_of(asking))) if self.always is not None else []
        data = QueryDict(asking.query)
        for name, how in self.told.items():
            values = [v for v in (how.say(value[:80]) for value in data.getlist(name) if value.strip()) if v]
            if values:
                words.append(in_words(how.label, "、".join(values)))
        return words

    def notes(self, asking: Asking) -> Sequence[str]:
        """Return what stands above the rows besides the filters."""
        return self.noted(request_of(asking)) if self.noted is not None else ()

    def checked(self, asking: Asking) -> None:
        """Raise unless the page would open as it is asked for."""
        if self.check is not None:
            self.check(request_of(asking))

    def title(self, asking: Asking) -> str:
        """Return what the page is called as it is asked for."""
        return self.titled(request_of(asking)) if self.titled is not None else ""


def _nowhere(_row: Any) -> None:
    return None


def enter(
    code: str,
    title: Words,
    columns: Sequence[Col] | Heads,
    page_of: PageOf,
    *,
    told: Mapping[str, Told],
    door: Callable[[Actor], None],
    short: bool = False,
    **more: Any,
) -> None:
    """Let a list be taken out.

    Args:
        code: its name.
        title: what its page is called.
        columns: as :class:`Source` has it.
        page_of: as :class:`Source` has it.
        told: as :class:`Source` has it.
        door: raises unless the page would open.
        short: the list is never long, and its rows are not worth reading twice to count them.
        **more: what else :class:`Source` has.
    """
    source = Source(columns=columns, page_of=page_of, told=told, **more)
    varies = callable(columns)
    services.register(
        Listing(
            code, title, () if callable(columns) else [Column(c.label, c.width) for c in columns], source.pages,
            source.said, door, located=source.place is not None, check=source.checked,
            heads=source.heads if varies else None, titled=source.title if source.titled is not None else None,
            short=short, noted=source.notes,
        )
    )  # fmt: skip


def in_words(label: Words, value: object) -> str:
    """Return a filter and its value as the head of a file says them."""
    return _("%(label)s “%(value)s”") % {"label": label, "value": value}


def all_of(rows: list[Any], cursor: str) -> Page[Any]:
    """Return a list that has no pages as its only one."""
    return Page([] if cursor else rows)


def one_of(choices: Callable[[], Mapping[str, Any]]) -> Say:
    """Return how a value of a select is told: by its label, nothing for what it does not offer."""
    return lambda value: str(choices().get(value, ""))


def ticked(_value: str) -> str:
    """Return how a box that is ticked is told."""
    return _("是")


def moment(value: datetime | None) -> Any:
    """Return a moment to the minute by the local clock; nothing for none."""
    return localtime(value).replace(second=0, microsecond=0) if value is not None else ""


@lru_cache(maxsize=256)
def _labels(choices: type[Choices], _language: str | None) -> Mapping[Any, str]:
    return {value: str(label) for value, label in choices.choices}


def label(field: str, choices: type[Choices]) -> Callable[[Any], str]:
    """Return the cell of a field of choices: the label of its value.

    Django's own ``get_…_display`` makes a dictionary of all labels each time, which long lists feel.
    """
    return lambda row: _labels(choices, get_language()).get(getattr(row, field), "")


def dash(value: Any) -> str:
    """Return a value as text; nothing for nothing."""
    return "" if value is None else str(value)


def day(value: date | None) -> str:
    """Return a day as it is written; nothing for none."""
    return value.isoformat() if value is not None else ""


def day_of(value: datetime | None) -> str:
    """Return the local day of a moment as it is written; nothing for none."""
    return day(localtime(value).date()) if value is not None else ""


def span(since: date, until: date) -> str:
    """Return days from one to another as the head of a file says them."""
    return _("%(since)s 至 %(until)s") % {"since": day(since), "until": day(until)}


def point_of(row: Any) -> tuple[float, float] | None:
    """Return where a row lies (lon, lat), None where nobody said."""
    return (row.lon, row.lat) if row.lon is not None and row.lat is not None else None


def number(value: Decimal) -> int | float:
    """Return a quantity as a number, without needless noughts."""
    return int(value) if value == int(value) else float(value)


def yes(value: object) -> str:
    """Return 是 or nothing."""
    return _("是") if value else ""
