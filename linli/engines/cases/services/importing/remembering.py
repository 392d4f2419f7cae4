"""What a person said of a sheet's columns and values, kept for the next sheet with the same header row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from linli.engines.cases.models import SheetLayout
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.journal import services as journal
from linli.foundation.sheets.rules import plain

MOST_VALUES = 300
Values = Mapping[str, Mapping[str, str]]


def header_key(headers: Sequence[str]) -> str:
    """Return what is the same for two sheets with the same header row, however spaced."""
    return hashlib.sha256("\x1f".join(plain(h) for h in headers).encode()).hexdigest()


def known_layout(kind: str, headers: Sequence[str]) -> tuple[dict[str, int], dict[str, dict[str, str]]] | None:
    """Return (mapping, values) as they were said of a sheet with this header row, None where none came before."""
    row = SheetLayout.objects.filter(kind=kind, key=header_key(headers)).first()
    if row is None:
        return None
    return {f: int(at) for f, at in row.mapping.items() if int(at) < len(headers)}, dict(row.values)


@whole
def remember(
    *, by: Actor, now: datetime, kind: str, headers: Sequence[str], mapping: Mapping[str, int], values: Values
) -> None:
    """Keep what was said; nothing is written where it is kept so already."""
    said = {"mapping": dict(mapping), "values": {f: dict(sorted(v.items())[:MOST_VALUES]) for f, v in values.items()}}
    key = header_key(headers)
    row = SheetLayout.objects.select_for_update().filter(kind=kind, key=key).first()
    if row is not None and {"mapping": row.mapping, "values": row.values} == said:
        return
    before = {"mapping": row.mapping, "values": row.values} if row is not None else {}
    SheetLayout.objects.update_or_create(
        kind=kind, key=key, defaults={**said, "changed_at": now, "changed_by": by.label[:80]}
    )
    journal.record(
        by=by, verb="cases.sheet_layout", kind="import", uuid=None, label=kind, now=now, before=before, after=said
    )


def unknown_values(cells: Iterable[str], known: Iterable[str], said: Mapping[str, str]) -> list[tuple[str, int]]:
    """Return the values of a column that nothing here is called, with how often each stands there, commonest first."""
    named = {*known, *said}
    found: dict[str, int] = {}
    for cell in cells:
        if cell and cell not in named:
            found[cell] = found.get(cell, 0) + 1
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_VALUES]
