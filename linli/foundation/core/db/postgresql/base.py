"""PostgreSQL with one schema per namespace behind one Django connection."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

from linli.foundation.core import namespaces


class NamespaceChangedInTransactionError(RuntimeError):
    """The namespace changed while a transaction was open."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Sets ``search_path`` to the namespace's schema before the first statement that needs it.

    The path never holds ``public``, so a table that is missing is an error rather than
    another namespace's. It is forgotten on rollback and on reconnect, since PostgreSQL
    forgets a setting made inside a transaction that is rolled back.
    """

    path_set_for: str | None = None

    def _set_path(self) -> None:
        wanted = namespaces.current()
        if self.path_set_for == wanted:
            return
        if self.in_atomic_block and self.path_set_for is not None:
            raise NamespaceChangedInTransactionError
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('search_path', %s, false)", [f'"{wanted}"'])
        self.path_set_for = wanted

    def _cursor(self, name: str | None = None) -> Any:
        self.ensure_connection()
        self._set_path()
        return super()._cursor(name)  # type: ignore[misc]

    def set_autocommit(self, autocommit: bool, *args: Any, **kwargs: Any) -> None:
        """Set the path before a transaction begins, so that no rollback takes it back."""
        if not autocommit and not self.in_atomic_block:
            self.ensure_connection()
            self._set_path()
        super().set_autocommit(autocommit, *args, **kwargs)

    def init_connection_state(self) -> None:
        """Prepare a new connection: it has no path yet."""
        self.path_set_for = namespaces.current()
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('search_path', %s, false)", [f'"{self.path_set_for}"'])
        super().init_connection_state()
        if not self.get_autocommit():
            self.connection.commit()

    def _rollback(self) -> Any:
        self.path_set_for = None
        return super()._rollback()  # type: ignore[misc]

    def _close(self) -> Any:
        self.path_set_for = None
        return super()._close()  # type: ignore[misc]

    def prepare_database(self) -> None:
        """Create the namespace's schema before migrations run."""
        super().prepare_database()
        with self.cursor() as cursor:
            cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{namespaces.current()}"')
