"""States, levels and stages of a case, and what each means."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Step(models.IntegerChoices):
    """The six steps that everyone sees."""

    FOUND = 1, _("发现")
    ACCEPTED = 2, _("受理")
    DISPATCHED = 3, _("派遣")
    HANDLED = 4, _("处置")
    CHECKED = 5, _("核查")
    CLOSED = 6, _("结案")


class State(models.TextChoices):
    """Where a case stands; the label is the staff's word."""

    REPORTED = "reported", _("已上报")
    AWAITING_INFO = "awaiting_info", _("待补充")
    TO_VERIFY = "to_verify", _("待核实")
    TO_DISPATCH = "to_dispatch", _("待派遣")
    FILED = "filed", _("已立案")
    RETURN_PENDING = "return_pending", _("退单待定")
    TO_SIGN = "to_sign", _("待签收")
    HANDLING = "handling", _("处置中")
    CONSULTING = "consulting", _("会商中")
    SHELVED = "shelved", _("挂账")
    TO_CHECK = "to_check", _("待核查")
    TO_REPLY = "to_reply", _("待反馈")
    CLOSED = "closed", _("已结案")
    REFUSED = "refused", _("不予受理")
    MERGED = "merged", _("已合并")
    SPLIT = "split", _("已拆分")
    VOID = "void", _("已作废")


class Outcome(models.TextChoices):
    """How a closed case ended."""

    NONE = "", ""
    SOLVED = "solved", _("实际解决")
    EXPLAINED = "explained", _("解释说明")
    UNSOLVED = "unsolved", _("未解决")
    WITHDRAWN = "withdrawn", _("撤单")


class Level(models.TextChoices):
    """Which level convenes; the named handling unit keeps the case at each."""

    GENERAL = "general", _("一般问题")
    COMPREHENSIVE = "comprehensive", _("综合问题")
    DIFFICULT = "difficult", _("困难问题")


LEVELS = [Level.GENERAL, Level.COMPREHENSIVE, Level.DIFFICULT]


class Stage(models.TextChoices):
    """What a clock measures."""

    ACCEPT = "accept", _("受理")
    SUPPLEMENT = "supplement", _("待补充")
    VERIFY = "verify", _("核实")
    DISPATCH = "dispatch", _("派遣")
    FIRST_CONTACT = "first_contact", _("先行联系")
    SIGN = "sign", _("签收")
    ARRIVE = "arrive", _("到场")
    HANDLE = "handle", _("处置")
    CONSULT = "consult", _("会商")
    SHELVE = "shelve", _("挂账复查")
    CHECK = "check", _("核查")
    REPLY = "reply", _("反馈")
    ORDER = "order", _("督办答复")
    REVIEW = "review", _("不满意复核")
    OVERALL = "overall", _("全程")


class Owner(models.TextChoices):
    """Who has to act next."""

    REPORTER = "reporter", _("反映人")
    CENTRE = "centre", _("街道城运中心")
    INSPECTOR = "inspector", _("网格监督员")
    SHIFT_LEADER = "shift_leader", _("值班长")
    UNIT = "unit", _("承办单位")
    CONVENER = "convener", _("会商召集人")
    NOBODY = "nobody", _("无")


@dataclass(frozen=True, slots=True)
class StateFacts:
    """What a state means: words, place in the six steps, who owns it, whether open and timed.

    ``stage`` is the clock that begins when a case enters the state and ends when it leaves it.
    Where ``clock_runs`` is false the other clocks stand still meanwhile (see :data:`NEVER_STANDS`).
    """

    resident: Text
    step: Step
    owner: Owner
    open: bool = True
    clock_runs: bool = True
    tone: str = "doing"
    stage: Stage | None = None


STATES: dict[State, StateFacts] = {
    State.REPORTED: StateFacts(_("已收到"), Step.ACCEPTED, Owner.CENTRE, tone="new", stage=Stage.ACCEPT),
    State.AWAITING_INFO: StateFacts(
        _("请您补充"), Step.ACCEPTED, Owner.REPORTER, clock_runs=False, tone="new", stage=Stage.SUPPLEMENT
    ),
    State.TO_VERIFY: StateFacts(_("核实中"), Step.ACCEPTED, Owner.INSPECTOR, tone="new", stage=Stage.VERIFY),
    State.TO_DISPATCH: StateFacts(_("已受理"), Step.DISPATCHED, Owner.CENTRE, tone="new", stage=Stage.DISPATCH),
    State.FILED: StateFacts(_("已受理"), Step.DISPATCHED, Owner.CENTRE, tone="new", stage=Stage.DISPATCH),
    State.RETURN_PENDING: StateFacts(
        _("已受理"), Step.DISPATCHED, Owner.SHIFT_LEADER, tone="new", stage=Stage.DISPATCH
    ),
    State.TO_SIGN: StateFacts(_("已派给处理单位"), Step.DISPATCHED, Owner.UNIT, stage=Stage.SIGN),
    State.HANDLING: StateFacts(_("处理中"), Step.HANDLED, Owner.UNIT, stage=Stage.HANDLE),
    State.CONSULTING: StateFacts(_("会商协调中"), Step.HANDLED, Owner.CONVENER, stage=Stage.CONSULT),
    State.SHELVED: StateFacts(_("暂缓办理"), Step.HANDLED, Owner.UNIT, clock_runs=False, stage=Stage.SHELVE),
    State.TO_CHECK: StateFacts(_("核查中"), Step.CHECKED, Owner.INSPECTOR, tone="check", stage=Stage.CHECK),
    State.TO_REPLY: StateFacts(_("即将答复您"), Step.CLOSED, Owner.CENTRE, tone="check", stage=Stage.REPLY),
    State.CLOSED: StateFacts(_("已办结"), Step.CLOSED, Owner.NOBODY, open=False, clock_runs=False, tone="done"),
    State.REFUSED: StateFacts(_("不予受理"), Step.ACCEPTED, Owner.NOBODY, open=False, clock_runs=False, tone="done"),
    State.MERGED: StateFacts(_("已合并办理"), Step.ACCEPTED, Owner.NOBODY, open=False, clock_runs=False, tone="done"),
    State.SPLIT: StateFacts(_("分几件办理中"), Step.HANDLED, Owner.NOBODY, open=False, clock_runs=False, tone="doing"),
    State.VOID: StateFacts(_("已作废"), Step.ACCEPTED, Owner.NOBODY, open=False, clock_runs=False, tone="done"),
}

OPEN = frozenset(s for s, f in STATES.items() if f.open)
ENDED = frozenset(State) - OPEN
# Where a case only rests: its clocks stand, none is ended, and it goes on as it stood.
RESTING = frozenset({State.AWAITING_INFO, State.SHELVED, State.MERGED})
_WITH_CLOCK = frozenset({State.TO_SIGN, State.HANDLING, State.CONSULTING})

# stage → states in which its clock may be open; leaving them ends it.
STAGE_STATES: dict[Stage, frozenset[State]] = {
    Stage.ACCEPT: frozenset({State.REPORTED}) | RESTING,
    Stage.SUPPLEMENT: frozenset({State.AWAITING_INFO}),
    Stage.VERIFY: frozenset({State.TO_VERIFY}) | RESTING,
    Stage.DISPATCH: frozenset({State.TO_DISPATCH, State.FILED, State.RETURN_PENDING}) | RESTING,
    Stage.FIRST_CONTACT: OPEN | {State.MERGED},
    Stage.SIGN: frozenset({State.TO_SIGN}) | RESTING,
    Stage.ARRIVE: _WITH_CLOCK | RESTING,
    Stage.HANDLE: _WITH_CLOCK | RESTING,
    Stage.CONSULT: frozenset({State.CONSULTING}) | RESTING,
    Stage.SHELVE: frozenset({State.SHELVED}),
    Stage.CHECK: frozenset({State.TO_CHECK}),
    Stage.REPLY: frozenset({State.TO_REPLY}),
    Stage.ORDER: OPEN,
    Stage.REVIEW: frozenset({State.CLOSED}),
    Stage.OVERALL: OPEN | {State.MERGED},
}

# Clocks that run on where the others stand: they measure the waiting itself, or somebody above waits.
NEVER_STANDS = frozenset({Stage.SUPPLEMENT, Stage.SHELVE, Stage.ORDER, Stage.REVIEW})
# Being past these is not the house's lateness: the reporter, or a date that was agreed.
NOT_LATE = frozenset({Stage.SUPPLEMENT, Stage.SHELVE})
BEFORE_DISPATCH = frozenset({State.REPORTED, State.TO_VERIFY, State.TO_DISPATCH, State.FILED})
WITH_UNIT = frozenset({State.TO_SIGN, State.HANDLING, State.CONSULTING, State.SHELVED})


def next_level(level: Level) -> Level | None:
    """Return the level above, None at the top."""
    at = LEVELS.index(level)
    return LEVELS[at + 1] if at + 1 < len(LEVELS) else None
