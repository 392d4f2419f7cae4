# ruff: noqa: E501  a script that runs in the page
"""Every page of fieldwork on a phone, plain and in 长辈版: nothing sideways, one heading, no raw codes, nothing on the console."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.forms import services as forms
from linli.interfaces.cli.demo.civility import load_civility
from linli.interfaces.cli.demo.fieldwork_rounds import load_rounds
from linli.interfaces.cli.demo.housing import load_housing
from linli.interfaces.cli.demo.streets import load_streets
from linli.interfaces.cli.demo.surveys import load_surveys
from linli.interfaces.cli.demo.visits import load_visits
from linli.interfaces.desk.tests.test_browser import quiet
from tests.login import log_in_page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
OURS = r"/desk/(?:%s)/"
# Files and other answers that are no pages.
NO_PAGES = re.compile(
    r"export|docx|xlsx|sheet|document|_qr|file|photo|paper|print|xform|json|signature|bulk|map$|deductions"
)
# What a room is given to show, and the pages that a walk must find there: one that finds less has lost its way.
ROOMS = [
    ("fieldwork", load_rounds, {
        "rounds", "my_visits", "review", "records", "findings", "finding", "fieldwork_calendar", "round", "round_new",
        "round_visits", "round_assign", "record", "visit", "ledgers", "ledger_list", "ledger_twins",
        "target", "coverage", "flood_ledgers",
    }),
    ("visits", load_visits, {
        "visits", "visits_plan", "visits_coverage", "visits_demands", "visits_demand", "visits_companies",
        "visits_condolences", "visits_sectors", "visits_branches", "visits_wording",
    }),
    ("housing", load_housing, {"housing", "housing_one", "housing_new", "housing_watches", "housing_sweeps"}),
    ("civility", load_civility, {
        "civility", "civility_library", "civility_test", "civility_gaps", "civility_todos", "civility_week",
        "civility_ads", "civility_campaigns", "civility_log", "civility_point",
    }),
    ("streets", load_streets, {
        "streets", "streets_matters", "streets_matter", "streets_duties", "streets_spots", "streets_lanes",
        "streets_members", "streets_boards", "streets_friends", "streets_logs", "streets_contacts",
    }),
    ("surveys", load_surveys, {"surveys", "survey_new", "survey"}),
]  # fmt: skip
RAW = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}|\bNone\b|\b(?:True|False)\b|%\(\w|\{\{|\{%|\bundefined\b|\bNaN\b"
    r"|(?<![\w./@-])[a-z]+(?:[_.][a-z0-9]+)+(?![\w@/-])"
)
LOOK = """() => {
  const root = document.documentElement, sideways = () => root.scrollWidth - innerWidth;
  const wide = () => [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.table-wrap, .tabs, .segmented, .leaflet-container')).slice(0, 2).map(e => e.outerHTML.slice(0, 90));
  const found = {title: document.title, heads: document.querySelectorAll('h1').length, text: document.body.innerText, links: [...document.querySelectorAll('main a[href]')].map(e => new URL(e.getAttribute('href'), location.href)).filter(u => u.origin === location.origin).map(u => u.pathname + u.search), plain: sideways() > 0 ? wide() : []};
  for (const mode of ['elder', 'elder-max']) { root.dataset.mode = mode; found[mode] = sideways() > 0 ? wide() : []; }
  delete root.dataset.mode;
  return found;
}"""


def route(path, room):
    """Return the name of a page of a room; "" for other addresses and for files."""
    try:
        name = resolve(urlsplit(path).path).url_name or ""
    except Resolver404:
        return ""
    return "" if not re.match(OURS % room, path) or NO_PAGES.search(name) else name


def faults(found):
    """Return what is wrong with a page that was looked at."""
    wrong = []
    if found["heads"] != 1:
        wrong.append(f"{found['heads']} headings")
    if found["title"].strip() in {"", "邻里"}:
        wrong.append("no title of its own")
    wrong += [
        f"wider than the phone ({mode}): {found[mode]}" for mode in ("plain", "elder", "elder-max") if found[mode]
    ]
    if raw := RAW.findall(found["text"]):
        wrong.append(f"raw: {sorted(set(raw))[:5]}")
    return wrong


def walk(page, room):
    """Look at one page of every route that links lead to; return what is wrong, by address, and the routes seen."""
    waiting, seen, wrong = [f"/desk/{room}/"], set(), {}
    while waiting:
        path = waiting.pop(0)
        name = route(path, room)
        if not name or name in seen:
            continue
        seen.add(name)
        answer = page.goto(path, wait_until="domcontentloaded")
        found = page.evaluate(LOOK)
        if bad := faults(found) + ([] if answer.status == 200 else [f"status {answer.status}"]):
            wrong[path] = bad
        waiting += [link for link in found["links"] if route(link, room) not in {"", *seen}]
    return wrong, seen


def on_a_phone(page, world, live_server):
    page.set_viewport_size({"width": 390, "height": 844})
    quiet(page)
    log_in_page(page, world.users["lingdao"], live_server.url)


@pytest.mark.parametrize(("room", "load", "there"), ROOMS, ids=[room for room, *_rest in ROOMS])
def test_pages_fit_a_phone_and_show_no_codes(world, live_server, browser_page, monkeypatch, room, load, there):
    monkeypatch.setattr(world, "now", clock.now())
    if room == "surveys":
        forms.adopt_forms(by=SYSTEM, now=world.now)
    load(world.users, world.units, world.areas, world.now)
    on_a_phone(browser_page, world, live_server)
    wrong, seen = walk(browser_page, room)
    assert not wrong, "\n".join(f"{path}: {'; '.join(bad)}" for path, bad in wrong.items())
    assert there <= seen


BREAKS = {
    "0 headings": "document.querySelector('h1').remove()",
    "raw: ['ledger_list']": "document.querySelector('main').append('ledger_list')",
    "raw: ['01a205f8-316a-755f']": "document.querySelector('main').append('01a205f8-316a-755f-8d13-6949e7e92736')",
    "wider than the phone (plain)": "document.querySelector('h1').style.minWidth = '900px'",
    "wider than the phone (elder)": "document.querySelector('h1').style.minWidth = '21rem'",
    "no title": "document.title = '邻里'",
}


def test_what_is_broken_is_noticed(world, live_server, browser_page):
    page = browser_page
    on_a_phone(page, world, live_server)
    for said, broken in BREAKS.items():
        page.goto("/desk/fieldwork/")
        assert faults(page.evaluate(LOOK)) == []
        page.evaluate(broken)
        assert said in "; ".join(faults(page.evaluate(LOOK)))
