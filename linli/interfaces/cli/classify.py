"""``linli classify train`` and ``linli classify evaluate``: teaching and measuring the suggestion of categories."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from linli.interfaces.cli import set_up
from linli.interfaces.cli.set_up import ExitCode, err, fail, out
from linli.interfaces.cli.words import gettext as _

if TYPE_CHECKING:
    from linli.engines.judgement.rules.category_training import Example, Report

classify_app = typer.Typer(help=_("分类建议：学习和检验"), no_args_is_help=True)
File = Annotated[
    Path | None,
    typer.Argument(help=_("表格文件（.xlsx、.csv、.tsv）：一列正文，一列分类"), exists=True, dir_okay=False),
]
Closed = Annotated[bool, typer.Option("--closed", help=_("用本空间已办结的案件"))]
Namespace = Annotated[str | None, typer.Option("--namespace", "-n", help=_("空间名，即哪个街道的数据"))]
_TEXTS = ("留言详情", "正文", "内容", "描述", "诉求内容", "words", "text")
_SUBJECTS = ("留言主题", "主题", "标题", "title")
_LABELS = ("一级分类", "分类", "类别", "label", "category")
_KEYS = ("留言编号", "编号", "工单编号", "row", "id")
SHOWN = 10


@classify_app.command("train", help=_("学习一个新版本；比在用的好才启用"))
def train(file: File = None, closed: Closed = False, namespace: Namespace = None) -> None:
    """Teach a new version; it goes live only if it beats the one in use."""
    if (file is None) != closed:
        fail(_("请给一个表格文件，或用 --closed，二者取一。"), code=ExitCode.USAGE)
    set_up.start(namespace)
    from linli.engines.judgement.services import category  # noqa: PLC0415  needs Django
    from linli.foundation.core import clock  # noqa: PLC0415
    from linli.foundation.core.actors import SYSTEM  # noqa: PLC0415
    from linli.foundation.core.errors import DomainError  # noqa: PLC0415

    try:
        rows = _known(_read(file)) if file is not None else None
        with err.status(_("正在学习")):
            row = category.train(by=SYSTEM, now=clock.now(), rows=rows, file_name=file.name if file is not None else "")
    except DomainError as error:
        fail(error.message, hint=error.hint)
    told = {
        "number": row.number, "taught": row.taught, "count": row.report["count"],
        "new": f"{row.report['macro_f1']:.3f}", "old": f"{row.rival['macro_f1']:.3f}",
    }  # fmt: skip
    out.print(_("第 %(number)s 版：学了 %(taught)s 件，留出 %(count)s 件检验。") % told)
    out.print(_("宏平均 F1：新版 %(new)s，原来 %(old)s。") % told)
    out.print(_("已启用。") if row.standing == "live" else _("没有启用：不比原来的好，或留出的件数太少。"))


@classify_app.command("evaluate", help=_("留出一部分检验准确程度，不改动任何数据"))
def evaluate(
    file: File = None,
    closed: Closed = False,
    test: Annotated[
        Path | None, typer.Option("--test", help=_("另用这个表格检验"), exists=True, dir_okay=False)
    ] = None,
    share: Annotated[float, typer.Option("--share", help=_("留出的比例"), min=0.05, max=0.5)] = 0.2,
    rotate: Annotated[bool, typer.Option("--rotate", help=_("轮换：每件都留出一次"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("输出 JSON"))] = False,
    namespace: Namespace = None,
) -> None:
    """Measure on rows held out by the hash of their ids, near-copies on one side."""
    if (file is None) != closed:
        fail(_("请给一个表格文件，或用 --closed，二者取一。"), code=ExitCode.USAGE)
    set_up.start(namespace)
    from linli.engines.judgement.rules.category_training import TooLittleError  # noqa: PLC0415
    from linli.foundation.core.errors import DomainError  # noqa: PLC0415

    try:
        rows = _read(file) if file is not None else _closed()
        found = _measured(rows, _read(test) if test is not None else None, share, rotate=rotate)
    except DomainError as error:
        fail(error.message, hint=error.hint)
    except TooLittleError:
        fail(_("至少要有两个分类，各有两件。"))
    if as_json:
        out.print_json(json.dumps(found, ensure_ascii=False))
        return
    _show(found)


def _closed() -> list[Example]:
    from linli.engines.judgement.selectors import category  # noqa: PLC0415  needs Django
    from linli.foundation.core import clock  # noqa: PLC0415

    now = clock.now()
    return list(category.examples(category.since(now), now))


def _column(headers: Sequence[str], names: Sequence[str]) -> str:
    return next((h for name in names for h in headers if h.strip().lower() == name), "")


def _read(file: Path) -> list[Example]:
    """Return the rows of a sheet that have a text and a label."""
    from linli.engines.judgement.rules.category_features import Message  # noqa: PLC0415  needs Django
    from linli.engines.judgement.rules.category_training import Example  # noqa: PLC0415
    from linli.foundation.sheets.services import reading  # noqa: PLC0415

    sheet = reading.open_sheet(file.read_bytes(), file.name, most=200_000)
    text, label = _column(sheet.headers, _TEXTS), _column(sheet.headers, _LABELS)
    if not text or not label:
        fail(
            _("找不到正文或分类的列。"),
            hint=_("正文的表头用“正文”或“留言详情”，分类的用“分类”或“一级分类”。"),
            code=ExitCode.USAGE,
        )
    subject, key = _column(sheet.headers, _SUBJECTS), _column(sheet.headers, _KEYS)
    place = {h: i for i, h in enumerate(sheet.headers)}
    found = []
    for row in sheet.rows:
        value = {name: row.cells[place[name]] if name else "" for name in {text, label, subject, key}}
        if value[label].strip():
            own = f"{file.stem}:{value[key].strip() or row.line}"
            found.append(Example(own, Message(f"{value[subject]}\n{value[text]}"), value[label].strip()))
    return found


def _known(rows: Sequence[Example]) -> list[Example]:
    """Return the rows whose label is a category of the installation, by code or name; say which are left out."""
    from linli.engines.cases import selectors as cases  # noqa: PLC0415  needs Django
    from linli.engines.judgement.rules.category_training import Example  # noqa: PLC0415
    from linli.engines.judgement.selectors.category import NEVER  # noqa: PLC0415

    codes: dict[str, str] = {}
    for node in cases.categories():
        if node.leaf and node.spec.code not in NEVER:
            codes |= dict.fromkeys((node.spec.name, node.spec.resident_name, node.spec.code), node.spec.code)
    strange: dict[str, int] = {}
    found = []
    for row in rows:
        if row.label in codes:
            found.append(Example(row.key, row.message, codes[row.label]))
        else:
            strange[row.label] = strange.get(row.label, 0) + 1
    for label, count in sorted(strange.items(), key=lambda p: -p[1])[:SHOWN]:
        err.print(
            _("没有“%(label)s”这个分类，%(count)s 行不学。") % {"label": label[:40], "count": count}, markup=False
        )
    return found


def _measured(
    rows: Sequence[Example], test: Sequence[Example] | None, share: float, *, rotate: bool
) -> list[dict[str, Any]]:
    from linli.engines.judgement.rules import category_splitting as splitting  # noqa: PLC0415  needs Django
    from linli.engines.judgement.rules import category_training as training  # noqa: PLC0415

    rows = training.learnable(rows)
    extra = list(test or ())
    with err.status(_("正在找重复的文本")):
        group = splitting.groups([e.message.text for e in (*rows, *extra)])
    keys = [e.key for e in (*rows, *extra)]
    if extra:
        copied = set(group[len(rows) :])
        kept = [i for i in range(len(rows)) if group[i] not in copied]
        return [_one(_("另一表格"), [rows[i] for i in kept], [group[i] for i in kept], extra)]
    found = []
    parts = splitting.folds(keys, group, 5) if rotate else None
    for turn in range(5 if rotate else 1):
        out_ = list(parts == turn) if parts is not None else splitting.held_out(keys, group, share)
        taught = [i for i, held in enumerate(out_) if not held]
        name = _("第 %(turn)s 份") % {"turn": turn + 1} if rotate else _("留出")
        found.append(_one(name, [rows[i] for i in taught], [group[i] for i in taught],
                          [rows[i] for i, held in enumerate(out_) if held]))  # fmt: skip
    return found


def _one(name: str, taught: Sequence[Example], group: Sequence[int], held: Sequence[Example]) -> dict[str, Any]:
    """Return the figures of one split: at the cut that gave 95 per cent precision on rows held out in training."""
    import numpy as np  # noqa: PLC0415  slow to import

    from linli.engines.judgement.rules import category as trained  # noqa: PLC0415  needs Django
    from linli.engines.judgement.rules import category_training as training  # noqa: PLC0415
    from linli.engines.judgement.services.category import figures  # noqa: PLC0415

    with err.status(_("正在学习")):
        seconds = time.perf_counter()
        model, odds = training.train(taught, group)
        seconds = time.perf_counter() - seconds
    truth = np.array([e.label for e in taught])
    cut = training.cut_for(odds.max(axis=1), np.array(model.labels)[odds.argmax(axis=1)] == truth, 0.95)
    content = trained.dump(model)
    model = trained.load(content, trained.digest(content))
    begun = time.perf_counter()
    told = model.probabilities([e.message for e in held])
    speed = len(held) / max(time.perf_counter() - begun, 1e-9)
    report: Report = training.measure(told, model.labels, [e.label for e in held], cut)
    return {
        "name": name, "taught": len(taught), "seconds": round(seconds, 1), "per_second": round(speed),
        "bytes": len(content), **figures(report),
    }  # fmt: skip


_Row = tuple[str, Callable[[dict[str, Any]], str]]


def _show(found: Sequence[dict[str, Any]]) -> None:
    lines: list[_Row] = [
        (_("学习件数"), lambda f: str(f["taught"])), (_("检验件数"), lambda f: str(f["count"])),
        (_("宏平均 F1"), lambda f: f"{f['macro_f1']:.4f}"), (_("准确率"), lambda f: f"{f['accuracy']:.4f}"),
        (_("校准误差"), lambda f: f"{f['error']:.4f}"), (_("判定门槛"), lambda f: f"{f['threshold']:.3f}"),
        (_("判定比例"), lambda f: f"{f['coverage']:.4f}"),
        (_("判定准确率"), lambda f: "—" if f["precision"] is None else f"{f['precision']:.4f}"),
        (_("学习秒数"), lambda f: str(f["seconds"])), (_("每秒件数"), lambda f: str(f["per_second"])),
        (_("版本字节"), lambda f: str(f["bytes"])),
    ]  # fmt: skip
    table = Table("", *(f["name"] for f in found))
    for title, value in lines:
        table.add_row(title, *(value(f) for f in found))
    out.print(table)
    labels = Table(_("分类"), _("件数"), _("精确率"), _("召回率"), "F1", title=found[0]["name"])
    for label, (count, precision, recall, f1) in found[0]["labels"].items():
        labels.add_row(label, str(count), f"{precision:.3f}", f"{recall:.3f}", f"{f1:.3f}")
    out.print(labels)
    wrong = Table(_("应为"), _("说成"), _("件数"))
    for true, said, count in found[0]["wrong"][:SHOWN]:
        wrong.add_row(true, said, str(count))
    out.print(wrong)


def register(app: typer.Typer) -> None:
    """Add ``linli classify``."""
    app.add_typer(classify_app, name="classify")
