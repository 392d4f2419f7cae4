"""The exchange file with 社区云: what goes out as JSON or a sheet, what comes in as drafts or as records."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import openpyxl
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from linli.engines.projects.types import Strand
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.ids import uuids_in
from linli.foundation.people import selectors as people
from linli.programmes.publishing.models import Article, Release
from linli.programmes.publishing.permissions import may_release, need
from linli.programmes.publishing.rules import exchange
from linli.programmes.publishing.services import articles, releasing
from linli.programmes.publishing.types import ArticleData, ChannelKind, ReleaseState

MOST = 500
MOST_BYTES = 5 * 1024 * 1024


def fault_words(code: str) -> str:
    """Return what a fault is called."""
    return {
        "missing": _("没有填写"),
        "long": _("太长"),
        "date": _("日期应写成 2026-03-10"),
        "state": _("只能是“已发布”或“已撤下”"),
        "link": _("网址应以 https:// 开头"),
        "twice": _("与前面的行重复"),
        "unit": _("没有这个单位"),
    }.get(code, code)


def rows_out(releases: Iterable[Release]) -> list[dict[str, Any]]:
    """Return the articles behind publication records as rows of the file; what is not an article is left out."""
    kept = [r for r in releases if r.kind == "article"]
    found = {a.uuid: a for a in Article.objects.filter(uuid__in=[r.piece for r in kept]).select_related("unit")}
    return [_row(found[r.piece], r) for r in kept if r.piece in found]


def _row(a: Article, r: Release) -> dict[str, Any]:
    return {
        "id": str(a.uuid),
        "title": a.title,
        "kicker": a.kicker,
        "body": a.body,
        "unit": a.unit.name,
        "reporter": a.reporter,
        "editor": a.editor,
        "photographer": a.photographer,
        "topic": a.topic,
        "strands": a.strand_names,
        "released_on": timezone.localtime(r.released_at).date().isoformat(),
        "outside_number": r.outside_number,
        "link": r.link,
        "state": r.state,
    }


def cloud_rows() -> list[dict[str, Any]]:
    """Return the newest articles that stand or stood in 社区云, at most :data:`MOST`."""
    rows = Release.objects.filter(channel__kind=ChannelKind.CLOUD).order_by("-released_at", "-id")
    return rows_out(rows[:MOST])


def to_json(rows: Sequence[Mapping[str, Any]], now: datetime) -> bytes:
    """Return the file as JSON."""
    whole = {"format": exchange.FORMAT, "exported_at": now.isoformat(), "items": list(rows)}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def to_cells(row: Mapping[str, Any]) -> list[str]:
    """Return a row as the cells of the sheet."""
    said = {**row, "strands": "、".join(row["strands"]), "state": exchange.STATES.get(row["state"], "")}
    return [str(said[name]) for name in exchange.FIELDS]


def _json(content: bytes) -> list[Mapping[str, Any]]:
    whole = json.loads(content.decode("utf-8-sig"))
    if not isinstance(whole, dict) or whole.get("format") != exchange.FORMAT:
        raise ValueError
    items = whole.get("items")
    if not isinstance(items, list) or not all(isinstance(i, dict) for i in items):
        raise ValueError
    return items


def _sheet(content: bytes) -> list[Mapping[str, Any]]:
    book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
    lines = [list(line) for line in book.worksheets[0].iter_rows(values_only=True, max_row=MOST + 20)]
    head = next((i for i, line in enumerate(lines) if "标题" in line), None)
    if head is None:
        raise ValueError
    return [exchange.by_heading(lines[head], line) for line in lines[head + 1 :] if any(c is not None for c in line)]


def read_file(content: bytes) -> exchange.Read:
    """Return what a file says.

    Raises:
        InvalidError: it is neither of the two forms, or too large.
    """
    try:
        if len(content) > MOST_BYTES:
            raise ValueError
        rows = _sheet(content) if content[:2] == b"PK" else _json(content)
    except (ValueError, KeyError, RecursionError, zipfile.BadZipFile, InvalidFileException, OSError) as error:
        raise InvalidError(
            _("看不懂这个文件。"),
            code="publishing.exchange",
            hint=_("请用社区云交换文件（JSON 或 xlsx，不超过 5 MB），可以先导出一份看格式。"),
            fields={"file": [_("请用社区云交换文件（JSON 或 xlsx，不超过 5 MB），可以先导出一份看格式。")]},
        ) from error
    names = {**{s.value: s.value for s in Strand}, **{str(s.label): s.value for s in Strand}}
    return exchange.read(rows[:MOST], names)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file changed: articles begun, records brought up to date, rows that said nothing new."""

    begun: int
    noted: int
    same: int
    faults: tuple[exchange.Fault, ...] = ()


@whole
def take_in(*, by: Actor, now: datetime, read: exchange.Read, unit_id: int) -> Taken:
    """Take a file in, whole or not at all: new articles become drafts, known ones get number, link and state.

    Raises:
        ForbiddenError: not of those who release. InvalidError: rows are wrong (``read.faults``), or hold nothing.
    """
    need(may_release(by), _("交换文件由街道导入。"))
    faults = list(read.faults)
    units = {u.name: u.pk for u in people.active_units()}
    faults += [exchange.Fault(i.row, "unit", "unit") for i in read.items if not i.id and i.unit and i.unit not in units]
    if faults:
        return Taken(0, 0, 0, tuple(faults))
    begun = noted = same = 0
    for item in read.items:
        if item.id:
            changed = _note(by, now, item)
        elif Article.objects.filter(outside_number=item.outside_number).exclude(outside_number="").exists():
            changed = None
        else:
            _begin(by, now, item, units.get(item.unit, unit_id))
            begun += 1
            continue
        noted, same = noted + bool(changed), same + (not changed)
    return Taken(begun, noted, same)


def _begin(by: Actor, now: datetime, item: exchange.Item, unit_id: int) -> None:
    data = ArticleData(
        title=item.title, kicker=item.kicker, body=item.body or item.title, unit_id=unit_id, reporter=item.reporter,
        editor=item.editor, photographer=item.photographer, strands=item.strands, topic=item.topic,
    )  # fmt: skip
    articles.begin_article(by=by, now=now, data=data, outside_number=item.outside_number)


def _note(by: Actor, now: datetime, item: exchange.Item) -> bool:
    """Bring the record of an article up to date; return whether something was new."""
    uuids: list[UUID] = uuids_in([item.id])
    rows = Release.objects.filter(piece__in=uuids, channel__kind=ChannelKind.CLOUD).select_related("channel")
    row = rows.order_by("-released_at", "-id").first()
    if row is None:
        return False
    new = False
    if (item.link, item.outside_number) not in {(row.link, row.outside_number), ("", "")}:
        releasing.note_release(by=by, now=now, release=row, link=item.link, outside_number=item.outside_number)
        new = True
    if item.state == ReleaseState.TAKEN_BACK and row.state == ReleaseState.OUT:
        releasing.take_off(by=by, now=now, release=row, reason=_("社区云回传：已撤下"))
        new = True
    return new
