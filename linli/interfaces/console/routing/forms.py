"""The form of one routing rule, the form of a place to try, and what they become."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases.types import Source
from linli.engines.cases.workflow import Level
from linli.foundation.people import selectors as people
from linli.interfaces.console.routing.words import Names, answer_key, kind_name
from linli.interfaces.web.forms import DomainForm

SPARE = 1
"""Empty exemptions that the form offers beside those that there are."""
MOST_EXEMPTIONS = 8


class _Several(forms.MultipleChoiceField):
    """Boxes to tick; what a rule holds that is not offered any more stays until it is unticked."""

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, widget=forms.CheckboxSelectMultiple)

    def valid_value(self, value: Any) -> bool:
        return len(str(value)) <= 200


class _Clock(forms.TimeField):
    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}))


class _Day(forms.DateField):
    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


class RuleForm(DomainForm):
    """One rule: whom it takes, when it does not hold, where it sends."""

    name = forms.CharField(label=gettext_lazy("规则名称"), max_length=80)
    categories = _Several(gettext_lazy("分类"))
    areas = _Several(gettext_lazy("地域"))
    sources = _Several(gettext_lazy("来源"))
    hours_from = _Clock(gettext_lazy("自"))
    hours_to = _Clock(gettext_lazy("至"))
    answers = _Several(gettext_lazy("回答"))
    unit = forms.ChoiceField(label=gettext_lazy("主办单位"))
    helpers = _Several(gettext_lazy("协办单位"))
    level = forms.ChoiceField(label=gettext_lazy("级别"), required=False)
    note = forms.CharField(label=gettext_lazy("说明（选填）"), max_length=1000, required=False)
    active = forms.BooleanField(label=gettext_lazy("启用"), required=False)

    def __init__(self, data: Any = None, *, known: Names, raw: Mapping[str, Any] | None = None) -> None:
        """Offer what ``known`` names; show ``raw`` where nothing was typed."""
        raw = _readable(raw) if raw else None
        self.kept: dict[str, Any] = dict(raw["conditions"]) if raw else {}
        self.exemption_count = min(MOST_EXEMPTIONS, len(self._kept_exemptions()) + SPARE)
        if data is not None:
            self.exemption_count = sum(f"ex{n}_basis" in data for n in range(MOST_EXEMPTIONS))
        super().__init__(data, initial=_initial(raw) if raw else {"active": True})
        fields: dict[str, Any] = self.fields
        chosen = str((self.data if data is not None else self.initial).get("unit") or "")
        fields["unit"].choices = main_choices(known, chosen)
        fields["level"].choices = [("", _("按分类")), *Level.choices]
        for n in range(self.exemption_count):
            fields[f"ex{n}_areas"] = _Several(_("区域"))
            fields[f"ex{n}_from"] = _Clock(_("自"))
            fields[f"ex{n}_to"] = _Clock(_("至"))
            fields[f"ex{n}_first"] = _Day(_("首日"))
            fields[f"ex{n}_last"] = _Day(_("末日"))
            fields[f"ex{n}_basis"] = forms.CharField(label=_("依据"), max_length=120, required=False)

    def _kept_exemptions(self) -> list[Any]:
        found = self.kept.get("exemptions")
        return list(found) if isinstance(found, list | tuple) else []

    def clean(self) -> dict[str, Any]:
        """Ask for both ends of a time, and for something that an exemption is of."""
        data = super().clean() or {}
        pairs = [("hours_from", "hours_to")] + [(f"ex{n}_from", f"ex{n}_to") for n in range(self.exemption_count)]
        for start, end in pairs:
            if (data.get(start) is None) != (data.get(end) is None) and not {start, end} & set(self.errors):
                self.add_error(start, _("请同时填写起止时间。"))
        for n in range(self.exemption_count):
            first, last = data.get(f"ex{n}_first"), data.get(f"ex{n}_last")
            if first and last and first > last:
                self.add_error(f"ex{n}_last", _("末日不能早于首日。"))
            if data.get(f"ex{n}_basis") and _exemption(data, n) is None and not self.errors:
                self.add_error(f"ex{n}_basis", _("请选择区域，或填写时段、日期。"))
        return data

    def rule(self) -> dict[str, Any]:
        """Return the rule as the services take it."""
        data = self.cleaned_data
        kept = self.kept.get("answers") or {}
        by_key = {answer_key(code, value): (code, value) for code, value in kept.items()} if kept else {}
        return {
            "name": data["name"],
            "active": data["active"],
            "note": data["note"],
            "conditions": {
                "categories": data["categories"],
                "area_paths": data["areas"],
                "sources": data["sources"],
                "hours": _span(data["hours_from"], data["hours_to"]),
                "answers": dict(by_key.get(key) or _answer(key) for key in data["answers"]),
                "exemptions": [e for n in range(self.exemption_count) if (e := _exemption(data, n))],
            },
            "action": {**_unit(data["unit"]), "helper_kinds": data["helpers"], "level": data["level"]},
        }


def _mapping(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _readable(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return what can be shown of a rule: a damaged one is mended in its form, so nothing in it may break that."""
    held, action = _mapping(raw.get("conditions")), _mapping(raw.get("action"))
    held |= {part: _list(held.get(part)) for part in ("categories", "area_paths", "sources", "hours", "exemptions")}
    held["answers"] = _mapping(held.get("answers"))
    held["exemptions"] = [_mapping(e) for e in held["exemptions"]]
    for part in [held, *held["exemptions"]]:
        part["hours"] = hours if len(hours := _list(part.get("hours"))) == 2 else []
    return {**raw, "conditions": held, "action": {**action, "helper_kinds": _list(action.get("helper_kinds"))}}


def _answer(key: str) -> tuple[str, Any]:
    code, _equals, value = key.partition("=")
    return code, {"true": True, "false": False}.get(value, value)


def _span(start: time | None, end: time | None) -> list[str]:
    return [f"{start:%H:%M}", f"{end:%H:%M}"] if start is not None and end is not None else []


def _exemption(data: Mapping[str, Any], n: int) -> dict[str, Any] | None:
    found = {
        "area_paths": data.get(f"ex{n}_areas"),
        "hours": _span(data.get(f"ex{n}_from"), data.get(f"ex{n}_to")),
        "first": str(data.get(f"ex{n}_first") or ""),
        "last": str(data.get(f"ex{n}_last") or ""),
    }
    kept = {k: v for k, v in found.items() if v}
    return {**kept, "basis": data.get(f"ex{n}_basis") or ""} if kept else None


def _unit(value: str) -> dict[str, Any]:
    sort, _colon, what = value.partition(":")
    return {"unit_id": int(what)} if sort == "unit" else {"unit_kind": what}


def _unit_value(action: Mapping[str, Any]) -> str:
    if action.get("unit_id") is not None:
        return f"unit:{action['unit_id']}"
    return f"kind:{action['unit_kind']}" if action.get("unit_kind") else ""


def _initial(raw: Mapping[str, Any]) -> dict[str, Any]:
    held, action = raw.get("conditions") or {}, raw.get("action") or {}
    hours = held.get("hours") or ["", ""]
    found: dict[str, Any] = {
        "name": raw.get("name", ""),
        "active": raw.get("active", True),
        "note": raw.get("note", ""),
        "categories": held.get("categories") or [],
        "areas": held.get("area_paths") or [],
        "sources": held.get("sources") or [],
        "hours_from": hours[0],
        "hours_to": hours[-1],
        "answers": [answer_key(c, v) for c, v in (held.get("answers") or {}).items()],
        "unit": _unit_value(action),
        "helpers": action.get("helper_kinds") or [],
        "level": action.get("level", ""),
    }
    for n, exemption in enumerate(held.get("exemptions") or []):
        start, end = exemption.get("hours") or ["", ""]
        found |= {
            f"ex{n}_areas": exemption.get("area_paths") or [],
            f"ex{n}_from": start,
            f"ex{n}_to": end,
            f"ex{n}_first": exemption.get("first", ""),
            f"ex{n}_last": exemption.get("last", ""),
            f"ex{n}_basis": exemption.get("basis", ""),
        }
    return found


def main_choices(known: Names, chosen: str = "") -> list[tuple[str, str]]:
    """Return the units that a rule may send to: the local unit of a kind, a department, one unit by name."""
    kinds = [
        (f"kind:{k}", _("当地的%(kind)s") % {"kind": label})
        for k, label in people.unit_kinds().items()
        if k != "department"
    ]
    departments = [(f"kind:department/{d}", d) for d in known.departments]
    units = [(f"unit:{pk}", _("固定为：%(unit)s") % {"unit": name}) for pk, name in known.units.items()]
    found = [("", _("请选择")), *departments, *kinds, *units]
    if chosen and chosen not in {value for value, _label in found}:
        found.insert(1, (chosen, _("已不存在的单位（%(code)s）") % {"code": chosen.partition(":")[2]}))
    return found


def helper_choices(known: Names, chosen: list[str]) -> list[dict[str, str]]:
    """Return the kinds and departments that may be asked to help."""
    kinds = [k for k, _label in people.unit_kinds().items() if k not in {"department", "other", "task_force"}]
    values = [*kinds, *(f"department/{d}" for d in known.departments)]
    values += [c for c in chosen if c not in values]
    return [{"value": v, "label": kind_name(v, known)} for v in values]


class TryForm(DomainForm):
    """A place, a kind of problem, a source and a moment."""

    category = forms.ChoiceField(label=gettext_lazy("分类"))
    source = forms.ChoiceField(label=gettext_lazy("来源"), choices=Source.choices)
    at = forms.DateTimeField(
        label=gettext_lazy("反映时间"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), required=False
    )
    address = forms.CharField(label=gettext_lazy("地址或小区名"), max_length=80, required=False)
    area = forms.ChoiceField(label=gettext_lazy("或选居民区"), required=False)
    point_lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    point_lon = forms.FloatField(required=False, min_value=-180, max_value=180)
    answers = _Several(gettext_lazy("回答"))
    which = forms.ChoiceField(
        label=gettext_lazy("规则"),
        choices=[("draft", gettext_lazy("草稿")), ("force", gettext_lazy("现行"))],
        required=False,
    )

    def __init__(self, data: Any = None, *, known: Names, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the categories and areas that there are."""
        super().__init__(data, **kwargs)
        fields: dict[str, Any] = self.fields
        leaves = [(code, name) for group in known.groups.values() for code, name in group]
        fields["category"].choices = [("", _("请选择")), *leaves]
        fields["area"].choices = [("", _("不选")), *areas]


class ReasonForm(DomainForm):
    """Why a list is put in force."""

    reason = forms.CharField(label=gettext_lazy("调整原因"), max_length=500)
    version = forms.IntegerField(widget=forms.HiddenInput)
