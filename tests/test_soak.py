"""A short slice of the soak: nothing is lost, doubled or left half done though server and worker are killed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_killing_server_and_worker_loses_nothing():
    command = [
        sys.executable,
        "-m",
        "bench.soak",
        "--minutes",
        "0.2",
        "--kill-every",
        "4",
        "--databases",
        "sqlite",
        "--json",
    ]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, cwd=root, env=os.environ.copy(), capture_output=True, timeout=240)
    found = json.loads(done.stdout.decode().strip().splitlines()[-1])[0]
    wrong = [f"{name}: {more}" for name, ok, more in found["checks"] if not ok]
    assert not wrong, wrong
    assert found["heard"].get("report 201", 0) > 0
    assert found["heard"].get("server killed", 0) > 0
    assert done.returncode == 0
