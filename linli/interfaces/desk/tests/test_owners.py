"""业委会规范化运行评估 at the desk and on the residents' page, by HTTP: from the ledger to the announcement."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from linli.engines.cases.models import Case
from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.models import Finding, Submission, Visit
from linli.engines.fieldwork.tests.test_findings import to_closed
from linli.engines.fieldwork.types import Packet
from linli.foundation.accounts.services import create_user
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.ids import uuid7
from linli.foundation.jobs.services import drain
from linli.foundation.people import services as people
from linli.foundation.people.services import create_post, create_unit
from linli.interfaces.desk.tests.test_civility import Office
from linli.interfaces.portal.tests.steps import words
from linli.programmes.owners.models import Drive, Evaluation, Opinion
from linli.programmes.owners.tests.scenes import answers, begin, committees, evaluate, fill, visit_of
from linli.programmes.owners.types import FORM
from tests.login import log_in

pytestmark = pytest.mark.django_db
A, B, C = "陶家宅一村业委会", "陶家宅二村业委会", "华一公寓业委会"


@pytest.fixture
def office(at, client):
    committees(at, A, B)
    committees(at, C, area="华一")
    return Office(at, client).sit("ducha")


def speaker(world, name=A, username="yeweihui"):
    """Let somebody speak for a committee: its unit bears its name."""
    unit = create_unit(by=SYSTEM, now=world.now, name=name, kind="owners_committee", area_id=world.areas["陶家宅"].pk)
    user = create_user(username=username, display_name="业委会主任", by=SYSTEM, now=world.now)
    post = create_post(by=SYSTEM, now=world.now, unit=unit, role="unit_head", title="业委会主任")
    people.appoint(by=SYSTEM, now=world.now, user_id=user.pk, post=post, starts_on=world.now.date())
    world.users[username] = user


def started(office):
    """Start the evaluation from its form."""
    day = office.day
    office.send(
        "owners_new", title="2026 年业委会规范化运行评估", unit_id=office.world.units["centre"].pk,
        starts_on=day.isoformat(), ends_on=(day + timedelta(days=60)).isoformat(),
    )  # fmt: skip
    return Drive.objects.get()


@pytest.mark.mechanism("001-47")
def test_every_committee_is_evaluated_graded_heard_and_announced_with_its_coverage(office, client):
    """The whole row: indicator set, score, grade, coverage rate, hearing, publicity, re-check."""
    world = office.world
    assert "还没有评估" in office.read("owners")
    refused = office.send("owners_new", status=422, title="", unit_id="", starts_on="", ends_on="")
    assert "这个字段" in words(refused) or "必填" in words(refused)
    drive = started(office)
    said = office.read("owners_drive", drive.uuid)
    assert "0%" in said
    assert "0/3" in said
    assert A in said  # named among those not evaluated

    fill(world, drive, A, {"seal": "no", "meet": "na"})
    assert Evaluation.objects.count() == 0  # another person reviews first
    fieldwork.accept(by=world.actor("ducha"), now=world.now, submission=Submission.objects.get())
    evaluate(world, drive, B, {"revenue": "no"})
    said = office.read("owners_drive", drive.uuid)
    assert "67%" in said
    assert "2/3" in said
    assert f"华一居民区 0/1 0% {C}" in said
    assert "已全覆盖" in said

    row = Evaluation.objects.get(target__name=A)
    assert (int(row.earned), int(row.full), row.grade) == (86, 92, "a")  # 不适用 leaves the denominator
    vetoed = Evaluation.objects.get(target__name=B)
    assert (int(vetoed.earned), vetoed.grade) == (90, "d")  # marks stay, the veto decides
    said = office.read("owners_results", drive.uuid, grade="d")
    assert B in said
    assert A not in said
    sheet = office.read("owners_result", vetoed.uuid)
    assert "一票否决项没有做到，等级为不合格" in sheet
    assert "公共收益收支至少每半年公布一次" in sheet

    # nothing is public before the committees were heard
    assert "现在没有公示的评估结果" in words(client.get("/owners/"))
    assert client.get(f"/owners/{row.uuid}/").status_code == 404
    office.act("owners_drive", drive, "ask")
    speaker(world)
    office.sit("yeweihui")
    assert A in office.read("owners_results", drive.uuid)
    assert B not in office.read("owners_results", drive.uuid)  # its own alone
    office.see("owners_result", vetoed.uuid, status=404)
    office.act("owners_result", row, "object", text="印章登记簿在物业办公室，当天没有带来。")
    office.sit("ducha")
    refused = office.act("owners_result", row, "answer", status=409, text="已核对登记簿。", changed="yes")
    assert "评估记录还没有更正" in words(refused)
    assert "已核对登记簿。" in refused.content.decode()  # nothing typed is lost
    office.act("owners_result", row, "answer", text="登记簿缺三次用印，维持。", changed="no")
    with clock.frozen(world.now):
        office.act("owners_drive", drive, "publish")  # A was heard; B may still speak
    assert Evaluation.objects.get(pk=vetoed.pk).state == "asked"
    later = world.now + timedelta(days=8)
    with clock.frozen(later):
        log_in(client, world.users["ducha"])
        office.act("owners_drive", drive, "publish")
        page = words(client.get("/owners/"))
        assert A in page
        assert "优秀" in page
        assert "得分率 93.5%" in page
        assert B in page
        assert "不合格" in page
        assert C not in page
        one = words(client.get(f"/owners/{row.uuid}/"))
        assert "印章专人保管，用印有登记 没有做到" in one
        assert "2026-03-10 评估" in one
        assert "督查" not in one  # nobody's name, no post


def test_what_was_not_done_becomes_a_case_is_mended_and_looked_at_again(office):
    world = office.world
    drive = begin(world)
    row = evaluate(world, drive, A, {"seal": "no"})
    finding = Finding.objects.get()
    assert finding.state == "case"
    assert finding.case_uuid is not None
    case = Case.objects.get(uuid=finding.case_uuid)
    assert case.category.code == "owners_committee"
    said = office.read("owners_gaps", drive.uuid)
    assert "印章专人保管，用印有登记" in said
    assert "没有要整改的" not in said
    to_closed(world, case, world.now)
    drain(now=world.now)
    finding.refresh_from_db()
    assert finding.state == "rectified"
    assert finding.recheck_id is not None
    again = Visit.objects.get(pk=finding.recheck_id)
    packet = Packet(
        uuid=uuid7(), form=FORM, version=1, answers=answers(), made_at=world.now + timedelta(days=1), visit=again.uuid
    )
    fieldwork.submit(by=world.actor("shuji"), now=packet.made_at, packet=packet)
    record = Submission.objects.get(uuid=packet.uuid)
    fieldwork.accept(by=world.actor("ducha"), now=packet.made_at, submission=record)
    finding.refresh_from_db()
    assert finding.state == "scored"
    row.refresh_from_db()
    assert row.earned == 94  # a second look does not change the grade
    assert "没有符合的问题" in office.read("owners_gaps", drive.uuid, open="yes")


def test_a_corrected_record_takes_its_place_and_leaves_the_residents_page(office, client):
    world = office.world
    drive = begin(world)
    row = evaluate(world, drive, A, {"seal": "no"})
    office.act("owners_result", row, "ask")
    with clock.frozen(world.now + timedelta(days=8)):
        log_in(client, world.users["ducha"])
        office.act("owners_result", row, "publish")
        assert client.get(f"/owners/{row.uuid}/").status_code == 200
        office.act("owners_result", row, "withdraw", status=422, reason="")
        fill_again(world, drive, row)
        row.refresh_from_db()
        assert (row.state, int(row.earned)) == ("scored", 100)
        assert client.get(f"/owners/{row.uuid}/").status_code == 404
    office.see("owners_result", row.uuid)


def fill_again(world, drive, row):
    """Correct the record that stands, and let another person accept it."""
    now = world.now + timedelta(days=8)
    packet = Packet(
        uuid=uuid7(), form=FORM, version=1, answers=answers(), made_at=now, visit=visit_of(drive, A).uuid,
        former=row.record.uuid,
    )  # fmt: skip
    fieldwork.submit(by=world.actor("shuji"), now=now, packet=packet)
    record = Submission.objects.get(uuid=packet.uuid)
    fieldwork.accept(by=world.actor("ducha"), now=now, submission=record)


def test_writes_are_refused_to_whom_they_are_not_and_nothing_half_written_stays(office):
    world = office.world
    drive = begin(world)
    row = evaluate(world, drive, A)
    speaker(world)
    office.sit("yeweihui")
    office.see("owners_result", row.uuid, status=404)  # not asked yet
    office.send("owners_new", status=403, title="自己评", unit_id=world.units["centre"].pk,
                starts_on="2026-03-10", ends_on="2026-04-10")  # fmt: skip
    office.sit("shuji")
    office.act("owners_drive", drive, "ask", status=403)
    office.sit("ducha")
    office.act("owners_drive", drive, "ask")
    office.send("owners_drive", drive.uuid, act="ask", status=409)  # nothing is left to ask about
    office.send("owners_result", row.uuid, act="publish", status=409)  # still asked
    office.sit("shuji")
    stale = office.send("owners_result", row.uuid, act="object", version=1, text="旧页面", status=409)
    assert "旧页面" in stale.content.decode()
    office.sit("ducha")
    office.act("owners_drive", drive, "close", status=409, feedback="已反馈", result="已整改")
    with clock.frozen(world.now + timedelta(days=8)):
        log_in(office.client, world.users["yeweihui"])
        office.act("owners_result", row, "object", status=409, text="晚了一天")
    assert Opinion.objects.count() == 0
    assert Drive.objects.get().state == "open"


def test_an_evaluation_leaves_as_a_table_and_stands_in_the_committees_dossier(office):
    world = office.world
    drive = begin(world)
    row = evaluate(world, drive, A, {"seal": "no"})
    answer = office.see("owners_sheet", drive.uuid)
    book = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == ["评估结果", "覆盖", "整改清单"]
    rows = [[c.value for c in r] for r in book["评估结果"].iter_rows(min_row=3)]
    assert rows[0][:6] == ["陶家宅居民区", A, "优秀", "94.0%", 94, 100]
    assert [r[0].value for r in book["整改清单"].iter_rows(min_row=3)] == [A]
    said = office.read("target", row.target.uuid)
    assert "规范化运行评估" in said
    assert "优秀" in said


def test_a_list_of_two_hundred_results_asks_few_questions(office, django_assert_max_num_queries):
    world = office.world
    drive = begin(world)
    row = evaluate(world, drive, A)
    names = [f"陶家宅{n}号院业委会" for n in range(3, 215)]
    more = committees(world, *names)
    Evaluation.objects.bulk_create(
        Evaluation(
            drive=drive, target=t, record=row.record, area_path=t.area_path, earned=80, full=100, grade="b",
            checked_on=office.day, counted_at=world.now,
        )
        for t in more
    )  # fmt: skip
    office.see("owners_results", drive.uuid)
    with django_assert_max_num_queries(12):
        page = office.see("owners_results", drive.uuid, grade="b")
    assert len(page.context["rows"]) == 50
    assert reverse("desk:owners_results", args=[drive.uuid])
    with django_assert_max_num_queries(24):
        office.see("owners_drive", drive.uuid)
