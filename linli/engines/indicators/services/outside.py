"""What an outside platform says of 居民区, entered from its sheet: all of it or nothing, each fault by its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.indicators.models import OutsideFigure
from linli.engines.indicators.permissions import check_enter
from linli.engines.indicators.selectors.choosing import NEIGHBOURHOOD
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import InvalidError, NotFoundError
from linli.foundation.core.ids import uuid7
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.foundation.places import selectors as places

MOST = 500
_SHORT = 40
_MOST_PLACE = 100_000


@dataclass(frozen=True, slots=True)
class _Line:
    area_id: int
    value: Decimal
    place: int | None


@whole
def enter_outside(
    *, by: Actor, now: datetime, platform: str, name: str, month: date, lines: Sequence[Sequence[str]]
) -> int:
    """Enter one figure of one month for many 居民区 (name, value, rank if any); what was there is replaced.

    Returns how many.

    Raises:
        ForbiddenError: ``by`` does not answer for the whole subdistrict.
        InvalidError: a line cannot be read; nothing is entered.
    """
    check_enter(by)
    platform, name = clean(platform)[:_SHORT], clean(name)[:_SHORT]
    needed = {"platform": platform, "name": name}
    if missing := {field: [_("请填写。")] for field, text in needed.items() if not text}:
        raise InvalidError(_("请写明平台和指标名。"), code="indicators.outside", fields=missing)
    read = _read(lines, month)
    first = month.replace(day=1)
    OutsideFigure.objects.filter(
        platform=platform, name=name, month=first, area__in=[line.area_id for line in read]
    ).delete()
    OutsideFigure.objects.bulk_create(
        OutsideFigure(
            platform=platform, name=name, month=first, area_id=line.area_id, value=line.value, place=line.place,
            entered_at=now, entered_label=by.label,
        )
        for line in read
    )  # fmt: skip
    after = {"platform": platform, "name": name, "month": first, "count": len(read)}
    journal.record(
        by=by, verb="indicators.enter_outside", kind="outside_figure", uuid=uuid7(), label=name, now=now, after=after
    )
    return len(read)


def _read(lines: Sequence[Sequence[str]], month: date) -> list[_Line]:
    known: dict[str, int] = {}
    for area in places.areas(on=month, kind=NEIGHBOURHOOD):
        known |= {area.name: area.pk, area.name.removesuffix("居民区"): area.pk}
    faults: list[str] = []
    found: dict[int, _Line] = {}
    for n, cells in enumerate(lines[: MOST + 1], 1):
        read = _line(cells, known, found)
        if isinstance(read, _Line):
            found[read.area_id] = read
        else:
            faults.append(_("第 %(line)s 行：%(fault)s") % {"line": n, "fault": read})
    if not lines:
        faults.append(_("没有一行数据。"))
    if len(lines) > MOST:
        faults.append(_("一次最多 %(most)s 行。") % {"most": MOST})
    if faults:
        raise InvalidError(
            _("有 %(count)s 处没有读懂，一行也没有录入。") % {"count": len(faults)},
            code="indicators.outside", fields={"lines": faults[:50]},
        )  # fmt: skip
    return list(found.values())


def _line(cells: Sequence[str], known: dict[str, int], found: dict[int, _Line]) -> _Line | str:
    """Return what a line says, or what is wrong with it."""
    name, number, place = [*(clean(c) for c in cells), "", "", ""][:3]
    area_id = known.get(name) or known.get(name.removesuffix("居民区"))
    value = _number(number)
    if area_id is None:
        return _("没有“%(name)s”这个居民区。") % {"name": name[:_SHORT]}
    if area_id in found:
        return _("“%(name)s”重复。") % {"name": name}
    if value is None:
        return _("数值没有读懂。")
    if place and not (place.isascii() and place.isdigit() and 0 < int(place) < _MOST_PLACE):
        return _("排名没有读懂。")
    return _Line(area_id, value, int(place) if place else None)


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value.quantize(Decimal("0.01")) if value.is_finite() and abs(value) < 10**9 else None


@whole
def withdraw_outside(*, by: Actor, now: datetime, uuid: UUID, reason: str) -> int:
    """Take back what was entered with a figure: all lines of its platform, name and month; return how many.

    Raises:
        ForbiddenError: ``by`` does not answer for the whole subdistrict.
        NotFoundError: there is none.
    """
    check_enter(by)
    row = OutsideFigure.objects.filter(uuid=uuid).first()
    if row is None:
        raise NotFoundError(_("没有找到这项数据。"), code="indicators.outside")
    rows = OutsideFigure.objects.filter(platform=row.platform, name=row.name, month=row.month)
    count, _each = rows.delete()
    before = {"platform": row.platform, "name": row.name, "month": row.month, "count": count}
    journal.record(
        by=by, verb="indicators.withdraw_outside", kind="outside_figure", uuid=row.uuid, label=row.name, now=now,
        before=before, reason=clean(reason),
    )  # fmt: skip
    return count
