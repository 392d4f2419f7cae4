"""The units, posts and role-holders of the demonstration subdistrict; no real person's name.

Names of units follow the five source texts and the 居民区 of the list; people are called by
their post and a letter (“派单员甲”), as the safeguards ask.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from linli.foundation.accounts import services as accounts
from linli.foundation.core.actors import Actor
from linli.foundation.people import services as people
from linli.foundation.people.types import Role
from linli.interfaces.cli.demo.scenes import HUAYANG, Scene

PASSWORD = "linli-demo-2026"  # noqa: S105  printed by `make run`; refused outside the demonstration
SINCE = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account that `make run` prints."""

    username: str
    name: str
    role: Role
    unit: str
    title: str
    area: str = ""


@dataclass
class Town:
    """What was entered: units by key, users by name."""

    units: dict[str, Any] = field(default_factory=dict)
    users: dict[str, Any] = field(default_factory=dict)
    accounts: list[DemoAccount] = field(default_factory=list)


# key: (name, short name, kind, area: "" whole street, "@" + neighbourhood, "#" + grid number)
def units_of(scene: Scene) -> dict[str, tuple[str, str, str, str]]:
    """Return the units of a subdistrict by key."""
    return {
        "street": (f"{scene.name}办事处", "街道", "street_office", "#0"),
        "centre": (f"{scene.name}城市运行管理中心", "城运中心", "operations_centre", "#0"),
        "party": ("街道党政办公室", "党政办", "department", "#0"),
        "safety": ("街道社区平安办公室", "平安办", "department", "#0"),
        "management": ("街道社区管理办公室", "管理办", "department", "#0"),
        "service": ("街道社区服务办公室", "服务办", "department", "#0"),
        "development": ("街道社区党建办公室", "党建办", "department", "#0"),
        "enforcement": (f"{scene.name}综合行政执法队", "城管", "enforcement", "#0"),
        "police": (f"{scene.name.removesuffix('街道')}派出所", "派出所", "police", "#0"),
        "market": (f"{scene.short}市场监督管理所", "市场所", "market", "#0"),
        "housing": (f"{scene.short}房管办事处", "房管办", "housing", "#0"),
        "bikes": ("街面秩序管理服务公司", "街面服务", "contractor", "#0"),
        "bikes_a": ("青橙单车运营有限公司", "青橙单车", "company", "#0"),
        "bikes_b": ("蓝途单车运营有限公司", "蓝途单车", "company", "#0"),
        "branch": ("硅巷凝聚力党支部", "凝聚力支部", "branch", "#0"),
        "property": ("阳光物业服务有限公司", "阳光物业", "property_company", "#0"),
    }


UNITS = units_of(HUAYANG)
ACCOUNTS: list[DemoAccount] = [
    DemoAccount("paidan", "派单员甲", Role.DISPATCHER, "centre", "派单员"),
    DemoAccount("paidan2", "派单员乙", Role.DISPATCHER, "centre", "派单员"),
    DemoAccount("zhiban", "值班长甲", Role.SHIFT_LEADER, "centre", "值班长"),
    DemoAccount("jiandu", "监督员甲", Role.INSPECTOR, "centre", "网格监督员"),
    DemoAccount("shuji", "书记甲", Role.NEIGHBOURHOOD_SECRETARY, "@", "居民区书记"),
    DemoAccount("shegong", "社工甲", Role.COMMUNITY_WORKER, "@", "社区工作者"),
    DemoAccount("weiwangge", "微网格长甲", Role.MICROGRID_HEAD, "@", "微网格长", "m1"),
    DemoAccount("louzu", "楼组长甲", Role.STAIRWELL_HEAD, "@", "楼组长", "s1"),
    DemoAccount("wanggezhang", "网格长甲", Role.GRID_HEAD, "street", "综合网格长", "grid"),
    DemoAccount("lingdao", "街道领导甲", Role.STREET_LEADER, "street", "党工委领导"),
    DemoAccount("ducha", "督查员甲", Role.SUPERVISOR, "party", "督查员"),
    DemoAccount("chengguan", "城管队员甲", Role.UNIT_HANDLER, "enforcement", "执法队员"),
    DemoAccount("chengguan2", "城管队员乙", Role.UNIT_HANDLER, "enforcement", "执法队员"),
    DemoAccount("zhongdui", "城管队长甲", Role.UNIT_HEAD, "enforcement", "执法队长"),
    DemoAccount("minjing", "社区民警甲", Role.UNIT_HANDLER, "police", "社区民警"),
    DemoAccount("fangguan", "房管员甲", Role.UNIT_HANDLER, "housing", "房管员"),
    DemoAccount("fangguan2", "房管负责人甲", Role.UNIT_HEAD, "housing", "房管负责人"),
    DemoAccount("guanliban", "管理办甲", Role.UNIT_HEAD, "management", "管理办负责人"),
    DemoAccount("pinganban", "平安办甲", Role.UNIT_HEAD, "safety", "平安办负责人"),
    DemoAccount("fuwuban", "服务办甲", Role.UNIT_HEAD, "service", "服务办负责人"),
    DemoAccount("dangzheng", "党政办甲", Role.UNIT_HEAD, "party", "党政办负责人"),
    DemoAccount("zhibu", "支部书记甲", Role.UNIT_HEAD, "branch", "凝聚力党支部书记"),
    DemoAccount("danche", "街面服务甲", Role.CONTRACTOR, "bikes", "外包单位"),
    DemoAccount("qingcheng", "青橙调度甲", Role.CONTRACTOR, "bikes_a", "单车企业"),
    DemoAccount("lantu", "蓝途调度甲", Role.CONTRACTOR, "bikes_b", "单车企业"),
    DemoAccount("wuye", "物业经理甲", Role.CONTRACTOR, "property", "物业经理"),
    DemoAccount("xitong", "系统管理员甲", Role.SYSTEM_ADMIN, "party", "系统管理员"),
    DemoAccount("anquan", "安全管理员甲", Role.SECURITY_ADMIN, "party", "安全管理员"),
    DemoAccount("shenji", "审计管理员甲", Role.AUDIT_ADMIN, "party", "审计管理员"),
    DemoAccount("jumin", "居民甲", Role.RESIDENT, "", "居民"),
]


def _unit_area(spec: str, geography: dict[str, Any]) -> int | None:
    if spec.startswith("@"):
        return int(geography["neighbourhoods"][spec[1:]].pk)
    return int(geography["street"].pk) if spec == "#0" else None


def _post_area(account: DemoAccount, geography: dict[str, Any], scene: Scene) -> int | None:
    home = geography["neighbourhoods"][scene.home]
    if account.area == "grid":
        return int(next(g.pk for g in geography["grids"] if home.path.startswith(g.path)))
    if account.area in {"m1", "s1"}:
        below = sorted(
            (a for a in geography["areas"].values() if a.path.startswith(home.path) and a.pk != home.pk),
            key=lambda a: len(a.path),
        )
        return int(below[0].pk if account.area == "m1" else below[-1].pk)
    return None


def _enter_units(town: Town, *, by: Actor, now: datetime, geography: dict[str, Any], scene: Scene) -> None:
    for key, (name, short, kind, area) in units_of(scene).items():
        town.units[key] = people.create_unit(
            by=by,
            now=now,
            name=name,
            short_name=short,
            kind=kind,
            area_id=_unit_area(area, geography),
            starts_on=SINCE,
            phone="021-5555 0100",
        )
    for name, area in geography["neighbourhoods"].items():
        town.units[f"@{name}"] = people.create_unit(
            by=by,
            now=now,
            name=f"{name}居民委员会",
            short_name=f"{name}居委",
            kind="neighbourhood_committee",
            area_id=area.pk,
            starts_on=SINCE,
            phone=f"021-5555 {area.pk % 9000 + 1000}",
        )


def _every_secretary(geography: dict[str, Any], scene: Scene) -> list[DemoAccount]:
    names = [n for n in geography["neighbourhoods"] if n != scene.home]
    return [
        DemoAccount(f"shuji{i:02d}", f"{name}书记", Role.NEIGHBOURHOOD_SECRETARY, f"@{name}", f"{name}居民区书记")
        for i, name in enumerate(names, start=2)
    ]


def load_people(
    *,
    by: Actor,
    now: datetime,
    geography: dict[str, Any],
    password: str = PASSWORD,
    demo: bool = True,
    scene: Scene = HUAYANG,
) -> Town:
    """Enter units, posts and accounts through the services; return what was made.

    Args:
        password: one for all; a password is hashed once and shared, since hashing is slow on purpose.
        demo: mark the accounts as demonstration ones.
    """
    town = Town()
    _enter_units(town, by=by, now=now, geography=geography, scene=scene)
    hashed = ""
    for account in [*ACCOUNTS, *_every_secretary(geography, scene)]:
        kind = "resident" if account.role is Role.RESIDENT else "staff"
        user = accounts.create_user(
            username=account.username,
            display_name=account.name,
            password=None if hashed else password,
            kind=kind,
            is_demo=demo,
            by=by,
            now=now,
        )
        if hashed:
            user.password = hashed
            user.save(update_fields=["password"])
        hashed = hashed or user.password
        town.users[account.username] = user
        town.accounts.append(account)
        key = f"@{scene.home}" if account.unit == "@" else account.unit
        unit = town.units[key or "street"]
        title = f"{scene.home}{account.title}" if account.username == "shuji" else account.title
        post = people.create_post(
            by=by, now=now, unit=unit, role=account.role, title=title, area_id=_post_area(account, geography, scene)
        )
        people.appoint(by=by, now=now, user_id=user.pk, post=post, starts_on=SINCE)
    _plan_duty(town, by=by, now=now)
    return town


def _plan_duty(town: Town, *, by: Actor, now: datetime) -> None:
    start = now.replace(hour=1, minute=0, second=0, microsecond=0)
    for day in range(7):
        for who, offset in (("zhiban", 0), ("paidan", 0), ("paidan2", 12)):
            begin = start + timedelta(days=day, hours=offset)
            people.plan_duty(
                by=by,
                now=now,
                unit=town.units["centre"],
                user_id=town.users[who].pk,
                starts_at=begin,
                ends_at=begin + timedelta(hours=12),
            )
