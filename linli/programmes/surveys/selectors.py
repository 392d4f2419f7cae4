"""Reads of the room `surveys`: lists, one survey, numbers; never a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.fieldwork.rules.sampling import Change, compare
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError, NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.forms.rules import in_words
from linli.foundation.places import selectors as places
from linli.foundation.rulebook import selectors as rulebook
from linli.programmes.surveys import permissions, rules
from linli.programmes.surveys.models import Sheet, Survey, Token
from linli.programmes.surveys.rules import Figure
from linli.programmes.surveys.workflow import Index, State

_WITH = ("form", "form_version", "unit", "area")
_BORDERS = ("area__geometry", "area__wkb")


def page(by: Actor, *, state: str = "", text: str = "", cursor: str = "", size: int = 50) -> Page[Survey]:
    """Return a page of surveys, the newest first: one statement.

    Raises:
        ForbiddenError: not for this person.
    """
    _check(by)
    rows = Survey.objects.select_related("unit", "area").defer(*_BORDERS, "counts", "frame")
    if state in State.values:
        rows = rows.filter(state=state)
    if text.strip():
        rows = rows.filter(title__contains=text.strip()[:60])
    return keyset(rows, keys=[("opens_on", date), ("id", int)], cursor=cursor, size=size, descending=True)


def _check(by: Actor) -> None:
    if not permissions.may_read(by):
        raise ForbiddenError(_("问卷结果由街道和居民区的工作人员查看。"), code="surveys.role")


def survey_for(by: Actor, uuid: UUID) -> Survey:
    """Return one survey.

    Raises:
        ForbiddenError: not for this person. NotFoundError: there is none.
    """
    _check(by)
    found = Survey.objects.select_related(*_WITH).defer(*_BORDERS).filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这份问卷。"), code="surveys.none")
    return found


def public_survey(code: str) -> Survey:
    """Return the survey of a link that everybody may open: one that has begun, or has ended.

    Raises:
        NotFoundError: there is none.
    """
    rows = Survey.objects.select_related(*_WITH).defer(*_BORDERS)
    found = rows.filter(code=code, state__in=[State.OPEN, State.CLOSED]).first()
    if found is None:
        raise NotFoundError(_("没有这份问卷。"), code="surveys.none", hint=_("请核对二维码或链接。"))
    return found


def released(*, text: str = "", cursor: str = "", size: int = 20) -> Page[Survey]:
    """Return a page of the surveys whose results residents may read, the newest first: one statement."""
    rows = Survey.objects.filter(state=State.CLOSED, released_at__isnull=False).select_related("unit", "area")
    if text.strip():
        rows = rows.filter(title__contains=text.strip()[:40])
    rows = rows.defer(*_BORDERS, "counts", "frame")
    return keyset(rows, keys=[("opens_on", date), ("id", int)], cursor=cursor, size=size, descending=True)


def released_survey(code: str) -> Survey:
    """Return a survey whose result residents may read.

    Raises:
        NotFoundError: there is none, it is not over, or nobody released it.
    """
    rows = Survey.objects.select_related(*_WITH).defer(*_BORDERS)
    found = rows.filter(code=code, state=State.CLOSED, released_at__isnull=False).first()
    if found is None:
        raise NotFoundError(_("没有公布这份问卷的结果。"), code="surveys.not_released")
    return found


def homes(survey: Survey) -> list[Any]:
    """Return the 居民区 that a survey asks in, by name."""
    rows = places.areas(on=survey.opens_on, kind="neighbourhood").order_by("name")
    return [a for a in rows if a.path.startswith(survey.area_path) or survey.area_path.startswith(a.path)]


def by_area(survey: Survey, *, ways: Sequence[str] = ()) -> list[tuple[str, int]]:
    """Return (code of the 居民区, sheets): one statement."""
    rows = Sheet.objects.filter(survey=survey)
    if ways:
        rows = rows.filter(way__in=ways)
    return [(code or "", n) for code, n in rows.values_list("area__code").annotate(n=Count("pk")).order_by()]


def by_way(survey: Survey) -> list[tuple[str, int]]:
    """Return (way, sheets): one statement."""
    return list(Sheet.objects.filter(survey=survey).values_list("way").annotate(n=Count("pk")).order_by())


def used_tokens(survey: Survey) -> list[tuple[str, int]]:
    """Return (code of the 居民区, codes used): one statement."""
    rows = Token.objects.filter(survey=survey, used=True)
    return [(code or "", n) for code, n in rows.values_list("area__code").annotate(n=Count("pk")).order_by()]


@dataclass(frozen=True, slots=True)
class Limits:
    """From how many on something is shown."""

    small: int
    least: int


def limits(on: date) -> Limits:
    """Return from how many on something is shown, as the rulebook has it on a day."""
    return Limits(int(rulebook.value("surveys.small_cell", on=on)), int(rulebook.value("surveys.least", on=on)))


@dataclass(frozen=True, slots=True)
class Line:
    """One 居民区 in the table of results: index → figure, and how many of those asked answered."""

    code: str
    name: str
    figures: dict[str, Figure]
    rate: Fraction | None
    drawn: int


@dataclass(frozen=True, slots=True)
class Cells:
    """One question with its answers: (label, count or None where it is covered, per cent or None)."""

    path: str
    label: str
    index: str
    count: int | None
    rows: tuple[tuple[str, int | None, float | None], ...]


@dataclass(frozen=True, slots=True)
class Results:
    """What a survey found; made of the counts that were fixed when it ended."""

    whole: dict[str, Figure]
    lines: tuple[Line, ...]
    cells: tuple[Cells, ...]
    rate: Fraction | None
    sheets: int
    left_out: tuple[str, ...]


def results(survey: Survey) -> Results | None:
    """Return what a survey found; None before it ended: whoever looked twice would see single answers come in."""
    if survey.state != State.CLOSED:
        return None
    form = fieldwork.form_of(survey.form_version)
    bounds = limits(survey.closes_on)
    asked, sizes = survey.counts["questions"], survey.frame.get("sizes", {})
    drawn, answered = survey.frame.get("drawn", {}), survey.counts.get("asked", {})
    measured = rules.indices(form)
    lines = []
    for home in homes(survey):
        figures = {
            name: rules.figure(
                asked.get(path, {}).get(home.code, {}), good, sizes.get(home.code, 0), small=bounds.small,
                least=bounds.least,
            )
            for name, (path, good) in measured.items()
        }  # fmt: skip
        count = drawn.get(home.code, 0)
        lines.append(
            Line(home.code, home.name, figures, rules.rate(answered.get(home.code, 0), count, bounds.small), count)
        )
    whole = {
        name: rules.overall(
            {a: c for a, c in asked.get(path, {}).items() if a}, good, sizes, small=bounds.small, least=bounds.least
        )
        for name, (path, good) in measured.items()
    }
    areas = survey.counts.get("areas", {})
    return Results(
        whole, tuple(lines), tuple(_cells(form, asked, measured, bounds.small)),
        rules.rate(sum(answered.values()), sum(drawn.values()), bounds.small), sum(areas.values()),
        tuple(line.name for line in lines if areas.get(line.code, 0) < bounds.small),
    )  # fmt: skip


def _cells(form: Any, asked: dict[str, Any], measured: dict[str, Any], small: int) -> Iterable[Cells]:
    """Return every question with its counts, of the areas that have enough together."""
    of = {path: name for name, (path, _good) in measured.items()}
    for path, q in rules.counted(form):
        total: dict[str, int] = {c.code: 0 for c in rules.options(form, q)}
        for counts in asked.get(path, {}).values():
            if sum(counts.values()) < small:
                continue  # those without an area too: the others taken off the whole would show them
            for code, n in counts.items():
                total[code] = total.get(code, 0) + n
        shown, count = rules.guarded(total, small), sum(total.values())
        labels = {c.code: in_words(c.label, form.settings.default_language) for c in rules.options(form, q)}
        yield Cells(
            path, in_words(q.label, form.settings.default_language), of.get(path, ""),
            count if count >= small else None,
            tuple(
                (labels.get(code, code), n, 100 * n / count if n is not None and count else None)
                for code, n in shown.items()
            ),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave of a series: the whole, against the wave before."""

    survey: Survey
    whole: dict[str, Figure]
    changes: dict[str, Change]


def waves(survey: Survey, *, most: int = 12, released: bool = False) -> list[Wave]:
    """Return the closed waves of a series up to this one, the oldest first, each against the one before.

    Args:
        released: those alone that residents may read.
    """
    rows = Survey.objects.select_related(*_WITH).defer(*_BORDERS)
    rows = rows.filter(series=survey.series, wave__lte=survey.wave, state=State.CLOSED)
    if released:
        rows = rows.filter(released_at__isnull=False)
    found: list[Wave] = []
    before: dict[str, tuple[int, int]] = {}
    for one in reversed(rows.order_by("-wave")[:most]):
        told = results(one)
        whole = told.whole if told else {}
        pairs = {n: (round(f.share * f.count), f.count) for n, f in whole.items() if f.share is not None and f.count}
        changes = {n: compare(before[n], pair, rules.CONFIDENCE).change for n, pair in pairs.items() if n in before}
        found.append(Wave(one, whole, changes))
        before = pairs
    return found


def series_page(by: Actor, survey: Survey) -> list[Survey]:
    """Return every wave of a series, the newest first."""
    _check(by)
    return list(Survey.objects.filter(series=survey.series).order_by("-wave").defer("counts", "frame")[:50])


def index_label(name: str) -> str:
    """Return what an index is called."""
    return str(Index(name).label) if name in Index.values else name
