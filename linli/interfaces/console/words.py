"""What the console's editors of words share: who may read and change, how a form is drawn, the sprite's icons."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django import forms

from linli.foundation.core.errors import DomainError
from linli.interfaces.web.forms import DomainForm
from linli.interfaces.web.templatetags.linli import BUILD, asset

_KINDS: list[tuple[type[forms.Widget], str]] = [
    (forms.Textarea, "textarea"),
    (forms.CheckboxSelectMultiple, "checkbox"),
    (forms.CheckboxInput, "switch"),
    (forms.RadioSelect, "radio"),
    (forms.Select, "select"),
    (forms.DateInput, "date"),
    (forms.NumberInput, "number"),
    (forms.EmailInput, "email"),
]


def drawn(form: forms.Form) -> dict[str, dict[str, Any]]:
    """Return the fields of ``form`` by name, as ``console/words/_field.html`` draws them."""
    found = {}
    for bound in form:
        widget: Any = bound.field.widget
        value = bound.value()
        kind = next((k for w, k in _KINDS if isinstance(widget, w)), "text")
        options = [
            {"value": str(v), "label": label, "hint": getattr(form, "hints", {}).get(f"{bound.name}.{v}", "")}
            for v, label in getattr(bound.field, "choices", [])
        ]
        found[bound.name] = {
            "name": bound.html_name,
            "label": bound.label,
            "kind": kind,
            "value": "" if value is None else value,
            "on": bool(value),
            "options": options,
            "hint": bound.help_text,
            "required": bound.field.required,
            "errors": [str(e) for e in bound.errors],
            "rows": widget.attrs.get("rows", 3),
        }
    return found


def take(form: DomainForm, error: DomainError) -> int:
    """Show ``error`` on ``form``; return the status of the answer."""
    form.take(error)
    return error.status


@lru_cache(maxsize=4)
def _icons_in(name: str) -> tuple[str, ...]:
    path = BUILD / name
    text = path.read_text(encoding="utf8") if path.exists() else ""
    return tuple(sorted(set(re.findall(r'id="i-([a-z0-9-]+)"', text))))


def icons() -> tuple[str, ...]:
    """Return the names of the icons that the sprite holds."""
    return _icons_in(asset("icons.svg").rsplit("/", 1)[-1].partition("?")[0])
