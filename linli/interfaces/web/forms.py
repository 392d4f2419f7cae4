"""What every face's forms share: they show what a service found wrong where it was typed."""

from __future__ import annotations

from typing import Any

from django import forms

from linli.foundation.core.errors import DomainError


class DomainForm(forms.Form):
    """A form that takes over what a service found wrong."""

    def take(self, error: DomainError) -> None:
        """Show ``error`` at its fields, or above the form."""
        rest = True
        for name, messages in error.fields.items():
            if name in self.fields:
                rest = False
                for message in messages:
                    self.add_error(name, message)
        if rest:
            self.add_error(None, str(error))

    @property
    def drawn(self) -> list[dict[str, Any]]:
        """The fields as ``web/_fields.html`` draws them, with what was typed and what is wrong."""
        return [_drawn(bound) for bound in self.visible_fields()]


_KINDS: list[tuple[type[forms.Widget], str]] = [
    (forms.Textarea, "textarea"),
    (forms.CheckboxSelectMultiple, "checkbox"),
    (forms.RadioSelect, "radio"),
    (forms.Select, "select"),
    (forms.ClearableFileInput, "file"),
    (forms.NumberInput, "number"),
]


def _drawn(bound: forms.BoundField) -> dict[str, Any]:
    widget: Any = bound.field.widget
    kind = next((kind for cls, kind in _KINDS if isinstance(widget, cls)), "") or widget.attrs.get("type", "text")
    value = bound.value() if kind != "file" else ""
    return {
        "name": bound.html_name,
        "label": bound.label,
        "kind": kind,
        "value": "" if value is None else value,
        "options": [{"value": v, "label": label} for v, label in getattr(bound.field, "choices", [])],
        "hint": bound.help_text,
        "required": "1" if bound.field.required else "",
        "optional": "" if bound.field.required or kind in {"radio", "checkbox"} else "1",
        "errors": [str(e) for e in bound.errors],
        "rows": widget.attrs.get("rows", 4),
    }


def day_field(label: Any, *, required: bool = True, **more: Any) -> forms.DateField:
    """Return a field for a day, picked in the browser."""
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


def text_field(
    label: Any, *, required: bool = True, longest: int = 2_000, rows: int = 3, **more: Any
) -> forms.CharField:
    """Return a field for a longer text."""
    return forms.CharField(
        label=label, required=required, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


def words_field(label: Any, longest: int, *, required: bool = False, rows: int = 0, hint: Any = "") -> forms.CharField:
    """Return a field for words: of ``rows`` lines, or of one where that is 0."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else None
    return forms.CharField(label=label, max_length=longest, required=required, help_text=hint, widget=widget)
