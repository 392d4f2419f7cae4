# ruff: noqa: E501  scripts that run in the page
"""The gallery in a real browser: accessibility, sizes, keyboard, tokens of htmx, no script."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
AXE = Path(__file__).parent / "build"
PAGES = ["/gallery/", "/gallery/workbench/", "/gallery/public/", "/gallery/plain/", "/gallery/print/"]
LOOKS = [
    pytest.param({"width": 1440}, id="light"),
    pytest.param({"width": 1440, "theme": "dark"}, id="dark"),
    pytest.param({"width": 390, "height": 844}, id="phone"),
    pytest.param({"width": 390, "height": 844, "mode": "elder"}, id="elder"),
    pytest.param({"width": 390, "height": 844, "mode": "elder-max"}, id="elder-max"),
]
SMALL = """least => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, textarea')].filter(e => {
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  if (!box.width || !box.height || style.visibility === 'hidden' || e.matches('.skip, .visually-hidden, .leaflet-control-attribution a')) return false;
  const target = e.closest('label, .choice') || e;
  if (e.closest('.caserow__title')) return false;
  if (e.closest('.photos') || e.closest('p.inline')) return false;
  const b = target.getBoundingClientRect();
  return b.height < least - 0.6 || b.width < least - 0.6;
}).map(e => `${e.outerHTML.slice(0, 90)} ${Math.round(e.getBoundingClientRect().width)}x${Math.round(e.getBoundingClientRect().height)}`)"""


def audit(page):
    """Return what axe finds against WCAG 2.0 to 2.2, A and AA."""
    page.evaluate((AXE / "axe.min.js").read_text(encoding="utf8"))
    locale = json.loads((AXE / "axe.zh_CN.json").read_text(encoding="utf8"))
    found = page.evaluate(
        """async locale => { axe.configure({locale}); return (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}))
        .violations.map(v => v.id + ': ' + v.nodes.slice(0, 4).map(n => n.target.join(' ') + ' ' + n.failureSummary).join(' | ')) }""",
        locale,
    )
    return list(found)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("url", PAGES)
def test_no_wcag_violation(visit, url, look):
    assert audit(visit(url, **look)) == []


@pytest.mark.parametrize("url", ["/gallery/workbench/0035/", "/gallery/workbench/?view=map"])
def test_no_wcag_violation_in_the_phones_other_views(visit, url):
    assert audit(visit(url, width=390, height=844)) == []


@pytest.mark.parametrize("url", [*PAGES[:4], "/gallery/workbench/0038/", "/gallery/workbench/?view=map"])
@pytest.mark.parametrize(
    "look",
    [{"width": 320}, {"width": 640, "mode": "elder-max"}, {"width": 390, "mode": "elder-max"}],
    ids=["320", "200 %", "elder-max"],
)
def test_nothing_scrolls_sideways(visit, url, look):
    page = visit(url, **look)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.parametrize("url", [*PAGES[:4], "/gallery/workbench/0038/"])
@pytest.mark.parametrize(("mode", "least"), [("", 44), ("elder", 60)])
def test_targets_are_large_enough_on_phones(visit, url, mode, least):
    page = visit(url, width=390, height=844, mode=mode)
    assert page.evaluate(SMALL, least) == []


def test_text_sizes_of_the_elder_version(visit):
    sizes = [
        visit("/gallery/public/", width=390, mode=m).evaluate(
            "parseFloat(getComputedStyle(document.querySelector('.field__label')).fontSize)"
        )
        for m in ("", "elder", "elder-large", "elder-max")
    ]
    assert sizes == [16, 20, 24, 30]


def test_elder_version_without_script_is_remembered(visit, site):
    page = visit("/gallery/public/", width=390, script=False)
    page.click("button:has-text('长辈版')")
    assert page.url.endswith("/gallery/public/")
    assert page.get_attribute("html", "data-mode") == "elder"
    page.goto(site + "/gallery/plain/")
    assert page.get_attribute("html", "data-mode") == "elder"


def test_detail_opens_by_htmx_and_back_returns(visit):
    page = visit("/gallery/workbench/")
    page.click(".caserow[data-id='0035'] .caserow__title a")
    page.wait_for_selector("#detail:has-text('HY20261121-0035')")
    assert page.url.endswith("/gallery/workbench/0035/")
    assert page.locator(".caserow.is-selected").get_attribute("data-id") == "0035"
    assert page.locator(".topbar").count() == 1
    page.go_back()
    page.wait_for_selector("#detail:has-text('HY20261121-0038')")


def test_post_by_htmx_carries_the_csrf_token_and_toasts(visit):
    page = visit("/gallery/workbench/")
    page.click(".detail__actions >> text=催办")
    page.wait_for_selector("#said:has-text('已收到')")
    page.wait_for_selector(".toast:has-text('已催办')")


def test_refusal_reads_well_inside_the_panel(visit):
    page = visit("/gallery/workbench/")
    page.click(".detail__actions >> text=延期")
    page.wait_for_selector("#said-here .error-page:has-text('案件已被他人修改。')")
    assert page.locator("#said-here .topbar, #said-here html").count() == 0
    page.wrong[:] = [w for w in page.wrong if "409" not in w]


def test_keyboard_walk(visit):
    page = visit("/gallery/workbench/")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('.caserow').dataset.id") == "0035"
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_selector("#detail:has-text('HY20261121-0035')")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("#keys-help[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("#keys-help[open]").count() == 0


def test_first_tab_reaches_the_skip_link(visit):
    page = visit("/gallery/workbench/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


def test_pill_tells_of_news_and_rows_stay(visit):
    page = visit("/gallery/workbench/")
    page.wait_for_selector(".pill-new:not([hidden]) >> text=有 3 件更新")


def test_pin_and_row_belong_together(visit):
    page = visit("/gallery/workbench/")
    page.wait_for_selector("[data-map][data-ready]")
    assert page.locator(".pin").count() == 9
    page.locator(".pin.st-late").click()
    page.wait_for_selector("#detail:has-text('HY20261121-0035')")
    assert "is-selected" in page.locator(".pin.st-late").get_attribute("class")


def test_crowded_pins_gather_and_part_again_by_keyboard(visit):
    page = visit("/gallery/workbench/")
    page.wait_for_selector("[data-map][data-ready]")
    assert page.locator(".cluster").count() == 0
    for _n in range(2):
        page.click(".leaflet-control-zoom-out")
        page.wait_for_timeout(400)
    said = [int(text) for text in page.locator(".cluster").all_inner_texts()]
    assert said
    assert sum(said) + page.locator(".pin").count() == 9
    mark = page.locator(".cluster").first
    assert mark.get_attribute("aria-label") == f"此处有 {said[0]} 件"
    assert mark.locator(".cluster__arc").count() >= 1
    mark.press("Enter")
    page.wait_for_timeout(600)
    assert page.locator(".pin").count() > 9 - sum(said)


def test_phone_shows_one_view_at_a_time(visit):
    page = visit("/gallery/workbench/", width=390, height=844)
    assert page.locator(".bench__list").is_visible()
    page.click(".bottombar >> text=地图")
    page.wait_for_selector("[data-map][data-ready]")
    assert not page.locator(".bench__list").is_visible()
    assert page.locator(".pin").count() == 9


def test_conditional_question_and_kept_text(visit):
    page = visit("/gallery/public/", width=390, height=844)
    assert not page.locator("[data-question=floor]").is_visible()
    page.check("input[value=indoor]")
    assert page.locator("[data-question=floor]").is_visible()
    page.fill("textarea", "楼道里有人给电动车充电")
    page.reload()
    assert page.input_value("textarea") == "楼道里有人给电动车充电"


def test_photo_is_shrunk_and_loses_exif(visit, tmp_path):
    from PIL import Image

    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x010E] = "SECRETPLACE"
    Image.effect_noise((3000, 2000), 60).convert("RGB").save(path, exif=exif)
    page = visit("/gallery/public/", width=390)
    page.set_input_files("input[name=photos]", str(path))
    page.wait_for_selector(".filelist li")
    size, text = page.evaluate(
        "(async () => { const f = document.querySelector('input[name=photos]').files[0]; return [f.size, await f.text()] })()"
    )
    assert size < path.stat().st_size
    assert "SECRETPLACE" not in text


def test_point_picker_fills_its_fields(visit):
    page = visit("/gallery/public/", width=390)
    page.wait_for_selector(".picker [data-map][data-ready]")
    page.click("[data-middle]")
    assert page.input_value("input[name=point_lat]").startswith("31.2")
    assert page.input_value("input[name=point_system]") == "wgs84"


def test_point_picker_takes_the_position_while_the_map_has_not_come(visit):
    waiting = []
    page = visit("/gallery/public/", width=390)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 31.2216, "longitude": 121.4196})
    page.route("**/gallery/map.json", lambda route: waiting.append(route))
    page.reload()
    page.click("[data-locate]")
    page.wait_for_function("() => document.querySelector('[name=point_lat]').value")
    assert len(waiting) == 1
    waiting[0].continue_()
    page.wait_for_selector(".picker [data-map][data-ready]")
    assert page.input_value("input[name=point_lat]") == "31.2216000"
