"""A round as a form that clients of OpenRosa fill: its questions, before them the list of whom to visit."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors
from linli.foundation.core.actors import Actor
from linli.foundation.forms import selectors as forms
from linli.foundation.forms.rules import media_names
from linli.foundation.forms.services import to_xform
from linli.foundation.forms.services.xlsforms.layout import language_name
from linli.foundation.forms.types import Group, Question, QuestionType, WholeForm

VISIT, SECOND, END = "linli_visit", "linli_second", "linli_end"
LIST = "linli_targets"
FILE = f"{LIST}.csv"
_FACT = "fact_"
_PREFIX = "linli-"
_TOLD = frozenset(
    {
        QuestionType.TEXT, QuestionType.LONG_TEXT, QuestionType.INTEGER, QuestionType.DECIMAL, QuestionType.DATE,
        QuestionType.YES_NO, QuestionType.CHOICE, QuestionType.CHOICES, QuestionType.PHONE, QuestionType.RANGE,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Carried:
    """A round made ready.

    Attributes:
        version: the version's number and a mark of the document, so that no two documents bear the same.
        xml: the XForm.
        facts: field of the ledger that the list has a column for.
        media: name of each picture, sound or film that the document names.
    """

    form_id: str
    version: str
    xml: str
    facts: tuple[str, ...]
    media: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """The hash by which a client knows that it has this document."""
        return md5(self.xml.encode())


def md5(content: bytes) -> str:
    """Return a hash as the standard writes it."""
    return f"md5:{hashlib.md5(content, usedforsecurity=False).hexdigest()}"


def form_id(round_uuid: UUID) -> str:
    """Return the id under which clients know a round."""
    return f"{_PREFIX}{round_uuid}"


def round_of(sent: str) -> UUID | None:
    """Return the round of a form's id, None for none."""
    try:
        return UUID(sent.removeprefix(_PREFIX)) if sent.startswith(_PREFIX) else None
    except ValueError:
        return None


def readable(form: WholeForm, round_uuid: UUID) -> WholeForm:
    """Return the form as clients send it: under the round's id, with what was put before its questions."""
    own = tuple(Question(code, QuestionType.TEXT, {}) for code in (VISIT, SECOND, END))
    return replace(form, settings=replace(form.settings, form_id=form_id(round_uuid)), items=(*own, *form.items))


def carried(round_: Any) -> Carried:
    """Return a round made ready; the same document is made once.

    Raises:
        ConversionError: no client could read it.
    """
    version = round_.form_version
    fields = selectors.fields_of(round_.kind) if round_.kind is not None else frozenset()
    return _made(
        round_.uuid, round_.title, round_.form.code, version.number, round_.kind is not None, bool(round_.pair), fields
    )


@lru_cache(maxsize=256)
def _made(uuid: UUID, title: str, code: str, number: int, listed: bool, pair: bool, fields: frozenset[str]) -> Carried:
    form = forms.whole_form(code, number)
    told = dict(_told(form.items, "", fields)) if listed else {}
    named = replace(form.settings, form_id=form_id(uuid), title=title, version=str(number))
    language = language_name(form.settings.default_language)
    with translation.override(settings.LANGUAGE_CODE):
        first = _first(f"label::{language}", f"hint::{language}", listed, pair)
    more = {path: _from_list(field) for path, field in told.items()}
    form = replace(form, settings=named)
    mark = hashlib.sha256(to_xform(form, first=first, more=more).encode()).hexdigest()[:6]
    marked = replace(form, settings=replace(named, version=f"{number}-{mark}"))
    return Carried(
        form_id(uuid), f"{number}-{mark}", to_xform(marked, first=first, more=more), tuple(sorted(set(told.values()))),
        tuple(media_names(form)),
    )  # fmt: skip


def _first(label: str, hint: str, listed: bool, pair: bool) -> list[dict[str, str]]:
    lines = [{"type": "end", "name": END}]
    if listed:
        lines.append(
            {
                "type": f"select_one_from_file {FILE}", "name": VISIT, "required": "yes", label: _("走访对象"),
                hint: _("从清单里选；已知的内容选定后自动填好，可以改。"), "appearance": "minimal autocomplete",
            }
        )  # fmt: skip
    if pair:
        lines.append(
            {"type": "text", "name": SECOND, label: _("同行人账号"), hint: _("两人同行，填另一人的登录账号。")}
        )
    return lines


def _told(items: tuple[Question | Group, ...], above: str, fields: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Return path → field of the questions whose answer the ledger may know; what is personal is not carried."""
    for item in items:
        path = f"{above}/{item.code}" if above else item.code
        if isinstance(item, Group):
            if not item.repeat:
                yield from _told(item.items, path, fields)
            continue
        field = item.extra.get("fact") or item.code
        fixed = item.calculation or item.read_only or item.personal
        if field in fields and item.type in _TOLD and not fixed:
            yield path, field


def _from_list(field: str) -> dict[str, str]:
    row = "/".join((f"instance('{LIST}')", "root", f"item[name = ${{{VISIT}}}]"))
    return {"calculation": f"{row}/{_FACT}{field}", "trigger": f"${{{VISIT}}}"}


def targets_csv(by: Actor, round_: Any, facts: tuple[str, ...], day: date) -> bytes:
    """Return the list of a round for one person: each visit with its name, address, place and plain facts."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(["name", "label", "address", "due", "geometry", *(f"{_FACT}{f}" for f in facts)])
    for visit in selectors.carried_visits(by, round_, day):
        it = visit.target
        place = f"{it.lat} {it.lon} 0 0" if it.lat is not None else ""
        label = " · ".join(filter(None, (it.name, it.address, it.number)))
        writer.writerow(
            [visit.uuid, label, it.address, visit.due_on, place, *(_said(it.facts.get(field)) for field in facts)]
        )
    return target.getvalue().encode()


def _said(value: Any) -> str:
    """Return a fact as a client writes an answer."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(map(str, value))
    return "" if value is None or isinstance(value, Mapping) else str(value)
