"""What was sent in from the street: answers under the version of the form that was answered, with evidence."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.engines.fieldwork.workflow import SubmissionState
from linli.foundation.core.models import Base, Personal


class Submission(Base):
    """One filled form. Its ``uuid`` was given by the device that filled it, so that sending twice keeps one.

    ``digest`` is the SHA-256 of what was sent: the same uuid with another digest is a conflict, never a change. A
    correction is a submission of its own that names the former one. ``lat`` and ``lon`` are where it was sent from,
    once, to three places after the comma. ``rival`` is the one of somebody else that had done the same visit before:
    both stay, and a person judges which stands. ``device_at`` is what the
    device's own clock showed, where it says so. ``noted`` holds codes of what was odd and no reason to refuse it.

    ``guarded`` says what the target's kind says, ``review`` what the round says: who reads all records, and who judges
    them, finds theirs along one index. A round's word is fixed before its first record; where a kind becomes guarded
    ``services.kinds`` changes its records with it.
    """

    uuid = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)
    visit = models.ForeignKey("fieldwork.Visit", on_delete=models.PROTECT, null=True, related_name="submissions")
    round = models.ForeignKey("fieldwork.Round", on_delete=models.PROTECT, null=True, related_name="submissions")
    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, null=True, related_name="submissions")
    form = models.ForeignKey("forms.FormVersion", on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    sealed = models.BinaryField(default=b"")
    state = models.CharField(max_length=10, choices=SubmissionState.choices, default=SubmissionState.RECEIVED)
    former = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="correction")
    made_at = models.DateTimeField()
    device_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=80, default="", blank=True)
    second = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    second_label = models.CharField(max_length=80, default="", blank=True)
    rival = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="rivals")
    judged_at = models.DateTimeField(null=True)
    noted = models.JSONField(default=list)
    area_path = models.CharField(max_length=200, default="", blank=True)
    guarded = models.BooleanField(default=False)
    review = models.BooleanField(default=False)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    marks = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    full = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    vetoed = models.BooleanField(default=False)
    returned = models.CharField(max_length=300, default="", blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_label = models.CharField(max_length=80, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "answers": Personal("what a visit found", None, "who works in the grid, of guarded kinds"),
        "sealed": Personal("what a visit found of persons", None, "who works in the grid", "encrypted"),
        "user": Personal("whom a reviewer sends it back to", None, "colleagues"),
        "by_label": Personal("whom a reviewer sends it back to", None, "colleagues"),
        "second": Personal("who checked with them", None, "colleagues"),
        "second_label": Personal("who checked with them", None, "colleagues"),
        "lat": Personal("plausibility of a visit, once", 90, "reviewers, coarse"),
        "lon": Personal("plausibility of a visit, once", 90, "reviewers, coarse"),
        "reviewed_label": Personal("that another person reviewed it", None, "colleagues"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(marks=None, full=None)
                | Q(marks__isnull=False, full__isnull=False, marks__lte=models.F("full")),
                name="fieldwork_submission_marks",
            ),
            models.CheckConstraint(
                condition=Q(second=None) | ~Q(second=models.F("user")), name="fieldwork_submission_two_are_two"
            ),
        ]
        indexes = [
            models.Index(fields=["round", "state", "-id"], name="fieldwork_submission_round"),
            models.Index(fields=["round", "-id"], name="fieldwork_submission_newest"),
            models.Index(fields=["target", "-made_at"], name="fieldwork_submission_target"),
            models.Index(fields=["user", "-received_at"], name="fieldwork_submission_receipts"),
            models.Index(fields=["state", "id"], name="fieldwork_submission_waiting"),
            models.Index(
                fields=["round", "form"],
                condition=Q(marks__isnull=False),
                include=["marks", "full", "vetoed", "state", "rival", "judged_at"],
                name="fieldwork_submission_scored",
            ),
            models.Index(
                fields=["id"],
                condition=Q(state=SubmissionState.RECEIVED, review=True, rival=None),
                name="fieldwork_submission_review",
            ),
            models.Index(
                fields=["round", "id"],
                condition=Q(rival__isnull=False, judged_at=None),
                name="fieldwork_submission_rivals",
            ),
        ]


class SubmissionFile(Base):
    """A photo, recording or signature of one answer."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="files")
    path = models.CharField(max_length=200)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "path", "file"], name="fieldwork_submission_file_once")
        ]
