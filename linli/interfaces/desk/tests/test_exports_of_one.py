"""Lists of one of many as files: results of an evaluation, a round's visits, a station's pool; and what was asked."""

import json
from datetime import timedelta
from typing import Any

import pytest

from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.models import Target, Visit
from linli.engines.fieldwork.tests.scenes import enter_form, enter_shops, opened, visits_of
from linli.engines.fieldwork.types import Given
from linli.foundation.core.ids import uuid7
from linli.foundation.journal.models import Entry
from linli.interfaces.desk.tests.exports_help import (
    button,
    column,
    first,
    heads,
    lines,
    listed,
    statements,
    status,
    take,
)
from linli.interfaces.desk.tests.help import enter
from linli.interfaces.desk.tests.test_owners import speaker
from linli.interfaces.desk.tests.test_stations import shared, station
from linli.interfaces.desk.tests.visits_help import enter_target, enter_visit_form, open_round
from linli.programmes.owners import services as owners
from linli.programmes.owners.models import Evaluation
from linli.programmes.owners.tests.scenes import begin, committees, evaluate

pytestmark = pytest.mark.django_db
A, B, C = "陶家宅一村业委会", "=陶家宅二村业委会", "华一公寓业委会"


@pytest.fixture
def drive(at):
    """An evaluation with three results: one excellent, one vetoed, one of another 居民区."""
    committees(at, A, B)
    committees(at, C, area="华一")
    drive = begin(at)
    evaluate(at, drive, A, {"seal": "no"})
    evaluate(at, drive, B, {"revenue": "no"})
    evaluate(at, drive, C, who="shuji02")
    return drive


def name_of(row):
    return row["row"].target.name


def test_evaluations_leave_as_their_page_lists_them(at, drive):
    begin(at, title="2025 年评估", starts_on=drive.starts_on - timedelta(days=9))
    url = "/desk/owners/"
    for who in ("ducha", "shuji", "shuji02"):
        client = enter(at, who)
        for query in ("", "q=2025", "q=nothing"):
            assert first(client, "evaluations", query) == listed(client, url, lambda r: r["drive"].title, query), query
    found = lines(take(enter(at, "ducha"), "evaluations", query="q=2026"))
    assert "名称 “2026”" in found[0][0]
    assert column(found, "已提交") == ["3"]
    assert column(found, "范围") == ["全街道"]
    for who, code in (("jumin", 403), ("xitong", 403), ("danche", 403)):
        client = enter(at, who)
        assert status(client, "evaluations") == client.get(url).status_code == code


def test_results_leave_for_who_reads_them_under_the_evaluations_name(at, drive):
    url, fixed = f"/desk/owners/{drive.uuid}/results/", f"drive={drive.uuid}"
    area = at.areas["陶家宅"].path
    for who in ("ducha", "shuji", "shuji02"):
        client = enter(at, who)
        for query in ("", "grade=d", "state=scored", "q=一村", f"area={area}", "grade=x"):
            names = first(client, "evaluation_results", query, fixed=fixed)
            assert names == listed(client, url, name_of, query), (who, query)
        assert button(client, url, "evaluation_results")
    client = enter(at, "ducha")
    assert len(first(client, "evaluation_results", fixed=fixed)) == 3
    assert len(first(enter(at, "shuji02"), "evaluation_results", fixed=fixed)) == 1
    found = lines(take(client, "evaluation_results", query=f"grade=d&area={area}", fixed=fixed))
    assert found[0][0].startswith("2026 年业委会规范化运行评估：评估结果：共 1 行")
    assert "居民区 “陶家宅居民区”" in found[0][0]
    assert "等级 “不合格”" in found[0][0]
    assert found[2][:5] == [f"'{B}", "陶家宅居民区", "不合格", "是", "90.0"]
    entry: Any = Entry.objects.filter(verb="exports.send", label="evaluation_results").order_by("-id").first()
    assert entry.after["title"] == "2026 年业委会规范化运行评估：评估结果"


def test_a_committee_takes_out_its_own_result_alone_and_once_it_is_asked(at, drive):
    speaker(at)
    client, fixed = enter(at, "yeweihui"), f"drive={drive.uuid}"
    url = f"/desk/owners/{drive.uuid}/results/"
    before = client.get(url).status_code
    assert status(client, "evaluation_results", fixed=fixed) == before
    owners.ask_all(by=at.actor("ducha"), now=at.now, uuid=drive.uuid, expected=drive.version)
    assert first(client, "evaluation_results", fixed=fixed) == listed(client, url, name_of) == [A]


def test_what_is_to_be_mended_leaves_as_narrowed(at, drive):
    url, fixed = f"/desk/owners/{drive.uuid}/gaps/", f"drive={drive.uuid}"
    client = enter(at, "ducha")
    for query in ("", "open=yes", "open=no", f"area={at.areas['华一'].path}"):
        shown = listed(client, url, lambda r: r["finding"].target.name, query)
        assert first(client, "evaluation_gaps", query, fixed=fixed) == shown, query
    found = lines(take(client, "evaluation_gaps", query="open=yes", fixed=fixed))
    assert found[0][0].startswith("2026 年业委会规范化运行评估：整改清单：共 2 行")
    assert "状态 “未销项”" in found[0][0]
    assert "印章专人保管，用印有登记" in column(found, "没有做到的")
    assert button(client, url, "evaluation_gaps")
    assert first(enter(at, "shuji02"), "evaluation_gaps", fixed=fixed) == []


@pytest.mark.parametrize("code", ["evaluation_results", "evaluation_gaps"])
def test_one_evaluation_is_refused_as_its_page_is(at, drive, code):
    page = {"evaluation_results": "results", "evaluation_gaps": "gaps"}[code]
    for who in ("jumin", "xitong", "danche", "minjing"):
        client = enter(at, who)
        url = f"/desk/owners/{drive.uuid}/{page}/"
        assert status(client, code, fixed=f"drive={drive.uuid}") == client.get(url).status_code >= 403, who
    for fixed in ("", "drive=nonsense", f"drive={uuid7()}"):
        assert status(enter(at, "ducha"), code, fixed=fixed) == 404
    # What the address names in its path stands before what was typed behind it.
    assert status(enter(at, "ducha"), code, query=f"drive={uuid7()}", fixed=f"drive={drive.uuid}") == 200


def test_files_of_an_evaluation_ask_the_same_whatever_their_length(at, drive):
    client, fixed = enter(at, "ducha"), f"drive={drive.uuid}"
    codes = ("evaluations", "evaluation_results", "evaluation_gaps")
    had = {code: statements(client, code, fixed=fixed) for code in codes}
    record = Evaluation.objects.first()
    Evaluation.objects.bulk_create(
        Evaluation(
            drive=drive, target=t, record=record.record, area_path=t.area_path, earned=80, full=100, grade="b",
            checked_on=at.now.date(), counted_at=at.now,
        )
        for t in committees(at, *(f"陶家宅{n}号院业委会" for n in range(3, 40)))
    )  # fmt: skip
    begin(at, title="又一次")
    assert {code: statements(client, code, fixed=fixed) for code in codes} == had
    assert max(had.values()) < 22


@pytest.fixture
def walked(at):
    """A round over eight shops of two grids: one with a place given to somebody, one done, one far away."""
    fieldwork.load_shipped(now=at.now)
    enter_form(at.now)
    shops = enter_shops(at, 6)
    enter_shops(at, 2, area=at.areas["华一"])
    Target.objects.filter(pk=shops[0].pk).update(lat=31.22, lon=121.42)
    round_ = opened(at)
    visit = Visit.objects.get(round=round_, target=shops[0])
    given = Given(visit.uuid, visit.version, at.users["shegong"].pk, planned_on=at.now.date(), place=1)
    fieldwork.assign(by=at.actor("zhiban"), now=at.now, given=[given])
    return round_


def visit_name(row):
    return row["visit"].target.name


@pytest.mark.parametrize("who", ["zhiban", "shegong", "shuji02"])
def test_a_rounds_visits_leave_as_its_page_lists_them(at, walked, who):
    client, fixed = enter(at, who), f"round={walked.uuid}"
    url, area = f"/desk/fieldwork/rounds/{walked.uuid}/visits/", at.areas["华一"].pk
    someone = at.users["shegong"].pk
    for query in ("", "state=due", "state=nobody", f"area={area}", f"user={someone}", "occasion=2026-03-10", "state=x"):
        found = first(client, "round_visits", query, fixed=fixed)
        assert found == listed(client, url, visit_name, query), query
    assert button(client, url, "round_visits")


def test_the_file_of_visits_says_who_goes_when_and_names_no_other(at, walked):
    client, fixed = enter(at, "zhiban"), f"round={walked.uuid}"
    someone, resident = at.users["shegong"], at.users["jumin"]
    found = lines(take(client, "round_visits", query=f"user={someone.pk}&state=due", fixed=fixed))
    assert found[0][0].startswith(f"{walked.title}：走访清单：共 1 行")
    assert f"走访人 “{someone.display_name}”" in found[0][0]
    assert found[1] == ["对象", "地址", "状态", "未遇次数", "走访人", "区域", "期限", "排在", "第几站"]
    assert found[2][4] == someone.display_name
    assert found[2][7:] == ["2026-03-10", "1"]
    above = heads(client, "round_visits", f"user={resident.pk}", fixed=fixed)[0]
    assert resident.display_name not in above
    assert "共 0 行" in above


def test_visits_to_be_given_out_leave_with_their_points_for_who_leads_the_round(at, walked):
    url, fixed = f"/desk/fieldwork/rounds/{walked.uuid}/assign/", f"round={walked.uuid}"
    client = enter(at, "zhiban")
    for query in ("", "who=all", f"who=all&area={at.areas['华一'].pk}"):
        shown = listed(client, url, visit_name, query)
        assert first(client, "round_assign", query, fixed=fixed) == shown, query
    assert len(first(client, "round_assign", fixed=fixed)) == 7
    assert button(client, url, "round_assign")
    page = client.get(url).content.decode()
    assert 'value="geojson"' in page
    answer = take(client, "round_assign", "geojson", query="who=all", fixed=fixed)
    found = json.loads(b"".join(answer.streaming_content))["features"]
    assert [f["geometry"]["coordinates"] for f in found if f["geometry"]] == [pytest.approx([121.42, 31.22])]
    assert len(found) == 8
    assert "范围 “已安排的也列出”" in heads(client, "round_assign", "who=all", fixed=fixed)[0]
    for who in ("shegong", "shuji02", "wuye", "jumin"):
        other = enter(at, who)
        assert status(other, "round_assign", fixed=fixed) == other.get(url).status_code >= 403, who


def test_files_of_a_round_ask_the_same_whatever_their_length(at, walked):
    client = enter(at, "zhiban")
    enter_shops(at, 9, area=at.areas["华院"])
    longer, codes = opened(at, title="又一轮"), ("round_visits", "round_assign")
    had = {code: statements(client, code, fixed=f"round={walked.uuid}") for code in codes}
    assert {code: statements(client, code, fixed=f"round={longer.uuid}") for code in codes} == had
    assert max(had.values()) < 22


def test_a_round_to_homes_leaves_in_no_file(at):
    fieldwork.load_shipped(now=at.now)
    enter_visit_form(at.now)
    home = enter_target(at, "household", "12 号 301 室")
    round_ = open_round(at, [home])
    client, fixed = enter(at, "shegong"), f"round={round_.uuid}"
    url = f"/desk/fieldwork/rounds/{round_.uuid}/visits/"
    assert "301" in client.get(url).content.decode()
    assert not button(client, url, "round_visits")
    assert not button(enter(at, "shuji"), f"/desk/fieldwork/rounds/{round_.uuid}/assign/", "round_assign")
    for code in ("round_visits", "round_assign"):
        assert status(client, code, fixed=fixed) == 404
        assert status(enter(at, "shuji"), code, fixed=fixed) == 404


def test_a_round_with_one_home_among_shops_leaves_in_no_file(at, walked):
    visits_of(walked)[0].__class__.objects.filter(pk=visits_of(walked)[0].pk).update(guarded=True)
    assert status(enter(at, "zhiban"), "round_visits", fixed=f"round={walked.uuid}") == 404


def test_one_round_is_refused_as_its_page_is(at, walked):
    url = f"/desk/fieldwork/rounds/{walked.uuid}/visits/"
    for who in ("jumin", "xitong", "danche", "minjing", "wuye"):
        client = enter(at, who)
        assert status(client, "round_visits", fixed=f"round={walked.uuid}") == client.get(url).status_code, who
    for fixed in ("", "round=nonsense", f"round={uuid7()}"):
        assert status(enter(at, "zhiban"), "round_visits", fixed=fixed) == 404


def test_a_pool_leaves_to_whom_its_station_opens(world):
    row = station(world)
    for text in ("路口乱停车", "人行道破损"):
        shared(world, text=text)
    shared(world, area_id=world.areas["华一"].pk)
    url, fixed = f"/desk/stations/{row.uuid}/", f"station={row.uuid}"
    for who in ("minjing", "paidan", "lingdao"):
        client = enter(world, who)
        assert first(client, "pool", fixed=fixed) == listed(client, url, lambda r: r["case"].number), who
        assert button(client, url, "pool")
    found = lines(take(enter(world, "minjing"), "pool", fixed=fixed))
    assert found[0][0].startswith("陶家宅联勤联动站：共享池：共 2 行")
    units = f"{world.units['enforcement']}、{world.units['police']}"
    assert column(found, "涉及的成员单位") == [units] * 2
    for who in ("danche", "shuji02", "jumin", "xitong"):
        client = enter(world, who)
        assert status(client, "pool", fixed=fixed) == client.get(url).status_code >= 403, who
    assert status(enter(world, "paidan"), "pool", fixed="station=x") == 404
    client = enter(world, "paidan")
    had = statements(client, "pool", fixed=fixed)
    shared(world)
    assert statements(client, "pool", fixed=fixed) == had < 22


def test_what_was_asked_of_neighbourhoods_leaves_by_month_and_unit(world):
    give = enter(world, "paidan")
    for n, unit in enumerate(("@陶家宅", "@陶家宅", "@华一")):
        sent = {
            "title": f"=张贴告知书{n}", "unit": world.units[unit].pk, "due_on": "2026-03-20", "what": "task",
            "outside_reason": "台风临近",
        }  # fmt: skip
        assert give.post("/desk/tasks/new/", sent).status_code == 302
    url, unit = "/desk/asked/rows/", world.units["@陶家宅"]

    def titles(client, query):
        return [t.title for t in client.get(f"{url}?{query}").context["page"].rows]

    for who in ("paidan", "shuji", "lingdao"):
        client = enter(world, who)
        for query in ("", f"unit={unit.pk}", "month=2026-02", "month=2026-03&by=0", "month=x"):
            assert first(client, "asked_rows", query) == titles(client, query), (who, query)
    found = lines(take(give, "asked_rows", query=f"unit={unit.pk}"))
    assert "2026-03" in found[0][0]
    assert f"居民区 “{unit.name}”" in found[0][0]
    assert column(found, "内容") == ["'=张贴告知书1", "'=张贴告知书0"]
    assert column(found, "清单事项") == ["清单以外"] * 2
    assert column(found, "清单外的理由") == ["台风临近"] * 2
    for who in ("jumin", "xitong", "minjing", "wuye", "chengguan"):
        client = enter(world, who)
        assert status(client, "asked_rows") == client.get(url).status_code, who
        assert status(client, "asked_counts") == client.get("/desk/asked/").status_code, who


def test_what_each_neighbourhood_was_asked_leaves_by_sender_and_month(world):
    for unit in ("@陶家宅", "@陶家宅", "@华一"):
        sent = {
            "title": "张贴告知书", "unit": world.units[unit].pk, "due_on": "2026-03-20", "what": "task",
            "outside_reason": "台风临近",
        }  # fmt: skip
        assert enter(world, "paidan").post("/desk/tasks/new/", sent).status_code == 302
    for who in ("paidan", "shuji", "lingdao"):
        client = enter(world, who)
        for query in ("", "month=2026-02"):
            shown = [item["line"].unit for item in client.get(f"/desk/asked/?{query}").context["lines"]]
            assert first(client, "asked_counts", query) == shown, (who, query)
    found = lines(take(enter(world, "lingdao"), "asked_counts"))
    assert "2026-03" in found[0][0]
    assert sorted(column(found, "任务")) == ["1", "2"]
    assert sorted(column(found, "清单以外")) == ["1", "2"]
    assert first(enter(world, "shuji"), "asked_counts") == [world.units["@陶家宅"].name]
