"""Cases that are taken up together by a topic of the meetings (识题、领题、破题)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.foundation.core.models import Base, Personal


class TopicCase(Base):
    """A case that a topic was raised for, or that was added to one; it stays as it is."""

    topic = models.ForeignKey("activities.Topic", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="topics")
    added_at = models.DateTimeField()
    added_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {
        "added_label": Personal("who put it there", None, "staff who read the case"),
    }

    class Meta:
        constraints = (models.UniqueConstraint(fields=("topic", "case"), name="cases_topic_case_once"),)
