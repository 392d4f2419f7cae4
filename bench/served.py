"""Intake by a real server: granian with one process, and clients on one or several connections."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.words import CATEGORIES, address, wording

_TOKEN = "a" * 32
HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Cookie": f"csrftoken={_TOKEN}",
    "X-CSRFToken": _TOKEN,
    "Host": "127.0.0.1",
}


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(p for c in children for p in _family(int(c)))]


def _cpu(pid: int) -> float:
    """Return the processor seconds of a process with all below it."""
    ticks = 0
    for member in _family(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{member}/stat").read_text().rsplit(") ", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def command(port: int) -> list[str]:
    """Return the command of a server with one process."""
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "bench.wsgi:application",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "1",
        "--blocking-threads",
        "1",
        "--backpressure",
        "256",
        "--log-level",
        "warning",
    ]


@contextlib.contextmanager
def server(data: Path) -> Iterator[tuple[int, int]]:
    """Yield (port, process id) of a running server."""
    port = free_port()
    process = subprocess.Popen(command(port), env={**os.environ, "LINLI_DATA": str(data), "LINLI_PROXIES": "1"})
    try:
        for _i in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _body(luck: random.Random, path: str) -> str:
    if "floor" in path:
        return urlencode({"text": wording(luck)})
    from linli.interfaces.portal.report.draft import Draft  # noqa: PLC0415  after Django is set up

    draft = Draft(text=wording(luck), category=luck.choice(CATEGORIES[:6]), address=address(luck), system="wgs84")
    draft.lat, draft.lon = 31.2215 + luck.uniform(-0.004, 0.004), 121.4195 + luck.uniform(-0.004, 0.004)
    phone = f"138{luck.randint(0, 99_999_999):08d}"
    return urlencode({"state": draft.seal(), "do": "send", "phone": phone, "name": "测试", "way": "phone"})


def _client(port: int, path: str, until: float, seed: int, times: list[float], faults: list[int]) -> None:
    luck = random.Random(seed)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while time.perf_counter() < until:
        body = _body(luck, path)
        began = time.perf_counter()
        visitor = f"10.{luck.randint(0, 255)}.{luck.randint(0, 255)}.{luck.randint(1, 254)}"
        connection.request("POST", path, body, {**HEADERS, "X-Forwarded-For": visitor})
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - began)
        if answer.status != (201 if "floor" in path else 302):
            faults.append(answer.status)
    connection.close()


def _load(port: int, pid: int, path: str, connections: int, seconds: float) -> dict[str, Any]:
    times: list[float] = []
    faults: list[int] = []
    cpu, began = _cpu(pid), time.perf_counter()
    threads = [
        threading.Thread(target=_client, args=(port, path, began + seconds, i, times, faults))
        for i in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    return {
        "path": path,
        "connections": connections,
        "requests": len(times),
        "per_second": len(times) / took,
        "faults": len(faults),
        "median": statistics.median(times) * 1000,
        "p95": sorted(times)[int(len(times) * 0.95)] * 1000,
        "cpu": (_cpu(pid) - cpu) / max(1, len(times)) * 1000,
    }


def measure(data: Path, seconds: float = 4.0) -> list[dict[str, Any]]:
    """Return requests a second, times and server processor time, floor and intake turn about."""
    found = []
    with server(data) as (port, pid):
        for path in ("/bench/floor/write/", "/report/"):
            _load(port, pid, path, 1, 1.0)
        for connections in (1, 8):
            paths = ("/bench/floor/write/", "/report/")
            found += [_load(port, pid, path, connections, seconds) for path in paths]
    return found
