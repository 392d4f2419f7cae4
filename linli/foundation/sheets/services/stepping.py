"""One stretch of an import: looked at, written, or all of it taken back. Each in its caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.foundation.core.db.inserting import insert
from linli.foundation.core.errors import DomainError
from linli.foundation.journal import selectors as journal_selectors
from linli.foundation.journal import services as journal
from linli.foundation.sheets import selectors
from linli.foundation.sheets.models import Batch, BatchChange, State, opened, sealed
from linli.foundation.sheets.services import actors
from linli.foundation.sheets.services.showing import plan, same, shown
from linli.foundation.sheets.types import KINDS, WATCHERS, About, Change, Found, Hang, Made, Row, SheetKind, Values

SAMPLES = 50
HANGS = 200
CHUNK = 500


class Run:
    """What is known during one run over an import's stretches, so that it is looked up once."""

    def __init__(self, now: datetime) -> None:
        """Begin at ``now``."""
        self.now = now
        self.work: dict[str, Any] | None = None
        self.about: About | None = None
        self.state = ""

    def step(self, batch: Batch) -> None:
        """Do the next stretch of ``batch``, which is locked."""
        kind = KINDS[batch.kind]
        about = self._about(batch)
        if batch.state == State.UNDOING:
            take_back(batch, kind, about)
            return
        if self.work is None:
            self.work = opened(batch.work_sealed, {"rows": [], "ends": [], "names": []})
        if batch.state == State.CHECKING and not about.planned:
            about.planned = frozenset(self.work["names"])
        end = next((e for e in self.work["ends"] if e > batch.done), batch.total)
        rows = [Row(line, dict(values), dict(faults)) for line, values, faults in self.work["rows"][batch.done : end]]
        if batch.state == State.CHECKING:
            look(batch, kind, rows, about)
        else:
            write(batch, kind, rows, about)
        batch.done, batch.touched_at = end, self.now
        if end >= batch.total:
            _finish(batch, about)
        batch.save()

    def _about(self, batch: Batch) -> About:
        if self.about is None or self.state != batch.state:
            by = actors.from_data(opened(batch.actor_sealed, None))
            words = _("撤销导入 %(name)s") if batch.state == State.UNDOING else _("导入 %(name)s")
            self.about, self.state = About(by, self.now, reason=words % {"name": batch.name}), batch.state
        return self.about


def _finish(batch: Batch, about: About) -> None:
    if batch.state == State.CHECKING:
        batch.state = State.CHECKED
        return
    batch.state, batch.applied_at = State.APPLIED, about.now
    if KINDS[batch.kind].fleeting:
        batch.sample_sealed = batch.work_sealed = b""
        batch.sheet_sealed = sealed({"headers": [], "rows": []})
    counts = {"created": batch.created, "changed": batch.changed, "same": batch.same, "refused": batch.refused}
    journal.record(
        by=about.by, verb="sheets.applied", kind="sheet_batch", uuid=batch.uuid, label=f"{batch.kind} {batch.name}",
        now=about.now, after=counts,
    )  # fmt: skip


def _split(
    rows: Sequence[Row], found: Sequence[Found | None]
) -> tuple[list[Row], list[tuple[Row, Found]], list[Row], int]:
    """Return what is new, what differs, what is refused, and how many rows are as they should be."""
    fresh = [r for r, f in zip(rows, found, strict=True) if f is None and not r.faults]
    differing = [
        (r, f) for r, f in zip(rows, found, strict=True) if f is not None and not r.faults and r.data["differs"]
    ]
    refused = [r for r in rows if r.faults]
    return fresh, differing, refused, len(rows) - len(fresh) - len(differing) - len(refused)


def _differences(row: Row, there: Found) -> tuple[dict[str, str], dict[str, str]]:
    names = row.data["differs"]
    return {n: there.values.get(n, "") for n in names}, {n: row.values[n] for n in names}


def _note_faults(batch: Batch, refused: Sequence[Row]) -> None:
    if refused:
        batch.refused += len(refused)
        batch.faults_sealed = sealed([*opened(batch.faults_sealed, []), *([r.line, r.faults] for r in refused)])


def _note_samples(batch: Batch, changes: Sequence[Change]) -> None:
    """Keep the first changes for the page: line, label, and what was and will be in words."""
    kept = opened(batch.sample_sealed, [])
    if len(kept) >= SAMPLES or not changes:
        return
    lines = [
        [c.line, c.label, c.action, [[n, c.before.get(n, ""), c.after[n]] for n in c.after if c.action == "change"]]
        for c in changes[: SAMPLES - len(kept)]
    ]
    batch.sample_sealed = sealed([*kept, *lines])


def _called(kind: SheetKind, row: Row) -> str:
    """Return what a row that is not there yet is called: its first two needed columns."""
    needed = [c for c in kind.columns if c.required][:2]
    return " · ".join(t for c in needed if (t := shown(c, row.get(c.name))))


def look(batch: Batch, kind: SheetKind, rows: Sequence[Row], about: About) -> None:
    """Look at a stretch without writing any of it."""
    found = plan(kind, rows, about)
    fresh, differing, refused, same = _split(rows, found)
    batch.created += len(fresh)
    batch.changed += len(differing)
    batch.same += same
    _note_faults(batch, refused)
    changes = [Change("", _called(kind, r), "create", r.line, {}, {}) for r in fresh]
    changes += [Change(f.ref, f.label, "change", r.line, *_differences(r, f)) for r, f in differing]
    _note_samples(batch, changes)


@dataclass
class _Outcome:
    """What a stretch did."""

    changes: list[Change] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)
    created: int = 0
    changed: int = 0
    same: int = 0

    def add(self, other: _Outcome) -> None:
        self.changes += other.changes
        self.refused += other.refused
        self.created += other.created
        self.changed += other.changed
        self.same += other.same


def write(batch: Batch, kind: SheetKind, rows: Sequence[Row], about: About) -> None:
    """Write a stretch: together if that goes, else row by row, so that one that cannot be taken keeps back no other."""
    again = [_copy(r) for r in rows]
    try:
        with transaction.atomic():
            outcome = _write(kind, rows, about)
    except (DomainError, IntegrityError):
        outcome = _Outcome()
        for row in again:
            outcome.add(_write_alone(kind, row, about))
    batch.created += outcome.created
    batch.changed += outcome.changed
    batch.same += outcome.same
    _note_faults(batch, outcome.refused)
    proposed = {c.name for c in kind.columns if c.proposed}
    batch.proposed += sum(any(c.after.get(n, "") != c.before.get(n, "") for n in proposed) for c in outcome.changes)
    insert([_change_row(batch, c) for c in outcome.changes])
    _note_samples(batch, outcome.changes)


def _copy(row: Row) -> Row:
    return Row(row.line, dict(row.values), dict(row.faults))


def _write_alone(kind: SheetKind, row: Row, about: About) -> _Outcome:
    about.kept.clear()  # what was looked up may have been rolled back
    kept = _copy(row)
    try:
        with transaction.atomic():
            return _write(kind, [row], about)
    except (DomainError, IntegrityError) as error:
        kept.refuse("", str(error) if isinstance(error, DomainError) else _("与已有的内容冲突。"))
        return _Outcome(refused=[kept])


def _write(kind: SheetKind, rows: Sequence[Row], about: About) -> _Outcome:
    found = plan(kind, rows, about)
    fresh, differing, refused, same = _split(rows, found)
    changes = _create(kind, fresh, about)
    if differing:
        kind.change(differing, about)
        changes += [Change(f.ref, f.label, "change", r.line, *_differences(r, f)) for r, f in differing]
    return _Outcome(changes, refused, len(fresh), len(differing), same)


def _create(kind: SheetKind, fresh: Sequence[Row], about: About) -> list[Change]:
    if not fresh:
        return []
    made: Sequence[Made] = kind.create(fresh, about)
    stored = kind.load([m.ref for m in made])
    proposed = {c.name for c in kind.columns if c.proposed}
    changes = []
    for row, one in zip(fresh, made, strict=True):
        after = dict(stored[one.ref].values) | {n: v for n, v in row.values.items() if n in proposed}
        changes.append(Change(one.ref, one.label, "create", row.line, {}, after))
    return changes


def _change_row(batch: Batch, change: Change) -> BatchChange:
    values = {"label": change.label, "before": dict(change.before), "after": dict(change.after)}
    return BatchChange(
        batch_id=batch.pk, line=change.line, ref=change.ref, action=change.action, values_sealed=sealed(values)
    )


def take_back(batch: Batch, kind: SheetKind, about: About) -> None:
    """Take back all that an import wrote, the last first; where anything stands in the way, nothing at all."""
    changes = list(reversed(selectors.changes(batch)))
    hangs = _in_the_way(batch, kind, changes, about)
    if not hangs:
        try:
            with transaction.atomic():
                hangs = _undo(kind, changes, about)
                if hangs:
                    transaction.set_rollback(True)
        except (DomainError, IntegrityError) as error:
            hangs = [Hang("", str(error) if isinstance(error, DomainError) else _("还有其他内容引用这些记录。"))]
    batch.touched_at = about.now
    if hangs:
        batch.state, batch.undone_by = State.APPLIED, ""
        batch.trouble_sealed = sealed({"count": len(hangs), "hangs": [[h.label, h.text] for h in hangs[:HANGS]]})
    else:
        batch.state, batch.undone_at, batch.done = State.UNDONE, about.now, batch.total
    journal.record(
        by=about.by, verb="sheets.undone" if not hangs else "sheets.undo_refused", kind="sheet_batch",
        uuid=batch.uuid, label=f"{batch.kind} {batch.name}", now=about.now, after={"in_the_way": len(hangs)},
    )  # fmt: skip
    batch.save()


def _in_the_way(batch: Batch, kind: SheetKind, changes: Sequence[Change], about: About) -> list[Hang]:
    """Return what hangs on what was made, and what was changed since, by whom."""
    there = kind.load([c.ref for c in changes])
    made = [there[c.ref] for c in changes if c.action == "create" and c.ref in there]
    hangs = kind.hanging(made, about) if made else []
    if batch.confirmed_at is not None and kind.second is not None:
        hangs.append(Hang(str(kind.second.title), _("已由%(who)s确认生效。") % {"who": batch.confirmed_by}))
    for watcher in WATCHERS.get(kind.code, []):
        hangs += watcher(changes, batch.applied_at or batch.touched_at)
    loose = {c.name for c in kind.columns if c.proposed or c.loose}
    for change in changes:
        now = there.get(change.ref)
        if now is None:
            if change.action == "change":
                hangs.append(Hang(change.label, _("后来已被删除。")))
            continue
        later = [
            n for n, v in change.after.items() if n not in loose and not same(kind.column(n), now.values.get(n, ""), v)
        ]
        if later:
            hangs.append(Hang(change.label, _later(kind, now, later)))
    return hangs


def _later(kind: SheetKind, now: Found, names: Sequence[str]) -> str:
    """Say what was changed after the import, to what, and by whom the journal knows last."""
    words = "；".join(
        _("“%(column)s”后来改为“%(value)s”")
        % {"column": kind.column(n).header, "value": shown(kind.column(n), now.values.get(n, "")) or _("（空）")}
        for n in names[:3]
    )
    last = journal_selectors.entries_for(kind.journal, now.uuid, 1) if now.uuid else []
    if not last:
        return words + "。"
    at = timezone.localtime(last[0].at)
    return _("%(what)s（%(who)s，%(at)s）。") % {
        "what": words, "who": last[0].actor_label, "at": f"{at:%Y-%m-%d %H:%M}",
    }  # fmt: skip


def _undo(kind: SheetKind, changes: Sequence[Change], about: About) -> list[Hang]:
    """Write what was before; return why a row cannot take it any more."""
    there = kind.load([c.ref for c in changes])
    for begin in range(0, len(changes), CHUNK):
        part = changes[begin : begin + CHUNK]
        if made := [there[c.ref] for c in part if c.action == "create" and c.ref in there]:
            kind.remove(made, about)
        pairs = [_back(kind, c, there[c.ref]) for c in part if c.action == "change"]
        rows = [r for r, _f in pairs]
        kind.check(rows, [f for _r, f in pairs], about)
        if refused := [Hang(f.label, " ".join(r.faults.values())) for r, f in pairs if r.faults]:
            return refused
        if pairs:
            kind.change([(r, f) for r, f in pairs if r.data["differs"]], about)
    return []


def _back(kind: SheetKind, change: Change, there: Found) -> tuple[Row, Found]:
    proposed = {c.name for c in kind.columns if c.proposed}
    before: Values = {n: v for n, v in change.before.items() if n not in proposed}
    row = Row(change.line, dict(before))
    row.data["differs"] = [n for n, v in before.items() if there.values.get(n, "") != v]
    return row, there
