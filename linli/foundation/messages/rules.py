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
    """

    code: str
    required: frozenset[str]
    optional: frozenset[str]
    urgent: bool
    secret: bool
    texts: Mapping[tuple[str, str], str]


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


def _checked_part(template: Template, language: str, part: str) -> frozenset[str]:
    """Return the parameters of one part, or refuse it."""
    where, text = f"{template.code}: {part} in {language}", template.texts.get((language, part), "").strip()
    if not text:
        raise BadTemplateError(f"{where} is missing")
    if part != "body" and "\n" in text:
        raise BadTemplateError(f"{where} must be one line")
    names = names_in(text)
    if unknown := names - template.required - template.optional:
        raise BadTemplateError(f"{where} names unknown parameters: {', '.join(sorted(unknown))}")
    return names


def check(template: Template) -> None:
    """Refuse a template that names an unknown parameter, misses a required one or lacks a language.

    Raises:
        BadTemplateError: it says which.
    """
    for language in LANGUAGES:
        used = {part: _checked_part(template, language, part) for part in PARTS}
        if missing := template.required - used["subject"] - used["body"]:
            raise BadTemplateError(f"{template.code}: not used in {language}: {', '.join(sorted(missing))}")


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
