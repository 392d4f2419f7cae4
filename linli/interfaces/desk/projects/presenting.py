"""What the pages of projects say: lights with their reasons, amounts, days left, steps of a life."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from linli.engines.projects.rules import money
from linli.engines.projects.types import LinkKind, ProjectState, Strand
from linli.foundation.core import clock
from linli.interfaces.desk.doors import local
from linli.interfaces.web.projects import light_of, story, yuan

if TYPE_CHECKING:
    from linli.engines.projects.models import Project

__all__ = ["days_left", "light_of", "link_words", "money_line", "money_of", "row", "story", "strands", "yuan"]


def money_line(found: Mapping[str, int]) -> dict[str, Any]:
    """Return planned and spent in words, with whole percent."""
    left, percent = money.pairs(found["planned"], found["spent"])
    return {
        "planned": yuan(found["planned"]),
        "spent": yuan(found["spent"]),
        "left": yuan(left),
        "over": left < 0,
        "percent": percent,
        "bar": min(100, percent),
    }


def money_of(project: Project) -> dict[str, Any]:
    """Return a project's money in words."""
    return money_line({"planned": project.planned_cents, "spent": project.spent_cents})


def days_left(day: date, today: date) -> dict[str, Any]:
    """Return how far a day lies ahead, in words."""
    left = (day - today).days
    if left < 0:
        return {"late": True, "words": _("已过 %(n)s 天") % {"n": -left}}
    return {"late": False, "words": _("今天到期") if left == 0 else _("还有 %(n)s 天") % {"n": left}}


def row(project: Project) -> dict[str, Any]:
    """Return a project as a line of a list or a card of a board."""
    today = local(clock.now()).date()
    over = not project.is_open
    return {
        "project": project,
        "light": light_of(project.light, project.light_why),
        "left": None if over else days_left(project.deadline, today),
        "area": project.area.name if project.area else _("整个街道"),
        "state_kind": "idle" if over or project.state == ProjectState.DRAFT else "doing",
    }


def strands(project: Project) -> list[str]:
    """Return the names of a project's strands."""
    names = dict(Strand.choices)
    return [str(names[s]) for s in project.strands.split(",") if s in names]


def link_words(kind: str, lag: int) -> str:
    """Return in words what one node waits for in another."""
    said = str(LinkKind(kind).label)
    if lag > 0:
        return _("%(said)s，隔 %(n)s 个工作日") % {"said": said, "n": lag}
    return _("%(said)s，提前 %(n)s 个工作日") % {"said": said, "n": -lag} if lag < 0 else said
