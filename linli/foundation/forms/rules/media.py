"""The pictures, sounds and films that a form names: of its questions and of its choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from linli.foundation.forms.rules.shape import Shape
from linli.foundation.forms.types import Choice, Question, WholeForm, Words

KINDS = ("image", "audio", "video")


def media_names(form: WholeForm) -> dict[str, str]:
    """Return name of a file → ``image``, ``audio`` or ``video``, in the order in which the form names them."""
    asked = (place.item for place in Shape.of(form).places)
    choices = (choice for row in form.lists.values() for choice in row)
    return _names(asked) | _names(choices)


def _names(items: Iterable[object]) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in items:
        media: Mapping[str, Words] = item.media if isinstance(item, (Question, Choice)) else {}
        for kind in KINDS:
            found |= {name.strip(): kind for name in media.get(kind, {}).values() if name.strip()}
    return found
