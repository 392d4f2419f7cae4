"""What a category may say, and how two of its versions differ; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CODE = re.compile(r"[a-z][a-z0-9_]{0,31}")
MAX_NAME, MAX_WORDS, MAX_WORD, MAX_TEXT, MAX_LAW = 40, 60, 20, 300, 1_000
MAX_PHOTOS = 9
MAX_DAYS = 3_650
PURPOSES = ("before", "after", "paper")
# Addresses that the program itself fills in or hides: they stay in use under their code.
FIXED = frozenset({"other", "guidance", "complaint_unit", "suggestion"})
_CALL = re.compile(r"\d{3,}")


def faults(spec: Mapping[str, Any], *, group: bool = False) -> list[tuple[str, str]]:
    """Return (field, code of what is wrong) of everything that keeps ``spec`` from being published.

    The safeguards among them: what lies inside homes or concerns persons (``guarded``) is never in public
    space (domain.md §13); each picture asked for has its reason (国办函〔2026〕12号); advice in danger
    names a number to call, in Chinese and in English.

    Args:
        spec: in the JSON shape of :class:`linli.engines.cases.types.CategorySpec`.
        group: it only gathers others (大类), so that nothing but its names counts.
    """
    if group:
        return list(_names(spec))
    return [*_names(spec), *_flags(spec), *_evidence(spec.get("evidence") or {}), *_advice(spec), *_rest(spec)]


def _names(spec: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if not CODE.fullmatch(str(spec.get("code", ""))):
        yield "code", "code"
    for field in ("name", "resident_name"):
        text = str(spec.get(field) or "").strip()
        if not text:
            yield field, "missing"
        if len(text) > MAX_NAME:
            yield field, "long"
    words = spec.get("words") or ()
    if len(words) > MAX_WORDS or any(len(str(w)) > MAX_WORD for w in words):
        yield "words", "words"


def _flags(spec: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if spec.get("guarded") and spec.get("public_space"):
        yield "public_space", "guarded"


def _evidence(rule: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for purpose in PURPOSES:
        wanted = rule.get(purpose, 1 if purpose == "after" else 0)
        if not isinstance(wanted, int) or not 0 <= wanted <= MAX_PHOTOS:
            yield f"evidence_{purpose}", "count"
        elif wanted and not str(rule.get(f"why_{purpose}") or rule.get("why") or "").strip():
            yield f"why_{purpose}", "reason"


def _advice(spec: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    chinese, english = str(spec.get("danger") or "").strip(), str(spec.get("danger_en") or "").strip()
    for field, text in (("danger", chinese), ("danger_en", english)):
        if text and not _CALL.search(text):
            yield field, "call"
        if len(text) > MAX_TEXT:
            yield field, "long"
    if chinese and not english:
        yield "danger_en", "english"
    if english and not chinese:
        yield "danger", "chinese"


def _rest(spec: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    days = spec.get("relapse_days") or 0
    if not isinstance(days, int) or not 0 <= days <= MAX_DAYS:
        yield "relapse_days", "days"
    if len(str(spec.get("law") or "")) > MAX_LAW:
        yield "law", "long"


def part_of(field: str) -> str:
    """Return the key of a version's JSON that a field of :func:`faults` belongs to."""
    return "evidence" if field.startswith(("evidence_", "why_")) else field


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two versions say differently.

    Attributes:
        field: name of the field; of a question ``question``.
        subject: of a question its words, else empty.
        before: what the older says, None where it says nothing of it; ``after`` likewise.
    """

    field: str
    subject: str
    before: Any
    after: Any


_EMPTY: tuple[Any, ...] = (None, "", [], {}, (), False, 0)
_SHOWN = ("label", "type", "hint", "required", "relevant", "constraint", "constraint_message", "choices", "personal")


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return what ``after`` says otherwise than ``before``, question by question; both in the JSON of a version."""
    names = dict.fromkeys([*before, *after])
    found = [
        Difference(name, "", before.get(name), after.get(name))
        for name in names
        if name not in {"questions", "evidence", "code"} and not _same(before.get(name), after.get(name), name)
    ]
    old, new = before.get("evidence") or {}, after.get("evidence") or {}
    found += [
        Difference(f"evidence.{name}", "", old.get(name), new.get(name))
        for name in dict.fromkeys([*old, *new])
        if not _same(old.get(name), new.get(name), f"evidence.{name}")
    ]
    return [*found, *_question_differences(_questions(before), _questions(after))]


# What a version means that says nothing of a field.
_MEANT: dict[str, Any] = {"icon": "alert-circle", "level": "general", "evidence.after": 1}
_ALIKE = {"icon": {"alert": "alert-circle"}}


def _same(a: Any, b: Any, field: str = "") -> bool:
    if field in _MEANT:
        alike = _ALIKE.get(field, {})
        a, b = (alike.get(v, v) if v not in (None, "") else _MEANT[field] for v in (a, b))
        return bool(a == b)
    return a == b or (a in _EMPTY and b in _EMPTY)


def _questions(spec: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    asked: Sequence[Mapping[str, Any]] = (spec.get("questions") or {}).get("questions") or ()
    return {str(q.get("code")): q for q in asked}


def _word(question: Mapping[str, Any]) -> str:
    return str((question.get("label") or {}).get("zh-hans", ""))


def _question_differences(
    old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]
) -> Iterator[Difference]:
    for code, question in new.items():
        if code not in old:
            yield Difference("question", _word(question), None, _word(question))
            continue
        for part in _SHOWN:
            if not _same(old[code].get(part), question.get(part)):
                yield Difference(f"question.{part}", _word(question), old[code].get(part), question.get(part))
    for code, question in old.items():
        if code not in new:
            yield Difference("question", _word(question), _word(question), None)
    kept_old, kept_new = [c for c in old if c in new], [c for c in new if c in old]
    if kept_old != kept_new:
        yield Difference("question.order", "", [_word(old[c]) for c in kept_old], [_word(new[c]) for c in kept_new])


def next_code(taken: Sequence[str]) -> str:
    """Return a code for a new question that none of ``taken`` has: q1, q2, …"""
    numbers = [int(c[1:]) for c in taken if re.fullmatch(r"q\d{1,6}", c)]
    return f"q{max(numbers, default=0) + 1}"


def choice_codes(lines: Sequence[str], before: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return (code, words) for the choices that ``lines`` name, in their order.

    A choice keeps the code it had by its words; a line whose place held a choice that is gone takes over its
    code (it was reworded); any other gets a new one. So answers keep their meaning when words are mended.

    Args:
        lines: the words of each choice, none twice.
        before: (code, words) of the choices as they stand.
    """
    by_words = {words: code for code, words in before}
    kept = {by_words[line] for line in lines if line in by_words}
    found: list[tuple[str, str]] = []
    used = set(kept)
    for place, line in enumerate(lines):
        code = by_words.get(line, "")
        if not code and place < len(before) and before[place][0] not in used:
            code = before[place][0]
        if not code:
            taken = used | {c for c, _words in before}
            code = next(c for c in (f"c{n}" for n in range(1, len(lines) + len(taken) + 2)) if c not in taken)
        used.add(code)
        found.append((code, line))
    return found


Asked = Sequence[Mapping[str, Any]]


def with_question(asked: Asked, question: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return ``asked`` with ``question`` in the place of the one of its code, or behind all."""
    codes = [q["code"] for q in asked]
    if question["code"] not in codes:
        return [*asked, question]
    return [question if q["code"] == question["code"] else q for q in asked]


def without_question(asked: Asked, code: str) -> list[Mapping[str, Any]]:
    """Return ``asked`` without the question of ``code``."""
    return [q for q in asked if q["code"] != code]


def moved_question(asked: Asked, code: str, step: int) -> list[Mapping[str, Any]]:
    """Return ``asked`` with a question one place up (``step`` below 0) or down; at the ends it stays."""
    found = list(asked)
    at = next((i for i, q in enumerate(found) if q["code"] == code), None)
    if at is None:
        return found
    to = at + (1 if step > 0 else -1)
    if 0 <= to < len(found):
        found[at], found[to] = found[to], found[at]
    return found
