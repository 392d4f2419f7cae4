"""Findings: what was not as it should be, and the one chain from it to the re-check."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.engines.fieldwork.workflow import FINDING_OVER, FindingState
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class Finding(Base):
    """One thing found wrong at one target: mended on the spot, or a case until it is done and checked again.

    ``item`` is the path of the form's question (of the indicator library's standard) that failed. ``relapse_of`` is
    the finding that was closed before the same item of the same target failed again (反弹). ``pictures`` names the
    answers of the submission that hold them: seen, before, after → paths. ``recheck`` is the visit that looks again.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    submission = models.ForeignKey("fieldwork.Submission", on_delete=models.PROTECT, related_name="findings")
    round = models.ForeignKey("fieldwork.Round", on_delete=models.PROTECT, null=True, related_name="findings")
    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, null=True, related_name="findings")
    item = models.CharField(max_length=200)
    category = models.CharField(max_length=64, default="", blank=True)
    level = models.CharField(max_length=16, default="", blank=True)
    pictures = models.JSONField(default=dict)
    text = models.CharField(max_length=500)
    state = models.CharField(max_length=12, choices=FindingState.choices, default=FindingState.FOUND)
    case_uuid = models.UUIDField(null=True)
    found_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True)
    recheck_on = models.DateField(null=True)
    recheck = models.ForeignKey("fieldwork.Visit", on_delete=models.PROTECT, null=True, related_name="rechecks")
    rechecked = models.ForeignKey("fieldwork.Submission", on_delete=models.PROTECT, null=True, related_name="+")
    relapse_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="relapses")
    closed_at = models.DateTimeField(null=True)
    area_path = models.CharField(max_length=200, default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "item"], name="fieldwork_finding_once"),
            models.CheckConstraint(
                condition=~Q(state=FindingState.CASE) | Q(case_uuid__isnull=False), name="fieldwork_finding_has_case"
            ),
        ]
        indexes = [
            models.Index(fields=["target", "item", "-id"], name="fieldwork_finding_item"),
            models.Index(fields=["state", "recheck_on"], name="fieldwork_finding_recheck"),
            models.Index(fields=["case_uuid"], name="fieldwork_finding_case"),
            models.Index(fields=["round", "item", "state"], name="fieldwork_finding_round"),
            models.Index(fields=["state", "-id"], name="fieldwork_finding_list"),
            models.Index(fields=["-id"], condition=~Q(state__in=FINDING_OVER), name="fieldwork_finding_open"),
            models.Index(fields=["-id"], condition=Q(relapse_of__isnull=False), name="fieldwork_finding_again"),
        ]


class FindingEvent(Base):
    """One step of a finding's chain; appended only. ``verb`` is the state it came to, or what else happened to it."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    verb = models.CharField(max_length=16)
    text = models.CharField(max_length=500, default="", blank=True)
    by_label = models.CharField(max_length=80, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("knowing whom to ask", None, "colleagues")}

    class Meta:
        indexes = [models.Index(fields=["finding", "id"], name="fieldwork_finding_events")]


class Watch(Base):
    """A flat that was cleared (发现一户整治一户), watched until the watch is over: the firm reports every month.

    ``item`` and ``category`` say for what it looks: the same item, or any finding of that kind, is a relapse; where it
    says neither, only what the firm reports is. ``told`` is the standing of which somebody was told last, so that an
    alarm is told once.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, related_name="watches")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, related_name="watches")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=200, default="", blank=True)
    category = models.CharField(max_length=64, default="", blank=True)
    cleared_on = models.DateField()
    until = models.DateField()
    told = models.CharField(max_length=60, default="", blank=True)
    area_path = models.CharField(max_length=200, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target", "cleared_on"], name="fieldwork_watch_once"),
            models.CheckConstraint(condition=Q(until__gt=models.F("cleared_on")), name="fieldwork_watch_days"),
        ]
        indexes = [models.Index(fields=["until", "id"], name="fieldwork_watch_until")]


class WatchReport(Base):
    """What the property firm reported of a watched flat; appended only. Not ``again`` is a zero report (零报告)."""

    watch = models.ForeignKey(Watch, on_delete=models.PROTECT, related_name="reports")
    day = models.DateField()
    again = models.BooleanField(default=False)
    text = models.CharField(max_length=300, default="", blank=True)
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("knowing whom to ask", None, "colleagues")}

    class Meta:
        indexes = [models.Index(fields=["watch", "day"], name="fieldwork_watch_reports")]
