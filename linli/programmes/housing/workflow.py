"""The way of one flat from a report to the end of the watch, as one table: from, verb, to, who, what must be there.

report → rule check → two officers on site → plan, basis, statements, inventory → joint action → legal education →
watch. Entry that is refused is a neutral result, and no step of its own against anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a flat stands."""

    REPORTED = "reported", _("待核实")
    NO_CONSENT = "no_consent", _("未获同意")
    VERIFIED = "verified", _("已认定")
    PLANNED = "planned", _("待整治")
    ACTED = "acted", _("已整治")
    WATCHED = "watched", _("监控中")
    CLEAR = "clear", _("不构成群租")
    CLOSED = "closed", _("已销项")
    DROPPED = "dropped", _("已撤销")


class Who(StrEnum):
    """Who does something."""

    OFFICER = "officer"  # a law officer; neighbourhood staff only go along
    LEADER = "leader"  # who heads the law unit
    NEAR = "near"  # who works in the grid
    SYSTEM = "system"


class Need(StrEnum):
    """What a step asks for before it is done."""

    CHECK = "check"  # rooms looked at and held against the rules
    BREACH = "breach"  # something is broken
    WARRANT = "warrant"  # where entry is by warrant, the paper
    BASIS = "basis"
    NOTICE = "notice"
    OWNER = "owner"
    TENANT = "tenant"
    INVENTORY = "inventory"
    BEFORE = "before"
    AFTER = "after"
    EDUCATION = "education"
    FIRM = "firm"


@dataclass(frozen=True, slots=True)
class Verb:
    """One act: from which states, to which (None: it stays), who may, what must be there."""

    code: str
    label: Promise
    origins: frozenset[str]
    to: str | None
    who: frozenset[Who]
    needs: tuple[Need, ...] = ()


def _verb(code: str, label: Promise, origins: Iterable[str], to: str | None, who: Iterable[Who], *needs: Need) -> Verb:
    return Verb(code, label, frozenset(str(o) for o in origins), to, frozenset(who), needs)


_S, _N = State, Need
_OPEN = (_S.REPORTED, _S.NO_CONSENT, _S.VERIFIED, _S.PLANNED, _S.ACTED)
_PAPERS = (_S.REPORTED, _S.NO_CONSENT, _S.VERIFIED, _S.PLANNED, _S.ACTED)
VERBS: dict[str, Verb] = {
    v.code: v
    for v in (
        _verb("check", _("登记检查"), (_S.REPORTED, _S.NO_CONSENT), None, (Who.OFFICER,)),
        _verb("no_consent", _("未获同意"), (_S.REPORTED, _S.NO_CONSENT), _S.NO_CONSENT, (Who.OFFICER,)),
        _verb(
            "verify", _("认定"), (_S.REPORTED, _S.NO_CONSENT), _S.VERIFIED, (Who.OFFICER,),
            _N.CHECK, _N.BREACH, _N.WARRANT,
        ),
        _verb("clear", _("不构成群租"), (_S.REPORTED, _S.NO_CONSENT), _S.CLEAR, (Who.OFFICER,), _N.CHECK),
        _verb("paper", _("登记文书"), _PAPERS, None, (Who.OFFICER,)),
        _verb("plan", _("制定方案"), (_S.VERIFIED, _S.PLANNED), _S.PLANNED, (Who.OFFICER,), _N.BASIS),
        _verb(
            "act", _("联合整治"), (_S.PLANNED,), _S.ACTED, (Who.OFFICER,),
            _N.BASIS, _N.NOTICE, _N.OWNER, _N.TENANT, _N.INVENTORY, _N.BEFORE, _N.AFTER,
        ),
        _verb("educate", _("普法宣传"), (_S.ACTED,), None, (Who.OFFICER, Who.NEAR)),
        _verb("watch", _("列入监控"), (_S.ACTED,), _S.WATCHED, (Who.OFFICER, Who.NEAR), _N.EDUCATION, _N.FIRM),
        _verb("end_watch", _("监控期满"), (_S.WATCHED,), _S.CLOSED, (Who.SYSTEM,)),
        _verb("drop", _("撤销"), _OPEN, _S.DROPPED, (Who.LEADER,)),
    )
}  # fmt: skip
OPEN = frozenset(s.value for s in (*_OPEN, _S.WATCHED))
HAPPY_PATH = ("check", "verify", "plan", "act", "educate", "watch", "end_watch")
