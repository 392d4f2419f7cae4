"""Kinds of problems and where they go: data that an installation edits."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class Category(Base):
    """One kind of problem, after GB/T 30428 (部件 and 事件, 大类 and 小类) or an installation's own.

    ``spec`` holds what :class:`linli.engines.cases.types.CategorySpec` describes: questions,
    evidence, privacy, legal text, typical units, danger advice. Each change of it makes a
    :class:`CategoryVersion`; a case keeps the version it was taken in under.
    """

    code = models.CharField(max_length=32, unique=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=40)
    resident_name = models.CharField(max_length=40)
    order = models.IntegerField(default=0)
    active = models.BooleanField(default=True)
    version = models.ForeignKey("cases.CategoryVersion", on_delete=models.PROTECT, null=True, related_name="+")

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ("order", "code")

    def __str__(self) -> str:
        """Return the staff's name of it."""
        return self.name


class CategoryVersion(Base):
    """What a category said at a time; never changed."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    spec = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    reason = models.TextField(blank=True, default="")

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("category", "number"), name="cases_categoryversion_unique"),)


class CategoryDraft(Base):
    """What a category is to say next: shaped and looked at before it is published as a version.

    ``code`` names a category that stands already, or one that publishing will enter. ``base`` is the number
    of the version it began from (0: none); ``edition`` rises with each change, so that of two who edit at
    once the second is told.
    """

    code = models.CharField(max_length=32, unique=True)
    parent_code = models.CharField(max_length=32, blank=True, default="")
    spec = models.JSONField()
    base = models.IntegerField(default=0)
    edition = models.IntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {}


class LegalText(Base):
    """One article of a law or rule, to be shown to whoever handles a case and to be explained (普法).

    Texts are cited by their number (``id``). A changed article is a new row whose days begin where those of
    the old one end; what was cited keeps the words that were shown.
    """

    title = models.CharField(max_length=120)
    article = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    source = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    active = models.BooleanField(default=True)
    edition = models.IntegerField(default=1)
    changed_at = models.DateTimeField()
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="cases_legaltext_days",
            ),
        )

    def __str__(self) -> str:
        """Return title and article, as one cites it."""
        return f"《{self.title}》{self.article}"


class Phrase(Base):
    """A sentence that staff insert while they write: everybody's, or one person's own (``owner``).

    Attributes of the table: ``verb`` names the act whose form offers it; ``category`` and ``outcome`` narrow
    it (empty: any).
    """

    verb = models.CharField(max_length=24)
    text = models.CharField(max_length=300)
    category = models.CharField(max_length=32, blank=True, default="")
    outcome = models.CharField(max_length=12, blank=True, default="")
    order = models.IntegerField(default=0)
    owner_id = models.BigIntegerField(null=True)
    edition = models.IntegerField(default=1)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    changed_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {
        "owner_id": Personal("whose own phrase it is", None, "that person"),
    }

    class Meta:
        indexes = (
            models.Index(fields=("owner_id", "verb", "order", "id"), name="cases_phrase_own"),
            models.Index(fields=("verb", "order", "id"), name="cases_phrase_verb"),
        )


class RoutingRule(Base):
    """One ordered rule: which cases it takes and where it sends them.

    ``conditions`` and ``action`` have the shape of
    :class:`linli.engines.cases.rules.routing.RuleSpec`.
    """

    order = models.IntegerField(db_index=True)
    name = models.CharField(max_length=80)
    conditions = models.JSONField(default=dict)
    action = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    note = models.TextField(blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        """Return its name."""
        return self.name
