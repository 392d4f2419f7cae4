"""The public reads of the case room."""

from linli.engines.cases.selectors.cases import (
    BOXES,
    BULK_LIMIT,
    DayFigures,
    Detail,
    Filters,
    Pin,
    attached,
    box_counts,
    boxes_on_foot,
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
    done_already,
    map_pins,
    nearby,
    open_by_layer,
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

__all__ = [
    "BOXES", "BULK_LIMIT", "CategoryNode", "DayFigures", "Detail", "Filters", "Pin", "attached", "box_counts", "boxes_on_foot", "by_external_number", "by_ids",
    "callers_earlier", "case_detail", "case_list", "categories", "category", "changed_since", "consultable", "consultation_for",
    "consultations", "counts", "day_figures", "done_already", "map_pins", "nearby", "open_by_layer", "order_for", "own_reports", "public_events", "public_list",
    "public_pins", "routing_rules", "same_matter", "shift_note", "shift_notes", "spec_of", "suggest",
]
