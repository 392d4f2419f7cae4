"""The shape of what is typed on the login and account pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.foundation.accounts.types import TokenScope
from linli.interfaces.web.forms import DomainForm


class AccountForm(DomainForm):
    """A form of the login and account pages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give every control the look of the components."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            look = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs.setdefault("class", look)


def _secret(label: Any, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=1024, strip=False, widget=widget)


def _code(label: Any, length: int) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True})
    return forms.CharField(label=label, max_length=length, widget=widget)


class LoginForm(AccountForm):
    """Name and password."""

    username = forms.CharField(
        label=_("账号或手机号"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )
    password = _secret(_("密码"), "current-password")


class StepForm(AccountForm):
    """A code of the authenticator, or a recovery code."""

    code = _code(_("动态验证码或恢复码"), 32)


class PhoneForm(AccountForm):
    """The telephone to which a code goes."""

    phone = forms.CharField(
        label=_("手机号"), max_length=32, widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"})
    )


class CodeForm(AccountForm):
    """The code that was sent."""

    code = _code(_("短信验证码"), 16)


class PasswordForm(AccountForm):
    """The old password and twice the new one."""

    old = _secret(_("原密码"), "current-password")
    new = _secret(_("新密码"), "new-password")
    again = _secret(_("再输入一次新密码"), "new-password")

    def clean(self) -> dict[str, Any]:
        """Check that both new ones are the same."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("new") != data.get("again"):
            self.add_error("again", _("两次输入的新密码不一致。"))
        return data


class ConfirmForm(AccountForm):
    """The password once more, and a code of the authenticator where one is enrolled."""

    password = _secret(_("密码"), "current-password")
    code = _code(_("动态验证码或恢复码"), 32)

    def __init__(self, *args: Any, second_factor: bool = False, **kwargs: Any) -> None:
        """Ask for the code only of those who have an authenticator."""
        super().__init__(*args, **kwargs)
        if not second_factor:
            del self.fields["code"]
        else:
            self.fields["code"].widget.attrs.pop("autofocus", None)


class PreferencesForm(AccountForm):
    """Language and size."""

    language = forms.ChoiceField(
        label=_("语言"),
        choices=[("", _("跟随浏览器")), ("zh-hans", "简体中文"), ("en", "English")],
        required=False,
    )
    elder_mode = forms.TypedChoiceField(
        label=_("页面大小"),
        coerce=int,
        choices=[(0, _("标准版")), (1, _("长辈版（大字）")), (2, _("长辈版（特大字）")), (3, _("长辈版（超大字）"))],
    )


class DeviceForm(AccountForm):
    """The device on which a program is to be let in."""

    name = forms.CharField(label=_("设备名称"), max_length=40, help_text=_("例如“值班手机”“平板一”，便于以后撤销。"))


class TokenForm(AccountForm):
    """The program that is to be let in, what for, and for how long."""

    name = forms.CharField(
        label=_("程序名称"), max_length=40, help_text=_("例如“区平台对接”“报表脚本”，便于以后撤销。")
    )
    scopes = forms.MultipleChoiceField(
        label=_("用途"), choices=TokenScope.choices, widget=forms.CheckboxSelectMultiple,
        help_text=_("只勾选程序用得到的；能看到和能办理的不会超出持有人自己的权限。"),
        error_messages={"required": _("请至少选择一项用途。")},
    )  # fmt: skip
    days = forms.IntegerField(label=_("有效天数"), initial=180, min_value=1)


class ReasonForm(AccountForm):
    """Why an administrator does it."""

    reason = forms.CharField(label=_("原因"), max_length=200)
