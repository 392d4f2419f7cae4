"""The shipped words of the room: faults, duties, kindnesses."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """What is found at shops: its name, the kind of case it becomes, the article an order rests on."""

    code: str
    name: str
    category: str
    law: str


@cache
def _read() -> dict[str, Any]:
    text = files("linli.programmes.streets").joinpath("shipped/faults.toml").read_text(encoding="utf8")
    return tomllib.loads(text)


@cache
def faults() -> dict[str, Fault]:
    """Return the faults by code, in order."""
    return {f["code"]: Fault(**f) for f in _read()["fault"]}


@cache
def duties() -> dict[str, str]:
    """Return code → what a shop answers for before its door."""
    return {d["code"]: d["name"] for d in _read()["duty"]}


@cache
def kindnesses() -> dict[str, str]:
    """Return code → what a friendly merchant offers."""
    return {k["code"]: k["name"] for k in _read()["kindness"]}


def fault_name(code: str) -> str:
    """Return the name of a fault, the code where it is none."""
    found = faults().get(code)
    return found.name if found else code


def names(codes: Iterable[str], words: dict[str, str]) -> list[str]:
    """Return the words of codes; what is not known is left out."""
    return [words[c] for c in codes if c in words]
