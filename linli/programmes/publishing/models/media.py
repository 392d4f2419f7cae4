"""Pictures and films with what they show, and in which articles they stand. Nobody's face is looked for in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.publishing.types import MediaKind


class Media(Base):
    """A picture or film: what it shows, whose it is, whether it may go out."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=MediaKind.choices)
    title = models.CharField(max_length=80)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    url = models.URLField(max_length=500, blank=True)
    caption = models.CharField(max_length=200, blank=True)
    credit = models.CharField(max_length=60, blank=True)
    taken_on = models.DateField(null=True)
    place = models.CharField(max_length=80, blank=True)
    topic = models.CharField(max_length=40, blank=True)
    links = models.JSONField(default=list)
    recognisable = models.BooleanField(default=False)
    consent = models.CharField(max_length=300, blank=True)
    cleared = models.BooleanField(default=False)
    cleared_at = models.DateTimeField(null=True)
    cleared_label = models.CharField(max_length=80, blank=True)
    version = models.IntegerField(default=1)
    entered_at = models.DateTimeField()
    entered_label = models.CharField(max_length=80)
    entered_uuid = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "credit": Personal("the picture credit, published with it", None, "everybody, once it is out"),
        "consent": Personal("how those who can be recognised agreed", None, "staff"),
        "cleared_label": Personal("who cleared it", None, "staff"),
        "entered_label": Personal("who entered it", None, "staff"),
        "entered_uuid": Personal("who entered it", None, "staff"),
    }

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(Q(kind=MediaKind.LINK) & ~Q(url="")) | (~Q(kind=MediaKind.LINK) & Q(file__isnull=False)),
                name="publishing_media_has_content",
            ),
            models.CheckConstraint(
                condition=Q(cleared=False) | Q(recognisable=False) | ~Q(consent=""),
                name="publishing_media_consent_before_clearing",
            ),
        )
        indexes = (models.Index(fields=("-entered_at", "-id"), name="publishing_media_newest"),)

    def __str__(self) -> str:
        """Return the title."""
        return self.title

    @property
    def may_go_out(self) -> bool:
        """Whether it is cleared, and those who can be recognised agreed."""
        return self.cleared and self.withdrawn_at is None and (not self.recognisable or bool(self.consent))


class ArticleMedia(Base):
    """A picture's place in an article: its number there, and its caption if another than the picture's own."""

    article = models.ForeignKey("publishing.Article", on_delete=models.CASCADE, related_name="pictures")
    media = models.ForeignKey(Media, on_delete=models.PROTECT, related_name="uses")
    number = models.PositiveSmallIntegerField()
    caption = models.CharField(max_length=200, blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["number"]
        constraints = (models.UniqueConstraint(fields=("article", "number"), name="publishing_picture_number_once"),)

    @property
    def words(self) -> str:
        """The caption."""
        return self.caption or self.media.caption or self.media.title
