"""A document, the blocks of its pages, and its articles."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.documents.types import BlockKind
from linli.programmes.documents.workflow import DocumentKind, DocumentState


class Document(Base):
    """One text as it came, never edited: everything made of it points at its span.

    ``text_sealed`` is JSON: raw, clean, runs of clean → raw offsets, flags; ``revision`` rises with every new order,
    ``outline`` with every change of its parts by hand.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=DocumentKind.choices)
    number = models.CharField(max_length=60, blank=True)
    source_unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    source_name = models.CharField(max_length=80, blank=True)
    published_on = models.DateField(null=True)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64, unique=True)
    text_sealed = models.BinaryField(default=b"")
    length = models.IntegerField(default=0)
    verdict = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=8, choices=DocumentState.choices)
    trouble = models.CharField(max_length=200, blank=True)
    pages = models.IntegerField(default=1)
    pages_read = models.IntegerField(default=0)
    revision = models.IntegerField(default=0)
    outline = models.IntegerField(default=0)
    version = models.IntegerField(default=1)
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="following")
    imported_at = models.DateTimeField()
    imported_label = models.CharField(max_length=80)
    ordered_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_label = models.CharField(max_length=80, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "text_sealed": Personal(
            "the text as printed; it may name persons", None, "staff who work with it", "encrypted"
        ),
        "imported_label": Personal("who imported it", None, "staff who work with it"),
        "decided_label": Personal("who finished it", None, "staff who work with it"),
    }

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("previous",), name="documents_document_one_next"),
            models.CheckConstraint(
                condition=Q(state=DocumentState.DECIDED, decided_at__isnull=False)
                | (~Q(state=DocumentState.DECIDED) & Q(decided_at__isnull=True)),
                name="documents_document_decided_paired",
            ),
        )
        indexes = (models.Index(fields=("-imported_at", "-id"), name="documents_newest"),)

    def __str__(self) -> str:
        """Return its title."""
        return self.title


class Article(Base):
    """Blocks that belong together, in the order for reading that a person confirmed."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="articles")
    position = models.IntegerField()
    title = models.CharField(max_length=200, blank=True)
    source_name = models.CharField(max_length=80, blank=True)
    by_line_sealed = models.BinaryField(default=b"")
    continued_from = models.CharField(max_length=20, blank=True)
    confidence = models.IntegerField(default=0)

    personal: ClassVar[dict[str, Personal]] = {
        "by_line_sealed": Personal(
            "reporter, editor and who took the pictures, as printed", None, "staff who work with it", "encrypted"
        )
    }

    class Meta:
        constraints = (models.UniqueConstraint(fields=("document", "position"), name="documents_article_position"),)


class Block(Base):
    """A paragraph, headline or other part: its raw span, and where its words begin in the clean text."""

    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="blocks", db_index=False)
    article = models.ForeignKey("documents.Article", on_delete=models.PROTECT, null=True, related_name="blocks")
    number = models.IntegerField()
    position = models.IntegerField(default=0)
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in BlockKind])
    start = models.IntegerField()
    end = models.IntegerField()
    at = models.IntegerField()
    size = models.IntegerField()

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("document", "number"), name="documents_block_number"),)
