import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.processes import environment


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_killed_worker_is_taken_over_after_the_lease(tmp_path):
    marker = tmp_path / "marker"

    def command(step):
        return [sys.executable, str(Path(__file__).with_name("crash.py")), step, str(marker)]

    subprocess.run(command("prepare"), env=environment(tmp_path), check=True, timeout=240)
    with subprocess.Popen(command("hang"), env=environment(tmp_path)) as worker:
        for _ in range(300):
            if marker.exists() and marker.read_text():
                break
            time.sleep(0.1)
        worker.kill()
    assert marker.read_text() == "begun"
    subprocess.run(command("finish"), env=environment(tmp_path), check=True, timeout=240)
    assert marker.read_text() == "done"
