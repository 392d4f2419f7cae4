"""五篇原文: every phrase that names a mechanism stands there, and every link leads to a page."""

import re
import tomllib

import pytest

from linli.interfaces.cli.demo.venues import load_venues
from linli.interfaces.desk.documents.five import PAGES, folded, rows
from linli.interfaces.desk.tests.documents_help import GOLDEN
from linli.interfaces.desk.tests.help import enter

pytestmark = pytest.mark.django_db


def test_the_table_has_every_row_once_and_names_pages_that_have_a_title():
    found = rows()
    assert len({r.id for r in found}) == len(found) == 211
    assert all(int(r.id[:3]) == r.text and r.phrases and r.area for r in found)
    assert {r.page for r in found} - {""} <= set(PAGES)


def test_folding_keeps_where_each_character_stood():
    plain, places = folded("“三個，‘街區’ 党支部”")
    assert plain == "三个街区党支部"
    assert [places[0], places[2], places[-1]] == [1, 5, 11]


@pytest.mark.parametrize("number", range(1, 6))
def test_every_phrase_is_found_in_its_text_and_shown_with_its_page(world, number):
    page = enter(world, "lingdao").get(f"/desk/documents/five/{number}/").content.decode()
    own = [r for r in rows() if r.text == number - 1]
    for row in own:
        assert f'id="f-{row.id}"' in page
        assert all(p.replace("&", "&amp;") in page for p in row.phrases if "'" not in p)
    lost = [r.id for r in own if not re.search(rf'data-f="[^"]*{r.id}', page)]
    assert lost == []
    assert "尚未建成" in page


@pytest.mark.slow
def test_every_link_leads_a_leader_to_a_page(world):
    load_venues(world.units, world.areas, world.now)  # the maps that the portal shows are the demonstration's
    client = enter(world, "lingdao")
    assert client.get("/desk/documents/five/")["Location"] == "/desk/documents/five/1/"
    links = set()
    for number in range(1, 6):
        page = client.get(f"/desk/documents/five/{number}/").content.decode()
        links |= set(re.findall(r'class="five__live" href="([^"]+)"', page))
    assert len(links) > 10
    answers = {link: client.get(link, follow=True).status_code for link in links}
    assert {link: code for link, code in answers.items() if code != 200} == {}
    assert client.get("/desk/documents/five/6/").status_code == 404
    assert enter(world, "wuye").get("/desk/documents/five/1/").status_code == 404


def test_no_person_of_the_texts_is_named_in_the_table():
    people = [p for f in GOLDEN.glob("00?.toml") for p in tomllib.loads(f.read_text(encoding="utf8"))["persons"]]
    words = "".join(p for r in rows() for p in r.phrases)
    assert len(people) > 20
    assert [p for p in people if p in words] == []
