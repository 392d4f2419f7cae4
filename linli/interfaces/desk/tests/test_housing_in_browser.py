"""群租整治 in a real browser: rooms typed in, refused with what is missing, verified by two, looked at on a phone."""

import os

import pytest

from linli.interfaces.desk.tests.housing_help import enter_building, take_up
from linli.interfaces.desk.tests.test_browser import open_desk, town  # noqa: F401  the world at the real time
from linli.programmes.housing.models import Dossier

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def shot(page, name):
    """Take a picture where somebody wants to look (LINLI_PICTURES names the folder)."""
    if os.environ.get("LINLI_PICTURES"):
        page.screenshot(path=f"{os.environ['LINLI_PICTURES']}/{name}.png", full_page=True)


def test_two_officers_take_a_flat_from_the_rooms_to_the_plan(browser_page, town, live_server):  # noqa: F811
    flat = enter_building(town)[0]
    row = take_up(town, flat)
    page = browser_page
    open_desk(page, town, live_server, "chengguan", f"/desk/housing/{row.uuid}/")
    page.get_by_text("还缺房屋检查").wait_for()
    page.get_by_role("link", name="登记房间").click()
    page.fill("[name=room_0]", "客厅")
    page.select_option("[name=use_0]", "living")
    page.fill("[name=area_0]", "二十")
    page.fill("[name=persons_0]", "6")
    page.fill("[name=parts_0]", "3")
    page.get_by_role("button", name="对照规定").click()
    page.get_by_role("alert").wait_for()
    assert page.input_value("[name=area_0]") == "二十"
    page.fill("[name=area_0]", "20")
    page.get_by_role("button", name="对照规定").click()
    page.get_by_text("客厅住 6 人，上限 2 人").wait_for()
    shot(page, "dossier")
    act = page.locator("#act-verify")
    act.get_by_text("经同意进入").click()
    act.locator("[name=second_id]").select_option(str(town.users["chengguan2"].pk))
    act.get_by_role("button").click()
    page.get_by_text("下一步：制定方案").wait_for()
    assert Dossier.objects.get(pk=row.pk).state == "verified"
    page.goto(f"/desk/housing/buildings/{flat.parent.parent.uuid}/")
    page.locator(".flatcell--flat").wait_for()
    shot(page, "building")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/desk/housing/{row.uuid}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    shot(page, "dossier_phone")
