"""Which sheet, and which column is what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases.services import importing
from linli.engines.cases.services.importing import Parcel


class UploadForm(forms.Form):
    """A file and what it holds."""

    kind = forms.ChoiceField(choices=[("messages", gettext_lazy("网络留言")), ("hotline", gettext_lazy("12345 工单"))])
    file = forms.FileField(max_length=200, error_messages={"required": gettext_lazy("请选择文件。")})


class MappingForm(forms.Form):
    """One choice of column for each field of the layout."""

    to_other = forms.BooleanField(required=False)

    def __init__(self, parcel: Parcel, data: Any = None) -> None:
        """Offer the columns of ``parcel``, the guessed ones chosen."""
        super().__init__(data)
        self.parcel = parcel
        layout = importing.layout(parcel.kind)
        columns = [
            ("", _("（没有）")),
            *((str(i), h or _("第 %(n)s 列") % {"n": i + 1}) for i, h in enumerate(parcel.headers)),
        ]
        for name in layout.columns:
            self.fields[f"col_{name}"] = forms.ChoiceField(
                label=str(importing.FIELDS[name]),
                choices=columns,
                required=name in layout.required,
                initial=str(parcel.mapping[name]) if name in parcel.mapping else "",
                error_messages={"required": _("请选择对应的列。")},
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def mapping(self) -> dict[str, int]:
        """Return field → column."""
        return {
            n.removeprefix("col_"): int(v) for n, v in self.cleaned_data.items() if n.startswith("col_") and v != ""
        }
