"""``linli verify``: has anybody touched the journal?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from linli.foundation.core import namespaces
from linli.foundation.jobs.worker import known_namespaces
from linli.foundation.journal import services
from linli.foundation.journal.types import Fault, Problem, Report


def describe(problem: Problem) -> str:
    """Return what is wrong, for a person."""
    values = {
        "seal": problem.seal,
        "entry": problem.entry or "?",
        "day": problem.day or "?",
        "detail": problem.detail,
    }
    texts = {
        Fault.ALTERED: _("第 %(seal)s 号封存中的记录 %(entry)s 被改动。"),
        Fault.REMOVED: _("第 %(seal)s 号封存中的记录 %(entry)s 被删除。"),
        Fault.INSERTED: _("第 %(seal)s 号封存中混入了记录 %(entry)s。"),
        Fault.SEAL_ALTERED: _("第 %(seal)s 号封存本身被改动。"),
        Fault.SEAL_REMOVED: _("第 %(seal)s 号封存被删除。"),
        Fault.DAY_FILE: _("每日封存文件被改动、删除或不是本机签名：%(detail)s"),
        Fault.DAY_MISMATCH: _("%(day)s 的签名文件与第 %(seal)s 号封存不符；从记录 %(entry)s 起都可疑。"),
    }
    return texts[problem.fault] % values


def show(name: str, report: Report) -> None:
    """Print what was found in one namespace."""
    typer.echo(
        _("%(name)s：%(entries)s 条记录，%(seals)s 次封存，%(days)s 份每日签名，%(unsealed)s 条待封存。")
        % {
            "name": name,
            "entries": report.entries,
            "seals": report.seals,
            "days": report.days,
            "unsealed": report.unsealed,
        }
    )
    typer.echo(describe(report.problem) if report.problem else _("核对无误。"), err=not report.ok)


def verify_command(
    namespace: Annotated[list[str] | None, typer.Option(help="只核对这些空间 / only these namespaces")] = None,
    days: Annotated[
        list[Path] | None, typer.Option(help="另存的每日签名 / day files kept elsewhere", exists=True)
    ] = None,
) -> None:
    """核对日志是否被改动；有问题时退出码为 1。 / Check the journal; exit code 1 if it was touched."""
    ok = True
    for name in namespace or known_namespaces():
        with namespaces.use(name):
            report = services.verify(days=days or ())
        show(name, report)
        ok = ok and report.ok
    if not ok:
        raise typer.Exit(1)
