"""Whom an act on a task is told to, by which template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from linli.engines.projects.models import Task, TaskEvent
from linli.engines.projects.services.task_clocks import local_day
from linli.engines.projects.types import TaskLevel, TaskState
from linli.engines.projects.workflow import CENTRE, DOING, HEADS, VERBS, Stage
from linli.foundation.messages import selectors as messages_read
from linli.foundation.messages import services as messages
from linli.foundation.messages.types import ChannelCode, Outgoing, Recipient
from linli.foundation.people.selectors.addressing import AddressBook

GIVEN, UPDATE = "projects.task_given", "projects.task_update"
DUE_SOON, OVERDUE = "projects.task_due_soon", "projects.task_overdue"
MORNING = "projects.task_morning"
FULL = 100
MOST, LINES = 5_000, 10
WORKING = frozenset({"unit_handler", "unit_head", "contractor", "neighbourhood_secretary", "community_worker", *CENTRE})


def tell_all(events: Sequence[TaskEvent], now: datetime) -> None:
    """Send the messages that the acts call for, in one go; ``events`` come with task, unit and helpers."""
    book = AddressBook(now, WORKING)
    out = [one for event in events for one in _of(event, book)]
    if out:
        messages.send_many(messages=out, now=now)


def tell_mornings(now: datetime) -> int:
    """Tell everybody once a day, from the hour of the digests on, which tasks they owe by today; return how many.

    Who has a task in person is told of it; of what nobody has taken the heads of the unit are.
    """
    today = local_day(now)
    hour = messages_read.limits(now).digest_at
    if now.astimezone(ZoneInfo(settings.TIME_ZONE)).time() < hour:
        return 0
    book = AddressBook(now, WORKING)
    owed: dict[int, list[Task]] = {}
    rows = Task.objects.filter(state=TaskState.OPEN, standing__in=DOING, due_on__lte=today)
    for task in rows.select_related("unit").order_by("due_on", "id")[:MOST]:
        for user_id in _owner(task, book) if task.user_id is not None else _heads(task, book):
            owed.setdefault(user_id, []).append(task)
    return len(messages.send_many(messages=[_morning(u, found, today) for u, found in sorted(owed.items())], now=now))


def _morning(user_id: int, tasks: Sequence[Task], today: date) -> Outgoing:
    lines = [f"· {t.title}（{t.due_on:%m-%d}）" for t in tasks[:LINES]] + (["· ……"] if len(tasks) > LINES else [])
    return Outgoing(
        template=MORNING,
        params={"count": str(len(tasks)), "day": today.isoformat(), "lines": "\n".join(lines), "link": "/desk/owed/"},
        recipient=Recipient(user_id=user_id),
        channel=ChannelCode.IN_APP,
        url="/desk/owed/",
        key=f"{MORNING}:{today.isoformat()}",
    )


def _owner(task: Task, book: AddressBook) -> set[int]:
    return {task.user_id} if task.user_id is not None else book.members(task.unit_id)


def _heads(task: Task, book: AddressBook) -> set[int]:
    return book.members(task.unit_id, HEADS) or book.members(task.unit_id)


def _giver(task: Task, book: AddressBook) -> set[int]:
    if task.giver_id is not None:
        return {task.giver_id}
    if task.sender_unit_id is not None:
        return book.members(task.sender_unit_id, HEADS) or book.members(task.sender_unit_id)
    return _centre(task, book)


def _centre(_task: Task, book: AddressBook) -> set[int]:
    return set().union(*(book.holders(role, "") for role in CENTRE))


def _helpers(task: Task, book: AddressBook) -> set[int]:
    return {u for h in task.helpers.all() for u in book.members(h.unit_id, HEADS) or book.members(h.unit_id)}


def _above(task: Task, book: AddressBook) -> set[int]:
    """Return who hears of a task that is far overdue, by the tier that it has reached."""
    path = task.unit.area.path if task.unit.area is not None else ""
    found: set[int] = set()
    if task.level >= TaskLevel.GRID:
        found |= book.holders("grid_head", path) if path else set()
    if task.level >= TaskLevel.STREET:
        found |= book.holders("street_leader", path)
    return found


def _orderers(task: Task, book: AddressBook) -> set[int]:
    return book.holders("supervisor", "") | book.holders("street_leader", "")


Group = Callable[[Task, AddressBook], set[int]]
TOLD: dict[str, tuple[Group, ...]] = {
    "assign": (_owner,),
    "report": (_giver,),
    "note": (_giver, _owner),
    "hand_in": (_giver,),
    "end": (_giver,),
    "accept": (_owner, _helpers),
    "send_back": (_owner,),
    "ask_extension": (_giver,),
    "decide_extension": (_owner,),
    "extend": (_owner,),
    "urge": (_owner, _heads),
    "order": (_owner, _heads),
    "order_reply": (_orderers,),
    "order_result": (_owner, _heads),
    "drop": (_owner, _giver, _helpers),
    "refuse": (_giver,),
    "reopen": (_owner,),
}


def _marked(event: TaskEvent, book: AddressBook) -> tuple[str, set[int]]:
    """Return (template, users) for a mark: who owes is warned; over the limit the head and who asked, then above."""
    task, mark, stage = event.task, int(event.data["mark"]), event.data["stage"]
    if stage == Stage.ACCEPT:
        return (DUE_SOON if mark < FULL else OVERDUE), _giver(task, book)
    ids = set(_owner(task, book))
    if mark >= FULL:
        ids |= _heads(task, book) | (_orderers(task, book) if stage == Stage.ORDER else _giver(task, book))
        ids |= _above(task, book)
    return (DUE_SOON if mark < FULL else OVERDUE), ids or _heads(task, book) or _centre(task, book)


def _of(event: TaskEvent, book: AddressBook) -> Iterator[Outgoing]:
    task = event.task
    if event.verb == "give":
        yield from _letters(GIVEN, event, _owner(task, book) | _helpers(task, book))
    elif event.verb == "escalate":
        template, ids = _marked(event, book)
        yield from _letters(template, event, ids)
    elif event.verb in TOLD:
        ids = set().union(*(group(task, book) for group in TOLD[event.verb]))
        yield from _letters(UPDATE, event, ids)


def _letters(template: str, event: TaskEvent, ids: Iterable[int]) -> Iterator[Outgoing]:
    params = _params(template, event)
    for user_id in sorted(ids):
        yield Outgoing(
            template=template,
            params=params,
            recipient=Recipient(user_id=user_id),
            channel=ChannelCode.IN_APP,
            subject_kind="task",
            subject_uuid=event.task.uuid,
            url=f"/desk/tasks/{event.task.uuid}/",
        )


def _params(template: str, event: TaskEvent) -> dict[str, Any]:
    task = event.task
    every = {
        "title": task.title,
        "unit": str(task.unit),
        "due": str(event.data.get("due_on") or f"{task.due_on:%Y-%m-%d}"),
        "what": str(VERBS[event.verb].past),
        "by": event.by_label,
        "reason": event.reason or event.text or (task.detail if event.verb == "give" else "") or "—",
        "number": task.source_label or "—",
        "level": str(task.get_level_display()),
        "link": f"/desk/tasks/{task.uuid}/",
    }
    return {name: every[name] for name in messages_read.params_known(template) if name in every}
