"""Whole forms as JSON, and question sets read as forms; the same JSON goes to the browser."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any

from linli.foundation.forms.rules.expressions import NAME, syntax
from linli.foundation.forms.rules.ordering import ordered
from linli.foundation.forms.rules.problems import problems
from linli.foundation.forms.rules.sets import from_json
from linli.foundation.forms.rules.shape import Item, Shape, expressions
from linli.foundation.forms.types import (
    Choice,
    Group,
    Problem,
    Question,
    QuestionSet,
    QuestionType,
    Score,
    Settings,
    WholeForm,
)

SCHEMA = 2
_CODE = re.compile(NAME)
_WORDS = {"label", "hint", "constraint_message", "required_message", "guidance"}
_TEXTS = {
    "relevant", "constraint", "required_when", "read_only", "calculation", "trigger", "default_expression",
    "appearance", "list", "choice_filter", "finds",
}  # fmt: skip
_FLAGS = {"required", "personal", "same_spot"}
_NUMBERS = {"least", "most"}
_MOST_NESTING = 10


class BadFormError(ValueError):
    """A form that cannot be; ``problems`` says all that is wrong."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__("; ".join(f"{p.path}: {p.what} {p.detail}".strip() for p in found[:5]))
        self.problems = found


def as_form(questions: QuestionSet) -> WholeForm:
    """Return a flat question set as a whole form."""
    return WholeForm(Settings(), questions.questions, {}, questions.version)


def write_form(form: WholeForm, *, trees: bool = False) -> dict[str, Any]:
    """Return a form as JSON, what is empty left out.

    Args:
        form: the form.
        trees: whether the parsed expressions go with it, for the browser, as ``trees``: field → tree; and
            ``order``: the paths in the order of working out.
    """
    order = {"order": [place.name for place in ordered(Shape.of(form))[0]]} if trees else {}
    return {
        "schema": SCHEMA,
        "version": form.version,
        "settings": _filled(form.settings),
        "items": [_item(item, trees) for item in form.items],
        "lists": {name: [_choice(c) for c in choices] for name, choices in form.lists.items()},
        **order,
    }


def _filled(value: Any) -> dict[str, Any]:
    """Return the fields of a value that are not as they are by themselves."""
    found: dict[str, Any] = {}
    for each in fields(value):
        now = getattr(value, each.name)
        if now in ("", None, (), {}, 0) or now is False:
            continue
        found[each.name] = _plain(now)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    return list(value) if isinstance(value, tuple) else value


def _choice(choice: Choice) -> dict[str, Any]:
    return _filled(choice)


def _item(item: Item, trees: bool) -> dict[str, Any]:
    if isinstance(item, Group):
        found: dict[str, Any] = {"kind": "repeat" if item.repeat else "group", "code": item.code}
        found |= {k: _plain(v) for k in ("label", "relevant", "appearance", "count") if (v := getattr(item, k))}
        found["items"] = [_item(inner, trees) for inner in item.items]
    else:
        found = _filled(item) | {"type": item.type.value}
        if item.choices:
            found["choices"] = [_choice(c) for c in item.choices]
        if item.score:
            found["score"] = _filled(item.score)
        if item.default is not None:
            found["default"] = item.default
    if trees:
        found["trees"] = {
            name: syntax(text, columns=name == "choice_filter") for name, text in expressions(item) if name != "trigger"
        }
    return found


def read_form(data: Any, *, lacking: Collection[str] = ()) -> WholeForm:
    """Return the form that JSON describes: of this schema, or a flat question set of old.

    Args:
        data: the JSON.
        lacking: problems that are let pass, for a draft.

    Raises:
        BadFormError: it cannot be; every problem is named.
        BadSetError: it is a flat set that cannot be.
    """
    if isinstance(data, Mapping) and "schema" not in data and "questions" in data:
        return as_form(from_json(data))
    if not isinstance(data, Mapping) or data.get("schema") != SCHEMA:
        raise BadFormError([Problem("", "schema")])
    faults: list[Problem] = []
    items = _items(data.get("items"), "", faults, 0)
    lists = {str(name): _choices(raw, f"choices/{name}", faults) for name, raw in _mapping(data.get("lists")).items()}
    version = data.get("version", 1)
    if not isinstance(version, int) or isinstance(version, bool):
        faults.append(Problem("", "shape", "version"))
        version = 1
    settings = Settings(**_texts(_mapping(data.get("settings")), {f.name for f in fields(Settings)}))
    form = WholeForm(settings, items, lists, version)
    faults += [p for p in problems(form) if p.what not in lacking] if not faults else []
    if faults:
        raise BadFormError(faults)
    return form


def _mapping(raw: Any) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}


def _texts(raw: Mapping[str, Any], known: set[str]) -> dict[str, str]:
    return {k: str(v) for k, v in raw.items() if k in known and isinstance(v, (str, int, float))}


def _words(raw: Any) -> dict[str, str]:
    return {str(k): str(v) for k, v in _mapping(raw).items()}


def _media(raw: Any) -> dict[str, dict[str, str]]:
    return {str(kind): _words(files) for kind, files in _mapping(raw).items()}


def _items(raw: Any, above: str, faults: list[Problem], nesting: int) -> tuple[Item, ...]:
    if not isinstance(raw, (list, tuple)) or nesting > _MOST_NESTING:
        faults.append(Problem(above, "shape" if nesting <= _MOST_NESTING else "deep"))
        return ()
    found: list[Item] = []
    for each in raw:
        code = str(_mapping(each).get("code", ""))
        path = f"{above}/{code}" if above else code
        if not isinstance(each, Mapping) or not _CODE.fullmatch(code):
            faults.append(Problem(path, "code", "code", code))
        elif each.get("kind") in {"group", "repeat"}:
            inner = _items(each.get("items"), path, faults, nesting + 1)
            texts = _texts(each, {"relevant", "appearance", "count"})
            found.append(Group(code, inner, _words(each.get("label")), repeat=each["kind"] == "repeat", **texts))
        else:
            question = _question(each, code, path, faults)
            if question:
                found.append(question)
    return tuple(found)


def _question(raw: Mapping[str, Any], code: str, path: str, faults: list[Problem]) -> Question | None:
    try:
        kind = QuestionType(str(raw.get("type", "")))
        numbers = {k: int(raw.get(k) or 0) for k in _NUMBERS}
    except (ValueError, TypeError):
        faults.append(Problem(path, "type", "type", str(raw.get("type", ""))))
        return None
    given: dict[str, Any] = {k: _words(raw[k]) for k in _WORDS & raw.keys()}
    given |= _texts(raw, _TEXTS) | numbers | {k: bool(raw.get(k, False)) for k in _FLAGS}
    return Question(
        code=code, type=kind, label=given.pop("label", {}), media=_media(raw.get("media")), default=raw.get("default"),
        parameters=_texts(_mapping(raw.get("parameters")), set(_mapping(raw.get("parameters")))),
        choices=_choices(raw.get("choices") or (), path, faults), score=_score(raw.get("score")),
        extra=_texts(_mapping(raw.get("extra")), set(_mapping(raw.get("extra")))), **given,
    )  # fmt: skip


def _score(raw: Any) -> Score | None:
    if not isinstance(raw, Mapping):
        return None
    spared = raw.get("spared")
    return Score(
        **_texts(raw, {"full", "weight", "veto", "passes"}),
        spared=tuple(map(str, spared)) if isinstance(spared, (list, tuple)) else (),
    )


def _choices(raw: Any, path: str, faults: list[Problem]) -> tuple[Choice, ...]:
    if not isinstance(raw, (list, tuple)) or not all(isinstance(c, Mapping) for c in raw):
        faults.append(Problem(path, "shape", "choices"))
        return ()
    return tuple(
        Choice(
            str(c.get("code", "")), _words(c.get("label")), _media(c.get("media")), _words(c.get("columns")),
            str(c.get("mark", "")),
        )
        for c in raw
    )  # fmt: skip


__all__ = ["SCHEMA", "BadFormError", "as_form", "read_form", "write_form"]
