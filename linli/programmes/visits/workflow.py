"""The life of a need in the register, as one table: registered → with an owner → answered → told; or not taken on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DemandState(TextChoices):
    """Where a need stands."""

    NEW = "new", _("待分派")
    ASSIGNED = "assigned", _("待答复")
    REPLIED = "replied", _("待告知")
    TOLD = "told", _("已告知")
    DROPPED = "dropped", _("不予受理")


class Who(StrEnum):
    """Who does something."""

    KEEPER = "keeper"  # who works where the need arose, and who leads
    OWNER = "owner"  # the people of the unit that answers


@dataclass(frozen=True, slots=True)
class Verb:
    """One act: from which states, to which, who may, and which texts it needs."""

    code: str
    label: Promise
    origins: frozenset[str]
    to: str
    who: frozenset[Who]
    needs: tuple[str, ...] = ()


def _verb(code: str, label: Promise, origins: Iterable[str], to: str, who: Iterable[Who], *needs: str) -> Verb:
    return Verb(code, label, frozenset(origins), to, frozenset(who), needs)


_S = DemandState
VERBS: dict[str, Verb] = {
    v.code: v
    for v in (
        _verb("assign", _("分派"), (_S.NEW, _S.ASSIGNED), _S.ASSIGNED, (Who.KEEPER,), "unit"),
        _verb("give_back", _("退回"), (_S.ASSIGNED,), _S.NEW, (Who.OWNER,), "reason"),
        _verb("reply", _("答复"), (_S.ASSIGNED,), _S.REPLIED, (Who.OWNER, Who.KEEPER), "reply"),
        _verb("tell", _("告知"), (_S.REPLIED,), _S.TOLD, (Who.KEEPER, Who.OWNER), "way"),
        _verb("ask_again", _("继续办理"), (_S.REPLIED, _S.TOLD), _S.ASSIGNED, (Who.KEEPER,), "reason"),
        _verb("drop", _("不予受理"), (_S.NEW, _S.ASSIGNED), _S.DROPPED, (Who.KEEPER,), "reason"),
    )
}
OPEN = frozenset({_S.NEW.value, _S.ASSIGNED.value, _S.REPLIED.value})
AWAITED = frozenset({_S.NEW.value, _S.ASSIGNED.value})
"""An answer is waited for; one that was promised at the door from the very beginning."""
HAPPY_PATH = ("assign", "reply", "tell")
