"""The words on drawings."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from linli.engines.projects.rules.scheduling.types import Light


def light_word(light: Light) -> str:
    """Return the one letter that stands in a light: the first of its word, in any language."""
    words = {
        Light.GREEN: _("绿"),
        Light.YELLOW: _("黄"),
        Light.RED: _("红"),
        Light.DONE: _("完"),
        Light.WAITING: _("待"),
    }
    return words[light][:1]


def light_name(light: Light) -> str:
    """Return what a light means."""
    return {
        Light.GREEN: _("正常推进"),
        Light.YELLOW: _("预警"),
        Light.RED: _("滞后"),
        Light.DONE: _("已完成"),
        Light.WAITING: _("未到开工"),
    }[light]


def month_word(day: date, *, year: bool) -> str:
    """Return the month, with its year where asked."""
    if year:
        return _("%(year)d年%(month)d月") % {"year": day.year, "month": day.month}
    return _("%(month)d月") % {"month": day.month}


def day_word(day: date) -> str:
    """Return month and day."""
    return _("%(month)d月%(day)d日") % {"month": day.month, "day": day.day}


def full_day_word(day: date) -> str:
    """Return the whole date."""
    return _("%(year)d年%(month)d月%(day)d日") % {"year": day.year, "month": day.month, "day": day.day}


def span_word(start: date, finish: date) -> str:
    """Return a span of days."""
    return _("%(start)s至%(finish)s") % {"start": day_word(start), "finish": day_word(finish)}


def today_word(day: date) -> str:
    """Return what stands at the line of today."""
    return _("今天 %(day)s") % {"day": day_word(day)}


def due_word(day: date) -> str:
    """Return what stands at the line of the deadline."""
    return _("截止 %(day)s") % {"day": day_word(day)}
