"""The public reads of the case room."""

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
    own_files,
    own_reports,
    public_case,
    public_counts,
    public_events,
    public_list,
    public_pins,
    same_matter,
    shift_note,
    shift_notes,
)
from linli.engines.cases.selectors.catalogue import CategoryNode, categories, category, routing_rules, spec_of, suggest

__all__ = [
    "BOXES", "BULK_LIMIT", "CategoryNode", "DayFigures", "Detail", "Filters", "Pin", "box_counts", "by_external_number", "by_ids",
    "callers_earlier", "case_detail", "case_list", "categories", "category", "changed_since", "consultable", "consultation_for",
    "consultations", "counts", "day_figures", "map_pins", "nearby", "order_for", "own_files", "own_reports", "public_case",
    "public_counts", "public_events", "public_list",
    "public_pins", "routing_rules", "same_matter", "shift_note", "shift_notes", "spec_of", "suggest",
]
