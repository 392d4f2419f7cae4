"""Rounds: who visits what, when; each visit that is due, and each knock that nobody answered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.engines.fieldwork.workflow import VISIT_OPEN, RoundState, VisitState
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class Round(Base):
    """One round: a form, a list of targets, people and time.

    ``rhythm`` and ``choice`` are the JSON of ``rules.rounds.Rhythm`` and of ``types.Choice``: when it comes, and which
    targets. ``draw`` holds the protocol of each draw by the day of its occasion, with its seed, so that anybody can
    repeat it. ``form_version`` is frozen when the round is opened. ``made_until`` is the first day of the last occasion
    whose visits were made. ``programme`` names whose words and pages it wears. The counts are kept as things happen, by
    the service that changes a visit: ``rules.counts`` says what each counts.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(max_length=100)
    programme = models.CharField(max_length=32, default="", blank=True)
    form = models.ForeignKey("forms.Form", on_delete=models.PROTECT, related_name="+")
    form_version = models.ForeignKey("forms.FormVersion", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.ForeignKey("fieldwork.Kind", on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=200, default="", blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    rhythm = models.JSONField(default=dict)
    choice = models.JSONField(default=dict)
    draw = models.JSONField(default=dict)
    made_until = models.DateField(null=True)
    pair = models.BooleanField(default=False)
    review = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=RoundState.choices, default=RoundState.DRAFT)
    planned = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    unreached = models.PositiveIntegerField(default=0)
    source_kind = models.CharField(max_length=32, default="", blank=True)
    source_uuid = models.UUIDField(null=True)
    created_label = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    feedback = models.TextField(default="", blank=True)
    result = models.TextField(default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {
        "created_label": Personal("knowing whom to ask", None, "colleagues"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="fieldwork_round_days"),
            # 有督查就有情况反馈，有督查就有处理结果: none is closed without both.
            models.CheckConstraint(
                condition=~Q(state=RoundState.CLOSED) | (~Q(feedback="") & ~Q(result="") & Q(closed_at__isnull=False)),
                name="fieldwork_round_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "ends_on", "id"], name="fieldwork_round_list"),
            models.Index(fields=["programme", "-starts_on", "-id"], name="fieldwork_round_programme"),
            models.Index(fields=["-starts_on", "-id"], name="fieldwork_round_newest"),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Visit(Base):
    """One visit that is due: which target, on which occasion of its round, by whom.

    ``guarded`` says what the target's kind says; where a kind becomes guarded ``services.kinds`` changes its visits.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="visits")
    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, related_name="visits")
    occasion = models.DateField()
    due_on = models.DateField()
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    second = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    planned_on = models.DateField(null=True)
    place_in_walk = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=10, choices=VisitState.choices, default=VisitState.DUE)
    tries = models.PositiveSmallIntegerField(default=0)
    area_path = models.CharField(max_length=200, default="", blank=True)
    guarded = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    why_not = models.CharField(max_length=300, default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {
        "user": Personal("who is to go", None, "colleagues"),
        "second": Personal("who is to go with them", None, "colleagues"),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "target", "occasion"], name="fieldwork_visit_once"),
            models.CheckConstraint(condition=Q(second=None) | ~Q(second=F("user")), name="fieldwork_visit_two_are_two"),
        ]
        indexes = [
            models.Index(fields=["user", "state", "due_on", "id"], name="fieldwork_visit_mine"),
            models.Index(fields=["round", "state", "area_path"], name="fieldwork_visit_round"),
            models.Index(fields=["target", "-occasion"], name="fieldwork_visit_target"),
            models.Index(fields=["round", "due_on", "id"], name="fieldwork_visit_list"),
            models.Index(fields=["round", "planned_on", "user"], name="fieldwork_visit_calendar"),
            # What is asked of each area in a period, read from the index alone.
            models.Index(fields=["due_on", "area_path", "state"], name="fieldwork_visit_burden"),
            models.Index(
                fields=["round", "due_on", "id"], condition=Q(state__in=sorted(VISIT_OPEN)), name="fieldwork_visit_open"
            ),
            models.Index(
                fields=["round", "-tries", "due_on"],
                condition=Q(state__in=[VisitState.TRIED, VisitState.UNREACHED]),
                name="fieldwork_visit_doors",
            ),
        ]


class Attempt(Base):
    """A knock that nobody answered, or that was refused: an attempt is no visit, and no fault of anybody's.

    Its ``uuid`` was given by the device, so that sending twice keeps one.
    """

    uuid = models.UUIDField(default=uuid7, unique=True)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12)
    note = models.CharField(max_length=200, default="", blank=True)
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("knowing whom to ask", None, "colleagues")}

    class Meta:
        indexes = [models.Index(fields=["visit", "id"], name="fieldwork_attempt_visit")]
