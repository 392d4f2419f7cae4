"""Where the encrypted content lies: ``<DATA>/files/<namespace>/aa/bb/<uuid>`` and ``….320``, ``….1600`` beside it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from linli.foundation.core.crypto import DecryptionError
from linli.foundation.core.namespaces import current
from linli.foundation.files import sealing
from linli.foundation.files.pictures import SIZES

_INCOMING = "incoming"
VARIANTS = ("", *(f".{size}" for size in SIZES))


class TooLargeError(Exception):
    """More came than is allowed."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: its plain size and SHA-256."""

    size: int
    sha256: str


def root() -> Path:
    """Return the folder of the namespace in force."""
    return Path(settings.DATA) / "files" / current()


def path_of(uuid: UUID, variant: str = "") -> Path:
    """Return where a version lies; the last digits of a UUIDv7 are random and spread the folders evenly."""
    digits = uuid.hex
    return root() / digits[-4:-2] / digits[-2:] / f"{uuid}{variant}"


def write(uuid: UUID, variant: str, chunks: Iterable[bytes], limit: int) -> Written:
    """Encrypt ``chunks`` into a new file, put in place only when complete and on disk.

    Raises:
        TooLargeError: more than ``limit`` bytes came; nothing stays.
    """
    digest, size = hashlib.sha256(), 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise TooLargeError
            digest.update(chunk)
            yield chunk

    part = root() / _INCOMING / f"{uuid}{variant}"
    part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with part.open("xb") as target:
            os.fchmod(target.fileno(), 0o600)
            sealing.write(target, counted(), f"{uuid}{variant}")
            target.flush()
            os.fsync(target.fileno())
        final = path_of(uuid, variant)
        final.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part.replace(final)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Written(size, digest.hexdigest())


def read(uuid: UUID, variant: str = "") -> Iterator[bytes]:
    """Yield the plain content, piece by piece."""
    return sealing.read(path_of(uuid, variant), f"{uuid}{variant}")


def plain_length(uuid: UUID, variant: str = "") -> int:
    """Return the number of plain bytes of a version."""
    return sealing.plain_length(path_of(uuid, variant))


def remove(uuid: UUID) -> None:
    """Remove every version of a file; what is already gone is no error."""
    for variant in VARIANTS:
        with suppress(FileNotFoundError):
            path_of(uuid, variant).unlink()


def older_than(moment: float) -> Iterator[tuple[UUID | None, Path]]:
    """Yield every content file last written before ``moment`` with its identity; None for one half written."""
    base = root()
    for path in sorted(base.rglob("*")) if base.exists() else []:
        if not path.is_file() or path.stat().st_mtime >= moment:
            continue
        if path.parent.name == _INCOMING:
            yield None, path
            continue
        with suppress(ValueError):
            yield UUID(path.name.split(".", 1)[0]), path


def matches(uuid: UUID, sha256: str) -> bool:
    """Return whether the original can be decrypted to its end and still has the hash ``sha256``."""
    digest = hashlib.sha256()
    try:
        for piece in read(uuid):
            digest.update(piece)
    except (DecryptionError, OSError):
        return False
    return digest.hexdigest() == sha256
