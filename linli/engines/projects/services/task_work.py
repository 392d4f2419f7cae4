"""One task in one transaction: acts are gathered in memory, then written together.

``act`` checks the door and the life cycle, changes the row in memory and notes an event with exactly
the fields that changed; ``save`` writes row, clocks, events, files, journal and one job. The row is
written by compare-and-set on its version, so of two people at once the second is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.engines.projects import permissions
from linli.engines.projects.models import Task, TaskEvent, TaskFile
from linli.engines.projects.services import task_clocks as clocks
from linli.engines.projects.types import FileRef, Standing, TaskState
from linli.engines.projects.workflow import STANDINGS, VERBS, Stage
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import InvalidError, StaleError
from linli.foundation.core.folding import plain
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.deadlines import services as deadlines
from linli.foundation.deadlines.types import ClockStart
from linli.foundation.jobs import services as jobs
from linli.foundation.jobs.types import HANDLERS
from linli.foundation.journal import services as journal
from linli.foundation.journal.types import EntryData

TRACKED = tuple(f.attname for f in Task._meta.concrete_fields if f.attname != "id")
# What the journal calls acts whose word is older than the table.
_JOURNAL = {
    "give": "create_task",
    "end": "end_task",
    "drop": "end_task",
    "refuse": "refuse_task",
    "hand_over": "hand_over",
}
TELL = "projects.tell"


def picture(task: Task) -> dict[str, Any]:
    """Return the row as JSON holds it."""
    return {name: plain(getattr(task, name)) for name in TRACKED}


def need(**texts: str) -> None:
    """Raise if one of the named texts is empty.

    Raises:
        InvalidError: with the names of the empty fields.
    """
    missing = {name: [_("请填写这一项。")] for name, value in texts.items() if not clean(str(value or ""))}
    if missing:
        raise InvalidError(_("还有内容需要填写。"), code="projects.needs", fields=missing)


def journal_verb(code: str) -> str:
    """Return what the journal calls an act on a task."""
    return f"projects.{_JOURNAL.get(code, code + '_task')}"


class Work:
    """The acts of one person on one task in one transaction."""

    def __init__(self, task: Task, *, by: Actor, now: datetime, expected: int | None = None) -> None:
        """Begin; ``expected`` is the version that the person looked at.

        Raises:
            StaleError: the task has moved on since.
        """
        self.task, self.by, self.now = task, by, now
        self.found_version = task.version
        if expected is not None and expected != task.version:
            raise stale()
        self.events: list[TaskEvent] = []
        self._files: list[TaskFile] = []
        self._ends: set[str] = set()
        self._starts: list[ClockStart] = []
        self._last = picture(task)
        self.before = self._last

    def act(
        self,
        code: str,
        *,
        changes: Mapping[str, Any] | None = None,
        text: str = "",
        reason: str = "",
        data: Mapping[str, Any] | None = None,
        files: Sequence[FileRef] = (),
        checked: bool = True,
    ) -> TaskEvent:
        """Do the verb ``code``: check it, set ``changes`` on the row, move it on, note the event.

        Raises:
            ForbiddenError, ConflictError: the door or the life cycle does not allow it.
        """
        verb, task = VERBS[code], self.task
        if checked:
            permissions.check(self.by, task, verb)
        source = Standing(task.standing)
        target = verb.target or source
        for name, value in (changes or {}).items():
            setattr(task, name, value)
        task.standing = target
        task.state = STANDINGS[target].state
        if task.state != TaskState.OPEN and task.ended_at is None:
            task.ended_at, task.ended_label = self.now, self.by.label
        elif task.state == TaskState.OPEN:
            task.ended_at, task.ended_label = None, ""
        self._clocks(source, target, {"due_on"} & set(changes or ()))
        task.version += 1
        event = self._note(code, source, text, reason, dict(data or {}))
        self._files += [
            TaskFile(task=task, file_id=f.file_id, caption=mask_personal(clean(f.caption))[:80], event_seq=event.seq)
            for f in files
        ]
        return event

    def _clocks(self, source: Standing, target: Standing, moved: set[str]) -> None:
        """End what the left standing timed, start what the new one does; a moved day starts its clock anew."""
        ran, runs = STANDINGS[source].stage, STANDINGS[target].stage
        if runs is None:
            self._ends |= {s.value for s in Stage}
        elif ran != runs or (moved and runs is Stage.DO):
            self._ends |= {ran.value} if ran else set()
            self._begin(runs)

    def _begin(self, stage: Stage) -> None:
        task, now = self.task, self.now
        if stage is Stage.DO:
            task.due_at = clocks.end_of(task.due_on)
            self._starts.append(clocks.clock(task, stage, task.due_at, now))
        else:
            self._starts.append(clocks.acceptance(task, now))

    def begin(self, start: ClockStart) -> None:
        """Let a further clock run from the moment of saving."""
        self._starts.append(start)

    def end(self, stage: Stage) -> None:
        """Let the clock of a stage end."""
        self._ends.add(stage.value)

    def _note(self, code: str, source: Standing, text: str, reason: str, data: dict[str, Any]) -> TaskEvent:
        now = picture(self.task)
        event = TaskEvent(
            task=self.task,
            seq=self.task.version,
            verb=code,
            at=self.now,
            by_uuid=self.by.uuid,
            by_label=self.by.label,
            from_standing=source.value,
            to_standing=self.task.standing,
            text=mask_personal(clean(text)),
            reason=mask_personal(clean(reason)),
            data=data,
            changes={k: v for k, v in now.items() if self._last[k] != v},
        )
        self._last = now
        self.events.append(event)
        return event

    def save(self, *, told: bool = True) -> Task:
        """Write everything.

        Raises:
            StaleError: somebody else wrote the task meanwhile; nothing is written.
        """
        task = self.task
        changed = {k: getattr(task, k) for k, v in picture(task).items() if self.before[k] != v}
        if Task.objects.filter(pk=task.pk, version=self.found_version).update(**changed) != 1:
            raise stale()
        write([self], told=told)
        return task

    def write_clocks(self) -> None:
        """End and start the clocks; the row is written first, so that everybody takes the two in one order."""
        if self._ends:
            deadlines.end(
                kind=clocks.SUBJECT, subject_id=self.task.pk, stages=self._ends,
                reason=self.events[-1].verb, now=self.now,
            )  # fmt: skip
        if self._starts:
            deadlines.start_bulk(subjects=self._starts, now=self.now)

    @property
    def files(self) -> list[TaskFile]:
        """The files that came with the acts."""
        return self._files

    def entries(self) -> list[EntryData]:
        """Return what the journal keeps of the acts."""
        task = self.task
        return [
            EntryData(
                by=self.by,
                verb=journal_verb(e.verb),
                kind="task",
                uuid=task.uuid,
                label=task.title[:80],
                now=self.now,
                before={"state": _state(e.from_standing)} if "state" in e.changes else None,
                after={k: v for k, v in e.changes.items() if k in _SHOWN} | e.data,
                reason=e.reason or e.text,
                rule=VERBS[e.verb].rule,
            )
            for e in self.events
        ]


_SHOWN = frozenset({"state", "standing", "due_on", "user_id", "percent", "level", "was_overdue"})


def _state(standing: str) -> str:
    return STANDINGS[Standing(standing)].state.value if standing else ""


def write(works: Sequence[Work], *, told: bool = True) -> None:
    """Write clocks, events, files and journal of several works whose rows are written; tell what ended."""
    for work in works:
        work.write_clocks()
    events = [e for w in works for e in w.events]
    TaskEvent.objects.bulk_create(events)
    TaskFile.objects.bulk_create([f for w in works for f in w.files])
    journal.record_many([e for w in works for e in w.entries()])
    if told:
        tell(events, works[0].now)
    for work in works:
        _tell_source(work)


def tell(events: Sequence[TaskEvent], now: datetime) -> None:
    """Let everybody concerned be told after the commit."""
    uuids = [str(e.uuid) for e in events]
    for start in range(0, len(uuids), 1_000):
        jobs.enqueue(name=TELL, payload={"events": uuids[start : start + 1_000]}, now=now)


def _tell_source(work: Work) -> None:
    """Tell the room that a task came from that it has ended, or that it is open again; a room may not care."""
    task, was = work.task, work.before["state"]
    what = "task_ended" if task.state != TaskState.OPEN else "task_reopened"
    name = f"{task.source_kind}.{what}"
    if task.state != was and task.source_kind and name in HANDLERS:
        payload = {"task": task.pk, "source": str(task.source_uuid), "by": work.by.label}
        jobs.enqueue(name=name, payload=payload, now=work.now)


def stale() -> StaleError:
    """Return that somebody else changed the task meanwhile."""
    return StaleError(_("这项任务刚被别人改动过。"), hint=_("请刷新后查看，您填写的内容还在。"), code="projects.stale")
