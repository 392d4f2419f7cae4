"""Several programs at once: a key is worked on once, a version is acted on once, an event is sent once."""

from datetime import UTC, datetime

import pytest

from linli.engines.alerts import services as alerts
from linli.engines.alerts.models import Acknowledgement
from linli.engines.alerts.tests.scenes import message
from linli.engines.cases.models import Case
from linli.foundation.core import clock
from linli.foundation.hooks import services as hooks
from linli.foundation.hooks.models import Delivery
from linli.foundation.hooks.tests.receiver import Receiver
from linli.foundation.journal.models import Entry
from linli.interfaces.api.tests.conftest import Site
from tests.access.cast import set_stage
from tests.races import at_once
from tests.world import lay_world

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only_on("postgresql", reason="threads with connections of their own"),
]
REPORT = {"text": "路灯不亮", "category": "street_lamp", "source": "phone"}


@pytest.fixture
def busy(transactional_db):
    world = lay_world()
    with clock.frozen(world.now):
        yield Site(set_stage(world))


def test_the_same_report_sent_four_times_at_once_is_entered_once(busy):
    programs = [busy.program("dispatcher") for _n in range(4)]
    found = at_once(*(lambda p=p: p.post("/cases", REPORT, idempotency_key="same") for p in programs))
    assert {a.status_code for a in found} <= {201, 409}
    assert len({a.json()["number"] for a in found if a.status_code == 201}) == 1
    assert Case.objects.filter(category__code="street_lamp").count() == 1


def test_of_two_acts_on_one_version_one_is_done(busy):
    centre = busy.program("dispatcher")
    number = centre.post("/cases", REPORT).json()["number"]
    programs = [busy.program("dispatcher"), busy.program("shift_leader")]
    found = at_once(*(lambda p=p: p.post(f"/cases/{number}/acts/accept", {}, if_match='"1"') for p in programs))
    statuses = sorted(a.status_code for a in found)
    assert (statuses[0], statuses[1] in {409, 412}) == (200, True)
    assert Case.objects.get(number=number).version == 2


def test_one_person_takes_note_of_a_warning_once_however_many_programs_say_so(busy):
    now = datetime.now(UTC)  # the threads' clock is not frozen
    alerts.take(by=busy.stage.actor("dispatcher"), now=now, message=message(now, "A1"))
    programs = [busy.program("shift_leader") for _n in range(4)]
    (warning,) = programs[0].get("/alerts").json()["results"]
    address = f"/alerts/{warning['uuid']}/acknowledgements"
    found = at_once(*(lambda p=p: p.post(address, warning["message"]) for p in programs))
    assert sorted(a.status_code for a in found) == [200, 200, 200, 201]
    assert len({a.json()["at"] for a in found}) == 1
    assert Acknowledgement.objects.count() == Entry.objects.filter(verb="alerts.acknowledge").count() == 1


def test_two_workers_send_an_event_once(busy, settings):
    settings.HOOKS_PRIVATE = True
    receiver, by, now = Receiver([200]), busy.stage.actor("system_admin"), busy.world.now
    hook, _secret = hooks.create_hook(by=by, now=now, name="甲", url=receiver.url, patterns=["*"])
    hooks.send_test(by=by, now=now, hook=hook)
    tried = at_once(*(lambda: hooks.deliver_due(now=now) for _n in range(3)))
    receiver.close()
    assert (sum(tried), len(receiver.got)) == (1, 1)
    assert Delivery.objects.get().state == "done"
