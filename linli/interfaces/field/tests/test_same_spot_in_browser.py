"""The same spot as last time, with a camera: over the view, after the photo, and on the pages of the desk."""

import re
from datetime import timedelta

import pytest

from conftest import chromium
from linli.engines.fieldwork.models import Submission, SubmissionFile
from linli.engines.fieldwork.tests.sent import q, scene
from linli.foundation.core import clock
from linli.foundation.forms.types import QuestionType, Settings, WholeForm
from linli.interfaces.field.tests.held import Held
from linli.interfaces.field.tests.stage import Stage
from tests.login import log_in_page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FORM = WholeForm(
    Settings("门店检查", "shop_check"), (q("shot", QuestionType.PHOTO, "门前", least=1, most=3, same_spot=True),), {}
)
CUT = "(node) => getComputedStyle(node).getPropertyValue('--cut').trim()"


@pytest.fixture
def camera(browser, live_server, world, monkeypatch):
    """A phone whose camera shows a moving picture; the first shop was photographed yesterday."""
    monkeypatch.setattr(clock, "now", lambda: world.now)
    made = scene(world, form=FORM)
    made.round.form_version = made.round.form.versions.get()  # as a round keeps it that was opened by a person
    made.round.save()
    past = timedelta(days=-1)
    files = {"shot": [made.photo(after=past), made.photo(after=past)]}
    earlier = made.packet(
        None, round=made.round.uuid, target=made.shops[0].uuid, made_at=world.now + past, answers={"order": None},
        files=files,
    )  # fmt: skip
    made.send(earlier, after=past)
    flags = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    with_camera = browser.browser_type.launch(executable_path=chromium(), args=flags)
    held = Held(with_camera.new_context, live_server.url, Stage(world, made, None))
    held.context.grant_permissions(["geolocation", "camera"])
    yield held
    held.close()
    with_camera.close()
    assert held.faults == []


def slide(page, where):
    """Move the slider with keys, then with a finger on the pictures; it says how much of which one is seen."""
    field = page.locator(f"{where} .wipe__range")
    assert field.get_attribute("aria-label") == "左右拖动，对比两张照片"
    field.focus()
    page.keyboard.press("End")
    assert page.locator(f"{where} .wipe__stack").evaluate(CUT) == "100%"
    page.keyboard.press("ArrowLeft")
    assert page.locator(f"{where} .wipe__stack").evaluate(CUT) == "99%"
    assert "99%" in field.get_attribute("aria-valuetext")
    page.locator(f"{where} .wipe__stack").scroll_into_view_if_needed()
    box = page.locator(f"{where} .wipe__stack").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] / 2)
    assert field.input_value() == "25"
    for image in page.locator(f"{where} .wipe img").all():
        image.scroll_into_view_if_needed()
        assert image.evaluate("(node) => node.decode().then(() => node.naturalWidth)") > 100


def test_the_last_photo_lies_over_the_camera_without_reception_and_a_slider_compares_both(camera):
    page = camera.ready()
    camera.cut()
    camera.open(f"fill/{camera.stage.scene.visits[0].uuid}")
    page.wait_for_selector(".fq__last")
    page.click("button:has-text('对着上次的照片拍')")
    ghost = page.locator("dialog[open] .fq__ghost")
    ghost.wait_for()
    assert 0.3 < float(ghost.evaluate("(node) => getComputedStyle(node).opacity")) < 0.7
    assert ghost.evaluate("(node) => node.decode().then(() => node.naturalWidth)") > 100
    page.wait_for_function("() => document.querySelector('dialog[open] video').videoWidth > 0")
    page.locator("dialog[open] button:has-text('拍照')").click()
    page.wait_for_selector(".fq__photos li img")
    assert page.locator("dialog[open]").count() == 0
    assert page.locator(".fq__last").is_hidden()
    slide(page, ".fq__compare")
    # Another shop was never photographed: nothing to lie over, nothing to compare.
    camera.open(f"fill/{camera.stage.scene.visits[1].uuid}")
    page.wait_for_selector(".fq__photo")
    assert page.locator("text=对着上次的照片拍").count() == 0
    camera.open(f"fill/{camera.stage.scene.visits[0].uuid}")
    page.wait_for_selector(".fq__photos li img")
    page.click("button:has-text('提交')")
    page.wait_for_selector('main[data-ready="records"]')
    camera.mend()
    camera.until("sent")
    at_the_desk(page, camera)


def at_the_desk(page, camera):
    """The record and the target's pictures lay the same two upon each other."""
    row = Submission.objects.latest("pk")
    first = SubmissionFile.objects.earliest("pk").file.uuid
    page.set_viewport_size({"width": 1440, "height": 900})
    page.route(re.compile(r"/desk/notifications/"), lambda route: route.fulfill(status=204, body=""))
    log_in_page(page, camera.stage.world.users["zhongdui"], camera.url)
    for path in (f"records/{row.uuid}/", f"ledgers/at/{camera.stage.scene.shops[0].uuid}/photos/"):
        page.goto(f"/desk/fieldwork/{path}")
        opener = page.get_by_role("button", name="滑动对比")
        opener.press("Enter")
        assert opener.get_attribute("aria-expanded") == "true"
        assert str(first) in page.locator(".wipe__then").get_attribute("src")
        slide(page, ".wipebox")
        opener.press("Enter")
        assert page.locator(".wipe").count() == 0
