"""What became of the library from one edition to the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from linli.programmes.civility.types import Difference, StandardData

_SILENT = frozenset({"code", "order"})


def compared(before: Iterable[StandardData], after: Iterable[StandardData]) -> list[Difference]:
    """Return the standards added, changed and removed, in the order of the later edition, removed ones last."""
    old = {s.code: s for s in before}
    new = {s.code: s for s in after}
    found: list[Difference] = []
    for code, standard in new.items():
        former = old.get(code)
        if former is None:
            found.append(Difference(code, standard.text, "added"))
            continue
        changed = [
            f.name for f in fields(StandardData)
            if f.name not in _SILENT and getattr(former, f.name) != getattr(standard, f.name)
        ]  # fmt: skip
        if changed:
            found.append(Difference(code, standard.text, "changed", changed))
    found += [Difference(code, s.text, "removed") for code, s in old.items() if code not in new]
    return found
