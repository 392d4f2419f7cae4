"""What the services of the room share: faults by field, the journal, moves along the table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.foundation.core import faults
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.journal import services as journal
from linli.foundation.rulebook import selectors as rulebook
from linli.programmes.alliance.workflow import VERBS


class Faults(faults.Faults):
    """What is wrong with what was entered of the alliance."""

    room = "alliance"
    masks = False


def invalid(name: str, message: str) -> InvalidError:
    """Return the error of one field."""
    return faults.one("alliance", name, message)


def needed(name: str, value: str, most: int = 300) -> str:
    """Return a text that must be there.

    Raises:
        InvalidError: it is empty or too long.
    """
    found = Faults()
    text = found.words(name, value, most, needed=True)
    found.check()
    return text


def check_state(verb: str, row: Any) -> None:
    """Raise ConflictError where the table does not let ``verb`` start from the row's state."""
    if row.state not in VERBS[verb].source:
        raise ConflictError(
            _("现在是“%(state)s”，不能%(verb)s。") % {"state": row.get_state_display(), "verb": VERBS[verb].label},
            code="alliance.state",
            hint=_("请刷新后查看。"),
        )


def number(code: str, on: date) -> int:
    """Return a number of the rulebook (``alliance.*``)."""
    return int(rulebook.value(f"alliance.{code}", on=on))


def plain(value: Any) -> Any:
    """Return a value as the journal keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | bool | list | dict | type(None)) else str(value)


def values_of(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields of a row as the journal keeps them."""
    return {name: plain(getattr(row, name)) for name in names}


def tell(
    by: Actor,
    now: datetime,
    verb: str,
    row: Any,
    *,
    kind: str,
    label: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    uuid: UUID | None = None,
) -> None:
    """Journal a verb of the room: of ``before`` and ``after`` what differs."""
    if before is not None and after is not None:
        changed = [k for k in after if after[k] != before.get(k)]
        before, after = {k: before.get(k) for k in changed}, {k: after[k] for k in changed}
    journal.record(
        by=by,
        verb=f"alliance.{verb}",
        kind=f"alliance_{kind}",
        uuid=uuid or getattr(row, "uuid", None),
        label=(label or str(row))[:80],
        now=now,
        before=before,
        after={k: plain(v) for k, v in after.items()} if after is not None else None,
        reason=reason,
    )
