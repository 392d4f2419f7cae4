"""A typed client of Linli's API for other programs: the standard library alone.

>>> client = Client("https://linli.example.cn", "linli_…")
>>> receipt = client.report({"text": "路灯不亮", "category": "lamp"}, key="order-4711")
>>> case = client.case(receipt["number"])
>>> case = client.act(case, "accept")
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPMessage
from typing import Any, TypedDict, cast
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen


class Receipt(TypedDict):
    """What a report is answered with."""

    number: str
    uuid: str
    tracking_code: str
    danger: str
    seen_before: bool


class Row(TypedDict, total=False):
    """A case of a list; with ``fields`` only those that were asked for."""

    number: str
    title: str
    state: str
    state_label: str
    open: bool
    outcome: str
    urgent: bool
    category: str
    area: str
    address: str
    reported_at: str
    due_at: str | None
    overdue: bool


class Line(TypedDict, total=False):
    """What became of one line of a bulk intake: ``receipt``, or ``problem``."""

    line: int
    status: int
    receipt: Receipt
    problem: dict[str, Any]


class Reference(TypedDict):
    """A message about a warning, by its name."""

    sender: str
    identifier: str


class Alert(TypedDict, total=False):
    """A warning as it is now; ``message`` is the one whose words it says, ``mine`` whether the caller noted that."""

    uuid: str
    hazard: str
    colour: str
    state: str
    headline: str
    issuer: str
    area_text: str
    exercise: bool
    begins_at: str
    ends_at: str
    sent_at: str
    lifted_at: str | None
    message: Reference
    noted: int
    mine: bool


class Note(TypedDict):
    """That the caller took note of a message of a warning."""

    alert: str
    message: Reference
    by: str
    at: str
    repeated: bool


class Problem(Exception):  # noqa: N818  the word of RFC 9457
    """What the server refused: ``code`` is for programs, ``title`` and ``detail`` for people, ``fields`` say where."""

    def __init__(self, status: int, found: Mapping[str, Any]) -> None:
        """Take over the problem JSON."""
        self.status = status
        self.code = str(found.get("code", ""))
        self.title = str(found.get("title", ""))
        self.detail = str(found.get("detail", ""))
        self.fields: dict[str, list[str]] = dict(found.get("fields", {}))
        super().__init__(f"{status} {self.code}: {self.title} {self.detail} {self.fields or ''}".strip())


@dataclass(frozen=True, slots=True)
class Case:
    """A case with its version; ``data`` is all that the API says of it."""

    number: str
    version: str
    data: dict[str, Any] = field(repr=False)

    @property
    def state(self) -> str:
        """Its state's code."""
        return str(self.data["state"])

    def may(self, verb: str) -> bool:
        """Return whether the caller may do ``verb`` now."""
        return any(a["verb"] == verb and a["allowed"] for a in self.data["acts"])


class Client:
    """One connection's worth of settings: where, with which token, in which language.

    Args:
        url: the site, ``https://linli.example.cn``; plain http only to this very machine.
        token: made in “my account”, or for a program in the console.
        language: of the messages, ``zh-hans`` or ``en``.
        patience: how many seconds in all one call may wait where the rate is used up (429).
    """

    def __init__(
        self, url: str, token: str, *, language: str = "zh-hans", timeout: float = 30, patience: float = 90
    ) -> None:
        """Keep the settings."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            message = f"{url!r} is no address of a site"
            raise ValueError(message)
        if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
            message = "a token goes over https only"
            raise ValueError(message)
        self._base = f"{parts.scheme}://{parts.netloc}/api/v1"
        self._token, self._language = token, language
        self._timeout, self._patience = timeout, patience

    def me(self) -> dict[str, Any]:
        """Return who the token acts for and what it may be used for."""
        return self._json("GET", "/me")

    def cases(self, *, fields: Iterable[str] = (), size: int = 100, **filters: Any) -> Iterator[Row]:
        """Yield the cases that ``filters`` leave (``state``, ``unit``, ``since`` …), page by page."""
        yield from cast("Iterator[Row]", self._pages("/cases", {"fields": ",".join(fields), "size": size, **filters}))

    def case(self, number: str) -> Case:
        """Return a case with its history and the acts that it allows."""
        return self._case("GET", f"/cases/{quote(number, safe='')}")

    def report(self, report: Mapping[str, Any], *, key: str = "") -> Receipt:
        """Take a problem in; with the same ``key`` it is entered once however often it is sent."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return cast("Receipt", self._json("POST", "/cases", body=dict(report), headers=headers))

    def report_many(self, reports: Iterable[Mapping[str, Any]]) -> list[Line]:
        """Take many in, a thousand at a time; a ``key`` in a report makes it safe to send again."""
        done: list[Line] = []
        lines = [json.dumps(dict(r), ensure_ascii=False, default=str) for r in reports]
        for start in range(0, len(lines), 1_000):
            part = "\n".join(lines[start : start + 1_000]).encode()
            raw, _head = self._send("POST", "/intake", part, {"Content-Type": "application/x-ndjson"})
            for text in raw.decode().splitlines():
                found = cast("Line", json.loads(text))
                found["line"] += start
                done.append(found)
        return done

    def act(self, case: Case, verb: str, **arguments: Any) -> Case:
        """Do ``verb`` to the case as it was read; Problem 412 where somebody else was quicker."""
        address = f"/cases/{quote(case.number, safe='')}/acts/{quote(verb, safe='')}"
        return self._case("POST", address, body=arguments, headers={"If-Match": case.version})

    def upload(self, name: str, content: bytes, mime: str = "application/octet-stream") -> str:
        """Upload a file, to be named in a report or an act within a day; return its uuid."""
        edge = uuid.uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{quote(name)}"\r\n'
        body = f"{head}Content-Type: {mime}\r\n\r\n".encode() + content + f"\r\n--{edge}--\r\n".encode()
        raw, _head = self._send("POST", "/files", body, {"Content-Type": f"multipart/form-data; boundary={edge}"})
        return str(json.loads(raw)["uuid"])

    def download(self, file: str, *, original: bool = False) -> bytes:
        """Return a file as it is shown, or the original where the caller may have it."""
        variant = "original" if original else "shown"
        raw, _head = self._send("GET", f"/files/{quote(file, safe='')}/content?variant={variant}")
        return raw

    def areas(self, **filters: Any) -> Iterator[dict[str, Any]]:
        """Yield the areas in force."""
        yield from self._pages("/areas", filters)

    def units(self, **filters: Any) -> Iterator[dict[str, Any]]:
        """Yield the units that the caller may look up."""
        yield from self._pages("/units", filters)

    def venues(self, **filters: Any) -> Iterator[dict[str, Any]]:
        """Yield the venues that the public is shown."""
        yield from self._pages("/venues", filters)

    def journal(self, **filters: Any) -> Iterator[dict[str, Any]]:
        """Yield the journal of some days, for auditors."""
        yield from self._pages("/journal", filters)

    def categories(self) -> list[dict[str, Any]]:
        """Return the categories with their questions."""
        return cast("list[dict[str, Any]]", self._json("GET", "/categories")["results"])

    def rules(self, **filters: Any) -> list[dict[str, Any]]:
        """Return the parameters in force."""
        return cast("list[dict[str, Any]]", self._json("GET", f"/rules{_query(filters)}")["results"])

    def consultations(self, **filters: Any) -> Iterator[dict[str, Any]]:
        """Yield the consultations that concern the caller."""
        yield from self._pages("/consultations", filters)

    def send_alert(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Send a message about a warning; return what became of it (``outcome``) and the warning's uuid (``alert``)."""
        return self._json("POST", "/alerts", body=dict(message))

    def send_cap(self, raw: bytes) -> dict[str, Any]:
        """Send a CAP 1.2 message as it is."""
        found, _head = self._send("POST", "/alerts/cap", raw, {"Content-Type": "application/cap+xml"})
        return cast("dict[str, Any]", json.loads(found))

    def alerts(self, **filters: Any) -> Iterator[Alert]:
        """Yield the warnings, the last sent first."""
        yield from cast("Iterator[Alert]", self._pages("/alerts", filters))

    def alert(self, uuid: str) -> dict[str, Any]:
        """Return a warning with its messages and who took note."""
        return self._json("GET", f"/alerts/{quote(uuid, safe='')}")

    def note_alert(self, alert: Mapping[str, Any]) -> Note:
        """Take note of a warning as it was read; Problem 409 where it says something else by now. Safe to repeat."""
        address = f"/alerts/{quote(str(alert['uuid']), safe='')}/acknowledgements"
        return cast("Note", self._json("POST", address, body=dict(alert["message"])))

    def targets(self, ledger: str, **filters: Any) -> Iterator[dict[str, Any]]:
        """Yield the targets of a ledger, each field with its source and its time."""
        yield from self._pages(f"/ledgers/{quote(ledger, safe='')}/targets", filters)

    def put_targets(self, ledger: str, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Bring targets in, two hundred at a time; of each field the newest time holds. Safe to send again."""
        given, done = [dict(r) for r in rows], []
        for start in range(0, len(given), 200):
            body = {"rows": given[start : start + 200]}
            found = self._json("POST", f"/ledgers/{quote(ledger, safe='')}/targets", body=body)["results"]
            done += [{**line, "row": line["row"] + start} for line in found]
        return done

    def figures(self) -> list[dict[str, Any]]:
        """Return the figures that are for the caller, with formula, words and source."""
        return cast("list[dict[str, Any]]", self._json("GET", "/figures")["results"])

    def figure(self, code: str, *, by: str = "", **filters: Any) -> dict[str, Any]:
        """Return a figure over a period (``since``, ``until``, ``unit``, ``area`` …), told apart ``by`` something."""
        return self._json("GET", f"{_figure(code)}{_query({'by': by, **filters})}")

    def figure_series(self, code: str, **filters: Any) -> list[dict[str, Any]]:
        """Return a figure stretch by stretch."""
        return cast("list[dict[str, Any]]", self._json("GET", f"{_figure(code)}/series{_query(filters)}")["results"])

    def figure_readings(self, code: str, **filters: Any) -> list[dict[str, Any]]:
        """Return what a figure was at the end of each day, as it was read then."""
        return cast("list[dict[str, Any]]", self._json("GET", f"{_figure(code)}/readings{_query(filters)}")["results"])

    def figure_rows(self, code: str, **filters: Any) -> Iterator[dict[str, Any]]:
        """Yield the rows that a figure counts, page by page; with ``part`` only those of the numerator."""
        yield from self._pages(f"{_figure(code)}/rows", filters)

    def _case(self, method: str, address: str, **more: Any) -> Case:
        raw, head = self._send(method, address, **_sent(**more))
        data = json.loads(raw) if raw else {"number": "", "state": "", "acts": []}
        return Case(str(data["number"]), str(head.get("ETag", "")), data)

    def _pages(self, address: str, filters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        cursor = ""
        while True:
            found = self._json("GET", address + _query({**filters, "cursor": cursor}))
            yield from found["results"]
            cursor = found["next"]
            if not cursor:
                return

    def _json(
        self, method: str, address: str, *, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        raw, _head = self._send(method, address, **_sent(body=body, headers=headers))
        return cast("dict[str, Any]", json.loads(raw))

    def _send(
        self, method: str, address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[bytes, HTTPMessage]:
        waited = 0.0
        while True:
            try:
                return self._once(method, address, body, headers or {})
            except HTTPError as error:
                pause = float(error.headers.get("Retry-After") or 1)
                if error.code != 429 or waited + pause > self._patience:
                    raise _problem(error) from error
                waited += pause
                time.sleep(pause)

    def _once(
        self, method: str, address: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[bytes, HTTPMessage]:
        own = {"Authorization": f"Bearer {self._token}", "Accept-Language": self._language, **headers}
        request = Request(self._base + address, data=body, method=method, headers=own)  # noqa: S310  http(s), checked above
        with urlopen(request, timeout=self._timeout) as answer:  # noqa: S310  likewise
            return answer.read(), answer.headers


def _figure(code: str) -> str:
    return f"/figures/{quote(code, safe='')}"


def _query(filters: Mapping[str, Any]) -> str:
    kept = {k: v for k, v in filters.items() if v not in (None, "", [])}
    plain = {k: str(v).lower() if isinstance(v, bool) else v for k, v in kept.items()}
    return f"?{urlencode(plain, doseq=True)}" if plain else ""


def _sent(*, body: Any = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    head = dict(headers or {})
    if body is None:
        return {"headers": head}
    text = json.dumps(body, ensure_ascii=False, default=str)
    return {"body": text.encode(), "headers": {"Content-Type": "application/json", **head}}


def _problem(error: HTTPError) -> Problem:
    raw = error.read()
    try:
        found = json.loads(raw)
    except ValueError:
        found = {"title": raw[:200].decode(errors="replace")}
    return Problem(error.code, found if isinstance(found, dict) else {})
