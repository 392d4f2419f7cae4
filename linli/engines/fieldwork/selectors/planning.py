"""How many targets a plan would visit, before it is saved: numbers, and the strata that a draw is spread over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from django.db.models import Count, QuerySet

from linli.engines.fieldwork.models import Kind, Round, Target
from linli.engines.fieldwork.permissions import may_count, may_plan, readable
from linli.engines.fieldwork.rules.choosing import choice_of, repeatable
from linli.engines.fieldwork.rules.sampling import allocate, sample_size
from linli.engines.fieldwork.selectors.kinds import questions_of
from linli.engines.fieldwork.selectors.targets import matching, of_kinds
from linli.engines.fieldwork.types import Choice, How, TargetFilter
from linli.foundation.core.actors import Actor
from linli.foundation.rulebook import selectors as rulebook

MOST_NAMED = 200
AREA_DEPTH = 3  # subdistrict, grid, neighbourhood: what is smaller is no stratum of its own


@dataclass(frozen=True, slots=True)
class Stratum:
    """One part of those among whom lots are drawn: how many there are, how many would be drawn."""

    name: str
    size: int
    drawn: int


@dataclass(frozen=True, slots=True)
class Matches:
    """What a choice comes to today.

    Attributes:
        count: how many match.
        visits: how many of them would be visited.
        strata: for a draw spread over something, its parts.
    """

    count: int
    visits: int
    strata: tuple[Stratum, ...] = ()


def candidates(choice: Choice) -> QuerySet[Target]:
    """Return the living targets that match a choice, before any draw."""
    rows = Target.objects.filter(until=None)
    if choice.how is How.LIST:
        return rows.filter(uuid__in=choice.targets)
    return matching(rows.filter(kind__code__in=choice.filter.kinds), choice.filter)


def are_fields(kind: Kind, facts: Collection[str]) -> bool:
    """Return whether a ledger has all these fields, none of them personal."""
    return not facts or set(facts) <= {q.code for q in questions_of(kind).questions if not q.personal}


def may_narrow(by: Actor, where: TargetFilter) -> bool:
    """Return whether what a filter says below which target is for somebody to know."""
    if where.parent is None:
        return True
    return any(readable(by, guarded=guarded).filter(uuid=where.parent).exists() for guarded in (False, True))


def cut(path: str) -> str:
    """Return the neighbourhood of a path, or the path where it is none deeper."""
    return "/".join(path.split("/")[: AREA_DEPTH + 1]) + "/" if path.count("/") > AREA_DEPTH + 1 else path


def stratum_of(target: Target, by: str) -> str:
    """Return the part to which a target belongs in a draw that is spread over areas, tags or a field."""
    if by == "area":
        return cut(target.area_path)
    if by == "tags":
        return "、".join(sorted(target.tags))
    return str(target.facts.get(by, "")) if by else ""


def matches(by: Actor, choice: Choice, *, unit_id: int, area_path: str, on: date) -> Matches | None:
    """Return how many targets a plan would visit; None where ``by`` may not plan it or no ledger is chosen.

    One statement or two; a count alone, of guarded kinds too for who may count there.
    """
    if not may_plan(by, unit_id, area_path):
        return None
    if not choice.filter.area_path.startswith(area_path):
        choice = replace(choice, filter=replace(choice.filter, area_path=area_path))
    if choice.how is not How.LIST:
        kind = Kind.objects.filter(code__in=choice.filter.kinds, active=True).first()
        if kind is None or (kind.guarded and not may_count(by)):
            return None
        if not are_fields(kind, choice.filter.facts) or not may_narrow(by, choice.filter):
            return None
    rows = candidates(choice)
    if choice.how is not How.DRAW:
        count = rows.count()
        return Matches(count, count)
    return _drawn(rows, choice, on)


def _drawn(rows: QuerySet[Target], choice: Choice, on: date) -> Matches:
    sizes = _sizes(rows, choice.stratum)
    count = sum(sizes.values())
    wanted = choice.wanted
    if wanted <= 0 and 0 < choice.margin < 100:
        confidence = Fraction(int(rulebook.value("fieldwork.draw.confidence", on=on)), 100)
        wanted = sample_size(count, Fraction(choice.margin, 100), confidence)
    wanted = min(max(0, wanted), count)
    if not choice.stratum:
        return Matches(count, wanted)
    split = allocate(sizes, wanted)
    strata = tuple(Stratum(name, sizes[name], split[name]) for name in sorted(sizes))
    return Matches(count, sum(split.values()), strata)


def _sizes(rows: QuerySet[Target], stratum: str) -> dict[str, int]:
    if not stratum:
        return {"": rows.count()}
    if stratum == "area":
        found: Counter[str] = Counter()
        for path, n in rows.order_by().values_list("area_path").annotate(n=Count("pk")):
            found[cut(path)] += n
        return dict(found)
    return dict(Counter(stratum_of(t, stratum) for t in rows.only("pk", "tags", "facts").iterator(chunk_size=2_000)))


def named(by: Actor, choice: Choice) -> list[Target]:
    """Return the first targets that match, for choosing by name: only those that ``by`` may read."""
    rows = matching(of_kinds(by, choice.filter.kinds), choice.filter).select_related("area", "kind")
    found = list(rows.defer("sealed", "area__geometry", "area__wkb").order_by("sort_key", "pk")[:MOST_NAMED])
    return found if choice.filter.kinds else []


def listed(by: Actor, choice: Choice) -> Sequence[Target]:
    """Return the targets that a plan names, as far as ``by`` may read them."""
    if choice.how is not How.LIST:
        return ()
    found: list[Target] = []
    for guarded in (False, True):
        rows = readable(by, guarded=guarded).filter(uuid__in=choice.targets)
        found += rows.select_related("area", "kind").defer("sealed", "area__geometry", "area__wkb")
    return sorted(found, key=lambda t: (t.sort_key, t.pk))


@dataclass(frozen=True, slots=True)
class Draw:
    """The protocol of one draw, and whether who lives in the ledger today is still who it was drawn from.

    Attributes:
        stood_in: who could not be visited, and who stood in: the next of the same lot.
        same: those who match now are those from whom the lots were drawn; else the ledger has changed since.
    """

    day: date
    seed: str
    of: int
    digest: str
    drawn: tuple[str, ...]
    strata: tuple[Stratum, ...]
    stood_in: tuple[tuple[str, str], ...]
    same: bool


def draws(round_: Round) -> list[Draw]:
    """Return the protocols of a round's draws, the newest first; ids and numbers alone, for anybody to repeat."""
    if not round_.draw:
        return []
    choice = choice_of(round_.choice)
    ids = [str(u) for u in candidates(choice).values_list("uuid", flat=True)]
    return [
        Draw(
            date.fromisoformat(day), p["seed"], p["of"], p["digest"], tuple(p["drawn"]),
            tuple(Stratum(name, sizes[0], sizes[1]) for name, sizes in sorted(p.get("strata", {}).items())),
            tuple((gone, instead) for gone, instead in p.get("stood_in", ())),
            repeatable(p, ids),
        )
        for day, p in sorted(round_.draw.items(), reverse=True)
    ]  # fmt: skip
