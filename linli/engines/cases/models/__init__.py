"""The tables of the case loop."""

from linli.engines.cases.models.callbacks import CallBack, CallBackRound
from linli.engines.cases.models.case import Case, CaseEvent, CaseFile, CaseHelper, NumberCounter, Reporter
from linli.engines.cases.models.catalogue import (
    Category,
    CategoryDraft,
    CategoryVersion,
    LegalText,
    Phrase,
    RoutingRule,
)
from linli.engines.cases.models.doors import ShutDoor
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
from linli.engines.cases.models.routing import (
    CatalogueVersion,
    RoutingDraft,
    RoutingMove,
    RoutingTrial,
    RoutingVersion,
)
from linli.engines.cases.models.stations import PooledCase, Station, StationPartner
from linli.engines.cases.models.topics import TopicCase

__all__ = [
    "CallBack",
    "CallBackRound",
    "Case",
    "CaseEvent",
    "CaseFile",
    "CaseHelper",
    "CatalogueVersion",
    "Category",
    "CategoryDraft",
    "CategoryVersion",
    "Consultation",
    "ConsultationCase",
    "ConsultationParty",
    "LegalText",
    "NumberCounter",
    "Order",
    "Phrase",
    "PooledCase",
    "Praise",
    "Reporter",
    "Request",
    "RootCause",
    "RootCauseChild",
    "RoutingDraft",
    "RoutingMove",
    "RoutingRule",
    "RoutingTrial",
    "RoutingVersion",
    "SavedFilter",
    "ShiftNote",
    "ShutDoor",
    "Station",
    "StationPartner",
    "TopicCase",
]
