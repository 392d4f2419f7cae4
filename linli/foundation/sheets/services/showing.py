"""Values as a sheet and a page show them, and cells as values: the two directions of a column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from linli.foundation.sheets import rules
from linli.foundation.sheets.types import About, Column, Row, SheetKind, SheetRow, Type, yes_no


def shown(column: Column, value: str) -> str:
    """Return a value in the words of the language in force."""
    if not value:
        return ""
    if column.type is Type.YES_NO:
        return yes_no(value)
    if column.type in {Type.CHOICE, Type.CHOICES} and column.choices is not None:
        words = {code: str(text) for code, text in column.choices()}
        return "、".join(words.get(code, code) for code in value.split("、"))
    return value


def column_names(kind: SheetKind) -> dict[str, list[str]]:
    """Return column → every header by which it is known."""
    return {c.name: c.names() for c in kind.columns}


def known_headers(kind: SheetKind) -> set[str]:
    """Return every header of the kind, as headers are compared."""
    return {rules.plain(n) for names in column_names(kind).values() for n in names}


def guess(headers: Sequence[str], kind: SheetKind) -> dict[str, int]:
    """Return column → place in the sheet (from 0), by the headers."""
    return rules.match_headers(headers, column_names(kind))


@dataclass(frozen=True, slots=True)
class Unknown:
    """What stands in a column and nothing here is called, and how often; empty: what is left empty."""

    column: Column
    raw: str
    count: int


def can_mean(column: Column) -> bool:
    """Return whether a person may say what the values of a column mean: what can be chosen, or is named."""
    return column.choices is not None or column.known is not None


def offered(column: Column) -> Sequence[tuple[str, Any]]:
    """Return (what is put in, its words) of what a person may say that a value of a column means."""
    if column.choices is not None:
        return column.choices()
    return column.known().offered if column.known is not None else ()


def _recogniser(column: Column) -> Callable[[str], bool]:
    """Return whether a word of a column is known without being told."""
    if column.known is not None:
        known = column.known()
        return lambda word: not word or known.named(word)
    codes = _codes(column)
    return lambda word: (rules.plain(word) or word) in codes


def unknown(kind: SheetKind, mapping: Mapping[str, int], rows: Iterable[Sequence[str]]) -> list[Unknown]:
    """Return the values that nothing here is called, of columns of choices and of names, each one's commonest first."""
    columns = [(c, mapping[c.name]) for c in kind.columns if can_mean(c) and c.name in mapping]
    seen: dict[str, list[str]] = {c.name: [] for c, _at in columns}
    for cells in rows if columns else ():
        for column, at in columns:
            seen[column.name] += _words(column, cells[at] if at < len(cells) else "")
    found = []
    for column, _at in columns:
        recognised = _recogniser(column)
        meant = {w: recognised(w) for w in dict.fromkeys(seen[column.name])}
        words = [w for w in seen[column.name] if not meant[w]]
        empty = seen[column.name].count("")
        found += [Unknown(column, "", empty)] if empty and column.required else []
        found += [Unknown(column, raw, count) for raw, count in rules.unknown_values(words, (), {})]
    return found


def _words(column: Column, text: str) -> list[str]:
    parts = [text] if column.type in {Type.CHOICE, Type.TEXT} else rules.read_list(text).split("、")
    return [rules.tidy(part) for part in parts]


class Parser:
    """Turns the cells of rows into values; what can be chosen is looked up once.

    Args:
        values: column → what stands in the sheet → which choice is meant; "" is an empty cell, or for a column that
            the sheet does not have, every row.
    """

    def __init__(
        self, kind: SheetKind, mapping: Mapping[str, int], values: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        """Prepare for a sheet of ``kind`` with the columns of ``mapping``."""
        self.said = {n: {w: m for w, m in v.items() if m} for n, v in (values or {}).items()}
        wanted = [c for c in kind.columns if c.name in mapping or self.said.get(c.name, {}).get("")]
        self.columns = [(c, mapping.get(c.name, -1)) for c in wanted]
        self.choices = {c.name: _codes(c) for c in wanted if c.choices is not None}
        self.kind = kind

    def row(self, raw: SheetRow) -> Row:
        """Return a row with its values, and what is wrong with them."""
        row = Row(raw.line, {})
        for column, at in self.columns:
            text = raw.cells[at] if 0 <= at < len(raw.cells) else ""
            row.values[column.name] = ""
            if at in raw.faults:
                row.refuse(column.name, raw.faults[at])
                continue
            self._read(row, column, text)
            if column.required and not row.values[column.name] and column.name not in row.faults:
                row.refuse(column.name, _("请填写。"))
        return row

    def _read(self, row: Row, column: Column, text: str) -> None:
        try:
            value = self._value(column, text)
        except rules.BadValueError as error:
            row.refuse(column.name, _message(str(error), rules.tidy(text)))
            return
        if len(value) > column.longest:
            row.refuse(column.name, _("太长，最多 %(count)s 个字。") % {"count": column.longest})
            return
        row.values[column.name] = value

    def _value(self, column: Column, text: str) -> str:
        match column.type:
            case Type.TEXT:
                word = rules.tidy(text)
                return self.said.get(column.name, {}).get(word, word)
            case Type.DATE:
                return rules.read_date(text)
            case Type.INTEGER:
                return rules.read_integer(text)
            case Type.DECIMAL:
                return rules.read_decimal(text)
            case Type.YES_NO:
                return rules.read_yes_no(text)
            case Type.LIST:
                return rules.read_list(text)
        return self._chosen(column, text)

    def _chosen(self, column: Column, text: str) -> str:
        codes, said = self.choices[column.name], self.said.get(column.name, {})
        found = []
        for word in _words(column, text):
            code = self._meant(codes, said.get(word, "")) or codes.get(rules.plain(word) or word)
            if code is None and word:
                raise rules.BadValueError("choice:" + "、".join(codes_shown(column)[:12]))
            found += [code] if code else []
        return "、".join(dict.fromkeys(found))

    @staticmethod
    def _meant(codes: Mapping[str, str], code: str) -> str:
        """Return a choice that was said, unless there is none of the name any more."""
        return code if code in codes.values() else ""


def codes_shown(column: Column) -> list[str]:
    """Return the words of what can be chosen."""
    return [str(words) for _code, words in column.choices()] if column.choices else []


def _codes(column: Column) -> dict[str, str]:
    found: dict[str, str] = {}
    if column.choices is None:
        return found
    for language in ("zh-hans", "en"):
        with override(language):
            found |= {rules.plain(str(words)) or str(words): code for code, words in column.choices()}
    return found | {rules.plain(code) or code: code for code, _words in column.choices()}


def _message(code: str, text: str) -> str:
    value = {"value": text[:40]}
    code, _colon, more = code.partition(":")
    words: dict[str, Any] = {
        "date": _("“%(value)s”不是日期，应如 2026-03-01。"),
        "serial": _("“%(value)s”像是没有设成日期格式的数字，请写成 2026-03-01。"),
        "integer": _("“%(value)s”不是整数。"),
        "decimal": _("“%(value)s”不是数字。"),
        "yes_no": _("“%(value)s”应为“是”或“否”。"),
        "choice": _("没有“%(value)s”这个选项。") + (_("可用：%(names)s。") % {"names": more} if more else ""),
    }
    return str(words[code]) % value


def plan(kind: SheetKind, rows: Sequence[Row], about: About) -> Sequence[Any]:
    """Look at rows without writing: return what is there of each, faults noted in the rows.

    Of a row that is there only what differs stays in ``row.data["differs"]``.
    """
    found = kind.find(rows, about)
    for row, there in zip(rows, found, strict=True):
        if there is None:
            _check_needed(kind, row)
            continue
        row.data["differs"] = [n for n, v in row.values.items() if not same(kind.column(n), there.values.get(n, ""), v)]
        for name in row.data["differs"]:
            if kind.column(name).fixed:
                row.refuse(name, _("这一列不能用表格修改，现为“%(value)s”。") % {"value": _now(kind, name, there)})
    kind.check(rows, found, about)
    return found


def same(column: Column, there: str, value: str) -> bool:
    """Return whether what is there reads as ``value`` when it is taken out and brought in again."""
    if column.type is Type.LIST:
        return rules.read_list(there) == value
    return there == value or rules.tidy(there) == value


def _now(kind: SheetKind, name: str, there: Any) -> str:
    return shown(kind.column(name), there.values.get(name, "")) or _("（空）")


def _check_needed(kind: SheetKind, row: Row) -> None:
    for column in kind.columns:
        if column.required and column.name not in row.values:
            row.refuse(column.name, _("请填写。"))
