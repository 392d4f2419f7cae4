"""The parts of a report that was split, and the one answer that they make together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, CaseEvent
from linli.engines.cases.rules.parts import PartFacts, part_ended
from linli.engines.cases.workflow import STATES, State

MOST = 40
# Of these acts, the latest that says something is what a part was answered with.
_ANSWERS = ("reply", "close", "refuse", "hand_in")


@dataclass(frozen=True, slots=True)
class Part:
    """One part as the whole shows it; ``answer`` is empty until it has ended."""

    case: Case
    ended: bool
    words: str
    tone: str
    answer: str


def split_numbers(case: Case) -> list[str]:
    """Return the numbers of the parts that ``case`` was last split into with one answer for all; else none."""
    last = CaseEvent.objects.filter(case=case, verb__in=["split", "unsplit"]).order_by("-seq")
    data = last.values_list("data", flat=True).first()
    return list(data.get("parts", [])) if data and data.get("one_answer") else []


def part_cases(case: Case) -> list[Case]:
    """Return the parts that ``case`` waits for, in order; two statements."""
    numbers = split_numbers(case)
    if not numbers:
        return []
    rows = Case.objects.filter(split_from=case.pk, number__in=numbers)
    return list(rows.select_related("category", "category_version", "unit", "merged_into").order_by("id")[:MOST])


def facts_of(parts: Iterable[Case]) -> list[PartFacts]:
    """Return what the rules need to know of each part."""
    return [
        PartFacts(
            State(p.state),
            (p.merged_into.outcome if p.merged_into is not None else p.outcome),
            State(p.merged_into.state) if p.merged_into is not None else None,
        )
        for p in parts
    ]


def parts_of(case: Case) -> list[Part]:
    """Return the parts of a split report as its reporter and its readers see them; at most three statements."""
    found = part_cases(case)
    facts = facts_of(found)
    said = _answers([p.merged_into_id or p.pk for p in found])
    return [
        Part(
            p,
            part_ended(f),
            str(STATES[f.main_state or f.state].resident),
            STATES[f.main_state or f.state].tone,
            said.get(p.merged_into_id or p.pk, "") if part_ended(f) else "",
        )
        for p, f in zip(found, facts, strict=True)
    ]


def _answers(case_ids: list[int]) -> dict[int, str]:
    """Return the public answer of each case: its reply, else how it was closed or refused, else its result."""
    best: dict[int, tuple[int, int, str]] = {}
    rows = CaseEvent.objects.filter(case__in=case_ids, verb__in=_ANSWERS).order_by("seq")
    for case_id, seq, verb, text, reason in rows.values_list("case_id", "seq", "verb", "text", "reason"):
        words = text if verb in {"reply", "hand_in"} else reason
        rank = -_ANSWERS.index(verb)
        if words and (case_id not in best or (rank, seq) >= best[case_id][:2]):
            best[case_id] = (rank, seq, words)
    return {case_id: words for case_id, (_rank, _seq, words) in best.items()}


def public_answer(case: Case) -> str:
    """Return what the reporter of ``case`` was answered, empty before."""
    return _answers([case.pk]).get(case.pk, "")


def parts_answer(case: Case) -> str:
    """Return the draft of the one answer to a split report: each part with what became of it; empty if never split."""
    parts = parts_of(case)
    if not parts:
        return ""
    head = _("您反映的问题分 %(n)s 件办理，结果如下：") % {"n": len(parts)}
    lines = [
        _("%(n)s. %(title)s：%(words)s。%(answer)s")
        % {
            "n": i,
            "title": p.case.category.resident_name or p.case.category.name,
            "words": p.case.get_outcome_display() or p.words,
            "answer": p.answer,
        }
        for i, p in enumerate(parts, 1)
    ]
    return "\n".join([head, *lines])
