"""How a year's evaluation and one committee's evaluation run: one table each."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DriveState(models.TextChoices):
    """Where a year's evaluation stands."""

    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已办结")


class State(models.TextChoices):
    """Where the evaluation of one committee stands."""

    SCORED = "scored", _("待征求意见")
    ASKED = "asked", _("征求意见中")
    PUBLIC = "public", _("已公示")


@dataclass(frozen=True, slots=True)
class Verb:
    """One act: what it is called, from which states, to which."""

    label: Promise
    origins: frozenset[str]
    to: str


VERBS: dict[str, Verb] = {
    "ask": Verb(_("征求意见"), frozenset({State.SCORED}), State.ASKED),
    "object": Verb(_("提出意见"), frozenset({State.ASKED}), State.ASKED),
    "answer": Verb(_("答复意见"), frozenset({State.ASKED}), State.ASKED),
    "publish": Verb(_("公示"), frozenset({State.ASKED}), State.PUBLIC),
    "withdraw": Verb(_("撤下公示"), frozenset({State.PUBLIC}), State.ASKED),
}
