"""What a document says: proposed by rules, decided by a person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.documents.workflow import KIND_NAMES, FindingState


class Finding(Base):
    """One thing that a document says, at its raw span.

    ``attributes`` are those of :class:`linli.programmes.documents.types.Found`; ``parent``, ``meeting`` and
    ``project_found`` in them are uuids of other findings. ``proposal`` keeps what the rules said before a
    person changed it.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, related_name="findings", db_index=False
    )
    article = models.ForeignKey("documents.Article", on_delete=models.PROTECT, null=True, related_name="findings")
    kind = models.CharField(max_length=12, choices=[(k.value, n) for k, n in KIND_NAMES.items()])
    start = models.IntegerField()
    end = models.IntegerField()
    pieces = models.JSONField(default=list)
    text = models.TextField()
    confidence = models.IntegerField()
    rule = models.CharField(max_length=60)
    attributes = models.JSONField(default=dict)
    proposal = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=FindingState.choices, default=FindingState.PROPOSED)
    revision = models.IntegerField(default=0)
    decided_at = models.DateTimeField(null=True)
    decided_label = models.CharField(max_length=80, blank=True)
    tasked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, Personal]] = {
        "text": Personal("the words of the text; they may name persons", None, "staff who work with it"),
        "attributes": Personal("what the words say; speakers by their post", None, "staff who work with it"),
        "proposal": Personal("what the rules said first", None, "staff who work with it"),
        "decided_label": Personal("who decided", None, "staff who work with it"),
    }

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(start__gte=0, end__gt=F("start")), name="documents_finding_span"),
            models.CheckConstraint(
                condition=Q(state=FindingState.PROPOSED, decided_at__isnull=True)
                | (~Q(state=FindingState.PROPOSED) & Q(decided_at__isnull=False)),
                name="documents_finding_decided_paired",
            ),
        )
        indexes = (models.Index(fields=("document", "start", "id"), name="documents_finding_place"),)

    def __str__(self) -> str:
        """Return its words."""
        return self.text[:80]
