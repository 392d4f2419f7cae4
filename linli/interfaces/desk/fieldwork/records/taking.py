"""What is taken out of a round: a table with its pictures, CSV, GeoJSON; one record as Word; pairs of pictures."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any
from uuid import UUID

import xlsxwriter  # type: ignore[import-untyped]
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from PIL import Image

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.selectors import boards
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.foundation.core.text import harmless
from linli.foundation.files import selectors as stored
from linli.foundation.sheets.services import MIME
from linli.interfaces.desk import word
from linli.interfaces.desk.doors import actor_of, local, staff
from linli.interfaces.desk.fieldwork.records import presenting
from linli.interfaces.desk.fieldwork.records.word import record_docx
from linli.interfaces.desk.fieldwork.rounds.board import head
from linli.interfaces.web.sending import named

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Round
    from linli.engines.fieldwork.selectors.exporting import Line

MOST_PICTURES = 3_000
HEIGHT, WIDTH = 96, 128  # of a picture in its cell, in points of a screen
PAIRS = 60


def _thumb(uuid: str) -> BytesIO | None:
    """Return a picture as it goes into a cell, None where it is gone."""
    try:
        content, _mime = stored.open_shown(UUID(uuid), 320)
        with Image.open(BytesIO(content)) as image:
            image.thumbnail((WIDTH * 2, HEIGHT * 2))
            out = BytesIO()
            image.convert("RGB").save(out, "JPEG", quality=80)
    except (DomainError, OSError, ValueError):
        return None
    out.seek(0)
    return out


def _size(picture: BytesIO) -> dict[str, float]:
    with Image.open(picture) as image:
        scale = min(WIDTH / image.width, HEIGHT / image.height)
    picture.seek(0)
    return {"x_scale": scale, "y_scale": scale}


def workbook(heads: Iterable[str], lines: Iterable[Line], title: str) -> tuple[IO[bytes], int]:
    """Return a table file with the pictures of each record in cells behind its answers, and how many records."""
    out: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  handed on to be streamed
    book = xlsxwriter.Workbook(
        out, {"strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True, "in_memory": True}
    )
    sheet = book.add_worksheet(_("记录"))
    bold = book.add_format({"bold": True, "bg_color": "#E8F0F9", "border": 1, "text_wrap": True})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    named = list(heads)
    for c, name in enumerate(named):
        sheet.write_string(0, c, name, bold)
    sheet.set_column(0, len(named) - 1, 18)
    sheet.freeze_panes(1, 1)
    count, pictures, most = 0, 0, 0
    for count, line in enumerate(lines, start=1):
        _cells(sheet, count, line.cells, moment, plain)
        placed = 0
        for picture in line.pictures:
            if pictures >= MOST_PICTURES or (content := _thumb(picture.uuid)) is None:
                continue
            column = len(named) + placed
            more = {"image_data": content, "object_position": 1, "description": picture.name, **_size(content)}
            sheet.insert_image(count, column, f"{picture.name}.jpg", more)
            placed, pictures = placed + 1, pictures + 1
        most = max(most, placed)
        if placed:
            sheet.set_row(count, HEIGHT * 0.78)
    for n in range(most):
        sheet.write_string(0, len(named) + n, _("照片 %(n)s") % {"n": n + 1}, bold)
        sheet.set_column(len(named) + n, len(named) + n, 18)
    book.set_properties({"title": title})
    book.close()
    out.seek(0)
    return out, count


def _cells(sheet: Any, row: int, cells: Iterable[Any], moment: Any, plain: Any) -> None:
    for c, value in enumerate(cells):
        if value is None:
            continue
        if hasattr(value, "hour"):
            sheet.write_datetime(row, c, value, moment)
        elif isinstance(value, str):
            sheet.write_string(row, c, harmless(value), plain)
        else:
            sheet.write_number(row, c, float(value), plain)


@require_GET
@staff
def export(request: HttpRequest, uuid: UUID, way: str) -> HttpResponseBase:
    """Send the records of a round as ``xlsx`` with pictures, ``csv`` or ``geojson``; journalled."""
    actor, now = actor_of(request), clock.now()
    round_ = selectors.round_for(actor, uuid)
    name = f"{round_.title}-{local(now):%Y%m%d-%H%M}"
    answer: HttpResponseBase
    if way == "xlsx":
        found = selectors.table(actor, round_)
        file, count = workbook(found.heads, found.lines, round_.title)
        answer = FileResponse(file, content_type=MIME)
    elif way == "csv":
        count = selectors.exporting.counting(actor, round_).count()
        lines = selectors.csv_lines(actor, round_)
        answer = StreamingHttpResponse((s.encode() for s in lines), content_type="text/csv; charset=utf-8")
    elif way == "geojson":
        data = selectors.geojson(actor, round_)
        count = len(data["features"])
        answer = HttpResponse(json.dumps(data, ensure_ascii=False), content_type="application/geo+json")
    else:
        raise NotFoundError(_("没有这种导出方式。"), code="desk.export")
    services.note_export(by=actor, now=now, round_=round_, count=count, way=way)
    return named(answer, f"{name}.{way}")


@require_GET
@staff
def docx(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Send one record as Word, for signing."""
    actor, now = actor_of(request), clock.now()
    row = doors.get_submission_for(actor, uuid)
    chain = selectors.chain(actor, uuid)
    findings = [f.finding for f in chain.findings]
    file = record_docx(row, presenting.sections(actor, row, findings=findings), findings, boards.present(row), now=now)
    if row.round is not None:
        services.note_export(by=actor, now=now, round_=row.round, count=1, way="docx")
    answer = FileResponse(file, content_type=word.MIME)
    return named(answer, f"{presenting.name_of(row)}-{local(row.made_at):%Y%m%d}.docx")


@require_GET
@staff
def pairs(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the same spots before and after as sheets of A4, six pairs a page."""
    round_: Round = selectors.round_for(actor_of(request), uuid)
    found = boards.pairs(actor_of(request), round_, most=PAIRS)
    pages = [found[n : n + 6] for n in range(0, len(found), 6)]
    context = {**head(request, round_, "board"), "pages": pages, "now": clock.now()}
    return render(request, "desk/rounds/pairs_print.html", context)
