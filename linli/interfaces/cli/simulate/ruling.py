"""Other values of the rulebook for a simulation: any number that the book has, given in short or in whole."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

_AMOUNT = re.compile(r"(\d+)\s*([a-z_]*)")
_UNITS = {
    "": "", "m": "natural_minutes", "min": "natural_minutes", "h": "natural_hours", "d": "natural_days",
    "wh": "work_hours", "wd": "work_days",
}  # fmt: skip


class RuleError(ValueError):
    """A value that the rulebook cannot take; ``code`` names the rule."""


def value_of(code: str, text: str, present: Any) -> Any:
    """Return ``text`` as a value of the kind of ``present``.

    A limit may be given as a number (its unit stays), or as ``7wd``, ``24h``, ``30m``; all else as JSON.

    Raises:
        RuleError: it is not of that kind.
    """
    if isinstance(present, Mapping) and {"amount", "unit"} <= set(present):
        return _limit(code, text, present)
    try:
        found = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        if isinstance(present, str):
            return text
        raise RuleError(f"{code}: {text!r}") from error
    if isinstance(present, bool) != isinstance(found, bool):
        raise RuleError(f"{code}: {text!r}")
    return found


def _limit(code: str, text: str, present: Mapping[str, Any]) -> dict[str, Any]:
    parts = _AMOUNT.fullmatch(text.strip())
    unit = _UNITS.get(parts[2], parts[2]) if parts else ""
    known = {u for u in _UNITS.values() if u}
    if parts is None or int(parts[1]) < 1 or (unit and unit not in known):
        raise RuleError(f"{code}: {text!r} (7, 7wd, 48h, 30m)")
    return {"amount": int(parts[1]), "unit": unit or present["unit"]}


def enter(values: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """Enter ``values`` (code → text) from today on; return code → [before, after].

    Raises:
        RuleError: there is no such rule, or the value is of another kind.
    """
    from linli.foundation.core.actors import SYSTEM  # noqa: PLC0415  after start()
    from linli.foundation.core.errors import DomainError  # noqa: PLC0415
    from linli.foundation.people.selectors import local_day  # noqa: PLC0415
    from linli.foundation.rulebook import selectors as rulebook  # noqa: PLC0415
    from linli.foundation.rulebook import services  # noqa: PLC0415

    made: dict[str, Any] = {}
    for code, text in values.items():
        try:
            rule = rulebook.rule(code, on=local_day(now))
            value = value_of(code, text, rule.value)
            services.set_rule(
                by=SYSTEM, now=now, code=code, value=value, unit=rule.unit, source="linli simulate", mark="G",
                valid_from=local_day(now), why="linli simulate", title=rule.title,
            )  # fmt: skip
        except DomainError as error:
            raise RuleError(f"{code}: {error}") from error
        made[code] = [_plain(rule.value), _plain(value)]
    return made


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value
