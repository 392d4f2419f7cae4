"""Every figure, one file each: a file put here is a figure on the desk, in exports, thresholds and the reference."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from linli.engines.indicators.types import Figure, Group


def _read() -> dict[str, Figure]:
    found = [import_module(f"{__name__}.{module.name}").FIGURE for module in iter_modules(__path__)]
    groups = list(Group)
    return {f.code: f for f in sorted(found, key=lambda f: (groups.index(f.group), f.unit, f.code))}


FIGURES: dict[str, Figure] = _read()
