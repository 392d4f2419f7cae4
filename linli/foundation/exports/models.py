"""Exports that the worker writes: who asked for which list, how far it is, the file."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core import crypto
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.foundation.exports.types import GOING, PAPER_FORMS, State

PURPOSE = "exports.query"
KEEP_DAYS = 180


class Export(Base):
    """One list or paper, as one person saw it, written to a file that nobody else can fetch.

    ``turn`` counts how often it was begun; who writes holds one, so that a worker that was taken for dead writes
    nothing more once another has begun. ``rights`` is what the person held when they asked, then when the file was
    made. ``done`` of ``total`` are rows of a list, chapters of a paper; ``step`` is the chapter being written.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    form = models.CharField(max_length=8)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    query_sealed = models.BinaryField(default=bytes, blank=True)
    origin = models.CharField(max_length=200, default="", blank=True)
    title = models.CharField(max_length=100, default="", blank=True)
    step = models.CharField(max_length=100, default="", blank=True)
    language = models.CharField(max_length=12, default="zh-hans")
    rights = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    turn = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    why = models.CharField(max_length=300, default="", blank=True)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    fetched = models.PositiveIntegerField(default=0)

    personal: ClassVar[dict[str, Personal]] = {
        "query_sealed": Personal("writing the list as it was filtered", KEEP_DAYS, "who asked", "encrypted"),
        "user": Personal("whose file it is", KEEP_DAYS, "who asked; the audit administrator in the journal"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="ready", file__isnull=False) | ~Q(state="ready"), name="exports_ready_has_file"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], ended_at__isnull=True)
                | (~Q(state__in=["waiting", "running"]) & Q(ended_at__isnull=False)),
                name="exports_ended_has_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="exports_own"),
            models.Index(fields=["touched_at"], name="exports_going", condition=Q(state__in=["waiting", "running"])),
            models.Index(fields=["ended_at"], name="exports_ready", condition=Q(state="ready")),
        ]

    def __str__(self) -> str:
        """Return what it is a file of."""
        return f"{self.kind}.{self.form}"

    @property
    def going(self) -> bool:
        """Whether it waits or is being written."""
        return self.state in GOING

    @property
    def is_paper(self) -> bool:
        """Whether it is a paper, counted by chapters, and not a list, counted by rows."""
        return self.form in PAPER_FORMS

    @property
    def query(self) -> str:
        """The address of the list behind the question mark."""
        return crypto.decrypt_text(self.query_sealed, PURPOSE) if self.query_sealed else ""

    def set_query(self, query: str) -> None:
        """Keep the address, encrypted: a name may have been searched for."""
        self.query_sealed = crypto.encrypt_text(query, PURPOSE) if query else b""
