"""Values that cross the door of the room `forms`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class QuestionType(StrEnum):
    """What sort of answer a question takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    PHONE = "phone"
    PHOTO = "photo"
    PLACE = "place"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose: its code is kept, its label (language → text) shown."""

    code: str
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        code: the name under which the answer is kept and expressions know it.
        label: language → text; ``zh-hans`` is always there.
        relevant: an expression; where it does not hold the question is hidden and its answer dropped.
        constraint: an expression in which ``.`` is the answer; where it does not hold the answer is refused.
        constraint_message: language → what is then said.
        personal: whether the answer is personal data.
    """

    code: str
    type: QuestionType
    label: Mapping[str, str]
    hint: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    relevant: str = ""
    constraint: str = ""
    constraint_message: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    default: Any = None
    personal: bool = False


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of one form at one version, in the order asked."""

    version: int
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """Answers looked at.

    Attributes:
        cleaned: the answers that can be kept, JSON-ready, those of hidden questions left out.
        errors: question code → messages.
        raw: what was typed, untouched, to be shown again.
    """

    cleaned: Mapping[str, Any]
    errors: Mapping[str, list[str]]
    raw: Mapping[str, Any]

    @property
    def ok(self) -> bool:
        """Whether there is nothing to mend."""
        return not self.errors
