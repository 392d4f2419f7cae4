"""What does not fit the shape of a request, in words, at its field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_WORDS: dict[str, Any] = {
    "missing": gettext_lazy("请填写这一项。"),
    "extra_forbidden": gettext_lazy("没有这个字段。"),
    "string_too_long": gettext_lazy("太长。"),
    "string_too_short": gettext_lazy("请填写这一项。"),
    "too_short": gettext_lazy("请填写这一项。"),
    "too_long": gettext_lazy("太多。"),
    "enum": gettext_lazy("请从列出的选项中选择。"),
    "literal_error": gettext_lazy("请从列出的选项中选择。"),
    "value_error": gettext_lazy("超出范围或含有不允许的字符。"),
}
_OTHER = gettext_lazy("格式不对：%(what)s。")
_PARTS = frozenset({"body", "query", "path", "header", "file", "form"})


def wrong_fields(found: Sequence[Any]) -> dict[str, list[str]]:
    """Return field → what is wrong there, from pydantic's list of errors."""
    fields: dict[str, list[str]] = {}
    for error in found[:50]:
        where = [str(p) for p in error["loc"]]
        name = ".".join(where[1:] if where and where[0] in _PARTS and len(where) > 1 else where) or "body"
        words = _WORDS.get(error["type"])
        fields.setdefault(name[:100], []).append(str(words) if words else _OTHER % {"what": error["type"]})
    return fields


def summary() -> str:
    """Return the sentence above the fields."""
    return _("请求的内容不符合要求。")
