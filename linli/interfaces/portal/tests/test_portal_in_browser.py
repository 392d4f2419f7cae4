"""Residents' pages in a real Chromium on a phone: reporting, accessibility, widths, a draft that survives."""

from __future__ import annotations

import time

import pytest

from linli.engines.cases.models import Case
from linli.interfaces.portal import committee
from linli.interfaces.web.tests.test_pages_in_browser import SMALL, audit

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAGES = [
    "/",
    "/report/",
    "/track/",
    "/nearby/",
    "/contacts/",
    "/feedback/",
    "/privacy/",
    "/accessibility/",
    "/register/",
]


@pytest.fixture
def phone(world, browser_page):
    """A phone on the site."""
    committee.forget()
    browser_page.set_viewport_size({"width": 390, "height": 844})
    yield browser_page
    committee.forget()


def test_report_in_under_a_minute_and_follow_by_the_qr_address(phone):
    began = time.monotonic()
    phone.goto("/")
    phone.click("text=我要反映")
    phone.fill("textarea[name=text]", "弄堂口垃圾没人清")
    phone.locator("#suggestions label", has_text="垃圾没人清").click()
    phone.fill("input[name=address]", "长宁路488弄门口")
    phone.wait_for_selector("[data-picker] [data-map][data-ready]")
    phone.click("[data-middle]")
    phone.click("text=下一步：核对并提交")
    phone.locator(".btn-primary", has_text="提交").click()
    code = phone.inner_text(".receipt__code")
    assert time.monotonic() - began < 60
    assert Case.objects.get().category.code == "garbage"
    assert phone.evaluate("Object.keys(sessionStorage).filter(k => k.includes('report')).length") == 0
    phone.goto(f"/track/#{code}")
    phone.wait_for_selector(".steps")
    assert phone.url.endswith("/track/")
    assert audit(phone) == []


def test_what_was_typed_survives_an_accident(phone):
    phone.goto("/report/")
    phone.fill("textarea[name=text]", "路灯三天不亮")
    phone.fill("input[name=address]", "武夷路口")
    phone.goto("/privacy/")
    phone.goto("/report/")
    assert phone.input_value("textarea[name=text]") == "路灯三天不亮"
    assert phone.input_value("input[name=address]") == "武夷路口"


@pytest.mark.parametrize("mode", ["", "elder", "elder-max"])
def test_pages_are_accessible_and_fit(phone, live_server, mode):
    if mode:
        phone.context.add_cookies([{"name": "linli_mode", "value": mode, "url": live_server.url}])
    wrong = []
    for url in PAGES:
        phone.set_viewport_size({"width": 390, "height": 844})
        phone.goto(url)
        phone.wait_for_load_state("networkidle")
        wrong += [f"{url} {mode}: {found}" for found in audit(phone)]
        wrong += [f"{url} {mode} small: {found}" for found in phone.evaluate(SMALL, 60 if mode else 44)]
        phone.set_viewport_size({"width": 320, "height": 640})
        if phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") > 0:
            wrong.append(f"{url} {mode}: scrolls sideways")
    assert wrong == []
