"""Enterprise visits, condolences, the new sectors, branches, experience officers and words, over HTTP."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.models import Visit
from linli.engines.projects.models import Task
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.files import services as files
from linli.foundation.forms import services as forms
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.interfaces.desk.tests.help import enter
from linli.interfaces.desk.tests.visits_help import enter_target, enter_visit_form, open_round, send
from linli.programmes.visits.models import CompanyVisit, CondolenceEntry, CondolenceList, Demand, Wording

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(at):
    fieldwork.load_shipped(now=at.now)
    enter_visit_form(at.now)
    return at


def page(world, who, url):
    answer = enter(world, who).get(url)
    assert answer.status_code == 200, (who, url, answer.status_code)
    return answer.content.decode()


def post(world, who, url, /, **data):
    return enter(world, who).post(url, data)


@pytest.mark.mechanism("000-01")
@pytest.mark.mechanism("001-15")
def test_leaders_visit_an_enterprise_and_each_request_becomes_a_task(town):
    company = enter_target(town, "company", "铁塔通信有限公司", tags=("重点企业",), facts={"staff": 300})
    assert "还没有" in page(town, "lingdao", "/desk/visits/companies/?view=key")
    visit = {
        "target": str(company.uuid), "name": "", "held_on": "2026-03-09", "leaders": "街道党工委书记",
        "departments": "党建办、营商办", "topics": "5G 基站选址", "notes": "",
    }  # fmt: skip
    assert post(town, "shegong", "/desk/visits/companies/new/", **visit).status_code == 403
    kept = post(town, "lingdao", "/desk/visits/companies/new/", **{**visit, "held_on": "2026-03-11"})
    assert kept.status_code == 422
    assert "5G 基站选址" in kept.content.decode()
    assert post(town, "lingdao", "/desk/visits/companies/new/", **visit).status_code == 302
    row = CompanyVisit.objects.get()
    asked = {
        "act": "request",
        "text": "基站机房用电增容",
        "unit_id": town.units["management"].pk,
        "due_on": "2026-03-20",
    }
    assert post(town, "shegong", f"/desk/visits/companies/{row.uuid}/", **asked).status_code == 403
    assert post(town, "lingdao", f"/desk/visits/companies/{row.uuid}/", **asked).status_code == 302
    task = Task.objects.get(source_kind="demand")
    assert (task.title, task.unit, str(task.due_on)) == ("基站机房用电增容", town.units["management"], "2026-03-20")
    demand = Demand.objects.get()
    with clock.frozen(town.now + timedelta(days=4)):
        version = demand.version
        url = f"/desk/visits/demands/{demand.uuid}/"
        assert post(town, "guanliban", url, act="reply", reply="已报供电所", version=version).status_code == 302
        shown = page(town, "lingdao", f"/desk/visits/companies/{row.uuid}/")
        assert "4 天" in shown
        assert "街道党工委书记" in shown
        assert "2026-03-09" in page(town, "lingdao", "/desk/visits/companies/?view=key")
        assert "已答复 1 / 1" in page(town, "shegong", "/desk/visits/companies/")
    edit = f"/desk/visits/companies/{row.uuid}/edit/"
    assert post(town, "lingdao", edit, **{**visit, "topics": "用电", "version": 1}).status_code == 302
    assert post(town, "lingdao", edit, **{**visit, "topics": "旧页", "version": 1}).status_code == 409


@pytest.mark.mechanism("001-26")
def test_a_festival_list_is_confirmed_by_another_and_signed_for(town):
    home = enter_target(town, "household", "12 号 301 室")
    made = post(town, "shegong", "/desk/visits/condolences/new/", title="春节慰问", festival="春节", day="2026-03-12",
                unit_id=town.units["@陶家宅"].pk)  # fmt: skip
    assert made.status_code == 302
    row = CondolenceList.objects.get()
    url = f"/desk/visits/condolences/{row.uuid}/"
    empty = post(town, "shegong", url, act="add", person="老人甲", reason="困难家庭")
    assert empty.status_code == 422
    one = {"act": "add", "person": "老人甲", "reason": "困难家庭", "amount": "500", "target": str(home.uuid)}
    assert post(town, "shegong", url, **one).status_code == 302
    assert post(town, "shegong", url, act="add", person="老人乙", reason="老党员", item="大米一袋").status_code == 302
    assert "老人甲".encode() not in bytes(CondolenceEntry.objects.first().person_sealed)
    assert post(town, "shegong", url, act="confirm").status_code == 403
    for who in ("shuji02", "lingdao", "ducha", "paidan", "wanggezhang"):
        assert enter(town, who).get(url).status_code == 404, who
        assert "春节慰问" not in enter(town, who).get("/desk/visits/condolences/").content.decode()
    assert post(town, "shuji", url, act="confirm", version=CondolenceList.objects.get().version).status_code == 302
    assert post(town, "shuji", url, **one).status_code == 409
    printed = page(town, "shuji", url + "print/")
    assert all(w in printed for w in ("老人甲", "500.00", "大米一袋", "本人签名"))
    assert "还没有用于这项工作的表单" in page(town, "shuji", url)
    forms.adopt_forms(by=SYSTEM, now=town.now, codes=["visit_condolence"])
    assert post(town, "shuji", url, act="plan", form="visit_condolence").status_code == 302
    round_ = Visit.objects.get().round
    by = town.actor("shegong")
    signed = files.store(by=by, now=town.now, content=draw_picture(3, "after"), name="s.jpg", purpose="fieldwork")
    answers = {"day": "2026-03-10", "festival": "spring", "handed": "self", "signed": str(signed.uuid)}
    send(town, round_, home, answers)
    entry = CondolenceEntry.objects.get(target=home)
    assert (entry.signed_id, entry.submission is not None) == (signed.pk, True)
    assert enter(town, "shuji").get(f"{url}{entry.uuid}/").status_code == 200
    assert enter(town, "shuji02").get(f"{url}{entry.uuid}/").status_code == 404
    other = CondolenceEntry.objects.get(target=None)
    photo = SimpleUploadedFile("x.jpg", draw_picture(7, "after"), content_type="image/jpeg")
    none = post(town, "shegong", url, act="hand_out", entry=str(other.uuid), on="2026-03-10")
    assert none.status_code == 422
    given = post(town, "shegong", url, act="hand_out", entry=str(other.uuid), on="2026-03-10", signed=photo)
    assert given.status_code == 302
    shown = page(town, "shegong", "/desk/visits/condolences/")
    assert "2 / 2" in shown
    assert "500.00" in shown
    assert post(town, "shuji", url, act="close", version=CondolenceList.objects.get().version).status_code == 302


@pytest.mark.mechanism("000-15")
@pytest.mark.mechanism("002-11")
def test_three_coverages_of_the_new_sectors_open_what_is_missing(town):
    facts = [
        {"should": True, "party": "own", "has_secretary": True, "sector": "enterprise", "branch": "硅巷支部"},
        {"should": True, "party": "none", "instructor": True, "sector": "society"},
        {"should": False, "party": "none", "sector": "workers"},
    ]
    units = [enter_target(town, "new_sector", f"新兴单位{n}", address=f"愚园路 {n} 号", facts=f)
             for n, f in enumerate(facts)]  # fmt: skip
    round_ = open_round(town, units)
    send(town, round_, units[0], {"gift": {"service": "政策宣讲"}})
    shown = page(town, "ducha", "/desk/visits/sectors/")
    assert all(w in shown for w in ("50.0%", "1 / 2", "66.7%", "2 / 3", "33.3%", "1 / 3", "陶家宅居民区"))
    missing = page(town, "ducha", "/desk/visits/sectors/?gap=organisation")
    assert "新兴单位1" in missing
    assert "新兴单位2" not in missing
    assert "新兴单位0" not in page(town, "ducha", "/desk/visits/sectors/?gap=visit")
    secretaries = page(town, "ducha", "/desk/visits/sectors/?gap=secretaries")
    assert "新兴单位0" in secretaries
    assert "新兴单位1" not in secretaries
    assert "新兴单位0" not in page(town, "shuji02", "/desk/visits/sectors/")


@pytest.mark.mechanism("001-02")
@pytest.mark.mechanism("003-14")
def test_branches_serve_blocks_and_a_campaign_counts_what_is_there(town):
    enter_target(town, "party_branch", "原点街区党支部", facts={"type": "block", "serves": "原点街区"})
    enter_target(town, "party_branch", "凝聚力第一支部", facts={"type": "cohesion", "serves": "第一综合网格"})
    campaign = {"title": "组织体系全覆盖攻坚", "branch_type": "cohesion", "wanted": "4", "starts_on": "2026-01-01",
                "ends_on": "2026-12-31"}  # fmt: skip
    assert post(town, "shegong", "/desk/visits/branches/", **campaign).status_code == 403
    late = post(town, "lingdao", "/desk/visits/branches/", **{**campaign, "ends_on": "2025-01-01"})
    assert late.status_code == 422
    assert post(town, "lingdao", "/desk/visits/branches/", **campaign).status_code == 302
    shown = page(town, "lingdao", "/desk/visits/branches/")
    assert all(w in shown for w in ("1 / 4", "原点街区", "第一综合网格", "凝聚力党支部"))


@pytest.mark.mechanism("003-13")
def test_an_experience_officers_report_becomes_an_improvement_task(town):
    station = enter_target(town, "business_station", "华阳小微企业服务站", facts={"services": "政策咨询"})
    url = "/desk/visits/stations/"
    officer = {"act": "officer", "post": "咖啡店店长", "station": str(station.uuid), "since": "2026-01-01", "until": ""}
    assert post(town, "shegong", url, **officer).status_code == 403
    assert post(town, "lingdao", url, **officer).status_code == 302
    shown = page(town, "lingdao", url)
    assert "咖啡店店长" in shown
    assert "政策咨询" in shown
    uuid = shown.split('<option value="')[1].split('"')[0]
    report = {"act": "report", "officer": uuid, "text": "办证要跑三个窗口", "unit_id": town.units["service"].pk,
              "due_on": "2026-03-25"}  # fmt: skip
    assert post(town, "lingdao", url, **{**report, "text": ""}).status_code == 422
    assert post(town, "lingdao", url, **report).status_code == 302
    task = Task.objects.get(source_kind="demand")
    assert (task.title, task.unit) == ("办证要跑三个窗口", town.units["service"])
    assert "报告 1" in page(town, "lingdao", url)


@pytest.mark.mechanism("001-05")
def test_words_are_changed_by_who_leads_and_versions_stay(town):
    assert "送宣传、送服务、送资源" in page(town, "shegong", "/desk/visits/wording/")
    url = "/desk/visits/wording/seven_keys/"
    words = {"title": "七要诀", "lines": "一看二问\n三听四记", "why": "按本街道说法", "version": "0"}
    assert enter(town, "shegong").get(url).status_code == 403
    assert post(town, "lingdao", url, **{**words, "lines": "\n"}).status_code == 422
    assert post(town, "lingdao", url, **words).status_code == 302
    old = post(town, "guanliban", url, **{**words, "lines": "旧页上的话"})
    assert old.status_code == 409
    assert "旧页上的话" in old.content.decode()
    assert "三听四记" in page(town, "shegong", "/desk/visits/")
    assert Wording.objects.get().number == 1
    assert enter(town, "lingdao").get("/desk/visits/wording/no-such/").status_code == 404
