"""Tables of the room `visits`: what visits gave and left to do, visits of leaders, condolences, words that are kept."""

from linli.programmes.visits.models.companies import CompanyVisit
from linli.programmes.visits.models.condolences import CondolenceEntry, CondolenceList
from linli.programmes.visits.models.demands import Demand, DemandEvent
from linli.programmes.visits.models.keeping import Campaign, Officer, Wording
from linli.programmes.visits.models.outcomes import Detail, Gift

__all__ = [
    "Campaign",
    "CompanyVisit",
    "CondolenceEntry",
    "CondolenceList",
    "Demand",
    "DemandEvent",
    "Detail",
    "Gift",
    "Officer",
    "Wording",
]
