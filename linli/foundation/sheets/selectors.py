"""Reading imports, and what is kept of layouts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.sheets import permissions, rules
from linli.foundation.sheets.models import Batch, BatchChange, Layout, opened
from linli.foundation.sheets.types import Change

_LIGHT = ("sheet_sealed", "work_sealed", "faults_sealed", "sample_sealed", "trouble_sealed", "actor_sealed")


def batch(by: Actor, uuid: UUID, *, lock: bool = False) -> Batch:
    """Return an import that ``by`` may see, or raise NotFoundError."""
    rows = permissions.visible(by)
    found = (rows.select_for_update() if lock else rows).filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这次导入。"), hint=_("请从导入记录重新打开。"), code="sheets.batch")
    return found


def batches(by: Actor, *, cursor: str = "", size: int = 25, kind: str = "", text: str = "") -> Page[Batch]:
    """Return a page of imports, newest first; of one kind, with ``text`` in the file's name or who brought it."""
    rows = permissions.visible(by).defer(*_LIGHT)
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(by_label__icontains=text))
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size, descending=True)


def sheet(batch: Batch) -> dict[str, Any]:
    """Return the headers and rows as they were brought, empty once their days are over."""
    kept: dict[str, Any] = opened(batch.sheet_sealed, {"headers": [], "rows": []})
    return kept


def faults(batch: Batch) -> list[tuple[int, dict[str, str]]]:
    """Return line and column → what is wrong, of the rows that were refused last."""
    return [(line, reasons) for line, reasons in opened(batch.faults_sealed, [])]


def samples(batch: Batch) -> list[list[Any]]:
    """Return the first things made or changed: line, label, action, and (column, before, after)."""
    kept: list[list[Any]] = opened(batch.sample_sealed, [])
    return kept


def trouble(batch: Batch) -> dict[str, Any]:
    """Return why the import could not be undone: how many things, and the first of them."""
    kept: dict[str, Any] = opened(batch.trouble_sealed, {})
    return kept


def changes(batch: Batch) -> list[Change]:
    """Return what the import wrote, in the order of its doing; nothing once the days of keeping are over."""
    return [_change(row) for row in BatchChange.objects.filter(batch=batch).order_by("id").iterator(2000)]


def _change(row: BatchChange) -> Change:
    values = opened(row.values_sealed, {"label": "", "before": {}, "after": {}})
    return Change(row.ref, values["label"], row.action, row.line, values["before"], values["after"])


_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Recognised:
    """A kept layout with its mapping moved to the sheet; ``exact``: the header row is the same."""

    layout: Layout
    mapping: dict[str, int]
    exact: bool

    @property
    def values(self) -> dict[str, dict[str, str]]:
        """What was said of values."""
        return {name: dict(said) for name, said in self.layout.values.items()}


def recognised(kind: str, headers: Sequence[str]) -> Recognised | None:
    """Return the layout of a sheet with these headers: the same header row, else all its columns here."""
    row = Layout.objects.filter(kind=kind, key=rules.header_key(headers)).first()
    if row is not None:
        return Recognised(row, {n: int(at) for n, at in row.mapping.items() if int(at) < len(headers)}, exact=True)
    for near in Layout.objects.filter(kind=kind).exclude(headers=[]).order_by("-changed_at", "-id")[:_LOOKED_AT]:
        mapping = rules.transferred(near.headers, near.mapping, headers)
        if mapping is not None:
            return Recognised(near, mapping, exact=False)
    return None


def layout_headers(kind: str) -> set[str]:
    """Return the headers of kept layouts, as headers are compared: a sheet's header row may hold nothing else."""
    rows = Layout.objects.filter(kind=kind).order_by("-changed_at", "-id").values_list("headers", flat=True)
    return {word for headers in rows[:_LOOKED_AT] for h in headers if (word := rules.plain(h))}


def layouts(by: Actor, codes: Collection[str], *, cursor: str = "", size: int = 25, text: str = "") -> Page[Layout]:
    """Return a page of the kept layouts of some kinds, the last said first; with ``text`` in their name."""
    rows = permissions.visible_layouts(by).filter(kind__in=list(codes))
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(changed_by__icontains=text))
    return keyset(rows, keys=[("changed_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def layout(by: Actor, uuid: UUID, *, lock: bool = False) -> Layout:
    """Return a kept layout that ``by`` may see, or raise NotFoundError."""
    rows = permissions.visible_layouts(by)
    found = (rows.select_for_update() if lock else rows).filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这份对应关系，可能已被删除。"), code="sheets.layout")
    return found
