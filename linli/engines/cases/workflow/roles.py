"""Who may: the roles that stand together, and what a verb says of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.engines.cases.workflow.states import Stage, State, Text


class Scope(models.TextChoices):
    """How a role must be held for a verb: where the case lies, in the unit that has it, or as its reporter."""

    AREA = "area", _("辖区内")
    UNIT = "unit", _("承办单位内")
    HELPER = "helper", _("协办单位内")
    ANY = "any", _("任意")
    REPORTER = "reporter", _("反映人本人")
    SYSTEM = "system", _("系统")


# Role codes are those of linli.foundation.people.types.Role (a test holds the two together).
CENTRE = frozenset({"dispatcher", "shift_leader"})
GROUND = frozenset({"inspector", "community_worker", "microgrid_head", "neighbourhood_secretary"})
UNIT_STAFF = frozenset({"unit_handler", "unit_head", "contractor", "neighbourhood_secretary", "community_worker"})
UNIT_HEADS = frozenset({"unit_head", "neighbourhood_secretary"})
CONVENERS = frozenset({"grid_head", "street_leader", "shift_leader"})
REPORTERS = (
    CENTRE
    | GROUND
    | frozenset(
        {
            "stairwell_head",
            "grid_head",
            "street_leader",
            "supervisor",
            "unit_handler",
            "unit_head",
            "contractor",
            "resident",
        }
    )
)
STAFF = REPORTERS - {"resident"}
READERS_ALL = frozenset({"dispatcher", "shift_leader", "street_leader", "supervisor"})


@dataclass(frozen=True, slots=True)
class Verb:
    """One act on a case.

    Attributes:
        code: the name of the service that does it.
        label: the button's word.
        source: states it starts from.
        target: the state it ends in; None leaves the state, a tuple lets the service choose.
        roles: role codes that may; :data:`scope` says how they must be held.
        needs: field codes without which the service refuses.
        rule: the provision that the act rests on.
        public: whether the reporter sees it in the timeline.
        stops: clock stages that it ends beside those that its states end; ``starts`` those that it begins.
        drastic: asks for confirmation.
    """

    code: str
    label: Text
    source: frozenset[State]
    target: State | tuple[State, ...] | None
    roles: frozenset[str]
    scope: Scope = Scope.AREA
    needs: tuple[str, ...] = ()
    rule: str = ""
    public: bool = False
    stops: tuple[Stage, ...] = ()
    starts: tuple[Stage, ...] = ()
    drastic: bool = False
    past: Text = field(default="")


def targets(verb: Verb) -> tuple[State, ...]:
    """Return the states that ``verb`` may end in; empty where it leaves the state."""
    if verb.target is None:
        return ()
    return verb.target if isinstance(verb.target, tuple) else (verb.target,)
