import re
from datetime import timedelta

import pytest

from linli.engines.cases import services
from linli.engines.cases.models import Case, Consultation, ShiftNote
from linli.engines.projects.models import Task
from linli.foundation.core import clock
from linli.foundation.jobs import services as jobs
from linli.foundation.messages import services as messages
from linli.foundation.messages.models import Message
from linli.foundation.messages.types import ChannelCode, Outgoing, Recipient
from linli.foundation.people import selectors as people
from linli.interfaces.desk.tests.help import enter, fresh, handled, make_case

pytestmark = pytest.mark.django_db


def raised(world, times=1):
    case = handled(world, make_case(world))
    for _i in range(times):
        services.raise_level(by=world.actor("lingdao"), now=world.now, case=case, reason="涉及多个单位")
    return fresh(case.number)


def convene(client, case, world, **fields):
    data = {
        "cases": [case.pk],
        "title": "垃圾清运协调会",
        "held_at": "2026-03-11T14:00",
        "place": "街道三楼",
        "units": [world.units["management"].pk],
    }
    return client.post("/desk/consultations/new/", {**data, **fields})


def decision(case, world, **fields):
    return {
        f"decision_{case.pk}": "由物业牵头增加清运，管理办督促",
        f"task_title_{case.pk}": ["每日清运两次", ""],
        f"task_unit_{case.pk}": [str(world.units["management"].pk), ""],
        f"task_due_{case.pk}": ["2026-03-20", ""],
        "attended": [str(world.units["management"].pk)],
        f"position_{world.units['management'].pk}": "同意",
        "minutes": "各方达成一致。",
        **fields,
    }


def test_decided_consultations_are_paged_and_taken_out(world, django_assert_max_num_queries):
    for n in range(45):
        Consultation.objects.create(
            title=f"第 {n} 次会商", level="comprehensive", held_at=world.now, called_at=world.now,
            called_label="网格长", decided_at=world.now + timedelta(minutes=n),
        )  # fmt: skip
    client, seen, address = enter(world, "paidan"), set(), "/desk/consultations/"
    while address:
        with django_assert_max_num_queries(14):
            page = client.get(address).context["decided"]
        assert len(page.rows) <= 20
        seen |= {m.title for m in page.rows}
        address = f"/desk/consultations/?cursor={page.next}" if page.next else ""
    assert len(seen) == 45
    sheet = client.post("/exports/of/consultations/", {"form": "csv"}).getvalue().decode()
    assert all(f"第 {n} 次会商" in sheet for n in range(45))


@pytest.mark.mechanism("001-09")
def test_each_level_has_its_convening_body_and_the_unit_keeps_the_case(world):
    general, comprehensive, difficult = handled(world, make_case(world)), raised(world), raised(world, times=2)
    page = enter(world, "wanggezhang").get("/desk/consultations/").content.decode()
    for words in (
        "党支部、居民区直接解决",
        "由综合网格召集会商",
        "由街道党工委召集协调",
        comprehensive.number,
        difficult.number,
    ):
        assert words in page
    assert general.number not in page
    grid, leader = enter(world, "wanggezhang"), enter(world, "lingdao")
    assert convene(leader, general, world).status_code == 422
    assert convene(grid, difficult, world).status_code == 403
    assert convene(grid, comprehensive, world).status_code == 302
    assert convene(leader, difficult, world).status_code == 302
    for case in (comprehensive, difficult):
        now = fresh(case.number)
        assert (now.state, now.unit) == ("consulting", world.units["property"])
    assert general.unit == world.units["property"]


def test_consult_decide_tasks_result_in_the_timeline(world):
    case, client = raised(world), enter(world, "wanggezhang")
    assert convene(client, case, world, title="").status_code == 422
    assert convene(client, case, world, held_at="x").status_code == 422
    assert not Consultation.objects.exists()
    address = convene(client, case, world)["Location"]
    page = client.get(address).content.decode()
    assert "形成决定" in page
    refused = client.post(address, {f"decision_{case.pk}": "", "minutes": "记录写到一半"})
    assert refused.status_code == 422
    assert "记录写到一半" in refused.content.decode()
    no_unit = client.post(address, decision(case, world, **{f"task_unit_{case.pk}": ["", ""]}))
    assert no_unit.status_code == 422
    assert "每日清运两次" in no_unit.content.decode()
    assert not Task.objects.exists()
    assert client.post(address, decision(case, world)).status_code == 302
    assert client.post(address, decision(case, world)).status_code == 409
    assert fresh(case.number).state == "handling"
    office, task = enter(world, "guanliban"), Task.objects.get()
    assert "每日清运两次" in office.get("/desk/tasks/").content.decode()
    where = f"/desk/tasks/{task.uuid}/"
    assert enter(world, "minjing").get(where).status_code == 404
    assert enter(world, "paidan").post(where, {"result": "好"}).status_code == 403
    assert office.post(where, {"result": ""}).status_code == 422
    assert office.post(where, {"result": "已改为每日两次", "act": "done"}).status_code == 302
    assert office.post(where, {"result": "再来一次"}).status_code == 409
    jobs.drain(now=world.now)
    last = fresh(case.number).events.latest("seq")
    assert "每日清运两次" in last.text
    assert "已改为每日两次" in last.text
    assert not last.public  # words of colleagues among themselves; the reporter reads the reply
    assert "已改为每日两次" in client.get(address).content.decode()
    assert "已改为每日两次" in client.get(address + "print/").content.decode()
    assert "已改为每日两次" in enter(world, "paidan").get(f"/desk/cases/{case.number}/print/").content.decode()


def test_who_sees_a_consultation(world, client, django_assert_max_num_queries):
    case = raised(world)
    address = convene(enter(world, "wanggezhang"), case, world)["Location"]
    assert client.get(address).status_code == 302
    assert enter(world, "guanliban").get(address).status_code == 200
    assert "形成决定" not in enter(world, "guanliban").get(address).content.decode()
    assert enter(world, "guanliban").post(address, decision(case, world)).status_code == 403
    assert enter(world, "minjing").get(address).status_code == 404
    assert enter(world, "guanliban").get("/desk/consultations/new/").status_code == 403
    lead = enter(world, "lingdao")
    for page in ("/desk/consultations/", "/desk/tasks/?box=done", "/desk/tasks/?box=overdue"):
        with django_assert_max_num_queries(8):
            assert lead.get(page).status_code == 200
    with django_assert_max_num_queries(16):  # one for the other items of the meeting that it is
        assert lead.get(address).status_code == 200
    assert Consultation.objects.get().decided_at is None


def test_two_reports_of_one_matter_are_compared_merged_and_taken_apart_again(world):
    main, other = make_case(world), make_case(world, text="垃圾桶又满出来了", phone="13912345678")
    client, address = enter(world, "paidan"), f"/desk/cases/{other.number}/merge/"
    page = client.get(f"{address}?main={main.number}").content.decode()
    for words in (main.number, "此件", "主件", "垃圾桶又满出来了", "（一致）"):
        assert words in page
    assert main.number in client.get(f"{address}?q=垃圾").content.decode()
    assert client.post(address, {"main": main.number, "reason": ""}).status_code == 422
    assert client.post(address, {"main": "", "reason": "同一件事"}).status_code == 422
    stale = client.post(address, {"main": main.number, "reason": "同一件事", "version": "99"})
    assert stale.status_code == 409
    assert "同一件事" in stale.content.decode()
    assert enter(world, "shegong").get(address).status_code == 403
    assert enter(world, "minjing").post(address, {"main": main.number, "reason": "x"}).status_code == 404
    assert fresh(other.number).merged_into is None
    assert (
        client.post(address, {"main": main.number, "reason": "同一件事", "version": other.version}).status_code == 302
    )
    assert (fresh(other.number).merged_into, fresh(main.number).reporter_count) == (main, 2)
    back = f"/desk/cases/{other.number}/unmerge/"
    assert client.get(back).status_code == 200
    assert client.post(back, {"reason": ""}).status_code == 422
    assert client.post(back, {"reason": "不是同一件"}).status_code == 302
    assert fresh(other.number).state == "reported"


def test_a_report_of_two_matters_is_split(world):
    case, client = make_case(world, text="楼道堆物，楼下还有人乱停车"), enter(world, "paidan")
    address = f"/desk/cases/{case.number}/split/"
    assert client.get(address).content.decode().count('name="part_text"') == 3
    one = {
        "part_text": ["楼道堆物", ""],
        "part_category": ["corridor_clutter", "other"],
        "part_address": ["", ""],
        "reason": "两件事",
    }
    assert client.post(address, one).status_code == 422
    assert Case.objects.count() == 1
    two = {**one, "part_text": ["楼道堆物", "乱停车"], "part_category": ["corridor_clutter", "car_parking"]}
    assert enter(world, "shegong").post(address, two).status_code == 403
    assert client.post(address, two).status_code == 302
    parts = list(case.parts.order_by("id"))
    assert [p.category.code for p in parts] == ["corridor_clutter", "car_parking"]
    assert all(p.area_id == case.area_id for p in parts)
    assert fresh(case.number).state == "split"
    assert client.post(address, two).status_code == 409


def test_a_shift_is_handed_over_and_taken_by_another(world, client, django_assert_max_num_queries):
    case, giver, taker = make_case(world), enter(world, "paidan"), enter(world, "paidan2")
    assert client.get("/desk/shift/").status_code == 302
    assert enter(world, "shegong").get("/desk/shift/").status_code == 403
    assert giver.post("/desk/shift/", {"text": ""}).status_code == 422
    assert not ShiftNote.objects.exists()
    assert giver.post("/desk/shift/", {"text": "夜间关注电梯", "cases": [case.number]}).status_code == 302
    with django_assert_max_num_queries(8):
        page = giver.get("/desk/shift/").content.decode()
    for words in ("夜间关注电梯", case.number, "值班长甲", "等待下一班确认"):
        assert words in page
    assert "等您接班" not in page
    assert "等您接班" in taker.get("/desk/shift/").content.decode()
    note = ShiftNote.objects.get()
    assert giver.post(f"/desk/shift/{note.pk}/take/").status_code == 409
    assert taker.get(f"/desk/shift/{note.pk}/take/").status_code == 405
    assert taker.post(f"/desk/shift/{note.pk}/take/").status_code == 302
    assert "接班" in taker.get("/desk/shift/").content.decode()
    note.refresh_from_db()
    assert note.read_label


def test_the_inbox_shows_what_came_and_marks_it_read(world, client, django_assert_max_num_queries):
    case = make_case(world)
    services.accept(by=world.actor("paidan"), now=world.now, case=case)
    services.dispatch(by=world.actor("paidan"), now=world.now, case=case, unit_id=world.units["property"].pk)
    jobs.drain(now=world.now)
    assert client.get("/notifications/").status_code == 302
    firm = enter(world, "wuye")
    with django_assert_max_num_queries(8):
        page = firm.get("/desk/notifications/").content.decode()
    assert case.number in page
    assert "未读" in page
    message = Message.objects.filter(user_id=world.users["wuye"].pk).latest("id")
    enter(world, "minjing").post("/desk/notifications/read/", {"uuid": str(message.uuid)})
    assert Message.objects.get(pk=message.pk).read_at is None
    answer = firm.post("/desk/notifications/read/", {"uuid": str(message.uuid), "next": f"/desk/cases/{case.number}/"})
    assert answer["Location"] == f"/desk/cases/{case.number}/"
    assert Message.objects.get(pk=message.pk).read_at == clock.now()
    assert (
        firm.post("/desk/notifications/read/", {"next": "https://evil.example/"})["Location"] == "/desk/notifications/"
    )
    assert firm.post("/desk/notifications/digest/", {"digest": "1", "email": "x"}).status_code == 422
    assert firm.post("/desk/notifications/digest/", {"digest": "1", "email": "wuye@example.org"}).status_code == 302
    assert "已开启" in firm.get("/desk/notifications/").content.decode()


def test_a_full_inbox_is_paged(world):
    messages.send_many(
        messages=[
            Outgoing(
                template="cases.year_missing",
                params={"year": str(2000 + n), "link": "/console/"},
                channel=ChannelCode.IN_APP,
                url="/console/",
                recipient=Recipient(user_id=world.users["paidan"].pk),
            )
            for n in range(101)
        ],
        now=world.now,
    )
    jobs.drain(now=world.now)
    client = enter(world, "paidan")
    page = client.get("/desk/notifications/").content.decode()
    assert page.count('class="note"') == 15
    assert "99+" in page
    assert "未读 100" not in page
    (link,) = re.findall(r'rel="next" href="([^"]+)"', page)
    rest = client.get("/desk/notifications/" + link.replace("&amp;", "&")).content.decode()
    assert rest.count('class="note"') == 15
    assert set(re.findall(r"2\d\d\d 年", page)).isdisjoint(re.findall(r"20[0-7]\d 年", rest))


def test_committees_are_folded_until_one_is_chosen(world):
    client, case = enter(world, "lingdao"), raised(world, 2)
    committee = people.units_of_kind("neighbourhood_committee")[0]
    page = client.get("/desk/consultations/new/").content.decode()
    folded = page.split('<details class="more"')[1].split("</details>")[0]
    assert f'value="{committee.pk}"' in folded
    assert " open" not in folded.split(">")[0]
    again = convene(client, case, world, title="", units=[committee.pk]).content.decode()
    assert '<details class="more" open' in again


def test_phrases_are_shown_by_verb(world):
    client = enter(world, "paidan")
    assert "已到现场清理完毕" in client.get("/desk/phrases/").content.decode()
    assert 'data-insert="text"' in client.get("/desk/phrases/?verb=reply&target=text").content.decode()
    assert enter(world, "jumin").get("/desk/phrases/").status_code == 403
