"""What is typed into the pages of the library and of trials."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.interfaces.desk.acting import ActForm
from linli.interfaces.desk.civility.common import areas, case_categories, units
from linli.interfaces.desk.doors import today
from linli.interfaces.web.forms import day_field, words_field
from linli.programmes.civility import selectors
from linli.programmes.civility.types import Level, Purpose, Way


def pick(label: Any, *, required: bool = False, hint: Any = "") -> forms.TypedChoiceField:
    """Return a field that chooses one row by its number."""
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, required=required, help_text=hint)


def several(label: Any, *, numbers: bool = True, hint: Any = "", required: bool = False) -> Any:
    """Return a field that chooses several, by number or by code."""
    coerce: Any = int if numbers else str
    return forms.TypedMultipleChoiceField(
        label=label, coerce=coerce, required=required, widget=forms.CheckboxSelectMultiple, help_text=hint
    )


def offer(form: ActForm, name: str, choices: Iterable[tuple[Any, Any]], *, empty: Any = None) -> None:
    """Fill the choices of a field; ``empty`` is what the first says, None for none."""
    field: Any = form.fields[name]
    field.choices = [*([("", empty)] if empty is not None else []), *choices]


class Plain(ActForm):
    """An act that needs nothing typed."""


class ReasonForm(ActForm):
    """An act that needs its reason."""

    reason = words_field(gettext_lazy("原因"), 300, required=True, rows=2)


class CloseForm(ActForm):
    """Feedback and result, without which nothing is closed."""

    feedback = words_field(
        gettext_lazy("情况反馈"), 2000, required=True, rows=3, hint=gettext_lazy("向谁反馈了什么情况。")
    )
    result = words_field(
        gettext_lazy("处理结果"), 2000, required=True, rows=3, hint=gettext_lazy("问题怎样处理，还有哪些未完成。")
    )


class EditionForm(ActForm):
    """A new edition."""

    title = words_field(gettext_lazy("版本名称"), 100, required=True, hint=gettext_lazy("例如：2026 年版测评指标。"))
    source = words_field(gettext_lazy("依据"), 300, hint=gettext_lazy("文件名称和文号。"), rows=2)


class StandardForm(ActForm):
    """One standard."""

    project = words_field(gettext_lazy("项目"), 60, required=True)
    content = words_field(gettext_lazy("内容"), 100, required=True)
    text = words_field(gettext_lazy("标准"), 300, required=True, rows=2)
    guide = words_field(
        gettext_lazy("标准全文"), 4000, rows=4, hint=gettext_lazy("检查时在手机上随时可看，写清怎样算不达标。")
    )
    way = forms.ChoiceField(label=gettext_lazy("采集方式"), choices=Way.choices)
    point_type = forms.ChoiceField(label=gettext_lazy("点位类型"), required=False)
    unit_id = pick(gettext_lazy("责任单位"), hint=gettext_lazy("不选的，由点位所属单位或所在居民区负责。"))
    full = forms.DecimalField(label=gettext_lazy("分值"), max_digits=6, decimal_places=2, initial=1)
    weight = forms.DecimalField(label=gettext_lazy("权重"), max_digits=6, decimal_places=2, initial=1)
    flags = several(gettext_lazy("性质"), numbers=False)
    helper_ids = several(gettext_lazy("协同单位"))
    categories = several(
        gettext_lazy("案件分类"), numbers=False,
        hint=gettext_lazy("这些分类的日常案件计入本指标，不必另行登记；不达标时按第一个分类立案。"),
    )  # fmt: skip

    def offer(self) -> None:
        """Offer types, units and categories."""
        offer(self, "point_type", [(t.code, t.name) for t in selectors.point_types()], empty=_("不在点位上看"))
        offer(self, "unit_id", units(), empty=_("由点位所属单位负责"))
        offer(self, "helper_ids", units())
        offer(self, "categories", case_categories())
        offer(self, "flags", [("veto", _("一票否决")), ("photo", _("须拍照"))])


_RHYTHMS = (
    ("", gettext_lazy("一次")), ("weeks", gettext_lazy("每周")), ("2weeks", gettext_lazy("每两周")),
    ("months", gettext_lazy("每月")),
)  # fmt: skip


class TrialForm(ActForm):
    """A self-check, a mock test, a supervision."""

    title = words_field(gettext_lazy("名称"), 80, required=True)
    unit_id = pick(gettext_lazy("发起单位"), required=True)
    area_id = pick(gettext_lazy("范围"))
    starts_on = day_field(gettext_lazy("开始日期"), initial=today)
    ends_on = day_field(gettext_lazy("结束日期"), initial=today)
    types = several(gettext_lazy("点位类型"), numbers=False, required=True)
    every = forms.ChoiceField(label=gettext_lazy("周期"), choices=_RHYTHMS, required=False)
    level = forms.ChoiceField(label=gettext_lazy("督查层级"), choices=Level.choices, required=False)
    seed = words_field(
        gettext_lazy("抽样种子"), 60,
        hint=gettext_lazy("抽样前写下，谁按它再抽都得同样结果；不抽样的留空。"),
    )  # fmt: skip
    wanted = forms.IntegerField(
        label=gettext_lazy("每类抽几个点位"), required=False, min_value=1, max_value=10_000,
    )  # fmt: skip
    margin = forms.IntegerField(
        label=gettext_lazy("允许误差（百分点）"), required=False, min_value=1, max_value=50,
        help_text=gettext_lazy("没有写数量时，按 95% 置信水平和这个误差算出数量。"),
    )  # fmt: skip

    def offer(self) -> None:
        """Offer units, areas and types; leave out what the purpose has no use for."""
        offer(self, "unit_id", units(), empty=_("请选择"))
        offer(self, "area_id", areas(), empty=_("全街道"))
        offer(self, "types", [(t.code, t.name) for t in selectors.point_types()])
        if self.row != Purpose.SUPERVISION:
            del self.fields["level"]
        if self.row == Purpose.MOCK:
            del self.fields["every"]
            self.fields["seed"].required = True
        if self.row == Purpose.SELF_CHECK:
            for name in ("seed", "wanted", "margin"):
                del self.fields[name]
