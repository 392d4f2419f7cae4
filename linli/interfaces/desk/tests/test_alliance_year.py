"""The two conferences of the texts, walked through the pages from nomination to the yearly review."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from docx import Document

from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.places import services as places
from linli.foundation.places.types import AreaData
from linli.programmes.alliance import selectors, services
from linli.programmes.alliance.models import Agreement, Body, Claim, Entry, Member, Use
from linli.programmes.alliance.tests.year import FIRST
from tests.login import log_in

pytestmark = pytest.mark.django_db
COMMITTEES = ("基层党建", "经济发展", "城市管理", "街区治理")
CLAIMED = (
    ("公益城进工地", "街道社区党委", "worksite"),
    ("社区大管家", "建设集团", "housekeeping"),
    ("“医德医风”在职党员志愿督导", "东岸医院", "medical"),
    ("民生民心 爱心助学", "公益基金会", "student_aid"),
    ("天佑“6+6+6”美丽家园建设", "市政公司", "homes"),
)


class Office:
    """党政办 at its desk, the street's leader and a member's own people each at theirs."""

    def __init__(self, world, client):
        self.world, self.client, self.day = world, client, world.now.date()
        services.load_categories()

    def sit(self, who):
        log_in(self.client, self.world.users[who])
        return self

    def send(self, name, /, *args, status=302, **data):
        answer = self.client.post(reverse(f"desk:{name}", args=args), data)
        assert answer.status_code == status, re.sub(r"<[^>]+>", " ", answer.content.decode())[:3000]
        return answer

    def act(self, name, row, act, /, status=302, **data):
        version = getattr(type(row).objects.get(pk=row.pk), "version", "")
        return self.send(name, row.uuid, status=status, act=act, version=version, **data)

    def see(self, name, /, *args, **query):
        answer = self.client.get(reverse(f"desk:{name}", args=args), query)
        assert answer.status_code == 200
        return answer.content.decode()

    def body(self, name, kind="committee", parent=None, **more):
        data = {"name": name, "kind": kind, "level": "district", "starts_on": FIRST, **more}
        self.send("alliance_body_new", **data, parent_id=parent.pk if parent else "")
        return Body.objects.get(name=name)

    def member(self, name, body, kind="company", on=None, unit=""):
        self.send("alliance_member_new", name=name, kind=kind, proposer="本单位申请", unit_id=unit)
        row = Member.objects.get(name=name)
        self.act("alliance_member", row, "check", note="已走访")
        self.act("alliance_member", row, "decide", admitted="yes", on=on or self.day, meeting="年度大会")
        self.act("alliance_member", row, "issue", on=on or self.day)
        self.act("alliance_body", body, "seat", member_id=row.pk, on=on or self.day)
        return Member.objects.get(pk=row.pk)

    def project(self, title, **more):
        self.sit("dangzheng").send("alliance_project_new", title=title, **more)
        row = Entry.objects.latest("id")
        self.act("alliance_entry", row, "submit")
        self.sit("lingdao").act("alliance_entry", row, "approve")
        self.sit("dangzheng")
        return Entry.objects.get(pk=row.pk)


@pytest.fixture
def office(at, client):
    return Office(at, client).sit("lingdao")


@pytest.mark.slow
@pytest.mark.mechanism(
    "003-01", "003-04", "003-05", "003-06", "003-07", "003-08", "003-09", "003-10", "003-11", "003-12",
    "003-18", "002-14", "002-18"
)  # fmt: skip
def test_the_conference_year(office):
    """Twelve members with plaques, the chair handed over, four committees grown, ten projects, three on one, thanks."""
    world = office.world
    office.send("alliance_brand_new", name="党建零距离", since=2023, active="yes")
    conference = office.body("环广场党建联席会议", "conference", office_id=world.units["party"].pk)
    office.sit("dangzheng")
    committees = [office.body(f"{c}专委会", parent=conference) for c in COMMITTEES]
    street, group = (office.member(n, conference, on=FIRST) for n in ("街道社区党委", "百货集团"))
    for row in committees:
        office.act("alliance_body", row, "seat", member_id=street.pk, on=FIRST)
    office.act("alliance_body", conference, "turns", order=f"{street.name}\n{group.name}")
    office.act("alliance_body", conference, "chair", member_id=street.pk, starts_on=FIRST, holder_post="党工委书记")

    kinds = ("company", "hospital", "school", "social", "finance", "institution")
    new = [office.member(f"示范单位{n}", conference, kinds[n % 6]) for n in range(11)]
    new.append(office.member("阳光物业服务有限公司", conference, "property", unit=world.units["property"].pk))
    for n, row in enumerate(new):
        office.act("alliance_body", committees[n % 4], "seat", member_id=row.pk, on=office.day)
    assert Member.objects.filter(admitted_on=office.day).exclude(plaque="").count() == 12
    assert new[-1].plaque in office.see("alliance_member_certificate", new[-1].uuid)

    refused = office.act(
        "alliance_body", conference, "chair", status=409, member_id=group.pk, starts_on=office.day, holder_post="董事长"
    )
    assert "上一任轮值主席还没有交接" in refused.content.decode()
    assert "董事长" in refused.content.decode()
    office.act("alliance_body", conference, "hand_over", on=office.day, handed_over="台账", open_items="两个项目")
    office.act("alliance_body", conference, "chair", member_id=group.pk, starts_on=office.day, holder_post="党委书记")
    office.act(
        "alliance_body", conference, "sitting", title="年度大会", held_on=office.day, place="世茂厅", yearly="yes"
    )
    term = selectors.chairs(conference)[0]
    certificate = office.see("alliance_chair", term.pk)
    assert term.certificate in certificate
    assert "第2任" in certificate
    page = office.see("alliance_body", conference.uuid)
    assert "首届" in page
    assert "两个项目" in page

    ten = [
        office.project(f"重点项目{n}", body_id=committees[n % 4].pk, receiver_id=world.units["@陶家宅"].pk)
        for n in range(9)
    ]
    lamp = office.project("“跳动三原色”街区点亮行动", body_id=committees[3].pk, receiver_id=world.units["@陶家宅"].pk)
    for n, row in enumerate([*ten, lamp], 1):
        office.act("alliance_entry", row, "mark_top", year=office.day.year, place=n)
        office.act("alliance_entry", row, "pitch", text=f"第{n}个项目，请大家一起来。", on=office.day)
    assert "第10个项目" in office.see("alliance_pitch", lamp.uuid)

    office.send(
        "alliance_spot", entry=str(lamp.uuid), member_1=new[0].name, role_1="橱窗灯", member_2=new[1].name,
        role_2="招牌灯", member_3=new[11].name, role_3="小广场灯",
    )  # fmt: skip
    assert [c.share for c in Claim.objects.order_by("id")] == [pytest.approx(1 / 3)] * 3
    claim = Claim.objects.get(member=new[11])
    claimed_to_thanked(office, claim)
    reviewed(office, lamp, new)


def claimed_to_thanked(office, claim):
    """Agreement by the office, delivery by the member's own people, confirmation by who received it, thanks."""
    office.send(
        "alliance_agreement_new", act="sign", title="党建共建协议", member_ids=[claim.member_id], others="街道社区党委",
        signed_on=office.day, starts_on=office.day, ends_on=office.day + timedelta(365), items="点亮街区\n志愿服务",
    )  # fmt: skip
    paper = Agreement.objects.get()
    office.act("alliance_claim", claim, "agree", agreement=str(paper.uuid), on=office.day)
    office.sit("wuye").act("alliance_claim", claim, "report", text="灯具已到")
    assert "灯具已到" in office.see("alliance_claim", claim.uuid)
    office.act("alliance_claim", claim, "deliver", text="已亮灯")
    office.act("alliance_claim", claim, "confirm", status=403, text="自己确认")
    office.sit("shuji").act("alliance_claim", claim, "confirm", text="晚上亮堂了，居民满意")
    office.sit("dangzheng").act("alliance_claim", claim, "thank", text="感谢照亮回家路", public="yes")
    public = reverse("portal:alliance_entry", args=[claim.entry.uuid])
    assert "感谢照亮回家路" not in office.client.get(public).content.decode()
    office.sit("wuye").act("alliance_claim", claim, "publish")
    assert "感谢照亮回家路" in office.client.get(public).content.decode()
    office.sit("dangzheng")


def reviewed(office, lamp, new):
    """Every figure of the review opens the list that it counts; the document says the same."""
    page = office.see("alliance_review", year=office.day.year)
    stats = {
        label: (int(value), url.replace("&amp;", "&"))
        for url, label, value in re.findall(
            r'class="stat" href="([^"]+)"><span class="stat__label">([^<]+)</span><span class="stat__value num">(\d+)',
            page,
        )
    }
    assert {label: value for label, (value, _url) in stats.items()} == {
        "新加入成员单位": 12, "颁证授牌": 12, "发布项目": 10, "发布需求": 0, "发布资源": 0, "列入十大项目": 10,
        "推介项目": 10, "认领": 3, "确认完成": 1, "资源使用": 0, "签署协议": 1,
    }  # fmt: skip
    for label, (value, url) in stats.items():
        opened = office.client.get(url)
        assert opened.status_code == 200
        assert len(re.findall(r"<tr><td data-label", opened.content.decode())) == value, label
    assert "“‘跳动三原色’街区点亮行动”" in page
    answer = office.client.get(reverse("desk:alliance_review_document"), {"year": office.day.year})
    paper = Document(BytesIO(b"".join(answer) if answer.streaming else answer.content))
    cells = [c.text for t in paper.tables for r in t.rows for c in r.cells]
    assert {"新加入成员单位", "12", "“‘跳动三原色’街区点亮行动”", "基层党建专委会"} <= set(cells)
    assert any("百货集团" in p.text for p in paper.paragraphs)
    bodies: list[Any] = list(selectors.bodies(kind="committee"))
    grown = [row for row in bodies if row.size == 4]
    assert len(grown) == 4
    assert Member.objects.filter(pk__in=[m.pk for m in new]).count() == 12
    assert lamp.title in office.see("alliance")


@pytest.mark.slow
@pytest.mark.mechanism("002-12", "002-13", "002-16", "002-18", "002-19")
def test_five_projects_claimed_on_the_spot_at_three_associations(office):
    """陆家嘴公益城: five projects with inner quotes, claimed by five members in the meeting, found with any quotes."""
    world = office.world
    office.send("alliance_brand_new", name="“金色纽带”区域化党建", since=2008, active="yes", owner="街道社区党委")
    brand = selectors.brands()[0]
    named = ("建工", "斯米克", "世界广场")
    layer = [AreaData(f"precinct-{n}", f"{name}片区", "precinct", layer="precinct") for n, name in enumerate(named)]
    areas = places.add_areas(by=SYSTEM, now=world.now, areas=layer)
    rows = [
        office.body(
            f"{name}片区党建促进会", "association", area_id=areas[f"precinct-{n}"].pk, brand_id=brand.pk,
            office_id=world.units["party"].pk,
        )
        for n, name in enumerate(named)
    ]  # fmt: skip
    assert "斯米克片区" in office.see("alliance_body", rows[1].uuid)
    office.sit("dangzheng")
    members = [office.member(name, rows[n % 3], on=FIRST) for n, (_t, name, _c) in enumerate(CLAIMED)]
    for title in ("会长", "常务副会长"):
        office.act("alliance_body", rows[0], "office", title=title, several="one")
    posts = {o.title: o.pk for o, _held in selectors.offices(rows[0])}
    office.act(
        "alliance_body", rows[0], "hold", office_id=posts["会长"], member_id=members[0].pk, starts_on=FIRST,
        holder_post="党委书记",
    )  # fmt: skip
    refused = office.act(
        "alliance_body", rows[0], "hold", status=422, office_id=posts["会长"], member_id=members[3].pk, starts_on=FIRST
    )
    assert "开始日期应晚于现任的开始日期" in refused.content.decode()
    office.act("alliance_body", rows[0], "hold", office_id=posts["会长"], member_id=members[3].pk, starts_on=office.day)
    terms = [(h.member.name, h.ended) for _o, held in selectors.offices(rows[0]) for h in held]
    assert terms == [("公益基金会", False), ("街道社区党委", True)]
    page = office.see("alliance_brand", brand.uuid)
    assert all(m.name in page for m in members)

    projects = [office.project(title, category=category) for title, _name, category in CLAIMED]
    for row, member in zip(projects, members, strict=True):
        office.send("alliance_spot", entry=str(row.uuid), member_1=member.name, role_1="牵头实施")
    assert Claim.objects.filter(on_spot=True, share_top=1, share_bottom=1).count() == 5
    assert selectors.claimable(world.actor("dangzheng")) == []
    said = office.see("alliance")  # what was said of the claims is read here
    assert "“‘医德医风’在职党员志愿督导”已登记 1 家认领" in said
    for typed in ("医德医风", "‘医德医风’", "「醫德醫風」", '"医德医风"在职'):
        found = office.see("alliance_lists", kind="project", q=typed)
        assert "在职党员志愿督导" in found
        assert "社区大管家" not in found
        public = office.client.get(reverse("portal:alliance"), {"q": typed}).content.decode()
        assert "“‘医德医风’在职党员志愿督导”" in public
    refused = office.send(
        "alliance_spot", status=422, entry=str(projects[0].uuid), member_1="没有这家", share_1="五成", role_1=""
    ).content.decode()
    assert "请选择还可以认领的项目" in refused
    assert "没有这家" in refused


@pytest.mark.slow
@pytest.mark.mechanism("001-64", "002-21")
def test_an_offer_met_on_a_visit_is_reviewed_matched_and_counted(office):
    world = office.world
    conference = office.body("环广场党建联席会议", "conference", office_id=world.units["party"].pk)
    office.sit("dangzheng")
    school = office.member("示范学校", conference, "school", on=FIRST)
    office.sit("shegong").send(
        "alliance_visit_new", title="可借用会议室", quantity="20", unit_word="场", category="venue", reusable="yes",
        source_label="3 月 9 日走访示范公司",
    )  # fmt: skip
    room = Entry.objects.get()
    assert (room.kind, room.state, room.source_kind) == ("resource", "submitted", "visit")
    office.sit("dangzheng").act("alliance_entry", room, "approve")
    office.send(
        "alliance_need_new", title="家长课堂场地", quantity="4", unit_word="场", category="venue", member_id=school.pk
    )
    need = Entry.objects.latest("id")
    office.act("alliance_entry", need, "submit")
    office.sit("lingdao").act("alliance_entry", need, "approve")
    page = office.sit("dangzheng").see("alliance_entry", need.uuid)
    for reason in ("类别相同", "数量够", "时间没有写", "区域没有写"):
        assert reason in page
    refused = office.send("alliance_commit", need.uuid, status=422, other=str(room.uuid), quantity="5")
    assert "需求只差 4场" in str(refused.context["problem"]["fields"])
    assert 'value="5"' in refused.content.decode()
    office.send("alliance_commit", need.uuid, other=str(room.uuid), quantity="4")
    use = Use.objects.get()
    office.send("alliance_use", use.uuid, act="used", back=str(room.uuid))
    assert "共 1 次" in office.see("alliance_entry", room.uuid)
    assert "可借用会议室" in office.see("alliance_uses", year=clock.now().year)
