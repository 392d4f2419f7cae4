"""What is typed into the pages of the evaluation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.interfaces.desk import directory
from linli.interfaces.desk.acting import ActForm
from linli.interfaces.desk.doors import today, unit_options
from linli.interfaces.web.forms import day_field, words_field


class Plain(ActForm):
    """An act that needs nothing typed."""


class DriveForm(ActForm):
    """A year's evaluation."""

    title = words_field(
        gettext_lazy("名称"), 80, required=True, hint=gettext_lazy("例如：2026 年业委会规范化运行评估。")
    )
    unit_id = forms.TypedChoiceField(label=gettext_lazy("发起单位"), coerce=int, empty_value=None)
    area_id = forms.TypedChoiceField(
        label=gettext_lazy("范围"), coerce=int, empty_value=None, required=False,
        help_text=gettext_lazy("范围内“业委会”台账里的每一个都排入评估。"),
    )  # fmt: skip
    starts_on = day_field(gettext_lazy("开始日期"), initial=today)
    ends_on = day_field(gettext_lazy("结束日期"))

    def offer(self) -> None:
        """Offer units and areas; a committee evaluates nobody."""
        units: Any = self.fields["unit_id"]
        areas: Any = self.fields["area_id"]
        kinds = ("street_office", "department", "housing", "operations_centre", "neighbourhood_committee")
        units.choices = [("", _("请选择"))] + [(o["value"], o["label"]) for o in unit_options(kinds)]
        areas.choices = [("", _("全街道"))] + [
            (a.id, f"{'　' * a.depth}{a.name}") for a in directory.areas(today()) if a.depth
        ]


class CloseForm(ActForm):
    """Feedback and result, without which nothing is closed."""

    feedback = words_field(
        gettext_lazy("情况反馈"), 2000, required=True, rows=3, hint=gettext_lazy("向业委会、居民区反馈了什么。")
    )
    result = words_field(
        gettext_lazy("处理结果"), 2000, required=True, rows=3, hint=gettext_lazy("整改到哪一步，哪些要继续跟进。")
    )


class OpinionForm(ActForm):
    """What the committee says."""

    text = words_field(
        gettext_lazy("意见"),
        1000,
        required=True,
        rows=4,
        hint=gettext_lazy("写明对哪一项有意见、依据什么材料；不写姓名。"),
    )


class AnswerForm(ActForm):
    """What is answered."""

    changed = forms.ChoiceField(
        label=gettext_lazy("结果"), widget=forms.RadioSelect,
        choices=(("no", gettext_lazy("维持原结果")), ("yes", gettext_lazy("已更正"))),
    )  # fmt: skip
    text = words_field(gettext_lazy("答复"), 1000, required=True, rows=3)


class ReasonForm(ActForm):
    """An act that needs its reason."""

    reason = words_field(gettext_lazy("原因"), 300, required=True, rows=2)
