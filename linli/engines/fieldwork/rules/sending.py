"""What was sent from the street, held against itself: one digest, what is sealed of it, what was odd about its time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from linli.foundation.core.text import find_personal, mask_personal
from linli.foundation.forms.rules import answered
from linli.foundation.forms.types import Group, Question, QuestionType, WholeForm

COARSE = 3
"""Places after the comma of a position that is kept: about a hundred metres."""
MAX_INSTANCES = 200  # of a repeat, as the forms room has it
_FREE = {QuestionType.TEXT, QuestionType.LONG_TEXT}


class Noted(StrEnum):
    """What was odd about something sent, and no reason to refuse it."""

    CLOCK_AHEAD = "clock_ahead"  # the device's clock was ahead of ours
    FAR_AHEAD = "far_ahead"  # by days
    CLOCK_WRONG = "clock_wrong"  # the device knew that its clock was off, and said what ours was
    FUTURE_DATE = "future_date"  # an answer names a day to come
    AFTER_CLOSE = "after_close"  # the round had ended when it came
    VISIT_DROPPED = "visit_dropped"  # the visit had been called off
    NOT_ASSIGNED = "not_assigned"  # somebody else was to go
    FORMER_VERSION = "former_version"  # the form has a newer version
    TARGET_ENDED = "target_ended"  # the target has left the ledger
    OUT_OF_HOURS = "out_of_hours"  # it was made outside of the times of day that the round is for


def canonical(value: Any) -> str:
    """Return JSON that is the same for the same content, whatever the order of its keys."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what was sent, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content).encode("utf8", "replace")).hexdigest()


def parted(form: WholeForm, answers: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return cleaned ``answers`` as (what stands open, path → answer that is sealed).

    Personal answers are sealed. Of a text in which somebody wrote a number or a name as it should not be, the masked
    text stands open, and what was written is sealed.
    """
    sealed: dict[str, Any] = {}

    def open_of(path: str, question: Question, value: Any) -> Any:
        if question.personal:
            sealed[path] = value
            return None
        if question.type in _FREE and isinstance(value, str) and find_personal(value):
            sealed[path] = value
            return mask_personal(value)
        return value

    return mapped(form, answers, open_of), sealed


def joined(form: WholeForm, answers: Mapping[str, Any], sealed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers whole again, as they were before :func:`parted`."""
    found = json.loads(json.dumps(answers))
    for path, value in sealed.items():
        put(found, path.split("/"), value)
    return mapped(form, found, lambda _path, _question, value: value)


def put(here: dict[str, Any], steps: list[str], value: Any) -> None:
    """Put ``value`` into nested answers at a path taken apart; what stands in the way is replaced."""
    code, _bracket, number = steps[0].partition("[")
    if not number:
        if len(steps) == 1:
            here[code] = value
            return
        if not isinstance(here.get(code), dict):
            here[code] = {}
        put(here[code], steps[1:], value)
        return
    rows = here[code] if isinstance(here.get(code), list) else []
    here[code] = rows
    place = min(max(int(number.rstrip("]") or 1), 1), MAX_INSTANCES + 1)
    rows += [{} for _n in range(place - len(rows))]
    if not isinstance(rows[place - 1], dict):
        rows[place - 1] = {}
    if len(steps) > 1:
        put(rows[place - 1], steps[1:], value)


def mapped(form: WholeForm, answers: Mapping[str, Any], change: Callable[[str, Question, Any], Any]) -> dict[str, Any]:
    """Return ``answers`` with each put through ``change(path, question, answer)``; None drops it."""
    return _mapped(form.items, answers, "", change)


def _mapped(
    items: tuple[Question | Group, ...],
    answers: Mapping[str, Any],
    above: str,
    change: Callable[[str, Question, Any], Any],
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in items:
        path = f"{above}/{item.code}" if above else item.code
        value = answers.get(item.code)
        if value is None:
            continue
        if isinstance(item, Question):
            kept = change(path, item, value)
            if kept is not None:
                found[item.code] = kept
        elif item.repeat:
            found[item.code] = [_mapped(item.items, row, f"{path}[{n}]", change) for n, row in enumerate(value, 1)]
        elif inner := _mapped(item.items, value, path, change):
            found[item.code] = inner
    return found


def odd_times(
    form: WholeForm,
    answers: Mapping[str, Any],
    made_at: datetime,
    now: datetime,
    *,
    minutes: int,
    days: int,
    device_at: datetime | None = None,
) -> list[Noted]:
    """Return what is odd about the times of something sent; nothing of it is a reason to lose it.

    Args:
        form: the form that was filled.
        answers: cleaned and nested.
        made_at: by the device's clock, aware, in the offset of the place.
        now: ours.
        minutes: by how many a device may be ahead unnoted.
        days: how many days ahead an answer or a clock may be without being said.
        device_at: what the device's own clock showed, where it is known to differ.
    """
    found = []
    if made_at > now + timedelta(days=days):
        found.append(Noted.FAR_AHEAD)
    elif made_at > now + timedelta(minutes=minutes):
        found.append(Noted.CLOCK_AHEAD)
    if device_at is not None and abs(device_at - made_at) > timedelta(minutes=minutes):
        found.append(Noted.CLOCK_WRONG)
    latest = now.astimezone(made_at.tzinfo).date() + timedelta(days=days)
    told = [v for _path, q, v in answered(form, answers) if q.type in {QuestionType.DATE, QuestionType.DATETIME}]
    if any(date.fromisoformat(str(v)[:10]) > latest for v in told):
        found.append(Noted.FUTURE_DATE)
    return found


def coarse(lat: float, lon: float) -> tuple[float, float]:
    """Return a position as it is kept: to about a hundred metres."""
    return round(lat, COARSE), round(lon, COARSE)
