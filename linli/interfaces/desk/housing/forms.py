"""What is typed into the pages of shared flats."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.fieldwork import selectors as fieldwork
from linli.foundation.core import clock
from linli.foundation.people import selectors as people
from linli.foundation.rulebook import selectors as rulebook
from linli.interfaces.desk import directory
from linli.interfaces.desk.acting import ActForm
from linli.interfaces.desk.doors import today, unit_options
from linli.interfaces.desk.made_for import form_field, offer
from linli.interfaces.desk.visits.forms import fill, pick
from linli.interfaces.web.forms import day_field, words_field
from linli.programmes.housing import selectors
from linli.programmes.housing.permissions import law_units
from linli.programmes.housing.types import CHECK, Entry, PaperKind

_COUNTED = re.compile(r"^(.*?)[\s:：×xX*]*(\d{1,4})?\s*[个块张只套件付]?$")


class ReasonForm(ActForm):
    """An act that needs its reason."""

    reason = words_field(gettext_lazy("理由"), 300, required=True, rows=2)


class NoteForm(ActForm):
    """An act with a remark."""

    text = words_field(gettext_lazy("情况说明"), 300, rows=2, hint=gettext_lazy("只写经过，不写姓名。"))


class OpenForm(ActForm):
    """Which flat is taken up."""

    target = forms.ChoiceField(label=gettext_lazy("房屋"))
    note = words_field(gettext_lazy("怎么知道的"), 500, rows=3, hint=gettext_lazy("只写房屋情况，不写租客信息。"))

    def __init__(self, *args: Any, flats: Any = (), **kw: Any) -> None:
        """Offer the flats found."""
        super().__init__(*args, **kw)
        self.fields["target"].choices = list(flats)  # type: ignore[attr-defined]


def officers() -> list[tuple[Any, str]]:
    """Return the law officers as choices."""
    found: dict[int, str] = {}
    for unit in sorted(law_units()):
        found |= {h.user_id: h.name for h in people.members_of(unit, now=clock.now())}
    return sorted(found.items(), key=lambda x: x[1])


class VerifyForm(ActForm):
    """How two officers came in, and who the other is."""

    entry = forms.ChoiceField(label=gettext_lazy("怎样进入"), choices=Entry.choices, widget=forms.RadioSelect)
    second_id = pick(gettext_lazy("另一名执法人员"))
    text = words_field(gettext_lazy("核实情况"), 300, rows=3, hint=gettext_lazy("只写房屋和事实，不写姓名。"))

    def offer(self) -> None:
        """Offer the other officers."""
        own = self.by.user_id if self.by is not None else None
        said = _("须有另一名执法人员（%(article)s）。") % {"article": selectors.article("two", clock.now())}
        self.fields["second_id"].error_messages["required"] = said
        fill(self, "second_id", [(pk, name) for pk, name in officers() if pk != own])


class PaperForm(ActForm):
    """A paper or a picture."""

    kind = forms.ChoiceField(label=gettext_lazy("材料"), choices=PaperKind.choices)
    text = words_field(
        gettext_lazy("内容"), 5000, rows=5, hint=gettext_lazy("加密保存，只有执法人员可以查看，查看留痕。")
    )
    declined = forms.MultipleChoiceField(
        label=gettext_lazy("陈述"), required=False, choices=[("yes", gettext_lazy("本人不愿陈述"))],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    file = forms.FileField(label=gettext_lazy("文件或照片"), required=False)


class PlanForm(ActForm):
    """How a flat is put right."""

    text = words_field(gettext_lazy("整治方案"), 1000, required=True, rows=4)
    units = forms.TypedMultipleChoiceField(
        label=gettext_lazy("参加单位"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    joint_on = day_field(gettext_lazy("整治日期"))
    safety = words_field(
        gettext_lazy("安全措施"), 500, required=True, rows=3, hint=gettext_lazy("断电断气、防坠落、老人儿童安置等。")
    )
    basis = words_field(gettext_lazy("法律依据"), 2000, required=True, rows=3, hint=gettext_lazy("每行一条。"))

    def offer(self) -> None:
        """Offer the units; start with the articles of the rulebook."""
        path = self.row.area_path if self.row is not None else ""
        kinds = ("enforcement", "police", "housing", "market", "department", "property_company")
        near = [u for u in people.units_of_kind("neighbourhood_committee") if u.area and path.startswith(u.area.path)]
        offered = [(o["value"], o["label"]) for o in unit_options(kinds)] + [(u.pk, u.name) for u in near]
        self.fields["units"].choices = offered  # type: ignore[attr-defined]
        self.fields["basis"].initial = "\n".join(rulebook.value("housing.basis", on=today()))


class ActionForm(ActForm):
    """What a joint action did."""

    on = day_field(gettext_lazy("整治日期"), initial=today)
    removed = words_field(
        gettext_lazy("拆除的物品"),
        1000,
        required=True,
        rows=4,
        hint=gettext_lazy("每行一种，后面写数量，如：隔离板 4。"),
    )
    restored = words_field(gettext_lazy("恢复的格局"), 500, required=True, rows=3)

    def clean_removed(self) -> tuple[tuple[str, int], ...]:
        """Return what was removed, and how many of each."""
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["removed"].splitlines())):
            match = _COUNTED.match(line)
            if match is None or not match[1].strip():
                raise forms.ValidationError(_("这一行看不懂：%(line)s") % {"line": line[:40]})
            found.append((match[1].strip(), int(match[2] or 1)))
        return tuple(found)


class EducateForm(ActForm):
    """How the law was explained."""

    on = day_field(gettext_lazy("日期"), initial=today)
    text = words_field(gettext_lazy("怎样宣传"), 300, required=True, rows=2)


class WatchForm(ActForm):
    """Who reports every month."""

    firm_id = pick(gettext_lazy("负责零报告的物业企业"))

    def offer(self) -> None:
        """Offer the property firms."""
        said = _("请选择物业企业（%(article)s）。") % {"article": selectors.article("firm", clock.now())}
        self.fields["firm_id"].error_messages["required"] = said
        fill(self, "firm_id", [(u.pk, u.name) for u in people.units_of_kinds(["property_company"])])


class SweepForm(ActForm):
    """A sweep of a building, or a sample of an area."""

    title = words_field(gettext_lazy("名称"), 100, required=True)
    building = forms.ChoiceField(label=gettext_lazy("楼栋"), required=False)
    area_id = pick(gettext_lazy("抽查区域"), required=False, hint=gettext_lazy("不选楼栋时，在这个区域抽样。"))
    wanted = forms.IntegerField(label=gettext_lazy("抽查户数"), required=False, min_value=1, max_value=2000)
    seed = words_field(
        gettext_lazy("随机种子"), 40, hint=gettext_lazy("抽样前写下，如“2026-03 第一次”；写进记录，谁都可以重抽核对。")
    )
    form = form_field()
    unit_id = pick(gettext_lazy("组织单位"))
    starts_on = day_field(gettext_lazy("开始"), initial=today)
    ends_on = day_field(gettext_lazy("结束"))

    def offer(self) -> None:
        """Offer buildings, areas, forms and units."""
        offer(self, CHECK)
        there = fieldwork.of_kinds(self.by, ["building"]).filter(until=None) if self.by is not None else None
        rows = there.order_by("sort_key")[:500] if there is not None else []
        buildings = [(str(t.uuid), t.address or t.name) for t in rows]
        self.fields["building"].choices = [("", _("抽样，不按楼栋")), *buildings]  # type: ignore[attr-defined]
        fill(self, "area_id", ((a.id, a.name) for a in directory.areas(today())), empty=_("全街道"))
        own = self.by.unit_ids if self.by is not None else frozenset()
        units = [(o["value"], o["label"]) for o in unit_options()]
        fill(self, "unit_id", sorted(units, key=lambda u: u[0] not in own))
