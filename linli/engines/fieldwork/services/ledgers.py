"""Acts on ledgers beside entering and changing: opening what is sealed, forgetting it, tags on many, taking out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.models import Fact, Kind, Target
from linli.engines.fieldwork.permissions import check_keep, may_enter, readable
from linli.engines.fieldwork.services.facts import BY_HAND, facts_of, personal_codes, put_facts
from linli.engines.fieldwork.services.steps import need, note_target, wrong
from linli.engines.fieldwork.services.targets import LONGEST_TAG, MOST_TAGS, locked, save_next
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.text import clean, mask_personal

MOST_AT_ONCE = 200


@whole
def open_sealed(*, by: Actor, now: datetime, uuid: UUID, purpose: str) -> dict[str, Any]:
    """Return what is personal of a target, by field; that it was opened, by whom and for what, is journalled.

    Raises:
        NotFoundError: not for this person. InvalidError: no purpose.
    """
    need(purpose=purpose)
    target = selectors.target_for(by, uuid)
    found = selectors.unsealed(target)
    note_target(
        by, now, "open_target", target, after={"fields": sorted(found)}, reason=mask_personal(clean(purpose))[:200]
    )
    return found


@whole
def forget_sealed(
    *, by: Actor, now: datetime, uuid: UUID, fields: Collection[str], reason: str, expected: int
) -> Target:
    """Take personal details out of a target, out of its history too: nobody can open them again.

    Raises:
        NotFoundError, ForbiddenError, StaleError: as ``change_target``. InvalidError: no reason, no field.
    """
    need(reason=reason)
    target = locked(by, uuid, expected)
    personal = personal_codes(selectors.questions_of(target.kind))
    gone = sorted(set(fields) & personal)
    if not gone:
        raise wrong("fields", _("请选择要删除的内容。"))
    blank(by, now, target, gone)
    note_target(by, now, "forget_target", target, after={"fields": gone}, reason=clean(reason))
    return target


def blank(by: Actor, now: datetime, target: Target, gone: Collection[str]) -> None:
    """Take personal details out of a locked target and of what was ever told of it."""
    there = [code for code in gone if code in selectors.unsealed(target)]
    put_facts(target, dict.fromkeys(gone), frozenset(gone))
    save_next(target, now)
    Fact.objects.filter(target=target, field__in=list(gone)).update(sealed=b"", value=None)
    Fact.objects.bulk_create(facts_of(target, dict.fromkeys(there), frozenset(gone), by, now, BY_HAND))


@whole
def tag_targets(*, by: Actor, now: datetime, uuids: Collection[UUID], tag: str, off: bool = False) -> int:
    """Give many targets a tag, or take it off; those that it changes nothing of stay. Return how many were changed.

    Raises:
        InvalidError: no tag, too long, too many targets, or one that would have too many tags.
        ForbiddenError: one of them is not for this person to change; then none is.
    """
    tag = clean(tag)
    if not tag or len(tag) > LONGEST_TAG:
        raise wrong("tag", _("请填写标签，最多 %(most)s 个字。") % {"most": LONGEST_TAG})
    if not uuids or len(uuids) > MOST_AT_ONCE:
        raise wrong("uuids", _("请选择对象，一次最多 %(most)s 个。") % {"most": MOST_AT_ONCE})
    rows = Target.objects.select_for_update(of=("self",)).select_related("kind").filter(uuid__in=list(uuids))
    changed = 0
    for target in rows.filter(until=None).order_by("pk"):
        if off != (tag in target.tags):
            continue
        if not may_enter(by, target.kind, target.area_path, target.unit_id) or target.kind.guarded:
            check_keep(by, target)
        before = list(target.tags)
        target.tags = [t for t in before if t != tag] if off else [*before, tag]
        if len(target.tags) > MOST_TAGS:
            raise wrong("tag", _("“%(name)s”的标签已有 %(most)s 个。") % {"name": target.name, "most": MOST_TAGS})
        save_next(target, now)
        Fact.objects.bulk_create(facts_of(target, {"tags": target.tags}, frozenset(), by, now, BY_HAND))
        note_target(by, now, "change_target", target, before={"tags": before}, after={"tags": target.tags})
        changed += 1
    return changed


def readable_uuids(by: Actor, kind: Kind, uuids: Collection[UUID]) -> list[UUID]:
    """Return those of ``uuids`` that are targets of a ledger which somebody may read."""
    rows = readable(by, guarded=kind.guarded).filter(kind=kind, uuid__in=list(uuids)[:MOST_AT_ONCE], until=None)
    return list(rows.order_by("sort_key", "pk").values_list("uuid", flat=True))
