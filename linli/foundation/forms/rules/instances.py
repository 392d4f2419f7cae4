"""What OpenRosa clients send: the XML of a filled form as nested answers; forms made ready for such clients.

A client keeps one picture a question, Linli any number: so ``photos_apart`` gives a client ``photos``, ``photos_2`` …,
and :func:`read_instance` puts them together again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from linli.foundation.forms.rules.filling import MAX_INSTANCES
from linli.foundation.forms.rules.shape import Item
from linli.foundation.forms.types import UPLOADS, Group, Question, QuestionType, WholeForm, Words

MAX_BYTES = 10 * 1024 * 1024
_MOST_APART = 10


class BadInstanceError(ValueError):
    """What was sent is no filled form: ``size``, ``xml`` or ``form_id``."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A filled form as it was sent.

    Attributes:
        answers: nested, not looked at yet.
        version: the author's mark of the version that was filled.
        instance_id: the client's own id of this record, the same when it is sent again.
        deprecated_id: the record that this one corrects; empty for none.
        files: names of the uploads that it speaks of, those that did not come among them.
    """

    answers: dict[str, Any]
    version: str
    instance_id: str
    deprecated_id: str
    files: tuple[str, ...]


def photos_apart(form: WholeForm) -> WholeForm:
    """Return the form with one question for each picture that a photo question wants or allows."""
    return replace(form, items=_apart(form.items))


def _apart(items: tuple[Item, ...]) -> tuple[Item, ...]:
    found: list[Item] = []
    codes = {item.code for item in items}
    for item in items:
        if isinstance(item, Group):
            found.append(replace(item, items=_apart(item.items)))
            continue
        numbers = _numbers(item, codes)
        found += [_one(item, n, len(numbers)) for n in numbers] if len(numbers) > 1 else [item]
    return tuple(found)


def _numbers(q: Question, codes: set[str]) -> list[int]:
    """Return the numbers of a question's pictures, those left out whose name another question bears."""
    if q.type is not QuestionType.PHOTO:
        return [1]
    most = min(max(q.most or q.least, 1), _MOST_APART)
    return [n for n in range(1, most + 1) if n == 1 or f"{q.code}_{n}" not in codes]


def _one(q: Question, number: int, count: int) -> Question:
    label: Words = {language: f"{text} ({number}/{count})" for language, text in q.label.items()}
    needed = number <= q.least or (number == 1 and q.required)
    code = q.code if number == 1 else f"{q.code}_{number}"
    when = q.required_when if number == 1 else ""
    return replace(q, code=code, label=label, required=needed, required_when="" if needed else when)


def read_instance(form: WholeForm, content: bytes, *, files: Mapping[str, str] | None = None) -> Instance:
    """Return what a client sent.

    Args:
        form: the form that was filled, in the version that was filled.
        content: the XML.
        files: name of an attachment → id of the upload that it became; a name without one stays as it is, and is
            refused when the answers are looked at.

    Raises:
        BadInstanceError: it is too big, no XML, has a document type, or belongs to another form.
    """
    if len(content) > MAX_BYTES:
        raise BadInstanceError("size")
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise BadInstanceError("xml") from error
    if root.get("id") != form.settings.form_id:
        raise BadInstanceError("form_id")
    meta = _child(root, "meta")
    named: list[str] = []
    answers = _answers(form.items, root, files or {}, named)
    return Instance(
        answers, root.get("version", ""), _text(_child(meta, "instanceID")), _text(_child(meta, "deprecatedID")),
        tuple(named),
    )  # fmt: skip


def _children(element: Element | None, code: str) -> Iterator[Element]:
    """Return the children of that name, whatever their namespace."""
    for child in element if element is not None else ():
        if isinstance(child.tag, str) and child.tag.rpartition("}")[2] == code:
            yield child


def _child(element: Element | None, code: str) -> Element | None:
    return next(_children(element, code), None)


def _text(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _answers(items: tuple[Item, ...], above: Element, files: Mapping[str, str], named: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    codes = {item.code for item in items}
    for item in items:
        value: Any
        if isinstance(item, Question):
            value = _answer(item, above, files, named, codes)
        elif item.repeat:
            rows = [child for child in _children(above, item.code) if not _is_template(child)]
            value = [_answers(item.items, row, files, named) for row in rows[: MAX_INSTANCES + 1]]
        else:
            child = _child(above, item.code)
            value = _answers(item.items, child, files, named) if child is not None else {}
        if value not in ("", [], {}):
            found[item.code] = value
    return found


def _is_template(element: Element) -> bool:
    return any(name.rpartition("}")[2] == "template" for name in element.keys())  # noqa: SIM118  an element is no dict


def _answer(
    q: Question, above: Element, files: Mapping[str, str], named: list[str], codes: set[str]
) -> str | list[str]:
    if q.type not in UPLOADS:
        return _text(_child(above, q.code))
    several = [q.code, *(f"{q.code}_{n}" for n in _numbers(q, codes) if n > 1)]
    texts = [text for code in several if (text := _text(_child(above, code)))]
    named += texts
    ids = [files.get(text, text) for text in texts]
    return ids if q.type is QuestionType.PHOTO else "".join(ids[:1])
