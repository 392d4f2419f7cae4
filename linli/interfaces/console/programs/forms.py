"""The shape of what is entered for a program that connects."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.foundation.accounts.types import TokenScope
from linli.interfaces.web.forms import DomainForm


class ProgramForm(DomainForm):
    """Which system connects."""

    name = forms.CharField(label=_("系统名称"), max_length=64, help_text=_("例如“区城运平台”“第三方审计”。"))


class ProgramTokenForm(DomainForm):
    """What a token is for, for how long, how often it may ask."""

    name = forms.CharField(label=_("令牌名称"), max_length=40)
    scopes = forms.MultipleChoiceField(
        label=_("用途"), choices=TokenScope.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一项用途。")},
    )  # fmt: skip
    days = forms.IntegerField(label=_("有效天数"), initial=180, min_value=1)
    per_minute = forms.IntegerField(label=_("每分钟请求数"), min_value=1)
