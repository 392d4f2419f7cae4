"""Records as tables: one column a question, whatever versions were filled; in words, with the names of pictures."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linli.engines.fieldwork.rules.finding import bare
from linli.foundation.core.text import harmless
from linli.foundation.forms.rules import answered, in_words
from linli.foundation.forms.types import CHOOSING, UPLOADS, Group, Question, QuestionType, WholeForm

LANGUAGE = "zh-hans"
_SILENT = {QuestionType.NOTE}
_BETWEEN = "；"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: the question's path without instances, and its label with its groups."""

    path: str
    head: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A file of a record, by the name that it has in the table and in the folder beside it."""

    name: str
    uuid: str


def columns(forms: Iterable[WholeForm], language: str = LANGUAGE) -> tuple[Column, ...]:
    """Return the columns of several versions of a form, the newest first: what was asked once has a column."""
    found: dict[str, Column] = {}
    for form in forms:
        for path, head, question in _questions(form.items, "", "", language):
            if question.type not in _SILENT:
                found.setdefault(path, Column(path, head))
    return tuple(found.values())


def _questions(
    items: Sequence[Question | Group], above: str, heads: str, language: str
) -> Iterator[tuple[str, str, Question]]:
    for item in items:
        path = f"{above}/{item.code}" if above else item.code
        label = in_words(item.label, language) or ("" if isinstance(item, Group) else item.code)
        head = " / ".join(filter(None, (heads, label)))
        if isinstance(item, Group):
            yield from _questions(item.items, path, head, language)
        else:
            yield path, head, item


def cells(
    form: WholeForm, answers: Mapping[str, Any], wanted: Sequence[Column], name: str, language: str = LANGUAGE
) -> tuple[tuple[str, ...], tuple[Picture, ...]]:
    """Return the cells of one record and its pictures.

    Args:
        form: the version that was filled.
        answers: as this reader may see them.
        wanted: the table's columns.
        name: what the record is about; the pictures' names begin with it.
    """
    said: dict[str, list[str]] = {}
    pictures: list[Picture] = []
    for path, question, value in answered(form, answers):
        if question.type in UPLOADS:
            words = []
            for uuid in value if isinstance(value, list) else [value]:
                words.append(f"{_plain(name)}_{question.code}_{len(pictures) + 1}")
                pictures.append(Picture(words[-1], str(uuid)))
        else:
            words = [in_text(form, question, value, language)]
        said.setdefault(bare(path), []).extend(words)
    return tuple(_BETWEEN.join(said.get(column.path, ())) for column in wanted), tuple(pictures)


def _plain(name: str) -> str:
    """Return a text that may stand in the name of a file everywhere."""
    return "".join(c if c.isalnum() or c in "-（）" else "-" for c in name)[:40]


def in_text(form: WholeForm, question: Question, value: Any, language: str = LANGUAGE) -> str:
    """Return an answer as people read it."""
    if question.type in CHOOSING:
        labels = {c.code: in_words(c.label, language) or c.code for c in form.choices(question)}
        return "、".join(labels.get(str(c), str(c)) for c in (value if isinstance(value, list) else [value]))
    if isinstance(value, bool):
        return ("是" if value else "否") if language.startswith("zh") else ("yes" if value else "no")
    if isinstance(value, Mapping):
        place = f"{value['lat']:.3f}, {value['lon']:.3f}" if "lat" in value else ""
        return " ".join(filter(None, (str(value.get("text", "")), place)))
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield the lines of a CSV file that spreadsheet programs open as it is: a byte-order mark first, no formulas."""
    line = io.StringIO()
    write = csv.writer(line)
    yield "\ufeff"
    write.writerow([harmless(str(c)) for c in heads])
    for row in rows:
        yield line.getvalue()
        line.seek(0)
        line.truncate()
        write.writerow(["" if c is None else harmless(str(c)) for c in row])
    yield line.getvalue()
