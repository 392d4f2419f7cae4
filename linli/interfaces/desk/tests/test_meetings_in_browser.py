"""Minuting by keyboard: it saves itself, and of two at once nobody's words are lost."""

from datetime import timedelta

import pytest

from linli.engines.activities import services
from linli.engines.activities.types import NewMeeting, NewVenue
from linli.foundation.core import clock
from tests.login import log_in_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_minutes_save_themselves_and_two_writers_lose_nothing(world, live_server, browser_page):
    now = clock.now()
    by = world.actor("zhiban", now)
    at = now + timedelta(hours=1)
    data = NewMeeting(
        "seminar", "党建研讨会", at, at + timedelta(hours=2), world.units["development"].pk, (NewVenue("二楼会议室"),)
    )
    meeting = services.plan_meeting(by=by, now=now, data=data)
    item = meeting.items.order_by("order")[0]
    page = log_in_page(browser_page, world.users["zhiban"], live_server.url)
    page.goto(f"/desk/meetings/{meeting.uuid}/")
    page.click("button[value=begin]")
    field = f"#record-{item.pk}"
    page.wait_for_selector(field)
    page.focus(field)
    page.keyboard.type("微网格长每周走一遍楼道", delay=10)
    page.wait_for_selector(f"#saved-{item.pk} >> text=已保存")
    item.refresh_from_db()
    assert (item.record, item.version) == ("微网格长每周走一遍楼道", 2)
    # a colleague writes the same item; what is typed here stays, and both texts are shown
    services.write_record(
        by=world.actor("paidan", now), now=now, meeting=meeting, item=item, text="小事当天了结", expected=2
    )
    page.keyboard.type("，小事登记", delay=10)
    page.wait_for_selector(f"#saved-{item.pk} .theirs")
    assert "小事当天了结" in page.inner_text(f"#saved-{item.pk}")
    assert page.input_value(field) == "微网格长每周走一遍楼道，小事登记"
    page.keyboard.type("，当天了结", delay=10)
    page.wait_for_selector(f"#saved-{item.pk} > small")
    item.refresh_from_db()
    assert (item.record, item.version) == ("微网格长每周走一遍楼道，小事登记，当天了结", 4)
