"""Starts Django for a command, and finds the parts of the product that a command needs."""

from __future__ import annotations

import importlib
import os
from enum import IntEnum
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import typer
from rich.console import Console

from linli.interfaces.cli.words import gettext as _
from linli.interfaces.cli.words import language

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


class ExitCode(IntEnum):
    """What the program ends with."""

    OK = 0
    PROBLEM = 1
    USAGE = 2


def fail(message: str, *, hint: str = "", code: ExitCode = ExitCode.PROBLEM) -> NoReturn:
    """Say what is wrong and what to do about it, and end the program."""
    err.print(f"[bold red]✗[/] {message}")
    if hint:
        err.print(f"  {hint}")
    raise typer.Exit(int(code))


def data_folder() -> Path:
    """Return the data folder: ``LINLI_DATA``, ``var/`` in a checkout, ``linli-data/`` here for an installed wheel."""
    if given := os.environ.get("LINLI_DATA"):
        return Path(given).resolve()
    checkout = Path(__file__).resolve().parents[3]
    return checkout / "var" if (checkout / "pyproject.toml").exists() else Path.cwd() / "linli-data"


def start(namespace: str | None = None) -> str:
    """Start Django, in the language of the terminal, on ``namespace`` (the default one if None); return its name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    os.environ.setdefault("LINLI_DATA", str(data_folder()))
    import django  # noqa: PLC0415  only now: settings read the environment
    from django.apps import apps  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
    from django.utils import translation  # noqa: PLC0415

    from linli.foundation.core import namespaces  # noqa: PLC0415

    try:
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing
        if not apps.ready:
            django.setup()
        name = namespaces.check_name(namespace or settings.NAMESPACE_DEFAULT)
    except ImproperlyConfigured as error:
        fail(str(error), code=ExitCode.USAGE)
    except namespaces.BadNamespaceError:
        fail(
            _("“%(name)s”不能用作空间名。") % {"name": namespace},
            hint=_("请用小写字母开头，只含小写字母、数字和下划线。"),
            code=ExitCode.USAGE,
        )
    translation.activate(language())
    namespaces.set_process_default(name)
    return name


def part(module: str) -> ModuleType:
    """Return a part of the product by its module name; end the program where this installation lacks it."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name and module.startswith(error.name):
            fail(_("本版本还没有这项功能。"), hint=module)
        raise


def accounts() -> Any:
    """Return the manager of the accounts in the namespace in force."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415  after start()

    return get_user_model()._default_manager


def namespaces_known() -> list[str]:
    """Return the default namespace and every one in the registry."""
    from django.conf import settings  # noqa: PLC0415  after start()

    from linli.foundation.core.middleware import registry  # noqa: PLC0415

    return sorted({settings.NAMESPACE_DEFAULT, *(n.name for n in registry().all())})
