"""Visits as files: what their pages show to the same person; homes, persons and what was noted of them in none."""

import pytest

from linli.engines.fieldwork import services as fieldwork
from linli.foundation.exports.types import LISTINGS
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
from linli.interfaces.desk.tests.visits_help import enter_target, enter_visit_form, open_round, send
from linli.programmes.visits.models import CompanyVisit, CondolenceList, Demand

pytestmark = pytest.mark.django_db
GAVE = {"gift": {"leaflet": ["fire"], "copies": 2, "resource": "=防滑垫", "pieces": "1.5"}}


@pytest.fixture
def town(at):
    fieldwork.load_shipped(now=at.now)
    enter_visit_form(at.now)
    return at


@pytest.fixture
def enterprises(town):
    """Three enterprises, two of them key, and two visits of leaders with what was asked for."""
    lead = enter(town, "lingdao")
    for n, tags in enumerate((("重点企业",), ("重点企业",), ())):
        facts, address = {"staff": 30 + n}, f"愚园路 {n} 号"
        company = enter_target(town, "company", f"企业{n}", address=address, tags=tags, facts=facts)
        if n == 1:
            continue
        visit = {
            "target": str(company.uuid), "name": "", "held_on": f"2026-03-0{n + 1}", "leaders": "街道主任",
            "departments": "", "topics": f"=议题{n}", "notes": "不出清单",
        }  # fmt: skip
        assert lead.post("/desk/visits/companies/new/", visit).status_code == 302
    request = {"act": "request", "text": "用电", "unit_id": town.units["management"].pk, "due_on": "2026-03-20"}
    row = CompanyVisit.objects.get(name="企业0")
    assert lead.post(f"/desk/visits/companies/{row.uuid}/", request).status_code == 302
    return town


def test_visits_and_key_enterprises_leave_each_with_its_columns(enterprises):
    client, url = enter(enterprises, "lingdao"), "/desk/visits/companies/"
    for query in ("", "q=企业2", "q=议题0", "q=nothing"):
        assert first(client, "enterprises", query) == listed(client, url, lambda r: r["v"].name, query), query
    for query in ("view=key", "view=key&q=企业1"):
        assert first(client, "enterprises", query) == listed(client, url, lambda r: r["t"].name, query), query
    found = lines(take(client, "enterprises", query="q=企业0"))
    assert found[0][0].startswith("企业走访：共 1 行")
    assert "单位或议题 “企业0”" in found[0][0]
    assert found[1] == ["单位", "日期", "带队领导", "议题", "诉求", "已答复"]
    assert found[2] == ["企业0", "2026-03-01", "街道主任", "'=议题0", "1", "0"]
    assert "不出清单" not in str(lines(take(client, "enterprises")))
    found = lines(take(client, "enterprises", query="view=key"))
    assert found[0][0].startswith("重点企业：共 2 行")
    assert found[2] == ["企业0", "愚园路 0 号", "30", "2026-03-01", "1", "1"]
    assert column(found, "上次带队走访") == ["2026-03-01", ""]


def test_enterprises_of_other_grids_stay_with_them(enterprises):
    other = enter(enterprises, "shuji02")
    query = "view=key"
    assert first(other, "enterprises", query) == listed(
        other, "/desk/visits/companies/", lambda r: r["t"].name, query
    )  # fmt: skip
    assert len(first(enter(enterprises, "shuji"), "enterprises", query)) == 2
    assert column(lines(take(other, "enterprises", query="q=企业0")), "诉求") == ["0"]


def test_lists_of_condolences_leave_with_their_sums_and_nobody_who_is_on_them(town):
    url, shegong = "/desk/visits/condolences/", enter(town, "shegong")
    for n, festival in enumerate(("春节", "重阳")):
        made = {
            "title": f"{festival}慰问", "festival": festival, "day": f"2026-03-1{n}",
            "unit_id": town.units["@陶家宅"].pk,
        }  # fmt: skip
        assert shegong.post(f"{url}new/", made).status_code == 302
    one = {"act": "add", "person": "老人甲", "reason": "困难家庭", "amount": "500"}
    assert shegong.post(f"{url}{CondolenceList.objects.first().uuid}/", one).status_code == 302
    assert first(shegong, "condolences") == listed(shegong, url, lambda r: r["l"].title)
    found = lines(take(shegong, "condolences"))
    assert len(found) == 4
    assert sorted(column(found, "人数")) == ["0", "1"]
    assert "老人甲" not in str(found)
    assert "困难" not in str(found)
    for who in ("shuji02", "lingdao", "ducha"):
        client = enter(town, who)
        assert first(client, "condolences") == listed(client, url, lambda r: r["l"].title) == []


@pytest.fixture
def reached(town):
    """Shops of two grids and a home; one shop was visited and given something, the home too."""
    shop = enter_target(town, "shop", "街角面馆", address="长宁路 488 号")
    other = enter_target(town, "shop", "转角花店", address="长宁路 490 号", tags=("老字号",))
    enter_target(town, "shop", "别处米店", area=town.areas["华一"], address="华阳路 1 号")
    home = enter_target(town, "household", "12 号 301 室")
    enter_target(town, "household", "12 号 302 室")
    send(town, open_round(town, [shop, other]), shop, GAVE)
    send(town, open_round(town, [home]), home, {**GAVE, "person": {"health": "腿脚不便", "agrees": True}})
    return town


@pytest.mark.parametrize("who", ["ducha", "shegong", "shuji02"])
def test_coverage_leaves_by_its_parts_and_who_was_not_reached_for_their_grid(reached, who):
    client, url = enter(reached, who), "/desk/visits/coverage/"
    for query in ("kind=shop", "kind=shop&split=tag", "kind=shop&split=period", "kind=household", "split=x"):
        shown = [r["label"] for r in client.get(f"{url}?{query}").context["parts"]]
        assert first(client, "coverage", query) == shown, query
    there = f"kind=shop&area={reached.areas['华一'].pk}"
    for query in ("kind=shop", there, "kind=shop&from=2026-01-01&until=2026-02-01"):
        page = client.get(f"{url}?{query}").context
        assert first(client, "not_reached", query) == [r["t"].name for r in page["rows"]], query


def test_the_file_of_coverage_says_ledger_days_and_both_numbers(reached):
    client = enter(reached, "ducha")
    above, columns = heads(client, "coverage", "kind=shop&split=tag")
    assert above.startswith("走访覆盖：沿街商户：共 ")
    assert "2026-01-01 至 2026-03-10" in above
    assert "怎样分 “按标签”" in above
    assert columns == ["标签", "在册", "已走访", "上门未遇", "走访次数", "覆盖率"]
    found = lines(take(client, "coverage", query="kind=shop"))
    assert ["陶家宅居民区", "2", "1", "0", "1", "50.0%"] in found
    above, _columns = heads(client, "not_reached", f"kind=shop&area={reached.areas['华一'].pk}")
    assert above.startswith("没走到的：沿街商户：共 1 行")
    assert "区域 “华一居民区”" in above


def test_homes_that_were_not_reached_leave_in_no_file(reached):
    for who in ("shegong", "ducha", "zhiban"):
        client = enter(reached, who)
        assert status(client, "not_reached", query="kind=household") == 404
        url = "/desk/visits/coverage/"
        assert button(client, f"{url}?kind=shop", "not_reached")
        assert not button(client, f"{url}?kind=household", "not_reached")
        assert button(client, f"{url}?kind=household", "coverage")
    assert "302" in enter(reached, "shegong").get("/desk/visits/coverage/?kind=household").content.decode()


def test_what_was_given_leaves_with_the_kind_of_a_home_alone(reached):
    client, query = enter(reached, "shegong"), "kind=resource&name==防滑垫"
    url = "/desk/visits/given/"
    assert first(client, "given", query) == listed(client, url, lambda r: r["g"].day, query) == ["2026-03-10"] * 2
    found = lines(take(client, "given", query=query))
    assert sorted(column(found, "走访对象")) == ["居民家庭", "街角面馆"]
    assert column(found, "数量") == ["1.5", "1.5"]
    assert "301" not in str(found)
    assert found[0][0].startswith("送出记录：共 2 行")
    assert "送出的 “=防滑垫”" in found[0][0]
    assert first(client, "given", f"{query}&until=2026-01-02&from=2026-01-01") == []


def test_noted_details_have_no_file_and_no_button(reached):
    client = enter(reached, "shuji")
    page = client.get("/desk/visits/details/").content.decode()
    assert "安排上门照护" in page
    assert "exports/of/" not in page
    assert not {"details", "visits_details"} & set(LISTINGS)


def test_branches_leave_as_narrowed_and_the_page_keeps_its_search(town):
    for n in range(3):
        enter_target(town, "party_branch", f"街区{n}支部", facts={"type": "block", "serves": f"第 {n} 街区"})
    client, url = enter(town, "lingdao"), "/desk/visits/branches/"
    for query in ("", "q=街区1", "q=nothing"):
        assert first(client, "branches", query) == listed(client, url, lambda r: r["t"].name, query), query
    found = lines(take(client, "branches", query="q=街区1"))
    assert "名称或街区 “街区1”" in found[0][0]
    assert found[2][:3] == ["街区1支部", "街区党支部", "第 1 街区"]
    assert client.get(f"{url}?q=街区").context["base"].startswith("?q=")


def test_reports_of_experience_officers_leave_with_what_came_of_them(town):
    url, lead = "/desk/visits/stations/", enter(town, "lingdao")
    station = enter_target(town, "business_station", "华阳小微企业服务站")
    officer = {"act": "officer", "post": "店长", "station": str(station.uuid), "since": "2026-01-01", "until": ""}
    assert lead.post(url, officer).status_code == 302
    uuid = lead.get(url).content.decode().split('<option value="')[1].split('"')[0]
    for text in ("办证要跑三个窗口", "表格看不懂"):
        report = {"act": "report", "officer": uuid, "text": text, "unit_id": town.units["service"].pk,
                  "due_on": "2026-03-25"}  # fmt: skip
        assert lead.post(url, report).status_code == 302
    assert first(lead, "experience_reports") == listed(lead, url, lambda r: r["row"].number)
    assert column(lines(take(lead, "experience_reports")), "需求") == ["表格看不懂", "办证要跑三个窗口"]
    other = enter(town, "shuji02")
    assert first(other, "experience_reports") == listed(other, url, lambda r: r["row"].number) == []
    assert Demand.objects.count() == 2


def test_campaigns_and_officers_leave_as_they_stand_beside_the_lists(town):
    lead = enter(town, "lingdao")
    campaign = {"title": "=组织覆盖攻坚", "branch_type": "block", "wanted": "4", "starts_on": "2026-01-01",
                "ends_on": "2026-12-31"}  # fmt: skip
    assert lead.post("/desk/visits/branches/", campaign).status_code == 302
    enter_target(town, "party_branch", "街区支部", facts={"type": "block"}, since=town.now.date())
    shown = lead.get("/desk/visits/branches/").context["campaigns"]
    found = lines(take(lead, "branch_campaigns"))
    assert first(lead, "branch_campaigns") == [c["c"].title for c in shown] == ["=组织覆盖攻坚"]
    assert column(found, "已建") == [str(shown[0]["done"])]
    assert column(found, "目标") == ["4"]
    officer = {"act": "officer", "post": "店长", "station": "", "since": "2026-01-01", "until": ""}
    assert lead.post("/desk/visits/stations/", officer).status_code == 302
    shown = lead.get("/desk/visits/stations/").context["officers"]
    assert first(lead, "experience_officers") == [o.post for o in shown] == ["店长"]


def test_units_of_the_new_sectors_leave_as_narrowed_with_what_they_lack(town):
    for n, facts in enumerate(
        (
            {"should": True, "party": "own", "has_secretary": True, "sector": "enterprise", "branch": "硅巷支部"},
            {"should": True, "party": "none", "instructor": True, "sector": "society"},
            {"should": False, "party": "none", "sector": "workers"},
        )
    ):
        enter_target(town, "new_sector", f"新兴单位{n}", address=f"愚园路 {n} 号", facts=facts)
    url = "/desk/visits/sectors/"
    for who in ("ducha", "shegong", "shuji02"):
        client = enter(town, who)
        for query in ("", "gap=organisation", "gap=secretaries", "gap=x", "q=单位1", f"area={town.areas['华一'].pk}"):
            shown = [r["r"].name for r in client.get(f"{url}?{query}").context["rows"]]
            assert first(client, "new_sectors", query) == shown, (who, query)
    found = lines(take(enter(town, "ducha"), "new_sectors", query="gap=organisation"))
    assert "缺什么 “应建未建”" in found[0][0]
    assert "2026-01-01 至 2026-03-10" in found[0][0]
    assert column(found, "有指导员") == ["是"]
    assert column(found, "缺什么") == ["应建未建、没走访到"]


def test_lists_of_visits_are_refused_as_their_pages_are(reached):
    pages = {
        "enterprises": "companies", "condolences": "condolences", "coverage": "coverage", "not_reached": "coverage",
        "given": "given", "branches": "branches", "experience_reports": "stations",
        "experience_officers": "stations", "branch_campaigns": "branches", "new_sectors": "sectors",
    }  # fmt: skip
    for code, page in pages.items():
        for who in ("jumin", "xitong", "minjing", "wuye"):
            client = enter(reached, who)
            url = f"/desk/visits/{page}/?kind=shop"
            assert status(client, code, query="kind=shop") == client.get(url).status_code, (code, who)
        assert status(enter(reached, "jumin"), code, query="kind=shop") == 403


def test_files_of_visits_ask_the_same_whatever_their_length(reached, enterprises):
    client = enter(reached, "zhiban")
    queries = {
        "enterprises": "", "coverage": "kind=shop", "not_reached": "kind=shop", "branches": "",
        "given": "kind=resource&name==防滑垫",
    }  # fmt: skip

    def counted():
        return {code: statements(client, code, query) for code, query in queries.items()} | {
            "key": statements(client, "enterprises", "view=key")
        }

    def more(n):
        shops = [enter_target(reached, "shop", f"新店 {n}{i}", address=f"江苏路 {n}{i} 号") for i in range(3)]
        round_ = open_round(reached, shops)
        for shop in shops[:2]:
            send(reached, round_, shop, GAVE)
        enter_target(reached, "company", f"新企业{n}", tags=("重点企业",))
        enter_target(reached, "party_branch", f"支部{n}", facts={"type": "block"})
        CompanyVisit.objects.create(
            name=f"新企业{n}", held_on=reached.now.date(), leaders="主任", created_at=reached.now
        )

    more(1)
    had = counted()
    for n in range(2, 5):
        more(n)
    assert counted() == had
    assert max(had.values()) < 26
