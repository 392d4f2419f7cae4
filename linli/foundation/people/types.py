"""Roles as readable data, and the values that people hands to other rooms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    """What somebody is trusted with."""

    RESIDENT = "resident"
    COMMUNITY_WORKER = "community_worker"
    MICROGRID_HEAD = "microgrid_head"
    STAIRWELL_HEAD = "stairwell_head"
    NEIGHBOURHOOD_SECRETARY = "neighbourhood_secretary"
    INSPECTOR = "inspector"
    DISPATCHER = "dispatcher"
    SHIFT_LEADER = "shift_leader"
    UNIT_HANDLER = "unit_handler"
    UNIT_HEAD = "unit_head"
    GRID_HEAD = "grid_head"
    STREET_LEADER = "street_leader"
    SUPERVISOR = "supervisor"
    CONTRACTOR = "contractor"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


class Where(StrEnum):
    """Where a role applies."""

    SELF = "self"
    AREA = "area"
    UNIT = "unit"
    STREET = "street"


ADMIN_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})


@dataclass(frozen=True, slots=True)
class RoleInfo:
    """One role: its name, what it is for, where it applies, what it may."""

    code: Role
    name: Promise
    description: Promise
    where: Where
    permissions: tuple[str, ...]


_REPORT = ("cases:report", "cases:rate")
_PATROL = ("cases:report", "cases:view_area", "cases:note")
_GROUND = (*_PATROL, "cases:verify", "cases:hand_in")
_UNIT = ("cases:sign", "cases:arrive", "cases:hand_in", "cases:note", "cases:view_unit")

ROLES: dict[Role, RoleInfo] = {
    info.code: info
    for info in (
        RoleInfo(Role.RESIDENT, _("居民"), _("反映问题，查看和评价自己的诉求。"), Where.SELF, _REPORT),
        RoleInfo(
            Role.COMMUNITY_WORKER, _("社区工作者"), _("在所属居民区上报、核实和处理问题，代居民登记。"),
            Where.AREA, (*_GROUND, "cases:report_for", "cases:contact_reporter"),
        ),
        RoleInfo(Role.MICROGRID_HEAD, _("微网格长"), _("负责一个微网格的日常巡查和上报。"), Where.AREA, _PATROL),
        RoleInfo(
            Role.STAIRWELL_HEAD, _("楼组长"), _("负责一个楼组，上报问题。"),
            Where.AREA, ("cases:report",),
        ),
        RoleInfo(
            Role.NEIGHBOURHOOD_SECRETARY, _("居民区书记"), _("负责一个居民区，可以向上吹哨，召集居民区协商。"),
            Where.AREA, (*_GROUND, "cases:assign", "cases:whistle", "cases:raise"),
        ),
        RoleInfo(
            Role.INSPECTOR, _("网格监督员"), _("在网格内巡查上报，核实和核查。"),
            Where.AREA, ("cases:report", "cases:verify", "cases:check", "cases:view_area", "cases:note"),
        ),
        RoleInfo(
            Role.DISPATCHER, _("派单员"), _("受理、立案、派遣，审核处置结果，回复反映人。"), Where.STREET,
            ("cases:accept", "cases:refuse", "cases:file", "cases:dispatch", "cases:recall", "cases:ask",
             "cases:correct", "cases:merge", "cases:reply", "cases:close", "cases:report_for", "cases:urge",
             "cases:view_all", "cases:note", "cases:contact_reporter", "people:take_duty"),
        ),
        RoleInfo(
            Role.SHIFT_LEADER, _("值班长"), _("裁定多次退单，签派，排班和交接班，批准延期与挂账。"), Where.STREET,
            ("cases:decide_return", "cases:order_dispatch", "cases:approve_extension", "cases:dispatch",
             "cases:accept", "cases:file", "cases:reopen", "cases:void", "cases:view_all", "cases:note",
             "people:take_duty", "people:manage_duty"),
        ),
        RoleInfo(
            Role.UNIT_HANDLER, _("承办人"), _("办理派到本单位的案件。"), Where.UNIT, (*_UNIT, "cases:ask"),
        ),
        RoleInfo(
            Role.UNIT_HEAD, _("单位负责人"), _("签收、分派本单位案件，申请退单、延期和挂账。"), Where.UNIT,
            (*_UNIT, "cases:assign", "cases:return", "cases:request_extension", "cases:raise",
             "people:manage_absence"),
        ),
        RoleInfo(
            Role.GRID_HEAD, _("综合网格长"), _("统筹一个综合网格，召集网格协商，决定综合问题。"), Where.AREA,
            ("cases:view_area", "cases:convene", "cases:decide", "cases:raise", "cases:lower", "cases:note",
             "people:manage_lines"),
        ),
        RoleInfo(
            Role.STREET_LEADER, _("街道领导"), _("统筹困难问题，批准挂账，作出党工委协调决定。"), Where.STREET,
            ("cases:view_all", "cases:convene", "cases:decide", "cases:lower", "cases:order",
             "cases:approve_shelving", "people:manage_duty"),
        ),
        RoleInfo(
            Role.SUPERVISOR, _("督查员"), _("查看全部案件并发起督办，不参与办理。"), Where.STREET,
            ("cases:view_all", "cases:order"),
        ),
        RoleInfo(
            Role.CONTRACTOR, _("物业/外包单位"), _("办理派到本企业的案件，看不到反映人。"), Where.UNIT,
            ("cases:sign", "cases:arrive", "cases:hand_in", "cases:view_unit"),
        ),
        RoleInfo(
            Role.SYSTEM_ADMIN, _("系统管理员"), _("管理账号、单位、岗位和系统设置，不授权，不看审计。"), Where.STREET,
            ("accounts:manage", "people:manage_units", "people:manage_lines", "console:configure"),
        ),
        RoleInfo(
            Role.SECURITY_ADMIN, _("安全管理员"), _("任免岗位、授予权限，管理代理关系。"), Where.STREET,
            ("people:appoint", "people:manage_absence", "people:see_as"),
        ),
        RoleInfo(
            Role.AUDIT_ADMIN, _("审计管理员"), _("查阅日志、核验封存，不能改动业务和权限。"), Where.STREET,
            ("journal:read", "journal:verify"),
        ),
    )
}  # fmt: skip


def role_names(codes: Iterable[str]) -> str:
    """Return the names of roles by code, parted by 、 in the order of the table."""
    wanted = set(codes)
    return "、".join(str(info.name) for code, info in ROLES.items() if code in wanted)


class Line(StrEnum):
    """Whose grid was merged into the one grid (多格合一), and whose people work in it."""

    CITY_OPERATIONS = "city_operations"
    POLICE = "police"
    GOVERNANCE = "governance"
    PARTY = "party"
    ENFORCEMENT = "enforcement"
    MARKET = "market"
    HEALTH = "health"
    FIRE = "fire"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Term:
    """One post held by one person, from the first to the last day (None: open)."""

    user_id: int
    role: str
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Away:
    """One absence and who stands in, both days included."""

    user_id: int
    stand_in_id: int | None
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Holder:
    """A person in a post today; ``acting_for`` names the absent one stood in for."""

    user_id: int
    name: str
    title: str
    role: str
    unit_id: int
    acting_for: str = ""

    @property
    def label(self) -> str:
        """Post and name, as lists of people to choose from show them."""
        return f"{self.title} {self.name}"


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who is on now."""

    user_id: int
    name: str
    unit_id: int
    unit: str
    kind: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that nobody answers for: kind ``unit_empty``, ``unit_idle`` or ``area_without_head``."""

    kind: str
    id: int
    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What an engine passed on when somebody left, in words and number."""

    what: str
    count: int


class BodyFunction(models.TextChoices):
    """What a post is in a leading group."""

    HEAD = "head", _("组长")
    DEPUTY = "deputy", _("副组长")
    MEMBER = "member", _("成员")


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of a week's day, Monday 1 to Sunday 7, from the first minute to before the last."""

    weekday: int
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class NewDesk:
    """A walk-in desk as it is entered: where, whose officer by post, when; ``note`` for what a week does not say."""

    name: str
    area_id: int
    unit_id: int
    place: str
    hours: tuple[Hours, ...]
    post: str = ""
    phone: str = ""
    note: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class PostGroup:
    """Posts that are invited together: kinds of units, and what a post's role or title says."""

    code: str
    name: Promise
    kinds: frozenset[str]
    roles: frozenset[str]
    words: tuple[str, ...] = ()


POST_GROUPS: dict[str, PostGroup] = {
    g.code: g
    for g in (
        PostGroup(
            "secretary",
            _("居民区党组织书记"),
            frozenset({"neighbourhood_committee", "branch"}),
            frozenset({Role.NEIGHBOURHOOD_SECRETARY}),
        ),
        PostGroup(
            "director", _("居委会主任"), frozenset({"neighbourhood_committee"}), frozenset(), ("居委会主任", "主任")
        ),
        PostGroup("owners", _("业委会主任"), frozenset({"owners_committee"}), frozenset({Role.UNIT_HEAD}), ("主任",)),
        PostGroup(
            "property",
            _("物业经理"),
            frozenset({"property_company"}),
            frozenset({Role.UNIT_HEAD, Role.CONTRACTOR}),
            ("经理", "项目负责人"),
        ),
        PostGroup("grid_head", _("综合网格长"), frozenset(), frozenset({Role.GRID_HEAD})),
    )
}


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody who would be invited: the person, the post, the unit, which group."""

    user_id: int
    name: str
    title: str
    unit_id: int
    unit: str
    group: str
