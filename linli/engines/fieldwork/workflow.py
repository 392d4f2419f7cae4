"""How a round, a visit, a submission and a finding run: one table each."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class RoundState(models.TextChoices):
    """Where a round stands."""

    DRAFT = "draft", _("筹备中")
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已办结")
    DROPPED = "dropped", _("已取消")


class VisitState(models.TextChoices):
    """Where a visit stands; who was not reached was tried as often as the rulebook asks."""

    DUE = "due", _("待走访")
    TRIED = "tried", _("未遇，再访")
    DONE = "done", _("已走访")
    UNREACHED = "unreached", _("多次未遇")
    DROPPED = "dropped", _("不再走访")


class SubmissionState(models.TextChoices):
    """Where a filled form stands."""

    RECEIVED = "received", _("已收到")
    ACCEPTED = "accepted", _("已审核")
    RETURNED = "returned", _("退回补正")
    REPLACED = "replaced", _("已有更正")
    ASIDE = "aside", _("未采用")


class FindingState(models.TextChoices):
    """Where a finding stands: the links of ``rules.coverage.Link``."""

    FOUND = "found", _("已发现")
    ON_THE_SPOT = "on_the_spot", _("当场整改")
    CASE = "case", _("已立案")
    RECTIFYING = "rectifying", _("整改中")
    RECTIFIED = "rectified", _("已整改，待复核")
    RECHECKED = "rechecked", _("复核通过")
    RETURNED = "returned", _("复核未过")
    SCORED = "scored", _("已销项")
    DROPPED = "dropped", _("误报")


# Nothing is left to do about these.
FINDING_OVER = (FindingState.SCORED.value, FindingState.ON_THE_SPOT.value, FindingState.DROPPED.value)


@dataclass(frozen=True, slots=True)
class Step:
    """One act: from which states, to which, and what it is called."""

    code: str
    label: Promise
    origins: frozenset[str]
    to: str


def _step(code: str, label: Promise, origins: tuple[str, ...], to: str) -> Step:
    return Step(code, label, frozenset(origins), to)


_R, _V, _S = RoundState, VisitState, SubmissionState
ROUND: dict[str, Step] = {
    s.code: s
    for s in (
        _step("open", _("开始"), (_R.DRAFT,), _R.OPEN),
        _step("close", _("办结"), (_R.OPEN,), _R.CLOSED),
        _step("drop", _("取消"), (_R.DRAFT, _R.OPEN), _R.DROPPED),
    )
}
VISIT: dict[str, Step] = {
    s.code: s
    for s in (
        _step("try", _("未遇"), (_V.DUE, _V.TRIED), _V.TRIED),
        _step("give_up", _("多次未遇"), (_V.TRIED,), _V.UNREACHED),
        _step("do", _("完成"), (_V.DUE, _V.TRIED, _V.UNREACHED), _V.DONE),
        _step("drop", _("不再走访"), (_V.DUE, _V.TRIED, _V.UNREACHED), _V.DROPPED),
    )
}
VISIT_OPEN = frozenset({_V.DUE.value, _V.TRIED.value, _V.UNREACHED.value})
SUBMISSION: dict[str, Step] = {
    s.code: s
    for s in (
        _step("accept", _("审核通过"), (_S.RECEIVED,), _S.ACCEPTED),
        _step("return", _("退回补正"), (_S.RECEIVED,), _S.RETURNED),
        _step("replace", _("更正"), (_S.RECEIVED, _S.RETURNED, _S.ACCEPTED), _S.REPLACED),
        _step("set_aside", _("不采用"), (_S.RECEIVED, _S.ACCEPTED, _S.RETURNED), _S.ASIDE),
    )
}
