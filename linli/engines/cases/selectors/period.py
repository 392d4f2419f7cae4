"""What came in, was closed and was decided in a period, as figures with the rows behind each: for reports.

Numbers and the rows' own numbers only; no text, no place, no person. What is guarded or confidential is
counted, and shows nothing but its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, Category, Consultation, Praise
from linli.engines.cases.permissions import visible
from linli.engines.cases.rules.figures import Share, satisfaction
from linli.engines.cases.rules.proof import RATINGS
from linli.engines.cases.selectors import catalogue, measures
from linli.engines.cases.selectors.settings import number
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset

# Figure → what beside the period a case must fulfil; ``taken_in`` and those of it of public kinds (``public``) count by
# report, the others by closing.
_PARTS: Mapping[str, Q] = {
    "taken_in": Q(),
    "closed": Q(),
    "on_time": measures.ON_TIME,
    "rework": measures.REWORKED,
    "unsolved": measures.UNSOLVED,
    "rated": measures.RATED,
    "public": Q(guarded=False, confidential=False),
}
PERIOD_FIGURES = tuple(_PARTS)


def _in(figure: str, since: datetime, until: datetime, category: str = "") -> QuerySet[Case]:
    """Return the cases that ``figure`` counts, from ``since`` to before ``until``."""
    every = _of_category(category) if category else Case.objects.all()
    if figure in {"taken_in", "public"}:
        rows = every.filter(_PARTS[figure], reported_at__gte=since, reported_at__lt=until).filter(measures.PROBLEM)
        if figure == "public":
            rows = rows.filter(category_version__in=catalogue.public_versions())
        return rows.filter(measures.COUNTED)
    closed = every.filter(closed_at__gte=since, closed_at__lt=until)
    return closed.filter(measures.CLOSED & measures.PROBLEM, _PARTS[figure])


def _of_category(name: str) -> QuerySet[Case]:
    """Return the cases of one public kind; what of it is guarded or confidential is left out."""
    public = catalogue.public_versions()
    return Case.objects.filter(_PARTS["public"], category__name=name, category_version__in=public)


def public_categories() -> list[str]:
    """Return the names of the kinds of problems by which figures may be narrowed: one statement."""
    rows = Category.objects.filter(versions__in=catalogue.public_versions()).order_by("order", "id")
    return list(dict.fromkeys(rows.values_list("name", flat=True)))


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """How the cases of a period were handled; the one rate never without the others."""

    taken_in: int
    closed: int
    on_time: int
    rework: int
    unsolved: int
    satisfaction: Share


def period_figures(since: datetime, until: datetime, now: datetime, category: str = "") -> PeriodFigures:
    """Return the figures of a period over the whole subdistrict, of one public kind if it is named: two statements."""
    rated = {f"rated_{code}": Count("pk", filter=Q(rating=code)) for code in RATINGS}
    found: dict[str, int] = _in("closed", since, until, category).aggregate(
        closed=Count("pk"),
        on_time=Count("pk", filter=_PARTS["on_time"]),
        rework=Count("pk", filter=_PARTS["rework"]),
        unsolved=Count("pk", filter=_PARTS["unsolved"]),
        **rated,
    )
    weights = number("cases.rating.weights", {"satisfied": 1, "mostly": 0.8, "fair": 0.6, "unsatisfied": 0}, now)
    return PeriodFigures(
        taken_in=_in("taken_in", since, until, category).count(),
        closed=found["closed"],
        on_time=found["on_time"],
        rework=found["rework"],
        unsolved=found["unsolved"],
        satisfaction=satisfaction({code: found[f"rated_{code}"] for code in RATINGS}, weights),
    )


def period_categories(since: datetime, until: datetime, category: str = "") -> list[tuple[str, int]]:
    """Return how many of what came in belongs to each public kind of problem; what is not public is left out."""
    counted: Any = (
        _in("public", since, until, category).order_by().values(name=F("category__name")).annotate(n=Count("pk"))
    )
    return [(row["name"], row["n"]) for row in counted]


def period_cases(
    figure: str, since: datetime, until: datetime, category: str = "", *, cursor: str = "", size: int = 50
) -> Page[Case]:
    """Return one page of the cases that a figure of :data:`PERIOD_FIGURES` counts, newest first.

    Show of them number, kind, unit and days alone, and of guarded ones the number.
    """
    shown = ("number", "state", "outcome", "guarded", "confidential", "reported_at", "closed_at", "was_overdue",
             "category__name", "unit__name", "unit__short_name")  # fmt: skip
    rows = _in(figure, since, until, category).select_related("category", "unit").only(*shown)
    return keyset(rows, keys=[("reported_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def minimum_cell(now: datetime) -> int:
    """Return the smallest number that is told of a kind or a group."""
    return int(number("cases.public.minimum_cell", 5, now))


def least_rated(now: datetime) -> int:
    """Return from how many on a rate is said."""
    return int(number("cases.rating.min_count", 5, now))


def _tellable(actor: Actor) -> QuerySet[Case]:
    rows = visible(actor).filter(measures.CLOSED & measures.PROBLEM)
    return rows.select_related("category", "category_version", "unit", "area").defer("area__geometry", "area__wkb")


def told_of(case: Case) -> bool:
    """Return whether everybody may be told of a case: of a public kind, not guarded, not about a unit."""
    secret = case.guarded or case.confidential or case.subject_unit_id is not None
    return not secret and case.category_version_id in catalogue.public_versions()


def tellable_cases(actor: Actor, text: str = "", *, limit: int = 20) -> list[Case]:
    """Return the closed cases that ``actor`` reads and everybody may be told of, by number or kind, newest first."""
    rows = _tellable(actor).filter(
        guarded=False,
        confidential=False,
        subject_unit__isnull=True,
        category_version__in=catalogue.public_versions(),
    )
    words = text.strip()
    if words:
        rows = rows.filter(Q(number__icontains=words) | Q(category__name__icontains=words))
    return list(rows.order_by("-closed_at", "-id")[:limit])


def closed_case(actor: Actor, number_: str) -> Case:
    """Return a closed case, whether or not it may be told of (:func:`told_of`).

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = _tellable(actor).filter(number=number_).first()
    if found is None:
        raise NotFoundError(_("没有找到这件案件，或者它还没有结案。"), code="cases.not_found")
    return found


def numbers_not_told(numbers: list[str]) -> list[str]:
    """Return those of the case numbers of which nobody outside may be told; one statement where any is named."""
    rows = Case.objects.filter(number__in=numbers).select_related("category_version") if numbers else ()
    return [case.number for case in rows if not told_of(case)]


def period_consultations(since: datetime, until: datetime, *, cursor: str = "", size: int = 50) -> Page[Consultation]:
    """Return one page of the meetings decided in a period, newest first."""
    rows = Consultation.objects.filter(decided_at__gte=since, decided_at__lt=until)
    return keyset(rows, keys=[("held_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def count_consultations(since: datetime, until: datetime) -> int:
    """Return how many meetings were decided in a period."""
    return Consultation.objects.filter(decided_at__gte=since, decided_at__lt=until).count()


def decided_consultations(text: str = "", *, limit: int = 20) -> list[Consultation]:
    """Return the meetings that are decided, by title, newest first."""
    rows = Consultation.objects.filter(decided_at__isnull=False, title__icontains=text.strip())
    return list(rows.order_by("-held_at", "-id")[:limit])


def period_praise(since: datetime, until: datetime, *, cursor: str = "", size: int = 50) -> Page[Praise]:
    """Return one page of the thanks entered in a period, newest first; show no giver."""
    rows = _praise(since, until).select_related("unit")
    return keyset(rows, keys=[("entered_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def _praise(since: datetime, until: datetime) -> QuerySet[Praise]:
    return Praise.objects.filter(entered_at__gte=since, entered_at__lt=until, withdrawn_at__isnull=True)


def count_praise(since: datetime, until: datetime) -> int:
    """Return how often thanks were entered in a period."""
    return _praise(since, until).count()
