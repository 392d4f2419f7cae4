"""The doors that a simulation goes through, over HTTP, each call timed: portal, API, Open311, and the driver's own."""

from __future__ import annotations

import html
import http.client
import json
import re
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPMessage
from itertools import count
from typing import Any
from urllib.parse import urlencode

from linli.interfaces.api.client import Case, Client, Problem
from linli.interfaces.cli.simulate.arrivals import Incident
from linli.interfaces.cli.simulate.dice import dice

_CSRF = "s" * 32
_STATE = re.compile(r'name="state" value="([^"]+)"')
_JOIN = re.compile(r'name="do" value="join:([^"]+)"')
_CODE = re.compile(r'class="receipt__code">([^<]+)<')
_ACT = re.compile(r"/cases/[^/]+/acts/")
_SECONDS = 60


class DoorError(Exception):
    """A door answered what it should not have."""


@dataclass
class Watch:
    """How long each door took, and what was refused."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def timed(self, door: str) -> Iterator[None]:
        """Time what is done inside."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.times[door].append(time.perf_counter() - began)


class TimedClient(Client):
    """The API's own client, each call timed."""

    def __init__(self, url: str, token: str, watch: Watch) -> None:
        """Speak with ``token``; report to ``watch``."""
        super().__init__(url, token, timeout=_SECONDS)
        self._watch = watch

    def _once(
        self, method: str, address: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[bytes, HTTPMessage]:
        with self._watch.timed(_door(method, address)):
            return super()._once(method, address, body, headers)


def _door(method: str, address: str) -> str:
    if _ACT.match(address):
        return "api act"
    if method == "GET":
        return "api read"
    return {"/cases": "api report", "/intake": "api bulk", "/files": "api upload"}.get(address, "api other")


@dataclass
class Raised:
    """What became of a report: the case, the code to follow it, whether it joined another's."""

    number: str
    code: str = ""
    joined: bool = False
    near: tuple[str, ...] = ()


class Doors:
    """All doors of one simulated installation."""

    def __init__(self, port: int, key: str, tokens: Mapping[str, str], watch: Watch) -> None:
        """Go through the doors at ``port``; ``key`` is the driver's."""
        self.port, self.key, self.tokens, self.watch = port, key, tokens, watch
        self._clients: dict[str, TimedClient] = {}
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS * 10)
        self._now = ""

    # -- the driver's own

    def driver(self, what: str, body: str = "") -> Any:
        """Ask the simulated server itself."""
        raw = self._send(f"/-/simulate/{what}", body.encode(), {"X-Linli-Simulation": self.key})
        if raw.status != 200:
            raise DoorError(f"{what} {raw.status}: {raw.body[:500]}")
        return json.loads(raw.body)

    def at(self, moment: str) -> None:
        """Let it be ``moment`` for all that follows."""
        if moment != self._now:
            self.driver("clock", moment)
            self._now = moment

    def turn(self) -> int:
        """Let the worker do what is due; return how many jobs."""
        with self.watch.timed("worker"):
            return int(self.driver("turn")["jobs"])

    def facts(self) -> list[dict[str, Any]]:
        """Return what became of every case."""
        found: list[dict[str, Any]] = []
        for number in count():
            page = self.driver("facts", str(number))
            if not page:
                break
            found += page
        return found

    # -- the API

    def client(self, login: str) -> TimedClient:
        """Return the client with the token of ``login``."""
        if login not in self._clients:
            url = f"http://127.0.0.1:{self.port}"
            self._clients[login] = TimedClient(url, self.tokens[login], self.watch)
        return self._clients[login]

    def case(self, login: str, number: str) -> Case:
        """Read a case as ``login``."""
        return self.client(login).case(number)

    def pictures(self, login: str, wanted: Mapping[str, int], key: str) -> list[dict[str, str]]:
        """Upload the pictures of evidence that a category asks for."""
        made = []
        for purpose, most in wanted.items():
            for n in range(most):
                uuid = self.client(login).upload(f"{purpose}-{n}.png", picture(f"{key}-{purpose}-{n}"), "image/png")
                made.append({"uuid": uuid, "purpose": purpose})
        return made

    def phoned(self, login: str, incident: Incident) -> Raised:
        """Enter what somebody says on the telephone, as ``login`` at the desk."""
        found = self.client(login).report(told(incident, "phone"), key=f"sim-{incident.number}")
        return Raised(found["number"], found["tracking_code"])

    def delivered(self, login: str, incidents: list[Incident]) -> list[Raised | None]:
        """Deliver what another system holds in one piece; None for a line that was refused."""
        sources = {"order": "hotline", "bulk": "video"}
        rows = [told(i, sources[i.channel]) | {"key": f"sim-{i.number}"} for i in incidents]
        found: list[Raised | None] = []
        for line in self.client(login).report_many(rows):
            if "receipt" in line:
                found.append(Raised(line["receipt"]["number"], line["receipt"]["tracking_code"]))
            else:
                self.watch.refused[f"bulk {line['problem'].get('code')}"] += 1
                found.append(None)
        return found

    # -- Open311

    def open311(self, incident: Incident, token: str) -> Raised | None:
        """Send a request as an app does; None where it was refused."""
        form = {
            "api_key": token, "service_code": incident.category, "lat": str(incident.lat), "long": str(incident.lon),
            "address_string": incident.address, "description": incident.text, "first_name": incident.name,
            "phone": incident.phone,
        }  # fmt: skip
        with self.watch.timed("open311"):
            found = self._send("/open311/v2/requests.json", urlencode(form).encode(), _FORM)
        if found.status not in {200, 201}:
            self.watch.refused[f"open311 {found.status}"] += 1
            return None
        return Raised(str(json.loads(found.body)[0].get("service_request_id", "")))

    # -- the portal

    def look(self, incident: Incident) -> tuple[str, tuple[str, ...]]:
        """Fill in the first page of the report form; return its state and the reports nearby that it shows."""
        form = {
            "do": "check", "state": "", "text": incident.text, "category": incident.category,
            "address": incident.address, "point_lat": str(incident.lat), "point_lon": str(incident.lon),
            "point_system": "wgs84",
        }  # fmt: skip
        with self.watch.timed("portal look"):
            found = self._send("/report/", urlencode(form).encode(), self._visitor(incident))
        state = _STATE.search(found.body)
        if found.status != 200 or state is None:
            raise DoorError(f"portal {found.status}: {_plain(found.body)}")
        return html.unescape(state[1]), tuple(html.unescape(n) for n in _JOIN.findall(found.body))

    def send(self, incident: Incident, state: str, join: str = "") -> Raised:
        """Send the report, or join another's; return the number and the tracking code that the last page shows."""
        form = {"do": f"join:{join}" if join else "send", "state": state, "name": incident.name}
        form |= {"phone": incident.phone, "way": "phone"}
        visitor = self._visitor(incident)
        with self.watch.timed("portal send"):
            found = self._send("/report/", urlencode(form).encode(), visitor)
        if found.status != 302:
            raise DoorError(f"portal {found.status}: {_plain(found.body)}")
        cookie = found.cookie("linli_receipt")
        with self.watch.timed("portal receipt"):
            done = self._send("/report/done/", b"", visitor | {"Cookie": f"linli_receipt={cookie}"}, "GET")
        code, number = _CODE.search(done.body), re.search(r"[A-Z]{0,4}\d{8}-?\d{3,6}", done.body)
        if code is None:
            raise DoorError(f"portal {done.status}: {_plain(done.body)}")
        return Raised(join or (number[0] if number else ""), code[1].strip(), joined=bool(join))

    def follow(self, incident: Incident, code: str, act: str, form: Mapping[str, str]) -> bool:
        """Open a report by its code and rate or urge it, as whoever raised it; return whether that was taken."""
        visitor = self._visitor(incident)
        with self.watch.timed("portal track"):
            found = self._send("/track/", urlencode({"code": code}).encode(), visitor)
        if found.status != 302:
            self.watch.refused[f"track {found.status}"] += 1
            return False
        cookies = visitor["Cookie"] + "".join(f"; {c}" for c in found.cookies())
        with self.watch.timed(f"portal {act}"):
            done = self._send(f"/track/{act}/", urlencode(form).encode(), visitor | {"Cookie": cookies})
        if done.status != 302:
            self.watch.refused[f"{act} {done.status}"] += 1
        return done.status == 302

    def _visitor(self, incident: Incident) -> dict[str, str]:
        """Return the head of a visitor's requests: an address of their own, behind the proxy."""
        luck = dice("address", incident.number)
        address = f"10.{luck.randrange(256)}.{luck.randrange(256)}.{luck.randrange(1, 255)}"
        return {**_FORM, "Cookie": f"csrftoken={_CSRF}", "X-CSRFToken": _CSRF, "X-Forwarded-For": address}

    def _send(self, path: str, body: bytes, headers: Mapping[str, str], method: str = "POST") -> _Answer:
        for again in (True, False):
            try:
                self._line.request(method, path, body if method == "POST" else None, dict(headers))
                answer = self._line.getresponse()
                return _Answer(answer.status, answer.read().decode("utf8", "replace"), answer.headers)
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self._line.close()  # an idle line that the server has closed
                if not again:
                    raise
        raise AssertionError

    def close(self) -> None:
        """Hang up."""
        self._line.close()


_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class _Answer:
    status: int
    body: str
    headers: HTTPMessage

    def cookies(self) -> list[str]:
        return [c.split(";", 1)[0] for c in self.headers.get_all("Set-Cookie") or []]

    def cookie(self, name: str) -> str:
        return next((c.split("=", 1)[1] for c in self.cookies() if c.startswith(f"{name}=")), "")


def told(incident: Incident, source: str) -> dict[str, Any]:
    """Return an incident as the API takes it."""
    made = {
        "text": incident.text, "category": incident.category, "address": incident.address, "source": source,
        "point": {"lat": incident.lat, "lon": incident.lon},
    }  # fmt: skip
    if source == "hotline":
        made["external_number"] = f"SIM-{incident.number:07d}"
    if source in {"phone", "hotline"}:
        made["contact"] = {"name": incident.name, "phone": incident.phone, "way": "phone"}
    return made


def picture(key: str) -> bytes:
    """Return a small PNG that no other key has."""
    luck, width, height = dice("picture", key), 32, 24
    rows = b"".join(b"\x00" + luck.randbytes(3 * width) for _n in range(height))

    def part(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows, 1)) + part(b"IEND", b"")


def _plain(body: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())[:300]


__all__ = ["Case", "DoorError", "Doors", "Problem", "Raised", "TimedClient", "Watch"]
