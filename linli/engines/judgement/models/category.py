"""Versions of the model that suggests categories, and how the one in use did month by month."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class Standing(models.TextChoices):
    """Where a version stands."""

    LIVE = "live", _("在用")
    KEPT = "kept", _("曾用")
    LOST = "lost", _("未启用")


class Origin(models.TextChoices):
    """What a version was taught with."""

    CASES = "cases", _("已办结案件")
    SHEET = "sheet", _("表格")


class CategoryModel(Base):
    """One version: its arrays, what taught it, how it did on the rows held out and how the one before did there.

    ``content`` is what ``rules.category.dump`` made (empty for old versions, which keep their figures), ``digest``
    the SHA-256 of it. ``until`` is from when on it has seen nothing. ``report`` and ``rival`` hold figures of the
    same rows; ``rival`` is empty where names and words alone were its rival and had nothing to say.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.PositiveIntegerField(unique=True)
    standing = models.CharField(max_length=8, choices=Standing.choices)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    file_name = models.CharField(max_length=120, blank=True, default="")
    made_at = models.DateTimeField()
    made_label = models.CharField(max_length=80)
    live_from = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    taught = models.PositiveIntegerField()
    labels = models.JSONField(default=list)
    content = models.BinaryField(default=b"")
    digest = models.CharField(max_length=64)
    report = models.JSONField(default=dict)
    rival = models.JSONField(default=dict)

    personal: ClassVar[dict[str, Personal]] = {
        "made_label": Personal("knowing whom to ask", None, "who reads the console"),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["standing"], condition=Q(standing=Standing.LIVE), name="judgement_one_category_model_live"
            ),
            models.CheckConstraint(
                condition=~Q(standing=Standing.LIVE) | Q(live_from__isnull=False), name="judgement_category_model_since"
            ),
        ]

    def __str__(self) -> str:
        """Return the number."""
        return str(self.number)


class CategoryMonth(Base):
    """How suggestions would have done on the cases of one month, by the version in use; none of them taught it.

    ``report`` holds the figures, ``drift`` how far the mix of categories has moved from the one that taught it.
    """

    model = models.ForeignKey(CategoryModel, on_delete=models.CASCADE, related_name="months")
    month = models.DateField()
    counted_at = models.DateTimeField()
    report = models.JSONField(default=dict)
    drift = models.FloatField(default=0.0)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "month"], name="judgement_category_month_once")]
