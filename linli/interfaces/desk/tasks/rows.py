"""Tasks as lists and pages show them: light, words, where they came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.projects import selectors
from linli.engines.projects.rules.tasks import Light, overdue_days
from linli.engines.projects.types import Standing
from linli.engines.projects.workflow import STANDINGS, VERBS
from linli.interfaces.desk import sources

if TYPE_CHECKING:
    from linli.engines.projects.models import Task, TaskEvent, TaskFile

LIGHTS: dict[Light, Any] = {
    Light.GREEN: gettext_lazy("正常"),
    Light.YELLOW: gettext_lazy("需关注"),
    Light.RED: gettext_lazy("已超期"),
    Light.DONE: gettext_lazy("已完成"),
    Light.NONE: gettext_lazy("已结束"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One task in a list.

    Attributes:
        tone: the kind of its status mark; ``words`` what stands on it.
        light: its light by rule, in words and as a class.
    """

    task: Task
    why: sources.Why
    tone: str
    words: str
    light: str
    light_words: str
    late: int


def row_of(task: Task, today: date, limits: Any) -> Row:
    """Return a task as a list shows it."""
    lamp = selectors.task_light(task, today, limits)
    doing = task.standing != Standing.HANDED_IN
    late = overdue_days(task.due_on, today) if lamp is Light.RED and doing else 0
    tone = "late" if late else STANDINGS[Standing(task.standing)].tone
    words = task.get_standing_display()
    return Row(task, sources.why(task), tone, words, lamp.value, str(LIGHTS[lamp]), late)


def rows_of(tasks: Iterable[Task], today: date) -> list[Row]:
    """Return tasks as a list shows them."""
    limits = selectors.light_limits(today)
    return [row_of(t, today, limits) for t in tasks]


def entries(task: Task, events: Iterable[TaskEvent], files: Iterable[TaskFile]) -> list[dict[str, Any]]:
    """Return the acts on a task as a timeline shows them, newest first."""
    by_seq: dict[int, list[TaskFile]] = {}
    for file in files:
        by_seq.setdefault(file.event_seq, []).append(file)
    return [
        {
            "title": _title(e),
            "at": e.at,
            "who": e.by_label,
            "text": e.text,
            "reason": e.reason,
            "changes": _changes(e),
            "photos": photos(task, by_seq.get(e.seq, ())),
        }
        for e in events
    ]


def photos(task: Task, files: Iterable[TaskFile]) -> list[dict[str, str]]:
    """Return the pictures among files as thumbnails; other files as links."""
    return [
        {
            "url": _address(task, f, "1600"),
            "thumb": _address(task, f, "320"),
            "alt": f.caption or _("佐证材料"),
            "caption": f.caption,
        }
        for f in files
        if f.file.has_shown
    ]


def papers(task: Task, files: Iterable[TaskFile]) -> list[dict[str, str]]:
    """Return the files that are not pictures, as links to the originals."""
    return [
        {"url": _address(task, f, "original"), "name": f.file.name or _("文件")} for f in files if not f.file.has_shown
    ]


def _address(task: Task, file: TaskFile, size: str) -> str:
    return reverse("desk:task_file", args=[task.uuid, file.file.uuid, size])


def _title(event: TaskEvent) -> str:
    if event.verb == "escalate":
        percent = event.data.get("mark", 0)
        if event.data.get("stage") == "accept":
            return _("等待验收已用时限的 %(percent)s%%") % {"percent": percent}
        return _("已用时限的 %(percent)s%%") % {"percent": percent}
    if event.verb == "decide_extension":
        return _("同意延期") if event.data.get("granted") else _("不同意延期")
    return str(VERBS[event.verb].past)


def _changes(event: TaskEvent) -> list[str]:
    if event.verb == "give":
        return []
    found = []
    if "due_on" in event.changes:
        found.append(_("期限改为 %(day)s") % {"day": event.changes["due_on"]})
    elif event.data.get("due_on"):
        found.append(_("申请延至 %(day)s") % {"day": event.data["due_on"]} if event.verb == "ask_extension"
                     else _("期限 %(day)s") % {"day": event.data["due_on"]})  # fmt: skip
    if "percent" in event.changes and event.verb == "report":
        found.append(_("进度 %(percent)s%%") % {"percent": event.changes["percent"]})
    return found
