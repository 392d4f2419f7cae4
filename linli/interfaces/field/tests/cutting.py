"""A line between the phone and the server that breaks where a test says: the browser sees no answer, as in a lift.

It stands below the browser, so that what the page and what its worker ask for goes the same way. Once it has broken,
nothing passes any more until it is mended.
"""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ALONE = {"connection", "keep-alive", "transfer-encoding"}
PATIENCE = 60


class Moment(StrEnum):
    """When the line breaks: on the way there, before the answer comes, in the midst of the answer."""

    BEFORE = "before"
    AFTER = "after"
    MIDST = "midst"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class CutLine(ThreadingHTTPServer):
    """A proxy in front of ``server``; ``passed`` counts what reached the server, by step."""

    def __init__(self, server: str) -> None:
        super().__init__(("localhost", 0), _Carrier)
        self.there = server
        self.url = f"http://localhost:{self.server_port}"
        self.passed: Counter[str] = Counter()
        self.whole = True
        self._where: tuple[str, Moment] | None = None
        self._lock = threading.Lock()
        self._broke = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def cut(self, step: str, moment: Moment) -> None:
        """Break at the next question below ``/field/`` that begins with ``step``."""
        with self._lock:
            self._where = (step, moment)
            self._broke.clear()

    def broken(self) -> None:
        """Wait until it broke."""
        assert self._broke.wait(PATIENCE), f"nothing came to {self._where}"

    def mend(self) -> None:
        with self._lock:
            self.whole = True

    def meets(self, step: str) -> Moment | None:
        """Return when the line breaks for this question; None where it does not."""
        with self._lock:
            if self._where is None or not step.startswith(self._where[0]) or not self.whole:
                return None
            (_step, moment), self._where = self._where, None
            return moment

    def fall(self) -> None:
        with self._lock:
            self.whole = False
        self._broke.set()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a browser lets go of connections as it likes."""


class _Carrier(BaseHTTPRequestHandler):
    server: CutLine
    timeout = PATIENCE

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def carry(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.close_connection = True
        step = self.path.removeprefix("/field/").partition("?")[0]
        moment = self.server.meets(step)
        if moment is Moment.BEFORE:
            self.server.fall()
        if not self.server.whole:
            return
        answer = self._ask(body)
        self.server.passed[step] += 1
        if moment is Moment.AFTER:
            self.server.fall()
            return
        with suppress(OSError):
            self._give(answer, whole=moment is None)
        if moment is Moment.MIDST:
            self.server.fall()

    do_GET = do_POST = do_HEAD = carry  # noqa: N815  the names that http.server asks for

    def _ask(self, body: bytes) -> Answer:
        there = HTTPConnection(self.server.there.removeprefix("http://"), timeout=PATIENCE)
        try:
            there.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in ALONE:
                    there.putheader(name, value)
            there.putheader("Connection", "close")
            there.endheaders(body)
            got = there.getresponse()
            return Answer(got.status, got.getheaders(), got.read())
        finally:
            there.close()

    def _give(self, answer: Answer, *, whole: bool) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            if name.lower() not in ALONE | {"content-length"}:
                self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body if whole else answer.body[: len(answer.body) // 2])
