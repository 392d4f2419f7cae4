"""Files of a record that came before it: clients of OpenRosa send a long record in several parts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.foundation.core.models import Base, Personal


class Part(Base):
    """A file that came under a name for a record of this uuid; what is sent again stays the same row.

    It goes after some days: until then the record has come, or the client sends all of it once more.
    """

    record = models.UUIDField()
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    file_uuid = models.UUIDField()
    came_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {"user": Personal("joining a record and its pictures", 7, "nobody")}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "user", "name"], name="fieldwork_part_once")]
        indexes = [models.Index(fields=["came_at"], name="fieldwork_part_age")]
