"""Ledgers of what is visited: kinds as data, targets, and every fact with its source and time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class Kind(Base):
    """A ledger: shops, companies, flats, lanes, sign-boards, waterlogging points …: data, not code.

    ``fields`` is a form of the room ``forms``: what is known of a target of this kind, in which order it is asked.
    ``same_by`` names the fields by which two entries are taken for one. A guarded kind (households) is seen by those
    who work in the grid and by whom the rulebook names, never across grids, never on a map.
    """

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=32, unique=True)
    icon = models.CharField(max_length=32, default="map-pin")
    fields = models.ForeignKey("forms.Form", on_delete=models.PROTECT, null=True, related_name="+")
    same_by = models.JSONField(default=list)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    guarded = models.BooleanField(default=False)
    entity = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Target(Base):
    """One thing that is visited, from the day it came into the ledger until it went out.

    ``facts`` holds what is known now, field → value; where each came from stands in :class:`Fact`. What is personal in
    it is sealed in ``sealed``. ``merged_into`` is set of the one that turned out to be another's double; all that hangs
    on it stays on it and is read with the other's. ``visited_at`` and ``tried_at`` say when somebody was there last,
    and last knocked in vain; :class:`~linli.engines.fieldwork.models.tallies.TargetTally` counts them as they change.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="targets")
    number = models.CharField(max_length=40, default="", blank=True)
    name = models.CharField(max_length=100)
    words = models.CharField(max_length=600, default="")
    address = models.CharField(max_length=200, default="", blank=True)
    sort_key = models.CharField(max_length=200, default="")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=200, default="", blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    venue = models.ForeignKey("venues.Venue", on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    facts = models.JSONField(default=dict)
    sealed = models.BinaryField(default=b"")
    same_key = models.CharField(max_length=200, default="", blank=True)
    tags = models.JSONField(default=list)
    since = models.DateField()
    until = models.DateField(null=True)
    ended_reason = models.CharField(max_length=300, default="", blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="doubles")
    merged_at = models.DateTimeField(null=True)
    visited_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {
        "sealed": Personal(
            "reaching who is visited, and what they asked for", 180, "who works in the grid", "encrypted"
        ),
        "facts": Personal("what a visit need not ask again", None, "who works in the grid, of guarded kinds"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lat=None, lon=None) | Q(lat__isnull=False, lon__isnull=False), name="fieldwork_target_point"
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="fieldwork_target_days"),
            models.UniqueConstraint(
                fields=["kind", "number"], condition=~Q(number="") & Q(until=None), name="fieldwork_target_number_once"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "sort_key", "id"], name="fieldwork_target_list"),
            models.Index(fields=["kind", "area_path", "id"], name="fieldwork_target_area"),
            models.Index(
                fields=["kind", "same_key"], condition=~Q(same_key="") & Q(until=None), name="fieldwork_target_same"
            ),
            # Counted along: how many there are of a kind in an area, and when somebody was there last.
            models.Index(
                fields=["kind", "area_path", "visited_at"], condition=Q(until=None), name="fieldwork_target_living"
            ),
            models.Index(fields=["parent", "sort_key"], name="fieldwork_target_parent"),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Fact(Base):
    """One field of a target as it became: appended only; the newest of a field, by ``at``, is what the target says.

    A field is a column of the target (``types.COLUMNS``) or a question of its kind's form.

    ``source_kind`` and ``source_uuid`` name the submission, import, case or correction that it came from. The value of
    a personal field is sealed.
    """

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="known")
    field = models.CharField(max_length=64)
    value = models.JSONField(null=True)
    sealed = models.BinaryField(default=b"")
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80, default="", blank=True)
    source_kind = models.CharField(max_length=32)
    source_uuid = models.UUIDField(null=True)

    personal: ClassVar[dict[str, Personal]] = {
        "value": Personal("what became of a target, and whence", None, "who works in the grid, of guarded kinds"),
        "sealed": Personal("what became of a target, and whence", 730, "who works in the grid", "encrypted"),
        "by_label": Personal("knowing whom to ask", None, "colleagues"),
    }

    class Meta:
        indexes = [models.Index(fields=["target", "-id"], name="fieldwork_fact_history")]
