"""Which sheet, and which column is what."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases.selectors import catalogue
from linli.engines.cases.services import importing
from linli.engines.cases.services.importing import Parcel
from linli.engines.cases.types import Solved
from linli.foundation.core.text import clean

MOST_VALUES = 100


class UploadForm(forms.Form):
    """A file and what it holds."""

    kind = forms.ChoiceField(choices=[("messages", gettext_lazy("网络留言")), ("hotline", gettext_lazy("12345 工单"))])
    file = forms.FileField(max_length=200, error_messages={"required": gettext_lazy("请选择文件。")})


class OrdersForm(forms.Form):
    """From which day to which the work orders are handed back."""

    first = forms.DateField(label=gettext_lazy("从"))
    last = forms.DateField(label=gettext_lazy("到"))


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value of a column that nothing here is called: what it stands for is chosen once and kept."""

    name: str
    field: str
    label: str
    raw: str
    count: int


def vocabulary(name: str) -> tuple[list[tuple[str, str]], set[str]]:
    """Return what the values of a field may mean here, and the words that are known without being told."""
    if name == "category":
        nodes = [n for n in catalogue.categories() if n.leaf]
        words = {w for n in nodes for w in (n.spec.code, n.spec.name, n.spec.resident_name)}
        return [(n.spec.code, n.spec.name) for n in nodes], words
    if name == "rating":
        offered = [(r, str(_RATINGS[r])) for r in _RATINGS]
        return offered, {*importing.RATING_WORDS, *importing.UNRATED, *_RATINGS}
    return [(str(v), str(label)) for v, label in Solved.choices], {*importing.SOLVED_WORDS, *importing.UNRATED}


_RATINGS = {
    "satisfied": gettext_lazy("满意"), "mostly": gettext_lazy("基本满意"), "fair": gettext_lazy("一般"),
    "unsatisfied": gettext_lazy("不满意"),
}  # fmt: skip
VALUED = ("category", "rating", "solved")


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

        self.unknown = [u for name in VALUED if name in layout.columns for u in self._offer(name)]

    def _offer(self, name: str) -> list[Unknown]:
        """Add a choice for each value of a column that is not known here."""
        at = self.parcel.mapping.get(name)
        if at is None:
            return []
        offered, words = vocabulary(name)
        said = self.parcel.values.get(name, {})
        cells = (clean(cells[at]) if at < len(cells) else "" for _line, cells in self.parcel.rows)
        found = []
        for raw, count in importing.unknown_values(cells, words, {})[:MOST_VALUES]:
            key = f"val_{name}_{hashlib.sha256(raw.encode()).hexdigest()[:12]}"
            self.fields[key] = forms.ChoiceField(
                label=raw,
                required=False,
                choices=[("", _("（照原样）")), *offered],
                initial=said.get(raw, ""),
                widget=forms.Select(attrs={"class": "form-select"}),
            )
            found.append(Unknown(key, name, str(importing.FIELDS[name]), raw, count))
        return found

    @property
    def meanings(self) -> list[dict[str, Any]]:
        """The values that are not known here, with their choice, for the page."""
        return [{"said": u, "field": self[u.name]} for u in self.unknown]

    def values(self) -> dict[str, dict[str, str]]:
        """Return field → what stands in the sheet → what it is called here; what this sheet has not stays as it was."""
        offered = {(u.field, u.raw) for u in self.unknown}
        found: dict[str, dict[str, str]] = {}
        for name, said in self.parcel.values.items():
            if kept := {raw: meant for raw, meant in said.items() if (name, raw) not in offered}:
                found[name] = kept
        for u in self.unknown:
            if meant := self.cleaned_data.get(u.name):
                found.setdefault(u.field, {})[u.raw] = meant
        return found

    def mapping(self) -> dict[str, int]:
        """Return field → column."""
        return {
            n.removeprefix("col_"): int(v) for n, v in self.cleaned_data.items() if n.startswith("col_") and v != ""
        }
