"""Who may do what to a case, from a table written by hand, to which ``workflow`` is held."""

import pytest
from django.test import Client

from linli.engines.cases import permissions
from linli.engines.cases.models import Case
from linli.engines.cases.workflow import VERBS
from linli.foundation.core import clock
from linli.interfaces.field.cases.acts import ACTS
from tests.access.cast import READERS, WALKERS, set_stage
from tests.access.walking import outcome, picture
from tests.login import log_in

pytestmark = pytest.mark.django_db

CENTRE = {"dispatcher", "shift_leader"}
UNIT = {"unit_handler", "unit_head"}  # of the unit that has the case; the contractor on the stage only helps
# Verb → who may on the stage's case: it lies in 陶家宅, is in hand at 城管, 物业 helps, somebody else reported it.
MAY: dict[str, set[str]] = {
    "accept": CENTRE,
    "refuse": CENTRE,
    "dispatch": CENTRE,
    "recall": CENTRE,
    "transfer": CENTRE,
    "correct": CENTRE,
    "merge": CENTRE,
    "unmerge": CENTRE,
    "split": CENTRE,
    "unsplit": CENTRE,
    "call_back": CENTRE,
    "gather": set(),
    "await_parts": set(),
    "reopen": CENTRE,
    "decide_extension": {"shift_leader"},
    "decide_shelving": {"shift_leader", "street_leader"},
    "decide_return": {"shift_leader"},
    "void": {"shift_leader"},
    "review": {"shift_leader", "supervisor"},
    "order": {"supervisor", "street_leader", "shift_leader"},
    "order_result": {"supervisor", "street_leader", "shift_leader"},
    "verify": {"inspector", "community_worker", "neighbourhood_secretary", "shift_leader"},
    "file": CENTRE | {"inspector"},
    "check": CENTRE | {"inspector", "community_worker", "microgrid_head", "neighbourhood_secretary", "grid_head"},
    "reply": CENTRE | UNIT | {"inspector", "community_worker", "microgrid_head", "neighbourhood_secretary"},
    "close": CENTRE | {"grid_head", "street_leader"},
    "sign": UNIT,
    "arrive": UNIT,
    "hand_in": UNIT,
    "return_": UNIT,
    "assign": UNIT,
    "request_extension": UNIT,
    "request_shelving": UNIT,
    "request_raise": UNIT,
    "help_result": {"contractor"},
    "raise_level": CENTRE | {"grid_head", "street_leader"},
    "lower_level": {"grid_head", "street_leader"},
    "convene": {"grid_head", "street_leader", "shift_leader"},
    "decide": {"grid_head", "street_leader", "shift_leader"},
    "escalate": set(),
}


@pytest.fixture
def stage(world):
    with clock.frozen(world.now):
        yield set_stage(world)


def test_each_verb_is_open_to_its_roles_where_the_case_lies_and_to_nobody_else(stage):
    case = stage.cases["handling"]
    actors = {w: stage.actor(w) for w in WALKERS[1:]}
    found = {}
    for verb in MAY:
        case.state = next(iter(sorted(VERBS[verb].source)))
        found[verb] = {w for w, actor in actors.items() if permissions.can(actor, case, verb)}
    wrong = {v: found[v] ^ MAY[v] for v in MAY if found[v] != MAY[v]}
    assert wrong == {}


@pytest.mark.slow
@pytest.mark.parametrize("part", range(3))
def test_a_post_by_anyone_else_changes_nothing(stage, part):
    for verb in sorted(set(ACTS) & set(MAY))[part::3]:
        post_by_others(stage, verb)


def post_by_others(stage, verb):
    case = stage.cases["handling"]
    Case.objects.filter(pk=case.pk).update(state=next(iter(sorted(VERBS[verb].source))))
    before, wrong = picture(), []
    for walker in WALKERS:
        if walker in MAY[verb]:
            continue
        client = Client()
        if walker != "anonymous":
            log_in(client, stage.users[walker])
        sent = {
            "expected": case.version,
            "text": "越权",
            "reason": "越权",
            "outcome": "explained",
            "passed": "yes",
            "confirmed": "yes",
            "way": "phone",
            "result": "reached",
            "amount": "1",
            "time_unit": "work_days",
            "review_on": "2026-05-01",
        }
        got = outcome(client.post(f"/field/cases/{case.number}/{verb}/", sent))
        want = "login" if walker == "anonymous" else "403" if walker in READERS else "404"
        if got != want:
            wrong.append(f"{walker}: {got}, expected {want}")
    assert not wrong, verb
    assert picture() == before, verb
