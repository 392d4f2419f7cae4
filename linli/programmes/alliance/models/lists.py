"""The three lists: needs, resources, projects; and pieces of resources that were given to somebody."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.alliance.types import ListKind, UseState
from linli.programmes.alliance.workflow import EntryState


class Category(Base):
    """What a line of the lists is about (工地, 社区管家, 医务督导, 助学, 美丽家园 …): data, not code."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=32, unique=True)
    order = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Entry(Base):
    """One line of the three lists.

    What is promised and used is the sum of its :class:`Use` rows, and of a project that of its claims' shares:
    no counters by hand. ``title`` keeps its inner quotes; ``title_key`` is how it is found.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=16, choices=ListKind.choices)
    title = models.CharField(max_length=100)
    title_key = models.CharField(max_length=200, db_index=True)
    text = models.TextField(default="", blank=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, related_name="+")
    quantity = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    unit_word = models.CharField(max_length=16, default="", blank=True)
    reusable = models.BooleanField(default=False)
    member = models.ForeignKey("alliance.Member", on_delete=models.PROTECT, null=True, related_name="entries")
    body = models.ForeignKey("alliance.Body", on_delete=models.PROTECT, null=True, related_name="entries")
    receiver = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=200, default="", blank=True)
    place = models.CharField(max_length=120, default="", blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    conditions = models.CharField(max_length=300, default="", blank=True)
    source_kind = models.CharField(max_length=32, default="", blank=True)
    source_uuid = models.UUIDField(null=True)
    source_label = models.CharField(max_length=120, default="", blank=True)

    state = models.CharField(max_length=16, choices=EntryState.choices, default=EntryState.DRAFT)
    drafted_on = models.DateField()
    submitted_by = models.UUIDField(null=True)
    submitted_label = models.CharField(max_length=80, default="", blank=True)
    returned = models.CharField(max_length=300, default="", blank=True)
    published_on = models.DateField(null=True)
    published_label = models.CharField(max_length=80, default="", blank=True)
    closed_on = models.DateField(null=True)
    close_reason = models.CharField(max_length=300, default="", blank=True)
    pitch = models.TextField(default="", blank=True)
    pitched_on = models.DateField(null=True)
    pitch_file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    top_year = models.PositiveSmallIntegerField(null=True)
    top_place = models.PositiveSmallIntegerField(null=True)
    project_uuid = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {
        "submitted_by": Personal("that another person reviews what is published", None, "colleagues"),
        "submitted_label": Personal("that another person reviews what is published", None, "colleagues"),
        "published_label": Personal("knowing who reviewed what is public", None, "colleagues"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="alliance_entry_days",
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0), name="alliance_entry_quantity"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_on__isnull=False), name="alliance_entry_published"
            ),
            models.UniqueConstraint(
                fields=["top_year", "top_place"],
                condition=Q(top_year__isnull=False),
                name="alliance_entry_top_place_once",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "state", "-id"], name="alliance_entry_list"),
            models.Index(fields=["source_uuid"], name="alliance_entry_source"),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Use(Base):
    """A piece of a resource promised to a need or a member, and whether it was used: the use counter counts these."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    resource = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="uses")
    need = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="met_by")
    member = models.ForeignKey("alliance.Member", on_delete=models.PROTECT, null=True, related_name="uses")
    quantity = models.DecimalField(max_digits=12, decimal_places=2)
    purpose = models.CharField(max_length=200, default="", blank=True)
    state = models.CharField(max_length=16, choices=UseState.choices, default=UseState.COMMITTED)
    committed_on = models.DateField()
    used_on = models.DateField(null=True)
    ended_note = models.CharField(max_length=200, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="alliance_use_quantity"),
            models.CheckConstraint(condition=~Q(state="used") | Q(used_on__isnull=False), name="alliance_use_day"),
            models.CheckConstraint(
                condition=Q(need__isnull=False) | Q(member__isnull=False), name="alliance_use_for_somebody"
            ),
        ]
        indexes = [models.Index(fields=["state", "used_on"], name="alliance_use_state")]
