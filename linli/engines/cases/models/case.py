"""A case: one row of what is true now, and one row for every change that made it so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.engines.cases.types import FeedbackWay, FilePurpose, Kind, Source
from linli.engines.cases.workflow import Level, Outcome, State
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal

# ``due_at`` of a case that no clock runs for: sorts last, needs no NULL in the index.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)


class NumberCounter(Base):
    """The last case number drawn on a day."""

    day = models.CharField(max_length=8, unique=True)
    value = models.IntegerField(default=0)

    personal: ClassVar[dict[str, Personal]] = {}


class Case(Base):
    """One problem, from report to close. Only ``services`` write it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.PROBLEM)
    title = models.CharField(max_length=120)
    text = models.TextField()
    text_sealed = models.BinaryField(null=True)
    category = models.ForeignKey("cases.Category", on_delete=models.PROTECT, related_name="+", db_index=False)
    category_version = models.ForeignKey(
        "cases.CategoryVersion", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answers = models.JSONField(default=dict)
    source = models.CharField(max_length=16, choices=Source.choices)
    urgent = models.BooleanField(default=False)
    guarded = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)
    external_number = models.CharField(max_length=40, null=True)  # noqa: DJ001  unique where given
    external_due = models.DateTimeField(null=True)

    state = models.CharField(max_length=16, choices=State.choices, default=State.REPORTED)
    resume_state = models.CharField(max_length=16, choices=State.choices, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    level = models.CharField(max_length=16, choices=Level.choices, default=Level.GENERAL)
    is_open = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    handler = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    subject_unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    asking_unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    reported_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    no_return = models.BooleanField(default=False)
    unrouted = models.BooleanField(default=False)

    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=200, blank=True, db_index=True)
    area_label = models.CharField(max_length=120, blank=True)
    other_area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    coordinate_source = models.CharField(max_length=12, blank=True)
    address = models.CharField(max_length=200, blank=True)
    address_key = models.CharField(max_length=200, blank=True)

    dues = models.JSONField(default=dict)
    due_at = models.DateTimeField(default=NEVER)
    due_stage = models.CharField(max_length=16, blank=True)
    was_overdue = models.BooleanField(default=False)

    reporter_count = models.IntegerField(default=1)
    urge_count = models.IntegerField(default=0)
    return_count = models.IntegerField(default=0)
    rework_count = models.IntegerField(default=0)
    contact_attempts = models.IntegerField(default=0)
    open_orders = models.IntegerField(default=0)
    feedback_given = models.BooleanField(default=False)
    needs_review = models.BooleanField(default=False)
    relapse_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="relapses", db_index=False)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged", db_index=False)
    split_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts", db_index=False)
    rating = models.CharField(max_length=12, blank=True)

    reported_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    filed_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    first_contact_at = models.DateTimeField(null=True)
    handed_in_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    review_on = models.DateField(null=True)
    changed_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {
        "text_sealed": Personal(
            "the report as it was written, where it names persons",
            365 * 2,
            "whoever handles it, journalled",
            "encrypted",
        ),
        "text": Personal(
            "what the problem is; telephone, identity and bank numbers are covered",
            None,
            "readers of the case",
            "masked",
        ),
        "address": Personal("where the problem is", None, "readers of the case"),
        "answers": Personal("the category's questions", None, "readers of the case"),
    }

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True) | Q(lat__isnull=False, lon__isnull=False),
                name="cases_case_point_paired",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.MERGED) | Q(merged_into__isnull=False), name="cases_case_merged_has_main"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.TO_SIGN, State.HANDLING, State.TO_CHECK]) | Q(unit__isnull=False),
                name="cases_case_unit_when_dispatched",
            ),
            models.CheckConstraint(
                condition=Q(subject_unit__isnull=True) | Q(unit__isnull=True) | ~Q(unit=models.F("subject_unit")),
                name="cases_case_subject_never_handles",
            ),
            models.UniqueConstraint(
                fields=("external_number",),
                condition=Q(external_number__isnull=False),
                name="cases_case_external_number",
            ),
        )
        indexes = (
            models.Index(fields=("due_at", "id"), condition=Q(is_open=True), name="cases_open_due"),
            models.Index(fields=("unit", "due_at", "id"), condition=Q(is_open=True), name="cases_open_unit"),
            models.Index(fields=("state", "due_at", "id"), condition=Q(is_open=True), name="cases_open_state"),
            models.Index(fields=("-reported_at", "-id"), name="cases_newest"),
            models.Index(fields=("unit", "-reported_at", "-id"), name="cases_unit_newest"),
            models.Index(fields=("changed_at", "id"), name="cases_changed"),
            models.Index(fields=("lat", "lon"), condition=Q(is_open=True), name="cases_open_point"),
            models.Index(fields=("address_key", "category"), name="cases_same_place"),
            models.Index(fields=("handler", "due_at"), condition=Q(is_open=True), name="cases_open_handler"),
            models.Index(fields=("needs_review",), condition=Q(needs_review=True), name="cases_to_review"),
            models.Index(fields=("due_at",), condition=Q(is_open=True) | Q(needs_review=True), name="cases_live"),
            models.Index(fields=("closed_at", "was_overdue", "state"), name="cases_closed"),
            models.Index(fields=("category", "closed_at"), name="cases_category_closed"),
            models.Index(fields=("subject_unit",), condition=Q(subject_unit__isnull=False), name="cases_subject_unit"),
            models.Index(fields=("asking_unit",), condition=Q(asking_unit__isnull=False), name="cases_asking_unit"),
            models.Index(fields=("relapse_of",), condition=Q(relapse_of__isnull=False), name="cases_relapse_of"),
            models.Index(fields=("split_from",), condition=Q(split_from__isnull=False), name="cases_split_from"),
            models.Index(fields=("merged_into",), condition=Q(merged_into__isnull=False), name="cases_merged_into"),
        )

    def __str__(self) -> str:
        """Return number and title."""
        return f"{self.number} {self.title}"


class CaseEvent(Base):
    """One act on a case. Never edited; folding ``changes`` in order gives the row back."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    seq = models.IntegerField()
    verb = models.CharField(max_length=24)
    at = models.DateTimeField()
    by_uuid = models.UUIDField(null=True)
    by_label = models.CharField(max_length=80)
    on_behalf_of = models.CharField(max_length=80, blank=True)
    unit_id_by = models.BigIntegerField(null=True)
    from_state = models.CharField(max_length=16, blank=True)
    to_state = models.CharField(max_length=16)
    text = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    rule = models.CharField(max_length=120, blank=True)
    data = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    public = models.BooleanField(default=False)

    personal: ClassVar[dict[str, Personal]] = {
        "by_label": Personal("who did it", None, "staff who read the case"),
        "on_behalf_of": Personal("for whom it was done", 365 * 2, "staff who read the case", "masked"),
        "text": Personal("what was done; numbers of persons are covered", None, "readers of the case", "masked"),
    }

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "seq"), name="cases_event_seq"),)


class Reporter(Base):
    """One person who raised a case; a merged case keeps all of them."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reporters")
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    name_sealed = models.BinaryField(default=b"")
    phone_sealed = models.BinaryField(default=b"")
    phone_hash = models.CharField(max_length=64, blank=True, db_index=True)
    email_sealed = models.BinaryField(default=b"")
    email_hash = models.CharField(max_length=64, default="", blank=True)
    thread_sealed = models.BinaryField(default=b"")
    way = models.CharField(max_length=12, choices=FeedbackWay.choices, default=FeedbackWay.NONE)
    language = models.CharField(max_length=10, default="zh-hans")
    code_hash = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=16, choices=Source.choices)
    told_at = models.DateTimeField(null=True)
    rating = models.CharField(max_length=12, blank=True)
    rating_text = models.TextField(blank=True)
    rating_way = models.CharField(max_length=12, blank=True)
    rated_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {
        "name_sealed": Personal("answering the person", 365, "on request with a purpose, journalled", "encrypted"),
        "phone_sealed": Personal("answering the person", 365, "on request with a purpose, journalled", "encrypted"),
        "phone_hash": Personal("finding the same caller's earlier cases", 365, "nobody", "hashed"),
        "email_sealed": Personal("answering the person", 365, "on request with a purpose, journalled", "encrypted"),
        "email_hash": Personal("knowing the person's next mail", 365, "nobody", "hashed"),
        "thread_sealed": Personal("answering in the thread of the person's mail", 365, "the person", "encrypted"),
        "rating_text": Personal("what the person said of the handling", 365, "readers of the case", "masked"),
        "user": Personal("the person's own list", 365, "the person"),
    }

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(rating="", rated_at__isnull=True) | (~Q(rating="") & Q(rated_at__isnull=False)),
                name="cases_reporter_rating_paired",
            ),
        )

    @property
    def reachable(self) -> bool:
        """Whether a telephone number, an e-mail address or a login lets us answer in person."""
        return bool(self.phone_hash or self.email_hash) or self.user_id is not None


class CaseFile(Base):
    """A file attached to a case by one of its events."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    event_seq = models.IntegerField()
    purpose = models.CharField(max_length=12, choices=FilePurpose.choices)
    caption = models.CharField(max_length=80, blank=True)
    public = models.BooleanField(default=False)

    personal: ClassVar[dict[str, Personal]] = {
        "file": Personal("the voice of who reports (voice notes only)", 365 * 2, "readers of the case", "encrypted"),
    }

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "file"), name="cases_file_once"),)


class CaseHelper(Base):
    """A unit that helps the main one, with a result of its own."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="helpers")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    result = models.TextField(blank=True)
    result_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "unit"), name="cases_helper_once"),)
        indexes = (models.Index(fields=("unit", "case"), name="cases_helper_unit"),)
