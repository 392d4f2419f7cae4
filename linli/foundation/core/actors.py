"""Who acts: plain values that every service takes as ``by``."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    """What sort of actor it is."""

    USER = "user"
    GUEST = "guest"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held within one scope.

    Attributes:
        role: a code of :class:`linli.foundation.people.types.Role`.
        area_path: the materialised path of the area it covers with all below (``/1/5/``);
            empty for the whole namespace.
        unit_id: the unit it is held in; None where the role belongs to no unit.
        acting_for: label of the person stood in for, empty if in one's own right.
    """

    role: str
    area_path: str = ""
    unit_id: int | None = None
    acting_for: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Rows that a grant reaches: an area with all below it, a unit, or everything."""

    area_path: str = ""
    unit_id: int | None = None

    def covers_area(self, path: str) -> bool:
        """Return whether an area with the materialised ``path`` lies inside."""
        return path.startswith(self.area_path)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a guest or the system, with what they may do; turned from a login once a request.

    Attributes:
        kind: user, guest (a resident without login) or system.
        uuid: the user's identity in the journal; None for guests.
        user_id: the user's row; None for guests and the system.
        label: what the journal and the timeline show: post and name (“派单员 孙莉”).
        grants: every role × scope in force now, stand-ins included.
        bodies: the leading groups in force of which a post held by them is a member.
        on_behalf_of: the label of a person without login for whom this is done, else empty.
        read_only: somebody looks with another person's grants; the journal takes no entry of such an actor,
            and since every write is journalled in its own transaction, none of its writes stays.
    """

    kind: ActorKind
    uuid: UUID | None = None
    user_id: int | None = None
    label: str = ""
    grants: tuple[Grant, ...] = ()
    on_behalf_of: str = ""
    language: str = "zh-hans"
    extra: dict[str, str] = field(default_factory=dict, compare=False, hash=False)
    read_only: bool = False
    bodies: frozenset[int] = frozenset()

    @property
    def is_user(self) -> bool:
        """Whether somebody is logged in."""
        return self.kind is ActorKind.USER

    @property
    def is_system(self) -> bool:
        """Whether Linli itself acts (a clock, an import)."""
        return self.kind is ActorKind.SYSTEM

    @property
    def roles(self) -> frozenset[str]:
        """The role codes held anywhere."""
        return frozenset(g.role for g in self.grants)

    @property
    def unit_ids(self) -> frozenset[int]:
        """The units in which a role is held."""
        return frozenset(g.unit_id for g in self.grants if g.unit_id is not None)

    def has_role(self, *roles: str) -> bool:
        """Return whether one of ``roles`` is held anywhere."""
        return any(g.role in roles for g in self.grants)

    def holds(
        self, roles: frozenset[str] | set[str], *, area_path: str | None = None, unit_id: int | None = None
    ) -> bool:
        """Return whether one of ``roles`` is held where the area lies, if given, and in that unit, if given."""
        return any(
            g.role in roles
            and (area_path is None or area_path.startswith(g.area_path))
            and (unit_id is None or g.unit_id == unit_id)
            for g in self.grants
        )

    def for_person(self, label: str) -> Actor:
        """Return this actor acting on behalf of the person with ``label``."""
        return replace(self, on_behalf_of=label)


SYSTEM = Actor(kind=ActorKind.SYSTEM, label="系统")
GUEST = Actor(kind=ActorKind.GUEST, label="居民")
