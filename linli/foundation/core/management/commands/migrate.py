"""Django's ``migrate``, which builds an empty database at once instead of step by step."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.core.management.sql import emit_post_migrate_signal
from django.db import connections

from linli.foundation.core.db import fresh

_ASKS_FOR_LESS = ("app_label", "migration_name", "plan", "check_unapplied", "prune", "fake", "fake_initial")


class Command(migrate.Command):
    """Brings a database up to date."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take Django's options and one more."""
        super().add_arguments(parser)
        parser.add_argument(
            "--step-by-step", action="store_true", help="run every migration even where the database is empty"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Build an empty database from the models; migrate any other."""
        step_by_step = options.pop("step_by_step", False)
        connection = connections[options["database"]]
        connection.prepare_database()
        if step_by_step or any(options.get(name) for name in _ASKS_FOR_LESS) or not fresh.is_empty(connection):
            super().handle(*args, **options)
            return
        done = fresh.build(connection)
        if options["verbosity"] >= 1:
            self.stdout.write(f"  Built afresh, {len(done)} migrations recorded.")
        emit_post_migrate_signal(
            options["verbosity"], options["interactive"], connection.alias, stdout=self.stdout, apps=apps, plan=[]
        )
