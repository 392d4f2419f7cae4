"""The shape of what is entered for a screen."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.interfaces.web.forms import DomainForm


class ScreenForm(DomainForm):
    """Where the screen hangs and for how many days its link is good."""

    name = forms.CharField(label=_("屏幕名称（挂在哪里）"), max_length=64)
    days = forms.IntegerField(
        label=_("有效天数"), initial=180, min_value=1, widget=forms.NumberInput(attrs={"type": "number"})
    )


class RevokeForm(DomainForm):
    """Why a link is closed."""

    reason = forms.CharField(label=_("原因"), max_length=200, required=False)
