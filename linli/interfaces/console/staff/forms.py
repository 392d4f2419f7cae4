"""The shape of what is entered about people: an account, a term in a post, an absence, a hand-over, looking as."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.foundation.people.selectors import unit_kinds
from linli.foundation.people.types import ROLES
from linli.interfaces.web.forms import DomainForm


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}))


class NewPersonForm(DomainForm):
    """A new account."""

    display_name = forms.CharField(label=_("姓名或称呼"), max_length=64)
    username = forms.CharField(label=_("账号（登录用）"), max_length=64)
    phone = forms.CharField(label=_("手机号（选填）"), max_length=32, required=False)


class TermForm(DomainForm):
    """From when to when somebody holds a post."""

    post = forms.IntegerField(min_value=1, max_value=2**62, error_messages={"required": _("请选择岗位。")})
    starts_on = _day(_("自"))
    ends_on = _day(_("至（选填）"), required=False)


class EndTermForm(DomainForm):
    """The last day in a post, and why."""

    on = _day(_("最后一天"))
    reason = forms.CharField(label=_("原因"), max_length=200, required=False)


class AbsenceForm(DomainForm):
    """Days away, and who stands in."""

    starts_on = _day(_("自"))
    ends_on = _day(_("至"))
    stand_in = forms.CharField(label=_("代理人账号（选填）"), max_length=150, required=False)


class AnyAbsenceForm(DomainForm):
    """Who is away, when, and who stands in."""

    member = forms.CharField(label=_("不在岗人员的账号"), max_length=150)
    starts_on = _day(_("自"))
    ends_on = _day(_("至"))
    stand_in = forms.CharField(label=_("代理人账号（选填）"), max_length=150, required=False)


class HandOverForm(DomainForm):
    """To whom posts and open work go, from when."""

    to_user = forms.CharField(label=_("接手人账号（留空则退回单位）"), max_length=150, required=False)
    on = _day(_("最后一天"))
    reason = forms.CharField(label=_("原因"), max_length=200)


class SeeAsForm(DomainForm):
    """Why somebody's grants are looked with."""

    reason = forms.CharField(label=_("原因（记入日志）"), max_length=200)


class UnitForm(DomainForm):
    """A new unit."""

    name = forms.CharField(label=_("单位名称"), max_length=128)
    short_name = forms.CharField(label=_("简称（选填）"), max_length=32, required=False)
    kind = forms.ChoiceField(label=_("类型"), choices=lambda: list(unit_kinds().items()))
    area = forms.TypedChoiceField(label=_("负责的区域（选填）"), coerce=int, required=False, empty_value=None)
    phone = forms.CharField(label=_("电话（选填）"), max_length=32, required=False)
    ends_on = _day(_("结束日期（专班必填）"), required=False)

    def __init__(self, *args: Any, areas: list[tuple[Any, str]], **kwargs: Any) -> None:
        """Offer ``areas``."""
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["area"]
        choice.choices = [("", _("不对应区域")), *areas]


class PostForm(DomainForm):
    """A new post in a unit."""

    role = forms.ChoiceField(label=_("岗位权限"), choices=lambda: [(r.value, i.name) for r, i in ROLES.items()])
    title = forms.CharField(label=_("岗位名称（选填）"), max_length=64, required=False)
    area = forms.TypedChoiceField(label=_("负责的区域（选填）"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, areas: list[tuple[Any, str]], **kwargs: Any) -> None:
        """Offer ``areas``."""
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["area"]
        choice.choices = [("", _("随单位")), *areas]


class EndUnitForm(DomainForm):
    """The last day of a unit, and why."""

    on = _day(_("最后一天"))
    reason = forms.CharField(label=_("原因"), max_length=200)


class SearchForm(forms.Form):
    """What the list is narrowed to; unknown values are left out."""

    q = forms.CharField(max_length=64, required=False)
    role = forms.ChoiceField(
        choices=lambda: [("", _("全部岗位")), *((r.value, i.name) for r, i in ROLES.items())], required=False
    )
    unit = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    state = forms.ChoiceField(
        choices=[
            ("", _("全部账号")),
            ("active", _("在用")),
            ("without", _("没有岗位")),
            ("never", _("从未登录")),
            ("closed", _("已停用")),
            ("program", _("对接程序")),
        ],
        required=False,
    )
