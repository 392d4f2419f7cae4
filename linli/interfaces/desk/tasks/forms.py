"""Giving a task: one form, and the names of units as people type them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases.workflow import CENTRE, CONVENERS
from linli.engines.projects import selectors
from linli.engines.projects.types import Asked, NewTask, Priority, Strand
from linli.foundation.core import clock
from linli.foundation.core.errors import InvalidError
from linli.foundation.people import selectors as people
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import local
from linli.interfaces.web.forms import DomainForm, day_field, text_field

GIVERS = CENTRE | CONVENERS | {"unit_head", "supervisor"}
_PARTED = re.compile(r"[、，,;；\s]+")
YES, NO = "yes", "no"


def entry_choices(empty: Any) -> list[tuple[Any, Any]]:
    """Return the entries in force of what may be asked of a 居民区, as choices."""
    return [("", empty), *((e.pk, e.title) for e in selectors.entries(local(clock.now()).date()))]


def units_named(text: str) -> tuple[int, ...]:
    """Return the units that ``text`` names, parted by 、 or commas.

    Raises:
        InvalidError: one of them is no unit.
    """
    found = []
    for name in _PARTED.split(text.strip()):
        unit = directory.unit_named(name) if name else None
        if name and unit is None:
            raise InvalidError(_("没有名为“%(name)s”的单位。") % {"name": name[:40]}, code="desk.unit")
        if unit is not None:
            found.append(unit.id)
    return tuple(dict.fromkeys(found))


def words_in(text: str) -> tuple[str, ...]:
    """Return the words of a list parted by 、 or commas."""
    return tuple(dict.fromkeys(w for w in _PARTED.split(text.strip()) if w))


def body_choices(on: date) -> list[tuple[Any, Any]]:
    """Return the leading groups that there are, as choices: one statement."""
    return [("", _("不属于")), *((b.pk, b.unit.name) for b in people.bodies(on, size=200).rows)]


class TaskForm(DomainForm):
    """What a unit is to do by a day; a 居民区 under which entry of the list."""

    title = forms.CharField(label=gettext_lazy("做什么"), max_length=200)
    unit = forms.TypedChoiceField(label=gettext_lazy("责任单位"), coerce=int)
    due_on = day_field(gettext_lazy("完成期限"))
    what = forms.ChoiceField(
        label=gettext_lazy("形式"), choices=Asked.choices, initial=Asked.TASK, widget=forms.RadioSelect
    )
    acceptance = forms.ChoiceField(
        label=gettext_lazy("怎样算完成"),
        choices=[(YES, gettext_lazy("由交办方验收")), (NO, gettext_lazy("承担单位填写结果即办结"))],
        initial=YES,
        required=False,
        widget=forms.RadioSelect,
    )
    admission = forms.TypedChoiceField(
        label=gettext_lazy("清单事项"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("交给居民区时选择：协助行政事项清单中的哪一项。"),
    )
    outside_reason = text_field(
        gettext_lazy("清单外的理由"),
        required=False,
        longest=500,
        rows=2,
        help_text=gettext_lazy("清单没有的事项，写明为什么需要居民区做；居委会可以退回。"),
    )
    detail = text_field(gettext_lazy("具体要求"), required=False, longest=2_000)
    helpers = forms.CharField(
        label=gettext_lazy("配合单位"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("单位名称或简称，几个单位用顿号分开。"),
    )
    evidence = forms.CharField(
        label=gettext_lazy("佐证材料"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("例如：前后对比照片、会议纪要。"),
    )
    evidence_files = forms.IntegerField(
        label=gettext_lazy("至少几个文件"), min_value=0, max_value=20, required=False, initial=0
    )
    weight = forms.IntegerField(label=gettext_lazy("权重"), min_value=1, max_value=100, required=False, initial=1)
    priority = forms.TypedChoiceField(
        label=gettext_lazy("重要程度"), coerce=int, choices=Priority.choices, initial=Priority.NORMAL, required=False,
        empty_value=None,
    )  # fmt: skip
    body = forms.TypedChoiceField(label=gettext_lazy("领导小组"), coerce=int, empty_value=None, required=False)
    strands = forms.MultipleChoiceField(
        label=gettext_lazy("三化"), choices=Strand.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    topics = forms.CharField(
        label=gettext_lazy("专题"), max_length=120, required=False, help_text=gettext_lazy("几个专题用顿号分开。")
    )

    MAIN: ClassVar[tuple[str, ...]] = ("title", "unit", "due_on", "what", "acceptance", "admission", "outside_reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the units, the entries in force and the leading groups."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].choices = [("", _("请选择")), *((u.id, u.name) for u in directory.units().values())]
        fields["admission"].choices = entry_choices(_("不适用"))
        fields["body"].choices = body_choices(local(clock.now()).date())

    @property
    def main(self) -> list[dict[str, Any]]:
        """The fields that every task asks for."""
        return [f for f in self.drawn if f["name"] in self.MAIN]

    @property
    def rest(self) -> list[dict[str, Any]]:
        """The fields that some tasks ask for."""
        return [f for f in self.drawn if f["name"] not in self.MAIN]

    @property
    def rest_open(self) -> bool:
        """Whether something was typed there, or is wrong there."""
        return any(f["errors"] for f in self.rest) or any(
            self.data.get(f["name"]) not in {None, "", "0", "1"} for f in self.rest
        )

    def clean_helpers(self) -> tuple[int, ...]:
        """Return the units named as helpers."""
        try:
            return units_named(self.cleaned_data["helpers"])
        except InvalidError as error:
            raise forms.ValidationError(error.message) from error

    def new(self, **more: Any) -> NewTask:
        """Return the task that was typed."""
        data = self.cleaned_data
        given: dict[str, Any] = {
            "title": data["title"],
            "unit_id": data["unit"],
            "due_on": data.get("due_on"),
            "what": Asked(data["what"]),
            "needs_acceptance": data["acceptance"] == YES,
            "admission_id": data["admission"],
            "outside_reason": data["outside_reason"],
            "source_label": _("直接布置"),
            "detail": data["detail"],
            "helper_ids": data["helpers"],
            "evidence": data["evidence"],
            "evidence_files": data["evidence_files"] or 0,
            "weight": data["weight"] or 1,
            "priority": Priority(data["priority"] or 0),
            "body_id": data["body"],
            "strands": tuple(Strand(s) for s in data["strands"]),
            "topics": words_in(data["topics"]),
        }
        return NewTask(**{**given, **more})
