"""A report of several matters: split into parts, answered once when all have ended, or taken back."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.cases import selectors, services
from linli.engines.cases.models import Case
from linli.engines.cases.permissions import reporter_actor
from linli.engines.cases.rules.parts import PartFacts, part_ended, whole_ended, whole_outcome
from linli.engines.cases.services.retention import ended
from linli.engines.cases.services.splitting import follow_parts
from linli.engines.cases.tests.steps import faults, get, picture, raise_case
from linli.engines.cases.types import Contact, FeedbackWay, FilePurpose, Report
from linli.engines.cases.workflow import ENDED, OPEN, Outcome, State
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.jobs import services as jobs
from linli.foundation.messages.models import Message

PARTS = [Report(text="楼下很吵", category="noise"), Report(text="垃圾没人清", category="garbage")]
states = st.sampled_from(sorted(State))
facts = st.builds(
    PartFacts,
    state=states,
    outcome=st.sampled_from(["", *[o.value for o in Outcome if o]]),
    main_state=st.sampled_from(sorted(set(State) - {State.MERGED, State.SPLIT})),
)


@given(st.lists(facts, max_size=10))
def test_the_whole_waits_while_any_part_is_open(parts):
    any_open = any(p.state in OPEN or p.state is State.SPLIT for p in parts)
    if any_open:
        assert not whole_ended(parts)
    if whole_ended(parts):
        assert parts
        assert all(p.state in ENDED for p in parts)
        assert all(p.main_state in ENDED for p in parts if p.state is State.MERGED)


@given(st.lists(facts, max_size=10))
def test_the_whole_is_solved_only_if_nothing_is_left_unsolved(parts):
    outcome = whole_outcome(parts)
    handled = [p.outcome for p in parts if p.state in {State.CLOSED, State.MERGED}]
    assert outcome in {Outcome.SOLVED, Outcome.EXPLAINED, Outcome.UNSOLVED}
    assert (outcome is Outcome.UNSOLVED) == (Outcome.UNSOLVED.value in handled)
    if outcome is Outcome.SOLVED:
        assert set(handled) - {""} <= {Outcome.SOLVED.value, Outcome.WITHDRAWN.value}
    assert whole_outcome(list(reversed(parts))) == outcome


def test_a_part_ends_with_what_it_was_merged_into():
    assert not part_ended(PartFacts(State.MERGED, main_state=State.HANDLING))
    assert part_ended(PartFacts(State.MERGED, main_state=State.CLOSED))
    assert not part_ended(PartFacts(State.SPLIT))


def split(world, case, *, units=(), by="paidan", parts=PARTS):
    receipts = services.split(
        by=world.actor(by), now=world.now, case=case, parts=parts, unit_ids=units, reason="两件事"
    )
    return [get(Case(pk=r.case_id)) for r in receipts]


def finish(world, part, text="已办好", outcome=Outcome.EXPLAINED):
    """Take a part from wherever it is to its end."""
    paidan, unit = world.actor("paidan"), world.actor("chengguan")
    part = get(part)
    if part.state != State.TO_SIGN:
        services.dispatch(by=paidan, now=world.now, case=part, unit_id=world.units["enforcement"].pk)
    services.sign(by=unit, now=world.now, case=part)
    files = [picture(FilePurpose.BEFORE), picture(FilePurpose.AFTER)] if outcome is Outcome.SOLVED else []
    services.hand_in(by=unit, now=world.now, case=part, text=text, outcome=outcome, files=files)
    services.check(by=world.actor("jiandu"), now=world.now, case=part, passed=True)
    services.reply(by=paidan, now=world.now, case=part, way="phone", text=text)
    services.close(by=paidan, now=world.now, case=part)
    jobs.drain(now=world.now)
    return get(part)


@pytest.mark.django_db
def test_the_parts_have_units_and_clocks_of_their_own_and_keep_the_contact(world):
    case = raise_case(world, contact=Contact(name="王阿姨", phone="13812345678", way=FeedbackWay.MESSAGE))
    one, two = split(world, case, units=[world.units["enforcement"].pk, None])
    assert get(case).state == State.SPLIT
    assert (one.state, one.unit) == (State.TO_SIGN, world.units["enforcement"])
    assert (two.state, two.unit) == (State.REPORTED, None)
    assert {"sign", "handle", "overall"} <= set(one.dues)
    assert {"accept", "overall"} <= set(two.dues)
    for part in (one, two):
        reporter = part.reporters.get()
        assert (reporter.way, reporter.user) == (FeedbackWay.NONE, None)
        assert reporter.phone_hash == case.reporters.get().phone_hash
        assert not faults(part)
    assert not faults(case)


@pytest.mark.django_db
def test_the_reporter_is_answered_once_when_every_part_has_ended(world):
    case = raise_case(world, contact=Contact(name="王阿姨", phone="13812345678", way=FeedbackWay.MESSAGE))
    one, two = split(world, case)
    jobs.drain(now=world.now)
    before = Message.objects.filter(subject_uuid__in=[case.uuid, one.uuid, two.uuid], channel="sms").count()
    finish(world, one, "音响已关")
    assert get(case).state == State.SPLIT
    assert [p.ended for p in selectors.parts_of(get(case))] == [True, False]
    finish(world, two, "垃圾已清", Outcome.UNSOLVED)
    whole = get(case)
    assert (whole.state, whole.outcome) == (State.TO_REPLY, Outcome.UNSOLVED)
    assert "reply" in whole.dues
    assert not faults(whole)
    # The parts' own results and closings told the reporter nothing.
    after = Message.objects.filter(subject_uuid__in=[case.uuid, one.uuid, two.uuid], channel="sms").count()
    assert after == before
    draft = selectors.parts_answer(whole)
    assert "音响已关" in draft
    assert "垃圾已清" in draft
    services.reply(by=world.actor("paidan"), now=world.now, case=whole, way="message", text=draft)
    services.close(by=world.actor("paidan"), now=world.now, case=get(case))
    jobs.drain(now=world.now)
    sent = Message.objects.filter(subject_uuid=case.uuid, channel="sms", template="cases.closed_reply")
    assert sent.count() == 1
    assert get(case).state == State.CLOSED
    assert not faults(case)


@pytest.mark.django_db
def test_gathering_twice_changes_nothing(world):
    case = raise_case(world)
    one, two = split(world, case)
    finish(world, one)
    two = finish(world, two)
    version = get(case).version
    assert follow_parts(case_id=two.pk, now=world.now) == []
    assert get(case).version == version


@pytest.mark.django_db
def test_a_part_taken_up_again_before_the_answer_makes_the_whole_wait(world):
    case = raise_case(world)
    one, two = split(world, case)
    finish(world, one)
    two = finish(world, two)
    assert get(case).state == State.TO_REPLY
    services.reopen(by=world.actor("paidan"), now=world.now, case=two, reason="又脏了")
    jobs.drain(now=world.now)
    assert get(case).state == State.SPLIT
    assert not faults(case)
    finish(world, two)
    assert get(case).state == State.TO_REPLY


@pytest.mark.django_db
def test_a_part_merged_into_another_case_is_waited_for_there(world):
    main = raise_case(world, "garbage", text="同一堆垃圾")
    case = raise_case(world)
    one, two = split(world, case)
    services.merge(by=world.actor("paidan"), now=world.now, case=two, main=main, reason="同一件")
    finish(world, one)
    assert get(case).state == State.SPLIT
    finish(world, main, "一起清掉了")
    # The main case's own reporter asked for a call; the part's wants nothing but the whole's answer.
    assert get(case).state == State.TO_REPLY
    assert "一起清掉了" in selectors.parts_answer(get(case))


@pytest.mark.django_db
def test_an_unhappy_rating_of_the_whole_is_reviewed_and_dispatched_anew(world):
    case = raise_case(world)
    for part in split(world, case):
        finish(world, part)
    paidan = world.actor("paidan")
    services.reply(by=paidan, now=world.now, case=get(case), way="phone", text="都办好了")
    services.close(by=paidan, now=world.now, case=get(case))
    reporter = case.reporters.get()
    services.rate(
        by=reporter_actor(reporter), now=world.now, case=get(case), reporter_id=reporter.pk, rating="unsatisfied"
    )
    services.review(by=world.actor("zhiban"), now=world.now, case=get(case), reopen=True, reason="还没好")
    assert get(case).state == State.TO_DISPATCH
    assert not faults(case)


@pytest.mark.django_db
def test_a_split_is_taken_back_while_nothing_is_sent_out(world):
    case = raise_case(world)
    services.accept(by=world.actor("paidan"), now=world.now, case=case, verify=False)
    one, two = split(world, get(case))
    for who in ("chengguan", "shegong", "ducha"):
        with pytest.raises(ForbiddenError):
            services.unsplit(by=world.actor(who), now=world.now, case=get(case), reason="拆错了")
    with pytest.raises(InvalidError):
        services.unsplit(by=world.actor("paidan"), now=world.now, case=get(case), reason=" ")
    services.unsplit(by=world.actor("paidan"), now=world.now, case=get(case), reason="拆错了")
    assert get(case).state == State.TO_DISPATCH
    assert {get(one).state, get(two).state} == {State.VOID}
    for each in (case, one, two):
        assert not faults(each)
    jobs.drain(now=world.now)
    assert get(case).state == State.TO_DISPATCH
    assert selectors.parts_of(get(case)) == []


@pytest.mark.django_db
def test_a_split_whose_part_is_with_a_unit_is_not_taken_back(world):
    case = raise_case(world)
    one, _two = split(world, case, units=[world.units["enforcement"].pk])
    with pytest.raises(ConflictError):
        services.unsplit(by=world.actor("paidan"), now=world.now, case=get(case), reason="拆错了")
    assert get(one).state == State.TO_SIGN
    assert get(case).state == State.SPLIT


@pytest.mark.django_db
def test_what_is_wrong_with_a_part_is_said_by_its_number_and_nothing_is_written(world):
    case = raise_case(world)
    bad = [PARTS[0], Report(text="", category="garbage")]
    with pytest.raises(InvalidError) as refused:
        split(world, case, parts=bad)
    assert "第 2 件" in str(refused.value.fields["parts"])
    with pytest.raises(InvalidError):
        split(world, case, parts=[PARTS[0]] * 11)
    assert Case.objects.count() == 1
    assert get(case).state == State.REPORTED


@pytest.mark.django_db
def test_the_contact_is_kept_while_a_part_is_open(world):
    case = raise_case(world)
    split(world, case)
    later = world.now + timedelta(days=400)
    assert not ended(later).filter(pk=case.pk).exists()
    Case.objects.filter(split_from=case).update(is_open=False, state=State.VOID)
    assert ended(later).filter(pk=case.pk).exists()


@pytest.mark.django_db
def test_a_part_taken_out_of_its_main_case_again_is_waited_for_again(world):
    main = raise_case(world, "garbage", text="同一堆垃圾")
    case = raise_case(world)
    one, two = split(world, case)
    paidan = world.actor("paidan")
    services.merge(by=paidan, now=world.now, case=two, main=main, reason="同一件")
    finish(world, one)
    finish(world, main)
    assert get(case).state == State.TO_REPLY
    services.unmerge(by=paidan, now=world.now, case=get(two), reason="不是同一件")
    jobs.drain(now=world.now)
    assert get(case).state == State.SPLIT
    finish(world, two)
    assert get(case).state == State.TO_REPLY
    for each in (case, one, two, main):
        assert not faults(each)


@pytest.mark.django_db
def test_splits_made_before_parts_were_answered_together_end_as_they_did(world):
    case = raise_case(world)
    one, two = split(world, case)
    event = case.events.get(verb="split")
    type(event).objects.filter(pk=event.pk).update(data={"parts": event.data["parts"]})
    finish(world, one)
    finish(world, two)
    assert get(case).state == State.SPLIT
    assert selectors.parts_of(get(case)) == []


@pytest.mark.django_db
def test_a_part_may_be_split_again_and_is_answered_with_its_own_parts(world):
    case = raise_case(world)
    one, two = split(world, case)
    inner = split(world, two)
    finish(world, one)
    for part in inner:
        finish(world, part)
    assert (get(case).state, get(two).state) == (State.SPLIT, State.TO_REPLY)
    paidan = world.actor("paidan")
    services.reply(by=paidan, now=world.now, case=get(two), way="phone", text="两处都清了")
    services.close(by=paidan, now=world.now, case=get(two))
    jobs.drain(now=world.now)
    assert get(case).state == State.TO_REPLY
    assert "两处都清了" in selectors.parts_answer(get(case))
