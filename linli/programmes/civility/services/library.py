"""The library: editions begun, standards entered, editions published with their forms."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator
from datetime import datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.cases.selectors import catalogue
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, NotFoundError
from linli.foundation.core.faults import check_version
from linli.foundation.forms import services as forms
from linli.foundation.people import selectors as people
from linli.programmes.civility import selectors
from linli.programmes.civility.models import Edition, Helping, PointType, Standard
from linli.programmes.civility.permissions import check_keep
from linli.programmes.civility.services.help import Faults, need, tell
from linli.programmes.civility.types import EditionState, StandardData, Way

_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
MOST_MARKS = Decimal(1000)


def _draft(by: Actor) -> Edition:
    """Return the edition that is being written, locked.

    Raises:
        ForbiddenError. ConflictError: there is none.
    """
    check_keep(by)
    found = Edition.objects.select_for_update().filter(state=EditionState.DRAFT).first()
    if found is None:
        raise ConflictError(
            _("现在没有编制中的版本。"), code="civility.no_draft", hint=_("使用中的版本不能改，请先新建一个版本。")
        )
    return found


@whole
def begin_edition(*, by: Actor, now: datetime, title: str, source: str) -> Edition:
    """Begin a new edition, as a copy of the one in use.

    Raises:
        ForbiddenError. InvalidError: by field. ConflictError: one is being written already.
    """
    check_keep(by)
    texts = need(100, title=title)
    faults = Faults()
    source = faults.words("source", source, 300)
    faults.check()
    if Edition.objects.filter(state=EditionState.DRAFT).exists():
        raise ConflictError(_("已有一个编制中的版本。"), code="civility.draft", hint=_("请先发布或继续修改那一个。"))
    former = Edition.objects.filter(state=EditionState.PUBLISHED).first()
    last = Edition.objects.order_by("-number").values_list("number", flat=True).first() or 0
    made = Edition.objects.create(
        number=last + 1, title=texts["title"], source=source, based_on=former, created_label=by.label[:80],
        created_at=now,
    )  # fmt: skip
    if former is not None:
        _copy(former, made)
    tell(by, now, "begin_edition", "edition", made.uuid, made.title, after={"number": made.number})
    return made


def _copy(former: Edition, edition: Edition) -> None:
    helping: dict[str, list[int]] = {}
    for code, unit in Helping.objects.filter(standard__edition=former).values_list("standard__code", "unit"):
        helping.setdefault(code, []).append(unit)
    rows = list(Standard.objects.filter(edition=former))
    for row in rows:
        row.pk, row.edition = None, edition
        row._state.adding = True
    Standard.objects.bulk_create(rows, batch_size=500)
    by_code = dict(Standard.objects.filter(edition=edition).values_list("code", "pk"))
    Helping.objects.bulk_create(
        Helping(standard_id=by_code[code], unit_id=unit) for code, units in helping.items() for unit in units
    )


@whole
def save_standard(*, by: Actor, now: datetime, data: StandardData, edition_version: int | None = None) -> Standard:
    """Enter a standard in the edition that is being written, or change the one with its code.

    Raises:
        ForbiddenError. ConflictError: no edition is being written. InvalidError: by field. StaleError: the edition was
            changed since ``edition_version``.
    """
    edition = _draft(by)
    check_version(edition, edition_version)
    return put_standard(by, now, edition, data)


def put_standard(by: Actor, now: datetime, edition: Edition, data: StandardData) -> Standard:
    """Write one standard into an edition that is being written."""
    row = Standard.objects.filter(edition=edition, code=data.code).first() if data.code else None
    before = told(selectors.data_of(row)) if row is not None else None
    row = row or Standard(edition=edition)
    _fill(row, data)
    row.save()
    _helping(row, data.helper_ids)
    edition.version += 1
    edition.save(update_fields=["version"])
    after = told(selectors.data_of(row))
    verb = "change_standard" if before else "add_standard"
    tell(by, now, verb, "standard", edition.uuid, row.text, before=before, after=after)
    return row


def told(data: StandardData) -> dict[str, Any]:
    """Return a standard as the journal keeps it."""
    names = ("code", "project", "content", "text", "way", "point_type", "unit_id", "full", "weight", "veto", "photo")
    return {n: getattr(data, n) for n in names} | {
        "helpers": list(data.helper_ids), "categories": list(data.categories)
    }  # fmt: skip


def _helping(row: Standard, units: Collection[int]) -> None:
    wanted = set(units) - {row.unit_id}
    there = dict(Helping.objects.filter(standard=row).values_list("unit", "pk"))
    Helping.objects.filter(pk__in=[pk for unit, pk in there.items() if unit not in wanted]).delete()
    Helping.objects.bulk_create(Helping(standard=row, unit_id=unit) for unit in sorted(wanted - set(there)))


def _fill(row: Standard, data: StandardData) -> None:
    faults = Faults()
    row.project = faults.words("project", data.project, 60, needed=True)
    row.content = faults.words("content", data.content, 100, needed=True)
    row.text = faults.words("text", data.text, 300, needed=True)
    row.guide = faults.words("guide", data.guide, 4000)
    row.way = faults.choice("way", data.way, Way.values)
    row.point_type = PointType.objects.filter(code=data.point_type).first() if data.point_type else None
    if data.way == Way.FIELD and row.point_type is None:
        faults.add("point_type", _("实地考察的标准要选一个点位类型。"))
    row.unit_id = faults.unit("unit_id", data.unit_id)
    if len(people.units(data.helper_ids)) != len(set(data.helper_ids)):
        faults.add("helper_ids", _("没有这个单位。"))
    for name in ("full", "weight"):
        value = getattr(data, name)
        if not 0 < value <= MOST_MARKS:
            faults.add(name, _("应大于 0，不超过 1000。"))
    unknown = [c for c in data.categories if catalogue.category(c) is None]
    if unknown:
        faults.add("categories", _("没有这些案件分类：%(codes)s") % {"codes": "、".join(unknown)})
    code = data.code or row.code or _new_code(row.edition, data.point_type)
    if not _CODE.fullmatch(code):
        faults.add("code", _("代码用小写字母、数字和下划线，2 至 40 个字符，字母开头。"))
    faults.check()
    row.code, row.full, row.weight = code, data.full, data.weight
    row.veto, row.photo, row.categories = data.veto, data.photo, list(data.categories)
    row.order = data.order or row.order or _last(row.edition) + 10


def _new_code(edition: Edition, point_type: str) -> str:
    there = set(Standard.objects.values_list("code", flat=True).distinct())
    stem, n = (point_type or "papers")[:30], 1
    while f"{stem}_x{n}" in there:
        n += 1
    return f"{stem}_x{n}"


def _last(edition: Edition) -> int:
    return Standard.objects.filter(edition=edition).order_by("-order").values_list("order", flat=True).first() or 0


@whole
def remove_standard(*, by: Actor, now: datetime, code: str) -> None:
    """Take a standard out of the edition that is being written; in the editions before it stays.

    Raises:
        ForbiddenError, NotFoundError, ConflictError.
    """
    edition = _draft(by)
    row = Standard.objects.filter(edition=edition, code=code).first()
    if row is None:
        raise NotFoundError(_("没有这条标准。"), code="civility.no_standard")
    tell(by, now, "remove_standard", "standard", edition.uuid, row.text, before=told(selectors.data_of(row)))
    row.delete()
    edition.version += 1
    edition.save(update_fields=["version"])


@whole
def publish_edition(*, by: Actor, now: datetime, uuid: UUID, expected: int | None = None) -> Edition:
    """Put an edition in use: frozen from now on; the form of each type of point is made anew of its standards.

    What somebody had changed of such a form in the designer stays as its draft.

    Raises:
        ForbiddenError, NotFoundError, StaleError. ConflictError: not being written, or nothing is in it.
    """
    check_keep(by)
    edition = Edition.objects.select_for_update().filter(uuid=uuid).first()
    if edition is None:
        raise NotFoundError(_("没有这个版本。"), code="civility.no_edition")
    check_version(edition, expected)
    if edition.state != EditionState.DRAFT:
        raise ConflictError(_("这个版本已经发布过。"), code="civility.published", hint=_("请刷新后查看。"))
    standards = Standard.objects.filter(edition=edition).count()
    if not standards:
        raise ConflictError(_("这个版本还没有标准。"), code="civility.empty", hint=_("请先登记或导入标准。"))
    altered = selectors.altered_forms(edition)
    Edition.objects.filter(state=EditionState.PUBLISHED).update(state=EditionState.RETIRED)
    edition.state, edition.published_at, edition.version = EditionState.PUBLISHED, now, edition.version + 1
    edition.save(update_fields=["state", "published_at", "version"])
    for code, form in selectors.made_of(edition).items():
        version = forms.save_whole_form(by=by, now=now, code=code, form=form)
        if code in altered:
            forms.save_draft(by=by, now=now, code=code, form=altered[code], expected=version.edition)
    kept = {"kept_as_drafts": sorted(altered)} if altered else {}
    tell(
        by, now, "publish_edition", "edition", edition.uuid, edition.title,
        after={"number": edition.number, "standards": standards} | kept,
    )  # fmt: skip
    return edition


@whole
def load_shipped(*, by: Actor = SYSTEM, now: datetime) -> Edition | None:
    """Enter the shipped types of points, and the shipped library as a draft where there is no edition at all."""
    text = files("linli.programmes.civility").joinpath("shipped/library.toml").read_text(encoding="utf8")
    shipped = tomllib.loads(text)
    for n, kind in enumerate(shipped["type"], 1):
        values = {"name": kind["name"], "order": n * 10, "themes": kind["themes"]}
        PointType.objects.get_or_create(code=kind["code"], defaults=values)
    if Edition.objects.exists():
        return None
    edition = begin_edition(by=by, now=now, title=shipped["title"], source=shipped["source"])
    known = {c.spec.code for c in catalogue.categories() if c.leaf}
    for n, data in enumerate(_shipped(shipped, known), 1):
        row = Standard(edition=edition)
        _fill(row, data)
        row.order = n * 10
        row.save()
    return edition


def _shipped(shipped: dict[str, Any], known: set[str]) -> Iterator[StandardData]:
    for content in shipped["content"]:
        for item in content["items"]:
            yield StandardData(
                content["project"], content["name"], item["text"], item["code"], item.get("guide", ""),
                way=content.get("way", Way.FIELD), point_type=content["type"], veto=item.get("veto", False),
                photo=item.get("photo", False),
                categories=tuple(c for c in item.get("categories", ()) if c in known),
            )  # fmt: skip
