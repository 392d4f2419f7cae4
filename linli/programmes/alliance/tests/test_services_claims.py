"""The three lists, claims and agreements: each verb, who may not, and what is never counted twice."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from linli.engines.projects import services as projects
from linli.engines.projects.models import Task
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, StaleError
from linli.foundation.jobs import services as jobs
from linli.foundation.messages.models import Message
from linli.programmes.alliance import selectors, services
from linli.programmes.alliance.models import Agreement, Claim, Entry, Use
from linli.programmes.alliance.types import AgreementData, AgreementState, BodyData, ClaimData, EntryData
from linli.programmes.alliance.workflow import ClaimState, EntryState

pytestmark = pytest.mark.django_db
HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


def test_nothing_is_public_before_another_person_reviewed_it(year):
    entry = year.entry("开放会议室", "resource", published=False)
    with pytest.raises(NotFoundError):
        selectors.public_entry(entry.uuid)
    services.submit(by=year.keeper, now=year.now, uuid=entry.uuid)
    with pytest.raises(ForbiddenError):
        services.approve(by=year.keeper, now=year.now, uuid=entry.uuid)
    services.approve(by=year.leader, now=year.now, uuid=entry.uuid)
    assert selectors.public_entry(entry.uuid) == entry
    assert [e.pk for e in selectors.public_page(kind="resource").rows] == [entry.pk]
    with pytest.raises(ConflictError):
        services.approve(by=year.leader, now=year.now, uuid=entry.uuid)


def test_what_is_sent_back_says_why_and_can_be_mended(year):
    entry = year.entry("开放会议室", "resource", published=False)
    data = EntryData("resource", "开放会议室", quantity=Decimal(10), unit_word="场")
    services.submit(by=year.keeper, now=year.now, uuid=entry.uuid)
    with pytest.raises(ConflictError):
        services.change_entry(by=year.keeper, now=year.now, uuid=entry.uuid, data=data)
    with pytest.raises(InvalidError):
        services.send_back(by=year.leader, now=year.now, uuid=entry.uuid, reason=" ")
    back = services.send_back(by=year.leader, now=year.now, uuid=entry.uuid, reason="请写明时段")
    services.change_entry(by=year.keeper, now=year.now, uuid=entry.uuid, data=data, expected=back.version)
    with pytest.raises(StaleError):
        services.change_entry(by=year.keeper, now=year.now, uuid=entry.uuid, data=data, expected=back.version)


def test_a_members_own_people_enter_needs_and_offers_but_no_projects(year):
    member = year.member("阳光物业", "property", "property")
    other = year.member("示范银行")
    by = year.world.actor("wuye")
    entry = services.draft_entry(by=by, now=year.now, data=EntryData("need", "法律讲座", member_id=member.pk))
    services.submit(by=by, now=year.now, uuid=entry.uuid)
    with pytest.raises(ForbiddenError):
        services.draft_entry(by=by, now=year.now, data=EntryData("project", "共享车位", member_id=member.pk))
    with pytest.raises(ForbiddenError):
        services.draft_entry(by=by, now=year.now, data=EntryData("need", "法律讲座", member_id=other.pk))
    theirs = year.entry("别人的草稿", "need", published=False, member_id=other.pk)
    with pytest.raises(NotFoundError):
        selectors.entry_for(by, theirs.uuid)
    with pytest.raises(ForbiddenError):
        services.approve(by=by, now=year.now, uuid=entry.uuid)


def test_an_offer_met_on_a_visit_waits_for_its_review(year):
    data = EntryData("resource", "可借用会议室", quantity=Decimal(20), unit_word="小时", reusable=True)
    by = year.world.actor("shegong")
    with pytest.raises(InvalidError) as refused:
        services.offer_from_visit(by=by, now=year.now, data=data)
    assert set(refused.value.fields) == {"source_label"}
    entry = services.offer_from_visit(by=by, now=year.now, data=data, source_label="3 月 9 日走访示范公司")
    assert (entry.kind, entry.state, entry.source_kind) == ("resource", EntryState.SUBMITTED, "visit")
    with pytest.raises(ForbiddenError):
        services.offer_from_visit(
            by=year.world.actor("jumin"), now=year.now, data=data, source_label="3 月 9 日走访示范公司"
        )


def test_what_is_wrong_with_a_line_is_said_by_field(year):
    data = EntryData(
        "resource", "", quantity=Decimal(3), starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 1), category="castle",
        member_id=10**6, body_id=10**6, receiver_id=10**6, area_id=10**6,
    )  # fmt: skip
    with pytest.raises(InvalidError) as refused:
        services.draft_entry(by=year.keeper, now=year.now, data=data)
    assert set(refused.value.fields) == {
        "title", "unit_word", "ends_on", "category", "member_id", "body_id", "receiver_id", "area_id",
    }  # fmt: skip


@pytest.fixture
def shared(year):
    """A counted resource and a need, of two members."""
    bank, school = year.member("示范银行"), year.member("示范学校", "school")
    talks = {"quantity": Decimal(4), "unit_word": "场", "category": "lectures"}
    room = year.entry("志愿讲师", "resource", member_id=bank.pk, **{**talks, "quantity": Decimal(10)})
    need = year.entry("防骗讲座", "need", member_id=school.pk, **talks)
    return year, room, need


def give(year, resource, quantity, **more):
    return services.commit(by=year.keeper, now=year.now, uuid=resource.uuid, quantity=Decimal(quantity), **more)


def test_a_resource_goes_to_a_need_and_never_twice(shared):
    year, room, need = shared
    found = selectors.matches_for(year.keeper, need)
    assert [(e.title, m.amount, m.good) for e, m in found] == [("志愿讲师", Decimal(4), 2)]
    assert [e.title for e, _m in selectors.matches_for(year.keeper, room)] == ["防骗讲座"]
    first = give(year, room, 3, need_uuid=need.uuid)
    for quantity, left in ((2, "需求只差 1场"), (8, "只剩 7场")):
        with pytest.raises(InvalidError, match="需要修改") as refused:
            give(year, room, quantity, need_uuid=need.uuid)
        assert any(left in m for m in refused.value.fields["quantity"])
    services.note_used(by=year.keeper, now=year.now, uuid=first.uuid, on=year.today)
    there = selectors.balances([room, need])
    assert (there[room.pk].used, there[room.pk].remaining) == (Decimal(3), Decimal(7))
    assert (there[need.pk].used, there[need.pk].remaining) == (Decimal(3), Decimal(1))
    assert selectors.use_counts([room]) == {room.pk: 1}
    with pytest.raises(ConflictError):
        services.cancel(by=year.keeper, now=year.now, uuid=first.uuid, reason="改期")


def test_what_is_called_off_is_there_again_and_a_room_is_not_used_up(shared):
    year, room, need = shared
    use = give(year, room, 10, member_id=need.member_id, purpose="内部培训")
    services.cancel(by=year.keeper, now=year.now, uuid=use.uuid, reason="改期")
    Entry.objects.filter(pk=room.pk).update(reusable=True)
    for _n in range(3):
        use = give(year, room, 10, member_id=need.member_id, purpose="内部培训")
        services.note_used(by=year.keeper, now=year.now, uuid=use.uuid, on=year.today)
    assert selectors.use_counts([room]) == {room.pk: 3}


def test_a_line_with_something_promised_is_not_ended(shared):
    year, room, need = shared
    give(year, room, 1, need_uuid=need.uuid)
    for entry in (room, need):
        with pytest.raises(ConflictError):
            services.close(by=year.keeper, now=year.now, uuid=entry.uuid, reason="到期")


def test_only_the_office_and_the_owner_promise_a_resource(shared):
    year, room, need = shared
    with pytest.raises(ForbiddenError):
        services.commit(
            by=year.world.actor("paidan"), now=year.now, uuid=room.uuid, quantity=Decimal(1), need_uuid=need.uuid
        )
    with pytest.raises(InvalidError):
        give(year, need, 1, member_id=room.member_id, purpose="反了")
    assert not Use.objects.exists()


def test_three_members_share_one_project_exactly(year):
    entry = year.entry("“跳动三原色”街区点亮行动")
    members = [year.member(f"示范单位{n}") for n in range(4)]
    claims = [year.claim(entry, m, THIRD) for m in members[:3]]
    assert selectors.unclaimed(claims) == 0
    with pytest.raises(InvalidError) as refused:
        year.claim(entry, members[3], Fraction(1, 100))
    assert refused.value.fields == {"share": ["这个项目已经全部认领。"]}
    services.withdraw(by=year.keeper, now=year.now, uuid=claims[0].uuid, reason="预算调整")
    assert year.claim(entry, members[3], THIRD).share == THIRD
    with pytest.raises(ConflictError, match="已经认领"):
        year.claim(entry, members[1], THIRD)


def test_claims_called_out_at_once_are_entered_all_or_none(year):
    entry = year.entry()
    members = [year.member(f"示范单位{n}") for n in range(3)]
    many = [ClaimData(m.pk, HALF, "资金", on_spot=True) for m in members]
    with pytest.raises(InvalidError):
        services.claim_many(by=year.keeper, now=year.now, uuid=entry.uuid, data=many)
    assert not Claim.objects.exists()
    assert len(services.claim_many(by=year.keeper, now=year.now, uuid=entry.uuid, data=many[:2])) == 2


@pytest.fixture
def own(year):
    """A claim of 阳光物业 (wuye) on a project that 陶家宅居委 (shuji) receives."""
    member = year.member("阳光物业", "property", "property")
    entry = year.entry("“社区大管家”", receiver_id=year.world.units["@陶家宅"].pk)
    return year, year.claim(entry, member, by=year.world.actor("wuye"))


def test_a_claim_is_agreed_delivered_confirmed_by_who_received_it_and_thanked(own):
    year, claim = own
    wuye, shuji = year.world.actor("wuye"), year.world.actor("shuji")
    do = {"now": year.now, "uuid": claim.uuid}
    with pytest.raises(ConflictError):
        services.deliver(by=wuye, **do, text="做完了")
    year.agreed(claim)
    step = services.add_milestone(by=wuye, **do, title="首场服务", due_on=year.today)
    services.report(by=wuye, **do, text="首场服务已办", milestone_id=step.pk)
    services.deliver(by=wuye, **do, text="十二场全部完成")
    for by in (wuye, year.keeper):  # neither the claimant nor, where a receiver is named, the office
        with pytest.raises(ForbiddenError):
            services.confirm(by=by, **do, text="收到")
    services.redo(by=shuji, **do, reason="少一场")
    services.deliver(by=wuye, **do, text="已补")
    services.confirm(by=shuji, **do, text="居民都说好")
    with pytest.raises(ForbiddenError):
        services.thank(by=wuye, **do, text="谢谢")
    services.thank(by=year.keeper, **do, text="感谢阳光物业", public=True)
    claim = Claim.objects.get()
    assert claim.state == ClaimState.THANKED
    assert selectors.public_thanks(claim.entry) == []
    services.agree_public(by=wuye, **do, agrees=True)
    assert selectors.public_thanks(claim.entry) == [claim]
    assert [r.verb for r in claim.reports.order_by("id")] == ["report", "deliver", "redo", "deliver", "confirm"]


@pytest.mark.parametrize("who", ["paidan", "chengguan", "shuji02", "jumin", "xitong"])
def test_a_claim_is_nobody_elses(own, who):
    year, claim = own
    by, do = year.world.actor(who), {"now": year.now, "uuid": claim.uuid}
    for refused in (
        lambda: services.report(by=by, **do, text="x"),
        lambda: services.deliver(by=by, **do, text="x"),
        lambda: services.confirm(by=by, **do, text="x"),
        lambda: services.redo(by=by, **do, reason="x"),
        lambda: services.thank(by=by, **do, text="x"),
        lambda: services.withdraw(by=by, **do, reason="x"),
        lambda: services.agree_public(by=by, **do, agrees=True),
        lambda: services.add_milestone(by=by, **do, title="x", due_on=year.today),
    ):
        with pytest.raises(NotFoundError):
            refused()
    entry = year.entry("另一个项目")
    member = claim.member
    with pytest.raises((ForbiddenError, NotFoundError)):
        services.claim(by=by, now=year.now, uuid=entry.uuid, data=ClaimData(member.pk, HALF, "资金"))


def test_a_page_that_is_out_of_date_is_told_so(own):
    year, claim = own
    year.agreed(claim)
    with pytest.raises(StaleError):
        services.report(by=year.world.actor("wuye"), now=year.now, uuid=claim.uuid, text="进展", expected=claim.version)


def test_a_silent_claim_lapses_and_its_share_is_free_again(own):
    year, claim = own
    assert services.lapse_silent(by=year.world.actor("dangzheng"), now=year.now) == 0
    later = year.now + timedelta(days=31)
    assert services.lapse_silent(by=year.keeper, now=later) == 0  # the system alone

    assert services.lapse_silent(by=SYSTEM, now=later) == 1
    assert Claim.objects.get().state == ClaimState.LAPSED
    assert selectors.claimable(year.keeper) == [claim.entry]


def test_a_claim_gives_tasks_and_their_results_come_back(own):
    year, claim = own
    do = {"by": year.keeper, "now": year.now, "uuid": claim.uuid, "due_on": year.today + timedelta(7)}
    unit = year.world.units["management"].pk
    with pytest.raises(ConflictError):
        services.give_task(**do, title="腾出场地", unit_id=unit)
    year.agreed(claim)
    services.give_task(**do, title="腾出场地", unit_id=unit)
    task = Task.objects.get()
    assert (task.source_kind, task.source_uuid) == ("claim", claim.uuid)
    projects.end_task(by=year.world.actor("guanliban"), now=year.now, task=task, result="已腾出")
    jobs.drain(now=year.now)
    assert "已腾出" in claim.reports.get(verb="task").text


def test_a_top_ten_has_ten_places_and_committees(year):
    body = services.save_body(
        by=year.keeper, now=year.now, data=BodyData(
            "城市管理专委会", "committee", parent_id=year.body.pk
        ),
    )  # fmt: skip
    first = year.entry("项目一", body_id=body.pk)
    mark = {"by": year.keeper, "now": year.now, "year": 2026}
    services.mark_top(**mark, uuid=first.uuid, place=1)
    for uuid, place in (
        (year.entry("项目二", body_id=body.pk).uuid, 1),
        (first.uuid, 11),
        (year.entry("无主").uuid, 2),
    ):
        with pytest.raises(InvalidError):
            services.mark_top(**mark, uuid=uuid, place=place)
    assert [e.title for e in selectors.top_ten(2026)] == ["项目一"]


def paper(year, *members, **more):
    data = {
        "title": "党建共建协议", "signed_on": year.today, "starts_on": year.today,
        "ends_on": year.today + timedelta(30), "member_ids": tuple(m.pk for m in members),
        "others": ("街道社区党委",), "items": ("开放场地", "志愿服务"), **more,
    }  # fmt: skip
    return AgreementData(**data)


def test_agreements_are_renewed_ended_and_told_of_before_their_end(year):
    member = year.member("示范银行")
    first = services.sign_agreement(by=year.keeper, now=year.now, data=paper(year, member))
    assert first.number == "2026-协-001"
    assert selectors.agreement_state(first, year.today) is AgreementState.EXPIRING
    assert services.remind(now=year.now) == 1
    assert services.remind(now=year.now) == 0
    assert Message.objects.filter(user_id=year.world.users["dangzheng"].pk).count() == 1
    later = paper(year, member, starts_on=date(2026, 4, 10), ends_on=date(2027, 4, 9))
    second = services.sign_agreement(by=year.keeper, now=year.now, data=later, previous=first.uuid)
    with pytest.raises(ConflictError):
        services.sign_agreement(by=year.keeper, now=year.now, data=later, previous=first.uuid)
    found = {a.number: a for a in selectors.agreement_page().rows}
    assert selectors.agreement_state(found[first.number], year.today) is AgreementState.RENEWED
    assert [a.pk for a in selectors.chain_of(first)] == [second.pk, first.pk]
    end = {"by": year.keeper, "now": year.now, "uuid": second.uuid, "on": date(2026, 5, 1)}
    with pytest.raises(InvalidError):
        services.end_agreement(**end, reason="")
    services.end_agreement(**end, reason="双方商定")
    with pytest.raises(ConflictError):
        services.end_agreement(**end, reason="双方商定")


def test_an_agreement_needs_two_sides_and_something_agreed(year):
    member = year.member("示范银行")
    for wrong, field in (
        ({"others": ()}, "members"),
        ({"items": ("", " ")}, "items"),
        ({"ends_on": year.today - timedelta(1)}, "ends_on"),
        ({"title": ""}, "title"),
    ):
        with pytest.raises(InvalidError) as refused:
            services.sign_agreement(by=year.keeper, now=year.now, data=paper(year, member, **wrong))
        assert set(refused.value.fields) == {field}
    with pytest.raises(ForbiddenError):
        services.sign_agreement(by=year.world.actor("paidan"), now=year.now, data=paper(year, member))
    assert not Agreement.objects.exists()
