"""Who is where, looked up once for each unit and role in one round of telling."""

from __future__ import annotations

from datetime import datetime

from linli.foundation.people import selectors as people


class AddressBook:
    """Who is where, looked up once for each unit and role in one round of telling."""

    def __init__(self, now: datetime, working: frozenset[str]) -> None:
        """Begin empty, as of ``now``; ``working`` are the roles that a unit's members are told by."""
        self.now = now
        self._working = working
        self._members: dict[tuple[int, frozenset[str]], set[int]] = {}
        self._holders: dict[tuple[str, str], set[int]] = {}
        self._below: dict[int, set[int]] = {}

    def members(self, unit_id: int, roles: frozenset[str] = frozenset()) -> set[int]:
        """Return the users in posts of a unit, of these roles if given; administrators handle nothing."""
        key = unit_id, roles
        if key not in self._members:
            found = people.members_of(unit_id, roles=roles or self._working, now=self.now)
            self._members[key] = {h.user_id for h in found}
        return self._members[key]

    def holders(self, role: str, area_path: str) -> set[int]:
        """Return the users who hold a role that covers the area."""
        key = role, area_path
        if key not in self._holders:
            self._holders[key] = set(people.holders(role, area_path, self.now))
        return self._holders[key]

    def everyone(self, unit_id: int) -> set[int]:
        """Return everybody with a post in a unit, whatever it is."""
        if unit_id not in self._below:
            self._below[unit_id] = {h.user_id for h in people.members_of(unit_id, now=self.now)}
        return self._below[unit_id]
