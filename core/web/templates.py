"""Templates, compiled once for each wording: a text that never changes costs a page nothing.

A page says about eighty fixed texts and shows twenty icons. Looked up while it renders, they take longer than its rows;
so ``_("…")`` and ``icon("…")`` with a literal become part of the compiled template.
"""

from collections.abc import Callable, Iterable
from typing import Any

from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from .icons import UnknownIcon, mute_icon
from .languages import current_wording

Translate = Callable[[str, str], str]
"""What a wording (``"en"``) says for a text."""


class LanguageEnvironment(Environment):
    """Flask's environment. Asked for a template, it answers with the one compiled for the reader's wording."""

    wording: str | None = None
    translate: Translate = staticmethod(lambda _wording, text: text)

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        self.by_wording: dict[str, LanguageEnvironment] = {}

    def _in(self, wording: str) -> "LanguageEnvironment":
        # Made when first asked for: an overlay copies what the environment has by then.
        if wording not in self.by_wording:
            made = self.overlay()
            made.wording = wording
            self.by_wording[wording] = made
        return self.by_wording[wording]

    def get_template(self, name: str | Template, *args: Any, **options: Any) -> Template:
        if self.wording is None:
            return self._in(current_wording()).get_template(name, *args, **options)
        return super().get_template(name, *args, **options)

    def select_template(self, names: Iterable[str | Template], *args: Any, **options: Any) -> Template:
        if self.wording is None:
            return self._in(current_wording()).select_template(names, *args, **options)
        return super().select_template(names, *args, **options)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed = super()._parse(source, name, filename)
        escapes = self.autoescape(name) if callable(self.autoescape) else self.autoescape
        if self.wording is not None and escapes:
            wording = self.wording
            parsed = _FixedTexts(lambda text: self.translate(wording, text)).visit(parsed)
        return parsed


class _FixedTexts(NodeTransformer):
    """Replaces calls with a literal by what they answer."""

    def __init__(self, translate: Callable[[str], str]) -> None:
        self.translate = translate

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs or len(node.args) != 1:
            return node
        argument = node.args[0]
        if not isinstance(argument, nodes.Const) or not isinstance(argument.value, str):
            return node
        if node.node.name == "_":
            return self._text(node, argument.value)
        return _icon(node, argument.value) if node.node.name == "icon" and not node.kwargs else node

    def _text(self, node: nodes.Call, text: str) -> nodes.Expr:
        """As Jinja's new-style gettext: the text is markup and its variables are escaped."""
        translated = Markup(self.translate(text))  # noqa: S704 - from our catalogues, not from a person
        if not node.kwargs:
            return nodes.Const(translated % {}, lineno=node.lineno)
        pairs = [nodes.Pair(nodes.Const(given.key), given.value, lineno=node.lineno) for given in node.kwargs]
        return nodes.Mod(nodes.Const(translated), nodes.Dict(pairs), lineno=node.lineno)


def _icon(node: nodes.Call, name: str) -> nodes.Expr:
    try:
        return nodes.Const(mute_icon(name), lineno=node.lineno)
    except UnknownIcon:
        return node  # what becomes of it is decided where it is called
