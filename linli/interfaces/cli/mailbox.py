"""``linli mailbox``: which mailboxes there are, whether they can be reached, and a look into them now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from linli.interfaces.cli import set_up
from linli.interfaces.cli.set_up import ExitCode, fail, out
from linli.interfaces.cli.words import gettext as _

if TYPE_CHECKING:
    from linli.engines.mailbox.models import Mailbox

Namespace = Annotated[str | None, typer.Option("--namespace", "-n", help=_("空间名，即哪个街道的数据"))]
Name = Annotated[str, typer.Argument(help=_("收件邮箱的名称"))]

mailbox_app = typer.Typer(help=_("收件邮箱：列出、试连、收取"), no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(mailbox_app, name="mailbox")


def _all() -> list[Mailbox]:
    from linli.engines.mailbox import selectors  # noqa: PLC0415  needs Django
    from linli.foundation.core.actors import SYSTEM  # noqa: PLC0415

    return selectors.mailboxes(SYSTEM)


def _named(name: str) -> Mailbox:
    found = next((row for row in _all() if row.name == name), None)
    if found is None:
        fail(_("没有名为“%(name)s”的收件邮箱。") % {"name": name}, code=ExitCode.USAGE)
    return found


@mailbox_app.command("list", help=_("列出收件邮箱和状态"))
def listing(namespace: Namespace = None) -> None:
    """Print the mailboxes."""
    set_up.start(namespace)
    table = Table(_("邮箱"), _("地址"), _("服务器"), _("状态"))
    for row in _all():
        state = _("停用") if not row.active else row.trouble or (_("正常") if row.fine_at else _("等待首次收取"))
        table.add_row(row.name, row.address, f"{row.host}:{row.port}", state)
    out.print(table)


@mailbox_app.command("try", help=_("试连一个收件邮箱，不下载邮件；连不上时退出码为 1"))
def attempt(name: Name, namespace: Namespace = None) -> None:
    """Try the connection and print each step."""
    set_up.start(namespace)
    from linli.engines.mailbox import services  # noqa: PLC0415  needs Django
    from linli.foundation.core.actors import SYSTEM  # noqa: PLC0415

    trial = services.try_connection(by=SYSTEM, mailbox=_named(name))
    for step in trial.steps:
        out.print(f"{'✓' if step.ok else '✗'} {step.label} {step.said}".rstrip())
    if not trial.ok:
        raise typer.Exit(ExitCode.PROBLEM)


@mailbox_app.command("look", help=_("现在收取一个收件邮箱；收不到时退出码为 1"))
def look(name: Name, namespace: Namespace = None) -> None:
    """Take what is new."""
    set_up.start(namespace)
    from linli.engines.mailbox import services  # noqa: PLC0415  needs Django
    from linli.foundation.core import clock  # noqa: PLC0415

    found = services.look(now=clock.now(), mailbox_id=_named(name).pk)
    if found.trouble:
        fail(found.trouble)
    out.print(_("收取 %(taken)s 封，已收过的 %(seen)s 封。") % {"taken": found.taken, "seen": found.seen_before})
    if found.more:
        out.print(_("还有来信，请再收一次。"))
