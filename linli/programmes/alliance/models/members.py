"""Member organisations."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.crypto import decrypt_text, encrypt_text
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.alliance.types import MemberKind, Stage

CONTACT = "alliance.contact"
_WHY = "reaching the member organisation about its membership and claims"
_WHO = "the office that keeps the alliance, the member's own people; every opening is journalled"


class Member(Base):
    """An organisation of the alliance, from its application to its leaving.

    ``unit`` is set where the organisation is a unit of Linli too: its people then act for the member.
    ``contact_post`` names a post (办公室主任); who holds it and the telephone are sealed. No member is scored.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=100, unique=True)
    name_key = models.CharField(max_length=200, db_index=True)
    short_name = models.CharField(max_length=32, default="", blank=True)
    kind = models.CharField(max_length=16, choices=MemberKind.choices)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=200, default="", blank=True)
    address = models.CharField(max_length=200, default="", blank=True)
    offers = models.TextField(default="", blank=True)
    needs = models.TextField(default="", blank=True)
    contact_post = models.CharField(max_length=64, default="", blank=True)
    contact_sealed = models.BinaryField(default=b"")
    phone_sealed = models.BinaryField(default=b"")
    note = models.TextField(default="", blank=True)

    stage = models.CharField(max_length=16, choices=Stage.choices, default=Stage.APPLIED)
    proposer = models.CharField(max_length=100, default="", blank=True)
    proposed_on = models.DateField()
    checked_on = models.DateField(null=True)
    check_note = models.CharField(max_length=300, default="", blank=True)
    decided_on = models.DateField(null=True)
    decided_at = models.CharField(max_length=120, default="", blank=True)
    meeting_uuid = models.UUIDField(null=True)
    admitted_on = models.DateField(null=True)
    certificate = models.CharField(max_length=40, default="", blank=True)
    plaque = models.CharField(max_length=40, default="", blank=True)
    issued_on = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=300, default="", blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {
        "contact_sealed": Personal(_WHY, 365, _WHO, "encrypted"),
        "phone_sealed": Personal(_WHY, 365, _WHO, "encrypted"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage__in=["admitted", "left"]) | Q(admitted_on__isnull=False),
                name="alliance_member_admitted_day",
            ),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=False) | Q(certificate="", plaque=""), name="alliance_member_issued"
            ),
            models.UniqueConstraint(
                fields=["certificate"], condition=~Q(certificate=""), name="alliance_member_certificate_once"
            ),
            models.UniqueConstraint(fields=["plaque"], condition=~Q(plaque=""), name="alliance_member_plaque_once"),
            models.UniqueConstraint(fields=["unit"], condition=Q(unit__isnull=False), name="alliance_member_unit_once"),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="alliance_member_name"),
            models.Index(fields=["admitted_on"], name="alliance_member_admitted"),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    @property
    def called(self) -> str:
        """The short name, where there is one."""
        return self.short_name or self.name

    def seal_contact(self, name: str, phone: str) -> None:
        """Keep who the contact is, encrypted."""
        self.contact_sealed = encrypt_text(name, CONTACT)
        self.phone_sealed = encrypt_text(phone, CONTACT)

    def contact(self) -> tuple[str, str]:
        """Return the contact's name and telephone in clear; ask ``permissions`` first."""
        return decrypt_text(self.contact_sealed, CONTACT), decrypt_text(self.phone_sealed, CONTACT)
