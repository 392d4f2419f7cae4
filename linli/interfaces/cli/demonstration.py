"""Loads the demonstration subdistrict and says who can log in to it."""

from __future__ import annotations

import importlib
from types import ModuleType

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from linli.interfaces.cli.set_up import accounts, err, out
from linli.interfaces.cli.words import gettext as _

_MODULE = "linli.interfaces.cli.demo.load"


def _module() -> ModuleType | None:
    try:
        return importlib.import_module(_MODULE)
    except ModuleNotFoundError as error:
        if error.name and _MODULE.startswith(error.name):
            return None
        raise


def load(name: str) -> None:
    """Load the demonstration into the namespace ``name``, unless it is there already.

    The loader offers ``is_loaded() -> bool``, ``load(progress) -> None``, where ``progress(done, total, what)``
    may be called as often as wanted, and ``ACCOUNTS``: (role, user name, password, address) of each role.
    """
    loader = _module()
    if loader is None or loader.is_loaded():
        return
    err.print(_("正在装入演示街道……"))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(name, total=None)

        def progress(done: int, total: int | None = None, what: str = "") -> None:
            bar.update(task, completed=done, total=total, description=what or name)

        loader.load(progress)


def print_accounts(base: str) -> None:
    """Print where to go and the demo account of every role."""
    out.print(f"\n[bold]{_('邻里')}[/]  {base}\n")
    known = getattr(_module(), "ACCOUNTS", None)
    if known is None:
        rows = accounts().filter(is_demo=True).order_by("username")[:100]
        known = [(str(user), user.get_username(), "", "/") for user in rows]
    if not known:
        out.print(_("本版本还没有演示数据。"))
        return
    table = Table(box=None, pad_edge=False)
    for title in (_("角色"), _("用户名"), _("密码"), _("地址")):
        table.add_column(title)
    for role, username, password, address in known:
        table.add_row(role, username, password, base + address)
    out.print(table)
