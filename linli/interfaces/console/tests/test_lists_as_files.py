"""The console's lists as files: what the page shows, to whom it shows it, and who took it out stands in the journal."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.engines.cases import services as cases
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.exports.types import LISTINGS
from linli.foundation.journal import services as journal
from linli.foundation.journal.models import Entry
from linli.foundation.people import services as people
from linli.interfaces.desk.tests.exports_help import button, lines, status, take
from tests.login import log_in

pytestmark = pytest.mark.django_db

# The page of each list, and who opens it.
PAGES = {
    "journal": ("/console/journal/", "shenji"),
    "people": ("/console/people/", "anquan"),
    "units": ("/console/units/", "anquan"),
    "absences": ("/console/absences/", "anquan"),
    "areas": ("/console/areas/", "xitong"),
    "venues": ("/console/venues/", "xitong"),
    "bodies": ("/console/bodies/", "xitong"),
    "laws": ("/console/laws/", "xitong"),
    "categories": ("/console/categories/", "xitong"),
    "posters": ("/console/posters/", "xitong"),
    "stations": ("/console/stations/", "xitong"),
    "phrases": ("/console/phrases/", "xitong"),
    "routing_versions": ("/console/routing/history/", "xitong"),
}
EVERYBODY = ("shenji", "anquan", "xitong", "zhiban", "paidan", "wuye", "shuji", "jumin")


@pytest.fixture
def at(world):
    cases.adopt_phrases(by=SYSTEM, now=world.now)
    with clock.frozen(world.now):
        yield world


def enter(world, who):
    return log_in(Client(), world.users[who])


@pytest.mark.parametrize("code", sorted(PAGES))
def test_who_opens_the_page_takes_it_out_and_nobody_else(at, code):
    url, opener = PAGES[code]
    for who in EVERYBODY:
        client = enter(at, who)
        opens, taken = client.get(url).status_code, status(client, code)
        if who == "jumin":
            assert (opens, taken) == (404, 403)
            continue
        assert opens in {200, 404}, (who, opens)
        assert taken == opens, who
        if opens == 200:
            assert button(client, url, code)
    assert status(enter(at, opener), code) == 200


@pytest.mark.parametrize("code", sorted(PAGES))
def test_each_leaves_in_all_its_forms_with_its_columns(at, code):
    client, listing = enter(at, PAGES[code][1]), LISTINGS[code]
    for form in listing.forms:
        assert status(client, code, form=form.value) == 200
    rows = lines(take(client, code))
    assert rows[0][0].startswith(str(listing.title))
    assert rows[1] == [str(c.label) for c in listing.columns]


def test_the_people_are_those_of_the_page_with_their_posts(at):
    client = enter(at, "anquan")
    page = client.get("/console/people/?role=dispatcher").context["people"]
    rows = lines(take(client, "people", query="role=dispatcher"))
    assert [r[0] for r in rows[2:]] == [p["user"].display_name for p in page]
    assert len(rows) > 2
    assert "派单员" in rows[0][0]
    assert all("・" in r[2] for r in rows[2:])
    entry = Entry.objects.filter(verb="exports.send").latest("id")
    assert (entry.label, (entry.after or {})["fields"]) == ("people", ["role"])
    assert "dispatcher" not in json.dumps(entry.after)


def test_the_units_have_a_row_for_each_post_and_say_which_is_vacant(at):
    client = enter(at, "anquan")
    empty = people.create_unit(by=at.actor("xitong"), now=at.now, name="空着的单位", short_name="", kind="other")
    rows = lines(take(client, "units"))[2:]
    assert [r[4] for r in rows if r[0] == empty.name] == [""]
    assert [r[7] for r in rows if r[0] == empty.name] == ["还没有岗位"]
    held = {
        u["unit"].name: [p["post"].title for p in u["posts"]] for u in client.get("/console/units/").context["units"]
    }
    for name, titles in held.items():
        assert [r[4] for r in rows if r[0] == name] == (titles or [""]), name


def test_the_journal_leaves_for_the_days_asked_for_and_personal_values_stay_commitments(at):
    journal.record(
        by=SYSTEM, now=at.now, verb="cases.dispatch", kind="case", uuid=None, label="=HY1", reason="派给城管",
        before={"unit": "甲"}, after={"unit": "乙", "phone": "13812345678"}, personal=("phone",),
    )  # fmt: skip
    rows = lines(take(enter(at, "shenji"), "journal", query="q=HY1"))
    assert at.now.date().isoformat() in rows[0][0]
    assert len(rows) == 3
    row = dict(zip(rows[1], rows[2], strict=True))
    assert row["理由"] == "派给城管"
    assert row["对象"] == "'=HY1", "no cell is a formula"
    assert "甲" in row["改前"]
    assert "乙" in row["改后"]
    assert "13812345678" not in ",".join(rows[2])
    assert "承诺值" in row["改后"]
    assert len(lines(take(enter(at, "shenji"), "journal", query="q=HY1&until=2020-01-01"))) == 2


def test_venues_have_their_places_and_areas_their_tree(at):
    client = enter(at, "xitong")
    found = json.loads(b"".join(take(client, "venues", "geojson")))
    assert found["type"] == "FeatureCollection"
    areas = lines(take(client, "areas"))[2:]
    page = client.get("/console/areas/").context["rows"]
    assert [r[0] for r in areas][: len(page)] == [r["area"].name for r in page]
    assert any(r[2] for r in areas), "those below somebody name him"


@pytest.mark.parametrize("code", ["units", "people", "areas", "categories", "venues"])
def test_what_it_costs_does_not_grow_with_its_rows(at, code):
    client = enter(at, PAGES[code][1])
    status(client, code)

    def statements(query):
        with CaptureQueriesContext(connection) as taken:
            assert status(client, code, query=query) == 200
        return len(taken)

    assert statements("") <= statements("q=%E5%8D%8E") + 4
