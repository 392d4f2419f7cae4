"""Which place a text means: what it says, held against what is known here. Pure.

Every span gives candidates with a confidence and reasons. What is said twice (an address and a name) holds together;
two places that are equally likely are asked for, never guessed; where both lie in one area the area is certain and
only the place is asked for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from types import MappingProxyType
from typing import TypeVar

from linli.foundation.core.text import folded
from linli.foundation.places.rules.mentions import Lexicon, Mention, MentionKind, find
from linli.foundation.places.types import Candidate, Crossing, KnownPlace, PlaceReason, PlaceSort, Reading

CERTAIN = 0.85
MARGIN = 0.2
LEAST = 0.15
MOST = 4
_AREA_ENDS = ("居民区", "居委会", "居民委员会", "居委", "社区", "村委会", "党总支")
_THERE = ("那边", "这边", "那里", "这里", "那块", "这块", "一带")
_FINENESS = {
    PlaceSort.BUILDING: 4,
    PlaceSort.VENUE: 3,
    PlaceSort.ESTATE: 3,
    PlaceSort.CROSSING: 2,
    PlaceSort.AREA: 1,
    PlaceSort.ROAD: 0,
}
_NUMBER = re.compile(r"\d+")
_LONGEST = 5_000
_MOST_MENTIONS = 40
_PART_OF_ESTATE = re.compile(r"(?:[东西南北中]区|[一二三四五六七八九十\d]+期)$")


@dataclass(frozen=True, slots=True)
class _Address:
    """An address of the ledger, taken apart as a text is."""

    road: str
    lane: str
    door: str
    building: str


@dataclass(frozen=True, slots=True)
class _Named:
    """A name and what it stands for; ``sure``: how sure the name alone makes it, ``reason`` why."""

    place: KnownPlace
    sure: float
    reason: PlaceReason


@dataclass(slots=True)
class Gazetteer:
    """What is known of a town, ready to be held against texts; never changed once made."""

    lexicon: Lexicon
    names: Mapping[str, Sequence[_Named]]
    addresses: Mapping[tuple[str, str, str], Sequence[KnownPlace]]
    lanes: Mapping[str, Sequence[KnownPlace]]
    roads: Mapping[str, Sequence[KnownPlace]]
    along: Mapping[str, Sequence[KnownPlace]]
    crossings: Mapping[frozenset[str], Crossing]
    parts: Mapping[str, Sequence[_Address]]
    areas: Mapping[int, KnownPlace] = field(default_factory=dict)
    refs: Mapping[str, KnownPlace] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        places: Iterable[KnownPlace],
        *,
        roads: Mapping[str, Sequence[int]] = MappingProxyType({}),
        crossings: Iterable[Crossing] = (),
        elsewhere: Iterable[str] = (),
    ) -> Gazetteer:
        """Return the gazetteer of ``places``.

        Args:
            places: what is known, areas among it. crossings: where roads meet.
            roads: road → ids of the areas that it runs through, most first.
            elsewhere: names of other places that hold the name of one of these.
        """
        places = list(places)
        areas = {p.area_id: p for p in places if p.sort is PlaceSort.AREA and p.area_id is not None}
        spoken: dict[str, list[_Named]] = defaultdict(list)
        for place in places:
            for name, sure, reason in _names_of(place):
                spoken[folded(name)].append(_Named(place, sure, reason))
        for name, named in _shortened(spoken).items():
            spoken[name].extend(named)
        known_roads = {folded(r) for r in roads}
        for _again in range(2):  # addresses name further roads
            short = [n for n in spoken if len(n) == 2]
            lexicon = Lexicon((n for n in spoken if len(n) > 2), known_roads, short, elsewhere)
            parts = {p.ref: _addresses_of(p, lexicon) for p in places}
            known_roads |= {folded(p.road) for p in places if len(p.road) > 1}
        made = cls(lexicon, spoken, defaultdict(list), defaultdict(list), defaultdict(list), {}, {}, parts, areas)
        made.refs = {p.ref: p for p in places}
        for place in places:
            for address in parts[place.ref]:
                made._enter(place, address)
        made.along = {folded(r): [areas[i] for i in ids if i in areas] for r, ids in roads.items()}
        made.crossings = {frozenset({folded(c.one), folded(c.other)}): c for c in crossings}
        return made

    def _enter(self, place: KnownPlace, address: _Address) -> None:
        for key in {
            (address.road, address.lane, address.door or address.building),
            *([(address.road, address.lane, "")] if place.sort is PlaceSort.ESTATE else []),
        }:
            _once(self.addresses, key, place)
        if address.lane:
            _once(self.lanes, address.lane, place)
        _once(self.roads, address.road, place)

    def find(self, ref: str) -> KnownPlace | None:
        """Return the place that ``ref`` names, a crossing too; None if there is none."""
        if not ref.startswith("crossing:"):
            return self.refs.get(ref)
        one, _stroke, rest = ref.removeprefix("crossing:").partition("|")
        other, _stroke, area = rest.partition("|")
        crossing = self.crossings.get(frozenset({one, other}))
        here = [self.areas[i] for i in (crossing.areas if crossing else ()) if i in self.areas and str(i) == area]
        return _at_crossing(crossing, here[0]) if crossing and here else None

    def read(self, text: str, *, certain: float = CERTAIN) -> Reading:
        """Return which places ``text`` speaks of."""
        written = text[:_LONGEST]
        found = [(m, self._candidates(m, written)) for m in _once_each(find(written, self.lexicon))]
        return _settled([(m, c) for m, c in found if c and not m.refused], self.areas, certain)

    def _candidates(self, mention: Mention, text: str) -> list[Candidate]:
        ways = {
            MentionKind.NAME: self._by_name, MentionKind.ADDRESS: self._by_address, MentionKind.LANE: self._by_lane,
            MentionKind.CROSSING: self._by_crossing, MentionKind.ROAD: self._by_road,
        }  # fmt: skip
        found = ways[mention.kind](mention)
        phrase = text[mention.start : mention.end]
        weak = (0.8 if mention.vague else 1.0) * (0.7 if mention.part else 1.0)
        made = []
        for place, sure, reason, address in found:
            reasons = (reason, *([PlaceReason.NEARBY] if mention.vague else []))
            shown = replace(place, address=address) if address else place
            made.append(Candidate(shown, phrase, mention.start, mention.end, round(sure * weak, 3), reasons))
        return made

    def _by_name(self, mention: Mention) -> list[_Found]:
        named = self.names.get(mention.name, ())
        found: list[_Found] = []
        for each in named:
            sure = each.sure if len(named) == 1 else min(each.sure, 0.95 / len(named))
            inside = self._inside(each.place, mention)
            if inside is not None:
                found.append((inside, sure + 0.02, PlaceReason.ADDRESS, ""))
            else:
                found.append((each.place, sure, each.reason, _with_door(each.place, mention)))
        return found

    def _inside(self, place: KnownPlace, mention: Mention) -> KnownPlace | None:
        """Return the building of a place that a mention names behind it, if the ledger has it."""
        wanted = mention.door or mention.building
        if not wanted:
            return None
        for address in self.parts.get(place.ref, ()):
            hits = [p for p in self.addresses.get((address.road, address.lane, wanted), ()) if p.ref != place.ref]
            if len(hits) == 1:
                return hits[0]
        return None

    def _by_address(self, mention: Mention) -> list[_Found]:
        if mention.to:
            return self._by_range(mention)
        inner = mention.door or mention.building
        exact = self._at(mention.road, mention.lane, inner)
        if exact:
            return self._shared(exact, 0.9 if mention.bare else 0.97, PlaceReason.ADDRESS, mention)
        if mention.bare and (hits := self._at(mention.road, "", mention.lane)):
            return self._shared(hits, 0.9, PlaceReason.ADDRESS, mention)
        if mention.lane and inner and (hits := self._at(mention.road, mention.lane, "")):
            return self._shared(hits, 0.95, PlaceReason.LANE, mention)
        return self._by_number(mention, mention.lane or inner)

    def _at(self, road: str, lane: str, inner: str) -> list[KnownPlace]:
        return list(self.addresses.get((road, lane, inner), ()))

    def _shared(self, hits: Sequence[KnownPlace], sure: float, reason: PlaceReason, mention: Mention) -> list[_Found]:
        """Return the places at one address: together they are as sure as one, and the largest stands for all."""
        best = max(_FINENESS[p.sort] for p in hits)
        top = [p for p in hits if _FINENESS[p.sort] == best] if best == _FINENESS[PlaceSort.BUILDING] else list(hits)
        each = sure if len(top) == 1 else min(sure, 0.95 / len(top))
        return [(p, each, reason, _with_door(p, mention)) for p in top]

    def _by_range(self, mention: Mention) -> list[_Found]:
        ends: dict[str, KnownPlace] = {}
        for number in (mention.lane or mention.door, mention.to):
            for place in (*self._at(mention.road, number, ""), *self._at(mention.road, "", number)):
                ends[place.ref] = place
        found = list(ends.values())
        each = 0.9 if len(found) == 2 and len({p.area_id for p in found}) == 1 else 0.5
        return [(p, each, PlaceReason.RANGE, "") for p in found] or self._by_number(mention, mention.lane)

    def _by_number(self, mention: Mention, number: str) -> list[_Found]:
        """Return the areas of the nearest known numbers of a road, for a number that nobody entered: to be asked."""
        wanted = _NUMBER.match(number)
        near = (
            [(abs(int(n.group()) - int(wanted.group())), p) for p, n in self._numbered(mention.road)] if wanted else []
        )
        found: dict[int, _Found] = {}
        for _off, place in sorted(near, key=lambda pair: (pair[0], pair[1].ref)):
            area = self.areas.get(place.area_id or 0)
            if area is not None and len(found) < 2:
                written = f"{mention.road}{number}{'弄' if mention.lane and not mention.bare else '号'}"
                found.setdefault(place.area_id or 0, (area, 0.45 - 0.05 * len(found), PlaceReason.NUMBER, written))
        return list(found.values()) or self._by_road(mention)

    def _numbered(self, road: str) -> list[tuple[KnownPlace, re.Match[str]]]:
        pairs = []
        for place in self.roads.get(road, ()):
            for address in self.parts.get(place.ref, ()):
                number = _NUMBER.match(address.lane or address.door)
                if address.road == road and number:
                    pairs.append((place, number))
        return pairs

    def _by_lane(self, mention: Mention) -> list[_Found]:
        hits = list(self.lanes.get(mention.lane, ()))
        inner = mention.door or mention.building
        estates = [p for p in hits if p.sort is PlaceSort.ESTATE] or hits
        if inner:
            within = [
                p for p in hits if any(p in self._at(a.road, mention.lane, inner) for a in self.parts.get(p.ref, ()))
            ]
            estates = [p for p in within if p.sort is PlaceSort.BUILDING] or estates
        each = 0.75 / max(1, len(estates))
        return [(p, each, PlaceReason.LANE_ALONE, "") for p in estates[:MOST]]

    def _by_crossing(self, mention: Mention) -> list[_Found]:
        crossing = self.crossings.get(frozenset({mention.road, mention.name}))
        if crossing is None:
            shared = [a for a in self.along.get(mention.road, ()) if a in self.along.get(mention.name, ())]
            return [(a, 0.4, PlaceReason.CROSSING, "") for a in shared[:MOST]]
        ends = [self.areas[i] for i in crossing.areas if i in self.areas][:MOST]
        sure = 0.95 if len(ends) == 1 else 0.8 / max(1, len(ends))
        return [(_at_crossing(crossing, area), sure, PlaceReason.CROSSING, "") for area in ends]

    def _by_road(self, mention: Mention) -> list[_Found]:
        areas = list(self.along.get(mention.road, ()))
        if len(areas) == 1:
            return [(areas[0], 0.7, PlaceReason.ROAD, mention.road)]
        if 1 < len(areas) <= MOST:
            return [(a, 0.3, PlaceReason.ROAD, mention.road) for a in areas]
        road = KnownPlace(f"road:{mention.road}", PlaceSort.ROAD, mention.road, (), mention.road, road=mention.road)
        return [(road, 0.2, PlaceReason.ROAD, mention.road)]


_Found = tuple[KnownPlace, float, PlaceReason, str]
_Key = TypeVar("_Key")


def _once_each(mentions: Sequence[Mention]) -> list[Mention]:
    """Return the first mention of each thing, so many at most."""
    seen: dict[Mention, Mention] = {}
    for mention in mentions:
        seen.setdefault(replace(mention, start=0, end=0), mention)
    return list(seen.values())[:_MOST_MENTIONS]


def _at_crossing(crossing: Crossing, area: KnownPlace) -> KnownPlace:
    words = f"{crossing.one}{crossing.other}路口"
    ref = f"crossing:{folded(crossing.one)}|{folded(crossing.other)}|{area.area_id}"
    return KnownPlace(
        ref, PlaceSort.CROSSING, words, (), words, area.area_id, area.area_path, area.area_name,
        crossing.lat, crossing.lon, crossing.one,
    )  # fmt: skip


def _once(table: Mapping[_Key, Sequence[KnownPlace]], key: _Key, place: KnownPlace) -> None:
    held = table[key]
    if place not in held and isinstance(held, list):
        held.append(place)


def _names_of(place: KnownPlace) -> Iterable[tuple[str, float, PlaceReason]]:
    """Return the names under which a place is spoken of, each with how sure it is meant by it."""
    if place.sort is not PlaceSort.AREA:
        yield from ((n, 0.95, PlaceReason.NAME) for n in [place.name] if len(n) > 2)
        yield from ((n, 0.93, PlaceReason.ALIAS) for n in place.aliases if len(n) > 2 and not _NUMBER.search(n))
        return
    base = next((place.name.removesuffix(e) for e in _AREA_ENDS if place.name.endswith(e)), place.name)
    for end in _AREA_ENDS if base != place.name else ("",):
        yield base + end, 0.95, PlaceReason.AREA_NAME
    yield from ((n, 0.93, PlaceReason.ALIAS) for n in place.aliases if len(n) > 2)
    if base != place.name and len(base) > 2:
        yield base, 0.88, PlaceReason.AREA_NAME
    elif base != place.name and len(base) == 2:
        yield from ((base + end, 0.87, PlaceReason.AREA_NAME) for end in ("", *_THERE))


def _shortened(spoken: Mapping[str, Sequence[_Named]]) -> dict[str, list[_Named]]:
    """Return names that somebody says short (飞乐新村 for 飞乐新村北区) where nothing else is called so."""
    found: dict[str, list[_Named]] = defaultdict(list)
    for name, named in spoken.items():
        short = _PART_OF_ESTATE.sub("", name)
        if short != name and len(short) > 2 and short not in spoken:
            found[short] += [_Named(n.place, 0.7, PlaceReason.ALIAS) for n in named if n.place.sort is PlaceSort.ESTATE]
    return {name: named for name, named in found.items() if named}


def _addresses_of(place: KnownPlace, lexicon: Lexicon) -> list[_Address]:
    """Return a place's addresses taken apart, its own and those among its other names."""
    found: dict[_Address, None] = {}
    for written in (place.address, *(a for a in place.aliases if _NUMBER.search(a))):
        for m in find(written, lexicon)[:1] if written else ():
            if m.kind is MentionKind.ADDRESS:
                lane, door = ("", m.lane) if m.bare else (m.lane, m.door)
                found[_Address(m.road, lane, door, m.building)] = None
    return list(found)


def _with_door(place: KnownPlace, mention: Mention) -> str:
    """Return a place's address with the door that was said behind it, never a room; empty to leave it as it is."""
    if place.sort is not PlaceSort.ESTATE or not place.address:
        return ""
    said = f"{mention.door}号" if mention.door else f"{mention.building}号楼" if mention.building else ""
    return f"{place.address}{said}" if said and not place.address.endswith(said) else ""


def _holds(outer: Candidate, inner: Candidate) -> bool:
    """Return whether what ``outer`` says holds of ``inner`` too, and says less."""
    if _FINENESS[outer.place.sort] >= _FINENESS[inner.place.sort] or outer.place.ref == inner.place.ref:
        return False
    if outer.place.sort is PlaceSort.AREA:
        return bool(outer.place.area_path) and inner.place.area_path.startswith(outer.place.area_path)
    return bool(outer.place.road) and outer.place.road in (
        inner.place.road,
        inner.place.address[: len(outer.place.road)],
    )


def _agree(one: Candidate, other: Candidate) -> bool:
    return one.place.ref == other.place.ref or _holds(one, other) or _holds(other, one)


_Spoken = Sequence[tuple[Mention, Sequence[Candidate]]]


def _settled(spoken: _Spoken, areas: Mapping[int, KnownPlace], certain: float) -> Reading:
    """Return what several spans say together."""
    homes = all(m.home for m, _c in spoken)
    pool: dict[str, Candidate] = {}
    for index, (mention, candidates) in enumerate(spoken):
        others = [c for i, (_m, c) in enumerate(spoken) if i != index]
        for candidate in candidates:
            backed = [o for o in others if any(_agree(candidate, c) for c in o)]
            sure = candidate.confidence * (1.0 if homes or not mention.home else 0.6)
            sure = min(0.99, sure + (1 - sure) * 0.6) if backed and _narrowed(candidate, candidates, backed) else sure
            reasons = candidate.reasons + ((PlaceReason.SAID_TWICE,) if backed else ())
            made = replace(candidate, confidence=round(sure, 3), reasons=reasons)
            held = pool.get(candidate.place.ref)
            if held is None or held.confidence < made.confidence:
                pool[candidate.place.ref] = made
    kept = [
        c
        for c in pool.values()
        if not any(_holds(c, o) and o.confidence >= c.confidence - MARGIN for o in pool.values())
    ]
    ranked = sorted(kept, key=lambda c: (-c.confidence, -_FINENESS[c.place.sort], c.start, c.place.ref))
    return _reading(ranked, areas, certain)


def _narrowed(one: Candidate, mates: Sequence[Candidate], backed: Sequence[Sequence[Candidate]]) -> bool:
    """Return whether what else is said speaks for ``one`` more than for its mates of the same span."""
    rivals = [m for m in mates if m.place.ref != one.place.ref]
    return any(not any(_agree(r, c) for r in rivals for c in other) for other in backed)


def _reading(ranked: Sequence[Candidate], areas: Mapping[int, KnownPlace], certain: float) -> Reading:
    if not ranked or ranked[0].confidence < LEAST:
        return Reading(tuple(ranked))
    top = ranked[0]
    level = list(takewhile(lambda c: c.confidence >= top.confidence - MARGIN, ranked))
    if len(level) == 1:
        sure = top.confidence >= certain
        return Reading(tuple(ranked), top if sure else None, () if sure else (top,))
    together = min(0.99, sum(c.confidence for c in level)) if _one_span(level) else min(c.confidence for c in level)
    area = _common_area(level, areas)
    if area is None or together < certain:
        return Reading(tuple(ranked), None, tuple(level[:MOST]))
    whole = Candidate(area, top.phrase, top.start, top.end, round(together, 3), (*top.reasons, PlaceReason.ONE_AREA))
    return Reading(tuple(ranked), whole, tuple(level[:MOST]))


def _one_span(level: Sequence[Candidate]) -> bool:
    return len({(c.start, c.end) for c in level}) == 1


def _common_area(level: Sequence[Candidate], areas: Mapping[int, KnownPlace]) -> KnownPlace | None:
    """Return the smallest known area that holds all, if it is not the whole town."""
    paths = [[int(i) for i in c.place.area_path.strip("/").split("/") if i] for c in level]
    if not all(paths):
        return None
    same = [ids[0] for ids in takewhile(lambda ids: len(set(ids)) == 1, zip(*paths, strict=False))]
    return next((areas[i] for i in reversed(same) if i in areas), None)
