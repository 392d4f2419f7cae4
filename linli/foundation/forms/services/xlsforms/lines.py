"""A form as the lines of an XLSForm: what is written to a sheet, and what ``pyxform`` is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from linli.foundation.forms.services.xlsforms.layout import OWN_TYPES, SHOWN_AS, WRITTEN, YES_NO_LIST, language_name
from linli.foundation.forms.types import CHOOSING, Choice, Group, Question, QuestionType, WholeForm, Words

Line = dict[str, str]
OWN = "linli_"
_WORDS = (
    ("label", "label"), ("hint", "hint"), ("guidance", "guidance_hint"), ("constraint_message", "constraint_message"),
    ("required_message", "required_message"),
)  # fmt: skip
_TEXTS = ("relevant", "constraint", "calculation", "choice_filter")
_YES_NO = (Choice("yes", {"zh-hans": "是", "en": "Yes"}), Choice("no", {"zh-hans": "否", "en": "No"}))


def survey_lines(form: WholeForm) -> list[tuple[str, Line]]:
    """Return (path of the item, line) of the sheet ``survey``."""
    return list(_items(form.items, ""))


def _items(items: tuple[Question | Group, ...], above: str) -> Iterator[tuple[str, Line]]:
    for item in items:
        path = f"{above}/{item.code}" if above else item.code
        if isinstance(item, Question):
            yield path, _question(item)
            continue
        kind = "repeat" if item.repeat else "group"
        line = {"type": f"begin_{kind}", "name": item.code, **_words("label", item.label)}
        line |= {"relevant": item.relevant, "appearance": item.appearance, "repeat_count": item.count}
        yield path, _filled(line)
        yield from _items(item.items, path)
        yield path, {"type": f"end_{kind}", "name": item.code}


def _filled(line: Line) -> Line:
    return {k: v for k, v in line.items() if v}


def _words(column: str, words: Words) -> Line:
    return {f"{column}::{language_name(language)}": text for language, text in words.items() if text}


def _media(media: Mapping[str, Words]) -> Line:
    found: Line = {}
    for kind, files in media.items():
        found |= _words(kind, files)
    return found


def _type(q: Question) -> str:
    written = WRITTEN[q.type]
    return f"{written} {q.list}" if q.type in CHOOSING else written


def _question(q: Question) -> Line:
    line: Line = {"type": _type(q), "name": q.code}
    for field, column in _WORDS:
        line |= _words(column, getattr(q, field))
    line |= {name: getattr(q, name) for name in _TEXTS}
    line |= {
        "required": "yes" if q.required else q.required_when,
        "read_only": "yes" if q.read_only == "true()" else q.read_only,
        "default": q.default_expression or _default(q.default),
        "appearance": " ".join(filter(None, (q.appearance, SHOWN_AS.get(q.type, "")))),
        "parameters": " ".join(f"{k}={v}" for k, v in q.parameters.items()),
        "trigger": f"${{{q.trigger}}}" if q.trigger else "",
        **_media(q.media),
        **_own(q),
    }
    return _filled(line)


def _default(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value))
    if isinstance(value, Mapping):
        return f"{value.get('lat', '')} {value.get('lon', '')} 0 0" if "lat" in value else str(value.get("text", ""))
    return str(value)


def _own(q: Question) -> Line:
    """Return the columns that only we know; other programs pass over them."""
    line = {
        "linli_type": q.type.value if q.type.value in OWN_TYPES else "",
        "linli_least": str(q.least or ""),
        "linli_most": str(q.most or ""),
        "linli_same_spot": "yes" if q.same_spot else "",
        "linli_personal": "yes" if q.personal else "",
        "linli_finds": q.finds,
        **{OWN + name: text for name, text in q.extra.items()},
    }
    if q.score:
        line |= {
            "linli_full": q.score.full, "linli_weight": q.score.weight, "linli_veto": q.score.veto,
            "linli_spared": " ".join(q.score.spared), "linli_passes": q.score.passes,
        }  # fmt: skip
    return line


def choice_lines(form: WholeForm) -> list[tuple[str, Line]]:
    """Return (list/code, line) of the sheet ``choices``."""
    lists: dict[str, tuple[Choice, ...]] = dict(form.lists)
    if any(q.type is QuestionType.YES_NO for q in questions(form.items)):
        # In the languages of the form alone: another one would offer a form whose every label is missing.
        spoken = {form.settings.default_language, *(lang for q in questions(form.items) for lang in q.label)}
        lists[YES_NO_LIST] = tuple(
            replace(c, label={lang: text for lang, text in c.label.items() if lang in spoken}) for c in _YES_NO
        )
    found: list[tuple[str, Line]] = []
    for name, choices in lists.items():
        for c in choices:
            line = {"list_name": name, "name": c.code, **_words("label", c.label), **_media(c.media)}
            found.append((f"{name}/{c.code}", _filled({**c.columns, **line, "linli_mark": c.mark})))
    return found


def questions(items: tuple[Question | Group, ...]) -> Iterator[Question]:
    """Return all questions, however deep."""
    for item in items:
        if isinstance(item, Question):
            yield item
        else:
            yield from questions(item.items)


def settings_line(form: WholeForm) -> Line:
    """Return the line of the sheet ``settings``."""
    s = form.settings
    return _filled({
        "form_title": s.title, "form_id": s.form_id, "version": s.version,
        "default_language": language_name(s.default_language), "instance_name": s.instance_name, "style": s.style,
    })  # fmt: skip


def headers(lines: list[Line], first: tuple[str, ...]) -> list[str]:
    """Return all columns of some lines, the ``first`` ones first."""
    found = dict.fromkeys(first)
    for line in lines:
        found |= dict.fromkeys(line)
    return list(found)
