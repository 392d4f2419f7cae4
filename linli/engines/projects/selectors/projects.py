"""Reading projects: lists by filter, the board by light, one project with all that hangs on it, what is public."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from linli.engines.projects.models import (
    Ask,
    AskAnswer,
    Blocker,
    BlockerStep,
    Node,
    Project,
    ProjectClass,
    ProjectEvent,
    ProjectList,
    ProjectPhoto,
    Spending,
    Team,
)
from linli.engines.projects.permissions import project_q
from linli.engines.projects.rules import life
from linli.engines.projects.types import BlockerState, Light, ProjectState, Strand
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset

BOXES = ("open", "draft", "mine", "blocked", "over")
MOST_ON_WALL = 60
_PLANNING = ("add_node", "change_node")


@dataclass(frozen=True, slots=True)
class ProjectFilters:
    """What a list of projects is narrowed by; empty means all."""

    box: str = "open"
    text: str = ""
    light: str = ""
    class_code: str = ""
    list_uuid: UUID | None = None
    unit_id: int | None = None
    strand: str = ""
    area_path: str = ""


def _box_q(actor: Actor, box: str) -> Q:
    return {
        "open": Q(is_open=True) & ~Q(state=ProjectState.DRAFT),
        "draft": Q(state=ProjectState.DRAFT),
        "mine": Q(is_open=True) & (Q(unit__in=actor.unit_ids) | Q(user=actor.user_id, user__isnull=False)),
        "blocked": Q(is_open=True, blocked__gt=0),
        "over": Q(is_open=False),
    }[box]


def _matching(rows: QuerySet[Project], filters: ProjectFilters) -> QuerySet[Project]:
    if filters.text:
        rows = rows.filter(Q(name__icontains=filters.text) | Q(number__icontains=filters.text))
    if filters.light in Light.values:
        rows = rows.filter(light=filters.light)
    if filters.class_code:
        rows = rows.filter(cls__code=filters.class_code)
    if filters.list_uuid is not None:
        rows = rows.filter(listed__uuid=filters.list_uuid)
    if filters.unit_id is not None:
        rows = rows.filter(unit=filters.unit_id)
    if filters.strand in Strand.values:
        rows = rows.filter(strands__contains=f",{filters.strand}")
    if filters.area_path:
        rows = rows.filter(area_path__startswith=filters.area_path)
    return rows


def _rows(actor: Actor, filters: ProjectFilters) -> QuerySet[Project]:
    rows = Project.objects.filter(project_q(actor))
    if filters.box in BOXES:
        rows = rows.filter(_box_q(actor, filters.box))
    rows = _matching(rows, filters).select_related("cls", "unit", "user", "area", "place", "listed")
    return rows.defer("area__geometry", "area__wkb")


def project_page(actor: Actor, filters: ProjectFilters, *, cursor: str = "", size: int = 50) -> Page[Project]:
    """Return one page of the projects that ``actor`` reads, soonest deadline first; of those over, the latest."""
    keys: list[tuple[str, type]] = [("deadline", date), ("id", int)]
    over = filters.box == "over"
    return keyset(_rows(actor, filters), keys=keys, cursor=cursor, size=size, descending=over)


def project_counts(actor: Actor) -> dict[str, int]:
    """Return how many projects each box holds that ``actor`` reads: one statement."""
    boxes = {box: Count("pk", filter=_box_q(actor, box)) for box in BOXES if box != "over"}
    return Project.objects.filter(project_q(actor)).aggregate(**boxes)


def board(actor: Actor, filters: ProjectFilters, *, most: int = 300) -> dict[str, list[Project]]:
    """Return the projects of a filter by light, the reddest column first: one statement, at most ``most``."""
    columns: dict[str, list[Project]] = {c: [] for c in ("red", "yellow", "green", "waiting", "done")}
    for project in _rows(actor, filters).order_by("deadline", "id")[:most]:
        columns[project.light].append(project)
    return columns


def wall_projects(actor: Actor, filters: ProjectFilters) -> list[Project]:
    """Return the projects of a wall chart: by list and deadline, at most sixty."""
    rows = _rows(actor, filters)
    return list(rows.order_by("listed", "list_order", "deadline", "id")[:MOST_ON_WALL])


def nodes_of_many(project_ids: list[int]) -> dict[int, list[Node]]:
    """Return the nodes of several projects in the order of their plans: one statement."""
    found: dict[int, list[Node]] = {pk: [] for pk in project_ids}
    for node in Node.objects.filter(project__in=project_ids).order_by("order", "id"):
        found[node.project_id].append(node)
    return found


def project_for(actor: Actor, uuid: UUID) -> Project:
    """Return the project with that uuid, if ``actor`` reads it.

    Raises:
        NotFoundError: there is none for this reader.
    """
    rows = Project.objects.filter(project_q(actor), uuid=uuid)
    rows = rows.select_related("cls", "unit", "user", "area", "place", "listed")
    found = rows.defer("area__geometry", "area__wkb").first()
    if found is None:
        raise NotFoundError(_("没有找到这个项目。"), code="projects.none")
    return found


def project_by_node(actor: Actor, node_uuid: UUID) -> Project:
    """Return the project to which a node belongs, for the task that came from it; NotFoundError if there is none."""
    found = Project.objects.filter(project_q(actor), nodes__uuid=node_uuid).first()
    if found is None:
        raise NotFoundError(_("没有找到这个项目。"), code="projects.none")
    return found


def projects_of_source(actor: Actor, source_uuid: UUID) -> list[Project]:
    """Return the projects that something asked for led to, for its own page."""
    return list(Project.objects.filter(project_q(actor), source_uuid=source_uuid).order_by("id")[:50])


def events_of(project: Project, *, limit: int = 100) -> list[ProjectEvent]:
    """Return what happened to a project, newest first; lines entered while it is planned are in the journal alone."""
    return list(ProjectEvent.objects.filter(project=project).exclude(verb__in=_PLANNING).order_by("-at", "-id")[:limit])


def spendings_of(project: Project) -> list[Spending]:
    """Return the money spent, in order."""
    return list(Spending.objects.filter(project=project)[:500])


def photos_of(project: Project, *, public: bool = False) -> list[ProjectPhoto]:
    """Return the pictures of a project by spot; ``public``: those cleared for everybody only."""
    rows = ProjectPhoto.objects.filter(project=project).select_related("file")
    return list(rows.filter(public=True) if public else rows)


@dataclass(frozen=True, slots=True)
class Spot:
    """One spot of a place, before and after: the pair that shows what changed."""

    name: str
    before: ProjectPhoto | None = None
    after: ProjectPhoto | None = None
    more: list[ProjectPhoto] = field(default_factory=list)

    @property
    def both(self) -> tuple[ProjectPhoto | None, ProjectPhoto | None]:
        """The pair: before, after."""
        return self.before, self.after


def spots(photos: list[ProjectPhoto]) -> list[Spot]:
    """Return pictures as pairs of the same spot: the first before, the last after, the others beside them."""
    found: dict[str, list[ProjectPhoto]] = {}
    for photo in photos:
        found.setdefault(photo.spot, []).append(photo)
    made = []
    for name, rows in found.items():
        before = next((p for p in rows if p.moment == "before"), None)
        after = next((p for p in reversed(rows) if p.moment == "after"), None)
        made.append(Spot(name, before, after, [p for p in rows if p is not before and p is not after]))
    return made


def blockers_of(project: Project) -> list[Blocker]:
    """Return a project's blockers with their steps, open ones first: two statements."""
    rows = Blocker.objects.filter(project=project).select_related("node").prefetch_related("steps")
    return sorted(rows, key=lambda b: (b.state != BlockerState.OPEN, -b.pk))


def blocker_for(actor: Actor, uuid: UUID) -> Blocker:
    """Return a blocker with its project and steps, or raise NotFoundError."""
    rows = Blocker.objects.select_related("project__unit", "project__cls", "node").prefetch_related("steps")
    found = rows.filter(uuid=uuid).first()
    if found is None or not Project.objects.filter(project_q(actor), pk=found.project_id).exists():
        raise NotFoundError(_("没有找到这个卡点。"), code="projects.no_blocker")
    return found


def open_blockers(actor: Actor, *, cursor: str = "", size: int = 50) -> Page[Blocker]:
    """Return the open blockers of the projects that ``actor`` reads, the oldest first."""
    mine = Project.objects.filter(project_q(actor)).values("pk")
    rows = Blocker.objects.filter(state=BlockerState.OPEN, project__in=mine).select_related("project__unit", "node")
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size)


def shared_blocker(code: str) -> tuple[Blocker, list[BlockerStep]]:
    """Return the log that residents concerned read by its address; NotFoundError where it is none, or taken back."""
    found = Blocker.objects.filter(code=code).select_related("project__cls").first() if code else None
    if found is None:
        raise NotFoundError(_("这个查看地址无效或已收回。"), code="projects.no_blocker")
    return found, list(found.steps.all())


def classes(*, active: bool = True) -> list[ProjectClass]:
    """Return the classes of projects in their order."""
    rows = ProjectClass.objects.all()
    return list(rows.filter(active=True) if active else rows)


def project_lists(*, year: int | None = None) -> list[ProjectList]:
    """Return the yearly lists, the latest first."""
    rows = ProjectList.objects.all()
    return list(rows.filter(year=year) if year is not None else rows[:200])


def project_list_for(uuid: UUID) -> ProjectList:
    """Return a yearly list, or raise NotFoundError."""
    found = ProjectList.objects.filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有找到这份清单。"), code="projects.no_list")
    return found


def projects_on(listed: ProjectList, actor: Actor | None = None) -> list[Project]:
    """Return the projects on a list in its order; without ``actor`` the public ones only."""
    rows = Project.objects.filter(listed=listed).exclude(state=ProjectState.STOPPED)
    rows = rows.filter(project_q(actor)) if actor is not None else rows.filter(PUBLIC)
    return list(rows.select_related("cls", "unit", "area").defer("area__geometry").order_by("list_order", "id")[:200])


def teams(*, active: bool = True) -> list[Team]:
    """Return the shared teams by name."""
    rows = Team.objects.all()
    return list(rows.filter(active=True) if active else rows)


PUBLIC = Q(public=True) & ~Q(state__in=("draft", "stopped"))


def public_projects(
    *, text: str = "", class_code: str = "", area_path: str = "", cursor: str = "", size: int = 20
) -> Page[Project]:
    """Return one page of the projects that everybody may see, soonest deadline first."""
    filters = ProjectFilters(box="", text=text, class_code=class_code, area_path=area_path)
    rows = _matching(Project.objects.filter(PUBLIC), filters)
    rows = rows.select_related("cls", "unit", "area").defer("area__geometry", "area__wkb")
    keys: list[tuple[str, type]] = [("deadline", date), ("id", int)]
    return keyset(rows, keys=keys, cursor=cursor, size=size, descending=True)


def public_project(uuid: UUID) -> Project:
    """Return a project that everybody may see, or raise NotFoundError."""
    rows = Project.objects.filter(PUBLIC, uuid=uuid).select_related("cls", "unit", "area", "listed")
    found = rows.defer("area__geometry", "area__wkb").first()
    if found is None:
        raise NotFoundError(_("没有找到这个项目。"), code="projects.none")
    return found


def public_steps(project: Project) -> list[ProjectEvent]:
    """Return the steps of a project that everybody may read, newest first."""
    return list(ProjectEvent.objects.filter(project=project, public=True).order_by("-at", "-id")[:60])


def told_of(source_uuid: UUID) -> list[ProjectEvent]:
    """Return what who asked was told of the public projects that came of one thing, newest first: one statement."""
    shown = Project.objects.filter(PUBLIC, source_uuid=source_uuid).values("pk")
    rows = ProjectEvent.objects.filter(project__in=shown, verb="told").select_related("project__unit")
    return list(rows.order_by("-at", "-id")[:100])


def is_public_photo(file: UUID) -> bool:
    """Return whether a picture is cleared and its project public."""
    shown = Project.objects.filter(PUBLIC).values("pk")
    return ProjectPhoto.objects.filter(file__uuid=file, public=True, project__in=shown).exists()


def is_photo_of(file: UUID, project: Project) -> bool:
    """Return whether a picture belongs to the project."""
    return ProjectPhoto.objects.filter(file__uuid=file, project=project).exists()


def asks_of(project: Project) -> list[Ask]:
    """Return what residents were asked, with how many answered: the latest first."""
    return list(Ask.objects.filter(project=project).annotate(count=Count("answers")))


def ask_for(uuid: UUID) -> Ask:
    """Return a question of a public project, or raise NotFoundError."""
    shown = Project.objects.filter(PUBLIC).values("pk")
    found = Ask.objects.filter(uuid=uuid, project__in=shown).select_related("project").first()
    if found is None:
        raise NotFoundError(_("没有找到这次征集。"), code="projects.no_ask")
    return found


@dataclass(frozen=True, slots=True)
class Outcome:
    """What residents answered: counts by choice, and how many said that the problem is not solved.

    ``hidden``: too few answered to show how; ``unsolved`` is in whole percent of those who said.
    """

    count: int
    counts: dict[str, int]
    unsolved: int | None
    words: list[str]
    hidden: bool


def outcome(ask: Ask, *, small: int, public: bool) -> Outcome:
    """Return what was answered; where fewer than ``small`` answered, or a choice has fewer, nobody else reads how.

    ``public``: as everybody may read it: without words, and hidden where any choice chosen has fewer than ``small``.
    """
    rows: list[dict[str, Any]] = list(AskAnswer.objects.filter(ask=ask).values_list("answers", flat=True))
    counts = Counter(str(r.get("choice")) for r in rows if r.get("choice"))
    said = [r["solved"] for r in rows if isinstance(r.get("solved"), bool)]
    unsolved = 100 * said.count(False) // len(said) if said else None
    few = len(rows) < small or (public and any(n < small for n in counts.values()))
    words = [] if public else [str(r["words"]) for r in rows if r.get("words")]
    hidden = few and public
    return Outcome(len(rows), {} if hidden else dict(counts), None if hidden else unsolved, words, hidden)


def money_of(actor: Actor, filters: ProjectFilters) -> dict[str, int]:
    """Return what the projects of a filter have planned and spent, in cents: one statement."""
    found = _rows(actor, filters).order_by().aggregate(planned=Sum("planned_cents"), spent=Sum("spent_cents"))
    return {k: int(v or 0) for k, v in found.items()}


def open_below(path: str) -> int:
    """Return how many open projects lie in an area and below it."""
    return Project.objects.filter(is_open=True, area_path__startswith=path).count()


def stale_lights(today: date, *, most: int = 500) -> list[Project]:
    """Return the planned projects whose lights were not worked out today, for the daily job."""
    rows = Project.objects.filter(is_open=True, state__in=life.PLANNED)
    return list(
        rows.filter(Q(lit_on__lt=today) | Q(lit_on=None)).order_by(F("lit_on").asc(nulls_first=True), "pk")[:most]
    )
