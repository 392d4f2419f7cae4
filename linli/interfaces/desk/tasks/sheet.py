"""Tasks as a sheet: the columns by which a list is pasted, brought as xlsx, and written out again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.projects import selectors, services
from linli.engines.projects.permissions import gives, working_units
from linli.engines.projects.types import NEIGHBOURHOOD, NewTask, NewTaskList, Priority, Strand
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.ids import uuids_in
from linli.foundation.sheets.rules import match_headers, tidy
from linli.foundation.sheets.services import open_sheet
from linli.foundation.sheets.services.showing import Parser, guess, known_headers
from linli.foundation.sheets.services.writing import write_rows, write_template
from linli.foundation.sheets.types import (
    About,
    Column,
    Found,
    Hang,
    Made,
    Row,
    SheetKind,
    SheetRow,
    Type,
    Values,
    register,
)
from linli.interfaces.desk import directory
from linli.interfaces.desk.tasks.forms import GIVERS, units_named, words_in

if TYPE_CHECKING:
    from linli.engines.projects.models import Task

MOST = 200
COLUMNS = (
    Column("title", gettext_lazy("任务"), required=True, aliases=("工作任务", "任务内容", "事项", "工作内容"),
           example=gettext_lazy("完成辖区非机动车停放点位排查")),
    Column("unit", gettext_lazy("责任单位"), required=True, aliases=("牵头单位", "承办单位", "责任部门"),
           example=gettext_lazy("城管中队"), hint=gettext_lazy("单位的名称或简称。")),
    Column("due_on", gettext_lazy("完成期限"), Type.DATE, required=True, aliases=("完成时间", "时限", "期限"),
           example="2026-12-31"),
    Column("helpers", gettext_lazy("配合单位"), aliases=("协办单位", "配合部门"), longest=400,
           hint=gettext_lazy("几个单位用顿号分开。")),
    Column("weight", gettext_lazy("权重"), Type.INTEGER, example="1"),
    Column("evidence", gettext_lazy("佐证材料"), aliases=("佐证", "证明材料"), example=gettext_lazy("前后对比照片")),
    Column("evidence_files", gettext_lazy("至少几个文件"), Type.INTEGER),
    Column("priority", gettext_lazy("重要程度"), Type.CHOICE,
           choices=lambda: [(str(p.value), p.label) for p in Priority]),
    Column("strands", gettext_lazy("三化"), Type.CHOICES, choices=lambda: Strand.choices),
    Column("topics", gettext_lazy("专题"), hint=gettext_lazy("几个专题用顿号分开。")),
    Column("detail", gettext_lazy("具体要求"), aliases=("要求", "工作要求"), longest=2_000),
    Column("admission", gettext_lazy("清单事项"), hint=gettext_lazy("交给居民区的：清单事项的名称。")),
    Column("outside_reason", gettext_lazy("清单外的理由"), longest=500),
    Column("state", gettext_lazy("状态"), hint=gettext_lazy("导出时有，导入时不读。")),
    Column("percent", gettext_lazy("进度"), Type.TEXT, hint=gettext_lazy("导出时有，导入时不读。")),
    Column("result", gettext_lazy("结果"), longest=2_000, hint=gettext_lazy("导出时有，导入时不读。")),
    Column("id", gettext_lazy("编号"), longest=36, fixed=True, hint=gettext_lazy("新增的不填；导出再导入时请勿修改。")),
)  # fmt: skip
_OUT_ONLY = frozenset({"state", "percent", "result", "id"})


def _may(actor: Actor) -> bool:
    """Return whether ``actor`` gives tasks by a sheet: who gives them at all, in the name of a unit."""
    return actor.has_role(*GIVERS) and bool(working_units(actor))


def _found(tasks: Sequence[Task]) -> dict[str, Found]:
    rows = zip(tasks, values_of(tasks, selectors.tags_of(tasks)), strict=True)
    return {str(t.uuid): Found(str(t.uuid), t.title, values, t.pk, t.uuid) for t, values in rows}


def _load(refs: Sequence[str], by: Actor = SYSTEM) -> dict[str, Found]:
    ids = uuids_in(refs)
    found: dict[str, Found] = {}
    for begin in range(0, len(ids), MOST):
        found |= _found(selectors.tasks_with_helpers(by, ids[begin : begin + MOST]))
    return found


def _find(rows: Sequence[Row], about: About) -> list[Found | None]:
    there = _load([r.get("id") for r in rows if r.get("id")], about.by)
    return [there.get(r.get("id")) for r in rows]


def _check_all(rows: Sequence[Row], found: Sequence[Found | None], about: About) -> None:
    fresh = []
    for row, there in zip(rows, found, strict=True):
        if there is None and row.get("id"):
            row.refuse("id", _("没有这个编号；新增的请不填编号。"))
        elif there is None:
            fresh.append(row)
        elif any(there.values.get(k, "") != v for k, v in row.values.items()):
            row.refuse("", _("任务已经布置，不能用表格修改，请在任务页面办理。"))
    news(fresh, about.today, acceptance=True)
    own_or_admitted(fresh, about.by)


def _create(rows: Sequence[Row], about: About) -> list[Made]:
    """Give the rows of one stretch as one list of tasks, which can then be printed."""
    tasks = news(rows, about.today, acceptance=True)
    title = _("表格导入的任务（%(day)s）") % {"day": about.today.isoformat()}
    given = NewTaskList(title, min(working_units(about.by)))
    made = services.create_list(by=about.by, now=about.now, new=given, tasks=tasks)
    return [Made(str(t.uuid), t.title) for t in selectors.list_items(about.by, made)]


def _change(_pairs: Sequence[tuple[Row, Found]], _about: About) -> None:
    """Tasks have a life of their own: what was given is not changed by a sheet."""


def _hanging(found: Sequence[Found], about: About) -> list[Hang]:
    rows = selectors.tasks_named(SYSTEM, [f.uuid for f in found if f.uuid is not None])
    return [Hang(t.title, _("由布置的人取消。")) for t in rows if not gives(about.by, t)]


def _remove(found: Sequence[Found], about: About) -> None:
    for task in selectors.tasks_named(about.by, [f.uuid for f in found if f.uuid is not None]):
        services.end_task(by=about.by, now=about.now, task=task, result=about.reason, dropped=True)


def _export(about: About) -> Iterator[Values]:
    page = selectors.open_tasks(about.by, size=MOST)
    while True:
        rows = selectors.tasks_with_helpers(about.by, [t.uuid for t in page.rows])
        yield from (f.values for f in _found(rows).values())
        if not page.next:
            return
        page = selectors.open_tasks(about.by, cursor=page.next, size=MOST)


def read(content: bytes, name: str) -> list[Row]:
    """Return the rows of a sheet or of pasted text, each with what is wrong with it.

    Raises:
        InvalidError: not a sheet, or more than 200 rows.
    """
    sheet = open_sheet(content, name, known=known_headers(KIND), most=MOST)
    parser = Parser(KIND, guess(sheet.headers, KIND))
    rows = [parser.row(raw) for raw in sheet.rows]
    for row in rows:
        for column in COLUMNS:
            if column.required and not row.get(column.name):
                row.refuse(column.name, _("请填写。"))
    return rows


def read_text(text: str) -> list[Row]:
    """Return the rows of pasted text; without a line of headers its columns are those of the sheet in order.

    Raises:
        InvalidError: more than 200 rows.
    """
    lines = [line for line in text.replace("\r", "").split("\n") if line.strip()]
    if not lines:
        return []
    names = {c.name: c.names() for c in COLUMNS}
    if "title" not in match_headers(_cells(lines[0]), names):
        lines.insert(0, "\t".join(str(c.header) for c in COLUMNS if c.name not in _OUT_ONLY))
    elif len(lines) == 1:
        return []
    if len(lines) - 1 > MOST:
        raise InvalidError(_("一次最多布置 %(most)s 项。") % {"most": MOST}, code="desk.rows")
    parser = Parser(KIND, match_headers(_cells(lines[0]), names))
    rows = [parser.row(SheetRow(at, tuple(_cells(line)))) for at, line in enumerate(lines[1:], 1)]
    for row in rows:
        for column in COLUMNS:
            if column.required and not row.get(column.name):
                row.refuse(column.name, _("请填写。"))
    return rows


def _cells(line: str) -> list[str]:
    parted = line.split("\t") if "\t" in line else line.replace("|", ",").replace("，", ",").split(",")
    return [c.strip() for c in parted]


def news(rows: Sequence[Row], today: date, *, acceptance: bool) -> list[NewTask]:
    """Return the tasks that the rows say; what is wrong is noted on the row, and that row is left out."""
    entries = {tidy(e.title): e.pk for e in selectors.entries(today)}
    found = []
    for row in rows:
        unit = directory.unit_named(row.get("unit"))
        if row.get("unit") and unit is None:
            row.refuse("unit", _("没有名为“%(name)s”的单位。") % {"name": row.get("unit")[:40]})
        try:
            helpers = units_named(row.get("helpers"))
        except InvalidError as error:
            row.refuse("helpers", error.message)
            helpers = ()
        _check(row, unit, entries, today)
        if not row.faults and unit is not None:
            found.append(_new(row.values, unit.id, helpers, entries, acceptance=acceptance))
    return found


def _check(row: Row, unit: directory.UnitName | None, entries: Mapping[str, int], today: date) -> None:
    due = row.get("due_on")
    if due and date.fromisoformat(due) < today:
        row.refuse("due_on", _("期限不能早于今天。"))
    for name, most in (("weight", 100), ("evidence_files", 20)):
        value = row.get(name)
        if value and not 0 <= int(value) <= most:
            row.refuse(name, _("填 0 到 %(most)s。") % {"most": most})
    if row.get("admission") and tidy(row.get("admission")) not in entries:
        row.refuse("admission", _("清单中没有这个事项。"))
    lacking = not row.get("admission") and not row.get("outside_reason")
    if unit is not None and unit.kind == NEIGHBOURHOOD and lacking:
        row.data["asked"] = True


def own_or_admitted(rows: Sequence[Row], actor: Actor) -> None:
    """Refuse rows for a 居民区 other than the actor's own that name neither an entry of the list nor a reason."""
    for row in rows:
        unit = directory.unit_named(row.get("unit"))
        if row.data.get("asked") and unit is not None and unit.id not in actor.unit_ids:
            row.refuse("outside_reason", _("交给居民区的，请写清单事项，或清单外的理由。"))


def _new(
    values: Values, unit: int, helpers: tuple[int, ...], entries: Mapping[str, int], *, acceptance: bool
) -> NewTask:
    def text(name: str) -> str:
        return values.get(name, "")

    return NewTask(
        title=text("title"),
        unit_id=unit,
        due_on=date.fromisoformat(text("due_on")),
        helper_ids=helpers,
        weight=int(text("weight") or 1),
        evidence=text("evidence"),
        evidence_files=int(text("evidence_files") or 0),
        priority=Priority(int(text("priority") or 0)),
        strands=tuple(Strand(s) for s in text("strands").split("、") if s),
        topics=words_in(text("topics")),
        detail=text("detail"),
        admission_id=entries.get(tidy(text("admission"))),
        outside_reason=text("outside_reason"),
        needs_acceptance=acceptance,
    )


def values_of(tasks: Iterable[Task], tags: Mapping[int, Sequence[tuple[str, str]]]) -> list[dict[str, str]]:
    """Return tasks as rows of the sheet."""
    return [
        {
            "title": t.title,
            "unit": t.unit.name,
            "due_on": t.due_on.isoformat(),
            "helpers": "、".join(h.unit.name for h in t.helpers.all()),
            "weight": str(t.weight),
            "evidence": t.evidence,
            "evidence_files": str(t.evidence_files),
            "priority": str(t.priority),
            "strands": "、".join(n for k, n in tags.get(t.pk, ()) if k == "strand"),
            "topics": "、".join(n for k, n in tags.get(t.pk, ()) if k == "topic"),
            "detail": t.detail,
            "admission": "",
            "outside_reason": t.outside_reason,
            "state": t.get_standing_display(),
            "percent": f"{t.percent}%",
            "result": t.result,
            "id": str(t.uuid),
        }
        for t in tasks
    ]


def written(tasks: Iterable[Task], tags: Mapping[int, Sequence[tuple[str, str]]]) -> bytes:
    """Return tasks as xlsx; it can be brought again as another list."""
    return write_rows(KIND, values_of(tasks, tags))


def empty() -> bytes:
    """Return the sheet to fill in."""
    return write_template(KIND)


KIND = SheetKind(
    code="tasks",
    title=gettext_lazy("任务清单"),
    text=gettext_lazy("一行一项任务；导入后布置给责任单位，成为一份可以打印的清单。导出您能看到的未完成任务。"),
    order=50,
    columns=COLUMNS,
    journal="task",
    key=lambda values: values.get("id", ""),
    find=_find,
    check=_check_all,
    create=_create,
    change=_change,
    load=_load,
    hanging=_hanging,
    remove=_remove,
    export=_export,
    may=_may,
    stretch=MOST,
)


def enter() -> None:
    """Make the kind known, so that the console's pages of sheets offer it."""
    register(KIND)
