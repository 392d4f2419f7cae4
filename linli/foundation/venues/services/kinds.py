"""Kinds of venues, facilities and thematic maps: rows that the installation changes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any

from django.utils.translation import gettext as _

from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.text import clean
from linli.foundation.forms import services as forms
from linli.foundation.journal import services as journal
from linli.foundation.venues import permissions
from linli.foundation.venues.models import Facility, ThematicMap, Venue, VenueKind
from linli.foundation.venues.rules import standard as standards
from linli.foundation.venues.services.indexing import index_all, recount
from linli.foundation.venues.types import COLOURS, ICONS, KindData

_CODE = re.compile(r"[a-z][a-z0-9_]{1,30}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,30}")


def invalid(field: str, message: str) -> InvalidError:
    """Return the error of one field."""
    return InvalidError(message, code=f"venues.{field}", fields={field: [message]})


def form_code(kind: str) -> str:
    """Return the code of the form with a kind's extra questions."""
    return f"venue.{kind}"


@whole
def save_kind(*, by: Actor, now: datetime, data: KindData) -> VenueKind:
    """Enter a kind, or change the one with its code; venues of it are found by its new words at once.

    Raises:
        ForbiddenError: not whoever configures.
        InvalidError: by field: no code or name, an unknown sign or colour, questions or a standard that cannot be.
    """
    permissions.check_configure(by)
    _check_kind(data)
    groups = _standard(data.standard)
    kept = VenueKind.objects.select_for_update().filter(code=data.code).first()
    before = _told(kept) if kept else None
    values = {
        "name": clean(data.name),
        "aliases": [a for a in map(clean, data.aliases) if a][:20],
        "icon": data.icon,
        "colour": data.colour,
        "order": data.order,
        "public": data.public,
        "reviewed": data.reviewed,
        "canteen": data.canteen,
        "charging": data.charging,
        "active": data.active,
        "standard": standards.to_json(groups),
    }
    kind, _made = VenueKind.objects.update_or_create(code=data.code, defaults=values)
    if data.questions.get("questions") or (kept and data.questions):
        forms.save_form(by=by, now=now, code=form_code(kind.code), title=kind.name, questions=data.questions)
    if kept is not None:
        index_all(Venue.objects.filter(kind=kind).select_related("kind"))
        recount(kind)
    journal.record(
        by=by, verb="venues.save_kind", kind="venue_kind", uuid=None, label=kind.name, now=now,
        before=before, after=_told(kind),
    )  # fmt: skip
    return kind


def _told(kind: VenueKind) -> dict[str, Any]:
    names = ("code", "name", "aliases", "icon", "colour", "order", "public", "reviewed", "active", "standard")
    return {name: getattr(kind, name) for name in names}


def _check_kind(data: KindData) -> None:
    if not _CODE.fullmatch(data.code):
        raise invalid("code", _("代码用小写字母、数字和下划线，2 至 31 个字符，字母开头。"))
    if not 0 < len(clean(data.name)) <= 32:
        raise invalid("name", _("请填写名称，最多 32 个字。"))
    if data.icon not in ICONS or data.colour not in COLOURS:
        raise invalid("icon" if data.icon not in ICONS else "colour", _("请从列出的选项中选择。"))
    if not 0 <= data.order <= 9999:
        raise invalid("order", _("次序应为 0 至 9999。"))


def _standard(raw: Sequence[Mapping[str, Any]]) -> tuple[standards.Group, ...]:
    groups = tuple(standards.Group(clean(g["name"])[:60], g["count"], tuple(map(clean, g["items"]))) for g in raw)
    try:
        return standards.checked(groups)
    except standards.BadStandardError as error:
        said = {
            "name": _("每一组都要有名称。"),
            "twice": _("组名、组内名称不能重复。"),
            "count": _("每组数量应为 1 至 50。"),
            "items": _("写出的名称多于该组数量。"),
            "many": _("最多 20 组。"),
        }
        raise invalid("standard", said[error.args[0]]) from error


@whole
def save_facility(*, by: Actor, now: datetime, name: str, icon: str = "check", code: str = "") -> Facility:
    """Enter something that venues may offer.

    Raises:
        ForbiddenError, InvalidError: no name, or one that is there already.
    """
    permissions.check_configure(by)
    name = clean(name)
    if not 0 < len(name) <= 32:
        raise invalid("name", _("请填写名称，最多 32 个字。"))
    if Facility.objects.filter(name=name).exists():
        raise invalid("name", _("已经有这一项了。"))
    last = Facility.objects.order_by("-order").values_list("order", flat=True).first() or 0
    number = Facility.objects.count() + 1
    while not code or Facility.objects.filter(code=code).exists():
        code, number = f"own_{number}", number + 1
    made = Facility.objects.create(code=code, name=name, icon=icon, order=last + 1)
    journal.record(
        by=by, verb="venues.save_facility", kind="facility", uuid=None, label=name, now=now, after={"code": code}
    )
    return made


@whole
def save_map(
    *, by: Actor, now: datetime, code: str, title: str, intro: str = "", kinds: Sequence[str] = (),
    order: int = 100, active: bool = True,
) -> ThematicMap:  # fmt: skip
    """Enter a thematic map, or change it; kinds that are not for the public are left out where it is shown.

    Raises:
        ForbiddenError, InvalidError: no title, a code that cannot stand in an address, an unknown kind.
    """
    permissions.check_configure(by)
    if not _SLUG.fullmatch(code):
        raise invalid("code", _("地址用小写字母、数字和短横线，2 至 31 个字符。"))
    if not 0 < len(clean(title)) <= 64:
        raise invalid("title", _("请填写标题，最多 64 个字。"))
    unknown = set(kinds) - set(VenueKind.objects.values_list("code", flat=True))
    if unknown:
        raise invalid("kinds", _("没有这种场所：%(kinds)s") % {"kinds": "、".join(sorted(unknown))})
    values = {"title": clean(title), "intro": clean(intro), "kinds": list(kinds), "order": order, "active": active}
    kept = ThematicMap.objects.filter(code=code).values(*values).first()
    found, _made = ThematicMap.objects.update_or_create(code=code, defaults=values)
    journal.record(
        by=by, verb="venues.save_map", kind="map", uuid=None, label=found.title, now=now, before=kept, after=values
    )
    return found


@whole
def load_shipped(*, by: Actor = SYSTEM, now: datetime) -> int:
    """Enter the shipped kinds, facilities and maps that are not there yet; what was changed on site stays."""
    text = files("linli.foundation.venues").joinpath("shipped/venues.toml").read_text(encoding="utf8")
    shipped = tomllib.loads(text)
    made = 0
    for n, item in enumerate(shipped["facilities"], 1):
        made += Facility.objects.get_or_create(code=item["code"], defaults={**item, "order": n * 10})[1]
    there = set(VenueKind.objects.values_list("code", flat=True))
    for n, item in enumerate(shipped["kinds"], 1):
        if item["code"] in there:
            continue
        values = {**item, "aliases": tuple(item.get("aliases", ())), "order": n * 10}
        values["questions"] = {"questions": [_question(q) for q in item.get("questions", [])]}
        save_kind(by=by, now=now, data=KindData(**values))
        made += 1
    known = set(ThematicMap.objects.values_list("code", flat=True))
    for n, item in enumerate(shipped["maps"], 1):
        if item["code"] not in known:
            save_map(by=by, now=now, order=n * 10, **item)
            made += 1
    return made


def _question(short: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": short["code"],
        "type": short["type"],
        "label": {"zh-hans": short["label"]},
        "hint": {"zh-hans": short["hint"]} if short.get("hint") else {},
        "choices": [{"code": c, "label": {"zh-hans": t}} for c, t in short.get("choices", {}).items()],
    }
