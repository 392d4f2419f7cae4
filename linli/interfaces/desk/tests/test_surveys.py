"""A survey from its plan to its report, by the pages."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from docx import Document

from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.tests.scenes import enter_shops
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.interfaces.portal.tests.steps import words
from linli.programmes.surveys import services
from linli.programmes.surveys.models import Survey
from linli.programmes.surveys.tests.scenes import SAID, begun, enter_form, plan, tell
from tests.login import log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def w(world):
    with clock.frozen(world.now):
        enter_form(world)
        yield world


def basics(w, **more):
    day = w.now.date()
    return {
        "title": "一季度满意度", "intro": "看看走访做得怎样。", "form": "survey.satisfaction",
        "unit": str(w.units["centre"].pk), "area": "", "ways": ["qr", "token"], "opens_on": day.isoformat(),
        "closes_on": (day + timedelta(days=10)).isoformat(), **more,
    }  # fmt: skip


@pytest.mark.mechanism("000-30")
@pytest.mark.mechanism("004-06")
def test_a_survey_is_planned_drawn_answered_and_read_by_neighbourhood(w, client):
    log_in(client, w.users["lingdao"])
    assert "还没有问卷" in client.get("/desk/surveys/").content.decode()
    assert "问卷" in client.get("/desk/programmes/").content.decode()
    made = client.post("/desk/surveys/new/", basics(w))
    survey = Survey.objects.get()
    assert made["Location"] == f"/desk/surveys/{survey.uuid}/frame/"
    here, there = w.areas["陶家宅"].code, next(a.code for n, a in w.areas.items() if n != "陶家宅")
    framed = client.post(
        f"/desk/surveys/{survey.uuid}/frame/",
        {"version": survey.version, "kind": "", "margin": "10", "least": "20", "seed": "2026-03-10 满意度",
         f"size_{here}": "900", f"size_{there}": "300"},
    )  # fmt: skip
    assert framed["Location"] == f"/desk/surveys/{survey.uuid}/aims/"
    survey.refresh_from_db()
    assert survey.frame["drawn"] == {here: 67, there: 22}
    client.post(f"/desk/surveys/{survey.uuid}/aims/", {"version": survey.version, "satisfaction": "90"})
    survey.refresh_from_db()
    client.post(f"/desk/surveys/{survey.uuid}/act/", {"act": "open", "version": survey.version})
    survey.refresh_from_db()
    assert (survey.state, survey.form_version.frozen_at) == ("open", w.now)
    slips = client.post(f"/desk/surveys/{survey.uuid}/slips/").content.decode()
    codes = re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{2}", slips)
    assert len(set(codes)) == 89
    posters = client.get(f"/desk/surveys/{survey.uuid}/qr/?way=qr").content.decode()
    assert posters.count('role="img"') >= len(w.areas) + 1
    resident = client.__class__()
    address = f"/survey/{survey.code}/"
    page = resident.get(address + "?way=qr&area=" + here).content.decode()
    assert "这份问卷是匿名的" in page
    assert f'value="{here}" selected' in page
    for n in range(40):
        said = SAID | ({"work/score": "bad"} if n % 4 == 0 else {})
        assert resident.post(address, {**said, "way": "qr", "area": here}).status_code == 302
    for code in codes[:3]:
        resident.post(address, {**SAID, "way": "token", "token": code})
    assert "这台手机已经答过一次" in resident.get(address + "?way=qr").content.decode()
    running = client.get(f"/desk/surveys/{survey.uuid}/")
    assert "进行中只显示份数" in running.content.decode()
    assert "不满意" not in words(running)
    assert client.get(f"/desk/surveys/{survey.uuid}/report.xlsx").status_code == 409
    client.post(f"/desk/surveys/{survey.uuid}/act/", {"act": "close"})
    shown = client.get(f"/desk/surveys/{survey.uuid}/").content.decode()
    assert "survey-bars" in shown
    assert "目标 90%" in shown
    assert "不足 5 份，不显示" in shown
    sheet = openpyxl.load_workbook(
        io.BytesIO(b"".join(client.get(f"/desk/surveys/{survey.uuid}/report.xlsx").streaming_content))
    )
    assert sheet.sheetnames == ["各居民区", "各题"]
    rows = {r[0]: r for r in sheet["各居民区"].iter_rows(min_row=3, values_only=True)}
    assert rows["陶家宅居民区"][9] in ("75.0%", "76.7%", "76.2%", "75.6%")
    paper = Document(io.BytesIO(client.get(f"/desk/surveys/{survey.uuid}/report.docx").content))
    assert paper.paragraphs[0].text == "一季度满意度"
    assert client.get(f"/desk/surveys/{survey.uuid}/print/").status_code == 200


def test_waves_are_compared(w, client):
    first = begun(w)
    for n in range(60):
        tell(w, first, "陶家宅", work={"feel": "same", "score": "bad" if n % 2 else "good"})
    services.close_survey(by=w.actor("lingdao"), now=w.now, survey=first)
    second = begun(w, former=first.uuid)
    assert (second.wave, second.series) == (2, first.series)
    for _n in range(60):
        tell(w, second, "陶家宅")
    services.close_survey(by=w.actor("lingdao"), now=w.now, survey=second)
    log_in(client, w.users["lingdao"])
    page = client.get(f"/desk/surveys/{second.uuid}/").content.decode()
    assert "比上一次高，差别不是偶然" in page
    assert "与上一次的差别在误差以内" in page
    assert "survey-trend" in page
    assert f"/desk/surveys/{first.uuid}/" in page


def test_doors_are_drawn_from_a_ledger_by_the_seed(w, client):
    fieldwork.load_shipped(by=SYSTEM, now=w.now)
    enter_shops(w, 30)
    survey = plan(w, ways=("door",))
    log_in(client, w.users["lingdao"])
    address = f"/desk/surveys/{survey.uuid}/frame/"
    said = {"version": survey.version, "kind": "shop", "margin": "20", "least": "5", "seed": "一二三"}
    client.post(address, said)
    survey.refresh_from_db()
    (doors,) = survey.frame["doors"].values()
    assert len(doors) == len(set(doors)) == sum(survey.frame["drawn"].values()) > 5
    again = plan(w, ways=("door",), title="再抽")
    client.post(f"/desk/surveys/{again.uuid}/frame/", said | {"version": again.version})
    again.refresh_from_db()
    assert again.frame["doors"] == survey.frame["doors"]
    assert client.get(f"/desk/surveys/{survey.uuid}/doors/").content.decode().count("<tr>") == len(doors) + 1


def test_what_is_wrong_is_said_and_what_was_typed_stays(w, client):
    log_in(client, w.users["lingdao"])
    refused = client.post("/desk/surveys/new/", basics(w, closes_on="2026-01-01"))
    assert refused.status_code == 422
    assert "截止日不能早于开始日" in refused.content.decode()
    assert "看看走访做得怎样" in refused.content.decode()
    assert not Survey.objects.exists()
    survey = plan(w)
    stale = client.post(f"/desk/surveys/{survey.uuid}/aims/", {"version": 77, "satisfaction": "80"})
    assert stale.status_code == 409
    assert 'value="80"' in stale.content.decode()
    early = client.post(f"/desk/surveys/{survey.uuid}/frame/", {"version": 1, "margin": "5", "least": "9", "seed": ""})
    assert early.status_code == 422
    address = f"/survey/{survey.code}/"
    assert client.get(address).status_code == 404
    opened = services.open_survey(by=w.actor("lingdao"), now=w.now, survey=survey, expected=survey.version)
    half = client.post(address, {"known": "yes", "way": "qr", "more": "谢谢"})
    assert half.status_code == 422
    assert "谢谢" in half.content.decode()
    assert 'value="yes" checked' in half.content.decode()
    assert opened.sheets.count() == 0


def test_who_may_run_a_survey(w, client):
    survey = plan(w)
    for who, status in (("shegong", 403), ("chengguan", 403)):
        log_in(client, w.users[who])
        assert client.post(f"/desk/surveys/{survey.uuid}/act/", {"act": "open", "version": 1}).status_code == status
        assert client.get("/desk/surveys/new/").status_code == 403
    survey.refresh_from_db()
    assert survey.state == "draft"


def test_the_list_pages_and_is_read_in_few_statements(w, client, django_assert_max_num_queries):
    for n in range(60):
        plan(w, title=f"第 {n} 份")
    log_in(client, w.users["lingdao"])
    client.get("/desk/surveys/")
    with django_assert_max_num_queries(8):
        page = client.get("/desk/surveys/")
    assert page.content.decode().count('class="celllink"') == 50
    assert "第 59 份" in client.get("/desk/surveys/?q=第 59").content.decode()
    assert "没有符合条件的问卷" in client.get("/desk/surveys/?q=没有这个").content.decode()


def test_residents_read_a_result_once_it_is_over_and_released_and_no_small_group(w, client):
    survey = begun(w, sizes={"陶家宅": 900})
    for n in range(40):
        tell(w, survey, "陶家宅", work={"feel": "better", "score": "bad" if n % 4 == 0 else "good"})
    for _n in range(3):
        tell(w, survey, "华一")
    address, page = f"/survey/{survey.code}/results/", f"/desk/surveys/{survey.uuid}/"
    log_in(client, w.users["lingdao"])
    act = f"{page}act/"
    client.post(act, {"act": "release", "version": survey.version})
    assert client.get(address).status_code == 404  # nothing before it is over
    services.close_survey(by=w.actor("lingdao"), now=w.now, survey=survey)
    assert client.get(address).status_code == 404  # nor before somebody released it
    assert "还没有公布的问卷结果" in words(client.get("/surveys/"))
    log_in(client, w.users["shegong"])
    assert client.post(act, {"act": "release", "version": survey.version}).status_code == 403
    log_in(client, w.users["lingdao"])
    client.post(act, {"act": "release", "version": survey.version - 1})
    survey.refresh_from_db()
    assert survey.released_at is None  # a stale page releases nothing
    client.post(act, {"act": "release", "version": survey.version})
    resident = client.__class__()
    assert "一季度满意度" in words(resident.get("/surveys/"))
    shown = words(resident.get(address))
    assert "75.0%" in shown
    assert "n=40" in shown
    assert "回收率" in shown
    assert "华一" in shown  # named as left out, without a figure
    assert "n=3" not in shown
    assert "43" not in shown  # nor the sum, by which it could be reckoned
    survey.refresh_from_db()
    client.post(act, {"act": "take_back", "version": survey.version})
    assert resident.get(address).status_code == 404


def test_a_trend_for_residents_holds_released_waves_alone(w, client):
    first = begun(w)
    for n in range(60):
        tell(w, first, "陶家宅", work={"feel": "same", "score": "bad" if n % 2 else "good"})
    services.close_survey(by=w.actor("lingdao"), now=w.now, survey=first)
    second = begun(w, former=first.uuid)
    for _n in range(60):
        tell(w, second, "陶家宅")
    services.close_survey(by=w.actor("lingdao"), now=w.now, survey=second)
    services.release(by=w.actor("lingdao"), now=w.now, survey=second, expected=second.version)
    address = f"/survey/{second.code}/results/"
    assert "第 1 次" not in words(client.get(address))
    assert "比上一次高" not in words(client.get(address))
    services.release(by=w.actor("lingdao"), now=w.now, survey=first, expected=first.version)
    shown = words(client.get(address))
    assert "第 1 次 50.0% → 第 2 次 100.0% ：比上一次高，差别不是偶然" in shown, shown
