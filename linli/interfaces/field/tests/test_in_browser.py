"""On a phone of 390 × 844: the flows by hand, large targets, nothing sideways, no WCAG violation, a lost line."""

import pytest
from axe_core_python.sync_playwright import Axe

from linli.engines.cases.models import Case, CaseEvent, CaseFile
from linli.engines.cases.workflow import State
from linli.foundation.core import clock
from linli.interfaces.field.tests.conftest import Town, picture
from tests.login import log_in_page

SMALL = """(least) => [...document.querySelectorAll(
    'main a, main button, main select, main .choice, .bottombar a, main summary')]
  .filter((e) => e.offsetParent && !e.closest('.leaflet-container, .timeline, p, .caserow__title'))
  .map((e) => [e.outerHTML.slice(0, 90), Math.round(e.getBoundingClientRect().height)]).filter((p) => p[1] < least)"""
# The page tries again by itself after four seconds; here a person does, however slow the machine is.
BY_HAND = "const later = window.setTimeout; window.setTimeout = (f, ms, ...a) => ms >= 4000 ? 0 : later(f, ms, ...a);"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def phone(browser_page, live_server, world, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: world.now)  # the server has a thread of its own
    browser_page.set_viewport_size({"width": 390, "height": 844})
    browser_page.context.grant_permissions(["geolocation"])
    browser_page.context.set_geolocation({"latitude": 31.2216, "longitude": 121.4196})
    browser_page.enter = lambda name: log_in_page(browser_page, world.users[name], live_server.url)
    browser_page.town = Town(world)
    return browser_page


def audit(page):
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in Axe().run(page)["violations"]]


def shot(name="photo.jpg", colour=(90, 90, 90)):
    return {"name": name, "mimeType": "image/jpeg", "buffer": picture(colour, (800, 600))}


@pytest.mark.slow
@pytest.mark.smoke
def test_sign_arrive_photos_hand_in(phone):
    case = phone.town.to_sign()
    Case.objects.filter(pk=case.pk).update(lat=31.2215, lon=121.4195)
    phone.enter("wuye")
    phone.goto("/field/")
    phone.click(f"text={case.title}")
    phone.click("button:has-text('签收')")
    phone.wait_for_selector("text=已完成")
    phone.click("a:has-text('到场')")
    phone.set_input_files("input[name=before]", [shot("before.jpg")])
    phone.wait_for_selector(".filelist li")
    phone.click("button:has-text('到场')")
    phone.wait_for_url(f"**/field/cases/{case.number}/")
    assert CaseEvent.objects.get(case=case, verb="arrive").data == {"within_metres": 100}
    phone.click("a:has-text('提交处置结果')")
    phone.check("text=实际解决")
    phone.select_option("select[name=phrase]", index=1)
    phone.set_input_files("input[name=after]", [shot("after.jpg", (10, 200, 10))])
    phone.wait_for_selector(".filelist li")
    phone.click("button:has-text('提交处置结果')")
    phone.wait_for_url(f"**/field/cases/{case.number}/")
    case.refresh_from_db()
    assert case.state == State.TO_CHECK
    assert sorted(CaseFile.objects.values_list("purpose", flat=True)) == ["after", "before"]


@pytest.mark.slow
def test_verify_and_check(phone):
    first, second = phone.town.to_verify(), phone.town.to_check()
    phone.enter("jiandu")
    phone.goto(f"/field/cases/{first.number}/verify/")
    phone.check("text=属实 >> nth=0")
    phone.select_option("select[name=phrase]", index=1)
    phone.click("button:has-text('核实')")
    phone.wait_for_url(f"**/field/cases/{first.number}/")
    phone.goto(f"/field/cases/{second.number}/check/")
    phone.check("text=不通过，退回重办")
    phone.click("button:has-text('核查')")
    phone.wait_for_selector("text=请填写这一项")
    phone.fill("textarea[name=text]", "还有残留")
    phone.set_input_files("input[name=check]", [shot()])
    phone.wait_for_selector(".filelist li")
    phone.click("button:has-text('核查')")
    phone.wait_for_url(f"**/field/cases/{second.number}/")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.TO_DISPATCH, State.HANDLING)


@pytest.mark.slow
def test_a_report_over_a_lost_line_is_entered_once(browser, live_server, world, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: world.now)
    # A page of its own: a lost connection is an error on the console, which the common page does not forgive.
    place = {"latitude": 31.2216, "longitude": 121.4196}
    context = browser.new_context(
        base_url=live_server.url,
        locale="zh-CN",
        viewport={"width": 390, "height": 844},
        permissions=["geolocation"],
        geolocation=place,
    )
    phone = context.new_page()
    phone.set_default_timeout(30_000)
    phone.add_init_script(BY_HAND)
    log_in_page(phone, world.users["jiandu"], live_server.url)
    phone.goto("/field/report/")
    phone.set_input_files("input[name=photos]", [shot()])
    phone.wait_for_selector(".filelist li")
    phone.check("text=暴露垃圾 >> nth=0")
    phone.click("button:has-text('用我的位置')")
    phone.wait_for_function("() => document.querySelector('[name=point_lat]').value")
    phone.fill("textarea[name=text]", "垃圾桶旁堆了很多")
    lost: list[object] = []

    def drop(route):
        # The first send reaches the server, but its answer is lost on the way.
        if route.request.method == "POST" and not lost:
            lost.append(1)
            route.fetch()
            route.abort()
        else:
            route.continue_()

    phone.route("**/field/report/", drop)
    phone.click("main button:has-text('上报')")
    phone.wait_for_selector("text=网络不通，还没有提交")
    assert phone.input_value("textarea[name=text]") == "垃圾桶旁堆了很多"
    phone.click("main button:has-text('上报')")
    phone.wait_for_url("**/field/reported/**")
    assert "没有重复登记" in phone.inner_text("main")
    context.close()
    assert Case.objects.count() == 1
    assert CaseFile.objects.count() == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "look",
    [{"width": 390, "mode": ""}, {"width": 320, "mode": ""}, {"width": 390, "mode": "elder"}],
    ids=["390", "320", "elder"],
)
def test_every_page_is_large_enough_and_free_of_faults(phone, live_server, look):
    case, checked = phone.town.to_sign(), phone.town.to_check()
    Case.objects.filter(pk=case.pk).update(lat=31.2215, lon=121.4195)
    handled = phone.town.handling(by="chengguan", unit="enforcement")
    phone.set_viewport_size({"width": look["width"], "height": 844})
    phone.context.add_cookies([{"name": "linli_mode", "value": look["mode"], "url": live_server.url}])
    least = 60 if look["mode"] else 44
    pages = {
        "chengguan": [
            f"/field/cases/{handled.number}/",
            *(f"/field/cases/{handled.number}/{v}/" for v in ("arrive", "hand_in", "request_extension", "reach")),
        ],
        "wuye": ["/field/", f"/field/cases/{case.number}/"],
        "jiandu": ["/field/", "/field/report/", f"/field/cases/{checked.number}/check/"],
        "weiwangge": ["/field/around/", "/field/map/"],
    }
    faults = []
    for name, urls in pages.items():
        phone.enter(name)
        for url in urls:
            phone.goto(url)
            phone.wait_for_load_state("networkidle")
            if phone.evaluate(SIDEWAYS) > 0:
                faults.append(f"{url}: scrolls sideways")
            faults += [f"{url}: {found}" for found in phone.evaluate(SMALL, least)]
            faults += [f"{url}: {found}" for found in audit(phone)]
    assert faults == []


@pytest.mark.slow
def test_without_scripts_the_same_forms_work(browser, live_server, world, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: world.now)
    case = Town(world).handling()
    context = browser.new_context(
        base_url=live_server.url, locale="zh-CN", java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    log_in_page(page, world.users["wuye"], live_server.url)
    page.goto(f"/field/cases/{case.number}/hand_in/")
    page.check("text=解释说明")
    page.fill("textarea[name=text]", "已当面说明")
    page.click("button:has-text('提交处置结果')")
    assert page.url.endswith(f"/field/cases/{case.number}/")
    context.close()
    case.refresh_from_db()
    assert case.state == State.TO_CHECK
