"""Rules with their dates, the installation's own days, and the token that says when they last changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.foundation.core.models import Base, Personal


class RuleEntry(Base):
    """One value of one rule with the days between which it holds (both included)."""

    code = models.CharField(max_length=120)
    value = models.JSONField()
    unit = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=200, blank=True)
    source = models.TextField(blank=True)
    mark = models.CharField(max_length=1)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    why = models.TextField(blank=True)
    shipped = models.BooleanField(default=False)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=200, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "entered_by": Personal("answering for the rule", None, "staff"),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="rulebook_rule_code_from"),
            models.UniqueConstraint(fields=["code"], condition=Q(valid_to=None), name="rulebook_rule_one_open"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="rulebook_rule_dates"
            ),
            models.CheckConstraint(condition=Q(mark__in=list("LDPCMG")), name="rulebook_rule_mark"),
        ]


class CalendarDay(Base):
    """A day that this installation works or rests otherwise than the statutory calendar says."""

    date = models.DateField()
    is_workday = models.BooleanField()
    name = models.CharField(max_length=80, blank=True)
    source = models.TextField(blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["date"], name="rulebook_day_once")]


class CalendarYear(Base):
    """A year whose official days this installation has entered in full.

    ``notice`` is the text that they were read from, ``days`` what it says: ``[date, worked, name]`` each, so that a day
    of one's own laid over it can be taken back.
    """

    year = models.PositiveSmallIntegerField()
    source = models.TextField()
    notice = models.TextField(blank=True, default="")
    days = models.JSONField(blank=True, default=list)
    entered_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year"], name="rulebook_year_once")]


class RulebookVersion(Base):
    """One row with a token that every change of rules or calendar renews."""

    token = models.UUIDField()

    personal: ClassVar[dict[str, Personal]] = {}
