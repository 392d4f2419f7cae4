"""The shape of what is entered for a webhook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from linli.foundation.hooks.types import Algorithm
from linli.interfaces.web.forms import DomainForm


class ChangeForm(DomainForm):
    """Where to and which events."""

    name = forms.CharField(label=_("推送给哪个系统"), max_length=64)
    url = forms.CharField(
        label=_("接收地址"), max_length=500, help_text=_("https:// 开头；不推送到内网地址，除非服务器设置允许。")
    )
    patterns = forms.CharField(
        label=_("事件"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4_000, initial="cases.*",
        help_text=_("每行一个：cases.dispatch 是派遣，cases.* 是案件的全部事件，* 是全部事件，与日志中的动作同名。"),
    )  # fmt: skip

    def clean_patterns(self) -> list[str]:
        """Return the lines."""
        return [line for line in self.cleaned_data["patterns"].replace(",", "\n").split() if line]


class NewForm(ChangeForm):
    """A new webhook."""

    algorithm = forms.ChoiceField(label=_("签名算法"), choices=Algorithm.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what the setting says first."""
        super().__init__(*args, **kwargs)
        self.fields["algorithm"].initial = settings.HOOKS_ALGORITHM
