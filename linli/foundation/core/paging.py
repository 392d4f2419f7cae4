"""Keyset pages: a list is read on from its last row, never by counting or skipping."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar, overload

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from linli.foundation.core.errors import InvalidError

T = TypeVar("T")
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list.

    Attributes:
        rows: at most ``size`` rows.
        next: cursor of the page after this one, empty on the last.
        previous: whether the reader came from an earlier page.
    """

    rows: list[T]
    next: str = ""
    previous: bool = False
    size: int = field(default=50)


@dataclass(slots=True)
class Counted:
    """How many rows the lists asked for inside :func:`counting` have, no further than ``at_most``."""

    at_most: int
    rows: int = 0


_counting: ContextVar[Counted | None] = ContextVar("counting", default=None)


@contextmanager
def counting(at_most: int) -> Iterator[Counted]:
    """Count what :func:`keyset` is asked for instead of reading it: every list that is made by it can be counted.

    A selector called inside gets an empty last page, and does with it what it does with an empty list.
    """
    found = Counted(at_most)
    token = _counting.set(found)
    try:
        yield found
    finally:
        _counting.reset(token)


def walk(fetch: Callable[[str], Page[T]]) -> Iterator[list[T]]:
    """Yield the rows of a list page by page to its end; ``fetch`` takes the cursor."""
    page = fetch("")
    yield page.rows
    while page.next:
        page = fetch(page.next)
        yield page.rows


def encode_cursor(values: list[Any]) -> str:
    """Return the key values of a row as an opaque cursor."""
    raw = json.dumps([v.isoformat() if isinstance(v, date) else v for v in values])
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def _decoded(value: Any, kind: type) -> Any:
    """Return one key value; whatever no row can have is refused here rather than by the database."""
    if kind in (datetime, date):
        moment: date = kind.fromisoformat(value)
        if isinstance(moment, datetime) and moment.tzinfo is None:
            raise ValueError
        return moment
    if isinstance(value, bool) or not isinstance(value, kind):
        raise TypeError
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise OverflowError
    if isinstance(value, str) and "\0" in value.encode().decode():  # a lone surrogate fails to encode
        raise ValueError
    return value


def decode_cursor(cursor: str, kinds: list[type]) -> list[Any]:
    """Return the key values in ``cursor``, of the given ``kinds`` (datetime, date, int, str).

    Raises:
        InvalidError: somebody wrote the cursor by hand.
    """
    try:
        raw = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [_decoded(v, k) for v, k in zip(list(raw), kinds, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise InvalidError(
            _("这个分页地址已经失效。"), code="paging.cursor", hint=_("请从列表首页重新打开。")
        ) from error


@overload
def keyset(
    rows: QuerySet[M], *, keys: list[tuple[str, type]], cursor: str = "", size: int = 50, descending: bool = False
) -> Page[M]: ...


@overload
def keyset(
    rows: QuerySet[Any],
    *,
    keys: list[tuple[str, type]],
    cursor: str = "",
    size: int = 50,
    descending: bool = False,
    row: Callable[[Any], T],
) -> Page[T]: ...


def keyset(
    rows: QuerySet[Any],
    *,
    keys: list[tuple[str, type]],
    cursor: str = "",
    size: int = 50,
    descending: bool = False,
    row: Callable[[Any], Any] | None = None,
) -> Page[Any]:
    """Return the page of ``rows`` behind ``cursor``, ordered by ``keys`` (field, kind).

    The last key must be unique. No key may be null: give such lists a field that is not.
    ``row`` makes of each what the page holds (of a ``values_list`` a tuple with names); it has the keys too.
    """
    if (counted := _counting.get()) is not None:
        counted.rows += rows.order_by()[: counted.at_most].count()
        return Page(rows=[], size=size)
    names = [name for name, _kind in keys]
    ordered = rows.order_by(*(f"-{n}" if descending else n for n in names))
    if cursor:
        values = decode_cursor(cursor, [kind for _name, kind in keys])
        operator = "lt" if descending else "gt"
        after = Q()
        for i, name in enumerate(names):
            equal = Q(**dict(zip(names[:i], values[:i], strict=True)))
            after |= equal & Q(**{f"{name}__{operator}": values[i]})
        # The plain bound on the first key lets both databases use its index.
        ordered = ordered.filter(Q(**{f"{names[0]}__{operator}e": values[0]})).filter(after)
    found: list[Any] = list(ordered[: size + 1] if row is None else map(row, ordered[: size + 1]))
    more = len(found) > size
    found = found[:size]
    following = encode_cursor([getattr(found[-1], n) for n in names]) if more and found else ""
    return Page(rows=found, next=following, previous=bool(cursor), size=size)
