"""What is kept of cases to be counted: facts, acts, stretches of time, sums, and what was read on a day.

None of it is entered by anybody: all but the readings follows from the events of the cases, and is counted again by
``linli figures rebuild``. Units, categories and areas are kept as they were; names are looked up when shown.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.models import Base, Personal


class Folded(Base):
    """Up to which seal of the journal cases are folded, and of which day the figures were last read: one row."""

    name = models.CharField(max_length=16, unique=True)
    seal = models.BigIntegerField(default=0)
    read_on = models.DateField(null=True)
    folded_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, Personal]] = {}


class Fact(Base):
    """What is true of one case now; the names are the case's own (see ``rules.folding.Facts``)."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="+")
    seq = models.IntegerField()
    kind = models.CharField(max_length=12)
    source = models.CharField(max_length=16)
    category = models.BigIntegerField()
    level = models.CharField(max_length=16)
    unit = models.BigIntegerField()
    area_path = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=16)
    outcome = models.CharField(max_length=12, blank=True)
    rating = models.CharField(max_length=12, blank=True)
    is_open = models.BooleanField()
    was_overdue = models.BooleanField()
    repeat = models.BooleanField()
    reported_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    filed_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    handed_in_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    contact_in_time = models.BooleanField(null=True)
    rework_count = models.IntegerField()
    minutes_to_dispatch = models.IntegerField(null=True)
    minutes_to_hand_in = models.IntegerField(null=True)
    minutes_to_close = models.IntegerField(null=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        indexes = (
            models.Index(fields=("reported_at", "id"), name="indicators_fact_reported"),
            models.Index(
                fields=("closed_at", "id"), condition=Q(closed_at__isnull=False), name="indicators_fact_closed"
            ),
            models.Index(fields=("due_at", "id"), condition=Q(due_at__isnull=False), name="indicators_fact_due"),
            models.Index(fields=("filed_at", "id"), condition=Q(filed_at__isnull=False), name="indicators_fact_filed"),
        )


class Act(Base):
    """One thing done on a case, with what the case was then."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    seq = models.IntegerField()
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    good = models.BooleanField(null=True)
    unit = models.BigIntegerField()
    area_path = models.CharField(max_length=200, blank=True)
    category = models.BigIntegerField()
    level = models.CharField(max_length=16)
    source = models.CharField(max_length=16)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "seq"), name="indicators_act_once"),)
        indexes = (models.Index(fields=("kind", "at", "id"), name="indicators_act_kind"),)


class Span(Base):
    """A stretch of time during which a case was open and stood unchanged."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=16)
    level = models.CharField(max_length=16)
    unit = models.BigIntegerField()
    area_path = models.CharField(max_length=200, blank=True)
    category = models.BigIntegerField()
    source = models.CharField(max_length=16)
    due_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=models.F("begins_at")), name="indicators_span_long"
            ),
        )
        indexes = (
            models.Index(fields=("case", "begins_at"), name="indicators_span_case"),
            models.Index(fields=("begins_at", "id"), condition=Q(ends_at__isnull=True), name="indicators_span_open"),
            models.Index(
                fields=("ends_at", "begins_at"), condition=Q(ends_at__isnull=False), name="indicators_span_ended"
            ),
        )


class Balance(Base):
    """By how much the end of a day finds more or fewer open than the day before, for one value of one dimension."""

    dimension = models.CharField(max_length=12, blank=True)
    key = models.CharField(max_length=200, blank=True)
    day = models.DateField()
    n = models.IntegerField()

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("dimension", "day", "key"), name="indicators_balance_once"),)


class Reading(Base):
    """What a figure was when a day ended, over the days that the rulebook names up to it; never written again."""

    day = models.DateField()
    figure = models.CharField(max_length=40)
    dimension = models.CharField(max_length=12, blank=True)
    key = models.CharField(max_length=200, blank=True)
    days = models.IntegerField()
    part = models.DecimalField(max_digits=14, decimal_places=2)
    whole = models.IntegerField()
    value = models.FloatField(null=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("figure", "dimension", "key", "day"), name="indicators_reading_once"),
        )
        indexes = (models.Index(fields=("day",), name="indicators_reading_day"),)
