"""``linli backup`` and ``linli restore``."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext as _

import linli
from linli.foundation.core import clock, crypto, namespaces
from linli.foundation.core.errors import ConflictError, DomainError
from linli.foundation.core.middleware import registry
from linli.foundation.journal import services as journal
from linli.interfaces.cli.archive import BackupError, Reader, Writer, read_keys, write_keys
from linli.interfaces.cli.stores import Store, store, unknown_migrations

FORMAT = 1
FOLDERS = ("files", "seals")
NOTE = "last-backup.json"
Progress = Callable[[str, int, int], None]


def _quiet(_what: str, _done: int, _total: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Result:
    """What a backup holds or a restore brought back: namespace → table → rows."""

    rows: dict[str, dict[str, int]]
    parts: int


def backup(
    target: Path,
    *,
    now: datetime,
    names: Sequence[str] = (),
    keys: Path | None = None,
    passphrase: str = "",
    progress: Progress = _quiet,
) -> Result:
    """Write the namespaces ``names`` (all, if none are given) to ``target`` and the keys to ``keys``.

    Each namespace is as of one moment, while people go on working. Its files are read after
    its rows, so that every file a row names is there.
    """
    source = store()
    chosen = list(names) or [n for n in _known() if source.exists(n)]
    if missing := [n for n in chosen if not source.exists(n)]:
        raise BackupError(_("没有这个空间：%(name)s") % {"name": missing[0]}, code="backup.unknown")
    writer = Writer(target)
    try:
        facts: dict[str, Any] = {}
        for i, name in enumerate(chosen):
            progress(name, i, len(chosen))
            facts[name] = source.dump(name, writer)
            _add_folders(name, writer)
        writer.add("registry.json", [json.dumps(_registry(chosen), ensure_ascii=False).encode()])
        writer.finish(
            {
                "linli": linli.__version__, "format": FORMAT, "made_at": now.isoformat(), "engine": _engine(source),
                "keys": crypto.fingerprint(), "namespaces": facts,
            }
        )  # fmt: skip
    except BaseException:
        writer.abandon()
        raise
    if keys is not None:
        write_keys(keys, Path(settings.KEYS), passphrase)
    note_backup(now, names=chosen, with_keys=keys is not None)
    progress("", len(chosen), len(chosen))
    return Result({n: facts[n]["tables"] for n in chosen}, len(writer.hashes))


def note_backup(now: datetime, *, names: Sequence[str], with_keys: bool) -> None:
    """Note in the data folder when which namespace was backed up, and when which keys were: the doctor asks."""
    noted = last_backups()
    noted["namespaces"] = noted.get("namespaces", {}) | {name: now.isoformat() for name in names}
    if with_keys:
        noted["keys"] = {"at": now.isoformat(), "fingerprint": crypto.fingerprint()}
    path = Path(settings.DATA) / NOTE
    draft = path.with_suffix(f".{secrets.token_hex(4)}")
    draft.write_text(json.dumps(noted), encoding="utf8")
    draft.replace(path)


def last_backups() -> dict[str, Any]:
    """Return what :func:`note_backup` noted, empty where nothing was or it cannot be read."""
    try:
        found = json.loads((Path(settings.DATA) / NOTE).read_text(encoding="utf8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _engine(found: Store) -> str:
    return type(found).__name__.removesuffix("Store").lower()


def _known() -> list[str]:
    return sorted({n.name for n in registry().all()} | {settings.NAMESPACE_DEFAULT})


def _registry(names: Sequence[str]) -> dict[str, Any]:
    return {
        "namespaces": [[n.name, n.title, n.demo] for n in registry().all() if n.name in names],
        "hosts": [[host, name] for host, name in registry().hosts() if name in names],
    }


def _add_folders(name: str, writer: Writer) -> None:
    for folder in FOLDERS:
        root = Path(settings.DATA) / folder / name
        for path in sorted(root.rglob("*")):
            if path.is_file():
                try:
                    writer.add_file(f"{folder}/{name}/{path.relative_to(root).as_posix()}", path)
                except FileNotFoundError:  # deleted meanwhile, with its row
                    continue


def restore(
    archive: Path,
    *,
    keys: Path | None = None,
    passphrase: str = "",
    replace: bool = False,
    progress: Progress = _quiet,
) -> Result:
    """Bring back what ``archive`` holds into this installation.

    All of it is checked and loaded beside what is there, and takes its place at the end.

    Raises:
        BackupError: the archive is damaged, of another database or of a newer Linli, or the keys are not its own.
        ConflictError: there is something here already, and ``replace`` was not given.
    """
    reader = Reader(archive)
    target = store()
    _check_kind(reader, target)
    found = read_keys(keys, passphrase) if keys is not None else {}
    _check_keys(reader, found)
    names: dict[str, Any] = reader.manifest["namespaces"]
    if not replace and (registry().all() or any(target.exists(n) for n in names)):
        raise ConflictError(
            _("这里已有数据。"), code="backup.not_empty", hint=_("请恢复到空的安装，或加上 --replace 覆盖同名的空间。")
        )
    fresh = {name: f"restoring_{secrets.token_hex(8)}" for name in names}
    beside = Path(settings.DATA) / f".restoring-{secrets.token_hex(8)}"
    try:
        for i, (name, facts) in enumerate(names.items()):
            progress(name, i, len(names))
            _load(name, fresh[name], reader, facts, target)
        for part in [p for f in FOLDERS for p in reader.below(f"{f}/")]:
            reader.extract(part, beside / part)
        target.swap(fresh)
        _place(list(names), beside, found)
        _enter(json.loads(b"".join(reader.chunks("registry.json"))))
    finally:
        for temporary in fresh.values():
            target.drop(temporary)
        shutil.rmtree(beside, ignore_errors=True)
    progress("", len(names), len(names))
    return Result({n: f["tables"] for n, f in names.items()}, len(reader.parts))


def _check_kind(reader: Reader, target: Store) -> None:
    engine = reader.manifest["engine"]
    if reader.manifest["format"] != FORMAT or engine != _engine(target):
        raise BackupError(
            _("这份备份来自 %(engine)s 数据库，不能恢复到这里。") % {"engine": engine},
            code="backup.engine",
            hint=_("请把 LINLI_DATABASE 设为同一种数据库。"),
        )
    for facts in reader.manifest["namespaces"].values():
        if unknown := unknown_migrations(facts):
            raise BackupError(
                _("这份备份来自更新的版本（%(version)s）：%(name)s")
                % {"version": reader.manifest["linli"], "name": unknown[0]},
                code="backup.newer",
                hint=_("请先升级 Linli。"),
            )


def _check_keys(reader: Reader, found: dict[str, bytes]) -> None:
    wanted = reader.manifest["keys"]
    if (crypto.fingerprint_of(found) if found else crypto.fingerprint()) != wanted:
        raise BackupError(
            _("密钥与这份备份不符，个人信息将无法解密。"),
            code="backup.keys",
            hint=_("请用 --keys 给出同时备份的密钥文件。"),
        )


def _load(name: str, into: str, reader: Reader, facts: dict[str, Any], target: Store) -> None:
    """Load one namespace, compare every table's rows, bring it up to date and check its journal."""
    target.load(name, into, reader, facts)
    counts = target.counts(into)
    if wrong := [t for t, n in facts["tables"].items() if counts.get(t) != n]:
        raise BackupError(_("恢复后的行数不符：%(table)s") % {"table": f"{name}.{wrong[0]}"}, code="backup.counts")
    with namespaces.use(into):
        call_command("migrate", interactive=False, verbosity=0)
        if (problem := journal.verify().problem) is not None:
            raise BackupError(
                _("备份中的日志没有通过核对：%(problem)s") % {"problem": f"{name} {problem.fault} {problem.entry}"},
                code="backup.journal",
            )


def _place(names: Sequence[str], beside: Path, keys: dict[str, bytes]) -> None:
    """Put folders and keys where they belong; keys that differ are kept aside."""
    data, folder = Path(settings.DATA), Path(settings.KEYS)
    for kind in FOLDERS:
        for name in names:
            place = data / kind / name
            if place.exists():
                shutil.rmtree(place)
            if (beside / kind / name).exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                (beside / kind / name).rename(place)
    aside = folder / f"replaced-{secrets.token_hex(4)}"
    for name, content in keys.items():
        path = folder / name
        if path.exists() and path.read_bytes() != content:
            aside.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.rename(aside / name)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_bytes(content)
    crypto.forget_keys()


def _enter(content: dict[str, Any]) -> None:
    for name, title, demo in content["namespaces"]:
        registry().add(name, title=title, demo=demo)
    for host, name in content["hosts"]:
        registry().add_host(host, name)


def _say(what: str, done: int, total: int) -> None:
    if what:
        typer.echo(f"[{done + 1}/{total}] {what}", err=True)


def _fail(error: DomainError) -> typer.Exit:
    typer.echo(str(error), err=True)
    return typer.Exit(1)


def _passphrase(path: Path | None) -> str:
    return path.read_text(encoding="utf8").strip() if path else ""


def backup_command(
    target: Annotated[Path, typer.Argument(help="备份文件 / where to write the archive (.zip)")],
    keys: Annotated[Path, typer.Option(help="密钥文件，请另外保管 / where to write the keys; keep it elsewhere")],
    namespace: Annotated[list[str] | None, typer.Option(help="只备份这些空间 / only these namespaces")] = None,
    passphrase_file: Annotated[Path | None, typer.Option(help="用文件中的口令加密密钥 / encrypt the keys")] = None,
) -> None:
    """备份数据库、文件与登记，密钥另存一份。 / Back up database, files and registry; the keys apart."""
    try:
        result = backup(
            target, now=clock.now(), names=namespace or (), keys=keys,
            passphrase=_passphrase(passphrase_file), progress=_say,
        )  # fmt: skip
    except DomainError as error:
        raise _fail(error) from error
    _report(result, _("备份完成。"))


def restore_command(
    archive: Annotated[Path, typer.Argument(help="备份文件 / the archive", exists=True)],
    keys: Annotated[Path | None, typer.Option(help="密钥文件 / the keys", exists=True)] = None,
    passphrase_file: Annotated[Path | None, typer.Option(help="密钥文件的口令 / passphrase of the keys")] = None,
    replace: Annotated[bool, typer.Option(help="覆盖已有的空间 / replace what is there")] = False,
) -> None:
    """恢复备份：先核对，全部成功才生效。 / Restore a backup: checked first, and all or nothing."""
    try:
        result = restore(archive, keys=keys, passphrase=_passphrase(passphrase_file), replace=replace, progress=_say)
    except DomainError as error:
        raise _fail(error) from error
    _report(result, _("恢复完成。"))


def _report(result: Result, message: str) -> None:
    for name, tables in result.rows.items():
        rows, count = sum(tables.values()), len(tables)
        typer.echo(_("%(name)s：%(tables)s 张表，%(rows)s 行") % {"name": name, "tables": count, "rows": rows})
    typer.echo(message)
