"""What is known of each stored file; the content lies encrypted below the data folder."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.foundation.core.crypto import decrypt_text
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.foundation.files.types import Kind

NAME = "files.name"
TAKEN = "files.taken"


class StoredFile(Base):
    """One original, kept as it came. Who may see it is decided by the room that attached it.

    A deleted file leaves its row as a tombstone: when, by whom and why, and the hash of what it was.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in Kind])
    mime = models.CharField(max_length=100)
    extension = models.CharField(max_length=8)
    name_sealed = models.BinaryField(default=b"")
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    purpose = models.CharField(max_length=40)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    shown_mime = models.CharField(max_length=100, default="")
    phone_sealed = models.BinaryField(default=b"")
    exif_sealed = models.BinaryField(default=b"")
    duplicate_of = models.UUIDField(null=True)
    stored_at = models.DateTimeField()
    stored_by = models.UUIDField(null=True)
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.CharField(max_length=100, default="")
    deleted_why = models.CharField(max_length=500, default="")

    personal: ClassVar[dict[str, Personal]] = {
        "name_sealed": Personal("the name the file came with", None, "who may see the file", "encrypted"),
        "phone_sealed": Personal("where and when a photo was taken: plausibility", None, "case staff", "encrypted"),
        "exif_sealed": Personal("where and when a photo was taken: plausibility", None, "case staff", "encrypted"),
        "stored_by": Personal("who handed it in", None, "case staff"),
    }

    class Meta:
        verbose_name = _("文件")
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="files_size_positive"),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | (Q(name_sealed=b"") & ~Q(deleted_why="")),
                name="files_tombstone_is_empty",
            ),
        ]
        indexes = [models.Index(fields=["sha256"], name="files_by_hash", condition=Q(deleted_at__isnull=True))]

    @property
    def name(self) -> str:
        """The cleaned name the file came with; empty once it is deleted."""
        return decrypt_text(self.name_sealed, NAME)

    @property
    def has_shown(self) -> bool:
        """Whether there is a version to show in the page."""
        return bool(self.shown_mime) and self.deleted_at is None
