"""Who hears what, by which template; never the unit complained about, never a resident of 案件."""

from datetime import timedelta

import pytest

from linli.engines.cases import services
from linli.engines.cases.models import Case
from linli.engines.cases.selectors import case_detail
from linli.engines.cases.services.telling import TO_REPORTERS
from linli.engines.cases.tests.steps import get, raise_case, to_check, to_closed, to_handling
from linli.engines.cases.types import Contact, FeedbackWay, Report, Source
from linli.engines.cases.workflow import Level, Outcome
from linli.foundation.core.actors import GUEST
from linli.foundation.deadlines import services as deadlines
from linli.foundation.jobs import services as jobs
from linli.foundation.jobs.models import Job
from linli.foundation.messages.models import Message
from linli.foundation.messages.selectors import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(world):
    """A function that does an act and returns (login name or phone, template) of what was sent by it."""
    names = {u.pk: n for n, u in world.users.items()}

    def listen(act=lambda: None, now=None):
        jobs.drain(now=now or world.now)
        before = set(Message.objects.values_list("pk", flat=True))
        act()
        jobs.drain(now=now or world.now)
        new = Message.objects.exclude(pk__in=before)
        return {(names.get(m.user_id, "outside"), m.template) for m in new}

    return listen


def resident(world):
    return Contact(name="居民甲", user_id=world.users["jumin"].pk, way=FeedbackWay.MESSAGE)


def test_each_step_tells_the_right_people(world, heard):
    paidan, chengguan, now = world.actor("paidan"), world.actor("chengguan"), world.now
    case = raise_case(world, contact=resident(world))
    assert heard(lambda: services.accept(by=paidan, now=now, case=case)) == {("jumin", "cases.accepted_later")}
    sent = heard(lambda: services.dispatch(by=paidan, now=now, case=case, unit_id=world.units["enforcement"].pk))
    assert sent == {(n, "cases.dispatched_to_unit") for n in ("chengguan", "chengguan2", "zhongdui")}
    services.sign(by=chengguan, now=now, case=case)
    assert heard(lambda: services.urge(by=paidan, now=now, case=case)) == {("chengguan", "cases.urged")}
    order = heard(lambda: services.order(by=world.actor("ducha"), now=now, case=case, text="查", due_on=now.date()))
    assert order == {("chengguan", "cases.ordered")}
    handed = heard(lambda: services.hand_in(by=chengguan, now=now, case=case, text="好了", outcome=Outcome.EXPLAINED))
    assert handed == {("jumin", "cases.handled"), ("jiandu", "cases.staff_update")}


def test_a_return_goes_to_the_centre_and_a_rise_to_those_above(world, heard):
    case = to_handling(world, raise_case(world))
    now = world.now
    rise = heard(lambda: services.raise_level(by=world.actor("paidan"), now=now, case=case, reason="跨部门"))
    assert rise == {("wanggezhang", "cases.escalated")}
    back = heard(lambda: services.return_(by=world.actor("chengguan"), now=now, case=get(case), reason="不属"))
    assert back == {(n, "cases.returned") for n in ("paidan", "paidan2", "zhiban")}


def test_every_mark_reaches_somebody(world, heard):
    """Warned is who has it; over the limit those above; a case that nobody has, the centre."""
    alone = raise_case(world, contact=Contact())
    later = world.now + timedelta(days=2)
    deadlines.sweep(now=later)
    told = heard(now=later) | {(None, "")}
    names = {world_name for world_name, _template in told}
    sent = set(Message.objects.filter(subject_uuid=alone.uuid).values_list("user_id", flat=True))
    assert {world.users[n].pk for n in ("paidan", "zhiban")} <= sent
    assert names


def test_all_reporters_of_a_merged_case_hear_of_its_end(world, heard):
    case = raise_case(world, contact=resident(world))
    main = raise_case(world)
    merged = heard(
        lambda: services.merge(by=world.actor("paidan"), now=world.now, case=case, main=main, reason="同一件")
    )
    assert merged == {("jumin", "cases.merged")}
    end = heard(lambda: to_closed(world, get(main)))
    assert ("jumin", "cases.closed_reply") in end
    row = Message.objects.get(template="cases.closed_reply", user_id=world.users["jumin"].pk)
    assert "已经处理好了" in words_of(row).body


def test_the_unit_complained_about_hears_nothing(world, heard):
    about = world.units["enforcement"]
    case = raise_case(world, "complaint_unit", subject_unit_id=about.pk)
    members = {"chengguan", "chengguan2", "zhongdui"}
    sent = heard(lambda: to_check(world, case, "party", "dangzheng"))
    mention = [world.users[n].pk for n in members] + [world.users["lingdao"].pk]
    sent |= heard(
        lambda: services.note(by=world.actor("paidan"), now=world.now, case=get(case), text="看", mentions=mention)
    )
    assert not {n for n, _t in sent} & members
    assert ("lingdao", "cases.staff_update") in sent


def test_residents_never_read_of_a_case_nor_of_what_is_internal(world, heard):
    contact = resident(world)
    now, paidan = world.now, world.actor("paidan")
    refused = raise_case(world, contact=contact)
    services.refuse(by=paidan, now=now, case=refused, reason="不属本街道", elsewhere="区房管局")
    asked = raise_case(world, contact=contact)
    services.ask(by=paidan, now=now, case=asked, text="几楼？")
    closed = to_closed(world, raise_case(world, contact=contact))
    services.reopen(by=paidan, now=now, case=get(closed), reason="又坏了")
    jobs.drain(now=now)
    rows = Message.objects.filter(user_id=world.users["jumin"].pk)
    assert {r.template for r in rows} >= {"cases.refused", "cases.question", "cases.closed_reply", "cases.reopened"}
    assert {r.template for r in rows} <= {t for found in TO_REPORTERS.values() for t in found}
    for row in rows:
        words = words_of(row)
        assert "案件" not in words.subject + words.body
        assert "/desk/" not in words.body
    assert "区房管局" in words_of(rows.get(template="cases.refused")).body


def words(world, template, name="jumin"):
    """The last message of a template that somebody has, in words."""
    rows = Message.objects.filter(template=template, user_id=world.users[name].pk)
    return words_of(rows.order_by("-id")[0]).body


def test_closing_answers_with_the_last_reply_and_invites_to_rate(world, heard):
    case = to_check(world, raise_case(world, contact=resident(world)))
    paidan, now = world.actor("paidan"), world.now
    services.check(by=world.actor("jiandu"), now=now, case=case, passed=True)
    services.reply(by=paidan, now=now, case=case, way="phone", text="第一次的答复")
    services.reply(by=paidan, now=now, case=case, way="phone", text="护栏已经装好")
    end = heard(lambda: services.close(by=paidan, now=now, case=case, reason="内部说明"))
    assert end == {("jumin", "cases.closed_reply"), ("jumin", "cases.rate_invitation")}
    answer = words(world, "cases.closed_reply")
    assert "护栏已经装好" in answer
    assert "第一次的答复" not in answer
    assert "内部说明" not in answer
    invited = words(world, "cases.rate_invitation")
    assert "/track/" in invited
    assert "2026-03-24" in invited, "until when"


def test_a_result_that_stands_after_review_is_explained_not_announced_as_taken_up(world, heard):
    case = to_closed(world, raise_case(world, contact=resident(world)))
    zhiban, now = world.actor("zhiban"), world.now
    rater = case.reporters.get().pk
    services.rate(by=zhiban, now=now, case=get(case), reporter_id=rater, rating="unsatisfied", way="phone")
    kept = heard(lambda: services.review(by=zhiban, now=now, case=get(case), reopen=False, reason="已按规定处理完毕"))
    assert kept == {("jumin", "cases.review_kept")}
    said = words(world, "cases.review_kept")
    assert "已按规定处理完毕" in said
    assert "重新办理" not in said


def test_a_review_that_takes_it_up_again_says_so(world, heard):
    case = to_closed(world, raise_case(world, contact=resident(world)))
    zhiban, now = world.actor("zhiban"), world.now
    rater = case.reporters.get().pk
    services.rate(by=zhiban, now=now, case=get(case), reporter_id=rater, rating="unsatisfied", way="phone")
    again = heard(lambda: services.review(by=zhiban, now=now, case=get(case), reopen=True, reason="确实没修好"))
    assert again == {("jumin", "cases.reopened")}


@pytest.mark.parametrize("way", [FeedbackWay.PHONE, FeedbackWay.MESSAGE])
def test_danger_advice_goes_at_once_to_whoever_left_a_way(world, heard, way):
    contact = Contact(phone="13812345678", way=way)
    sent = heard(lambda: raise_case(world, "falling_objects", contact=contact))
    assert ("outside", "cases.danger_advice") in sent
    said = words_of(Message.objects.get(template="cases.danger_advice")).body
    assert "请远离外墙下方" in said


def test_no_advice_without_danger_or_without_a_way(world, heard):
    phone = Contact(phone="13812345678", way=FeedbackWay.PHONE)
    assert not heard(lambda: raise_case(world, "falling_objects", contact=Contact()))
    assert not heard(lambda: raise_case(world, "noise", contact=phone))
    old = {"key": "1"}
    assert not heard(lambda: raise_case(world, "falling_objects", contact=phone, origin=old)), "it is written history"


def test_the_queue_holds_no_tracking_code_in_clear(world):
    contact = Contact(phone="13812345678", way=FeedbackWay.MESSAGE)
    made = Report(text="楼下很吵", category="noise", area_id=world.areas["陶家宅"].pk, contact=contact)
    receipt = services.report(by=GUEST, now=world.now, report=made, dispatch=True)
    payloads = [str(p) for p in Job.objects.values_list("payload", flat=True)]
    assert any("code" in p for p in payloads)
    assert not any(receipt.tracking_code in p for p in payloads)
    jobs.drain(now=world.now)
    assert receipt.tracking_code in words_of(Message.objects.get(template="cases.accepted")).body


def test_helpers_that_have_not_answered_are_named_when_the_result_is_handed_in(world):
    case = to_handling(world, raise_case(world))
    helpers = [world.units["police"].pk, world.units["safety"].pk]
    services.share(by=world.actor("paidan"), now=world.now, case=case, unit_ids=helpers)
    services.help_result(by=world.actor("minjing"), now=world.now, case=get(case), text="已教育")
    services.hand_in(by=world.actor("chengguan"), now=world.now, case=get(case), text="好", outcome=Outcome.EXPLAINED)
    event = get(case).events.get(verb="hand_in")
    assert event.data["outstanding"] == [world.units["safety"].pk]
    assert get(case).state == "to_check"


def test_what_hangs_together_is_shown_to_those_who_may_read_it(world):
    """A guarded part of a split report is not shown to the firm that has the other."""
    case = to_handling(world, raise_case(world, "garbage"), "property", "wuye")
    other = raise_case(world, "cross_door")
    Case.objects.filter(pk=other.pk).update(split_from=case.pk)
    assert [c.pk for c in case_detail(world.actor("paidan"), get(case)).related] == [other.pk]
    assert case_detail(world.actor("wuye"), get(case)).related == []


def test_the_hotlines_orders_send_no_message_of_ours(world, heard):
    case = raise_case(world, source=Source.HOTLINE, external_number="SH9", contact=resident(world))
    sent = heard(lambda: services.accept(by=world.actor("paidan"), now=world.now, case=case))
    assert not sent


def test_a_task_of_a_consultation_comes_back_to_its_case(world, heard):
    from datetime import date

    from linli.engines.projects import selectors as tasks
    from linli.engines.projects import services as projects
    from linli.foundation.core.errors import ConflictError

    case = to_handling(world, raise_case(world))
    now = world.now
    services.raise_level(by=world.actor("paidan"), now=now, case=case, reason="跨部门")
    assert get(case).level == Level.COMPREHENSIVE
    meeting = services.convene(
        by=world.actor("wanggezhang"), now=now, cases=[get(case)], title="会商", held_at=now,
        unit_ids=[world.units["police"].pk],
    )  # fmt: skip
    order = services.TaskOrder("夜间巡查", world.units["police"].pk, date(2026, 3, 20))
    services.decide(
        by=world.actor("wanggezhang"), now=now, consultation=meeting, decisions={case.pk: "派出所巡查"},
        minutes="同意", tasks={case.pk: [order]}, attended=[world.units["police"].pk],
    )  # fmt: skip
    (task,) = tasks.tasks_of(case.uuid)
    case = get(case)
    services.hand_in(by=world.actor("chengguan"), now=now, case=case, text="好了", outcome=Outcome.EXPLAINED)
    services.check(by=world.actor("jiandu"), now=now, case=case, passed=True)
    services.reply(by=world.actor("paidan"), now=now, case=case, way="phone", text="好了")
    with pytest.raises(ConflictError):
        services.close(by=world.actor("zhiban"), now=now, case=get(case))
    sent = heard(lambda: projects.end_task(by=world.actor("minjing"), now=now, task=task, result="连续三晚没有再发现"))
    assert ("chengguan", "cases.staff_update") in sent
    event = get(case).events.latest("seq")
    assert "连续三晚" in event.text
    assert not event.public
    services.close(by=world.actor("zhiban"), now=now, case=get(case))


def test_who_leaves_hands_the_open_cases_over(world):
    from linli.engines.cases.tasks import hand_over
    from linli.engines.cases.tests.steps import faults

    case, ended = to_handling(world, raise_case(world)), to_closed(world, raise_case(world))
    old, new = world.users["chengguan"], world.users["chengguan2"]
    (moved,) = hand_over(old.pk, new.pk, world.actor("anquan"), world.now)
    assert moved.count == 1
    assert get(case).handler_id == new.pk
    assert get(ended).handler_id == old.pk
    assert not faults(case)
    hand_over(new.pk, world.users["minjing"].pk, world.actor("anquan"), world.now)
    assert get(case).handler_id is None, "of another unit: the case goes back to its unit"
    assert Case.objects.filter(pk=case.pk, unit=world.units["enforcement"]).exists()
