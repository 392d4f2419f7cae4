"""The tables of the streets: matters of shops, frontages, blind spots, lanes, shops together, contractors, officers."""

from linli.programmes.streets.models.common import Evidence, Step
from linli.programmes.streets.models.contractors import Quality, WorkLog
from linli.programmes.streets.models.frontages import BlindSpot, Duty
from linli.programmes.streets.models.lanes import LanePlan, LaneProblem
from linli.programmes.streets.models.matters import Matter
from linli.programmes.streets.models.officers import Contact, ContactVisit
from linli.programmes.streets.models.shops import BoardCheck, Friendly, PeerCheck, ShopMember

__all__ = [
    "BlindSpot",
    "BoardCheck",
    "Contact",
    "ContactVisit",
    "Duty",
    "Evidence",
    "Friendly",
    "LanePlan",
    "LaneProblem",
    "Matter",
    "PeerCheck",
    "Quality",
    "ShopMember",
    "Step",
    "WorkLog",
]
