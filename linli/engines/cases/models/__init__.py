"""The tables of the case loop."""

from linli.engines.cases.models.case import Case, CaseEvent, CaseFile, CaseHelper, NumberCounter, Reporter
from linli.engines.cases.models.catalogue import Category, CategoryVersion, RoutingRule
from linli.engines.cases.models.doors import ShutDoor
from linli.engines.cases.models.filters import SavedFilter
from linli.engines.cases.models.requests import (
    Consultation,
    ConsultationCase,
    ConsultationParty,
    Order,
    Request,
    ShiftNote,
)
from linli.engines.cases.models.routing import (
    CatalogueVersion,
    RoutingDraft,
    RoutingMove,
    RoutingTrial,
    RoutingVersion,
)

__all__ = [
    "Case",
    "CaseEvent",
    "CaseFile",
    "CaseHelper",
    "CatalogueVersion",
    "Category",
    "CategoryVersion",
    "Consultation",
    "ConsultationCase",
    "ConsultationParty",
    "NumberCounter",
    "Order",
    "Reporter",
    "Request",
    "RoutingDraft",
    "RoutingMove",
    "RoutingRule",
    "RoutingTrial",
    "RoutingVersion",
    "SavedFilter",
    "ShiftNote",
    "ShutDoor",
]
