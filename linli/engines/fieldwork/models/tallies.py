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
