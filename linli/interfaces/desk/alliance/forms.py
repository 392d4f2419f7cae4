"""What is typed into the alliance's pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.places import selectors as places
from linli.interfaces.desk import directory
from linli.interfaces.desk.acting import ActForm
from linli.interfaces.desk.doors import today, unit_options
from linli.interfaces.web.forms import day_field, photo_field, text_field, words_field
from linli.programmes.alliance import permissions, selectors
from linli.programmes.alliance.rules import quantities
from linli.programmes.alliance.types import BodyKind, Level, ListKind, MemberKind

# Kinds of areas beside the tree, as the shipped patterns name them: 片区, 街区, 商务区.
FREE_KINDS = ("precinct", "block", "cbd")
_REASON = gettext_lazy("理由")


def _pick(label: Any, *, required: bool = False, hint: Any = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, required=required, help_text=hint)


def _fill(form: ActForm, name: str, choices: Iterable[tuple[Any, Any]], *, empty: Any = None) -> None:
    field: Any = form.fields[name]
    field.choices = [("", empty if empty is not None else _("请选择")), *choices]


def units() -> list[tuple[Any, Any]]:
    """Return the working units as choices."""
    return [(o["value"], o["label"]) for o in unit_options()]


def areas() -> list[tuple[Any, Any]]:
    """Return the areas as choices."""
    free = [a for kind in FREE_KINDS for a in places.areas(on=today(), kind=kind)]
    return [*((a.id, a.name) for a in directory.areas(today())), *((a.pk, a.name) for a in free)]


def members() -> list[tuple[Any, Any]]:
    """Return the admitted members as choices."""
    return [(m.pk, m.name) for m in selectors.admitted_members()]


def leading_bodies() -> list[tuple[Any, Any]]:
    """Return the bodies as choices."""
    return [(b.pk, b.name) for b in selectors.bodies()]


class Plain(ActForm):
    """An act that needs nothing typed."""


class ReasonForm(ActForm):
    """An act that needs its reason."""

    reason = words_field(_REASON, 300, required=True, rows=2)


class DatedReasonForm(ReasonForm):
    """An act that needs a day and its reason."""

    on = day_field(gettext_lazy("日期"), initial=today)
    field_order: tuple[str, ...] = ("on", "reason")


class MemberForm(ActForm):
    """A member organisation."""

    name = words_field(gettext_lazy("单位名称"), 100, required=True, hint=gettext_lazy("全称，名称里的引号照写。"))
    short_name = words_field(gettext_lazy("简称"), 32)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=MemberKind.choices)
    unit_id = _pick(
        gettext_lazy("对应单位"),
        hint=gettext_lazy("已在“单位与岗位”登记的，选了以后它的人员可以代表本单位认领和报告。"),
    )
    area_id = _pick(gettext_lazy("所在区域"))
    address = words_field(gettext_lazy("地址"), 200)
    offers = words_field(gettext_lazy("能提供什么"), 1000, rows=2)
    needs = words_field(gettext_lazy("有什么需求"), 1000, rows=2)
    contact_post = words_field(gettext_lazy("联系岗位"), 64, hint=gettext_lazy("写岗位，例如：党委办公室主任。"))
    contact_name = words_field(gettext_lazy("联系人"), 32, hint=gettext_lazy("加密保存，查看留痕，不公开。"))
    phone = words_field(gettext_lazy("办公电话"), 32, hint=gettext_lazy("加密保存，查看留痕，不公开。"))
    proposer = words_field(gettext_lazy("申请或推荐"), 100, hint=gettext_lazy("本单位申请，或由谁推荐。"))
    note = words_field(gettext_lazy("备注"), 1000, rows=2)

    def offer(self) -> None:
        """Offer units and areas."""
        _fill(self, "unit_id", units(), empty=_("没有"))
        _fill(self, "area_id", areas(), empty=_("不填"))


class CheckForm(ActForm):
    """What was found about an applicant."""

    note = words_field(
        gettext_lazy("核对情况"), 300, required=True, rows=2, hint=gettext_lazy("例如：已走访，符合条件。")
    )


class DecideForm(ActForm):
    """What a meeting decided."""

    admitted = forms.TypedChoiceField(
        label=gettext_lazy("会议决定"),
        choices=[("yes", gettext_lazy("接纳")), ("no", gettext_lazy("不接纳"))],
        coerce=lambda v: v == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )
    on = day_field(gettext_lazy("决定日期"), initial=today)
    meeting = words_field(gettext_lazy("哪次会议"), 120, required=True)
    reason = words_field(gettext_lazy("不接纳的理由"), 300)


class IssueForm(ActForm):
    """Certificate and plaque."""

    on = day_field(gettext_lazy("颁证授牌日期"), initial=today)
    certificate = words_field(gettext_lazy("证书编号"), 40, hint=gettext_lazy("留空自动编号。"))
    plaque = words_field(gettext_lazy("铭牌编号"), 40, hint=gettext_lazy("留空自动编号。"))


class RenewForm(ActForm):
    """A new end of the term."""

    valid_to = day_field(gettext_lazy("续期至"))


class BrandForm(ActForm):
    """A brand."""

    name = words_field(gettext_lazy("品牌名称"), 64, required=True, hint=gettext_lazy("名称里的引号照写。"))
    since = forms.IntegerField(label=gettext_lazy("创建年份"), required=False)
    owner = words_field(gettext_lazy("主办单位"), 100)
    text = words_field(gettext_lazy("介绍"), 2000, rows=4)
    active = forms.TypedChoiceField(
        label=gettext_lazy("状态"),
        choices=[("yes", gettext_lazy("在用")), ("no", gettext_lazy("不再使用"))],
        coerce=lambda v: v == "yes",
        initial="yes",
    )


class BodyForm(ActForm):
    """A body."""

    name = words_field(gettext_lazy("名称"), 100, required=True)
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=BodyKind.choices)
    level = forms.ChoiceField(label=gettext_lazy("层级"), choices=Level.choices, initial=Level.STREET)
    parent_id = _pick(gettext_lazy("隶属联席会议"), hint=gettext_lazy("专委会选它所属的联席会议。"))
    brand_id = _pick(gettext_lazy("品牌"))
    area_id = _pick(gettext_lazy("片区"), hint=gettext_lazy("片区促进会必选。"))
    office_id = _pick(gettext_lazy("办公室设在"), hint=gettext_lazy("该单位的负责人和承办人办理联建事务。"))
    purpose = words_field(gettext_lazy("职责"), 1000, rows=3)
    starts_on = day_field(gettext_lazy("成立日期"), initial=today)

    def offer(self) -> None:
        """Offer conferences, brands, areas, units."""
        tops = [(b.pk, b.name) for b in selectors.bodies(kind=BodyKind.CONFERENCE)]
        _fill(self, "parent_id", tops, empty=_("没有"))
        _fill(self, "brand_id", [(b.pk, b.name) for b in selectors.brands()], empty=_("没有"))
        _fill(self, "area_id", areas(), empty=_("不填"))
        _fill(self, "office_id", units(), empty=_("不设"))


def _seated(form: ActForm) -> list[tuple[Any, Any]]:
    return [(s.member_id, s.member.name) for s in selectors.seats(form.row)]


class SeatForm(ActForm):
    """A member joins."""

    member_id = _pick(gettext_lazy("成员单位"), required=True)
    on = day_field(gettext_lazy("加入日期"), initial=today)

    def offer(self) -> None:
        """Offer the members that do not sit there."""
        there = {m for m, _name in _seated(self)}
        _fill(self, "member_id", [(m, name) for m, name in members() if m not in there])


class UnseatForm(DatedReasonForm):
    """A member leaves a body."""

    member_id = _pick(gettext_lazy("成员单位"), required=True)
    field_order = ("member_id", "on", "reason")

    def offer(self) -> None:
        """Offer the members that sit there."""
        _fill(self, "member_id", _seated(self))


class OfficeForm(ActForm):
    """A post of a body."""

    title = words_field(gettext_lazy("职务"), 32, required=True, hint=gettext_lazy("例如：会长、常务副会长、召集人。"))
    several = forms.TypedChoiceField(
        label=gettext_lazy("同时可以有"),
        choices=[("one", gettext_lazy("一个单位")), ("several", gettext_lazy("几个单位"))],
        coerce=lambda v: v == "several",
        initial="one",
    )


class HoldForm(ActForm):
    """A member holds a post."""

    office_id = _pick(gettext_lazy("职务"), required=True)
    member_id = _pick(gettext_lazy("成员单位"), required=True)
    holder_post = words_field(gettext_lazy("由谁担任"), 64, hint=gettext_lazy("写岗位，例如：党委书记。"))
    starts_on = day_field(gettext_lazy("自"), initial=today)
    ends_on = day_field(gettext_lazy("至"), required=False)

    def offer(self) -> None:
        """Offer posts and members of the body."""
        _fill(self, "office_id", [(o.pk, o.title) for o, _held in selectors.offices(self.row)])
        _fill(self, "member_id", _seated(self))


class EndHoldingForm(ActForm):
    """A term in a post ends."""

    holding_id = _pick(gettext_lazy("任职"), required=True)
    on = day_field(gettext_lazy("结束日期"), initial=today)

    def offer(self) -> None:
        """Offer the terms that run."""
        terms = [(h, o) for o, held in selectors.offices(self.row) for h in held if not h.ended]
        _fill(self, "holding_id", [(h.pk, f"{o.title}・{h.member.name}") for h, o in terms])


class TurnsForm(ActForm):
    """The order of the chair, one name a line."""

    order = words_field(
        gettext_lazy("轮值次序"), 5000, required=True, rows=6,
        hint=gettext_lazy("一行一个单位，写全称，都应是本组织的成员。"),
    )  # fmt: skip

    def offer(self) -> None:
        """Show the order in force."""
        self.fields["order"].initial = "\n".join(t.member.name for t in selectors.turns(self.row))

    def clean_order(self) -> list[int]:
        """Return the members that are named."""
        known = {name: member for member, name in _seated(self)}
        names = [n.strip() for n in str(self.cleaned_data["order"]).splitlines() if n.strip()]
        unknown = [n for n in names if n not in known]
        if unknown:
            raise forms.ValidationError(_("“%(name)s”不在本组织中。") % {"name": unknown[0]})
        return [known[n] for n in names]


class ChairForm(ActForm):
    """The next chair."""

    member_id = _pick(gettext_lazy("成员单位"), required=True)
    holder_post = words_field(gettext_lazy("由谁担任"), 64, hint=gettext_lazy("写岗位，例如：党委书记、董事长。"))
    starts_on = day_field(gettext_lazy("任期自"), initial=today)
    ends_on = day_field(gettext_lazy("任期至"), required=False, help_text=gettext_lazy("留空按规则库的任期计算。"))
    certificate = words_field(gettext_lazy("证书编号"), 40, hint=gettext_lazy("留空自动编号。"))
    out_of_turn = words_field(gettext_lazy("不按次序的原因"), 200)

    def offer(self) -> None:
        """Offer the members; the next by the order is chosen already."""
        _fill(self, "member_id", _seated(self))
        due = selectors.next_chair(
            self.row, selectors.chairs(self.row), selectors.turns(self.row), selectors.seats(self.row)
        )
        self.fields["member_id"].initial = due.pk if due else None


class HandOverForm(ActForm):
    """What the chair hands over."""

    on = day_field(gettext_lazy("交接日期"), initial=today)
    handed_over = words_field(
        gettext_lazy("移交了什么"), 2000, required=True, rows=3, hint=gettext_lazy("例如：台账、印章、共建协议原件。")
    )
    open_items = words_field(gettext_lazy("未完成事项"), 2000, rows=3)


class SittingForm(ActForm):
    """A meeting of a body."""

    title = words_field(gettext_lazy("会议名称"), 120, required=True)
    held_on = day_field(gettext_lazy("日期"), initial=today)
    place = words_field(gettext_lazy("地点"), 120)
    yearly = forms.TypedChoiceField(
        label=gettext_lazy("性质"),
        choices=[("no", gettext_lazy("一般会议")), ("yes", gettext_lazy("年度大会"))],
        coerce=lambda v: v == "yes",
        initial="no",
    )
    note = words_field(gettext_lazy("说明"), 2000, rows=2)


class EntryForm(ActForm):
    """A line of the three lists; ``row`` is the kind of list."""

    title = words_field(gettext_lazy("名称"), 100, required=True, hint=gettext_lazy("名称里的引号照写。"))
    text = words_field(gettext_lazy("说明"), 2000, rows=3)
    category = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    quantity = words_field(gettext_lazy("数量"), 16, hint=gettext_lazy("不计数的留空。"))
    unit_word = words_field(gettext_lazy("计量单位"), 16, hint=gettext_lazy("例如：场、小时、人次、平方米。"))
    reusable = forms.TypedChoiceField(
        label=gettext_lazy("用过还在吗"),
        choices=[("no", gettext_lazy("用一次少一次")), ("yes", gettext_lazy("可反复使用，例如会议室"))],
        coerce=lambda v: v == "yes",
        initial="no",
        required=False,
    )
    member_id = _pick(gettext_lazy("提出单位"), hint=gettext_lazy("街道提出的不选。"))
    body_id = _pick(gettext_lazy("牵头"), hint=gettext_lazy("哪个专委会或联席会议牵头。"))
    receiver_id = _pick(gettext_lazy("受益单位"), hint=gettext_lazy("由它确认收到；不选的由联席会议办公室确认。"))
    area_id = _pick(gettext_lazy("区域"))
    place = words_field(gettext_lazy("地点"), 120)
    starts_on = day_field(gettext_lazy("自"), required=False)
    ends_on = day_field(gettext_lazy("至"), required=False)
    conditions = words_field(gettext_lazy("条件"), 300, hint=gettext_lazy("例如：工作日、提前三天预约。"))

    def offer(self) -> None:
        """Offer categories, members, bodies, units, areas; leave out what this list does not have."""
        category: Any = self.fields["category"]
        category.choices = [("", _("请选择")), *((c.code, c.name) for c in selectors.categories())]
        own = [] if self.by is None or permissions.may_keep(self.by) else permissions.own_members(self.by)
        _fill(self, "member_id", [(m.pk, m.name) for m in own] or members(), empty=_("街道"))
        _fill(self, "body_id", leading_bodies(), empty=_("没有"))
        _fill(self, "receiver_id", units(), empty=_("不指定"))
        _fill(self, "area_id", areas(), empty=_("不限"))
        if own:
            self.fields["member_id"].initial = own[0].pk
        dropped = {
            ListKind.PROJECT: ("quantity", "unit_word", "reusable"),
            ListKind.NEED: ("reusable", "body_id", "receiver_id"),
            ListKind.RESOURCE: ("body_id", "receiver_id"),
        }
        for name in dropped[ListKind(self.row)]:
            del self.fields[name]

    def clean_quantity(self) -> Any:
        """Return the quantity as a number."""
        try:
            return quantities.parse_amount(str(self.cleaned_data["quantity"]))
        except ValueError as error:
            raise forms.ValidationError(_("数量请填大于 0 的数，最多两位小数。")) from error


class VisitForm(EntryForm):
    """An offer met on a visit."""

    source_label = words_field(
        gettext_lazy("哪次走访"), 120, required=True, hint=gettext_lazy("例如：8 月 7 日走访某某公司。")
    )
    field_order = ("source_label",)


class PitchForm(ActForm):
    """How a project is presented."""

    text = text_field(gettext_lazy("推介词"), longest=3000, rows=6)
    on = day_field(gettext_lazy("推介日期"), initial=today)
    file = photo_field(gettext_lazy("推介图片"), required=False)

    def offer(self) -> None:
        """Show what was said before."""
        self.fields["text"].initial = self.row.pitch


class TopForm(ActForm):
    """A place on the list of ten."""

    year = forms.IntegerField(label=gettext_lazy("年份"))
    place = forms.IntegerField(label=gettext_lazy("第几位"), min_value=1, max_value=10)

    def offer(self) -> None:
        """Say which year it is."""
        self.fields["year"].initial = self.row.top_year or today().year


class ShareForm(ActForm):
    """A piece of a resource for a member."""

    member_id = _pick(gettext_lazy("使用单位"), required=True)
    quantity = words_field(gettext_lazy("数量"), 16, required=True)
    purpose = words_field(gettext_lazy("用途"), 200, required=True)

    def offer(self) -> None:
        """Offer the other members."""
        _fill(self, "member_id", [(m, name) for m, name in members() if m != self.row.member_id])

    def clean_quantity(self) -> Any:
        """Return the quantity as a number."""
        try:
            return quantities.parse_amount(str(self.cleaned_data["quantity"]))
        except ValueError as error:
            raise forms.ValidationError(_("数量请填大于 0 的数，最多两位小数。")) from error


class ClaimForm(ActForm):
    """A claim of a share."""

    member_id = _pick(gettext_lazy("认领单位"), required=True)
    share = words_field(gettext_lazy("份额"), 16, required=True, hint=gettext_lazy("写成 40%、1/3 或“全部”。"))
    role = words_field(gettext_lazy("承担什么"), 100, required=True, hint=gettext_lazy("例如：场地、资金、志愿者。"))

    def offer(self) -> None:
        """Offer the members that this person may claim for, and what is left."""
        own = [] if self.by is None or permissions.may_keep(self.by) else permissions.own_members(self.by)
        _fill(self, "member_id", [(m.pk, m.name) for m in own] or members())
        if own:
            self.fields["member_id"].initial = own[0].pk
        left = selectors.unclaimed(selectors.claimed([self.row]).get(self.row.pk, []))
        self.fields["share"].initial = quantities.share_text(left) if left > 0 else ""


class AgreeForm(ActForm):
    """Under which agreement."""

    agreement = forms.UUIDField(label=gettext_lazy("协议"), widget=forms.Select)
    on = day_field(gettext_lazy("签约日期"), initial=today)

    def offer(self) -> None:
        """Offer the member's agreements."""
        rows = selectors.agreements_of(self.row.member, today())
        choices = [("", _("请选择")), *((str(a.uuid), f"{a.number} {a.title}") for a in rows)]
        field: Any = self.fields["agreement"]
        field.choices = field.widget.choices = choices


class ReportForm(ActForm):
    """What was done."""

    text = words_field(gettext_lazy("做了什么"), 1000, required=True, rows=3)
    milestone_id = _pick(gettext_lazy("完成的节点"))
    file = forms.FileField(label=gettext_lazy("照片或文件"), required=False)

    def offer(self) -> None:
        """Offer the steps that are open."""
        steps = [(m.pk, m.title) for m in self.row.milestones.all() if m.done_on is None]
        if steps:
            _fill(self, "milestone_id", steps, empty=_("没有"))
        else:
            del self.fields["milestone_id"]


class DeliverForm(ActForm):
    """That it is done."""

    text = words_field(gettext_lazy("完成情况"), 1000, required=True, rows=3)
    file = forms.FileField(label=gettext_lazy("照片或文件"), required=False)


class ConfirmForm(ActForm):
    """That it was received."""

    text = words_field(gettext_lazy("收到了什么，效果如何"), 500, required=True, rows=3)


class ThankForm(ActForm):
    """Thanks."""

    text = words_field(gettext_lazy("感谢的话"), 500, required=True, rows=3)
    public = forms.TypedChoiceField(
        label=gettext_lazy("公开吗"),
        choices=[("no", gettext_lazy("只给对方")), ("yes", gettext_lazy("街道同意公开；对方也同意后公开"))],
        coerce=lambda v: v == "yes",
        initial="no",
        widget=forms.RadioSelect,
    )


class MilestoneForm(ActForm):
    """A step with its day."""

    title = words_field(gettext_lazy("节点"), 100, required=True)
    due_on = day_field(gettext_lazy("日期"))


class TaskForm(ActForm):
    """A task for a unit."""

    title = words_field(gettext_lazy("做什么"), 200, required=True)
    unit_id = _pick(gettext_lazy("承担单位"), required=True)
    due_on = day_field(gettext_lazy("期限"))

    def offer(self) -> None:
        """Offer the units."""
        _fill(self, "unit_id", units())


class AgreementForm(ActForm):
    """An agreement that was signed."""

    title = words_field(gettext_lazy("协议名称"), 120, required=True)
    member_ids = forms.TypedMultipleChoiceField(
        label=gettext_lazy("签约成员单位"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    others = words_field(gettext_lazy("其他签约方"), 500, rows=2, hint=gettext_lazy("一行一个，例如：街道社区党委。"))
    signed_on = day_field(gettext_lazy("签署日期"), initial=today)
    starts_on = day_field(gettext_lazy("有效期自"), initial=today)
    ends_on = day_field(gettext_lazy("有效期至"))
    items = words_field(gettext_lazy("约定事项"), 3000, required=True, rows=4, hint=gettext_lazy("一行一条。"))
    file = forms.FileField(label=gettext_lazy("协议扫描件"), required=False)

    def offer(self) -> None:
        """Offer the members."""
        field: Any = self.fields["member_ids"]
        field.choices = members()


class FileForm(ActForm):
    """The signed paper."""

    file = forms.FileField(label=gettext_lazy("协议扫描件"))
