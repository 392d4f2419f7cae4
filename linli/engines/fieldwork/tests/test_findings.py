"""What a record finds: mended on the spot, or a case until it is closed and looked at again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from linli.engines.cases import services as cases
from linli.engines.cases.models import Case
from linli.engines.cases.models.case import CaseFile
from linli.engines.cases.tests.steps import get, picture
from linli.engines.cases.types import FilePurpose
from linli.engines.cases.workflow import UNIT_STAFF, Outcome, State
from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Finding, FindingEvent, Round, Submission, Target, Visit, Watch
from linli.engines.fieldwork.rules.coverage import Link
from linli.engines.fieldwork.rules.housing import Watch as Standing
from linli.engines.fieldwork.selectors import submissions as read
from linli.engines.fieldwork.selectors.watches import standing, watches
from linli.engines.fieldwork.tests.sent import in_order, scene
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, StaleError
from linli.foundation.jobs import services as jobs
from linli.foundation.messages.models import Message

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WIRES = {"wires": True}


def to_closed(world, case, at):
    """Take a dispatched case to its end as far as the rules send it; return it."""
    paidan = world.actor("paidan", at)
    case = get(case)
    if case.state == State.TO_VERIFY:
        cases.verify(by=world.actor("jiandu", at), now=at, case=case, confirmed=True, text="属实")
    if get(case).state == State.TO_DISPATCH:
        cases.dispatch(by=paidan, now=at, case=get(case), unit_id=world.units["enforcement"].pk)
    case = get(case)
    handler = next(u for u in sorted(world.users) if world.actor(u, at).holds(UNIT_STAFF, unit_id=case.unit_id))
    cases.sign(by=world.actor(handler, at), now=at, case=case)
    files = [picture(FilePurpose.AFTER)]
    cases.hand_in(
        by=world.actor(handler, at), now=at, case=get(case), text="已整改", outcome=Outcome.EXPLAINED, files=files
    )  # fmt: skip
    cases.check(by=world.actor("jiandu", at), now=at, case=get(case), passed=True)
    cases.reply(by=paidan, now=at, case=get(case), way="phone", text="已经处理好了")
    cases.close(by=world.actor("lingdao", at), now=at, case=get(case))
    jobs.drain(now=at)
    return get(case)


def links(finding):
    known = {link.value for link in Link}
    rows = FindingEvent.objects.filter(finding=finding).order_by("id").values_list("verb", flat=True)
    return [Link(v) for v in rows if v in known]


def test_a_failed_item_becomes_a_case_with_its_words_pictures_and_place(world):
    s = scene(world)
    Target.objects.filter(pk=s.shops[0].pk).update(lat=31.21, lon=121.5)
    packet = s.packet(answers=WIRES, files={"shot": [s.photo()]})
    assert s.send(packet).findings == 1
    finding = Finding.objects.get()
    case = Case.objects.get(uuid=str(finding.case_uuid))
    assert (finding.state, finding.item, finding.text, finding.target_id) == (
        "case",
        "wires",
        "飞线充电",
        s.shops[0].pk,
    )
    assert (case.category.code, case.source, case.area_id, case.text) == (
        "flying_wires", "patrol", s.shops[0].area_id, "小店1：飞线充电"
    )  # fmt: skip
    assert (case.lat, case.lon, case.address) == (31.21, 121.5, "长宁路 488 弄")
    assert CaseFile.objects.get(case=case).purpose == FilePurpose.REPORT
    assert case.reported_by_id == s.user("chengguan").pk
    # Sent again, nothing is found twice.
    s.send(packet, after=HOUR)
    assert Finding.objects.count() == Case.objects.count() == 1


def test_a_nought_finds_with_its_note_and_not_applicable_finds_nothing(world):
    s = scene(world)
    s.send(s.packet(0, answers={"order": {"goods": "bad", "goods_note": "占道约 2 米"}}))
    s.send(s.packet(1, answers={"order": {"goods": "none"}}))
    finding = Finding.objects.get()
    assert (finding.item, finding.text, finding.category) == ("order/goods", "跨门经营：占道约 2 米", "cross_door")
    assert Submission.objects.get(pk=finding.submission_id).marks == 0
    assert Submission.objects.exclude(pk=finding.submission_id).get().marks is None


def test_mended_on_the_spot_needs_both_pictures_and_makes_no_case(world):
    s = scene(world)
    answers = {"order": {"goods": "bad", "goods_mended": True}}
    with pytest.raises(InvalidError) as told:
        s.send(s.packet(answers=answers))
    assert told.value.fields == {
        "order/goods_before": ["当场整改须有整改前的照片。"], "order/goods_after": ["当场整改须有整改后的照片。"]
    }  # fmt: skip
    assert not Submission.objects.exists()
    s.send(s.packet(answers=answers, files={"order/goods_before": [s.photo()], "order/goods_after": [s.photo()]}))
    finding = Finding.objects.get()
    assert links(finding) == [Link.FOUND, Link.ON_THE_SPOT, Link.SCORED]
    assert (finding.mended_at, finding.closed_at, finding.case_uuid) == (world.now, world.now, None)
    assert not Case.objects.exists()


def test_what_the_form_does_not_place_waits_for_a_person(world):
    s = scene(world)
    s.send(s.packet(answers={"smoke": True}))
    finding, head = Finding.objects.get(), world.actor("zhongdui")
    assert finding.state == "found"
    with pytest.raises(InvalidError):
        services.make_case(by=head, now=world.now, finding=finding, category="nothing")
    with pytest.raises(ForbiddenError):
        services.make_case(by=world.actor("chengguan2"), now=world.now, finding=finding, category="smoke")
    with pytest.raises(NotFoundError):
        services.make_case(by=world.actor("jumin"), now=world.now, finding=finding, category="smoke")
    with pytest.raises(StaleError):
        services.make_case(by=head, now=world.now, finding=finding, category="smoke", expected=99)
    services.make_case(by=head, now=world.now, finding=finding, category="smoke", level="comprehensive")
    case = Case.objects.get(uuid=str(Finding.objects.get().case_uuid))
    assert (case.category.code, case.level) == ("smoke", "comprehensive")
    with pytest.raises(ConflictError):
        services.make_case(by=head, now=world.now, finding=Finding.objects.get(), category="smoke")


def test_a_finding_in_error_is_dropped_with_the_reason_and_never_by_its_finder(world):
    s = scene(world)
    s.send(s.packet(2, answers={"smoke": True}), who="zhongdui")
    finding = Finding.objects.get()
    with pytest.raises(ForbiddenError):
        services.drop_finding(by=world.actor("zhongdui"), now=world.now, finding=finding, reason="看错")
    with pytest.raises(InvalidError):
        services.drop_finding(by=world.actor("zhiban"), now=world.now, finding=finding, reason="")
    services.drop_finding(by=world.actor("zhiban"), now=world.now, finding=finding, reason="是水汽")
    assert links(finding) == [Link.FOUND, Link.DROPPED]


def test_closed_case_is_looked_at_again_in_the_same_round_and_scored(world):
    s = scene(world)
    s.send(s.packet(answers=WIRES, files={"shot": [s.photo()]}))
    jobs.drain(now=world.now)
    case = Case.objects.get()
    at = world.now + DAY
    case = to_closed(world, case, at)
    finding = Finding.objects.get()
    assert (finding.state, finding.recheck_on) == ("rectified", date(2026, 3, 14))
    visit = Visit.objects.get(rechecks=finding)
    assert (visit.round_id, visit.user_id, visit.due_on, Round.objects.get().planned) == (
        s.round.pk, s.user("chengguan").pk, date(2026, 3, 14), 4
    )  # fmt: skip
    # Filled before the repair, sent after it: it says nothing of the repair.
    s.send(s.packet(None, round=s.round.uuid, target=s.shops[0].uuid, answers={"wires": False}), after=2 * DAY)
    assert Finding.objects.get().state == "rectified"
    again = s.packet(answers={"wires": False}, visit=visit.uuid, made_at=world.now + 3 * DAY)
    s.send(again, after=3 * DAY)
    finding = Finding.objects.get()
    assert (finding.state, finding.rechecked.uuid) == ("scored", again.uuid)
    expected = [Link.FOUND, Link.CASE, Link.RECTIFYING, Link.RECTIFIED, Link.RECHECKED, Link.SCORED]
    assert links(finding) == expected
    assert in_order(expected)
    whole = read.chain(world.actor("zhongdui"), finding.submission.uuid)
    assert whole.findings[0].links == tuple(expected)
    assert whole.findings[0].rechecked.uuid == again.uuid
    assert [f.pk for f in read.chain(world.actor("zhongdui"), again.uuid).rechecks] == [finding.pk]
    # 反弹: the same item of the same shop within the window.
    s.send(
        s.packet(None, round=s.round.uuid, target=s.shops[0].uuid, answers=WIRES, made_at=at + 9 * DAY), after=10 * DAY
    )
    relapsed = Finding.objects.order_by("id").last()
    assert relapsed.relapse_of_id == finding.pk
    assert "反弹" in Case.objects.order_by("id").last().text
    s.send(
        s.packet(None, round=s.round.uuid, target=s.shops[1].uuid, answers=WIRES, made_at=at + 9 * DAY), after=10 * DAY
    )
    assert Finding.objects.order_by("id").last().relapse_of_id is None


def test_a_re_check_that_fails_opens_the_case_again(world):
    s = scene(world)
    s.send(s.packet(answers=WIRES, files={"shot": [s.photo()]}))
    jobs.drain(now=world.now)
    case = to_closed(world, Case.objects.get(), world.now + DAY)
    visit = Finding.objects.get().recheck
    s.send(s.packet(answers=WIRES, visit=visit.uuid, made_at=world.now + 3 * DAY), after=3 * DAY)
    finding = Finding.objects.get()
    assert (finding.state, finding.recheck_id, get(case).state) == ("returned", None, State.TO_DISPATCH)
    assert Case.objects.count() == 1
    assert FindingEvent.objects.filter(finding=finding, verb="reopened").exists()
    to_closed(world, case, world.now + 4 * DAY)
    finding = Finding.objects.get()
    assert finding.state == "rectified"
    assert links(finding)[-3:] == [Link.RETURNED, Link.RECTIFYING, Link.RECTIFIED]
    assert finding.recheck_id != visit.pk
    assert in_order(links(finding))


def test_a_re_check_that_fails_too_late_has_a_new_case_stand(world):
    s = scene(world)
    s.send(s.packet(answers=WIRES, files={"shot": [s.photo()]}))
    jobs.drain(now=world.now)
    old = to_closed(world, Case.objects.get(), world.now + DAY)
    late = world.now + 60 * DAY
    visit = Finding.objects.get().recheck
    s.send(s.packet(answers=WIRES, visit=visit.uuid, made_at=late), after=60 * DAY)
    finding = Finding.objects.get()
    assert finding.state == "returned"
    assert finding.case_uuid != old.uuid
    assert get(old).state == State.CLOSED
    verbs = list(FindingEvent.objects.filter(finding=finding).order_by("id").values_list("verb", flat=True))
    assert verbs[-3:] == ["returned", "not_reopened", "new_case"]
    assert "现场复核未通过" in Case.objects.get(uuid=str(finding.case_uuid)).text


def test_when_the_round_is_over_the_re_check_has_a_small_round_of_its_own(world):
    s = scene(world)
    s.send(s.packet(answers={"wires": True, "order": {"goods": "bad"}}, files={"shot": [s.photo()]}))
    jobs.drain(now=world.now)
    Round.objects.update(state="closed", closed_at=world.now, feedback="x", result="x")
    for case in Case.objects.order_by("id"):
        to_closed(world, case, world.now + DAY)
    small = Round.objects.exclude(pk=s.round.pk).get()
    assert (small.title, small.source_uuid, small.state, small.planned) == ("复核：门店检查", s.round.uuid, "open", 1)
    visits = set(Finding.objects.values_list("recheck_id", flat=True))
    assert len(visits) == 1
    packet = s.packet(answers={"wires": False}, visit=Visit.objects.get(pk=visits.pop()).uuid)
    s.send(replace(packet, made_at=world.now + 2 * DAY), after=2 * DAY)
    assert set(Finding.objects.values_list("state", flat=True)) == {"scored"}


def test_what_is_open_already_is_seen_again_and_not_found_twice(world):
    s = scene(world)
    s.send(s.packet(0, answers=WIRES))
    s.send(s.packet(None, round=s.round.uuid, target=s.shops[0].uuid, answers=WIRES), after=DAY)
    assert Finding.objects.count() == Case.objects.count() == 1
    assert FindingEvent.objects.filter(verb="seen_again").count() == 1


def test_a_case_that_was_no_problem_drops_its_finding(world):
    s = scene(world)
    s.send(s.packet(answers=WIRES))
    case = Case.objects.get()
    assert case.state in {State.TO_SIGN, State.TO_DISPATCH, State.TO_VERIFY}
    jobs.drain(now=world.now)
    cases.void(by=world.actor("zhiban"), now=world.now, case=get(case), reason="登记有误")
    jobs.drain(now=world.now)
    finding = Finding.objects.get()
    assert finding.state == "dropped"
    assert in_order(links(finding))


def test_a_correction_keeps_the_finding_and_says_what_changed(world):
    s = scene(world)
    first = s.packet(answers={"order": {"goods": "bad", "goods_note": "占道"}})
    s.send(first)
    said = {"order": {"goods": "bad", "goods_note": "占道 3 米"}}
    second = s.packet(former=first.uuid, answers=said)
    s.send(second, after=HOUR)
    assert (Finding.objects.get().text, Case.objects.count()) == ("跨门经营：占道 3 米", 1)
    s.send(s.packet(former=second.uuid), after=2 * HOUR)
    finding = Finding.objects.get()
    assert finding.state in {"case", "rectifying"}
    assert FindingEvent.objects.filter(finding=finding, verb="passed").get().text.startswith("更正后")


def test_the_answers_of_a_home_make_a_case_that_few_read(world):
    s = scene(world)
    type(s.kind).objects.update(guarded=True)
    packet = s.packet(answers=WIRES)
    s.send(packet)
    assert Case.objects.get().guarded
    row = Submission.objects.get()
    for who, reads in (("chengguan", True), ("shegong", True), ("shuji", True), ("zhongdui", True), ("jiandu", False),
                       ("paidan", False), ("chengguan2", False), ("jumin", False)):  # fmt: skip
        assert bool(list(read.page(world.actor(who)).rows)) is reads, who
    with pytest.raises(NotFoundError):
        read.chain(world.actor("jiandu"), row.uuid)


def test_a_cleared_flat_is_watched_and_gives_alarm_once(world):
    s = scene(world)
    s.send(s.packet(answers={"order": {"goods": "bad", "goods_mended": True}},
                    files={"order/goods_before": [s.photo()], "order/goods_after": [s.photo()]}))  # fmt: skip
    finding, property_firm = Finding.objects.get(), world.units["property"]
    flat = Target.objects.get(pk=s.shops[0].pk)
    given = {"target": flat, "unit_id": property_firm.pk, "cleared_on": world.now.date(), "finding": finding}
    with pytest.raises(ForbiddenError):
        services.begin_watch(by=world.actor("jumin"), now=world.now, **given)
    watch = services.begin_watch(by=world.actor("shuji"), now=world.now, **given)
    with pytest.raises(ConflictError):
        services.begin_watch(by=world.actor("shuji"), now=world.now, **given)
    assert [w.pk for w in watches(world.actor("wuye"))] == [watch.pk]
    assert not watches(world.actor("jumin")).exists()
    april = world.now + 25 * DAY
    assert standing(watch, april).standing is Standing.AWAITED
    with pytest.raises(ForbiddenError):
        services.report_watch(by=world.actor("danche"), now=april, watch=watch, again=False)
    services.report_watch(by=world.actor("wuye"), now=april, watch=watch, again=False)
    assert standing(watch, april).standing is Standing.QUIET
    may = world.now + 65 * DAY
    assert (services.look_at_watches(now=may), services.look_at_watches(now=may)) == (1, 0)
    with pytest.raises(InvalidError):
        services.report_watch(by=world.actor("wuye", may), now=may, watch=Watch.objects.get(), again=True)
    services.report_watch(by=world.actor("wuye", may), now=may, watch=Watch.objects.get(), again=True, text="又打隔断")
    assert standing(watch, may).standing is Standing.RELAPSED
    assert Message.objects.filter(template="fieldwork.watch_alarm").values("key").distinct().count() >= 1
    over = world.now + 400 * DAY
    assert standing(watch, over).standing is Standing.EXPIRED
    with pytest.raises(ConflictError):
        services.report_watch(by=world.actor("wuye", may), now=over, watch=watch, again=False)
