"""The installation's signature under each day's last seal (Ed25519)."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from contextlib import suppress
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from linli.foundation.core.namespaces import current
from linli.foundation.journal.rules import canonical
from linli.foundation.journal.types import DayFile

KEY_NAME = "journal-ed25519.key"


class BadDayFileError(Exception):
    """The file is no statement of this installation, or was altered."""


def private_key() -> Ed25519PrivateKey:
    """Return the signing key, made on first use."""
    path = Path(settings.KEYS) / KEY_NAME
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(f".{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(Ed25519PrivateKey.generate().private_bytes_raw())
        # Of two processes at once, the first wins.
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def public_key() -> Ed25519PublicKey:
    """Return the key that checks day files."""
    return private_key().public_key()


def folder() -> Path:
    """Return where this namespace's day files lie."""
    return Path(settings.DATA) / "seals" / current()


def file_hash(raw: bytes) -> str:
    """Return the hash by which the next day's file names this one."""
    return hashlib.sha256(raw).hexdigest()


def write(day: date, *, number: int, head: bytes, entries: int, made_at: str) -> Path:
    """Write the signed file of ``day`` and return its path; one that is there stays as it is."""
    target = folder() / f"{day.isoformat()}.json"
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    earlier = sorted(p for p in target.parent.glob("????-??-??.json") if p.name < target.name)
    key = private_key()
    statement = {
        "linli": "journal-day-1",
        "namespace": current(),
        "day": day.isoformat(),
        "made_at": made_at,
        "seal": number,
        "hash": head.hex(),
        "entries": entries,
        "previous": file_hash(earlier[-1].read_bytes()) if earlier else "",
        "key": key.public_key().public_bytes_raw().hex(),
    }
    signature = base64.b64encode(key.sign(canonical(statement))).decode()
    draft = target.with_suffix(f".{secrets.token_hex(8)}")
    draft.write_bytes(canonical({"statement": statement, "signature": signature}) + b"\n")
    draft.replace(target)
    return target


def read(path: Path, key: Ed25519PublicKey) -> DayFile:
    """Return the statement in ``path``.

    Raises:
        BadDayFileError: it is unreadable, or not signed by ``key``.
    """
    try:
        raw = path.read_bytes()
        content = json.loads(raw)
        statement = content["statement"]
        key.verify(base64.b64decode(content["signature"]), canonical(statement))
        return DayFile(
            namespace=statement["namespace"],
            day=date.fromisoformat(statement["day"]),
            number=int(statement["seal"]),
            head=bytes.fromhex(statement["hash"]),
            previous=statement["previous"],
            raw=raw,
        )
    except (OSError, ValueError, KeyError, TypeError, InvalidSignature) as error:
        raise BadDayFileError(path.name) from error
