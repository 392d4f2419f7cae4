"""What is typed into the lists, the week, campaigns, the log, volunteers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.interfaces.desk.acting import ActForm
from linli.interfaces.desk.civility.common import areas, case_categories, units
from linli.interfaces.desk.civility.forms import offer, pick, several
from linli.interfaces.desk.doors import today
from linli.interfaces.web.forms import day_field, photo_field, words_field
from linli.programmes.civility import selectors
from linli.programmes.civility.types import OF_LIST, Drive, Listed, LogKind, Role


def _points(by: Any) -> list[tuple[Any, Any]]:
    return [(str(p.uuid), f"{p.name}・{p.address}" if p.address else p.name) for p in selectors.points(by)]


class TodoForm(ActForm):
    """An entry of the lists, or an action of the week."""

    work = forms.ChoiceField(label=gettext_lazy("事项类别"))
    title = words_field(gettext_lazy("做什么"), 100, required=True)
    text = words_field(gettext_lazy("要求"), 500, rows=2)
    unit_id = pick(gettext_lazy("责任单位"), required=True)
    area_id = pick(gettext_lazy("居民区"))
    point = forms.ChoiceField(
        label=gettext_lazy("点位"), required=False, help_text=gettext_lazy("选了点位，完成时的照片进入同一地点的对比。")
    )
    due_on = day_field(gettext_lazy("完成期限"), initial=today)
    rota = words_field(
        gettext_lazy("值守安排"), 2000, rows=4,
        hint=gettext_lazy("一行一班，写岗位不写姓名，例如：周一 7:30—8:30 长宁路口 文明岗二人。"),
    )  # fmt: skip
    task = several(gettext_lazy("布置任务"), numbers=False)

    def offer(self) -> None:
        """Offer what the list takes."""
        offer(self, "work", [(w.value, w.label) for w in OF_LIST[self.row]])
        offer(self, "unit_id", units(), empty=_("请选择"))
        offer(self, "area_id", areas(), empty=_("不分居民区"))
        offer(self, "point", _points(self.by), empty=_("没有"))
        offer(self, "task", [("yes", _("给责任单位布置任务，结果回到这里"))])
        if self.row != Listed.TIMES:
            del self.fields["rota"]


class EndForm(ActForm):
    """What came of an entry."""

    result = words_field(gettext_lazy("完成情况"), 500, required=True, rows=2)
    photo = photo_field(gettext_lazy("现场照片"), required=False)

    def offer(self) -> None:
        """Ask for a photo only where there is a spot."""
        if getattr(self.row, "target_id", None) is None:
            del self.fields["photo"]


class DropForm(ActForm):
    """Why an entry is dropped."""

    result = words_field(gettext_lazy("原因"), 300, required=True, rows=2)


class ShotForm(ActForm):
    """A photo of a spot."""

    on = day_field(gettext_lazy("拍摄日期"), initial=today)
    photo = photo_field(gettext_lazy("照片"), help_text=gettext_lazy("请站在上一张的位置、朝同一方向拍。"))
    note = words_field(gettext_lazy("说明"), 120)


class CampaignForm(ActForm):
    """A campaign."""

    kind = forms.ChoiceField(label=gettext_lazy("行动"), choices=Drive.choices)
    title = words_field(gettext_lazy("名称"), 80, required=True)
    plan = words_field(gettext_lazy("计划"), 2000, rows=4)
    unit_id = pick(gettext_lazy("牵头单位"), required=True)
    area_id = pick(gettext_lazy("范围"))
    starts_on = day_field(gettext_lazy("开始日期"), initial=today)
    ends_on = day_field(gettext_lazy("结束日期"), initial=today)
    hours = words_field(gettext_lazy("时间安排"), 100, hint=gettext_lazy("例如：每周六上午 9 时至 11 时。"))
    helper_ids = several(gettext_lazy("参加单位"))
    categories = several(
        gettext_lazy("看哪些案件"), numbers=False,
        hint=gettext_lazy("行动前后同样天数里这些分类的案件数，会自动对比。"),
    )  # fmt: skip

    def offer(self) -> None:
        """Offer units, areas and categories."""
        offer(self, "unit_id", units(), empty=_("请选择"))
        offer(self, "area_id", areas(), empty=_("全街道"))
        offer(self, "helper_ids", units())
        offer(self, "categories", case_categories())


class DayForm(ActForm):
    """What was done on one day of a campaign."""

    on = day_field(gettext_lazy("日期"), initial=today)
    hours = words_field(gettext_lazy("时间"), 60, hint=gettext_lazy("例如：9:00—11:00。"))
    area_id = pick(gettext_lazy("地点"))
    text = words_field(gettext_lazy("做了什么"), 500, required=True, rows=3)
    headcount = forms.IntegerField(label=gettext_lazy("参加人数"), min_value=0, max_value=100_000, initial=0)
    amounts = words_field(gettext_lazy("数量"), 500, hint=gettext_lazy("写成“垃圾 12 袋；小广告 30 张”，会自动合计。"))
    unit_ids = several(gettext_lazy("参加单位"))
    before = photo_field(gettext_lazy("行动前照片"), required=False)
    after = photo_field(gettext_lazy("行动后照片"), required=False)

    def offer(self) -> None:
        """Offer the units that take part and the areas."""
        ours = {self.row.unit_id, *self.row.helper_ids}
        offer(self, "unit_ids", [(pk, name) for pk, name in units() if pk in ours])
        offer(self, "area_id", areas(), empty=_("不分地点"))


class CampaignEndForm(ActForm):
    """What came of a campaign."""

    result = words_field(gettext_lazy("行动结果"), 2000, required=True, rows=3)


class LogForm(ActForm):
    """A line of the office's log."""

    on = day_field(gettext_lazy("日期"), initial=today)
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=LogKind.choices)
    title = words_field(gettext_lazy("事项"), 100, required=True)
    text = words_field(gettext_lazy("情况"), 1000, rows=4)
    unit_id = pick(gettext_lazy("要求单位"), hint=gettext_lazy("要求某个单位整改、反馈的，选它并写期限。"))
    due_on = day_field(gettext_lazy("反馈期限"), required=False)

    def offer(self) -> None:
        """Offer units."""
        offer(self, "unit_id", units(), empty=_("不要求反馈"))


class AnswerForm(ActForm):
    """A unit's feedback."""

    feedback = words_field(gettext_lazy("情况反馈"), 1000, required=True, rows=3)


class ResultForm(ActForm):
    """The result with which a line of the log is closed."""

    result = words_field(gettext_lazy("处理结果"), 1000, required=True, rows=3)


class VolunteerForm(ActForm):
    """A volunteer."""

    role = forms.ChoiceField(label=gettext_lazy("角色"), choices=Role.choices)
    number = words_field(gettext_lazy("编号"), 20, required=True, hint=gettext_lazy("证件或袖标上的编号，不写姓名。"))
    unit_id = pick(gettext_lazy("所属单位"), required=True)

    def offer(self) -> None:
        """Offer units."""
        offer(self, "unit_id", units(), empty=_("请选择"))


class ServiceForm(ActForm):
    """What a volunteer did."""

    on = day_field(gettext_lazy("日期"), initial=today)
    point = forms.ChoiceField(label=gettext_lazy("点位"), required=False)
    text = words_field(gettext_lazy("做了什么"), 300, required=True, rows=2)
    minutes = forms.IntegerField(
        label=gettext_lazy("时长（分钟）"), min_value=1, max_value=720, help_text=gettext_lazy("不含路途时间。")
    )

    def offer(self) -> None:
        """Offer points."""
        offer(self, "point", _points(self.by), empty=_("没有"))
