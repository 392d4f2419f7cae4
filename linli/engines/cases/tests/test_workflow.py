import inspect
import re

import pytest

from linli.engines.cases import services
from linli.engines.cases import workflow as w
from linli.engines.cases.workflow import CLOSERS, OPEN, STATES, VERBS, Level, Owner, Scope, Stage, State, Step, targets
from linli.foundation.people.types import ROLES, Role

# need → argument of the service that gives it
ARGUMENTS = {
    "unit": "unit_id", "handler": "user_id", "duration": "amount", "decision": "granted", "consultation": "cases",
    "evidence": "files", "units": "unit_ids", "due": "due_on", "feedback": "case",
}  # fmt: skip
# verbs whose service takes their needs in a form of its own
OWN_FORM = {"report", "decide", "review"}


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_facts_words_and_an_owner(state):
    facts = STATES[state]
    assert str(facts.resident)
    assert str(state.label)
    assert "案件" not in str(facts.resident)
    assert isinstance(facts.step, Step)
    assert (facts.owner is Owner.NOBODY) == (not facts.open)
    assert not facts.open or facts.stage is not None, "an open state without a clock of its own"


@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_open_state_has_a_way_out_towards_the_end(state):
    assert any(state in v.source and set(targets(v)) - {state} for v in VERBS.values())
    reached, edge = {state}, {state}
    while edge:
        edge = {t for v in VERBS.values() if edge & v.source for t in targets(v)} - reached
        reached |= edge
    assert State.CLOSED in reached


@pytest.mark.parametrize("state", [s for s in State if s is not State.REPORTED])
def test_every_state_can_be_reached(state):
    assert any(state in targets(v) for v in VERBS.values())


@pytest.mark.parametrize("verb", VERBS.values(), ids=lambda v: v.code)
def test_every_verb_is_whole(verb):
    assert str(verb.label)
    assert str(verb.past)
    assert "案件" not in str(verb.past)
    assert verb.scope is Scope.SYSTEM or verb.roles
    assert {str(r) for r in verb.roles} <= {r.value for r in Role}
    assert verb.source or verb.code == "report"
    assert verb.rule or verb.code == "note"
    if verb.scope is Scope.SYSTEM:
        return
    service = inspect.signature(getattr(services, verb.code)).parameters
    assert {"by", "now"} <= set(service)
    assert all(p.kind is inspect.Parameter.KEYWORD_ONLY for p in service.values())
    if verb.code not in OWN_FORM:
        missing = [n for n in verb.needs if n not in service and ARGUMENTS.get(n) not in service]
        assert not missing, f"{verb.code} needs {missing}"


def test_clock_tables_agree():
    assert set(w.STAGE_STATES) == set(Stage)
    for state, facts in STATES.items():
        if facts.stage is not None:
            assert state in w.STAGE_STATES[facts.stage]
    for verb in VERBS.values():
        for stage in verb.starts:
            assert all(t in w.STAGE_STATES[stage] for t in targets(verb) or verb.source), (verb.code, stage)


def test_a_higher_level_is_closed_by_fewer():
    assert CLOSERS[Level.DIFFICULT] < CLOSERS[Level.GENERAL]
    assert CLOSERS[Level.DIFFICULT] < CLOSERS[Level.COMPREHENSIVE] | {"street_leader"}
    assert all(closers <= VERBS["close"].roles for closers in CLOSERS.values())


# permission code of people.types → verbs of the table
PERMISSIONS = {
    "accept": "accept", "refuse": "refuse", "file": "file", "dispatch": "dispatch", "recall": "recall", "ask": "ask",
    "correct": "correct", "merge": "merge", "reply": "reply", "close": "close", "urge": "urge", "note": "note",
    "decide_return": "decide_return", "approve_extension": "decide_extension", "approve_shelving": "decide_shelving",
    "reopen": "reopen", "void": "void", "sign": "sign", "arrive": "arrive", "hand_in": "hand_in", "assign": "assign",
    "return": "return_", "request_extension": "request_extension", "convene": "convene", "decide": "decide",
    "raise": "raise_level", "lower": "lower_level", "order": "order", "check": "check", "verify": "verify",
    "report": "report", "rate": "rate", "contact_reporter": "contact",
}  # fmt: skip


def test_the_readable_roles_agree_with_the_verbs():
    """Who may what is told once: what a role's description promises, the table of verbs gives."""
    wrong = []
    for role, info in ROLES.items():
        for code in info.permissions:
            room, _colon, name = code.partition(":")
            if room != "cases" or name not in PERMISSIONS:
                continue
            verb = VERBS[PERMISSIONS[name]]
            if role.value not in verb.roles and not (name == "raise" and role.value in VERBS["request_raise"].roles):
                wrong.append(f"{role} may {code} but not {verb.code}")
    assert not wrong, wrong


def test_administrators_do_nothing_to_a_case():
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        assert not any(role.value in v.roles for v in VERBS.values())


@pytest.mark.parametrize("path", [*w.HAPPY_PATHS.items(), *w.UNHAPPY_PATHS.items()], ids=lambda p: p[0])
def test_named_paths_exist(path):
    _name, verbs = path
    at = {State.REPORTED}
    for code in verbs[1:]:
        verb = VERBS[code]
        assert at & verb.source, f"{code} does not start from {at}"
        at = set(targets(verb)) or at & verb.source


def test_the_diagram_names_every_state():
    diagram = w.mermaid()
    assert all(re.search(rf"\b{s.value}\b", diagram) for s in State)
    assert "to_sign --> handling: sign" in diagram
