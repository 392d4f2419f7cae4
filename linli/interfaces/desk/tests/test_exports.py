"""Every list as a file: the rows of the page and no more, for several people; what is sent, refused, journalled."""

import csv
import io
import json

import openpyxl
import pytest

from linli.foundation.core import clock
from linli.foundation.exports.types import LISTINGS
from linli.foundation.journal.models import Entry
from linli.interfaces.desk.tests.help import enter

pytestmark = pytest.mark.django_db

# The list's page, and what of a row of its page stands in the first column of the file.
PAGES = {
    "cases": ("/desk/", lambda row: row["case"].number if "case" in row else row["number"]),
    "tasks": ("/desk/tasks/", lambda row: row.task.title),
    "projects": ("/desk/projects/", lambda row: row["project"].number),
    "blockers": ("/desk/projects/blockers/", lambda row: row.cause),
    "meetings": ("/desk/meetings/", None),
    "topics": ("/desk/topics/", None),
    "motions": ("/desk/deputies/", None),
    "documents": ("/desk/documents/", None),
    "devices": ("/desk/signals/devices/", None),
    "signals": ("/desk/signals/decided/", None),
    "rounds": ("/desk/fieldwork/", None),
    "records": ("/desk/fieldwork/records/", None),
    "findings": ("/desk/fieldwork/findings/", None),
    "demands": ("/desk/visits/demands/", None),
    "todos": ("/desk/civility/todos/", None),
    "surveys": ("/desk/surveys/", None),
    "members": ("/desk/alliance/members/", None),
    "claims": ("/desk/alliance/claims/", None),
    "agreements": ("/desk/alliance/agreements/", None),
    "roots": ("/desk/roots/", None),
    "callbacks": ("/desk/callbacks/", None),
    "guidance": ("/desk/guidance/", None),
}
PEOPLE = ("paidan", "zhiban", "wuye", "shuji", "minjing", "lingdao")


def send(client, code, form="csv", query="", **more):
    return client.post(f"/desk/exports/of/{code}/", {"form": form, "query": query, **more})


def lines(answer):
    text = b"".join(answer).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.fixture
def frozen(world, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: world.now)
    return world


@pytest.mark.parametrize("code", sorted(LISTINGS))
def test_every_list_is_taken_out_in_its_forms_with_its_head_and_columns(frozen, code):
    client, listing = enter(frozen, "zhiban"), LISTINGS[code]
    more = {"fixed": "code=intake"} if code == "figure_rows" else {}
    for form in listing.forms:
        answer = send(client, code, form.value, **more)
        assert answer.status_code == 200, (code, form)
        assert "attachment" in answer["Content-Disposition"]
        assert answer["Cache-Control"] == "private, no-store"
        content = b"".join(answer)
        if form == "geojson":
            found = json.loads(content)
            assert str(listing.title) in found["name"]
        elif form == "csv":
            assert content.startswith(b"\xef\xbb\xbf")
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
            assert rows[0][0].startswith(str(listing.title))
            assert "值班长" in rows[0][0]
            assert rows[1] == [str(c.label) for c in listing.columns]
        else:
            book = openpyxl.load_workbook(io.BytesIO(content))
            heads = next(book.worksheets[0].iter_rows(min_row=2, max_row=2, values_only=True))
            assert list(heads) == [str(c.label) for c in listing.columns]
    assert Entry.objects.filter(verb="exports.send", label=code).count() == len(listing.forms)


def test_every_list_has_its_button_on_its_page(frozen):
    client = enter(frozen, "zhiban")
    assert set(PAGES) | {"figure_rows"} == set(LISTINGS)
    for code, (url, _key) in PAGES.items():
        page = client.get(url)
        assert page.status_code == 200, url
        assert f'action="/desk/exports/of/{code}/"' in page.content.decode(), code
