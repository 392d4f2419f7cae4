"""Charts of the programme as inline SVG: shares as bars with their interval, weeks as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

ROW, LEFT, WIDE, RIGHT, LONGEST = 30, 190, 360, 130, 13
WEEK, HIGH = 64, 110


@dataclass(frozen=True, slots=True)
class Bar:
    """One share: its words, 0 to 1, between what it lies, how many were counted, where it leads."""

    label: str
    share: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""
    url: str = ""
    tone: str = ""


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def bars(rows: Sequence[Bar], title: str) -> SafeString:
    """Return shares as bars on one scale from 0 to 100 %, with whiskers where the interval is known."""
    height = ROW * len(rows) + 24
    parts = [
        f'<svg class="sharebars" viewBox="0 0 {LEFT + WIDE + RIGHT} {height}" role="img" aria-label="{escape(title)}">'
    ]
    for n in range(5):
        x = LEFT + WIDE * n / 4
        parts.append(f'<line class="sharebars__grid" x1="{x}" y1="0" x2="{x}" y2="{height - 20}"/>')
        parts.append(f'<text class="sharebars__tick" x="{x}" y="{height - 5}" text-anchor="middle">{n * 25}%</text>')
    parts += [_bar(bar, n * ROW) for n, bar in enumerate(rows)]
    return mark_safe("".join([*parts, "</svg>"]))  # noqa: S308  every text in it is escaped


def _bar(bar: Bar, y: int) -> str:
    name = f'<text class="sharebars__name" x="{LEFT - 10}" y="{y + 19}" text-anchor="end">{escape(_short(bar.label))}'
    name += f"<title>{escape(bar.label)}</title></text>"
    parts = [f'<a href="{escape(bar.url)}">{name}</a>' if bar.url else name]
    if bar.share is not None:
        width = WIDE * bar.share
        parts.append(
            f'<rect class="sharebars__bar {escape(bar.tone)}" x="{LEFT}" y="{y + 7}" width="{width:.1f}" height="16" '
            'rx="2"/>'
        )
    if bar.low is not None and bar.high is not None:
        low, high = LEFT + WIDE * bar.low, LEFT + WIDE * bar.high
        parts.append(
            f'<path class="sharebars__between" d="M{low:.1f} {y + 11}v8M{low:.1f} {y + 15}H{high:.1f}M{high:.1f} '
            f'{y + 11}v8"/>'
        )
    share = "—" if bar.share is None else f"{bar.share * 100:.1f}%"
    parts.append(
        f'<text class="sharebars__value" x="{LEFT + WIDE + 12}" y="{y + 19}">{share}'
        f'<tspan class="sharebars__note" dx="6">{escape(bar.note)}</tspan></text>'
    )
    return "".join(parts)


def week_columns(rows: Sequence[dict[str, Any]], title: str, url: str) -> SafeString:
    """Return the weeks as columns: how many actions, how many done; each leads to its week."""
    most = max([r["all"] for r in rows] or [0]) or 1
    parts = []
    for n, row in enumerate(rows):
        x, whole, done = n * WEEK + 12, HIGH * row["all"] / most, HIGH * row["done"] / most
        parts.append(
            format_html(
                '<a href="{}?week={}"><rect class="weekbars__all" x="{}" y="{}" width="40" height="{}" rx="2"/>'
                '<rect class="weekbars__done" x="{}" y="{}" width="40" height="{}" rx="2"/>'
                '<text x="{}" y="{}" text-anchor="middle">{}</text>'
                '<text x="{}" y="{}" text-anchor="middle">{}/{}</text></a>',
                url,
                row["week"].isoformat(),
                x,
                round(HIGH - whole + 20),
                round(whole),
                x,
                round(HIGH - done + 20),
                round(done),
                x + 20,
                HIGH + 38,
                f"{row['week']:%m-%d}",
                x + 20,
                round(HIGH - whole + 14),
                row["done"],
                row["all"],
            )
        )
    return mark_safe(  # noqa: S308  every text in it is escaped
        f'<svg class="weekbars" viewBox="0 0 {WEEK * len(rows)} {HIGH + 46}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )
