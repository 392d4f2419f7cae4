"""What happened, entry by entry, and the seals over it. Nothing here is ever edited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, NoReturn
from uuid import UUID

from django.db import models

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.foundation.journal.exceptions import AppendOnlyError
from linli.foundation.journal.rules import canonical, clean_text, moment
from linli.foundation.journal.types import SealHeader

LABEL_LENGTH = 200


class AppendOnly(models.QuerySet["Entry"]):
    """Rows that can be added and read, and nothing else."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError

    def bulk_update(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError

    def update_or_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError


class Entry(Base):
    """One write: who did what to which object, and why.

    The sealed part is all of it but ``id``, ``nonce`` and ``seal``. ``nonce`` salts the
    commitments of personal fields; without it they can be neither proved nor guessed, and
    it may be erased without breaking a seal.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=8)
    actor_uuid = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=LABEL_LENGTH, blank=True)
    on_behalf_of = models.CharField(max_length=LABEL_LENGTH, blank=True)
    verb = models.CharField(max_length=64)
    kind = models.CharField(max_length=32)
    object_uuid = models.UUIDField(null=True)
    label = models.CharField(max_length=LABEL_LENGTH, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    rule = models.CharField(max_length=64, blank=True)
    nonce = models.BinaryField(max_length=32, null=True)
    seal = models.BigIntegerField(null=True)

    objects = AppendOnly.as_manager()

    # Five years, a default of ours: the law asks for three years of records of sensitive processing
    # (个人信息保护法 Art 56) and of sharing (网络数据安全管理条例 Art 12), and for six months of logs.
    personal: ClassVar[dict[str, Personal]] = {
        "actor_label": Personal("naming who acted, and who looked", 5 * 365 + 2, "auditors, those who see the object"),
        "on_behalf_of": Personal("naming for whom it was done", 5 * 365 + 2, "auditors, those who see the object"),
    }

    class Meta:
        indexes = (
            models.Index(fields=["id"], name="journal_entry_unsealed", condition=models.Q(seal__isnull=True)),
            models.Index(fields=["seal", "id"], name="journal_entry_seal"),
            models.Index(fields=["kind", "object_uuid", "id"], name="journal_entry_object"),
            models.Index(fields=["actor_uuid", "id"], name="journal_entry_actor"),
        )

    def __str__(self) -> str:
        """Return verb and object."""
        return f"{self.verb} {self.label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the entry; refuse to save one that is there."""
        if not self._state.adding:
            raise AppendOnlyError
        self.clean_texts()
        super().save(*args, **(kwargs | {"force_insert": True}))

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError

    def clean_texts(self) -> None:
        """Make every text fit what both databases keep."""
        for name in ("actor_label", "on_behalf_of", "label"):
            setattr(self, name, clean_text(getattr(self, name))[:LABEL_LENGTH])
        self.reason = clean_text(self.reason)

    def sealed_bytes(self) -> bytes:
        """Return the canonical bytes that a seal covers."""
        return canonical(
            {
                "uuid": str(self.uuid),
                "at": moment(self.at),
                "actor": [self.actor_kind, _text(self.actor_uuid), self.actor_label, self.on_behalf_of],
                "verb": self.verb,
                "object": [self.kind, _text(self.object_uuid), self.label],
                "before": self.before,
                "after": self.after,
                "reason": self.reason,
                "rule": self.rule,
            }
        )


def _text(uuid: UUID | None) -> str | None:
    return None if uuid is None else str(uuid)


class Seal(Base):
    """A Merkle root over entries that had no seal, chained to the seal before.

    ``leaves`` holds uuid and leaf hash of each entry, so that an altered one can be named
    and a retired one still counts.
    """

    number = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    count = models.IntegerField()
    root = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    leaves = models.BinaryField()
    retired_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, Personal]] = {}

    def __str__(self) -> str:
        """Return the number and the start of the hash."""
        return f"{self.number} {bytes(self.hash).hex()[:12]}"

    def header(self) -> SealHeader:
        """Return what the next seal is chained to."""
        return SealHeader(self.number, self.at, self.count, bytes(self.root), bytes(self.previous))
