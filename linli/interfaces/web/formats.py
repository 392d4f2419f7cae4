"""How times and numbers are said to people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from linli.foundation.people.types import Hours

MINUTE, HOUR, DAY = 60, 3600, 86_400


def span(seconds: int) -> str:
    """Return a length of time in its two largest units: ``1 天 4 小时``, ``1 小时 15 分``, ``28 分钟``."""
    days, hours, minutes = seconds // DAY, seconds % DAY // HOUR, seconds % HOUR // MINUTE
    if days:
        return (
            _("%(days)s 天 %(hours)s 小时") % {"days": days, "hours": hours}
            if hours
            else _("%(days)s 天") % {"days": days}
        )
    if hours:
        if not minutes:
            return _("%(hours)s 小时") % {"hours": hours}
        return _("%(hours)s 小时 %(minutes)s 分") % {"hours": hours, "minutes": f"{minutes:02d}"}
    return _("%(minutes)s 分钟") % {"minutes": minutes} if minutes else _("不到 1 分钟")


def time_left(due: datetime, now: datetime) -> str:
    """Return the time left until ``due``, or by how much it has passed."""
    seconds = int((due - now).total_seconds())
    if seconds < 0:
        return _("超期 %(span)s") % {"span": span(-seconds)}
    return _("剩余 %(span)s") % {"span": span(seconds)}


def urgency(due: datetime, now: datetime, start: datetime | None = None) -> str:
    """Return ``late``, ``warn`` (a fifth of the time or less than four hours left) or ``calm``."""
    left = (due - now).total_seconds()
    if left < 0:
        return "late"
    near = left <= (due - start).total_seconds() / 5 if start else False
    return "warn" if near or left <= 4 * HOUR else "calm"


def used(start: datetime, due: datetime, now: datetime) -> int:
    """Return how many hundredths of the time from ``start`` to ``due`` are over, 0 to 100."""
    whole = (due - start).total_seconds()
    return 100 if whole <= 0 else max(0, min(100, round((now - start).total_seconds() / whole * 100)))


def day_time(moment: datetime, now: datetime) -> str:
    """Return a moment as one says it: ``今天 09:42``, ``昨天 16:20``, ``11 月 3 日 08:15``, ``2025 年 3 月 1 日``."""
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    days = (today - local.date()).days
    clock = f"{local:%H:%M}"
    if days == 0:
        return _("今天 %(time)s") % {"time": clock}
    if days == 1:
        return _("昨天 %(time)s") % {"time": clock}
    if days == -1:
        return _("明天 %(time)s") % {"time": clock}
    parts = {"year": local.year, "month": local.month, "day": local.day, "time": clock}
    if local.year == today.year:
        return _("%(month)s 月 %(day)s 日 %(time)s") % parts
    return _("%(year)s 年 %(month)s 月 %(day)s 日") % parts


WEEKDAYS = (
    gettext_lazy("星期一"),
    gettext_lazy("星期二"),
    gettext_lazy("星期三"),
    gettext_lazy("星期四"),
    gettext_lazy("星期五"),
    gettext_lazy("星期六"),
    gettext_lazy("星期日"),
)


def hours_words(hours: Iterable[Hours]) -> str:
    """Return the hours of a week in words: ``星期二 09:00—11:30、星期四 14:00—16:00``."""
    return "、".join(f"{WEEKDAYS[h.weekday - 1]} {h.starts:%H:%M}—{h.ends:%H:%M}" for h in hours)


def weekday(moment: datetime) -> str:
    """Return the day with its weekday: ``11 月 21 日 星期六``."""
    local = timezone.localtime(moment)
    return _("%(month)s 月 %(day)s 日 %(weekday)s") % {
        "month": local.month,
        "day": local.day,
        "weekday": WEEKDAYS[local.weekday()],
    }


def near_name(label: str) -> str:
    """Return the area of ``a · b · c`` that a row of a list names: the 居民区 without its kind, else the last part.

    ``华阳路街道 · 第一综合网格 · 陶家宅居民区 · 第二微网格`` → ``陶家宅``; a row has no room for more.
    """
    names = label.split(" · ")
    found = next((n.removesuffix("居民区") for n in reversed(names) if n.endswith("居民区")), "")
    return found or names[-1]


def fold_repeats(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a history with runs of entries that say nothing but the same title made one, counted in its title.

    Args:
        entries: newest first, with ``title``, ``who`` and whatever else they say; the newest of a run stays.
    """
    found: list[dict[str, Any]] = []
    times: list[int] = []
    for entry in entries:
        if found and _silent(entry) and _silent(found[-1]) and _said_by(entry) == _said_by(found[-1]):
            times[-1] += 1
        else:
            found.append(entry)
            times.append(1)
    return [
        e | {"title": _("%(title)s（连续 %(n)s 次）") % {"title": e["title"], "n": n}} if n > 1 else e
        for e, n in zip(found, times, strict=True)
    ]


def _silent(entry: dict[str, Any]) -> bool:
    return not any(entry.get(name) for name in ("text", "reason", "changes", "photos"))


def _said_by(entry: dict[str, Any]) -> tuple[str, str]:
    return str(entry["title"]), str(entry.get("who", ""))
