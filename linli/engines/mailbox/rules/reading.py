"""One raw message as plain values. Whatever is broken in it costs that part, not the message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime

from linli.engines.mailbox.rules.charsets import decoded, header_text
from linli.engines.mailbox.rules.html import plain_text
from linli.engines.mailbox.types import Incoming, Part

_MOST_PARTS = 200
_DEEPEST = 30
_MOST_TEXT = 400_000
_ADDRESS = re.compile(r"[^\s<>@\"(),;:\\\[\]]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?", re.I)
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{3,400}>")
_KEPT = frozenset({
    "return-path", "content-type", "auto-submitted", "precedence", "x-autoreply", "x-autorespond", "x-auto-reply",
    "x-autoresponse", "list-id", "list-post", "list-unsubscribe", "mailing-list", "x-mailing-list", "feedback-id",
    "x-spam-flag", "x-spam-status", "authentication-results", "x-auto-response-suppress"
})  # fmt: skip


class UnreadableError(ValueError):
    """A message that nobody can read, or that was made to cost much."""


def _raw(message: Message, name: str) -> str:
    """Return the first header of that name as it came, with bytes beyond ASCII as they were."""
    return next((str(v) for k, v in message.raw_items() if k.lower() == name), "")


def _headers(message: Message) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        if (lower := name.lower()) in _KEPT and lower not in found:
            found[lower] = re.sub(r"\s+", " ", str(value))[:2000].strip()
    return found


def _sender(message: Message, charset: str) -> tuple[str, str]:
    raw = _raw(message, "from")[:2000]
    plain = header_text(raw, charset)
    # The address stands in brackets; what else is in there may be anybody's words.
    inside = re.findall(r"<\s*([^<>\s]+)\s*>", plain)
    address = inside[-1] if inside else parseaddr(plain)[1]
    match = _ADDRESS.fullmatch(address.strip())
    name = re.sub(r"<[^<>]*>", "", plain).strip().strip("\"'“” ") if inside else header_text(parseaddr(raw)[0], charset)
    return (match[0].lower() if match else ""), ("" if "@" in name else name[:80])


def _moment(message: Message) -> datetime | None:
    try:
        found = parsedate_to_datetime(_raw(message, "date")[:200])
        return found.astimezone(UTC) if found.tzinfo is not None else found.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def _ids(message: Message) -> tuple[str, ...]:
    """Return the mails that this one answers, the nearest first."""
    near = _MESSAGE_ID.findall(_raw(message, "in-reply-to")[:4000])
    far = _MESSAGE_ID.findall(_raw(message, "references")[:20_000])
    return tuple(dict.fromkeys([*near, *reversed(far)]))[:50]


def _content(leaf: Message) -> bytes:
    try:
        found = leaf.get_payload(decode=True)
    except (ValueError, LookupError, UnicodeError):
        found = None
    return found if isinstance(found, bytes) else b""


def _filename(leaf: Message) -> str:
    try:
        raw = leaf.get_filename("") or ""
    except (ValueError, LookupError, UnicodeError, TypeError):
        raw = ""
    name = header_text(str(raw)) if raw else ""
    return re.sub(r"[\\/:*?\"<>|\x00-\x1f]+", "_", name).strip(" ._")[-80:]


def _part(leaf: Message, name: str) -> Part:
    ident = _raw(leaf, "content-id").strip()
    inline = (leaf.get_content_disposition() or "") == "inline" or bool(ident)
    return Part(name=name, mime=leaf.get_content_type(), content=_content(leaf), inline=inline)


def _charset(leaf: Message) -> str:
    try:
        return str(leaf.get_param("charset") or "")
    except (ValueError, LookupError, UnicodeError, TypeError):
        return ""


class _Walk:
    """The texts of a message in their order, and what is attached to it."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.parts: list[Part] = []
        self.count = 0
        self.charset = ""

    def go(self, message: Message, depth: int = 0) -> None:
        self.count += 1
        if depth > _DEEPEST or self.count > _MOST_PARTS:
            raise UnreadableError
        kind = message.get_content_type()
        if kind == "message/rfc822" or (kind.startswith("message/") and depth):
            self.parts.append(Part(name=_filename(message) or "message.eml", mime=kind, content=b"", inline=False))
        elif message.is_multipart():
            children = [c for c in message.get_payload() if isinstance(c, Message)]
            if kind == "multipart/alternative":
                self._one_of(children, depth)
            else:
                for child in children:
                    self.go(child, depth + 1)
        else:
            self._leaf(message, kind)

    def _one_of(self, children: list[Message], depth: int) -> None:
        """Of what says the same in several ways take the plain text, if there is any; and what is attached to any."""
        walks = []
        for child in children:
            walk = _Walk()
            walk.count = self.count
            walk.go(child, depth + 1)
            self.count, self.charset = walk.count, self.charset or walk.charset
            walks.append((child.get_content_type() != "text/plain", walk))
        said = [w for _rank, w in sorted(walks, key=lambda x: x[0]) if any(t.strip() for t in w.texts)]
        self.texts += said[0].texts if said else []
        for _rank, walk in walks:
            self.parts += walk.parts

    def _leaf(self, leaf: Message, kind: str) -> None:
        name = _filename(leaf)
        attached = (leaf.get_content_disposition() or "") == "attachment" or bool(name)
        if attached or kind not in {"text/plain", "text/html"}:
            if kind != "text/calendar":
                self.parts.append(_part(leaf, name or f"{kind.partition('/')[2][:20] or 'file'}"))
            return
        self.charset = self.charset or _charset(leaf)
        text = decoded(_content(leaf)[:_MOST_TEXT], _charset(leaf))
        self.texts.append(plain_text(text) if kind == "text/html" else text)


def _text(texts: list[str]) -> str:
    joined = "\n\n".join(t.strip("\n") for t in texts if t.strip())
    joined = joined.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    return "".join(_printable(joined)).strip()


def _printable(text: str) -> Iterator[str]:
    return (c for c in text if (c >= " " or c in "\n\t") and not 0xD800 <= ord(c) <= 0xDFFF)


def _incoming(message: Message, texts: list[str], parts: list[Part], charset: str = "") -> Incoming:
    sender, name = _sender(message, charset)
    ids = _MESSAGE_ID.findall(_raw(message, "message-id")[:2000])
    return Incoming(
        message_id=ids[0] if ids else "",
        answers=_ids(message),
        sender=sender,
        sender_name="".join(_printable(name)),
        subject="".join(_printable(header_text(_raw(message, "subject")[:8000], charset)))[:400].strip(),
        sent_at=_moment(message),
        text=_text(texts),
        parts=tuple(parts),
        headers=_headers(message),
        hops=sum(1 for k, _v in message.raw_items() if k.lower() == "received"),
    )


def read(raw: bytes) -> Incoming:
    """Return what a raw message says.

    Raises:
        UnreadableError: it has too many parts, or they lie too deep.
    """
    try:
        message = message_from_bytes(raw)
        walk = _Walk()
        walk.go(message)
        return _incoming(message, walk.texts, walk.parts, walk.charset)
    except (RecursionError, AttributeError, TypeError, ValueError, LookupError) as error:
        raise UnreadableError(type(error).__name__) from error


def read_headers(raw: bytes) -> Incoming:
    """Return who wrote a message of which only the headers can be read, and about what; no text, nothing attached."""
    head = re.split(rb"\r?\n\r?\n", raw[:200_000], maxsplit=1)[0]
    try:
        return _incoming(message_from_bytes(head + b"\r\n\r\n"), [], [])
    except (RecursionError, AttributeError, TypeError, ValueError, LookupError):
        return Incoming()
