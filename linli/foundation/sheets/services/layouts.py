"""What a person said of a sheet's columns and values: kept for the next sheet of that layout, changed, forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.foundation.sheets import permissions, rules, selectors
from linli.foundation.sheets.models import Layout

Values = Mapping[str, Mapping[str, str]]


def _note(by: Actor, now: datetime, row: Layout, verb: str, before: Any, after: Any) -> None:
    journal.record(
        by=by, verb=f"sheets.layout_{verb}", kind="sheet_layout", uuid=row.uuid, label=f"{row.kind} {row.title}",
        now=now, before=before, after=after,
    )  # fmt: skip


def _said(row: Layout) -> dict[str, Any]:
    return {"mapping": row.mapping, "values": row.values}


@whole
def remember(
    *, by: Actor, now: datetime, kind: str, headers: Sequence[str], mapping: Mapping[str, int], values: Values,
    title: str = "",
) -> Layout:  # fmt: skip
    """Keep what was said of a sheet with these headers; nothing is written where it is kept so already.

    Raises:
        ForbiddenError: ``by`` brings no such sheets.
    """
    permissions.check_layouts(by, kind)
    said = {"mapping": dict(mapping), "values": rules.tidied(values)}
    key, name = rules.header_key(headers), clean(title)[-120:]
    row, made = Layout.objects.select_for_update().get_or_create(
        kind=kind, key=key,
        defaults={**said, "title": name, "headers": list(headers), "changed_at": now, "changed_by": by.label},
    )  # fmt: skip
    if made:
        _note(by, now, row, "keep", None, said)
    elif _said(row) != said:
        before = _said(row)
        row.headers, row.title = list(headers), row.title or name
        _write(by, now, row, said, before)
    return row


def _write(by: Actor, now: datetime, row: Layout, said: Mapping[str, Any], before: Any) -> None:
    row.mapping, row.values = said["mapping"], said["values"]
    row.version, row.changed_at, row.changed_by = row.version + 1, now, by.label
    row.save()
    _note(by, now, row, "change", before, said)


@whole
def change_layout(
    *, by: Actor, now: datetime, uuid: UUID, expected: int, title: str, mapping: Mapping[str, int], values: Values
) -> Layout:
    """Say anew what the columns and values of a layout are.

    Raises:
        NotFoundError: there is none for ``by``.
        ConflictError: somebody else said it anew meanwhile.
    """
    row = selectors.layout(by, uuid, lock=True)
    if row.version != expected:
        raise ConflictError(
            _("这份对应关系刚被他人修改。"),
            code="sheets.layout_stale",
            hint=_("您填的内容还在下面，核对后再保存一次。"),
        )
    before = _said(row) | {"title": row.title}
    row.title = clean(title)[:120]
    said = {"mapping": dict(mapping), "values": rules.tidied(values)}
    if before != said | {"title": row.title}:
        _write(by, now, row, said, before)
    return row


@whole
def forget_layout(*, by: Actor, now: datetime, uuid: UUID) -> None:
    """Delete a layout: the next such sheet is read by its headers alone.

    Raises:
        NotFoundError: there is none for ``by``.
    """
    row = selectors.layout(by, uuid, lock=True)
    _note(by, now, row, "forget", _said(row), None)
    row.delete()
