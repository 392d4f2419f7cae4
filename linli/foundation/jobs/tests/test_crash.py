import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_killed_worker_is_taken_over_after_the_lease(tmp_path):
    marker = tmp_path / "marker"
    environment = os.environ | {"LINLI_DATA": str(tmp_path), "PYTHONPATH": str(Path.cwd())}
    if connection.vendor == "postgresql":
        url = urlsplit(os.environ["LINLI_DATABASE"])
        environment["LINLI_DATABASE"] = url._replace(path="/" + connection.settings_dict["NAME"]).geturl()

    def command(step):
        return [sys.executable, str(Path(__file__).with_name("crash.py")), step, str(marker)]

    subprocess.run(command("prepare"), env=environment, check=True, timeout=60)
    with subprocess.Popen(command("hang"), env=environment) as worker:
        for _ in range(300):
            if marker.exists() and marker.read_text():
                break
            time.sleep(0.1)
        worker.kill()
    assert marker.read_text() == "begun"
    subprocess.run(command("finish"), env=environment, check=True, timeout=60)
    assert marker.read_text() == "done"
