"""The life of an import: brought, checked, applied stretch by stretch, undone whole; and sheets out.

One way for pages, jobs and commands: each asks for a step and calls :func:`advance`, which does as many
stretches as its seconds allow. A stretch, its changes, its journal entries and the count of rows
done are one transaction, so that whatever is broken off goes on where it stood.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ForbiddenError, InvalidError
from linli.foundation.jobs import services as jobs
from linli.foundation.journal import services as journal
from linli.foundation.sheets import permissions, rules, selectors
from linli.foundation.sheets.exceptions import BatchStateError
from linli.foundation.sheets.models import Batch, State, opened, sealed
from linli.foundation.sheets.services import actors, stepping
from linli.foundation.sheets.services.layouts import Values, remember
from linli.foundation.sheets.services.reading import open_sheet
from linli.foundation.sheets.services.showing import Parser, can_mean, guess, known_headers, offered
from linli.foundation.sheets.services.writing import write_refused, write_rows, write_template
from linli.foundation.sheets.types import KINDS, About, Hang, Row, SheetKind, SheetRow

MAX_IMPORT_ROWS = 20_000
JOB = "sheets.go_on"


def _note(batch: Batch, by: Actor, now: datetime, verb: str, after: Mapping[str, Any], reason: str = "") -> None:
    journal.record(
        by=by, verb=f"sheets.{verb}", kind="sheet_batch", uuid=batch.uuid, label=f"{batch.kind} {batch.name}", now=now,
        after=after, reason=reason,
    )  # fmt: skip


def upload(*, by: Actor, now: datetime, kind: str, name: str, content: bytes) -> Batch:
    """Read a sheet and keep it, encrypted. Nothing is written but the sheet.

    Its columns are those that were said of an earlier sheet of this layout, else guessed by their headers.

    Raises:
        NotFoundError: no such kind for ``by``.
        InvalidError: no sheet, no header, no rows, or more than :data:`MAX_IMPORT_ROWS`.
    """
    found = permissions.kind_for(by, kind)
    known = known_headers(found) | selectors.layout_headers(found.code)
    sheet = open_sheet(content, name, known=known, most=MAX_IMPORT_ROWS, foreign=True)
    rows = [(r.line, r.cells, {str(i): why for i, why in r.faults.items()}) for r in sheet.rows]
    if not rows:
        raise InvalidError(
            _("表格里没有可以导入的行。"),
            code="sheets.empty",
            hint=_("示例行不会导入，请在它下面填写。"),
            fields={"file": [_("表格里没有可以导入的行。")]},
        )
    mapping, values = _known(sheet.headers, found)
    batch = Batch(
        kind=found.code,
        name=name[-120:],
        by_uuid=by.uuid,
        by_label=by.label,
        actor_sealed=sealed(actors.to_data(by)),
        created_at=now,
        touched_at=now,
        mapping=mapping,
        values=values,
        notes=[*sheet.notes[:20], *_double(sheet.headers, found)],
        total=len(rows),
        sheet_sealed=sealed({"headers": sheet.headers, "rows": rows}),
    )
    with transaction.atomic():
        batch.save(force_insert=True)
        _note(batch, by, now, "upload", {"rows": len(rows)})
    return batch


def _double(headers: Sequence[str], kind: SheetKind) -> list[str]:
    """Return a note on headers that stand twice and name one column."""
    known = known_headers(kind)
    there = [h.strip() for h in headers if rules.plain(h) in known]
    twice = list(dict.fromkeys(h for h in there if there.count(h) > 1))
    return [_("重复的列只读第一列：%(names)s。") % {"names": "、".join(twice)}] if twice else []


def _known(headers: Sequence[str], kind: SheetKind) -> tuple[dict[str, int], dict[str, dict[str, str]]]:
    """Return mapping and values as they were said before; a layout that knows less than the headers say is offered."""
    guessed, kept = guess(headers, kind), selectors.recognised(kind.code, headers)
    if kept is None or not (kept.exact or set(guessed) <= set(kept.mapping)):
        return guessed, {}
    return _there(kind, kept.mapping, len(headers)), kept.values


def _there(kind: SheetKind, mapping: Mapping[str, int], width: int) -> dict[str, int]:
    names = {c.name for c in kind.columns}
    return {n: i for n, i in mapping.items() if n in names and 0 <= i < width}


def meanings(kind: SheetKind, values: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return of what was said what the kind can take: columns of choices and of names, and what there is of both."""
    found = {}
    for column in (c for c in kind.columns if c.name in values and can_mean(c)):
        codes = {code for code, _words in offered(column)}
        found[column.name] = {raw: code for raw, code in values[column.name].items() if code in codes}
    return rules.tidied(found)


def _needed(kind: SheetKind, mapping: Mapping[str, int], values: Mapping[str, Mapping[str, str]]) -> None:
    missing = {
        f"col_{c.name}": [_("请选择对应的列。")]
        for c in kind.columns
        if c.required and c.name not in mapping and not values.get(c.name, {}).get("")
    }
    if missing:
        names = "、".join(str(c.header) for c in kind.columns if f"col_{c.name}" in missing)
        raise InvalidError(_("请指出这些列：%(names)s") % {"names": names}, code="sheets.mapping", fields=missing)


@whole
def check(
    *, by: Actor, now: datetime, uuid: UUID, mapping: Mapping[str, int] | None = None, values: Values | None = None,
    keep: bool = False,
) -> Batch:  # fmt: skip
    """Begin to look at every row without writing any.

    Args:
        mapping: which column is what; None: as it stands.
        values: with it, what the values of columns of choices mean.
        keep: what was said holds for the next sheet of this layout, too.

    Raises:
        InvalidError: a column that is needed is not mapped.
        BatchStateError: it is being applied, or has been.
    """
    batch, kind = _own(by, uuid, {State.UPLOADED, State.CHECKED, State.CHECKING})
    if mapping is not None:
        headers = opened(batch.sheet_sealed, {"headers": []})["headers"]
        batch.mapping, batch.values = _there(kind, mapping, len(headers)), meanings(kind, values or {})
    _needed(kind, batch.mapping, batch.values)
    if mapping is not None and keep:
        _keep(by, now, batch, kind, headers)
    batch.work_sealed = sealed(_work(batch, kind))
    _begin(batch, State.CHECKING, by, now)
    return batch


def _keep(by: Actor, now: datetime, batch: Batch, kind: SheetKind, headers: Sequence[str]) -> None:
    """Keep what was said, unless it is what the headers say by themselves."""
    kept = selectors.recognised(kind.code, headers)
    own = {"mapping": batch.mapping, "values": batch.values}
    if (kept is None or not kept.exact) and own == {"mapping": guess(headers, kind), "values": {}}:
        return
    remember(by=by, now=now, kind=kind.code, headers=headers, title=batch.name, **own)


def _work(batch: Batch, kind: SheetKind) -> dict[str, Any]:
    """Return the rows as read, those that others stand on first, and where stretches end."""
    raw = opened(batch.sheet_sealed, {"rows": []})["rows"]
    parser = Parser(kind, batch.mapping, batch.values)
    rows = [parser.row(SheetRow(line, tuple(cells), {int(i): w for i, w in f.items()})) for line, cells, f in raw]
    keys = [kind.key(r.values) for r in rows]
    _refuse_twice(rows, keys)
    names = [list(kind.names(r.values)) for r in rows]
    deep = rules.levels(names, [list(kind.above(r.values)) for r in rows])
    order = sorted(range(len(rows)), key=lambda i: (deep[i], i))
    return {
        "rows": [[rows[i].line, rows[i].values, rows[i].faults] for i in order],
        "ends": rules.stretches([deep[i] for i in order], kind.stretch),
        "names": sorted({n for own, r in zip(names, rows, strict=True) for n in own if n and not r.faults}),
    }


def _refuse_twice(rows: Sequence[Row], keys: Sequence[str]) -> None:
    first: dict[str, int] = {}
    for row, key in zip(rows, keys, strict=True):
        if key and key in first:
            row.refuse("", _("与第 %(line)s 行重复。") % {"line": first[key]})
        first.setdefault(key, row.line)


def _own(by: Actor, uuid: UUID, states: set[State]) -> tuple[Batch, SheetKind]:
    """Return an import, locked, and its kind; for those who may not import the kind there is none."""
    batch = selectors.batch(by, uuid, lock=True)
    kind = KINDS[batch.kind]
    permissions.check_may(by, kind)
    if batch.state not in states:
        raise BatchStateError(
            _("这次导入现在是“%(state)s”，不能这样操作。") % {"state": batch.get_state_display()},
            hint=_("请刷新页面。"),
        )
    if not batch.kept:
        raise BatchStateError(_("上传的内容已过保存期限。"), hint=_("请重新上传表格。"))
    return batch, kind


def _begin(batch: Batch, state: State, by: Actor, now: datetime) -> None:
    """Set out for ``state``; a job is asked for, so that it goes on when nobody looks."""
    batch.state, batch.done, batch.touched_at = state, 0, now
    batch.created = batch.changed = batch.same = batch.refused = 0
    batch.proposed = 0 if state != State.UNDOING else batch.proposed
    batch.faults_sealed = batch.sample_sealed = batch.trouble_sealed = b""
    batch.actor_sealed = sealed(actors.to_data(by))
    batch.save()
    ask(batch, now)


def ask(batch: Batch, now: datetime) -> None:
    """Ask for the job that goes on with an import; while one waits, none is added."""
    jobs.enqueue(name=JOB, payload={"batch": str(batch.uuid)}, now=now, key=f"{JOB}:{batch.uuid}")


@whole
def apply(*, by: Actor, now: datetime, uuid: UUID) -> Batch:
    """Begin to write the rows that were checked; those that are refused stay in the sheet to be mended.

    Raises:
        BatchStateError: it was not checked, or is applied already.
    """
    batch, _kind = _own(by, uuid, {State.CHECKED})
    batch.by_uuid, batch.by_label = by.uuid, by.label
    _begin(batch, State.APPLYING, by, now)
    _note(batch, by, now, "apply", {"rows": batch.total})
    return batch


@whole
def undo(*, by: Actor, now: datetime, uuid: UUID, reason: str = "") -> Batch:
    """Begin to take back everything that the import wrote: all of it, or nothing where something hangs on it.

    What stands in the way is kept with the import (:func:`selectors.trouble`).
    """
    batch, _kind = _own(by, uuid, {State.APPLIED})
    counts = (batch.created, batch.changed, batch.same, batch.refused, batch.faults_sealed, batch.sample_sealed)
    _begin(batch, State.UNDOING, by, now)
    batch.created, batch.changed, batch.same, batch.refused, batch.faults_sealed, batch.sample_sealed = counts
    batch.undone_by = by.label
    batch.save()
    _note(batch, by, now, "undo", {"rows": batch.total}, reason)
    return batch


def advance(
    *, uuid: UUID, now: datetime, seconds: float = 3.0, progress: Callable[[int, int], None] | None = None
) -> Batch:
    """Do as many stretches of an import as ``seconds`` allow, at least one; nothing where nothing goes on.

    Two at once (a page and a job) do not do a stretch twice: each locks the import and looks how far it is.
    """
    until = time.monotonic() + seconds
    run_of = stepping.Run(now)
    while True:
        with transaction.atomic():
            batch = Batch.objects.select_for_update().get(uuid=uuid)
            if batch.running:
                run_of.step(batch)
        if progress is not None:
            progress(batch.done, batch.total)
        if not batch.running or time.monotonic() >= until:
            return batch


def run(*, uuid: UUID, now: datetime, progress: Callable[[int, int], None] | None = None) -> Batch:
    """Go on until the step that was begun is done: for commands and tests."""
    while (batch := advance(uuid=uuid, now=now, seconds=30.0, progress=progress)).running:
        pass
    return batch


def confirm(*, by: Actor, now: datetime, uuid: UUID) -> list[Hang]:
    """Put in force what the import proposes; return what stands in the way, in which case nothing was done.

    Raises:
        ForbiddenError: it is not for ``by``, or they brought the sheet themselves.
        BatchStateError: nothing is waiting.
    """
    with transaction.atomic():
        batch = selectors.batch(by, uuid, lock=True)
        second = KINDS[batch.kind].second
        if second is None or not second.may(by):
            raise ForbiddenError(_("您没有进行这项操作的权限。"), code="sheets.role")
        if by.uuid is not None and by.uuid == batch.by_uuid:
            raise ForbiddenError(
                _("导入的人不能自己确认。"), hint=_("请由另一位管理员确认。"), code="sheets.same_person"
            )
        if batch.state != State.APPLIED or batch.confirmed_at is not None or not batch.proposed:
            raise BatchStateError(_("没有等待确认的内容。"), hint=_("请刷新页面。"))
        changes = selectors.changes(batch)
        hangs = second.do(changes, About(by, now, reason=_("导入 %(name)s") % {"name": batch.name}))
        if hangs:
            transaction.set_rollback(True)
            return hangs
        batch.confirmed_at, batch.confirmed_by, batch.touched_at = now, by.label, now
        batch.save(update_fields=["confirmed_at", "confirmed_by", "touched_at"])
        _note(batch, by, now, "confirm", {"changes": len(changes)})
    return []


@whole
def stop(*, by: Actor, now: datetime, uuid: UUID) -> Batch:
    """Leave off checking or applying; what was written so far stays and can be undone.

    Raises:
        BatchStateError: nothing goes on, or it is being undone, which is done whole.
    """
    batch, _kind = _own(by, uuid, {State.CHECKING, State.APPLYING})
    _note(batch, by, now, "stop", {"done": batch.done, "rows": batch.total})
    if batch.state == State.APPLYING:
        batch.state, batch.applied_at = State.APPLIED, now
        batch.notes = [
            *batch.notes,
            _("导入到一半停止：共 %(total)s 行，处理了 %(done)s 行。") % {"total": batch.total, "done": batch.done},
        ]
    else:
        batch.state = State.UPLOADED
    batch.touched_at = now
    batch.save()
    return batch


@whole
def drop(*, by: Actor, now: datetime, uuid: UUID) -> None:
    """Delete a sheet that was brought and not applied."""
    batch, _kind = _own(by, uuid, {State.UPLOADED, State.CHECKED, State.CHECKING})
    _note(batch, by, now, "drop", {"rows": batch.total})
    batch.delete()


def template(by: Actor, code: str) -> bytes:
    """Return the empty sheet of a kind."""
    return write_template(permissions.kind_for(by, code))


def export(*, by: Actor, now: datetime, code: str) -> bytes:
    """Return the sheet of what is there; it can be imported again and changes nothing. It is journalled."""
    kind = permissions.kind_for(by, code)
    rows = list(kind.export(About(by, now)))
    journal.record(
        by=by, verb="sheets.export", kind="sheet", uuid=None, label=kind.code, now=now, after={"rows": len(rows)}
    )
    return write_rows(kind, rows)


def refused_sheet(by: Actor, batch: Batch) -> bytes:
    """Return the rows that were not taken, each with its reason, to be mended and imported again."""
    kind = KINDS[batch.kind]
    permissions.check_may(by, kind)
    sheet = opened(batch.sheet_sealed, {"headers": [], "rows": []})
    faults: list[tuple[int, dict[str, str]]] = opened(batch.faults_sealed, [])
    cells = {line: texts for line, texts, _f in sheet["rows"]}
    rows = [(line, cells.get(line, []), reasons) for line, reasons in sorted(faults, key=lambda f: f[0])]
    return write_refused(rows, sheet["headers"], batch.mapping, {c.name: c.header for c in kind.columns})
