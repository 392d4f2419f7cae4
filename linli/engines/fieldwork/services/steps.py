"""What every write of the room shares: refusals by field, versions, the journal."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Round, Target
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import InvalidError, StaleError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal


def wrong(field: str, message: str) -> InvalidError:
    """Return the error of one field."""
    return InvalidError(message, code=f"fieldwork.{field}", fields={field: [message]})


def need(**values: str) -> None:
    """Raise InvalidError for each of the named texts that is empty."""
    found = {name: [_("请填写这一项。")] for name, value in values.items() if not clean(value)}
    if found:
        raise InvalidError(_("还有内容需要填写。"), code="fieldwork.missing", fields=found)


def stale() -> StaleError:
    """Return the error of a page that is no longer true."""
    return StaleError(_("别人刚刚改过这一项，您的修改没有保存。"), hint=_("请对照最新内容后再保存。"))


def record(
    by: Actor,
    now: datetime,
    verb: str,
    kind: str,
    uuid: UUID | None,
    label: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    rule: str = "",
    personal: Collection[str] = (),
) -> None:
    """Enter one act of this room in the journal."""
    journal.record(
        by=by, verb=f"fieldwork.{verb}", kind=kind, uuid=uuid, label=label[:80], now=now,
        before=_plain(before), after=_plain(after), reason=reason, rule=rule, personal=personal,
    )  # fmt: skip


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}


def label_of(target: Target) -> str:
    """Return what the journal calls a target; one of a guarded kind only by its kind."""
    return target.kind.name if target.kind.guarded else target.name


def note_target(by: Actor, now: datetime, verb: str, target: Target, **more: Any) -> None:
    """Enter one act on a target in the journal."""
    record(by, now, verb, "target", target.uuid, label_of(target), **more)


def note_round(by: Actor, now: datetime, verb: str, round_: Round, **more: Any) -> None:
    """Enter one act on a round in the journal."""
    record(by, now, verb, "round", round_.uuid, round_.title, **more)
