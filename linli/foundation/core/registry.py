"""Which namespaces there are and which host name leads to which.

The registry stands in a SQLite file of its own (``registry.sqlite3`` in the data folder),
outside every namespace, so that looking up a host never touches a subdistrict's data.
``127.0.0.1`` and ``localhost`` are the default namespace, ``<name>.localhost`` the others;
a host that the settings name, without a wildcard, is the default too. Others are unknown.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from linli.foundation.core.namespaces import check_name

_PLAIN_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
_SCHEMA = """
CREATE TABLE IF NOT EXISTS namespace (
    name TEXT PRIMARY KEY,
    title TEXT NOT NULL DEFAULT '',
    demo INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE IF NOT EXISTS host (
    host TEXT PRIMARY KEY,
    namespace TEXT NOT NULL REFERENCES namespace (name)
);
"""


@dataclass(frozen=True, slots=True)
class Namespace:
    """One subdistrict known to this installation."""

    name: str
    title: str
    demo: bool


class Registry:
    """The list of namespaces and hosts of one installation, in the file ``path``."""

    def __init__(self, path: Path, default: str) -> None:
        """Open (and make, if need be) the registry at ``path``; ``default`` answers plain hosts."""
        self.path = path
        self.default = default
        self._cache: dict[str, str | None] = {}
        self._stamp = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._connect()) as connection, connection:
            connection.executescript(_SCHEMA)

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=20)

    def add(self, name: str, *, title: str = "", demo: bool = False) -> None:
        """Enter the namespace ``name``, or change its title and kind."""
        check_name(name)
        with closing(self._connect()) as connection, connection:
            connection.execute(
                "INSERT INTO namespace (name, title, demo) VALUES (?, ?, ?)"
                " ON CONFLICT (name) DO UPDATE SET title = excluded.title, demo = excluded.demo",
                (name, title, int(demo)),
            )
        self._cache.clear()

    def add_host(self, host: str, name: str) -> None:
        """Let requests for ``host`` work on the namespace ``name``."""
        with closing(self._connect()) as connection, connection:
            connection.execute(
                "INSERT INTO host (host, namespace) VALUES (?, ?)"
                " ON CONFLICT (host) DO UPDATE SET namespace = excluded.namespace",
                (host.lower(), name),
            )
        self._cache.clear()

    def all(self) -> list[Namespace]:
        """Return every namespace, by name."""
        with closing(self._connect()) as connection:
            rows = connection.execute("SELECT name, title, demo FROM namespace ORDER BY name")
            return [Namespace(name, title, bool(demo)) for name, title, demo in rows]

    def hosts(self) -> list[tuple[str, str]]:
        """Return every host entered, with its namespace."""
        with closing(self._connect()) as connection:
            return [(str(h), str(n)) for h, n in connection.execute("SELECT host, namespace FROM host ORDER BY host")]

    def for_host(self, host: str, *, served_by_default: bool = False) -> str | None:
        """Return the namespace that the host name (without port) leads to, or None.

        ``served_by_default``: whether the settings name this very host, so that the default
        namespace answers where the registry says nothing.
        """
        host = host.lower().strip("[]").removesuffix(".")
        stamp = self.path.stat().st_mtime_ns  # another process may have entered a namespace
        if stamp != self._stamp or len(self._cache) > 10_000:
            self._cache, self._stamp = {}, stamp
        if host not in self._cache:
            self._cache[host] = self._look_up(host)
        found = self._cache[host]
        return self.default if found is None and served_by_default else found

    def _look_up(self, host: str) -> str | None:
        if host in _PLAIN_HOSTS:
            return self.default
        with closing(self._connect()) as connection:
            row = connection.execute("SELECT namespace FROM host WHERE host = ?", (host,)).fetchone()
            if row is None and host.endswith(".localhost"):
                name = host.removesuffix(".localhost").replace("-", "_")  # host names have no underscore
                if name == self.default:
                    return name
                row = connection.execute("SELECT name FROM namespace WHERE name = ?", (name,)).fetchone()
            return str(row[0]) if row else None
