"""One row for each verb that is done by a form of this page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from linli.engines.cases import selectors, services
from linli.engines.cases.types import FilePurpose, FileRef, Kind, NoteKind
from linli.engines.cases.workflow import VERBS, Level, Outcome
from linli.interfaces.desk.cases.acts import fields as f
from linli.interfaces.desk.cases.acts.fields import Asked

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Done:
    """What was typed, parsed: values, stored files, the version looked at."""

    data: Data
    files: Sequence[FileRef]
    expected: int | None


Run = Callable[[Asked, Done], object]


@dataclass(frozen=True)
class Act:
    """A form: its fields by name, the service behind it, its key and its place among the buttons.

    Attributes:
        door: the verb whose door is asked, where it is another one.
        rank: the lower, the further in front; 50 and more stand in the menu.
        more: fields that depend on the case, before the others.
    """

    code: str
    run: Run
    fields: Mapping[str, f.Make] = field(default_factory=dict)
    key: str = ""
    icon: str = ""
    rank: int = 60
    door: str = ""
    title: Any = ""
    help: Any = ""
    more: Callable[[Asked], Mapping[str, forms.Field]] | None = None

    @property
    def label(self) -> Any:
        """The word on the button."""
        return self.title or VERBS[self.code].label


def _plain(name: str, *texts: str, files: bool = False, expects: bool = True) -> Run:
    """Return a call of the service ``name`` with the fields ``texts`` as they are."""

    def run(asked: Asked, done: Done) -> object:
        more: dict[str, Any] = {t: done.data[t] for t in texts}
        if files:
            more["files"] = done.files
        if expects:
            more["expected"] = done.expected
        return getattr(services, name)(by=asked.actor, now=asked.now, case=asked.case, **more)

    return run


def _choice(name: str, argument: str, yes: str, *texts: str, files: bool = False) -> Run:
    """Return a call of ``name`` whose argument is whether the radio ``argument`` says ``yes``."""

    def run(asked: Asked, done: Done) -> object:
        more: dict[str, Any] = {t: done.data[t] for t in texts}
        if files:
            more["files"] = done.files
        more[argument] = done.data[argument] == yes
        return getattr(services, name)(by=asked.actor, now=asked.now, case=asked.case, expected=done.expected, **more)

    return run


def _dispatch(asked: Asked, done: Done) -> object:
    d = done.data
    level = Level(d["level"]) if d.get("level") and d["level"] != asked.case.level else None
    # Left at the suggestion, the rules decide, so that the case keeps which rule sent it.
    unit = None if d["unit"] == asked.route.unit_id and set(d["units"]) == set(asked.route.helper_ids) else d["unit"]
    return services.dispatch(
        by=asked.actor,
        now=asked.now,
        case=asked.case,
        unit_id=unit,
        helper_ids=d["units"],
        reason=d["reason"],
        level=level,
        expected=done.expected,
    )


def _transfer(asked: Asked, done: Done) -> object:
    return services.transfer(
        by=asked.actor,
        now=asked.now,
        case=asked.case,
        unit_id=done.data["unit"],
        reason=done.data["reason"],
        expected=done.expected,
    )


def _assign(asked: Asked, done: Done) -> object:
    return services.assign(
        by=asked.actor, now=asked.now, case=asked.case, user_id=done.data["handler"], expected=done.expected
    )


def _decide_return(asked: Asked, done: Done) -> object:
    return services.decide_return(
        by=asked.actor,
        now=asked.now,
        case=asked.case,
        uphold=done.data["uphold"] == "yes",
        reason=done.data["reason"],
        unit_id=done.data["unit"],
        expected=done.expected,
    )


def _correct(asked: Asked, done: Done) -> object:
    case, d = asked.case, done.data
    changes: dict[str, Any] = {}
    for name, now in (("category", case.category.code), ("title", case.title), ("address", case.address)):
        if d.get(name) and d[name] != now:
            changes[name] = d[name]
    if d.get("point") is not None:
        changes["point"] = d["point"]
    if (d.get("urgent") == "yes") != case.urgent:
        changes["urgent"] = d.get("urgent") == "yes"
    return services.correct(
        by=asked.actor, now=asked.now, case=case, reason=d["reason"], changes=changes, expected=done.expected
    )


def _amend(asked: Asked, done: Done) -> object:
    typed = {name.removeprefix(QUESTION): value for name, value in done.data.items() if name.startswith(QUESTION)}
    return services.correct(
        by=asked.actor,
        now=asked.now,
        case=asked.case,
        reason=done.data["reason"],
        changes={"answers": typed},
        expected=done.expected,
    )


def _hand_in(asked: Asked, done: Done) -> object:
    return services.hand_in(
        by=asked.actor,
        now=asked.now,
        case=asked.case,
        text=done.data["text"],
        outcome=Outcome(done.data["outcome"]),
        files=done.files,
        expected=done.expected,
    )


def _reply(asked: Asked, done: Done) -> object:
    d = done.data
    return services.reply(
        by=asked.actor,
        now=asked.now,
        case=asked.case,
        way=d["way"],
        text=d["text"],
        result=d["result"],
        reporter_id=d["reporter"],
        expected=done.expected,
    )


def _rate(asked: Asked, done: Done) -> object:
    d = done.data
    return services.rate(
        by=asked.actor,
        now=asked.now,
        case=asked.case,
        reporter_id=d["reporter"],
        rating=d["rating"],
        text=d["text"],
        way=d["way"],
        expected=done.expected,
    )


def _note(asked: Asked, done: Done) -> object:
    return services.note(
        by=asked.actor,
        now=asked.now,
        case=asked.case,
        text=done.data["text"],
        mentions=done.data["mentions"],
        files=done.files,
    )


def _educate(asked: Asked, done: Done) -> object:
    return services.note(
        by=asked.actor,
        now=asked.now,
        case=asked.case,
        text=done.data["text"],
        kind=NoteKind.LEGAL_EDUCATION,
        law="" if done.data["law"] == "law" else done.data["law"],
        audience=done.data["audience"],
    )


def _hand_over(asked: Asked, done: Done) -> object:
    d = done.data
    return services.note(
        by=asked.actor,
        now=asked.now,
        case=asked.case,
        text=d["text"],
        files=done.files,
        kind=NoteKind.HANDED_OVER,
        authority=d["authority"],
        number=d["number"],
    )


MANY_LAWS = 6
QUESTION = f.QUESTION


def _law(asked: Asked) -> forms.Field:
    """What the category cites, then the library; the words of what was explained are kept with the note."""
    spec = selectors.spec_of(asked.case.category_version)
    # The category's own words have no number in the library: they stand as "law".
    pairs = [(uuid or "law", words) for uuid, words in selectors.laws_to_explain(spec, localtime(asked.now).date())]
    few = len(pairs) <= MANY_LAWS
    return forms.ChoiceField(
        label=_("宣讲的法律条文"),
        choices=pairs if few else [(value, words[:80]) for value, words in pairs],
        initial=pairs[0][0] if pairs else "",
        widget=forms.RadioSelect if few else forms.Select,
    )


def _share(asked: Asked, done: Done) -> object:
    d = done.data
    return services.share(
        by=asked.actor, now=asked.now, case=asked.case, unit_ids=d["units"], reason=d["reason"], expected=done.expected
    )


def _order_reply(asked: Asked, done: Done) -> object:
    order = selectors.order_for(asked.actor, done.data["order"])
    return services.order_reply(by=asked.actor, now=asked.now, order=order, text=done.data["text"])


def _order_result(asked: Asked, done: Done) -> object:
    order = selectors.order_for(asked.actor, done.data["order"])
    return services.order_result(by=asked.actor, now=asked.now, order=order, text=done.data["text"])


_REASON = {"reason": f.text(_("理由"))}
_FREE_REASON = {"reason": f.text(_("说明"), required=False)}
_DECIDED = {
    "granted": f.radio(_("审批意见"), f.DECISIONS),
    "reason": f.text(_("理由"), required=False, hint=_("不同意时必填。")),
}
_BEFORE = {"files_before": f.uploads(FilePurpose.BEFORE, _("处置前照片"))}
_AFTER = {"files_after": f.uploads(FilePurpose.AFTER, _("处置后照片"))}
_PAPER = {"files_paper": f.uploads(FilePurpose.PAPER, _("文书、材料"))}
_PASSED = [("yes", _("通过")), ("no", _("不通过，退回重办"))]
_UPHOLD = [("yes", _("退单成立，重新派遣")), ("no", _("退单不成立，签派办理"))]


def _answer_start(asked: Asked) -> str:
    if asked.case.unit_id is None and (whole := selectors.parts_answer(asked.case)):
        return whole[: f.MAX_TEXT]
    handed = next(
        (e.text for e in selectors.events_before(asked.case, asked.case.version + 1) if e.verb == "hand_in"), ""
    )
    return handed[: f.MAX_TEXT]


def _close_reason(asked: Asked) -> forms.Field:
    """Why it is closed; of a root-cause case, what was changed at the root."""
    if asked.case.kind != Kind.ROOT_CAUSE:
        return _FREE_REASON["reason"](asked)
    hint = _("结案后继续观察；同一地点同类问题再次出现，会在此件中显示为“复发”。")
    return f.text(_("从根上改了什么"), hint=hint)(asked)


def _address(asked: Asked) -> str:
    return asked.case.address


def _title(asked: Asked) -> str:
    return asked.case.title


_CORRECT: dict[str, f.Make] = {
    "category": f.category,
    "title": f.line(_("标题"), _title, longest=60),
    "address": f.line(_("地点"), _address, longest=200),
    "point": f.point,
    "urgent": f.urgent,
    **_REASON,
}
_DISPATCH: dict[str, f.Make] = {"unit": f.unit(), "units": f.units(_("协办单位")), "level": f.level, **_FREE_REASON}
_RETURN: dict[str, f.Make] = {
    "uphold": f.radio(_("裁定"), _UPHOLD),
    "unit": f.unit(_("签派单位"), required=False),
    **_REASON,
}
_HAND_IN: dict[str, f.Make] = {
    "outcome": f.radio(_("处置结论"), f.OUTCOMES),
    "text": f.result_text,
    **_BEFORE,
    **_AFTER,
    **_PAPER,
}
_CONTACT: dict[str, f.Make] = {
    "way": f.radio(_("联系方式"), f.WAYS, start=lambda _asked: "phone"),
    "result": f.radio(_("联系结果"), f.RESULTS),
    "text": f.text(_("联系情况"), required=False),
}
_REPLY: dict[str, f.Make] = {
    "way": f.radio(_("答复方式"), f.WAYS, start=lambda _asked: "phone"),
    "reporter": f.reporter,
    "result": f.radio(_("结果"), f.RESULTS, start=lambda _asked: "reached"),
    "text": f.text(_("答复内容"), hint=_("同时作为公开答复，请勿写入姓名、电话。"), start=_answer_start),
}
_RATE: dict[str, f.Make] = {
    "reporter": f.reporter,
    "rating": f.radio(_("评价"), f.RATINGS),
    "way": f.radio(_("评价方式"), [("phone", _("电话回访")), ("paper", _("纸质"))], start=lambda _asked: "phone"),
    "text": f.text(_("评价内容"), required=False),
}

_ACTS = [
    Act("accept", _plain("accept"), key="a", icon="check", rank=1),
    Act("dispatch", _dispatch, _DISPATCH, key="d", icon="send", rank=2),
    Act("sign", _plain("sign"), key="s", icon="check", rank=3),
    Act("decide_return", _decide_return, _RETURN, key="t", icon="check", rank=4),
    Act(
        "verify",
        _choice("verify", "confirmed", "yes", "text", files=True),
        {
            "confirmed": f.radio(_("核实结果"), [("yes", _("情况属实")), ("no", _("与反映不符"))]),
            "text": f.text(_("现场情况")),
            **_BEFORE,
        },
        key="v",
        icon="check",
        rank=5,
    ),
    Act("hand_in", _hand_in, _HAND_IN, key="h", icon="check", rank=6),
    Act(
        "check",
        _choice("check", "passed", "yes", "text", files=True),
        {
            "passed": f.radio(_("核查结论"), _PASSED),
            "text": f.text(_("核查情况"), required=False, hint=_("不通过时必填。")),
            "files_check": f.uploads(FilePurpose.CHECK, _("核查照片")),
        },
        key="c",
        icon="check",
        rank=7,
    ),
    Act("reply", _reply, _REPLY, key="r", icon="message-circle", rank=8),
    Act("close", _plain("close", "reason"), {"reason": _close_reason}, key="e", icon="circle-check", rank=9),
    Act(
        "answer",
        _plain("answer", "text", files=True),
        {"text": f.text(_("补充内容")), "files_report": f.uploads(FilePurpose.REPORT, _("照片"))},
        icon="message-circle",
        rank=10,
    ),
    Act("resume", _plain("resume", "reason"), _REASON, icon="refresh", rank=11),
    Act(
        "review",
        _choice("review", "reopen", "yes", "reason"),
        {"reopen": f.radio(_("复核结论"), [("yes", _("重新办理")), ("no", _("维持原结论，向反映人说明"))]), **_REASON},
        icon="eye",
        rank=12,
    ),
    Act("decide_extension", _choice("decide_extension", "granted", "yes", "reason"), _DECIDED, icon="clock", rank=13),
    Act("decide_shelving", _choice("decide_shelving", "granted", "yes", "reason"), _DECIDED, icon="clock", rank=14),
    Act("raise_level", _plain("raise_level", "reason"), _REASON, icon="chevron-up", rank=52),
    Act(
        "refuse_raise",
        _plain("refuse_raise", "reason"),
        _REASON,
        icon="x",
        rank=53,
        door="raise_level",
        title=_("不同意升级"),
    ),
    Act(
        "arrive",
        _plain("arrive", "text", files=True),
        {"text": f.text(_("现场情况"), required=False), **_BEFORE},
        key="l",
        icon="map-pin",
        rank=15,
    ),
    Act(
        "refuse",
        _plain("refuse", "reason", "elsewhere"),
        {**_REASON, "elsewhere": f.text(_("可向哪里反映"))},
        icon="x",
        rank=16,
    ),
    Act("ask", _plain("ask", "text"), {"text": f.text(_("请反映人补充什么"))}, icon="help", rank=30),
    Act("file", _plain("file"), icon="clipboard-list", rank=29),
    Act("return_", _plain("return_", "reason"), _REASON, key="t", icon="arrow-left", rank=18),
    Act("assign", _assign, {"handler": f.handler}, icon="user-circle", rank=31),
    Act("recall", _plain("recall", "reason"), _REASON, key="z", icon="arrow-left", rank=24),
    Act("transfer", _transfer, {"unit": f.unit(), **_REASON}, key="g", icon="arrows-left-right", rank=20),
    Act("urge", _plain("urge", "text"), {"text": f.text(_("催办内容"), required=False)}, key="u", icon="bell", rank=17),
    Act(
        "request_extension",
        _plain("request_extension", "reason", "amount", "time_unit"),
        {"amount": f.amount, "time_unit": f.time_unit, **_REASON},
        key="y",
        icon="clock",
        rank=21,
    ),
    Act("contact", _plain("contact", "way", "result", "text"), _CONTACT, key="p", icon="phone", rank=28),
    Act(
        "help_result",
        _plain("help_result", "text", files=True),
        {"text": f.text(_("协办情况")), **_AFTER},
        icon="users",
        rank=17,
    ),
    Act(
        "request_shelving",
        _plain("request_shelving", "reason", "review_on"),
        {"review_on": f.day(_("复查日期")), **_REASON},
        icon="flag",
        rank=61,
    ),
    Act("request_raise", _plain("request_raise", "reason"), _REASON, icon="chevron-up", rank=62),
    Act("lower_level", _plain("lower_level", "reason"), _REASON, icon="chevron-down", rank=63),
    Act(
        "order",
        _plain("order", "text", "due_on"),
        {"text": f.text(_("督办要求")), "due_on": f.day(_("完成期限"))},
        icon="flag",
        rank=40,
    ),
    Act("order_reply", _order_reply, {"order": f.order, "text": f.text(_("答复"))}, icon="message-circle", rank=41),
    Act("order_result", _order_result, {"order": f.order, "text": f.text(_("结论"))}, icon="circle-check", rank=42),
    Act("share", _share, {"units": f.units(_("协办单位"), required=True), **_FREE_REASON}, icon="users", rank=64),
    Act(
        "note",
        _note,
        {"text": f.text(_("备注"), hint=_("仅内部可见。")), "mentions": f.mentions, **_PAPER},
        key="m",
        icon="pencil",
        rank=65,
    ),
    Act(
        "educate",
        _educate,
        {
            "law": _law,
            "audience": f.line(_("向谁宣讲（写身份，不写姓名）"), lambda _asked: "", longest=60, required=True),
            "text": f.text(_("怎样宣讲"), hint=_("写店主、租客、骑行人等身份，不写姓名、籍贯和证件号。")),
        },
        icon="file",
        rank=66,
        door="note",
        title=_("普法记录"),
    ),
    Act(
        "hand_over",
        _hand_over,
        {
            "authority": f.line(_("移交给哪个机关"), lambda _asked: "", longest=60, required=True),
            "number": f.line(_("对方的受理编号"), lambda _asked: "", longest=60),
            "text": f.text(_("移交了什么"), hint=_("本平台只记录移交和结果，不作处罚。")),
            **_PAPER,
        },
        icon="arrows-left-right",
        rank=66,
        door="note",
        title=_("移交记录"),
    ),
    Act("correct", _correct, _CORRECT, icon="pencil", rank=66),
    Act(
        "amend",
        _amend,
        _REASON,
        icon="pencil",
        rank=66,
        door="correct",
        title=_("更正回答"),
        help=_("按受理时的提问更正；新版本的提问不会加到旧案件上。"),
        more=f.questions,
    ),
    Act("rate", _rate, _RATE, icon="star", rank=22),
    Act("reopen", _plain("reopen", "reason"), _REASON, icon="refresh", rank=67),
    Act("withdraw", _plain("withdraw", "reason"), _REASON, icon="x", rank=70),
    Act("unmerge", _plain("unmerge", "reason"), _REASON, icon="layers-subtract", rank=25),
    Act("unsplit", _plain("unsplit", "reason"), _REASON, icon="layers-subtract", rank=69),
    Act("void", _plain("void", "reason"), _REASON, icon="trash", rank=80),
]

ACTS: dict[str, Act] = {a.code: a for a in _ACTS}
# Pages of their own: (icon, address behind the case's).
PAGES: dict[str, tuple[str, str]] = {
    "merge": ("copy", "merge/"),
    "split": ("layers-subtract", "split/"),
    "convene": ("users", "convene/"),
    "decide": ("users", "decide/"),
}
