"""Ledgers: entered, changed, retired; one that is in use is never deleted."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.models import Kind, Submission, Target, Visit
from linli.engines.fieldwork.permissions import check_kinds
from linli.engines.fieldwork.services.steps import need, record, stale, wrong
from linli.engines.fieldwork.types import COLUMNS, KindData
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, NotFoundError
from linli.foundation.core.text import clean
from linli.foundation.forms import services as forms
from linli.foundation.forms.rules import BadSetError, from_json

_CODE = re.compile(r"[a-z][a-z0-9_]{1,30}")
_SAME = frozenset({"number", "name", "address", "parent"})


@whole
def save_kind(*, by: Actor, now: datetime, data: KindData, expected: int = 0) -> Kind:
    """Enter a ledger, or change the one with its code that was at version ``expected``.

    Raises:
        ForbiddenError: not who keeps the kinds. InvalidError: by field; a guarded kind is never made open while
            there is anything in it. StaleError: somebody changed it meanwhile.
    """
    check_kinds(by)
    kept = Kind.objects.select_for_update().filter(code=data.code).first()
    if (kept.version if kept else 0) != expected:
        raise stale()
    parent = _check(data, kept)
    before = _told(kept) if kept else None
    was_guarded = kept is not None and kept.guarded
    kind = kept or Kind(code=data.code)
    kind.name, kind.icon, kind.order = clean(data.name), data.icon, data.order
    kind.same_by, kind.parent = list(data.same_by), parent
    kind.guarded, kind.entity = data.guarded, data.entity
    if data.questions.get("questions"):
        saved = forms.save_form(
            by=by, now=now, code=selectors.form_code(kind.code), title=kind.name, questions=data.questions
        )
        kind.fields = saved.form
    if kept is not None:
        kind.version += 1
    try:
        with transaction.atomic():
            kind.save()
    except IntegrityError as error:
        raise wrong("name", _("已经有这个名称的台账。")) from error
    if kept is not None and kind.guarded != was_guarded:
        # Visits to its targets, and what was sent about them, are read by as few as they are, from this moment on.
        Visit.objects.filter(target__kind=kind).update(guarded=kind.guarded)
        Submission.objects.filter(target__kind=kind).update(guarded=kind.guarded)
    record(by, now, "save_kind", "target_kind", None, kind.name, before=before, after=_told(kind))
    return kind


def _told(kind: Kind) -> dict[str, Any]:
    names = ("code", "name", "icon", "order", "same_by", "parent_id", "guarded", "entity", "active")
    return {name: getattr(kind, name) for name in names}


def _check(data: KindData, kept: Kind | None) -> Kind | None:
    if not _CODE.fullmatch(data.code):
        raise wrong("code", _("代码用小写字母、数字和下划线，2 至 31 个字符，字母开头。"))
    if not 0 < len(clean(data.name)) <= 32:
        raise wrong("name", _("请填写名称，最多 32 个字。"))
    if not 0 <= data.order <= 9999:
        raise wrong("order", _("次序应为 0 至 9999。"))
    if kept is not None and kept.guarded and not data.guarded and Target.objects.filter(kind=kept).exists():
        raise wrong("guarded", _("台账里已有居民信息，不能改为公开查看。"))
    parent = Kind.objects.filter(code=data.parent).first() if data.parent else None
    if data.parent and (parent is None or parent.code == data.code):
        raise wrong("parent", _("没有这个上级台账。"))
    _check_fields(data, kept)
    return parent


def _check_fields(data: KindData, kept: Kind | None) -> None:
    try:
        asked = from_json(data.questions).questions if data.questions.get("questions") else ()
    except BadSetError:
        return  # forms say what is wrong with it
    if kept is not None and not asked:
        asked = selectors.questions_of(kept).questions
    clash = sorted({q.code for q in asked} & {*COLUMNS, "parent"})
    if clash:
        raise wrong("questions", _("这些代码已有固定用途：%(codes)s") % {"codes": "、".join(clash)})
    open_ = {q.code for q in asked if not q.personal}
    unknown = sorted(set(data.same_by) - _SAME - open_)
    if unknown:
        raise wrong("same_by", _("不能按这些项查重：%(codes)s") % {"codes": "、".join(unknown)})


@whole
def retire_kind(*, by: Actor, now: datetime, code: str, active: bool, reason: str, expected: int) -> Kind:
    """Retire a ledger, or take it into use again; what is in it stays and is read as before.

    Raises:
        ForbiddenError, NotFoundError, StaleError. InvalidError: no reason. ConflictError: rounds of it are open.
    """
    check_kinds(by)
    need(reason=reason)
    kind = Kind.objects.select_for_update().filter(code=code).first()
    if kind is None:
        raise NotFoundError(_("没有这个台账。"), code="fieldwork.no_kind")
    if kind.version != expected:
        raise stale()
    if not active and selectors.open_rounds_of(kind):
        raise ConflictError(
            _("还有进行中的走访检查用这个台账。"), code="fieldwork.kind_used", hint=_("请先办结或取消它们。")
        )
    before = {"active": kind.active}
    kind.active, kind.version = active, kind.version + 1
    kind.save(update_fields=["active", "version"])
    verb = "restore_kind" if active else "retire_kind"
    record(by, now, verb, "target_kind", None, kind.name, before=before, after={"active": active}, reason=clean(reason))
    return kind


@whole
def load_shipped(*, by: Actor = SYSTEM, now: datetime) -> int:
    """Enter the shipped ledgers that are not there yet; what was changed on site stays. Return how many were made."""
    there = set(Kind.objects.values_list("code", flat=True))
    made = 0
    for n, item in enumerate(_shipped(), 1):
        if item["code"] in there:
            continue
        values = {**item, "same_by": tuple(item["same_by"]), "order": n * 10}
        values["questions"] = {"questions": [_question(q) for q in item.get("questions", [])]}
        save_kind(by=by, now=now, data=KindData(**values))
        made += 1
    return made


@lru_cache(maxsize=1)
def _shipped() -> tuple[dict[str, Any], ...]:
    text = files("linli.engines.fieldwork").joinpath("shipped/kinds.toml").read_text(encoding="utf8")
    return tuple(tomllib.loads(text)["kind"])


@lru_cache(maxsize=1)
def maxima() -> Mapping[str, tuple[str, ...]]:
    """Return ledger → its fields that hold the highest ever seen, as the shipped ledgers say."""
    asked = ((kind["code"], kind.get("questions", ())) for kind in _shipped())
    return {code: found for code, qs in asked if (found := tuple(q["code"] for q in qs if q.get("highest")))}


def _question(short: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": short["code"],
        "type": short["type"],
        "label": {"zh-hans": short["label"]},
        "personal": short.get("personal", False),
        "choices": [{"code": c, "label": {"zh-hans": t}} for c, t in short.get("choices", {}).items()],
    }
