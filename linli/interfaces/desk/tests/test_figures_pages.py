"""The pages of figures: read, opened, taken out, watched; who gets which; what was typed is not lost."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from linli.engines.cases.models import Case
from linli.engines.cases.tests.steps import raise_case, to_closed
from linli.engines.indicators import services
from linli.engines.indicators.models import OutsideFigure, Watch
from linli.engines.projects import services as projects
from linli.engines.projects.types import Asked, NewEntry, NewTask
from linli.foundation.core import clock
from linli.foundation.journal.models import Entry
from linli.foundation.messages.models import Message
from linli.foundation.places.models import Area
from linli.programmes.civility import services as civility
from linli.programmes.civility.models import Campaign
from tests.login import log_in

pytestmark = pytest.mark.django_db
URL = "/desk/figures/"


@pytest.fixture
def folded(world: Any) -> Any:
    """Two cases closed, one open; the clock stands an hour on."""
    made = [to_closed(world, raise_case(world)) for _n in range(2)] + [raise_case(world)]
    services.fold_all(now=world.now)
    with clock.frozen(world.now + timedelta(hours=1)):
        yield made


def sheet_of(answer: Any) -> Any:
    """Return the first sheet of a table file."""
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active


def test_the_overview_shows_each_figure_with_its_parts_and_opens_it(client, world, folded):
    log_in(client, world.users["lingdao"])
    page = client.get(URL)
    assert page.status_code == 200
    text = page.content.decode()
    assert "按时办结率" in text
    assert "2 / 2" in text
    assert f"{URL}on_time/?since=" in text
    only = client.get(f"{URL}?show=intake&since=2026-03-01&until=2026-03-31").content.decode()
    assert "受理量" in only
    assert f"{URL}on_time/" not in only


def test_a_figure_opens_down_to_the_case(client, world, folded):
    log_in(client, world.users["paidan"])
    page = client.get(f"{URL}on_time/?by=unit")
    rows = page.context["rows"]
    assert [(r["label"], r["value"], r["out_of"], r["place"]) for r in rows] == [
        (str(world.units["enforcement"].short_name), "100.0%", "2 / 2", None)
    ]
    assert "件数不足" in page.content.decode()
    listed = client.get(rows[0]["part_url"])
    assert [r.number for r, _spent in listed.context["rows"]] == [folded[1].number, folded[0].number]
    assert f"/desk/cases/{folded[0].number}/" in listed.content.decode()


@pytest.mark.parametrize("by", ["", "unit", "area_path", "category", "level", "source"])
@pytest.mark.parametrize("code", ["intake", "backlog", "overdue", "satisfaction", "time_to_close", "return_rate"])
def test_every_grouping_shows_and_prints(client, world, folded, code, by):
    log_in(client, world.users["lingdao"])
    page = client.get(f"{URL}{code}/?by={by}&day=2026-03-09")
    assert page.status_code == 200
    assert "怎么算" in page.content.decode()


@pytest.mark.parametrize(
    "query", ["since=nonsense", "since=2026-03-09&until=2020-01-01", "unit=zzz&area_path='&category=x", "days=99999"]
)
def test_nonsense_in_the_address_is_left_out(client, world, folded, query):
    log_in(client, world.users["lingdao"])
    assert client.get(f"{URL}?{query}").status_code == 200
    assert client.get(f"{URL}intake/rows/?{query}&by=unit&key=abc").status_code == 200


def test_a_table_file_holds_what_the_page_shows_and_is_journalled(client, world, folded):
    log_in(client, world.users["lingdao"])
    answer = client.post("/exports/of/figure/", {"form": "xlsx", "query": "by=unit", "fixed": "code=on_time"})
    sheet = sheet_of(answer)
    lines = list(sheet.iter_rows(values_only=True))
    assert "导出人" in lines[0][0]
    assert lines[2][1:7] == ("部门和单位", str(world.units["enforcement"].short_name), "100.00", "％", 2, 2)
    assert lines[3][2] == "合计"
    assert lines[0][0].startswith("按时办结率")
    taken = Entry.objects.get(verb="exports.send", label="figure").after
    assert taken is not None
    assert taken["title"] == "按时办结率"
    asked = {"form": "csv", "query": "", "fixed": "code=on_time"}
    text = b"".join(client.post("/exports/of/figure_rows/", asked)).decode("utf-8-sig")
    assert [line[0] for line in csv.reader(io.StringIO(text))][2:] == [folded[1].number, folded[0].number]
    unknown = {**asked, "fixed": "code=nothing"}
    assert client.post("/exports/of/figure_rows/", unknown).status_code == 404
    whole = client.post("/exports/of/figures/", {"form": "xlsx", "query": "show=intake"})
    assert sheet_of(whole)["B3"].value == "受理量"


def test_the_page_of_a_figure_takes_few_statements(client, world, folded, django_assert_max_num_queries):
    log_in(client, world.users["lingdao"])
    client.get(URL)
    with django_assert_max_num_queries(34):
        client.get(URL)
    with django_assert_max_num_queries(24):
        client.get(f"{URL}on_time/?by=area_path")
    with django_assert_max_num_queries(8):
        client.get(f"{URL}on_time/rows/")


def test_a_threshold_tells_once_and_again_only_after_it_was_back(client, world, folded):
    log_in(client, world.users["lingdao"])
    missing = client.post(f"{URL}intake/watch/", {"above": "1", "threshold": "两件", "days": "30"})
    assert missing.status_code == 422
    assert 'value="两件"' in missing.content.decode()
    assert client.post(f"{URL}intake/watch/", {"above": "1", "threshold": "2", "days": "30"}).status_code == 302
    told = Message.objects.filter(template="indicators.crossed")
    assert [services.look(now=world.now), services.look(now=world.now)] == [1, 0]
    assert told.count() == 1
    assert told.get().user_id == world.users["lingdao"].pk
    assert "已越过" in client.get(f"{URL}watches/").content.decode()
    later = world.now + timedelta(days=40)
    services.fold_all(now=later)
    assert services.look(now=later) == 0
    assert Watch.objects.get().raised_at is None
    for _n in range(3):
        raise_case(world, now=later)
    services.fold_all(now=later)
    assert services.look(now=later) == 1
    assert told.count() == 2
    watch = Watch.objects.get()
    log_in(client, world.users["zhiban"])
    assert client.post(f"{URL}watches/{watch.uuid}/drop/").status_code == 404
    log_in(client, world.users["lingdao"])
    assert client.post(f"{URL}watches/{watch.uuid}/drop/").status_code == 302
    assert not Watch.objects.exists()


def test_a_threshold_of_somebody_who_may_no_longer_read_says_nothing(client, world, folded):
    actor = world.actor("zhongdui")
    services.set_watch(by=actor, now=world.now, figure="closed", above=True, threshold=1, days=30)
    Watch.objects.update(user=world.users["jumin"].pk)
    assert services.look(now=world.now) == 0
    assert not Message.objects.filter(template="indicators.crossed").exists()


@pytest.mark.mechanism("001-28")
def test_what_is_asked_of_each_neighbourhood_stands_beside_its_size(client, world, folded):
    listed = projects.enter_entry(
        by=world.actor("xitong"), now=world.now,
        entry=NewEntry(title="协助消防宣传", source="区清单第3项", valid_from=world.now.date()),
    )  # fmt: skip
    Area.objects.filter(pk=world.areas["陶家宅"].pk).update(households=1600)
    due, unit = world.now.date() + timedelta(days=9), world.units["@陶家宅"].pk
    common: dict[str, Any] = {"unit_id": unit, "due_on": due}
    projects.create_tasks(
        by=world.actor("paidan"), now=world.now,
        tasks=[
            NewTask(title="发放告知书", admission_id=listed.pk, **common),
            NewTask(title="独居老人统计表", what=Asked.FORM, admission_id=listed.pk, **common),
            NewTask(title="独居老人统计表", what=Asked.FORM, outside_reason="上级临时要", **common),
        ],
    )  # fmt: skip
    log_in(client, world.users["lingdao"])
    Area.objects.filter(name__startswith="华一").update(households=None)
    page = client.get(f"{URL}burden/")
    row = next(r for r in page.context["rows"] if r.name.startswith("陶家宅"))
    assert (row.tasks, row.forms, row.outside, row.repeated, row.minutes) == (1, 2, 1, 1, 240)
    assert (row.households, row.hours_each_thousand) == (1600, 2.5)
    assert {r.hours_each_thousand for r in page.context["rows"] if not r.households} == {None}
    names = [r.name for r in page.context["rows"]]
    assert len(names) == len(set(names)) == len(world.areas)
    assert f"/desk/asked/rows/?unit={unit}&amp;since=" in page.content.decode()
    taken = {"form": "xlsx", "query": "since=2026-03-01&until=2026-03-31"}
    sheet = sheet_of(client.post("/exports/of/burden/", taken))
    assert "2026-03-01 至 2026-03-31" in sheet["A1"].value
    assert [row[0].value for row in sheet.iter_rows(min_row=3)] == names
    log_in(client, world.users["shuji"])
    sheet = sheet_of(client.post("/exports/of/burden/", taken))
    assert [row[0].value for row in sheet.iter_rows(min_row=3)] == ["陶家宅居民区"]
    assert [r.name for r in client.get(f"{URL}burden/").context["rows"]] == ["陶家宅居民区"]


@pytest.mark.mechanism("001-33")
def test_interaction_shows_its_parts_and_outside_figures_beside_it_unranked(client, world, folded):
    Area.objects.filter(pk=world.areas["陶家宅"].pk).update(households=1500)
    log_in(client, world.users["lingdao"])
    given = {"platform": "社区云", "name": "居民互动指数", "month": "2026-03", "lines": "陶家宅,88.5,3\n没有的,1"}
    refused = client.post(f"{URL}interaction/", given)
    assert refused.status_code == 422
    assert "第 2 行" in refused.content.decode()
    assert "没有的,1" in refused.content.decode()
    assert not OutsideFigure.objects.exists()
    assert client.post(f"{URL}interaction/", given | {"lines": "陶家宅居民区\t88.5\t3\n华一，70"}).status_code == 302
    rows = {r.name: r for r in client.get(f"{URL}interaction/").context["rows"]}
    mine = rows["陶家宅居民区"]
    assert dict(mine.parts) == {"reports": 3, "ratings": 0, "visits": 0}
    assert (mine.households, mine.index) == (1500, 2)
    assert [(float(o.value), o.place) for o in mine.outside] == [(88.5, 3)]
    text = client.get(f"{URL}interaction/").content.decode()
    assert "（第 3 位）" in text
    assert "只作了解，不作目标，不排名" in text
    assert list(rows) == [a.name for a in sorted(world.areas.values(), key=lambda a: a.path)]
    client.post(f"{URL}interaction/", given | {"lines": "陶家宅,90"})
    assert OutsideFigure.objects.filter(area=world.areas["陶家宅"]).count() == 1
    one = OutsideFigure.objects.first()
    assert one is not None
    log_in(client, world.users["shuji"])
    assert client.post(f"{URL}interaction/", given | {"lines": "陶家宅,1"}).status_code in (403, 422)
    assert client.post(f"{URL}interaction/{one.uuid}/withdraw/").status_code == 403
    log_in(client, world.users["lingdao"])
    assert client.post(f"{URL}interaction/{one.uuid}/withdraw/").status_code == 302
    assert not OutsideFigure.objects.exists()


def test_the_hotline_score_shows_its_parts_and_is_blank_without_them(client, world, folded):
    log_in(client, world.users["lingdao"])
    assert "这段时间没有热线工单" in client.get(f"{URL}hotline/").content.decode()
    to_closed(world, raise_case(world, source="hotline", external_number="SH2026-1"))
    services.fold_all(now=world.now)
    page = client.get(f"{URL}hotline/")
    (one,) = page.context["groups"][0][1]
    assert one.score is None
    assert one.parts["solved"].value == 0
    assert "热线考核分" in page.content.decode()


@pytest.mark.parametrize(
    "codes",
    [
        pytest.param(
            ["garbage", "corridor_clutter", "falling_objects", "flying_wires"],
            marks=pytest.mark.mechanism("004-18"),
        ),
        pytest.param(["abandoned_vehicle", "green_damage", "posters"], marks=pytest.mark.mechanism("004-21")),
    ],
)
def test_a_campaign_over_its_kinds_counts_before_and_after_and_each_kind_has_its_figures(client, world, codes):
    before, after = world.now - timedelta(days=12), world.now
    for code in codes:
        raise_case(world, code, now=before)
        raise_case(world, code, now=before)
    log_in(client, world.users["zhiban"])
    first = (world.now - timedelta(days=9)).date()
    with clock.frozen(world.now - timedelta(days=9)):
        made = client.post(
            "/desk/civility/campaigns/new/",
            {
                "kind": "cleaning", "title": "集中整治", "plan": "逐楼清理", "unit_id": world.units["management"].pk,
                "starts_on": first, "ends_on": world.now.date(), "categories": codes,
            },
        )  # fmt: skip
    assert made.status_code == 302
    campaign = Campaign.objects.get()
    assert (campaign.before["of"], campaign.before["open"]) == (dict.fromkeys(codes, 2), 2 * len(codes))
    raise_case(world, codes[0], now=after)
    with clock.frozen(world.now + timedelta(hours=1)):
        civility.end_campaign(by=world.actor("zhiban"), now=world.now, uuid=campaign.uuid, result="已清理")
        services.fold_all(now=world.now)
        campaign.refresh_from_db()
        assert campaign.after["of"] == {code: int(code == codes[0]) for code in codes}
        since, until = first, world.now.date()
        log_in(client, world.users["zhiban"])
        page = client.get(f"{URL}intake/?by=category&since={since}&until={until}")
        assert [r["value"] for r in page.context["rows"]] == ["1"]
        category = Case.objects.filter(category__code=codes[0]).values_list("category", flat=True)[0]
        narrowed = client.get(f"{URL}?show=intake&category={category}&since={since}&until={until}").content.decode()
    assert "上一期 2" in narrowed
