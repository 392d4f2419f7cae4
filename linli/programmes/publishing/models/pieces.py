"""What is written: articles, issues, reports, ways of working. They share one life (``workflow``)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from linli.engines.projects.types import Strand
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.publishing.types import MethodKind, Paper, PieceKind, ReportKind
from linli.programmes.publishing.workflow import State

_BYLINE = Personal("the by-line, published with the text", None, "everybody, once it is out")
_STAFF = Personal("who wrote, reviewed", None, "staff")


class Piece(Base):
    """What every piece has: its source unit, where it stands, who had a hand in it.

    ``version`` counts every change and is compared before each write. ``hands`` are the uuids of those who wrote
    it; none of them reviews it. ``strands`` is ``|code|code|``. ``reasons`` are the reviewer's, by finding.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(max_length=80)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    version = models.IntegerField(default=1)
    strands = models.CharField(max_length=40, blank=True)
    topic = models.CharField(max_length=40, blank=True)
    author_uuid = models.UUIDField(null=True)
    author_label = models.CharField(max_length=80)
    hands = models.JSONField(default=list)
    reasons = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    correction = models.TextField(blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_label = models.CharField(max_length=80, blank=True)
    released_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=500, blank=True)

    personal: ClassVar[dict[str, Personal]] = {"author_label": _STAFF, "reviewed_label": _STAFF, "hands": _STAFF}
    kind: ClassVar[PieceKind]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        """Return the title."""
        return self.title

    @property
    def strand_codes(self) -> list[str]:
        """The strands as codes."""
        return [s for s in self.strands.split("|") if s]

    @property
    def strand_names(self) -> list[str]:
        """The strands in words."""
        return [str(Strand(s).label) for s in self.strand_codes if s in Strand.values]


def _indexes(name: str) -> tuple[models.Index, ...]:
    return (
        models.Index(fields=("-changed_at", "-id"), name=f"publishing_{name}_newest"),
        models.Index(fields=("state", "-changed_at", "-id"), name=f"publishing_{name}_state"),
    )


class Article(Piece):
    """One item of a bulletin. ``hidden_at``: taken off the public pages while a request is looked into."""

    kind = PieceKind.ARTICLE
    kicker = models.CharField(max_length=60, blank=True)
    body = models.TextField()
    reporter = models.CharField(max_length=60, blank=True)
    editor = models.CharField(max_length=40, blank=True)
    photographer = models.CharField(max_length=60, blank=True)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    links = models.JSONField(default=list)
    hidden_at = models.DateTimeField(null=True)
    outside_number = models.CharField(max_length=60, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        **Piece.personal,
        "reporter": _BYLINE,
        "editor": _BYLINE,
        "photographer": _BYLINE,
    }

    class Meta:
        indexes = (
            *_indexes("article"),
            models.Index(
                fields=("-released_at", "-id"), condition=Q(state=State.RELEASED), name="publishing_article_public"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(state=State.RELEASED) | Q(released_at__isnull=False, reviewed_at__isnull=False),
                name="publishing_article_reviewed_before_release",
            ),
            models.UniqueConstraint(
                fields=("outside_number",), condition=~Q(outside_number=""), name="publishing_article_outside_once"
            ),
        )


class Issue(Piece):
    """A bulletin or community page of several articles in order."""

    kind = PieceKind.ISSUE
    number = models.PositiveIntegerField()
    day = models.DateField()
    paper = models.CharField(max_length=4, choices=Paper.choices, default=Paper.A4)
    publisher = models.CharField(max_length=80, blank=True)

    personal: ClassVar[dict[str, Personal]] = Piece.personal

    class Meta:
        indexes = _indexes("issue")
        constraints = (
            models.UniqueConstraint(
                fields=("title", "number"), condition=~Q(state=State.DROPPED), name="publishing_issue_number_once"
            ),
        )


class IssueItem(Base):
    """An article's place in an issue; ``order`` 1 is the lead."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="items")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="items")
    order = models.PositiveSmallIntegerField()

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["order"]
        constraints = (
            models.UniqueConstraint(fields=("issue", "article"), name="publishing_item_article_once"),
            models.UniqueConstraint(fields=("issue", "order"), name="publishing_item_order_once"),
        )


class Report(Piece):
    """A half-year's, a year's or a topic's report.

    ``texts``: drafted text by section. ``frozen``: at release the figures with their rows, as they were then;
    ``digest`` is the SHA-256 over them.
    """

    kind = PieceKind.REPORT
    report_kind = models.CharField(max_length=12, choices=ReportKind.choices)
    since = models.DateField()
    until = models.DateField()
    texts = models.JSONField(default=dict)
    frozen = models.JSONField(default=dict)
    frozen_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    personal: ClassVar[dict[str, Personal]] = Piece.personal

    class Meta:
        indexes = _indexes("report")
        constraints = (
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="publishing_report_days"),
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True, digest="") | (Q(frozen_at__isnull=False) & ~Q(digest="")),
                name="publishing_report_frozen_paired",
            ),
        )


class Method(Piece):
    """A named way of working, or experience that somebody shared: who proposed it, its steps, where it is used."""

    kind = PieceKind.METHOD
    method_kind = models.CharField(max_length=12, choices=MethodKind.choices, default=MethodKind.METHOD)
    proposer = models.CharField(max_length=80, blank=True)
    summary = models.TextField()
    steps = models.TextField(blank=True)
    used_at = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    exhibitions = models.TextField(blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        **Piece.personal,
        "proposer": Personal("who proposed it, by post", None, "everybody, once it is out"),
    }

    class Meta:
        indexes = _indexes("method")

    @staticmethod
    def _lines(text: str) -> list[str]:
        return [line for line in text.split("\n") if line.strip()]

    @property
    def lists(self) -> dict[str, list[str]]:
        """The fields with one thing a line, as lists."""
        return {name: self._lines(getattr(self, name)) for name in ("steps", "used_at", "evidence", "exhibitions")}


class PieceVersion(Base):
    """What stood in a piece at one of its versions, with who wrote it. Never edited."""

    kind = models.CharField(max_length=8, choices=PieceKind.choices)
    piece = models.UUIDField()
    number = models.IntegerField()
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)
    verb = models.CharField(max_length=12)
    why = models.CharField(max_length=500, blank=True)
    data: Any = models.JSONField(default=dict)

    personal: ClassVar[dict[str, Personal]] = {
        "by_label": _STAFF,
        "data": Personal("the text as it was, by-line included", None, "staff who read the piece"),
    }

    class Meta:
        constraints = (models.UniqueConstraint(fields=("piece", "number"), name="publishing_version_once"),)
