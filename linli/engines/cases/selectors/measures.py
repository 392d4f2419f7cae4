"""What counts as what, written once: the wall, the reports and the figures all count by these conditions.

They speak of fields that a case has, and whatever is kept of a case under the same names.
"""

from __future__ import annotations

from django.db.models import Q

from linli.engines.cases.types import Kind
from linli.engines.cases.workflow import Outcome, State

# Problems alone: a question to a department and the cause of many are counted by their own rooms.
PROBLEM = Q(kind=Kind.PROBLEM)
# What was void, refused, merged or split is counted nowhere.
NOT_COUNTED = (State.VOID, State.REFUSED, State.MERGED, State.SPLIT)
COUNTED = ~Q(state__in=NOT_COUNTED)
NOT_WITHDRAWN = ~Q(outcome=Outcome.WITHDRAWN)
CLOSED = Q(state=State.CLOSED) & NOT_WITHDRAWN
ON_TIME = Q(was_overdue=False)
REWORKED = Q(rework_count__gt=0)
SOLVED = Q(outcome=Outcome.SOLVED)
EXPLAINED = Q(outcome=Outcome.EXPLAINED)
UNSOLVED = Q(outcome=Outcome.UNSOLVED)
RATED = ~Q(rating="")
