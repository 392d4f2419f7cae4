"""Volunteers of the programme in their three roles, and what they did: thanks and numbers, never a ranking."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.civility.types import Role


class Volunteer(Base):
    """Somebody who tells, walks or watches for the programme, of one unit, by the number on their badge: no name."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    role = models.CharField(max_length=10, choices=Role.choices)
    number = models.CharField(max_length=20)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], condition=Q(until=None), name="civility_volunteer_once")
        ]
        indexes = [models.Index(fields=["role", "unit", "id"], name="civility_volunteer_list")]


class Service(Base):
    """What a volunteer did on one day."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="services")
    on = models.DateField()
    text = models.CharField(max_length=300)
    minutes = models.PositiveSmallIntegerField()
    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, null=True, related_name="+")
    created_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"created_label": Personal("knowing whom to ask", None, "colleagues")}

    class Meta:
        indexes = [models.Index(fields=["volunteer", "-on"], name="civility_service_list")]
