"""Small components whose markup is kept: the same icon stands on a page a hundred times.

``<c-icon>`` and its like show nothing but what they are given. What they gave for the same
attributes, slot and language is kept in the process, which costs a tenth of rendering them.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template import Context, Node, TemplateSyntaxError
from django.template.base import FilterExpression, NodeList, Parser, TextNode, Token, Variable
from django.template.library import SimpleNode
from django.templatetags.i18n import TranslateNode
from django.utils.safestring import SafeString
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
            return SafeString(component.render(context))
        if found is None or settings.DEBUG:
            if len(_kept) >= _MOST:
                _kept.clear()
            found = _kept[key] = SafeString(component.render(context))
        return found


class KeptBlock(Node):
    """A part of a template that is the same for everybody who reads that language."""

    def __init__(self, nodelist: NodeList) -> None:
        """Keep what ``nodelist`` gives."""
        self.nodelist = nodelist
        self._kept: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """Return the block in the reader's language."""
        language = get_language()
        found = self._kept.get(language)
        if found is None or settings.DEBUG:
            found = self._kept[language] = self.nodelist.render(context)
        return found


def _is_constant(node: Node) -> bool:
    if isinstance(node, KeptComponent):
        node = node.component
    if isinstance(node, CottonComponentNode):
        compiled = [attr.compiled for attr in node._prepared_attrs if attr.compiled is not None]
        inside = [inner for one in compiled for inner in getattr(one, "nodelist", [None])]
        return all(inner is not None and _is_constant(inner) for inner in [*inside, *node.nodelist])
    if isinstance(node, TranslateNode):
        return _is_literal(node.filter_expression)
    if isinstance(node, SimpleNode):
        return not node.takes_context and all(map(_is_literal, [*node.args, *node.kwargs.values()]))
    return isinstance(node, TextNode)


def _is_literal(expression: FilterExpression) -> bool:
    var = expression.var
    return not expression.filters and (not isinstance(var, Variable) or var.literal is not None)


def compile_block(parser: Parser, token: Token) -> Node:
    """Compile ``{% kept %}…{% endkept %}`` around words, icons and static components.

    Raises:
        TemplateSyntaxError: something inside depends on more than the language.
    """
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    if not all(map(_is_constant, nodelist)):
        message = "{% kept %} holds words and icons only: what it gives is shown to everybody"
        raise TemplateSyntaxError(message)
    return KeptBlock(nodelist)


def compile_component(parser: Parser, token: Token) -> Node:
    """Compile ``{% cotton … %}``, to which ``<c-…>`` is made."""
    node: CottonComponentNode = cotton_component(parser, token)
    return KeptComponent(node) if node.component_name in KEPT and not node.only else node
