"""What a subject and the headers beside it say of which mail is answered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import UUID

from linli.foundation.core.text import to_halfwidth

_BEFORE = re.compile(
    r"^\s*(?:(?:re|aw|sv|fw|fwd|答复|回复|回覆|回信|转发|轉寄|转寄)\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]|\[(?:外部邮件|external)\])\s*",
    re.I,
)
_ANSWER = re.compile(
    r"^\s*(?:\[[^\]]{1,20}\]\s*)?(?:re|aw|sv|答复|回复|回覆|回信)\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]", re.I
)
# The case's number is the prefix of the installation, the day and a count; the code stands behind it.
_MARK = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{0,8}\d{8}-\d{4,7})(?:/([0-9A-Fa-f]{4,16}))?(?![0-9A-Fa-f/-])")
_IN_BRACKETS = re.compile(r"\s*[\[【]\s*[A-Za-z]{0,8}\d{8}-\d{4,7}(?:[/／][0-9A-Fa-f]{0,16})?\s*[\]】]")
_ID = re.compile(r"<([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@[^<>\s]{1,200}>", re.I)


def bare_subject(subject: str) -> str:
    """Return a subject without what mailers put before it and without our own mark; never longer than it was."""
    bare = _IN_BRACKETS.sub("", subject).strip()
    for _once in range(20):
        rest = _BEFORE.sub("", bare, count=1)
        if rest == bare:
            break
        bare = rest
    return bare.strip()


def is_answer(subject: str, answers: Iterable[str]) -> bool:
    """Return whether a mail answers another one: by its headers, or by what stands before its subject."""
    return any(True for _id in answers) or bool(_ANSWER.match(subject))


def marks_in(subject: str) -> list[str]:
    """Return what in a subject looks like a case's number, with the code behind it if there is one; at most five."""
    found = _MARK.finditer(to_halfwidth(subject[:1000]).replace("／", "/"))
    return list(dict.fromkeys(f"{m[1].upper()}/{m[2].upper()}" if m[2] else m[1].upper() for m in found))[:5]


def uuids_of(message_ids: Iterable[str]) -> list[UUID]:
    """Return the names of messages of ours among ``Message-ID``s."""
    return [UUID(found[1]) for found in map(_ID.fullmatch, message_ids) if found]
