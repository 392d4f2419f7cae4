"""Reads the rules that Linli ships, once per process."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from linli.foundation.rulebook.rules import is_code
from linli.foundation.rulebook.types import MARKS, Rule

FOLDER = Path(__file__).parent / "shipped"
_KEYS = {"code", "title", "value", "unit", "source", "mark", "why", "valid_from", "valid_to"}


class BadShippedRuleError(ValueError):
    """A shipped file holds an entry that cannot be a rule."""


def _rule(entry: Mapping[str, Any], file: str) -> Rule:
    missing = {"code", "title", "value", "source", "mark"} - set(entry)
    unknown = set(entry) - _KEYS
    if missing or unknown or entry["mark"] not in MARKS or not is_code(entry["code"]):
        faults = f"missing {sorted(missing)}, unknown {sorted(unknown)}, or bad mark or code"
        message = f"{file}: {entry.get('code', entry)!r}: {faults}"
        raise BadShippedRuleError(message)
    return Rule(
        code=entry["code"],
        value=entry["value"],
        unit=entry.get("unit", ""),
        title=entry["title"],
        source=entry["source"],
        mark=entry["mark"],
        valid_from=entry.get("valid_from", date(2000, 1, 1)),
        valid_to=entry.get("valid_to"),
        why=entry.get("why", ""),
        shipped=True,
    )


def read_file(path: Path) -> list[Rule]:
    """Return the rules of one shipped file, in its order."""
    data = tomllib.loads(path.read_text(encoding="utf8"), parse_float=Decimal)
    return [_rule(entry, path.name) for entry in data.get("rule", [])]


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, tuple[Rule, ...]]:
    """Return every shipped rule by code, its validities in order.

    Raises:
        BadShippedRuleError: an entry is malformed, or two of one code overlap.
    """
    found: dict[str, list[Rule]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for rule in read_file(path):
            found.setdefault(rule.code, []).append(rule)
    for code, rules in found.items():
        rules.sort(key=lambda r: r.valid_from)
        for earlier, later in pairwise(rules):
            if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
                message = f"{code}: two values hold on {later.valid_from}"
                raise BadShippedRuleError(message)
    return {code: tuple(rules) for code, rules in sorted(found.items())}
