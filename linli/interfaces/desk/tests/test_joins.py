"""What one room shows of another: meetings among what is owed, where a task came from, projects from a claim."""

from datetime import timedelta

import pytest

from linli.engines.activities import services as meetings
from linli.engines.activities.types import NewMeeting, NewVenue
from linli.engines.projects import services as projects
from linli.engines.projects.models import Project
from linli.engines.projects.types import NewTask
from linli.foundation.core import clock
from linli.interfaces.desk.owed.providers import PROVIDERS
from linli.interfaces.desk.tests.help import enter
from linli.interfaces.desk.tests.test_projects import entered
from linli.programmes.alliance.tests.year import lay_year

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_meeting_is_owed_until_its_minutes_are_written(world):
    by, starts = world.actor("zhiban"), world.now + DAY
    unit = world.units["development"].pk
    data = NewMeeting(
        "seminar", "党建研讨会", starts, starts + timedelta(hours=2), unit, (NewVenue("二楼会议室"),),
        unit_ids=(world.units["housing"].pk,),
    )  # fmt: skip
    meeting = meetings.plan_meeting(by=by, now=world.now, data=data)
    page = enter(world, "zhiban").get("/desk/owed/").content.decode()
    assert "党建研讨会" in page
    assert "参加会议" in page
    assert f"/desk/meetings/{meeting.uuid}/" in page
    assert "党建研讨会" not in enter(world, "chengguan").get("/desk/owed/").content.decode()
    with clock.frozen(world.now + 2 * DAY):
        assert "党建研讨会" not in enter(world, "zhiban").get("/desk/owed/").content.decode()  # nobody was called to it
    meetings.call_meeting(by=by, now=world.now, meeting=meeting)
    with clock.frozen(world.now + 2 * DAY):
        assert "待整理记录" in enter(world, "zhiban").get("/desk/owed/").content.decode()


def circulated(world):
    """Return a meeting whose minutes were just sent round; housing was invited, nobody was marked as present."""
    by, starts = world.actor("zhiban"), world.now + DAY
    data = NewMeeting(
        "seminar", "党建研讨会", starts, starts + timedelta(hours=2), world.units["development"].pk,
        (NewVenue("二楼会议室"),), unit_ids=(world.units["housing"].pk,),
    )  # fmt: skip
    meeting = meetings.plan_meeting(by=by, now=world.now, data=data)
    meetings.call_meeting(by=by, now=world.now, meeting=meeting)
    with clock.frozen(world.now + 2 * DAY):
        now = clock.now()
        meetings.begin(by=by, now=now, meeting=meeting)
        meetings.decide(by=by, now=now, meeting=meeting, kind="decision", text="照方案实施")
        meetings.finish(by=by, now=now, meeting=meeting)
        meetings.circulate(by=by, now=now, meeting=meeting)
    return meeting


def test_minutes_to_correct_are_owed_until_answered(world, django_assert_max_num_queries):
    meeting = circulated(world)
    address, owed = f"/desk/meetings/{meeting.uuid}/", "/desk/owed/?scope=me"
    with clock.frozen(world.now + 2 * DAY):
        fangguan, zhiban = enter(world, "fangguan"), enter(world, "zhiban")
        page = fangguan.get(owed).content.decode()
        assert "待核对记录" in page
        assert f"{address}?tab=record" in page
        assert "03-15" in page, "the deadline: three days"
        assert "待核对记录" not in enter(world, "chengguan").get(owed).content.decode()
        assert "意见待答复" not in zhiban.get(owed).content.decode()
        assert "核对无误" in fangguan.get(f"{address}?tab=record").content.decode()
        assert enter(world, "chengguan").post(address, {"act": "agree"}).status_code == 404
        assert zhiban.post(address, {"act": "agree"}).status_code == 403
        assert fangguan.post(address, {"act": "remark", "text": "请补充期限"}).status_code == 302
        assert "待核对记录" not in fangguan.get(owed).content.decode()
        assert "1 条修改意见待答复" in zhiban.get(owed).content.decode()
        with django_assert_max_num_queries(3 + len(PROVIDERS)):  # one of each room
            zhiban.get(owed)
    with clock.frozen(world.now + 7 * DAY):
        assert "其中 1 件已超期" in enter(world, "zhiban").get(owed).content.decode()
    with clock.frozen(world.now + 2 * DAY):
        row = meeting.remarks.get()
        assert zhiban.post(address, {"act": "answer_remark", "remark": row.pk, "answer": "已补充"}).status_code == 302
        assert "党建研讨会" not in zhiban.get(owed).content.decode()


def test_who_finds_the_minutes_right_says_so_and_is_asked_again_when_they_go_round_again(world):
    meeting = circulated(world)
    address, owed = f"/desk/meetings/{meeting.uuid}/", "/desk/owed/?scope=me"
    with clock.frozen(world.now + 2 * DAY):
        fangguan, by, now = enter(world, "fangguan"), world.actor("zhiban"), clock.now()
        assert fangguan.post(address, {"act": "agree"}).status_code == 302
        assert "待核对记录" not in fangguan.get(owed).content.decode()
        assert "核对无误</button>" not in fangguan.get(f"{address}?tab=record").content.decode()
        meetings.take_back(by=by, now=now, meeting=meeting)
        assert fangguan.post(address, {"act": "agree"}).status_code == 409
        meetings.circulate(by=by, now=now, meeting=meeting)
        assert "待核对记录" in fangguan.get(owed).content.decode()


def test_a_claim_becomes_a_project_and_a_task_leads_back_to_its_claim(world):
    projects.load_shipped_classes(now=world.now)
    year = lay_year(world)
    claim = year.agreed(year.claim(year.entry("“跳动三原色”街区点亮"), year.member("百货集团")))
    task = NewTask("测量橱窗", world.units["housing"].pk, world.now.date() + DAY, "claim", claim.uuid, "百货集团")
    made = projects.create_tasks(by=year.leader, now=world.now, tasks=[task])[0]
    lead, address = enter(world, "lingdao"), f"/desk/alliance/claims/{claim.uuid}/"
    assert address in lead.get(f"/desk/tasks/{made.uuid}/").content.decode()
    page = lead.get(address).content.decode()
    assert "立为项目" in page
    asked = {"source_kind": "claim", "source_uuid": str(claim.uuid), "source_label": "百货集团"}
    assert lead.post("/desk/projects/new/", {**entered(world), **asked}).status_code == 302
    project = Project.objects.get()
    page = lead.get(address).content.decode()
    assert project.number in page
    assert f"/desk/projects/{project.uuid}/" in page
    assert "立为项目" not in page
