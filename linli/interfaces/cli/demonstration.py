"""Loads the demonstration subdistrict and says who can log in to it."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from linli.interfaces.cli.set_up import ExitCode, accounts, err, fail, out
from linli.interfaces.cli.words import gettext as _

_MODULE = "linli.interfaces.cli.demo.load"


def _module() -> ModuleType | None:
    try:
        return importlib.import_module(_MODULE)
    except ModuleNotFoundError as error:
        if error.name and _MODULE.startswith(error.name):
            return None
        raise


def towns(chosen: str, default: str, *, own: bool) -> list[tuple[str, str, str]]:
    """Return which subdistricts to load: (key, name, namespace) each.

    Args:
        chosen: a key, or ``all``.
        default: the namespace of this installation, where the first of them goes.
        own: whether the namespace was named by whoever called: then a single one goes there.
    """
    from linli.interfaces.cli.demo.scenes import HUAYANG, SCENES  # noqa: PLC0415  needs Django

    if chosen != "all" and chosen not in SCENES:
        fail(
            _("没有这个演示街道：%(name)s") % {"name": chosen},
            hint=_("可选：%(names)s") % {"names": "、".join([*SCENES, "all"])},
            code=ExitCode.USAGE,
        )
    keys = list(SCENES) if chosen == "all" else [chosen]
    here = own and len(keys) == 1
    return [(k, SCENES[k].name, default if here or SCENES[k] is HUAYANG else SCENES[k].key) for k in keys]


def print_towns(port: int) -> None:
    """Print where the other subdistricts of the demonstration are, if they were loaded."""
    from linli.foundation.core.middleware import registry  # noqa: PLC0415  needs Django
    from linli.interfaces.cli.demo.scenes import HUAYANG, SCENES  # noqa: PLC0415  needs Django

    known = {n.name for n in registry().all()}
    for scene in SCENES.values():
        if scene is not HUAYANG and scene.key in known:
            out.print(f"{scene.name}  http://{scene.key}.localhost:{port}")


def load(name: str, town: str = "huayang") -> None:
    """Load the demonstration ``town`` into the namespace ``name``, unless it is there already.

    The loader offers ``is_loaded() -> bool``, ``load(progress) -> None``, where ``progress(done, total, what)``
    may be called as often as wanted, and ``ACCOUNTS``: (role, user name, password, address) of each role.
    """
    from linli.foundation.core import namespaces  # noqa: PLC0415  needs Django
    from linli.interfaces.cli.demo.scenes import HUAYANG, SCENES  # noqa: PLC0415  needs Django

    loader, scene = _module(), SCENES[town]
    if loader is None:
        return
    with namespaces.use(name):
        if not loader.is_loaded():
            _load(loader, scene.name, scene, small=scene is not HUAYANG)


def _load(loader: ModuleType, name: str, scene: Any, *, small: bool) -> None:
    err.print(_("正在装入演示街道……"))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(name, total=None)

        def progress(done: int, total: int | None = None, what: str = "") -> None:
            bar.update(task, completed=done, total=total, description=what or name)

        loader.load(progress, scene=scene, small=small)


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
