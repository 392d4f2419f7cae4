"""Encryption and keyed hashes for personal data, behind one small interface.

AES-256-GCM with a key per purpose derived (HKDF-SHA256) from the installation's master
keys, which lie in the key folder apart from the data. A new master key may be added; the
newest encrypts, all decrypt.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256, SM3
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from linli.foundation.core.namespaces import current

_NONCE = 12


class DecryptionError(Exception):
    """The data was altered, or the key that it needs is not here."""


def _load_masters(folder: Path) -> dict[int, bytes]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = {int(p.stem.removeprefix("master-")): p.read_bytes() for p in folder.glob("master-*.key")}
    if not found:
        found = {1: _make_master(folder)}
    if any(len(key) < 32 for key in found.values()):
        message = f"a master key in {folder} is too short: was it cut off while copying?"
        raise ValueError(message)
    return found


def _make_master(folder: Path) -> bytes:
    """Make the first master key whole or not at all; of two processes that start at once, one makes it."""
    path = folder / "master-1.key"
    draft = folder / f".master-1.{secrets.token_hex(8)}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    return path.read_bytes()


@lru_cache(maxsize=8)
def _masters(folder: str) -> dict[int, bytes]:
    return _load_masters(Path(folder))


@lru_cache(maxsize=1024)
def _derived(folder: str, number: int, namespace: str, purpose: str) -> bytes:
    info = f"linli:{namespace}:{purpose}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(_masters(folder)[number])


def _key(number: int, purpose: str) -> bytes:
    return _derived(str(settings.KEYS), number, current(), purpose)


def encrypt(plain: bytes, purpose: str) -> bytes:
    """Return ``plain`` encrypted for ``purpose`` in the namespace in force: key number, nonce, text and tag."""
    number = max(_masters(str(settings.KEYS)))
    nonce = secrets.token_bytes(_NONCE)
    return bytes([number]) + nonce + AESGCM(_key(number, purpose)).encrypt(nonce, plain, purpose.encode())


def decrypt(sealed: bytes, purpose: str) -> bytes:
    """Return what :func:`encrypt` was given.

    Raises:
        DecryptionError: altered, of another purpose or namespace, or its key is missing.
    """
    if len(sealed) < 1 + _NONCE + 16:
        raise DecryptionError
    number, nonce, text = sealed[0], sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    if number not in _masters(str(settings.KEYS)):
        raise DecryptionError
    try:
        return AESGCM(_key(number, purpose)).decrypt(nonce, text, purpose.encode())
    except InvalidTag as error:
        raise DecryptionError from error


def encrypt_text(plain: str, purpose: str) -> bytes:
    """Return the UTF-8 of ``plain`` encrypted; empty text stays empty."""
    return encrypt(plain.encode(), purpose) if plain else b""


def decrypt_text(sealed: bytes | memoryview, purpose: str) -> str:
    """Return the text that :func:`encrypt_text` was given."""
    return decrypt(bytes(sealed), purpose).decode() if sealed else ""


def keyed_hash(value: str, purpose: str) -> str:
    """Return a hash of ``value`` (64 hex digits) that only this installation can make: for exact search.

    It uses the first master key, so that adding keys does not lose what was found before.
    """
    number = min(_masters(str(settings.KEYS)))
    return hmac.new(_key(number, f"hash:{purpose}"), value.encode(), hashlib.sha256).hexdigest()


def signed(content: bytes, key: bytes, algorithm: str) -> bytes:
    """Return the HMAC of ``content`` by which another system knows that it came from here.

    Args:
        algorithm: ``sha256``, or ``sm3`` (GB/T 32905).
    """
    made = HMAC(key, SM3() if algorithm == "sm3" else SHA256())
    made.update(content)
    return made.finalize()


def fingerprint_of(files: Mapping[str, bytes]) -> str:
    """Return a name of the set of master keys among ``files``, from which none of them can be learnt."""
    digest = hashlib.sha256(b"linli master keys")
    for name in sorted(n for n in files if n.startswith("master-") and n.endswith(".key")):
        digest.update(name.encode() + hashlib.sha256(files[name]).digest())
    return digest.hexdigest()[:32]


def fingerprint() -> str:
    """Return the name of this installation's set of master keys: which keys belong to a backup."""
    return fingerprint_of({f"master-{n}.key": key for n, key in _masters(str(settings.KEYS)).items()})


def forget_keys() -> None:
    """Read the keys from their folder again when next needed."""
    _masters.cache_clear()
    _derived.cache_clear()
