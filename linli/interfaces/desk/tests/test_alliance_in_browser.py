"""Claims called out in a conference, entered by keyboard alone, and the way of one of them to its thanks."""

import pytest

from linli.foundation.core import clock
from linli.programmes.alliance.models import Claim
from linli.programmes.alliance.tests.year import lay_year
from tests.login import log_in_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.mark.mechanism("003-12", "002-18")
def test_three_claims_are_entered_by_keyboard_and_one_goes_on(world, live_server, browser_page):
    world.now = clock.now()
    year = lay_year(world)
    names = ("国际饭店", "上海书城", "泰康之家")
    for name in names:
        year.member(name)
    entry = year.entry("“跳动三原色”街区点亮行动")
    page = log_in_page(browser_page, world.users["dangzheng"], live_server.url)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/desk/alliance/claims/spot/")
    assert page.evaluate("document.activeElement.name") == "entry"
    page.keyboard.press("ArrowDown")
    for name, share, role in zip(names, ("50%", "", ""), ("橱窗灯", "招牌灯", "小广场灯"), strict=True):
        for typed in (name, share, role):
            page.keyboard.press("Tab")
            page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice--done")
    assert "“‘跳动三原色’街区点亮行动”已登记 3 家认领" in page.inner_text(".notice--done")
    assert [str(c.share) for c in Claim.objects.filter(entry=entry).order_by("id")] == ["1/2", "1/4", "1/4"]
    page.click(f"a[href$='{Claim.objects.get(member__name='国际饭店').uuid}/']")
    page.wait_for_selector("#act-agree[open]")
    page.click("#act-withdraw > summary")
    page.fill("#withdraw-reason", "改由别家承担")
    page.click("#act-withdraw button.btn")
    page.wait_for_selector(".st-idle")
    assert Claim.objects.get(member__name="国际饭店").state == "withdrawn"
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/desk/alliance/", "/desk/alliance/claims/", "/desk/alliance/members/", "/alliance/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
