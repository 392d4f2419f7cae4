"""Numbers of a survey as pages, papers and files show them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from linli.engines.fieldwork.rules.sampling import Change
from linli.programmes.surveys import selectors
from linli.programmes.surveys.rules import Figure, charting
from linli.programmes.surveys.rules.charting import Bar, Point
from linli.programmes.surveys.selectors import Results

if TYPE_CHECKING:
    from linli.programmes.surveys.models import Survey


def percent(figure: Figure) -> float | None:
    """Return a share in per cent."""
    return None if figure.share is None else 100 * float(figure.share)


def words(figure: Figure, small: int) -> dict[str, Any]:
    """Return a figure as a cell shows it: share, interval, answers, or why there is none."""
    share = percent(figure)
    if share is None:
        few = figure.count is None
        why = _("不足 %(small)s 份，不显示") % {"small": small} if few else _("份数太少，不出比率")
        return {"share": "", "why": why, "count": "" if few else figure.count}
    lies = figure.between
    span = f"{100 * lies.low:.1f}—{100 * lies.high:.1f}%" if lies is not None else ""
    return {"share": f"{share:.1f}%", "between": span, "count": figure.count, "why": ""}


def bar(name: str, figure: Figure, small: int, *, strong: bool = False) -> Bar:
    """Return a figure as a line of the drawing."""
    lies = figure.between
    return Bar(
        name, percent(figure), 100 * lies.low if lies else 0.0, 100 * lies.high if lies else 0.0,
        words(figure, small)["why"], strong,
    )  # fmt: skip


def report(survey: Survey, *, screen: bool, released: bool = False) -> dict[str, Any]:
    """Return all that a survey found, ready for a template: indices with drawings, table, cells, trend.

    Args:
        released: for residents: compared with those waves alone that they may read.
    """
    found = selectors.results(survey)
    if found is None:
        return {"results": None}
    small = selectors.limits(survey.closes_on).small
    waves = selectors.waves(survey, released=released)
    # Where nobody was asked and too few answered there is nothing to draw: those are named below, in one line.
    lines = [line for line in found.lines if line.drawn or line.name not in found.left_out]
    found = replace(found, lines=tuple(lines), left_out=tuple(n for n in found.left_out if n not in _names(lines)))
    return {
        "results": found, "small": small, "rate": _rate(found.rate),
        "indices": [_index(survey, found, waves, name, small, screen) for name in found.whole],
        "lines": [
            {
                "name": line.name, "rate": _rate(line.rate), "drawn": line.drawn,
                "cells": [
                    {**words(line.figures[name], small), "label": selectors.index_label(name)} for name in found.whole
                ],
            }
            for line in found.lines
        ],
        "questions": found.cells,
    }  # fmt: skip


def _names(lines: list[selectors.Line]) -> set[str]:
    return {line.name for line in lines}


def _rate(share: Any) -> str:
    return f"{100 * float(share):.0f}%" if share is not None else "—"


def _index(
    survey: Survey, found: Results, waves: list[selectors.Wave], name: str, small: int, screen: bool
) -> dict[str, Any]:
    label, whole, aim = selectors.index_label(name), found.whole[name], survey.aims.get(name)
    rows = [bar(_("全部（加权）"), whole, small, strong=True)]
    rows += [bar(line.name, line.figures[name], small) for line in found.lines]
    share = percent(whole)
    points = [
        Point(
            _("第 %(n)s 次") % {"n": w.survey.wave}, p, 100 * f.between.low if f.between else p,
            100 * f.between.high if f.between else p,
        )
        for w in waves
        if (f := w.whole.get(name)) is not None and (p := percent(f)) is not None
    ]  # fmt: skip
    change = waves[-1].changes.get(name) if waves and waves[-1].survey.pk == survey.pk else None
    return {
        "name": name, "label": label, "whole": words(whole, small), "aim": aim,
        "rows": [
            {"name": line.name, "percent": percent(line.figures[name]), **words(line.figures[name], small)}
            for line in found.lines
        ],
        "waves": [(p.name, f"{p.percent:.1f}%") for p in points],
        "reached": None if share is None or aim is None else share >= aim, "change": _change(change),
        # Drawn by us; every text in it is escaped where it is drawn.
        "chart": mark_safe(charting.bars(label, rows, aim=aim, screen=screen)),  # noqa: S308
        "trend": mark_safe(charting.trend(label, points, aim=aim, screen=screen)) if len(points) > 1 else "",  # noqa: S308
    }  # fmt: skip


def _change(change: Change | None) -> str:
    said = {
        Change.UP: _("比上一次高，差别不是偶然"), Change.DOWN: _("比上一次低，差别不是偶然"),
        Change.UNKNOWN: _("与上一次的差别在误差以内"),
    }  # fmt: skip
    return said[change] if change is not None else ""
