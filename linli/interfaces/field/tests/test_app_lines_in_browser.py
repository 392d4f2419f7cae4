"""The line breaks at each step of speaking with the server, in a real browser: nothing is lost, nothing is there twice.

On the way there, before the answer comes, in the midst of it; then nothing passes until the line is mended. While it
is broken the queue says what the phone knows, not what it hopes.
"""

import pytest
from playwright.sync_api import expect

from linli.engines.fieldwork.models import Submission, SubmissionFile, Visit
from linli.foundation.core import clock
from linli.foundation.files.models import StoredFile
from linli.interfaces.field.tests.cutting import CutLine, Moment
from linli.interfaces.field.tests.held import Held
from linli.interfaces.field.tests.stage import staged

pytestmark = pytest.mark.slow
# What is asked only where an answer got lost before: at which step it gets lost first.
FIRST = {"files/known/": "files/", "receipts/": "records/"}


@pytest.fixture
def line(live_server):
    made = CutLine(live_server.url)
    yield made
    made.close()


@pytest.fixture
def phone(browser, line, world, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: world.now)
    held = Held(browser.new_context, line.url, staged(world, None))
    yield held
    held.close()
    assert held.faults == []


def try_again(phone, line):
    """Mend the line and press the button that sends."""
    line.mend()
    phone.page.get_by_role("button", name="现在发送").click()


def is_waiting(phone, line):
    """The line broke: whatever the server has, this phone has no receipt, and says so."""
    line.broken()
    phone.settled()
    expect(phone.page.locator("#fa-banner")).to_contain_text("1 条待发送")
    chips = phone.page.locator(".fa__panel:has(h2:text-is('等待发送')) .status")
    expect(chips).to_have_text(["待发送"])
    expect(phone.page.locator("#fa-count")).to_have_text("1")


@pytest.mark.parametrize("step", ["session/", "files/", "files/known/", "records/", "receipts/"])
def test_a_record_with_its_photo_arrives_once_wherever_the_line_breaks(phone, line, step):
    phone.ready()
    for n, moment in enumerate(Moment):
        first = FIRST.get(step)
        line.cut(first or step, Moment.AFTER if first else moment)
        phone.send(n, photo=True, memo=f"断线{n}")
        is_waiting(phone, line)
        if first:
            line.cut(step, moment)
            try_again(phone, line)
            is_waiting(phone, line)
        arrived = step == "receipts/" or (step == "records/" and moment is not Moment.BEFORE)
        assert Submission.objects.count() == n + arrived
        try_again(phone, line)
        phone.until(*["sent"] * (n + 1))
        expect(phone.page.locator("#fa-banner")).to_be_empty()
    rows = Submission.objects.order_by("id")
    assert [row.answers["memo"] for row in rows] == ["断线0", "断线1", "断线2"]
    assert SubmissionFile.objects.filter(submission__in=rows).count() == 3
    assert StoredFile.objects.filter(deleted_at=None).count() == 3
    assert (line.passed["records/"], line.passed["files/"]) == (3, 3)  # none of them was sent again


@pytest.mark.parametrize("moment", list(Moment))
def test_todays_work_that_did_not_come_is_fetched_and_what_was_sent_stays_sent(phone, line, moment):
    page = phone.ready()
    line.cut("session/", Moment.BEFORE)
    phone.send(0, memo="先填的一条")
    is_waiting(phone, line)
    Visit.objects.filter(pk=phone.stage.scene.visits[2].pk).update(user=phone.stage.world.users["chengguan"])
    phone.open("more")
    line.cut("sync/", moment)
    line.mend()
    page.get_by_role("button", name="立即更新").click()
    line.broken()
    phone.settled()
    phone.until("sent")
    assert Submission.objects.count() == 1
    phone.open("today")
    walked = page.locator(".fa__tools + ol.fa__list .fa__name")
    expect(walked).to_have_text(["小店2"])  # the list of before, without what was done
    expect(page.locator("#fa-banner")).to_contain_text("没有网络")
    phone.open("more")
    line.mend()
    page.get_by_role("button", name="立即更新").click()
    phone.open("today")
    expect(walked).to_have_text(["小店2", "小店3"])
    assert line.passed["records/"] == 1


@pytest.mark.parametrize(
    ("step", "moment"),
    [
        ("lease/", Moment.BEFORE), ("lease/", Moment.AFTER), ("sync/", Moment.MIDST),
        ("forms/", Moment.BEFORE), ("forms/", Moment.MIDST), ("areas.json", Moment.AFTER),
    ],
)  # fmt: skip
def test_a_first_opening_that_breaks_off_is_made_good_at_the_next_contact(phone, line, step, moment):
    phone.enter()
    line.cut(step, moment)
    phone.page.goto("/field/app/")
    line.broken()
    phone.settled()
    line.mend()
    phone.page.evaluate("window.dispatchEvent(new Event('online'))")
    phone.page.wait_for_selector("text=小店1")
    phone.settled()
    line.cut("session/", Moment.BEFORE)
    phone.send(0, memo="第一次打开就断了线")  # the form is there, without reception
    is_waiting(phone, line)
    try_again(phone, line)
    phone.until("sent")
    assert Submission.objects.get().answers["memo"] == "第一次打开就断了线"
