"""Brands, and the bodies in which members sit: conference, associations, committees, with posts and chairs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.alliance.types import BodyKind, Level


def _days(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name=name)


class Brand(Base):
    """A name under which bodies and projects stand (“金色纽带”); its members are those of its bodies."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=64, unique=True)
    name_key = models.CharField(max_length=128, db_index=True)
    since = models.PositiveSmallIntegerField(null=True)
    owner = models.CharField(max_length=100, default="", blank=True)
    text = models.TextField(default="", blank=True)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Body(Base):
    """A conference, an association of one 片区, or a special committee; ``office`` is the unit that keeps it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=100)
    name_key = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=BodyKind.choices)
    level = models.CharField(max_length=16, choices=Level.choices)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, null=True, related_name="bodies")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    purpose = models.TextField(default="", blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            _days("alliance_body_days"),
            models.UniqueConstraint(fields=["name"], condition=Q(ends_on__isnull=True), name="alliance_body_name_once"),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Seat(Base):
    """A member in a body from the first to the last day."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="seats")
    member = models.ForeignKey("alliance.Member", on_delete=models.PROTECT, related_name="seats")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    reason = models.CharField(max_length=200, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            _days("alliance_seat_days"),
            models.UniqueConstraint(
                fields=["body", "member"], condition=Q(ends_on__isnull=True), name="alliance_seat_once"
            ),
        ]
        indexes = [models.Index(fields=["body", "starts_on"], name="alliance_seat_body")]


class Office(Base):
    """A post of a body (会长, 常务副会长, 召集人); one holder at a time unless ``several``."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="offices")
    title = models.CharField(max_length=32)
    several = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=100)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["body", "title"], name="alliance_office_once")]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Holding(Base):
    """A member that holds a post of a body for a term, by its own role-holder (党委书记), never by a person's name."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="holdings")
    member = models.ForeignKey("alliance.Member", on_delete=models.PROTECT, related_name="holdings")
    holder_post = models.CharField(max_length=64, default="", blank=True)
    single = models.BooleanField(default=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    ended = models.BooleanField(default=False)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            _days("alliance_holding_days"),
            models.UniqueConstraint(
                fields=["office"], condition=Q(single=True, ended=False), name="alliance_holding_single"
            ),
            models.UniqueConstraint(
                fields=["office", "member"], condition=Q(ended=False), name="alliance_holding_once"
            ),
        ]


class Turn(Base):
    """A member's place in the order in which the chair goes round."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="turns")
    member = models.ForeignKey("alliance.Member", on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["body", "place"], name="alliance_turn_place"),
            models.UniqueConstraint(fields=["body", "member"], name="alliance_turn_once"),
        ]


class ChairTerm(Base):
    """One term of the rotating chair, with its certificate and what was handed over at its end."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="chairs")
    number = models.PositiveSmallIntegerField()
    member = models.ForeignKey("alliance.Member", on_delete=models.PROTECT, related_name="chairs")
    holder_post = models.CharField(max_length=64, default="", blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    certificate = models.CharField(max_length=40, default="", blank=True)
    certified_on = models.DateField(null=True)
    out_of_turn = models.CharField(max_length=200, default="", blank=True)
    handed_on = models.DateField(null=True)
    handed_over = models.TextField(default="", blank=True)
    open_items = models.TextField(default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="alliance_chair_days"),
            models.UniqueConstraint(fields=["body", "number"], name="alliance_chair_number"),
            models.UniqueConstraint(
                fields=["body"], condition=Q(handed_on__isnull=True), name="alliance_chair_one_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["certificate"], condition=~Q(certificate=""), name="alliance_chair_certificate_once"
            ),
        ]


class Sitting(Base):
    """A meeting of a body; where it is kept as a meeting elsewhere, ``meeting_kind`` and ``meeting_uuid`` name it."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="sittings")
    title = models.CharField(max_length=120)
    held_on = models.DateField()
    place = models.CharField(max_length=120, default="", blank=True)
    note = models.TextField(default="", blank=True)
    yearly = models.BooleanField(default=False)
    meeting_kind = models.CharField(max_length=32, default="", blank=True)
    meeting_uuid = models.UUIDField(null=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["-held_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["body", "held_on", "title"], name="alliance_sitting_once")]
