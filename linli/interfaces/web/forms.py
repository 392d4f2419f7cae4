"""What every face's forms share: they show what a service found wrong where it was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from linli.foundation.core.errors import DomainError


class DomainForm(forms.Form):
    """A form that takes over what a service found wrong."""

    made: Any = None
    refused: DomainError | None = None

    def attempt(self, act: Callable[[], Any], *, through: tuple[type[DomainError], ...] = ()) -> int:
        """Do ``act`` with what was typed, if it is valid as it stands.

        Args:
            act: calls the service; ``made`` then holds what it returned.
            through: errors that are not the form's to show.

        Returns:
            0 where it is done, else the status to show the form with; ``refused`` holds what the service said.
        """
        if not self.is_valid():
            return 422
        try:
            self.made = act()
        except through:
            raise
        except DomainError as error:
            self.refused = error
            self.take(error)
            return error.status
        return 0

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
# As a browser's field takes them, in any language.
_MOMENTS = {"date": "%Y-%m-%d", "time": "%H:%M", "datetime-local": "%Y-%m-%dT%H:%M"}
_INPUTS = frozenset({*_MOMENTS, "email", "tel", "url", "password"})


def _drawn(bound: forms.BoundField) -> dict[str, Any]:
    widget: Any = bound.field.widget
    own = getattr(widget, "input_type", "text")  # Django takes the type out of the attributes
    kind = next((kind for cls, kind in _KINDS if isinstance(widget, cls)), "") or (own if own in _INPUTS else "text")
    value = bound.value() if kind != "file" else ""
    if kind in _MOMENTS and hasattr(value, "strftime"):
        value = value.strftime(_MOMENTS[kind])
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
        "accept": widget.attrs.get("accept", ""),
    }


def photo_field(label: Any, *, required: bool = True, **more: Any) -> forms.FileField:
    """Return a field for a photo; on a phone it opens the camera."""
    return forms.FileField(
        label=label, required=required, widget=forms.ClearableFileInput(attrs={"accept": "image/*"}), **more
    )


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
