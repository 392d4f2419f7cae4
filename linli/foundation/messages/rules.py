"""Pure rules of the room `messages`: templates, quiet hours, waits, masks."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

LANGUAGES = ("zh-hans", "en")
PARTS = ("subject", "body", "short")


@dataclass(frozen=True, slots=True)
class Template:
    """The words of one message in every language.

    Attributes:
        required: parameters that must be given, and must stand in subject or body in every language.
        optional: parameters that may be given and be empty.
        urgent: passes quiet hours.
        secret: the parameters are wiped once the message is gone (one-time codes).
        texts: (language, part) → text with ``{named}`` parameters.
        personal: parameters that say where, who or how to reach somebody; they never stand in a text message.
    """

    code: str
    required: frozenset[str]
    optional: frozenset[str]
    urgent: bool
    secret: bool
    texts: Mapping[tuple[str, str], str]
    personal: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a part of a template.

    ``code``: missing (no text), lines (more than one), braces, unknown, personal (in a text message), dropped (a
    required parameter that stands neither in subject nor body); ``names``: the parameters meant.
    """

    part: str
    code: str
    names: tuple[str, ...] = ()


class BadTemplateError(ValueError):
    """A template that must not be used; says what is wrong with it."""


def names_in(text: str) -> frozenset[str]:
    """Return the parameters that ``text`` names; only plain ``{name}`` is allowed.

    Raises:
        BadTemplateError: an unbalanced brace, an attribute, an index, a conversion or a format.
    """
    try:
        fields = [(n, spec, conversion) for _, n, spec, conversion in string.Formatter().parse(text) if n is not None]
    except ValueError as error:
        raise BadTemplateError(f"braces do not match: {text!r}") from error
    for name, spec, conversion in fields:
        if not name.isidentifier() or spec or conversion:
            raise BadTemplateError(f"only {{name}} may stand in braces: {text!r}")
    return frozenset(name for name, _, _ in fields)


def faults(template: Template, language: str) -> list[Fault]:
    """Return what is wrong with a template in one language, part by part; ``dropped`` last."""
    found: list[Fault] = []
    used: set[str] = set()
    for part in PARTS:
        text = template.texts.get((language, part), "").strip()
        if not text:
            found.append(Fault(part, "missing"))
            continue
        if part != "body" and "\n" in text:
            found.append(Fault(part, "lines"))
        try:
            names = names_in(text)
        except BadTemplateError:
            found.append(Fault(part, "braces"))
            continue
        if unknown := names - template.required - template.optional:
            found.append(Fault(part, "unknown", tuple(sorted(unknown))))
        if part == "short" and (private := names & template.personal):
            found.append(Fault(part, "personal", tuple(sorted(private))))
        used |= names if part != "short" else set()
    if dropped := template.required - used:
        found.append(Fault("body", "dropped", tuple(sorted(dropped))))
    return found


_WORDS = {
    "missing": "{part} in {language} is missing",
    "lines": "{part} in {language} must be one line",
    "braces": "{part} in {language}: braces do not match, or more than only {{name}} stands in them",
    "unknown": "{part} in {language} names unknown parameters: {names}",
    "personal": "{part} in {language} names what a text message must not carry: {names}",
    "dropped": "not used in {language}: {names}",
}


def check(template: Template) -> None:
    """Refuse a template that names an unknown parameter, misses a required one or lacks a language.

    Raises:
        BadTemplateError: it says which.
    """
    for language in LANGUAGES:
        for fault in faults(template, language):
            words = _WORDS[fault.code].format(part=fault.part, language=language, names=", ".join(fault.names))
            raise BadTemplateError(f"{template.code}: {words}")


# What the networks carry: GSM 03.38 in 7 bits, all else in UCS-2 with two bytes a character.
_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = set("^{}\\[~]|€\f")


@dataclass(frozen=True, slots=True)
class Sms:
    """How long a text message is.

    Attributes:
        characters: what counts: UTF-16 units for Chinese, septets for plain Latin.
        segments: how many messages it is sent and billed as: 70 Chinese characters in one, 67 each in several
            (160 and 153 of plain Latin).
        wide: whether a character makes all of it UCS-2.
    """

    characters: int
    segments: int
    wide: bool


def sms(text: str) -> Sms:
    """Return how long ``text`` is as a text message (3GPP TS 23.038 and 23.040)."""
    wide = any(c not in _GSM and c not in _GSM_TWICE for c in text)
    count = len(text.encode("utf-16-le")) // 2 if wide else sum(1 + (c in _GSM_TWICE) for c in text)
    alone, several = (70, 67) if wide else (160, 153)
    return Sms(count, 0 if not count else 1 if count <= alone else -(-count // several), wide)


def wrong_params(template: Template, given: Mapping[str, object]) -> tuple[list[str], list[str]]:
    """Return the required parameters that are not given or empty, and the given ones that are unknown."""
    missing = sorted(n for n in template.required if str(given.get(n, "") or "").strip() == "")
    return missing, sorted(set(given) - template.required - template.optional)


def one_line(text: str) -> str:
    """Return ``text`` on one line: fit for a mail's subject."""
    return " ".join(text.split())


def fill(text: str, params: Mapping[str, str]) -> str:
    """Return ``text`` with its parameters filled in; a line whose every parameter is empty is left out."""
    lines = []
    for line in text.strip().split("\n"):
        names = names_in(line)
        if names and not any(params.get(n, "") for n in names):
            continue
        lines.append(line.format(**{n: params.get(n, "") for n in names}))
    return "\n".join(lines)


def quiet_end(now: datetime, start: time, end: time, zone: ZoneInfo) -> datetime | None:
    """Return when the quiet hours end that ``now`` lies in, or None outside them; they may cross midnight."""
    if start == end:
        return None
    local = now.astimezone(zone)
    clock = local.timetz().replace(tzinfo=None)
    inside = start <= clock < end if start < end else clock >= start or clock < end
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if start > end and clock >= start else 0)
    return datetime.combine(day, end, tzinfo=zone)


def wait(attempt: int, first: timedelta, longest: timedelta) -> timedelta:
    """Return how long to wait after failed attempt number ``attempt`` (from 1): doubled each time, bounded."""
    times: int = 1 << min(max(attempt, 1) - 1, 30)
    return min(first * times, longest)


def mask_address(channel: str, address: str) -> str:
    """Return an address fit to be shown: ``w***@example.org``, ``138****5678``."""
    if not address:
        return ""
    if "@" in address:
        name, _, host = address.rpartition("@")
        return f"{name[:1]}***@{host}"
    if channel == "visit":
        return f"{address[:2]}****"
    return f"{address[:3]}****{address[-4:]}" if len(address) >= 8 else "****"
