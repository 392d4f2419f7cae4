"""The three lists: entering, review before anything is public, pitching, the yearly top ten, ending."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, DomainError, ForbiddenError
from linli.foundation.core.faults import check_version
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.files import services as files
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places
from linli.programmes.alliance import permissions, selectors
from linli.programmes.alliance.models import Body, Category, Entry, Member
from linli.programmes.alliance.rules import naming
from linli.programmes.alliance.services.help import (
    Faults,
    check_state,
    invalid,
    needed,
    tell,
    values_of,
)  # fmt: skip
from linli.programmes.alliance.types import EntryData, ListKind, Stage
from linli.programmes.alliance.workflow import EntryState

_TOLD = (
    "kind", "title", "text", "category_id", "quantity", "unit_word", "reusable", "member_id", "body_id", "receiver_id",
    "area_id", "place", "starts_on", "ends_on", "conditions", "source_label",
)  # fmt: skip
# What a street usually lists; rows of their own once loaded.
CATEGORIES = (
    ("worksite", "工地服务"), ("housekeeping", "社区管家"), ("medical", "医务服务"), ("student_aid", "助学帮困"),
    ("homes", "美丽家园"), ("venue", "场地"), ("volunteers", "志愿者"), ("lectures", "讲座培训"), ("funds", "资金物资"),
    ("street_light", "街区点亮"), ("business", "营商服务"), ("culture", "文化活动"), ("other", "其他"),
)  # fmt: skip


def load_categories() -> int:
    """Enter the categories that Linli ships where there are none; return how many there are."""
    if not Category.objects.exists():
        Category.objects.bulk_create(
            [Category(code=code, name=name, order=n) for n, (code, name) in enumerate(CATEGORIES, 1)],
            ignore_conflicts=True,
        )
    return Category.objects.count()


@whole
def save_category(*, by: Actor, now: datetime, name: str) -> Category:
    """Add a category.

    Raises:
        ForbiddenError. InvalidError: no name, or one that is there.
    """
    permissions.check_keep(by)
    name = needed("name", name, 32)
    if Category.objects.filter(name=name).exists():
        raise invalid("name", _("已经有这一类。"))
    number = Category.objects.count() + 1
    while Category.objects.filter(code=f"own_{number}").exists():
        number += 1
    made = Category.objects.create(code=f"own_{number}", name=name, order=number)
    tell(by, now, "save_category", made, kind="category", after={"name": name})
    return made


def _check_owner(by: Actor, data: EntryData) -> None:
    """Let a member's own people enter what it needs and offers; everything else is the office's."""
    if data.member_id is not None and data.kind != ListKind.PROJECT:
        member = Member.objects.filter(pk=data.member_id).first()
        if member is not None and permissions.may_act_for(by, member):
            return
    permissions.check_enter(by)


@whole
def draft_entry(*, by: Actor, now: datetime, data: EntryData) -> Entry:
    """Enter a line as a draft.

    Raises:
        ForbiddenError: neither who keeps the alliance nor who works in the member that needs or offers.
        InvalidError: by field.
    """
    _check_owner(by, data)
    entry = Entry(drafted_on=timezone.localdate(now), changed_at=now)
    _fill(entry, data)
    entry.save(force_insert=True)
    tell(by, now, "draft_entry", entry, kind="entry", after=values_of(entry, _TOLD))
    return entry


@whole
def change_entry(*, by: Actor, now: datetime, uuid: UUID, data: EntryData, expected: int | None = None) -> Entry:
    """Change a draft at version ``expected``; its list and where it came from stay.

    Raises:
        ForbiddenError, ConflictError: no draft any more. StaleError, InvalidError.
    """
    entry = locked(uuid, by, "change")
    check_version(entry, expected)
    before = values_of(entry, _TOLD)
    _check_owner(by, data)
    kept = (entry.kind, entry.source_kind, entry.source_uuid, entry.source_label)
    _fill(entry, data)
    entry.kind, entry.source_kind, entry.source_uuid, entry.source_label = kept
    _save(entry, now)
    tell(by, now, "change_entry", entry, kind="entry", before=before, after=values_of(entry, _TOLD))
    return entry


@whole
def offer_from_visit(
    *, by: Actor, now: datetime, data: EntryData, source_kind: str = "visit", source_uuid: UUID | None = None,
    source_label: str = "",
) -> Entry:  # fmt: skip
    """Enter an offer that was met on a visit: a draft of the resource list that names the visit, handed in at once.

    Raises:
        ForbiddenError: no staff role at all. InvalidError: as :func:`draft_entry`, or it is said nowhere who offers.
    """
    if not by.is_system and not (by.roles - {"resident", "system_admin", "security_admin", "audit_admin"}):
        raise ForbiddenError(_("走访所得由工作人员登记。"), code="alliance.visit")
    if not clean(source_label):
        raise invalid("source_label", _("请写明是哪次走访、哪个单位，例如：8 月 7 日走访某某公司。"))
    entry = Entry(drafted_on=timezone.localdate(now), changed_at=now)
    _fill(entry, data)
    entry.kind, entry.source_kind, entry.source_uuid = ListKind.RESOURCE, source_kind, source_uuid
    entry.source_label = mask_personal(clean(source_label))[:120]
    entry.state, entry.submitted_by, entry.submitted_label = EntryState.SUBMITTED, by.uuid, by.label[:80]
    entry.save(force_insert=True)
    tell(by, now, "offer_from_visit", entry, kind="entry", after=values_of(entry, _TOLD))
    return entry


def _fill(entry: Entry, data: EntryData) -> None:
    faults = Faults()
    entry.kind = faults.choice("kind", data.kind, ListKind.values)
    entry.title = faults.words("title", data.title, 100, needed=True)
    entry.title_key = naming.fold(entry.title)[:200]
    entry.text = mask_personal(faults.words("text", data.text, 2000))
    entry.unit_word = faults.words("unit_word", data.unit_word, 16)
    entry.place = faults.words("place", data.place, 120)
    entry.conditions = mask_personal(faults.words("conditions", data.conditions, 300))
    if data.quantity is not None and not 0 < data.quantity < 10**10:
        faults.add("quantity", _("数量应大于 0。"))
    if data.quantity is not None and not entry.unit_word:
        faults.add("unit_word", _("填了数量，请填单位，例如：小时、场、人次。"))
    faults.days(data.starts_on, data.ends_on)
    entry.quantity, entry.reusable = data.quantity, data.reusable and data.kind == ListKind.RESOURCE
    entry.starts_on, entry.ends_on = data.starts_on, data.ends_on
    entry.source_kind, entry.source_uuid = data.source_kind, data.source_uuid
    entry.source_label = clean(data.source_label)[:120]
    _links(entry, data, faults)
    faults.check()


def _links(entry: Entry, data: EntryData, faults: Faults) -> None:
    entry.category = Category.objects.filter(code=data.category).first() if data.category else None
    if data.category and entry.category is None:
        faults.add("category", _("请从列出的选项中选择。"))
    if data.member_id is not None and not Member.objects.filter(pk=data.member_id, stage=Stage.ADMITTED).exists():
        faults.add("member_id", _("请选择一个已接纳的成员单位。"))
    if data.body_id is not None and not Body.objects.filter(pk=data.body_id, ends_on__isnull=True).exists():
        faults.add("body_id", _("请选择牵头的专委会或联席会议。"))
    if data.receiver_id is not None and not people.units([data.receiver_id]):
        faults.add("receiver_id", _("没有这个单位。"))
    entry.member_id, entry.body_id, entry.receiver_id = data.member_id, data.body_id, data.receiver_id
    try:
        area = places.area(data.area_id) if data.area_id is not None else None
    except DomainError:
        faults.add("area_id", _("没有这个区域。"))
        return
    entry.area_id, entry.area_path = (area.pk, area.path) if area else (None, "")


def locked(uuid: UUID, by: Actor, verb: str) -> Entry:
    """Return the line to which ``verb`` is done, locked.

    Raises:
        NotFoundError, ForbiddenError, ConflictError: its state does not allow the verb.
    """
    entry = selectors.entry_for(by, uuid, lock=True)
    if not permissions.may_entry(by, verb, entry):
        raise permissions.refuse(verb)
    check_state(verb, entry)
    return entry


def _save(entry: Entry, now: datetime) -> None:
    entry.version += 1
    entry.changed_at = now
    entry.save()


@whole
def submit(*, by: Actor, now: datetime, uuid: UUID) -> Entry:
    """Hand a draft in for review.

    Raises:
        NotFoundError, ForbiddenError, ConflictError.
    """
    entry = locked(uuid, by, "submit")
    entry.state, entry.submitted_by, entry.submitted_label = EntryState.SUBMITTED, by.uuid, by.label[:80]
    entry.returned = ""
    _save(entry, now)
    tell(by, now, "submit", entry, kind="entry", after={"state": entry.state})
    return entry


@whole
def approve(*, by: Actor, now: datetime, uuid: UUID, expected: int | None = None) -> Entry:
    """Publish what another person handed in.

    Raises:
        NotFoundError, ForbiddenError: not a keeper, or who handed it in. ConflictError, StaleError.
    """
    entry = locked(uuid, by, "approve")
    check_version(entry, expected)
    entry.state, entry.published_on = EntryState.PUBLISHED, timezone.localdate(now)
    entry.published_label = by.label[:80]
    _save(entry, now)
    tell(by, now, "approve", entry, kind="entry", after={"state": entry.state})
    return entry


@whole
def send_back(*, by: Actor, now: datetime, uuid: UUID, reason: str) -> Entry:
    """Send what was handed in back to be mended, with the reason.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, InvalidError: no reason.
    """
    entry = locked(uuid, by, "send_back")
    entry.returned, entry.state = needed("reason", reason), EntryState.DRAFT
    _save(entry, now)
    tell(by, now, "send_back", entry, kind="entry", after={"state": entry.state}, reason=entry.returned)
    return entry


@whole
def close(*, by: Actor, now: datetime, uuid: UUID, reason: str) -> Entry:
    """End a line; a project with open claims stays until they are settled.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, InvalidError: no reason.
    """
    entry = locked(uuid, by, "close")
    entry.close_reason = needed("reason", reason)
    if selectors.open_claims_on(entry):
        raise ConflictError(
            _("还有未完成的认领，不能结束。"), code="alliance.open_claims", hint=_("请先确认或撤回这些认领。")
        )
    if selectors.committed_on(entry):
        raise ConflictError(
            _("还有已约定未使用的，不能结束。"), code="alliance.committed", hint=_("请先登记使用或取消约定。")
        )
    entry.state, entry.closed_on = EntryState.CLOSED, timezone.localdate(now)
    _save(entry, now)
    tell(by, now, "close", entry, kind="entry", after={"state": entry.state}, reason=entry.close_reason)
    return entry


@whole
def pitch(
    *, by: Actor, now: datetime, uuid: UUID, text: str, on: date | None = None, file_id: int | None = None
) -> Entry:
    """Enter how a project is presented before it is claimed, by its committee: words and a picture.

    Raises:
        NotFoundError, ForbiddenError, ConflictError. InvalidError: no project, nothing said.
    """
    entry = locked(uuid, by, "pitch")
    if entry.kind != ListKind.PROJECT:
        raise invalid("text", _("只有项目需要推介。"))
    entry.pitch = mask_personal(needed("text", text, 3000))
    entry.pitched_on = on or timezone.localdate(now)
    former = entry.pitch_file if file_id is not None else None
    entry.pitch_file_id = file_id or entry.pitch_file_id
    _save(entry, now)
    if former is not None:
        files.delete(by=by, now=now, uuid=former.uuid, reason=_("换成了新的推介材料。"))
    tell(by, now, "pitch", entry, kind="entry", after={"on": entry.pitched_on, "file": entry.pitch_file_id})
    return entry


@whole
def mark_top(*, by: Actor, now: datetime, uuid: UUID, year: int, place: int) -> Entry:
    """Put a project on the list of ten of a year; it needs the committee that owns it.

    Raises:
        NotFoundError, ForbiddenError, ConflictError. InvalidError: no project, no committee, or the place is taken.
    """
    entry = locked(uuid, by, "mark_top")
    if entry.kind != ListKind.PROJECT or entry.body_id is None:
        raise invalid("year", _("十大项目应是项目，并有牵头的专委会。"))
    if not 2000 <= year <= timezone.localdate(now).year + 2:
        raise invalid("year", _("年份应为 2000 至后年。"))
    if not 1 <= place <= 10:
        raise invalid("place", _("次序应为 1 至 10。"))
    taken = Entry.objects.filter(top_year=year, top_place=place).exclude(pk=entry.pk).first()
    if taken is not None:
        raise invalid("place", _("这一位已经是%(title)s。") % {"title": naming.quoted(taken.title)})
    entry.top_year, entry.top_place = year, place
    _save(entry, now)
    tell(by, now, "mark_top", entry, kind="entry", after={"year": year, "place": place})
    return entry


@whole
def link_project(*, by: Actor, now: datetime, uuid: UUID, project_uuid: UUID) -> Entry:
    """Say which project of the room `projects` carries this line out.

    Raises:
        NotFoundError, ForbiddenError.
    """
    permissions.check_keep(by)
    entry = selectors.entry_for(by, uuid, lock=True)
    entry.project_uuid = project_uuid
    _save(entry, now)
    tell(by, now, "link_project", entry, kind="entry", after={"project": str(project_uuid)})
    return entry
