"""Meetings and what lives on between them."""

from linli.engines.activities.models.agenda import AgendaItem, Decision, ItemText, Paper, Remark
from linli.engines.activities.models.kinds import MeetingKind
from linli.engines.activities.models.meetings import Attendee, Meeting, Series, Venue
from linli.engines.activities.models.motions import Motion, MotionText, Negotiation, NegotiationStep
from linli.engines.activities.models.topics import Reading, Topic, TopicFile, TopicNote

__all__ = [
    "AgendaItem",
    "Attendee",
    "Decision",
    "ItemText",
    "Meeting",
    "MeetingKind",
    "Motion",
    "MotionText",
    "Negotiation",
    "NegotiationStep",
    "Paper",
    "Reading",
    "Remark",
    "Series",
    "Topic",
    "TopicFile",
    "TopicNote",
    "Venue",
]
