"""The tasks of a leading group: its members read them, do no more than their posts allow, and read no others."""

from datetime import date, timedelta

import pytest

from linli.engines.projects.models import TaskList
from linli.foundation.core.actors import SYSTEM
from linli.foundation.people import selectors as people
from linli.foundation.people import services as posts
from linli.foundation.people.models import Absence, Appointment
from linli.interfaces.desk.tests.help import enter
from linli.interfaces.desk.tests.test_tasks import DUE, given, page, send

pytestmark = pytest.mark.django_db


def group(world, *members, name="市容整治工作专班", **fields):
    """Return a leading group of the posts of the people named."""
    given = {"name": name, "purpose": "整治", "ends_on": date(2026, 12, 31), "starts_on": date(2026, 1, 1), **fields}
    body = posts.create_body(by=SYSTEM, now=world.now, **given)
    return body, [
        posts.add_body_member(
            by=SYSTEM, now=world.now, body=body, function="member",
            post_id=Appointment.objects.get(user=world.users[who]).post_id,
        )
        for who in members
    ]  # fmt: skip


def test_members_read_the_tasks_of_their_group_and_no_others(world):
    body, (member,) = group(world, "minjing")
    other, _none = group(world, "fangguan", name="加梯工作专班")
    ours, theirs = given(world, title="专班任务", body=body.pk), given(world, title="别组任务", body=other.pk)
    plain = given(world, title="日常任务")
    minjing = enter(world, "minjing")
    found = minjing.get("/desk/tasks/?box=body").content.decode()
    assert "专班任务" in found
    assert "别组任务" not in found
    assert "日常任务" not in found
    assert "?box=body" in minjing.get("/desk/tasks/").content.decode(), "there is a tab for them"
    assert "?box=body" not in enter(world, "danche").get("/desk/tasks/").content.decode(), "not for who has none"
    assert "清理主干道乱停车" not in found
    shown = page(minjing, ours)
    assert "市容整治工作专班" in shown
    for words in ("签收</button>", "填写进展", "提交验收", "验收通过"):
        assert words not in shown
    for act, sent in (("sign", {}), ("report", {"text": "x"}), ("note", {"text": "x"}), ("drop", {"result": "x"})):
        assert send(minjing, ours, act, **sent).status_code == 403
        assert send(minjing, theirs, act, **sent).status_code == 404
    for hidden in (theirs, plain):
        assert minjing.get(f"/desk/tasks/{hidden.uuid}/").status_code == 404
    posts.end_body_member(by=SYSTEM, now=world.now, member=member)
    assert minjing.get(f"/desk/tasks/{ours.uuid}/").status_code == 404, "who has left reads them no more"


def test_a_member_whose_unit_owes_the_task_works_on_it(world):
    body, _members = group(world, "chengguan", "minjing")
    task = given(world, body=body.pk)
    assert send(enter(world, "chengguan"), task, "sign").status_code == 302
    assert "已签收" in page(enter(world, "minjing"), task)


def test_a_list_of_a_group(world):
    body, _members = group(world, "minjing")
    paidan, minjing, danche = enter(world, "paidan"), enter(world, "minjing"), enter(world, "danche")
    rows = f"排查停放点位\t{world.units['enforcement'].name}\t{DUE}"
    paidan.post("/desk/tasks/lists/new/", {"title": "专班清单", "acceptance": "yes", "rows": rows, "body": body.pk})
    row = TaskList.objects.get()
    assert "排查停放点位" in minjing.get(f"/desk/tasks/lists/{row.uuid}/").content.decode()
    assert "专班清单" in minjing.get("/desk/tasks/lists/").content.decode()
    assert danche.get(f"/desk/tasks/lists/{row.uuid}/").status_code == 404


def test_a_post_of_two_groups_has_its_grants_once_and_a_stand_in_is_of_them_too(world):
    first, _one = group(world, "minjing")
    second, _two = group(world, "minjing", name="夜间巡查专班")
    over, _three = group(world, "minjing", name="临时专班", ends_on=world.now.date())
    plain = world.actor("danche")
    assert plain.bodies == frozenset()
    actor = world.actor("minjing")
    assert actor.bodies == {first.pk, second.pk, over.pk}
    assert len(actor.grants) == len(set(actor.grants))
    assert world.actor("minjing", world.now + timedelta(days=2)).bodies == {first.pk, second.pk}, "one has ended"
    Absence.objects.create(
        user=world.users["minjing"], stand_in=world.users["danche"], starts_on=world.now.date(),
        ends_on=world.now.date(),
    )  # fmt: skip
    assert people.actor_for(world.users["danche"], world.now).bodies == actor.bodies


def test_the_list_of_a_member_costs_no_more(world, django_assert_max_num_queries):
    body, _members = group(world, "minjing")
    for i in range(30):
        given(world, title=f"专班任务{i}", body=body.pk)
    minjing = enter(world, "minjing")
    minjing.get("/desk/tasks/?box=body")
    with django_assert_max_num_queries(8):
        assert minjing.get("/desk/tasks/?box=body").status_code == 200
