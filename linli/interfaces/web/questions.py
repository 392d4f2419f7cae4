"""Which input of a page asks which type of question."""

from __future__ import annotations

from linli.foundation.forms.types import QuestionType

INPUTS = {
    QuestionType.TEXT: "text",
    QuestionType.LONG_TEXT: "textarea",
    QuestionType.INTEGER: "number",
    QuestionType.DECIMAL: "number",
    QuestionType.DATE: "date",
    QuestionType.TIME: "time",
    QuestionType.DATETIME: "datetime-local",
    QuestionType.YES_NO: "radio",
    QuestionType.CHOICE: "radio",
    QuestionType.CHOICES: "checkbox",
    QuestionType.PHONE: "tel",
    QuestionType.PLACE: "text",
}
