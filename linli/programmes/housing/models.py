"""Flats that are put right: one dossier each, its papers and its steps. No person is listed anywhere."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.housing.types import Entry, Origin, PaperKind
from linli.programmes.housing.workflow import OPEN, State


class Dossier(Base):
    """One flat on its way. ``rooms`` holds figures of rooms alone; ``breaches`` what the rules say of them.

    ``visit_by`` is when law officers are to have been there; ``removed`` lists things taken out of the flat, as
    (what, how many).
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=200, default="", blank=True)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    case_uuid = models.UUIDField(null=True)
    submission = models.ForeignKey("fieldwork.Submission", on_delete=models.PROTECT, null=True, related_name="+")
    relapse_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="relapses")
    state = models.CharField(max_length=12, choices=State.choices, default=State.REPORTED)
    opened_at = models.DateTimeField()
    visit_by = models.DateTimeField()
    note = models.CharField(max_length=500, default="", blank=True)
    rooms = models.JSONField(default=list)
    breaches = models.JSONField(default=list)
    to_verify = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True)
    entry = models.CharField(max_length=8, choices=Entry.choices, default="", blank=True)
    officer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    second = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    officers_label = models.CharField(max_length=161, default="", blank=True)
    visited_at = models.DateTimeField(null=True)
    plan = models.CharField(max_length=1000, default="", blank=True)
    units = models.JSONField(default=list)
    safety = models.CharField(max_length=500, default="", blank=True)
    basis = models.JSONField(default=list)
    joint_on = models.DateField(null=True)
    removed = models.JSONField(default=list)
    restored = models.CharField(max_length=500, default="", blank=True)
    cleared_on = models.DateField(null=True)
    educated_on = models.DateField(null=True)
    education = models.CharField(max_length=300, default="", blank=True)
    firm = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    watch = models.ForeignKey("fieldwork.Watch", on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    by_label = models.CharField(max_length=80)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {
        "officer": Personal("that two officers were there", None, "colleagues"),
        "second": Personal("that two officers were there", None, "colleagues"),
        "officers_label": Personal("that two officers were there", None, "colleagues"),
        "by_label": Personal("knowing whom to ask", None, "colleagues"),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["target"], condition=Q(state__in=sorted(OPEN)), name="housing_one_open_dossier"
            ),
            models.CheckConstraint(
                condition=Q(second=None) | ~Q(second=F("officer")), name="housing_two_officers_are_two"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["verified", "planned", "acted", "watched"])
                | Q(officer__isnull=False, second__isnull=False) & ~Q(entry=""),
                name="housing_verified_by_two",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "visit_by"], name="housing_dossier_due"),
            models.Index(fields=["area_path", "-id"], name="housing_dossier_area"),
            models.Index(fields=["case_uuid"], condition=Q(case_uuid__isnull=False), name="housing_dossier_case"),
        ]

    @property
    def number(self) -> str:
        """What people call it."""
        return f"QZ{self.opened_at.year}-{self.pk:04d}"

    def __str__(self) -> str:
        """Return the number."""
        return self.number


class Paper(Base):
    """One paper or picture of a dossier: a statement, an inventory, a notice; its words are sealed."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=10, choices=PaperKind.choices)
    text_sealed = models.BinaryField(default=b"")
    declined = models.BooleanField(default=False)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {
        "text_sealed": Personal(
            "hearing owner and tenant, and what belongs to whom", 1095, "law officers", "encrypted"
        ),
        "by_label": Personal("knowing whom to ask", None, "colleagues"),
    }

    class Meta:
        indexes = [models.Index(fields=["dossier", "kind"], name="housing_paper_kind")]


class Step(Base):
    """One step of a dossier; appended only."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    verb = models.CharField(max_length=16)
    text = models.CharField(max_length=500, default="", blank=True)
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("knowing whom to ask", None, "colleagues")}

    class Meta:
        indexes = [models.Index(fields=["dossier", "id"], name="housing_step_order")]
