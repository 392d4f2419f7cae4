"""Small components whose markup is kept: the same icon stands on a page a hundred times.

``<c-icon>`` and its like show nothing but what they are given. What they gave for the same
attributes, slot and language is kept in the process, which costs a tenth of rendering them.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template import Context, Node
from django.template.base import Parser, Token
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django_cotton.templatetags import UnprocessableDynamicAttr
from django_cotton.templatetags._component import AttrKind, CottonComponentNode, PreparedAttr, cotton_component

# Their templates use their own attributes and slot and nothing else (tested), and never hold anybody's data.
KEPT = frozenset({"icon", "kbd", "status", "tag"})
_MOST = 2_000
_kept: dict[tuple[Any, ...], SafeString] = {}


def forget() -> None:
    """Drop what this process kept."""
    _kept.clear()


def _value(attr: PreparedAttr, context: Context) -> Any:
    if attr.kind in (AttrKind.STATIC, AttrKind.BOOLEAN):
        return attr.value
    if attr.kind is AttrKind.ESCAPED:
        return attr.compiled.render(context) if attr.compiled else attr.value
    try:
        return attr.compiled.resolve(context)
    except UnprocessableDynamicAttr:
        return None


class KeptComponent(Node):
    """A use of a component of :data:`KEPT`."""

    def __init__(self, component: CottonComponentNode) -> None:
        """Stand before ``component``."""
        self.component = component
        self.nodelist = component.nodelist
        self._names = tuple(component.attrs)

    def render(self, context: Context) -> SafeString:
        """Return the kept markup, or let the component render and keep it."""
        component = self.component
        values = tuple(_value(attr, context) for attr in component._prepared_attrs)
        slot = component.nodelist.render(context)
        kinds = tuple(map(type, values))
        key = (component.component_name, get_language(), self._names, values, kinds, slot)
        try:
            found = _kept.get(key)
        except TypeError:  # something that cannot be a key: an attribute that these components do not know
            return mark_safe(component.render(context))  # noqa: S308  rendered by a template
        if found is None or settings.DEBUG:
            if len(_kept) >= _MOST:
                _kept.clear()
            found = _kept[key] = mark_safe(component.render(context))  # noqa: S308  rendered by a template
        return found


def compile_component(parser: Parser, token: Token) -> Node:
    """Compile ``{% cotton … %}``, to which ``<c-…>`` is made."""
    node: CottonComponentNode = cotton_component(parser, token)
    return KeptComponent(node) if node.component_name in KEPT and not node.only else node
