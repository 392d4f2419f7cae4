"""The form of one question: what people fill in, and the JSON of the forms room that it makes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases.rules import describing
from linli.foundation.core.text import clean
from linli.foundation.forms.rules import ExpressionError, parse
from linli.foundation.forms.types import QuestionType
from linli.interfaces.console.categories.labels import FIELDS, TYPES
from linli.interfaces.web.forms import DomainForm, words_field

Question = Mapping[str, Any]
CHOOSING = (QuestionType.CHOICE.value, QuestionType.CHOICES.value)
COUNTING = (QuestionType.INTEGER.value, QuestionType.DECIMAL.value)
WRITING = (QuestionType.TEXT.value, QuestionType.LONG_TEXT.value)
OWN = "own"
_BOUNDS = re.compile(
    r"(?P<what>\.|string-length\(\.\)) >= (?P<least>\d+(?:\.\d+)?)(?: and (?P=what) <= (?P<most>\d+(?:\.\d+)?))?"
    r"|(?P<only>\.|string-length\(\.\)) <= (?P<upper>\d+(?:\.\d+)?)"
)
# What the browser shows for which type: the same language of conditions that the questions themselves use.
SHOWN: dict[str, str] = {
    "choices": " or ".join(f"${{type}} = '{t}'" for t in CHOOSING),
    "least": " or ".join(f"${{type}} = '{t}'" for t in (*COUNTING, *WRITING)),
    "required": f"${{type}} != '{QuestionType.NOTE.value}'",
    "relevant": f"${{when}} = '{OWN}'",
}
SHOWN |= {"most": SHOWN["least"], "message": SHOWN["least"], "personal": SHOWN["required"]}


def _zh(texts: Any) -> str:
    return str((texts or {}).get("zh-hans", ""))


def conditions(before: Sequence[Question]) -> list[tuple[str, str]]:
    """Return (expression, words) of the simple conditions that questions asked earlier allow."""
    found: list[tuple[str, str]] = []
    for question in before:
        code, words = question["code"], _zh(question.get("label"))
        if question["type"] == QuestionType.YES_NO.value:
            found += [
                (f"${{{code}}} = 'yes'", _("“%(question)s”答“是”时") % {"question": words}),
                (f"${{{code}}} = 'no'", _("“%(question)s”答“否”时") % {"question": words}),
            ]
        for choice in question.get("choices") or ():
            asked = {"question": words, "choice": _zh(choice.get("label"))}
            many = question["type"] == QuestionType.CHOICES.value
            found.append(
                (
                    f"selected(${{{code}}}, '{choice['code']}')" if many else f"${{{code}}} = '{choice['code']}'",
                    _("“%(question)s”选“%(choice)s”时") % asked,
                )
            )
    return found


class QuestionForm(DomainForm):
    """One question of a category."""

    label = words_field(FIELDS["question.label"], 120, required=True, hint=gettext_lazy("一次只问一件事，用居民的话。"))
    label_en = words_field(gettext_lazy("问法（英文）"), 200)
    type = forms.ChoiceField(label=FIELDS["question.type"], choices=[(t.value, label) for t, label in TYPES.items()])
    choices = words_field(
        FIELDS["question.choices"], 3_000, rows=4,
        hint=gettext_lazy("每行一个；需要英文时写在竖线后面，例如：冰箱｜Fridge。"),
    )  # fmt: skip
    required = forms.BooleanField(
        label=FIELDS["question.required"], required=False,
        help_text=gettext_lazy("居民不答就不能提交；只在没有它就办不了时使用。窗口和电话登记可以先空着。"),
    )  # fmt: skip
    hint = words_field(gettext_lazy("问题下的说明"), 200)
    hint_en = words_field(gettext_lazy("问题下的说明（英文）"), 300)
    when = forms.ChoiceField(label=FIELDS["question.relevant"], required=False)
    relevant = words_field(
        gettext_lazy("条件表达式"), 500, hint=gettext_lazy("例如 ${q1} > 2 and selected(${q2}, 'c1')。")
    )
    least = forms.DecimalField(label=gettext_lazy("最小（文字为最少字数）"), required=False)
    most = forms.DecimalField(label=gettext_lazy("最大（文字为最多字数）"), required=False)
    message = words_field(gettext_lazy("答错时的提示"), 200)
    message_en = words_field(gettext_lazy("答错时的提示（英文）"), 300)
    personal = forms.BooleanField(
        label=FIELDS["question.personal"], required=False,
        help_text=gettext_lazy("答案会指向某个人；办件页面上只给可以联系反映人的人员看。能不问就不问。"),
    )  # fmt: skip

    def __init__(self, *args: Any, before: Sequence[Question], now: Question | None = None, **kwargs: Any) -> None:
        """Offer conditions on the questions ``before``; ``now`` is the question as it stands."""
        super().__init__(*args, **kwargs)
        self.now: Question = now or {}
        options = conditions(before)
        self.fields["when"].choices = [  # type: ignore[attr-defined]
            ("", _("总是问")), *options, (OWN, _("其他条件（自己写）")),
        ]  # fmt: skip

    def clean_relevant(self) -> str:
        """Refuse a condition that cannot be read."""
        text = str(self.cleaned_data["relevant"]).strip()
        if text and self.cleaned_data.get("when") == OWN:
            try:
                parse(text)
            except ExpressionError as error:
                raise forms.ValidationError(
                    _("第 %(at)s 个字符起读不懂这个条件，请检查括号、引号和问题代码。") % {"at": error.at + 1}
                ) from error
        return text

    def clean(self) -> dict[str, Any]:
        """Look at what several fields say together."""
        data: dict[str, Any] = super().clean() or {}
        lines = _lines(data.get("choices", ""))
        if data.get("type") in CHOOSING:
            if len(lines) < 2:
                self.add_error("choices", _("请至少写两个选项，每行一个。"))
            if len({chinese for chinese, _english in lines}) < len(lines):
                self.add_error("choices", _("有两个选项写得一样。"))
        least, most = data.get("least"), data.get("most")
        if least is not None and most is not None and least > most:
            self.add_error("most", _("最大不能小于最小。"))
        if data.get("when") == OWN and not data.get("relevant") and "relevant" not in self.errors:
            self.add_error("relevant", _("请写明条件，或改选“总是问”。"))
        return data

    def question(self, code: str) -> dict[str, Any]:
        """Return the question that was described, in the JSON of the forms room."""
        data = self.cleaned_data
        chosen = data["type"] in CHOOSING
        old = [(c["code"], _zh(c.get("label"))) for c in self.now.get("choices") or ()]
        lines = _lines(data["choices"]) if chosen else []
        english = dict(lines)
        choices = describing.choice_codes([chinese for chinese, _english in lines], old)
        return {
            "code": code,
            "type": data["type"],
            "label": _both(data["label"], data["label_en"]),
            "hint": _both(data["hint"], data["hint_en"]),
            "required": data["required"] and data["type"] != QuestionType.NOTE.value,
            "relevant": data["relevant"] if data["when"] == OWN else data["when"],
            "constraint": self._constraint(),
            "constraint_message": _both(data["message"], data["message_en"]),
            "choices": [{"code": c, "label": _both(words, english.get(words, ""))} for c, words in choices],
            "personal": data["personal"],
        }

    def _constraint(self) -> str:
        data = self.cleaned_data
        if data["type"] not in (*COUNTING, *WRITING):
            return ""
        what = "." if data["type"] in COUNTING else "string-length(.)"
        bounds = [("<=", data["most"])] if data["least"] is None else [(">=", data["least"]), ("<=", data["most"])]
        made = " and ".join(f"{what} {sign} {number:f}" for sign, number in bounds if number is not None)
        # A condition that these two fields cannot say stays as it is while they are empty.
        kept = str(self.now.get("constraint") or "")
        return made or (kept if kept and not _BOUNDS.fullmatch(kept) else "")


def _both(chinese: str, english: str) -> dict[str, str]:
    found = {"zh-hans": clean(chinese), "en": clean(english)}
    return {language: text for language, text in found.items() if text}


def _lines(text: str) -> list[tuple[str, str]]:
    """Return (Chinese, English) of each line of choices."""
    found = []
    for line in clean(text).split("\n"):
        chinese, _bar, english = line.replace("|", "｜").partition("｜")
        if chinese.strip():
            found.append((chinese.strip()[:80], english.strip()[:120]))
    return found


def start(question: Question, before: Sequence[Question]) -> dict[str, Any]:
    """Return what the form holds for ``question``."""
    relevant = str(question.get("relevant") or "")
    simple = {expression for expression, _words in conditions(before)}
    found = _BOUNDS.fullmatch(str(question.get("constraint") or ""))
    lines = [
        "｜".join(t for t in (_zh(c.get("label")), (c.get("label") or {}).get("en", "")) if t)
        for c in question.get("choices") or ()
    ]
    english: dict[str, str] = {
        k: (question.get(k) or {}).get("en", "") for k in ("label", "hint", "constraint_message")
    }
    return {
        "label": _zh(question.get("label")),
        "label_en": english["label"],
        "type": question.get("type", QuestionType.TEXT.value),
        "choices": "\n".join(lines),
        "required": bool(question.get("required")),
        "hint": _zh(question.get("hint")),
        "hint_en": english["hint"],
        "when": relevant if not relevant or relevant in simple else OWN,
        "relevant": relevant if relevant and relevant not in simple else "",
        "least": found and found["least"],
        "most": found and (found["most"] or found["upper"]),
        "message": _zh(question.get("constraint_message")),
        "message_en": english["constraint_message"],
        "personal": bool(question.get("personal")),
    }


def condition_words(question: Question, before: Sequence[Question]) -> str:
    """Return when a question is asked, in words; empty for always."""
    relevant = str(question.get("relevant") or "")
    return dict(conditions(before)).get(relevant, relevant)
