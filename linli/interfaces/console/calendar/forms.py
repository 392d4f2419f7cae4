"""Forms of the calendar: days of one's own, an official notice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.rulebook.types import SpecialDay
from linli.interfaces.web.forms import DomainForm

MOST_DAYS = 31
FIRST_YEAR, LAST_YEAR = 2004, 2100


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}))


class DaysForm(DomainForm):
    """A stretch of days that this installation works or rests otherwise."""

    first = _day(gettext_lazy("首日"))
    last = _day(gettext_lazy("末日（一天可不填）"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("当天"), choices=[("rest", gettext_lazy("不上班")), ("work", gettext_lazy("上班"))]
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=40)
    reason = forms.CharField(label=gettext_lazy("原因和依据"), max_length=300)

    def clean(self) -> dict[str, Any]:
        """Refuse a stretch that ends before it begins or is longer than a month."""
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last") or data.get("first")
        if first and last and not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
            self.add_error("last", _("末日不能早于首日，一次最多 %(max)s 天。") % {"max": MOST_DAYS})
        if first and not FIRST_YEAR <= first.year <= LAST_YEAR:
            self.add_error("first", _("年份应在 %(a)s 至 %(b)s 之间。") % {"a": FIRST_YEAR, "b": LAST_YEAR})
        return data

    def days(self) -> list[SpecialDay]:
        """Return the days."""
        data = self.cleaned_data
        last: date = data["last"] or data["first"]
        count = (last - data["first"]).days + 1
        return [
            SpecialDay(
                data["first"] + timedelta(days=n),
                is_workday=data["kind"] == "work",
                name=data["name"],
                source=data["reason"],
            )
            for n in range(count)
        ]


class RestoreForm(DomainForm):
    """A day of one's own to be taken back."""

    day = _day(gettext_lazy("日期"))
    reason = forms.CharField(label=gettext_lazy("恢复原因"), max_length=300)


class NoticeForm(DomainForm):
    """The text of an official notice."""

    year = forms.IntegerField(label=gettext_lazy("年份"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    text = forms.CharField(label=gettext_lazy("通知全文"), max_length=10_000, widget=forms.Textarea)
    source = forms.CharField(label=gettext_lazy("文号或网址"), max_length=300)
