"""Reads of trials: the list, one with its rounds, and what it found, all from sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.fieldwork.rules.sampling import Interval, Place, ranking, wilson
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.rulebook import selectors as rulebook
from linli.programmes.civility.models import Standard, Tally, Trial, TrialPart
from linli.programmes.civility.permissions import area_q, check_read
from linli.programmes.civility.rules import tallying
from linli.programmes.civility.types import Line, Score, TrialState

_WITH = ("unit", "area", "edition")
_BORDERS = ("area__geometry", "area__wkb")


def trials(
    by: Actor, *, purpose: str = "", state: str = "", text: str = "", level: str = "", cursor: str = "", size: int = 50
) -> Page[Trial]:
    """Return a page of the trials that ``by`` may read, the newest first: one statement."""
    check_read(by)
    conditions = {
        "purpose": purpose, "state": state, "level": level, "title__contains": text.strip()[:60]
    }  # fmt: skip
    rows = Trial.objects.filter(area_q(by), **{k: v for k, v in conditions.items() if v})
    rows = rows.select_related(*_WITH).defer(*_BORDERS)
    return keyset(rows, keys=[("starts_on", date), ("id", int)], cursor=cursor, size=size, descending=True)


def trial_for(by: Actor, uuid: UUID) -> Trial:
    """Return one trial with unit, area and edition.

    Raises:
        NotFoundError: there is none, or it is not for this person.
    """
    check_read(by)
    found = Trial.objects.filter(area_q(by), uuid=uuid).select_related(*_WITH).defer(*_BORDERS).first()
    if found is None:
        raise NotFoundError(_("没有这次检查。"), code="civility.no_trial")
    return found


def parts(trial: Trial) -> list[TrialPart]:
    """Return the rounds of a trial with their types: one statement."""
    return list(TrialPart.objects.filter(trial=trial).select_related("round", "point_type"))


def open_trials(by: Actor, *, most: int = 6) -> list[Trial]:
    """Return the trials that run, those that end first."""
    rows = Trial.objects.filter(area_q(by), state=TrialState.OPEN).select_related(*_WITH).defer(*_BORDERS)
    return list(rows.order_by("ends_on", "pk")[:most])


def progress(found: Sequence[Trial]) -> dict[int, tuple[int, int]]:
    """Return trial → (visits planned, done): one statement."""
    rows = TrialPart.objects.filter(trial__in=found).values("trial")
    summed = rows.annotate(planned=Sum("round__planned"), done=Sum("round__done"))
    return {r["trial"]: (r["planned"], r["done"]) for r in summed}


def contents_of(edition_id: int) -> dict[str, tuple[str, str]]:
    """Return standard → (project, content) of an edition."""
    rows = Standard.objects.filter(edition=edition_id).values_list("code", "project", "content")
    return {code: (project, content) for code, project, content in rows}


_SUMS = ("observed", "perfect", "spared", "earned", "full", "vetoed")


def lines(trial: Trial, by: str = "") -> list[Line]:
    """Return what was counted, by standard and ``by`` (``unit_key``, ``area_path``; empty: of all): one statement."""
    names = ("standard__code", *((by,) if by else ()))
    rows = Tally.objects.filter(trial=trial).values(*names).annotate(**{f"n_{n}": Sum(n) for n in _SUMS}).order_by()
    return [Line(r["standard__code"], str(r[by]) if by else "", *(r[f"n_{n}"] for n in _SUMS)) for r in rows]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One unit or area in a list by full-mark rate; ``place.rank`` None: too few to be compared."""

    place: Place
    score: Score


@dataclass(frozen=True, slots=True)
class Result:
    """What a trial found.

    Attributes:
        whole: the score of all; ``between`` the interval of its full-mark rate.
        types, units, areas: key → score (code of the type, row of the unit as text, path of the area).
        items: standard → score.
        least: observations from which units and areas are compared.
    """

    whole: Score
    between: Interval | None
    types: dict[str, Score]
    items: dict[str, Score]
    units: tuple[Ranked, ...]
    areas: tuple[Ranked, ...]
    least: int
    confidence: int


def result(trial: Trial, *, areas: dict[str, str]) -> Result:
    """Return what a trial found: four statements, however many records there are.

    Args:
        areas: path → name of the areas that are told apart; what lies elsewhere counts in the whole alone.
    """
    today = timezone.localdate(clock.now())
    least = int(rulebook.value("civility.rank.least", on=today))
    percent = int(rulebook.value("fieldwork.draw.confidence", on=today))
    confidence = Fraction(percent, 100)
    contents = contents_of(trial.edition_id)
    kinds = dict(
        Standard.objects.filter(edition=trial.edition_id, point_type__isnull=False).values_list(
            "code", "point_type__code"
        )
    )
    every, by_unit, by_area = lines(trial), lines(trial, "unit_key"), lines(trial, "area_path")
    whole = tallying.score(every, contents)

    def area_of(line: Line) -> str:
        return next((path for path in areas if line.key.startswith(path)), "")

    return Result(
        whole,
        wilson(whole.perfect, whole.observed, confidence),
        tallying.grouped(every, contents, lambda line: kinds.get(line.standard, "")),
        tallying.grouped(every, contents, lambda line: line.standard),
        _ranked(tallying.grouped(by_unit, contents, lambda line: line.key), least, confidence),
        _ranked(tallying.grouped(by_area, contents, area_of), least, confidence),
        least,
        percent,
    )


def _ranked(scores: dict[str, Score], least: int, confidence: Fraction) -> tuple[Ranked, ...]:
    counted = {key: (s.perfect, s.observed) for key, s in scores.items() if key not in ("", "0")}
    return tuple(Ranked(place, scores[place.unit]) for place in ranking(counted, least, confidence))


def round_ids(trial: Trial) -> list[int]:
    """Return the rows of a trial's rounds."""
    return list(TrialPart.objects.filter(trial=trial).values_list("round", flat=True))


__all__ = [
    "Ranked",
    "Result",
    "contents_of",
    "lines",
    "open_trials",
    "parts",
    "progress",
    "result",
    "round_ids",
    "trial_for",
    "trials",
]
