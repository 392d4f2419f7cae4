"""From the lines of a workbook to a form, every fault with its place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from linli.foundation.forms.rules.expressions import NAME
from linli.foundation.forms.services.xlsforms.books import Row, Table
from linli.foundation.forms.services.xlsforms.cells import Cells, question
from linli.foundation.forms.services.xlsforms.layout import (
    OWN_TYPES,
    SELECTS,
    SETTINGS,
    TRACKING,
    TYPES,
    YES_NO_LIST,
    column_of,
    language_of,
)
from linli.foundation.forms.types import Choice, Fault, Group, Question, QuestionType, Settings, WholeForm

_OTHER = "other"
_SELECT = re.compile(r"(\S+)\s+(\S+)(\s+or_other)?")
_MARKS = re.compile(r"(begin|end)_(group|repeat)")
COLUMN = re.compile(NAME)
_UNSUPPORTED = {
    "geotrace", "geoshape", "osm", "csv-external", "xml-external", "select_one_external", "begin_loop", "loop",
}  # fmt: skip


@dataclass
class _Open:
    """A group that is not ended yet."""

    cells: Cells
    repeat: bool
    row: int
    items: list[Question | Group] = field(default_factory=list)


class Builder:
    """Reads the sheets of one workbook.

    Attributes:
        faults: what must be mended.
        notes: what was left out or changed.
        rows: path of an item → its row in ``survey``; ``choices/list/code`` → its row in ``choices``.
    """

    def __init__(
        self, tables: Mapping[str, Table], title: str, read_list: Callable[[str, Cells], tuple[Choice, ...]]
    ) -> None:
        self.tables, self.title, self.read_list = tables, title, read_list
        self.faults: list[Fault] = []
        self.notes: list[Fault] = []
        self.rows: dict[str, int] = {}
        self.stack: list[_Open] = []
        self.items: list[Question | Group] = []
        self.settings = self._settings()
        self.lists = self._lists()

    def build(self) -> WholeForm:
        """Return the form; look at ``faults`` first."""
        survey = self.tables["survey"]
        if "type" not in {h.lower() for h in survey.letters}:
            self.fault(_("survey 工作表没有 type 列。"), _("请在第一行写列名：type、name、label。"))
            return self._form()
        for row in survey.rows:
            self._line(row)
        for left in self.stack:
            message = _("“%(name)s”没有结束。") % {"name": left.cells.get("name")}
            self.fault(message, _("请补上 end_group 或 end_repeat。"), left.row, "type")
        unknown = {h for row in survey.rows for h in Cells.of(row, self.language).unknown}
        for header in sorted(unknown):
            self.note(_("列“%(name)s”没有用到。") % {"name": header}, 1, header)
        return self._form()

    def _form(self) -> WholeForm:
        return WholeForm(self.settings, tuple(self.items), self.lists)

    @property
    def language(self) -> str:
        """Return the language of what names none."""
        return self.settings.default_language

    def fault(self, message: str, hint: str = "", row: int = 0, column: str = "", sheet: str = "survey") -> None:
        """Keep a fault."""
        self.faults.append(Fault(message, hint, sheet, row, self.place(sheet, column)))

    def note(self, message: str, row: int = 0, column: str = "", sheet: str = "survey", hint: str = "") -> None:
        """Keep what was left out."""
        self.notes.append(Fault(message, hint, sheet, row, self.place(sheet, column)))

    def place(self, sheet: str, column: str) -> str:
        """Return a column as people find it: its name and letter."""
        table = self.tables.get(sheet)
        letter = table.letters.get(column, "") if table else ""
        return f"{column} ({letter})" if letter else column

    def _settings(self) -> Settings:
        table = self.tables.get("settings")
        found = {"title": self.title, "form_id": re.sub(r"[^\w.-]+", "_", self.title)[:64]}
        for header, text in table.rows[0].cells.items() if table and table.rows else ():
            name = SETTINGS.get(re.sub(r"\s+", "_", header.lower()))
            if name:
                found[name] = text
            else:
                self.note(_("设置“%(name)s”没有用到。") % {"name": header}, 2, header, "settings")
        found["default_language"] = language_of(found.get("default_language") or "zh")
        if found["default_language"] == "default":
            found["default_language"] = "zh-hans"
        return Settings(**found)

    def _lists(self) -> dict[str, tuple[Choice, ...]]:
        found: dict[str, list[Choice]] = {}
        for row in self.tables["choices"].rows if "choices" in self.tables else ():
            cells = Cells.of(row, self.language)
            name = cells.get("list_name")
            if not name:
                message = _("这一行没有写选项表的名称。")
                self.fault(message, _("请在 list_name 列写明。"), row.number, "list_name", "choices")
            elif name != YES_NO_LIST:
                choice = self.choice(cells)
                self.rows.setdefault(f"choices/{name}", row.number)
                key = f"choices/{name}/{choice.code}"
                self.rows[key] = row.number
                found.setdefault(name, []).append(choice)
        for header in self.tables["choices"].letters if "choices" in self.tables else ():
            if column_of(header)[0] == "unknown" and not COLUMN.fullmatch(header):
                self.note(_("列“%(name)s”没有用到。") % {"name": header}, 1, header, "choices")
        return {name: tuple(choices) for name, choices in found.items()}

    def choice(self, cells: Cells) -> Choice:
        """Return the choice of a line; of further columns those that a ``choice_filter`` can name."""
        further = {**cells.unknown, **{f"linli_{name}": text for name, text in cells.extra.items()}}
        columns = {name: text for name, text in further.items() if COLUMN.fullmatch(name)}
        return Choice(cells.get("name"), cells.words.get("label", {}), cells.media, columns, cells.get("mark"))

    def _line(self, row: Row) -> None:
        cells = Cells.of(row, self.language)
        written = re.sub(r"\s+", " ", cells.get("type"))
        kind = re.sub(r"^(begin|end)[ _]", lambda m: m.group(1) + "_", written.lower())
        if not kind:
            self.fault(_("这一行没有写题型。"), _("请在 type 列写明。"), row.number, "type")
        elif marked := _MARKS.fullmatch(kind):
            self._marked(marked.group(1), marked.group(2) == "repeat", cells, row)
        elif kind in TRACKING or kind.split("-")[0] in TRACKING:
            self.note(
                _("题型“%(type)s”记录设备或行踪，已去掉。") % {"type": written}, row.number, "type",
                hint=_("谁填的由登录得知，位置只在提交时记一次。"),
            )  # fmt: skip
        elif not cells.get("name"):
            self.fault(_("这个问题没有名称。"), _("请在 name 列写一个不重复的名称。"), row.number, "name")
        else:
            self._question(written, kind, cells, row)

    def _marked(self, way: str, repeat: bool, cells: Cells, row: Row) -> None:
        if way == "begin":
            if not cells.get("name"):
                self.fault(_("这个组没有名称。"), _("请在 name 列写一个不重复的名称。"), row.number, "name")
            self._placed(cells.get("name"), row)
            self.stack.append(_Open(cells, repeat, row.number))
            return
        if not self.stack or self.stack[-1].repeat != repeat:
            message = _("这里结束的组没有开始，或与开始的不是一种。")
            self.fault(message, _("请检查 begin 和 end 是否成对。"), row.number, "type")
            return
        ended = self.stack.pop()
        group = Group(
            ended.cells.get("name"), tuple(ended.items), ended.cells.words.get("label", {}),
            ended.cells.get("relevant"), ended.cells.get("appearance"), ended.repeat, ended.cells.get("count"),
        )  # fmt: skip
        self._here().append(group)

    def _here(self) -> list[Question | Group]:
        return self.stack[-1].items if self.stack else self.items

    def _placed(self, name: str, row: Row) -> None:
        path = "/".join([*(o.cells.get("name") for o in self.stack), name])
        self.rows.setdefault(path, row.number)
        if self.rows[path] != row.number:
            message = _("名称“%(name)s”与第 %(row)s 行重复。") % {"name": name, "row": self.rows[path]}
            self.fault(message, _("同一组里名称不能重复。"), row.number, "name")

    def _question(self, written: str, kind: str, cells: Cells, row: Row) -> None:
        self._placed(cells.get("name"), row)
        own = OWN_TYPES.get(cells.get("linli_type"))
        selected = _SELECT.fullmatch(written)
        select = SELECTS.get(selected.group(1).lower()) if selected else None
        if own and (kind in TYPES or select):
            self._here().append(question(cells, own))
        elif select and selected:
            self._select(selected, select, cells, row)
        elif kind in TYPES:
            found = TYPES[kind]
            if found is QuestionType.PHOTO and "signature" in cells.get("appearance").split():
                found = QuestionType.SIGNATURE
            if found is QuestionType.TEXT and "multiline" in cells.get("appearance").split():
                found = QuestionType.LONG_TEXT
            self._here().append(question(cells, found))
        else:
            self._no_type(written, kind, row)

    def _select(self, written: re.Match[str], kind: QuestionType, cells: Cells, row: Row) -> None:
        name = written.group(2)
        if written.group(1).lower().endswith("_from_file"):
            file, name = name, re.sub(r"[^\w-]+", "_", name.rpartition(".")[0]) or "file"
            if name not in self.lists:
                choices = self.read_list(file, cells)
                if choices:
                    self.lists[name] = choices
                else:
                    self.fault(
                        _("缺少选项文件“%(file)s”，或它不是有 name 和 label 两列的 csv。") % {"file": file},
                        _("请与表格一起上传这个文件。"), row.number, "type",
                    )  # fmt: skip
                    return
        asked = question(cells, kind, chosen=name)
        self._here().append(asked)
        if written.group(3) and name in self.lists:
            self._specify(asked, name, row)

    def _specify(self, asked: Question, name: str, row: Row) -> None:
        """Write ``or_other`` out: a further choice, and a question what it is."""
        choices = self.lists[name]
        if all(c.code != _OTHER for c in choices):
            self.lists[name] = (*choices, Choice(_OTHER, {"zh-hans": "其他", "en": "Other"}))
        code = f"{asked.code}_other"
        self.rows.setdefault("/".join([*(o.cells.get("name") for o in self.stack), code]), row.number)
        label = {"zh-hans": "请说明是什么", "en": "Please specify"}
        condition = f"selected(${{{asked.code}}}, '{_OTHER}')"
        self._here().append(Question(code, QuestionType.TEXT, label, relevant=condition))
        self.note(_("or_other 已写成选项“其他”和一个说明题。"), row.number, "type")

    def _no_type(self, written: str, kind: str, row: Row) -> None:
        hint = _("请对照《表单参考》改用支持的题型。")
        if kind.split(" ")[0] in SELECTS:
            self.fault(_("选择题没有写选项表。"), _("请写成“select_one 选项表名”。"), row.number, "type")
            return
        if kind.split(" ")[0] not in _UNSUPPORTED:
            near = difflib.get_close_matches(kind.split(" ")[0], [*TYPES, *SELECTS], 1)
            hint = _("是不是想写“%(near)s”？") % {"near": near[0]} if near else hint
        self.fault(_("没有“%(type)s”这种题型。") % {"type": written}, hint, row.number, "type")
