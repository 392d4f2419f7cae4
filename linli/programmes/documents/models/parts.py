"""Parts of policies and plans, and what each unit makes of each part."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.documents.workflow import Change


class Part(Base):
    """A numbered part of a policy or plan: its raw span, and what changed since the version before.

    ``position`` is where a person put it, ``level`` 1 (the highest) to 4; the text's own order is that of the spans.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="parts", db_index=False)
    position = models.IntegerField()
    level = models.IntegerField(default=1)
    number = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    start = models.IntegerField()
    end = models.IntegerField()
    text = models.TextField()
    change = models.CharField(max_length=8, choices=Change.choices, default=Change.NEW)
    before = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="after")

    personal: ClassVar[dict[str, Personal]] = {
        "text": Personal("the words of the policy", None, "staff who work with it"),
    }

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("document", "position"), name="documents_part_position"),
            models.CheckConstraint(condition=Q(start__gte=0, end__gt=F("start")), name="documents_part_span"),
        )

    def __str__(self) -> str:
        """Return number and title."""
        return f"{self.number}{self.title}"


class PlanUnit(Base):
    """A unit that has to make a plan of its own of a street plan."""

    document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, related_name="plan_units", db_index=False
    )
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("document", "unit"), name="documents_planunit_once"),)


class PlanItem(Base):
    """What one unit does about one part, or why the part does not apply to it: never both, never neither."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    part = models.ForeignKey("documents.Part", on_delete=models.PROTECT, related_name="items", db_index=False)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    due_on = models.DateField(null=True)
    not_applicable = models.TextField(blank=True)
    entered_at = models.DateTimeField()
    entered_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {
        "entered_label": Personal("who entered it", None, "staff who work with it"),
    }

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("part", "unit"), name="documents_planitem_once"),
            models.CheckConstraint(
                condition=(~Q(text="") & Q(not_applicable="")) | (Q(text="") & ~Q(not_applicable="")),
                name="documents_planitem_one_of",
            ),
        )
