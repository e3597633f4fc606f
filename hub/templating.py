"""Templates that are drawn in less time: the same words, put together in fewer steps.

Django looks at each variable of a template as if it could be anything, each time that it is drawn.
Nearly all are a name in a dictionary or an attribute, and plain text: these are taken for that
first, and all else goes Django's own way. A page of the desk has a thousand of them.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from inspect import signature
from typing import Any

from django.template import Context, Node, NodeList, Template, Variable, VariableDoesNotExist
from django.template.base import FilterExpression, TextNode, VariableNode, render_value_in_context
from django.template.context import BaseContext
from django.template.defaulttags import ForNode, IfNode, TemplateLiteral
from django.template.loaders import cached
from django.utils.safestring import SafeString

_Draws = Callable[[Any], str]
_Looks = Callable[[Any], Any]


class Loader(cached.Loader):
    """Reads and keeps templates as Django's own does."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        """One template, ready to be drawn."""
        template: Template = super().get_template(template_name, skip)
        if not self.engine.debug and not isinstance(template.nodelist, Nodes):
            template.nodelist = _quick(template.nodelist)
        return template


class Quick(Variable):
    """A variable that is looked for where it mostly is. What it finds is what Django finds."""

    __slots__ = ()

    def find(self, context: Any) -> Any:
        """What stands under its name. Raises VariableDoesNotExist."""
        bits: Any = self.lookups
        for names in reversed(context.dicts):
            if bits[0] in names:
                current = names[bits[0]]
                break
        else:
            return super()._resolve_lookup(context)  # type: ignore[misc]  # Django's own
        if callable(current):
            return super()._resolve_lookup(context)  # type: ignore[misc]  # Django's own
        try:
            for bit in bits[1:]:
                kind = type(current)
                if kind is dict and bit in current:
                    current = current[bit]
                else:
                    current = _beneath(current, bit, has_items=hasattr(kind, "__getitem__"))
                if callable(current):
                    current = _called(current, context)
        except Exception as error:
            if getattr(error, "silent_variable_failure", False):
                return context.template.engine.string_if_invalid
            raise
        return current

    _resolve_lookup = find  # where Django looks for it


def _beneath(current: Any, bit: str, *, has_items: bool) -> Any:
    if has_items:
        try:
            return current[bit]
        except (TypeError, AttributeError, KeyError, ValueError, IndexError):
            pass
    try:
        if isinstance(current, BaseContext) and getattr(type(current), bit):
            raise AttributeError
        return getattr(current, bit)
    except (TypeError, AttributeError):
        # What a property of its own raised is no missing name.
        if not isinstance(current, BaseContext) and bit in dir(current):
            raise
    try:
        return current[int(bit)]
    except (IndexError, ValueError, KeyError, TypeError):
        raise VariableDoesNotExist("Failed lookup for key [%s] in %r", (bit, current)) from None


def _called(found: Any, context: Any) -> Any:
    if getattr(found, "do_not_call_in_templates", False):
        return found
    invalid = context.template.engine.string_if_invalid
    if getattr(found, "alters_data", False):
        return invalid
    try:
        return found()
    except TypeError:
        try:
            takes = signature(found)
        except ValueError:
            return invalid
        try:
            takes.bind()
        except TypeError:
            return invalid
        raise


class Nodes(NodeList):
    """The same nodes; text stands beside text, and plain variables are drawn at once."""

    draws: list[str | _Draws]

    def render(self, context: Context) -> SafeString:
        """All of them, one after the other."""
        drawn = [one if one.__class__ is str else one(context) for one in self.draws]  # type: ignore[operator]
        return SafeString("".join(drawn))


class _Body(Node):
    """What a loop draws each time, as one node."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        return self.nodelist.render(context)


def _quick(nodes: NodeList) -> Nodes:
    """The same list, and everything in it, drawn quickly."""
    if isinstance(nodes, Nodes):
        return nodes
    made = Nodes(nodes)
    made.contains_nontext = nodes.contains_nontext
    made.draws = []
    for node in nodes:
        _within(node)
        draws = node.s if type(node) is TextNode else _drawing(node)
        if isinstance(draws, str) and made.draws and isinstance(made.draws[-1], str):
            made.draws[-1] += draws
        else:
            made.draws.append(str(draws) if isinstance(draws, str) else draws)
    return made


def _within(node: Node) -> None:
    """Everything that a node is made of."""
    if isinstance(node, IfNode):
        node.conditions_nodelists = [
            (condition, _quick(nodes)) for condition, nodes in node.conditions_nodelists
        ]
        for condition, _ in node.conditions_nodelists:
            _variables(condition)
        return
    for name in node.child_nodelists:
        nodes = getattr(node, name, None)
        if isinstance(nodes, NodeList):
            setattr(node, name, _quick(nodes))
    if type(node) is ForNode and isinstance(node.nodelist_loop, Nodes):
        node.nodelist_loop = NodeList([_Body(node.nodelist_loop)])
    for held in vars(node).values():
        for one in held.values() if isinstance(held, dict) else [held]:
            _variables(one)


def _variables(held: Any) -> None:
    """The variables of an expression, of a condition, of several."""
    if type(held) is Variable:
        held.__class__ = Quick
    elif isinstance(held, FilterExpression):
        _variables(held.var)
        for _, values in held.filters:
            for _, value in values:
                _variables(value)
    elif isinstance(held, list | tuple):
        for one in held:
            _variables(one)
    elif hasattr(held, "eval"):  # a condition: what it compares, or one value
        for name in ("first", "second", "value"):
            _variables(getattr(held, name, None))


def _drawing(node: Node) -> _Draws:
    if type(node) is VariableNode:
        return _word(node.filter_expression)
    if type(node) is IfNode:
        return _choice(node.conditions_nodelists)
    return node.render


def _plain(held: Any) -> _Looks | None:
    """How the variable of an expression is looked up that is nothing else."""
    if not isinstance(held, FilterExpression) or held.filters or type(held.var) is not Quick:
        return None
    if held.var.translate or held.var.lookups is None:
        return None
    return held.var.find


def _word(expression: FilterExpression) -> _Draws:
    look = _plain(expression)

    def draw(context: Any) -> str:
        try:
            value = look(context) if look is not None else expression.resolve(context)
        except VariableDoesNotExist:
            value = expression.resolve(context)
        kind = type(value)
        if kind is SafeString:
            return value  # type: ignore[no-any-return]  # it is one
        if kind is str and context.autoescape:
            return escape(value)
        return str(render_value_in_context(value, context))

    return draw


def _choice(branches: list[tuple[Any, NodeList]]) -> _Draws:
    tests = [(_test(condition), nodes.render) for condition, nodes in branches]

    def draw(context: Any) -> str:
        for holds, render in tests:
            try:
                chosen = holds(context)
            except VariableDoesNotExist:
                continue
            if chosen:
                return render(context)
        return ""

    return draw


def _test(condition: Any) -> _Looks:
    if condition is None:
        return lambda _: True
    looks = (
        _plain(getattr(condition, "value", None)) if type(condition) is TemplateLiteral else None
    )
    return looks or condition.eval
