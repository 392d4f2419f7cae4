"""Reports of what was planned and done together: meetings, projects, claims; narrowed to a topic where they know it."""

from datetime import date
from io import BytesIO
from urllib.parse import unquote

import openpyxl
import pytest
from docx import Document

from linli.engines.projects import services as projects
from linli.engines.projects.models import TaskTag
from linli.engines.projects.types import NewTask, Strand
from linli.foundation.core import clock
from linli.interfaces.desk.tests import deeds
from linli.interfaces.desk.tests.help import enter, make_case
from linli.programmes.alliance.tests.year import lay_year
from linli.programmes.publishing import events, selectors, services
from linli.programmes.publishing.models import Report
from linli.programmes.publishing.rules.reporting import digest
from linli.programmes.publishing.tests import pages
from linli.programmes.publishing.types import ReportData

pytestmark = pytest.mark.django_db
BASE = "/desk/publishing/"


def worked(world):
    """Two meetings, three public projects of two classes, two claims of which one was confirmed."""
    deeds.held(world)
    deeds.held(world, "微网格推进会", standing="microgrid", sealed=False)
    deeds.built(world)
    deeds.built(world, "背街小巷整治", strands=("project",))
    deeds.built(world, "社区食堂", class_code="deed", public=False, strands=())
    year = lay_year(world)
    deeds.confirmed(world, year)
    year.claim(year.entry("共享车位"), year.member("示范银行"))


def begin(world, kind="half_year", **more):
    data = ReportData("上半年工作推进情况", kind, date(2026, 1, 1), date(2026, 6, 30), world.units["party"].pk, **more)
    return services.begin_report(by=world.actor("paidan"), now=world.now, data=data)


def shown(world, report):
    return {f.code: f for s in selectors.sections(report, world.now) for f in s.figures}


def opened(client, report, figure):
    """Return the rows that a figure opens from the report's page."""
    page = client.get(f"{BASE}reports/{report.uuid}/")
    address = next(
        f["url"] for s in page.context["sections"] for f in [*s["figures"], *s["whole"]] if f["shown"].code == figure
    )
    answer = client.get(address)
    assert answer.status_code == 200, unquote(address)
    return answer.context


@pytest.mark.slow
@pytest.mark.mechanism("002-33")
def test_a_report_counts_meetings_projects_and_claims_and_each_opens_as_many_rows(world, django_assert_max_num_queries):
    worked(world)
    report = begin(world)
    centre, leader = enter(world, "paidan"), enter(world, "lingdao")
    with django_assert_max_num_queries(56):
        page = centre.get(f"{BASE}reports/{report.uuid}/").content.decode()
    for words in ("会议和决定", "项目推进", "共建认领", "3,600,000 元", "900,000 元"):
        assert words in page
    found = shown(world, report)
    said = {
        "activities.held": "2 次", "activities.decided": "6 项", "projects.meeting_given": "4 项",
        "projects.meeting_in_time": "—（2 项）", "projects.by_state": "3 个", "projects.by_light": "3 个",
        "projects.milestones": "3 个", "projects.planned": "3,600,000 元", "projects.spent": "900,000 元",
        "alliance.claims": "2 项", "alliance.confirmed": "1 项", "alliance.members": "2 家",
    }  # fmt: skip
    assert {code: found[code].said for code in said} == said
    assert dict(found["activities.decided"].parts.parts) == {"任务": 4, "决定": 2}
    assert dict(found["projects.by_light"].parts.parts) == {"绿灯": 3}
    assert dict(found["alliance.claims"].parts.parts) == {"已认领": 1, "已确认": 1}
    for code in said:
        with django_assert_max_num_queries(15):
            rows = centre.get(f"{BASE}figures/{code}/?since=2026-01-01&until=2026-06-30").context["rows"]
        value = found[code].value
        counted = 3 if value.money else value.part
        assert len(rows) == counted, code
        opened_by_leader = leader.get(f"{BASE}figures/{code}/?since=2026-01-01&until=2026-06-30").context["rows"]
        assert all(leader.get(row["url"]).status_code == 200 for row in opened_by_leader), code
        assert not any("claims" in row["url"] for row in rows), code  # the centre does not read claims themselves
    document = Document(BytesIO(centre.get(f"{BASE}reports/{report.uuid}/report.docx").getvalue()))
    cells = {row.cells[0].text: row.cells[1].text for table in document.tables for row in table.rows}
    assert (cells["召开会议"], cells["计划资金"], cells["　绿灯"], cells["参加共建的单位"]) == (
        "2 次", "3,600,000 元", "3 个", "2 家",
    )  # fmt: skip
    book = openpyxl.load_workbook(BytesIO(centre.get(f"{BASE}reports/{report.uuid}/report.xlsx").getvalue()))
    numbers = {line[0]: line[2] for line in book.worksheets[0].iter_rows(min_row=3, values_only=True)}
    assert (numbers["召开会议"], numbers["支出资金"], numbers["认领"]) == (2, 900_000, 2)
    everything = str([list(line) for sheet in book for line in sheet.iter_rows(values_only=True)])
    assert "停车难题推进会" in everything
    for secret in ("摸排可错时停车的单位已", "居民都说亮堂", "设计费", "值班长甲"):
        assert secret not in everything


@pytest.mark.slow
@pytest.mark.mechanism("002-33")
def test_a_topics_report_is_narrowed_where_a_figure_knows_the_topic_and_says_where_not(world):
    worked(world)
    centre = enter(world, "paidan")
    page = centre.get(f"{BASE}reports/new/?kind=topic").content.decode()
    for words in ("项目类别：美丽家园", "三化：精细化提升", "问题类别：", "常设专题：微网格建设"):
        assert words in page
    assert "专题</label>" not in centre.get(f"{BASE}reports/new/").content.decode()
    sent = {"title": "美丽家园专题", "kind": "topic", "since": "2026-01-01", "until": "2026-06-30",
            "unit": world.units["party"].pk, "focus": "topic:美丽家园"}  # fmt: skip
    refused = centre.post(f"{BASE}reports/new/", {**sent, "focus": "topic:没有这个"})
    assert refused.status_code == 422
    assert "美丽家园专题" in refused.content.decode()
    assert centre.post(f"{BASE}reports/new/", sent).status_code == 302
    report = Report.objects.get()
    assert report.topic == "美丽家园"
    found = shown(world, report)
    assert (found["projects.by_state"].said, found["projects.planned"].said) == ("2 个", "2,400,000 元")
    assert not found["projects.by_state"].whole
    assert found["activities.held"].said == "2 次"
    assert found["activities.held"].whole
    page = centre.get(f"{BASE}reports/{report.uuid}/").content.decode()
    for words in ("专题：美丽家园", "下面的数字不分专题，是全部的：", "只计这个类别的项目。"):
        assert words in page
    assert len(opened(centre, report, "projects.by_state")["rows"]) == 2
    assert opened(centre, report, "activities.held")["figure"].whole
    text = "\n".join(
        p.text for p in Document(BytesIO(centre.get(f"{BASE}reports/{report.uuid}/report.docx").getvalue())).paragraphs
    )
    assert "专题：美丽家园" in text
    assert "这个数字不分专题，是全部的。" in text
    edit = centre.get(f"{BASE}reports/{report.uuid}/edit/").content.decode()
    assert 'value="topic:美丽家园" selected' in edit
    changed = {**sent, "focus": "strand:refined", "version": report.version}
    assert centre.post(f"{BASE}reports/{report.uuid}/edit/", changed).status_code == 302
    report.refresh_from_db()
    found = shown(world, report)
    assert (report.topic, found["projects.by_state"].said, found["projects.given"].said) == ("", "1 个", "0 项")
    assert found["cases.taken_in"].whole


def test_tasks_meetings_and_cases_are_narrowed_too(world):
    now, unit = world.now, world.units["management"].pk
    due = date(2026, 3, 31)
    projects.create_tasks(
        by=world.actor("lingdao"), now=now,
        tasks=[NewTask("划线", unit, due, topics=("停车",)), NewTask("清运", unit, due, strands=(Strand.REFINED,))],
    )  # fmt: skip
    assert TaskTag.objects.count() == 2
    found = shown(world, begin(world, "topic", topic="停车"))
    assert (found["projects.given"].said, found["projects.next"].said) == ("1 项", "1 项")
    assert shown(world, begin(world, "topic", strand="refined"))["projects.given"].said == "1 项"
    deeds.held(world)
    deeds.held(world, "微网格推进会", standing="microgrid")
    found = shown(world, begin(world, "topic", topic="微网格建设"))
    assert (found["activities.held"].said, found["activities.decided"].said) == ("1 次", "3 项")
    name = make_case(world).category.name
    make_case(world, confidential=True)
    report = begin(world, "topic", topic=name)
    found = shown(world, report)
    assert found["cases.taken_in"].said == "＜5 件"  # of few nobody says how many
    assert found["cases.taken_in"].value.part == 1
    assert len(opened(enter(world, "lingdao"), report, "cases.taken_in")["rows"]) == 1


def test_a_frozen_report_keeps_what_it_was_narrowed_to(world):
    deeds.built(world)
    report = begin(world, "topic", topic="美丽家园")
    services.hand_in(by=world.actor("paidan"), now=world.now, piece=report, version=1)
    services.approve(by=world.actor("lingdao"), now=world.now, piece=report, version=2, reasons={})
    pages.release(world, report, "meeting")
    report = Report.objects.get()
    before = {code: (f.said, f.whole) for code, f in shown(world, report).items()}
    assert before["projects.planned"] == ("1,200,000 元", False)
    assert before["activities.held"] == ("0 次", True)
    deeds.built(world, "又一个")
    assert {code: (f.said, f.whole) for code, f in shown(world, report).items()} == before
    assert report.digest == digest(report.frozen)
    for section in ("meetings", "projects"):  # a report from before there were these sections shows none of them
        report.frozen["sections"].pop(section)
    assert not {"meetings", "projects"} & {s.code for s in selectors.sections(report, world.now)}


def test_a_figure_of_two_hundred_things_is_paged_in_few_statements(world, django_assert_max_num_queries):
    meeting = deeds.held(world)
    kind = type(meeting)
    rows = [
        kind(kind="seminar", title=f"研讨会{n}", starts_at=meeting.starts_at, ends_at=meeting.ends_at,
             unit=meeting.unit, state="minuted", created_label="值班长", created_at=world.now)
        for n in range(200)
    ]  # fmt: skip
    kind.objects.bulk_create(rows)
    centre = enter(world, "lingdao")
    address = f"{BASE}figures/activities.held/?since=2026-01-01&until=2026-06-30"
    with clock.frozen(world.now), django_assert_max_num_queries(13):
        page = centre.get(address)
    assert page.context["figure"].said == "201 次"
    assert len(page.context["rows"]) == 50
    assert page.context["page"].next


def test_every_figure_has_a_section_of_reports(world):
    every = set(selectors.sections_of("half_year"))
    assert {f.section for f in events.figures()} <= every
    assert {f.topics for f in events.figures() if f.topics} <= {v.code for v in events.vocabularies()}
