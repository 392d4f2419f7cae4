"""What the writes of the room share: versions, the journal, steps with their pictures, days of the rulebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import F, Max, Model
from django.utils.translation import gettext as _

from linli.engines.fieldwork.permissions import readable
from linli.engines.projects.services.keeping import plain
from linli.foundation.core import faults
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.errors import ConflictError, InvalidError, NotFoundError, StaleError
from linli.foundation.journal import services as journal
from linli.foundation.rulebook import selectors as rulebook
from linli.programmes.streets import permissions
from linli.programmes.streets.models import Evidence, Step
from linli.programmes.streets.workflow import VERBS

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target


class Faults(faults.Faults):
    """What is wrong with what was entered of the streets."""

    room = "streets"


def invalid(name: str, message: str) -> InvalidError:
    """Return the error of one field."""
    return faults.one("streets", name, message)


def needed(name: str, text: str, most: int = 300) -> str:
    """Return a text that must be there, personal numbers covered."""
    found = Faults()
    kept = found.words(name, text, most, needed=True)
    found.check()
    return kept


def number(code: str, on: date) -> int:
    """Return a number of the rulebook (``streets.*``)."""
    return int(rulebook.value(f"streets.{code}", on=on))


def stale() -> StaleError:
    """Return the error of who comes with a page that is out of date."""
    return StaleError(
        _("别人刚刚办理过，您的填写没有保存。"), hint=_("您填写的内容还在页面上：请对照最新情况后再办理。")
    )


def check_state(verb: str, row: Any) -> None:
    """Raise ConflictError where the table does not let ``verb`` start from the row's state."""
    if row.state not in VERBS[verb].source:
        raise ConflictError(
            _("现在是“%(state)s”，不能“%(verb)s”。") % {"state": row.get_state_display(), "verb": VERBS[verb].label},
            code="streets.state",
            hint=_("请刷新后查看。"),
        )


def check_version(row: Any, expected: int | None) -> None:
    """Raise StaleError where ``row`` is not at version ``expected``, if that is given."""
    if expected is not None and row.version != expected:
        raise stale()


def put(row: Any, **changes: Any) -> None:
    """Write changes by compare-and-set on the version.

    Raises:
        StaleError: somebody else wrote meanwhile.
    """
    rows = type(row).objects.filter(pk=row.pk, version=row.version)
    if rows.update(version=F("version") + 1, **changes) != 1:
        raise stale()
    row.version += 1
    for name, value in changes.items():
        setattr(row, name, value)


def step(
    by: Actor, now: datetime, verb: str, kind: str, row: Any, *, label: str, text: str = "",
    before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None, files: Sequence[int] = (),
    role: str = "seen", second: str = "", reason: str = "", uuid: UUID | None = None,
) -> Step:  # fmt: skip
    """Append a step with its pictures, and journal it."""
    subject = uuid or row.uuid
    made = Step.objects.create(
        kind=kind, subject=subject, at=now, verb=verb, text=(text or reason)[:1000], data=plain(after) or {},
        by_label=by.label[:80], second_label=second[:80],
    )  # fmt: skip
    attach(made, files, role)
    journal.record(
        by=by, verb=f"streets.{verb}", kind=f"streets_{kind}", uuid=subject, label=label[:80], now=now,
        before=plain(before), after=plain(after), reason=reason,
    )  # fmt: skip
    return made


def attach(made: Step, files: Sequence[int], role: str) -> None:
    """Hang pictures on a step, each once."""
    Evidence.objects.bulk_create(Evidence(step=made, file_id=pk, role=role) for pk in dict.fromkeys(files))


def street_target(by: Actor, uuid: UUID, kinds: Sequence[str], *, lock: bool = False) -> Target:
    """Return an entry of one of these ledgers that is still in it.

    Raises:
        NotFoundError: there is none, or not for this person.
    """
    rows = readable(SYSTEM, guarded=False).filter(
        permissions.targets_q(by) | permissions.own_routes_q(by), uuid=uuid, until=None
    )
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.select_related("kind", "unit", "area").defer("area__geometry", "area__wkb").first()
    if found is None or (kinds and found.kind.code not in kinds):
        raise NotFoundError(
            _("没有这个对象。"), code="streets.no_target", hint=_("它可能已退出台账，或不在您的范围内。")
        )
    return found


def next_number(model: type[Model], year_field: str, number_field: str, year: int) -> int:
    """Return the next number of a year; a unique constraint keeps two from drawing the same."""
    rows = model._default_manager.filter(**{year_field: year})
    return int(rows.aggregate(n=Max(number_field))["n"] or 0) + 1
