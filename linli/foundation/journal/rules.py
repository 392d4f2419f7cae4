"""The arithmetic of seals: canonical bytes, Merkle trees (as in RFC 6962), the chain. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from linli.foundation.journal.types import Fault, Problem, Proof, SealHeader

FIRST = bytes(32)
Leaf = tuple[bytes, bytes]


def clean_text(text: str) -> str:
    """Return ``text`` without what a database cannot keep: NUL and lone surrogates."""
    return text.replace("\x00", "").encode("utf8", "replace").decode("utf8")


def plain(value: Any) -> Any:
    """Return ``value`` as JSON that both databases give back unchanged.

    Floats become text, since a database may write ``1e20`` as a whole number; whatever
    else JSON lacks (dates, decimals, identifiers) becomes text too.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {clean_text(str(k)): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(v) for v in value), key=str)
    if isinstance(value, datetime):
        return moment(value) if value.tzinfo else value.isoformat()
    return clean_text(value.isoformat() if isinstance(value, date) else str(value))


def moment(at: datetime) -> str:
    """Return an aware time as text: UTC with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(value: Mapping[str, Any]) -> bytes:
    """Return the one spelling of ``value``: JSON in UTF-8, keys sorted, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry's canonical bytes."""
    return hashlib.sha256(b"\x00" + entry).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Return the tree from leaves to root; an odd last node moves up as it is."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        low = levels[-1]
        level = [_node(low[i], low[i + 1]) for i in range(0, len(low) - 1, 2)]
        levels.append(level + low[-1:] if len(low) % 2 else level)
    return levels


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over ``leaves``; of none, the hash of nothing."""
    return _levels(leaves)[-1][0] if leaves else hashlib.sha256(b"").digest()


def merkle_path(leaves: Sequence[bytes], index: int) -> tuple[tuple[bool, bytes], ...]:
    """Return the siblings (stands on the left?, hash) from leaf ``index`` up to the root."""
    path = []
    for level in _levels(leaves)[:-1]:
        sibling = index ^ 1
        if sibling < len(level):
            path.append((sibling < index, level[sibling]))
        index //= 2
    return tuple(path)


def climb(leaf: bytes, path: Sequence[tuple[bool, bytes]]) -> bytes:
    """Return the root that ``leaf`` and its ``path`` lead to."""
    for on_left, sibling in path:
        leaf = _node(sibling, leaf) if on_left else _node(leaf, sibling)
    return leaf


def seal_hash(seal: SealHeader) -> bytes:
    """Return the hash that stands for a seal and all before it."""
    fields = {
        "number": seal.number,
        "at": moment(seal.at),
        "count": seal.count,
        "root": seal.root.hex(),
        "previous": seal.previous.hex(),
    }
    return hashlib.sha256(b"\x02" + canonical(fields)).digest()


def proves(proof: Proof, trusted: bytes) -> bool:
    """Return whether ``proof`` shows its entry to be in the seal whose hash is ``trusted``.

    It needs nothing but its arguments, so that somebody outside can run it.
    """
    return (
        climb(leaf_hash(proof.entry), proof.path) == proof.seal.root
        and seal_hash(proof.seal) == proof.seal_hash == trusted
    )


def join_leaves(leaves: Sequence[Leaf]) -> bytes:
    """Return (uuid bytes, leaf hash) pairs as one string of 48 bytes each."""
    return b"".join(uuid + leaf for uuid, leaf in leaves)


def split_leaves(joined: bytes) -> list[Leaf]:
    """Return the pairs that :func:`join_leaves` was given."""
    return [(joined[i : i + 16], joined[i + 16 : i + 48]) for i in range(0, len(joined), 48)]


def first_difference(sealed: Sequence[Leaf], found: Sequence[Leaf]) -> tuple[Fault, bytes] | None:
    """Return what happened to the first entry that is not as it was sealed, and its uuid."""
    was, there = {u for u, _ in sealed}, {u for u, _ in found}
    for i in range(max(len(sealed), len(found))):
        if i >= len(found):
            return Fault.REMOVED, sealed[i][0]
        if i >= len(sealed):
            return Fault.INSERTED, found[i][0]
        if sealed[i] == found[i]:
            continue
        if sealed[i][0] not in there and found[i][0] in was:
            return Fault.REMOVED, sealed[i][0]
        if found[i][0] not in was and sealed[i][0] in there:
            return Fault.INSERTED, found[i][0]
        return Fault.ALTERED, sealed[i][0]
    return None


def chain_problem(previous: bytes, seal: SealHeader, hashed: bytes, leaves: Sequence[Leaf]) -> Problem | None:
    """Return what is wrong with ``seal`` standing behind the one with the hash ``previous``."""
    if seal.previous != previous or seal_hash(seal) != hashed:
        return Problem(Fault.SEAL_ALTERED, seal=seal.number, detail="chain")
    if seal.count != len(leaves) or merkle_root([leaf for _, leaf in leaves]) != seal.root:
        return Problem(Fault.SEAL_ALTERED, seal=seal.number, detail="leaves")
    return None
