"""The shape of what is typed when a survey is planned: basics, frame, aims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.interfaces.web.forms import DomainForm, day_field, words_field
from linli.programmes.surveys.types import FrameData, SurveyData
from linli.programmes.surveys.workflow import Index, Way

SIZE = "size_"


class BasicsForm(DomainForm):
    """What is asked, where, by which ways, from when to when."""

    title = words_field(_("标题"), 80, required=True)
    intro = words_field(_("给居民看的一句说明"), 300, rows=2, hint=_("为什么问、结果怎么用。"))
    form = forms.ChoiceField(
        label=_("问卷表单"), help_text=_("在控制台“表单”里编写；须标明知晓率、感受度或满意率的题目。")
    )
    unit = forms.TypedChoiceField(label=_("开展单位"), coerce=int)
    area = forms.TypedChoiceField(label=_("范围"), coerce=int, required=False, empty_value=None)
    ways = forms.MultipleChoiceField(
        label=_("回答方式"), choices=Way.choices, widget=forms.CheckboxSelectMultiple,
        help_text=_("扫码人人可答；答题码按样本发放，一码一次，可以算回收率。"),
    )  # fmt: skip
    opens_on = day_field(_("开始日"))
    closes_on = day_field(_("截止日"), help_text=_("过了这一天自动结束并出结果。"))

    def __init__(self, *args: Any, choices: Mapping[str, list[tuple[Any, Any]]], **kwargs: Any) -> None:
        """Offer forms, units and areas."""
        super().__init__(*args, **kwargs)
        for name, options in choices.items():
            field: Any = self.fields[name]
            field.choices = options

    def data_of(self, former: Any) -> SurveyData:
        """Return what was typed."""
        c = self.cleaned_data
        return SurveyData(
            title=c["title"], intro=c["intro"], form=c["form"], unit_id=c["unit"], area_id=c["area"] or None,
            ways=tuple(c["ways"]), opens_on=c["opens_on"], closes_on=c["closes_on"], former=former,
        )  # fmt: skip


class FrameForm(DomainForm):
    """Who is there to be asked, and how many are drawn."""

    kind = forms.ChoiceField(
        label=_("从哪个台账抽"), required=False,
        help_text=_("选台账则按台账各居民区的数目抽出具体门户；不选则按下面的户数只定份数。"),
    )  # fmt: skip
    margin = forms.IntegerField(
        label=_("全街道误差（百分点）"), min_value=1, max_value=20, help_text=_("95% 置信，5 为 ±5 个百分点。")
    )
    least = forms.IntegerField(label=_("每个居民区至少"), min_value=0, max_value=1_000)
    seed = words_field(
        _("抽样种子"), 60, required=True, hint=_("抽样前写下并公布，例如“2026-03-10 满意度”。照着它任何人可以重抽。")
    )

    def __init__(self, *args: Any, homes: list[Any], kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        """Ask for the households of each 居民区."""
        super().__init__(*args, **kwargs)
        ledger: Any = self.fields["kind"]
        ledger.choices = [("", _("不用台账")), *kinds]
        for home in homes:
            self.fields[SIZE + home.code] = forms.IntegerField(
                label=home.name, required=False, min_value=0, max_value=1_000_000
            )

    @property
    def parts(self) -> dict[str, list[dict[str, Any]]]:
        """The fields as the page shows them: the draw, and the sizes."""
        return {
            "draw": [f for f in self.drawn if not f["name"].startswith(SIZE)],
            "sizes": [f for f in self.drawn if f["name"].startswith(SIZE)],
        }

    def data_of(self) -> FrameData:
        """Return what was typed."""
        c = self.cleaned_data
        sizes = {k.removeprefix(SIZE): n for k, n in c.items() if k.startswith(SIZE) and n}
        return FrameData(sizes=sizes, kind=c["kind"], seed=c["seed"], margin=c["margin"], least=c["least"])


class AimsForm(DomainForm):
    """What is aimed at."""

    def __init__(self, *args: Any, measured: list[str], **kwargs: Any) -> None:
        """Ask for each index that the form measures."""
        super().__init__(*args, **kwargs)
        for name in measured:
            label = Index(name).label if name in Index.values else name
            self.fields[name] = forms.IntegerField(
                label=label, required=False, min_value=0, max_value=100, help_text=_("百分比，留空为不设目标。")
            )
