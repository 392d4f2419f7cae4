"""The forms of projects: typed text is kept, and what the services find wrong is shown where it was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.projects import selectors
from linli.engines.projects.rules import money
from linli.engines.projects.types import (
    BlockerData,
    LinkKind,
    ListKind,
    NodeData,
    NodeKind,
    PhotoMoment,
    ProjectData,
    Strand,
)
from linli.foundation.core import clock
from linli.foundation.people import selectors as people
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import id_of, uuid_of
from linli.interfaces.desk.intake import parsing
from linli.interfaces.web.forms import DomainForm, day_field, text_field, words_field

if TYPE_CHECKING:
    from linli.engines.projects.models import Node, Project

MOST_WAITS = 4


class MoneyField(forms.CharField):
    """An amount in yuan as people write it; the value is in cents."""

    def clean(self, value: Any) -> int:
        """Return the cents of what was typed; empty is nothing."""
        text = str(super().clean(value)).strip()
        if not text:
            return 0
        cents = money.parse(text)
        if cents is None:
            raise forms.ValidationError(_("请填写金额，如 120000、12万、3.5万。"))
        return cents


def unit_choices(empty: str) -> list[tuple[Any, str]]:
    """Return the working units as choices."""
    return [("", empty), *((u.id, u.name) for u in directory.units().values())]


def person_choices(unit_id: int | None, kept: Any = None) -> list[tuple[Any, str]]:
    """Return who may answer for a project of the unit: its people, and ``kept``, who does now."""
    found = people.members_of(unit_id, now=clock.now()) if unit_id is not None else []
    names = {h.user_id: h.label for h in found}
    if kept is not None:
        names.setdefault(kept.pk, kept.display_name)
    return [("", _("暂不指定")), *names.items()]


class ProjectForm(DomainForm):
    """What is entered of a project; ``place`` and the point are drawn by its page."""

    name = forms.CharField(label=gettext_lazy("项目名称"), max_length=120)
    class_code = forms.ChoiceField(label=gettext_lazy("项目类别"))
    goal = text_field(gettext_lazy("目标"), required=False, rows=2, help_text=gettext_lazy("做成什么样算完成。"))
    unit = forms.TypedChoiceField(label=gettext_lazy("责任单位"), coerce=int)
    user = forms.TypedChoiceField(label=gettext_lazy("负责人"), coerce=int, empty_value=None, required=False)
    deadline = day_field(gettext_lazy("完成期限"))
    area = forms.TypedChoiceField(label=gettext_lazy("所在区域"), coerce=int, empty_value=None, required=False)
    where = words_field(gettext_lazy("具体地点"), 200, hint=gettext_lazy("只给工作人员看；公开页面只写到区域。"))
    partners = words_field(gettext_lazy("参与单位"), 500)
    planned = MoneyField(
        label=gettext_lazy("计划资金（元）"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("可写 120000 或 12万。"),
    )
    listed = forms.TypedChoiceField(label=gettext_lazy("列入清单"), coerce=int, empty_value=None, required=False)
    list_order = forms.IntegerField(label=gettext_lazy("清单中的序号"), required=False, min_value=0, max_value=999)
    strands = forms.MultipleChoiceField(
        label=gettext_lazy("三化"), choices=Strand.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    source_label = words_field(gettext_lazy("谁提出的"), 80, hint=gettext_lazy("如：居民代表会议、人大代表建议。"))
    public = forms.MultipleChoiceField(
        label=gettext_lazy("公开"),
        choices=[("page", gettext_lazy("向居民公开进展")), ("money", gettext_lazy("同时公开资金"))],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    public_text = text_field(
        gettext_lazy("给居民看的介绍"), required=False, rows=2, help_text=gettext_lazy("不写门牌号，不写个人姓名。")
    )

    def __init__(self, *args: Any, today: Any, project: Project | None = None, **kwargs: Any) -> None:
        """Offer classes, units, people, areas and lists; ``today`` says which areas there are."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        self.project = project
        unit = id_of(str(self["unit"].value() or ""))
        kept = project.user if project is not None and project.unit_id == unit else None
        fields["user"].choices = person_choices(unit, kept)
        mine = self.initial.get("class_code")
        offered = [c for c in selectors.classes(active=False) if c.active or c.code == mine]
        fields["class_code"].choices = [("", _("请选择")), *((c.code, c.name) for c in offered)]
        fields["unit"].choices = unit_choices(_("请选择"))
        areas = directory.areas(today)
        fields["area"].choices = [("", _("整个街道")), *((a.id, a.name) for a in areas if a.kind != "subdistrict")]
        fields["listed"].choices = [("", _("不列入")), *((li.pk, li.title) for li in selectors.project_lists())]

    @property
    def lead(self) -> list[dict[str, Any]]:
        """The fields above and up to the unit."""
        return self._split()[0]

    @property
    def rest(self) -> list[dict[str, Any]]:
        """The fields below the person who answers for it."""
        return self._split()[1]

    @property
    def person(self) -> dict[str, Any]:
        """The field of who answers for it: whom it offers follows the unit."""
        return next(f for f in self.drawn if f["name"] == "user")

    def _split(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        drawn = self.drawn
        at = next(i for i, f in enumerate(drawn) if f["name"] == "user")
        return drawn[:at], drawn[at + 1 :]

    @property
    def spots(self) -> list[dict[str, str]]:
        """The place that is chosen now, as one to choose, and none."""
        chosen = self._spot_sent() if self.is_bound else self.data_place()
        none = {"value": "{}", "label": _("不指定地点"), "hint": ""}
        return [chosen, none] if chosen is not None else []

    def data_place(self) -> dict[str, str] | None:
        """Return the place that the project has, as one to choose."""
        place = self.project.place if self.project is not None else None
        return parsing.place_rows([place])[0] if place is not None else None

    def _spot_sent(self) -> dict[str, str] | None:
        sent = parsing.chosen_spot(self.data)
        value = self.data.get("place", "")
        return {"value": value, "label": sent.address, "hint": ""} if sent.id is not None else None

    @property
    def point(self) -> dict[str, Any]:
        """The point picked: what was sent, else the project's own."""
        if self.is_bound:
            return {"lat": self.data.get("point_lat", ""), "lon": self.data.get("point_lon", "")}
        found = self.project
        return {"lat": found.lat, "lon": found.lon} if found is not None and found.lat is not None else {}

    @staticmethod
    def start_of(project: Project) -> dict[str, Any]:
        """Return what stands in the form of a project that is there."""
        return {
            "user": project.user_id or "",
            "name": project.name,
            "class_code": project.cls.code,
            "goal": project.goal,
            "unit": project.unit_id,
            "deadline": project.deadline.isoformat(),
            "area": project.area_id or "",
            "where": project.where,
            "partners": project.partners,
            "planned": money.write(project.planned_cents) if project.planned_cents else "",
            "listed": project.listed_id or "",
            "list_order": project.list_order or "",
            "strands": [s for s in project.strands.split(",") if s],
            "source_label": project.source_label,
            "public": [k for k, on in (("page", project.public), ("money", project.public_money)) if on],
            "public_text": project.public_text,
        }

    def data_of(self, asked: dict[str, str]) -> ProjectData:
        """Return what was entered; ``asked`` says what the project came from."""
        found = self.cleaned_data
        return ProjectData(
            name=found["name"],
            class_code=found["class_code"],
            goal=found["goal"],
            unit_id=found["unit"],
            deadline=found["deadline"],
            user_id=found["user"],
            area_id=found["area"],
            place_id=parsing.chosen_spot(self.data).id,
            point=parsing.point_of(self.data, parsing.Spot()),
            where=found["where"],
            partners=found["partners"],
            planned_cents=found["planned"],
            list_id=found["listed"],
            list_order=found["list_order"] or 0,
            strands=tuple(found["strands"]),
            source_kind=asked.get("source_kind", "")[:20],
            source_uuid=uuid_of(asked.get("source_uuid", "")),
            source_label=found.get("source_label", asked.get("source_label", "")),
            public="page" in found["public"],
            public_money="money" in found["public"],
            public_text=found["public_text"],
        )


class NodeForm(DomainForm):
    """One line of a plan."""

    title = forms.CharField(label=gettext_lazy("节点名称"), max_length=100)
    kind = forms.ChoiceField(
        label=gettext_lazy("类型"), choices=NodeKind.choices, initial=NodeKind.WORK, widget=forms.RadioSelect
    )
    duration = forms.IntegerField(
        label=gettext_lazy("工期（工作日）"), required=False, min_value=0, max_value=1000, initial=5,
        help_text=gettext_lazy("里程碑和阶段不用填。"),
    )  # fmt: skip
    parent = forms.TypedChoiceField(label=gettext_lazy("属于阶段"), coerce=int, empty_value=None, required=False)
    unit = forms.TypedChoiceField(
        label=gettext_lazy("责任单位"), coerce=int, empty_value=None, required=False,
        help_text=gettext_lazy("批准后自动成为该单位的任务。"),
    )  # fmt: skip
    weight = forms.IntegerField(label=gettext_lazy("权重"), min_value=0, max_value=1000, initial=1)
    outdoor = forms.MultipleChoiceField(
        label=gettext_lazy("作业条件"), choices=[("1", gettext_lazy("室外作业，雨天停工"))], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    earliest = day_field(gettext_lazy("不早于"), required=False)
    latest = day_field(gettext_lazy("不晚于"), required=False)
    team = forms.TypedChoiceField(label=gettext_lazy("共用班组"), coerce=int, empty_value=None, required=False)
    team_units = forms.IntegerField(label=gettext_lazy("班组数"), required=False, min_value=1, max_value=100, initial=1)

    def __init__(self, *args: Any, nodes: list[Node], teams: list[Any], **kwargs: Any) -> None:
        """Offer the stages of the plan, the units and the teams."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        stages = [(n.pk, n.title) for n in nodes if n.kind == NodeKind.STAGE]
        fields["parent"].choices = [("", _("不属于任何阶段")), *stages]
        fields["unit"].choices = unit_choices(_("未定"))
        fields["team"].choices = [("", _("不用共用班组")), *((t.pk, t.name) for t in teams)]

    @staticmethod
    def start_of(node: Node) -> dict[str, Any]:
        """Return what stands in the form of a node that is there."""
        use = next(iter(node.teams.all()), None)
        return {
            "title": node.title,
            "kind": node.kind,
            "duration": node.duration,
            "parent": node.parent_id or "",
            "unit": node.unit_id or "",
            "weight": node.weight,
            "outdoor": ["1"] if node.outdoor else [],
            "earliest": node.earliest.isoformat() if node.earliest else "",
            "latest": node.latest.isoformat() if node.latest else "",
            "team": use.team_id if use else "",
            "team_units": use.units if use else 1,
        }

    def data_of(self, waits: list[tuple[int, str, int]]) -> NodeData:
        """Return what was entered; ``waits`` are the rows of what it waits for."""
        found = self.cleaned_data
        return NodeData(
            title=found["title"],
            kind=NodeKind(found["kind"]),
            duration=found["duration"] or 0,
            parent_id=found["parent"],
            unit_id=found["unit"],
            weight=found["weight"],
            outdoor=bool(found["outdoor"]),
            earliest=found["earliest"],
            latest=found["latest"],
            waits=tuple(waits),
            teams=((found["team"], found["team_units"] or 1),) if found["team"] else (),
        )


def link_options() -> list[dict[str, Any]]:
    """Return the kinds of waiting as options."""
    return [{"value": value, "label": label} for value, label in LinkKind.choices]


class ListForm(DomainForm):
    """A yearly list."""

    title = forms.CharField(label=gettext_lazy("清单名称"), max_length=80)
    year = forms.IntegerField(label=gettext_lazy("年份"), min_value=2000, max_value=2200)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=ListKind.choices)
    committee_label = words_field(gettext_lazy("牵头的专委会或单位"), 80)
    public = forms.MultipleChoiceField(
        label=gettext_lazy("公开"), choices=[("1", gettext_lazy("向居民公开清单"))], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class TeamForm(DomainForm):
    """A team that projects share."""

    name = forms.CharField(label=gettext_lazy("班组"), max_length=60)
    capacity = forms.IntegerField(label=gettext_lazy("每天可派的班组数"), min_value=1, max_value=100, initial=1)


class ClassForm(DomainForm):
    """A class of projects: a new one, or another name for one that is there, or its end."""

    code = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=32)
    active = forms.ChoiceField(
        label=gettext_lazy("使用"), choices=[("1", gettext_lazy("可选")), ("", gettext_lazy("不再使用"))],
        required=False, initial="1", widget=forms.RadioSelect,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the classes that there are."""
        super().__init__(*args, **kwargs)
        code: Any = self.fields["code"]
        code.choices = [("", _("新类别")), *((c.code, c.name) for c in selectors.classes(active=False))]


class SpendingForm(DomainForm):
    """Money spent."""

    on = day_field(gettext_lazy("日期"))
    amount = MoneyField(label=gettext_lazy("金额（元）"), max_length=30, help_text=gettext_lazy("更正填负数。"))
    what = forms.CharField(label=gettext_lazy("用途"), max_length=120)
    source = forms.CharField(label=gettext_lazy("资金来源"), max_length=80)

    def line(self) -> dict[str, Any]:
        """Return what was typed."""
        data = self.cleaned_data
        return {"on": data["on"], "cents": data["amount"], "what": data["what"], "source": data["source"]}


class BlockerForm(DomainForm):
    """What stands in a project's way."""

    cause = text_field(gettext_lazy("卡在哪里"), longest=1000, rows=2)
    party = words_field(gettext_lazy("涉及的第三方"), 80, hint=gettext_lazy("如燃气、供电、产权单位；没有就留空。"))
    node = forms.TypedChoiceField(label=gettext_lazy("卡住的节点"), coerce=int, empty_value=None, required=False)
    next_step = words_field(gettext_lazy("下一步做什么"), 200)
    next_on = day_field(gettext_lazy("下一步的期限"), required=False, help_text=gettext_lazy("当天早上提醒责任单位。"))

    def blocker(self) -> BlockerData:
        """Return what was typed."""
        data = self.cleaned_data
        return BlockerData(data["cause"], data["party"], data["node"], data["next_step"], data["next_on"])


class TriedForm(DomainForm):
    """A step that was tried, and the next one."""

    on = day_field(gettext_lazy("哪一天"))
    who = forms.CharField(
        label=gettext_lazy("哪个单位去做的"), max_length=80, help_text=gettext_lazy("写单位，不写姓名。")
    )
    what = text_field(gettext_lazy("做了什么"), longest=1000, rows=2)
    outcome = text_field(gettext_lazy("结果"), required=False, longest=1000, rows=2)
    next_step = words_field(gettext_lazy("下一步做什么"), 200)
    next_on = day_field(gettext_lazy("下一步的期限"), required=False)


class RaiseForm(DomainForm):
    """Raising a blocker by a level."""

    reason = text_field(gettext_lazy("为什么要提级"), longest=500, rows=2)
    convener = forms.CharField(label=gettext_lazy("由谁召集协调"), max_length=80)
    linked_label = words_field(gettext_lazy("对应的会商或案件"), 80, hint=gettext_lazy("填写案件编号或会议名称。"))


class LiftForm(DomainForm):
    """What came of a blocker."""

    result = text_field(gettext_lazy("怎么解决的"), longest=1000, rows=2)


class NoticeForm(DomainForm):
    """What residents are told."""

    text = text_field(gettext_lazy("告诉居民"), longest=500, rows=3, help_text=gettext_lazy("显示在公开页面的进展里。"))


class AskForm(DomainForm):
    """One question to residents."""

    title = forms.CharField(label=gettext_lazy("问题"), max_length=80)
    choices = text_field(gettext_lazy("选项"), longest=400, rows=4, help_text=gettext_lazy("每行一个，2 至 8 个。"))
    opens_on = day_field(gettext_lazy("开始"))
    closes_on = day_field(gettext_lazy("截止"))


class PhotoForm(DomainForm):
    """A picture of a spot."""

    spot = forms.CharField(
        label=gettext_lazy("拍摄点"), max_length=40, help_text=gettext_lazy("同一拍摄点的前后照片自动成对。")
    )
    moment = forms.ChoiceField(label=gettext_lazy("时间"), choices=PhotoMoment.choices, widget=forms.RadioSelect)
    caption = words_field(gettext_lazy("说明"), 100)
    public = forms.MultipleChoiceField(
        label=gettext_lazy("公开"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("1", gettext_lazy("可以公开（没有人脸、门牌、车牌）"))],
    )  # fmt: skip
