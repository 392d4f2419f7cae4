"""The exchange file with 社区云 and other outside systems: what a file says, row by row, and what is wrong with it.

The same fields as JSON and as a sheet; ``docs/reference/community-cloud.md`` describes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

FORMAT = "linli.community-cloud/1"
# Field → the heading of its column; the order of the sheet.
FIELDS: dict[str, str] = {
    "id": "标识",
    "title": "标题",
    "kicker": "引题",
    "body": "正文",
    "unit": "来源单位",
    "reporter": "记者",
    "editor": "编辑",
    "photographer": "图片",
    "topic": "专题",
    "strands": "三化",
    "released_on": "发布日期",
    "outside_number": "外部编号",
    "link": "链接",
    "state": "状态",
}
LONGEST = {"title": 80, "kicker": 60, "body": 20_000, "unit": 64, "reporter": 60, "editor": 40, "photographer": 60,
           "topic": 40, "outside_number": 60, "link": 500}  # fmt: skip
STATES = {"out": "已发布", "taken_back": "已撤下", "": ""}


@dataclass(frozen=True, slots=True)
class Item:
    """One article of a file; ``id`` is Linli's own where it went out before, empty for one that comes in."""

    row: int
    id: str = ""
    title: str = ""
    kicker: str = ""
    body: str = ""
    unit: str = ""
    reporter: str = ""
    editor: str = ""
    photographer: str = ""
    topic: str = ""
    strands: tuple[str, ...] = ()
    released_on: date | None = None
    outside_number: str = ""
    link: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a row of a file: the field, and a code (missing, long, date, state, link, twice)."""

    row: int
    field: str
    code: str


@dataclass
class Read:
    """What a file says."""

    items: list[Item] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def _text(raw: Any) -> str:
    return "" if raw is None else str(raw).strip()


def _day(raw: Any) -> date | None:
    if isinstance(raw, date):
        return date(raw.year, raw.month, raw.day)
    text = _text(raw)[:10].replace("/", "-")
    return date.fromisoformat(text) if text else None


def _one(row: int, raw: Mapping[str, Any], strands: Mapping[str, str], faults: list[Fault]) -> Item:
    texts = {name: _text(raw.get(name)) for name in FIELDS if name not in {"strands", "released_on", "state"}}
    faults += [Fault(row, name, "long") for name, most in LONGEST.items() if len(texts[name]) > most]
    if not texts["title"] and not texts["id"]:
        faults.append(Fault(row, "title", "missing"))
    if texts["link"] and not texts["link"].startswith(("https://", "http://")):
        faults.append(Fault(row, "link", "link"))
    try:
        day = _day(raw.get("released_on"))
    except ValueError:
        day = None
        faults.append(Fault(row, "released_on", "date"))
    state = {said: code for code, said in STATES.items()}.get(_text(raw.get("state")), _text(raw.get("state")))
    if state not in STATES:
        faults.append(Fault(row, "state", "state"))
        state = ""
    named = raw.get("strands")
    words = named if isinstance(named, list | tuple) else _text(named).replace("，", "、").split("、")
    found = tuple(dict.fromkeys(strands[w] for w in map(_text, words) if w in strands))
    return Item(row=row, strands=found, released_on=day, state=state, **texts)


def read(rows: Iterable[Mapping[str, Any]], strands: Mapping[str, str]) -> Read:
    """Return what ``rows`` say, each with its number from 1.

    Args:
        rows: one mapping from field to value for each article.
        strands: code or word of each strand → its code.
    """
    found = Read()
    seen: set[str] = set()
    for number, raw in enumerate(rows, 1):
        item = _one(number, raw, strands, found.faults)
        key = item.outside_number or item.id
        if key and key in seen:
            found.faults.append(Fault(number, "outside_number" if item.outside_number else "id", "twice"))
        seen.add(key)
        found.items.append(item)
    return found


def by_heading(heads: Sequence[Any], line: Sequence[Any]) -> dict[str, Any]:
    """Return a line of a sheet by field; columns that are not known are left out."""
    names = {said: name for name, said in FIELDS.items()}
    return {names[_text(h)]: v for h, v in zip(heads, line, strict=False) if _text(h) in names}
