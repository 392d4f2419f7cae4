"""Condolence visits: a list for a festival, and who is on it; every name is sealed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class ListState(models.TextChoices):
    """Where a list stands."""

    DRAFT = "draft", _("拟定中")
    CONFIRMED = "confirmed", _("已确认")
    CLOSED = "closed", _("已办结")


class CondolenceList(Base):
    """One list: which festival, whose. It is confirmed by another than who drew it up."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(max_length=60)
    festival = models.CharField(max_length=30)
    day = models.DateField()
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=200, default="", blank=True)
    state = models.CharField(max_length=10, choices=ListState.choices, default=ListState.DRAFT)
    round = models.ForeignKey("fieldwork.Round", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    by_uuid = models.UUIDField(null=True)
    by_label = models.CharField(max_length=80)
    confirmed_uuid = models.UUIDField(null=True)
    confirmed_label = models.CharField(max_length=80, default="", blank=True)
    confirmed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {
        "by_uuid": Personal("that another person confirmed the list", None, "nobody"),
        "by_label": Personal("that another person confirmed the list", None, "colleagues"),
        "confirmed_uuid": Personal("that another person confirmed the list", None, "nobody"),
        "confirmed_label": Personal("that another person confirmed the list", None, "colleagues"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_uuid=None) | ~Q(confirmed_uuid=F("by_uuid")), name="visits_condolence_two"
            )
        ]
        indexes = [models.Index(fields=["-day", "-id"], name="visits_condolence_day")]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class CondolenceEntry(Base):
    """One person on a list: why, what they get, and that they signed for it.

    ``signed`` is the picture of the signature, from the form filled at the door or from the signed paper list.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    list = models.ForeignKey(CondolenceList, on_delete=models.PROTECT, related_name="entries")
    person_sealed = models.BinaryField()
    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=60)
    amount = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    item = models.CharField(max_length=60, default="", blank=True)
    given_on = models.DateField(null=True)
    given_label = models.CharField(max_length=80, default="", blank=True)
    signed = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    submission = models.ForeignKey("fieldwork.Submission", on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {
        "person_sealed": Personal("visiting somebody at a festival", 730, "who keeps the list", "encrypted"),
        "reason": Personal("why somebody is visited; they are told", None, "who keeps the list"),
        "given_label": Personal("who handed it over", None, "who keeps the list"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gt=0), name="visits_condolence_amount"),
            models.CheckConstraint(condition=Q(amount__isnull=False) | ~Q(item=""), name="visits_condolence_some"),
            models.CheckConstraint(condition=Q(given_on=None) | Q(signed__isnull=False), name="visits_condolence_sign"),
        ]
        indexes = [models.Index(fields=["list", "id"], name="visits_condolence_list")]
