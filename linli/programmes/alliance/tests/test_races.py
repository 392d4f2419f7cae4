"""Two at once on a real PostgreSQL: one gets the last share, the last piece, the number; the other is told."""

from decimal import Decimal
from fractions import Fraction

import pytest

from linli.foundation.core.errors import DomainError
from linli.programmes.alliance import selectors, services
from linli.programmes.alliance.models import Claim, Use
from linli.programmes.alliance.tests.year import FIRST, lay_year
from linli.programmes.alliance.types import ClaimData, MemberData
from tests.races import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only_on("postgresql", reason="SQLite lets one writer in at a time"),
]


def losers(results):
    lost = [r for r in results if isinstance(r, Exception)]
    assert all(isinstance(e, DomainError) for e in lost), lost
    return len(lost)


def test_two_at_once(world):
    """One test, since a flushed database is laid anew for each."""
    year = lay_year(world)
    members = [year.member(f"示范单位{n}") for n in range(3)]
    last_share(year, members)
    last_piece(year, members)
    last_number(year)


def last_share(year, members):
    entry, by, now = year.entry("街区点亮"), year.keeper, year.now
    year.claim(entry, members[0], Fraction(2, 3))

    def want(member):
        return lambda: services.claim(
            by=by, now=now, uuid=entry.uuid, data=ClaimData(member.pk, Fraction(1, 3), "资金")
        )

    assert losers(at_once(want(members[1]), want(members[2]))) == 1
    assert sum((c.share for c in Claim.objects.filter(entry=entry)), Fraction(0)) == 1


def last_piece(year, members):
    room = year.entry("会议室", "resource", quantity=Decimal(5), unit_word="场", member_id=members[0].pk)
    needs = [
        year.entry(f"培训{n}", "need", quantity=Decimal(4), unit_word="场", member_id=m.pk)
        for n, m in enumerate(members[1:])
    ]
    by, now = year.keeper, year.now

    def want(need):
        return lambda: services.commit(by=by, now=now, uuid=room.uuid, quantity=Decimal(4), need_uuid=need.uuid)

    assert losers(at_once(*map(want, needs))) == 1
    assert Use.objects.count() == 1
    assert selectors.balance(room).remaining == 1


def last_number(year):
    by, now, uuids = year.keeper, year.now, []
    for name in ("示范医院", "示范学校"):
        member = services.propose_member(by=by, now=now, data=MemberData(name, "other"))
        services.check_member(by=by, now=now, uuid=member.uuid, note="已走访")
        services.decide_member(by=by, now=now, uuid=member.uuid, admitted=True, on=FIRST, meeting="全体会议")
        uuids.append(member.uuid)
    results = at_once(*[lambda u=u: services.issue(by=by, now=now, uuid=u, on=FIRST) for u in uuids])
    numbers = [r.certificate for r in results if not isinstance(r, Exception)]
    assert losers(results) <= 1
    assert len(set(numbers)) == len(numbers)
