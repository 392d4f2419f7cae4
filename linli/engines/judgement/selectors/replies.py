"""What to look at again in a draft reply to a case: notes to whoever writes it, never a block; nothing is kept."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.timezone import localtime

from linli.engines.cases import selectors as cases
from linli.engines.judgement.rules import replies
from linli.engines.judgement.rules.replies import Note
from linli.foundation.core.text import to_halfwidth, to_simplified

if TYPE_CHECKING:
    from linli.engines.cases.models import Case

LONGEST = 5_000
# The acts whose text a person outside the staff reads or a decision rests on.
VERBS = frozenset({"reply", "hand_in", "refuse", "close", "answer"})


def _plain(text: str) -> str:
    return to_simplified(to_halfwidth(text))


def known_of(case: Case, now: datetime) -> list[str]:
    """Return what is known of a case in words: place, numbers, the category's law, what was noted by whom, answers."""
    events = [
        f"{e.text}\n{e.reason}\n{e.by_label}\n{e.on_behalf_of}" for e in cases.events_before(case, case.version + 1)
    ]
    node = cases.category(case.category.code)
    law = cases.law_words(node.spec, localtime(now).date()) if node is not None else ""
    answers = [str(value) for value in case.answers.values()]
    return [case.title, case.address, case.area_label, case.number, case.external_number or "", law, *answers, *events]


def check_reply(case: Case, draft: str, now: datetime) -> list[Note]:
    """Return the notes to ``draft``, a reply to a case; none for an empty one."""
    draft = _plain(draft[:LONGEST])
    if not draft.strip():
        return []
    known = [_plain(text) for text in known_of(case, now)]
    return replies.notes(_plain(case.text), known, draft, localtime(case.reported_at).date(), localtime(now).date())
