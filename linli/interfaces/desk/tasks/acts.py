"""What the page of a task can send: one function for each act, and its form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.engines.cases import selectors as cases
from linli.engines.projects import selectors, services
from linli.engines.projects.types import FileRef
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.interfaces.desk.doors import actor_of, day_of, id_of
from linli.interfaces.desk.files import uploads

if TYPE_CHECKING:
    from uuid import UUID

    from linli.engines.projects.models import Task


@dataclass(frozen=True, slots=True)
class Sent:
    """One act as it was sent: by whom, on which task, with which files."""

    request: HttpRequest
    actor: Actor
    now: datetime
    task: Task
    files: Sequence[FileRef] = ()

    def text(self, name: str) -> str:
        """Return a text that was typed."""
        return self.request.POST.get(name, "").strip()

    def day(self, name: str = "due_on") -> date:
        """Return a day that was typed.

        Raises:
            InvalidError: it is none.
        """
        found = day_of(self.request.POST.get(name, ""))
        if found is None:
            raise InvalidError(_("还有内容需要填写。"), code="desk.day", fields={name: [_("请选择日期。")]})
        return found

    @property
    def expected(self) -> int | None:
        """The version that the person looked at."""
        raw = self.request.POST.get("expected", "")
        return int(raw) if raw.isdecimal() and len(raw) < 10 else None

    @property
    def common(self) -> dict[str, Any]:
        """What every service takes."""
        return {"by": self.actor, "now": self.now, "task": self.task}


def _report(s: Sent) -> object:
    raw = s.text("percent")
    if raw and not (raw.isascii() and raw.isdigit() and len(raw) < 4):
        raise InvalidError(_("进度填整数。"), code="desk.percent", fields={"percent": [_("填 0 到 99 的整数。")]})
    percent = int(raw) if raw else None
    return services.report_task(**s.common, text=s.text("text"), percent=percent, files=s.files, expected=s.expected)


def _assign(s: Sent) -> object:
    return services.assign_task(**s.common, user_id=id_of(s.text("user")), expected=s.expected)


def _decide(s: Sent) -> object:
    extension = selectors.task_facts(s.task).waiting
    if extension is None:
        raise ConflictError(_("没有等待答复的延期申请。"), code="desk.extension", hint=_("请刷新后查看。"))
    extension.task = s.task
    granted = s.text("granted") == "yes"
    return services.decide_extension(
        by=s.actor, now=s.now, extension=extension, granted=granted, reason=s.text("reason")
    )


def _order(s: Sent) -> Any:
    order = selectors.order_of(s.task, id_of(s.text("order")) or 0)
    order.task = s.task
    return order


ACTS: dict[str, Callable[[Sent], object]] = {
    "sign": lambda s: services.sign_task(**s.common, expected=s.expected),
    "take": lambda s: services.take_task(**s.common, expected=s.expected),
    "assign": _assign,
    "report": _report,
    "note": lambda s: services.note_task(**s.common, text=s.text("text"), files=s.files),
    "hand_in": lambda s: services.hand_in_task(**s.common, result=s.text("result"), files=s.files, expected=s.expected),
    "done": lambda s: services.finish_task(**s.common, result=s.text("result"), files=s.files, expected=s.expected),
    "drop": lambda s: services.end_task(**s.common, result=s.text("result"), dropped=True, expected=s.expected),
    "accept": lambda s: services.accept_task(**s.common, text=s.text("text"), expected=s.expected),
    "send_back": lambda s: services.send_back_task(
        **s.common, reason=s.text("reason"), due_on=s.day(), expected=s.expected
    ),
    "ask_extension": lambda s: services.ask_extension(**s.common, due_on=s.day(), reason=s.text("reason")),
    "decide_extension": _decide,
    "extend": lambda s: services.extend_task(**s.common, due_on=s.day(), reason=s.text("reason"), expected=s.expected),
    "reopen": lambda s: services.reopen_task(**s.common, due_on=s.day(), reason=s.text("reason"), expected=s.expected),
    "urge": lambda s: services.urge_task(**s.common, text=s.text("text")),
    "order": lambda s: services.order_task(**s.common, text=s.text("text"), due_on=s.day()),
    "order_reply": lambda s: services.answer_order(by=s.actor, now=s.now, order=_order(s), text=s.text("text")),
    "order_result": lambda s: services.conclude_order(by=s.actor, now=s.now, order=_order(s), text=s.text("text")),
}


def attachable(request: HttpRequest, uuids: Sequence[UUID], now: datetime) -> list[FileRef]:
    """Return the uploaded files as what a service attaches; those of others or attached already are left out."""
    if not uuids:
        return []
    own = cases.own_uploads(actor_of(request), uuids, now=now).values()
    taken = selectors.attached(list(own))
    caption = request.POST.get("caption", "")
    return [FileRef(pk, caption) for pk in own if pk not in taken]


def do(request: HttpRequest, task: Task, now: datetime) -> tuple[list[UUID], list[str]]:
    """Do what was sent; return the files that came along, to be shown again, and those that were refused.

    Raises:
        DomainError: it cannot be done. The files that came with it are kept for another try.
    """
    act = ACTS.get(request.POST.get("act", "done" if "result" in request.POST else ""))
    if act is None:
        raise InvalidError(_("请选择要做的事。"), code="desk.act")
    uuids, refused = uploads.take(request, now=now)
    if refused:
        raise uploads.FilesError(uuids, refused)
    try:
        act(Sent(request, actor_of(request), now, task, attachable(request, uuids, now)))
    except (InvalidError, ConflictError) as error:
        error.params["uploaded"] = uuids
        raise
    return uuids, refused
