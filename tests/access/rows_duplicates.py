"""Who gets what of duplicates and hot topics: whoever works at the desk, of what they may read."""

from __future__ import annotations

from tests.access.outcomes import Outcomes, Row

_STAFF: Outcomes = {"anonymous": "login", "residents": "403", "admins": "403", "all": "ok"}
_NOT_THERE: Outcomes = {"anonymous": "login", "residents": "403", "admins": "403", "all": "404"}

ROWS: dict[str, Row] = {
    "desk:hot_topics": Row(_STAFF),
    "desk:hot_topic": Row(_NOT_THERE, None, lambda _stage: {"first": "no-such"}),
    # A POST of nothing names no other case.
    "desk:not_same": Row(None, _NOT_THERE, lambda _stage: {"number": "HY20990101-0001"}),
}
