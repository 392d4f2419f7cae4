"""Programs that a test starts beside itself, on the test's own database."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection


def environment(data: Path) -> dict[str, str]:
    """Return the environment of a process with its data in ``data``; on PostgreSQL it sees the test's database."""
    found = os.environ | {"LINLI_DATA": str(data), "PYTHONPATH": str(Path.cwd())}
    if connection.vendor == "postgresql":
        url = urlsplit(os.environ["LINLI_DATABASE"])
        found["LINLI_DATABASE"] = url._replace(path="/" + connection.settings_dict["NAME"]).geturl()
    return found
