"""The tables of the civilised-city programme."""

from linli.programmes.civility.models.counting import Counted, Tally
from linli.programmes.civility.models.doing import Campaign, CampaignDay, LogEntry, Shot, Todo
from linli.programmes.civility.models.library import Edition, Helping, PointType, Standard
from linli.programmes.civility.models.people import Service, Volunteer
from linli.programmes.civility.models.trials import Trial, TrialPart

__all__ = [
    "Campaign",
    "CampaignDay",
    "Counted",
    "Edition",
    "Helping",
    "LogEntry",
    "PointType",
    "Service",
    "Shot",
    "Standard",
    "Tally",
    "Todo",
    "Trial",
    "TrialPart",
    "Volunteer",
]
