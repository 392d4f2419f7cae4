"""Keyset pages: a list is read on from its last row, never by counting or skipping."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

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


def encode_cursor(values: list[Any]) -> str:
    """Return the key values of a row as an opaque cursor."""
    raw = json.dumps([v.isoformat() if isinstance(v, datetime) else v for v in values])
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, kinds: list[type]) -> list[Any]:
    """Return the key values in ``cursor``, of the given ``kinds`` (datetime, int, str).

    Raises:
        InvalidError: somebody wrote the cursor by hand.
    """
    try:
        raw = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if len(raw) != len(kinds):
            raise ValueError
        return [
            None if v is None else datetime.fromisoformat(v) if k is datetime else k(v)
            for v, k in zip(raw, kinds, strict=True)
        ]
    except (ValueError, TypeError) as error:
        raise InvalidError(
            _("这个分页地址已经失效。"), code="paging.cursor", hint=_("请从列表首页重新打开。")
        ) from error


def keyset(
    rows: QuerySet[M],
    *,
    keys: list[tuple[str, type]],
    cursor: str = "",
    size: int = 50,
    descending: bool = False,
) -> Page[M]:
    """Return the page of ``rows`` behind ``cursor``, ordered by ``keys`` (field, kind).

    The last key must be unique. No key may be null: give such lists a field that is not.
    """
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
    found = list(ordered[: size + 1])
    more = len(found) > size
    found = found[:size]
    following = encode_cursor([getattr(found[-1], n) for n in names]) if more and found else ""
    return Page(rows=found, next=following, previous=bool(cursor), size=size)
