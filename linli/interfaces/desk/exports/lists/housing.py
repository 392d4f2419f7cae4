"""群租整治 and building safety: flats on their way, sweeps, watched flats, buildings, hazards."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from linli.interfaces.desk.exports.building import (
    Col,
    Told,
    area,
    dash,
    day,
    day_of,
    enter,
    moment,
    one_of,
    ticked,
    yes,
)
from linli.interfaces.desk.housing import dossiers, safety, sweeps, watches
from linli.programmes.housing.workflow import State

# The home and its way; of who lives there nothing stands in the list, so nothing in the file.
DOSSIERS = [
    Col(gettext_lazy("房屋"), 34, lambda r: r["place"]),
    Col(gettext_lazy("编号"), 18, lambda r: r["d"].number),
    Col(gettext_lazy("来源"), 14, lambda r: r["d"].get_origin_display()),
    Col(gettext_lazy("区域"), 18, lambda r: r["area"]),
    Col(gettext_lazy("到场期限"), 17, lambda r: "" if r["d"].visited_at else moment(r["d"].visit_by)),
    Col(gettext_lazy("到场"), 12, lambda r: day_of(r["d"].visited_at)),
    Col(gettext_lazy("超期"), 6, lambda r: yes(r["late"])),
    Col(gettext_lazy("状态"), 14, lambda r: r["d"].get_state_display()),
]
SWEEPS = [
    Col(gettext_lazy("排查"), 36, lambda r: r["r"].title),
    Col(gettext_lazy("组织单位"), 22, lambda r: dash(r["r"].unit)),
    Col(gettext_lazy("抽样种子"), 18, lambda r: r["seed"]),
    Col(gettext_lazy("完成"), 8, lambda r: r["r"].done),
    Col(gettext_lazy("计划"), 8, lambda r: r["r"].planned),
    Col(gettext_lazy("进度（%）"), 8, lambda r: r["percent"] if r["r"].planned else ""),
    Col(gettext_lazy("截止"), 12, lambda r: day(r["r"].ends_on)),
    Col(gettext_lazy("状态"), 10, lambda r: r["r"].get_state_display()),
]
WATCHES = [
    Col(gettext_lazy("房屋"), 34, lambda r: r["place"]),
    Col(gettext_lazy("区域"), 18, lambda r: r["area"]),
    Col(gettext_lazy("零报告单位"), 24, lambda r: dash(r["w"].unit)),
    Col(gettext_lazy("整治日期"), 12, lambda r: day(r["w"].cleared_on)),
    Col(gettext_lazy("监控至"), 12, lambda r: day(r["w"].until)),
    Col(gettext_lazy("状态"), 14, lambda r: r["words"]),
    Col(gettext_lazy("缺报月份"), 24, lambda r: "、".join(f"{m:%Y-%m}" for m in r["missing"])),
    Col(gettext_lazy("下次报告期限"), 12, lambda r: "" if r["missing"] else day(r["next"])),
]
BUILDINGS = [
    Col(gettext_lazy("楼栋"), 24, lambda r: r["t"].name),
    Col(gettext_lazy("地址"), 34, lambda r: r["t"].address),
    Col(gettext_lazy("区域"), 18, lambda r: r["area"]),
    Col(gettext_lazy("等级"), 8, lambda r: r["grade"]),
    Col(gettext_lazy("建成"), 8, lambda r: r["t"].facts.get("built") or ""),
    Col(gettext_lazy("上次检查"), 12, lambda r: day_of(r["t"].visited_at)),
]
HAZARDS = [
    Col(gettext_lazy("隐患"), 48, lambda f: f.text),
    Col(gettext_lazy("楼栋"), 24, lambda f: f.target.name),
    Col(gettext_lazy("发现"), 12, lambda f: day_of(f.found_at)),
    Col(gettext_lazy("复查"), 12, lambda f: day(f.recheck_on)),
    Col(gettext_lazy("状态"), 12, lambda f: f.get_state_display()),
]


def _sweeps(_request: HttpRequest, found: list[Any]) -> list[dict[str, Any]]:
    return [sweeps.row_of(r) for r in found]


def register() -> None:
    """Enter the lists of this module."""
    told = {
        "state": Told(gettext_lazy("状态"), one_of(lambda: dict(State.choices))),
        "late": Told(gettext_lazy("超期未到场"), ticked),
        "q": Told(gettext_lazy("地址")),
        "area": Told(gettext_lazy("区域"), area),
    }
    enter(
        "housing", gettext_lazy("群租整治"), DOSSIERS, dossiers.page_of, told=told, door=dossiers.check_inside,
        prepare=lambda _request, found: dossiers.rows_of(found),
    )  # fmt: skip
    enter(
        "sweeps",
        gettext_lazy("逐户排查"),
        SWEEPS,
        sweeps.page_of,
        told={},
        door=dossiers.check_inside,
        prepare=_sweeps,
    )
    enter(
        "watches", gettext_lazy("整治后零报告"), WATCHES, watches.page_of, told={},
        prepare=lambda _request, found: watches.rows_of(found),
    )  # fmt: skip
    told = {"grade": Told(gettext_lazy("房屋安全等级"), _grade), "q": Told(gettext_lazy("名称或地址"))}
    enter(
        "house_safety", gettext_lazy("房屋安全：楼栋"), BUILDINGS, safety.page_of, told=told,
        prepare=lambda _request, found: safety.rows_of(found),
    )  # fmt: skip
    enter("house_hazards", gettext_lazy("房屋安全：隐患"), HAZARDS, safety.hazards_of, told={})


def _grade(code: str) -> str:
    return safety.grade_words(code) if code in safety.GRADES else ""
