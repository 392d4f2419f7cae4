"""Values that cross the door of the room `forms`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
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
    RANGE = "range"
    RANK = "rank"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"
    SIGNATURE = "signature"
    BARCODE = "barcode"
    ACKNOWLEDGE = "acknowledge"
    CALCULATE = "calculate"
    HIDDEN = "hidden"
    START = "start"
    END = "end"
    TODAY = "today"


FLAT_TYPES = tuple(QuestionType)[: tuple(QuestionType).index(QuestionType.NOTE) + 1]
"""The types of a flat question set; the others need a whole form."""
CHOOSING = frozenset({QuestionType.CHOICE, QuestionType.CHOICES, QuestionType.RANK})
UPLOADS = frozenset(
    {QuestionType.PHOTO, QuestionType.AUDIO, QuestionType.VIDEO, QuestionType.FILE, QuestionType.SIGNATURE}
)
UNSEEN = frozenset(
    {QuestionType.CALCULATE, QuestionType.HIDDEN, QuestionType.START, QuestionType.END, QuestionType.TODAY}
)
Words = Mapping[str, str]
"""Language → text."""
KINDS = (
    "visit", "condolence", "check", "shared_flat", "building_safety", "housing", "patrol", "supervision", "experience",
    "survey", "flood", "other",
)  # fmt: skip
"""What a form is for: a programme offers the forms of its purpose, whoever made them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose: its code is kept, its label (language → text) shown.

    Attributes:
        media: image, audio, video → language → file name.
        columns: further columns of its row, which a ``choice_filter`` may name.
        mark: the part of the full mark that it earns, 0 to 1, as a decimal text; empty for none said.
    """

    code: str
    label: Words
    media: Mapping[str, Words] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """How a question is marked; numbers are decimal texts.

    Attributes:
        full: the most that it earns.
        weight: what its mark is multiplied by.
        veto: ``""``, ``"group"`` or ``"form"``: what falls to nought where its mark is nought.
        spared: choice codes (不适用) by which it leaves the reckoning.
        passes: for types without choices: an expression (``.`` is the answer) that earns the full mark.
    """

    full: str = "1"
    weight: str = "1"
    veto: str = ""
    spared: tuple[str, ...] = ()
    passes: str = ""


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
        required_when: an expression; where it holds the question must be answered.
        read_only: ``""``, ``"true()"`` or an expression.
        calculation: an expression that gives the answer.
        trigger: a question whose change alone makes the calculation anew.
        default: the answer that stands at the start.
        default_expression: an expression that gives it.
        guidance: a longer hint: the standard's text at hand.
        media: image, audio, video → language → file name.
        parameters: as XLSForm has them: ``start``, ``end``, ``step``, ``randomize``, ``max-pixels`` …
        list: the choice list, in a whole form.
        choice_filter: an expression over the columns of a choice, for cascades.
        least: the fewest photos.
        most: the most photos; 0 for the usual bound.
        same_spot: whether the photo is taken again where the last one was.
        score: how it is marked; None for not at all.
        finds: an expression in which ``.`` is the answer; where it holds, something was found wrong.
        extra: what rooms above read of a question, the columns ``linli_…`` of a sheet that no other field takes: name
            → text. What each means stands where it is read.
    """

    code: str
    type: QuestionType
    label: Words
    hint: Words = field(default_factory=dict)
    required: bool = False
    relevant: str = ""
    constraint: str = ""
    constraint_message: Words = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    default: Any = None
    personal: bool = False
    required_when: str = ""
    required_message: Words = field(default_factory=dict)
    read_only: str = ""
    calculation: str = ""
    trigger: str = ""
    default_expression: str = ""
    appearance: str = ""
    guidance: Words = field(default_factory=dict)
    media: Mapping[str, Words] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    list: str = ""
    choice_filter: str = ""
    least: int = 0
    most: int = 0
    same_spot: bool = False
    score: Score | None = None
    finds: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of one form at one version, in the order asked."""

    version: int
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that stand together; with ``repeat`` they are answered any number of times.

    Attributes:
        count: for a repeat, an expression: how many times; empty for as many as people add.
    """

    code: str
    items: tuple[Question | Group, ...]
    label: Words = field(default_factory=dict)
    relevant: str = ""
    appearance: str = ""
    repeat: bool = False
    count: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a form says of itself.

    Attributes:
        form_id: the name that OpenRosa clients know it by.
        version: the author's own mark of the version.
        default_language: the language of what has no language.
        instance_name: an expression that names a filled form.
    """

    title: str = ""
    form_id: str = ""
    version: str = ""
    default_language: str = "zh-hans"
    instance_name: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class WholeForm:
    """A form in the XLSForm standard: nested items, named choice lists.

    Answers to it are nested as it is: ``{"group": {"q": 1}, "repeat": [{"x": 2}]}``.
    """

    settings: Settings
    items: tuple[Question | Group, ...]
    lists: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    version: int = 1

    def choices(self, question: Question) -> tuple[Choice, ...]:
        """Return all choices of a question, before any filter."""
        return self.lists.get(question.list, ()) if question.list else question.choices


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a form that cannot be.

    Attributes:
        path: codes from the outermost group, with ``/``; empty for the form itself; ``choices/list/code`` for a choice.
        what: a code, see ``rules.said``.
        field: which field of the item.
        detail: what it is about.
        at: at which character of an expression, from 1; 0 for none.
    """

    path: str
    what: str
    field: str = ""
    detail: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """A place in a sheet to be mended: sheet, row and column as people see them, what is wrong, what to do."""

    message: str
    hint: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """A form read from a sheet, and what was left out or changed on the way."""

    form: WholeForm
    notes: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """Marks of a question, a group or a form.

    Attributes:
        earned: what was earned, each mark by its weight.
        full: what could have been earned; what does not apply is not in it.
        vetoed: the paths of the questions whose nought made this nought.
    """

    earned: Decimal
    full: Decimal
    vetoed: tuple[str, ...] = ()

    @property
    def percent(self) -> Decimal | None:
        """Return the part earned of a hundred, to two places; None where nothing applied."""
        if not self.full:
            return None
        return (self.earned * 100 / self.full).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Scored:
    """The marks of a filled form.

    Attributes:
        total: of the whole form.
        groups: path of a group (of a repeat: of each instance, and of all under the bare path) → its marks.
        questions: path of a question → its marks, before any veto of others.
        spared: paths of questions that do not apply.
        unanswered: paths of questions that were asked and not answered; they earn nothing.
    """

    total: Total
    groups: Mapping[str, Total]
    questions: Mapping[str, Total]
    spared: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A difference of two versions for answers kept under the old one.

    Attributes:
        path: the item, in the new version if it is there, else in the old.
        what: added, removed, moved, type, label, choices_added, choices_removed, choice_label, condition,
            constraint, required, score, calculation, repeat, other.
        before: the old value.
        after: the new value.
        matters: whether an answer kept under the old version may not mean or be the same under the new one.
    """

    path: str
    what: str
    before: Any = None
    after: Any = None
    matters: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """Answers looked at.

    Attributes:
        cleaned: the answers that can be kept, JSON-ready, those of hidden questions left out.
        errors: question code, in a whole form its path (``group/repeat[2]/code``) → messages.
        raw: what was typed, untouched, to be shown again.
    """

    cleaned: Mapping[str, Any]
    errors: Mapping[str, list[str]]
    raw: Mapping[str, Any]

    @property
    def ok(self) -> bool:
        """Whether there is nothing to mend."""
        return not self.errors
