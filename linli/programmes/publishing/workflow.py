"""The life of whatever goes out: one table for articles, issues, reports and ways of working.

Words go out after a second person has read them (三审三校 in small: who wrote it does not review it;
网络信息内容生态治理规定 第9条 asks a platform for review before publication).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a piece stands."""

    DRAFT = "draft", _("起草")
    HANDED_IN = "handed_in", _("待审核")
    REVIEWED = "reviewed", _("审核通过")
    RELEASED = "released", _("已发布")
    WITHDRAWN = "withdrawn", _("已撤回")
    DROPPED = "dropped", _("已作废")


READERS_ALL = frozenset({"dispatcher", "shift_leader", "street_leader", "supervisor"})
WRITERS = READERS_ALL | {"unit_handler", "unit_head", "neighbourhood_secretary", "community_worker", "grid_head"}
REVIEWERS = frozenset({"shift_leader", "street_leader"})
UNIT_REVIEWERS = frozenset({"unit_head"})
RELEASERS = frozenset({"dispatcher", "shift_leader", "street_leader"})
SECOND_PERSON = "网络信息内容生态治理规定 第9条（发布前审核）"


@dataclass(frozen=True, slots=True)
class Verb:
    """One act on a piece.

    Attributes:
        source: states it starts from; ``target`` the state it ends in, None leaves the state.
        roles: who may, wherever the piece comes from; ``unit_roles`` who may for pieces of their own unit.
        author: whether who wrote it may.
        second: whether it must be somebody else than those who wrote it.
        needs: fields without which the service refuses.
        drastic: asks for confirmation.
    """

    code: str
    label: Any
    source: frozenset[State]
    target: State | None
    roles: frozenset[str]
    unit_roles: frozenset[str] = frozenset()
    author: bool = False
    second: bool = False
    needs: tuple[str, ...] = ()
    rule: str = ""
    drastic: bool = False
    past: Any = ""


def _of(*states: State) -> frozenset[State]:
    return frozenset(states)


VERBS: dict[str, Verb] = {
    v.code: v
    for v in (
        Verb(
            "edit", _("修改"), _of(State.DRAFT), None, READERS_ALL, WRITERS, author=True, past=_("修改")
        ),
        Verb(
            "hand_in", _("送审"), _of(State.DRAFT), State.HANDED_IN, READERS_ALL, WRITERS, author=True,
            past=_("送审"),
        ),
        Verb(
            "take_back", _("撤回送审"), _of(State.HANDED_IN), State.DRAFT, frozenset(), author=True,
            past=_("撤回送审"),
        ),
        Verb(
            "send_back", _("退回修改"), _of(State.HANDED_IN, State.REVIEWED), State.DRAFT, REVIEWERS, UNIT_REVIEWERS,
            needs=("reason",), past=_("退回修改"),
        ),
        Verb(
            "approve", _("审核通过"), _of(State.HANDED_IN), State.REVIEWED, REVIEWERS, UNIT_REVIEWERS, second=True,
            rule=SECOND_PERSON, past=_("审核通过"),
        ),
        Verb(
            "release", _("发布到渠道"), _of(State.REVIEWED, State.RELEASED), State.RELEASED, RELEASERS,
            needs=("channel",), rule=SECOND_PERSON, past=_("发布"),
        ),
        Verb(
            "correct", _("更正"), _of(State.RELEASED), None, REVIEWERS, UNIT_REVIEWERS, needs=("notice",),
            past=_("更正"),
        ),
        Verb(
            "withdraw", _("撤回"), _of(State.RELEASED), State.WITHDRAWN, RELEASERS, UNIT_REVIEWERS,
            needs=("reason",), drastic=True, past=_("撤回"),
        ),
        Verb(
            "restore", _("恢复发布"), _of(State.WITHDRAWN), State.RELEASED, REVIEWERS, needs=("reason",),
            past=_("恢复发布"),
        ),
        Verb(
            "drop", _("作废"), _of(State.DRAFT), State.DROPPED, REVIEWERS, UNIT_REVIEWERS, author=True,
            needs=("reason",), drastic=True, past=_("作废"),
        ),
    )
}  # fmt: skip
