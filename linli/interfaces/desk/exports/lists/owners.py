"""Evaluations of owners' committees: all of them, the results of one, and what is to be mended after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.core.paging import Page
from linli.interfaces.desk.doors import local, staff_who
from linli.interfaces.desk.exports.building import (
    Col,
    Told,
    dash,
    day,
    enter,
    moment,
    named,
    neighbourhood,
    one_of,
    yes,
)
from linli.interfaces.desk.owners import drives, results
from linli.programmes.owners import permissions, selectors
from linli.programmes.owners.types import Grade
from linli.programmes.owners.workflow import State

if TYPE_CHECKING:
    from linli.programmes.owners.models import Drive

DRIVES = [
    Col(gettext_lazy("名称"), 40, lambda d: d.title),
    Col(gettext_lazy("单位"), 24, lambda d: d.unit.name),
    Col(gettext_lazy("范围"), 18, lambda d: d.area.name if d.area else _("全街道")),
    Col(gettext_lazy("开始"), 12, lambda d: day(d.starts_on)),
    Col(gettext_lazy("结束"), 12, lambda d: day(d.ends_on)),
    Col(gettext_lazy("已提交"), 8, lambda d: d.round.done),
    Col(gettext_lazy("计划"), 8, lambda d: d.round.planned),
    Col(gettext_lazy("状态"), 10, lambda d: d.get_state_display()),
]
RESULTS = [
    Col(gettext_lazy("业委会"), 30, lambda r: r["row"].target.name),
    Col(gettext_lazy("居民区"), 18, lambda r: r["area"]),
    Col(gettext_lazy("等级"), 10, lambda r: r["row"].get_grade_display() if r["row"].grade else ""),
    Col(gettext_lazy("一票否决"), 8, lambda r: yes(r["row"].vetoes)),
    Col(gettext_lazy("得分率（%）"), 10, lambda r: dash(r["row"].percent)),
    Col(gettext_lazy("评估日期"), 12, lambda r: day(r["row"].checked_on)),
    Col(gettext_lazy("状态"), 12, lambda r: r["row"].get_state_display()),
]
GAPS = [
    Col(gettext_lazy("业委会"), 30, lambda f: f.target.name if f.target is not None else ""),
    Col(gettext_lazy("没有做到的"), 60, lambda f: f.text),
    Col(gettext_lazy("反弹"), 6, lambda f: yes(f.relapse_of_id)),
    Col(gettext_lazy("发现"), 17, lambda f: moment(local(f.found_at))),
    Col(gettext_lazy("复核"), 12, lambda f: day(f.recheck_on)),
    Col(gettext_lazy("状态"), 12, lambda f: f.get_state_display()),
]


def _drive(request: HttpRequest) -> Drive:
    return named(request, "drive", selectors.drive_for)


def _results(request: HttpRequest, cursor: str, size: int) -> Page[Any]:
    return results.results_of(request, _drive(request), cursor, size)


def _gaps(request: HttpRequest, cursor: str, size: int) -> Page[Any]:
    return results.gaps_of(request, _drive(request), cursor, size)


_door = staff_who(permissions.check_read)


def register() -> None:
    """Enter the lists of this module."""
    told = {"q": Told(gettext_lazy("名称"))}
    enter(
        "evaluations",
        gettext_lazy("业委会规范化运行评估"),
        DRIVES,
        drives.page_of,
        told=told,
        door=_door,
    )
    told = {
        "q": Told(gettext_lazy("业委会名称")),
        "area": Told(gettext_lazy("居民区"), neighbourhood),
        "grade": Told(gettext_lazy("等级"), one_of(lambda: dict(Grade.choices))),
        "state": Told(gettext_lazy("状态"), one_of(lambda: dict(State.choices))),
    }
    enter(
        "evaluation_results", gettext_lazy("评估结果"), RESULTS, _results, told=told, door=_door, check=_drive,
        titled=lambda request: _("%(drive)s：评估结果") % {"drive": _drive(request).title},
        prepare=lambda _request, found: results.result_rows(found),
    )  # fmt: skip
    told = {"area": told["area"], "open": Told(gettext_lazy("状态"), one_of(lambda: results.OPEN))}
    enter(
        "evaluation_gaps", gettext_lazy("整改清单"), GAPS, _gaps, told=told, door=_door, check=_drive,
        titled=lambda request: _("%(drive)s：整改清单") % {"drive": _drive(request).title},
    )  # fmt: skip
