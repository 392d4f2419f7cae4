"""The shape of what is entered about areas."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.interfaces.web.forms import DomainForm


def _day(label: Any, hint: Any = "") -> forms.DateField:
    return forms.DateField(label=label, help_text=hint, widget=forms.DateInput(attrs={"type": "date"}))


def _reason(label: Any = None) -> forms.CharField:
    return forms.CharField(label=label or _("原因"), max_length=300, required=False)


class UploadForm(DomainForm):
    """A file of areas of one kind, to hold from a day on."""

    kind = forms.ChoiceField(label=_("是哪一级区域"))
    layer = forms.ChoiceField(label=_("自由图层"), required=False, help_text=_("街区、片区等横跨层级的区域才选。"))
    since = _day(_("从哪一天起生效"), _("可以是将来的日子；在那以前仍按旧边界。"))
    file = forms.FileField(label=_("GeoJSON 文件"))
    reason = _reason(_("依据或说明"))

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], layers: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer ``kinds`` and ``layers``."""
        super().__init__(*args, **kwargs)
        for name, choices in (("kind", kinds), ("layer", [("", _("不是")), *layers])):
            field: Any = self.fields[name]
            field.choices = choices


class NewForm(DomainForm):
    """One area by its name alone; a border may come later."""

    kind = forms.ChoiceField(label=_("类型"))
    parent = forms.CharField(required=False, max_length=20)
    name = forms.CharField(label=_("名称"), max_length=64)
    code = forms.CharField(label=_("编码"), max_length=48, help_text=_("全街道不重复，例如统计用区划代码。"))
    households = forms.IntegerField(label=_("户数"), required=False, min_value=0)
    since = _day(_("从哪一天起"))

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer ``kinds``."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = kinds


class NameForm(DomainForm):
    """The name."""

    name = forms.CharField(label=_("名称"), max_length=64)


class HouseholdsForm(DomainForm):
    """How many households."""

    households = forms.IntegerField(label=_("户数"), required=False, min_value=0)


class BorderForm(DomainForm):
    """A new border from a day on."""

    since = _day(_("从哪一天起生效"))
    file = forms.FileField(label=_("GeoJSON 文件（一个面）"))
    reason = _reason(_("依据或说明"))


class EndForm(DomainForm):
    """The first day without this area."""

    day = _day(_("从哪一天起没有这个区域"))
    reason = _reason()


class MergeForm(DomainForm):
    """Into which other area, from which day on."""

    into = forms.CharField(label=_("并入"), max_length=20)
    day = _day(_("从哪一天起"))
    reason = _reason()


class ParentForm(DomainForm):
    """Below which other area."""

    parent = forms.CharField(label=_("上级"), max_length=20)
    reason = _reason()
