"""``linli figures``: count again all that figures are made of."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from linli.interfaces.cli import set_up
from linli.interfaces.cli.set_up import ExitCode, fail, out
from linli.interfaces.cli.words import gettext as _

figures_app = typer.Typer(help=_("指标"), no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(figures_app, name="figures")


@figures_app.callback()
def figures() -> None:
    """Group the commands."""


@figures_app.command("rebuild", help=_("按案件历史重新统计全部指标；以前留存的当日所示不变"))
def rebuild(
    namespace: Annotated[str | None, typer.Option("--namespace", "-n", help=_("空间名，即哪个街道的数据"))] = None,
    readings_since: Annotated[str, typer.Option(help=_("从这一天（YYYY-MM-DD）起，把没有留存的当日所示补上"))] = "",
) -> None:
    """Throw away what is kept and count it again."""
    set_up.start(namespace)
    from linli.engines.indicators import services  # noqa: PLC0415  needs Django
    from linli.foundation.core import clock  # noqa: PLC0415

    since = None
    if readings_since:
        try:
            since = datetime.strptime(readings_since, "%Y-%m-%d").date()  # noqa: DTZ007  a day
        except ValueError:
            fail(_("日期请写作 YYYY-MM-DD。"), code=ExitCode.USAGE)
    done = services.rebuild(now=clock.now(), readings_since=since)
    out.print(_("已重新统计 %(count)s 件。") % {"count": done})
