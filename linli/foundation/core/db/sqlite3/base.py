"""SQLite with one file per namespace behind one Django connection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

from linli.foundation.core import namespaces


class NamespaceChangedInTransactionError(RuntimeError):
    """The namespace changed while a transaction was open."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Opens ``<folder>/<namespace>.sqlite3`` and follows the namespace of the running code.

    A settings name that ends in ``.sqlite3`` or is in memory is one database whatever
    the namespace; it then takes the namespace it was opened with and refuses others.
    """

    opened_for: str | None = None

    def get_connection_params(self) -> dict[str, Any]:
        """Return Django's parameters with the file of the namespace in force."""
        params: dict[str, Any] = super().get_connection_params()
        name = str(params["database"])
        self.opened_for = namespaces.current()
        if not (name.endswith(".sqlite3") or ":memory:" in name or "mode=memory" in name):
            folder = Path(name)
            folder.mkdir(parents=True, exist_ok=True)
            params["database"] = str(folder / f"{self.opened_for}.sqlite3")
        return params

    def _cursor(self, name: str | None = None) -> Any:
        if self.connection is not None and self.opened_for != namespaces.current():
            if self.in_atomic_block:
                raise NamespaceChangedInTransactionError
            self.close()
        return super()._cursor(name)  # type: ignore[misc]

    def ensure_connection(self) -> None:
        """Open the connection, or open it again on the namespace in force."""
        if self.connection is not None and self.opened_for != namespaces.current() and not self.in_atomic_block:
            self.close()
        super().ensure_connection()
