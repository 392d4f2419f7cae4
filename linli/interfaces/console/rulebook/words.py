"""Rules in words: values with their units, what a mark means, in which group a rule stands."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.rulebook.rules import to_json
from linli.foundation.rulebook.types import MARKS

GROUPS: tuple[tuple[str, Any], ...] = (
    ("cases.clock.", gettext_lazy("时限")),
    ("cases.hotline.", gettext_lazy("12345 热线")),
    ("cases.", gettext_lazy("案件流转")),
    ("deadlines.", gettext_lazy("提醒与升级")),
    ("calendar.", gettext_lazy("工作时间")),
    ("messages.", gettext_lazy("消息")),
    ("files.", gettext_lazy("文件")),
    ("accounts.", gettext_lazy("账号")),
    ("", gettext_lazy("其他")),
)
UNITS: dict[str, Any] = {
    "work_days": gettext_lazy("个工作日"),
    "work_hours": gettext_lazy("个工作小时"),
    "natural_days": gettext_lazy("天（自然日）"),
    "natural_hours": gettext_lazy("小时（自然时）"),
    "natural_minutes": gettext_lazy("分钟（自然时）"),
}
MARK_WORDS: dict[str, Any] = {
    "L": gettext_lazy("法律法规"),
    "D": gettext_lazy("官方文件"),
    "P": gettext_lazy("报道摘录"),
    "C": gettext_lazy("他处系统所见"),
    "M": gettext_lazy("未经核实的默认值"),
    "G": gettext_lazy("未经核实的默认值"),
}
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class Sort(StrEnum):
    """What a value is, which says how it is typed."""

    DURATION = "duration"
    YES_NO = "yes_no"
    NUMBER = "number"
    DECIMAL = "decimal"
    TIME = "time"
    TEXT = "text"
    LIST = "list"
    TABLE = "table"
    DATA = "data"


def _sort_of_text(value: str) -> Sort:
    return Sort.TIME if _TIME.fullmatch(value) else Sort.TEXT


def sort_of(value: Any) -> Sort:
    """Return what ``value`` is."""
    if isinstance(value, Mapping):
        if set(value) == {"amount", "unit"}:
            return Sort.DURATION
        return Sort.TABLE if all(isinstance(v, int | Decimal | str) for v in value.values()) else Sort.DATA
    if isinstance(value, list | tuple):
        same = len({type(v) for v in value}) <= 1
        return Sort.LIST if same and all(isinstance(v, int | Decimal | str) for v in value) else Sort.DATA
    if isinstance(value, bool):
        return Sort.YES_NO
    if isinstance(value, int):
        return Sort.NUMBER
    return Sort.DECIMAL if isinstance(value, Decimal) else _sort_of_text(str(value))


def value_words(value: Any, unit: str = "") -> str:
    """Return a value with its unit as people say it: ``5 个工作日``."""
    sort = sort_of(value)
    if sort is Sort.DURATION:
        return f"{value['amount']} {UNITS.get(value['unit'], value['unit'])}"
    if sort is Sort.YES_NO:
        return str(_("是") if value else _("否"))
    if sort is Sort.TABLE:
        return "，".join(f"{k} {v}" for k, v in value.items())
    if sort is Sort.DATA:
        return as_json(value)
    text = "、".join(str(v) for v in value) if sort is Sort.LIST else str(value)
    return f"{text} {unit}".strip()


def as_json(value: Any) -> str:
    """Return a value that has no form of its own as JSON."""
    return json.dumps(to_json(value), ensure_ascii=False, indent=1 if len(str(value)) > 60 else None)


def group_of(code: str) -> str:
    """Return the group in which a rule is listed."""
    return str(next(label for prefix, label in GROUPS if code.startswith(prefix)))


def mark_words(mark: str) -> str:
    """Return what a mark says of the source."""
    return str(MARK_WORDS[mark]) if mark in MARKS else mark
