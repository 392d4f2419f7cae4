"""Reads of the library: editions, standards, the matrix of who answers, editions compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.programmes.civility.models import Edition, PointType, Standard
from linli.programmes.civility.permissions import check_read, may_keep
from linli.programmes.civility.rules.comparing import compared
from linli.programmes.civility.types import Difference, EditionState, StandardData


def data_of(row: Standard) -> StandardData:
    """Return a standard as it is entered."""
    return StandardData(
        row.project, row.content, row.text, row.code, row.guide, row.way,
        row.point_type.code if row.point_type else "", row.unit_id,
        tuple(sorted(h.unit_id for h in row.helping.all())), row.full, row.weight, row.veto, row.photo,
        tuple(row.categories), row.order,
    )  # fmt: skip


def point_types() -> list[PointType]:
    """Return the types of points, in their order."""
    return list(PointType.objects.all())


def editions(by: Actor) -> list[Edition]:
    """Return the editions, the newest first, each with ``count`` standards; drafts for keepers alone."""
    check_read(by)
    rows = Edition.objects.annotate(count=Count("standards")).select_related("based_on")
    return list(_seen(by, rows))


def _seen(by: Actor, rows: QuerySet[Edition]) -> QuerySet[Edition]:
    return rows if may_keep(by) else rows.exclude(state=EditionState.DRAFT)


def edition_for(by: Actor, uuid: UUID) -> Edition:
    """Return one edition.

    Raises:
        NotFoundError: there is none, or it is a draft of others.
    """
    check_read(by)
    found = _seen(by, Edition.objects.filter(uuid=uuid)).select_related("based_on").first()
    if found is None:
        raise NotFoundError(_("没有这个版本。"), code="civility.no_edition")
    return found


def in_use() -> Edition | None:
    """Return the edition in use."""
    return Edition.objects.filter(state=EditionState.PUBLISHED).first()


@dataclass(frozen=True, slots=True)
class StandardFilter:
    """Which standards; what is empty does not narrow. ``unit_id``: leads or helps."""

    text: str = ""
    point_type: str = ""
    project: str = ""
    unit_id: int | None = None


def standards(edition: Edition, filters: StandardFilter, *, cursor: str = "", size: int = 50) -> Page[Standard]:
    """Return a page of an edition's standards in their order: two statements."""
    rows = Standard.objects.filter(edition=edition).select_related("unit", "point_type").prefetch_related("helping")
    for word in filters.text[:60].split()[:5]:
        rows = rows.filter(Q(text__contains=word) | Q(content__contains=word) | Q(guide__contains=word))
    if filters.point_type:
        rows = rows.filter(point_type__code=filters.point_type)
    if filters.project:
        rows = rows.filter(project=filters.project)
    if filters.unit_id:
        rows = rows.filter(Q(unit=filters.unit_id) | Q(helping__unit=filters.unit_id)).distinct()
    return keyset(rows, keys=[("order", int), ("id", int)], cursor=cursor, size=size)


def all_standards(edition: Edition) -> list[Standard]:
    """Return every standard of an edition in order, with unit, type and helpers: two statements."""
    rows = Standard.objects.filter(edition=edition).select_related("unit", "point_type")
    return list(rows.prefetch_related("helping"))


def projects(edition: Edition) -> list[str]:
    """Return the projects of an edition, in order."""
    return list(dict.fromkeys(Standard.objects.filter(edition=edition).values_list("project", flat=True)))


def standard_for(edition: Edition, code: str) -> Standard:
    """Return one standard.

    Raises:
        NotFoundError: there is none.
    """
    rows = Standard.objects.filter(edition=edition, code=code).select_related("unit", "point_type")
    found = rows.prefetch_related("helping").first()
    if found is None:
        raise NotFoundError(_("没有这条标准。"), code="civility.no_standard")
    return found


def difference(edition: Edition) -> list[Difference]:
    """Return what became of the library since the edition on which this one is based."""
    if edition.based_on is None:
        return []
    return compared(map(data_of, all_standards(edition.based_on)), map(data_of, all_standards(edition)))


@dataclass(frozen=True, slots=True)
class Duty:
    """One row of the matrix: a standard, who leads, who helps (unit → "lead" or "help")."""

    standard: Standard
    of: dict[int, str]


def matrix(rows: Iterable[Standard]) -> list[Duty]:
    """Return the responsibility matrix of standards."""
    found = []
    for row in rows:
        of = {h.unit_id: "help" for h in row.helping.all()}
        if row.unit_id is not None:
            of[row.unit_id] = "lead"
        found.append(Duty(row, of))
    return found
