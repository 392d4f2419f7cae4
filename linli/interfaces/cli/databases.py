"""Preparing the database of each namespace: migrations, and what is still to be done."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from linli.foundation.core import namespaces
from linli.foundation.core.middleware import registry


def unapplied(name: str) -> list[str]:
    """Return the migrations that the namespace ``name`` still lacks."""
    with namespaces.use(name):
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def migrate(name: str) -> list[str]:
    """Bring the namespace ``name`` up to date; return the migrations applied."""
    missing = unapplied(name)
    if missing:
        with namespaces.use(name):
            call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
    return missing


def prepare(name: str, *, title: str = "", demo: bool = False) -> None:
    """Enter ``name`` into the registry and give it a database; harmless where both are there already."""
    namespaces.check_name(name)
    known = {n.name: n for n in registry().all()}
    if name not in known or title or known[name].demo != demo:
        registry().add(name, title=title or (known[name].title if name in known else ""), demo=demo)
    migrate(name)
