"""The sync as a whole: whatever is lost, repeated, put in another order or broken off, nothing is lost in the end.

A device keeps what was filled until a receipt with the same digest came. Between it and the server messages may get
lost, come twice and in any order; the client may give up after sending; the server may break off in the middle.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test

from linli.engines.fieldwork import events, services
from linli.engines.fieldwork.models import Finding, Round, Submission, Visit
from linli.engines.fieldwork.rules.coverage import Link
from linli.engines.fieldwork.selectors import submissions as read
from linli.engines.fieldwork.tests.sent import in_order, scene
from linli.foundation.core.errors import NotFoundError

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PEOPLE = ("chengguan", "chengguan2")
ANSWERS: tuple[dict[str, Any], ...] = (
    {},
    {"wires": True},
    {"order": {"goods": "bad"}},
    {"memo": "电话 13812345678", "size": 12},
)


class BrokenError(RuntimeError):
    """The server breaks off."""


class Sync(RuleBasedStateMachine):
    """Two devices, a bad line, one server."""

    world: Any

    packets = Bundle("packets")

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.scene = scene(self.world)
        # Visit 3 is nobody's in particular: both may do it.
        self.outbox: dict[str, dict[Any, Any]] = {who: {} for who in PEOPLE}
        self.digests = {}
        self.made = {}
        self.wire, self.answers = [], []
        self.break_off = False
        self.learners = list(events._learners)
        events._learners[:] = [self.learn]

    def learn(self, *_args):
        if self.break_off:
            raise BrokenError

    @rule(target=packets, visit=st.integers(0, 2), who=st.sampled_from(PEOPLE), answers=st.sampled_from(ANSWERS))
    def fill(self, visit, who, answers):
        who = who if visit == 2 else "chengguan"
        return self.keep(who, self.scene.packet(visit, answers={**answers, "size": 10 + visit}))

    @rule(target=packets, packet=packets, answers=st.sampled_from(ANSWERS))
    def correct(self, packet, answers):
        who, former = packet
        if any(p.former == former.uuid for _w, p in self.made.values()):
            return multiple()
        made = self.scene.packet(None, visit=former.visit, former=former.uuid, answers={**answers, "size": 5})
        return self.keep(who, made)

    def keep(self, who, packet):
        self.outbox[who][packet.uuid] = packet
        self.made[packet.uuid] = (who, packet)
        return who, packet

    @rule(packet=packets)
    def send(self, packet):
        """Send what is filled, whether or not it was sent before; an impatient client does both."""
        self.wire.append(packet)

    @rule(data=st.data(), again=st.booleans(), broken=st.booleans())
    def arrive(self, data, again, broken):
        """A message arrives, in any order; the line may bring it twice, the server may break off."""
        if self.wire:
            place = data.draw(st.integers(0, len(self.wire) - 1))
            who, packet = self.wire[place] if again else self.wire.pop(place)
            before = Submission.objects.count()
            self.break_off = broken
            try:
                with transaction.atomic():
                    self.answers.append((who, self.take(who, packet)))
            except BrokenError:
                assert Submission.objects.count() == before
            self.break_off = False

    def take(self, who, packet):
        by, now = self.world.actor(who), self.world.now + timedelta(minutes=len(self.digests))
        try:
            return services.submit(by=by, now=now, packet=packet)
        except NotFoundError as error:
            # A correction that overtook what it corrects stays on the device until that has arrived.
            if packet.former is None or error.code != "fieldwork.no_former":
                raise
            return None

    @rule(data=st.data())
    def lose(self, data):
        """A message or an answer gets lost."""
        for line in (self.wire, self.answers):
            if line:
                line.pop(data.draw(st.integers(0, len(line) - 1)))

    @rule()
    def crash(self):
        """The devices restart: what was under way is forgotten, what was filled is not."""
        self.wire.clear()
        self.answers.clear()

    @rule(data=st.data())
    def receive(self, data):
        """An answer arrives: only with a receipt the device lets a record go."""
        if self.answers:
            self.settle(*self.answers.pop(data.draw(st.integers(0, len(self.answers) - 1))))

    def settle(self, who, receipt):
        if receipt is not None:
            assert self.digests.setdefault(receipt.uuid, receipt.digest) == receipt.digest
            self.outbox[who].pop(receipt.uuid, None)

    @rule(who=st.sampled_from(PEOPLE))
    def ask(self, who):
        """The device asks which of its records arrived."""
        found = read.receipts_of(self.world.actor(who), list(self.outbox[who]))
        for receipt in found.values():
            self.settle(who, receipt)

    @invariant()
    def nothing_is_lost(self):
        there = set(Submission.objects.values_list("uuid", flat=True))
        waiting = {uuid for box in self.outbox.values() for uuid in box}
        assert set(self.made) <= there | waiting
        assert there <= set(self.made)

    def teardown(self):
        try:
            self.flush()
            self.end()
        finally:
            events._learners[:] = self.learners
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def flush(self):
        """A good line at last: everything that is still on a device is sent, in the order in which it lies there."""
        for _try in range(len(self.made) + 1):
            for who, box in self.outbox.items():
                for packet in list(box.values()):
                    self.settle(who, self.take(who, packet))

    def end(self):
        rows = {s.uuid: s for s in Submission.objects.select_related("visit", "former", "rival")}
        assert set(rows) == set(self.made)
        assert not any(self.outbox.values())
        corrected = {p.former for _who, p in self.made.values() if p.former}
        for uuid, (who, packet) in self.made.items():
            row = rows[uuid]
            assert row.user_id == self.world.users[who].pk
            assert row.digest == self.digests[uuid]
            assert row.state == ("replaced" if uuid in corrected else "received")
            assert (row.former.uuid if row.former else None) == packet.former
        visited = {p.visit for _who, p in self.made.values()}
        assert set(Visit.objects.filter(state="done").values_list("uuid", flat=True)) == visited
        assert Round.objects.get().done == len(visited)
        for visit in visited:
            # One stands, with its corrections; each other names one that came before it.
            firsts = [r for r in rows.values() if r.visit.uuid == visit and r.former is None and r.rival is None]
            assert len(firsts) == 1
        for finding in Finding.objects.all():
            verbs = finding.events.order_by("id").values_list("verb", flat=True)
            assert in_order([Link(v) for v in verbs if v in set(Link)])
        open_items = Finding.objects.values_list("target", "item")
        assert len(open_items) == len(set(open_items))
        for who in PEOPLE:
            mine = {u for u, (w, _p) in self.made.items() if w == who}
            assert set(read.receipts_of(self.world.actor(who), list(self.made))) == mine


def test_in_whatever_order_it_comes_the_same_stands_and_nothing_is_lost(world):
    Sync.world = world
    run_state_machine_as_test(
        Sync,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
