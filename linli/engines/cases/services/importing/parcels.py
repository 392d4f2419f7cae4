"""A sheet on its way in through a page: kept encrypted between requests, taken in by stretches, deleted after a day."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from linli.engines.cases.models import Case
from linli.engines.cases.services.importing.city import take_change
from linli.engines.cases.services.importing.layouts import guess, layout
from linli.engines.cases.services.importing.rows import (
    Change,
    Duplicate,
    Refused,
    Result,
    import_rows,
    moment,
)
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import decrypt_text, encrypt_text
from linli.foundation.core.errors import DomainError, ForbiddenError, NotFoundError
from linli.foundation.core.namespaces import current
from linli.foundation.sheets import selectors as sheets
from linli.foundation.sheets.services import SheetRow, open_sheet, remember

PURPOSE = "cases.import"
ROLES = ("dispatcher", "shift_leader")
_STRETCH = 25


@dataclass
class Parcel:
    """A sheet that somebody uploaded: its rows, what is mapped, and how far it has been taken in."""

    uuid: UUID
    owner: str
    kind: str
    name: str
    headers: list[str]
    rows: list[tuple[int, list[str]]]
    mapping: dict[str, int]
    to_other: bool = False
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    remembered: bool = False  # columns and values are those said of an earlier sheet with this header row
    done: int = 0  # rows taken in so far
    applying: bool = False
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def finished(self) -> bool:
        """Whether every row has been looked at for good."""
        return self.applying and self.done >= len(self.rows)

    def outcome(self) -> Result:
        """Return what has been done, as a :class:`Result`."""
        kept = self.result
        return Result(
            taken=kept.get("taken", 0),
            seen=kept.get("seen", 0),
            placed=kept.get("placed", 0),
            categories=kept.get("categories", {}),
            refused=[Refused(line, tuple(cells), reasons) for line, cells, reasons in kept.get("refused", [])],
            changed=[Change(*c) for c in kept.get("changed", [])],
            duplicates=[Duplicate(*d) for d in kept.get("duplicates", [])],
            rated=kept.get("rated", 0),
            early=kept.get("early", 0),
            dry_run=kept.get("dry_run", False),
        )


def imports(by: Actor) -> bool:
    """Return whether ``by`` is of the operations centre, which brings such sheets and says what is in them."""
    return by.has_role(*ROLES)


def may_import(by: Actor) -> None:
    """Raise unless ``by`` is of the operations centre."""
    if not imports(by):
        raise ForbiddenError(_("导入由派单员或值班长办理。"), code="cases.import.role")


def _folder() -> Path:
    folder = Path(settings.DATA) / "imports" / current()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _save(parcel: Parcel) -> None:
    path = _folder() / str(parcel.uuid)
    fresh = path.with_suffix(".new")
    raw = {k: v for k, v in vars(parcel).items() if k != "uuid"}
    fresh.write_bytes(encrypt_text(json.dumps(raw, ensure_ascii=False), PURPOSE))
    fresh.replace(path)


def keep(*, by: Actor, content: bytes, name: str, kind: str) -> Parcel:
    """Read an uploaded sheet and keep it for its uploader; raise InvalidError where it is none."""
    may_import(by)
    sheet = open_sheet(content, name)
    rows = [(r.line, list(r.cells)) for r in sheet.rows]
    known = sheets.recognised(kind, sheet.headers)
    known = known if known is not None and known.exact else None
    mapping, values = (known.mapping, known.values) if known else (guess(sheet.headers, layout(kind)), {})
    parcel = Parcel(uuid4(), str(by.uuid), kind, name[:120], list(sheet.headers), rows, mapping, values=values)
    parcel.remembered = known is not None
    _save(parcel)
    return parcel


def sweep(before: datetime) -> int:
    """Delete the sheets last written before ``before``; return how many."""
    gone = 0
    for path in _folder().iterdir():
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def open_parcel(*, by: Actor, uuid: UUID) -> Parcel:
    """Return the sheet that ``by`` uploaded; for others there is none."""
    may_import(by)
    try:
        raw = json.loads(decrypt_text((_folder() / str(uuid)).read_bytes(), PURPOSE))
    except OSError as error:
        raise NotFoundError(_("没有这份上传的表格。"), hint=_("上传的表格只保留一天，请重新上传。")) from error
    parcel = Parcel(uuid=uuid, **raw)
    if parcel.owner != str(by.uuid):
        raise NotFoundError(_("没有这份上传的表格。"))
    return parcel


def drop(*, by: Actor, uuid: UUID) -> None:
    """Delete an uploaded sheet."""
    open_parcel(by=by, uuid=uuid)
    (_folder() / str(uuid)).unlink(missing_ok=True)


def start(
    *,
    by: Actor,
    now: datetime,
    parcel: Parcel,
    mapping: Mapping[str, int],
    to_other: bool,
    dry_run: bool,
    seconds: float = 5.0,
    values: Mapping[str, Mapping[str, str]] | None = None,
) -> Parcel:
    """Set what is mapped and look at all rows (a dry run), or begin to take them in.

    What was said of columns and values is kept for the next sheet with the same header row.
    """
    may_import(by)
    parcel.values = {f: dict(v) for f, v in (values or {}).items()}
    remember(
        by=by, now=now, kind=parcel.kind, headers=parcel.headers, mapping=mapping, values=parcel.values,
        title=parcel.name,
    )  # fmt: skip
    parcel.mapping, parcel.to_other, parcel.done, parcel.result = dict(mapping), to_other, 0, {}
    parcel.applying = not dry_run
    if not dry_run:
        return advance(by=by, now=now, parcel=parcel, seconds=seconds)
    found = import_rows(
        by=by,
        now=now,
        layout=layout(parcel.kind),
        rows=_rows(parcel),
        mapping=parcel.mapping,
        unknown_to_other=to_other,
        dry_run=True,
        values=parcel.values,
    )
    _add(parcel, found)
    _save(parcel)
    return parcel


def _rows(parcel: Parcel) -> Iterator[SheetRow]:
    return (SheetRow(line, tuple(cells)) for line, cells in islice(parcel.rows, parcel.done, None))


def _add(parcel: Parcel, found: Result) -> None:
    kept = parcel.result
    kept["dry_run"] = found.dry_run
    kept["taken"] = kept.get("taken", 0) + found.taken
    kept["seen"] = kept.get("seen", 0) + found.seen
    kept["placed"] = kept.get("placed", 0) + found.placed
    kept["refused"] = [*kept.get("refused", []), *([r.line, list(r.cells), dict(r.reasons)] for r in found.refused)]
    kept["changed"] = [
        *kept.get("changed", []),
        *([c.line, c.number, c.case_number, c.what, c.before, c.after, c.field] for c in found.changed),
    ]
    kept["duplicates"] = [
        *kept.get("duplicates", []),
        *([d.line, d.number, d.of_number, d.case_number] for d in found.duplicates),
    ]
    kept["rated"] = kept.get("rated", 0) + found.rated
    kept["early"] = kept.get("early", 0) + found.early
    counted = dict(kept.get("categories", {}))
    for code, count in found.categories.items():
        counted[code] = counted.get(code, 0) + count
    kept["categories"] = counted


def advance(*, by: Actor, now: datetime, parcel: Parcel, seconds: float = 5.0) -> Parcel:
    """Take in as many further rows as ``seconds`` allow; what was broken off is simply done again."""
    may_import(by)
    until, rows = time.monotonic() + seconds, _rows(parcel)
    for first in rows:
        stretch = [first, *islice(rows, _STRETCH - 1)]
        found = import_rows(
            by=by,
            now=now,
            layout=layout(parcel.kind),
            rows=chain(stretch),
            mapping=parcel.mapping,
            unknown_to_other=parcel.to_other,
            values=parcel.values,
        )
        _add(parcel, found)
        parcel.done += len(stretch)
        if time.monotonic() >= until:
            break
    _save(parcel)
    return parcel


def take_changes(*, by: Actor, now: datetime, parcel: Parcel, chosen: Collection[int]) -> Parcel:
    """Take those of the changed rows that a person chose, each by itself; what is refused keeps its reason beside it.

    Args:
        chosen: indices of ``parcel.outcome().changed``.
    """
    may_import(by)
    decided: dict[str, str] = parcel.result.setdefault("decided", {})
    changes = parcel.outcome().changed
    for at in sorted(chosen):
        if not 0 <= at < len(changes) or decided.get(str(at)) == "":
            continue
        change = changes[at]
        case = Case.objects.select_related("category", "category_version").get(number=change.case_number)
        due = moment(change.after) if change.field == "due" else None
        try:
            take_change(by=by, now=now, case=case, field=change.field, value=change.after, at=due)
            decided[str(at)] = ""
        except DomainError as error:
            decided[str(at)] = str(error)
    _save(parcel)
    return parcel
