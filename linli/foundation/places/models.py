"""Areas with dates, the kinds they are of, free layers across them, and named places."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class AreaKind(Base):
    """A kind of area (街道, 综合网格 …) and the kinds that may stand above it: data, not code.

    ``parents`` lists codes; an empty string in it lets the kind be a root.
    """

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=32)
    order = models.PositiveSmallIntegerField(default=0)
    parents = models.JSONField(default=list)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["order", "code"]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Layer(Base):
    """A free layer: areas that cross the tree (街区, 片区, 商务区)."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=32)

    personal: ClassVar[dict[str, Personal]] = {}

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class AreaQuerySet(models.QuerySet["Area"]):
    """Filters on the areas' own fields."""

    def on(self, day: date) -> AreaQuerySet:
        """Return the areas that there are on ``day``; ``valid_to`` is the first day without."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


class Area(Base):
    """One area: its place in the tree (or on a free layer), its dates and its border.

    ``path`` is made of ids and ends with a slash (``/1/5/23/``). ``geometry`` is GeoJSON in
    WGS-84, in force from ``border_from``; earlier borders are rows of :class:`FormerBorder`.
    Any area may be without geometry.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.ForeignKey(AreaKind, on_delete=models.PROTECT, related_name="areas")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, related_name="children", null=True, blank=True)
    layer = models.ForeignKey(Layer, on_delete=models.PROTECT, related_name="areas", null=True, blank=True)
    name = models.CharField(max_length=64)
    code = models.CharField(max_length=48)
    path = models.CharField(max_length=200, default="", db_index=True)
    level = models.PositiveSmallIntegerField(default=0)
    geometry = models.JSONField(null=True, blank=True)
    wkb = models.BinaryField(null=True, blank=True)
    border_from = models.DateField()
    schematic = models.BooleanField(default=False)
    households = models.PositiveIntegerField(null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects: ClassVar[models.Manager[Area]] = AreaQuerySet.as_manager()
    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="places_area_code_unique"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="places_area_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(layer=None) | Q(parent=None), name="places_area_layer_outside_tree"),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class FormerBorder(Base):
    """A border that an area had from one day until another (the first day without it)."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="former_borders")
    geometry = models.JSONField(null=True)
    wkb = models.BinaryField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField()

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")), name="places_former_border_ends_after_start"
            ),
            models.UniqueConstraint(fields=["area", "valid_from"], name="places_former_border_unique"),
        ]


class AreaUpload(Base):
    """A file of areas, kept while somebody looks at the report of it; ``data`` is the GeoJSON as it came."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.ForeignKey(AreaKind, on_delete=models.PROTECT, related_name="+")
    layer = models.ForeignKey(Layer, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120, default="", blank=True)
    since = models.DateField()
    data = models.JSONField()
    reason = models.CharField(max_length=300, default="", blank=True)
    uploaded_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, Personal]] = {}


class GeographyVersion(Base):
    """One row whose ``token`` changes with every write to areas; the index in each process looks at it."""

    token = models.UUIDField()

    personal: ClassVar[dict[str, Personal]] = {}


class Backdrop(Base):
    """What a map shows behind the areas: roads, water, parks, houses; for looking at, never for deciding."""

    class Kind(models.TextChoices):
        """What it is drawn as."""

        ROAD = "road", _("道路")
        WATER = "water", _("水面")
        PARK = "park", _("公园")
        BUILDING = "building", _("建筑")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    name = models.CharField(max_length=64, default="")
    geometry = models.JSONField()
    schematic = models.BooleanField(default=False)

    personal: ClassVar[dict[str, Personal]] = {}


class Place(Base):
    """A named place: a housing estate (小区), a building in it or alone, or a venue."""

    class Kind(models.TextChoices):
        """What sort of place it is."""

        ESTATE = "estate", _("小区")
        BUILDING = "building", _("楼幢")
        VENUE = "venue", _("场所")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.ESTATE)
    name = models.CharField(max_length=64)
    aliases = models.JSONField(default=list)
    address = models.CharField(max_length=200, default="")
    key = models.CharField(max_length=200, default="", db_index=True)
    road = models.CharField(max_length=64, default="")
    lane = models.CharField(max_length=32, default="")
    number = models.CharField(max_length=32, default="")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="places", null=True)
    within = models.ForeignKey("self", on_delete=models.PROTECT, related_name="parts", null=True)
    schematic = models.BooleanField(default=False)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lat=None, lon=None) | Q(lat__isnull=False, lon__isnull=False),
                name="places_place_point_whole",
            ),
            models.UniqueConstraint(fields=["name", "key"], name="places_place_name_and_address_unique"),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class PlaceToken(Base):
    """A search token of a place; both databases find it by a plain index."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="tokens")
    token = models.CharField(max_length=64, db_index=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "place"], name="places_token_unique")]
