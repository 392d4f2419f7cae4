"""The demonstration's words out: articles in each state, an issue, a half-year's report, ways of working, pictures.

All invented; people appear by post alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from linli.foundation.core.actors import GUEST, Actor
from linli.foundation.files import services as files
from linli.foundation.people import selectors as people
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.programmes.publishing import events, selectors, services
from linli.programmes.publishing.rules.reporting import last_half_year
from linli.programmes.publishing.types import (
    ArticleData,
    IssueData,
    MediaData,
    MethodData,
    Plea,
    ReportData,
)

# Headline, kicker, unit, strands, topic, how far it is, text.
ARTICLES = (
    (
        "楼道清出来了，邻居聊起来了", "“美丽楼组”行动进行时", "management", ("refined", "plural"), "美丽家园", "out",
        "三天时间，六个楼组，清出堆物两卡车。春季“美丽楼组”集中行动本周在全街道展开，居民区、物业、楼组长和"
        "在职党员志愿者一起动手，把多年的“老大难”搬出了楼道。\n\n[图1]\n\n## 先商量，再动手\n\n"
        "行动之前，各居民区先开楼组会。哪些东西要留、哪些可以捐、哪些直接清运，由楼里居民自己商定，写成公约贴在门厅。"
        "“大家说好的事，做起来就顺。”居民区党总支书记说。\n\n- 清运前三天张贴告知，留足处理时间\n"
        "- 有用的物件登记造册，交给社区旧物交换站\n- 老人搬不动的，由志愿者上门帮忙\n\n## 清完怎么守住\n\n"
        "清理只是第一步。社区管理办公室会同物业把楼道巡查列入每周网格巡查，发现回潮三天内处理，并在楼组群里公布结果。"
        "一个月后将组织“回头看”。\n\n**截至昨日，六个楼组全部通过网格核查。**",
    ),
    (
        "早高峰的非机动车道，通了", "精细化治理", "enforcement", ("refined",), "非机动车停放", "out",
        "地铁站出入口共享单车“潮汐”停放，曾是早高峰居民反映最多的问题之一。街道综合行政执法队会同单车企业，"
        "把清运时间从上午九点提前到七点半，并在出入口两侧重新划定停放区。\n\n[图1]\n\n"
        "“以前推着婴儿车要绕到机动车道上，现在好走多了。”一位带孩子的居民说。\n\n## 数据说话\n\n"
        "执法队每天早晚各巡查一次，企业调度员在群里实时响应。两周来，这一带的相关反映明显减少。下一步，"
        "街道将与企业约定节假日的加密调度方案，并接受居民监督。",
    ),
    (
        "一张长桌，议成三件事", "家门口的会商", "party", ("plural",), "会商", "out",
        "停车难、晾晒难、充电难，三件事摆上了同一张长桌。本周，网格会商会请来居民代表、物业、业委会和职能部门，"
        "现场议、当场定。\n\n会上确定：利用夜间空闲泊位错时停车；统一更换老旧晾衣架；新增一处非机动车集中充电棚。"
        "每件事都明确了责任单位和完成日期，结果将在下次会议上逐项通报。\n\n> 会开完了不算完，办成了才算。",
    ),
    (
        "汛期前，积水点逐一过堂", "", "management", ("project",), "防汛", "reviewed",
        "入汛前，街道对历年易积水的小区逐一排查：疏通雨水管、检修排水泵、备足挡水板和沙袋。每个点位都明确了责任人和"
        "应急联系岗位，排查结果录入台账，逐项销号。",
    ),
    (
        "老旧电梯更新怎么办，现场答", "便民服务", "service", ("project", "plural"), "加装电梯", "handed_in",
        "电梯坏了谁出钱、怎么报、多久修好？本周的“家门口咨询日”上，房管、市场监管和物业现场答疑。"
        "现场登记了3户困难家庭的更新意愿。咨询点设在居委会活动室，下周继续。",
    ),
    (
        "骑手驿站又添两处", "", "service", ("plural",), "新就业群体", "draft",
        "两处骑手驿站本月启用，可以歇脚、充电、喝水、用微波炉。\n\n【请补充：开放时间，骑手怎么说】",
    ),
)  # fmt: skip
METHODS = (
    MethodData(
        title="三带工作法",
        proposer="居民区党总支书记",
        summary="党员带头、骨干带动、楼组带领，把政策讲到楼里、把难题解在楼里。",
        steps="党员带头：先做自家、先亮承诺\n骨干带动：楼组长、志愿者分片包干\n楼组带领：一楼一约，自己定、自己守",
        used_at="美丽楼组清理\n垃圾分类定时定点",
        exhibitions="街道党建工作展示",
        strands=("plural",),
        topic="楼组自治",
    ),
    MethodData(
        title="四数工作法",
        proposer="社区管理办公室",
        summary="底数、次数、件数、成数，四本账管一件事：有多少、跑几次、办几件、成几成。",
        steps="摸清底数\n记准次数\n盯紧件数\n算出成数",
        used_at="易积水小区排查",
        strands=("refined",),
    ),
    MethodData(
        title="联勤联动站建设的经验和做法",
        kind="experience",
        proposer="综合网格",
        summary="一个站点、五支力量、每天碰头，小事不出站、急事一刻钟到场。",
        used_at="各综合网格",
        strands=("project",),
    ),
)


DEEDS = {
    "meeting": "会上布置的事，件件有回音",
    "project": "家门口的工程，一步一步看得见",
    "claim": "认领一件事，点亮一条街",
}


class _Desk:
    """Writes, reviews and lets out, each by whom it may be."""

    def __init__(self, users: Mapping[str, Any], units: Mapping[str, Any], now: datetime) -> None:
        self.units, self.now = units, now
        self.by: dict[str, Actor] = {
            name: people.actor_for(users[name], now) for name in ("paidan", "lingdao", "zhiban", "ducha")
        }

    def picture(self, seed: int, **more: Any) -> int:
        row = files.store(
            by=self.by["paidan"],
            now=self.now,
            content=draw_picture(seed, "after"),
            name=f"news-{seed}.jpg",
            purpose=services.PURPOSE,
        )
        data = MediaData(**{"kind": "photo", "credit": "社区通讯员", "cleared": True, "file_id": row.pk, **more})
        return services.add_media(by=self.by["paidan"], now=self.now, data=data).pk

    def review(self, piece: Any, *, at: datetime) -> None:
        services.hand_in(by=self.by["ducha"], now=at, piece=piece, version=piece.version)
        services.approve(
            by=self.by["lingdao"], now=at + timedelta(hours=2), piece=piece, version=piece.version, reasons={}
        )

    def release(self, piece: Any, *channels: str, at: datetime) -> None:
        for code in channels:
            services.release(
                by=self.by["paidan"],
                now=at,
                piece=piece,
                version=piece.version,
                channel=selectors.channel_for(code),
            )


def _articles(desk: _Desk) -> list[Any]:
    made = []
    for number, (title, kicker, unit, strands, topic, how, body) in enumerate(ARTICLES):
        at = desk.now - timedelta(days=9 - number, hours=3)
        media: tuple[tuple[int, str], ...] = ()
        if "[图1]" in body:
            media = ((desk.picture(40 + number, title=f"{topic}现场", caption=f"{topic}：处置后"), ""),)
        data = ArticleData(
            title=title,
            kicker=kicker,
            body=body,
            unit_id=desk.units[unit].pk,
            reporter="社区通讯员",
            editor="党政办公室",
            photographer="社区通讯员" if media else "",
            strands=strands,
            topic=topic,
            media=media,
        )
        article = services.begin_article(by=desk.by["ducha"], now=at, data=data)
        if how in {"out", "reviewed"}:
            desk.review(article, at=at + timedelta(hours=1))
        elif how == "handed_in":
            services.hand_in(by=desk.by["ducha"], now=at, piece=article, version=article.version)
        if how == "out":
            desk.release(article, "portal", "wechat", "paper", at=at + timedelta(hours=4))
        made.append(article)
    return made


def _issue(desk: _Desk, articles: list[Any]) -> None:
    data = IssueData(
        title="社区报",
        number=12,
        day=timezone.localtime(desk.now).date(),
        paper="a3",
        publisher="街道党工委、办事处",
        unit_id=desk.units["party"].pk,
        articles=tuple(a.uuid for a in articles[:4]),
    )
    issue = services.begin_issue(by=desk.by["ducha"], now=desk.now, data=data)
    services.hand_in(by=desk.by["ducha"], now=desk.now, piece=issue, version=issue.version)


def _report(desk: _Desk, day: date) -> None:
    since, until = last_half_year(day)
    texts = {
        "overview": "诉求受理办理总体平稳。",
        "tasks": "会商决定的任务逐项落实，到期未完成的由督查跟踪。",
        "next": "- 抓好防汛防台\n- 推进“美丽家园”收尾\n- 做实网格会商",
    }
    if since <= (desk.now - timedelta(days=100)).date():  # the demonstration's life is of the last three months
        since, until = date(day.year, 1, 1) if day.month <= 6 else date(day.year, 7, 1), day
    data = ReportData(
        f"{since.year}年{'上' if since.month == 1 else '下'}半年工作推进情况及下阶段工作重点",
        "half_year",
        since,
        until,
        desk.units["party"].pk,
        texts,
    )
    services.begin_report(by=desk.by["ducha"], now=desk.now, data=data)


def load_publishing(users: Mapping[str, Any], units: Mapping[str, Any], now: datetime) -> None:
    """Enter everything, the last nine days of it."""
    desk = _Desk(users, units, now)
    articles = _articles(desk)
    _issue(desk, articles)
    for method in METHODS:
        with_unit = MethodData(**{n: getattr(method, n) for n in method.__dataclass_fields__} | {"unit_id": units["management"].pk})  # fmt: skip  # noqa: E501
        piece = services.begin_method(by=desk.by["ducha"], now=now - timedelta(days=5), data=with_unit)
        desk.review(piece, at=now - timedelta(days=4))
        desk.release(piece, "portal", at=now - timedelta(days=4))
    film = MediaData(
        kind="link", title="一周年回顾短片", url="https://example.org/video/1", credit="街道融媒体", cleared=True
    )
    services.add_media(by=desk.by["paidan"], now=now, data=film)
    desk.picture(60, title="会商现场", recognisable=True, cleared=False)
    _report(desk, timezone.localtime(now).date())
    services.file_plea(
        by=GUEST,
        now=now - timedelta(days=1),
        article=articles[1],
        plea=Plea(right="portrait", statement="照片里能认出我家孩子，没有征得同意，请处理。"),
    )


def load_deeds(users: Mapping[str, Any], units: Mapping[str, Any], now: datetime) -> None:
    """Begin an article of the newest sealed meeting, public project and confirmed claim that the other rooms have."""
    by = people.actor_for(users["lingdao"], now)
    for kind, title in DEEDS.items():
        source = events.source(kind)
        found = source.find(by, "", now) if source is not None else ()
        if source is None or not found:
            continue
        fact = source.get(by, found[0].ref, now)
        unit = fact.unit_id or units["party"].pk
        data = replace(services.begun_from(fact), title=title, links=(services.link_to(fact),), unit_id=unit)
        services.begin_article(by=by, now=now, data=data)
