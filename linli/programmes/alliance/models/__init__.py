"""Members, the bodies in which they sit, the three lists, claims and agreements."""

from linli.programmes.alliance.models.agreements import Agreement, Party
from linli.programmes.alliance.models.bodies import Body, Brand, ChairTerm, Holding, Office, Seat, Sitting, Turn
from linli.programmes.alliance.models.claims import Claim, ClaimReport, Milestone
from linli.programmes.alliance.models.lists import Category, Entry, Use
from linli.programmes.alliance.models.members import Member

__all__ = [
    "Agreement",
    "Body",
    "Brand",
    "Category",
    "ChairTerm",
    "Claim",
    "ClaimReport",
    "Entry",
    "Holding",
    "Member",
    "Milestone",
    "Office",
    "Party",
    "Seat",
    "Sitting",
    "Turn",
    "Use",
]
