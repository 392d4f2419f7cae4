"""How a list of the desk is said: its columns once, its own page of rows, its filters in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.paging import Page, walk
from linli.foundation.exports import services
from linli.foundation.exports.services import Asking, Column, Line, Listing
from linli.foundation.exports.types import Words
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import check_staff, id_of, today

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
    """Return a request for the list's page, as who asks would send it."""
    request = HttpRequest()
    request.method = "GET"
    request.GET = QueryDict(asking.query)
    request.actor = asking.by  # type: ignore[attr-defined]
    return request


def enter(
    code: str,
    title: Words,
    columns: Sequence[Col] | Heads,
    page_of: PageOf,
    *,
    told: Mapping[str, Told],
    prepare: Prepare | None = None,
    place: Place | None = None,
    door: Callable[[Actor], None] = check_staff,
    check: Callable[[HttpRequest], object] | None = None,
    titled: Callable[[HttpRequest], str] | None = None,
    always: Callable[[HttpRequest], Sequence[str]] | None = None,
    short: bool = False,
) -> None:
    """Let a list be taken out.

    Args:
        code: its name.
        title: what its page is called.
        columns: what is taken out of a row; a function of the request where that depends on what is asked for.
        page_of: the list's own page of rows: ``(request, cursor, size)``; filters, order and sight are the page's.
        told: filter name → how it is told.
        prepare: makes of the rows of a page what the columns read, in as few statements as the page does.
        place: where a row lies (lon, lat), if the page shows that.
        door: raises unless the page would open.
        check: raises unless the page would open as it is asked for: one ledger of many.
        titled: what the page is called, where that depends on what is asked for.
        always: what the page says above its rows whether asked or not, as the days that it counts.
        short: the list is never long, and its rows are not worth reading twice to count them.
    """

    def cols(request: HttpRequest) -> Sequence[Col]:
        return columns(request) if callable(columns) else columns

    def heads(asking: Asking) -> Sequence[Column]:
        return [Column(c.label, c.width) for c in cols(request_of(asking))]

    def pages(asking: Asking) -> Iterator[Sequence[Line]]:
        request = request_of(asking)
        if check is not None:
            check(request)
        cells = [c.cell for c in cols(request)]
        for rows in walk(lambda cursor: page_of(request, cursor, SIZE)):
            ready = prepare(request, rows) if prepare is not None else rows
            yield [Line([cell(r) for cell in cells], place(r) if place is not None else None) for r in ready]

    def said(asking: Asking) -> Sequence[str]:
        words = list(always(request_of(asking))) if always is not None else []
        data = QueryDict(asking.query)
        for name, how in told.items():
            values = [v for v in (how.say(value[:80]) for value in data.getlist(name) if value.strip()) if v]
            if values:
                words.append(_("%(label)s “%(value)s”") % {"label": how.label, "value": "、".join(values)})
        return words

    def checked(asking: Asking) -> None:
        if check is not None:
            check(request_of(asking))

    services.register(
        Listing(
            code, title, () if callable(columns) else [Column(c.label, c.width) for c in columns], pages, said, door,
            located=place is not None, check=checked, heads=heads if callable(columns) else None,
            titled=(lambda asking: titled(request_of(asking))) if titled is not None else None, short=short,
        )
    )  # fmt: skip


def all_of(rows: list[Any], cursor: str) -> Page[Any]:
    """Return a list that has no pages as its only one."""
    return Page([] if cursor else rows)


def one_of(choices: Callable[[], Mapping[str, Any]]) -> Say:
    """Return how a value of a select is told: by its label, nothing for what it does not offer."""
    return lambda value: str(choices().get(value, ""))


def unit(value: str) -> str:
    """Return the unit that a filter names."""
    return directory.unit_name(id_of(value))


def area(value: str) -> str:
    """Return the area that a filter names."""
    wanted = id_of(value)
    return next((a.name for a in directory.areas(today()) if a.id == wanted), "")


def ticked(_value: str) -> str:
    """Return how a box that is ticked is told."""
    return _("是")


def dash(value: Any) -> str:
    """Return a value as text; nothing for nothing."""
    return "" if value is None else str(value)


def day(value: date | None) -> str:
    """Return a day as it is written; nothing for none."""
    return value.isoformat() if value is not None else ""


def yes(value: object) -> str:
    """Return 是 or nothing."""
    return _("是") if value else ""
