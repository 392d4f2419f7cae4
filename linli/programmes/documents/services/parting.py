"""The parts of policies and plans, beside those of the version before."""

from __future__ import annotations

from collections.abc import Sequence

from linli.programmes.documents.models import Document, Part
from linli.programmes.documents.rules.parts import PartOf, compare, parts_of
from linli.programmes.documents.selectors.texts import text_of
from linli.programmes.documents.workflow import Change, DocumentKind

PARTED = frozenset({DocumentKind.POLICY, DocumentKind.PLAN})


def take_parts(document: Document) -> None:
    """Enter the parts of a policy or plan that was just read, with what changed since the version before."""
    if document.kind not in PARTED:
        return
    text = text_of(document)
    rows = []
    for position, part in enumerate(parts_of(text.clean)):
        span = text.raw_span(part.start, part.end)
        rows.append(
            Part(
                document=document,
                position=position,
                number=part.number[:20],
                title=part.title[:120],
                start=span.start,
                end=span.end,
                text=part.text,
            )
        )
    compare_again(document, rows)
    Part.objects.bulk_create(rows)


def compare_again(document: Document, rows: Sequence[Part]) -> None:
    """Say of each part (not yet saved) which one of the version before it comes from, and whether its words changed."""
    before = (
        list(Part.objects.filter(document=document.previous_id).order_by("position")) if document.previous_id else []
    )
    pairs, _gone = compare(
        *([PartOf(p.number, p.title, p.start, p.end, p.text) for p in some] for some in (before, rows))
    )
    for row, pair in zip(rows, pairs, strict=True):
        row.before = before[pair.old] if pair.old is not None else None
        row.change = Change.NEW if row.before is None else Change.CHANGED if pair.changed else Change.SAME
