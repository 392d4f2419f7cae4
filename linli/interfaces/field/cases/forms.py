"""The shape of each act's form; what it means is the service's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.engines.cases.rules.phrasing import BLANK
from linli.engines.cases.rules.phrasing import LONGEST as PHRASE_LONGEST
from linli.engines.cases.types import FeedbackWay, NoteKind
from linli.engines.cases.workflow import Outcome
from linli.foundation.deadlines.types import Unit
from linli.interfaces.web.forms import DomainForm

LONGEST = 5000


class ActForm(DomainForm):
    """A form of an act: carries the version that the person looked at, and takes over what the service found wrong."""

    # Fields for photos and sound that the page offers beside the typed ones.
    FILES: Sequence[str] = ()
    expected = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def files_of(self) -> Sequence[str]:
        """Return the names of the fields for photos and sound."""
        return self.FILES

    def arguments(self) -> dict[str, Any]:
        """Return what the service takes beside by, now, case, files and expected."""
        return {k: v for k, v in self.cleaned_data.items() if k not in {"expected", "phrase"}}


def _text(label: Any, *, required: bool = True, rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows})
    )


class OpenChoice(forms.ChoiceField):
    """One of a list that may have changed while somebody stood on the spot: what was chosen is taken as it was."""

    def valid_value(self, value: str) -> bool:
        """Take any text of bearable length; the service looks at what it means."""
        return len(value) <= PHRASE_LONGEST * 2


def _phrase() -> forms.ChoiceField:
    return OpenChoice(label=_("常用语"), required=False)


class WithPhrase(ActForm):
    """A form whose text may begin with a phrase."""

    def offer(self, sentences: Sequence[str]) -> None:
        """Offer ``sentences``; those with blanks to fill in are left out, since a list cannot be written in."""
        whole = [text for text in sentences if BLANK not in text]
        field: Any = self.fields["phrase"]
        field.choices = [("", _("不使用常用语")), *((text, text) for text in whole)]

    def clean(self) -> dict[str, Any]:
        """Put the chosen phrase before what was typed."""
        data = super().clean() or {}
        chosen = data.get("phrase") or ""
        data["text"] = f"{chosen}{data.get('text') or ''}"
        return data


class SignForm(ActForm):
    """Nothing to say: a tap signs."""


class ArriveForm(ActForm):
    """On the spot: a word if need be; the position is sent once, with this form."""

    FILES = ("before",)
    text = _text(_("说明"), required=False, rows=2)


class HandInForm(WithPhrase):
    """The result."""

    FILES = ("before", "after", "paper", "voice")
    outcome = forms.ChoiceField(
        label=_("处置结论"),
        widget=forms.RadioSelect,
        choices=[(o.value, o.label) for o in (Outcome.SOLVED, Outcome.EXPLAINED, Outcome.UNSOLVED)],
    )
    phrase = _phrase()
    text = _text(_("处置情况"), required=False)

    def arguments(self) -> dict[str, Any]:
        """Return the outcome as the service takes it."""
        return super().arguments() | {"outcome": Outcome(self.cleaned_data["outcome"])}


class NoteForm(ActForm):
    """An internal note."""

    FILES = ("before",)
    kind = forms.ChoiceField(
        label=_("记录什么"),
        required=False,
        widget=forms.RadioSelect,
        choices=[(k.value, k.label) for k in (NoteKind.REMARK, NoteKind.LEGAL_EDUCATION)],
        help_text=_("普法记录会附上本类别的法律条文；只写对方身份，不写姓名。"),
    )
    law = OpenChoice(label=_("普法时宣讲的条文"), required=False)
    audience = forms.CharField(label=_("普法时向谁宣讲（写身份，不写姓名）"), required=False, max_length=60)
    text = _text(_("备注内容"))

    def offer_laws(self, laws: Sequence[tuple[str, str]]) -> None:
        """Offer the texts that may be explained here; without any the fields are left out."""
        field: Any = self.fields["law"]
        field.choices = [(uuid, words[:80]) for uuid, words in laws]
        if not laws:
            del self.fields["law"], self.fields["audience"]

    def arguments(self) -> dict[str, Any]:
        """Return the kind as the service takes it; a remark names neither law nor audience."""
        found = super().arguments() | {"kind": NoteKind(self.cleaned_data["kind"])}
        if found["kind"] is not NoteKind.LEGAL_EDUCATION:
            found |= {"law": "", "audience": ""}
        return found


class AskForm(ActForm):
    """What the reporter should add."""

    text = _text(_("请反映人补充什么"))


class ContactForm(ActForm):
    """A call or visit, and how it ended."""

    way = forms.ChoiceField(
        label=_("联系方式"),
        widget=forms.RadioSelect,
        choices=[(w.value, w.label) for w in (FeedbackWay.PHONE, FeedbackWay.VISIT, FeedbackWay.MESSAGE)],
    )
    result = forms.ChoiceField(
        label=_("联系结果"),
        widget=forms.RadioSelect,
        choices=[
            ("reached", _("已联系上")),
            ("no_answer", _("无人接听")),
            ("wrong_number", _("号码有误")),
            ("refused", _("对方不愿沟通")),
        ],
    )
    text = _text(_("沟通内容"), required=False, rows=3)


class ExtensionForm(ActForm):
    """More time."""

    amount = forms.IntegerField(label=_("延长多少"), min_value=1, max_value=30)
    time_unit = forms.ChoiceField(
        label=_("单位"),
        widget=forms.RadioSelect,
        choices=[(Unit.WORK_DAYS.value, _("工作日")), (Unit.WORK_HOURS.value, _("工作小时"))],
        initial=Unit.WORK_DAYS.value,
    )
    reason = _text(_("理由"), rows=3)


class ShelvingForm(ActForm):
    """Shelve until a day."""

    review_on = forms.DateField(label=_("复查日期"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = _text(_("理由"), rows=3)


class ReasonForm(ActForm):
    """A reason, nothing more."""

    reason = _text(_("理由"), rows=3)


class HelpForm(ActForm):
    """A helping unit's own result."""

    FILES = ("after",)
    text = _text(_("协办结果"))


class VerifyForm(WithPhrase):
    """What was found on the spot."""

    FILES = ("before",)
    confirmed = forms.ChoiceField(
        label=_("现场情况"), widget=forms.RadioSelect, choices=[("yes", _("属实")), ("no", _("不属实或已消失"))]
    )
    phrase = _phrase()
    text = _text(_("核实说明"), required=False, rows=3)

    def arguments(self) -> dict[str, Any]:
        """Return yes or no as the service takes it."""
        return super().arguments() | {"confirmed": self.cleaned_data["confirmed"] == "yes"}


class CheckForm(WithPhrase):
    """Passed, or to be done again."""

    FILES = ("check",)
    passed = forms.ChoiceField(
        label=_("核查结论"), widget=forms.RadioSelect, choices=[("yes", _("通过")), ("no", _("不通过，退回重办"))]
    )
    phrase = _phrase()
    text = _text(_("核查说明"), required=False, rows=3)

    def arguments(self) -> dict[str, Any]:
        """Return yes or no as the service takes it."""
        return super().arguments() | {"passed": self.cleaned_data["passed"] == "yes"}


class ReplyForm(WithPhrase):
    """The answer to those who raised it."""

    way = forms.ChoiceField(
        label=_("答复方式"),
        widget=forms.RadioSelect,
        choices=[(w.value, w.label) for w in FeedbackWay if w is not FeedbackWay.NONE],
    )
    result = forms.ChoiceField(
        label=_("是否答复到"),
        widget=forms.RadioSelect,
        initial="reached",
        choices=[
            ("reached", _("已答复")),
            ("no_answer", _("无人接听")),
            ("wrong_number", _("号码有误")),
            ("refused", _("对方不愿沟通")),
        ],
    )
    phrase = _phrase()
    text = _text(_("答复内容"), required=False)


class OrderReplyForm(ActForm):
    """The answer to an order from above."""

    order = forms.IntegerField(widget=forms.HiddenInput)
    text = _text(_("督办答复"))
