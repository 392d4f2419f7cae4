"""Kinds of meetings: entered, changed, retired; one that was ever used is never deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.engines.activities import selectors
from linli.engines.activities.models import MeetingKind
from linli.engines.activities.permissions import check_kinds
from linli.engines.activities.services.steps import need, record
from linli.engines.activities.types import COORDINATING, Doing, Kind, KindData, MinutesForm, PlannedItem
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError, NotFoundError, StaleError
from linli.foundation.core.ids import uuid7
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.people import selectors as people
from linli.foundation.people.types import POST_GROUPS

MOST_KINDS, MOST_ITEMS, MOST_LINES = 100, 20, 20
SHORTEST, LONGEST = 10, 600
AGENDA_KINDS = frozenset({Doing.ITEM.value, Doing.SPEECH.value})
# What the programme decides of a shipped kind; nobody changes it on a page.
_FIXED = ("level", "research", "source")


@whole
def save_kind(*, by: Actor, now: datetime, data: KindData, code: str = "", expected: int = 0) -> Kind:
    """Enter a kind (no ``code``), or change one that was at version ``expected``; meetings planned before keep theirs.

    Raises:
        ForbiddenError: not who keeps the kinds. InvalidError: by field. NotFoundError: there is no such kind.
        StaleError: somebody changed it meanwhile.
    """
    check_kinds(by)
    known = selectors.kinds(every=True)
    if code and code not in known:
        raise NotFoundError(_("没有这种会议。"), code="activities.kind")
    new = _cleaned(data)
    _check(new, [k.name for k in known.values() if k.code != code])
    if not code and len(known) >= MOST_KINDS:
        raise InvalidError(_("会议类型已有 %(n)s 种，不能再加。") % {"n": MOST_KINDS}, code="activities.kinds")
    before = known.get(code)
    values = _json(new) | ({name: getattr(before, name) for name in _FIXED} if before else {})
    code = code or f"own_{uuid7().hex[-10:]}"
    _write(code, before, expected, data=values)
    old = _json(before) if before else {}
    changed = [name for name in values if name not in _FIXED and old.get(name) != values[name]]
    _record(
        by, now, "save_kind", new.name,
        before={n: old[n] for n in changed} if before else None, after={n: values[n] for n in changed},
    )  # fmt: skip
    return selectors.kind(code)


@whole
def switch_kind(*, by: Actor, now: datetime, code: str, active: bool, reason: str, expected: int = 0) -> Kind:
    """Retire a kind, or take it into use again; meetings that are there stay.

    Raises:
        ForbiddenError: not who keeps the kinds. InvalidError: no reason. NotFoundError: there is no such kind.
        ConflictError: a series in force holds it, or the case loop convenes it. StaleError: it was changed meanwhile.
    """
    check_kinds(by)
    need(reason=reason)
    use = selectors.kind_use(code)
    if not active and code in COORDINATING:
        raise ConflictError(_("会商由系统召集，不能停用这一类型。"), code="activities.kind_fixed")
    if not active and use.series:
        raise ConflictError(
            _("还有 %(n)s 个系列会议属于这一类型。") % {"n": use.series},
            code="activities.kind_used",
            hint=_("请先在“系列会议”中结束它们。"),
        )
    _write(code, use.kind, expected, active=active)
    verb = "restore_kind" if active else "retire_kind"
    told = mask_personal(clean(reason))[:500]
    _record(by, now, verb, use.kind.name, before={"active": use.kind.active}, after={"active": active}, reason=told)
    return selectors.kind(code)


@whole
def delete_kind(*, by: Actor, now: datetime, code: str) -> None:
    """Delete a kind that was entered here by mistake: no meeting was ever planned of it.

    Raises:
        ForbiddenError: not who keeps the kinds. NotFoundError: there is none. ConflictError: it is shipped, or in use.
    """
    check_kinds(by)
    use = selectors.kind_use(code)
    if use.shipped or use.meetings or selectors.has_series(code):
        raise ConflictError(_("用过的会议类型不能删除。"), code="activities.kind_used", hint=_("可以停用它。"))
    MeetingKind.objects.filter(code=code).delete()
    _record(by, now, "delete_kind", use.kind.name, before=_json(use.kind))


def _write(code: str, before: Kind | None, expected: int, **values: Any) -> None:
    """Write a kind's row by compare and set; a shipped kind gets its row with the first change."""
    stale = StaleError(_("这种会议已被他人修改。"), hint=_("请核对现在的内容，再保存您的修改。"))
    if before is not None and before.version:
        rows = MeetingKind.objects.filter(code=code, version=expected)
        if rows.update(**values, version=expected + 1) != 1:
            raise stale
        return
    if before is not None and expected:
        raise stale
    kept = {"data": _json(before) | {n: getattr(before, n) for n in _FIXED}} if before is not None else {}
    try:
        with transaction.atomic():
            MeetingKind.objects.create(code=code, **kept | values)
    except IntegrityError as error:  # of two who change a shipped kind first
        raise stale from error


def _record(by: Actor, now: datetime, verb: str, label: str, **more: Any) -> None:
    record(by, now, verb, "meeting_kind", None, label, **more)


def _lines(found: tuple[str, ...], longest: int) -> tuple[str, ...]:
    cleaned = (mask_personal(clean(t))[:longest] for t in found)
    return tuple(dict.fromkeys(t for t in cleaned if t))[:MOST_LINES]


def _cleaned(data: KindData) -> KindData:
    items = tuple(
        PlannedItem(mask_personal(clean(i.title))[:120], i.kind, i.minutes, mask_personal(clean(i.presenter))[:80])
        for i in data.agenda
        if clean(i.title)
    )
    return replace(
        data,
        name=clean(data.name)[:40],
        convener=mask_personal(clean(data.convener))[:60],
        agenda=items,
        guests=_lines(data.guests, 40),
        standing=tuple(dict.fromkeys(data.standing)),
        sections=_lines(data.sections, 40),
    )


def _check(data: KindData, names: list[str]) -> None:
    need(name=data.name, convener=data.convener)
    found = {
        "name": _("已有同名的会议类型（停用的也算）。") if data.name in names else "",
        "minutes": "" if SHORTEST <= data.minutes <= LONGEST else _("时长应为 10 至 600 分钟。"),
        "form": "" if data.form in MinutesForm.values else _("请选择记录的形式。"),
        "groups": _("请选择列出的岗位。") if set(data.groups) - set(POST_GROUPS) else "",
        "unit_kinds": _("请选择列出的单位种类。") if set(data.unit_kinds) - set(people.unit_kinds()) else "",
        "standing": _("没有这个常设专题。") if set(data.standing) - set(selectors.standing_topics()) else "",
        "agenda": _agenda_wrong(data),
        "order": "" if 0 <= data.order <= 9999 else _("次序应为 0 至 9999。"),
    }
    errors = {name: [message] for name, message in found.items() if message}
    if errors:
        raise InvalidError(_("还有内容需要修改。"), code="activities.kind", fields=errors)


def _agenda_wrong(data: KindData) -> str:
    if len(data.agenda) > MOST_ITEMS:
        return _("默认议程最多 %(n)s 项。") % {"n": MOST_ITEMS}
    if any(i.kind not in AGENDA_KINDS or not 0 <= i.minutes <= LONGEST for i in data.agenda):
        return _("每一项的时长应为 0 至 600 分钟。")
    return ""


def _json(kind: Kind | KindData) -> dict[str, Any]:
    """Return what a row keeps of a kind, as JSON holds it."""
    plain = ("name", "convener", "minutes", "form", "order", "series", "branches", "themed")
    lists = ("groups", "unit_kinds", "guests", "standing", "sections")
    return {
        **{name: getattr(kind, name) for name in plain},
        **{name: list(getattr(kind, name)) for name in lists},
        "agenda": [
            {"title": i.title, "kind": i.kind, "minutes": i.minutes, "presenter": i.presenter} for i in kind.agenda
        ],
    }
