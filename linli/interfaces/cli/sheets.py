"""``linli import sheet``, ``linli import undo`` and ``linli export sheet``: what the console's pages of sheets do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, NoReturn
from uuid import UUID

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from linli.interfaces.cli import set_up
from linli.interfaces.cli.importing import import_app
from linli.interfaces.cli.set_up import ExitCode, err, fail, out
from linli.interfaces.cli.words import gettext as _

Kind = Annotated[
    str, typer.Argument(help=_("内容：areas、places、venues、units、posts、people、categories、rules、routing"))
]
File = Annotated[Path, typer.Argument(help=_("表格文件：.xlsx、.csv 或 .tsv"), exists=True, dir_okay=False)]
Target = Annotated[Path, typer.Argument(help=_("写到这个 .xlsx 文件"), dir_okay=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help=_("只检查，不写入"))]
Errors = Annotated[Path | None, typer.Option("--errors", help=_("把没有导入的行写到这个 xlsx，修改后可再导入"))]
Template = Annotated[bool, typer.Option("--template", help=_("只写空白模板"))]
Reason = Annotated[str, typer.Option(help=_("原因，记入日志"))]
Namespace = Annotated[str | None, typer.Option("--namespace", "-n", help=_("空间名，即哪个街道的数据"))]
export_app = typer.Typer(help=_("导出表格"), no_args_is_help=True)
SHOWN = 10


def _unknown(kind: str) -> NoReturn:
    from linli.foundation.sheets.types import KINDS  # noqa: PLC0415  needs Django

    names = "、".join(f"{k.code}（{k.title}）" for k in sorted(KINDS.values(), key=lambda k: k.order))
    fail(_("没有“%(kind)s”这种表格。") % {"kind": kind}, hint=names, code=ExitCode.USAGE)


class _Bar:
    """A bar for the steps of an import; each step begins anew."""

    def __init__(self, bar: Progress) -> None:
        self.bar = bar
        self.task = bar.add_task("", total=None)

    def begin(self, text: str) -> None:
        self.bar.reset(self.task, description=text, total=None)

    def __call__(self, done: int, total: int) -> None:
        self.bar.update(self.task, completed=done, total=total)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err, transient=True)


@import_app.command("sheet", help=_("导入单位、人员、区域等表格；可撤销"))
def import_sheet(
    kind: Kind, file: File, dry_run: DryRun = False, errors: Errors = None, namespace: Namespace = None
) -> None:
    """Import a sheet of a kind; 1 where rows were refused."""
    set_up.start(namespace)
    from linli.foundation.core import clock  # noqa: PLC0415  needs Django
    from linli.foundation.core.actors import SYSTEM  # noqa: PLC0415
    from linli.foundation.core.errors import DomainError  # noqa: PLC0415
    from linli.foundation.sheets import services  # noqa: PLC0415
    from linli.foundation.sheets.types import KINDS  # noqa: PLC0415

    if kind not in KINDS:
        _unknown(kind)
    now = clock.now()
    try:
        with _progress() as bar:
            tell = _Bar(bar)
            tell.begin(_("正在读取"))
            batch = services.upload(by=SYSTEM, now=now, kind=kind, name=file.name, content=file.read_bytes())
            services.check(by=SYSTEM, now=now, uuid=batch.uuid)
            tell.begin(_("正在检查"))
            batch = services.run(uuid=batch.uuid, now=now, progress=tell)
            if not dry_run and batch.created + batch.changed:
                services.apply(by=SYSTEM, now=now, uuid=batch.uuid)
                tell.begin(_("正在导入"))
                batch = services.run(uuid=batch.uuid, now=now, progress=tell)
    except DomainError as error:
        fail(error.message, hint=error.hint)
    _say(batch, errors, dry_run=dry_run)
    if batch.state != "applied":
        services.drop(by=SYSTEM, now=now, uuid=batch.uuid)
    if batch.refused:
        raise typer.Exit(int(ExitCode.PROBLEM))


def _say(batch: Any, errors: Path | None, *, dry_run: bool) -> None:
    from linli.foundation.core.actors import SYSTEM  # noqa: PLC0415  needs Django
    from linli.foundation.sheets import selectors, services  # noqa: PLC0415
    from linli.foundation.sheets.types import KINDS  # noqa: PLC0415

    text = (
        _("可新增 %(new)s 行，修改 %(changed)s 行，不变 %(same)s 行，有错 %(bad)s 行。")
        if dry_run
        else _("新增 %(new)s 行，修改 %(changed)s 行，不变 %(same)s 行，有错 %(bad)s 行。")
    )
    out.print(text % {"new": batch.created, "changed": batch.changed, "same": batch.same, "bad": batch.refused})
    for note in batch.notes:
        out.print(note, markup=False)
    headers = {c.name: str(c.header) for c in KINDS[batch.kind].columns}
    for line, reasons in selectors.faults(batch)[:SHOWN]:
        why = " ".join(f"{headers[n]}：{r}" if n in headers else r for n, r in reasons.items())
        out.print(_("第 %(line)s 行：%(why)s") % {"line": line, "why": why}, markup=False)
    if batch.refused and errors is not None:
        errors.write_bytes(services.refused_sheet(SYSTEM, batch))
        out.print(_("没有导入的行已写入 %(file)s，修改后可再导入。") % {"file": errors}, markup=False)
    elif batch.refused:
        out.print(_("加 --errors 文件名.xlsx 可得到待修改的表格。"), markup=False)
    if batch.state == "applied":
        out.print(_("撤销：linli import undo %(uuid)s") % {"uuid": batch.uuid}, markup=False)


@import_app.command("undo", help=_("撤销一次表格导入；已经用起来的不能撤销，会列出原因"))
def import_undo(
    uuid: Annotated[str, typer.Argument(help=_("导入时显示的编号"))], reason: Reason = "", namespace: Namespace = None
) -> None:
    """Take an import back, whole or not at all; 1 where something stands in the way."""
    set_up.start(namespace)
    from linli.foundation.core import clock  # noqa: PLC0415  needs Django
    from linli.foundation.core.actors import SYSTEM  # noqa: PLC0415
    from linli.foundation.core.errors import DomainError  # noqa: PLC0415
    from linli.foundation.sheets import selectors, services  # noqa: PLC0415

    now = clock.now()
    try:
        batch = services.undo(by=SYSTEM, now=now, uuid=UUID(uuid), reason=reason)
        batch = services.run(uuid=batch.uuid, now=now)
    except ValueError:
        fail(_("“%(uuid)s”不是导入的编号。") % {"uuid": uuid}, code=ExitCode.USAGE)
    except DomainError as error:
        fail(error.message, hint=error.hint)
    if batch.state == "undone":
        out.print(_("已撤销，全部恢复原样。"))
        return
    trouble = selectors.trouble(batch)
    for label, text in trouble["hangs"]:
        out.print(f"{label}：{text}" if label else text, markup=False)
    fail(_("不能撤销，没有改动任何内容：有 %(count)s 处在用或后来又有改动。") % {"count": trouble["count"]})


@export_app.command("sheet", help=_("导出表格，可修改后再导入"))
def export_sheet(kind: Kind, file: Target, template: Template = False, namespace: Namespace = None) -> None:
    """Write what is there, or the empty template."""
    set_up.start(namespace)
    from linli.foundation.core import clock  # noqa: PLC0415  needs Django
    from linli.foundation.core.actors import SYSTEM  # noqa: PLC0415
    from linli.foundation.sheets import services  # noqa: PLC0415
    from linli.foundation.sheets.types import KINDS  # noqa: PLC0415

    if kind not in KINDS:
        _unknown(kind)
    content = services.template(SYSTEM, kind) if template else services.export(by=SYSTEM, now=clock.now(), code=kind)
    try:
        file.write_bytes(content)
    except OSError as error:
        fail(_("不能写入 %(file)s：%(error)s") % {"file": file, "error": error.strerror})
    out.print(_("已写入 %(file)s。") % {"file": file}, markup=False)


def register(app: typer.Typer) -> None:
    """Add ``linli export``; the commands of ``linli import`` stand in its group."""
    app.add_typer(export_app, name="export")
