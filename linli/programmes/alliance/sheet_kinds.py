"""Members and lines of the three lists from sheets: forty member units at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.core.ids import uuids_in
from linli.foundation.people import selectors as people
from linli.foundation.places.selectors.naming import AreaNames, check_area, known_areas, settle_area
from linli.foundation.sheets.permissions import may_administer
from linli.foundation.sheets.services import pointing_at
from linli.foundation.sheets.services.removing import delete_rows
from linli.foundation.sheets.types import (
    About,
    Column,
    Found,
    Hang,
    Made,
    Row,
    SheetKind,
    Type,
    Values,
    register,
)  # fmt: skip
from linli.programmes.alliance import selectors, services
from linli.programmes.alliance.models import Entry, Member
from linli.programmes.alliance.rules.quantities import amount_text, parse_amount
from linli.programmes.alliance.types import EntryData, ListKind, MemberData, MemberKind
from linli.programmes.alliance.workflow import EntryState

_MEMBER = ("name", "short_name", "kind", "address", "offers", "needs", "contact_post", "proposer")
_ENTRY = ("kind", "title", "text", "unit_word", "place", "conditions")
_CHUNK = 500

MEMBER_COLUMNS = (
    Column("id", gettext_lazy("编号"), longest=36, fixed=True, hint=gettext_lazy("新增的不填；导出再导入时请勿修改。")),
    Column("name", gettext_lazy("单位名称"), required=True, aliases=("名称", "成员单位"), longest=100,
           example=gettext_lazy("示范医院")),
    Column("short_name", gettext_lazy("简称"), longest=32),
    Column("kind", gettext_lazy("类型"), Type.CHOICE, required=True, aliases=("单位类型",),
           choices=lambda: MemberKind.choices),
    Column("unit", gettext_lazy("对应单位"), longest=128, known=people.known_units,
           hint=gettext_lazy("已在“单位与岗位”登记的写那里的名称，它的人员就能代表本单位认领；没有的不填。")),
    Column("area", gettext_lazy("片区"), aliases=("所属区域",), known=known_areas,
           hint=gettext_lazy("区域的名称或编码，可不填。")),
    Column("address", gettext_lazy("地址"), longest=200),
    Column("offers", gettext_lazy("能提供"), aliases=("资源",), longest=1000),
    Column("needs", gettext_lazy("有需求"), aliases=("需求",), longest=1000),
    Column("contact_post", gettext_lazy("联系岗位"), aliases=("联系人岗位",), longest=64,
           example=gettext_lazy("党委办公室主任"), hint=gettext_lazy("写岗位，不写姓名。")),
    Column("phone", gettext_lazy("办公电话"), aliases=("联系电话",), longest=32, personal=True,
           hint=gettext_lazy("加密保存，不对外公开。")),
    Column("proposer", gettext_lazy("推荐单位"), longest=100),
)  # fmt: skip


def _units(about: About) -> dict[str, int]:
    found: dict[str, int] = about.once("alliance.units", lambda: {u.name: u.pk for u in people.active_units()})
    return found


def _areas(about: About) -> AreaNames:
    found: AreaNames = about.once("alliance.areas", AreaNames)
    return found


def _member(member: Member, areas: AreaNames) -> Found:
    values = {name: getattr(member, name) for name in _MEMBER} | {
        "id": str(member.uuid),
        "unit": member.unit.name if member.unit else "",
        "area": areas.words(member.area_id),
        "phone": member.contact()[1],
    }
    return Found(str(member.uuid), member.name, values, member.pk, member.uuid)


def _find_members(rows: Sequence[Row], about: About) -> list[Found | None]:
    areas, found = _areas(about), []
    near = selectors.all_members()
    by_id = {str(m.uuid): m for m in near.filter(uuid__in=uuids_in([r.get("id") for r in rows if r.get("id")]))}
    by_name = {m.name: m for m in near.filter(name__in={r.get("name") for r in rows if not r.get("id")})}
    for row in rows:
        settle_area(row, areas)
        member = by_id.get(row.get("id")) if row.get("id") else by_name.get(row.get("name"))
        if member is not None and not row.get("id") and "id" in row.values:
            row.values["id"] = str(member.uuid)
        found.append(_member(member, areas) if member else None)
    return found


def _check_members(rows: Sequence[Row], found: Sequence[Found | None], about: About) -> None:
    for row, there in zip(rows, found, strict=True):
        if "areas" not in row.data:
            settle_area(row, _areas(about))
        check_area(row)
        if row.get("id") and there is None:
            row.refuse("id", _("没有这个编号；新增的请不填编号。"))
        if row.get("unit") and row.get("unit") not in _units(about):
            row.refuse("unit", _("没有“%(name)s”这个单位。") % {"name": row.get("unit")})
        if row.get("phone") and not 3 <= sum(c.isdigit() for c in row.get("phone")) <= 15:
            row.refuse("phone", _("电话号码应为 3 至 15 位数字。"))


def _member_data(values: Mapping[str, str], row: Row, about: About, before: Member | None) -> MemberData:
    areas = row.data["areas"]
    return MemberData(
        **{name: values.get(name, "") for name in _MEMBER},
        unit_id=_units(about).get(values.get("unit", "")),
        area_id=areas[0].pk if areas else (before.area_id if before and "area" not in row.values else None),
        contact_name=before.contact()[0] if before else "",
        phone=values.get("phone", ""),
        note=before.note if before else "",
    )


def _create_members(rows: Sequence[Row], about: About) -> list[Made]:
    made = []
    for row in rows:
        data = _member_data(row.values, row, about, None)
        member = services.propose_member(by=about.by, now=about.now, data=data)
        made.append(Made(str(member.uuid), member.name))
    return made


def _change_members(pairs: Sequence[tuple[Row, Found]], about: About) -> None:
    there = Member.objects.in_bulk([f.data for _r, f in pairs])
    for row, found in pairs:
        member = there[found.data]
        data = _member_data({**found.values, **row.values}, row, about, member)
        services.change_member(by=about.by, now=about.now, uuid=member.uuid, data=data, expected=member.version)


def _load_members(refs: Sequence[str]) -> Mapping[str, Found]:
    areas, ids = AreaNames(), uuids_in(refs)
    found: dict[str, Found] = {}
    for begin in range(0, len(ids), _CHUNK):
        rows = selectors.all_members().filter(uuid__in=ids[begin : begin + _CHUNK])
        found |= {str(m.uuid): _member(m, areas) for m in rows}
    return found


def _hanging_members(found: Sequence[Found], _about: About) -> list[Hang]:
    return pointing_at(Member, found)


def _remove_members(found: Sequence[Found], about: About) -> None:
    services.note_removed(by=about.by, now=about.now, reason=about.reason, kind="member", found=found)
    delete_rows(Member, [f.data for f in found])


def _export_members(_about: About) -> Iterator[Values]:
    areas = AreaNames()
    for member in selectors.all_members().iterator(2000):
        yield _member(member, areas).values


def _categories() -> list[tuple[str, Any]]:
    return [(c.code, c.name) for c in selectors.categories()]


ENTRY_COLUMNS = (
    Column("id", gettext_lazy("编号"), longest=36, fixed=True, hint=gettext_lazy("新增的不填；导出再导入时请勿修改。")),
    Column("kind", gettext_lazy("清单"), Type.CHOICE, required=True, choices=lambda: ListKind.choices, fixed=True),
    Column("title", gettext_lazy("名称"), required=True, aliases=("标题", "项目名称"), longest=100,
           example=gettext_lazy("‘医德医风’在职党员志愿督导")),
    Column("text", gettext_lazy("说明"), longest=2000),
    Column("category", gettext_lazy("类别"), Type.CHOICE, choices=_categories),
    Column("quantity", gettext_lazy("数量"), Type.DECIMAL),
    Column("unit_word", gettext_lazy("单位"), aliases=("计量单位",), longest=16, example=gettext_lazy("场")),
    Column("reusable", gettext_lazy("可反复使用"), Type.YES_NO, example="no",
           hint=gettext_lazy("会议室等用过还在的填“是”。")),
    Column("member", gettext_lazy("提出单位"), longest=100, hint=gettext_lazy("成员单位的名称；街道提出的不填。")),
    Column("area", gettext_lazy("区域"), known=known_areas, hint=gettext_lazy("区域的名称或编码，可不填。")),
    Column("place", gettext_lazy("地点"), longest=120),
    Column("starts_on", gettext_lazy("自"), Type.DATE),
    Column("ends_on", gettext_lazy("至"), Type.DATE),
    Column("conditions", gettext_lazy("条件"), longest=300),
)  # fmt: skip


def _entry(entry: Entry, areas: AreaNames) -> Found:
    values = {name: getattr(entry, name) for name in _ENTRY} | {
        "id": str(entry.uuid),
        "category": entry.category.code if entry.category else "",
        "quantity": amount_text(entry.quantity),
        "reusable": "yes" if entry.reusable else "no",
        "member": entry.member.name if entry.member else "",
        "area": areas.words(entry.area_id),
        "starts_on": entry.starts_on.isoformat() if entry.starts_on else "",
        "ends_on": entry.ends_on.isoformat() if entry.ends_on else "",
    }
    return Found(str(entry.uuid), entry.title, values, entry.pk, entry.uuid)


def _rows() -> Any:
    return Entry.objects.select_related("category", "member")


def _find_entries(rows: Sequence[Row], about: About) -> list[Found | None]:
    areas, found = _areas(about), []
    by_id = {str(e.uuid): e for e in _rows().filter(uuid__in=uuids_in([r.get("id") for r in rows if r.get("id")]))}
    named = _rows().filter(title__in={r.get("title") for r in rows if not r.get("id")}).exclude(state=EntryState.CLOSED)
    by_name = {(e.kind, e.title, e.member.name if e.member else ""): e for e in named}
    for row in rows:
        settle_area(row, areas)
        if "reusable" in row.values and not row.get("reusable"):
            row.values["reusable"] = "no"
        named_as = (row.get("kind"), row.get("title"), row.get("member"))
        entry = by_id.get(row.get("id")) if row.get("id") else by_name.get(named_as)
        if entry is not None and not row.get("id") and "id" in row.values:
            row.values["id"] = str(entry.uuid)
        found.append(_entry(entry, areas) if entry else None)
    return found


def _check_entries(rows: Sequence[Row], found: Sequence[Found | None], about: About) -> None:
    wanted = sorted({r.get("member") for r in rows if r.get("member")})
    members = selectors.members_by_name(wanted)
    drafts = set(
        Entry.objects.filter(pk__in=[f.data for f in found if f], state=EntryState.DRAFT).values_list("pk", flat=True)
    )
    for row, there in zip(rows, found, strict=True):
        if "areas" not in row.data:
            settle_area(row, _areas(about))
        check_area(row)
        row.data["member"] = members[row.get("member")].pk if row.get("member") in members else None
        if row.get("member") and row.data["member"] is None:
            row.refuse("member", _("没有“%(name)s”这个成员单位。") % {"name": row.get("member")})
        if row.get("id") and there is None:
            row.refuse("id", _("没有这个编号；新增的请不填编号。"))
        if there is not None and there.data not in drafts and _differs(row, there):
            row.refuse("", _("已经送审或发布，不能用表格修改。"))
        if row.get("quantity") and not row.values.get("unit_word", there.values["unit_word"] if there else ""):
            row.refuse("unit_word", _("填了数量，请填单位，例如：小时、场、人次。"))


def _differs(row: Row, there: Found) -> bool:
    return any(there.values.get(k, "") != v for k, v in row.values.items())


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _entry_data(values: Mapping[str, str], row: Row, before: Entry | None) -> EntryData:
    areas = row.data["areas"]
    plain: dict[str, Any] = {name: values.get(name, "") for name in _ENTRY}
    return EntryData(
        **plain,
        category=values.get("category", ""),
        quantity=parse_amount(values.get("quantity", "")),
        reusable=values.get("reusable") == "yes",
        member_id=row.data["member"] if "member" in row.values else (before.member_id if before else None),
        body_id=before.body_id if before else None,
        receiver_id=before.receiver_id if before else None,
        area_id=areas[0].pk if areas else (before.area_id if before and "area" not in row.values else None),
        starts_on=_day(values.get("starts_on", "")),
        ends_on=_day(values.get("ends_on", "")),
    )


def _create_entries(rows: Sequence[Row], about: About) -> list[Made]:
    made = []
    for row in rows:
        entry = services.draft_entry(by=about.by, now=about.now, data=_entry_data(row.values, row, None))
        made.append(Made(str(entry.uuid), entry.title))
    return made


def _change_entries(pairs: Sequence[tuple[Row, Found]], about: About) -> None:
    there = Entry.objects.in_bulk([f.data for _r, f in pairs])
    for row, found in pairs:
        entry = there[found.data]
        data = _entry_data({**found.values, **row.values}, row, entry)
        services.change_entry(by=about.by, now=about.now, uuid=entry.uuid, data=data, expected=entry.version)


def _load_entries(refs: Sequence[str]) -> Mapping[str, Found]:
    areas, ids = AreaNames(), uuids_in(refs)
    found: dict[str, Found] = {}
    for begin in range(0, len(ids), _CHUNK):
        found |= {str(e.uuid): _entry(e, areas) for e in _rows().filter(uuid__in=ids[begin : begin + _CHUNK])}
    return found


def _hanging_entries(found: Sequence[Found], _about: About) -> list[Hang]:
    published = Entry.objects.filter(pk__in=[f.data for f in found], published_on__isnull=False)
    return [*pointing_at(Entry, found), *(Hang(e.title, _("已经发布过。")) for e in published)]


def _remove_entries(found: Sequence[Found], about: About) -> None:
    services.note_removed(by=about.by, now=about.now, reason=about.reason, kind="entry", found=found)
    delete_rows(Entry, [f.data for f in found])


def _export_entries(_about: About) -> Iterator[Values]:
    areas = AreaNames()
    for entry in _rows().order_by("id").iterator(2000):
        yield _entry(entry, areas).values


MEMBERS = SheetKind(
    code="alliance_members",
    title=gettext_lazy("联建成员单位"),
    text=gettext_lazy("驻区单位、企业、社会组织的类型、资源、需求和联系岗位；导入后按程序接纳。"),
    icon="users-group",
    order=60,
    columns=MEMBER_COLUMNS,
    journal="alliance_member",
    key=lambda values: values.get("id") or values.get("name", ""),
    find=_find_members,
    check=_check_members,
    create=_create_members,
    change=_change_members,
    load=_load_members,
    hanging=_hanging_members,
    remove=_remove_members,
    export=_export_members,
    may=may_administer,
    stretch=100,
)
ENTRIES = SheetKind(
    code="alliance_entries",
    title=gettext_lazy("需求、资源、项目清单"),
    text=gettext_lazy("三张清单；导入的是草稿，送审并由另一人审核后才公开。"),
    icon="list-details",
    order=61,
    columns=ENTRY_COLUMNS,
    journal="alliance_entry",
    key=lambda values: values.get("id") or "|".join(values.get(n, "") for n in ("kind", "title", "member")),
    find=_find_entries,
    check=_check_entries,
    create=_create_entries,
    change=_change_entries,
    load=_load_entries,
    hanging=_hanging_entries,
    remove=_remove_entries,
    export=_export_entries,
    may=may_administer,
    stretch=100,
)


def enter() -> None:
    """Register them."""
    register(MEMBERS)
    register(ENTRIES)
