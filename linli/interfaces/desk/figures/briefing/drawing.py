"""A trend as a picture for paper: the same marks as the page draws, in print size."""

from __future__ import annotations

from functools import cache
from importlib import resources
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from linli.interfaces.desk.figures.presenting import Chart, Mark

FONTS = "pylopdf_fonts_zh_cn"
SANS, SERIF = "NotoSansSC-Regular.otf", "NotoSerifSC-Regular.otf"
_SCALE = 3
_INK, _LINE, _BRAND = "#46535f", "#dfe5ea", "#17569b"


def font_path(name: str) -> str:
    """Return where a font lies: Noto CJK under the Open Font License, from its package."""
    return str(resources.files(FONTS) / name)


@cache
def _font(size: int) -> Any:
    return ImageFont.truetype(font_path(SANS), size)


def drawn(chart: Chart) -> bytes:
    """Return a chart as PNG: bars of counts, a line of shares and times, gaps where there is nothing to divide by."""
    image = Image.new("RGB", (chart.width * _SCALE, chart.height * _SCALE), "#ffffff")
    pen, font = ImageDraw.Draw(image), _font(11 * _SCALE)
    for words, y in chart.ticks:
        at = y * _SCALE
        pen.line([(chart.left * _SCALE, at), (chart.width * _SCALE, at)], fill=_LINE, width=_SCALE)
        pen.text(((chart.left - 6) * _SCALE, at), words, fill=_INK, font=font, anchor="rm")
    for mark in chart.marks:
        _mark(pen, chart, mark, font)
    for line in () if chart.bars else chart.lines:
        points = [tuple(float(v) * _SCALE for v in p.split(",")) for p in line.split()]
        if len(points) > 1:
            pen.line(points, fill=_BRAND, width=2 * _SCALE, joint="curve")
    kept = BytesIO()
    image.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _mark(pen: Any, chart: Chart, mark: Mark, font: Any) -> None:
    if mark.label:
        pen.text((mark.x * _SCALE, (chart.base + 6) * _SCALE), mark.label, fill=_INK, font=font, anchor="mt")
    if mark.y is None:
        return
    if not chart.bars:
        _dot(pen, mark.x, mark.y)
    elif mark.height > 0:
        box = [mark.left, mark.y, mark.left + chart.bar, float(chart.base)]
        pen.rectangle([v * _SCALE for v in box], fill=_BRAND)


def _dot(pen: Any, x: float, y: float) -> None:
    pen.ellipse([(x - 2.5) * _SCALE, (y - 2.5) * _SCALE, (x + 2.5) * _SCALE, (y + 2.5) * _SCALE], fill=_BRAND)
