"""A gateway of the operator's own, asked over HTTP: one signed POST for each letter, one answer in JSON.

What it is asked and what it answers stand in ``docs/how-to/message-gateway.md``. Nothing of an address or of the words
is ever logged or kept as an error.
"""

from __future__ import annotations

import http.client
import json
import logging
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from linli.foundation.accounts.services import throttle
from linli.foundation.core import clock
from linli.foundation.core.crypto import signed
from linli.foundation.messages import selectors
from linli.foundation.messages.types import Letter, Sent, State

_log = logging.getLogger(__name__)
_HOUR = timedelta(hours=1)
_LONGEST_ANSWER = 8 * 1024
_LONGEST_WAIT = 6 * 3600
_RECEIPT = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_REASONS = frozenset({"number", "blocked", "content"})
_WRONG_REQUEST = frozenset({400, 404, 405, 409, 413, 415, 422})


def url_of(name: str) -> str:
    """Return the address of the gateway for ``sms`` or ``wechat``; empty where none is set."""
    found: str = settings.GATEWAY_URLS.get(name, "")
    return found


def signature(*, key: str, digest: str, timestamp: str, nonce: str, path: str, body: bytes) -> str:
    """Return what the gateway reckons, too: the HMAC over time, nonce, path and body, ``sha256=…`` or ``sm3=…``."""
    said = f"{timestamp}\n{nonce}\n{path}\n".encode() + body
    return f"{digest}={signed(said, key.encode(), digest).hex()}"


def asked(name: str, letter: Letter) -> bytes:
    """Return what the gateway is asked: the short form, which never carries what a template calls personal."""
    return json.dumps(
        {
            "id": str(letter.uuid), "channel": name, "to": letter.address, "text": letter.rendered.short,
            "url": letter.url, "language": letter.language,
        },
        ensure_ascii=False,
    ).encode()  # fmt: skip


def _seconds(value: Any) -> timedelta:
    """Return how long the gateway wants to be left alone; nothing where it says so in no way we know."""
    text = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    return timedelta(seconds=min(int(text), _LONGEST_WAIT)) if text.isascii() and text.isdigit() else timedelta()


def _accepted(state: State, said: Mapping[str, Any]) -> Sent:
    receipt = said.get("id")
    known = isinstance(receipt, str) and _RECEIPT.fullmatch(receipt) is not None
    return Sent(state, receipt=str(receipt) if known else "")


def _in_words(body: bytes) -> Sent:
    """Return what an answer with status 200 or 202 means."""
    try:
        said = json.loads(body)
        result = said["result"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return Sent(State.FAILED, "the gateway's answer cannot be read", again=True, unknown=True)
    if result == "accepted":
        return _accepted(State.SENT, said)
    if result == "delivered":
        return _accepted(State.DELIVERED, said)
    if result == "refused":
        reason = said.get("reason")
        return Sent(State.FAILED, f"refused: {reason if reason in _REASONS else 'other'}")
    if result == "later":
        return Sent(State.FAILED, "the gateway asks to wait", again=True, after=_seconds(said.get("after")))
    return Sent(State.FAILED, "the gateway's answer cannot be read", again=True, unknown=True)


def meaning(status: int, retry_after: str, body: bytes) -> Sent:
    """Return what became of a letter, by the gateway's answer."""
    if status in {200, 202}:
        return _in_words(body)
    if status in {429, 503}:
        return Sent(State.FAILED, f"HTTP {status}", again=True, after=_seconds(retry_after))
    return Sent(State.FAILED, f"HTTP {status}", again=status not in _WRONG_REQUEST, unknown=500 <= status < 600)


def _post(url: SplitResult, body: bytes) -> Sent:
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    timestamp, nonce = str(int(clock.now().timestamp())), secrets.token_hex(16)
    sign = signature(
        key=settings.GATEWAY_KEY, digest=settings.GATEWAY_DIGEST, timestamp=timestamp, nonce=nonce, path=path, body=body
    )
    headers = {
        "Content-Type": "application/json", "X-Linli-Timestamp": timestamp, "X-Linli-Nonce": nonce,
        "X-Linli-Signature": sign, "Connection": "close",
    }  # fmt: skip
    with closing(kind(str(url.hostname), url.port, timeout=settings.GATEWAY_TIMEOUT)) as connection:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        read = answer.read(_LONGEST_ANSWER + 1)
        return meaning(answer.status, answer.headers.get("Retry-After", ""), read[:_LONGEST_ANSWER])


class _Sender:
    """Asks the gateway letter by letter; once it is out of reach the rest waits without trying."""

    def __init__(self, name: str) -> None:
        self.name, self.url, self.down = name, urlsplit(url_of(name)), False

    def __call__(self, letter: Letter) -> Sent:
        if self.down:
            return Sent(State.FAILED, "the gateway is out of reach", again=True)
        if held := _held(self.name, clock.now()):
            return held
        try:
            return _post(self.url, asked(self.name, letter))
        except (ConnectionRefusedError, OSError, http.client.HTTPException) as error:
            # Refused: it did not get the letter. All else may have come after it did.
            refused = isinstance(error, ConnectionRefusedError)
            self.down = isinstance(error, OSError)
            _log.warning("the gateway for %s cannot be reached: %s", self.name, type(error).__name__)
            return Sent(State.FAILED, type(error).__name__, again=True, unknown=not refused)


def _held(name: str, now: datetime) -> Sent | None:
    """Count one letter of this hour; return that it waits for the next where the cap is reached."""
    most = selectors.limits(now).gateway_hour
    used, resets_at = throttle.spend(throttle.Use(f"gateway:{name}", most, _HOUR), now=now)
    if used <= most:
        return None
    return Sent(State.QUEUED, "the cap of this hour is reached", after=max(resets_at - now, timedelta(seconds=1)))


@contextmanager
def opened(name: str) -> Iterator[Callable[[Letter], Sent]]:
    """Give a function that asks the gateway for ``name``."""
    yield _Sender(name) if url_of(name) else _not_set_up


def _not_set_up(_letter: Letter) -> Sent:
    return Sent(State.FAILED, "no gateway is set")
