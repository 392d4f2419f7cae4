"""What in a form cannot be: found all at once, each at its item and field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

from linli.foundation.forms.rules.expressions import NAME, ExpressionError, Node, names, nodes, parse
from linli.foundation.forms.rules.ordering import ordered
from linli.foundation.forms.rules.shape import Place, Shape, expressions
from linli.foundation.forms.rules.standing import references
from linli.foundation.forms.types import (
    CHOOSING,
    UNSEEN,
    Choice,
    Group,
    Problem,
    Question,
    QuestionType,
    Score,
    WholeForm,
)

MAX_QUESTIONS = 1000
MAX_CHOICES = 10_000
MAX_CODE = 64
MAX_NESTING = 8
_CODE = re.compile(NAME)
_RESERVED = {"meta", "__version__"}
_ROOT = "data"
_SELECTS = {QuestionType.CHOICES, QuestionType.RANK}
_BOUNDS = ("start", "end", "step")


def problems(form: WholeForm) -> list[Problem]:
    """Return all that cannot be in a form; empty for a good one."""
    shape = Shape.of(form)
    found = [*_sizes(shape), *_names(shape), *_lists(form)]
    if found and any(p.what in {"too_many", "deep"} for p in found):
        return found
    for place in shape.places:
        found += _group(place) if isinstance(place.item, Group) else _question(form, place, place.item)
        found += [*_expressions(shape, place), *_labels(shape, place)]
    found += _settings(shape)
    if not found:
        for circle in ordered(shape)[1]:
            trail = " → ".join(path[-1] for path in (*circle, circle[0]))
            found.append(Problem("/".join(circle[0]), "circular", "relevant", trail))
    return found


def _sizes(shape: Shape) -> Iterator[Problem]:
    if not shape.places:
        yield Problem("", "empty")
    if len(shape.places) > MAX_QUESTIONS:
        yield Problem("", "too_many", "items", str(len(shape.places)))
    count = sum(map(len, shape.form.lists.values()))
    if count > MAX_CHOICES:
        yield Problem("", "too_many", "choices", str(count))
    for place in shape.places:
        if len(place.path) > MAX_NESTING:
            yield Problem(place.name, "deep")
            return


def _names(shape: Shape) -> Iterator[Problem]:
    seen: set[str] = set()
    repeats: set[str] = set()
    for place in shape.places:
        code, lower = place.path[-1], place.name.lower()
        if not _CODE.fullmatch(code) or len(code) > MAX_CODE:
            yield Problem(place.name, "code", "code", code)
        elif code in _RESERVED or (code == _ROOT and isinstance(place.item, Group)):
            yield Problem(place.name, "reserved", "code", code)
        elif lower in seen or code in repeats:
            yield Problem(place.name, "twice", "code", code)
        seen.add(lower)
        if isinstance(place.item, Group) and place.item.repeat:
            repeats.add(code)


def _lists(form: WholeForm) -> Iterator[Problem]:
    used = {p.item.list for p in Shape.of(form).places if isinstance(p.item, Question) and p.item.type in _SELECTS}
    for name, choices in form.lists.items():
        if not _CODE.fullmatch(name) or not choices:
            yield Problem(f"choices/{name}", "list", "list", name)
        yield from _choices(f"choices/{name}", choices, spaces=name not in used)


def _choices(path: str, choices: Iterable[Choice], *, spaces: bool) -> Iterator[Problem]:
    seen: set[str] = set()
    for choice in choices:
        where = f"{path}/{choice.code}"
        if not choice.code or choice.code != choice.code.strip() or len(choice.code) > 100:
            yield Problem(where, "choice_code", "code", choice.code)
        elif not spaces and re.search(r"\s", choice.code):
            yield Problem(where, "choice_space", "code", choice.code)
        if choice.code in seen:
            yield Problem(where, "choice_twice", "code", choice.code)
        seen.add(choice.code)
        yield from _choice(where, choice)


def _choice(where: str, choice: Choice) -> Iterator[Problem]:
    if not any(choice.label.values()) and not choice.media:
        yield Problem(where, "choice_label", "label")
    if choice.mark and not _is_part(choice.mark):
        yield Problem(where, "mark", "mark", choice.mark)
    for column in choice.columns:
        if not _CODE.fullmatch(column):
            yield Problem(where, "code", "columns", column)


def _is_part(text: str) -> bool:
    value = _decimal(text)
    return value is not None and 0 <= value <= 1


def _group(place: Place) -> Iterator[Problem]:
    group = place.item
    if isinstance(group, Group):
        if not group.items:
            yield Problem(place.name, "empty_group")
        if group.count and not group.repeat:
            yield Problem(place.name, "count", "count")


def _question(form: WholeForm, place: Place, q: Question) -> Iterator[Problem]:
    if q.type in CHOOSING:
        yield from _choosing(form, place, q)
    elif q.list or q.choices or q.choice_filter:
        yield Problem(place.name, "not_choosing", "list", q.list)
    if q.type is QuestionType.CALCULATE and not q.calculation:
        yield Problem(place.name, "no_calculation", "calculation")
    if q.type is QuestionType.RANGE:
        yield from _range(place, q)
    if q.score:
        yield from _score(form, place, q, q.score)
    yield from _words_and_bounds(place, q)


def _words_and_bounds(place: Place, q: Question) -> Iterator[Problem]:
    if q.type not in UNSEEN and not any(q.label.values()) and not any(q.hint.values()) and not q.media:
        yield Problem(place.name, "label", "label")
    if not 0 <= q.least <= 20 or not 0 <= q.most <= 20 or 0 < q.most < q.least:
        yield Problem(place.name, "least", "least")
    if isinstance(q.default, str) and is_dynamic(q.default):
        yield Problem(place.name, "default", "default", q.default)


def _choosing(form: WholeForm, place: Place, q: Question) -> Iterator[Problem]:
    if q.list and q.list not in form.lists:
        yield Problem(place.name, "no_list", "list", q.list)
    elif not form.choices(q):
        yield Problem(place.name, "no_choices", "list")
    yield from _choices(place.name, q.choices, spaces=q.type not in _SELECTS)


def _range(place: Place, q: Question) -> Iterator[Problem]:
    given = [_decimal(q.parameters.get(name, usual)) for name, usual in zip(_BOUNDS, ("1", "10", "1"), strict=True)]
    start, end, step = given
    if start is None or end is None or step is None or step <= 0 or start >= end or step > end - start:
        yield Problem(place.name, "range", "parameters")


def _score(form: WholeForm, place: Place, q: Question, score: Score) -> Iterator[Problem]:
    for name in ("full", "weight"):
        value = _decimal(getattr(score, name))
        if value is None or value < 0:
            yield Problem(place.name, "score", "score", name)
    if score.veto not in {"", "group", "form"}:
        yield Problem(place.name, "score", "score", "veto")
    codes = {c.code for c in form.choices(q)} if q.type in CHOOSING else {"yes", "no"}
    if not set(score.spared) <= codes:
        yield Problem(place.name, "score", "score", "spared")


def _decimal(text: str) -> Decimal | None:
    """Return a decimal text of bounded size; None for any other."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and -10 <= found.adjusted() <= 10 else None


def is_dynamic(text: str) -> bool:
    """Return whether a default is an expression, as XLSForm tells them apart: by a reference or a call in it."""
    return "${" in text or re.search(r"[a-z]\(", text) is not None


def _expressions(shape: Shape, place: Place) -> Iterator[Problem]:
    for field, text in expressions(place.item):
        try:
            tree = parse(text, columns=field == "choice_filter")
        except ExpressionError as error:
            yield Problem(place.name, f"expression_{error.what}", field, error.detail, error.at + 1)
            continue
        yield from _references(shape, place, field, tree)


def _labels(shape: Shape, place: Place) -> Iterator[Problem]:
    for field in ("label", "hint"):
        for words in getattr(place.item, field, {}).values():
            for name in sorted(references(words)):
                if len(shape.by_name.get(name, [])) != 1:
                    yield Problem(place.name, "unknown_name", field, name)


def _references(shape: Shape, place: Place, field: str, tree: Node) -> Iterator[Problem]:
    for name in sorted(names(tree)):
        places = shape.by_name.get(name, [])
        if not places:
            yield Problem(place.name, "unknown_name", field, name)
        elif len(places) > 1:
            yield Problem(place.name, "ambiguous", field, name)
    for node in nodes(tree):
        if node[0] == "path" and tuple(node[2:]) not in shape.by_path:
            yield Problem(place.name, "unknown_name", field, "/" + "/".join(node[1:]))
        elif node[0] == "column":
            yield from _column(shape, place, field, node[1])


def _column(shape: Shape, place: Place, field: str, column: str) -> Iterator[Problem]:
    choices = shape.form.choices(place.item) if isinstance(place.item, Question) else ()
    if column not in {"name", "label"} and not any(column in choice.columns for choice in choices):
        yield Problem(place.name, "no_column", field, column)


def _settings(shape: Shape) -> Iterator[Problem]:
    text = shape.form.settings.instance_name
    if not text:
        return
    try:
        tree = parse(text)
    except ExpressionError as error:
        yield Problem("", f"expression_{error.what}", "instance_name", error.detail, error.at + 1)
        return
    for name in sorted(names(tree)):
        if len(shape.by_name.get(name, [])) != 1:
            yield Problem("", "unknown_name", "instance_name", name)
