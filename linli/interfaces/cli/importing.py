"""``linli import messages``, ``hotline``: reports from sheets; ``linli import article``: what a text says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from linli.interfaces.cli import set_up
from linli.interfaces.cli.set_up import err, fail, out
from linli.interfaces.cli.words import gettext as _

File = Annotated[Path, typer.Argument(help=_("表格文件：.xlsx、.csv 或 .tsv"), exists=True, dir_okay=False)]
Map = Annotated[Path | None, typer.Option("--map", help=_("布局文件（TOML）：[columns] 字段 = 表头"), exists=True)]
DryRun = Annotated[bool, typer.Option("--dry-run", help=_("只检查，不写入"))]
Errors = Annotated[Path | None, typer.Option("--errors", help=_("把没有导入的行写到这个 xlsx，修改后可再导入"))]
ToOther = Annotated[bool, typer.Option("--unknown-to-other", help=_("不认识的分类归入“其他”"))]
Namespace = Annotated[str | None, typer.Option("--namespace", "-n", help=_("空间名，即哪个街道的数据"))]
import_app = typer.Typer(help=_("导入诉求表格和文件"), no_args_is_help=True)


@import_app.command("messages", help=_("导入网络留言"))
def messages(
    file: File,
    layout: Map = None,
    dry_run: DryRun = False,
    errors: Errors = None,
    unknown_to_other: ToOther = False,
    namespace: Namespace = None,
) -> None:
    """Take a sheet of messages in; safe to run again."""
    _import("messages", file, layout, errors, namespace, dry_run=dry_run, to_other=unknown_to_other)


@import_app.command("hotline", help=_("导入 12345 工单"))
def hotline(
    file: File,
    layout: Map = None,
    dry_run: DryRun = False,
    errors: Errors = None,
    unknown_to_other: ToOther = False,
    namespace: Namespace = None,
) -> None:
    """Take a sheet of 12345 work orders in, each once by its number."""
    _import("hotline", file, layout, errors, namespace, dry_run=dry_run, to_other=unknown_to_other)


@import_app.command("article", help=_("导入文章、纪要、政策或方案，识读其中的要求"))
def article(
    file: Annotated[Path, typer.Argument(help=_("文件：.txt、.docx 或 .pdf"), exists=True, dir_okay=False)],
    kind: Annotated[str, typer.Option("--kind", help=_("种类：page、minutes、policy 或 plan"))] = "page",
    title: Annotated[str, typer.Option("--title", help=_("标题；不写时取文中的第一个标题"))] = "",
    anyway: Annotated[bool, typer.Option("--anyway", help=_("广告、外文等也导入"))] = False,
    namespace: Namespace = None,
) -> None:
    """Take a text in and show what was read; a person confirms it on the page."""
    set_up.start(namespace)
    from linli.interfaces.cli.articles import take  # noqa: PLC0415  needs Django

    take(file, kind=kind, title=title, anyway=anyway)


def _import(
    kind: str,
    file: Path,
    own: Path | None,
    errors: Path | None,
    namespace: str | None,
    *,
    dry_run: bool,
    to_other: bool,
) -> None:
    set_up.start(namespace)
    from linli.engines.cases.services import importing  # noqa: PLC0415  needs Django
    from linli.foundation.core import clock  # noqa: PLC0415
    from linli.foundation.core.actors import SYSTEM  # noqa: PLC0415
    from linli.foundation.core.errors import DomainError  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    try:
        layout = importing.layout(kind)
        if own is not None:
            layout = importing.read_layout(own, layout)
        sheet = importing.open_sheet(file.read_bytes(), file.name)
        mapping = importing.guess(sheet.headers, layout)
        with _catalogue(dry_run=dry_run), Progress(*columns, console=err, transient=True) as bar:
            task = bar.add_task(_("正在导入"))
            result = importing.import_rows(
                by=SYSTEM,
                now=clock.now(),
                layout=layout,
                rows=sheet.rows,
                mapping=mapping,
                unknown_to_other=to_other,
                dry_run=dry_run,
                progress=lambda done: bar.update(task, description=_("已读 %(count)s 行") % {"count": done}),
            )
    except DomainError as error:
        fail(error.message, hint=error.hint)
    if errors is not None and result.refused:
        errors.write_bytes(importing.write_refused(result.refused, sheet.headers, mapping))
    _say(result, errors)
    if result.refused:
        raise typer.Exit(int(set_up.ExitCode.PROBLEM))


@contextmanager
def _catalogue(*, dry_run: bool) -> Iterator[None]:
    """Where the namespace has no categories yet, enter those that come with Linli; for a dry run take them back."""
    from django.db import transaction  # noqa: PLC0415  needs Django

    from linli.engines.cases import selectors, services  # noqa: PLC0415
    from linli.engines.cases.selectors import catalogue  # noqa: PLC0415
    from linli.foundation.core import clock  # noqa: PLC0415
    from linli.foundation.core.actors import SYSTEM  # noqa: PLC0415
    from linli.foundation.rulebook import services as rulebook  # noqa: PLC0415

    if selectors.categories():
        yield
        return
    with transaction.atomic() if dry_run else nullcontext():
        rulebook.load_shipped(by=SYSTEM, now=clock.now())
        services.load_shipped(by=SYSTEM, now=clock.now())
        catalogue.forget()
        err.print(_("这个空间还没有分类，按 Linli 自带的分类、派遣规则和规则库办理。"))
        yield
        if dry_run:
            transaction.set_rollback(True)
    catalogue.forget()


def _say(result: Any, errors: Path | None) -> None:
    text = (
        _("可导入 %(taken)s 行，已有 %(seen)s 行，需修改 %(refused)s 行。")
        if result.dry_run
        else _("导入 %(taken)s 行，已有 %(seen)s 行，需修改 %(refused)s 行。")
    )
    out.print(text % {"taken": result.taken, "seen": result.seen, "refused": len(result.refused)})
    if result.taken:
        out.print(
            _("其中 %(placed)s 行读出了地点，%(other)s 行分不出类别，由派单员分类。")
            % {"placed": result.placed, "other": result.categories.get("other", 0)}
        )
    for change in result.changed[:20]:
        words = {
            "number": change.number,
            "case": change.case_number,
            "what": change.what,
            "before": change.before,
            "after": change.after,
        }
        out.print(_("工单 %(number)s（%(case)s）的%(what)s有变化：%(before)s → %(after)s") % words, markup=False)
    for row in result.refused[:10]:
        out.print(
            _("第 %(line)s 行：%(why)s") % {"line": row.line, "why": " ".join(row.reasons.values())}, markup=False
        )
    if result.refused:
        hint = (
            _("没有导入的行已写入 %(file)s，修改后可再导入。") % {"file": errors}
            if errors
            else _("加 --errors 文件名.xlsx 可得到待修改的表格。")
        )
        out.print(hint, markup=False)


def register(app: typer.Typer) -> None:
    """Add ``linli import``."""
    app.add_typer(import_app, name="import")
