"""The console's lists as files: journal, people, units, absences, areas, venues, leading groups, laws, categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.core import clock
from linli.foundation.core.errors import NotFoundError
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places
from linli.foundation.venues import selectors as venues
from linli.foundation.venues.types import Level, State
from linli.interfaces.console.areas import views as areas
from linli.interfaces.console.bodies import views as bodies
from linli.interfaces.console.categories.views import tree
from linli.interfaces.console.doors import READERS, holding, in_roles, today
from linli.interfaces.console.journal import views as journal
from linli.interfaces.console.laws import views as laws
from linli.interfaces.console.phrases import views as phrases
from linli.interfaces.console.routing import views as routing
from linli.interfaces.console.staff import absences, units
from linli.interfaces.console.staff import forms as staff_forms
from linli.interfaces.console.staff import views as staff
from linli.interfaces.console.stations import views as stations
from linli.interfaces.console.venues import doors as venue_doors
from linli.interfaces.console.venues import listing as venue_list
from linli.interfaces.console.venues import posters
from linli.interfaces.web.exporting.building import (
    Col,
    Told,
    dash,
    day,
    day_of,
    enter,
    moment,
    one_of,
    point_of,
    span,
    ticked,
    yes,
)

_Q = Told(gettext_lazy("搜索"))


def _written(found: Sequence[tuple[str, Any]]) -> str:
    return "；".join(f"{field}：{value}" for field, value in found)


JOURNAL = [
    Col(gettext_lazy("时间"), 17, lambda e: moment(e["row"].at)),
    Col(gettext_lazy("谁"), 26, lambda e: e["row"].actor_label),
    Col(gettext_lazy("代谁"), 16, lambda e: e["row"].on_behalf_of),
    Col(gettext_lazy("做了什么"), 24, lambda e: str(e["verb"])),
    Col(gettext_lazy("理由"), 30, lambda e: e["row"].reason),
    Col(gettext_lazy("对象类别"), 14, lambda e: str(e["kind"])),
    Col(gettext_lazy("对象"), 26, lambda e: e["row"].label),
    Col(gettext_lazy("改前"), 40, lambda e: _written([(c["field"], c["before"]) for c in e["changes"] if c["before"]])),
    Col(gettext_lazy("改后"), 40, lambda e: _written([(c["field"], c["after"]) for c in e["changes"] if c["after"]])),
    Col(gettext_lazy("封存号"), 10, lambda e: e["row"].seal or ""),
    Col(gettext_lazy("日志编号"), 38, lambda e: str(e["row"].uuid)),
]


def _days(request: HttpRequest) -> list[str]:
    """Return the days that are looked at, which the page names whether they were chosen or not."""
    data = journal.asked(request)
    return [span(data["since"], data["until"])]


PEOPLE = [
    Col(gettext_lazy("姓名"), 14, lambda p: p["user"].display_name),
    Col(gettext_lazy("账号"), 16, lambda p: p["user"].username),
    Col(gettext_lazy("单位与岗位"), 44, lambda p: "；".join(f"{t['unit']}・{t['title']}" for t in p["posts"])),
    Col(gettext_lazy("最近登录"), 17, lambda p: moment(p["user"].last_login)),
    Col(gettext_lazy("状态"), 8, lambda p: _("在用") if p["user"].is_active else _("已停用")),
]


def _people(_request: HttpRequest, found: list[Any]) -> list[dict[str, Any]]:
    return staff.with_posts(found)


def _choices(name: str) -> Mapping[str, Any]:
    field: Any = staff_forms.SearchForm().fields[name]
    return dict(field.choices)


def _unit(value: str) -> str:
    return next((u.name for u in people.active_units() if str(u.pk) == value), "")


UNITS = [
    Col(gettext_lazy("单位"), 28, lambda r: r["unit"].name),
    Col(gettext_lazy("单位类型"), 16, lambda r: r["unit"].get_kind_display()),
    Col(gettext_lazy("单位区域"), 18, lambda r: r["unit"].area.name if r["unit"].area else ""),
    Col(gettext_lazy("到哪天为止"), 12, lambda r: day(r["unit"].ends_on)),
    Col(gettext_lazy("岗位"), 22, lambda r: r["post"]["post"].title if r["post"] else ""),
    Col(gettext_lazy("角色"), 18, lambda r: str(r["post"]["role"]) if r["post"] else ""),
    Col(gettext_lazy("岗位区域"), 18, lambda r: dash(r["post"]["post"].area) if r["post"] else ""),
    Col(gettext_lazy("人员"), 30, lambda r: _held(r["post"])),
]


def _held(post: dict[str, Any] | None) -> str:
    if post is None:
        return _("还没有岗位")
    return "、".join(p.display_name for p in post["people"]) or _("空缺")


def _posts(_request: HttpRequest, found: list[Any]) -> list[dict[str, Any]]:
    """Return a row for each post of the units, and one for a unit that has none."""
    held = units.with_posts(found, today())
    return [{"unit": u["unit"], "post": post} for u in held for post in (u["posts"] or [None])]


ABSENCES = [
    Col(gettext_lazy("人员"), 14, lambda a: a.user.display_name),
    Col(gettext_lazy("自"), 12, lambda a: day(a.starts_on)),
    Col(gettext_lazy("至"), 12, lambda a: day(a.ends_on)),
    Col(gettext_lazy("代理人"), 14, lambda a: a.stand_in.display_name if a.stand_in else _("没有代理人")),
]

AREAS = [
    Col(gettext_lazy("名称"), 24, lambda r: r["area"].name),
    Col(gettext_lazy("类型"), 14, lambda r: r["area"].kind.name),
    Col(gettext_lazy("上级"), 24, lambda r: dash(r["area"].parent)),
    Col(gettext_lazy("编码"), 18, lambda r: r["area"].code),
    Col(gettext_lazy("下级"), 8, lambda r: r["below"] or ""),
    Col(gettext_lazy("户数"), 8, lambda r: r["area"].households if r["area"].households is not None else ""),
    Col(gettext_lazy("起"), 12, lambda r: day(r["area"].valid_from)),
    Col(gettext_lazy("止"), 12, lambda r: day(r["area"].valid_to)),
    Col(gettext_lazy("边界自"), 12, lambda r: day(r["area"].border_from)),
]

VENUES = [
    Col(gettext_lazy("名称"), 28, lambda r: r["venue"].name),
    Col(gettext_lazy("类别"), 16, lambda r: r["venue"].kind.name),
    Col(gettext_lazy("地址"), 32, lambda r: r["venue"].address),
    Col(gettext_lazy("区域"), 18, lambda r: dash(r["venue"].area)),
    Col(gettext_lazy("管理单位"), 24, lambda r: dash(r["venue"].keeper)),
    Col(gettext_lazy("状态"), 10, lambda r: r["venue"].get_state_display()),
    Col(gettext_lazy("开放"), 20, lambda r: r["standing"].words if r["standing"].tone != "paused" else ""),
    Col(gettext_lazy("复核日"), 12, lambda r: day(r["venue"].review_on)),
    Col(gettext_lazy("待复核"), 8, lambda r: yes(r["due"])),
    Col(gettext_lazy("缺几项"), 8, lambda r: r["venue"].lacking or ""),
]


def _venues(_request: HttpRequest, found: list[Any]) -> list[dict[str, Any]]:
    return venue_list.with_standing(found, clock.now())


def _area(value: str) -> str:
    if (wanted := venue_doors.id_of(value)) is None:
        return ""
    try:
        return str(places.area(wanted).name)
    except NotFoundError:
        return ""


BODIES = [
    Col(gettext_lazy("名称"), 36, lambda b: b.unit.name),
    Col(gettext_lazy("成员岗位"), 8, lambda b: b.size),
    Col(gettext_lazy("办公室设在"), 24, lambda b: dash(b.office)),
    Col(gettext_lazy("自"), 12, lambda b: day(b.unit.starts_on)),
    Col(gettext_lazy("至"), 12, lambda b: day(b.unit.ends_on)),
]

LAWS = [
    Col(gettext_lazy("条文"), 36, str),
    Col(gettext_lazy("内容"), 80, lambda law: law.text),
    Col(gettext_lazy("自"), 12, lambda law: day(law.valid_from)),
    Col(gettext_lazy("至"), 12, lambda law: day(law.valid_to)),
    Col(gettext_lazy("停用"), 6, lambda law: yes(not law.active)),
]

CATEGORIES = [
    Col(gettext_lazy("分类"), 28, lambda line: line.row.name),
    Col(gettext_lazy("代码"), 22, lambda line: line.row.code),
    Col(gettext_lazy("大类"), 20, lambda line: line.row.parent.name if line.row.parent else ""),
    Col(gettext_lazy("居民看到的名称"), 28, lambda line: line.row.resident_name),
    Col(gettext_lazy("未结案件"), 8, lambda line: line.open_cases),
    Col(gettext_lazy("版本"), 6, lambda line: line.row.version.number if line.row.version else ""),
    Col(gettext_lazy("停用"), 6, lambda line: yes(not line.row.active)),
    Col(gettext_lazy("有草稿"), 6, lambda line: yes(line.drafted)),
]


POSTERS = [
    Col(gettext_lazy("地点"), 28, lambda r: r["where"]),
    Col(gettext_lazy("张贴位置"), 20, lambda r: r["poster"].spot),
    Col(gettext_lazy("标题"), 30, lambda r: r["poster"].title),
    Col(gettext_lazy("用途"), 16, lambda r: r["poster"].get_purpose_display()),
    Col(gettext_lazy("扫码次数"), 8, lambda r: r["opens"]),
    Col(gettext_lazy("制作"), 12, lambda r: day_of(r["poster"].made_at)),
    Col(gettext_lazy("撤下"), 12, lambda r: day_of(r["poster"].withdrawn_at)),
    Col(gettext_lazy("撤下原因"), 24, lambda r: r["poster"].withdrawn_why if r["poster"].withdrawn_at else ""),
]

STATIONS = [
    Col(gettext_lazy("名称"), 28, lambda s: s.name),
    Col(gettext_lazy("区域"), 20, lambda s: s.area.name),
    Col(gettext_lazy("地点"), 28, lambda s: s.place),
    Col(gettext_lazy("成员单位"), 60, lambda s: "、".join(str(p.unit) for p in s.partners.all())),
    Col(gettext_lazy("停用"), 6, lambda s: yes(not s.active)),
]

PHRASES = [
    Col(gettext_lazy("这句话"), 60, lambda r: r["row"].text),
    Col(gettext_lazy("用在哪一步"), 16, lambda r: str(r["verb"])),
    Col(gettext_lazy("只用于哪类"), 20, lambda r: str(r["category"])),
    Col(gettext_lazy("只用于哪种结果"), 16, lambda r: str(r["outcome"])),
]

VERSIONS = [
    Col(gettext_lazy("版本"), 6, lambda v: v.number),
    Col(gettext_lazy("启用时间"), 17, lambda v: moment(v.created_at)),
    Col(gettext_lazy("启用人"), 24, lambda v: v.created_by),
    Col(gettext_lazy("原因"), 50, lambda v: v.reason),
]


def register() -> None:
    """Enter the lists of the console."""
    told = {
        "who": Told(gettext_lazy("谁")),
        "room": Told(gettext_lazy("哪一类"), one_of(lambda: dict(journal.rooms()))),
        "what": Told(gettext_lazy("做了什么")),
        "q": Told(gettext_lazy("对象")),
    }
    enter(
        "journal", gettext_lazy("日志"), JOURNAL, journal.page_of, told=told, door=holding("journal:read"),
        always=_days, prepare=lambda _request, found: [journal.shown(e) for e in found],
    )  # fmt: skip
    told = {
        "q": _Q,
        "role": Told(gettext_lazy("岗位"), one_of(lambda: _choices("role"))),
        "unit": Told(gettext_lazy("单位"), _unit),
        "state": Told(gettext_lazy("状态"), one_of(lambda: _choices("state"))),
    }
    keepers = holding("accounts:manage", "people:appoint")
    enter("people", gettext_lazy("人员"), PEOPLE, staff.page_of, told=told, door=keepers, prepare=_people)
    told = {"q": _Q, "state": Told(gettext_lazy("分类"), one_of(units.tab_labels))}
    unit_door = holding("people:manage_units", "people:appoint")
    enter("units", gettext_lazy("单位与岗位"), UNITS, units.page_of, told=told, door=unit_door, prepare=_posts)
    told = {"past": Told(gettext_lazy("时间"), one_of(lambda: {"1": _("过去")}))}
    appointers = holding("people:appoint")
    enter("absences", gettext_lazy("不在岗与代理"), ABSENCES, absences.page_of, told=told, door=appointers)
    _register_places()
    _register_words()
    enter(
        "bodies", gettext_lazy("领导小组"), BODIES, bodies.page_of, door=in_roles(bodies.READERS),
        told={"q": _Q, "tab": Told(gettext_lazy("分类"), one_of(lambda: {"ended": _("已结束")}))},
    )  # fmt: skip
    told = {"q": _Q, "state": Told(gettext_lazy("状态"), one_of(lambda: laws.STATES))}
    enter("laws", gettext_lazy("法律条文库"), LAWS, laws.page_of, told=told, door=in_roles(READERS))
    told = {
        "q": _Q,
        "group": Told(gettext_lazy("大类"), one_of(lambda: dict(tree.group_choices()))),
        "state": Told(gettext_lazy("状态"), one_of(tree.state_labels)),
    }
    enter("categories", gettext_lazy("分类与提问"), CATEGORIES, tree.page_of, told=told, door=in_roles(READERS))


def _register_places() -> None:
    told = {
        "q": _Q,
        "kind": Told(gettext_lazy("类型"), one_of(lambda: {k.code: k.name for k in places.kinds()})),
        "on": Told(gettext_lazy("哪一天的区域")),
        "ended": Told(gettext_lazy("包括已撤销和未生效的"), ticked),
    }
    door = in_roles(venue_doors.READERS)
    enter("areas", gettext_lazy("区域"), AREAS, areas.page_of, told=told, door=door, prepare=areas.with_counts)
    told = {
        "q": _Q,
        "kind": Told(gettext_lazy("类别"), one_of(lambda: {k.code: k.name for k in venues.kinds(active=False)})),
        "state": Told(gettext_lazy("状态"), one_of(lambda: dict(State.choices))),
        "level": Told(gettext_lazy("层级"), one_of(lambda: dict(Level.choices))),
        "area": Told(gettext_lazy("区域"), _area),
        "due": Told(gettext_lazy("30 天内复核"), ticked),
        "lacking": Told(gettext_lazy("未达建站标准"), ticked),
    }
    enter(
        "venues", gettext_lazy("场所与站点"), VENUES, venue_list.page_of, told=told, door=door, prepare=_venues,
        place=lambda row: point_of(row["venue"]),
    )  # fmt: skip

    told = {"q": _Q, "state": Told(gettext_lazy("状态"), one_of(posters.states))}
    enter(
        "posters", gettext_lazy("二维码海报"), POSTERS, posters.page_of, told=told, door=in_roles(posters.HANGERS),
        prepare=lambda _request, found: posters.with_opens(found),
    )  # fmt: skip
    setters = in_roles(stations.SETTERS)
    enter("stations", gettext_lazy("联勤联动站"), STATIONS, stations.page_of, told={"q": _Q}, door=setters)


def _register_words() -> None:
    door = in_roles(READERS)
    told = {"q": _Q, "verb": Told(gettext_lazy("用在哪一步"), one_of(phrases.verb_names))}
    enter(
        "phrases", gettext_lazy("快捷用语"), PHRASES, phrases.page_of, told=told, door=door,
        prepare=lambda _request, found: phrases.with_words(found),
    )  # fmt: skip
    enter("routing_versions", gettext_lazy("派遣规则的历史"), VERSIONS, routing.versions_of, told={}, door=door)
