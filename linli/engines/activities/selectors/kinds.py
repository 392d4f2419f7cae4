"""Kinds of meetings and standing topics: as shipped, with what was changed on site before them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.activities.models import Meeting, MeetingKind, Series
from linli.engines.activities.rules.finding import normal, words
from linli.engines.activities.types import Kind, KindUse, PlannedItem, Standing
from linli.foundation.core.errors import NotFoundError
from linli.foundation.rulebook import selectors as rulebook


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Any]:
    text = files("linli.engines.activities").joinpath("shipped/kinds.toml").read_text(encoding="utf8")
    return tomllib.loads(text)


def to_kind(data: Mapping[str, Any], *, active: bool = True) -> Kind:
    """Return a kind from its data as TOML or JSON holds them."""
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items() if k != "agenda"}
    return Kind(**values, agenda=tuple(PlannedItem(**i) for i in data.get("agenda", ())), active=active)


def kinds(*, every: bool = False) -> dict[str, Kind]:
    """Return the kinds of meetings in use by code, in order (``every``: those switched off too): one statement."""
    found = {k["code"]: to_kind({**k, "order": n * 10}) for n, k in enumerate(_shipped()["kind"], 1)}
    for row in MeetingKind.objects.order_by("id"):
        found[row.code] = to_kind({**row.data, "code": row.code, "version": row.version}, active=row.active)
    shown = [k for k in found.values() if every or k.active]
    return {k.code: k for k in sorted(shown, key=lambda k: k.order)}


def kind(code: str) -> Kind:
    """Return a kind of meeting.

    Raises:
        NotFoundError: there is none.
    """
    found = kinds(every=True).get(code)
    if found is None:
        raise NotFoundError(_("没有这种会议。"), code="activities.kind")
    return found


def is_shipped(code: str) -> bool:
    """Return whether the programme brings this kind along."""
    return any(k["code"] == code for k in _shipped()["kind"])


def has_series(code: str) -> bool:
    """Return whether a series, ended or not, holds this kind."""
    return Series.objects.filter(kind=code).exists()


def kind_uses(*, text: str = "", active: bool = True) -> list[KindUse]:
    """Return the kinds in use, or those retired, that ``text`` finds, in order, with their meetings: three statements.

    A text finds a kind by its name, by who convenes and by the items that it begins with.
    """
    meetings = dict(Meeting.objects.values_list("kind").annotate(n=Count("id")))
    today = timezone.localdate()
    going = Series.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=today))
    series = dict(going.values_list("kind").annotate(n=Count("id")))
    wanted = normal(text)
    return [
        KindUse(k, meetings.get(k.code, 0), series.get(k.code, 0), is_shipped(k.code))
        for k in kinds(every=True).values()
        if k.active == active and wanted in words(k.name, k.convener, *(i.title for i in k.agenda))
    ]


def kind_use(code: str) -> KindUse:
    """Return a kind, retired or not, with its meetings and series.

    Raises:
        NotFoundError: there is none.
    """
    found = kind(code)
    return next(u for u in kind_uses(active=found.active) if u.kind.code == code)


def standing_topics() -> dict[str, Standing]:
    """Return the standing topics by code, in order."""
    return {s["code"]: Standing(**s) for s in _shipped()["standing"]}


def number(code: str, now: datetime) -> int:
    """Return a number of this room (``activities.<code>``) as the rulebook has it today."""
    return int(rulebook.value(f"activities.{code}", on=timezone.localtime(now).date()))


def is_workday(day: date) -> bool:
    """Return whether a day is worked; in a year whose holidays are not known, Monday to Friday."""
    calendar = rulebook.working_calendar()
    if day.year not in calendar.years and day not in calendar.days:
        return day.weekday() < 5
    return calendar.is_workday(day)
