"""The steps of the set-up path: what is there, what is missing, who does it and where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.engines.cases import selectors as cases
from linli.engines.cases.types import Source
from linli.foundation.core.actors import SYSTEM
from linli.foundation.people import selectors as people
from linli.foundation.people.types import ROLES, Role, role_names
from linli.foundation.places import selectors as places
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.exceptions import YearNotAnnouncedError

DONE, PART, TODO = "done", "now", "todo"
# Without these nothing that a resident sends would reach anybody.
NEEDED_ROLES = (Role.DISPATCHER, Role.SHIFT_LEADER, Role.INSPECTOR, Role.UNIT_HANDLER)
NEEDED_STEPS = frozenset({"place", "areas", "units", "people", "categories", "routing"})
_UNVERIFIED = frozenset("MG")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the path.

    Attributes:
        code: its name in addresses.
        title: what it is called.
        state: ``done``, ``now`` (begun) or ``todo``.
        text: what is there, in figures.
        missing: what is still to be done, a sentence each.
        who: the role that does it.
        links: (label, address) of the pages where it is done.
    """

    code: str
    title: str
    state: str
    text: str
    missing: tuple[str, ...] = ()
    who: Role = Role.SYSTEM_ADMIN
    links: tuple[tuple[str, str], ...] = ()

    @property
    def who_name(self) -> str:
        """Return the role's name."""
        return str(ROLES[self.who].name)


def _links(*wanted: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    found = []
    for label, name in wanted:
        try:
            found.append((label, reverse(name)))
        except NoReverseMatch:
            continue
    return tuple(found)


def _state(missing: Sequence[str], *, begun: bool) -> str:
    if not missing:
        return DONE
    return PART if begun else TODO


def _place(on: date, _now: datetime) -> Step:
    root = next(iter(places.areas(on=on).filter(parent=None, layer=None)[:1]), None)
    missing = () if root else (_("给街道起名，建立根区域。"),)
    text = _("根区域：%(name)s") % {"name": root.name} if root else _("还没有根区域。")
    links = () if root else _links((_("填写名称"), "console:setup_place"))
    return Step("place", _("名称与根区域"), DONE if root else TODO, text, missing, links=links)


def _areas(on: date, _now: datetime) -> Step:
    counted = places.area_counts(on)
    below = counted[1:]
    text = "，".join(_("%(kind)s %(n)s 个") % {"kind": name, "n": n} for _code, name, n, _bare in counted) or _(
        "还没有区域。"
    )
    missing = () if below else (_("录入综合网格、居民区、微网格。没有边界时先录名称。"),)
    bare = sum(row[-1] for row in below)
    if below and bare:
        text += "；" + _("%(n)s 个还没有边界，可以以后补。") % {"n": bare}
    links = _links((_("导入区域表格"), "console:sheets"), (_("区域"), "console:areas"))
    return Step("areas", _("区域"), _state(missing, begun=False), text, missing, links=links)


def _units(on: date, _now: datetime) -> Step:
    counts = people.unit_counts(on)
    total = sum(counts.values())
    missing = []
    if not counts.get("operations_centre"):
        missing.append(_("还没有城运中心（网格化中心）。"))
    if total - counts.get("operations_centre", 0) - counts.get("street_office", 0) <= 0:
        missing.append(_("还没有承办单位。"))
    links = _links((_("导入单位和岗位表格"), "console:sheets"), (_("单位"), "console:units"))
    text = _("%(n)s 个单位") % {"n": total}
    return Step("units", _("单位与岗位"), _state(missing, begun=total > 1), text, tuple(missing), links=links)


def _people(on: date, _now: datetime) -> Step:
    held = people.staffing(on)
    lacking = [role for role in NEEDED_ROLES if not held.get(role.value)]
    missing = [_("没有%(roles)s。") % {"roles": role_names(r.value for r in lacking)}] if lacking else []
    staff = sum(n for role, n in held.items() if role != Role.RESIDENT)
    links = _links((_("导入人员表格"), "console:sheets"), (_("人员"), "console:people"))
    text = _("在岗 %(n)s 人次") % {"n": staff}
    begun = len(lacking) < len(NEEDED_ROLES)
    if lacking:
        missing.append(_("系统管理员导入人员，安全管理员确认任命。"))
    return Step("people", _("人员"), _state(missing, begun=begun), text, tuple(missing), links=links)


def _categories(_on: date, _now: datetime) -> Step:
    leaves = [n for n in cases.categories() if n.leaf]
    missing = () if leaves else (_("至少要有一个分类。"),)
    links = _links((_("分类"), "console:categories"), (_("导入分类表格"), "console:sheets"))
    text = _("%(n)s 个分类") % {"n": len(leaves)}
    return Step("categories", _("分类"), _state(missing, begun=False), text, missing, links=links)


def _clocks(on: date, _now: datetime) -> Step:
    rules = rulebook.all_rules(on)
    doubtful = sum(r.mark in _UNVERIFIED for r in rules)
    text = _("%(n)s 条规则，其中 %(doubtful)s 条是未经核实的默认值，请对照本地规定。") % {
        "n": len(rules), "doubtful": doubtful,
    }  # fmt: skip
    missing = [
        _("%(year)s 年的放假安排还没有录入，跨年的工作日时限暂按推算。") % {"year": day.year}
        for day in {d.year: d for d in (on, on + timedelta(days=45))}.values()
        if not _announced(day)
    ]
    links = _links((_("规则"), "console:rules"), (_("工作日历"), "console:calendar"))
    return Step("clocks", _("时限与日历"), _state(missing, begun=bool(rules)), text, tuple(missing), links=links)


def _announced(day: date) -> bool:
    try:
        rulebook.working_calendar().is_workday(day)
    except YearNotAnnouncedError:
        return False
    return True


def _routing(_on: date, _now: datetime) -> Step:
    rules, lost = cases.routing_rules(), cases.unrouted()
    missing = [] if rules else [_("还没有派遣规则，所有问题都要派单员定承办单位。")]
    text = _("%(n)s 条派遣规则") % {"n": len(rules)}
    if rules and lost:
        text += "；" + _("%(n)s 个分类没有规则，会进入“待定承办单位”。") % {"n": len(lost)}
    links = _links((_("派遣规则"), "console:routing"))
    return Step("routing", _("派遣规则"), _state(missing, begun=False), text, tuple(missing), links=links)


def _messages(_on: date, _now: datetime) -> Step:
    mail = bool(settings.EMAIL_HOST)
    missing = () if mail else (_("没有配置邮件服务器（LINLI_SMTP_HOST），只发站内消息。"),)
    text = _("邮件：%(host)s") % {"host": settings.EMAIL_HOST} if mail else _("站内消息可用。")
    links = _links((_("消息模板"), "console:templates"))
    return Step("messages", _("消息"), DONE if mail else PART, text, missing, links=links)


def _test(_on: date, now: datetime) -> Step:
    closed = cases.case_list(SYSTEM, cases.Filters(states=("closed",), order="new"), now=now, size=1).rows
    begun = closed or cases.case_list(SYSTEM, cases.Filters(order="new"), now=now, size=1).rows
    missing = () if closed else (_("请派单员登记一件试办的问题，一直办到结案，办完可以作废，不计入统计。"),)
    text = _("已有办结的案件。") if closed else (_("已登记，还没有办结。") if begun else _("还没有登记过案件。"))
    return Step("test", _("试办一件"), _state(missing, begun=bool(begun)), text, missing, Role.DISPATCHER)


def _open(_on: date, _now: datetime) -> Step:
    shut = cases.shut(Source.RESIDENT)
    missing = (_("居民还不能在网上反映问题。"),) if shut else ()
    text = _("居民门户已开放。") if shut is None else _("居民门户关闭：%(why)s") % {"why": shut.reason}
    links = _links((_("开放或关闭"), "console:setup_open"))
    return Step("open", _("开放"), TODO if shut else DONE, text, missing, links=links)


_CHECKS: tuple[Callable[[date, datetime], Step], ...] = (
    _place, _areas, _units, _people, _categories, _clocks, _routing, _messages, _test, _open,
)  # fmt: skip


def steps(now: datetime) -> list[Step]:
    """Return the whole path as it stands: at most 14 statements whatever the size of the subdistrict."""
    on = localtime(now).date()
    return [check(on, now) for check in _CHECKS]


def lacking(path: Sequence[Step]) -> list[Step]:
    """Return the steps without which the residents' door should not be opened."""
    return [step for step in path if step.code in NEEDED_STEPS and step.state != DONE]
