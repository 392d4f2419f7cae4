"""Cases brought to a state through the services, for the tests of the face."""

import io
from functools import partial

import pytest
from PIL import Image

from conftest import chromium
from linli.engines.cases import services
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.types import Contact, FeedbackWay, FilePurpose, FileRef, Report
from linli.engines.cases.workflow import Outcome
from linli.foundation.core import clock
from linli.foundation.core.actors import GUEST
from linli.foundation.core.coordinates import Point
from linli.foundation.files import services as files
from linli.interfaces.field.tests.held import Held
from linli.interfaces.field.tests.stage import staged

PHONE = "13812345678"


def picture(colour=(90, 120, 60), size=(64, 48)):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def frozen(world):
    with clock.frozen(world.now):
        yield world


class Town:
    """Brings cases to where a test begins."""

    def __init__(self, world):
        self.world = world
        self.contact = Contact(name="王阿姨", phone=PHONE, way=FeedbackWay.PHONE)

    def actor(self, name):
        return self.world.actor(name)

    def report(self, category="garbage", **fields):
        given = {
            "text": "垃圾堆了三天没人清",
            "address": "安西路 23 弄",
            "area_id": self.world.areas["陶家宅"].pk,
            "contact": self.contact,
        }
        receipt = services.report(by=GUEST, now=self.world.now, report=Report(category=category, **(given | fields)))
        return get_case_for(self.actor("paidan"), receipt.number)

    def to_verify(self):
        case = self.report()
        return services.accept(by=self.actor("paidan"), now=self.world.now, case=case, verify=True)

    def to_sign(self, unit="property", helpers=(), **fields):
        case = self.report(**fields)
        services.accept(by=self.actor("paidan"), now=self.world.now, case=case, verify=False)
        ids = [self.world.units[h].pk for h in helpers]
        return services.dispatch(
            by=self.actor("paidan"), now=self.world.now, case=case, unit_id=self.world.units[unit].pk, helper_ids=ids
        )

    def handling(self, by="wuye", unit="property", **fields):
        case = self.to_sign(unit, **fields)
        return services.sign(by=self.actor(by), now=self.world.now, case=case)

    def to_check(self):
        case = self.handling()
        return services.hand_in(
            by=self.actor("wuye"), now=self.world.now, case=case, text="已答复", outcome=Outcome.EXPLAINED
        )

    def to_reply(self):
        case = self.to_check()
        return services.check(by=self.actor("jiandu"), now=self.world.now, case=case, passed=True)

    def photo(self, name, purpose=FilePurpose.AFTER):
        row = files.store(
            by=self.actor(name), now=self.world.now, content=picture(), name="a.jpg", purpose=purpose.value
        )
        return FileRef(row.pk, purpose)


@pytest.fixture
def town(frozen):
    return Town(frozen)


POINT = Point(31.2215, 121.4195)


@pytest.fixture
def app_phone(browser, live_server, world, monkeypatch):
    """A phone of 390 × 844 with the app's stage; what the page throws fails the test, a line that is cut does not."""
    monkeypatch.setattr(clock, "now", lambda: world.now)
    held = Held(browser.new_context, live_server.url, staged(world, None))
    yield held
    held.close()
    assert held.faults == []


@pytest.fixture
def small_phone(browser, live_server, world, monkeypatch, tmp_path):
    """A phone that keeps its store on a disk: only there a browser holds to a quota."""
    monkeypatch.setattr(clock, "now", lambda: world.now)
    made = partial(
        browser.browser_type.launch_persistent_context, tmp_path, executable_path=chromium(), args=["--no-sandbox"]
    )
    held = Held(made, live_server.url, staged(world, None))
    yield held
    held.close()
    assert held.faults == []
