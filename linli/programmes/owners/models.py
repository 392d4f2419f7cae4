"""A year's evaluation of the owners' committees, each committee's result, and what the committee said to it."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.owners.types import Grade, Line
from linli.programmes.owners.workflow import DriveState, State

_WHOM_TO_ASK = Personal("knowing whom to ask", None, "colleagues")


class Drive(Base):
    """One evaluation of all committees: a round of fieldwork with what comes after it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(max_length=80)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=200, default="", blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    round = models.OneToOneField("fieldwork.Round", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=DriveState.choices, default=DriveState.OPEN)
    created_label = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {"created_label": _WHOM_TO_ASK}

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="owners_drive_days")]
        indexes = [models.Index(fields=["-starts_on", "-id"], name="owners_drive_list")]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Evaluation(Base):
    """The result of one committee in one evaluation, of the record that stands.

    ``lines`` is a list of (code, heading, text, marks or None, full marks, whether it carries a veto): what was asked
    and said, as the form had it on that day. ``counted_at`` is when the record came to stand.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="evaluations")
    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey("fieldwork.Submission", on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=200, default="", blank=True)
    earned = models.DecimalField(max_digits=7, decimal_places=2)
    full = models.DecimalField(max_digits=7, decimal_places=2)
    grade = models.CharField(max_length=1, choices=Grade.choices, default="", blank=True)
    vetoes = models.JSONField(default=list)
    lines = models.JSONField(default=list)
    checked_on = models.DateField()
    counted_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.SCORED)
    asked_until = models.DateField(null=True)
    public_from = models.DateField(null=True)
    public_until = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drive", "target"], name="owners_evaluation_once"),
            models.CheckConstraint(condition=Q(earned__lte=F("full")), name="owners_evaluation_marks"),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLIC) | Q(public_from__isnull=False, public_until__isnull=False),
                name="owners_evaluation_public",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SCORED) | Q(asked_until__isnull=False), name="owners_evaluation_asked"
            ),
        ]
        indexes = [
            models.Index(fields=["drive", "area_path", "id"], name="owners_evaluation_list"),
            models.Index(fields=["target", "-id"], name="owners_evaluation_target"),
            models.Index(fields=["state", "public_from"], name="owners_evaluation_shown"),
        ]

    @property
    def percent(self) -> Decimal | None:
        """Marks of a hundred, to one place; None where nothing applies."""
        return (self.earned * 100 / self.full).quantize(Decimal("0.1")) if self.full else None

    @property
    def judged(self) -> list[Line]:
        """The indicators as they were judged."""
        return [
            Line(code, group, text, None if earned is None else Decimal(earned), Decimal(full), veto)
            for code, group, text, earned, full, veto in self.lines
        ]

    def __str__(self) -> str:
        """Return whose it is."""
        return self.target.name


class Opinion(Base):
    """What a committee said to its result before it was published, and the answer; appended, answered once."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="opinions")
    text = models.CharField(max_length=1000)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)
    on_behalf = models.BooleanField(default=False)
    answer = models.CharField(max_length=1000, default="", blank=True)
    changed = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True)
    answered_label = models.CharField(max_length=80, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {"by_label": _WHOM_TO_ASK, "answered_label": _WHOM_TO_ASK}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None) | ~Q(answer=""), name="owners_opinion_answered_in_words"
            )
        ]
        indexes = [models.Index(fields=["evaluation", "id"], name="owners_opinion_order")]
