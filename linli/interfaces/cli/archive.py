"""The file that a backup is: a zip of parts with a manifest of their hashes, and the keys in a file apart."""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.translation import gettext as _

from linli.foundation.core.errors import DomainError

CHUNK = 1024 * 1024
_PLAIN, _LOCKED = b"LINLI-KEYS-1\n", b"LINLI-KEYS-1-SCRYPT\n"


class BackupError(DomainError):
    """The backup cannot be made or restored; nothing was changed."""

    code = "backup"


class Writer:
    """Writes an archive; it gets its name only when it is whole."""

    def __init__(self, target: Path) -> None:
        """Begin the archive ``target``."""
        self.target, self.draft = target, target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        handle = os.open(self.draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self.file = os.fdopen(handle, "w+b")
        self.zip = zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        self.hashes: dict[str, str] = {}

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Add the part ``name``."""
        digest = hashlib.sha256()
        with self.zip.open(name, "w", force_zip64=True) as part:
            for chunk in chunks:
                digest.update(chunk)
                part.write(chunk)
        self.hashes[name] = digest.hexdigest()

    def add_file(self, name: str, path: Path) -> None:
        """Add the file at ``path`` as the part ``name``."""
        with path.open("rb") as file:
            self.add(name, pieces(file))

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest and give the archive its name."""
        self.zip.writestr("manifest.json", json.dumps(manifest | {"parts": self.hashes}, ensure_ascii=False, indent=1))
        self.zip.close()
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        self.draft.replace(self.target)

    def abandon(self) -> None:
        """Leave nothing behind."""
        self.file.close()
        self.draft.unlink(missing_ok=True)


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """Yield what is in ``file``, a megabyte at a time."""
    while chunk := file.read(CHUNK):
        yield chunk


class Reader:
    """An archive whose every part was found to be as it was written."""

    def __init__(self, path: Path) -> None:
        """Open ``path`` and check the hashes of all parts.

        Raises:
            BackupError: it is no backup, or was damaged or altered.
        """
        try:
            self.zip = zipfile.ZipFile(path)
            self.manifest: dict[str, Any] = json.loads(self.zip.read("manifest.json"))
            self.parts: dict[str, str] = self.manifest["parts"]
            self._check()
        except (OSError, zipfile.BadZipFile, KeyError, ValueError, EOFError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
            raise _damaged(path.name) from error

    def _check(self) -> None:
        if set(self.zip.namelist()) != {*self.parts, "manifest.json"}:
            raise _damaged("manifest.json")
        for name, expected in self.parts.items():
            steps = PurePosixPath(name)
            digest = hashlib.sha256()
            for chunk in self.chunks(name):
                digest.update(chunk)
            if digest.hexdigest() != expected or steps.is_absolute() or ".." in steps.parts:
                raise _damaged(name)

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the part ``name``."""
        with self.zip.open(name) as part:
            yield from pieces(cast(BinaryIO, part))

    def below(self, prefix: str) -> list[str]:
        """Return the parts whose names begin with ``prefix``."""
        return [name for name in self.parts if name.startswith(prefix)]

    def extract(self, name: str, path: Path) -> None:
        """Write the part ``name`` to ``path``."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            for chunk in self.chunks(name):
                file.write(chunk)


def _damaged(name: str) -> BackupError:
    return BackupError(
        _("备份文件已损坏或被改动：%(name)s") % {"name": name},
        code="backup.damaged",
        hint=_("请换一份备份，什么都没有改动。"),
    )


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=2**15, r=8, p=1, maxmem=128 * 2**20, dklen=32)


def write_keys(target: Path, folder: Path, passphrase: str = "") -> None:
    """Write the key folder to ``target``, encrypted (scrypt, AES-256-GCM) if there is a passphrase."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as keys:
        for path in sorted(p for p in folder.iterdir() if p.is_file()):
            keys.writestr(path.name, path.read_bytes())
    content = _PLAIN + packed.getvalue()
    if passphrase:
        salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
        text = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, packed.getvalue(), _LOCKED)
        content = _LOCKED + salt + nonce + text
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def read_keys(path: Path, passphrase: str = "") -> dict[str, bytes]:
    """Return name → content of the keys in the file ``path``.

    Raises:
        BackupError: it is no key file, or the passphrase is another.
    """
    content = path.read_bytes()
    if content.startswith(_LOCKED):
        rest = content[len(_LOCKED) :]
        try:
            packed = AESGCM(_stretched(passphrase, rest[:16])).decrypt(rest[16:28], rest[28:], _LOCKED)
        except InvalidTag as error:
            raise BackupError(_("密钥文件的口令不对。"), code="backup.passphrase") from error
    elif content.startswith(_PLAIN):
        packed = content[len(_PLAIN) :]
    else:
        raise BackupError(_("这不是密钥文件：%(name)s") % {"name": path.name}, code="backup.keys")
    with zipfile.ZipFile(io.BytesIO(packed)) as keys:
        return {Path(name).name: keys.read(name) for name in keys.namelist()}
