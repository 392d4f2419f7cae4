"""What the services of the room share: faults by field, versions, the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.faults import several
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.foundation.rulebook import selectors as rulebook


def wrong(**fields: str) -> InvalidError:
    """Return the error of some fields."""
    return several("visits", {name: [message] for name, message in fields.items()})


def needed(name: str, value: str, most: int) -> str:
    """Return a text that must be there and short enough.

    Raises:
        InvalidError: it is empty or too long.
    """
    text = clean(value)
    if not text:
        raise wrong(**{name: _("请填写这一项。")})
    return fitting(name, text, most)


def fitting(name: str, value: str, most: int) -> str:
    """Return a text that may be empty, and is short enough.

    Raises:
        InvalidError: it is too long.
    """
    text = clean(value)
    if len(text) > most:
        raise wrong(**{name: _("最多 %(most)s 个字，现在有 %(now)s 个。") % {"most": most, "now": len(text)}})
    return text


def number(code: str, on: date) -> int:
    """Return a number of the rulebook."""
    return int(rulebook.value(f"visits.{code}", on=on))


def note(
    by: Actor, now: datetime, verb: str, kind: str, uuid: UUID | None, label: str, *,
    before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None, reason: str = "",
) -> None:  # fmt: skip
    """Enter one act in the journal."""
    journal.record(
        by=by, verb=f"visits.{verb}", kind=f"visits_{kind}", uuid=uuid, label=label[:80], now=now,
        before=_plain(before), after=_plain(after), reason=reason,
    )  # fmt: skip


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {k: str(v) if isinstance(v, (date, UUID, Decimal)) else v for k, v in values.items()}
