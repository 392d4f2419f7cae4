"""The life cycle of a case as data: states, verbs, who may, what each needs, which rule it cites.

Pages, errors, diagrams and tests all read these two tables; adding a step is adding a row.
"""

from __future__ import annotations

from dataclasses import dataclass, field

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
    State.SPLIT: StateFacts(_("已拆分办理"), Step.ACCEPTED, Owner.NOBODY, open=False, clock_runs=False, tone="done"),
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


class Scope(models.TextChoices):
    """How a role must be held for a verb: where the case lies, in the unit that has it, or as its reporter."""

    AREA = "area", _("辖区内")
    UNIT = "unit", _("承办单位内")
    HELPER = "helper", _("协办单位内")
    ANY = "any", _("任意")
    REPORTER = "reporter", _("反映人本人")
    SYSTEM = "system", _("系统")


# Role codes are those of linli.foundation.people.types.Role (a test holds the two together).
CENTRE = frozenset({"dispatcher", "shift_leader"})
GROUND = frozenset({"inspector", "community_worker", "microgrid_head", "neighbourhood_secretary"})
UNIT_STAFF = frozenset({"unit_handler", "unit_head", "contractor", "neighbourhood_secretary", "community_worker"})
UNIT_HEADS = frozenset({"unit_head", "neighbourhood_secretary"})
CONVENERS = frozenset({"grid_head", "street_leader", "shift_leader"})
REPORTERS = (
    CENTRE
    | GROUND
    | frozenset(
        {
            "stairwell_head",
            "grid_head",
            "street_leader",
            "supervisor",
            "unit_handler",
            "unit_head",
            "contractor",
            "resident",
        }
    )
)
STAFF = REPORTERS - {"resident"}
READERS_ALL = frozenset({"dispatcher", "shift_leader", "street_leader", "supervisor"})


@dataclass(frozen=True, slots=True)
class Verb:
    """One act on a case.

    Attributes:
        code: the name of the service that does it.
        label: the button's word.
        source: states it starts from.
        target: the state it ends in; None leaves the state, a tuple lets the service choose.
        roles: role codes that may; :data:`scope` says how they must be held.
        needs: field codes without which the service refuses.
        rule: the provision that the act rests on.
        public: whether the reporter sees it in the timeline.
        stops: clock stages that it ends beside those that its states end; ``starts`` those that it begins.
        drastic: asks for confirmation.
    """

    code: str
    label: Text
    source: frozenset[State]
    target: State | tuple[State, ...] | None
    roles: frozenset[str]
    scope: Scope = Scope.AREA
    needs: tuple[str, ...] = ()
    rule: str = ""
    public: bool = False
    stops: tuple[Stage, ...] = ()
    starts: tuple[Stage, ...] = ()
    drastic: bool = False
    past: Text = field(default="")


_F = frozenset
_DUTY = "上海市街道办事处条例 第12条、第25条（服从派遣、反馈结果）"
_LOOP = "城市网格化管理办法（2013） 第2条"
_TIERS = "三级处置：一般问题、综合问题、困难问题（可编辑默认值）"
_HOTLINE = "政府服务热线：先行联系、退单、签派"

_VERBS: list[Verb] = [
    Verb(
        "report",
        _("上报"),
        _F(),
        State.REPORTED,
        REPORTERS,
        Scope.ANY,
        ("text",),
        _LOOP,
        public=True,
        starts=(Stage.OVERALL,),
        past=_("问题已上报"),
    ),
    Verb(
        "accept",
        _("受理"),
        _F({State.REPORTED, State.AWAITING_INFO}),
        (State.TO_DISPATCH, State.TO_VERIFY),
        CENTRE,
        rule=_LOOP,
        public=True,
        past=_("已受理"),
    ),
    Verb(
        "refuse",
        _("不予受理"),
        _F({State.REPORTED, State.AWAITING_INFO, State.TO_VERIFY}),
        State.REFUSED,
        CENTRE,
        needs=("reason", "elsewhere"),
        rule=_LOOP,
        public=True,
        drastic=True,
        past=_("不予受理"),
    ),
    Verb(
        "verify",
        _("核实"),
        _F({State.TO_VERIFY}),
        (State.TO_DISPATCH, State.REPORTED),
        _F({"inspector", "community_worker", "neighbourhood_secretary", "shift_leader"}),
        needs=("text",),
        rule=_LOOP,
        past=_("已现场核实"),
    ),
    Verb(
        "file",
        _("网格立案"),
        _F({State.TO_DISPATCH, State.TO_VERIFY}),
        State.FILED,
        CENTRE | {"inspector"},
        rule=_LOOP,
        past=_("已立案"),
    ),
    Verb(
        "dispatch",
        _("派遣"),
        _F({State.TO_DISPATCH, State.FILED}),
        State.TO_SIGN,
        CENTRE,
        needs=("unit",),
        rule=_DUTY,
        public=True,
        starts=(Stage.ARRIVE, Stage.HANDLE),
        past=_("已派遣"),
    ),
    Verb(
        "recall",
        _("撤回派遣"),
        _F({State.TO_SIGN}),
        State.TO_DISPATCH,
        CENTRE,
        needs=("reason",),
        rule=_DUTY,
        past=_("派遣已撤回"),
    ),
    Verb(
        "transfer",
        _("改派"),
        _F({State.TO_SIGN, State.HANDLING, State.CONSULTING}),
        State.TO_SIGN,
        CENTRE,
        needs=("unit", "reason"),
        rule=_DUTY,
        public=True,
        stops=(Stage.SIGN, Stage.ARRIVE, Stage.HANDLE),
        starts=(Stage.SIGN, Stage.ARRIVE, Stage.HANDLE),
        past=_("已改派"),
    ),
    Verb(
        "sign",
        _("签收"),
        _F({State.TO_SIGN}),
        State.HANDLING,
        UNIT_STAFF,
        Scope.UNIT,
        rule=_DUTY,
        public=True,
        past=_("承办单位已签收"),
    ),
    Verb(
        "assign",
        _("指定承办人"),
        _F({State.TO_SIGN, State.HANDLING, State.CONSULTING}),
        None,
        UNIT_HEADS | {"unit_handler"},
        Scope.UNIT,
        ("handler",),
        _DUTY,
        past=_("已指定承办人"),
    ),
    Verb(
        "arrive",
        _("到场"),
        _F({State.HANDLING}),
        None,
        UNIT_STAFF,
        Scope.UNIT,
        rule=_LOOP,
        public=True,
        stops=(Stage.ARRIVE,),
        past=_("工作人员已到场"),
    ),
    Verb(
        "return_",
        _("退单"),
        _F({State.TO_SIGN, State.HANDLING}),
        (State.TO_DISPATCH, State.RETURN_PENDING),
        UNIT_STAFF,
        Scope.UNIT,
        ("reason",),
        _HOTLINE,
        past=_("承办单位退单"),
    ),
    Verb(
        "decide_return",
        _("退单裁定"),
        _F({State.RETURN_PENDING}),
        (State.TO_DISPATCH, State.TO_SIGN),
        _F({"shift_leader"}),
        needs=("reason",),
        rule=_HOTLINE,
        past=_("值班长已裁定退单"),
    ),
    Verb(
        "ask",
        _("请补充"),
        _F({State.REPORTED, State.TO_VERIFY, State.TO_DISPATCH, State.FILED, State.HANDLING}),
        State.AWAITING_INFO,
        CENTRE | UNIT_STAFF,
        needs=("text",),
        rule=_LOOP,
        public=True,
        past=_("请反映人补充情况"),
    ),
    Verb(
        "answer",
        _("补充情况"),
        _F({State.AWAITING_INFO}),
        tuple(OPEN),
        CENTRE | {"resident"} | (UNIT_STAFF - {"contractor"}),
        Scope.REPORTER,
        ("text",),
        _LOOP,
        public=True,
        past=_("已补充情况"),
    ),
    Verb(
        "correct",
        _("更正"),
        OPEN - {State.AWAITING_INFO},
        None,
        CENTRE,
        needs=("reason",),
        rule=_LOOP,
        past=_("已更正信息"),
    ),
    Verb("note", _("备注"), frozenset(State), None, STAFF, past=_("内部备注")),
    Verb(
        "contact",
        _("联系反映人"),
        OPEN,
        None,
        CENTRE | UNIT_STAFF - {"contractor"},
        needs=("way", "result"),
        rule=_HOTLINE,
        stops=(Stage.FIRST_CONTACT,),
        past=_("已联系反映人"),
    ),
    Verb(
        "request_extension",
        _("申请延期"),
        _F({State.HANDLING, State.CONSULTING}),
        None,
        UNIT_STAFF,
        Scope.UNIT,
        ("reason", "duration"),
        _HOTLINE,
        past=_("申请延期"),
    ),
    Verb(
        "decide_extension",
        _("审批延期"),
        _F({State.HANDLING, State.CONSULTING}),
        None,
        _F({"shift_leader"}),
        needs=("decision",),
        rule=_HOTLINE,
        past=_("延期申请已审批"),
    ),
    Verb(
        "request_shelving",
        _("申请挂账"),
        _F({State.HANDLING, State.CONSULTING}),
        None,
        UNIT_STAFF,
        Scope.UNIT,
        ("reason", "review_on"),
        _LOOP,
        past=_("申请挂账"),
    ),
    Verb(
        "decide_shelving",
        _("审批挂账"),
        _F({State.HANDLING, State.CONSULTING}),
        (State.SHELVED, State.HANDLING, State.CONSULTING),
        _F({"shift_leader", "street_leader"}),
        needs=("decision",),
        rule=_LOOP,
        public=True,
        past=_("挂账申请已审批"),
    ),
    Verb(
        "resume",
        _("恢复办理"),
        _F({State.SHELVED}),
        (State.HANDLING, State.CONSULTING),
        CENTRE | UNIT_STAFF,
        Scope.AREA,
        ("reason",),
        _LOOP,
        public=True,
        past=_("恢复办理"),
    ),
    Verb(
        "request_raise",
        _("申请升级"),
        WITH_UNIT - {State.SHELVED},
        None,
        UNIT_STAFF,
        Scope.UNIT,
        ("reason",),
        _TIERS,
        past=_("申请升级"),
    ),
    Verb(
        "raise_level",
        _("升级"),
        WITH_UNIT - {State.SHELVED},
        None,
        CENTRE | {"grid_head", "street_leader"},
        needs=("reason",),
        rule=_TIERS,
        stops=(Stage.HANDLE, Stage.OVERALL),
        starts=(Stage.HANDLE, Stage.OVERALL),
        past=_("已升级"),
    ),
    Verb(
        "lower_level",
        _("降级"),
        WITH_UNIT - {State.SHELVED},
        None,
        _F({"grid_head", "street_leader"}),
        needs=("reason",),
        rule=_TIERS,
        stops=(Stage.HANDLE, Stage.OVERALL),
        starts=(Stage.HANDLE, Stage.OVERALL),
        past=_("已降级"),
    ),
    Verb(
        "convene",
        _("召集会商"),
        _F({State.TO_SIGN, State.HANDLING}),
        State.CONSULTING,
        CONVENERS,
        needs=("consultation",),
        rule=_TIERS,
        public=True,
        past=_("已召集会商"),
    ),
    Verb(
        "decide",
        _("会商决定"),
        _F({State.CONSULTING}),
        State.HANDLING,
        CONVENERS,
        needs=("decision",),
        rule=_TIERS,
        public=True,
        past=_("会商已形成决定"),
    ),
    Verb(
        "help_result",
        _("协办反馈"),
        WITH_UNIT,
        None,
        UNIT_STAFF,
        Scope.HELPER,
        ("text",),
        _DUTY,
        past=_("协办单位已反馈"),
    ),
    Verb(
        "hand_in",
        _("提交处置结果"),
        _F({State.HANDLING, State.CONSULTING}),
        State.TO_CHECK,
        UNIT_STAFF,
        Scope.UNIT,
        ("text", "outcome", "evidence"),
        _DUTY,
        public=True,
        past=_("处置结果已提交"),
    ),
    Verb(
        "check",
        _("核查"),
        _F({State.TO_CHECK}),
        (State.TO_REPLY, State.HANDLING),
        CENTRE | GROUND | {"grid_head"},
        needs=("passed",),
        rule=_LOOP,
        past=_("已核查"),
    ),
    Verb(
        "reply",
        _("反馈反映人"),
        _F({State.TO_REPLY}),
        None,
        CENTRE | GROUND | {"unit_handler", "unit_head"},
        needs=("way", "text"),
        rule=_LOOP,
        public=True,
        past=_("已向反映人反馈"),
    ),
    Verb(
        "close",
        _("结案"),
        _F({State.TO_REPLY}),
        State.CLOSED,
        CENTRE | {"grid_head", "street_leader"},
        needs=("feedback",),
        rule=_LOOP,
        public=True,
        past=_("已结案"),
    ),
    Verb(
        "rate",
        _("评价"),
        _F({State.CLOSED}),
        None,
        CENTRE | {"resident", "inspector"},
        Scope.REPORTER,
        ("rating",),
        _LOOP,
        public=True,
        past=_("反映人已评价"),
    ),
    Verb(
        "review",
        _("复核"),
        _F({State.CLOSED}),
        (State.CLOSED, State.HANDLING),
        _F({"shift_leader", "supervisor"}),
        needs=("decision", "reason"),
        rule=_LOOP,
        public=True,
        past=_("已复核"),
    ),
    Verb(
        "reopen",
        _("重新办理"),
        _F({State.CLOSED, State.REFUSED}),
        State.TO_DISPATCH,
        CENTRE,
        needs=("reason",),
        rule=_LOOP,
        public=True,
        starts=(Stage.OVERALL,),
        past=_("重新办理"),
    ),
    Verb(
        "merge",
        _("合并"),
        BEFORE_DISPATCH | WITH_UNIT - {State.SHELVED},
        State.MERGED,
        CENTRE,
        needs=("main", "reason"),
        rule=_HOTLINE,
        public=True,
        drastic=True,
        past=_("已合并办理"),
    ),
    Verb(
        "unmerge",
        _("撤销合并"),
        _F({State.MERGED}),
        tuple(OPEN),
        CENTRE,
        needs=("reason",),
        rule=_HOTLINE,
        public=True,
        past=_("已恢复单独办理"),
    ),
    Verb(
        "split",
        _("拆分"),
        BEFORE_DISPATCH,
        State.SPLIT,
        CENTRE,
        needs=("parts", "reason"),
        rule=_HOTLINE,
        public=True,
        drastic=True,
        past=_("已拆分办理"),
    ),
    Verb(
        "withdraw",
        _("撤单"),
        OPEN,
        State.CLOSED,
        CENTRE | {"resident"},
        Scope.REPORTER,
        ("reason",),
        _HOTLINE,
        public=True,
        drastic=True,
        past=_("反映人已撤单"),
    ),
    Verb(
        "urge",
        _("催办"),
        OPEN - {State.AWAITING_INFO},
        None,
        CENTRE | {"resident", "grid_head", "street_leader"},
        Scope.REPORTER,
        rule=_LOOP,
        public=True,
        past=_("已催办"),
    ),
    Verb(
        "order",
        _("督办"),
        OPEN,
        None,
        _F({"supervisor", "street_leader", "shift_leader"}),
        needs=("text", "due"),
        rule=_LOOP,
        past=_("已发督办"),
    ),
    Verb(
        "order_reply", _("督办答复"), OPEN, None, UNIT_STAFF | CENTRE, needs=("text",), rule=_LOOP, past=_("督办已答复")
    ),
    Verb(
        "order_result",
        _("督办结论"),
        OPEN,
        None,
        _F({"supervisor", "street_leader", "shift_leader"}),
        needs=("text",),
        rule=_LOOP,
        past=_("督办已办结"),
    ),
    Verb(
        "void",
        _("作废"),
        OPEN,
        State.VOID,
        _F({"shift_leader"}),
        needs=("reason",),
        rule=_LOOP,
        drastic=True,
        past=_("已作废"),
    ),
    Verb("escalate", _("超时提醒"), OPEN | {State.CLOSED}, None, _F(), Scope.SYSTEM, rule=_TIERS, past=_("时限提醒")),
    Verb(
        "join", _("我也关注"), OPEN, None, _F(), Scope.SYSTEM, rule=_LOOP, public=True, past=_("又有居民反映同一问题")
    ),
    Verb(
        "share", _("抄送协办"), OPEN, None, CENTRE | UNIT_HEADS, needs=("units",), rule=_DUTY, past=_("已增加协办单位")
    ),
]

VERBS: dict[str, Verb] = {v.code: v for v in _VERBS}

# Who may close a case of which level (a lower level's closer may not close a higher one).
CLOSERS: dict[Level, frozenset[str]] = {
    Level.GENERAL: CENTRE | {"grid_head", "street_leader"},
    Level.COMPREHENSIVE: _F({"shift_leader", "grid_head", "street_leader"}),
    Level.DIFFICULT: _F({"shift_leader", "street_leader"}),
}


# What a reader of the unit complained about must not do even from above: judge the outcome.
JUDGING = frozenset({"check", "reply", "close", "refuse", "void", "review", "merge", "withdraw", "rate", "answer"})

# Acts that would end or hide a case while an order from above (督办) is open.
ENDING = frozenset({"close", "refuse", "withdraw", "void", "merge", "split"})

# Common ways through, named, for tests and the reference page: (who, verb) in order.
HAPPY_PATHS: dict[str, tuple[str, ...]] = {
    "plain": ("report", "accept", "dispatch", "sign", "hand_in", "check", "reply", "close", "rate"),
    "verified": (
        "report",
        "accept",
        "verify",
        "file",
        "dispatch",
        "sign",
        "arrive",
        "hand_in",
        "check",
        "reply",
        "close",
    ),
    "consulted": (
        "report",
        "accept",
        "dispatch",
        "sign",
        "raise_level",
        "convene",
        "decide",
        "hand_in",
        "check",
        "reply",
        "close",
    ),
    "asked": ("report", "ask", "answer", "accept", "dispatch", "sign", "hand_in", "check", "reply", "close"),
}
UNHAPPY_PATHS: dict[str, tuple[str, ...]] = {
    "refused": ("report", "refuse"),
    "withdrawn": ("report", "accept", "withdraw"),
    "void": ("report", "void"),
    "returned": (
        "report",
        "accept",
        "dispatch",
        "return_",
        "dispatch",
        "return_",
        "dispatch",
        "return_",
        "decide_return",
    ),
    "recalled": ("report", "accept", "dispatch", "recall", "dispatch"),
    "reworked": ("report", "accept", "dispatch", "sign", "hand_in", "check", "hand_in", "check"),
    "shelved": ("report", "accept", "dispatch", "sign", "request_shelving", "decide_shelving", "resume", "hand_in"),
    "unhappy": ("report", "accept", "dispatch", "sign", "hand_in", "check", "reply", "close", "rate", "review"),
    "merged": ("report", "merge", "unmerge"),
    "split": ("report", "split"),
}


def targets(verb: Verb) -> tuple[State, ...]:
    """Return the states that ``verb`` may end in; empty where it leaves the state."""
    if verb.target is None:
        return ()
    return verb.target if isinstance(verb.target, tuple) else (verb.target,)


def next_level(level: Level) -> Level | None:
    """Return the level above, None at the top."""
    at = LEVELS.index(level)
    return LEVELS[at + 1] if at + 1 < len(LEVELS) else None


def mermaid() -> str:
    """Return the life cycle as a mermaid state diagram, for the reference pages."""
    lines = ["stateDiagram-v2", "  [*] --> reported: report"]
    for verb in _VERBS:
        # A verb that may lead anywhere (answering, taking apart again) is named below the diagram.
        if len(targets(verb)) < _ANYWHERE:
            steps = ((a, b) for a in sorted(verb.source) for b in sorted(targets(verb)) if a != b)
            lines.extend(f"  {a.value} --> {b.value}: {verb.code}" for a, b in steps)
    lines.extend(f"  {s.value} --> [*]" for s in sorted(ENDED))
    return "\n".join(lines)


_ANYWHERE = 6
