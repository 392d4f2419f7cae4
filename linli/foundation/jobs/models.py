"""One table for jobs, schedules and the outbox."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.models import Base, Personal


class State(models.TextChoices):
    """Where a job stands; done ones are deleted."""

    PENDING = "pending"
    RUNNING = "running"
    DEAD = "dead"


class Job(Base):
    """Something to be done after the transaction that asked for it.

    ``due_at`` is the moment from which a worker may take the row: the time asked for while
    it waits, the end of the lease while somebody holds it. A row with ``schedule`` stays
    and moves on to its next period.
    """

    name = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=200, blank=True)
    pending_key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001  unique only while pending
    schedule = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001  unique among schedules only
    priority = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    due_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    max_attempts = models.IntegerField(default=8)
    lease = models.UUIDField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        indexes = (
            models.Index(fields=["-priority", "due_at"], name="jobs_job_claim", condition=~Q(state="dead")),
            models.Index(fields=["id"], name="jobs_job_dead", condition=Q(state="dead")),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state="running", lease__isnull=False) | (~Q(state="running") & Q(lease__isnull=True)),
                name="jobs_job_running_has_lease",
            ),
            models.CheckConstraint(condition=Q(max_attempts__gte=1), name="jobs_job_max_attempts"),
        )

    def __str__(self) -> str:
        """Return name and state."""
        return f"{self.name} ({self.state})"
