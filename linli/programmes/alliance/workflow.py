"""The life of a line of the three lists and of a claim, as one table: from, verb, to, who may, what it needs.

publish → pitch → claim → agree → deliver → confirmed by who received it → thanks. The buttons, the errors,
the diagram and the tests read this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EntryState(TextChoices):
    """Where a line of the lists stands."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审核")
    PUBLISHED = "published", _("已发布")
    CLOSED = "closed", _("已结束")


class ClaimState(TextChoices):
    """Where a claim stands."""

    CLAIMED = "claimed", _("已认领")
    AGREED = "agreed", _("已签约")
    DELIVERING = "delivering", _("实施中")
    DELIVERED = "delivered", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    THANKED = "thanked", _("已致谢")
    WITHDRAWN = "withdrawn", _("已撤回")
    LAPSED = "lapsed", _("已失效")


class Who(StrEnum):
    """Who does something."""

    KEEPER = "keeper"  # the people of the office that keeps the alliance
    REVIEWER = "reviewer"  # a keeper who did not hand it in
    OWNER = "owner"  # the member whose line it is
    CLAIMANT = "claimant"  # the member that claims
    RECEIVER = "receiver"  # the unit that received, else a keeper; never the claimant's own people
    SYSTEM = "system"


OF_ENTRY, OF_CLAIM = "entry", "claim"
HOLDING = frozenset(  # claims that take up a share
    {
        ClaimState.CLAIMED,
        ClaimState.AGREED,
        ClaimState.DELIVERING,
        ClaimState.DELIVERED,
        ClaimState.CONFIRMED,
        ClaimState.THANKED,
    }
)
OPEN_CLAIMS = frozenset({ClaimState.CLAIMED, ClaimState.AGREED, ClaimState.DELIVERING, ClaimState.DELIVERED})
DONE_CLAIMS = frozenset({ClaimState.CONFIRMED, ClaimState.THANKED})
ENDED_CLAIMS = frozenset({ClaimState.THANKED, ClaimState.WITHDRAWN, ClaimState.LAPSED})


@dataclass(frozen=True, slots=True)
class Verb:
    """One act.

    Attributes:
        of: a line (``entry``) or a ``claim``.
        source: states it starts from; empty for what begins a life.
        target: the state it ends in; None leaves the state.
        who: who may.
        needs: fields without which the service refuses.
    """

    code: str
    label: Any
    of: str
    source: frozenset[str]
    target: str | None
    who: frozenset[Who]
    needs: tuple[str, ...] = ()


def _verb(
    code: str, label: Any, of: str, source: tuple[str, ...], target: str | None, who: tuple[Who, ...], *needs: str
) -> Verb:
    return Verb(code, label, of, frozenset(source), target, frozenset(who), needs)


_E, _C = EntryState, ClaimState
_KEEPER, _OWNER, _CLAIMANT = (Who.KEEPER,), (Who.KEEPER, Who.OWNER), (Who.KEEPER, Who.CLAIMANT)
VERBS: dict[str, Verb] = {
    v.code: v
    for v in (
        _verb("draft", _("登记"), OF_ENTRY, (), _E.DRAFT, _OWNER, "title"),
        _verb("change", _("修改"), OF_ENTRY, (_E.DRAFT,), None, _OWNER, "title"),
        _verb("submit", _("送审"), OF_ENTRY, (_E.DRAFT,), _E.SUBMITTED, _OWNER),
        _verb("approve", _("审核发布"), OF_ENTRY, (_E.SUBMITTED,), _E.PUBLISHED, (Who.REVIEWER,)),
        _verb("send_back", _("退回修改"), OF_ENTRY, (_E.SUBMITTED,), _E.DRAFT, _KEEPER, "reason"),
        _verb("pitch", _("推介"), OF_ENTRY, (_E.PUBLISHED,), None, _KEEPER, "pitch"),
        _verb("mark_top", _("列入十大项目"), OF_ENTRY, (_E.PUBLISHED, _E.CLOSED), None, _KEEPER, "body"),
        _verb("close", _("结束"), OF_ENTRY, (_E.DRAFT, _E.SUBMITTED, _E.PUBLISHED), _E.CLOSED, _KEEPER, "reason"),
        _verb("claim", _("认领"), OF_CLAIM, (), _C.CLAIMED, _CLAIMANT, "share", "role"),
        _verb("agree", _("签约"), OF_CLAIM, (_C.CLAIMED,), _C.AGREED, _KEEPER, "agreement"),
        _verb("report", _("报告进展"), OF_CLAIM, (_C.AGREED, _C.DELIVERING), _C.DELIVERING, _CLAIMANT, "text"),
        _verb("deliver", _("提请确认"), OF_CLAIM, (_C.AGREED, _C.DELIVERING), _C.DELIVERED, _CLAIMANT, "text"),
        _verb("redo", _("请补充"), OF_CLAIM, (_C.DELIVERED,), _C.DELIVERING, (Who.RECEIVER,), "reason"),
        _verb("confirm", _("确认收到"), OF_CLAIM, (_C.DELIVERED,), _C.CONFIRMED, (Who.RECEIVER,), "text"),
        _verb("thank", _("致谢"), OF_CLAIM, (_C.CONFIRMED,), _C.THANKED, _KEEPER, "text"),
        _verb("withdraw", _("撤回认领"), OF_CLAIM, (_C.CLAIMED, _C.AGREED), _C.WITHDRAWN, _CLAIMANT, "reason"),
        _verb("lapse", _("逾期失效"), OF_CLAIM, (_C.CLAIMED,), _C.LAPSED, (Who.SYSTEM,)),
    )
}
HAPPY_PATHS: dict[str, tuple[str, ...]] = {
    "published": ("draft", "submit", "approve", "pitch", "mark_top", "close"),
    "claimed": ("claim", "agree", "report", "deliver", "confirm", "thank"),
}
UNHAPPY_PATHS: dict[str, tuple[str, ...]] = {
    "sent back": ("draft", "submit", "send_back", "change", "submit", "approve"),
    "not enough": ("claim", "agree", "deliver", "redo", "report", "deliver", "confirm"),
    "withdrawn": ("claim", "agree", "withdraw"),
    "silent": ("claim", "lapse"),
}


def walk(path: tuple[str, ...]) -> str:
    """Return the state in which ``path`` ends.

    Raises:
        ValueError: a verb cannot be done where the path has come to.
    """
    state = ""
    for code in path:
        verb = VERBS[code]
        if (state and state not in verb.source) or (not state and verb.source):
            message = f"{code} cannot be done in {state or 'nothing'}"
            raise ValueError(message)
        state = state if verb.target is None else str(verb.target)
    return state


def mermaid(of: str) -> str:
    """Return the life of an ``entry`` or a ``claim`` as a mermaid state diagram."""
    lines = ["stateDiagram-v2"]
    for verb in (v for v in VERBS.values() if v.of == of):
        if not verb.source:
            lines.append(f"  [*] --> {verb.target}: {verb.code}")
        lines.extend(f"  {a} --> {verb.target or a}: {verb.code}" for a in sorted(verb.source) if verb.target != a)
    return "\n".join(lines)
