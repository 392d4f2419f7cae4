"""The tables of the case loop."""

from linli.engines.cases.models.callbacks import CallBack, CallBackRound
from linli.engines.cases.models.case import Case, CaseEvent, CaseFile, CaseHelper, NumberCounter, Reporter
from linli.engines.cases.models.catalogue import Category, CategoryVersion, RoutingRule
from linli.engines.cases.models.filters import SavedFilter
from linli.engines.cases.models.praise import Praise
from linli.engines.cases.models.requests import (
    Consultation,
    ConsultationCase,
    ConsultationParty,
    Order,
    Request,
    ShiftNote,
)
from linli.engines.cases.models.roots import RootCause, RootCauseChild
from linli.engines.cases.models.stations import PooledCase, Station, StationPartner

__all__ = [
    "CallBack",
    "CallBackRound",
    "Case",
    "CaseEvent",
    "CaseFile",
    "CaseHelper",
    "Category",
    "CategoryVersion",
    "Consultation",
    "ConsultationCase",
    "ConsultationParty",
    "NumberCounter",
    "Order",
    "PooledCase",
    "Praise",
    "Reporter",
    "Request",
    "RootCause",
    "RootCauseChild",
    "RoutingRule",
    "SavedFilter",
    "ShiftNote",
    "Station",
    "StationPartner",
]
