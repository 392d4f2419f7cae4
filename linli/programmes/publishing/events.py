"""What other rooms may hang on to: finished things to write about, and figures for reports.

A room (or the face above two sibling rooms) registers when Django starts::

    from linli.programmes.publishing import events

    events.register_source(events.Source("project", _("项目"), find=…, get=…))
    events.register_figure(events.Figure("projects.finished", …))

    events.register_vocabulary(events.Vocabulary("projects", _("项目类别"), …))

Articles then may be begun from it, and every report of a kind that has the figure's section shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.foundation.core.actors import Actor
from linli.foundation.core.paging import Page
from linli.programmes.publishing.types import Fact, FigureRow, Parts, Period, Value


def _nothing_hidden(_refs: Sequence[str]) -> list[str]:
    return []


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of finished thing.

    Attributes:
        kind: as links name it (case, task, consultation …).
        find: ``(actor, words, now)`` → facts to choose from, at most 20; what ``actor`` may not read is left out.
        get: ``(actor, ref, now)`` → the fact; raises NotFoundError.
        hidden: of the refs of an article's links, those of which nobody outside may be told.
        url_name: the staff's page that opens one, its only argument the ref; empty: none.
    """

    kind: str
    name: Any
    find: Callable[[Actor, str, datetime], Sequence[Fact]]
    get: Callable[[Actor, str, datetime], Fact]
    hidden: Callable[[Sequence[str]], Sequence[str]] = _nothing_hidden
    url_name: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of reports: what it counts, how it came about in words, and the rows that it counts.

    Attributes:
        code: ``room.figure``.
        formula: how it came about, for a footnote; it names what is left out.
        section: of a half-year's report: ``overview``, ``problems``, ``tasks``, ``meetings``, ``projects``,
            ``alliance``, ``burden``, ``words`` or ``next``.
        strand: of a yearly report, code of a strand; empty: in none.
        value: ``(period, now)`` → the value; None: the sum of its parts.
        rows: ``(period, now, cursor, size)`` → a page of what it counts.
        columns: the heads of the rows' cells. No cell holds a person or a free text of one.
        parts: for a figure that is broken down: label and count, small cells included (they are summed up).
        ahead: whether it is of the period that follows (下阶段).
        every_part: whether small parts are shown too: nothing of residents is in them.
        topics: the vocabulary (:class:`Vocabulary`) by whose names it can be narrowed; empty: by none.
        by_strand: whether it can be narrowed to a strand.
        narrowing: how it is narrowed to a topic, for the footnote of a report that is.
    """

    code: str
    name: Any
    unit: Any
    formula: Any
    columns: tuple[Any, ...]
    value: Callable[[Period, datetime], Value] | None
    rows: Callable[[Period, datetime, str, int], Page[FigureRow]]
    section: str = ""
    strand: str = ""
    parts: Callable[[Period, datetime], Parts] | None = None
    ahead: bool = False
    every_part: bool = False
    topics: str = ""
    by_strand: bool = False
    narrowing: Any = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names by which some figures can be narrowed: kinds of problems, classes of projects …"""

    code: str
    label: Any
    names: Callable[[], Sequence[str]]


_sources: dict[str, Source] = {}
_figures: dict[str, Figure] = {}
_vocabularies: dict[str, Vocabulary] = {}


def register_source(source: Source) -> None:
    """Enter a kind of finished thing, or replace the one of that kind."""
    _sources[source.kind] = source


def register_figure(figure: Figure) -> None:
    """Enter a figure, or replace the one with that code."""
    _figures[figure.code] = figure


def register_vocabulary(vocabulary: Vocabulary) -> None:
    """Enter names by which figures can be narrowed, or replace those of that code."""
    _vocabularies[vocabulary.code] = vocabulary


def vocabularies() -> tuple[Vocabulary, ...]:
    """Return the vocabularies, in the order of registration."""
    return tuple(_vocabularies.values())


def vocabulary(code: str) -> Vocabulary | None:
    """Return a vocabulary, None where no room has it."""
    return _vocabularies.get(code)


def sources() -> tuple[Source, ...]:
    """Return the kinds of finished things, in the order of registration."""
    return tuple(_sources.values())


def source(kind: str) -> Source | None:
    """Return a kind of finished thing, None where no room has it."""
    return _sources.get(kind)


def figures() -> tuple[Figure, ...]:
    """Return the figures, in the order of registration."""
    return tuple(_figures.values())


def figure(code: str) -> Figure | None:
    """Return a figure, None where no room has it."""
    return _figures.get(code)
