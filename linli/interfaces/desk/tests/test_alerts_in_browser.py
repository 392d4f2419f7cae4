"""A warning seen above the cases and taken note of on a phone; nothing is wider than the screen."""

from datetime import timedelta

import pytest
from django.utils.timezone import localtime
from playwright.sync_api import expect

from linli.engines.alerts import services
from linli.engines.alerts.models import Acknowledgement, Alert
from linli.engines.alerts.tests.scenes import message
from linli.foundation.core import clock
from tests.login import log_in_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PATHS = ("/desk/alerts/", "/desk/alerts/new/", "/desk/")


@pytest.mark.mechanism("004-28")
def test_a_warning_is_taken_note_of_on_a_phone_and_entered_at_the_desk(world, live_server, browser_page):
    now = clock.now()
    words = {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝"}
    for identifier, (colour, word) in enumerate(words.items()):
        made = message(now, f"A{identifier}", colour=colour, headline=f"暴雨{word}色预警信号")
        services.take(by=world.actor("paidan"), now=now, message=made)
    alert = Alert.objects.get(colour="red")
    page = log_in_page(browser_page, world.users["zhiban"], live_server.url)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/desk/alerts/{alert.uuid}/")
    page.get_by_role("button", name="确认收到").click()
    expect(page.locator(".notice--done").first).to_be_visible()
    expect(page.get_by_role("cell", name=world.users["zhiban"].display_name)).to_be_visible()
    assert Acknowledgement.objects.get().user_id == world.users["zhiban"].pk
    for path in (*PATHS, f"/desk/alerts/{alert.uuid}/"):
        page.goto(path)
        expect(page.locator("main, #main").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    # Above the list where no map is shown, above the map where there is one; narrowed, the list leaves them there.
    for width, place, other in ((390, ".bench__now", "#bench-now"), (1440, "#bench-now", ".bench__now")):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/desk/")
        expect(page.locator(f"{place} .alertbar")).to_be_visible()
        expect(page.locator(f"{other} .alertbar")).to_be_hidden()
        expect(page.locator(f"{place} li")).to_have_count(4)
        expect(page.locator(f"{place} li").first).to_contain_text("暴雨红色预警信号")
        expect(page.locator(f"{place} .alertbar__due")).to_have_count(3)
    page.locator("#bench-tabs a").nth(1).click()
    page.wait_for_url("**/desk/?*tab=*")
    expect(page.locator("#bench-tabs [aria-current]").first).to_be_visible()
    expect(page.locator("#bench-now li")).to_have_count(4)
    page.goto("/desk/alerts/new/")
    ends = localtime(now) + timedelta(hours=8)
    page.get_by_label("标题").fill("台风蓝色预警")
    page.get_by_label("灾种").select_option("typhoon")
    page.get_by_label("结束时间").fill(f"{ends:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="台风蓝色预警")).to_be_visible()
    assert Alert.objects.filter(hazard="typhoon", colour="yellow").count() == 1
