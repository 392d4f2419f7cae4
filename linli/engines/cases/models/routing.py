"""Lists of routing rules beside the one in force: the draft, what was in force before, what a dry run showed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.foundation.core.models import Base, Personal


class CatalogueVersion(Base):
    """One row with a token that every change of categories or routing rules renews."""

    token = models.UUIDField()

    personal: ClassVar[dict[str, Personal]] = {}


class RoutingVersion(Base):
    """A list of routing rules that was put in force; never changed. The highest number is the one in force."""

    number = models.PositiveIntegerField()
    rules = models.JSONField()
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "created_by": Personal("answering for the rules", None, "staff"),
    }

    class Meta:
        constraints = (models.UniqueConstraint(fields=("number",), name="cases_routingversion_number"),)


class RoutingDraft(Base):
    """The list being worked on; there is one at most. ``version`` rises with every change of it."""

    rules = models.JSONField()
    based_on = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "changed_by": Personal("answering for the rules", None, "staff"),
    }


class RoutingTrial(Base):
    """A dry run of a list over past cases, done in stretches; ``cursor`` is the last case looked at.

    ``same``, ``elsewhere``, ``nowhere`` and ``found`` compare it with the list in force: same unit, another unit, no
    unit any more, a unit where there was none. ``now_agrees`` and ``then_agrees`` count, of the ``dispatched`` cases,
    those that the list in force and the one tried send to the unit that has or had the case.
    """

    digest = models.CharField(max_length=64)
    since = models.DateTimeField()
    until = models.DateTimeField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    elsewhere = models.PositiveIntegerField(default=0)
    nowhere = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    now_agrees = models.PositiveIntegerField(default=0)
    then_agrees = models.PositiveIntegerField(default=0)
    dispatched = models.PositiveIntegerField(default=0)
    cursor = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    started_by = models.CharField(max_length=200, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "started_by": Personal("answering for the dry run", None, "staff"),
    }


class RoutingMove(Base):
    """A case that a list tried would have sent elsewhere; no unit: to the inbox of those no rule fits."""

    trial = models.ForeignKey("cases.RoutingTrial", on_delete=models.CASCADE, related_name="moves", db_index=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    from_unit = models.BigIntegerField(null=True)
    to_unit = models.BigIntegerField(null=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        indexes = (models.Index(fields=("trial", "from_unit", "to_unit", "id"), name="cases_routingmove_pair"),)
