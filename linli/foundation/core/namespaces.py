"""Which subdistrict's data the running code works on.

A namespace is a SQLite file in the small and a PostgreSQL schema in the large; models
know nothing of it. The name stands in a context variable, so that threads and tasks
never see one another's; code that has chosen none is refused rather than served another's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_PATTERN = re.compile(r"[a-z][a-z0-9_]{0,47}")
_RESERVED = frozenset({"public", "registry", "information_schema", "default"})
_current: ContextVar[str | None] = ContextVar("linli_namespace", default=None)
_process_default: list[str | None] = [None]


class NoNamespaceError(RuntimeError):
    """The database was asked for something before a namespace was chosen."""


class BadNamespaceError(ValueError):
    """A name that cannot be a namespace."""


def check_name(name: str) -> str:
    """Return ``name`` if it may name a namespace.

    Raises:
        BadNamespaceError: it is not of the form ``^[a-z][a-z0-9_]*$`` (48 characters at most),
            or is a name that the database keeps for itself.
    """
    if not _PATTERN.fullmatch(name) or name in _RESERVED or name.startswith("pg_"):
        message = f"{name!r} cannot name a namespace"
        raise BadNamespaceError(message)
    return name


def current() -> str:
    """Return the namespace in force.

    Raises:
        NoNamespaceError: none was chosen.
    """
    name = _current.get() or _process_default[0]
    if name is None:
        raise NoNamespaceError
    return name


def current_or_none() -> str | None:
    """Return the namespace in force, or None: for log lines."""
    return _current.get() or _process_default[0]


@contextmanager
def use(name: str) -> Iterator[None]:
    """Work on the namespace ``name`` inside the ``with`` block."""
    token = _current.set(check_name(name))
    try:
        yield
    finally:
        _current.reset(token)


def set_process_default(name: str | None) -> None:
    """Choose the namespace of a whole process: for commands and tests, never for a server."""
    _process_default[0] = None if name is None else check_name(name)
