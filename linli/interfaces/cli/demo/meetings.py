"""The demonstration's meetings: the monthly talk of two months, a push meeting with a branch, the deputies' work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from linli.engines.activities import selectors, services
from linli.engines.activities.rules.dates import Move, nominal
from linli.engines.activities.types import (
    Guest,
    KindData,
    NewMeeting,
    NewMotion,
    NewReading,
    NewSeries,
    NewTopic,
    NewVenue,
    PlannedItem,
    TaskLine,
)
from linli.engines.projects import services as projects
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.files import services as files
from linli.foundation.jobs import services as jobs
from linli.foundation.people import selectors as people
from linli.interfaces.cli.demo.pictures import draw_picture

if TYPE_CHECKING:
    from linli.engines.activities.models import AgendaItem, Meeting, Topic

SPEAKERS = (
    ("微网格建设怎样落到楼道", "每个微网格配一名微网格长，每周走一遍楼道，小事当天了。"),
    ("老旧小区停车难怎么破", "与周边单位商量错时共享，夜间多出三十多个车位。"),
    ("阵地功能提升的几点做法", "把活动室改成全天开放的会客厅，居民自己排班值守。"),
)


def load_meetings(units: Mapping[str, Any], areas: Mapping[str, Any], users: Mapping[str, Any], end: datetime) -> None:
    """Enter the meetings, topics and records of the last two months."""
    by = people.actor_for(users["zhiban"], end)
    today = timezone.localtime(end).date()
    series = _series(units, areas, by, today, end)
    past = [m for m in series.meetings.order_by("starts_at") if m.ends_at < end]
    topic = None
    for n, meeting in enumerate(past):
        topic = _talk(meeting, units, areas, by, n) or topic
    _kinds(end - timedelta(days=60))
    _topics(units, areas, by, end, topic)
    _push(units, areas, by, end)
    _deputies(units, users, end)
    _readings(today, end)
    jobs.drain(now=end)


def _series(units: Mapping[str, Any], areas: Mapping[str, Any], by: Actor, today: date, end: datetime) -> Any:
    first = nominal(today.year - (today.month < 3), (today.month - 3) % 12 + 1, 10)
    begun = timezone.make_aware(datetime.combine(first - timedelta(days=14), time(9)))
    data = NewSeries(
        kind="monthly_talk",
        title="居民区书记月谈会",
        unit_id=units["development"].pk,
        day=10,
        starts=time(14, 0),
        minutes=120,
        place="街道党群服务中心二楼会议室",
        first_on=first,
        move=Move.NEXT,
        chair="街道党工委书记",
        groups=("secretary",),
        area_ids=tuple(a.pk for a in areas.values()),
        standing=("microgrid", "venue_upgrade"),
    )
    series = services.save_series(by=by, now=min(begun, end), data=data)
    for days in (20, 50, 80, 110):
        moment = begun + timedelta(days=days)
        if moment <= end:
            services.make_due(now=moment)
    services.make_due(now=end)
    return series


def _talk(meeting: Meeting, units: Mapping[str, Any], areas: Mapping[str, Any], by: Actor, n: int) -> Topic | None:
    at = meeting.starts_at
    before, after = at - timedelta(days=5), meeting.ends_at
    title, text = SPEAKERS[n % len(SPEAKERS)]
    committee = units[sorted(k for k in units if k.startswith("@"))[n]]
    item = services.add_item(
        by=by, now=before, meeting=meeting,
        item=PlannedItem(title, "speech", 15, "居民区党组织书记", committee.pk),
    )  # fmt: skip
    services.hand_in_text(by=by, now=before, meeting=meeting, item=item, text=text)
    _paper(meeting, by, before, f"{title}：现场照片", item)
    services.call_meeting(by=by, now=before, meeting=meeting)
    services.begin(by=by, now=at, meeting=meeting)
    rows = list(meeting.attendees.order_by("id"))
    came = {a.pk: 1 for a in rows[: max(1, len(rows) - 2 - n)]}
    services.enter_attendance(by=by, now=at, meeting=meeting, came=came)
    services.write_record(by=by, now=at, meeting=meeting, item=item, text=text, expected=1)
    owners = ("management", "safety", "service")
    for k, what in enumerate(("摸排可错时共享的停车位", "完善微网格台账并公示", "梳理可延时开放的居民活动室")):
        due = timezone.localtime(at).date() + timedelta(days=20 + 5 * k)
        services.decide(
            by=by, now=at, meeting=meeting, item=item, kind="task", text=what,
            tasks=[TaskLine(units[owners[k]].pk, due)],
        )  # fmt: skip
    services.decide(by=by, now=at, meeting=meeting, item=item, kind="decision", text="每季度对常设专题复盘一次。")
    if n == 0:
        services.propose(
            by=by, now=at, meeting=meeting, item=item, act="raise",
            data={"title": "老旧小区停车难点堵点", "difficulty": True},
        )  # fmt: skip
    services.write_summary(by=by, now=at, meeting=meeting, text="围绕微网格建设和停车难交流做法，明确三项任务。")
    services.finish(by=by, now=after, meeting=meeting)
    for task in selectors.tasks_of(meeting)[: 2 - n]:
        projects.end_task(by=SYSTEM, now=after + timedelta(days=12), task=task, result="已完成，台账已报街道。")
    if n == 0:
        services.circulate(by=by, now=after + timedelta(days=1), meeting=meeting)
        services.seal(by=by, now=after + timedelta(days=4), meeting=meeting)
        found: Topic | None = meeting.items.get(pk=item.pk).topic
        return found
    return None


def _topics(units: Mapping[str, Any], areas: Mapping[str, Any], by: Actor, end: datetime, topic: Topic | None) -> None:
    today = timezone.localtime(end).date()
    if topic is not None:
        services.own_topic(
            by=by, now=end - timedelta(days=20), topic=topic, unit_id=units["management"].pk,
            due_on=today + timedelta(days=25), text="由管理办牵头，联合周边单位商议错时共享",
        )  # fmt: skip
        services.add_note(
            by=by, now=end - timedelta(days=6), topic=topic, text="已与三家单位达成错时停车意向。",
            files=_photos(by, end - timedelta(days=6), 31, "before"),
        )  # fmt: skip
        for person in people.members_of(units["management"].pk, now=end)[:1]:
            services.pass_topic(
                by=by,
                now=end - timedelta(days=5),
                topic=topic,
                user_id=person.user_id,
                reason="由负责人亲自协调三家单位",
            )
    names = list(areas)
    raised = end - timedelta(days=40)
    water = services.raise_topic(
        by=by, now=raised,
        data=NewTopic("二次供水改造遗留难点赌点", "水箱移交手续不全，居民反映水压不足。", True, areas[names[0]].pk),
    )  # fmt: skip
    services.own_topic(
        by=by, now=raised, topic=water, unit_id=units["housing"].pk, due_on=today - timedelta(days=3)
    )  # fmt: skip
    done = services.raise_topic(
        by=by, now=raised, data=NewTopic("晾衣难：补短板增设公共晾晒点", "", False, areas[names[1]].pk)
    )
    services.own_topic(by=by, now=raised, topic=done, unit_id=units["service"].pk, due_on=today)
    services.solve_topic(
        by=SYSTEM, now=end - timedelta(days=9), topic=done, result="增设公共晾晒点 6 处，居民自管。",
        evidence="改造前后照片见附件，居民自管公约 1 份存服务办。",
        files=_photos(SYSTEM, end - timedelta(days=9), 44, "before", "after"),
    )  # fmt: skip
    services.judge_topic(by=by, now=end - timedelta(days=8), topic=done, code="accept")
    services.raise_topic(by=by, now=end - timedelta(days=2), data=NewTopic("沿街商铺错峰卸货占道", "", True))


def _push(units: Mapping[str, Any], areas: Mapping[str, Any], by: Actor, end: datetime) -> None:
    at = (end + timedelta(days=3)).replace(hour=6, minute=0, second=0)
    data = NewMeeting(
        kind="push",
        title="全国文明城区创建推进会暨实地测评培训会",
        theme="聚焦难点堵点，补短板、创亮点",
        starts_at=at,
        ends_at=at + timedelta(hours=2),
        unit_id=units["party"].pk,
        venues=(NewVenue("街道办事处三楼会议室"), NewVenue("城运中心分会场", "888 123 456")),
        chair="街道办事处主任",
        groups=("secretary",),
        area_ids=tuple(a.pk for a in list(areas.values())[:8]),
        unit_ids=tuple(units[k].pk for k in ("management", "safety", "service", "enforcement", "housing")),
        guests=(Guest("志愿者代表", 5),),
    )
    meeting = services.plan_meeting(by=by, now=end - timedelta(days=1), data=data)
    branch = meeting.venues.get(order=1)
    ids = list(meeting.attendees.filter(group="secretary").values_list("pk", flat=True))
    services.place_attendees(by=by, now=end - timedelta(days=1), meeting=meeting, venue=branch, ids=ids)
    first = meeting.items.order_by("order")[0]
    _paper(meeting, by, end - timedelta(hours=21), "测评点位分布图", first)
    _paper(meeting, by, end - timedelta(hours=21), "会议手册")
    services.call_meeting(by=by, now=end - timedelta(hours=20), meeting=meeting)


def _photos(by: Actor, now: datetime, seed: int, *purposes: str) -> list[int]:
    """Store pictures of one place, before and after; return their row ids."""
    return [
        files.store(by=by, now=now, content=draw_picture(seed, p), name=f"{p}.jpg", purpose="case").pk for p in purposes
    ]


def _paper(meeting: Meeting, by: Actor, now: datetime, title: str, item: AgendaItem | None = None) -> None:
    """Hand in a paper for the meeting, or for one of its items."""
    content = draw_picture(len(title), "paper" if item is None else "report")
    row = files.store(by=by, now=now, content=content, name=f"{title}.jpg", purpose="meeting")
    services.add_paper(by=by, now=now, meeting=meeting, file_id=row.pk, title=title, item=item)


def _kinds(now: datetime) -> None:
    """Enter a kind of the subdistrict's own, and retire a shipped one that is not held here."""
    data = KindData(
        name="楼组长例会", convener="居民区党组织", groups=("secretary", "director"), guests=("楼组长",), minutes=60,
        agenda=(PlannedItem("楼道安全通报", "item", 15, "居委会主任"), PlannedItem("楼组交流", "speech", 30)),
        standing=("microgrid",), form="summary", sections=("会议认为", "会议要求"), order=75, series=True,
    )  # fmt: skip
    services.save_kind(by=SYSTEM, now=now, data=data)
    services.switch_kind(by=SYSTEM, now=now, code="seminar", active=False, reason="并入推进会")


def _deputies(units: Mapping[str, Any], users: Mapping[str, Any], end: datetime) -> None:
    by = people.actor_for(users["dangzheng"], end)
    at = (end - timedelta(days=50)).replace(hour=1, minute=0)
    data = NewMeeting(
        kind="research",
        title="人大代表调研老旧小区加装电梯",
        starts_at=at,
        ends_at=at + timedelta(hours=3),
        unit_id=units["party"].pk,
        venues=(NewVenue("小区现场、居委会会议室"),),
        chair="街道人大工委负责人",
        guests=(Guest("区人大代表", 6), Guest("居民代表", 4)),
        unit_ids=(units["housing"].pk,),
    )
    meeting = services.plan_meeting(by=by, now=at - timedelta(days=7), data=data)
    services.begin(by=by, now=at, meeting=meeting)
    rows = {a.pk: a.heads for a in meeting.attendees.all()}
    services.enter_attendance(by=by, now=at, meeting=meeting, came=rows)
    item = meeting.items.order_by("-order")[0]
    services.write_record(
        by=by, now=at, meeting=meeting, item=item, text="燃气管道移位费用高、周期长，影响加梯进度。", expected=1
    )
    services.finish(by=by, now=at + timedelta(hours=3), meeting=meeting)
    day = timezone.localtime(at).date()
    new = NewMotion(
        "关于降低加装电梯燃气管道移位费用的议案",
        "bill",
        "一、案由……\n二、建议：明确移位收费标准，压缩办理周期。",
        "区人大代表 6 人",
        meeting.pk,
    )
    motion = services.draft_motion(by=by, now=at + timedelta(days=2), data=new)
    services.submit_motion(
        by=by, now=at + timedelta(days=9), motion=motion, platform="区人大代表履职平台", number="YA-0117",
        on=day + timedelta(days=8), reply_due_on=day + timedelta(days=98),
    )  # fmt: skip
    talks = services.open_negotiation(
        by=by, now=at + timedelta(days=10), title="加装电梯燃气管道移位", third_party="燃气公司",
        unit_id=units["party"].pk, motion_id=motion.pk,
    )  # fmt: skip
    rounds = ((12, "介绍小区情况，对方报价偏高，答应复核。", "书面复核报价"), (30, "同意减免设计费。", "约定进场日期"))
    for days, said, following in rounds:
        services.add_round(
            by=by, now=at + timedelta(days=days), negotiation=talks, on=day + timedelta(days=days),
            who="街道办事处分管领导、区人大代表 2 人、燃气公司代表", said=said, next_step=following,
            next_on=day + timedelta(days=days + 14),
        )  # fmt: skip


def _readings(today: date, end: datetime) -> None:
    this = today.replace(day=1)
    last = (this - timedelta(days=1)).replace(day=1)
    units = people.units_of_kind("neighbourhood_committee")
    for k, standing in enumerate(("venue_upgrade", "team_tuning", "microgrid")):
        for n, unit in enumerate(units):
            for month, extra in ((last, 0), (this, 1 + k)):
                if month == this and (n + k) % 4 == 3:
                    continue
                value = Decimal(1 + 4 * k + n % (3 + k) + extra)
                note = "含两处商住楼" if n % 6 == 1 and k == 2 else ""
                services.read_standing(by=SYSTEM, now=end, data=NewReading(standing, unit.pk, month, value, note))
