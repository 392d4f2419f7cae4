"""What is typed into the pages of the programme."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.fieldwork import selectors as fieldwork
from linli.foundation.core.actors import Actor
from linli.interfaces.desk import directory
from linli.interfaces.desk.acting import ActForm
from linli.interfaces.desk.doors import today, unit_options
from linli.interfaces.desk.made_for import form_field, offer
from linli.interfaces.web.forms import day_field, photo_field, text_field, words_field
from linli.programmes.visits.types import KINDS, STATION, Origin, Way

_REASON = gettext_lazy("理由")


def pick(label: Any, *, required: bool = True, hint: Any = "") -> forms.TypedChoiceField:
    """Return a field in which one row is chosen."""
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, required=required, help_text=hint)


def fill(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]], *, empty: Any = None) -> None:
    """Offer choices in a field."""
    field: Any = form.fields[name]
    field.choices = [("", _("请选择") if empty is None else empty), *choices]


def units() -> list[tuple[Any, Any]]:
    """Return the working units as choices."""
    return [(o["value"], o["label"]) for o in unit_options()]


def soon() -> Any:
    """Return the day that answers are usually due."""
    return today() + timedelta(days=7)


class ReasonForm(ActForm):
    """An act that needs its reason."""

    reason = words_field(_REASON, 300, required=True, rows=2)


class AssignForm(ActForm):
    """Who answers, until when."""

    unit_id = pick(gettext_lazy("承办单位"))
    due_on = day_field(gettext_lazy("答复期限"), initial=soon)

    def offer(self) -> None:
        """Offer the units, and the day that was promised."""
        fill(self, "unit_id", units())
        promised = getattr(self.row, "due_on", None)
        if promised is not None:
            self.fields["due_on"].initial = max(promised, today())


class ReplyForm(ActForm):
    """The answer to a need."""

    reply = words_field(gettext_lazy("答复内容"), 1000, required=True, rows=4)


class TellForm(ActForm):
    """How they were told."""

    way = forms.ChoiceField(label=gettext_lazy("告知方式"), choices=Way.choices, widget=forms.RadioSelect)
    text = words_field(gettext_lazy("对方怎么说"), 300, rows=2)


class AgainForm(ReasonForm):
    """Why an answer is not enough, until when the next is due."""

    due_on = day_field(gettext_lazy("新的答复期限"), initial=soon)


class DemandForm(ActForm):
    """A need as it is entered by hand."""

    text = words_field(
        gettext_lazy("需要什么"), 500, required=True, rows=4, hint=gettext_lazy("不写姓名、电话；写明要解决的事。")
    )
    who = words_field(gettext_lazy("谁的需求"), 100, hint=gettext_lazy("单位或商户名称；居民写“居民”。"))
    origin = forms.ChoiceField(
        label=gettext_lazy("来源"), choices=[(o.value, o.label) for o in (Origin.DESK, Origin.VISIT, Origin.STATION)]
    )
    area_id = pick(gettext_lazy("所在区域"), required=False)
    unit_id = pick(gettext_lazy("承办单位"), required=False, hint=gettext_lazy("现在不确定的可以以后再分派。"))
    due_on = day_field(gettext_lazy("答复期限"), required=False)

    def offer(self) -> None:
        """Offer units and areas."""
        fill(self, "unit_id", units(), empty=_("以后分派"))
        fill(self, "area_id", ((a.id, a.name) for a in directory.areas(today())), empty=_("我的网格"))


def ledgers() -> list[tuple[str, str]]:
    """Return the ledgers that are visited, as choices."""
    known = {k.code: k.name for k in fieldwork.kinds()}
    return [(code, known[code]) for code in (*KINDS, STATION) if code in known]


class DoorForm(ActForm):
    """The form that is filled and signed at the door."""

    form = form_field()

    def offer(self) -> None:
        """Offer the forms of condolences."""
        offer(self, "condolence")


class PlanForm(ActForm):
    """A round of visits: whom, with which form, when."""

    title = words_field(gettext_lazy("名称"), 100, required=True)
    kind = forms.ChoiceField(label=gettext_lazy("走访对象"))
    tag = words_field(gettext_lazy("只走访带这个标签的"), 20, hint=gettext_lazy("如：独居老人、重点企业；不填为全部。"))
    area_id = pick(gettext_lazy("区域"), required=False)
    form = forms.ChoiceField(label=gettext_lazy("表单"))
    unit_id = pick(gettext_lazy("组织单位"))
    starts_on = day_field(gettext_lazy("开始"), initial=today)
    ends_on = day_field(gettext_lazy("结束"), initial=lambda: today() + timedelta(days=30))
    every = forms.ChoiceField(
        label=gettext_lazy("周期"), required=False,
        choices=[
            ("", gettext_lazy("一次")), ("weeks", gettext_lazy("每周")), ("months", gettext_lazy("每月")),
            ("quarters", gettext_lazy("每季度")),
        ],
    )  # fmt: skip
    pair = forms.BooleanField(label=gettext_lazy("两人同行"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, ready: Iterable[tuple[str, str]] = (), by: Actor | None = None, **kw: Any) -> None:
        """Offer the ready forms as well."""
        self.ready = list(ready)
        super().__init__(*args, by=by, **kw)

    def offer(self) -> None:
        """Offer ledgers, areas, forms and the units that this person plans for."""
        self.fields["kind"].choices = ledgers()  # type: ignore[attr-defined]
        self.fields["form"].choices = self.ready  # type: ignore[attr-defined]
        fill(self, "area_id", ((a.id, a.name) for a in directory.areas(today())), empty=_("全街道"))
        own = self.by.unit_ids if self.by is not None else frozenset()
        fill(self, "unit_id", sorted(units(), key=lambda u: u[0] not in own))


class CompanyVisitForm(ActForm):
    """A visit that leaders made."""

    target = forms.ChoiceField(
        label=gettext_lazy("企业"), required=False, help_text=gettext_lazy("台账中的企业；没有的在下面写名称。")
    )
    name = words_field(gettext_lazy("单位名称"), 100)
    held_on = day_field(gettext_lazy("走访日期"), initial=today)
    leaders = words_field(
        gettext_lazy("带队领导"), 200, required=True, hint=gettext_lazy("写职务，如：街道党工委书记。")
    )
    departments = words_field(gettext_lazy("参加部门"), 200)
    topics = words_field(gettext_lazy("交流议题"), 1000, rows=3)
    notes = words_field(gettext_lazy("情况记录"), 2000, rows=5)

    def __init__(self, *args: Any, companies: Iterable[tuple[str, str]] = (), **kw: Any) -> None:
        """Offer the enterprises of the ledger."""
        super().__init__(*args, **kw)
        self.fields["target"].choices = [("", _("不在台账中")), *companies]  # type: ignore[attr-defined]


class RequestForm(AssignForm):
    """What an enterprise asks for."""

    text = words_field(gettext_lazy("诉求"), 500, required=True, rows=3)
    field_order: tuple[str, ...] = ("text", "unit_id", "due_on")


class ListForm(ActForm):
    """A list of condolences."""

    title = words_field(gettext_lazy("名单名称"), 60, required=True)
    festival = words_field(gettext_lazy("节日"), 30, required=True, hint=gettext_lazy("如：春节、七一、重阳节。"))
    day = day_field(gettext_lazy("慰问日期"), initial=soon)
    unit_id = pick(gettext_lazy("慰问单位"))

    def offer(self) -> None:
        """Offer the units that this person works in."""
        own = self.by.unit_ids if self.by is not None else frozenset()
        fill(self, "unit_id", [(pk, name) for pk, name in units() if pk in own])


class PersonForm(ActForm):
    """Somebody on a list."""

    person = words_field(
        gettext_lazy("姓名"), 40, required=True, hint=gettext_lazy("加密保存，只有本单位慰问人员可以查看。")
    )
    reason = words_field(
        gettext_lazy("慰问原因"), 60, required=True, hint=gettext_lazy("如：困难家庭、老党员；会告知本人。")
    )
    target = forms.ChoiceField(label=gettext_lazy("台账中的家庭"), required=False)
    amount = forms.DecimalField(
        label=gettext_lazy("慰问金（元）"), required=False, min_value=0, max_digits=9, decimal_places=2
    )
    item = words_field(gettext_lazy("慰问品"), 60)

    def offer(self) -> None:
        """Offer the households that this person may read."""
        rows = (
            fieldwork.of_kinds(self.by, ["household"]).filter(until=None).order_by("sort_key")[:500] if self.by else []
        )
        choices = [(str(t.uuid), f"{t.name}・{t.address}" if t.address else t.name) for t in rows]
        self.fields["target"].choices = [("", _("不关联")), *choices]  # type: ignore[attr-defined]


class HandOutForm(ActForm):
    """When somebody got theirs, and their signature."""

    entry = forms.ChoiceField(label=gettext_lazy("慰问对象"))
    on = day_field(gettext_lazy("送达日期"), initial=today)
    signed = photo_field(gettext_lazy("本人签名（签收单照片）"))

    def offer(self) -> None:
        """Offer those who have not got theirs."""
        people = self.row.waiting if self.row is not None else []
        self.fields["entry"].choices = people  # type: ignore[attr-defined]


class TakeOffForm(ReasonForm):
    """Who is taken off a list."""

    entry = forms.ChoiceField(label=gettext_lazy("慰问对象"))
    field_order = ("entry", "reason")

    def offer(self) -> None:
        """Offer those on the list."""
        self.fields["entry"].choices = self.row.waiting if self.row is not None else []  # type: ignore[attr-defined]


class WordingForm(ActForm):
    """A set of words."""

    title = words_field(gettext_lazy("名称"), 40, required=True)
    lines = text_field(gettext_lazy("内容"), longest=3000, rows=10, help_text=gettext_lazy("每行一条，最多 20 条。"))
    why = words_field(gettext_lazy("为什么改"), 200)


class CampaignForm(ActForm):
    """How many branches of a type by when."""

    title = words_field(gettext_lazy("行动名称"), 60, required=True)
    branch_type = forms.ChoiceField(label=gettext_lazy("支部类型"))
    wanted = forms.IntegerField(label=gettext_lazy("目标数"), min_value=1, max_value=1000)
    starts_on = day_field(gettext_lazy("开始"), initial=today)
    ends_on = day_field(gettext_lazy("结束"), initial=lambda: today() + timedelta(days=180))

    def offer(self) -> None:
        """Offer the types that the registry knows."""
        known = {k.code: k for k in fieldwork.kinds()}
        asked = fieldwork.questions_of(known["party_branch"]).questions if "party_branch" in known else ()
        types = next((q.choices for q in asked if q.code == "type"), ())
        self.fields["branch_type"].choices = [  # type: ignore[attr-defined]
            (c.code, c.label.get("zh-hans", c.code)) for c in types
        ]


class OfficerForm(ActForm):
    """An experience officer."""

    post = words_field(gettext_lazy("体验官（职务）"), 60, required=True, hint=gettext_lazy("写职务，不写姓名。"))
    station = forms.ChoiceField(label=gettext_lazy("服务站"), required=False)
    since = day_field(gettext_lazy("聘任"), initial=today)
    until = day_field(gettext_lazy("到期"), required=False)

    def __init__(self, *args: Any, stations: Iterable[tuple[str, str]] = (), **kw: Any) -> None:
        """Offer the stations."""
        super().__init__(*args, **kw)
        self.fields["station"].choices = [("", _("不限")), *stations]  # type: ignore[attr-defined]


class ReportForm(RequestForm):
    """What an experience officer reports."""

    officer = forms.ChoiceField(label=gettext_lazy("体验官"))
    text = words_field(gettext_lazy("体验情况和建议"), 500, required=True, rows=3)
    field_order: tuple[str, ...] = ("officer", "text", "unit_id", "due_on")

    def __init__(self, *args: Any, officers: Iterable[tuple[str, str]] = (), **kw: Any) -> None:
        """Offer the officers."""
        super().__init__(*args, **kw)
        self.fields["officer"].choices = list(officers)  # type: ignore[attr-defined]
