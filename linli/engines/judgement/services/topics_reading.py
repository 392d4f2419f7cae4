"""Reads a file of messages and writes its topics: for `linli topics` and for measuring."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from linli.engines.judgement.rules import topics as rules
from linli.engines.judgement.rules.topics import Message, Topic
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.text import harmless

_HEADS = {
    "id": ("留言编号", "编号", "id", "number"),
    "person": ("留言用户", "用户", "user", "person"),
    "title": ("留言主题", "主题", "标题", "subject", "title"),
    "at": ("留言时间", "时间", "time", "at"),
    "text": ("留言详情", "详情", "内容", "text"),
}


def _rows(path: Path) -> Iterator[Sequence[object]]:
    if path.suffix.lower() == ".xlsx":
        from openpyxl import load_workbook  # noqa: PLC0415  heavy: only where a workbook is read

        sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
        yield from sheet.iter_rows(values_only=True)
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file)


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    day, _blank, clock = str(value).strip().replace("/", "-").partition(" ")
    year, month, date = (int(part) for part in day.split("-"))
    hour, minute, second = [*(int(float(part)) for part in clock.split(":") if part), 0, 0, 0][:3]
    return datetime(year, month, date, hour, minute, second)  # noqa: DTZ001  a wall clock, as it was written


def read(path: Path) -> list[Message]:
    """Return the messages of a workbook or CSV; a row without a time is left out.

    Raises:
        InvalidError: a column is missing.
    """
    rows = _rows(path)
    heads = [str(h or "").strip().lower() for h in next(rows, ())]
    columns = {key: next((heads.index(n) for n in names if n in heads), -1) for key, names in _HEADS.items()}
    if missing := [_HEADS[key][0] for key, i in columns.items() if i < 0]:
        raise InvalidError(
            _("缺少列：%(names)s。") % {"names": "、".join(missing)},
            code="judgement.columns",
            hint=_("第一行应有：编号、用户、主题、时间、详情。"),
        )
    found = []
    for i, row in enumerate(rows):
        cell = {key: row[c] if c < len(row) else None for key, c in columns.items()}
        try:
            at = _moment(cell["at"])
        except (ValueError, TypeError):
            continue
        text = {k: str(cell[k] or "").strip() for k in ("id", "person", "title", "text")}
        found.append(Message(f"{text['id']}#{i}", text["title"], text["text"], at, text["person"] or f"#{i}"))
    return found


def ranked(messages: Sequence[Message]) -> list[Topic]:
    """Return the topics of ``messages``, hottest first."""
    return rules.find(messages)


def write(path: Path, topics: Iterable[Topic], messages: Mapping[str, Message]) -> None:
    """Write one line for each message of each topic."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(["rank", "heat", "people", "words", "id", "time", "title"])
        for place, topic in enumerate(topics, 1):
            for id in topic.ids:
                m = messages[id]
                line = [place, round(topic.heat, 3), topic.people, "、".join(topic.words), id.split("#")[0]]
                out.writerow([*line, f"{m.at:%Y-%m-%d %H:%M}", harmless(m.title)])
