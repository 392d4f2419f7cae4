"""What is typed into the pages of frontages, blind spots and lanes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.interfaces.desk.acting import ActForm
from linli.interfaces.desk.doors import today
from linli.interfaces.desk.streets.forms import MORE, PHOTO, Photos, areas, fill, pick, units
from linli.interfaces.web.forms import day_field, photo_field, words_field
from linli.programmes.streets import selectors
from linli.programmes.streets.rules import shipped
from linli.programmes.streets.types import Served, SpotKind


def _metres(label: Any, initial: str) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_value=500, decimal_places=1, initial=initial)


class DutyForm(ActForm):
    """What a door answers for, and how far."""

    left = _metres(gettext_lazy("门中线向左（米）"), "3")
    right = _metres(gettext_lazy("门中线向右（米）"), "3")
    out = _metres(gettext_lazy("向外（米）"), "3")
    sides = words_field(gettext_lazy("界线"), 200, hint=gettext_lazy("例如：左至隔壁便利店，右至弄口，外至路缘石。"))
    contents = forms.MultipleChoiceField(label=gettext_lazy("责任内容"), widget=forms.CheckboxSelectMultiple)

    def offer(self) -> None:
        """Offer the shipped duties; of one to be changed, what it is now."""
        found: Any = self.fields["contents"]
        found.choices = list(shipped.duties().items())
        found.initial = list(shipped.duties())[:5]
        if self.row is not None and hasattr(self.row, "left"):
            for name in ("left", "right", "out", "sides", "contents"):
                self.fields[name].initial = getattr(self.row, name)


class ServeForm(ActForm):
    """That the notice was given."""

    served = forms.ChoiceField(label=gettext_lazy("送达给"), choices=Served.choices)
    on = day_field(gettext_lazy("送达日期"), initial=today)
    photo = photo_field(gettext_lazy("签收回执照片"), required=False)


class SpotForm(Photos):
    """A place that nobody looks after."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=SpotKind.choices, widget=forms.RadioSelect)
    place = words_field(gettext_lazy("在哪里"), 120, required=True, hint=gettext_lazy("例如：后弄 3 号与围墙之间。"))
    area_id = pick(gettext_lazy("区域"))
    text = words_field(gettext_lazy("什么情况"), 500, required=True, rows=3)
    unit_id = pick(gettext_lazy("责任单位"), required=True)
    immediate = forms.TypedChoiceField(
        label=gettext_lazy("急不急"), coerce=lambda v: v == "now", widget=forms.RadioSelect, initial="later",
        choices=[("later", gettext_lazy("按期整改")), ("now", gettext_lazy("立即整改"))],
    )  # fmt: skip
    due_on = day_field(
        gettext_lazy("整改期限"), help_text=gettext_lazy("选了立即整改的，期限是当天，并当场立案派给责任单位。")
    )
    field_order = ("kind", "place", "area_id", "text", "unit_id", "immediate", "due_on", "photo", "photo2")

    def offer(self) -> None:
        """Offer units and areas."""
        fill(self, "unit_id", units())
        fill(self, "area_id", areas())
        self.fields["due_on"].initial = today() + timedelta(days=selectors.number("spot_days", today()))


class FixForm(ActForm):
    """That a spot was put right."""

    text = words_field(gettext_lazy("怎样整改的"), 500, required=True, rows=2)
    photo = photo_field(PHOTO)
    photo2 = photo_field(MORE, required=False)


class LookForm(ActForm):
    """What a second look found."""

    text = words_field(gettext_lazy("复核情况"), 500, required=True, rows=2)


class LaneForm(ActForm):
    """A lane's plan."""

    facts = words_field(
        gettext_lazy("基本情况"), 2000, rows=3, hint=gettext_lazy("门牌、户数、出入口、管理主体；不写个人信息。")
    )
    plan = words_field(gettext_lazy("整治方案"), 4000, rows=5)
    unit_id = pick(gettext_lazy("责任单位"))
    due_on = day_field(gettext_lazy("完成期限"), required=False)

    def offer(self) -> None:
        """Offer the units; of a plan to be changed, what it is now."""
        fill(self, "unit_id", units(), empty=_("还没有定"))
        if self.row is not None and hasattr(self.row, "plan"):
            for name in ("facts", "plan", "unit_id", "due_on"):
                self.fields[name].initial = getattr(self.row, name)


class ProblemForm(ActForm):
    """A problem of a lane."""

    text = words_field(gettext_lazy("问题"), 300, required=True, rows=2)


class SolveForm(ActForm):
    """Which problem is solved."""

    problem = pick(gettext_lazy("哪个问题"), required=True)
    photo = photo_field(gettext_lazy("整改后的照片"), required=False)

    def offer(self) -> None:
        """Offer the open problems."""
        rows = self.row.problems.filter(solved_on__isnull=True) if self.row is not None else []
        fill(self, "problem", [(p.pk, p.text[:60]) for p in rows])


class LanePhotoForm(ActForm):
    """Pictures of before or after."""

    when = forms.ChoiceField(
        label=gettext_lazy("什么时候"), widget=forms.RadioSelect,
        choices=[("before", gettext_lazy("整治前")), ("after", gettext_lazy("整治后"))], initial="before",
    )  # fmt: skip
    photo = photo_field(PHOTO)
    photo2 = photo_field(MORE, required=False)


class TaskForm(ActForm):
    """A measure as a task."""

    title = words_field(gettext_lazy("任务"), 100, required=True)
    unit_id = pick(gettext_lazy("承办单位"), required=True)
    due_on = day_field(gettext_lazy("期限"))

    def offer(self) -> None:
        """Offer the units."""
        fill(self, "unit_id", units())


class ResultForm(ActForm):
    """What came of a plan."""

    result = words_field(gettext_lazy("成效"), 2000, required=True, rows=3)
    photo = photo_field(gettext_lazy("整治后的照片"), required=False)
    photo2 = photo_field(MORE, required=False)


class Plain(ActForm):
    """An act that needs nothing typed."""
