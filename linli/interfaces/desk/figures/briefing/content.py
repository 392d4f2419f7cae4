"""A 专报 made of the chosen figures: value and comparison, chart, table, notes that open, the rows counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.engines.indicators import selectors
from linli.engines.indicators.permissions import reads_all
from linli.engines.indicators.types import Dimension, Figure, Group, Value
from linli.foundation.core import clock
from linli.foundation.core.text import clean
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, local
from linli.interfaces.desk.figures import presenting
from linli.interfaces.desk.figures.asking import Asked
from linli.interfaces.desk.figures.asking import said as narrowed
from linli.interfaces.desk.figures.briefing import drawing, telling
from linli.interfaces.desk.figures.briefing.telling import Brief, Note, Run, Section, Table

MOST_FIGURES = 20
APPENDIX_ROWS = 30
_NUMERALS = "一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Words:
    """What a person writes over the paper, and whether the rows are listed behind it."""

    title: str
    issue: str
    unit: str
    rows: bool


def words_of(request: HttpRequest, day: date) -> Words:
    """Return what the address writes over the paper; the usual where it says nothing."""
    get, actor = request.GET, actor_of(request)
    typed = {name: clean(get.get(name, ""))[:60].replace("\n", " ") for name in ("title", "issue", "from")}
    own = next((directory.unit_name(i) for i in sorted(actor.unit_ids) if directory.unit_name(i)), "")
    area = directory.areas(day)
    return Words(
        title=typed["title"] or _("治理数据专报"),
        issue=typed["issue"],
        unit=typed["from"] or own or (area[0].name if area else ""),
        rows="rows" in get or "title" not in get,
    )


def lean(table: Table) -> Table:
    """Return a table without the columns in which nothing stands."""
    kept = [i for i in range(len(table.heads)) if any(row[i] not in {"", "—"} for row in table.rows)]
    return Table(
        table.title, [table.heads[i] for i in kept], [[row[i] for i in kept] for row in table.rows],
        [table.widths[i] for i in kept],
    )  # fmt: skip


def numeral(n: int) -> str:
    """Return a number from 1 to 99 as a paper counts its chapters.

    >>> [numeral(n) for n in (1, 10, 11, 20, 21)]
    ['一', '十', '十一', '二十', '二十一']
    """
    tens, ones = divmod(n, 10)
    return (_NUMERALS[tens - 1] if tens > 1 else "") + ("十" if tens else "") + (_NUMERALS[ones - 1] if ones else "")


def _heading(n: int, text: str) -> str:
    return f"{numeral(n + 1)}、{text}"


def _span(since: date, until: date) -> str:
    return _("%(since)s 至 %(until)s") % {"since": since, "until": until}


def chapters(request: HttpRequest, figures: Sequence[Figure]) -> int:
    """Return how many chapters the paper has: the overview, each figure, the notes, the appendix if wanted."""
    listed = words_of(request, local(clock.now()).date()).rows
    return 1 + len(figures[:MOST_FIGURES]) + 1 + (1 if listed else 0)


def made(
    request: HttpRequest, ask: Asked, figures: Sequence[Figure], now: datetime, *, origin: str, charts: bool = True
) -> Brief:
    """Return the paper of the figures, narrowed and told apart as asked; each chapter is read when it is set.

    Args:
        request: what the address says, and who asks.
        ask: the days, by what, to what it is narrowed.
        figures: the figures, no more than :data:`MOST_FIGURES` of them.
        now: the moment.
        origin: where the notes lead to: this installation's own address.
        charts: whether pictures are drawn.
    """
    actor, figures = actor_of(request), figures[:MOST_FIGURES]
    words, codes = words_of(request, local(now).date()), [f.code for f in figures]
    period, before = ask.period, ask.period.before()
    found = selectors.overview(actor, codes, period, narrow=ask.narrow, now=now)
    earlier = selectors.overview(actor, codes, before, narrow=ask.narrow, now=now)
    scope = "，".join([*narrowed(ask), *([] if reads_all(actor) else [_("只计本人能查看的案件")])])
    lead = _("统计时段为 %(period)s，与之相比的上期为 %(before)s%(scope)s。") % {
        "period": _span(period.since, period.until), "before": _span(before.since, before.until),
        "scope": f"（{scope}）" if scope else "",
    }  # fmt: skip

    def sections() -> Iterator[Section]:
        yield _overview(figures, found, earlier)
        for n, figure in enumerate(figures, 1):
            yield _one(request, ask, figure, n, found[figure.code], earlier[figure.code], now, charts=charts)

    def appendix() -> Iterator[Table]:
        for figure in figures if words.rows else ():
            yield from _rows(request, ask, figure, found[figure.code], now)

    foot = _("由邻里按规则生成于 %(at)s，制表人 %(who)s。比率列出分子和分母；不给个人排名。") % {
        "at": f"{local(now):%Y-%m-%d %H:%M}", "who": actor.label,
    }  # fmt: skip
    return Brief(
        words.title, words.issue, words.unit, local(now).date(), [Run(lead)], sections(),
        [_note(origin, n, f, ask) for n, f in enumerate(figures, 1)], appendix(), foot, chapters(request, figures),
    )  # fmt: skip


def read(brief: Brief) -> Brief:
    """Return the paper with all its chapters read, to be shown more than once."""
    return replace(brief, sections=list(brief.sections), appendix=list(brief.appendix))


def _note(origin: str, n: int, figure: Figure, ask: Asked) -> Note:
    address = f"{reverse('desk:figure', args=[figure.code])}?{ask.query()}"
    text = _("%(formula)s。依据：%(source)s。") % {
        "formula": str(figure.formula).rstrip("。"), "source": str(figure.source).rstrip("。"),
    }  # fmt: skip
    return Note(n, str(figure.name), text, origin.rstrip("/") + address)


def _overview(figures: Sequence[Figure], found: dict[str, Value], earlier: dict[str, Value]) -> Section:
    rows = []
    for n, f in enumerate(figures, 1):
        value, before = found[f.code], earlier[f.code]
        rows.append(
            [
                str(Group(f.group).label), f"{f.name}[{n}]", telling.amount(f, value.value),
                telling.out_of(f, value), telling.amount(f, before.value),
            ]
        )  # fmt: skip
    heads = [_("类别"), _("指标"), _("本期"), _("分子／分母"), _("上期")]
    table = Table(_("指标一览"), heads, rows, (18, 30, 20, 18, 20))
    return Section(_heading(0, _("总体情况")), [], tables=[table])


def _one(
    request: HttpRequest, ask: Asked, figure: Figure, n: int, value: Value, before: Value, now: datetime, *,
    charts: bool,
) -> Section:  # fmt: skip
    actor = actor_of(request)
    tables, more = [], []
    if ask.by:
        counted = selectors.counted(actor, figure.code, ask.period, by=ask.by, narrow=ask.narrow, now=now)
        label = str(Dimension(ask.by).label)
        heads = [label, _("本期"), _("分子／分母"), _("说明")]
        few = _("不足 %(n)s 件，不作比较") % {"n": counted.minimum}
        rows = [
            [v.label, telling.amount(figure, v.value), telling.out_of(figure, v),
             few if v.few else ""]
            for v in sorted(counted.values, key=lambda v: v.label)
        ]  # fmt: skip
        if rows:
            title = _("%(name)s（按%(label)s）") % {"name": figure.name, "label": label}
            tables.append(lean(Table(title, heads, rows, (34, 20, 18, 30))))
    if figure.beside:
        codes = list(figure.beside)
        others = {f.code: f for f in selectors.figures(actor)}
        beside = selectors.overview(actor, [c for c in codes if c in others], ask.period, narrow=ask.narrow, now=now)
        said = "；".join(f"{others[c].name} {telling.amount(others[c], v.value)}" for c, v in beside.items())
        if said:
            more.append([Run(_("同期：%(said)s。") % {"said": said})])
    picture, about = b"", ""
    if charts and value.value is not None:
        points = selectors.trend(actor, figure.code, ask.period, narrow=ask.narrow, now=now)
        picture = drawing.drawn(presenting.chart(figure, points))
        about = _("图：%(name)s走势") % {"name": figure.name}
    return Section(
        _heading(n, str(figure.name)), [telling.said(figure, value, before, n), *more], picture, about, tables
    )


def _rows(request: HttpRequest, ask: Asked, figure: Figure, value: Value, now: datetime) -> list[Table]:
    page = selectors.opened(actor_of(request), figure.code, ask.period, narrow=ask.narrow, now=now, size=APPENDIX_ROWS)
    if not page.rows:
        return []
    shown: list[list[Any]] = [
        [r.number, r.title, r.unit_name, _where(r.area), str(r.state), _("是") if r.in_part else ""] for r in page.rows
    ]
    title = _("%(name)s计入的件") % {"name": figure.name}
    if page.next:
        title += _("（共 %(all)s 件，列最近 %(n)s 件，其余见注中的链接）") % {"all": value.whole, "n": len(shown)}
    heads = [_("编号"), _("事项"), _("承办单位"), _("区域"), _("状态"), _("计入分子")]
    return [Table(title, heads, shown, (25, 40, 28, 20, 12, 11))]


def _where(label: str) -> str:
    """Return the 居民区 of an area's whole name, the whole name where it names none."""
    return next((part for part in label.split(" · ") if part.endswith("居民区")), label)
