"""The tables of the case loop."""

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
    "CategoryDraft",
    "CategoryVersion",
    "Consultation",
    "ConsultationCase",
    "ConsultationParty",
    "LegalText",
    "NumberCounter",
    "Order",
    "Phrase",
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
