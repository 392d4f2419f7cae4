"""Templates rendered once with holes in them, then filled as often as there are rows.

Of a list of fifty cases every row is the same markup around other words. Rendering it fifty
times costs thirty times what it costs to put the words in: so a row's template is rendered
with marks where its words go, once for each language and each set of what it asks
(:class:`Stencil` calls that the *shape*), and each row fills the holes with its escaped words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language

# Two marks from the private use area around the hole's name: escaping leaves them alone.
_HOLE = re.compile("\ue0f0([a-z_]+)\ue0f1")


def _mark(name: str) -> str:
    return f"\ue0f0{name}\ue0f1"


@dataclass
class Stencil:
    """A template whose variable ``row`` has words to place and a shape to ask.

    Attributes:
        template: its name. It may ask (``{% if %}``) only what is in the shape, and filter no words.
        words: the keys of a row that are placed.
    """

    template: str
    words: tuple[str, ...]
    _cut: dict[tuple[Any, ...], list[str]] = field(default_factory=dict, repr=False)

    def fill(self, row: Mapping[str, Any], shape: Mapping[str, Any]) -> str:
        """Return ``row``'s markup.

        Args:
            row: the words; anything that is no text is shown as text, and everything is escaped.
            shape: what the template asks besides, as ``{{ selected }}`` and as ``{{ row.urgent }}``: of few values.
        """
        key = (get_language(), *shape.items())
        pieces = self._cut.get(key)
        if pieces is None or settings.DEBUG:
            pieces = self._cut[key] = self._cut_out(shape)
        # Literal and hole take turns: what fills a hole is never looked at again.
        filled = [escape(str(row[piece])) if i % 2 else piece for i, piece in enumerate(pieces)]
        return "".join(filled)

    def _cut_out(self, shape: Mapping[str, Any]) -> list[str]:
        marked = {name: _mark(name) for name in self.words}
        return _HOLE.split(render_to_string(self.template, {**shape, "row": {**marked, **shape}}))
