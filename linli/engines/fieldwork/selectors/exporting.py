"""Records of a round for taking out: a table with the names of its pictures, points on a map; nothing of a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Finding, Round, Submission
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.rules.sending import coarse
from linli.engines.fieldwork.rules.tables import LANGUAGE, Column, Picture, as_csv, cells, columns
from linli.engines.fieldwork.selectors.submissions import form_of, noted_words
from linli.engines.fieldwork.workflow import SubmissionState
from linli.foundation.core.actors import Actor
from linli.foundation.forms.types import WholeForm

CHUNK = 500
COUNTING = (SubmissionState.RECEIVED, SubmissionState.ACCEPTED, SubmissionState.RETURNED)


@dataclass(frozen=True, slots=True)
class Line:
    """One record in a table.

    Attributes:
        cells: as ``Table.heads`` has them.
        pictures: its files, by the names that stand in the cells.
    """

    cells: tuple[Any, ...]
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``lines`` are read as they are taken, once."""

    heads: tuple[str, ...]
    lines: Iterator[Line]


def counting(actor: Actor, round_: Round) -> QuerySet[Submission]:
    """Return the records of a round that stand: neither replaced nor set aside, nor waiting for a judgement."""
    rows = doors.visible(actor).filter(round=round_, state__in=COUNTING)
    return rows.exclude(rival__isnull=False, judged_at=None)


def table(actor: Actor, round_: Round, language: str = LANGUAGE) -> Table:
    """Return the records of a round that this reader may see, the oldest first; personal answers are left out.

    Statements: one for the versions, one for each 500 records.
    """
    rows = counting(actor, round_)
    forms = {
        v.pk: form_of(v)
        for v in _versions(rows)
    }  # fmt: skip
    asked = columns(forms.values(), language)
    heads = (
        _("对象"), _("地址"), _("填写时间"), _("收到时间"), _("填写人"), _("同行人"), _("状态"), _("得分"), _("满分"),
        _("一票否决"), _("说明"), *(c.head for c in asked),
    )  # fmt: skip
    return Table(heads, _lines(rows, forms, asked, language))


def _versions(rows: QuerySet[Submission]) -> list[Any]:
    """Return the versions that were filled, the newest first."""
    first = list(rows.order_by().values_list("form_id", flat=True).distinct())
    model = Submission._meta.get_field("form").related_model
    return list(model._default_manager.filter(pk__in=first).order_by("-number"))


def _lines(
    rows: QuerySet[Submission], forms: dict[int, WholeForm], asked: Sequence[Column], language: str
) -> Iterator[Line]:
    last = 0
    while True:
        found = list(rows.filter(pk__gt=last).select_related("target", "round").order_by("pk")[:CHUNK])
        for row in found:
            yield _line(row, forms[row.form_id], asked, language)
        if len(found) < CHUNK:
            return
        last = found[-1].pk


def _line(row: Submission, form: WholeForm, asked: Sequence[Column], language: str) -> Line:
    zone = ZoneInfo(settings.TIME_ZONE)
    name = row.target.name if row.target is not None else row.round.title if row.round is not None else ""
    said, pictures = cells(form, row.answers, asked, f"{name}_{row.pk}", language)
    return Line(
        (
            name, row.target.address if row.target is not None else "",
            row.made_at.astimezone(zone).replace(tzinfo=None), row.received_at.astimezone(zone).replace(tzinfo=None),
            row.by_label, row.second_label, str(row.get_state_display()), row.marks, row.full,
            _("是") if row.vetoed else "", " ".join(noted_words(row.noted)), *said,
        ),
        pictures,
    )  # fmt: skip


def csv_lines(actor: Actor, round_: Round, language: str = LANGUAGE) -> Iterator[str]:
    """Yield the same table as the lines of a CSV file."""
    found = table(actor, round_, language)
    return as_csv(found.heads, (line.cells for line in found.lines))


def geojson(actor: Actor, round_: Round, *, most: int = 20_000) -> dict[str, Any]:
    """Return the records of a round as GeoJSON points (RFC 7946), to about a hundred metres.

    Never of guarded kinds (households), or with a word of who was there.
    """
    rows = counting(actor, round_).filter(target__kind__guarded=False, target__lat__isnull=False)
    found = list(rows.select_related("target").order_by("pk")[:most])
    wrong: dict[int, int] = {}
    ids = [r.pk for r in found]
    for start in range(0, len(ids), CHUNK):
        part = Finding.objects.filter(submission__in=ids[start : start + CHUNK]).exclude(state="dropped")
        for pk in part.values_list("submission_id", flat=True):
            wrong[pk] = wrong.get(pk, 0) + 1
    return {"type": "FeatureCollection", "features": [_feature(r, wrong.get(r.pk, 0)) for r in found]}


def _feature(row: Submission, findings: int) -> dict[str, Any]:
    target = row.target
    if target is None or target.lat is None or target.lon is None:
        raise ValueError("a point needs a place")
    lat, lon = coarse(target.lat, target.lon)
    return {
        "type": "Feature",
        "id": str(row.uuid),
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {
            "name": target.name, "state": row.state, "findings": findings,
            "marks": float(row.marks) if row.marks is not None else None,
            "full": float(row.full) if row.full is not None else None,
            "day": row.made_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date().isoformat(),
        },
    }  # fmt: skip
