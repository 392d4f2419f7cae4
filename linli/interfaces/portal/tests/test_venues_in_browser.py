"""The map of services and a poster in a real Chromium: layers, pins, the code's way to the form, paper."""

from __future__ import annotations

import re

import pytest

from linli.engines.cases.models import Case
from linli.foundation.core.actors import SYSTEM
from linli.foundation.venues import services
from linli.foundation.venues.models import Poster
from linli.foundation.venues.rules import hours
from linli.foundation.venues.types import VenueData
from linli.interfaces.portal import committee
from linli.interfaces.web.tests.test_pages_in_browser import SMALL, audit
from tests.login import log_in_page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ALWAYS = hours.to_json(hours.Hours(always=True))


@pytest.fixture
def town(world, browser_page):
    """A phone on the site of a subdistrict with a canteen and a rider station."""
    committee.forget()
    services.load_shipped(by=SYSTEM, now=world.now)
    for n, (kind, name) in enumerate((("canteen", "华阳社区食堂"), ("rider_station", "定西路暖新巢驿站"))):
        data = VenueData(
            kind=kind, name=name, address=f"长宁路 {n + 1} 号", lat=31.2215, lon=121.417 + n * 0.006, hours=ALWAYS,
            facilities=("water", "rest"), phone="021-62520001",
        )  # fmt: skip
        services.add_venue(by=SYSTEM, now=world.now, data=data)
    browser_page.set_viewport_size({"width": 390, "height": 844})
    yield world
    committee.forget()


def pages_of(pdf):
    return len(re.findall(rb"/MediaBox", pdf))


@pytest.mark.mechanism("001-24", "000-04")
def test_the_viewer_switches_layers_and_a_pin_leads_to_its_page(town, browser_page):
    page = browser_page
    page.goto("/map/places/")
    page.wait_for_selector("[data-map][data-ready] .pin")
    assert page.locator(".pin").count() == 2
    page.locator("label.choice", has_text="社区食堂").click()
    page.wait_for_function("() => document.querySelectorAll('.pin').length === 1")
    assert not page.is_visible("text=华阳社区食堂")
    page.locator(".pin").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=点一下拨打")
    assert "定西路暖新巢驿站" in page.inner_text("h1")
    assert "开放中，全天" in page.inner_text("main")


@pytest.mark.mechanism("004-39")
def test_a_poster_is_made_printed_on_one_sheet_and_leads_to_the_filled_form(town, browser_page, live_server):
    page = browser_page
    log_in_page(page, town.users["shuji"], live_server.url)
    page.goto("/console/posters/new/")
    page.fill("[name=words]", "陶家宅")
    page.click("button.btn[value=find]")
    page.locator("label.choice", has_text="陶家宅").first.click()
    page.fill("[name=spot]", "3 号楼电梯间")
    page.click("text=做好，去打印")
    page.wait_for_selector(".poster svg")
    assert pages_of(page.pdf(prefer_css_page_size=True)) == 1
    poster = Poster.objects.get()
    assert poster.code in page.inner_text(".poster__address")
    page.context.clear_cookies()
    page.goto(f"/q/{poster.code}/")
    page.wait_for_selector("textarea[name=text]")
    assert "3 号楼电梯间" in page.input_value("input[name=address]")
    page.fill("textarea[name=text]", "电梯三天没修")
    page.click("text=下一步：核对并提交")
    page.locator(".btn-primary", has_text="提交").click()
    page.wait_for_selector(".receipt__code")
    assert Case.objects.get().area_path.startswith(town.areas["陶家宅"].path)


@pytest.mark.parametrize("mode", ["", "elder", "elder-max"])
def test_the_pages_are_accessible_and_fit(town, browser_page, live_server, mode):
    page = browser_page
    if mode:
        page.context.add_cookies([{"name": "linli_mode", "value": mode, "url": live_server.url}])
    page.goto("/map/places/")
    venue = page.locator("a[data-pin]").first.get_attribute("href")
    wrong = []
    for url in ("/map/places/", venue):
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(url)
        page.wait_for_load_state("networkidle")
        wrong += [f"{url} {mode}: {found}" for found in audit(page)]
        wrong += [f"{url} {mode} small: {found}" for found in page.evaluate(SMALL, 60 if mode else 44)]
        page.set_viewport_size({"width": 320, "height": 640})
        if page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") > 0:
            wrong.append(f"{url} {mode}: scrolls sideways")
    assert wrong == []


def test_the_console_pages_are_accessible_and_fit(town, browser_page, live_server):
    page = browser_page
    log_in_page(page, town.users["xitong"], live_server.url)
    page.goto("/console/venues/")
    venue = page.locator("a.celllink").first.get_attribute("href")
    wrong = []
    areas = ("", f"{town.areas['华一'].pk}/", "upload/")
    rooms = ("venues/", "venue-kinds/", "venue-kinds/canteen/", "posters/new/", "charging/")
    urls = (venue, *(f"/console/{room}" for room in rooms), *(f"/console/areas/{one}" for one in areas))
    for url in urls:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(url)
        page.wait_for_load_state("networkidle")
        wrong += [f"{url}: {found}" for found in audit(page)]
        page.set_viewport_size({"width": 390, "height": 844})
        if page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") > 0:
            wrong.append(f"{url}: scrolls sideways")
    assert wrong == []
