"""Kinds of problems and where they go: data that an installation edits."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.foundation.core.models import Base, Personal


class Category(Base):
    """One kind of problem, after GB/T 30428 (部件 and 事件, 大类 and 小类) or an installation's own.

    ``spec`` holds what :class:`linli.engines.cases.types.CategorySpec` describes: questions,
    evidence, privacy, legal text, typical units, danger advice. Each change of it makes a
    :class:`CategoryVersion`; a case keeps the version it was taken in under.
    """

    code = models.CharField(max_length=32, unique=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=40)
    resident_name = models.CharField(max_length=40)
    order = models.IntegerField(default=0)
    active = models.BooleanField(default=True)
    version = models.ForeignKey("cases.CategoryVersion", on_delete=models.PROTECT, null=True, related_name="+")

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ("order", "code")

    def __str__(self) -> str:
        """Return the staff's name of it."""
        return self.name


class CategoryVersion(Base):
    """What a category said at a time; never changed."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    spec = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("category", "number"), name="cases_categoryversion_unique"),)


class RoutingRule(Base):
    """One ordered rule: which cases it takes and where it sends them.

    ``conditions`` and ``action`` have the shape of
    :class:`linli.engines.cases.rules.routing.RuleSpec`.
    """

    order = models.IntegerField(db_index=True)
    name = models.CharField(max_length=80)
    conditions = models.JSONField(default=dict)
    action = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    note = models.TextField(blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        """Return its name."""
        return self.name
