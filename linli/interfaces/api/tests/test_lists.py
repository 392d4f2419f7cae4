"""Every list of the API takes the same few statements however many rows it has, and the filters of its desk page."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.engines.alerts import services as alerts
from linli.engines.alerts.tests.scenes import message
from linli.engines.cases import services as cases
from linli.engines.cases.models import Consultation
from linli.engines.cases.tests.steps import raise_case, to_closed
from linli.engines.indicators import services as indicators
from linli.foundation.journal import services as journal
from linli.foundation.journal.models import Entry
from linli.foundation.people.models import Unit
from linli.foundation.places.models import Area
from linli.foundation.venues.models import Venue
from linli.interfaces.api.root import openapi

pytestmark = pytest.mark.django_db
DAYS = "since=2026-02-20&until=2026-03-21"


def copied(row, times, **fresh):
    """Save copies of a row, with other names."""
    for n in range(times):
        row.pk, row.uuid, row._state.adding = None, uuid4(), True
        for name, value in fresh.items():
            setattr(row, name, value(n))
        row.save(force_insert=True)


def counted(program, address):
    """Return how many statements an answer takes, once what is kept in memory is there."""
    program.get(address)
    with CaptureQueriesContext(connection) as seen:
        answer = program.get(address)
    assert answer.status_code == 200, answer.content
    return len(seen)


# Operation → walker, address, statements.
LISTS = {
    "listCases": ("shift_leader", "/cases", 4),
    "listEvents": ("shift_leader", "/cases/{number}/events", 5),
    "listAreas": ("shift_leader", "/areas", 4),
    "areaBorders": ("shift_leader", "/areas.geojson", 3),
    "listUnits": ("shift_leader", "/units", 4),
    "listVenues": ("shift_leader", "/venues", 4),
    "listCategories": ("shift_leader", "/categories", 3),
    "listRules": ("shift_leader", "/rules", 3),
    "listConsultations": ("shift_leader", "/consultations", 4),
    "listAlerts": ("shift_leader", "/alerts", 4),
    "listFigures": ("shift_leader", "/figures", 3),
    "listFigureRows": ("shift_leader", f"/figures/intake/rows?{DAYS}", 4),
    "listReadings": ("shift_leader", f"/figures/intake/readings?{DAYS}", 4),
}


def fill(site, many):
    """Lay so many more rows of everything that is listed."""
    world, by = site.world, site.world.actor("paidan")
    for n in range(many):
        case, later = raise_case(world), world.now + timedelta(days=n)
        alerts.take(by=by, now=world.now, message=message(world.now, f"A{n}"))
        cases.note(by=by, now=later, case=site.case, text=f"第 {n} 次记录")
        Consultation.objects.create(
            title=f"协商 {n}", level=case.level, held_at=later, called_label="值班长", called_at=world.now
        )
    home = Area.objects.get(pk=world.areas["陶家宅"].pk)
    under = home.path
    copied(home, many, code=lambda n: f"X{n:03}", name=lambda n: f"新居民区 {n}", path=lambda n: f"{under}9{n:03}/")
    copied(Unit.objects.get(pk=world.units["enforcement"].pk), many, name=lambda n: f"新单位 {n}")
    copied(Venue.objects.first(), many, name=lambda n: f"新场所 {n}")


def test_every_list_of_the_document_is_counted_here():
    listed = {
        o["operationId"]
        for path in openapi()["paths"].values()
        for o in path.values()
        if o["operationId"].startswith("list") or o["operationId"] == "areaBorders"
    }
    # Of targets with their ledgers test_ledgers.py counts; ledgers are few and have no pages.
    assert listed == {*LISTS, "listJournal", "listTargets", "listLedgers"}


@pytest.mark.parametrize("operation", LISTS)
def test_a_list_takes_the_same_statements_for_many_rows_as_for_few(site, operation):
    walker, address, most = LISTS[operation]
    program = site.program(walker)
    address = address.format(number=site.case.number)
    indicators.fold_all(now=site.world.now)
    few = counted(program, address)
    fill(site, 6)
    indicators.fold_all(now=site.world.now)
    assert few == counted(program, address) == most


def test_the_journal_is_found_by_halving_its_ids(site):
    program, address = site.program("audit_admin"), f"/journal?{DAYS}"
    for more in (30, 60, 120):
        last = Entry.objects.order_by("-id").values_list("id", flat=True)[0]
        # Token, rate, grants, page; the last id twice, and two places by halving.
        assert counted(program, address) <= 6 + 2 * last.bit_length()
        fill_journal(site, more)


def fill_journal(site, many):
    """Write as many entries again."""
    for n in range(many):
        journal.record(by=site.world.actor("paidan"), verb="cases.note", kind="case", uuid=uuid4(), label=f"{n}",
                       now=site.world.now)  # fmt: skip


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("tab=new", 1), ("tab=doing", 1), ("tab=closed", 1), ("tab=overdue", 0), ("tab=closed&state=to_sign", 0),
        ("late=true", 0), ("figure=notified", 0), ("open=true", 2),
    ],
)  # fmt: skip
def test_cases_are_narrowed_as_by_the_tabs_of_the_desk(site, query, count):
    raise_case(site.world)
    to_closed(site.world, raise_case(site.world))
    found = site.program("shift_leader").get(f"/cases?{query}")
    assert (found.status_code, len(found.json()["results"])) == (200, count), found.json()


def test_venues_rules_and_the_journal_are_narrowed_as_on_their_pages(site):
    program, auditor = site.program("shift_leader"), site.program("audit_admin")
    everything = len(program.get("/rules").json()["results"])
    unproved = program.get("/rules?only=unproved").json()["results"]
    assert 0 < len(unproved) < everything
    assert {r["mark"] for r in unproved} <= {"M", "G"}
    assert program.get("/rules?only=own").json()["results"] == []
    found = program.get("/rules?q=accounts.token 天").json()["results"]
    assert all(r["code"].startswith("accounts.token") for r in found)
    assert program.get("/rules?only=x").status_code == 422
    assert program.get("/venues?facility=nothing").json()["results"] == []
    assert program.get("/venues?open_now=true").status_code == 200
    to_closed(site.world, raise_case(site.world))
    everybody = auditor.get(f"/journal?{DAYS}").json()["results"]
    name = next(e["actor"] for e in everybody if e["verb"] == "cases.accept")
    by = auditor.get(f"/journal?{DAYS}&who={name.split()[-1]}").json()["results"]
    assert {e["actor"] for e in by} == {name}
    assert len(by) < len(everybody)
    assert auditor.get(f"/journal?{DAYS}&who=nobody-at-all").json()["results"] == []


def test_consultations_are_read_on_by_their_cursor(site):
    fill(site, 5)
    program = site.program("shift_leader")
    first = program.get("/consultations?size=3").json()
    rest = program.get(f"/consultations?size=3&cursor={first['next']}").json()
    assert [c["title"] for c in first["results"] + rest["results"]] == [f"协商 {n}" for n in range(5)]
    assert rest["next"] == ""
