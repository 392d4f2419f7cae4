"""The shape of the list's filters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from linli.engines.cases import selectors
from linli.engines.cases.selectors import Filters
from linli.engines.cases.types import Source
from linli.engines.cases.workflow import Level, State
from linli.interfaces.desk import directory
from linli.interfaces.desk.cases.boxes import BOXES

TABS = {
    "": _("全部"),
    "new": _("待受理"),
    "doing": _("处置中"),
    "check": _("待核查"),
    "closed": _("已办结"),
    "overdue": _("已超期"),
}

# What a bike company's line counts; only the page of the companies leads here.
FIGURES = {
    "notified": _("通知过企业"),
    "within": _("按时清走"),
    "late": _("企业超时"),
    "waiting": _("未到期或待核查"),
    "removed": _("已清走"),
    "rework": _("核查退回过"),
    "repeat": _("同点返潮"),
}


def _choices(*pairs: tuple[str, Any]) -> Callable[[], list[tuple[str, Any]]]:
    """Return the choices as a function: Django copies a list of them, word by word, for every form."""
    return lambda: list(pairs)


class FilterForm(forms.Form):
    """What a list may be narrowed to; unknown values are left out, not refused."""

    tab = forms.ChoiceField(choices=_choices(*TABS.items()), required=False)
    box = forms.ChoiceField(choices=_choices(("", ""), *BOXES.items()), required=False)
    q = forms.CharField(max_length=60, required=False, strip=True)
    state = forms.MultipleChoiceField(choices=_choices(*State.choices), required=False)
    category = forms.CharField(max_length=32, required=False)
    level = forms.ChoiceField(choices=_choices(("", _("全部")), *Level.choices), required=False)
    source = forms.ChoiceField(choices=_choices(("", _("全部")), *Source.choices), required=False)
    area = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    unit = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    due = forms.ChoiceField(
        choices=_choices(
            ("", _("全部")), ("overdue", _("已超期")), ("today", _("今天到期")), ("rest", _("今天还将到期"))
        ),
        required=False,
    )
    urgent = forms.BooleanField(required=False)
    relapse = forms.BooleanField(required=False)
    figure = forms.ChoiceField(choices=[("", ""), *FIGURES.items()], required=False)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    closed_since = forms.DateField(required=False)
    order = forms.ChoiceField(choices=_choices(("", _("最近到期")), ("new", _("最新上报"))), required=False)


def _midnight_after(now: datetime) -> datetime:
    zone = ZoneInfo(settings.TIME_ZONE)
    day = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time.min, zone)


def _tab(tab: str) -> dict[str, Any]:
    if tab in selectors.TABS:
        return {"states": tuple(s.value for s in selectors.TABS[tab])}
    if tab == "overdue":
        return {"overdue": True, "open": True}
    return {"open": False, "order": "new"} if tab == "closed" else {}


def parse(query: QueryDict, now: datetime) -> tuple[FilterForm, Filters]:
    """Return the form as it was sent and the filters it asks for."""
    form = FilterForm(query)
    form.is_valid()
    data = {name: form.cleaned_data.get(name) for name in form.fields}
    area = next((a for a in directory.areas(now.date()) if a.id == data["area"]), None)
    category = selectors.category(data["category"] or "")
    codes = (
        [n.spec.code for n in selectors.categories() if n.parent == data["category"]]
        if category and not category.leaf
        else []
    )
    fields: dict[str, Any] = {
        "box": data["box"] or "",
        "text": data["q"] or "",
        "unit_id": data["unit"],
        "urgent": bool(data["urgent"]),
        "relapse": bool(data["relapse"]),
        "figure": data["figure"] or "",
        "since": data["since"],
        "until": data["until"],
        "area_path": area.path if area else "",
        "categories": tuple(codes) or ((data["category"],) if data["category"] else ()),
        "levels": (data["level"],) if data["level"] else (),
        "sources": (data["source"],) if data["source"] else (),
        "order": data["order"] or ("new" if data["since"] or data["q"] else "due"),
        "closed_since": data["closed_since"],
    }
    if data["closed_since"]:
        fields |= {"open": False, "order": "new"}
    fields |= _tab(data["tab"] or "")
    if data["state"]:
        fields["states"] = tuple(data["state"])
    if data["due"] == "overdue":
        fields |= {"overdue": True, "open": True}
    elif data["due"] == "today":
        fields |= {"due_by": _midnight_after(now), "open": True}
    elif data["due"] == "rest":
        fields |= {"due_from": now, "due_by": _midnight_after(now), "open": True}
    return form, Filters(**fields)
