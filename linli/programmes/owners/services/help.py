"""What the services of the room share: words that must be there, versions, the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.foundation.core import faults
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import InvalidError, StaleError
from linli.foundation.journal import services as journal


class Faults(faults.Faults):
    """What is wrong with what was entered of an evaluation."""

    room = "owners"


def wrong(**fields: str) -> InvalidError:
    """Return the error of some fields."""
    return faults.several("owners", {name: [message] for name, message in fields.items()})


def words(name: str, value: str, most: int) -> str:
    """Return a text that must be there, with names and numbers of persons masked.

    Raises:
        InvalidError: it is missing or too long.
    """
    found = Faults()
    kept = found.words(name, value, most, needed=True)
    found.check()
    return kept


def fresh(row: Any, expected: int | None) -> None:
    """Raise StaleError where ``row`` is not at version ``expected``, if that is given."""
    if expected is not None and row.version != expected:
        raise StaleError(
            _("别人刚刚办过，您的操作没有保存。"), hint=_("您填写的内容还在页面上：请对照最新情况后再保存。")
        )


def tell(
    by: Actor, now: datetime, verb: str, kind: str, uuid: UUID, label: str, *,
    before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None, reason: str = "",
) -> None:  # fmt: skip
    """Journal a verb of the room."""
    journal.record(
        by=by, verb=f"owners.{verb}", kind=f"owners_{kind}", uuid=uuid, label=label[:80], now=now, before=before,
        after=after, reason=reason[:300],
    )  # fmt: skip
