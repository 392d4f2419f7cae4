"""A record comes in: kept once, counted, marked, sealed; odd things noted, wrong ones refused in words."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from linli.engines.fieldwork import events, services
from linli.engines.fieldwork.models import Finding, Round, Submission, SubmissionFile, Target, Visit
from linli.engines.fieldwork.selectors import submissions as read
from linli.engines.fieldwork.tests.sent import SHOP, Q, q, scene
from linli.foundation.core.actors import GUEST
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from linli.foundation.core.ids import uuid7
from linli.foundation.forms import services as forms
from linli.foundation.forms.models import FormVersion
from linli.foundation.jobs import services as jobs
from linli.foundation.journal.models import Entry

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def only(packet):
    return Submission.objects.get(uuid=packet.uuid)


def test_a_record_is_kept_and_all_that_hangs_on_it_is_counted(world):
    s = scene(world)
    shot = s.photo()
    packet = s.packet(
        answers={"size": "35.5", "order": {"goods": "good"}}, files={"shot": [shot]}, lat=31.219123, lon=121.41
    )
    receipt = s.send(packet)
    row, visit = only(packet), Visit.objects.get(pk=s.visits[0].pk)
    assert (receipt.state, receipt.seen_before, receipt.noted, receipt.findings) == ("received", False, (), 0)
    assert (row.answers["size"], row.marks, row.full, row.vetoed) == ("35.5", Decimal(10), Decimal(10), False)
    assert (row.lat, row.lon, row.area_path, row.user_id) == (
        31.219,
        121.41,
        s.shops[0].area_path,
        s.user("chengguan").pk,
    )
    assert (visit.state, visit.done_at) == ("done", world.now)
    assert Round.objects.get().done == 1
    assert Target.objects.get(pk=s.shops[0].pk).visited_at == world.now
    assert list(SubmissionFile.objects.values_list("path", "file__uuid")) == [("shot", shot)]
    assert Entry.objects.filter(verb="fieldwork.submit", object_uuid=packet.uuid).count() == 1
    assert row.form.frozen_at == world.now


def test_sent_again_it_is_answered_with_the_same_receipt(world):
    s = scene(world)
    shot = s.photo(seed=5)
    packet = s.packet(files={"shot": [shot]})
    first = s.send(packet)
    again = s.send(packet, after=3 * DAY)
    assert replace(again, seen_before=False) == first
    assert again.seen_before
    # The picture was uploaded once more, because its own answer was lost: it is the same picture.
    assert s.send(replace(packet, files={"shot": [s.photo(seed=5)]}), after=HOUR).digest == first.digest
    assert Submission.objects.count() == SubmissionFile.objects.count() == Round.objects.get().done == 1


def test_the_same_uuid_with_other_content_is_a_conflict_that_names_both(world):
    s = scene(world)
    packet = s.packet()
    first = s.send(packet)
    with pytest.raises(ConflictError) as told:
        s.send(replace(packet, answers={"order": {"goods": "bad"}}))
    assert told.value.code == "fieldwork.other_content"
    assert told.value.params["there"] == first.digest != told.value.params["here"]
    assert only(packet).answers["order"]["goods"] == "good"
    with pytest.raises(ConflictError):
        s.send(packet, who="chengguan2")


def test_a_visit_done_by_two_keeps_both_until_a_person_judges(world):
    s = scene(world)
    one, two = s.packet(2), s.packet(2, answers={"wires": True})
    s.send(one)
    receipt = s.send(two, who="chengguan2", after=HOUR)
    assert receipt.rival == one.uuid
    assert any("两份都已保存" in w for w in receipt.words)
    assert (Round.objects.get().done, Finding.objects.count()) == (1, 0)
    head = world.actor("zhongdui")
    assert list(read.rivals(head)) == [only(two)]
    with pytest.raises(ForbiddenError):
        services.judge(by=world.actor("chengguan2"), now=world.now, submission=only(two), keep=True, reason="我的对")
    with pytest.raises(ConflictError):
        services.send_back(by=head, now=world.now, submission=only(two), reason="看不清")
    services.judge(by=head, now=world.now + HOUR, submission=only(two), keep=True, reason="后到的看得更细")
    assert (only(one).state, only(two).state, only(one).returned) == ("aside", "received", "后到的看得更细")
    assert (Round.objects.get().done, Finding.objects.get().item) == (1, "wires")
    assert not read.rivals(head).exists()
    with pytest.raises(ConflictError):
        services.judge(by=head, now=world.now, submission=only(two), keep=False, reason="再判")


def test_personal_answers_are_sealed_and_opened_only_for_who_may(world):
    s = scene(world)
    packet = s.packet(answers={"keeper": "店主甲", "memo": "电话 13812345678，晚上在"})
    s.send(packet)
    row = only(packet)
    assert "keeper" not in row.answers
    assert "13812345678" not in str(row.answers)
    assert "店主甲".encode() not in bytes(row.sealed)
    assert read.answers_of(world.actor("chengguan"), row)["keeper"] == "店主甲"
    assert read.answers_of(world.actor("zhongdui"), row)["memo"] == "电话 13812345678，晚上在"
    assert "keeper" not in read.answers_of(world.actor("jiandu"), row)
    with pytest.raises(ForbiddenError):
        read.sealed_answers(world.actor("jiandu"), row)


def test_odd_times_and_changes_meanwhile_are_noted_and_nothing_is_lost(world):
    s = scene(world)
    ahead = s.send(s.packet(0, made_at=world.now + HOUR, answers={"opened": "2027-01-01"}))
    assert ahead.noted == ("clock_ahead", "future_date")
    assert Visit.objects.get(pk=s.visits[0].pk).done_at == world.now
    far = s.send(s.packet(None, round=s.round.uuid, target=s.shops[1].uuid, made_at=world.now + 400 * DAY))
    assert far.noted == ("far_ahead",)
    Visit.objects.filter(pk=s.visits[1].pk).update(state="dropped", user=s.user("chengguan2"))
    Target.objects.filter(pk=s.shops[1].pk).update(until=world.now.date())
    assert s.send(s.packet(1)).noted == ("visit_dropped", "not_assigned", "target_ended")
    Round.objects.update(state="closed", closed_at=world.now + HOUR, feedback="已反馈", result="已处理")
    late = s.send(s.packet(2), after=DAY)
    assert late.noted == ("after_close",)
    assert len(late.words) == 1
    assert (Round.objects.get().done, Visit.objects.get(pk=s.visits[2].pk).state) == (1, "done")


def test_a_version_filled_before_a_newer_one_came_is_taken(world):
    s = scene(world)
    s.send(s.packet(0))
    more = replace(SHOP, items=(*SHOP.items, q("extra", Q.TEXT, required=True)))
    forms.save_whole_form(by=world.actor("xitong"), now=world.now + HOUR, code="shop_check", form=more)
    receipt = s.send(s.packet(1), after=DAY)
    assert receipt.noted == ("former_version",)
    with pytest.raises(InvalidError) as told:
        s.send(s.packet(2, version=2), after=DAY)
    assert set(told.value.fields) == {"extra"}
    Round.objects.update(form_version=FormVersion.objects.get(form__code="shop_check", number=2))
    with pytest.raises(ConflictError) as retired:
        s.send(s.packet(2), after=DAY)
    assert (retired.value.code, retired.value.params["now"]) == ("fieldwork.retired_version", 2)
    with pytest.raises(NotFoundError) as unknown:
        s.send(s.packet(2, version=9), after=DAY)
    assert unknown.value.code == "fieldwork.no_version"


REFUSED = [
    ("jumin", {}, ForbiddenError, "fieldwork.role"),
    ("minjing", {}, ForbiddenError, "fieldwork.other_grid"),
    ("chengguan", {"form": "shop"}, ConflictError, "fieldwork.other_form"),
    ("chengguan", {"visit": uuid7()}, NotFoundError, "fieldwork.no_visit"),
    ("chengguan", {"visit": None}, InvalidError, "fieldwork.packet"),
    ("chengguan", {"visit": None, "round": uuid7()}, NotFoundError, "fieldwork.no_round"),
    ("chengguan", {"target": uuid7()}, InvalidError, "fieldwork.packet"),
    ("chengguan", {"made_at": datetime(2026, 3, 10, 10)}, InvalidError, "fieldwork.packet"),  # noqa: DTZ001
    ("chengguan", {"lat": 31.0}, InvalidError, "fieldwork.packet"),
    ("chengguan", {"lat": 131.0, "lon": 3.0}, InvalidError, "fieldwork.packet"),
    ("chengguan", {"former": uuid7()}, NotFoundError, "fieldwork.no_former"),
    ("chengguan", {"answers": {"order": {"goods": "?"}}}, InvalidError, "forms.invalid"),
    ("chengguan", {"answers": {"order": {}}}, InvalidError, "forms.invalid"),
    ("chengguan", {"files": {"memo": [uuid7()]}}, InvalidError, "fieldwork.files"),
    ("chengguan", {"files": {"nowhere[9999999]/x": [uuid7()]}}, InvalidError, "fieldwork.files"),
    ("chengguan", {"files": {"shot": [uuid7()]}}, InvalidError, "fieldwork.files"),
]


@pytest.mark.parametrize(("who", "change", "kind", "code"), REFUSED)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_written(world, who, change, kind, code):
    s = scene(world)
    with pytest.raises(kind) as told:
        s.send(s.packet(**change), who=who)
    assert told.value.code == code
    assert told.value.hint or told.value.fields
    assert not Submission.objects.exists()
    assert Round.objects.get().done == 0
    assert not Entry.objects.filter(verb="fieldwork.submit").exists()


def test_a_guest_is_sent_to_the_login(world):
    s = scene(world)
    with pytest.raises(ForbiddenError):
        services.submit(by=GUEST, now=world.now, packet=s.packet())


@pytest.mark.parametrize(("state", "words"), [("draft", "还没有开始"), ("dropped", "已取消"), ("closed", "已办结")])
def test_a_round_that_takes_no_records_says_so(world, state, words):
    s = scene(world)
    Round.objects.update(state=state, closed_at=world.now - HOUR, feedback="x", result="x")
    with pytest.raises(ConflictError, match=words) as told:
        s.send(s.packet())
    assert told.value.code == "fieldwork.round_state"


def test_a_shop_of_another_grid_is_refused_where_the_grid_alone_gives_the_right(world):
    s = scene(world)
    other = (
        world.areas["苏家角"] if "苏家角" in world.areas else next(a for n, a in world.areas.items() if n != "陶家宅")
    )
    Target.objects.filter(pk=s.shops[1].pk).update(area_path=other.path, area=other)
    s.send(s.packet(None, round=s.round.uuid, target=s.shops[0].uuid), who="shegong")
    with pytest.raises(ForbiddenError, match="不在您的网格内") as told:
        s.send(s.packet(None, round=s.round.uuid, target=s.shops[1].uuid), who="shegong")
    assert told.value.fields["target"]


def test_files_of_another_used_ones_and_what_is_no_picture_are_refused_at_their_path(world):
    s = scene(world)
    theirs, used, old = s.photo("chengguan2"), s.photo(), s.photo(after=-2 * DAY)
    s.send(s.packet(0, files={"shot": [used]}))
    with pytest.raises(InvalidError) as told:
        s.send(s.packet(1, files={"shot": [theirs, used, old]}))
    assert len(told.value.fields["shot"]) == 3
    with pytest.raises(InvalidError) as told:
        s.send(s.packet(1, files={"shot": [s.photo() for _n in range(4)]}))
    assert told.value.fields["shot"] == ["最多 3 张照片。"]


def test_two_go_together_and_both_are_named(world):
    s = scene(world, pair=True)
    with pytest.raises(InvalidError) as told:
        s.send(s.packet())
    assert set(told.value.fields) == {"second"}
    for wrong in ("chengguan", "jumin"):
        with pytest.raises(InvalidError):
            s.send(s.packet(second=s.user(wrong).uuid))
    packet = s.packet(second=s.user("chengguan2").uuid)
    s.send(packet)
    assert (only(packet).second_id, "城管队员乙" in only(packet).second_label) == (s.user("chengguan2").pk, True)
    Visit.objects.filter(pk=s.visits[1].pk).update(second=s.user("chengguan2"))
    named = s.packet(1)
    s.send(named)
    assert only(named).second_id == s.user("chengguan2").pk


def test_a_correction_names_the_former_and_takes_its_place(world):
    s = scene(world)
    shot = s.photo()
    first = s.packet(files={"shot": [shot]})
    s.send(first)
    mine = s.packet(former=first.uuid, answers={"memo": "补充"}, files={"shot": [shot]})
    with pytest.raises(ForbiddenError):
        s.send(replace(mine, uuid=uuid7(), files={}), who="chengguan2")
    s.send(mine, after=HOUR)
    assert (only(first).state, only(mine).former, Round.objects.get().done) == ("replaced", only(first), 1)
    with pytest.raises(ConflictError) as told:
        s.send(s.packet(former=first.uuid), after=HOUR)
    assert told.value.code == "fieldwork.corrected"
    assert [v.uuid for v in read.chain(world.actor("chengguan"), mine.uuid).versions] == [first.uuid, mine.uuid]
    with pytest.raises(InvalidError):
        s.send(s.packet(1, former=mine.uuid), after=HOUR)


def test_review_sends_back_with_the_reason_and_a_correction_is_owed(world):
    s = scene(world, review=True)
    packet = s.packet(answers={"wires": True})
    s.send(packet)
    head, mine = world.actor("zhongdui"), world.actor("chengguan")
    assert list(read.to_review(head)) == [only(packet)]
    assert not read.to_review(mine).exists()
    assert not Finding.objects.exists()
    for who in ("chengguan", "chengguan2", "jumin"):
        with pytest.raises(ForbiddenError):
            services.accept(by=world.actor(who), now=world.now, submission=only(packet))
    with pytest.raises(InvalidError):
        services.send_back(by=head, now=world.now, submission=only(packet), reason=" ")
    stale = only(packet)
    services.send_back(by=head, now=world.now, submission=only(packet), reason="照片看不清")
    with pytest.raises(ConflictError):
        services.accept(by=head, now=world.now, submission=stale)
    assert [(r.uuid, r.returned) for r in read.owed_corrections(mine)] == [(packet.uuid, "照片看不清")]
    assert read.receipts_of(mine, [packet.uuid])[packet.uuid].returned == "照片看不清"
    again = s.packet(former=packet.uuid, answers={"wires": True, "memo": "重拍"})
    s.send(again, after=HOUR)
    assert not read.owed_corrections(mine).exists()
    services.accept(by=head, now=world.now + HOUR, submission=only(again))
    assert (only(again).state, Finding.objects.get().state) == ("accepted", "case")
    from linli.foundation.messages.models import Message

    assert list(Message.objects.filter(template="fieldwork.sent_back").values_list("user_id", flat=True)) == [
        s.user("chengguan").pk
    ]


def test_what_a_visit_learned_goes_to_whoever_keeps_the_ledger(world, monkeypatch):
    told = []
    monkeypatch.setattr(events, "_learners", [lambda target, learned, by, now: told.append((target, learned))])
    s = scene(world)
    packet = s.packet(answers={"size": 40, "memo": "x"})
    s.send(packet)
    assert [(t, dict(x.values), x.source_kind, x.source_uuid) for t, x in told] == [
        (s.shops[0], {"size": "40"}, "submission", packet.uuid)
    ]


def test_receipts_are_one_s_own_and_cost_the_same_however_many(world, django_assert_num_queries):
    s = scene(world)
    mine = [s.packet(n) for n in range(3)]
    for packet in mine[:2]:
        s.send(packet)
    theirs = mine[2]
    s.send(theirs, who="chengguan2")
    by = world.actor("chengguan")
    with django_assert_num_queries(2):
        found = read.receipts_of(by, [p.uuid for p in mine] + [uuid7()])
    assert set(found) == {p.uuid for p in mine[:2]}
    assert len(read.receipt_page(world.actor("chengguan")).rows) == 2


def test_positions_go_after_their_days(world):
    s = scene(world)
    packet = s.packet(lat=31.2, lon=121.4)
    s.send(packet)
    jobs.delete_what_is_over(now=world.now + 91 * DAY)
    assert only(packet).lat is None
    assert only(packet).lon is None
    assert only(packet).answers


def test_a_record_costs_the_same_however_long_the_form_and_many_the_pictures(world, django_assert_max_num_queries):
    s = scene(world)
    s.send(s.packet(0))
    many = s.packet(1, files={"shot": [s.photo() for _n in range(3)]}, answers={"keeper": "店主甲", "memo": "x"})
    by = world.actor("chengguan")
    with django_assert_max_num_queries(34):
        services.submit(by=by, now=world.now, packet=many)
    with django_assert_max_num_queries(4):
        services.submit(by=by, now=world.now, packet=many)


def test_lists_cost_the_same_however_many(world, django_assert_max_num_queries):
    s = scene(world, review=True)
    for _n in range(12):
        s.send(s.packet(None, round=s.round.uuid, target=s.shops[0].uuid))
    head = world.actor("zhongdui")
    with django_assert_max_num_queries(2):  # one asks which rounds are the unit's
        assert len([(r.target.name, r.round.unit, r.form.form.title) for r in read.page(head).rows]) == 12
    with django_assert_max_num_queries(2):
        assert len([(r.target.name, r.user.username) for r in read.to_review(head)]) == 12
