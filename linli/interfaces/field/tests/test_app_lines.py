"""The line breaks at each step of sending, in a real browser: afterwards one record, one photo, one receipt."""

import pytest

from linli.engines.fieldwork.models import Submission, SubmissionFile
from linli.foundation.files.models import StoredFile

pytestmark = pytest.mark.slow
UNHEARD, UNANSWERED = "unheard", "unanswered"


class Bad:
    """A line on which each of some questions gets lost once: on the way there, or on the way back."""

    def __init__(self, page, paths, way):
        self.left = list(paths)
        for path in paths:
            page.route(f"**/field/{path}", lambda route, path=path: self.carry(route, path, way))

    def carry(self, route, path, way):
        if path not in self.left:
            route.continue_()
            return
        self.left.remove(path)
        if way == UNANSWERED:
            route.fetch()  # the server does what was asked
        route.abort()


@pytest.mark.parametrize(
    ("paths", "way"),
    [
        (("session/",), UNHEARD),
        (("sync/",), UNHEARD),
        *((paths, way) for way in (UNHEARD, UNANSWERED)
          for paths in (("files/",), ("files/", "files/known/"), ("records/",), ("records/", "receipts/"))),
    ],
)  # fmt: skip
def test_whatever_gets_lost_on_the_way_arrives_once(app_phone, paths, way):
    page = app_phone.ready()
    app_phone.cut()
    app_phone.send(photo=True, memo="线路断断续续")
    bad = Bad(page, paths, way)
    app_phone.mend()
    for _n in range(8):
        page.evaluate("window.dispatchEvent(new Event('online'))")
        page.wait_for_timeout(300)
        app_phone.settled()
        if app_phone.states() == ["sent"] and not bad.left:
            break
        app_phone.open("records")
        button = page.locator("button:has-text('现在发送')")
        if button.count():
            button.first.click()
    assert bad.left == [] or (way == UNHEARD and bad.left == ["receipts/"]), "each was lost"
    app_phone.until("sent")
    row = Submission.objects.get()
    assert SubmissionFile.objects.filter(submission=row).count() == 1
    assert StoredFile.objects.filter(purpose="record").count() == 1


def test_a_key_whose_answer_got_lost_is_lent_at_the_next_opening(app_phone):
    app_phone.enter()
    bad = Bad(app_phone.page, ["lease/"], UNANSWERED)
    app_phone.page.goto("/field/app/")
    app_phone.settled()
    assert bad.left == []
    app_phone.page.reload()
    app_phone.page.wait_for_selector("text=小店1")
    app_phone.send()
    app_phone.until("sent")
