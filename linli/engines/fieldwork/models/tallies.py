"""What a round has come to, kept as things happen; which units take part in it, and which came with a record."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.foundation.core.models import Base, Personal


class RoundTally(Base):
    """How many visits of one occasion, area and unit are planned, done and given up: the parts of a round's counts.

    Their sums over a round are the counts on the round itself; a board reads these few rows, never the visits.
    """

    round = models.ForeignKey("fieldwork.Round", on_delete=models.PROTECT, related_name="tallies")
    occasion = models.DateField()
    area_path = models.CharField(max_length=200, default="", blank=True)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    planned = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    unreached = models.IntegerField(default=0)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "occasion", "area_path", "unit"],
                condition=models.Q(unit__isnull=False),
                name="fieldwork_tally_once",
            ),
            models.UniqueConstraint(
                fields=["round", "occasion", "area_path"],
                condition=models.Q(unit=None),
                name="fieldwork_tally_no_unit_once",
            ),
        ]


class RoundDay(Base):
    """How many visits of a round were done on one day."""

    round = models.ForeignKey("fieldwork.Round", on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    done = models.IntegerField(default=0)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "day"], name="fieldwork_round_day_once")]


class RoundUnit(Base):
    """A unit that takes part in a round with the one whose round it is (联合行动)."""

    round = models.ForeignKey("fieldwork.Round", on_delete=models.PROTECT, related_name="joining")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "unit"], name="fieldwork_round_unit_once")]
        indexes = [models.Index(fields=["unit", "round"], name="fieldwork_round_unit")]


class TargetTally(Base):
    """By how many the targets of a ledger and area became more or fewer under one day: their sums are what there is.

    Rows are added by the database itself with each change of a target (migration ``0007_coverage``), so nobody waits
    for a row that others count in too; a job makes one row of many. Doubles that were merged count nothing.
    """

    SEEN = "seen"  # every target, under the day of its last visit (None: never)
    TRIED = "tried"  # one with a knock in vain since its last visit, under the day of that knock
    TRIED_SEEN = "tried_seen"  # the same one, under the day of its last visit

    # Without a constraint in the database: checking it would wait for who changes the ledger, and they for us.
    kind = models.ForeignKey("fieldwork.Kind", on_delete=models.CASCADE, related_name="+", db_constraint=False)
    area_path = models.CharField(max_length=200, default="", blank=True)
    what = models.CharField(max_length=10)
    day = models.DateField(null=True)
    until = models.DateField(null=True)
    n = models.IntegerField()

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        indexes = [models.Index(fields=["kind", "area_path"], name="fieldwork_target_tally")]


class SubmissionUnit(Base):
    """A unit that was there when a record was made, with how many people: one record of several units."""

    submission = models.ForeignKey("fieldwork.Submission", on_delete=models.PROTECT, related_name="units")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    people = models.PositiveSmallIntegerField()

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "unit"], name="fieldwork_submission_unit_once"),
            models.CheckConstraint(condition=models.Q(people__gt=0), name="fieldwork_submission_unit_people"),
        ]
