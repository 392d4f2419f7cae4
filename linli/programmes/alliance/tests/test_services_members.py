"""Members from application to leaving, and the bodies in which they sit."""

from datetime import date, timedelta

import pytest

from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError, StaleError
from linli.foundation.jobs.services import delete_what_is_over
from linli.foundation.journal.models import Entry as Journal
from linli.programmes.alliance import selectors, services
from linli.programmes.alliance.models import Holding, Member, Office, Seat, Turn
from linli.programmes.alliance.tests.year import FIRST
from linli.programmes.alliance.types import BodyData, MemberData, Standing

pytestmark = pytest.mark.django_db
DATA = MemberData("示范医院", "hospital", contact_post="党委办公室主任", contact_name="联系人甲", phone="021-55550123")


def test_admission_goes_from_application_to_certificate_and_plaque(year):
    member = services.propose_member(by=year.keeper, now=year.now, data=DATA)
    assert selectors.standing_of(member, year.today) is Standing.PROPOSED
    with pytest.raises(ConflictError):
        services.decide_member(
            by=year.keeper, now=year.now, uuid=member.uuid, admitted=True, on=year.today, meeting="全体会议"
        )
    services.check_member(by=year.keeper, now=year.now, uuid=member.uuid, note="已走访")
    services.decide_member(
        by=year.keeper, now=year.now, uuid=member.uuid, admitted=True, on=year.today, meeting="全体会议"
    )
    member.refresh_from_db()
    assert selectors.standing_of(member, year.today) is Standing.ADMITTED
    services.issue(by=year.keeper, now=year.now, uuid=member.uuid, on=year.today)
    member.refresh_from_db()
    assert (member.certificate, member.plaque) == ("2026-证-001", "2026-牌-001")
    assert selectors.standing_of(member, year.today) is Standing.CURRENT
    assert selectors.admission_years() == [(2026, 1)]
    with pytest.raises(ConflictError):
        services.issue(by=year.keeper, now=year.now, uuid=member.uuid, on=year.today)


def test_a_refusal_needs_its_reason(year):
    member = services.propose_member(by=year.keeper, now=year.now, data=DATA)
    services.check_member(by=year.keeper, now=year.now, uuid=member.uuid, note="已走访")
    refuse = {"by": year.keeper, "now": year.now, "uuid": member.uuid, "admitted": False, "on": year.today}
    with pytest.raises(InvalidError) as refused:
        services.decide_member(**refuse, meeting="全体会议")
    assert set(refused.value.fields) == {"reason"}
    services.decide_member(**refuse, meeting="全体会议", reason="暂不在区域内")
    member.refresh_from_db()
    assert selectors.standing_of(member, year.today) is Standing.REFUSED


def test_the_contact_is_sealed_opened_by_the_office_alone_and_journalled(year):
    member = services.propose_member(by=year.keeper, now=year.now, data=DATA)
    assert "联系人甲".encode() not in bytes(member.contact_sealed)
    assert services.open_contact(by=year.keeper, now=year.now, uuid=member.uuid) == ("联系人甲", "021-55550123")
    assert Journal.objects.filter(verb="alliance.open_contact", object_uuid=member.uuid).count() == 1
    with pytest.raises(ForbiddenError):
        services.open_contact(by=year.world.actor("paidan"), now=year.now, uuid=member.uuid)
    told = Journal.objects.filter(object_uuid=member.uuid).values_list("after", flat=True)
    assert "联系人甲" not in str(list(told))


@pytest.mark.parametrize("who", ["paidan", "zhongdui", "wuye", "jumin", "ducha"])
def test_only_the_office_keeps_members(year, who):
    by = year.world.actor(who)
    member = year.member("示范银行")
    for refused in (
        lambda: services.propose_member(by=by, now=year.now, data=DATA),
        lambda: services.change_member(by=by, now=year.now, uuid=member.uuid, data=DATA),
        lambda: services.leave(by=by, now=year.now, uuid=member.uuid, on=year.today, reason="搬走"),
        lambda: services.renew_member(by=by, now=year.now, uuid=member.uuid, valid_to=date(2030, 1, 1)),
        lambda: services.seat(by=by, now=year.now, uuid=year.body.uuid, member_id=member.pk, on=year.today),
        lambda: services.save_brand(by=by, now=year.now, name="金色纽带"),
    ):
        with pytest.raises(ForbiddenError):
            refused()
    assert Member.objects.count() == 1


def test_what_is_wrong_is_said_by_field_and_nothing_is_kept(year):
    with pytest.raises(InvalidError) as refused:
        services.propose_member(
            by=year.keeper, now=year.now, data=MemberData("", "castle", phone="1", unit_id=10**6, area_id=10**6)
        )
    assert set(refused.value.fields) == {"name", "kind", "phone", "unit_id", "area_id"}
    year.member("“天佑”市政")
    with pytest.raises(InvalidError) as refused:
        services.propose_member(by=year.keeper, now=year.now, data=MemberData("‘天佑’市政", "company"))
    assert set(refused.value.fields) == {"name"}
    assert Member.objects.count() == 1


def test_a_stale_page_loses_nothing(year):
    member = year.member("示范银行")
    data = MemberData("示范银行", "finance")
    services.change_member(by=year.keeper, now=year.now, uuid=member.uuid, data=data, expected=member.version)
    with pytest.raises(StaleError):
        services.change_member(by=year.keeper, now=year.now, uuid=member.uuid, data=data, expected=member.version)


def test_leaving_ends_seats_and_posts_and_waits_for_open_claims(year):
    member = year.member("示范银行")
    claim = year.claim(year.entry(), member)
    office = services.save_office(by=year.keeper, now=year.now, uuid=year.body.uuid, title="副主席", several=True)
    services.hold(by=year.keeper, now=year.now, office_id=office.pk, member_id=member.pk, starts_on=FIRST)
    gone = {"by": year.keeper, "now": year.now, "uuid": member.uuid, "on": year.today, "reason": "迁出"}
    with pytest.raises(ConflictError, match="认领"):
        services.leave(**gone)
    services.withdraw(by=year.keeper, now=year.now, uuid=claim.uuid, reason="迁出")
    services.leave(**gone)
    assert Seat.objects.get().ends_on == year.today
    assert Holding.objects.get().ended
    assert selectors.standing_of(Member.objects.get(), year.today) is Standing.LEFT


def test_standing_in_lists_is_the_standing_by_rule(year):
    for n, valid in enumerate([None, -1, -90, -91, 0, 30]):
        member = year.member(f"示范单位{n}")
        Member.objects.filter(pk=member.pk).update(
            valid_to=year.today + timedelta(valid) if valid is not None else None
        )
    services.propose_member(by=year.keeper, now=year.now, data=DATA)
    Member.objects.filter(name="示范单位5").update(issued_on=None, certificate="", plaque="")
    for wanted in Standing:
        listed = {m.name for m in selectors.member_page(today=year.today, stands=wanted.value).rows}
        assert listed == {m.name for m in Member.objects.all() if selectors.standing_of(m, year.today) is wanted}
    assert sum(selectors.standing_counts(year.today).values()) == Member.objects.count()


@pytest.mark.parametrize("typed", ["天佑", "“天佑”", "‘6+6+6’", "６＋６＋６"])
def test_a_member_is_found_with_any_quotes(year, typed):
    year.member("天佑‘6+6+6’市政")
    year.member("示范银行")
    assert [m.name for m in selectors.member_page(today=year.today, text=typed).rows] == ["天佑‘6+6+6’市政"]


def test_one_holder_at_a_time_unless_several(year):
    first, second = year.member("示范银行"), year.member("示范医院")
    office = services.save_office(by=year.keeper, now=year.now, uuid=year.body.uuid, title="会长")
    held = {"by": year.keeper, "now": year.now, "office_id": office.pk}
    services.hold(**held, member_id=first.pk, starts_on=FIRST, holder_post="党委书记")
    services.hold(**held, member_id=second.pk, starts_on=date(2026, 1, 1))
    assert list(Holding.objects.order_by("id").values_list("ends_on", "ended")) == [
        (date(2025, 12, 31), True),
        (None, False),
    ]
    with pytest.raises(InvalidError) as refused:
        services.hold(**held, member_id=first.pk, starts_on=date(2025, 12, 1))
    assert set(refused.value.fields) == {"starts_on"}
    many = services.save_office(by=year.keeper, now=year.now, uuid=year.body.uuid, title="副会长", several=True)
    for member in (first, second):
        services.hold(by=year.keeper, now=year.now, office_id=many.pk, member_id=member.pk, starts_on=FIRST)
    assert Holding.objects.filter(office=many, ended=False).count() == 2
    with pytest.raises(InvalidError):
        services.save_office(by=year.keeper, now=year.now, uuid=year.body.uuid, title="会长")
    assert Office.objects.count() == 2


def test_the_chair_goes_in_turn_and_only_after_a_hand_over(year):
    a, b, c = (year.member(f"示范单位{x}") for x in "甲乙丙")
    services.set_turns(by=year.keeper, now=year.now, uuid=year.body.uuid, member_ids=[a.pk, b.pk, c.pk])
    start = {"by": year.keeper, "now": year.now, "uuid": year.body.uuid}
    term = services.start_chair(**start, member_id=a.pk, starts_on=FIRST)
    assert (term.number, term.ends_on) == (1, date(2026, 5, 31))
    with pytest.raises(ConflictError, match="还没有交接"):
        services.start_chair(**start, member_id=b.pk, starts_on=date(2026, 1, 1))
    with pytest.raises(InvalidError):
        services.hand_over(by=year.keeper, now=year.now, term_id=term.pk, on=year.today, handed_over="")
    services.hand_over(
        by=year.keeper, now=year.now, term_id=term.pk, on=year.today, handed_over="印章、台账", open_items="两个项目"
    )
    with pytest.raises(ConflictError):
        services.hand_over(by=year.keeper, now=year.now, term_id=term.pk, on=year.today, handed_over="印章")
    with pytest.raises(InvalidError) as refused:
        services.start_chair(**start, member_id=c.pk, starts_on=year.today)
    assert set(refused.value.fields) == {"out_of_turn"}
    second = services.start_chair(**start, member_id=c.pk, starts_on=year.today, out_of_turn="乙单位提出顺延")
    terms = selectors.chairs(year.body)
    assert [t.number for t in terms] == [2, 1]
    assert second.certificate != term.certificate
    turns, seats = selectors.turns(year.body), selectors.seats(year.body)
    assert selectors.next_chair(year.body, terms, turns, seats) == a


def test_the_order_of_turns_names_each_member_of_the_body_once(year):
    a = year.member("示范单位甲")
    outside = services.propose_member(by=year.keeper, now=year.now, data=DATA)
    for order in ([a.pk, a.pk], [outside.pk]):
        with pytest.raises(InvalidError):
            services.set_turns(by=year.keeper, now=year.now, uuid=year.body.uuid, member_ids=order)
    assert not Turn.objects.exists()


def test_committees_grow_year_by_year(year):
    data = BodyData("城市管理专委会", "committee", parent_id=year.body.pk, starts_on=FIRST)
    committee = services.save_body(by=year.keeper, now=year.now, data=data)
    members = [year.member(f"示范单位{n}") for n in range(4)]
    for member, day in zip(members, (FIRST, FIRST, date(2026, 1, 5), date(2026, 2, 5)), strict=True):
        services.seat(by=year.keeper, now=year.now, uuid=committee.uuid, member_id=member.pk, on=day)
    services.unseat(
        by=year.keeper, now=year.now, uuid=committee.uuid, member_id=members[0].pk, on=year.today, reason="调整"
    )
    found = selectors.growth(selectors.seats(committee) + selectors.seats(committee, past=True))
    assert [(g.year, g.before, g.joined, g.left, g.after) for g in found] == [(2026, 2, 2, 1, 3), (2025, 0, 2, 0, 2)]
    with pytest.raises(ConflictError):
        services.seat(by=year.keeper, now=year.now, uuid=committee.uuid, member_id=members[1].pk, on=year.today)


def test_an_association_needs_its_sector(year):
    with pytest.raises(InvalidError) as refused:
        services.save_body(by=year.keeper, now=year.now, data=BodyData("世界广场片区党建促进会", "association"))
    assert set(refused.value.fields) == {"area_id"}


def test_an_ended_body_takes_nobody(year):
    member = year.member("示范银行")
    services.end_body(by=year.keeper, now=year.now, uuid=year.body.uuid, on=year.today, reason="并入街道联席会议")
    with pytest.raises(ConflictError):
        services.seat(by=year.leader, now=year.now, uuid=year.body.uuid, member_id=member.pk, on=year.today)
    with pytest.raises(ForbiddenError):  # its office keeps nothing any more
        services.save_brand(by=year.keeper, now=year.now, name="金色纽带")


def test_a_contact_is_blanked_a_year_after_leaving(year):
    gone, stays = year.member("示范银行", phone="021-55550123"), year.member("示范医院", phone="021-55550124")
    services.leave(by=year.keeper, now=year.now, uuid=gone.uuid, on=year.today, reason="迁出")
    assert "alliance.contact" not in delete_what_is_over(now=year.now + timedelta(364))
    assert delete_what_is_over(now=year.now + timedelta(367))["alliance.contact"] == 1
    gone.refresh_from_db()
    stays.refresh_from_db()
    assert (gone.contact(), stays.contact()) == (("", ""), ("", "021-55550124"))
