"""The cells of one line, as the fields of an item."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from linli.foundation.forms.rules.problems import is_dynamic
from linli.foundation.forms.services.xlsforms.books import Row
from linli.foundation.forms.services.xlsforms.layout import SHOWN_AS, column_of
from linli.foundation.forms.types import Question, QuestionType, Score

_YES = {"yes", "true", "true()"}
_NO = {"no", "false", "false()"}
_REFERENCE = re.compile(r"\$\{\s*([^}]*?)\s*\}")
_SCORED = ("full", "weight", "veto", "spared", "passes")


@dataclass
class Cells:
    """A line read: words and media by language, plain fields, columns that are not known."""

    words: dict[str, dict[str, str]] = field(default_factory=dict)
    media: dict[str, dict[str, str]] = field(default_factory=dict)
    plain: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, row: Row, default_language: str) -> Cells:
        """Return the cells of a row; what names no language is in the default one."""
        found = cls()
        for header, text in row.cells.items():
            what, name, language = column_of(header)
            if what == "words":
                found.words.setdefault(name, {}).setdefault(language or default_language, text)
            elif what == "media":
                found.media.setdefault(name, {}).setdefault(language or default_language, text)
            elif what == "plain":
                found.plain.setdefault(name, text)
            elif what == "extra":
                found.extra.setdefault(name, text)
            else:
                found.unknown[header] = text
        return found

    def get(self, name: str) -> str:
        """Return a plain field; empty for none."""
        return self.plain.get(name, "")


def parameters(text: str) -> dict[str, str]:
    """Return ``start=0 end=10`` as a table."""
    pairs = [part.partition("=") for part in re.split(r"[\s,;]+", re.sub(r"\s*=\s*", "=", text)) if part]
    return {name: value for name, sign, value in pairs if sign}


def question(cells: Cells, kind: QuestionType, *, chosen: str = "") -> Question:
    """Return the question of a line.

    Args:
        cells: the line.
        kind: its type.
        chosen: the name of its choice list.
    """
    required, read_only = cells.get("required"), cells.get("read_only")
    default = cells.get("default")
    dynamic = bool(default) and is_dynamic(default)
    trigger = _REFERENCE.fullmatch(cells.get("trigger"))
    given: dict[str, Any] = {name: cells.words[name] for name in cells.words if name != "label"}
    given |= {name: cells.get(name) for name in ("relevant", "constraint", "calculation", "choice_filter", "finds")}
    return Question(
        cells.get("name"), kind, cells.words.get("label", {}), **given,
        required=required.lower() in _YES,
        required_when="" if required.lower() in _YES | _NO else required,
        read_only="true()" if read_only.lower() in _YES else ("" if read_only.lower() in _NO else read_only),
        default=default if default and not dynamic else None,
        default_expression=default if dynamic else "",
        trigger=trigger.group(1) if trigger else cells.get("trigger"),
        appearance=_appearance(cells.get("appearance"), kind),
        media=cells.media, parameters=parameters(cells.get("parameters")), list=chosen,
        least=_number(cells.get("least")), most=_number(cells.get("most")),
        same_spot=cells.get("same_spot").lower() in _YES, personal=cells.get("personal").lower() in _YES,
        score=_score(cells), extra=cells.extra,
    )  # fmt: skip


def _appearance(text: str, kind: QuestionType) -> str:
    own = SHOWN_AS.get(kind)
    return " ".join(word for word in text.split() if word != own) if own else text


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else (-1 if text else 0)


def _score(cells: Cells) -> Score | None:
    if not any(cells.get(name) for name in _SCORED):
        return None
    return Score(
        cells.get("full") or "1", cells.get("weight") or "1", cells.get("veto"), tuple(cells.get("spared").split()),
        cells.get("passes"),
    )  # fmt: skip
