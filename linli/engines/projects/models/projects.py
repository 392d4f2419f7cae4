"""Projects: what is to be built or changed by a day, with its class, list, money, pictures and history."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.engines.projects.types import Light, ListKind, PhotoMoment, ProjectState
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal

_UNIT, _USER = "people.Unit", "accounts.User"


class ProjectClass(Base):
    """A class of projects (美丽家园, 实事, 民心工程 …): data, not code."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=32)
    icon = models.CharField(max_length=32, default="target")
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ("order", "code")

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class ProjectList(Base):
    """A yearly list of projects (年度十大, 年度实事) and the committee that owns it, named by its own room."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=ListKind.choices)
    title = models.CharField(max_length=80)
    committee_uuid = models.UUIDField(null=True)
    committee_label = models.CharField(max_length=80, blank=True)
    public = models.BooleanField(default=False)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("year", "title"), name="projects_list_year_title"),)
        ordering = ("-year", "kind", "id")

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Project(Base):
    """One project: the present state; how it came about stands in its events."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.CharField(max_length=32, unique=True)
    cls = models.ForeignKey("projects.ProjectClass", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    goal = models.TextField(blank=True)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=255, blank=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    where = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    unit = models.ForeignKey(_UNIT, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    partners = models.TextField(blank=True)
    planned_cents = models.BigIntegerField(default=0)
    spent_cents = models.BigIntegerField(default=0)
    deadline = models.DateField()
    state = models.CharField(max_length=12, choices=ProjectState.choices, default=ProjectState.DRAFT)
    state_reason = models.TextField(blank=True)
    is_open = models.BooleanField(default=True)
    listed = models.ForeignKey("projects.ProjectList", on_delete=models.PROTECT, null=True, related_name="projects")
    list_order = models.PositiveSmallIntegerField(default=0)
    source_kind = models.CharField(max_length=20, blank=True)
    source_uuid = models.UUIDField(null=True)
    source_label = models.CharField(max_length=80, blank=True)
    strands = models.CharField(max_length=60, blank=True)
    public = models.BooleanField(default=False)
    public_money = models.BooleanField(default=False)
    public_text = models.TextField(blank=True)
    light = models.CharField(max_length=8, choices=Light.choices, default=Light.WAITING)
    light_why = models.JSONField(default=dict)
    lit_on = models.DateField(null=True)
    percent = models.PositiveSmallIntegerField(default=0)
    blocked = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    plan_version = models.PositiveIntegerField(default=1)
    started_on = models.DateField(null=True)
    finished_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    created_label = models.CharField(max_length=80)
    changed_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {
        "user": Personal("who leads it", None, "staff"),
        "created_label": Personal("who entered it", None, "staff"),
    }

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(planned_cents__gte=0) & Q(spent_cents__gte=0), name="projects_project_money_positive"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="projects_project_percent"),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True) | Q(lat__isnull=False, lon__isnull=False),
                name="projects_project_point_paired",
            ),
        )
        indexes = (
            models.Index(fields=("deadline", "id"), condition=Q(is_open=True), name="projects_open_by_deadline"),
            models.Index(fields=("source_uuid",), name="projects_project_source"),
        )

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    @property
    def spot(self) -> tuple[float, float] | None:
        """Where it lies, latitude before longitude in WGS-84: the point picked, else its place; None for neither."""
        if self.lat is not None and self.lon is not None:
            return self.lat, self.lon
        place = self.place
        if place is None or place.lat is None or place.lon is None:
            return None
        return place.lat, place.lon


class ProjectEvent(Base):
    """What happened to a project, appended; the public ones are the steps that everybody reads."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    verb = models.CharField(max_length=20)
    text = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    by_label = models.CharField(max_length=80)
    public = models.BooleanField(default=False)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("who did it", None, "staff")}

    class Meta:
        ordering = ("at", "id")


class Spending(Base):
    """Money spent, appended: a correction is a line of its own with a minus before it."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="spendings")
    on = models.DateField()
    cents = models.BigIntegerField()
    what = models.CharField(max_length=120)
    source = models.CharField(max_length=80)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("who entered it", None, "staff")}

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(cents=0), name="projects_spending_not_nothing"),)
        ordering = ("on", "id")


class ProjectPhoto(Base):
    """A picture of the place before, while or after it is changed; those of one spot make a pair."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="photos")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    moment = models.CharField(max_length=8, choices=PhotoMoment.choices)
    spot = models.CharField(max_length=40)
    caption = models.CharField(max_length=100, blank=True)
    public = models.BooleanField(default=False)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("who added it", None, "staff")}

    class Meta:
        ordering = ("spot", "at", "id")
