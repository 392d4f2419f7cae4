"""Targets: lists, one with its whole history, doubles, the grid of a building."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, TextField, Window
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, RowNumber
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Fact, Finding, Kind, Submission, Target, Visit
from linli.engines.fieldwork.permissions import check_read, readable
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.rules.same import folded
from linli.engines.fieldwork.search import narrowed
from linli.engines.fieldwork.types import TargetFilter
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import decrypt_text
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset

PURPOSE = "fieldwork.target"
_WITH = ("kind", "area", "unit", "parent", "merged_into")
_BORDERS = ("area__geometry", "area__wkb")


def unsealed(target: Target) -> dict[str, Any]:
    """Return what is personal of a target, by field: for who may read the target, and for services."""
    return json.loads(decrypt_text(target.sealed, PURPOSE) or "{}")  # type: ignore[no-any-return]


def known(target: Target) -> dict[str, Any]:
    """Return all that is known of a target by its kind's form, what is personal too: never asked again by a visit."""
    return {**target.facts, **unsealed(target)}


def matching(rows: QuerySet[Target], filters: TargetFilter, kinds: Sequence[int] = ()) -> QuerySet[Target]:
    """Return those of ``rows`` that the filters let through; what the kinds are is the caller's.

    Where there are words or a tag, one statement is made beforehand; ``kinds`` (keys), if given, make it narrower.
    """
    conditions: dict[str, Any] = {
        "area_path__startswith": filters.area_path,
        "unit": filters.unit_id,
        "parent__uuid": filters.parent,
    }
    rows = rows.filter(**{k: v for k, v in conditions.items() if v}).filter(until__isnull=not filters.ended)
    if filters.unvisited_since is not None:
        since = datetime.combine(filters.unvisited_since, time.min, timezone.get_default_timezone())
        rows = rows.filter(Q(visited_at=None) | Q(visited_at__lt=since))
    asked = [f"#{folded(filters.tag)}#"] if filters.tag else []
    words = [folded(word) for word in filters.text[:80].split()[:8]]
    if not all(words):
        return rows.none()
    if asked or words:
        rows = narrowed(rows, [*asked, *words], kinds)
    for n, (code, value) in enumerate(sorted(filters.facts.items())):
        text, plain = f"fact{n}", f"plain{n}"
        rows = rows.alias(
            **{text: Cast(KeyTextTransform(code, "facts"), TextField()), plain: KeyTransform(code, "facts")}
        )
        truth = Q(**{plain: value == "true"}) if value in {"true", "false"} else Q()
        rows = rows.filter(Q(**{text: value}) | truth if truth else Q(**{text: value}))
    return rows


def of_kinds(by: Actor, codes: Collection[str]) -> QuerySet[Target]:
    """Return the targets that ``by`` may read of the kinds: of a guarded one only where it alone is asked for."""
    found = list(Kind.objects.filter(code__in=codes).values_list("pk", "guarded")) if codes else []
    if len(found) == 1 and found[0][1]:
        return readable(by, guarded=True).filter(kind=found[0][0])
    rows = readable(by, guarded=False)
    return rows.filter(kind__in=[pk for pk, guarded in found if not guarded]) if codes else rows


def page(by: Actor, filters: TargetFilter, *, cursor: str = "", size: int = 50) -> Page[Target]:
    """Return a page of the targets that ``by`` may read, by address and name: two statements, three with words."""
    rows = matching(of_kinds(by, filters.kinds), filters).select_related(*_WITH).defer("sealed", *_BORDERS)
    return keyset(rows, keys=[("sort_key", str), ("id", int)], cursor=cursor, size=size)


def target_for(by: Actor, uuid: UUID) -> Target:
    """Return one target with kind, area, unit and what it stands in.

    Raises:
        NotFoundError: there is none, or it is not for this person; the two look alike.
    """
    found = Target.objects.select_related(*_WITH).defer(*_BORDERS).filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这个对象。"), code="fieldwork.no_target")
    check_read(by, found)
    return found


def main_of(pk: int) -> int:
    """Return the target that one was merged into in the end, or itself."""
    seen = {pk}
    while (above_ := Target.objects.filter(pk=pk).values_list("merged_into", flat=True).first()) is not None:
        if above_ in seen:
            break
        pk = above_
        seen.add(pk)
    return pk


def family(pk: int) -> set[int]:
    """Return a target and all its doubles, theirs too."""
    found, last = {pk}, {pk}
    while last:
        last = set(Target.objects.filter(merged_into__in=last).values_list("pk", flat=True)) - found
        found |= last
    return found


def above(target: Target) -> set[int]:
    """Return the targets in which one stands."""
    found: set[int] = set()
    at = target.parent_id
    while at is not None and at not in found:
        found.add(at)
        at = Target.objects.filter(pk=at).values_list("parent", flat=True).first()
    return found


@dataclass(frozen=True, slots=True)
class Known:
    """One fact as it became: what, since when, whence, and of which double, if of one."""

    field: str
    value: Any
    at: datetime
    by_label: str
    source_kind: str
    source_uuid: UUID | None
    double: UUID | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that there is of a target and its doubles, the newest first."""

    target: Target
    doubles: list[Target]
    below: list[Target]
    facts: list[Known]
    visits: list[Visit]
    submissions: list[Submission]
    findings: list[Finding]


def dossier(by: Actor, uuid: UUID, *, most: int = 200) -> Dossier:
    """Return a target with its whole history: of each sort the newest ``most``.

    Raises:
        NotFoundError: as :func:`target_for`.
    """
    target = target_for(by, uuid)
    ids = family(target.pk)
    doubles = list(Target.objects.filter(pk__in=ids - {target.pk}).select_related("kind").order_by("-merged_at", "-pk"))
    other = {d.pk: d.uuid for d in doubles}
    facts = Fact.objects.filter(target__in=ids).order_by("-at", "-id")[:most]
    visits = Visit.objects.filter(target__in=ids).select_related("round", "user", "second", "target")
    sent = doors.visible(by).filter(target__in=ids).select_related("form__form", "round")
    below = readable(by, guarded=False).filter(parent__in=ids, until=None).select_related("kind")
    return Dossier(
        target,
        doubles,
        list(below.order_by("sort_key", "pk")[:most]),
        [_known(fact, other) for fact in facts],
        list(visits.order_by("-occasion", "-pk")[:most]),
        list(sent.order_by("-made_at", "-pk")[:most]),
        list(Finding.objects.filter(target__in=ids).order_by("-found_at", "-pk")[:most]),
    )


def value_of(fact: Fact) -> Any:
    """Return what a fact says, a personal one too: for who may read the target, and for services."""
    return json.loads(decrypt_text(fact.sealed, PURPOSE)) if fact.sealed else fact.value


def _known(fact: Fact, doubles: dict[int, UUID]) -> Known:
    value = value_of(fact)
    return Known(
        fact.field, value, fact.at, fact.by_label, fact.source_kind, fact.source_uuid, doubles.get(fact.target_id)
    )


def newest_facts(ids: Collection[int]) -> dict[int, dict[str, Known]]:
    """Return target → field → what is known of it last, sealed facts left out: one statement for many targets."""
    place = Window(RowNumber(), partition_by=[F("target"), F("field")], order_by=[F("at").desc(), F("id").desc()])
    rows = Fact.objects.filter(target__in=ids, sealed=b"").annotate(place=place).filter(place=1)
    found: dict[int, dict[str, Known]] = {pk: {} for pk in ids}
    for fact in rows:
        found[fact.target_id][fact.field] = _known(fact, {})
    return found


@dataclass(frozen=True, slots=True)
class Twins:
    """Targets of one kind that may be one and the same."""

    key: str
    targets: list[Target]


def doubles(by: Actor, kind: str, *, size: int = 50, after: str = "") -> list[Twins]:
    """Return groups of targets that look the same, by their key, those behind ``after``: three statements."""
    rows = of_kinds(by, [kind]).filter(until=None, same_key__gt=after)
    keys = list(rows.values_list("same_key").annotate(n=Count("pk")).filter(n__gt=1).order_by("same_key")[:size])
    found: dict[str, list[Target]] = {key: [] for key, _n in keys}
    same = of_kinds(by, [kind]).filter(until=None, same_key__in=list(found)).select_related(*_WITH)
    for target in same.defer("sealed", *_BORDERS).order_by("since", "pk") if found else ():
        found[target.same_key].append(target)
    return [Twins(key, targets) for key, targets in found.items()]


@dataclass(frozen=True, slots=True)
class FloorOf:
    """One floor with its flats, in order."""

    floor: Target
    flats: list[Target]


def grid_of(by: Actor, building: UUID) -> list[FloorOf]:
    """Return a building's floors from the top with their flats.

    Raises:
        NotFoundError: as :func:`target_for`.
    """
    top = target_for(by, building)
    rows = Target.objects.filter(Q(parent__in=family(top.pk)) & Q(kind__guarded=False), until=None)
    floors = list(rows.select_related("kind"))
    flats = Target.objects.filter(parent__in=floors, until=None, kind__guarded=False).select_related("kind")
    of: dict[int, list[Target]] = {f.pk: [] for f in floors}
    for flat in flats.order_by("sort_key", "pk"):
        of[flat.parent_id or 0].append(flat)
    found = [FloorOf(f, of[f.pk]) for f in floors]
    return sorted(found, key=lambda f: (_storey(f.floor.name), f.floor.pk), reverse=True)


def _storey(name: str) -> int:
    digits = "".join(c for c in name if c.isdigit())
    return (-1 if name.startswith("B") else 1) * int(digits or 0)
