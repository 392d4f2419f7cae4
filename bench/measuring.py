"""Times one thing beside its floor, by processor time and by the clock, turn about."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.db import connection

_TOKEN = "a" * 32


@dataclass
class Answer:
    """What a request gave."""

    status: int
    body: bytes


class Client:
    """Calls the WSGI application with a plain environment: none of the test client's own work is timed."""

    def __init__(self, application: Callable[..., Any], session: str = "") -> None:
        """Ask as whoever has ``session``."""
        self.application = application
        cookies = f"csrftoken={_TOKEN}" + (f"; sessionid={session}" if session else "")
        self.base = {
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "HTTP_HOST": "127.0.0.1",
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "HTTP_COOKIE": cookies,
            "HTTP_X_CSRFTOKEN": _TOKEN,
            "HTTP_ACCEPT_LANGUAGE": "zh-CN",
        }

    def ask(self, path: str, form: dict[str, str] | None = None, **environment: str) -> Answer:
        """GET ``path``, or POST ``form`` to it; ``environment`` adds to WSGI's (``HTTP_HX_REQUEST="true"``)."""
        path, _mark, query = quote(path, safe="/?&=%,:.").partition("?")
        body = urlencode(form).encode() if form is not None else b""
        environ = {
            **self.base,
            "REQUEST_METHOD": "GET" if form is None else "POST",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            **environment,
        }
        status = [0]

        def start_response(line: str, _headers: Any, _error: Any = None) -> None:
            status[0] = int(line[:3])

        answer = self.application(environ, start_response)
        text = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        return Answer(status[0], text)


@dataclass
class Figures:
    """What was measured of one subject."""

    name: str
    floor: str
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    floor_cpu: list[float] = field(default_factory=list)
    floor_wall: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    floor_database: list[float] = field(default_factory=list)
    statements: int = 0

    def row(self) -> dict[str, Any]:
        """Return medians in milliseconds, and the ratio to the floor by processor time."""
        middle = {k: statistics.median(getattr(self, k)) * 1000 for k in ("cpu", "wall", "floor_cpu", "floor_wall")}
        database, floor_database = (statistics.fmean(v) * 1000 for v in (self.database, self.floor_database))
        return {
            "name": self.name,
            "floor": self.floor,
            "n": len(self.cpu),
            "statements": self.statements,
            "p95": sorted(self.wall)[max(0, round(len(self.wall) * 0.95) - 1)] * 1000,
            "database": database,
            **middle,
            "ratio": middle["cpu"] / middle["floor_cpu"],
            "ratio_all": (middle["cpu"] + database) / (middle["floor_cpu"] + floor_database),
        }


def backend() -> Path | None:
    """Return where the kernel counts the processor time of this connection's database process."""
    if connection.vendor == "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    path = Path(f"/proc/{pid}/schedstat")
    return path if path.exists() else None


def timed(act: Callable[[], Any], where: Path | None) -> tuple[float, float, float]:
    """Return the seconds of processor time, of the clock, and of the database process that ``act`` takes."""
    database = int(where.read_text().split()[0]) if where else 0
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return cpu, wall, ((int(where.read_text().split()[0]) - database) / 1e9) if where else 0.0


def count(act: Callable[[], Any]) -> int:
    """Return how many statements ``act`` sends."""
    sent = [0]

    def note(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        sent[0] += not str(sql).startswith(("SAVEPOINT", "RELEASE"))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        act()
    return sent[0]


def measure(name: str, act: Callable[[], Any], *, floor: Callable[[], Any], floor_name: str, rounds: int) -> Figures:
    """Run ``act`` and ``floor`` turn about; the first rounds are for warming."""
    figures = Figures(name, floor_name)
    for _i in range(3):
        act()
        floor()
    figures.statements = count(act)
    where = backend()
    for _i in range(rounds):
        cpu, wall, database = timed(floor, where)
        figures.floor_cpu.append(cpu)
        figures.floor_wall.append(wall)
        figures.floor_database.append(database)
        cpu, wall, database = timed(act, where)
        figures.cpu.append(cpu)
        figures.wall.append(wall)
        figures.database.append(database)
    return figures
