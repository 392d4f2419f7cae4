"""The app on a slow phone: a long form answers to each key, today's list is small on the way."""

import pytest
from playwright.sync_api import expect

from linli.foundation.core import clock
from linli.interfaces.field.tests.held import Held
from linli.interfaces.field.tests.stage import staged
from linli.interfaces.field.tests.test_app_pages import many
from linli.interfaces.web.templatetags.linli import BUILD
from tests.large_form import MOST_MS, PICTURES, large, take_pictures, type_slowly

pytestmark = pytest.mark.slow
LARGE = "shop_check"  # the stage's form
MOST_BYTES = 200_000
BUILT = "/static/linli/build/"
CAME = """() => performance.getEntries().filter((e) => ['navigation', 'resource'].includes(e.entryType))
  .map((e) => [new URL(e.name).pathname, e.encodedBodySize, e.decodedBodySize])"""


@pytest.fixture
def long_form_phone(browser, live_server, world, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: world.now)
    held = Held(browser.new_context, live_server.url, staged(world, None, form=large(LARGE)))
    yield held
    held.close()
    assert held.faults == []


@pytest.mark.soak
def test_three_hundred_questions_and_forty_photos_stay_quick_on_the_phone(long_form_phone, record_property):
    phone = long_form_phone
    page = phone.ready()
    phone.cut()  # as on foot: what is typed is kept, sealed, and nothing is sent
    phone.open(f"fill/{phone.stage.scene.visits[0].uuid}")
    page.wait_for_selector(".filling__bar")
    take_pictures(page)
    costs, heard = type_slowly(page)
    expect(page.locator(".fq:visible", has_text="说明 0-0，共 19")).to_have_count(1)
    record_property("ms_of_a_key", costs)
    record_property("event_timing", heard)
    assert len([photo for photo in phone.kept()["photos"] if photo["data"]]) == PICTURES
    assert max(costs) <= MOST_MS, costs


def on_the_way(path, size):
    """Return the bytes of an answer as an installation sends it: what was built goes compressed ahead."""
    made = BUILD / f"{path.rpartition('/')[2]}.gz"
    return made.stat().st_size if path.startswith(BUILT) else size


def test_todays_list_is_small_on_the_way(app_phone, record_property):
    many(app_phone.stage, 60)
    page = app_phone.page
    app_phone.enter()
    page.goto("/field/app/")
    page.wait_for_selector(".fa__list .fa__card >> nth=50")
    app_phone.settled()
    came = {path: (size, plain) for path, size, plain in page.evaluate(CAME)}
    assert {"/field/app/", "/field/session/", "/field/sync/", "/field/areas.json"} < set(came)
    assert came["/field/app/"][1] + came["/field/sync/"][1] <= MOST_BYTES  # the page and its list, uncompressed
    sent = {path: on_the_way(path, size) for path, (size, _plain) in came.items()}
    record_property("bytes", sent)
    assert sum(sent.values()) <= MOST_BYTES, sent  # all of a first opening, forms and the map's ground among it
