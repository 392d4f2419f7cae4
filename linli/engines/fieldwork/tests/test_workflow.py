import pytest

from linli.engines.fieldwork.rules.coverage import Link
from linli.engines.fieldwork.workflow import (
    ROUND,
    SUBMISSION,
    VISIT,
    FindingState,
    RoundState,
    SubmissionState,
    VisitState,
)


def test_a_finding_stands_where_the_rules_of_its_chain_say():
    assert set(FindingState.values) == {link.value for link in Link}


@pytest.mark.parametrize(
    ("table", "states", "begin"),
    [(ROUND, RoundState, "draft"), (VISIT, VisitState, "due"), (SUBMISSION, SubmissionState, "received")],
)
def test_every_state_is_reached_and_every_step_leads_on(table, states, begin):
    reached, grown = {begin}, True
    while grown:
        more = {s.to for s in table.values() if s.origins & reached} - reached
        reached, grown = reached | more, bool(more)
    assert reached == set(states.values)
    assert all(s.code == code and s.origins <= set(states.values) for code, s in table.items())
