"""Writes SVG: escapes whatever people have typed, measures text, draws lights."""

from __future__ import annotations

import re
import unicodedata
from html import escape

from linli.engines.projects.rules.scheduling.types import Light

FONT = (
    "PingFang SC, HarmonyOS Sans SC, MiSans, Microsoft YaHei UI, Microsoft YaHei, Noto Sans CJK SC, "
    "Source Han Sans SC, WenQuanYi Micro Hei, sans-serif"
)
# Characters that XML 1.0 does not know, and those that would turn a line of text round.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_ELLIPSIS = "…"
_WIDE, _NARROW, _CAPITAL = 1.0, 0.56, 0.7
_OPENING, _CLOSING, _WORD = "（“‘《〔【(", "）”’》〕】)，。、；：！？,.;:!?…", 12
Number = float | int


class Palette:
    """Colours of the design's tokens; on screen by their variable, so that a dark page is dark here too."""

    def __init__(self, *, screen: bool) -> None:
        """Choose between screen and paper."""
        self._screen = screen
        self.ink = self._of("ink", "#17222d")
        self.soft_ink = self._of("ink-2", "#46535f")
        self.faint_ink = self._of("ink-3", "#5c6975")
        self.panel = self._of("panel", "#ffffff")
        self.band = self._of("panel-2", "#f7f9fa")
        self.line = self._of("line", "#dfe5ea")
        self.edge = self._of("field-line", "#7c8995")
        self.brand = self._of("brand", "#17569b")
        self.brand_soft = self._of("brand-soft", "#e8f0f9")
        self.rest = self._of("canvas", "#eef1f4")
        self.late = self._of("st-late", "#b3261e")
        self.late_soft = self._of("st-late-bg", "#fdeceb")
        self.done = self._of("st-done", "#1b6e45")
        self.done_soft = self._of("st-done-bg", "#e5f4ec")
        self.new = self._of("st-new", "#9a5700")
        self.new_soft = self._of("st-new-bg", "#fdf1de")

    def _of(self, name: str, value: str) -> str:
        return f"var(--{name},{value})" if self._screen else value


class Svg:
    """An SVG text that grows."""

    def __init__(self, width: Number, height: Number, *, size: str = "", title: str, name: str, more: str = "") -> None:
        """Begin a drawing.

        Args:
            width: of the drawing in its own units, and so ``height``.
            size: width and height attributes for paper, such as ``width="420mm" height="297mm"``.
            title: read by screen readers.
            name: the class of the drawing, and the beginning of the ids in it.
            more: further attributes of the root, already safe.
        """
        self.name = name
        self._parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{name}" viewBox="0 0 {num(width)} {num(height)}" '
            f'{size or f"width={quoted(num(width))} height={quoted(num(height))}"} role="img" '
            f'aria-label="{clean(title)}" font-family="{FONT}"{" " if more else ""}{more}>'
        ]

    def add(self, markup: str) -> None:
        """Add markup that is safe already."""
        self._parts.append(markup)

    def rect(self, x: Number, y: Number, width: Number, height: Number, fill: str, **more: Number | str) -> None:
        """Draw a rectangle."""
        self.add(
            f'<rect x="{num(x)}" y="{num(y)}" width="{num(max(0, width))}" height="{num(max(0, height))}" '
            f'fill="{fill}"{attributes(more)}/>'
        )

    def line(self, x1: Number, y1: Number, x2: Number, y2: Number, stroke: str, **more: Number | str) -> None:
        """Draw a line."""
        self.add(
            f'<line x1="{num(x1)}" y1="{num(y1)}" x2="{num(x2)}" y2="{num(y2)}" stroke="{stroke}"{attributes(more)}/>'
        )

    def path(self, d: str, fill: str, **more: Number | str) -> None:
        """Draw a path."""
        self.add(f'<path d="{d}" fill="{fill}"{attributes(more)}/>')

    def text(self, x: Number, y: Number, text: str, size: Number, fill: str, **more: Number | str) -> None:
        """Write a line of text on the base line ``y``."""
        where = f'x="{num(x)}" y="{num(y)}" font-size="{num(size)}"'
        self.add(f'<text {where} fill="{fill}"{attributes(more)}>{clean(text)}</text>')

    def open(self, **more: Number | str) -> None:
        """Open a group."""
        self.add(f"<g{attributes(more)}>")

    def close(self) -> None:
        """Close the group."""
        self.add("</g>")

    def tip(self, text: str) -> None:
        """Say what the open group is; browsers show it beside the pointer."""
        self.add(f"<title>{clean(text)}</title>")

    def done(self) -> str:
        """Return the drawing."""
        return "".join([*self._parts, "</svg>"])


def num(value: Number) -> str:
    """Return a number as short as it can be."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def clean(text: str) -> str:
    """Return ``text`` safe between tags and between quotes."""
    return escape(_FORBIDDEN.sub("", text), quote=True)


def quoted(text: str) -> str:
    """Return ``text`` safe and in quotes."""
    return f'"{clean(text)}"'


def attributes(more: dict[str, Number | str]) -> str:
    """Return attributes; an underscore stands for a hyphen, one at the end for nothing."""
    return "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoted(value if isinstance(value, str) else num(value))}"
        for key, value in more.items()
    )


def width_of(text: str, size: Number) -> float:
    """Return about how wide ``text`` is, rather too wide than too narrow."""
    return size * sum(_em(character) for character in text)


def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return _WIDE
    if unicodedata.combining(character):
        return 0.0
    return _CAPITAL if character.isupper() or character in "%@—" else _NARROW


def fit(text: str, width: Number, size: Number) -> str:
    """Return ``text``, or as much of it as ``width`` takes with an ellipsis behind; empty if not even that."""
    if width_of(text, size) <= width:
        return text
    found = ""
    for character in text:
        if width_of(found + character + _ELLIPSIS, size) > width:
            return found.rstrip() + _ELLIPSIS if found else ""
        found += character
    return found


def wrap(text: str, width: Number, size: Number, lines: int) -> list[str]:
    """Return ``text`` on at most so many lines of about equal length, the last with an ellipsis if it is not all."""
    found: list[str] = []
    rest = text
    while rest and len(found) < lines - 1 and width_of(rest, size) > width:
        left = min(lines - len(found), -int(-width_of(rest, size) // width))
        cut = _cut(rest, min(float(width), width_of(rest, size) / left + size), size)
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*found, fit(rest, width, size)] if rest else found


def _cut(text: str, width: float, size: Number) -> int:
    """Return where to break ``text``: not within a number or a foreign word, nor before a mark that closes."""
    most = max(1, next((n for n in range(len(text), 0, -1) if width_of(text[:n], size) <= width), 1))
    for n in range(most, max(1, most - _WORD), -1):
        before, after = text[n - 1 : n], text[n : n + 1]
        within = before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
        if not within and before not in _OPENING and after not in _CLOSING:
            return n
    return most


def diamond(x: Number, y: Number, half: Number) -> str:
    """Return the path of a diamond round a point."""
    return f"M{num(x)} {num(y - half)}L{num(x + half)} {num(y)}L{num(x)} {num(y + half)}L{num(x - half)} {num(y)}Z"


def hatch(svg: Svg, name: str, stroke: str, gap: Number) -> str:
    """Define a hatching and return what fills with it: it tells late from not late without colour."""
    key = f"{svg.name}-{name}"
    svg.add(
        f'<defs><pattern id="{key}" width="{num(gap)}" height="{num(gap)}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="{num(gap)}" stroke="{stroke}" '
        f'stroke-width="{num(gap / 3)}"/></pattern></defs>'
    )
    return f"url(#{key})"


def light(svg: Svg, x: float, y: float, size: float, shown: Light, word: str, colours: Palette) -> None:
    """Draw a light round a point: its shape, its letter and how dark it is tell it without colour.

    Green is a pale circle, yellow a pale hexagon with a strong rim, red a full square, done a full circle.
    """
    half = size / 2
    fill, stroke, ink = {
        Light.GREEN: (colours.done_soft, colours.done, colours.done),
        Light.YELLOW: (colours.new_soft, colours.new, colours.new),
        Light.RED: (colours.late, colours.late, colours.panel),
        Light.DONE: (colours.done, colours.done, colours.panel),
        Light.WAITING: (colours.panel, colours.edge, colours.soft_ink),
    }[shown]
    svg.open(class_=f"light light--{shown.value}")
    rim = size / 12
    if shown is Light.RED:
        svg.rect(x - half, y - half, size, size, fill, rx=size / 8)
    elif shown is Light.YELLOW:
        points = ((1.1, 0), (0.55, 0.95), (-0.55, 0.95), (-1.1, 0), (-0.55, -0.95), (0.55, -0.95))
        d = "L".join(f"{num(x + half * a)} {num(y + half * b)}" for a, b in points)
        svg.path(f"M{d}Z", fill, stroke=stroke, stroke_width=rim * 1.5)
    else:
        svg.add(
            f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(half)}" fill="{fill}" stroke="{stroke}" '
            f'stroke-width="{num(rim)}"/>'
        )
    svg.text(x, y + size * 0.22, word, size * 0.64, ink, text_anchor="middle", font_weight="700")
    svg.close()
