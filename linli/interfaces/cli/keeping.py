"""Adds ``linli backup``, ``restore`` and ``verify``: they need Django, which their modules import, so only when run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linli.interfaces.cli import set_up
from linli.interfaces.cli.words import gettext as _

Namespaces = Annotated[list[str] | None, typer.Option("--namespace", "-n", help=_("只处理这些空间"))]
Passphrase = Annotated[
    Path | None, typer.Option("--passphrase-file", help=_("用文件中的口令加密或解密密钥"), exists=True)
]


def backup(
    target: Annotated[Path, typer.Argument(help=_("备份文件（.zip）"))],
    keys: Annotated[Path, typer.Option(help=_("密钥文件，请另外保管"))],
    namespace: Namespaces = None,
    passphrase_file: Passphrase = None,
) -> None:
    """Back up database, files and registry; the keys apart."""
    set_up.start()
    from linli.interfaces.cli.backup import backup_command  # noqa: PLC0415  needs Django

    backup_command(target, keys, namespace, passphrase_file)


def restore(
    archive: Annotated[Path, typer.Argument(help=_("备份文件"), exists=True)],
    keys: Annotated[Path | None, typer.Option(help=_("密钥文件"), exists=True)] = None,
    passphrase_file: Passphrase = None,
    replace: Annotated[bool, typer.Option("--replace", help=_("覆盖已有的空间"))] = False,
) -> None:
    """Restore a backup: checked first, and all or nothing."""
    set_up.start()
    from linli.interfaces.cli.backup import restore_command  # noqa: PLC0415  needs Django

    restore_command(archive, keys, passphrase_file, replace)


def verify(
    namespace: Namespaces = None,
    days: Annotated[list[Path] | None, typer.Option("--days", help=_("另存的每日签名"), exists=True)] = None,
) -> None:
    """Check the journal."""
    set_up.start()
    from linli.interfaces.cli.verify import verify_command  # noqa: PLC0415  needs Django

    verify_command(namespace, days)


def register(app: typer.Typer) -> None:
    """Add the three commands."""
    app.command("backup", help=_("备份数据库、文件与登记，密钥另存一份"))(backup)
    app.command("restore", help=_("恢复备份：先核对，全部成功才生效"))(restore)
    app.command("verify", help=_("核对日志是否被改动；有问题时退出码为 1"))(verify)
