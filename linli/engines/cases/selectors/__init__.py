"""The public reads of the case room."""

from linli.engines.cases.selectors.attachments import case_file_for, own_uploads
from linli.engines.cases.selectors.cases import (
    BOXES,
    BULK_LIMIT,
    DayFigures,
    Detail,
    Filters,
    Pin,
    box_counts,
    by_external_number,
    by_ids,
    callers_earlier,
    case_detail,
    case_list,
    changed_since,
    consultable,
    consultation_for,
    consultations,
    counts,
    day_figures,
    map_pins,
    nearby,
    order_for,
    own_reports,
    public_events,
    public_list,
    public_pins,
    same_matter,
    shift_note,
    shift_notes,
)
from linli.engines.cases.selectors.catalogue import CategoryNode, categories, category, routing_rules, spec_of, suggest
from linli.engines.cases.selectors.tickets import Ticket, guidance_tickets
from linli.engines.cases.selectors.words import phrase_verbs, phrases

__all__ = [
    "BOXES", "BULK_LIMIT", "CategoryNode", "DayFigures", "Detail", "Filters", "Pin", "box_counts", "by_external_number", "by_ids",
    "callers_earlier", "case_detail", "case_list", "categories", "category", "changed_since", "consultable", "consultation_for",
    "consultations", "counts", "day_figures", "map_pins", "nearby", "order_for", "own_reports", "public_events", "public_list",
    "public_pins", "routing_rules", "same_matter", "shift_note", "shift_notes", "spec_of", "suggest",
    "Ticket", "case_file_for", "guidance_tickets", "own_uploads", "phrase_verbs", "phrases",
]
