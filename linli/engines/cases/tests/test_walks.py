"""Random walks through the services: whatever people do, the row is the fold of its events."""

import os
import random
from collections import Counter
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest

from linli.engines.cases import services
from linli.engines.cases.models import Case, CaseEvent, Consultation, Order, Reporter, Request
from linli.engines.cases.permissions import can, reporter_actor
from linli.engines.cases.tests.steps import faults, get, raise_case
from linli.engines.cases.types import Contact, Report
from linli.engines.cases.workflow import VERBS, Outcome, State
from linli.foundation.core.errors import DomainError
from linli.foundation.deadlines import services as deadlines
from linli.foundation.deadlines.models import Clock, ClockPause
from linli.foundation.jobs.models import Job
from linli.foundation.journal.models import Entry

pytestmark = pytest.mark.django_db

PEOPLE = (
    "paidan", "zhiban", "jiandu", "shuji", "shegong", "wanggezhang", "lingdao", "ducha", "chengguan", "zhongdui",
    "minjing", "wuye", "danche", "pinganban", "jumin", "xitong",
)  # fmt: skip
TABLES = (Case, CaseEvent, Clock, ClockPause, Request, Order, Reporter, Entry, Job, Consultation)


class Walk:
    """One case, many hands."""

    def __init__(self, world, seed, tried=None):
        self.tried = Counter() if tried is None else tried
        self.world, self.dice, self.now = world, random.Random(seed), world.now
        category = self.dice.choice(["noise", "garbage", "group_renting", "shared_bikes", "cross_door"])
        self.case = raise_case(world, category)
        self.other = raise_case(world, "noise", text="另一件事")
        self.actors = [world.actor(n) for n in PEOPLE]
        self.done = []

    def acts(self):
        """Every verb with arguments that fit more often than not."""
        dice, world, case = self.dice, self.world, self.case
        units = [world.units[k].pk for k in ("enforcement", "police", "safety", "property")]
        unit = dice.choice(units)
        text = "说明 13900001111"
        orders = list(Order.objects.filter(case=case).order_by("id"))
        order = dice.choice(orders) if orders else None
        meeting = Consultation.objects.filter(items__case=case, decided_at=None).order_by("id").first()
        reporter = Reporter.objects.filter(case=case)[0]
        on = self.now.date() + timedelta(days=dice.randrange(1, 9))
        plain: dict[str, Any] = {
            "accept": {"verify": dice.choice([None, True, False])},
            "refuse": {"reason": text, "elsewhere": "物业"},
            "verify": {"confirmed": dice.random() < 0.8, "text": text},
            "file": {},
            "dispatch": {"unit_id": unit, "helper_ids": dice.sample(units, 1)},
            "recall": {"reason": text},
            "transfer": {"unit_id": unit, "reason": text},
            "sign": {},
            "assign": {"user_id": world.users[dice.choice(["chengguan", "minjing", "wuye"])].pk},
            "arrive": {},
            "return_": {"reason": text},
            "decide_return": {"uphold": dice.random() < 0.5, "reason": text, "unit_id": unit},
            "ask": {"text": text},
            "answer": {"text": text},
            "correct": {"reason": text, "changes": {"title": text, "urgent": True}},
            "note": {"text": text},
            "contact": {"way": "phone", "result": dice.choice(["reached", "no_answer"])},
            "request_extension": {"reason": text, "amount": 1},
            "decide_extension": {"granted": dice.random() < 0.7, "reason": text},
            "request_shelving": {"reason": text, "review_on": on},
            "decide_shelving": {"granted": dice.random() < 0.7, "reason": text},
            "resume": {"reason": text},
            "request_raise": {"reason": text},
            "raise_level": {"reason": text},
            "lower_level": {"reason": text},
            "help_result": {"text": text},
            "share": {"unit_ids": [unit]},
            "hand_in": {"text": text, "outcome": dice.choice([Outcome.EXPLAINED, Outcome.UNSOLVED])},
            "check": {"passed": dice.random() < 0.6, "text": text},
            "reply": {"way": "phone", "text": text},
            "close": {},
            "rate": {"reporter_id": reporter.pk, "rating": dice.choice(["satisfied", "unsatisfied"])},
            "review": {"reopen": dice.random() < 0.5, "reason": text},
            "reopen": {"reason": text},
            "merge": {"main": self.other, "reason": text},
            "unmerge": {"reason": text},
            "urge": {"text": text},
            "order": {"text": text, "due_on": on},
        }
        rare = {"withdraw": {"reason": text}, "void": {"reason": text}}
        if dice.random() < 0.1:
            plain |= rare
        for code, arguments in plain.items():
            yield code, {"case": case, **arguments}
        if order is not None:
            yield "order_reply", {"order": order, "text": text}
            yield "order_result", {"order": order, "text": text}
        yield "convene", {"cases": [case], "title": "会商", "held_at": self.now, "unit_ids": units[:2]}
        if meeting is not None:
            yield "decide", {"consultation": meeting, "decisions": {case.pk: text}, "minutes": text}

    def step(self):
        """Let somebody do something: mostly what their post allows, sometimes what it does not."""
        self.now += timedelta(minutes=self.dice.choice([1, 30, 240, 3000]))
        self.case, self.other = get(self.case), get(self.other)
        follower = reporter_actor(Reporter.objects.filter(case=self.case)[0])
        state = State(self.case.state)
        codes = [c for c, v in VERBS.items() if state in v.source] if self.dice.random() < 0.9 else list(VERBS)
        acts = dict(self.acts())
        codes = [c for c in codes if c in acts] or ["note"]
        # What was seldom tried comes first: an even choice stands still and talks, and never gets far.
        code = self.dice.choices(codes, [1 / (1 + self.tried[c]) for c in codes])[0]
        self.tried[code] += 1
        able = [a for a in (*self.actors, follower) if can(a, self.case, code)]
        by = self.dice.choice(able if able and self.dice.random() < 0.85 else [*self.actors, follower])
        before = self.count()
        try:
            getattr(services, code)(by=by, now=self.now, **acts[code])
            self.done.append(code)
        except DomainError as error:
            assert self.count() == before, f"{code} was refused and left something"
            said = str(error.message)
            assert said

    def count(self):
        return [m.objects.count() for m in TABLES], get(self.case).version


def walk(world, seed, steps, tried=None):
    walked = Walk(world, seed, tried)
    for i in range(steps):
        walked.step()
        if i % 7 == 6:
            deadlines.sweep(now=walked.now)
        for case in (walked.case, walked.other):
            assert not faults(case), f"seed {seed} after {walked.done}: {faults(case)}"
    return walked


@pytest.mark.parametrize("seed", range(3))
def test_after_any_walk_the_row_is_the_fold_of_its_events(world, seed):
    walked = walk(world, seed, 28)
    assert len(walked.done) > 8


@pytest.mark.soak
def test_many_long_walks(world):
    minutes = float(os.environ.get("SOAK_MINUTES", "1"))
    end, seed, seen = monotonic() + minutes * 60, 1000, set()
    tried: Counter[str] = Counter()
    while monotonic() < end:
        walked = walk(world, seed, 60, tried)
        seen |= set(walked.done)
        seed += 1
    assert {"merge", "unmerge", "convene", "decide", "review", "decide_return", "resume"} <= seen or seed < 1010


def test_splitting_keeps_the_fold(world):
    case = raise_case(world, "noise")
    zhiban = world.actor("paidan")
    parts = [Report(text="噪音", category="noise"), Report(text="垃圾", category="garbage", contact=Contact())]
    receipts = services.split(by=zhiban, now=world.now, case=case, parts=parts, reason="两件事")
    for one in Case.objects.filter(pk__in=[r.case_id for r in receipts]):
        assert one.split_from_id == case.pk
        assert not faults(one)
        assert one.reporters.get().phone_hash == case.reporters.get().phone_hash
    assert get(case).state == State.SPLIT
    assert not faults(case)
