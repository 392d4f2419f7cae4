"""Reads of the room `owners`: evaluations, results, coverage by 居民区, what residents see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors as fieldwork
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.forms.rules import Moment, in_words, work_out
from linli.foundation.forms.types import Group, Question, WholeForm
from linli.foundation.people import selectors as people
from linli.foundation.rulebook import selectors as rulebook
from linli.programmes.owners.models import Drive, Evaluation, Opinion
from linli.programmes.owners.permissions import check_read, drives_q, evaluations_q, paths_of, whole_q
from linli.programmes.owners.rules import Covered, covered
from linli.programmes.owners.types import KIND, NOT_FORMED, Filters, Limits, Line
from linli.programmes.owners.workflow import State

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Submission, Target

_WITH = ("unit", "area", "round")
_BORDERS = ("area__geometry", "area__wkb")


def number(code: str, on: date) -> int:
    """Return a number of the rulebook as it is in force."""
    return int(rulebook.value(code, on=on))


def limits(on: date) -> Limits:
    """Return from which per cent each grade is given."""
    return Limits(*(number(f"owners.grade.{name}", on) for name in ("excellent", "good", "passed")))


def lines_of(record: Submission, moment: Moment) -> list[Line]:
    """Return the indicators of a record as they were judged, in the form's order, whatever a veto makes of them."""
    form = fieldwork.form_of(record.form)
    scored = work_out(form, record.answers, moment=moment).marks()
    found = []
    for path, question, group in _asked(form.items, form):
        marks = scored.questions.get(path)
        if question.score is None or (marks is None and path not in scored.spared):
            continue
        found.append(
            Line(
                question.code, group, in_words(question.label, form.settings.default_language),
                marks.earned if marks is not None else None,
                Decimal(question.score.full) * Decimal(question.score.weight), bool(question.score.veto),
            )
        )  # fmt: skip
    return found


def _asked(
    items: Iterable[Question | Group], form: WholeForm, above: str = "", group: str = ""
) -> Iterable[tuple[str, Question, str]]:
    for item in items:
        path = f"{above}/{item.code}" if above else item.code
        if isinstance(item, Group):
            yield from _asked(item.items, form, path, in_words(item.label, form.settings.default_language))
        else:
            yield path, item, group


def drives(by: Actor, *, text: str = "", cursor: str = "", size: int = 50) -> Page[Drive]:
    """Return a page of evaluations that ``by`` may read, the newest first: one statement."""
    check_read(by)
    rows = Drive.objects.filter(drives_q(by)).select_related(*_WITH).defer(*_BORDERS)
    if text.strip():
        rows = rows.filter(title__contains=text.strip()[:60])
    return keyset(rows, keys=[("starts_on", date), ("id", int)], cursor=cursor, size=size, descending=True)


def drive_for(by: Actor, uuid: UUID) -> Drive:
    """Return one evaluation with its round.

    Raises:
        ForbiddenError: not one of the programme. NotFoundError: there is none, or not for this person.
    """
    check_read(by)
    found = Drive.objects.filter(drives_q(by), uuid=uuid).select_related(*_WITH).defer(*_BORDERS).first()
    if found is None:
        raise NotFoundError(_("没有这次评估。"), code="owners.no_drive")
    return found


def evaluations(by: Actor, drive: Drive, filters: Filters, *, cursor: str = "", size: int = 50) -> Page[Evaluation]:
    """Return a page of the results of an evaluation, by area: one statement."""
    check_read(by)
    rows = Evaluation.objects.filter(evaluations_q(by), drive=drive).select_related("target")
    conditions = {
        "grade": filters.grade, "state": filters.state, "area_path__startswith": filters.area_path,
        "target__name__contains": filters.text.strip()[:60],
    }  # fmt: skip
    rows = rows.filter(**{k: v for k, v in conditions.items() if v}).defer("lines", "target__sealed")
    return keyset(rows, keys=[("area_path", str), ("id", int)], cursor=cursor, size=size)


def all_evaluations(by: Actor, drive: Drive, *, most: int = 5_000) -> list[Evaluation]:
    """Return the results for a sheet: one statement."""
    rows = Evaluation.objects.filter(evaluations_q(by), drive=drive).select_related("target").defer("target__sealed")
    return list(rows.order_by("area_path", "pk")[:most])


def evaluation_for(by: Actor, uuid: UUID) -> Evaluation:
    """Return one result with drive, committee and record.

    Raises:
        ForbiddenError: not one of the programme. NotFoundError: there is none, or not for this person.
    """
    check_read(by)
    rows = Evaluation.objects.filter(evaluations_q(by), uuid=uuid)
    found = rows.select_related("drive__unit", "drive__round", "target", "record").first()
    if found is None:
        raise NotFoundError(_("没有这个业委会的评估结果。"), code="owners.no_evaluation")
    return found


def opinions(row: Evaluation) -> list[Opinion]:
    """Return what was said to a result, the oldest first."""
    return list(Opinion.objects.filter(evaluation=row).order_by("pk"))


def publishable(drive: Drive, now: datetime) -> QuerySet[Evaluation]:
    """Return the results that may be announced: every opinion answered, or none within the time."""
    said = Opinion.objects.filter(evaluation=OuterRef("pk"))
    rows = Evaluation.objects.filter(drive=drive, state=State.ASKED).exclude(Exists(said.filter(answered_at=None)))
    return rows.filter(Q(asked_until__lt=people.local_day(now)) | Q(Exists(said))).order_by("pk")


@dataclass(frozen=True, slots=True)
class Counts:
    """How the results of an evaluation stand: grade → number, state → number, opinions without an answer."""

    grades: dict[str, int]
    states: dict[str, int]
    waiting: int

    @property
    def all(self) -> int:
        """How many results there are."""
        return sum(self.states.values())


def counts(by: Actor, drive: Drive) -> Counts:
    """Return how the results stand, of those that ``by`` may read: three statements."""
    rows = Evaluation.objects.filter(evaluations_q(by), drive=drive).order_by()
    grades = dict(rows.values_list("grade").annotate(n=Count("pk")))
    states = dict(rows.values_list("state").annotate(n=Count("pk")))
    waiting = Opinion.objects.filter(evaluation__in=rows, answered_at=None).count()
    return Counts(grades, states, waiting)


def _committees(by: Actor, drive: Drive) -> QuerySet[Target]:
    """Return the committees that are to be evaluated: formed, there when it began or since."""
    rows = fieldwork.of_kinds(SYSTEM, [KIND]).filter(
        until=None, merged_into=None, since__lte=drive.ends_on, area_path__startswith=drive.area_path
    )
    near = Q(pk__in=())
    for path in paths_of(by):
        near |= Q(area_path__startswith=path)
    whole = by.is_system or Drive.objects.filter(whole_q(by), pk=drive.pk).exists()
    return rows if whole else rows.filter(near)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far it is a full coverage (全覆盖): by 居民区, as a whole, and the committees that are left."""

    areas: list[Covered]
    whole: int
    done: int
    left: dict[int, Target]

    @property
    def share(self) -> Fraction | None:
        """Evaluated by all; None where there is no committee."""
        return Fraction(self.done, self.whole) if self.whole else None


def coverage(by: Actor, drive: Drive, areas: Mapping[str, str]) -> Coverage:
    """Return which of the committees were evaluated: three statements.

    Args:
        areas: path → name of the 居民区, in their order.
    """
    rows = [
        t
        for t in _committees(by, drive).only("pk", "uuid", "name", "area_path", "facts")
        if t.facts.get("state") != NOT_FORMED
    ]
    done = set(Evaluation.objects.filter(drive=drive).values_list("target", flat=True))
    found = covered({t.pk: t.area_path for t in rows}, done, areas)
    left = {pk for area in found for pk in area.left}
    kept = {t.pk: t for t in rows if t.pk in left}
    return Coverage(found, sum(a.whole for a in found), sum(a.done for a in found), kept)


def history(by: Actor, target: Target, *, most: int = 10) -> list[Evaluation]:
    """Return the results of one committee that ``by`` may read, the newest first."""
    rows = Evaluation.objects.filter(evaluations_q(by), target=target).select_related("drive").defer("lines")
    return list(rows.order_by("-pk")[:most])


def public_drives(*, most: int = 10) -> list[Drive]:
    """Return the evaluations of which residents may read results, the newest first."""
    shown = Evaluation.objects.filter(state=State.PUBLIC, drive=OuterRef("pk"))
    return list(Drive.objects.filter(Exists(shown)).select_related("unit").order_by("-starts_on", "-pk")[:most])


def public_results(
    drive: Drive, *, grade: str = "", area_path: str = "", text: str = "", cursor: str = ""
) -> Page[Evaluation]:
    """Return a page of the results that residents may read, by area: one statement."""
    rows = Evaluation.objects.filter(drive=drive, state=State.PUBLIC).select_related("target").defer("lines")
    conditions = {
        "grade": grade, "area_path__startswith": area_path, "target__name__contains": text.strip()[:40]
    }  # fmt: skip
    rows = rows.filter(**{k: v for k, v in conditions.items() if v})
    return keyset(rows, keys=[("area_path", str), ("id", int)], cursor=cursor)


def public_result(uuid: UUID) -> Evaluation:
    """Return one result that residents may read.

    Raises:
        NotFoundError: there is none, or it is not announced.
    """
    rows = Evaluation.objects.filter(state=State.PUBLIC, uuid=uuid).select_related("target", "drive__unit")
    found = rows.first()
    if found is None:
        raise NotFoundError(_("没有公示这项结果。"), code="owners.not_public")
    return found
