"""What the services of the room share: faults by field, the journal, versions, texts that must be there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.foundation.core import faults
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError, InvalidError
from linli.foundation.journal import services as journal
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places

if TYPE_CHECKING:
    from linli.foundation.places.models import Area


class Faults(faults.Faults):
    """What is wrong with what was entered of the drive."""

    room = "civility"

    def unit(self, name: str, unit_id: int | None) -> int | None:
        """Return a unit that there is."""
        if unit_id is not None and not people.units([unit_id]):
            self.add(name, _("没有这个单位。"))
        return unit_id

    def area(self, name: str, area_id: int | None) -> tuple[Area | None, str]:
        """Return an area with its path; none is the whole subdistrict."""
        if area_id is None:
            return None, ""
        try:
            found = places.area(area_id)
        except DomainError as error:
            self.add(name, error.message)
            return None, ""
        return found, found.path


def invalid(name: str, message: str) -> InvalidError:
    """Return the error of one field."""
    return faults.one("civility", name, message)


def need(most: int = 1000, **texts: str) -> dict[str, str]:
    """Return texts that must be there.

    Raises:
        InvalidError: one is empty or too long.
    """
    wrong = Faults()
    found = {name: wrong.words(name, value, most, needed=True) for name, value in texts.items()}
    wrong.check()
    return found


def plain(value: Any) -> Any:
    """Return a value as the journal keeps it."""
    return value if isinstance(value, str | int | bool | list | dict | type(None)) else str(value)


def tell(
    by: Actor, now: datetime, verb: str, kind: str, uuid: UUID | None, label: str, *,
    before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None, reason: str = "",
) -> None:  # fmt: skip
    """Journal a verb of the room."""
    journal.record(
        by=by, verb=f"civility.{verb}", kind=f"civility_{kind}", uuid=uuid, label=label[:80], now=now,
        before={k: plain(v) for k, v in before.items()} if before is not None else None,
        after={k: plain(v) for k, v in after.items()} if after is not None else None, reason=reason,
    )  # fmt: skip
