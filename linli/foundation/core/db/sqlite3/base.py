"""SQLite with one file per namespace behind one Django connection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

from linli.foundation.core import namespaces


class NamespaceChangedInTransactionError(RuntimeError):
    """The namespace changed while a transaction was open."""


class OneNamespaceError(RuntimeError):
    """This database holds one namespace only, and another one was asked for."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Opens ``<folder>/<namespace>.sqlite3`` and follows the namespace of the running code.

    A settings name that ends in ``.sqlite3`` or is in memory is one database whatever
    the namespace; it then takes the namespace it was opened with and refuses others.
    """

    opened_for: str | None = None
    one_for_all: bool = False

    def get_connection_params(self) -> dict[str, Any]:
        """Return Django's parameters with the file of the namespace in force."""
        params: dict[str, Any] = super().get_connection_params()
        name = str(params["database"])
        self.opened_for = namespaces.current()
        self.one_for_all = name.endswith(".sqlite3") or ":memory:" in name or "mode=memory" in name
        if not self.one_for_all:
            folder = Path(name)
            folder.mkdir(parents=True, exist_ok=True)
            params["database"] = str(folder / f"{self.opened_for}.sqlite3")
        return params

    def _follow(self) -> None:
        """Let go of a connection that was opened for another namespace than the one in force."""
        if self.connection is None or self.opened_for == namespaces.current():
            return
        if self.in_atomic_block:
            raise NamespaceChangedInTransactionError
        if self.one_for_all:
            raise OneNamespaceError(self.opened_for)
        self.close()

    def _cursor(self, name: str | None = None) -> Any:
        self._follow()
        return super()._cursor(name)  # type: ignore[misc]

    def ensure_connection(self) -> None:
        """Open the connection, or open it again on the namespace in force."""
        # Django looks after old connections before a request has its namespace: that asks the database for nothing.
        idle = self.connection is not None and namespaces.current_or_none() is None
        if not self.in_atomic_block and not idle:
            self._follow()
        super().ensure_connection()
