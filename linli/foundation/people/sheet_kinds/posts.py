"""Posts from a sheet: a role in a unit, for the unit or for an area."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.core.ids import uuids_in
from linli.foundation.people.models import Post
from linli.foundation.people.services import create_post
from linli.foundation.people.sheet_kinds.looking import (
    area_id,
    area_names,
    note_changes,
    note_removed,
    unit_names,
)
from linli.foundation.people.types import ROLES, Role, Where
from linli.foundation.places.selectors.naming import AreaNames, check_area, settle_area
from linli.foundation.sheets.permissions import may_administer
from linli.foundation.sheets.rules import tidy
from linli.foundation.sheets.services import pointing_at
from linli.foundation.sheets.services.removing import delete_rows
from linli.foundation.sheets.types import About, Column, Found, Hang, Made, Row, SheetKind, Type, Values

COLUMNS = (
    Column("id", gettext_lazy("编号"), longest=36, fixed=True, hint=gettext_lazy("新增的不填；导出再导入时请勿修改。")),
    Column("unit", gettext_lazy("单位"), required=True, aliases=("单位名称", "所属单位"), longest=128, fixed=True,
           example=gettext_lazy("街道社区管理办公室")),
    Column("role", gettext_lazy("角色"), Type.CHOICE, required=True, aliases=("岗位角色",), example="unit_head",
           choices=lambda: [(r.value, ROLES[r].name) for r in Role if r is not Role.RESIDENT],
           hint=gettext_lazy("这个岗位可以做什么，见“角色”说明。"), fixed=True),
    Column("title", gettext_lazy("岗位名称"), aliases=("岗位", "职务"), longest=64,
           example=gettext_lazy("管理办负责人"), hint=gettext_lazy("不填则用角色的名称。")),
    Column("area", gettext_lazy("负责区域"), aliases=("区域",),
           hint=gettext_lazy("不填则为单位的区域；网格长、楼组长等必须有区域。"), fixed=True),
    Column("active", gettext_lazy("在用"), Type.YES_NO, example="yes", hint=gettext_lazy("不填为“是”。")),
)  # fmt: skip
_Spot = tuple[int, str, str, int | None]


def _found(post: Post, areas: AreaNames) -> Found:
    values = {
        "id": str(post.uuid),
        "unit": post.unit.name,
        "role": post.role,
        "title": post.title,
        "area": areas.words(post.area_id),
        "active": "yes" if post.active else "no",
    }
    return Found(str(post.uuid), f"{post.unit.name} {post.title}", values, post.pk, post.uuid)


def _read() -> dict[str, Post]:
    return {str(p.uuid): p for p in Post.objects.select_related("unit").order_by("-active", "-id")}


def _spots(posts: Mapping[str, Post]) -> dict[_Spot, Post]:
    found: dict[_Spot, Post] = defaultdict()
    for post in posts.values():
        found.setdefault((post.unit_id, post.role, post.title, post.area_id), post)
    return found


def _find(rows: Sequence[Row], about: About) -> list[Found | None]:
    units, areas = unit_names(about), area_names(about)
    posts = about.once("posts", _read)
    spots = about.once("spots", lambda: _spots(posts))
    found: list[Found | None] = []
    for row in rows:
        settle_area(row, areas)
        unit = row.data["unit"] = units.find(row.get("unit"))
        if unit is not None:
            row.values["unit"] = tidy(unit.name)
        title = row.get("title") or _role_name(row.get("role"))
        post = posts.get(row.get("id")) if row.get("id") else None
        if not row.get("id") and unit is not None:
            post = spots.get((unit.pk, row.get("role"), title, area_id(row)))
        if post is not None:
            _keep_what_is_empty(row, post)
        found.append(_found(post, areas) if post else None)
    return found


def _role_name(role: str) -> str:
    return str(ROLES[Role(role)].name) if role else ""


def _keep_what_is_empty(row: Row, post: Post) -> None:
    there = {"id": str(post.uuid), "title": post.title, "active": "yes" if post.active else "no"}
    for name, value in there.items():
        if name in row.values and not row.values[name]:
            row.values[name] = value


def _check(rows: Sequence[Row], found: Sequence[Found | None], about: About) -> None:
    for row, there in zip(rows, found, strict=True):
        if "areas" not in row.data:  # values from before, to be written back: title or active alone
            continue
        check_area(row)
        unit = row.data["unit"]
        if row.get("unit") and (unit is None or not unit.active):
            row.refuse("unit", _("没有“%(name)s”这个单位。") % {"name": row.get("unit")})
        if row.get("id") and there is None:
            row.refuse("id", _("没有这个编号；新增的请不填编号。"))
        if there is None and row.get("role") and unit is not None:
            needs = ROLES[Role(row.get("role"))].where is Where.AREA
            if needs and not row.get("area") and unit.area_id is None:
                row.refuse("area", _("“%(role)s”必须对应一个区域。") % {"role": _role_name(row.get("role"))})


def _create(rows: Sequence[Row], about: About) -> list[Made]:
    made = []
    for row in rows:
        post = create_post(
            by=about.by, now=about.now, unit=row.data["unit"], role=row.get("role"), title=row.get("title"),
            area_id=area_id(row),
        )  # fmt: skip
        if row.get("active") == "no":
            Post.objects.filter(pk=post.pk).update(active=False)
        made.append(Made(str(post.uuid), f"{row.get('unit')} {post.title}"))
    _forget(about)
    return made


def _forget(about: About) -> None:
    about.kept.pop("posts", None)
    about.kept.pop("spots", None)


def _change(pairs: Sequence[tuple[Row, Found]], about: About) -> None:
    for row, there in pairs:
        fields: dict[str, object] = {}
        if "title" in row.data["differs"]:
            fields["title"] = row.values["title"]
        if "active" in row.data["differs"]:
            fields["active"] = row.values["active"] != "no"
        Post.objects.filter(pk=there.data).update(**fields)
    note_changes(about, "people.change_post", "post", pairs)
    _forget(about)


def _load(refs: Sequence[str]) -> Mapping[str, Found]:
    areas = AreaNames()
    rows = Post.objects.select_related("unit").filter(uuid__in=uuids_in(refs))
    return {str(p.uuid): _found(p, areas) for p in rows}


def _hanging(found: Sequence[Found], _about: About) -> list[Hang]:
    return pointing_at(Post, found)


def _remove(found: Sequence[Found], about: About) -> None:
    delete_rows(Post, [f.data for f in found])
    note_removed(about, "people.remove_post", "post", found)
    _forget(about)


def _export(_about: About) -> Iterator[Values]:
    areas = AreaNames()
    rows = Post.objects.select_related("unit").filter(unit__active=True).exclude(role=Role.RESIDENT)
    for post in rows.order_by("unit__name", "role", "title", "id"):
        yield _found(post, areas).values


POSTS = SheetKind(
    code="posts",
    title=gettext_lazy("岗位"),
    text=gettext_lazy("每个单位有哪些岗位、是什么角色、负责哪个区域。"),
    icon="briefcase",
    order=40,
    columns=COLUMNS,
    journal="post",
    key=lambda v: v.get("id") or "|".join(v.get(n, "") for n in ("unit", "role", "title", "area")),
    find=_find,
    check=_check,
    create=_create,
    change=_change,
    load=_load,
    hanging=_hanging,
    remove=_remove,
    export=_export,
    may=may_administer,
)
