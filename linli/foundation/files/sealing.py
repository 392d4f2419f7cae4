"""Files encrypted in pieces, so that a film never stands in memory as a whole.

Layout: ``LNF1``, two bytes with the length of the sealed file key, the file key (random,
32 bytes, sealed by core.crypto), then pieces of 1 MiB, each AES-256-GCM with its number as
nonce. Every piece is bound to the file's identity, to its number and to whether it is the
last: a piece altered, swapped, taken from another file or cut off at the end is noticed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from linli.foundation.core import crypto

PIECE = 1024 * 1024
_TAG = 16
_MAGIC = b"LNF1"
_PURPOSE = "files.key"


def _bound(identity: str, index: int, *, last: bool) -> bytes:
    return f"{identity}:{index}:{int(last)}".encode()


def _pieces(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield pieces of exactly 1 MiB, the last (which may be empty) marked."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) > PIECE:
            yield bytes(held[:PIECE]), False
            del held[:PIECE]
    yield bytes(held), True


def write(target: BinaryIO, chunks: Iterable[bytes], identity: str) -> int:
    """Encrypt ``chunks`` into ``target``; return how many plain bytes there were."""
    key = secrets.token_bytes(32)
    sealed = crypto.encrypt(key, _PURPOSE)
    target.write(_MAGIC + len(sealed).to_bytes(2, "big") + sealed)
    cipher, length = AESGCM(key), 0
    for index, (piece, last) in enumerate(_pieces(chunks)):
        target.write(cipher.encrypt(index.to_bytes(12, "big"), piece, _bound(identity, index, last=last)))
        length += len(piece)
    return length


def _open(source: BinaryIO) -> AESGCM:
    head = source.read(6)
    if head[:4] != _MAGIC:
        raise crypto.DecryptionError
    sealed = source.read(int.from_bytes(head[4:6], "big"))
    if len(sealed) < 2:
        raise crypto.DecryptionError
    return AESGCM(crypto.decrypt(sealed, _PURPOSE))


def read(path: Path, identity: str) -> Iterator[bytes]:
    """Yield the plain content of the file at ``path``, piece by piece.

    Raises:
        DecryptionError: altered, cut off, of another identity or namespace.
    """
    with path.open("rb") as source:
        cipher, index = _open(source), 0
        piece = source.read(PIECE + _TAG)
        while True:
            following = source.read(PIECE + _TAG)
            try:
                yield cipher.decrypt(index.to_bytes(12, "big"), piece, _bound(identity, index, last=not following))
            except InvalidTag as error:
                raise crypto.DecryptionError from error
            if not following:
                return
            piece, index = following, index + 1


def plain_length(path: Path) -> int:
    """Return how many plain bytes the file at ``path`` holds, from its size alone."""
    with path.open("rb") as source:
        head = source.read(6)
    body = path.stat().st_size - 6 - int.from_bytes(head[4:6], "big")
    pieces = -(-body // (PIECE + _TAG))
    return body - pieces * _TAG
