"""Reading plans: parts with their tasks, and the split into the units' own plans."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.projects import selectors as projects
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.people import selectors as people
from linli.programmes.documents.models import Document, Finding, Part, PlanItem, PlanUnit
from linli.programmes.documents.rules.parts import Split, check_split
from linli.programmes.documents.selectors.documents import parts_of, visible
from linli.programmes.documents.workflow import Change


@dataclass(slots=True)
class Cell:
    """What one unit says of one part; ``item`` is None where it says nothing yet."""

    part: Part
    unit: Any
    item: PlanItem | None = None
    tasks: list[Any] = field(default_factory=list)
    stale: bool = False


@dataclass(slots=True)
class Plan:
    """A plan's parts × units, and what the split lacks."""

    parts: list[Part]
    units: list[Any]
    rows: list[tuple[Part, list[Cell]]]
    split: Split

    @property
    def missing(self) -> int:
        """How many cells nobody filled."""
        return len(self.split.missing)


def plan_of(document: Document) -> Plan:
    """Return the split of a plan: four statements."""
    parts = parts_of(document)
    own = PlanUnit.objects.filter(document=document).select_related("unit")
    units = sorted((p.unit for p in own), key=lambda u: (u.kind, u.name))
    items = {(i.part_id, i.unit_id): i for i in PlanItem.objects.filter(part__in=[p.pk for p in parts])}
    tasks = projects.tasks_of_many([i.uuid for i in items.values()])
    rows = []
    for part in parts:
        cells = []
        for unit in units:
            item = items.get((part.pk, unit.pk))
            cells.append(Cell(part, unit, item, tasks.get(item.uuid, []) if item else []))
        rows.append((part, cells))
    split = check_split([p.pk for p in parts], [u.pk for u in units], {k: bool(i.text) for k, i in items.items()})
    return Plan(parts, units, rows, split)


def part_for(actor: Actor, uuid: UUID) -> Part:
    """Return a part with its document.

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = Part.objects.filter(uuid=uuid, document__in=visible(actor)).select_related("document", "before").first()
    if found is None:
        raise NotFoundError(_("没有找到这一部分。"), code="documents.part")
    return found


def cell_for(actor: Actor, uuid: UUID, unit_id: int) -> Cell:
    """Return what a unit says of a part.

    Raises:
        NotFoundError: no such part for this reader, or the unit makes no plan of it.
    """
    part = part_for(actor, uuid)
    if not PlanUnit.objects.filter(document=part.document_id, unit=unit_id).exists():
        raise NotFoundError(_("该单位不在这份方案的拆分范围内。"), code="documents.plan")
    item = PlanItem.objects.filter(part=part, unit=unit_id).select_related("part__document").first()
    return Cell(part, people.unit(unit_id), item, projects.tasks_of(item.uuid) if item else [])


@dataclass(slots=True)
class PartRow:
    """A part of a policy with the tasks derived from it; ``flagged`` are open ones of the version before it."""

    part: Part
    tasks: list[Any]
    flagged: list[Any]


def policy_parts(document: Document) -> tuple[list[PartRow], list[Part]]:
    """Return the parts with their tasks, and the parts of the version before that are no more.

    Where a part's words changed, the open tasks of the version before are flagged: somebody has to
    look whether they still are what is wanted.
    """
    parts = parts_of(document)
    before = (
        list(Part.objects.filter(document=document.previous_id).order_by("position")) if document.previous_id else []
    )
    tasks = _tasks_by_part([*parts, *before])
    rows = []
    for part in parts:
        old = tasks.get(part.before_id or 0, []) if part.change == Change.CHANGED else []
        rows.append(PartRow(part, tasks.get(part.pk, []), [t for t in old if t.ended_at is None]))
    kept = {p.before_id for p in parts}
    return rows, [p for p in before if p.pk not in kept]


def tasked_parts(parts: list[Part]) -> set[int]:
    """Return the ids of the parts of which tasks came: at most three statements."""
    return set(_tasks_by_part(parts))


def _tasks_by_part(parts: list[Part]) -> dict[int, list[Any]]:
    """Return part → tasks made of what it says (findings inside it) and of the units' plans for it."""
    owner: dict[UUID, int] = {}
    found = Finding.objects.filter(document__in={p.document_id for p in parts}, tasked_at__isnull=False)
    for finding in found.only("uuid", "document_id", "start"):
        for part in parts:
            if part.document_id == finding.document_id and part.start <= finding.start < part.end:
                owner[finding.uuid] = part.pk
    owner |= dict(PlanItem.objects.filter(part__in=[p.pk for p in parts]).values_list("uuid", "part"))
    result: dict[int, list[Any]] = {}
    for uuid, made in projects.tasks_of_many(list(owner)).items():
        result.setdefault(owner[uuid], []).extend(made)
    return result
