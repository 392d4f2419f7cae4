"""The indicator library: project > content > standard (项目 > 内容 > 标准), an edition at a time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.civility.types import EditionState, Way


class PointType(Base):
    """A type of point (主次干道, 背街小巷, 小区 …), and the themes of public advertising that it must show."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=32, unique=True)
    order = models.PositiveSmallIntegerField(default=100)
    themes = models.JSONField(default=list)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Edition(Base):
    """One edition of the library: changed while it is a draft, frozen from its publication on."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.PositiveIntegerField(unique=True)
    title = models.CharField(max_length=100)
    source = models.CharField(max_length=300, default="", blank=True)
    state = models.CharField(max_length=10, choices=EditionState.choices, default=EditionState.DRAFT)
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    created_label = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {"created_label": Personal("knowing whom to ask", None, "colleagues")}

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=EditionState.PUBLISHED), name="civility_edition_in_use_once"
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=EditionState.DRAFT), name="civility_edition_draft_once"
            ),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Standard(Base):
    """One standard of an edition. Its ``code`` is the same in every edition; a form's question is called by it.

    ``unit`` answers for it; None: whoever answers for the point. ``categories`` are case categories that count for it;
    a failed item becomes a case of the first.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="standards")
    code = models.CharField(max_length=40)
    project = models.CharField(max_length=60)
    content = models.CharField(max_length=100)
    text = models.CharField(max_length=300)
    guide = models.TextField(default="", blank=True)
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.FIELD)
    point_type = models.ForeignKey(PointType, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    full = models.DecimalField(max_digits=6, decimal_places=2, default=1)
    weight = models.DecimalField(max_digits=6, decimal_places=2, default=1)
    veto = models.BooleanField(default=False)
    photo = models.BooleanField(default=False)
    categories = models.JSONField(default=list)
    order = models.PositiveIntegerField(default=0)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="civility_standard_code_once"),
            models.CheckConstraint(condition=Q(full__gt=0) & Q(weight__gt=0), name="civility_standard_marks"),
            models.CheckConstraint(
                condition=~Q(way=Way.FIELD) | Q(point_type__isnull=False), name="civility_standard_somewhere"
            ),
        ]
        indexes = [models.Index(fields=["edition", "order", "id"], name="civility_standard_list")]

    def __str__(self) -> str:
        """Return the text."""
        return self.text


class Helping(Base):
    """A unit that helps with a standard (协同单位)."""

    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="helping")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["standard", "unit"], name="civility_helping_once")]
