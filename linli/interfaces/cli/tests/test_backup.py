import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from linli.interfaces.cli.stores import parents_first


@pytest.mark.slow
def test_what_is_backed_up_while_people_write_comes_back_in_an_empty_installation(tmp_path, request, django_db_blocker):
    folder = tmp_path / "backups"
    folder.mkdir()
    postgres = connection.vendor == "postgresql"
    if postgres:
        request.getfixturevalue("django_db_setup")

    def run(step):
        environment = os.environ | {"LINLI_DATA": str(tmp_path / step), "PYTHONPATH": str(Path.cwd())}
        environment |= {"LINLI_NAMESPACE": "main", "LINLI_LOG_LEVEL": "ERROR"}
        if postgres:
            url = urlsplit(os.environ["LINLI_DATABASE"])
            environment["LINLI_DATABASE"] = url._replace(path=f"/backup_{step}").geturl()
        command = [sys.executable, str(Path(__file__).with_name("backup_steps.py")), step, str(folder)]
        done = subprocess.run(command, env=environment, check=False, timeout=120, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]

    with django_db_blocker.unblock():
        for step in ("save", "bring"):
            if postgres:
                with connection.cursor() as cursor:
                    cursor.execute(f"DROP DATABASE IF EXISTS backup_{step}")
                    cursor.execute(f"CREATE DATABASE backup_{step}")
            run(step)
        if postgres:
            with connection.cursor() as cursor:
                cursor.execute("DROP DATABASE backup_save")
                cursor.execute("DROP DATABASE backup_bring")


def test_parents_come_first_and_circles_do_not_stop_it():
    assert parents_first(["a", "b", "c"], [("a", "b"), ("b", "c")]) == ["c", "b", "a"]
    assert parents_first(["a", "b"], [("a", "b"), ("b", "a")]) == ["a", "b"]
