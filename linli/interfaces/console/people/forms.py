"""The shape of what is entered on the pages of a grid."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.foundation.people.types import Line
from linli.interfaces.web.forms import DomainForm

LINES = {
    Line.CITY_OPERATIONS: _("城运"),
    Line.POLICE: _("警务"),
    Line.GOVERNANCE: _("综治"),
    Line.PARTY: _("党建"),
    Line.ENFORCEMENT: _("城管"),
    Line.MARKET: _("市场监管"),
    Line.HEALTH: _("卫生健康"),
    Line.FIRE: _("消防"),
    Line.OTHER: _("其他"),
}


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}))


def _line() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("条线"), choices=[(line.value, label) for line, label in LINES.items()])


class LineGridForm(DomainForm):
    """A line's own grid, merged into this one from a day on."""

    line = _line()
    code = forms.CharField(label=_("条线网格编号"), max_length=64)
    name = forms.CharField(label=_("条线网格名称"), max_length=64)
    starts_on = _day(_("自"))
    ends_on = _day(_("至"), required=False)


class ForceForm(DomainForm):
    """A line's person or unit at work in this grid."""

    line = _line()
    title = forms.CharField(label=_("岗位名称"), max_length=64)
    unit = forms.TypedChoiceField(label=_("单位"), coerce=int)
    member = forms.CharField(label=_("人员账号（选填）"), max_length=150, required=False)
    starts_on = _day(_("自"))
    ends_on = _day(_("至"), required=False)

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        """Offer ``units``."""
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["unit"]
        choice.choices = units


class DutyForm(DomainForm):
    """A stretch of duty."""

    unit = forms.TypedChoiceField(label=_("单位"), coerce=int)
    member = forms.CharField(label=_("人员账号"), max_length=150)
    starts_at = forms.DateTimeField(label=_("开始"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    ends_at = forms.DateTimeField(label=_("结束"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        """Offer ``units``."""
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["unit"]
        choice.choices = units


class EndForm(DomainForm):
    """The last day of a force."""

    on = _day(_("最后一天"))
