"""``make soak``: residents report and staff act at a server and a worker that are killed now and then.

At the end the invariants are checked and written to docs/reference/soak.md.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from bench import setting, shift
from bench.served import HEADERS, command, free_port
from bench.words import CATEGORIES, address, wording

TARGET = Path(__file__).parent.parent / "docs" / "reference" / "soak.md"


@dataclass
class Soak:
    """One run: the processes, and what its clients sent and heard."""

    environment: dict[str, str]
    port: int
    seconds: float
    kill_every: float
    stop: threading.Event = field(default_factory=threading.Event)
    sent: dict[str, bool] = field(default_factory=dict)
    heard: Counter[str] = field(default_factory=Counter)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start the server or the worker in a process group of its own."""
        what = command(self.port) if name == "server" else [sys.executable, "-m", "bench.soak", "--part", "worker"]
        self.processes[name] = subprocess.Popen(
            what, env=self.environment, start_new_session=True, stdout=subprocess.DEVNULL
        )

    def kill(self, name: str) -> None:
        """Kill one of our own processes with all below it."""
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)

    def ask(self, path: str, form: dict[str, str]) -> int:
        """POST; return the status, 0 where no answer came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", path, urlencode(form), HEADERS)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
        return answer.status

    def resident(self, seed: int) -> None:
        """Report problems, each until it is answered, some twice on purpose."""
        luck = random.Random(seed)
        while not self.stop.is_set():
            key = str(uuid4())
            self.sent[key] = False
            form = {"uuid": key, "text": wording(luck), "category": luck.choice(CATEGORIES), "address": address(luck)}
            form |= {
                "hours": str(luck.choice([0, 0, 2, 30])),
                "lat": f"{31.2215 + luck.uniform(-0.003, 0.003):.6f}",
                "lon": "121.4195",
            }
            while not self.sent[key]:
                status = self.ask("/bench/soak/report/", form)
                self.heard[f"report {status}"] += 1
                self.sent[key] = status == 201
                if status != 201 and (status != 0 or self.stop.wait(0.2)):
                    break
            if self.sent[key] and luck.random() < 0.2:
                self.heard[f"again {self.ask('/bench/soak/report/', form)}"] += 1

    def staff(self, _seed: int) -> None:
        """Take cases on their way, two people often the same one."""
        while not self.stop.is_set():
            status = self.ask("/bench/soak/step/", {})
            self.heard[f"step {status}"] += 1
            if status == 0:
                self.stop.wait(0.2)

    def run(self) -> None:
        """Run for the time given, killing in turn the worker and the server."""
        for name in ("server", "worker"):
            self.start(name)
        threads = [threading.Thread(target=self.resident, args=(i,)) for i in range(3)]
        threads += [threading.Thread(target=self.staff, args=(i,)) for i in range(2)]
        self._wait_for_server()
        for thread in threads:
            thread.start()
        until, kills = time.monotonic() + self.seconds, 0
        while time.monotonic() < until:
            time.sleep(min(self.kill_every, max(0.1, until - time.monotonic())))
            name = ("worker", "server")[kills % 2]
            self.kill(name)
            self.heard[f"{name} killed"] += 1
            self.start(name)
            kills += 1
        self.stop.set()
        for thread in threads:
            thread.join(40)
        for name in list(self.processes):
            self.kill(name)

    def _wait_for_server(self) -> None:
        for _i in range(300):
            if self.ask("/bench/soak/step/", {}):
                return
            time.sleep(0.1)
        message = "the server did not start"
        raise RuntimeError(message)


def _worker() -> None:
    setting.start(Path(os.environ["LINLI_DATA"]), os.environ["LINLI_DATABASE"])
    shift.apply()
    from linli.foundation.jobs.worker import run_worker  # noqa: PLC0415

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    run_worker(stop, poll=0.2)


def _part(part: str) -> None:
    """Do one part in a process of its own: Django is set up once per process."""
    if part == "worker":
        _worker()
        return
    setting.start(Path(os.environ["LINLI_DATA"]), os.environ["LINLI_DATABASE"])
    shift.apply()
    if part == "prepare":
        setting.lay_world()
        return
    from bench.soak_checks import check  # noqa: PLC0415

    print(json.dumps(check(json.loads(sys.stdin.read()))))


def soak(kind: str, seconds: float, kill_every: float) -> dict[str, Any]:
    """Soak one database; return what was heard and how the checks ended."""
    with setting.work_folder() as folder, setting.database(kind, Path(folder)) as url:
        apart = (setting.NOW - datetime.now(UTC)).total_seconds()
        environment = {
            **os.environ,
            "LINLI_DATA": f"{folder}/data",
            "LINLI_DATABASE": url,
            "LINLI_DEMO": "1",
            "LINLI_LOG_LEVEL": "CRITICAL",
            "DJANGO_SETTINGS_MODULE": "linli.settings",
            shift.VARIABLE: str(apart),
        }
        part = [sys.executable, "-m", "bench.soak", "--part"]
        subprocess.run([*part, "prepare"], check=True, env=environment)
        run = Soak(environment, free_port(), seconds, kill_every)
        try:
            run.run()
        finally:
            for name in list(run.processes):
                run.kill(name)
        done = subprocess.run(
            [*part, "check"], check=True, env=environment, input=json.dumps(run.sent).encode(), stdout=subprocess.PIPE
        )
    found: dict[str, Any] = json.loads(done.stdout.decode().strip().splitlines()[-1])
    return {"database": kind, "seconds": seconds, "heard": dict(sorted(run.heard.items())), **found}


def page(results: list[dict[str, Any]]) -> str:
    """Return the page of the documentation."""
    from bench.report import machine  # noqa: PLC0415

    lines = [
        "# Soak",
        "",
        "Written by `make soak` (`SOAK_MINUTES=10`): residents report and staff act at once on a server and a worker",
        "that are killed (SIGKILL) in turn; afterwards everything below is checked.",
        "",
        f"Run: {machine()}.",
        "",
    ]
    for r in results:
        lines += [f"## {'SQLite' if r['database'] == 'sqlite' else 'PostgreSQL'}, {r['seconds'] / 60:.1f} minutes", ""]
        lines += [
            f"{r['cases']:,} cases, {r['events']:,} events. Heard: "
            + ", ".join(f"{k}: {v}" for k, v in r["heard"].items())
            + ".",
            "",
        ]
        lines += ["| must hold | holds | |", "|---|---|---|"]
        lines += [f"| {name} | {'yes' if ok else '**no**'} | {more} |" for name, ok, more in r["checks"]]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _kinds(given: str) -> Iterator[str]:
    yield from given.split(",")


def main() -> int:
    """Soak, report; 1 where something does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--kill-every", type=float, default=7.0)
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--part", choices=["prepare", "worker", "check"], help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="print JSON instead of writing docs/reference/soak.md")
    options = parser.parse_args()
    if options.part:
        _part(options.part)
        return 0
    results = [soak(kind, options.minutes * 60, options.kill_every) for kind in _kinds(options.databases)]
    if options.json:
        print(json.dumps(results))
    else:
        TARGET.write_text(page(results), encoding="utf8")
        print(page(results))
    return 0 if all(ok for r in results for _name, ok, _more in r["checks"]) else 1


if __name__ == "__main__":
    raise SystemExit(main())
