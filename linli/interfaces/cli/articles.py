"""What ``linli import article`` does: take a text in, and say what was read in it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import DomainError
from linli.interfaces.cli import set_up
from linli.interfaces.cli.set_up import err, fail, out
from linli.interfaces.cli.words import gettext as _
from linli.programmes.documents import selectors, services
from linli.programmes.documents.workflow import KIND_NAMES, DocumentState


def flag_names() -> dict[str, str]:
    """Return what cleaning noted, in words."""
    return {
        "hard_wrap": _("硬换行"),
        "pinyin": _("夹注拼音"),
        "traditional": _("繁体字"),
        "broken": _("残缺，读不通"),
        "doubled": _("疑似重字"),
        "half_width": _("半角标点"),
        "by_line": _("署名"),
        "continuation": _("上接下转"),
        "advert": _("广告"),
        "foreign": _("外文"),
    }


def take(file: Path, *, kind: str, title: str, anyway: bool) -> None:
    """Import ``file``; exit 1 with the reason where it cannot be taken."""
    new = services.NewDocument(kind=kind, content=file.read_bytes(), name=file.name, title=title, anyway=anyway)
    try:
        document = services.import_document(by=SYSTEM, now=clock.now(), new=new)
        if document.state == DocumentState.READING:
            _read_on(document)
    except services.AlreadyImportedError as error:
        out.print(error.message, markup=False)
        raise typer.Exit(int(set_up.ExitCode.PROBLEM)) from error
    except DomainError as error:
        fail(_message(error), hint=_("确实需要留存时，请加上 --anyway。") if "anyway" in error.fields else error.hint)
    if document.state == DocumentState.FAILED:
        fail(document.trouble)
    _say(document)


def _message(error: DomainError) -> str:
    details = [m for messages in error.fields.values() for m in messages]
    return error.message if not details or error.hint else f"{error.message} {' '.join(details)}"


def _read_on(document: Any) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(_("识读各页"), total=document.pages)
        while services.read_pages(document, clock.now()):
            bar.update(task, completed=document.pages_read)
    document.refresh_from_db()


def _say(document: Any) -> None:
    out.print(_("已导入：%(title)s") % {"title": document.title}, markup=False)
    articles = selectors.articles_of(document)
    table = Table(_("文章"), _("来源部门"), _("把握"))
    for row in articles:
        table.add_row(row.title or "—", row.source_name or "—", str(row.confidence))
    out.print(table)
    counts = selectors.kind_counts(document)
    kinds = Table(_("识读结果"), _("条数"))
    for code, name in KIND_NAMES.items():
        if code.value in counts:
            kinds.add_row(str(name), str(counts[code.value]["all"]))
    out.print(kinds)
    flags = Counter(f[0] for f in selectors.text_of(document).flags)
    if flags:
        names = flag_names()
        noted = "、".join(f"{names.get(code, code)} {count}" for code, count in flags.most_common())
        out.print(_("清洗时标记：%(flags)s") % {"flags": noted}, markup=False)
    out.print(
        _("请在“文件”页面核对段落顺序和识读结果：/desk/documents/%(uuid)s/") % {"uuid": document.uuid}, markup=False
    )
