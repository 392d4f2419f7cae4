"""The library of ready forms: ``shipped/*.toml``, taken over at founding or one by one.

A line of ``items`` is ``[type, code, label, {more}]``, of a group ``["group", code, label, {more}, [lines]]``. The type
``check`` is an item of an inspection: 达标, 不达标, 不适用, marked with ``full``, found wrong where it is 不达标, and
then with a picture of it; ``cat`` is the category of the case. With ``spot = true`` a form asks of each such item
whether it was mended on the spot, and then for the picture after. ``["use", name]`` puts in the lines of ``blocks``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import InvalidError, NotFoundError
from linli.foundation.forms import selectors
from linli.foundation.forms.models import Form, FormVersion
from linli.foundation.forms.rules import problems, write_form
from linli.foundation.forms.services.drafting import save_draft
from linli.foundation.forms.services.saving import refuse_problems
from linli.foundation.forms.types import Choice, Group, Question, QuestionType, Score, Settings, WholeForm, Words
from linli.foundation.journal import services as journal

_SCORE = ("full", "weight", "veto", "spared", "passes")
_WORDS = ("hint", "guidance", "constraint_message", "required_message")
_CHECKS = "checks"
Line = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Ready:
    """A ready form.

    Attributes:
        about: what it is for, in a sentence.
        source: what it was made from.
        edition: counts its editions from 1.
        questions: how many questions it has.
    """

    code: str
    title: str
    kind: str
    about: str
    source: str
    edition: int
    questions: int
    form: WholeForm


def _zh(text: str) -> Words:
    return {"zh-hans": text} if text else {}


def _list(raw: Any) -> tuple[Choice, ...]:
    """Return choices: ``"code 文字"`` or ``"code 文字 得分"``."""
    found = []
    for line in raw:
        code, words, *mark = line.split(" ")
        found.append(Choice(code, _zh(words), mark=mark[0] if mark else ""))
    return tuple(found)


def _question(kind: str, code: str, label: str, more: Mapping[str, Any]) -> Question:
    given = dict(more)
    score = {name: given.pop(name) for name in _SCORE if name in given}
    words: dict[str, Any] = {name: _zh(given.pop(name)) for name in _WORDS if name in given}
    if score:
        given["score"] = Score(**{**score, "spared": tuple(score.get("spared", ()))})
    return Question(code, QuestionType(kind), _zh(label), **words, **given)


def _check(code: str, label: str, more: Mapping[str, Any], *, spot: bool) -> list[Question]:
    """Return an item of an inspection, the picture of what is wrong with it, and how it was mended on the spot."""
    given = dict(more)
    pictures = given.pop("pictures", 1)
    extra = {"category": given.pop("cat", ""), "photos": f"{code}_photo" if pictures else ""}
    if spot:
        extra |= {"mended": f"{code}_mended", "before": f"{code}_photo", "after": f"{code}_after"}
    extra |= given.pop("extra", {})
    score = {"full": "1", **{name: given.pop(name) for name in _SCORE if name in given}}
    asked = _question("choice", code, label, {"list": _CHECKS, "required": True, **given, **score, "spared": ("na",)})
    asked = replace(asked, finds=". = 'no'", extra={k: v for k, v in extra.items() if v})
    photo = _question(
        "photo", f"{code}_photo", f"“{label}”的问题照片",
        {"relevant": f"${{{code}}} = 'no'", "least": pictures, "most": 6},
    )  # fmt: skip
    found = [asked, photo] if pictures else [asked]
    if spot:
        wrong, mended = f"${{{code}}} = 'no'", f"{code}_mended"
        found.append(_question("yes_no", mended, f"“{label}”当场整改了吗", {"relevant": wrong, "required": True}))
        after = {"relevant": f"{wrong} and ${{{mended}}} = 'yes'", "least": 1, "most": 4, "same_spot": True}
        found.append(_question("photo", f"{code}_after", f"“{label}”整改后照片", after))
    return found


def _items(
    lines: Iterable[Line], blocks: Mapping[str, Sequence[Line]], *, spot: bool = False
) -> tuple[Question | Group, ...]:
    found: list[Question | Group] = []
    for kind, code, *rest in lines:
        if kind == "use":
            found += _items(blocks[code], blocks, spot=spot)
            continue
        label, *rest = rest
        more: Mapping[str, Any] = rest[0] if rest and isinstance(rest[0], Mapping) else {}
        if kind in {"group", "repeat"}:
            found.append(Group(code, _items(rest[-1], blocks, spot=spot), _zh(label), repeat=kind == "repeat", **more))
        elif kind == "check":
            found += _check(code, label, more, spot=spot)
        else:
            found.append(_question(kind, code, label, more))
    return tuple(found)


def _count(items: Iterable[Question | Group]) -> int:
    return sum(_count(i.items) if isinstance(i, Group) else 1 for i in items)


def read_ready(data: Mapping[str, Any], blocks: Mapping[str, Sequence[Line]] | None = None) -> Ready:
    """Return the form that a shipped file describes; ``blocks`` are lines that several forms use."""
    lists = {name: _list(raw) for name, raw in data.get("lists", {}).items()}
    items = _items(data["items"], blocks or {}, spot=data.get("spot", False))
    code, title = data["code"], data["title"]
    if any(isinstance(q, Question) and q.list == _CHECKS for q in _all(items)):
        lists[_CHECKS] = _list(["yes 达标 1", "no 不达标 0", "na 不适用"])
    settings = Settings(title=title, form_id=code, instance_name=data.get("name", ""))
    form = WholeForm(settings, items, lists)
    return Ready(
        code, title, data["kind"], data["about"], data.get("source", ""), data.get("edition", 1), _count(items), form
    )


def _all(items: Iterable[Question | Group]) -> Iterable[Question | Group]:
    for item in items:
        yield item
        if isinstance(item, Group):
            yield from _all(item.items)


@lru_cache(maxsize=1)
def ready_forms() -> tuple[Ready, ...]:
    """Return the ready forms, in the order of the library."""
    folder = files("linli.foundation.forms").joinpath("shipped")
    found = []
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            whole = tomllib.loads(path.read_text(encoding="utf8"))
            found += [read_ready(data, whole.get("blocks")) for data in whole["form"]]
    return tuple(found)


@whole
def adopt_forms(*, by: Actor, now: datetime, codes: Sequence[str] | None = None) -> list[str]:
    """Take over ready forms; return the codes of those that were not there yet, or came as a new draft.

    Args:
        by: who takes them over.
        now: when.
        codes: which; None for all that are missing. One that is there already comes as its next draft, where the
            shipped edition is newer.

    Raises:
        NotFoundError: there is no such ready form. InvalidError: its code is another form's.
    """
    ready = {r.code: r for r in ready_forms()}
    unknown = [code for code in codes or () if code not in ready]
    if unknown:
        raise NotFoundError(_("表单库里没有这张表单。"), code="forms.no_ready")
    have, known = selectors.editions(), selectors.codes()
    made = []
    for code in ready if codes is None else codes:
        if code in known and code not in have:
            if codes is None:
                continue
            raise InvalidError(_("代码“%(code)s”已被别的表单占用。") % {"code": code}, code="forms.taken")
        if code not in have:
            _enter(by, now, ready[code])
            made.append(code)
        elif codes is not None and have[code] < ready[code].edition:
            _renew(by, now, ready[code])
            made.append(code)
    return made


def _enter(by: Actor, now: datetime, ready: Ready) -> None:
    refuse_problems(problems(ready.form))
    row = Form.objects.create(code=ready.code, title=ready.title, whole=True, kind=ready.kind, shipped=ready.edition)
    FormVersion.objects.create(
        form=row, number=1, questions=write_form(ready.form), created_at=now, published_at=now, changed_at=now,
        changed_label=by.label[:80],
    )  # fmt: skip
    journal.record(
        by=by, verb="forms.adopt", kind="form", uuid=row.uuid, label=row.title, now=now,
        after={"version": 1, "items": len(ready.form.items)},
    )  # fmt: skip


def _renew(by: Actor, now: datetime, ready: Ready) -> None:
    newest = selectors.versions_of(ready.code)[0]
    save_draft(by=by, now=now, code=ready.code, form=ready.form, expected=newest.edition)
    Form.objects.filter(code=ready.code).update(shipped=ready.edition)
