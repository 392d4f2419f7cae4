"""Builds an empty database from the models at once, as the whole line of migrations would leave it.

Django renders every model that is related to a changed one after each operation; with some two hundred models that
is nearly all of the time of a first ``migrate`` (20 s; the statements themselves take under 2 s). A database without
any table has no rows to carry along, so nothing of the way there is needed, only its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython, RunSQL
from django.db.migrations.recorder import MigrationRecorder

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

#: Hint of a ``RunPython`` that makes what no model declares (a search table): it is run on a fresh database too.
#: Every other ``RunPython`` carries rows along, of which a fresh database has none.
MAKES_SCHEMA = {"makes_schema": True}


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Return whether the database (on PostgreSQL: the schema of the namespace in force) holds no table."""
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def build(connection: BaseDatabaseWrapper) -> list[str]:
    """Make every table, index and constraint, and record every migration as applied; one transaction.

    Args:
        connection: to an empty database; its schema exists (``connection.prepare_database()``).

    Returns:
        The migrations recorded, as ``app.name``, in their order.

    Raises:
        ValueError: the database holds a table.
    """
    if not is_empty(connection):
        raise ValueError("only an empty database can be built afresh")
    executor = MigrationExecutor(connection)
    plan = [migration for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    with connection.schema_editor(atomic=True) as editor:
        for model in _models():
            editor.create_model(model)
        for migration in plan:
            for operation in migration.operations:
                _run_schema(operation, editor)
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        recorder.migration_qs.bulk_create(
            recorder.Migration(app=migration.app_label, name=migration.name) for migration in plan
        )
    return [f"{migration.app_label}.{migration.name}" for migration in plan]


def _models() -> list[Any]:
    """Return the models of every room, with or without migrations, that have a table of their own."""
    return [
        model
        for config in apps.get_app_configs()
        for model in config.get_models(include_auto_created=False)
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped
    ]


def _run_schema(operation: Any, editor: Any) -> None:
    if isinstance(operation, RunSQL):
        raise NotImplementedError("write a RunPython with the hint MAKES_SCHEMA, so that it is known on both databases")
    if isinstance(operation, RunPython) and operation.hints.get("makes_schema"):
        operation.code(cast(Any, apps), editor)
