"""Filters and tags that every template has (they are builtins)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

import segno
from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.translation import gettext as _

from linli.foundation.core import clock
from linli.foundation.core.text import mask_phone
from linli.interfaces.web import components, formats
from linli.interfaces.web.stencils import Stencil

register = template.Library()
register.tag("cotton", components.compile_component)
register.tag("kept", components.compile_block)
BUILD = Path(__file__).resolve().parent.parent / "static" / "linli" / "build"


@lru_cache(maxsize=1)
def _kept_manifest() -> dict[str, str]:
    return _read_manifest()


def _read_manifest() -> dict[str, str]:
    path = BUILD / "manifest.json"
    found: dict[str, str] = json.loads(path.read_text(encoding="utf8")) if path.exists() else {}
    return found


@register.simple_tag
def asset(name: str) -> str:
    """Return the address of a built file (``app.js``, ``linli.css``, ``icons.svg``) with its hash."""
    manifest = _read_manifest() if settings.DEBUG else _kept_manifest()
    return static(f"linli/build/{manifest.get(name, name)}")


_WORDS = ("id", "url", "title", "status_label", "category", "area", "address", "at_iso", "at_words", "left")
_CASEROW = Stencil("web/_caserow.html", words=_WORDS)


def _caserow(row: Mapping[str, Any], now: datetime, selected: str) -> str:
    at, due = timezone.localtime(row["at"]), row["due"]
    left = formats.time_left(due, now) if due else row["closing"]
    words = {**row, "at_iso": at.isoformat(), "at_words": formats.day_time(at, now), "left": left}
    shape = {
        "urgent": bool(row["urgent"]),
        "status": row["status"],
        "urgency": formats.urgency(due, now) if due else "",
        "closing": bool(row["closing"]),
        "selected": row["id"] == selected,
    }
    return _CASEROW.fill(words, shape)


@register.simple_tag
def caserows(rows: Iterable[Mapping[str, Any]], now: datetime, selected: str = "") -> SafeString:
    """``{% caserows rows now case.number %}`` → the rows of a workbench list, the selected one marked.

    A row: id, url, title, urgent, status, status_label, category, area, address, at, due (or None), closing.
    """
    return mark_safe("".join(_caserow(row, now, selected) for row in rows))  # noqa: S308  the stencil escapes


@register.simple_tag
def options(choices: Iterable[Mapping[str, Any]], chosen: Any = "") -> SafeString:
    """``{% options options value %}`` → the ``<option>`` elements of a select, those of ``value`` selected."""
    several = isinstance(chosen, list | tuple | set | frozenset)
    marked = {str(c) for c in chosen} if several else set() if chosen is None else {str(chosen)}
    lines = []
    for choice in choices:
        value, label = str(choice["value"]), choice["label"]
        selected = " selected" if value in marked else ""
        words = label if isinstance(label, SafeData) else escape(str(label))
        lines.append(f'<option value="{escape(value)}"{selected}>{words}</option>')
    return mark_safe("".join(lines))  # noqa: S308  escaped above


@register.filter
def time_left(due: datetime | None, now: datetime | None = None) -> str:
    """``{{ due|time_left:now }}`` → 剩余 1 小时 15 分 / 超期 2 小时 06 分."""
    return formats.time_left(due, now or clock.now()) if due else ""


@register.filter
def urgency(due: datetime | None, now: datetime | None = None) -> str:
    """``{{ due|urgency:now }}`` → calm, warn or late: a class name."""
    return formats.urgency(due, now or clock.now()) if due else "calm"


@register.filter
def day_time(moment: datetime | None, now: datetime | None = None) -> str:
    """``{{ moment|day_time }}`` → 今天 09:42 / 昨天 16:20 / 11 月 3 日 08:15."""
    return formats.day_time(moment, now or clock.now()) if moment else ""


@register.filter
def weekday(moment: datetime | None) -> str:
    """``{{ now|weekday }}`` → 11 月 21 日 星期六."""
    return formats.weekday(moment or clock.now())


@register.simple_tag
def time_used(start: datetime, due: datetime, now: datetime | None = None) -> int:
    """``{% time_used start due now %}`` → hundredths of the time that are over."""
    return formats.used(start, due, now or clock.now())


@register.filter
def masked_phone(phone: str) -> str:
    """``{{ phone|masked_phone }}`` → 138****5678."""
    return mask_phone(str(phone)) if phone else ""


@register.filter
def lookup(mapping: Any, key: Any) -> Any:
    """``{{ errors|lookup:name }}`` → the value, or nothing."""
    try:
        return mapping[key]
    except (KeyError, TypeError, IndexError, AttributeError):
        return ""


@register.filter
def within(value: Any, chosen: Any) -> bool:
    """``{% if code|within:value %}``: whether ``value`` is, or is one of, ``chosen``."""
    if isinstance(chosen, list | tuple | set | frozenset):
        return str(value) in {str(c) for c in chosen}
    return chosen is not None and str(value) == str(chosen)


@register.simple_tag
def qr(content: str) -> SafeString:
    """``{% qr url %}`` → a QR code as inline SVG, without styles or scripts."""
    drawn = segno.make(content, error="m", micro=False)
    return mark_safe(drawn.svg_inline(scale=4, border=2, omitsize=True, svgclass=None, lineclass=None, dark="#17222d"))  # noqa: S308  drawn by us


@register.filter
def aslist(value: Any) -> list[Any]:
    """``{% caserows row|aslist now %}`` → a list of one, for what takes several."""
    return [value] if value else []


@register.filter
def dotted(label: str) -> str:
    """``{{ case.area_label|dotted }}`` → 华阳路街道・第一综合网格: the full-width dot brings its own space."""
    return str(label or "").replace(" · ", "・")


@register.filter
def without_link(text: str, url: str) -> str:
    """Return a message without the line that only names its address, since the page has a button for it."""
    return "\n".join(line for line in text.splitlines() if not (url and line.rstrip().endswith(url)))


@register.filter
def device(user_agent: str) -> str:
    """Return browser and system in words, e.g. “Chrome · Windows”; what nobody knows is cut short."""
    browsers = (
        ("MicroMessenger", _("微信")),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    )
    systems = ("Windows", "Android", "iPhone", "iPad", "Mac", "Linux")
    browser = next((name for sign, name in browsers if sign in user_agent), "")
    system = next((name for name in systems if name in user_agent), "")
    return "・".join(part for part in (browser, system) if part) or user_agent[:60]
