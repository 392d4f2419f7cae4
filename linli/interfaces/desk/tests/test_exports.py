"""Every list as a file: the rows of the page and no more, for several people; what is sent, refused, journalled."""

import csv
import io
import json
import threading
from datetime import timedelta
from itertools import product
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.engines.activities import services as activities
from linli.engines.activities.types import NewTopic
from linli.engines.projects import services as projects
from linli.engines.projects.types import NewTask
from linli.engines.signals.tests.scenes import device
from linli.foundation.accounts.models import User
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.exports import services
from linli.foundation.exports.models import Export
from linli.foundation.exports.services import tables
from linli.foundation.exports.types import LISTINGS
from linli.foundation.files.models import StoredFile
from linli.foundation.jobs import services as jobs
from linli.foundation.jobs import worker
from linli.foundation.jobs.models import Job
from linli.foundation.journal.models import Entry
from linli.foundation.messages.models import Message
from linli.foundation.people.models import Appointment
from linli.foundation.rulebook import services as rulebook
from linli.interfaces.console.tests.test_lists_as_files import PAGES as OF_CONSOLE
from linli.interfaces.desk.tests.exports_help import lines
from linli.interfaces.desk.tests.help import HERE, enter, handled, make_case

pytestmark = pytest.mark.django_db

# The page of each list.
PAGES = {
    "cases": "/desk/",
    "tasks": "/desk/tasks/",
    "projects": "/desk/projects/",
    "blockers": "/desk/projects/blockers/",
    "meetings": "/desk/meetings/",
    "topics": "/desk/topics/",
    "motions": "/desk/deputies/",
    "documents": "/desk/documents/",
    "devices": "/desk/signals/devices/",
    "signals": "/desk/signals/decided/",
    "rounds": "/desk/fieldwork/",
    "records": "/desk/fieldwork/records/",
    "findings": "/desk/fieldwork/findings/",
    "demands": "/desk/visits/demands/",
    "todos": "/desk/civility/todos/",
    "surveys": "/desk/surveys/",
    "members": "/desk/alliance/members/",
    "claims": "/desk/alliance/claims/",
    "agreements": "/desk/alliance/agreements/",
    "roots": "/desk/roots/",
    "callbacks": "/desk/callbacks/",
    "consultations": "/desk/consultations/",
    "guidance": "/desk/guidance/",
    "praise": "/desk/praise/",
    "figures": "/desk/figures/",
    "burden": "/desk/figures/burden/",
    "articles": "/desk/publishing/",
    "issues": "/desk/publishing/issues/",
    "reports": "/desk/publishing/reports/",
    "methods": "/desk/publishing/methods/",
    "media": "/desk/publishing/media/",
    "releases": "/desk/publishing/releases/",
    "pleas": "/desk/publishing/pleas/",
    "civility_ads": "/desk/civility/ads/",
    "civility_campaigns": "/desk/civility/campaigns/",
    "civility_log": "/desk/civility/log/",
    "civility_volunteers": "/desk/civility/volunteers/",
    "alerts": "/desk/alerts/",
    "mails": "/desk/mails/all/",
    "aliases": "/desk/documents/aliases/",
    "task_lists": "/desk/tasks/lists/",
    "task_series": "/desk/tasks/recurring/",
    "housing": "/desk/housing/",
    "sweeps": "/desk/housing/sweeps/",
    "watches": "/desk/housing/watches/",
    "house_safety": "/desk/housing/safety/",
    "house_hazards": "/desk/housing/safety/",
    "matters": "/desk/streets/matters/",
    "duties": "/desk/streets/duties/",
    "spots": "/desk/streets/spots/",
    "lanes": "/desk/streets/lanes/",
    "shop_members": "/desk/streets/alliance/",
    "sign_boards": "/desk/streets/boards/",
    "friendly_shops": "/desk/streets/friends/",
    "work_logs": "/desk/streets/shifts/",
    "qualities": "/desk/streets/quality/",
    "contacts": "/desk/streets/contacts/",
    "enterprises": "/desk/visits/companies/",
    "condolences": "/desk/visits/condolences/",
    "coverage": "/desk/visits/coverage/",
    "given": "/desk/visits/given/",
    "branches": "/desk/visits/branches/",
    "experience_reports": "/desk/visits/stations/",
    "evaluations": "/desk/owners/",
    "asked_rows": "/desk/asked/rows/",
    "asked_counts": "/desk/asked/",
    "experience_officers": "/desk/visits/stations/",
    "branch_campaigns": "/desk/visits/branches/",
    "new_sectors": "/desk/visits/sectors/",
}
# Those whose page shows the button only with rows, and those of one of many, have tests of their own.
WITH_ROWS = {"companies", "hot_topics", "hotline"}
OF_ONE = {
    "figure_rows", "figure", "ledger", "doubles", "hot_topic", "alike", "report_figure", "civility_trials",
    "civility_gaps", "civility_standards", "series_meetings", "alliance_lists", "not_reached", "evaluation_results",
    "evaluation_gaps", "pool", "round_visits", "round_assign",
}  # fmt: skip
# What of a row of the page stands in the first column of the file.
FIRST = {"cases": "number", "tasks": "title", "topics": "title", "devices": "number"}
PEOPLE = ("paidan", "wuye", "shuji", "shuji02", "zhongdui", "minjing")


def send(client, code, form="csv", query="", **more):
    return client.post(f"/exports/of/{code}/", {"form": form, "query": query, **more})


def taken(client, code, query=""):
    return [row[0] for row in lines(send(client, code, query=query))[2:]]


def listed(client, code, query=""):
    """Return the first column of every page of the list, walked as a person would."""
    found, cursor = [], ""
    while True:
        page = client.get(f"{PAGES[code]}?{query}" + (f"&cursor={cursor}" if cursor else "")).context["page"]
        found += [getattr(row, FIRST[code]) for row in page.rows]
        cursor = page.next
        if not cursor:
            return found


def limit(world, code, value):
    """Let a number of the room be ``value`` from tomorrow on, and stand there."""
    day = world.now.date() + timedelta(days=1)
    rulebook.set_rule(
        by=SYSTEM, now=world.now, code=f"exports.{code}", value=value, unit="行", source="测试", mark="G",
        valid_from=day, why="测试",
    )  # fmt: skip
    return clock.frozen(world.now + timedelta(days=1))


@pytest.fixture
def filled(world):
    """Cases, tasks, topics and devices of several areas and units; some titles like formulas, with commas."""
    for n, home in enumerate(("陶家宅", "陶家宅", "华院", "华一")):
        handled(world, make_case(world, point=HERE if n == 0 else None, area_id=world.areas[home].pk)) if n % 2 else (
            make_case(world, area_id=world.areas[home].pk, category="corridor_clutter", text="楼道里堆了杂物")
        )
    due = world.now.date() + timedelta(days=9)
    new = [
        NewTask(title, world.units[unit].pk, due + timedelta(days=n))
        for n, (title, unit) in enumerate(
            product(("清理主干道", "=1+1", '含"引号",逗号', "@某科室"), ("enforcement", "police", "property"))
        )
    ]
    projects.create_tasks(by=world.actor("paidan"), now=world.now, tasks=new)
    for who, title in (("shuji", "小区停车难"), ("shuji02", "加装电梯意见不一"), ("zhongdui", "夜间占道")):
        activities.raise_topic(by=world.actor(who), now=world.now, data=NewTopic(title=title))
    for number in ("D-3", "D-1", "D-2"):
        device(world, number=number)
    return world


@pytest.mark.parametrize("code", sorted(set(LISTINGS) - OF_ONE - set(OF_CONSOLE) | {"figure_rows"}))
def test_every_list_is_taken_out_in_its_forms_with_its_head_and_columns(filled, code):
    client, listing = enter(filled, "zhiban"), LISTINGS[code]
    columns = [str(c.label) for c in listing.columns]  # none where they depend on what is asked for
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
            assert rows[1] == columns or not columns
        else:
            book = openpyxl.load_workbook(io.BytesIO(content))
            heads = next(book.worksheets[0].iter_rows(min_row=2, max_row=2, values_only=True))
            assert list(heads) == columns or not columns
    assert Entry.objects.filter(verb="exports.send", label=code).count() == len(listing.forms)


def test_every_list_has_its_button_on_its_page(world):
    client = enter(world, "zhiban")
    assert set(PAGES) | WITH_ROWS | OF_ONE | set(OF_CONSOLE) == set(LISTINGS)
    for code, url in PAGES.items():
        page = client.get(url)
        assert page.status_code == 200, url
        assert f'action="/exports/of/{code}/"' in page.content.decode(), code


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("code", sorted(FIRST))
def test_a_file_has_the_rows_of_the_list_in_its_order_and_no_more(filled, who, code):
    client = enter(filled, who)
    for query in ("", "box=all", "q=陶", "q=1"):
        # A mark stands before what could be a formula; the words are the same.
        assert [t.removeprefix("'") for t in taken(client, code, query)] == listed(client, code, query)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    who=st.sampled_from(PEOPLE),
    parts=st.lists(
        st.sampled_from(
            ["tab=new", "tab=doing", "tab=closed", "category=garbage", "q=杂物", "order=new", "urgent=1", "level=zz",
             "since=2026-03-01", "until=2020-01-01", "unit=x", "state=to_sign", "state=nonsense", "due=today"]
        ),
        max_size=3,
    ),
)  # fmt: skip
def test_whatever_filters_are_set_file_and_list_agree(filled, who, parts):
    client, query = enter(filled, who), "&".join(parts)
    assert taken(client, "cases", query) == listed(client, "cases", query)


def test_a_file_goes_on_where_a_page_ends_in_few_statements(world, monkeypatch, django_assert_max_num_queries):
    due = world.now.date() + timedelta(days=9)
    new = [NewTask(f"任务 {n:03}", world.units["property"].pk, due) for n in range(60)]
    projects.create_tasks(by=world.actor("paidan"), now=world.now, tasks=new)
    client = enter(world, "wuye")
    assert taken(client, "tasks", "cursor=nonsense") == [f"任务 {n:03}" for n in range(60)] == listed(client, "tasks")
    with django_assert_max_num_queries(16):
        taken(client, "tasks")


def test_the_head_says_who_when_which_filters_how_many(filled):
    client = enter(filled, "paidan")
    head = lines(send(client, "cases", query="category=garbage&q=%E5%9E%83&urgent=&since=2026-03-01"))[0][0]
    assert "共 2 行" in head
    assert "2026-03-10 10:00" in head
    assert "导出人 派单员" in head
    assert "类别 “" in head
    assert "搜索 “垃”" in head
    assert "上报日期从 “2026-03-01”" in head
    assert "只看紧急" not in head
    assert "未筛选" in lines(send(client, "cases"))[0][0]
    entry: Any = Entry.objects.filter(verb="exports.send").order_by("id").first()
    assert entry.after == {"rows": 2, "form": "csv", "fields": ["category", "q", "since"]}


def test_points_are_where_the_list_shows_them_and_rows_without_one_stay_rows(world):
    placed, without = make_case(world, point=HERE, area_id=None), make_case(world)
    found = json.loads(b"".join(send(enter(world, "paidan"), "cases", "geojson")))
    by_number = {f["properties"]["编号"]: f["geometry"] for f in found["features"]}
    assert by_number[placed.number]["type"] == "Point"
    assert by_number[placed.number]["coordinates"] == pytest.approx([HERE.lon, HERE.lat], abs=1e-5)
    assert by_number[without.number] is None


def test_no_cell_of_a_csv_file_is_a_formula(filled):
    found = lines(send(enter(filled, "paidan"), "tasks", query="box=all"))
    assert {"'=1+1", "'@某科室", '含"引号",逗号'} <= {row[0] for row in found}
    assert not any(cell.startswith(("=", "+", "@")) for row in found[2:] for cell in row)


@pytest.mark.parametrize(
    ("who", "code", "form", "status"),
    [
        ("paidan", "tasks", "geojson", 422), ("paidan", "tasks", "docx", 422), ("paidan", "tasks", "", 422),
        ("paidan", "nothing", "csv", 404), ("jumin", "cases", "csv", 403), ("xitong", "cases", "csv", 403),
        ("wuye", "signals", "csv", 403), ("wuye", "documents", "csv", 404), ("wuye", "callbacks", "csv", 403),
        ("wuye", "motions", "csv", 403), ("wuye", "figure_rows", "csv", 403),
    ],
)  # fmt: skip
def test_what_is_refused_leaves_nothing_behind(world, who, code, form, status):
    assert send(enter(world, who), code, form).status_code == status
    assert not Entry.objects.filter(verb__startswith="exports.").exists()
    assert not Export.objects.exists()


def test_nobody_takes_out_without_login_or_by_a_link(client, world):
    assert send(client, "cases").status_code == 302
    assert enter(world, "paidan").get("/exports/of/cases/").status_code == 405
    assert enter(world, "paidan").get("/exports/").status_code == 200


def ask(world, who="paidan", code="tasks", form="csv", query="box=all"):
    answer = send(enter(world, who), code, form, query)
    assert answer.status_code == 302
    return Export.objects.get(uuid=answer["Location"].split("/")[-2])


def work():
    jobs.drain(now=clock.now())


@pytest.mark.django_db(transaction=True)
def test_a_long_list_is_written_by_the_worker_and_fetched_by_who_asked_alone(filled):
    with limit(filled, "rows_at_once", 5):
        row = ask(filled)
        mine = enter(filled, "paidan")
        waiting = mine.get(f"/exports/{row.uuid}/").content.decode()
        assert "排队中" in waiting
        assert "every 2s" in waiting
        assert mine.get(f"/exports/{row.uuid}/file").status_code == 404
        worker.Worker(threading.Event(), poll=0.01, names=lambda: ["main"]).once()
        row.refresh_from_db()
        assert (row.state, row.done, row.total) == ("ready", 12, 12)
        page = mine.get(f"/exports/{row.uuid}/").content.decode()
        assert "可以下载" in page
        assert "every 2s" not in page
        answer: Any = mine.get(f"/exports/{row.uuid}/file")
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert "private" in answer["Cache-Control"]
        found = lines(answer)
        assert "共 12 行" in found[0][0]
        assert [t[0].removeprefix("'") for t in found[2:]] == listed(mine, "tasks", "box=all")
        for other in ("zhiban", "ducha", "wuye"):
            assert enter(filled, other).get(f"/exports/{row.uuid}/file").status_code == 404
            assert enter(filled, other).get(f"/exports/{row.uuid}/").status_code == 404
            assert enter(filled, other).post(f"/exports/{row.uuid}/cancel/").status_code == 404
        assert str(row.uuid) in mine.get("/exports/").content.decode()
        told = Message.objects.get(template="exports.ready")
        assert told.user_id == filled.users["paidan"].pk
        assert f"/exports/{row.uuid}/" in mine.get("/desk/notifications/").content.decode()
    verbs = list(Entry.objects.filter(verb__startswith="exports.").order_by("id").values_list("verb", flat=True))
    assert verbs == ["exports.ask", "exports.made", "exports.fetch"]
    entry: Any = Entry.objects.get(verb="exports.fetch")
    assert entry.after["rows"] == 12
    assert StoredFile.objects.get(pk=row.file_id).purpose == "exports"


@pytest.mark.parametrize("form", ["xlsx", "geojson"])
def test_other_forms_come_out_of_the_worker_whole(filled, form):
    with limit(filled, "rows_at_once", 1):
        row = ask(filled, code="cases", form=form, query="")
        work()
        answer: Any = enter(filled, "paidan").get(f"/exports/{row.uuid}/file")
        content = b"".join(answer.streaming_content)
    if form == "xlsx":
        rows = list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))
        assert (len(rows), type(rows[2][11]).__name__) == (6, "datetime")
    else:
        assert len(json.loads(content)["features"]) == 4


def test_rights_are_looked_at_again_when_it_runs_and_when_it_is_fetched(filled):
    with limit(filled, "rows_at_once", 1):
        row, late = ask(filled, "paidan"), ask(filled, "zhongdui", query="box=all")
        gone = ask(filled, "wuye")
        User.objects.filter(username="wuye").update(is_active=False)
        work()
        assert Export.objects.get(pk=gone.pk).state == "failed"
        for username in ("paidan", "zhongdui"):
            Appointment.objects.filter(user__username=username).update(ends_on=filled.now.date())
        client = enter(filled, "paidan")
        assert Export.objects.get(pk=row.pk).state == Export.objects.get(pk=late.pk).state == "ready"
        assert client.get(f"/exports/{row.uuid}/file").status_code == 403
        again = client.post(f"/exports/{row.uuid}/again/")
        assert again.status_code == 403
    assert not Entry.objects.filter(verb="exports.fetch").exists()


def test_what_was_asked_for_with_a_post_is_not_written_without_it(filled):
    with limit(filled, "rows_at_once", 1):
        row = ask(filled, "paidan")
        Appointment.objects.filter(user__username="paidan").update(ends_on=filled.now.date())
        work()
        row.refresh_from_db()
        assert (row.state, row.file_id, row.done) == ("failed", None, 0)
        other = ask(filled, "zhiban")
        Export.objects.filter(pk=other.pk).update(rights=[*other.rights, ["dispatcher", "", None]])
        work()
        page = enter(filled, "zhiban").get(f"/exports/{other.uuid}/").content.decode()
        assert "申请后有变动" in page
        enter(filled, "zhiban").post(f"/exports/{other.uuid}/again/")
        work()
        assert Export.objects.get(pk=other.pk).state == "ready"


def test_who_lost_a_part_of_their_rights_takes_it_out_anew(filled):
    with limit(filled, "rows_at_once", 1):
        row = ask(filled, "zhongdui")
        work()
        Export.objects.filter(pk=row.pk).update(rights=[["shift_leader", "", None]])
        answer = enter(filled, "zhongdui").get(f"/exports/{row.uuid}/file")
        assert answer.status_code == 403
        assert "权限有变动" in answer.content.decode()


def test_a_cancelled_one_stops_and_can_be_begun_again(filled):
    with limit(filled, "rows_at_once", 1):
        row, client = ask(filled), enter(filled, "paidan")
        assert client.post(f"/exports/{row.uuid}/cancel/").status_code == 302
        work()
        assert Export.objects.get(pk=row.pk).state == "cancelled"
        assert "已经结束" in client.post(f"/exports/{row.uuid}/cancel/", follow=True).content.decode()
        client.post(f"/exports/{row.uuid}/again/")
        work()
        assert Export.objects.get(pk=row.pk).state == "ready"
        assert "不需要重新开始" in client.post(f"/exports/{row.uuid}/again/", follow=True).content.decode()
    assert StoredFile.objects.count() == 1


def test_cancelling_while_it_is_written_leaves_no_file(filled, monkeypatch):
    listing = LISTINGS["tasks"]

    def pages(asking):
        for page in listing.pages(asking):
            if page:
                services.cancel(by=filled.actor("paidan"), now=clock.now(), uuid=row.uuid)
            yield page

    with limit(filled, "rows_at_once", 1):
        row = ask(filled)
        monkeypatch.setitem(LISTINGS, "tasks", type(listing)(
            listing.code, listing.title, listing.columns, pages, listing.said, listing.door
        ))  # fmt: skip
        work()
    assert Export.objects.get(pk=row.pk).state == "cancelled"
    assert not StoredFile.objects.exists()


def test_one_that_dies_says_so_is_told_and_can_be_begun_again(filled, monkeypatch):
    with limit(filled, "rows_at_once", 1):
        row = ask(filled, form="xlsx")
        broken = monkeypatch.context()
        with broken as patch:
            patch.setattr(tables, "_write", lambda *_args: 1 / 0)
            work()
        page = enter(filled, "paidan").get(f"/exports/{row.uuid}/").content.decode()
        assert "没有完成" in page
        assert "重新开始" in page
        assert Message.objects.filter(template="exports.failed").count() == 1
        enter(filled, "paidan").post(f"/exports/{row.uuid}/again/")
        work()
        assert Export.objects.get(pk=row.pk).state == "ready"


def test_one_whose_worker_was_lost_is_told_after_the_silence_and_begun_again(filled):
    with limit(filled, "rows_at_once", 1):
        row = ask(filled)
    Export.objects.filter(pk=row.pk).update(state="running", done=3)
    Job.objects.all().delete()
    with clock.frozen(filled.now + timedelta(days=1, minutes=31)):
        assert "没有动静" in enter(filled, "paidan").get(f"/exports/{row.uuid}/").content.decode()
        assert services.fail_silent(now=clock.now()) == 1
        assert services.fail_silent(now=clock.now()) == 0
        assert Export.objects.get(pk=row.pk).state == "failed"
        enter(filled, "paidan").post(f"/exports/{row.uuid}/again/")
        work()
        assert Export.objects.get(pk=row.pk).state == "ready"


def test_a_file_goes_after_its_days_and_the_list_can_be_taken_out_again(filled):
    with limit(filled, "rows_at_once", 1):
        row = ask(filled)
        work()
    with clock.frozen(filled.now + timedelta(days=7)):
        assert services.expire(now=clock.now()) == 0
    with clock.frozen(filled.now + timedelta(days=8, minutes=1)):
        client = enter(filled, "paidan")
        assert client.get(f"/exports/{row.uuid}/file").status_code == 404
        assert services.expire(now=clock.now()) == 1
        assert Export.objects.get(pk=row.pk).state == "expired"
        assert StoredFile.objects.get().deleted_at is not None
        assert "已过期删除" in client.get(f"/exports/{row.uuid}/").content.decode()


def test_one_person_has_no_more_going_on_than_the_rulebook_says(filled):
    with limit(filled, "rows_at_once", 1):
        for _n in range(3):
            ask(filled)
        answer = send(enter(filled, "paidan"), "tasks", query="box=all")
        assert answer.status_code == 409
        assert "已有 3 个导出" in answer.content.decode()
        assert send(enter(filled, "zhiban"), "tasks", query="box=all").status_code == 302


def test_what_no_file_holds_is_said_and_not_begun_for_nothing(filled):
    with limit(filled, "rows_at_once", 1), limit(filled, "most_rows", 3):
        row = ask(filled)
        work()
        row.refresh_from_db()
        assert (row.state, row.file_id) == ("failed", None)
        assert "超过 3 行" in row.why
