"""Data of 0.1.0 in this version: restored, migrated, read and worked on."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

HERE = Path(__file__).parent
VERSIONS = ["0.1.0"]


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS)
def test_an_archive_of_an_older_version_is_restored_migrated_and_worked_on(
    version, tmp_path, request, django_db_blocker
):
    kind = connection.vendor
    archive, keys = (HERE / "archives" / f"{kind}-{version}.{end}" for end in ("zip", "keys"))
    environment = os.environ | {"LINLI_DATA": str(tmp_path), "PYTHONPATH": str(Path.cwd()), "LINLI_LOG_LEVEL": "ERROR"}
    environment.pop("LINLI_KEYS", None)
    with django_db_blocker.unblock():
        if kind == "postgresql":
            request.getfixturevalue("django_db_setup")
            url = urlsplit(os.environ["LINLI_DATABASE"])
            environment["LINLI_DATABASE"] = url._replace(path="/upgrade_test").geturl()
            with connection.cursor() as cursor:
                cursor.execute("DROP DATABASE IF EXISTS upgrade_test")
                cursor.execute("CREATE DATABASE upgrade_test")
        command = [sys.executable, "-m", "tests.upgrade.upgrade_steps", str(archive), str(keys)]
        done = subprocess.run(command, env=environment, check=False, timeout=180, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-4000:]
        if kind == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("DROP DATABASE upgrade_test")
