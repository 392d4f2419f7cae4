"""Rules from a sheet: each row a new value from a day on; the past is never changed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.core.text import to_halfwidth
from linli.foundation.journal import services as journal
from linli.foundation.rulebook import selectors
from linli.foundation.rulebook.models import RuleEntry
from linli.foundation.rulebook.rules import from_json, to_json
from linli.foundation.rulebook.services import check_rule, renew, set_rule
from linli.foundation.rulebook.types import MARKS, Rule
from linli.foundation.sheets.permissions import may_administer
from linli.foundation.sheets.rules import BadValueError, read_decimal, read_integer, read_yes_no
from linli.foundation.sheets.services.removing import delete_rows
from linli.foundation.sheets.types import About, Column, Found, Hang, Made, Row, SheetKind, Type, Values, register

# Data, not words of a page: a sheet says the same in every language.
_UNITS = {
    "natural_minutes": "分钟",
    "natural_hours": "小时",
    "natural_days": "天",
    "work_hours": "工作小时",
    "work_days": "工作日",
}
_BY_WORD = {w: c for c, w in _UNITS.items()} | {c: c for c in _UNITS} | {"个工作日": "work_days", "日": "natural_days"}
_DURATION = re.compile(r"(\d{1,6})\s*个?\s*([a-z_]+|[\u4e00-\u9fff]+)")

COLUMNS = (
    Column("code", gettext_lazy("规则代码"), required=True, aliases=("代码",), longest=120, fixed=True,
           example="cases.clock.accept",
           hint=gettext_lazy("见规则库；某一分类自己的时限写成 cases.clock.阶段.category.分类代码。")),
    Column("since", gettext_lazy("生效日期"), Type.DATE, required=True, aliases=("自", "生效自"), fixed=True,
           example="2027-01-01", hint=gettext_lazy("新的值从这一天起用，要晚于现在的值的生效日期。")),
    Column("title", gettext_lazy("规则名称"), aliases=("名称",), example=gettext_lazy("受理时限"), fixed=True),
    Column("value", gettext_lazy("值"), required=True, aliases=("数值",), longest=5000, example="2 工作小时",
           fixed=True,
           hint=gettext_lazy("时限写成“5 工作日”“4 工作小时”“24 小时”“3 天”“30 分钟”；其他按原来的写法。")),
    Column("unit", gettext_lazy("单位"), longest=40, fixed=True),
    Column("source", gettext_lazy("出处"), required=True, longest=2000, fixed=True,
           example=gettext_lazy("街道办公会 2026 年第 12 次会议纪要")),
    Column("mark", gettext_lazy("出处等级"), Type.CHOICE, required=True, aliases=("等级",), example="D", fixed=True,
           choices=lambda: list(MARKS.items())),
    Column("why", gettext_lazy("修改原因"), required=True, aliases=("原因",), longest=2000, fixed=True,
           example=gettext_lazy("按会议决定缩短受理时间")),
)  # fmt: skip


def show_value(value: Any) -> str:
    """Return a rule's value as a sheet has it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping) and set(value) == {"amount", "unit"} and value["unit"] in _UNITS:
        return f"{value['amount']} {_UNITS[value['unit']]}"
    if isinstance(value, str):
        return value
    if isinstance(value, int | Decimal):
        return str(value)
    return json.dumps(to_json(value), ensure_ascii=False, sort_keys=True)


def read_value(text: str, like: Any) -> Any:
    """Return the value that a cell says, of the kind that ``like`` is; by its looks where ``like`` is None.

    Raises:
        BadValueError, ValueError: it is of another kind.
    """
    found = _DURATION.fullmatch(to_halfwidth(text))
    if found and (like is None or isinstance(like, Mapping)):
        if found.group(2) not in _BY_WORD:
            raise BadValueError("unit")
        return {"amount": int(found.group(1)), "unit": _BY_WORD[found.group(2)]}
    if isinstance(like, bool):
        return read_yes_no(text) == "yes"
    if isinstance(like, int):
        return int(read_integer(text))
    if isinstance(like, Decimal):
        return Decimal(read_decimal(text))
    if isinstance(like, str):
        return text
    return _by_looks(text) if like is None else from_json(json.loads(text))


def _by_looks(text: str) -> Any:
    if re.fullmatch(r"[+-]?\d{1,12}", text):
        return int(text)
    if re.fullmatch(r"[+-]?\d+\.\d+", text):
        return Decimal(text)
    if text in {"是", "否"}:
        return text == "是"
    return from_json(json.loads(text)) if text[:1] in "[{" else text


def _ref(code: str, since: str) -> str:
    return f"{code}|{since}"


def _found(rule: Rule) -> Found:
    since = rule.valid_from.isoformat()
    values = {
        "code": rule.code,
        "since": since,
        "title": rule.title,
        "value": show_value(rule.value),
        "unit": rule.unit,
        "source": rule.source,
        "mark": rule.mark,
        "why": rule.why,
    }
    return Found(_ref(rule.code, since), rule.title or rule.code, {n: " ".join(v.split()) for n, v in values.items()})


def _find(rows: Sequence[Row], _about: About) -> list[Found | None]:
    found: list[Found | None] = []
    for row in rows:
        history = selectors.history(row.get("code"))
        row.data["history"] = history
        _settle_value(row, history)
        same = next((r for r in history if r.valid_from.isoformat() == row.get("since")), None)
        if same is not None:
            for name in ("title", "unit"):
                if name in row.values and not row.values[name]:
                    row.values[name] = _found(same).values[name]
        found.append(_found(same) if same else None)
    return found


def _settle_value(row: Row, history: Sequence[Rule]) -> None:
    """Read the value, of the kind of the one before, and bring it into the one way in which it is written."""
    if not row.get("value"):
        return
    like = history[-1].value if history else None
    try:
        row.data["value"] = read_value(row.get("value"), like)
    except (BadValueError, ValueError):
        was = show_value(like) if like is not None else "5 工作日"
        row.refuse(
            "value", _("读不懂“%(value)s”，应像“%(like)s”这样写。") % {"value": row.get("value")[:40], "like": was[:60]}
        )
        return
    row.values["value"] = " ".join(show_value(row.data["value"]).split())


def _check(rows: Sequence[Row], found: Sequence[Found | None], _about: About) -> None:
    for row, there in zip(rows, found, strict=True):
        history: Sequence[Rule] = row.data.get("history", [])
        if there is not None and row.data["differs"]:
            row.faults.clear()
            row.refuse(
                "since",
                _("这一天起的值已经录入，不能改写；请把生效日期改到 %(day)s 之后。") % {"day": history[-1].valid_from},
            )
        elif there is None and not row.faults:
            _check_new(row, history)


def _may_be(code: str) -> bool:
    """Return whether something may ask for a new rule of that name: one of a family that is there."""
    family = code.split(".")[:3]
    return code.count(".") > 2 and bool(selectors.codes_below(".".join(family)))


def _check_new(row: Row, history: Sequence[Rule]) -> None:
    since = date.fromisoformat(row.get("since"))
    if not history and not _may_be(row.get("code")):
        row.refuse("code", _("没有“%(code)s”这条规则。") % {"code": row.get("code")[:80]})
        return
    if history and history[-1].valid_from >= since:
        row.refuse("since", _("生效日期要在最后一个值的生效日期 %(day)s 之后。") % {"day": history[-1].valid_from})
        return
    problems = check_rule(
        code=row.get("code"), value=row.data["value"], source=row.get("source"), mark=row.get("mark"),
        why=row.get("why"), last=history[-1].value if history else None,
    )  # fmt: skip
    for name, messages in problems.items():
        row.refuse(name, " ".join(messages))


def _create(rows: Sequence[Row], about: About) -> list[Made]:
    made = []
    for row in rows:
        history: Sequence[Rule] = row.data["history"]
        rule = set_rule(
            by=about.by, now=about.now, code=row.get("code"), value=row.data["value"],
            unit=row.get("unit") or (history[-1].unit if history else ""), source=row.get("source"),
            mark=row.get("mark"), valid_from=date.fromisoformat(row.get("since")), why=row.get("why"),
            title=row.get("title"),
        )  # fmt: skip
        made.append(Made(_ref(rule.code, row.get("since")), rule.title or rule.code))
    return made


def _change(_pairs: Sequence[tuple[Row, Found]], _about: About) -> None:
    """Do nothing: a value that was entered is never changed, a later one follows it."""


def _load(refs: Sequence[str]) -> Mapping[str, Found]:
    codes = {r.partition("|")[0] for r in refs}
    rows = {_ref(r.code, r.valid_from.isoformat()): r for r in RuleEntry.objects.filter(code__in=codes)}
    return {r: _found(selectors.to_rule(rows[r])) for r in refs if r in rows}


def _hanging(found: Sequence[Found], _about: About) -> list[Hang]:
    going, hangs = {f.ref for f in found}, []
    for one in found:
        code, _bar, since = one.ref.partition("|")
        later = [r for r in selectors.history(code) if r.valid_from > date.fromisoformat(since)]
        if [r for r in later if _ref(code, r.valid_from.isoformat()) not in going]:
            hangs.append(Hang(one.label, _("后来又录入了从 %(day)s 起的值。") % {"day": later[-1].valid_from}))
    return hangs


def _remove(found: Sequence[Found], about: About) -> None:
    """Take values back, the last first; the one before each holds on as if nothing had followed."""
    for one in found:
        code, _bar, text = one.ref.partition("|")
        since = date.fromisoformat(text)
        row = RuleEntry.objects.get(code=code, valid_from=since)
        delete_rows(RuleEntry, [row.pk])
        RuleEntry.objects.filter(code=code, valid_to=since - timedelta(days=1)).update(valid_to=row.valid_to)
        journal.record(
            by=about.by, verb="rulebook.remove_rule", kind="rule", uuid=None, label=code, now=about.now,
            before={"value": row.value, "valid_from": text}, after=None, reason=about.reason, rule=code,
        )  # fmt: skip
    renew()


def _export(about: About) -> Iterator[Values]:
    codes = dict.fromkeys(r.code for r in selectors.all_rules(about.today))
    for code in codes:
        for rule in selectors.history(code):
            if rule.valid_to is None or rule.valid_to >= about.today:
                yield _found(rule).values


RULES = SheetKind(
    code="rules",
    title=gettext_lazy("规则"),
    text=gettext_lazy("时限、上限等数值，带出处和生效日期；新的值从那一天起用，过去的不变。"),
    icon="clock",
    order=70,
    columns=COLUMNS,
    journal="rule",
    key=lambda values: _ref(values.get("code", ""), values.get("since", "")),
    find=_find,
    check=_check,
    create=_create,
    change=_change,
    load=_load,
    hanging=_hanging,
    remove=_remove,
    export=_export,
    may=may_administer,
)


def enter() -> None:
    """Register it."""
    register(RULES)
