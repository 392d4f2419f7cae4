"""The shape of what is entered on the set-up path."""

from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from linli.interfaces.web.forms import DomainForm

PATTERNS = (
    ("street", _("街道 > 综合网格 > 居民区 > 微网格 > 楼组")),
    ("district", _("区 > 街道（镇）> 责任网格 > 居（村）> 微网格")),
)


class PlaceForm(DomainForm):
    """The root area: what the subdistrict is called, and which kinds of areas it will have."""

    name = forms.CharField(label=_("名称"), max_length=64)
    code = forms.CharField(
        label=_("行政区划或统计代码（选填）"),
        max_length=20,
        required=False,
        validators=[RegexValidator(r"^[0-9A-Za-z_-]*$", _("代码只能由字母、数字、横线组成。"))],
    )
    pattern = forms.ChoiceField(label=_("区域层级"), choices=PATTERNS)


class OpenForm(DomainForm):
    """Opening or shutting the residents' door."""

    reason = forms.CharField(label=_("说明"), max_length=200)
