"""Units, posts and who holds them, absences, line forces, duty."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.foundation.people.types import ROLES, BodyFunction, Line, Role


class UnitKind(models.TextChoices):
    """What sort of body a unit is."""

    STREET_OFFICE = "street_office", _("街道办事处")
    DEPARTMENT = "department", _("科室")
    OPERATIONS_CENTRE = "operations_centre", _("街道城运中心")
    ENFORCEMENT = "enforcement", _("城管")
    POLICE = "police", _("公安")
    MARKET = "market", _("市场监管")
    HOUSING = "housing", _("房管")
    NEIGHBOURHOOD_COMMITTEE = "neighbourhood_committee", _("居委会")
    BRANCH = "branch", _("党支部")
    PROPERTY_COMPANY = "property_company", _("物业服务企业")
    OWNERS_COMMITTEE = "owners_committee", _("业委会")
    COMPANY = "company", _("企业")
    CONTRACTOR = "contractor", _("外包单位")
    SOCIAL = "social", _("社会组织")
    TASK_FORCE = "task_force", _("专班（临时机构）")
    OTHER = "other", _("其他单位")


class UnitQuerySet(models.QuerySet["Unit"]):
    """Units by what they are and when."""

    def on(self, day: date) -> UnitQuerySet:
        """Return those that exist and work on ``day``."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), active=True, starts_on__lte=day)


class Unit(Base):
    """An office, department, organisation, firm, or a body with an end date."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=128)
    short_name = models.CharField(max_length=32, default="", blank=True)
    kind = models.CharField(max_length=32, choices=UnitKind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    active = models.BooleanField(default=True)
    starts_on = models.DateField(default=date(2000, 1, 1))
    ends_on = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=32, default="", blank=True)

    objects: ClassVar[models.Manager[Unit]] = UnitQuerySet.as_manager()
    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(active=True), name="people_unit_name_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="people_unit_days"
            ),
            models.CheckConstraint(
                condition=~Q(kind="task_force") | Q(ends_on__isnull=False), name="people_task_force_ends"
            ),
        ]
        indexes = [models.Index(fields=["kind"], condition=Q(active=True), name="people_unit_kind")]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Post(Base):
    """A place in a unit with one role, for the unit or for an area; people come and go."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=32, choices=[(r.value, ROLES[r].name) for r in Role])
    title = models.CharField(max_length=64)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    active = models.BooleanField(default=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        indexes = [models.Index(fields=["role"], name="people_post_role")]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Appointment(Base):
    """Somebody in a post from the first to the last day, both included."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "user": Personal("knowing who answers for what", None, "colleagues"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="people_appointment_days"
            ),
        ]


class Absence(Base):
    """Days on which somebody is away, and who stands in; never why they are away."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences")
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="stands_in"
    )
    starts_on = models.DateField()
    ends_on = models.DateField()

    personal: ClassVar[dict[str, Personal]] = {
        "user": Personal("passing work to a stand-in", 365, "the user, the unit's head"),
        "stand_in": Personal("passing work to a stand-in", 365, "the user, the unit's head"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="people_absence_days"),
            models.CheckConstraint(
                condition=Q(stand_in__isnull=True) | ~Q(stand_in=F("user")), name="people_absence_not_oneself"
            ),
        ]


class LineGrid(Base):
    """A grid of one line (police, party …) that was merged into the one grid (多格合一)."""

    line = models.CharField(max_length=32, choices=[(x.value, x.value) for x in Line])
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=64)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "code", "area", "starts_on"], name="people_line_grid_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="people_line_grid_days"
            ),
        ]


class LineForce(Base):
    """A person or a unit of a line at work in an area, with dates: the police officer of grid 3."""

    line = models.CharField(max_length=32, choices=[(x.value, x.value) for x in Line])
    title = models.CharField(max_length=64)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="line_forces")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    personal: ClassVar[dict[str, Personal]] = {"user": Personal("knowing who works in a grid", None, "colleagues")}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="people_line_force_days"
            ),
        ]


class DutyShift(Base):
    """A stretch of duty in the roster, and what was handed to the next one."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="shifts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shifts")
    kind = models.CharField(max_length=32, default="duty")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {"user": Personal("knowing who is on duty", 365, "colleagues")}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="people_shift_order"),
            models.UniqueConstraint(fields=["user", "unit", "starts_at"], name="people_shift_once"),
        ]
        indexes = [models.Index(fields=["ends_at", "starts_at"], name="people_shift_time")]


class WalkInDesk(Base):
    """A place where residents find an officer on certain days (城管社区工作室): the post, never a person."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=80)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="desks")
    post = models.CharField(max_length=64, blank=True)
    place = models.CharField(max_length=120)
    phone = models.CharField(max_length=32, blank=True)
    note = models.CharField(max_length=200, blank=True)
    active = models.BooleanField(default=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], condition=Q(active=True), name="people_desk_name_once")]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class DeskHours(Base):
    """A stretch of a week's day in which a desk is attended."""

    desk = models.ForeignKey(WalkInDesk, on_delete=models.CASCADE, related_name="hours")
    weekday = models.IntegerField()
    starts = models.TimeField()
    ends = models.TimeField()

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="people_desk_hours_order"),
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="people_desk_hours_weekday"),
        ]


class GridItem(Base):
    """Something that must be in every grid (四个在网格); what it means is the subdistrict's to say."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=60)
    meaning = models.TextField(blank=True)
    order = models.IntegerField(default=0)
    active = models.BooleanField(default=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(active=True), name="people_grid_item_name_once")
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class GridItemState(Base):
    """Whether an item is in a grid, as last looked at; the journal keeps what was said before."""

    item = models.ForeignKey(GridItem, on_delete=models.PROTECT, related_name="states")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+")
    present = models.BooleanField()
    note = models.CharField(max_length=200, blank=True)
    on = models.DateField()
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("who looked", None, "colleagues")}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "area"], name="people_grid_item_state_once")]


class Body(Base):
    """What a leading group (a unit of the kind ``task_force``) is for, and where its office sits."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="body")
    purpose = models.TextField()
    basis = models.CharField(max_length=200, blank=True)
    office = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")

    personal: ClassVar[dict[str, Personal]] = {}


class BodyMember(Base):
    """A post that belongs to a leading group, with its function; whoever holds the post is the member."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="members")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    function = models.CharField(max_length=8, choices=BodyFunction.choices)
    until = models.DateField(null=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["body", "post"], condition=Q(until__isnull=True), name="people_body_post_once"
            )
        ]
