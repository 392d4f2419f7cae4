"""One POST to an address: resolved once, refused where it is private, and connected to just that address."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from urllib.parse import SplitResult

from django.conf import settings

from linli.foundation.hooks import rules
from linli.foundation.hooks.types import Answer

TIMEOUT = 10.0


class RefusedError(OSError):
    """The name leads to a private address."""


def is_loopback(address: str) -> bool:
    """Return whether an IP address is this machine's own."""
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def resolve(host: str, port: int, *, private: bool) -> tuple[int, tuple[str, int]]:
    """Return (family, address) of ``host``.

    Args:
        private: whether private addresses are allowed.

    Raises:
        RefusedError: one of its addresses is private, and such are not allowed here.
        OSError: there is none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [(family, str(where[0])) for family, _type, _proto, _name, where in found]
    if not addresses:
        message = "no address"
        raise OSError(message)
    # Not "one that is public": a name that leads to both is up to something.
    if not private and not all(rules.is_public(a) for _family, a in addresses):
        message = "private address"
        raise RefusedError(message)
    return int(addresses[0][0]), (addresses[0][1], port)


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    """Return a connection to the very address that was looked at: what the name says a moment later plays no part."""
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    _family, address = resolve(host, port, private=settings.HOOKS_PRIVATE)
    plain = socket.create_connection(address, timeout=TIMEOUT)
    if parts.scheme == "https":
        plain = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
    connection.sock = plain
    return connection


def send(*, url: str, id: str, body: bytes, secret: bytes, algorithm: str, plain: bool = False) -> Answer:
    """Send ``body``, signed; return what was answered. No redirect is followed, no proxy asked, nothing read.

    Args:
        plain: it is JSON of the receiver's own making, no CloudEvents.
    """
    parts = rules.split_url(url, private=settings.HOOKS_PRIVATE)
    if parts is None:
        return Answer(error="address not allowed")
    stamp = int(time.time())
    headers = {
        "Host": parts.netloc,
        "Content-Type": f"application/{'json' if plain else 'cloudevents+json'}; charset=utf-8",
        "User-Agent": "Linli-Webhook/1",
        "webhook-id": id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": rules.signature(secret, algorithm, id=id, timestamp=stamp, body=body),
    }
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = None
    try:
        connection = _connection(parts)
        connection.request("POST", target, body=body, headers=headers)
        return Answer(status=connection.getresponse().status)
    except (OSError, ValueError, http.client.HTTPException) as error:
        return Answer(error=f"{type(error).__name__}: {error}"[:200])
    finally:
        if connection is not None:
            connection.close()
