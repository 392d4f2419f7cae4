"""Reading documents: the list, one with its articles and blocks, its findings, its tasks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from linli.engines.projects import selectors as projects
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places
from linli.programmes.documents.models import Article, Block, Document, Finding, Part, PlanItem
from linli.programmes.documents.permissions import may_read
from linli.programmes.documents.selectors.aliases import aliases_in_force
from linli.programmes.documents.types import Kind, Lexicon
from linli.programmes.documents.workflow import KEPT, DocumentKind, DocumentState, FindingState

MOST_FINDINGS = 5_000


@dataclass(frozen=True, slots=True)
class DocumentFilters:
    """What the list is narrowed to; empty narrows nothing."""

    text: str = ""
    kind: str = ""
    state: str = ""


def visible(actor: Actor) -> QuerySet[Document]:
    """Return the documents that ``actor`` may read: all, or none."""
    return Document.objects.all() if may_read(actor) else Document.objects.none()


def document_list(actor: Actor, filters: DocumentFilters, *, cursor: str = "", size: int = 50) -> Page[Document]:
    """Return one page of the documents, newest first, each with ``waiting``, ``asked`` and ``ended`` counted."""
    rows = visible(actor).select_related("source_unit").defer("text_sealed")
    if filters.kind in DocumentKind.values:
        rows = rows.filter(kind=filters.kind)
    if filters.state in DocumentState.values:
        rows = rows.filter(state=filters.state)
    if wanted := filters.text.strip()[:80]:
        said = Finding.objects.filter(document=OuterRef("pk"), text__contains=wanted)
        named = Q(title__contains=wanted) | Q(number__contains=wanted) | Q(source_name__contains=wanted)
        rows = rows.filter(named | Q(source_unit__name__contains=wanted) | Q(Exists(said)))
    page = keyset(rows, keys=[("imported_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)
    _count(page.rows)
    return page


def _count(rows: list[Document]) -> None:
    counted = Finding.objects.filter(document__in=[d.pk for d in rows]).order_by().values("document")
    found = {
        c["document"]: c
        for c in counted.annotate(
            waiting=Count("pk", filter=Q(state=FindingState.PROPOSED)),
            asked=Count("pk", filter=Q(tasked_at__isnull=False)),
            ended=Count("pk", filter=Q(ended_at__isnull=False)),
        )
    }
    for document in rows:
        counts: Any = found.get(document.pk, {})
        for name in ("waiting", "asked", "ended"):
            setattr(document, name, counts.get(name, 0))


def document_for(actor: Actor, uuid: UUID) -> Document:
    """Return a document.

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = visible(actor).filter(uuid=uuid).select_related("source_unit", "file", "previous").first()
    if found is None:
        raise NotFoundError(_("没有找到这份文件。"), code="documents.not_found")
    return found


def same_content(sha256: str) -> Document | None:
    """Return the document made of exactly this content."""
    return Document.objects.filter(sha256=sha256).defer("text_sealed").first()


def document_waiting(pk: int) -> Document | None:
    """Return a document whose pages are being read, None for any other."""
    return Document.objects.filter(pk=pk, state=DocumentState.READING).select_related("file").first()


def articles_of(document: Document) -> list[Article]:
    """Return the articles in their order."""
    return list(Article.objects.filter(document=document).order_by("position"))


def blocks_of(document: Document) -> list[Block]:
    """Return the blocks: of each article in order, then those that belong to none."""
    rows = list(Block.objects.filter(document=document).select_related("article"))
    last = 1_000_000
    return sorted(rows, key=lambda b: (b.article.position if b.article else last, b.position, b.number))


def findings_of(document: Document, *, kind: str = "", state: str = "") -> list[Finding]:
    """Return what the document says, in the order of the page."""
    rows = Finding.objects.filter(document=document)
    if kind in {k.value for k in Kind}:
        rows = rows.filter(kind=kind)
    if state in FindingState.values:
        rows = rows.filter(state=state)
    return list(rows.order_by("start", "-end", "id")[:MOST_FINDINGS])


def finding_for(actor: Actor, uuid: UUID) -> Finding:
    """Return a finding with its document.

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = Finding.objects.filter(uuid=uuid, document__in=visible(actor)).select_related("document", "article").first()
    if found is None:
        raise NotFoundError(_("没有找到这条识读结果。"), code="documents.finding")
    return found


def source_for(actor: Actor, uuid: UUID) -> Finding | PlanItem:
    """Return what a task came from: a finding, or what a unit plans about a part.

    Raises:
        NotFoundError: there is none for this reader.
    """
    item = PlanItem.objects.filter(uuid=uuid, part__document__in=visible(actor)).select_related("part").first()
    return item or finding_for(actor, uuid)


def place_of(finding: Finding) -> int:
    """Return how many findings of its kind stand before a finding in its document."""
    before = Q(start__lt=finding.start) | Q(start=finding.start, end__gt=finding.end)
    same = Q(start=finding.start, end=finding.end, pk__lt=finding.pk)
    return Finding.objects.filter(before | same, document=finding.document_id, kind=finding.kind).count()


def open_requirements(document: Document) -> list[Finding]:
    """Return the requirements that stand and of which no task came yet, in the order of the page."""
    rows = Finding.objects.filter(document=document, kind=Kind.REQUIREMENT, state__in=KEPT, tasked_at__isnull=True)
    return list(rows.order_by("start", "-end", "id")[:MOST_FINDINGS])


def said_inside(document: Document, findings: list[Finding]) -> dict[int, list[Finding]]:
    """Return for each of ``findings`` the units, days and deadlines found inside it and not rejected: one statement."""
    kinds = (Kind.UNIT, Kind.DEADLINE, Kind.DATE)
    rows = Finding.objects.filter(document=document, kind__in=kinds).exclude(state=FindingState.REJECTED)
    inner = list(rows.order_by("start", "id")[:MOST_FINDINGS])
    return {f.pk: [i for i in inner if f.start <= i.start and i.end <= f.end] for f in findings}


def kind_counts(document: Document) -> dict[str, dict[str, int]]:
    """Return kind → {all, waiting}: one statement."""
    rows = Finding.objects.filter(document=document).order_by().values("kind")
    counted = rows.annotate(all=Count("pk"), waiting=Count("pk", filter=Q(state=FindingState.PROPOSED)))
    return {r["kind"]: {"all": r["all"], "waiting": r["waiting"]} for r in counted}


@dataclass(slots=True)
class Asked:
    """A requirement (or whatever became a task) with its tasks."""

    finding: Finding
    tasks: list[Any] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        """Whether every task of it has ended."""
        return bool(self.tasks) and all(t.ended_at is not None for t in self.tasks)


def results_of(document: Document) -> list[Asked]:
    """Return the requirements that stand, and what else became a task, with their tasks: two statements."""
    asked = Q(kind=Kind.REQUIREMENT.value, state__in=KEPT) | Q(tasked_at__isnull=False)
    rows = list(Finding.objects.filter(asked, document=document).order_by("start", "id")[:MOST_FINDINGS])
    tasks = projects.tasks_of_many([f.uuid for f in rows])
    return [Asked(f, tasks.get(f.uuid, [])) for f in rows]


def versions_of(document: Document) -> list[Document]:
    """Return all versions of a policy, the newest first; at most fifty each way."""
    found, at = [document], document
    for _n in range(50):
        if at.previous_id is None:
            break
        at = Document.objects.defer("text_sealed").get(pk=at.previous_id)
        found.append(at)
    at = document
    for _n in range(50):
        after = Document.objects.defer("text_sealed").filter(previous=at).first()
        if after is None:
            break
        found.insert(0, after)
        at = after
    return found


def open_for_version(actor: Actor, kind: str) -> list[Document]:
    """Return the policies or plans that a new version may follow: those without one."""
    rows = visible(actor).filter(kind=kind, following__isnull=True).defer("text_sealed")
    return list(rows.order_by("-imported_at", "-id")[:200])


def parts_of(document: Document) -> list[Part]:
    """Return the parts in their order."""
    return list(Part.objects.filter(document=document).select_related("before").order_by("position"))


def lexicon(now: datetime) -> Lexicon:
    """Return what Linli knows by name: units, posts by title, areas and places by theirs, and the names linked by hand.

    With five statements; a name linked by hand goes before.
    """
    units = people.active_units()
    on = people.local_day(now)
    named = {name: str(u.uuid) for u in units for name in (u.short_name, u.name) if len(name) > 1}
    posts = {
        p.title: str(p.uuid)
        for held in people.posts_of_units([u.pk for u in units]).values()
        for p in held
        if len(p.title) > 2
    }
    spoken = places.names(on)
    areas = places.areas_by_ids({pk for _name, pk in spoken})
    spots = {name: str(areas[pk].uuid) for name, pk in spoken if pk in areas}
    by_kind = {Kind.UNIT.value: named, Kind.POST.value: posts, Kind.PLACE.value: spots}
    for alias in aliases_in_force():
        by_kind[alias.kind][alias.name] = str(alias.target)
    return Lexicon(named, posts, spots)
