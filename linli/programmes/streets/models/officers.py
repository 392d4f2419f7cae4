"""城管进社区: which officer keeps in touch with which neighbourhood, and when one was there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class Contact(Base):
    """An officer who keeps in touch with a neighbourhood, so many times a month."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=200, default="", blank=True)
    per_month = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {
        "user": Personal("whom a neighbourhood asks", None, "colleagues"),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "area"], condition=Q(ends_on__isnull=True), name="streets_contact_once"
            ),
            models.CheckConstraint(condition=Q(per_month__gte=1), name="streets_contact_month"),
        ]
        indexes = [models.Index(fields=["area_path", "id"], name="streets_contact_area")]


class ContactVisit(Base):
    """One time that an officer was there: what was said and what is to be done."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="visits")
    on = models.DateField()
    text = models.CharField(max_length=500)
    asked = models.CharField(max_length=500, default="", blank=True)
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("knowing whom to ask", None, "colleagues")}

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [models.UniqueConstraint(fields=["contact", "on"], name="streets_contact_visit_once")]
