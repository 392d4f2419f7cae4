"""The demonstration's alliance: one conference year with invented organisations and role-holders, nobody real."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from linli.engines.activities import services as activities
from linli.engines.activities.types import Guest, HeldFor, NewMeeting, NewVenue
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.places import services as places
from linli.foundation.places.types import AreaData
from linli.programmes.alliance import selectors, services
from linli.programmes.alliance.types import HELD_FOR, AgreementData, BodyData, ClaimData, EntryData, MemberData

if TYPE_CHECKING:
    from linli.programmes.alliance.models import Body, Entry, Member

PRECINCTS = ("中山公园片区", "愚园路片区", "长宁路片区")
COMMITTEES = ("基层党建", "经济发展", "城市管理", "街区治理")
OLD = (
    ("华阳路街道社区党委", "government", "有党群服务中心和活动场地", "希望更多单位参与"),
    ("梧桐建设集团", "listed", "工程技术、志愿服务队", "工地周边关系协调"),
    ("云杉医院", "hospital", "义诊、健康讲座", "便民就诊点位"),
    ("青禾公益基金会", "social", "助学金、项目管理", "受助家庭名单之外的联络渠道"),
    ("石桥市政工程公司", "company", "小修小补、施工队", "材料堆放场地"),
    ("阳光物业服务有限公司", "property", "保洁、秩序、便民维修", "停车和充电协调"),
)
NEW = (
    ("星河百货", "listed"), ("临江饭店", "company"), ("春晓书店", "company"), ("安泰康养中心", "social"),
    ("汇海信托公司", "finance"), ("新苑小学", "school"), ("园东中学", "school"), ("远望科技公司", "company"),
    ("同心律师事务所", "company"), ("长虹剧场", "institution"), ("绿洲园林所", "institution"), ("万家超市", "company"),
)  # fmt: skip
CLAIMED = (
    ("公益城进工地", "worksite", "华阳路街道社区党委", "统筹联络"),
    ("社区大管家", "housekeeping", "梧桐建设集团", "志愿服务队"),
    ("‘医德医风’在职党员志愿督导", "medical", "云杉医院", "党员志愿者"),
    ("民生民心 爱心助学", "student_aid", "青禾公益基金会", "助学金"),
    ("石桥‘6+6+6’美丽家园建设", "homes", "石桥市政工程公司", "施工力量"),
)
TEN = (
    "党群阵地共享计划", "街区党支部结对行动", "小微企业服务站", "营商环境体验官", "背街小巷微更新",
    "‘三色灯’街区点亮行动", "屋顶花园共建", "非机动车有序停放", "零距离街区议事厅", "邻里音乐角",
)  # fmt: skip
PITCH = (
    "夜里路过的人都说，这一段太暗。我们想请沿街的单位一起，把橱窗、招牌和小广场点亮："
    "暖色归家灯、冷色橱窗灯、彩色节日灯，九点半以后自动调暗，不影响楼上居民休息。"
)


@dataclass
class _Year:
    now: datetime
    units: Mapping[str, Any]
    by: Actor = SYSTEM
    members: dict[str, Member] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def body(self, name: str, kind: str, ago: int, **more: Any) -> Body:
        data = BodyData(name, kind, starts_on=self.day(ago), **more)
        return services.save_body(by=self.by, now=self.now, data=data)

    def member(self, name: str, kind: str, ago: int, body: Body, **more: Any) -> Member:
        data = MemberData(name, kind, contact_post="党组织负责人", phone="021-5555 0188", proposer="本单位申请", **more)
        row = services.propose_member(by=self.by, now=self.now, data=data)
        do: dict[str, Any] = {"by": self.by, "now": self.now, "uuid": row.uuid}
        services.check_member(**do, note="已走访，愿意参与共建。")
        services.decide_member(**do, admitted=True, on=self.day(ago), meeting="党建联席会议全体会议")
        row = services.issue(**do, on=self.day(ago))
        services.seat(by=self.by, now=self.now, uuid=body.uuid, member_id=row.pk, on=self.day(ago))
        self.members[name] = row
        return row

    def entry(self, kind: str, title: str, **more: Any) -> Entry:
        row = services.draft_entry(by=self.by, now=self.now, data=EntryData(kind, title, **more))
        services.submit(by=self.by, now=self.now, uuid=row.uuid)
        return services.approve(by=self.by, now=self.now, uuid=row.uuid)

    def claim(self, entry: Entry, name: str, share: Fraction, role: str) -> Any:
        data = ClaimData(self.members[name].pk, share, role, on_spot=True)
        return services.claim(by=self.by, now=self.now, uuid=entry.uuid, data=data)

    def done(self, claim: Any) -> None:
        """Take a claim from its agreement to its thanks."""
        member = claim.member
        data = AgreementData(
            f"与{member.name}的党建共建协议", self.day(60), self.day(60), self.day(-300), (member.pk,),
            ("街道社区党委",), ("每季度开展一次共建活动", "互通场地和志愿者信息"),
        )  # fmt: skip
        paper = services.sign_agreement(by=self.by, now=self.now, data=data)
        do: dict[str, Any] = {"by": self.by, "now": self.now, "uuid": claim.uuid}
        services.agree(**do, agreement_uuid=paper.uuid, on=self.today)
        services.report(**do, text="首场活动已办，居民反映好。")
        services.deliver(**do, text="全年十二场全部完成，附签到统计。")
        services.confirm(**do, text="十二场都办了，参加居民三百余人次。")
        services.thank(**do, text=f"感谢{member.name}一年来的付出。", public=True)
        services.agree_public(**do, agrees=True)


def load_alliance(units: Mapping[str, Any], now: datetime) -> None:
    """Enter the alliance as it stands on the day of ``now``: last year's conference, this year's claims."""
    services.load_categories()
    year = _Year(now, units)
    brand = services.save_brand(
        by=SYSTEM, now=now, name="金色纽带", since=2008, owner="街道社区党委",
        text="把驻区单位、企业和社会组织连在一起的区域化党建品牌（演示）。",
    )  # fmt: skip
    conference = year.body(
        "环中山公园党建联席会议", "conference", 700, level="district", office_id=units["development"].pk,
        brand_id=brand.pk, purpose="资源共享、项目共建、难题共商；召集人单位每年轮值。",
    )  # fmt: skip
    _members(year, conference)
    committees = _committees(year, conference)
    _associations(year, brand.pk)
    _chairs(year, conference)
    _claims(year, committees)
    _lists(year)
    _meetings(year, committees)


def _meetings(year: _Year, committees: list[Body]) -> None:
    """Two of a special committee, one held and one called."""
    body, office = committees[2], year.units["development"].pk
    members = [s.member for s in selectors.seats(body)]
    for days, theme in ((-12, "认领项目的分工"), (6, "夏季联建活动安排")):
        at = (year.now + timedelta(days=days)).replace(hour=6, minute=0, second=0, microsecond=0)
        before = at - timedelta(days=10)
        meeting = activities.plan_meeting(
            by=SYSTEM,
            now=before,
            data=NewMeeting(
                kind="joint", title=f"{body.name}会议", theme=theme, starts_at=at, ends_at=at + timedelta(hours=2),
                unit_id=office, venues=(NewVenue("党群服务中心"),), chair="专委会召集人",
                unit_ids=tuple(m.unit_id for m in members if m.unit_id is not None),
                guests=tuple(Guest(m.name) for m in members if m.unit_id is None),
                held_for=HeldFor(HELD_FOR, body.uuid, body.name),
            ),
        )  # fmt: skip
        activities.call_meeting(by=SYSTEM, now=before, meeting=meeting)
        if days < 0:
            activities.begin(by=SYSTEM, now=at, meeting=meeting)
            came = dict.fromkeys(meeting.attendees.values_list("pk", flat=True), 1)
            activities.enter_attendance(by=SYSTEM, now=at, meeting=meeting, came=came)
            activities.write_summary(by=SYSTEM, now=at, meeting=meeting, text="各成员单位确认了认领项目的分工和时间。")
            activities.finish(by=SYSTEM, now=at + timedelta(hours=2), meeting=meeting)


def _members(year: _Year, conference: Body) -> None:
    for name, kind, offers, needs in OLD:
        unit = year.units["property"].pk if kind == "property" else None
        year.member(name, kind, 690, conference, offers=offers, needs=needs, unit_id=unit)
    for name, kind in NEW:
        year.member(name, kind, 20, conference, offers="场地、志愿者", needs="")
    services.propose_member(by=SYSTEM, now=year.now, data=MemberData("望江咖啡", "company", proposer="愚园路片区推荐"))


def _committees(year: _Year, conference: Body) -> list[Body]:
    names, found = list(year.members), []
    for n, title in enumerate(COMMITTEES):
        row = year.body(f"{title}专委会", "committee", 680, level="district", parent_id=conference.pk)
        for name in (*names[n : n + 3], *names[6 + n * 3 : 9 + n * 3]):
            ago = 680 if name in names[:6] else 20
            services.seat(by=SYSTEM, now=year.now, uuid=row.uuid, member_id=year.members[name].pk, on=year.day(ago))
        found.append(row)
    return found


def _associations(year: _Year, brand_id: int) -> None:
    made = places.add_areas(
        by=SYSTEM, now=year.now,
        areas=[AreaData(f"precinct-{n}", name, "precinct", layer="precinct") for n, name in enumerate(PRECINCTS, 1)],
    )  # fmt: skip
    for n, area in enumerate(made.values()):
        row = year.body(
            f"{PRECINCTS[n].removesuffix('片区')}片区党建促进会", "association", 400, level="sector", area_id=area.pk,
            brand_id=brand_id, office_id=year.units["development"].pk,
        )  # fmt: skip
        for title in ("会长", "常务副会长"):
            services.save_office(by=SYSTEM, now=year.now, uuid=row.uuid, title=title)
        chosen = [year.members[name] for name in list(year.members)[n * 2 : n * 2 + 2]]
        for member, office in zip(chosen, row.offices.values_list("pk", flat=True), strict=True):
            services.seat(by=SYSTEM, now=year.now, uuid=row.uuid, member_id=member.pk, on=year.day(390))
            services.hold(
                by=SYSTEM, now=year.now, office_id=office, member_id=member.pk, starts_on=year.day(390),
                holder_post="党组织书记",
            )  # fmt: skip


def _chairs(year: _Year, conference: Body) -> None:
    ids = [year.members[n].pk for n in ("华阳路街道社区党委", "星河百货", "梧桐建设集团", "云杉医院")]
    do: dict[str, Any] = {"by": SYSTEM, "now": year.now, "uuid": conference.uuid}
    services.set_turns(**do, member_ids=ids)
    first = services.start_chair(
        **do, member_id=ids[0], starts_on=year.day(690), ends_on=year.day(10), holder_post="党工委书记"
    )
    services.hand_over(
        by=SYSTEM, now=year.now, term_id=first.pk, on=year.day(10), handed_over="联席会议台账、共建协议原件",
        open_items="两个项目待确认",
    )  # fmt: skip
    services.start_chair(**do, member_id=ids[1], starts_on=year.day(9), holder_post="党委书记、董事长")
    services.note_sitting(
        **do, title="党建零距离 心向行所至：年度联席会议", held_on=year.day(9), place="党群服务中心", yearly=True
    )


def _claims(year: _Year, committees: list[Body]) -> None:
    claims = [
        year.claim(year.entry("project", title, category=category, body_id=committees[0].pk), name, Fraction(1), role)
        for title, category, name, role in CLAIMED
    ]
    year.done(claims[0])
    year.done(claims[1])
    for n, title in enumerate(TEN):
        row = year.entry("project", title, body_id=committees[n % 4].pk, category="culture" if n == 9 else "")
        do: dict[str, Any] = {"by": SYSTEM, "now": year.now, "uuid": row.uuid}
        services.mark_top(**do, year=year.today.year, place=n + 1)
        services.pitch(**do, text=PITCH if "三色灯" in title else f"{title}：请成员单位一起来。")
        if "三色灯" in title:
            shares = ((Fraction(1, 3), "橱窗灯"), (Fraction(1, 3), "招牌灯"), (Fraction(1, 3), "小广场灯"))
            for name, (share, role) in zip(("临江饭店", "春晓书店", "安泰康养中心"), shares, strict=True):
                year.claim(row, name, share, role)


def _lists(year: _Year) -> None:
    ids = {name: row.pk for name, row in year.members.items()}
    room = year.entry(
        "resource", "会议室开放", category="venue", quantity=Decimal(20), unit_word="场", reusable=True,
        member_id=ids["汇海信托公司"], place="长宁路 1 号 3 楼", conditions="工作日，提前三天预约",
    )  # fmt: skip
    talks = year.entry(
        "resource", "健康讲座", category="lectures", quantity=Decimal(12), unit_word="场", member_id=ids["云杉医院"]
    )
    need = year.entry(
        "need", "暑期安全讲座", category="lectures", quantity=Decimal(4), unit_word="场", member_id=ids["新苑小学"]
    )
    year.entry("need", "老年人智能手机课", category="lectures", quantity=Decimal(6), unit_word="场")
    do: dict[str, Any] = {"by": SYSTEM, "now": year.now}
    use = services.commit(**do, uuid=talks.uuid, quantity=Decimal(2), need_uuid=need.uuid)
    services.note_used(**do, uuid=use.uuid, on=year.today)
    for purpose in ("职工培训", "座谈会"):
        use = services.commit(
            **do, uuid=room.uuid, quantity=Decimal(1), member_id=ids["同心律师事务所"], purpose=purpose
        )
        services.note_used(**do, uuid=use.uuid, on=year.today)
    offer = EntryData(
        "resource", "周末开放停车位", quantity=Decimal(15), unit_word="个", category="other", reusable=True
    )
    services.offer_from_visit(**do, data=offer, source_label="本周走访远望科技公司")
