"""Which sheet, which column is what, and what its values mean."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.sheets.services import Unknown, can_mean, offered
from linli.foundation.sheets.types import Column, SheetKind
from linli.interfaces.web.forms import DomainForm

MOST_OFFERED = 100
_WHOLE = "="


class UploadForm(DomainForm):
    """A file."""

    file = forms.FileField(max_length=200, error_messages={"required": gettext_lazy("请选择文件。")})


class MappingForm(DomainForm):
    """One choice of column of the sheet for each column of the kind, and one of meaning for each unknown value."""

    def __init__(
        self, kind: SheetKind, headers: Sequence[str], mapping: Mapping[str, int],
        values: Mapping[str, Mapping[str, str]], unknown: Sequence[Unknown] = (), data: Any = None,
    ) -> None:  # fmt: skip
        """Offer the columns of the sheet, those that are known chosen."""
        super().__init__(data)
        self.before, self.mapped = values, mapping
        for column in kind.columns:
            self._ask(column, headers, mapping, values.get(column.name, {}))
        self.unknown = {_key(u.column.name, u.raw): u for u in unknown[:MOST_OFFERED]}
        columns = {u.column.name: u.column for u in self.unknown.values()}
        meanings = {name: _meanings(column) for name, column in columns.items()}
        for name, u in self.unknown.items():
            said = values.get(u.column.name, {}).get(u.raw, "")
            self.fields[name] = forms.ChoiceField(
                label=u.raw or _("（没有填的）"), required=False, initial=said, choices=meanings[u.column.name],
                widget=forms.Select(attrs={"class": "form-select"}),
            )  # fmt: skip

    def _ask(self, column: Column, headers: Sequence[str], mapping: Mapping[str, int], said: Mapping[str, str]) -> None:
        width = max([len(headers), *(at + 1 for at in mapping.values())])
        words = [*headers, *[""] * (width - len(headers))]
        places: list[Any] = [("", _("（没有）"))]
        places += [(str(i), h or _("第 %(n)s 列") % {"n": i + 1}) for i, h in enumerate(words)]
        if column.required and column.choices is not None:
            whole = [(f"{_WHOLE}{code}", str(text)) for code, text in column.choices()]
            places.append((_("整份表格都是"), whole))
        at = mapping.get(column.name)
        initial = str(at) if at is not None else f"{_WHOLE}{said['']}" if said.get("") else ""
        self.fields[f"col_{column.name}"] = forms.ChoiceField(
            label=str(column.header),
            choices=places,
            required=column.required,
            initial=initial,
            error_messages={"required": _("请选择对应的列。")},
            widget=forms.Select(attrs={"class": "form-select"}),
        )

    @property
    def columns(self) -> list[Any]:
        """The questions which column is what."""
        return [self[name] for name in self.fields if name.startswith("col_")]

    @property
    def meanings(self) -> list[dict[str, Any]]:
        """The questions what a value means."""
        return [{"said": u, "field": self[name]} for name, u in self.unknown.items()]

    def mapping(self) -> dict[str, int]:
        """Return column → place in the sheet."""
        return {name: int(value) for name, value in self._columns() if not value.startswith(_WHOLE)}

    def values(self) -> dict[str, dict[str, str]]:
        """Return column → what stands in the sheet → which choice is meant; what this sheet has not stays as it was."""
        found: dict[str, dict[str, str]] = {}
        now = self.mapping()
        for name, said in self.before.items():
            still = name in now and name in self.mapped
            kept = {raw: m for raw, m in said.items() if _key(name, raw) not in self.unknown and (raw or still)}
            found |= {name: kept} if kept else {}
        for name, u in self.unknown.items():
            if meant := self.cleaned_data.get(name):
                found.setdefault(u.column.name, {})[u.raw] = meant
        for name, value in self._columns():
            if value.startswith(_WHOLE):
                found[name] = {"": value.removeprefix(_WHOLE)}
        return found

    def _columns(self) -> list[tuple[str, str]]:
        sent = self.cleaned_data.items()
        return [(n.removeprefix("col_"), v) for n, v in sent if n.startswith("col_") and v != ""]


class LayoutForm(MappingForm):
    """What was said of a layout, and what it is called."""

    def __init__(self, kind: SheetKind, layout: Any, data: Any = None) -> None:
        """Offer what is kept."""
        said = [
            Unknown(column, raw, 0)
            for column in kind.columns
            if can_mean(column) and column.name in layout.mapping
            for raw in layout.values.get(column.name, {})
        ]
        super().__init__(kind, layout.headers, layout.mapping, layout.values, said, data)
        self.fields["title"] = forms.CharField(max_length=120, required=False, initial=layout.title)
        self.fields["version"] = forms.IntegerField(min_value=1, initial=layout.version, widget=forms.HiddenInput)


def _key(name: str, raw: str) -> str:
    return f"val_{name}_{hashlib.sha256(raw.encode()).hexdigest()[:12]}"


def _meanings(column: Column) -> list[tuple[str, str]]:
    return [("", _("（照原样）")), *((code, str(text)) for code, text in offered(column))]
