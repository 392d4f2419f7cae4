"""Opening hours and answers in words, for residents and staff alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli.foundation.forms.types import QuestionSet
from linli.foundation.venues.rules import hours as opening
from linli.foundation.venues.types import State

if TYPE_CHECKING:
    from linli.foundation.venues.models import Venue


def weekdays() -> list[str]:
    """Return the names of the days from Monday."""
    return [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a venue stands now: a class name (``yes``, ``no``, ``paused`` or empty) and words."""

    tone: str
    words: str


def local(moment: datetime) -> datetime:
    """Return the moment on the wall's clock, without a zone."""
    return localtime(moment).replace(tzinfo=None)


def standing(venue: Venue, now: datetime) -> Standing:
    """Return whether ``venue`` is open and until when, in words."""
    if venue.state != State.OPEN:
        return Standing("paused", str(State(venue.state).label))
    moment = local(now)
    found = opening.now(opening.from_json(venue.hours), moment)
    if found.open is None:
        return Standing("", "")
    if found.open:
        words = _("开放中，至 %(until)s") % {"until": when(found.until, moment)} if found.until else _("开放中，全天")
        return Standing("yes", words)
    note = f"（{found.note}）" if found.note else ""
    words = _("未开放，%(at)s 开") % {"at": when(found.until, moment)} if found.until else _("未开放")
    return Standing("no", words + note)


def when(at: datetime | None, moment: datetime) -> str:
    """Return a coming moment as briefly as it is clear: 17:00, 明天 08:30, 周一 09:00, 3 月 2 日 09:00."""
    if at is None:
        return ""
    clock = f"{at:%H:%M}"
    days = (at.date() - moment.date()).days
    if days == 0:
        return clock
    if days == 1 and clock == "00:00":
        return _("24:00")
    if days == 1:
        return _("明天 %(at)s") % {"at": clock}
    if days < 7:
        return f"{weekdays()[at.weekday()]} {clock}"
    return _("%(month)s 月 %(day)s 日 %(at)s") % {"month": at.month, "day": at.day, "at": clock}


def week(venue: Venue, now: datetime) -> list[tuple[str, str]]:
    """Return the week and the coming exceptions as lines to be read: (days, hours)."""
    hours = opening.from_json(venue.hours)
    names, found = weekdays(), []
    if hours.always:
        found.append((_("每天"), _("24 小时")))
    else:
        lines = opening.lines(hours)
        shut = sorted(set(range(7)) - {d for line in lines for d in range(line.first, line.last + 1)})
        for line in lines:
            days = _("每天") if (line.first, line.last) == (0, 6) else names[line.first]
            if line.last > line.first and days != _("每天"):
                days = _("%(first)s至%(last)s") % {"first": names[line.first], "last": names[line.last]}
            found.append((days, opening.spans_text(line.spans).replace(", ", "、").replace("-", "—")))
        if lines and shut:
            found.append(("、".join(names[d] for d in shut), _("休息")))
    return found + exceptions(hours, now)


def exceptions(hours: opening.Hours, now: datetime) -> list[tuple[str, str]]:
    """Return what differs within the next sixty days, as lines to be read."""
    today = local(now).date()
    found = []
    for e in sorted(hours.exceptions, key=lambda e: e.first):
        if e.last < today or e.first > today + timedelta(days=60):
            continue
        days = f"{e.first.month}-{e.first.day}" + (f" — {e.last.month}-{e.last.day}" if e.last != e.first else "")
        said = opening.spans_text(e.spans).replace(", ", "、").replace("-", "—") or _("休息")
        found.append((days, f"{said}（{e.note}）" if e.note else said))
    return found


def label_of(texts: Mapping[str, str]) -> str:
    """Return the words of a label in the language in force."""
    return texts.get(get_language() or "") or texts.get("zh-hans", "")


def answers(questions: QuestionSet, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the answers to a kind's questions in words; personal and open ones left out."""
    lines = []
    for q in questions.questions:
        value = given.get(q.code)
        if value is None or q.personal:
            continue
        labels = {c.code: label_of(c.label) for c in q.choices}
        if isinstance(value, bool):
            words = _("是") if value else _("否")
        elif isinstance(value, list):
            words = "、".join(labels.get(str(v), str(v)) for v in value)
        else:
            words = labels.get(str(value), str(value))
        lines.append((label_of(q.label), words))
    return lines
