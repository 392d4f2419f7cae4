"""A simulated installation: a data folder and a database of its own, laid, served on this machine, taken away."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linli.interfaces.cli.simulate import ground, marking
from linli.interfaces.cli.simulate.ground import Wanted

_PACKAGE = "linli.interfaces.cli.simulate"
_WAIT = 90.0


class InstanceError(Exception):
    """The simulated installation could not be laid or started; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Instance:
    """Where a simulated installation is: folder, database, key, and what the driver knows of the town."""

    folder: Path
    database: str
    namespace: str
    key: str
    town: dict[str, Any]

    def environment(self) -> dict[str, str]:
        """Return the environment of its processes: nothing of the installation around it."""
        return _environment(self.folder, self.database, self.namespace, self.key)


def _environment(folder: Path, database: str, namespace: str, key: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("LINLI_")}
    if language := os.environ.get("LINLI_LANGUAGE"):
        kept["LINLI_LANGUAGE"] = language
    return {
        **kept, "DJANGO_SETTINGS_MODULE": "linli.settings", "LINLI_DATA": str(folder), "LINLI_DATABASE": database,
        "LINLI_NAMESPACE": namespace, "LINLI_DEMO": "1", "LINLI_PROXIES": "1", "LINLI_LOG_LEVEL": "ERROR",
        marking.KEY: key,
    }  # fmt: skip


def lay(folder: Path, wanted: Wanted, *, database: str = "sqlite:", namespace: str = "sim") -> Instance:
    """Make the folder and the town in it, in a process of its own.

    Raises:
        NotSimulatedError: the folder holds something else.
        InstanceError: it went wrong.
    """
    key = marking.mark(folder)
    given = folder / "wanted.json"
    given.write_text(ground.written(wanted), encoding="utf8")
    done = subprocess.run(  # noqa: S603  our own
        [sys.executable, "-m", f"{_PACKAGE}.ground", str(given)],
        env=_environment(folder, database, namespace, key), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise InstanceError((done.stderr or done.stdout)[-2000:])
    town = json.loads((folder / ground.TOWN).read_text(encoding="utf8"))
    return Instance(folder, database, namespace, key, town)


def copy(template: Instance, folder: Path) -> Instance:
    """Return a copy of an installation on SQLite that was laid and not used since."""
    marking.check_free(folder)
    shutil.copytree(template.folder, folder, dirs_exist_ok=True)
    return Instance(folder, template.database, template.namespace, template.key, template.town)


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(port: int) -> list[str]:
    """Return the command of its server: the product's own, with the simulation's application and one thread."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", f"{_PACKAGE}.served:application",
        "--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "1",
        "--backpressure", "64", "--log-level", "warning",
    ]  # fmt: skip


@contextmanager
def served(instance: Instance, moment: str) -> Iterator[int]:
    """Serve an installation at ``moment``; yield the port.

    Raises:
        InstanceError: the server does not start.
    """
    port = free_port()
    log = instance.folder / "server.log"
    with log.open("wb") as said:
        process = subprocess.Popen(  # noqa: S603  our own
            command(port), env=instance.environment(), stdout=said, stderr=subprocess.STDOUT
        )
        try:
            _wait(process, port, instance.key, moment, log)
            yield port
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, key: str, moment: str, log: Path) -> None:
    until = time.monotonic() + _WAIT
    while time.monotonic() < until and process.poll() is None:
        if _asked(port, key, moment):
            return
        time.sleep(0.1)
    raise InstanceError(log.read_text(encoding="utf8", errors="replace")[-2000:])


def _asked(port: int, key: str, moment: str) -> bool:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/-/simulate/clock", moment.encode(), {"X-Linli-Simulation": key}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False


def known(town: Mapping[str, Any], unit: int | str | None) -> str:
    """Return the team key (or grid) of a unit by its id, empty where none works for it."""
    return str(town["units"].get(str(unit), ""))
