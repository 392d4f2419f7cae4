"""What the templates of this face need beside the common tags."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField

register = template.Library()


@register.filter
def options(field: BoundField) -> list[dict[str, Any]]:
    """``{{ field|options }}`` → the choices of a form field as ``<c-field>`` takes them."""
    choices: Any = getattr(field.field, "choices", [])
    return [{"value": value, "label": label} for value, label in choices]
