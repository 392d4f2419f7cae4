# ruff: noqa: E501  sentences
"""Invented cases for the gallery; nobody in them exists."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from linli.interfaces.web.gallery.drawing import centre

NOW = datetime(2026, 11, 21, 2, 43, tzinfo=UTC)
LABELS = {"new": "待受理", "doing": "处置中", "check": "待核查", "done": "已办结", "late": "已超期"}
# id, title, urgent, status, category, area, address, hours since, minutes left (None: closed), icon, offset east, north
ROWS: list[tuple[str, str, bool, str, str, str, str, float, int | None, str, float, float]] = [
    (
        "0038",
        "楼道内电动自行车飞线充电",
        True,
        "doing",
        "消防安全",
        "华一",
        "长宁路 488 弄 12 号 3 楼楼道",
        1.02,
        75,
        "bolt",
        0.0,
        0.0006,
    ),
    (
        "0035",
        "沿街店铺占道堆物",
        False,
        "late",
        "市容环境",
        "潘东",
        "汇川路 99 号水果店门前",
        2.47,
        -126,
        "package",
        0.0,
        0.0009,
    ),
    (
        "0033",
        "加装电梯意见征询，102 室提出采光异议",
        False,
        "check",
        "民生服务",
        "陶家宅",
        "安西路 23 弄 5 号",
        2.68,
        1680,
        "elevator",
        0.0,
        0.0008,
    ),
    (
        "0031",
        "独居老人连续两日未取报纸牛奶",
        True,
        "new",
        "民生关怀",
        "潘中",
        "凯旋路 369 弄 8 号",
        2.87,
        28,
        "heart-handshake",
        0.0,
        0.0007,
    ),
    (
        "0027",
        "小区围墙边建筑垃圾偷倒",
        False,
        "doing",
        "市容环境",
        "建宁",
        "长宁路 712 弄北侧围墙",
        18.4,
        340,
        "trash",
        -0.0003,
        0.0009,
    ),
    (
        "0024",
        "路面窨井盖破损下沉",
        True,
        "doing",
        "市政设施",
        "徐家宅",
        "华阳路 210 号公交站旁",
        20.6,
        190,
        "barrier-block",
        -0.0007,
        0.0006,
    ),
    (
        "0022",
        "高空坠物隐患：外墙空调架锈蚀",
        True,
        "check",
        "房屋安全",
        "华二",
        "定西路 1232 弄 3 号 6 楼",
        24.2,
        1200,
        "alert-triangle",
        0.0,
        0.0007,
    ),
    (
        "0019",
        "广场舞音响噪声扰民",
        False,
        "done",
        "社会生活",
        "潘西",
        "凯旋路口袋公园",
        30.1,
        None,
        "volume",
        0.0004,
        0.0006,
    ),
    (
        "0017",
        "群租房隔断线索核实",
        False,
        "done",
        "房屋安全",
        "长支二",
        "汇川路 56 弄 2 号",
        42.9,
        None,
        "home-search",
        0.0003,
        0.0007,
    ),
]


def rows() -> list[dict[str, Any]]:
    """Return the list of the workbench."""
    found = []
    for number, title, urgent, status, category, area, address, since, left, _icon, _east, _north in ROWS:
        found.append(
            {
                "id": number,
                "url": f"/gallery/workbench/{number}/",
                "title": title,
                "urgent": urgent,
                "status": status,
                "status_label": LABELS[status],
                "category": category,
                "area": f"{area}居民区",
                "address": address,
                "at": NOW - timedelta(minutes=round(since * 60)),
                "due": NOW + timedelta(minutes=left) if left is not None else None,
                "closing": "" if left is not None else "按期办结",
            }
        )
    return found


def pins() -> list[dict[str, Any]]:
    """Return what the map shows of them."""
    found = []
    for number, title, _urgent, status, _category, area, _address, _since, _left, icon, east, north in ROWS:
        lon, lat = centre(area)
        found.append(
            {
                "id": number,
                "lat": lat + north,
                "lon": lon + east,
                "status": status,
                "icon": icon,
                "title": f"{title}，{LABELS[status]}",
            }
        )
    return found


def steps(status: str) -> list[dict[str, str]]:
    """Return the six steps with their states."""
    labels = ["发现", "受理", "派遣", "处置", "核查", "结案"]
    now = {"new": 1, "doing": 3, "late": 3, "check": 4, "done": 6}[status]
    return [
        {"label": text, "state": "done" if i < now else "now" if i == now else "todo"} for i, text in enumerate(labels)
    ]


def case(number: str) -> dict[str, Any] | None:
    """Return one case with everything that its panel shows."""
    row = next((r for r in rows() if r["id"] == number), None)
    if row is None:
        return None
    return {
        **row,
        "number": f"HY20261121-{number}",
        "start": row["at"],
        "steps": steps(row["status"]),
        "facts": [
            ("地点", row["address"]),
            ("网格", f"第三综合网格・{row['area']}・2 号微网格"),
            ("来源", "网格巡查・社区工作者 今天 09:42"),
            ("承办", "街道城管中队（承办人）"),
            ("协同", "长宁路消防站、示例物业"),
        ],
        "text": "3 楼公共走道内停放电动自行车 2 辆，从住户窗口拉出插线板充电，线路经过消防栓箱前。已现场劝离 1 辆，另一辆车主未在家。",
        "photos": [
            {"url": f"/static/linli/demo/corridor-{n}.svg", "alt": alt, "caption": f"{alt} 09:4{n}"}
            for n, alt in ((1, "飞线现场"), (2, "插线板"), (3, "走道堆放"))
        ],
        "entries": [
            {
                "title": "处置反馈",
                "at": NOW - timedelta(minutes=17),
                "who": "承办人・街道城管中队",
                "text": "已联系车主，约 11:00 到家移车。插线板已断电，现场留守。",
                "photos": [
                    {"url": f"/static/linli/demo/corridor-{n}.svg", "alt": f"处置照片 {n}", "caption": ""}
                    for n in (2, 3)
                ],
            },
            {
                "title": "派遣",
                "at": NOW - timedelta(minutes=44),
                "who": "派单员・街道城运中心",
                "text": "派街道城管中队，协同长宁路消防站。",
                "photos": [],
            },
            {
                "title": "受理",
                "at": NOW - timedelta(minutes=52),
                "who": "派单员・街道城运中心",
                "text": "",
                "photos": [],
            },
            {
                "title": "发现",
                "at": NOW - timedelta(minutes=61),
                "who": "社区工作者・网格巡查",
                "text": "巡查发现，已拍照。",
                "photos": [],
            },
        ],
    }


def tabs() -> list[dict[str, Any]]:
    """Return the tabs over the list."""
    counted = [("全部", 9), ("待受理", 1), ("处置中", 3), ("待核查", 2), ("已办结", 2), ("已超期", 1)]
    return [
        {"label": t, "count": n, "url": "/gallery/workbench/", "current": i == 0, "late": t == "已超期"}
        for i, (t, n) in enumerate(counted)
    ]


NAV = [
    {
        "code": "home",
        "label": "工作台",
        "icon": "layout-dashboard",
        "url": "/gallery/",
        "order": 1,
        "rail": True,
        "bottom": 1,
    },
    {
        "code": "cases",
        "label": "案件",
        "icon": "list-details",
        "url": "/gallery/workbench/",
        "order": 2,
        "rail": True,
        "bottom": 2,
        "view": "list",
    },
    {"code": "visits", "label": "走访", "icon": "walk", "url": "/gallery/", "order": 3, "rail": True, "bottom": 0},
    {
        "code": "talks",
        "label": "议事",
        "icon": "messages",
        "url": "/gallery/public/",
        "order": 4,
        "rail": True,
        "bottom": 0,
    },
    {
        "code": "places",
        "label": "房屋·单位",
        "icon": "building-estate",
        "url": "/gallery/plain/",
        "order": 5,
        "rail": True,
        "bottom": 0,
    },
    {
        "code": "projects",
        "label": "挂图",
        "icon": "chart-line",
        "url": "/gallery/print/",
        "order": 6,
        "rail": True,
        "bottom": 0,
    },
    {
        "code": "figures",
        "label": "统计",
        "icon": "chart-bar",
        "url": "/gallery/",
        "order": 7,
        "rail": True,
        "bottom": 0,
    },
    {
        "code": "settings",
        "label": "设置",
        "icon": "settings",
        "url": "/gallery/",
        "order": 900,
        "rail": True,
        "bottom": 0,
    },
]
BOTTOM = [
    {
        "code": "report",
        "label": "上报",
        "icon": "camera",
        "url": "/gallery/public/",
        "order": 950,
        "rail": False,
        "bottom": 3,
    },
    {
        "code": "map",
        "label": "地图",
        "icon": "map-2",
        "url": "/gallery/workbench/?view=map",
        "order": 950,
        "rail": False,
        "bottom": 4,
        "view": "map",
    },
    {"code": "me", "label": "我的", "icon": "user", "url": "/gallery/", "order": 950, "rail": False, "bottom": 5},
]
SHELL = {
    "place_name": "华阳路街道",
    "duty": "街道城运中心值班",
    "unread": 3,
    "committee_phone": "021-00000000",
    "committee_name": "华一居委会",
    "areas": [
        {"label": "全部居民区（21）", "url": "/gallery/workbench/", "current": True},
        {"label": "第三综合网格", "url": "/gallery/workbench/", "current": False},
    ],
    "profile": {
        "name": "孙莉",
        "role": "派单员",
        "links": [{"url": "/gallery/", "icon": "user-circle", "label": "个人资料"}],
        "logout_url": "",
    },
    "filing_number": "",
}
FORM = {
    "kinds": [
        {"value": "wire", "label": "飞线充电"},
        {"value": "noise", "label": "噪声扰民"},
        {"value": "other", "label": "其他"},
    ],
    "where": [
        {"value": "indoor", "label": "楼内", "hint": "楼道、电梯、地下车库"},
        {"value": "outdoor", "label": "楼外", "hint": "道路、绿地、小区门口"},
    ],
    "questions": {
        "version": 1,
        "questions": [{"code": "floor", "relevant_tree": ["=", ["name", "where"], ["text", "indoor"]]}],
    },
}
