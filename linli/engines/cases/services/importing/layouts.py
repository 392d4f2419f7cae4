"""Which column of a sheet is what: layouts kept as data, and guessing by the headers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases.types import Source
from linli.foundation.core.errors import InvalidError
from linli.foundation.sheets.rules import plain

SHIPPED = Path(__file__).resolve().parents[2] / "shipped" / "imports.toml"
FIELDS: dict[str, Any] = {
    "key": gettext_lazy("编号"),
    "title": gettext_lazy("标题"),
    "text": gettext_lazy("内容"),
    "address": gettext_lazy("地址"),
    "time": gettext_lazy("时间"),
    "due": gettext_lazy("办理时限"),
    "name": gettext_lazy("姓名"),
    "phone": gettext_lazy("联系电话"),
    "category": gettext_lazy("分类"),
    "likes": gettext_lazy("点赞数"),
    "dislikes": gettext_lazy("反对数"),
    "confidential": gettext_lazy("要求保密"),
    "assigned": gettext_lazy("签派"),
    "duplicate_of": gettext_lazy("原工单号（重复件）"),
    "solved": gettext_lazy("市级回访：是否解决"),
    "rating": gettext_lazy("市级回访：满意度"),
    "rating_words": gettext_lazy("市级回访：意见"),
    "rated_at": gettext_lazy("市级回访：时间"),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of sheet: where its rows come from, and the headers that each field may have."""

    code: str
    title: str
    source: Source
    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]


def _layout(code: str, raw: Mapping[str, Any]) -> Layout:
    columns = {str(k): tuple([v] if isinstance(v, str) else v) for k, v in raw.get("columns", {}).items()}
    if unknown := set(columns) - set(FIELDS):
        raise InvalidError(
            _("布局文件里有不认识的字段：%(names)s") % {"names": "、".join(sorted(unknown))},
            code="cases.import.layout",
            hint=_("可用字段：%(names)s") % {"names": "、".join(FIELDS)},
        )
    return Layout(
        code,
        raw.get("title", code),
        Source(raw.get("source", "message")),
        columns,
        tuple(raw.get("required", ("text",))),
    )


@lru_cache(maxsize=1)
def layouts() -> dict[str, Layout]:
    """Return the layouts that come with Linli, by code."""
    return {code: _layout(code, raw) for code, raw in tomllib.loads(SHIPPED.read_text(encoding="utf8")).items()}


def layout(code: str) -> Layout:
    """Return the shipped layout ``code``, or raise InvalidError."""
    found = layouts().get(code)
    if found is None:
        raise InvalidError(_("没有“%(code)s”这种表格。") % {"code": code}, code="cases.import.layout")
    return found


def read_layout(path: Path, base: Layout) -> Layout:
    """Return ``base`` with the columns that a TOML file names: ``[columns]``, field = "header" or a list of them."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidError(_("布局文件读不懂：%(error)s") % {"error": error}, code="cases.import.layout") from error
    own = _layout(base.code, {"title": base.title, "source": base.source.value, **raw})
    return Layout(base.code, base.title, base.source, {**base.columns, **own.columns}, base.required)


def guess(headers: Sequence[str], kind: Layout) -> dict[str, int]:
    """Return field → column (from 0) by the headers: an exact name first, then one that holds it; no column twice."""
    there = [plain(h) for h in headers]
    found: dict[str, int] = {}
    for exact in (True, False):
        for field, names in kind.columns.items():
            if field in found:
                continue
            for name in map(plain, names):
                at = next(
                    (
                        i
                        for i, h in enumerate(there)
                        if i not in found.values() and h and (h == name if exact else name in h)
                    ),
                    None,
                )
                if at is not None:
                    found[field] = at
                    break
    return found
