"""How a shop's matter, a blind spot and a lane's plan run: one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class MatterState(models.TextChoices):
    """Where a shop's matter stands."""

    WARNED = "warned", _("已提醒")
    ORDERED = "ordered", _("责令改正")
    HANDED = "handed", _("已移送城管")
    MENDED = "mended", _("已改正")
    ANSWERED = "answered", _("已有处理结果")
    ANNULLED = "annulled", _("已撤销")


class SpotState(models.TextChoices):
    """Where a blind spot stands."""

    OPEN = "open", _("待整改")
    FIXED = "fixed", _("已整改，待复核")
    CLOSED = "closed", _("已销号")
    DROPPED = "dropped", _("不成立")


class LaneState(models.TextChoices):
    """Where a lane's plan stands."""

    DRAFT = "draft", _("方案拟定中")
    AGREED = "agreed", _("实施中")
    DONE = "done", _("已完成")
    DROPPED = "dropped", _("已作废")


MATTER, SPOT, LANE = "matter", "spot", "lane"


@dataclass(frozen=True, slots=True)
class Verb:
    """One act: of what, from which states (none for what begins a life), to which (None leaves it)."""

    code: str
    label: Any
    of: str
    source: frozenset[str]
    target: str | None


def _verb(code: str, label: Any, of: str, source: tuple[str, ...], target: str | None) -> Verb:
    return Verb(code, label, of, frozenset(source), target)


_M, _S, _L = MatterState, SpotState, LaneState
VERBS: dict[str, Verb] = {
    v.code: v
    for v in (
        _verb("warn", _("提醒告知"), MATTER, (), _M.WARNED),
        _verb("order", _("责令改正"), MATTER, (_M.WARNED,), _M.ORDERED),
        _verb("hand_over", _("移送城管"), MATTER, (_M.WARNED, _M.ORDERED), _M.HANDED),
        _verb("mend", _("复查已改正"), MATTER, (_M.WARNED, _M.ORDERED), _M.MENDED),
        _verb("answer", _("登记处理结果"), MATTER, (_M.HANDED,), _M.ANSWERED),
        _verb("appeal", _("登记陈述申辩"), MATTER, (_M.WARNED, _M.ORDERED, _M.HANDED, _M.MENDED, _M.ANSWERED), None),
        _verb("uphold", _("维持"), MATTER, (_M.WARNED, _M.ORDERED, _M.HANDED, _M.MENDED, _M.ANSWERED), None),
        _verb("annul", _("撤销"), MATTER, (_M.WARNED, _M.ORDERED, _M.HANDED, _M.MENDED, _M.ANSWERED), _M.ANNULLED),
        _verb("find_spot", _("登记盲区死角"), SPOT, (), _S.OPEN),
        _verb("fix_spot", _("整改完成"), SPOT, (_S.OPEN,), _S.FIXED),
        _verb("close_spot", _("复核销号"), SPOT, (_S.FIXED,), _S.CLOSED),
        _verb("return_spot", _("复核未过"), SPOT, (_S.FIXED,), _S.OPEN),
        _verb("drop_spot", _("不成立"), SPOT, (_S.OPEN,), _S.DROPPED),
        _verb("draft_lane", _("拟定方案"), LANE, (), _L.DRAFT),
        _verb("change_lane", _("修改方案"), LANE, (_L.DRAFT, _L.AGREED), None),
        _verb("agree_lane", _("方案确定"), LANE, (_L.DRAFT,), _L.AGREED),
        _verb("finish_lane", _("登记成效"), LANE, (_L.AGREED,), _L.DONE),
        _verb("drop_lane", _("作废"), LANE, (_L.DRAFT, _L.AGREED), _L.DROPPED),
    )
}
OPEN_MATTERS = (MatterState.WARNED, MatterState.ORDERED, MatterState.HANDED)
OPEN_SPOTS = (SpotState.OPEN, SpotState.FIXED)
OPEN_LANES = (LaneState.DRAFT, LaneState.AGREED)


def mermaid(of: str) -> str:
    """Return a life as a mermaid state diagram."""
    lines = ["stateDiagram-v2"]
    for verb in (v for v in VERBS.values() if v.of == of):
        if not verb.source:
            lines.append(f"  [*] --> {verb.target}: {verb.code}")
        lines.extend(f"  {a} --> {verb.target or a}: {verb.code}" for a in sorted(verb.source) if verb.target != a)
    return "\n".join(lines)
