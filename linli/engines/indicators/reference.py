"""Writes the reference page of the figures from their definitions: ``docs/reference/figures.md``."""

from __future__ import annotations

from linli.engines.indicators.definitions import FIGURES
from linli.engines.indicators.types import Figure, Group
from linli.foundation.people.types import role_names

_HEAD = """# Figures

Written from `linli/engines/indicators/definitions/`, one file for each. Numerator and denominator are always shown;
where the denominator is nought the figure is blank. A mark says how good the source is: L law, D document, P press,
C seen in the code of one town's system, M memory, G a default of Linli's. Only L and D bind.
"""


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(c) for c in cells) + " |"


def _figure(figure: Figure) -> str:
    compares = "、".join(sorted(str(d.label) for d in figure.compares)) or "—"
    counted = f"{figure.part_words} ÷ {figure.whole_words}" if figure.part_words else str(figure.whole_words)
    by = f"`{figure.moment}`" if figure.moment else "end of a day"
    return _row(
        f"`{figure.code}`", figure.name, figure.formula, counted, by, figure.better.value, compares,
        f"{figure.source} [{figure.mark}]",
    )  # fmt: skip


def markdown() -> str:
    """Return the page."""
    parts = [_HEAD]
    for group in Group:
        figures = [f for f in FIGURES.values() if f.group == group]
        heads = ("code", "name", "formula", "counts", "period by", "better", "league by", "source")
        parts.append("\n".join([f"## {group.label}", "", _row(*heads), _row(*["---"] * len(heads))]))
        parts[-1] += "\n" + "\n".join(map(_figure, figures)) + "\n"
    readers = sorted({role for f in FIGURES.values() for role in f.readers})
    parts.append(f"Who sees them, each for the cases that they may read: {role_names(readers)}.\n")
    return "\n".join(parts)
