"""The life of a task as one table: from where to where, by whom, what it needs.

A task that a case, a consultation or the system gave is done when its owner says so, unless it
``needs_acceptance``; then whoever asked accepts it, or sends it back with the reason and a new day.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.engines.projects.types import Standing, TaskState

Text = str | Promise
HEADS = frozenset({"unit_head", "neighbourhood_secretary"})
CENTRE = frozenset({"dispatcher", "shift_leader"})
ORDERERS = frozenset({"street_leader", "supervisor"})
OVERSEERS = frozenset({"dispatcher", "shift_leader", "grid_head", "street_leader", "supervisor"})


class Stage(StrEnum):
    """What a clock of a task measures."""

    DO = "do"
    ACCEPT = "accept"
    ORDER = "order"


class Who(StrEnum):
    """In what way somebody stands to a task."""

    OWNER = "owner"
    HEAD = "head"
    HELPER = "helper"
    GIVER = "giver"
    ORDERER = "orderer"
    NEIGHBOURHOOD = "neighbourhood"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a standing means: the state that others read, the tone of its mark, the clock that runs in it."""

    state: TaskState
    tone: str
    stage: Stage | None = None


STANDINGS: dict[Standing, Meaning] = {
    Standing.GIVEN: Meaning(TaskState.OPEN, "new", Stage.DO),
    Standing.SIGNED: Meaning(TaskState.OPEN, "doing", Stage.DO),
    Standing.WORKING: Meaning(TaskState.OPEN, "doing", Stage.DO),
    Standing.HANDED_IN: Meaning(TaskState.OPEN, "check", Stage.ACCEPT),
    Standing.DONE: Meaning(TaskState.DONE, "done"),
    Standing.DROPPED: Meaning(TaskState.DROPPED, "idle"),
    Standing.REFUSED: Meaning(TaskState.REFUSED, "idle"),
}
DOING = frozenset({Standing.GIVEN, Standing.SIGNED, Standing.WORKING})
OPEN = DOING | {Standing.HANDED_IN}
ENDED = frozenset(Standing) - OPEN


@dataclass(frozen=True, slots=True)
class Verb:
    """One act on a task.

    Attributes:
        source: standings it starts from; target: where it leads, None where the task stays.
        who: who may, any of these.
        needs: what must be written.
        accepted: True only where the task needs acceptance, False only where it does not, None for both.
        ends: ends the task, which an open order (督办) forbids.
    """

    code: str
    label: Text
    past: Text
    source: frozenset[Standing]
    target: Standing | None
    who: frozenset[Who]
    needs: tuple[str, ...] = ()
    accepted: bool | None = None
    ends: bool = False
    rule: str = ""


_F = frozenset
_GIVEN = _F({Standing.GIVEN})
_IN = _F({Standing.HANDED_IN})
_OWNER = _F({Who.OWNER})
_GIVER = _F({Who.GIVER})
_SYSTEM = _F({Who.SYSTEM})
_ANY = _F({Who.OWNER, Who.HELPER, Who.GIVER, Who.ORDERER})
NEIGHBOURHOOD_RULE = "上海市居民委员会工作条例 第27条、第28条"

VERBS: dict[str, Verb] = {
    v.code: v
    for v in (
        Verb("give", _("布置"), _("布置任务"), _F(), Standing.GIVEN, _ANY),
        Verb("sign", _("签收"), _("已签收"), _GIVEN, Standing.SIGNED, _OWNER),
        Verb("assign", _("指派"), _("指派到人"), DOING, None, _F({Who.HEAD}), ("user",)),
        Verb("take", _("由我承担"), _("领取任务"), DOING, None, _OWNER),
        Verb("report", _("填写进展"), _("填报进展"), DOING, Standing.WORKING, _OWNER, ("text",)),
        Verb("note", _("补充说明"), _("补充说明"), OPEN, None, _ANY, ("text",)),
        Verb("hand_in", _("提交验收"), _("提交验收"), DOING, Standing.HANDED_IN, _OWNER, ("result",), accepted=True),
        Verb("end", _("办结"), _("办结"), DOING, Standing.DONE, _OWNER, ("result",), accepted=False, ends=True),
        Verb("accept", _("验收通过"), _("验收通过"), _IN, Standing.DONE, _GIVER, ends=True),
        Verb("send_back", _("退回整改"), _("退回整改"), _IN, Standing.WORKING, _GIVER, ("reason", "due_on")),
        Verb("ask_extension", _("申请延期"), _("申请延期"), DOING, None, _OWNER, ("reason", "due_on")),
        Verb("decide_extension", _("答复延期"), _("答复延期申请"), DOING, None, _GIVER),
        Verb("extend", _("调整期限"), _("调整期限"), DOING, None, _GIVER, ("reason", "due_on")),
        Verb("urge", _("催办"), _("催办"), DOING, None, _F({Who.GIVER, Who.ORDERER})),
        Verb("order", _("督办"), _("下达督办"), OPEN, None, _F({Who.ORDERER}), ("text", "due_on")),
        Verb("order_reply", _("答复督办"), _("答复督办"), OPEN, None, _OWNER, ("text",)),
        Verb("order_result", _("督办结论"), _("督办结论"), OPEN, None, _F({Who.ORDERER}), ("text",)),
        Verb(
            "drop", _("取消任务"), _("取消任务"), OPEN, Standing.DROPPED, _F({Who.GIVER, Who.OWNER}), ("result",),
            ends=True,
        ),
        Verb(
            "refuse", _("退回"), _("居民区退回"), DOING, Standing.REFUSED, _F({Who.NEIGHBOURHOOD}), ("reason",),
            rule=NEIGHBOURHOOD_RULE,
        ),
        Verb(
            "reopen", _("重新办理"), _("重新办理"), ENDED, Standing.WORKING, _F({Who.GIVER, Who.ORDERER}),
            ("reason", "due_on"),
        ),
        Verb("hand_over", _("移交"), _("人员变动，工作移交"), OPEN, None, _SYSTEM),
        Verb("escalate", _("提醒"), _("时限提醒"), OPEN, None, _SYSTEM),
    )
}  # fmt: skip
