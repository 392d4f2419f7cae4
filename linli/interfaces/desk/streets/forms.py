"""What is typed into the streets' pages about shops and patrols."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.core import clock
from linli.interfaces.desk import directory
from linli.interfaces.desk.acting import ActForm
from linli.interfaces.desk.doors import today, unit_options
from linli.interfaces.web.forms import day_field, photo_field, words_field
from linli.programmes.streets import selectors
from linli.programmes.streets.rules import shipped
from linli.programmes.streets.types import Served, Way

PHOTO = gettext_lazy("现场照片")
MORE = gettext_lazy("再附一张")
WEEKDAYS = (
    ("1", gettext_lazy("周一")), ("2", gettext_lazy("周二")), ("3", gettext_lazy("周三")), ("4", gettext_lazy("周四")),
    ("5", gettext_lazy("周五")), ("6", gettext_lazy("周六")), ("7", gettext_lazy("周日")),
)  # fmt: skip


def pick(label: Any, *, required: bool = False, hint: Any = "") -> forms.TypedChoiceField:
    """Return a field to choose a row by its number."""
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, required=required, help_text=hint)


def fill(form: ActForm, name: str, choices: Any, *, empty: Any = None) -> None:
    """Fill the choices of a field."""
    found: Any = form.fields[name]
    found.choices = [("", empty if empty is not None else _("请选择")), *choices]


def units() -> list[tuple[Any, Any]]:
    """Return the working units as choices."""
    return [(o["value"], o["label"]) for o in unit_options()]


def areas() -> list[tuple[Any, Any]]:
    """Return the areas as choices."""
    return [(a.id, a.name) for a in directory.areas(today())]


class Photos(ActForm):
    """An act with up to two pictures."""

    photo = photo_field(PHOTO, required=False)
    photo2 = photo_field(MORE, required=False)


class ReasonForm(ActForm):
    """An act that needs its reason."""

    reason = words_field(gettext_lazy("理由"), 500, required=True, rows=2)


class WarnForm(Photos):
    """A fault at a shop."""

    fault = forms.ChoiceField(label=gettext_lazy("问题"))
    text = words_field(
        gettext_lazy("现场情况"), 500, required=True, rows=3, hint=gettext_lazy("写事，不写人的姓名和电话。")
    )
    correct_by = day_field(gettext_lazy("请在这天前改正"))
    field_order = ("fault", "text", "correct_by", "photo", "photo2")

    def offer(self) -> None:
        """Offer the faults and the rulebook's days."""
        fill(self, "fault", [(f.code, f.name) for f in shipped.faults().values()])
        self.fields["correct_by"].initial = today() + timedelta(days=selectors.number("warn_days", today()))


class OrderForm(Photos):
    """An order to put something right."""

    basis = words_field(gettext_lazy("法律依据"), 300, required=True, hint=gettext_lazy("写明条例和条款。"))
    correct_by = day_field(gettext_lazy("改正期限"))
    served = forms.ChoiceField(label=gettext_lazy("送达给"), choices=Served.choices)
    way = forms.ChoiceField(label=gettext_lazy("送达方式"), choices=Way.choices)
    served_on = day_field(gettext_lazy("送达日期"))
    second_id = pick(
        gettext_lazy("另一名执法人员"), required=True, hint=gettext_lazy("行政处罚法第四十二条：执法人员不得少于两人。")
    )
    text = words_field(gettext_lazy("改正要求"), 500, rows=2)
    early = words_field(gettext_lazy("提前责令的理由"), 300, hint=gettext_lazy("按规则还没到责令改正的，写明理由。"))
    field_order = ("basis", "correct_by", "served", "way", "served_on", "second_id", "text", "early", "photo", "photo2")

    def offer(self) -> None:
        """Propose the article and the days, and who may go along."""
        law = shipped.faults()[self.row.fault].law if self.row else ""
        self.fields["basis"].initial = law
        self.fields["correct_by"].initial = today() + timedelta(days=selectors.number("order_days_given", today()))
        self.fields["served_on"].initial = today()
        if self.by is not None:
            fill(self, "second_id", selectors.companions(self.by, clock.now()).items())


class HandOverForm(Photos):
    """A hand-over to the enforcement."""

    reason = words_field(gettext_lazy("移送理由"), 500, required=True, rows=2)
    field_order = ("reason", "photo", "photo2")


class MendForm(Photos):
    """A second look that found it put right."""

    text = words_field(gettext_lazy("复查情况"), 500, required=True, rows=2)
    field_order = ("text", "photo", "photo2")


class AnswerForm(ActForm):
    """What the enforcement did."""

    result = words_field(
        gettext_lazy("处理结果"), 500, required=True, rows=2, hint=gettext_lazy("写结果，罚款数额由执法系统记录。")
    )
    outside_number = words_field(gettext_lazy("执法系统编号"), 60)


class AppealForm(ActForm):
    """What a shop says against it."""

    text = words_field(gettext_lazy("商户的陈述申辩"), 500, required=True, rows=3)


class PatrolForm(ActForm):
    """A patrol: which area, at which times of day, how often, with which form."""

    title = words_field(gettext_lazy("名称"), 100, required=True, hint=gettext_lazy("例如：中山公园商圈晚高峰巡查。"))
    area_id = pick(gettext_lazy("重点区域"))
    unit_id = pick(gettext_lazy("巡查单位"), required=True)
    kind = forms.ChoiceField(label=gettext_lazy("查什么"))
    form = forms.ChoiceField(label=gettext_lazy("用哪张表"))
    starts_on = day_field(gettext_lazy("从"))
    ends_on = day_field(gettext_lazy("到"))
    days = forms.MultipleChoiceField(
        label=gettext_lazy("星期"), widget=forms.CheckboxSelectMultiple,
        choices=WEEKDAYS, initial=[str(n) for n in range(1, 8)],
    )  # fmt: skip
    begin = forms.TimeField(label=gettext_lazy("重点时段从"), widget=forms.TimeInput(attrs={"type": "time"}))
    end = forms.TimeField(label=gettext_lazy("重点时段到"), widget=forms.TimeInput(attrs={"type": "time"}))

    def offer(self) -> None:
        """Offer areas, units, ledgers and forms."""
        fill(self, "area_id", areas(), empty=_("整个街道"))
        fill(self, "unit_id", units())
        kinds: Any = self.fields["kind"]
        kinds.choices = [(k, n) for k, n in self.row["kinds"]] if self.row else []
        offered: Any = self.fields["form"]
        offered.choices = self.row["forms"] if self.row else []
        self.fields["starts_on"].initial = today()
        self.fields["ends_on"].initial = today() + timedelta(days=30)
        self.fields["begin"].initial, self.fields["end"].initial = "17:00", "20:00"

    def clean(self) -> dict[str, Any]:
        """Refuse a time of day that ends before it begins."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("begin") and data.get("end") and data["end"] <= data["begin"]:
            self.add_error("end", _("结束时间要晚于开始时间；跨夜的请分成两个计划。"))
        return data
