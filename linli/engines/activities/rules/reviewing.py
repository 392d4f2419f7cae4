"""What a meeting reviews first: the tasks that the meetings before it gave, open or ended since the last one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

OPEN, DONE = "open", "done"


@dataclass(frozen=True, slots=True)
class Given:
    """A task of an earlier meeting."""

    uuid: str
    title: str
    unit: str
    due_on: date
    state: str
    ended_at: datetime | None
    ended_on: date | None
    result: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """The rows to go through, the most urgent first, and how many were done, done late, are open, are overdue."""

    rows: list[Given] = field(default_factory=list)
    done: int = 0
    done_late: int = 0
    open: int = 0
    overdue: int = 0


def is_late(task: Given, today: date) -> bool:
    """Return whether a task ended after its day, or is open after it."""
    return task.due_on < (today if task.state == OPEN else task.ended_on or today)


def review(tasks: Iterable[Given], *, since: datetime | None, today: date) -> Review:
    """Return what a meeting on ``today`` goes through, the last one having been held at ``since``.

    A task stays as long as it is open; one that ended is shown once, at the meeting after.
    """
    rows = [t for t in tasks if t.state == OPEN or since is None or (t.ended_at is not None and t.ended_at >= since)]
    rows.sort(key=lambda t: (t.state != OPEN, t.due_on, t.title, t.uuid))
    return Review(
        rows=rows,
        done=sum(t.state == DONE for t in rows),
        done_late=sum(t.state == DONE and is_late(t, today) for t in rows),
        open=sum(t.state == OPEN for t in rows),
        overdue=sum(t.state == OPEN and is_late(t, today) for t in rows),
    )
