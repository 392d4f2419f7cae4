"""A report put together: its sections with drafted text and figures, as they are now or as they were frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.engines.cases.selectors import period as cases
from linli.engines.projects.types import Strand
from linli.programmes.publishing import events
from linli.programmes.publishing.models import Report
from linli.programmes.publishing.rules.reporting import Parted, following, large_enough, said
from linli.programmes.publishing.types import FigureRow, Period, ReportKind, Value

ROWS = 2_000
SECTIONS: dict[str, Any] = {
    "overview": _("总体情况"),
    "problems": _("主要问题"),
    "tasks": _("任务落实"),
    "meetings": _("会议和决定"),
    "projects": _("项目推进"),
    "alliance": _("共建认领"),
    "burden": _("居民区减负"),
    "words": _("宣传"),
    "next": _("下阶段工作重点"),
}
# The code under which the section of a strand stands in what was frozen before there was one code for it.
_ONCE = {Strand.REFINED.value: "fine"}
_TOPIC = ("overview", "problems", "tasks", "meetings", "projects", "alliance", "words", "next")


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure in a report: what it came to, how, and what it is made of.

    ``whole``: the report is narrowed, and this figure could not be: it is of everything.
    """

    code: str
    name: str
    unit: str
    formula: str
    value: Value
    parts: Parted | None = None
    since: str = ""
    until: str = ""
    whole: bool = False

    @property
    def explained(self) -> str:
        """How it came about, and that it is of everything where the report is narrowed and it is not."""
        return self.formula + (_said_whole() if self.whole else "")

    @property
    def big(self) -> str:
        """The value alone: the count with its unit, or the rate."""
        return self.said.partition("（")[0]

    @property
    def small(self) -> str:
        """What a rate is made of; empty for a count."""
        return self.said.partition("（")[2].removesuffix("）")

    @property
    def said(self) -> str:
        """The value in words."""
        return said(self.value, self.unit)


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its title, the drafted text, its figures."""

    code: str
    title: str
    text: str
    figures: tuple[Shown, ...]


def sections_of(kind: str) -> dict[str, Any]:
    """Return the sections of a kind of report in order: code → title."""
    if kind == ReportKind.YEAR:
        return {**{s.value: s.label for s in Strand}, "next": SECTIONS["next"]}
    if kind == ReportKind.TOPIC:
        return {code: SECTIONS[code] for code in _TOPIC}
    return dict(SECTIONS)


def _figures_of(kind: str, section: str) -> list[events.Figure]:
    if kind == ReportKind.YEAR and section != "next":
        return [f for f in events.figures() if f.strand == section and not f.ahead]
    return [f for f in events.figures() if f.section == section]


def _said_whole() -> str:
    return gettext("这个数字不分专题，是全部的。")


def focus_of(report: Report) -> str:
    """Return what a report's figures are narrowed to, in words; empty: nothing."""
    asked = asked_of(report)
    return "、".join(filter(None, [str(Strand(asked.strand).label) if asked.strand else "", asked.topic]))


def asked_of(report: Report) -> Period:
    """Return the days of a report, and what a topic's report is narrowed to."""
    strand = next(iter(report.strand_codes), "")
    narrow = {"topic": report.topic, "strand": strand} if report.report_kind == ReportKind.TOPIC else {}
    return Period(report.since, report.until, **narrow)


def period_of(figure: events.Figure, asked: Period) -> Period:
    """Return the days that a figure counts in a report of ``asked``."""
    since, until = following(asked.since, asked.until) if figure.ahead else (asked.since, asked.until)
    return replace(asked, since=since, until=until)


class Topics:
    """The names of each vocabulary, read once."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._names: dict[str, frozenset[str]] = {}

    def knows(self, code: str, topic: str) -> bool:
        """Return whether the vocabulary of that code has the topic."""
        found = events.vocabulary(code)
        if found is None:
            return False
        if code not in self._names:
            self._names[code] = frozenset(found.names())
        return topic in self._names[code]


def topics() -> list[tuple[str, list[str]]]:
    """Return the names to which a report can be narrowed, by vocabulary: a statement each."""
    return [(str(v.label), sorted(v.names())) for v in events.vocabularies()]


def narrowed(figure: events.Figure, period: Period, known: Topics) -> Period:
    """Return the period with as much of its narrowing as the figure can take."""
    topic = period.topic if period.topic and known.knows(figure.topics, period.topic) else ""
    return replace(period, topic=topic, strand=period.strand if figure.by_strand else "")


def figure_now(figure: events.Figure, asked: Period, now: datetime, known: Topics | None = None) -> Shown:
    """Return what a figure comes to now in the days of ``asked``, narrowed where it can be."""
    period = narrowed(figure, asked, known or Topics())
    counted = figure.parts(period, now) if figure.parts is not None else None
    value = figure.value(period, now) if figure.value is not None else Value(sum(n for _name, n in counted or ()))
    parts = None
    if counted is not None:
        parts = large_enough(counted, 0 if figure.every_part else cases.minimum_cell(now))
    formula = f"{figure.formula}{figure.narrowing}" if period.topic else str(figure.formula)
    return Shown(
        figure.code,
        str(figure.name),
        str(figure.unit),
        formula,
        value,
        parts,
        period.since.isoformat(),
        period.until.isoformat(),
        whole=(period.topic, period.strand) != (asked.topic, asked.strand),
    )


def sections(report: Report, now: datetime, known: Topics | None = None) -> list[Section]:
    """Return a report's sections: of a frozen one as they were then, else as they are now."""
    found = []
    known = known or Topics()
    for code, title in sections_of(report.report_kind).items():
        if report.frozen_at and _codes(report, code) is None:
            continue  # there was no such section yet
        shown = _frozen(report, code) if report.frozen_at else _present(report, code, now, known)
        found.append(Section(code, str(title), str(report.texts.get(code, "")), tuple(shown)))
    return found


def _present(report: Report, section: str, now: datetime, known: Topics) -> list[Shown]:
    figures, asked = _figures_of(report.report_kind, section), asked_of(report)
    return [figure_now(f, period_of(f, asked), now, known) for f in figures]


def _codes(report: Report, section: str) -> Sequence[str] | None:
    kept: Mapping[str, Sequence[str]] = report.frozen["sections"]
    return kept.get(section, kept.get(_ONCE.get(section, "")))


def _frozen(report: Report, section: str) -> list[Shown]:
    return [_thawed(code, report.frozen["figures"][code]) for code in _codes(report, section) or ()]


def _thawed(code: str, raw: Mapping[str, Any]) -> Shown:
    parts = raw.get("parts")
    return Shown(
        code,
        raw["name"],
        raw["unit"],
        raw["formula"],
        Value(raw["part"], raw["whole"], raw["least"], raw.get("money", False)),
        Parted(tuple((str(n), int(c)) for n, c in parts), raw["rest"]) if parts is not None else None,
        raw["since"],
        raw["until"],
        raw.get("unnarrowed", False),
    )


def frozen_of(report: Report, now: datetime) -> dict[str, Any]:
    """Return the figures of a report as they are now with the rows behind each, fit to be kept."""
    found: dict[str, Any] = {}
    in_sections: dict[str, list[str]] = {}
    known = Topics()
    for section in sections(report, now, known):
        in_sections[section.code] = [f.code for f in section.figures]
        for shown in section.figures:
            found[shown.code] = _kept(shown, report, now, known)
    return {"at": now.isoformat(), "sections": in_sections, "figures": found}


def _kept(shown: Shown, report: Report, now: datetime, known: Topics) -> dict[str, Any]:
    figure = events.figure(shown.code)
    if figure is None:
        return {}
    columns, rows, more = rows_of(shown.code, period_of(figure, asked_of(report)), now, known)
    return {
        "name": shown.name,
        "unit": shown.unit,
        "formula": shown.formula,
        "part": shown.value.part,
        "whole": shown.value.whole,
        "least": shown.value.least,
        "money": shown.value.money,
        "unnarrowed": shown.whole,
        "parts": [list(p) for p in shown.parts.parts] if shown.parts else None,
        "rest": shown.parts.rest if shown.parts else 0,
        "since": shown.since,
        "until": shown.until,
        "columns": list(columns),
        "rows": [[*row.cells] for row in rows],
        "more": more,
    }


def rows_of(
    code: str, asked: Period, now: datetime, known: Topics | None = None
) -> tuple[tuple[str, ...], list[FigureRow], bool]:
    """Return the heads, at most :data:`ROWS` rows of a figure, and whether there are more."""
    figure = events.figure(code)
    if figure is None:
        return (), [], False
    period = narrowed(figure, asked, known or Topics())
    rows: list[FigureRow] = []
    cursor = ""
    while len(rows) < ROWS:
        page = figure.rows(period, now, cursor, 500)
        rows += page.rows
        cursor = page.next
        if not cursor:
            break
    return tuple(map(str, figure.columns)), rows, bool(cursor)


def sheets_of(report: Report, now: datetime) -> list[tuple[Shown, tuple[str, ...], list[tuple[str, ...]], bool]]:
    """Return for each figure of a report, once: the figure, the heads, the rows, whether there are more."""
    found = []
    seen: set[str] = set()
    known = Topics()
    for section in sections(report, now, known):
        for shown in section.figures:
            if shown.code in seen:
                continue
            seen.add(shown.code)
            if report.frozen_at:
                raw = report.frozen["figures"][shown.code]
                found.append((shown, tuple(raw["columns"]), [tuple(r) for r in raw["rows"]], bool(raw["more"])))
                continue
            figure = events.figure(shown.code)
            if figure is not None:
                heads, rows, more = rows_of(shown.code, period_of(figure, asked_of(report)), now, known)
                found.append((shown, heads, [r.cells for r in rows], more))
    return found


def next_tasks(report: Report, now: datetime) -> list[tuple[str, ...]]:
    """Return what is to be done in the period that follows: the rows of every figure of the last section."""
    return [
        row for shown, _heads, rows, _more in sheets_of(report, now)
        if shown.code in {f.code for f in events.figures() if f.ahead}
        for row in rows
    ]  # fmt: skip


def section_names() -> dict[str, Any]:
    """Return every section's title by code."""
    return {**SECTIONS, **{s.value: s.label for s in Strand}}
