"""Pure rules of webhooks: which event is wanted, when to try again, how it is signed, which address is private."""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import SplitResult, urlsplit

from linli.foundation.core.crypto import signed

FIRST_WAIT = 10
LONGEST_WAIT = 6 * 3600
ATTEMPTS = 10
PAUSE_AFTER = 20
MOST_PATTERNS = 40
MOST_FIELDS = 60
MOST_VALUES = 200
_TARGET = re.compile(r"[A-Za-z_\u4e00-\u9fff][\w-]{0,63}(\.[A-Za-z_\u4e00-\u9fff][\w-]{0,63}){0,4}")


def wanted(patterns: Collection[str], verb: str) -> bool:
    """Return whether ``verb`` (``cases.dispatch``) fits one of ``*``, ``cases.*`` or itself."""
    return any(p in ("*", verb) or (p.endswith(".*") and verb.startswith(p[:-1])) for p in patterns)


def is_pattern(text: str) -> bool:
    """Return whether ``text`` is ``*``, a room with its point and star, or a verb."""
    if text == "*":
        return True
    room, point, verb = text.partition(".")
    parts = [room, *([] if verb == "*" else verb.split("."))]
    return bool(point) and all(p.replace("_", "a").isalnum() and p.isascii() and p == p.lower() for p in parts)


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after so many tries: doubled by each, to a limit."""
    return timedelta(seconds=min(LONGEST_WAIT, FIRST_WAIT << min(max(attempts, 1) - 1, 20)))


def signature(secret: bytes, algorithm: str, *, id: str, timestamp: int, body: bytes) -> str:
    """Return the header ``webhook-signature`` (Standard Webhooks): ``v1,…``, or ``v1sm3,…`` by SM3."""
    made = signed(f"{id}.{timestamp}.".encode() + body, secret, algorithm)
    return f"{'v1sm3' if algorithm == 'sm3' else 'v1'},{base64.b64encode(made).decode()}"


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the open net: not private, local, reserved, nor such a one within IPv6."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _inner(found) if isinstance(found, ipaddress.IPv6Address) else None
    if inner is not None:
        return is_public(str(inner))
    return found.is_global and not found.is_multicast and not found.is_reserved


def _inner(found: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 one stands for: mapped, 6to4, NAT64."""
    if found in ipaddress.ip_network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour


def split_url(url: str, *, private: bool) -> SplitResult | None:
    """Return the parts of an address that may be told, None for any other.

    Args:
        private: whether private addresses, and plain http to them, are allowed here.
    """
    if len(url) > 500 or any(c <= " " or c == "\x7f" for c in url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    schemes = {"https", "http"} if private else {"https"}
    if parts.scheme not in schemes or not parts.hostname or parts.username or parts.password or port == 0:
        return None
    return parts


def flat(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an event says by the names that a mapping knows: its own (``event.time``), and those of its thing."""
    data = dict(event.get("data", {}))
    own = {"event.id": event.get("id"), "event.type": event.get("type"), "event.time": event.get("time")}
    return own | {"event.kind": data.pop("kind", None), "event.object": data.pop("id", None)} | data


def mapped(mapping: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event in the receiver's own words: its fields, its values; what the event does not say is null.

    Args:
        mapping: ``fields`` target → ours, ``values`` ours → value → theirs, ``fixed`` target → text. A target with
            points stands within objects.
    """
    said, values = flat(event), mapping.get("values", {})
    made: dict[str, Any] = {}
    for target, name in mapping.get("fields", {}).items():
        value = said.get(name)
        key = str(value).lower() if isinstance(value, bool) else str(value)
        _put(made, target, values.get(name, {}).get(key, value))
    for target, text in mapping.get("fixed", {}).items():
        _put(made, target, text)
    return made


def _put(made: dict[str, Any], target: str, value: Any) -> None:
    *outer, last = target.split(".")
    place = made
    for name in outer:
        place = place.setdefault(name, {})
    place[last] = value


def mapping_faults(mapping: Mapping[str, Any], known: Collection[str]) -> list[tuple[str, str]]:
    """Return what is wrong with a mapping: the target or field, and a code (name, twice, unknown, many)."""
    fields, fixed, values = (mapping.get(name, {}) for name in ("fields", "fixed", "values"))
    targets = [*fields, *fixed]
    found = [(t, "name") for t in targets if not _TARGET.fullmatch(t)]
    found += [(t, "twice") for t in targets if any(t == u or u.startswith(f"{t}.") for u in _others(targets, t))]
    found += [(name, "unknown") for name in [*fields.values(), *values] if name not in known]
    if len(targets) > MOST_FIELDS or sum(map(len, values.values())) > MOST_VALUES:
        found.append(("", "many"))
    return found


def _others(targets: list[str], target: str) -> list[str]:
    rest = list(targets)
    rest.remove(target)
    return rest
