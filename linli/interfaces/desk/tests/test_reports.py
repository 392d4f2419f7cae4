"""Reports: figures equal to the database, each opens its rows, Word and table files opened again, frozen at release."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from docx import Document

from linli.engines.cases.models import Case
from linli.engines.projects import services as projects
from linli.engines.projects.models import Task
from linli.engines.projects.types import NewTask, Strand
from linli.foundation.core import clock
from linli.interfaces.desk.tests.help import enter, make_case
from linli.programmes.publishing import events, selectors, services
from linli.programmes.publishing.models import Report
from linli.programmes.publishing.rules.reporting import digest
from linli.programmes.publishing.tests import pages
from linli.programmes.publishing.types import ReportData

pytestmark = pytest.mark.django_db
BASE = "/desk/publishing/"
WHEN = {"since": "2026-01-01", "until": "2026-06-30"}


def life(world, reported):
    """Six cases of which two are closed, four tasks of which two are done, one word out."""
    for _n in range(2):
        reported("closed")
    for _n in range(4):
        make_case(world)
    make_case(world, confidential=True)
    by = world.actor("lingdao")
    unit = world.units["management"].pk
    tasks = projects.create_tasks(
        by=by,
        now=world.now,
        tasks=[NewTask(f"任务{n}", unit, world.now.date() + timedelta(days=30 * n)) for n in range(1, 5)],
    )
    for task in tasks[:2]:
        projects.end_task(by=world.actor("guanliban"), now=world.now, task=task, result="已完成")
    pages.released(world)


def begin(world, kind="half_year", **more):
    data = ReportData("上半年工作推进情况", kind, date(2026, 1, 1), date(2026, 6, 30), world.units["party"].pk, **more)
    return services.begin_report(by=world.actor("paidan"), now=world.now, data=data)


def cells_of(document):
    return [[c.text for c in row.cells] for table in document.tables for row in table.rows]


@pytest.mark.slow
@pytest.mark.mechanism("002-33")
def test_a_half_years_report_says_what_the_database_says_in_word_and_table(world, reported):
    life(world, reported)
    centre = enter(world, "paidan")
    new = centre.get(f"{BASE}reports/new/").content.decode()
    assert "下阶段工作重点" in new
    sent = {"title": "上半年工作推进情况", "kind": "half_year", **WHEN, "unit": world.units["party"].pk,
            "text_overview": "上半年总体平稳。", "text_next": "抓好防汛。"}  # fmt: skip
    assert centre.post(f"{BASE}reports/new/", {**sent, "until": "2025-01-01"}).status_code == 422
    assert centre.post(f"{BASE}reports/new/", sent).status_code == 302
    report = Report.objects.get()
    page = centre.get(f"{BASE}reports/{report.uuid}/").content.decode()
    taken = Case.objects.filter(kind="problem").count()
    assert (taken, Task.objects.filter(state="done").count(), Task.objects.filter(state="open").count()) == (7, 2, 2)
    for words in (f"{taken} 件", "2 件", "2 项", "上半年总体平稳。", "抓好防汛。", "草稿：数字随数据变化"):
        assert words in page

    raw = centre.get(f"{BASE}reports/{report.uuid}/report.docx").getvalue()
    document = Document(BytesIO(raw))
    rows = {row[0]: row[1] for row in cells_of(document)}
    assert (rows["受理"], rows["办结"], rows["完成任务"]) == (f"{taken} 件", "2 件", "2 项")
    assert rows["按时办结率"] == "—（2 件）"
    heads = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert heads[0] == "一、总体情况"
    assert heads[-1] == "九、下阶段工作重点"
    assert {"任务3", "任务4"} <= set(rows)
    assert any("作废、不予受理" in p.text for p in document.paragraphs)
    assert "PAGE" in document.sections[0].footer._element.xml

    raw = centre.get(f"{BASE}reports/{report.uuid}/report.xlsx").getvalue()
    book = openpyxl.load_workbook(BytesIO(raw))
    numbers = {line[0]: line[2] for line in book.worksheets[0].iter_rows(min_row=3, values_only=True)}
    assert (numbers["受理"], numbers["办结"], numbers["下阶段待完成任务"]) == (taken, 2, 2)
    listed = {line[0] for line in book["1受理"].iter_rows(min_row=3, values_only=True)}
    assert listed == set(Case.objects.values_list("number", flat=True))
    everything = str([list(line) for sheet in book for line in sheet.iter_rows(values_only=True)])
    for secret in ("王阿姨", "13812345678", "垃圾堆了三天", "488 弄"):
        assert secret not in everything
    assert "（受保护）" in everything


@pytest.mark.mechanism("002-33")
def test_each_figure_opens_its_rows(world, reported, django_assert_max_num_queries):
    case = reported("closed")
    report = begin(world)
    centre = enter(world, "lingdao")
    for section in selectors.sections(report, world.now):
        for shown in section.figures:
            address = f"{BASE}figures/{shown.code}/?since={shown.since}&until={shown.until}&report={report.uuid}"
            with django_assert_max_num_queries(13):
                answer = centre.get(address)
            assert answer.status_code == 200
            assert shown.said in answer.content.decode()
    rows = centre.get(f"{BASE}figures/cases.closed/?since=2026-01-01&until=2026-06-30").content.decode()
    assert f"/desk/cases/{case.number}/" in rows
    for wrong in ("cases.closed/", "no.such/?since=2026-01-01&until=2026-06-30", "cases.closed/?since=x&until=y"):
        assert centre.get(f"{BASE}figures/{wrong}").status_code == 404
    assert enter(world, "shegong").get(f"{BASE}figures/cases.closed/?since=2026-01-01&until=2026-06-30").status_code == 403  # fmt: skip  # noqa: E501


def test_at_release_the_figures_are_frozen_with_their_digest(world, reported):
    reported("closed")
    report = begin(world)
    services.hand_in(by=world.actor("paidan"), now=world.now, piece=report, version=1)
    services.approve(by=world.actor("lingdao"), now=world.now, piece=report, version=2, reasons={})
    pages.release(world, report, "meeting")
    report = Report.objects.get()
    assert report.digest == digest(report.frozen)
    before = {f.code: f.said for s in selectors.sections(report, world.now) for f in s.figures}
    assert before["cases.taken_in"] == "1 件"
    make_case(world)
    after = {f.code: f.said for s in selectors.sections(report, world.now) for f in s.figures}
    assert after == before
    page = enter(world, "shegong").get(f"{BASE}reports/{report.uuid}/").content.decode()
    assert "1 件" in page
    assert "数字定格于" in page
    address = f"{BASE}figures/cases.taken_in/?since=2026-01-01&until=2026-06-30&report={report.uuid}"
    rows = enter(world, "lingdao").get(address).content.decode()
    assert "2 件" in rows
    assert "定格）：1 件" in rows
    raw = enter(world, "lingdao").get(f"{BASE}reports/{report.uuid}/report.xlsx").getvalue()
    book = openpyxl.load_workbook(BytesIO(raw))
    assert book["1受理"].max_row == 3
    assert report.digest in book.worksheets[0]["A1"].value


@pytest.mark.mechanism("001-01")
def test_the_yearly_report_is_ordered_by_the_three_strands(world, reported):
    life(world, reported)
    report = begin(world, "year", texts={"project": "推进十个项目。"})
    page = enter(world, "lingdao").get(f"{BASE}reports/{report.uuid}/").content.decode()
    places = [page.index(str(s.label)) for s in Strand]
    assert places == sorted(places)
    assert "推进十个项目。" in page
    found = {s.code: [f.code for f in s.figures] for s in selectors.sections(report, world.now)}
    assert "projects.done" in found["project"]
    assert "cases.on_time" in found["refined"]
    assert {"cases.consultations", "cases.praise", "publishing.released"} <= set(found["plural"])


def test_another_rooms_figure_stands_in_the_report_once_it_is_registered(world):
    from linli.foundation.core.paging import Page
    from linli.programmes.publishing.types import FigureRow, Value

    figure = events.Figure(
        "field.walks",
        "巡查",
        "个",
        "期内的巡查。",
        ("项目",),
        lambda _period, _now: Value(3),
        lambda _period, _now, _cursor, _size: Page([FigureRow(("楼道美化",))]),
        section="tasks",
        strand=Strand.PLURAL.value,
    )
    events.register_figure(figure)
    try:
        page = enter(world, "lingdao").get(f"{BASE}reports/{begin(world).uuid}/").content.decode()
        assert "巡查" in page
        assert "3 个" in page
    finally:
        events._figures.pop("field.walks")


def test_the_wrong_person_begins_no_report(world):
    for who in ("shegong", "zhongdui", "chengguan"):
        assert enter(world, who).get(f"{BASE}reports/new/").status_code == 403
        assert enter(world, who).get(f"{BASE}reports/{begin(world).uuid}/report.xlsx").status_code == 403
    with clock.frozen(world.now):
        assert enter(world, "shegong").get(f"{BASE}reports/{begin(world).uuid}/").status_code == 404


def test_two_who_write_a_report_at_once(world):
    report = begin(world)
    sent = {"title": "甲", "kind": "half_year", **WHEN, "unit": world.units["party"].pk, "version": 1}
    address = f"{BASE}reports/{report.uuid}/edit/"
    assert enter(world, "paidan").post(address, sent).status_code == 302
    late = enter(world, "zhiban").post(address, {**sent, "title": "乙", "text_tasks": "乙写的"})
    assert late.status_code == 409
    assert "乙写的" in late.content.decode()
    report.refresh_from_db()
    assert report.title == "甲"
