"""Venues with their kinds, photos, inventory, menus, and the maps that show them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.foundation.venues.types import ItemKind, Level, Meal, State


class VenueKind(Base):
    """A kind of venue (驿站, 社区食堂 …): data, not code.

    Its extra questions are the form ``venue.<code>``. ``aliases`` are other words under which
    its venues are found (联动联动站 for 联勤联动站). ``standard`` is JSON of ``rules.standard``.
    """

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=32)
    aliases = models.JSONField(default=list)
    icon = models.CharField(max_length=32, default="map-pin")
    colour = models.CharField(max_length=16, default="blue")
    order = models.PositiveSmallIntegerField(default=100)
    public = models.BooleanField(default=True)
    reviewed = models.BooleanField(default=False)
    canteen = models.BooleanField(default=False)
    charging = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    standard = models.JSONField(default=list)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Facility(Base):
    """Something that a venue offers to who comes in: water, a microwave, a seat."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=32, unique=True)
    icon = models.CharField(max_length=32, default="check")
    order = models.PositiveSmallIntegerField(default=100)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Venue(Base):
    """One venue.

    ``hours`` is JSON of ``rules.hours``; ``facilities`` lists codes; ``answers`` are those to the
    kind's form at version ``form_number``. The telephone is the venue's own, never a person's.
    ``sort_key`` puts a list into the order of addresses.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.ForeignKey(VenueKind, on_delete=models.PROTECT, related_name="venues")
    name = models.CharField(max_length=64)
    aliases = models.JSONField(default=list)
    address = models.CharField(max_length=200, default="", blank=True)
    sort_key = models.CharField(max_length=200, default="", db_index=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=200, default="", blank=True, db_index=True)
    district = models.CharField(max_length=64, default="", blank=True, db_index=True)
    level = models.CharField(max_length=16, choices=Level.choices, default="", blank=True)
    hours = models.JSONField(default=dict)
    keeper = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    keeper_post = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")
    phone = models.CharField(max_length=32, default="", blank=True)
    facilities = models.JSONField(default=list)
    intro = models.TextField(default="", blank=True)
    partner = models.CharField(max_length=100, default="", blank=True)
    offers = models.CharField(max_length=300, default="", blank=True)
    plaque = models.CharField(max_length=40, default="", blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    review_on = models.DateField(null=True)
    reviewed_at = models.DateField(null=True)
    answers = models.JSONField(default=dict)
    form_number = models.PositiveIntegerField(null=True)
    note = models.TextField(default="", blank=True)
    lacking = models.PositiveSmallIntegerField(default=0)
    schematic = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lat=None, lon=None) | Q(lat__isnull=False, lon__isnull=False),
                name="venues_venue_point_whole",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="venues_venue_days",
            ),
            models.UniqueConstraint(fields=["kind", "name", "sort_key"], name="venues_venue_once"),
            models.UniqueConstraint(
                fields=["kind", "plaque"], condition=~Q(plaque=""), name="venues_venue_plaque_once"
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="venues_venue_name"),
            models.Index(fields=["review_on"], condition=Q(review_on__isnull=False), name="venues_venue_review"),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class VenueToken(Base):
    """A search token of a venue: of its names, its address, its kind and the kind's other words."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="tokens")
    token = models.CharField(max_length=64, db_index=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "venue"], name="venues_token_unique")]


class VenuePhoto(Base):
    """A picture of a venue for everybody to see; no persons in it, which the form says."""

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    alt = models.CharField(max_length=100, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["venue", "file"], name="venues_photo_once")]


class VenueSlot(Base):
    """One slot of the kind's standard, looked at in one station."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="slots")
    slot = models.CharField(max_length=140)
    present = models.BooleanField(default=False)
    note = models.CharField(max_length=200, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["venue", "slot"], name="venues_slot_once")]


class VenueItem(Base):
    """A line of a station's inventory: a room, equipment, a partner unit that has a desk there."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=16, choices=ItemKind.choices)
    name = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=1)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["kind", "id"]
        constraints = [models.UniqueConstraint(fields=["venue", "kind", "name"], name="venues_item_once")]


class Menu(Base):
    """What a canteen serves at one meal of one day."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="menus")
    day = models.DateField()
    meal = models.CharField(max_length=16, choices=Meal.choices)
    dishes = models.CharField(max_length=500)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["venue", "day", "meal"], name="venues_menu_once")]


class Activity(Base):
    """Something that takes place at a venue: a class, a lecture, a day of free haircuts."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="activities")
    title = models.CharField(max_length=64)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.CharField(max_length=200, default="", blank=True)
    cancelled = models.BooleanField(default=False)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="venues_activity_order"),
            models.UniqueConstraint(fields=["venue", "starts_at", "title"], name="venues_activity_once"),
        ]
        indexes = [models.Index(fields=["ends_at"], name="venues_activity_time")]


class ThematicMap(Base):
    """A map of some kinds of venues under a title of its own; without kinds it shows all that are public."""

    code = models.SlugField(max_length=32, unique=True)
    title = models.CharField(max_length=64)
    intro = models.TextField(default="", blank=True)
    kinds = models.JSONField(default=list)
    order = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        """Return the title."""
        return self.title
