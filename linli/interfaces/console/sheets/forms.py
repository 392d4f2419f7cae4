"""Which sheet, and which column is what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.sheets.types import SheetKind
from linli.interfaces.web.forms import DomainForm


class UploadForm(DomainForm):
    """A file."""

    file = forms.FileField(max_length=200, error_messages={"required": gettext_lazy("请选择文件。")})


class MappingForm(DomainForm):
    """One choice of column of the sheet for each column of the kind."""

    def __init__(self, kind: SheetKind, headers: list[str], mapping: dict[str, int], data: Any = None) -> None:
        """Offer the columns of the sheet, the guessed ones chosen."""
        super().__init__(data)
        places = [("", _("（没有）")), *((str(i), h or _("第 %(n)s 列") % {"n": i + 1}) for i, h in enumerate(headers))]
        for column in kind.columns:
            self.fields[f"col_{column.name}"] = forms.ChoiceField(
                label=str(column.header),
                choices=places,
                required=column.required,
                initial=str(mapping[column.name]) if column.name in mapping else "",
                error_messages={"required": _("请选择对应的列。")},
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def mapping(self) -> dict[str, int]:
        """Return column → place in the sheet."""
        return {n.removeprefix("col_"): int(v) for n, v in self.cleaned_data.items() if v != ""}
