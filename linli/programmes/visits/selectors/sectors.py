"""The ledger of the new sectors: three shares with what is missing, secretaries, branches and campaigns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils import timezone

from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.fieldwork.types import TargetFilter
from linli.foundation.core.actors import Actor
from linli.foundation.core.paging import Page, keyset
from linli.programmes.visits.models import Campaign, CompanyVisit, Demand, Officer
from linli.programmes.visits.permissions import demands_q
from linli.programmes.visits.rules.sectors import SectorUnit, Shares, by_area, lacks, shares
from linli.programmes.visits.types import Gap
from linli.programmes.visits.workflow import OPEN

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target

KIND, BRANCH, STATION, COMPANY = "new_sector", "party_branch", "business_station", "company"
KEY_TAG = "重点企业"
MOST = 20_000


@dataclass(frozen=True, slots=True)
class SectorRow:
    """One unit with what it lacks."""

    uuid: Any
    name: str
    address: str
    area_path: str
    sector: str
    party: str
    branch: str
    instructor: bool
    secretary: bool
    visited_at: datetime | None
    lacks: frozenset[str]


def _units(by: Actor, first: date, last: date, area_path: str) -> list[tuple[SectorUnit, SectorRow]]:
    """Return the ledger with what each unit lacks in a period: one statement."""
    zone = timezone.get_default_timezone()
    since, until = datetime.combine(first, time.min, zone), datetime.combine(last, time.max, zone)
    rows = fieldwork.matching(fieldwork.of_kinds(by, [KIND]), TargetFilter((KIND,), area_path=area_path))
    columns = ("uuid", "name", "address", "area_path", "facts", "visited_at")
    found = []
    for uuid, name, address, path, facts, at in rows.order_by("sort_key", "pk").values_list(*columns)[:MOST]:
        should = facts.get("should")
        unit = SectorUnit(
            str(uuid), path, should if isinstance(should, bool) else None, facts.get("party", ""),
            bool(facts.get("instructor")), at is not None and since <= at <= until,
        )  # fmt: skip
        row = SectorRow(
            uuid, name, address, path, facts.get("sector", ""), facts.get("party", ""), facts.get("branch", ""),
            bool(facts.get("instructor")), bool(facts.get("has_secretary")), at, lacks(unit),
        )  # fmt: skip
        found.append((unit, row))
    return found


@dataclass(frozen=True, slots=True)
class Sectors:
    """The shares of the whole and by area, and the rows that were asked for."""

    whole: Shares
    areas: dict[str, Shares]
    rows: list[SectorRow]
    counted: int


def sectors(
    by: Actor, first: date, last: date, *, area_path: str = "", gap: str = "", secretaries: bool = False,
    text: str = "", most: int = 200,
) -> Sectors:  # fmt: skip
    """Return the coverage of the new sectors in a period, and the units narrowed to what they lack.

    Args:
        gap: ``organisation``, ``work`` or ``visit``: only units that lack it.
        secretaries: only units with a secretary of their own organisation.
    """
    found = _units(by, first, last, area_path)
    units = [unit for unit, _row in found]
    rows = [row for _unit, row in found]
    if gap in set(Gap):
        rows = [r for r in rows if gap in r.lacks]
    if secretaries:
        rows = [r for r in rows if r.secretary]
    if text:
        rows = [r for r in rows if text in r.name or text in r.address or text in r.branch]
    return Sectors(shares(units), by_area(units), rows[:most], len(rows))


def branches(by: Actor, *, text: str = "", cursor: str = "", size: int = 50) -> Page[Target]:
    """Return a page of the registry of branches, each with the block or grid that it serves."""
    return fieldwork.page(by, TargetFilter((BRANCH,), text=text), cursor=cursor, size=size)


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign: wanted, there, and until when."""

    campaign: Campaign
    done: int


def campaigns(by: Actor) -> list[CampaignRow]:
    """Return the campaigns with what is there: two statements."""
    found = list(Campaign.objects.order_by("-ends_on", "-id")[:50])
    rows = fieldwork.of_kinds(by, [BRANCH]).filter(until=None).values_list("facts", "since") if found else []
    there = [(facts.get("type", ""), since) for facts, since in rows]
    return [
        CampaignRow(c, sum(kind == c.branch_type and c.starts_on <= since <= c.ends_on for kind, since in there))
        for c in found
    ]


def key_companies(by: Actor, *, text: str = "", cursor: str = "", size: int = 50) -> Page[Target]:
    """Return a page of the key enterprises: those of the ledger that bear the tag."""
    return fieldwork.page(by, TargetFilter((COMPANY,), tag=KEY_TAG, text=text), cursor=cursor, size=size)


@dataclass(frozen=True, slots=True)
class Dealings:
    """What an enterprise asked for and when leaders were there last."""

    visited_on: date | None = None
    demands: int = 0
    waiting: int = 0


def dealings(by: Actor, targets: Sequence[Target]) -> dict[int, Dealings]:
    """Return for each enterprise its last visit by leaders and its needs: two statements."""
    ids = [t.pk for t in targets]
    last = dict(CompanyVisit.objects.filter(target__in=ids).order_by("held_on").values_list("target", "held_on"))
    asked: dict[int, dict[str, int]] = {}
    mine = Demand.objects.filter(demands_q(by), target__in=ids)
    for pk, state, n in mine.values_list("target", "state").annotate(n=Count("pk")).order_by():
        asked.setdefault(pk, {})[state] = n
    return {
        pk: Dealings(
            last.get(pk), sum(asked.get(pk, {}).values()), sum(n for s, n in asked.get(pk, {}).items() if s in OPEN)
        )
        for pk in ids
    }  # fmt: skip


def company_visits(*, text: str = "", cursor: str = "", size: int = 50) -> Page[CompanyVisit]:
    """Return a page of the visits of leaders, the newest first."""
    rows = CompanyVisit.objects.select_related("target")
    for word in text[:60].split()[:6]:
        rows = rows.filter(name__contains=word) | rows.filter(topics__contains=word)
    return keyset(rows, keys=[("held_on", date), ("id", int)], cursor=cursor, size=size, descending=True)


def company_visit(uuid: Any) -> CompanyVisit | None:
    """Return one visit of leaders, None where there is none."""
    return CompanyVisit.objects.select_related("target").filter(uuid=uuid).first()


def request_counts(by: Actor, visits: Sequence[CompanyVisit]) -> dict[Any, tuple[int, int]]:
    """Return visit uuid → (requests, answered): one statement."""
    rows = Demand.objects.filter(demands_q(by), source__in=[v.uuid for v in visits])
    found: dict[Any, tuple[int, int]] = {}
    for source, replied in rows.values_list("source", "replied_at"):
        n, done = found.get(source, (0, 0))
        found[source] = (n + 1, done + (replied is not None))
    return found


def officers(on: date) -> list[Officer]:
    """Return the experience officers, those in office first, with how many reports came of each: one statement."""
    rows = Officer.objects.select_related("station").annotate(count=Count("reports"))
    return sorted(rows.order_by("post", "id")[:200], key=lambda o: o.until is not None and o.until < on)


def stations(by: Actor) -> Page[Target]:
    """Return the service stations for small business."""
    return fieldwork.page(by, TargetFilter((STATION,)), size=100)
