"""Figures by the API: the desk's own numbers, for who reads them there, told apart, by stretches, down to the rows."""

from datetime import date, timedelta

import pytest

from linli.engines.cases.tests.steps import raise_case, to_closed
from linli.engines.indicators import selectors, services
from linli.engines.indicators.definitions import FIGURES
from linli.engines.indicators.models import Reading
from linli.engines.indicators.selectors import Period
from linli.engines.indicators.types import Dimension
from linli.foundation.core import clock

pytestmark = pytest.mark.django_db
MONTH = "since=2026-02-10&until=2026-03-12"


@pytest.fixture
def folded(site):
    """Two cases closed and two open, one of them the site's; the clock stands an hour on."""
    made = [to_closed(site.world, raise_case(site.world)) for _n in range(2)] + [raise_case(site.world)]
    services.fold_all(now=site.world.now)
    with clock.frozen(site.world.now + timedelta(hours=1)):
        yield made


def test_the_list_says_what_each_figure_counts_and_on_whose_authority(site):
    program = site.program("shift_leader")
    answer = program.get("/figures")
    rows = {r["code"]: r for r in answer.json()["results"]}
    assert set(rows) == set(FIGURES)
    assert rows["on_time"]["name"] == "按时办结率"
    assert rows["on_time"]["compares"] == ["area", "unit"]
    assert (rows["on_time"]["unit"], rows["on_time"]["mark"]) == ("share", "C")
    assert all(r["formula"] and r["source"] for r in rows.values())
    assert program.get("/figures?fields=name").json()["results"][0].keys() == {"code", "name"}
    same = program.get("/figures", if_none_match=answer["ETag"])
    assert (same.status_code, same["ETag"], same.content) == (304, answer["ETag"], b"")


def test_a_figure_is_that_of_the_desk_and_told_apart_by_what_the_api_names(site, folded):
    program, world = site.program("shift_leader"), site.world
    found = program.get(f"/figures/on_time?{MONTH}&by=unit").json()
    assert (found["total"]["value"], found["total"]["part"], found["total"]["whole"]) == (100.0, 2.0, 2)
    (row,) = found["values"]
    assert (row["key"], row["few"], row["place"]) == (str(world.units["enforcement"].pk), True, None)
    assert found["folded_at"] is not None
    period = Period(date(2026, 2, 10), date(2026, 3, 12))
    for code in FIGURES:
        by_api = program.get(f"/figures/{code}?{MONTH}").json()["total"]
        by_desk = selectors.counted(world.actor("zhiban"), code, period, now=clock.now()).total
        assert (by_api["value"], by_api["part"], by_api["whole"], by_api["p90"]) == (
            by_desk.value, by_desk.part, by_desk.whole, by_desk.second,
        )  # fmt: skip
    area = world.areas["陶家宅"]
    told = program.get(f"/figures/intake?{MONTH}&by=area").json()["values"]
    assert all(v["key"] == "" or v["key"].isdigit() for v in told)
    coded = program.get(f"/figures/intake?{MONTH}&by=category").json()["values"]
    assert {v["key"] for v in coded} == {c.category.code for c in [*folded, site.case]}
    code = coded[0]["key"]
    narrowed = program.get(f"/figures/intake?{MONTH}&category={code}").json()["total"]["whole"]
    assert narrowed == coded[0]["whole"]
    inside = program.get(f"/figures/intake?{MONTH}&area={area.pk}").json()["total"]["whole"]
    assert (
        inside
        == selectors.counted(
            world.actor("zhiban"),
            "intake",
            period,
            narrow=selectors.narrow_of(Dimension.AREA, area.path),
            now=clock.now(),
        ).total.whole
    )


def test_a_series_sums_to_the_figure_and_readings_are_what_was_read(site, folded):
    program = site.program("shift_leader")
    series = program.get(f"/figures/intake/series?{MONTH}").json()["results"]
    assert len(series) == 31
    assert sum(p["whole"] for p in series) == program.get(f"/figures/intake?{MONTH}").json()["total"]["whole"] == 4
    weeks = program.get("/figures/intake/series?since=2025-09-01&until=2026-03-12").json()["results"]
    assert len(weeks) < 40
    Reading.objects.all().delete()
    Reading.objects.create(day="2026-03-09", figure="intake", days=30, part=3, whole=3, value=3.0)
    (read,) = program.get(f"/figures/intake/readings?{MONTH}").json()["results"]
    assert read == {"day": "2026-03-09", "days": 30, "value": 3.0, "part": 3.0, "whole": 3}
    unit = site.world.units["enforcement"].pk
    assert program.get(f"/figures/intake/readings?{MONTH}&unit={unit}").json()["results"] == []
    assert program.get(f"/figures/intake/readings?{MONTH}&unit={unit}&area=1").status_code == 422


def test_a_figure_opens_down_to_its_rows_page_by_page(site, folded):
    program = site.program("dispatcher")
    first = program.get(f"/figures/intake/rows?{MONTH}&size=3").json()
    rest = program.get(f"/figures/intake/rows?{MONTH}&size=3&cursor={first['next']}").json()
    numbers = [r["number"] for r in first["results"] + rest["results"]]
    assert sorted(numbers) == sorted({site.case.number, *(c.number for c in folded)})
    assert rest["next"] == ""
    part = program.get(f"/figures/on_time/rows?{MONTH}&part=true&fields=minutes,in_part").json()["results"]
    assert [(r["number"], r["in_part"]) for r in part] == [(folded[1].number, True), (folded[0].number, True)]
    assert set(part[0]) == {"number", "in_part", "minutes"}
    unit = site.world.units["enforcement"].pk
    of_unit = program.get(f"/figures/on_time/rows?{MONTH}&by=unit&key={unit}").json()["results"]
    assert len(of_unit) == 2
    assert program.get(f"/figures/on_time/rows?{MONTH}&by=unit&key=-").json()["results"] == []
    code = folded[0].category.code
    assert len(program.get(f"/figures/on_time/rows?{MONTH}&by=category&key={code}").json()["results"]) == 2
    assert program.get(f"/figures/on_time/rows?{MONTH}&by=category&key=nothing").status_code == 404


def test_figures_are_for_who_reads_them_on_the_desk_and_of_their_own_cases(site, folded):
    for nobody in ("resident", "community_worker", "unit_handler", "system_admin", "contractor!"):
        refused = site.program(nobody).get("/figures")
        assert (refused.status_code, refused.json()["code"] in {"api.staff", "indicators.reader"}) == (403, True)
    assert site.program("dispatcher", ["cases:read"]).get("/figures").json()["code"] == "accounts.scope"
    for other in ("unit_head!", "neighbourhood_secretary!", "grid_head!"):
        program = site.program(other)
        assert program.get(f"/figures/intake?{MONTH}").json()["total"]["whole"] == 0
        assert program.get(f"/figures/intake/rows?{MONTH}").json()["results"] == []
        assert program.get(f"/figures/intake/readings?{MONTH}").status_code == 404
    assert site.program("dispatcher").get("/figures/nothing").json()["code"] == "indicators.figure"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=2026-03-02&until=2026-03-01", "since"), ("since=2020-01-01&until=2026-03-01", "since"),
        ("category=nothing", "category"), ("area=999999", "area"), ("level=x", "query.level"), ("by=person", "by"),
        ("since=nonsense", "query.since"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_question_is_said_at_its_field(site, query, field):
    refused = site.program("dispatcher").get(f"/figures/intake?{query}")
    assert refused.status_code == 422
    assert [f.removeprefix("query.") for f in refused.json()["fields"]] == [field.removeprefix("query.")]
