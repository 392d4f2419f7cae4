"""The program in a process of its own, as a person starts it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

import pytest

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Program:
    """Runs ``linli`` to its end when called; ``command`` and ``environment`` start it in the background."""

    run: Callable[..., subprocess.CompletedProcess[str]]
    command: Callable[..., list[str]]
    environment: dict[str, str]

    def __call__(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return self.run(*words, **more)


@pytest.fixture
def linli(tmp_path):
    """Return a function that runs the program on an empty data folder with SQLite."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("LINLI_")}
    environment = {**kept, "LINLI_DATA": str(tmp_path / "data"), "LINLI_LANGUAGE": "en", "NO_COLOR": "1"}

    def command(*words):
        return [sys.executable, "-m", "linli.interfaces.cli.main", *words]

    def run(*words, **more):
        return subprocess.run(
            command(*words), env={**environment, **more}, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )

    return Program(run, command, environment)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def status_of(address):
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_migrate_then_serve_answers_and_stops_cleanly(linli):
    assert linli("migrate").returncode == 0
    port = free_port()
    server = subprocess.Popen(linli.command("serve", "--port", str(port)), env=linli.environment)
    try:
        until = time.monotonic() + 30
        status = 0
        while not status and time.monotonic() < until and server.poll() is None:
            status = status_of(f"http://127.0.0.1:{port}/")
            time.sleep(0.2)
        assert 200 <= status < 500
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0
    assert status_of(f"http://127.0.0.1:{port}/") == 0


def test_serve_refuses_a_database_that_is_not_up_to_date(linli):
    done = linli("serve")
    assert done.returncode == 1
    assert "Run linli migrate first." in done.stderr


def test_doctor_finds_an_empty_installation_wanting_and_a_migrated_one_in_order(linli):
    before = linli("doctor", "--json")
    assert before.returncode == 1
    assert [f["ok"] for f in json.loads(before.stdout) if f["name"] == "Database main"] == [False]
    linli("migrate")
    after = {f["name"]: f["ok"] for f in json.loads(linli("doctor", "--json").stdout)}
    assert after["Database main"] is True
    assert after["Disk"] is True


def test_doctor_sees_keys_that_others_can_read(linli, tmp_path):
    keys = tmp_path / "data" / "keys"
    keys.mkdir(parents=True)
    (keys / "master-1.key").write_bytes(b"0" * 32)
    (keys / "master-1.key").chmod(0o644)
    findings = {f["name"]: f for f in json.loads(linli("doctor", "--json").stdout)}
    assert findings["Keys"]["ok"] is False
    assert "chmod 600" in findings["Keys"]["hint"]


def test_namespaces_are_made_and_listed(linli):
    assert linli("namespace", "create", "huayang", "--title", "华阳路街道").returncode == 0
    listed = linli("namespace", "list").stdout.splitlines()
    assert listed == ["huayang\t华阳路街道", "main"]


def test_a_name_that_cannot_be_a_namespace_is_wrong_usage(linli):
    done = linli("namespace", "create", "Public!")
    assert done.returncode == 2
    assert "cannot name a namespace" in done.stderr


def test_a_setting_that_cannot_be_is_wrong_usage_and_named(linli):
    done = linli("migrate", LINLI_DATABASE="mysql://x")
    assert done.returncode == 2
    assert "LINLI_DATABASE" in done.stderr


def test_the_version_needs_no_data_folder(linli, tmp_path):
    assert linli("version").stdout.startswith("linli 0.")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(("language", "word"), [("en", "Serve pages"), ("zh_CN.UTF-8", "提供网页服务")])
def test_help_speaks_the_language_of_the_terminal(linli, language, word):
    done = linli("--help", LINLI_LANGUAGE=language, COLUMNS="120", PYTHONUTF8="1")
    assert done.returncode == 0
    assert word in done.stdout
