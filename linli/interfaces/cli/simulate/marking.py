"""The mark of a simulation's data folder: nothing is simulated in a folder that does not bear it, nothing else is.

The clock of a simulated server is set from outside. That must never be possible for a real one, so the server asks
for both: a mark in its data folder, and the key to it in its environment.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from pathlib import Path

MARK = "simulation.json"
KEY = "LINLI_SIMULATION"
_LEAST = 32


class NotSimulatedError(Exception):
    """The folder is not a simulation's, or the key is not the one to it."""


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def is_marked(folder: Path) -> bool:
    """Return whether ``folder`` is a simulation's."""
    return (folder / MARK).is_file()


def check_free(folder: Path) -> None:
    """Raise unless ``folder`` is missing, empty, or a simulation's.

    Raises:
        NotSimulatedError: there is something else in it, a real installation maybe.
    """
    if folder.exists() and not is_marked(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise NotSimulatedError(str(folder))


def mark(folder: Path) -> str:
    """Mark an empty or marked ``folder`` as a simulation's and return the new key to it.

    Raises:
        NotSimulatedError: there is something else in it.
    """
    check_free(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_urlsafe(32)
    (folder / MARK).write_text(json.dumps({"key_sha256": _hash(key)}), encoding="utf8")
    return key


def check(folder: Path, key: str) -> None:
    """Raise unless ``folder`` is a simulation's and ``key`` is the one to it.

    Raises:
        NotSimulatedError: either is not so.
    """
    try:
        kept = json.loads((folder / MARK).read_text(encoding="utf8"))["key_sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotSimulatedError(str(folder)) from error
    if len(key) < _LEAST or not hmac.compare_digest(str(kept), _hash(key)):
        raise NotSimulatedError(str(folder))
