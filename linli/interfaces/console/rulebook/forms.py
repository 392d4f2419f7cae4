"""The form of a new value: its field fits what the value is."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.rulebook.rules import from_json
from linli.foundation.rulebook.types import Rule
from linli.interfaces.console.rulebook.words import MARK_WORDS, UNITS, Sort, as_json, sort_of
from linli.interfaces.web.forms import DomainForm


def _marks() -> list[tuple[str, str]]:
    return [(mark, f"[{mark}] {words}") for mark, words in MARK_WORDS.items()]


class ValueForm(DomainForm):
    """A new value of one rule, from a day on."""

    source = forms.CharField(label=gettext_lazy("出处"), max_length=500, widget=forms.Textarea)
    mark = forms.ChoiceField(label=gettext_lazy("出处等级"))
    valid_from = forms.DateField(label=gettext_lazy("生效日期"), widget=forms.DateInput(attrs={"type": "date"}))
    why = forms.CharField(label=gettext_lazy("修改原因"), max_length=500, widget=forms.Textarea)

    def __init__(self, data: Any = None, *, rule: Rule, today: date) -> None:
        """Ask for a value of the sort that ``rule`` has."""
        self.rule, self.today, self.sort = rule, today, sort_of(rule.value)
        initial = {"valid_from": today + timedelta(days=1), "mark": "D", **_initial(rule, self.sort)}
        super().__init__(data, initial=initial)
        fields: dict[str, Any] = self.fields
        fields["mark"].choices = _marks()
        fields.update(_value_fields(rule, self.sort))

    def clean_valid_from(self) -> date:
        """Refuse a day that is over: what held then held then."""
        day: date = self.cleaned_data["valid_from"]
        if day < self.today:
            raise forms.ValidationError(_("生效日期不能早于今天：过去按当时的值算，不能改动。"))
        return day

    def value(self) -> Any:
        """Return the value typed, of the sort that the rule has."""
        data = self.cleaned_data
        match self.sort:
            case Sort.DURATION:
                return {"amount": data["amount"], "unit": data["unit"]}
            case Sort.YES_NO:
                return data["value"] == "yes"
            case Sort.TIME:
                return f"{data['value']:%H:%M}"
            case Sort.TABLE:
                return {key: data[f"value_{n}"] for n, key in enumerate(self.rule.value)}  # type: ignore[arg-type]
            case _:
                return data["value"]

    def value_names(self) -> list[str]:
        """Return the names of the fields that make up the value, in order."""
        return [n for n in self.fields if n in {"amount", "unit", "value"} or n.startswith("value_")]


def _initial(rule: Rule, sort: Sort) -> dict[str, Any]:
    held: Any = rule.value
    match sort:
        case Sort.DURATION:
            return {"amount": held["amount"], "unit": held["unit"]}
        case Sort.YES_NO:
            return {"value": "yes" if held else "no"}
        case Sort.LIST:
            return {"value": "\n".join(str(v) for v in held)}
        case Sort.TABLE:
            return {f"value_{n}": v for n, v in enumerate(held.values())}
        case Sort.DATA:
            return {"value": as_json(held)}
        case _:
            return {"value": held}


def _number(sample: Any, label: Any) -> forms.Field:
    if isinstance(sample, Decimal):
        return forms.DecimalField(label=label, max_digits=16, decimal_places=6)
    if isinstance(sample, int):
        return forms.IntegerField(label=label, min_value=-(10**9), max_value=10**12)
    return forms.CharField(label=label, max_length=200)


def _value_fields(rule: Rule, sort: Sort) -> dict[str, forms.Field]:
    held: Any = rule.value
    label = _("新的值（%(unit)s）") % {"unit": rule.unit} if rule.unit else _("新的值")
    match sort:
        case Sort.DURATION:
            units = [(code, words) for code, words in UNITS.items()]
            return {
                "amount": forms.IntegerField(label=_("新的时限"), min_value=1, max_value=100_000),
                "unit": forms.ChoiceField(label=_("单位"), choices=units),
            }
        case Sort.YES_NO:
            return {"value": forms.ChoiceField(label=label, choices=[("yes", _("是")), ("no", _("否"))])}
        case Sort.TIME:
            return {"value": forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}))}
        case Sort.LIST:
            return {"value": _Lines(held[0] if held else "", label=label)}
        case Sort.TABLE:
            return {f"value_{n}": _number(v, key) for n, (key, v) in enumerate(held.items())}
        case Sort.DATA:
            return {"value": _Data(held, label=label)}
        case _:
            return {"value": _number(held, label)}


class _Lines(forms.CharField):
    """A list, one entry a line, each of the sort of ``sample``."""

    def __init__(self, sample: Any, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea, max_length=5_000, **kwargs)
        self.sample = sample

    def clean(self, value: Any) -> list[Any]:
        """Return the entries."""
        lines = [line.strip() for line in str(super().clean(value)).splitlines() if line.strip()]
        if isinstance(self.sample, str):
            return lines
        kind = Decimal if isinstance(self.sample, Decimal) else int
        try:
            return [kind(line) for line in lines]
        except (ValueError, ArithmeticError) as error:
            raise forms.ValidationError(_("每行应为一个数。")) from error


class _Data(forms.CharField):
    """A table of tables as JSON, of the same outer sort as before."""

    def __init__(self, sample: Any, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea, max_length=20_000, **kwargs)
        self.sample = sample

    def clean(self, value: Any) -> Any:
        """Return the data."""
        try:
            found = json.loads(str(super().clean(value)), parse_float=Decimal)
        except ValueError as error:
            raise forms.ValidationError(_("不是有效的 JSON，请检查括号、引号和逗号。")) from error
        if type(found) is not type(self.sample):
            raise forms.ValidationError(_("应与原值的结构相同。"))
        if isinstance(found, list) and not all(isinstance(entry, dict) for entry in found):
            raise forms.ValidationError(_("应与原值的结构相同。"))
        return from_json(found)


class WithdrawForm(DomainForm):
    """Why a value that has not begun is taken back."""

    valid_from = forms.DateField(widget=forms.HiddenInput)
    why = forms.CharField(label=gettext_lazy("撤回原因"), max_length=500)
