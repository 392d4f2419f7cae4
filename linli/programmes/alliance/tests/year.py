"""A conference year, built through the services: what the tests of services and pages start from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from linli.programmes.alliance import services
from linli.programmes.alliance.models import Body, Claim, Entry, Member
from linli.programmes.alliance.types import AgreementData, BodyData, ClaimData, EntryData, MemberData

FIRST = date(2025, 6, 1)


@dataclass
class Year:
    """The world with an alliance: its office is 党政办 (dangzheng), its reviewer the street's leader (lingdao)."""

    world: Any
    body: Body = field(default_factory=Body)
    members: dict[str, Member] = field(default_factory=dict)

    @property
    def now(self) -> Any:
        return self.world.now

    @property
    def today(self) -> date:
        found: date = self.world.now.date()
        return found

    @property
    def keeper(self) -> Any:
        return self.world.actor("dangzheng")

    @property
    def leader(self) -> Any:
        return self.world.actor("lingdao")

    def member(self, name: str, kind: str = "company", unit: str = "", **more: Any) -> Member:
        """Return a member that was admitted and sits in the conference."""
        data = MemberData(name, kind, unit_id=self.world.units[unit].pk if unit else None, **more)
        found = services.propose_member(by=self.leader, now=self.now, data=data)
        services.check_member(by=self.keeper, now=self.now, uuid=found.uuid, note="已走访，符合条件")
        services.decide_member(
            by=self.keeper, now=self.now, uuid=found.uuid, admitted=True, on=FIRST, meeting="第一次全体会议"
        )
        found = services.issue(by=self.keeper, now=self.now, uuid=found.uuid, on=FIRST)
        services.seat(by=self.keeper, now=self.now, uuid=self.body.uuid, member_id=found.pk, on=FIRST)
        self.members[name] = found
        return found

    def entry(self, title: str = "街区点亮", kind: str = "project", *, published: bool = True, **more: Any) -> Entry:
        """Return a line of the lists, published where not said otherwise."""
        found = services.draft_entry(by=self.keeper, now=self.now, data=EntryData(kind, title, **more))
        if published:
            services.submit(by=self.keeper, now=self.now, uuid=found.uuid)
            services.approve(by=self.leader, now=self.now, uuid=found.uuid)
        return Entry.objects.get(pk=found.pk)

    def claim(self, entry: Entry, member: Member, share: Fraction = Fraction(1), by: Any = None) -> Claim:
        """Return a claim."""
        data = ClaimData(member.pk, share, "场地")
        return services.claim(by=by or self.keeper, now=self.now, uuid=entry.uuid, data=data)

    def agreed(self, claim: Claim) -> Claim:
        """Return the claim under an agreement."""
        data = AgreementData(
            "共建协议", self.today, self.today, date(2026, 12, 31), (claim.member_id,), ("街道社区党委",), ("共建",)
        )
        paper = services.sign_agreement(by=self.keeper, now=self.now, data=data)
        return services.agree(by=self.keeper, now=self.now, uuid=claim.uuid, agreement_uuid=paper.uuid, on=self.today)


def lay_year(world: Any) -> Year:
    """Return the alliance with its conference, kept by 党政办."""
    services.load_categories()
    year = Year(world)
    data = BodyData("环广场党建联席会议", "conference", "district", office_id=world.units["party"].pk, starts_on=FIRST)
    year.body = services.save_body(by=year.leader, now=world.now, data=data)
    return year
