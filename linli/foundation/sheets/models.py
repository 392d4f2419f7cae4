"""Imports of sheets, what each of them created and changed, and what was said of layouts for the next sheet."""

from __future__ import annotations

import json
import zlib
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.foundation.core import crypto
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal

PURPOSE = "sheets.batch"
KEEP_DAYS = 30


def sealed(value: Any) -> bytes:
    """Return ``value`` as JSON, packed and encrypted."""
    return crypto.encrypt(zlib.compress(json.dumps(value, ensure_ascii=False).encode(), 1), PURPOSE)


def opened(content: bytes | memoryview, default: Any) -> Any:
    """Return what :func:`sealed` was given, ``default`` where nothing is kept (any more)."""
    return json.loads(zlib.decompress(crypto.decrypt(bytes(content), PURPOSE))) if content else default


class State(models.TextChoices):
    """Where an import stands."""

    UPLOADED = "uploaded", _("待核对")
    CHECKING = "checking", _("正在检查")
    CHECKED = "checked", _("已检查")
    APPLYING = "applying", _("正在导入")
    APPLIED = "applied", _("已导入")
    UNDOING = "undoing", _("正在撤销")
    UNDONE = "undone", _("已撤销")


RUNNING = (State.CHECKING, State.APPLYING, State.UNDOING)


class Batch(Base):
    """One sheet that somebody brought: its rows, what is wrong with them, how far it has come."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=32)
    state = models.CharField(max_length=16, choices=State.choices, default=State.UPLOADED)
    name = models.CharField(max_length=120)
    by_uuid = models.UUIDField(null=True)
    by_label = models.CharField(max_length=200)
    actor_sealed = models.BinaryField(default=bytes, blank=True)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=200, blank=True)
    mapping = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    proposed = models.PositiveIntegerField(default=0)
    sheet_sealed = models.BinaryField(default=bytes, blank=True)
    work_sealed = models.BinaryField(default=bytes, blank=True)
    faults_sealed = models.BinaryField(default=bytes, blank=True)
    sample_sealed = models.BinaryField(default=bytes, blank=True)
    trouble_sealed = models.BinaryField(default=bytes, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "by_label": Personal("answering for what was imported", None, "administrators"),
        "undone_by": Personal("answering for what was undone", None, "administrators"),
        "confirmed_by": Personal("answering for what was put in force", None, "administrators"),
        "actor_sealed": Personal("going on with the import in their name", KEEP_DAYS, "nobody", "encrypted"),
        "sheet_sealed": Personal("the rows as they were brought", KEEP_DAYS, "who may import the kind", "encrypted"),
        "work_sealed": Personal("the rows as they were read", KEEP_DAYS, "who may import the kind", "encrypted"),
        "faults_sealed": Personal("mending rows", KEEP_DAYS, "who may import the kind", "encrypted"),
        "sample_sealed": Personal("seeing what changes", KEEP_DAYS, "who may import the kind", "encrypted"),
        "trouble_sealed": Personal("seeing why it stays", KEEP_DAYS, "who may import the kind", "encrypted"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="sheets_batch_done_within_total"),
        ]

    def __str__(self) -> str:
        """Return the name of the file."""
        return self.name

    @property
    def running(self) -> bool:
        """Whether something goes on by itself."""
        return self.state in RUNNING

    @property
    def kept(self) -> bool:
        """Whether its rows are still there."""
        return bool(self.sheet_sealed)


class BatchChange(Base):
    """One thing that an import created or changed, with what it was before; deleted when its days are over."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="changes")
    line = models.PositiveIntegerField()
    ref = models.CharField(max_length=200)
    action = models.CharField(max_length=8, choices=[("create", "create"), ("change", "change")])
    values_sealed = models.BinaryField(default=bytes)

    personal: ClassVar[dict[str, Personal]] = {
        "values_sealed": Personal("undoing an import", KEEP_DAYS, "who may import the kind", "encrypted"),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "ref"], name="sheets_change_once_a_batch")]
        indexes = [models.Index(fields=["batch", "id"], name="sheets_change_order")]


class Layout(Base):
    """A sheet's header row, with what a person said each column is and what its values mean here.

    ``key`` is a hash of the header row, ``headers`` are its words (none of layouts kept before they were); ``mapping``
    is column → place in the sheet, from 0; ``values`` column → what stands in the sheet → what it is called here, where
    nothing ("") stands for an empty cell, or for the whole sheet if it has no such column.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=64)
    title = models.CharField(max_length=120, default="", blank=True)
    headers = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)

    personal: ClassVar[dict[str, Personal]] = {
        "changed_by": Personal("who said it", None, "who may import the kind"),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="sheets_layout_once")]
        indexes = [models.Index(fields=["-changed_at", "-id"], name="sheets_layout_newest")]

    def __str__(self) -> str:
        """Return what it was called, as a rule the file that it was said of."""
        return self.title
