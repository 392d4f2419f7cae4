"""What the kinds of this room look up alike: units and areas by their names, rows by their numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from linli.foundation.journal import services as journal
from linli.foundation.journal.types import EntryData
from linli.foundation.people.models import Unit
from linli.foundation.places.selectors.naming import AreaNames
from linli.foundation.sheets.rules import tidy
from linli.foundation.sheets.types import About, Found, Row


class UnitNames:
    """All units by name; those that work before those that do not."""

    def __init__(self) -> None:
        """Read them: one statement."""
        self.units = {u.pk: u for u in Unit.objects.select_related("parent").order_by("-active", "-id")}
        self.by_name: dict[str, list[Unit]] = defaultdict(list)
        self.by_uuid = {str(u.uuid): u for u in self.units.values()}
        for unit in self.units.values():
            for name in dict.fromkeys([tidy(unit.name), tidy(unit.short_name)]):
                if name:
                    self.by_name[name].append(unit)

    def find(self, name: str) -> Unit | None:
        """Return the unit of that name, a working one first; by its short name only where no other has it."""
        named = [u for u in self.by_name.get(name, []) if tidy(u.name) == name]
        if named:
            return named[0]
        short = [u for u in self.by_name.get(name, []) if u.active]
        return short[0] if len(short) == 1 else None


def unit_names(about: About) -> UnitNames:
    """Return the units, read once a run."""
    found: UnitNames = about.once("units", UnitNames)
    return found


def area_names(about: About) -> AreaNames:
    """Return the areas, read once a run."""
    found: AreaNames = about.once("areas", AreaNames)
    return found


def area_id(row: Row) -> int | None:
    """Return the area of a row that was checked."""
    return row.data["areas"][0].pk if row.data["areas"] else None


def day(text: str) -> date | None:
    """Return a kept date."""
    return date.fromisoformat(text) if text else None


def note_changes(
    about: About, verb: str, kind: str, pairs: Sequence[tuple[Row, Found]], personal: Sequence[str] = ()
) -> None:
    """Write one journal entry for each row that was changed."""
    journal.record_many(
        [
            EntryData(
                about.by, verb, kind, f.uuid, f.label, about.now,
                {n: f.values.get(n, "") for n in r.data["differs"]}, {n: r.values[n] for n in r.data["differs"]},
                about.reason, personal=personal,
            )
            for r, f in pairs
        ]
    )  # fmt: skip


def note_removed(about: About, verb: str, kind: str, found: Sequence[Found], personal: Sequence[str] = ()) -> None:
    """Write one journal entry for each row that was deleted."""
    journal.record_many(
        [
            EntryData(
                about.by, verb, kind, f.uuid, f.label, about.now, {n: v for n, v in f.values.items() if v}, None,
                about.reason, personal=personal,
            )
            for f in found
        ]
    )  # fmt: skip
