"""What a 专报 says: sentences by rule, a number beside that of the period before; of units and areas, never of persons.

Pure: plain values in, plain values out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from linli.engines.indicators.types import Figure, Unit, Value
from linli.interfaces.desk.figures import presenting


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a sentence; ``note`` is the number of the note that opens what it says."""

    text: str
    note: int = 0


Paragraph = Sequence[Run]
Begin = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what it is of, its heads, its rows, how wide its columns are beside each other."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]


@dataclass(frozen=True, slots=True)
class Note:
    """What stands behind a number: how it is counted, on whose authority, where it opens."""

    number: int
    name: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part under a heading: paragraphs, a chart as a picture (PNG), tables."""

    heading: str
    paragraphs: Sequence[Paragraph]
    chart: bytes = b""
    chart_said: str = ""
    tables: Sequence[Table] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """The whole paper; its sections and the tables of its appendix may be read only as they are set.

    ``chapters`` are its headings: the sections, the notes, the appendix where one is wanted.
    """

    title: str
    issue: str
    unit: str
    day: date
    lead: Paragraph
    sections: Iterable[Section]
    notes: Sequence[Note]
    appendix: Iterable[Table] = ()
    foot: str = ""
    chapters: int = 0


def said(figure: Figure, value: Value, before: Value, note: int) -> list[Run]:
    """Return the sentence of a figure: its value, of how many, and how it stands to the period before."""
    name = str(figure.name)
    if value.value is None:
        return [Run(_("%(name)s：本期没有可以计算的件") % {"name": name}), Run("", note), Run("。")]
    first = [Run(_("%(name)s %(value)s") % {"name": name, "value": amount(figure, value.value)}), Run("", note)]
    more = beside(figure, value)
    return [*first, Run(f"{more}，{moved(figure, value.value, before.value)}。")]


def amount(figure: Figure, value: float | None) -> str:
    """Return a value with what it is counted in."""
    words = presenting.words(figure, value)
    return _("%(n)s 件") % {"n": words} if figure.unit == Unit.COUNT and value is not None else words


def beside(figure: Figure, value: Value) -> str:
    """Return in brackets what a value was taken from."""
    if figure.unit == Unit.SHARE:
        return _("（%(out)s）") % {"out": out_of(figure, value)}
    if figure.unit == Unit.TIME:
        return _("（%(n)s 件的中位数，九成在 %(long)s 内）") % {
            "n": value.whole, "long": presenting.minutes_words(value.second),
        }  # fmt: skip
    return ""


def out_of(figure: Figure, value: Value) -> str:
    """Return what a value was taken from as a cell of a table has it."""
    words = presenting.out_of(figure, value)
    return (words.replace(" ", "") if figure.unit == Unit.SHARE else words) or "—"


def moved(figure: Figure, value: float, before: float | None) -> str:
    """Return how a value stands to that of the period before, in words without praise or blame."""
    if before is None:
        return _("上期没有可以比较的数")
    was, change = amount(figure, before), value - before
    if presenting.words(figure, value) == presenting.words(figure, before):
        return _("与上期（%(was)s）持平") % {"was": was}
    up = change > 0
    if figure.unit == Unit.SHARE:
        words = _("比上期（%(was)s）上升 %(n)s 个百分点") if up else _("比上期（%(was)s）下降 %(n)s 个百分点")
        return words % {"was": was, "n": f"{abs(change):.1f}"}
    if figure.unit == Unit.TIME:
        words = _("比上期（%(was)s）延长 %(n)s") if up else _("比上期（%(was)s）缩短 %(n)s")
        return words % {"was": was, "n": presenting.minutes_words(abs(change))}
    words = _("比上期（%(was)s）增加 %(n)s 件") if up else _("比上期（%(was)s）减少 %(n)s 件")
    share = f"（{100 * abs(change) / before:.1f}%）" if before else ""
    return words % {"was": was, "n": f"{abs(change):,.0f}"} + share


_CLOSING = "，。、；：？！）》」』”’％%,.;:?!)]}〉】…—"
_OPENING = "（《「『“‘([{〈【"


def pieces(text: str) -> Iterator[str]:
    """Yield the parts of a text that a line never breaks inside: a Chinese character with the marks that cling to it.

    A word or number in Latin letters stays whole; a closing mark stays with what it follows, an opening one with
    what comes after. Joined, the parts are the text.
    """
    part = ""
    for c in text:
        joined = part and (
            c in _CLOSING or part[-1] in _OPENING or (_latin(c) and _latin(part[-1])) or (c == " " and part[-1] != " ")
        )
        if part and not joined:
            yield part
            part = ""
        part += c
    if part:
        yield part


def _latin(c: str) -> bool:
    return c < "\u2e80" and c not in " “”‘’…—"


@dataclass(frozen=True, slots=True)
class Set:
    """A piece of text set on a line: how far from its beginning, and the note that it opens."""

    x: float
    text: str
    note: int


def lines_of(runs: Paragraph, width: float, indent: float, measure: Callable[[str, int], float]) -> list[list[Set]]:
    """Return a paragraph set in lines of ``width``, the first begun by ``indent``; what no line holds is cut."""
    lines: list[list[Set]] = [[]]
    x = indent
    for run in runs:
        parts = [(f"[{run.note}]", run.note)] if run.note else [(p, 0) for p in pieces(run.text)]
        for text, note in parts:
            for piece in _fitting(text, note, width, measure):
                wide = measure(piece, note)
                clings = bool(note) or piece[0] in _CLOSING
                if x + wide > width + 1e-6 and lines[-1] and not clings:
                    lines.append([])
                    x = 0.0
                lines[-1].append(Set(x, piece, note))
                x += wide
    return lines


def _fitting(text: str, note: int, width: float, measure: Callable[[str, int], float]) -> Iterator[str]:
    while len(text) > 1 and measure(text, note) > width:
        n = next((k for k in range(len(text) - 1, 0, -1) if measure(text[:k], note) <= width), 1)
        yield text[:n]
        text = text[n:]
    yield text
