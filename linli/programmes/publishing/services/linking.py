"""What an article came from: only a thing that the writer may read is linked, with what its source says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.programmes.publishing import events
from linli.programmes.publishing.types import Fact, Link

MOST_LINKS = 20
LONGEST = 200


def link_to(fact: Fact) -> Link:
    """Return the link to a finished thing, with its day, its unit and what is known of it in a line."""
    day = fact.day.isoformat() if fact.day else ""
    return Link(fact.kind, fact.ref, fact.label, day, fact.unit, "".join(fact.lines)[:LONGEST])


def linked(
    by: Actor, now: datetime, links: Sequence[Link], had: Sequence[Mapping[str, Any]], faults: dict[str, list[str]]
) -> list[dict[str, str]]:
    """Return links as they are kept: one that stood there stays as it was, a new one as its source tells it today.

    A thing that ``by`` may not read, or of a kind that no room has, becomes a fault.
    """
    before = {(str(raw["kind"]), str(raw["ref"])): Link.from_json(raw) for raw in had}
    kept = []
    for link in list(dict.fromkeys(links))[:MOST_LINKS]:
        found = before.get((link.kind, link.ref)) or _told(by, now, link)
        if found is None:
            faults.setdefault("links", []).append(_("没有找到“%(label)s”，或您不能查看。") % {"label": link.label})
        else:
            kept.append(found.to_json())
    return kept


def _told(by: Actor, now: datetime, link: Link) -> Link | None:
    source = events.source(link.kind)
    if source is None:
        return None
    try:
        return link_to(source.get(by, link.ref, now))
    except NotFoundError:
        return None
