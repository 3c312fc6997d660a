"""What plugins put on core's pages: menu entries and panels. One that fails leaves a notice, and the rest intact."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from core.areas.current import CurrentArea
from core.areas.inside import modules_for_menu
from core.cases.workflow import Text
from core.platform import platform
from core.plugins.dispatch import Failed
from core.plugins.manifest import is_wide
from core.web.languages import current_language


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    """An entry of the navigation: a page of the plugin, for who has ``permission``. ``icon`` is one of Bootstrap's.

    One that leads to a page of the plugin's ``wide_blueprint`` stands in the menu of wide areas.
    """

    label: Text
    endpoint: str
    permission: str
    icon: str = "grid"


@dataclass(frozen=True, kw_only=True)
class PublicLink:
    """A page of the plugin for anybody (``@public``), offered on the village's page of services."""

    label: Text
    endpoint: str
    icon: str = "box-arrow-in-right"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A card on a page of core: ``template`` is the plugin's own (``sktm/letters.html``), filled with ``values``."""

    title: Text
    template: str
    permission: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.template.endswith(".html"):  # Flask escapes what it fills in for this ending only
            raise ValueError(f"Panel {str(self.title)!r}: the template must end in .html, not {self.template!r}")


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """Something that was found: ``title`` leads to a page of the plugin, for who has ``permission``.

    Attributes:
        endpoint, values: of that page, as for ``url_for``: "sktm.show", {"id": letter.id}. A page of core will do too.
        text: what tells it apart from others of the same title, such as a date or a state.
    """

    title: Text
    endpoint: str
    permission: str
    values: Mapping[str, Any] = field(default_factory=dict)
    text: Text = ""


@dataclass(frozen=True)
class Found:
    """What one module has found, each with its address; None where it cannot say."""

    title: str
    results: list[tuple[SearchResult, str]] | None


Entry = tuple[MenuItem, str]
Item = TypeVar("Item")

# Of one plugin on one page.
MOST_ITEMS = 20
MOST_HTML = 100_000


def may(permission: str) -> bool:
    """Whether the person who asks holds a permission in the area of the request."""
    return permission in g.permissions


def menu_entries(area: CurrentArea) -> list[Entry]:
    """The entries of this area's modules with their addresses; those of a plugin that fails are left out."""
    return [entry for _plugin, answer in _menu(area) if not isinstance(answer, Failed) for entry in answer]


def panels(hook: str, enabled: frozenset[str] | None = None, /, **arguments: Any) -> list[Markup]:
    """The cards that this area's modules, or those of ``enabled``, answer to a display hook, ready for the page.

    One notice for each plugin that failed here or in the menu, where there is no room for a notice.
    """
    failed_menus = menu_failures()
    answers = _collect(g.area.enabled if enabled is None else enabled, hook, _cards, **arguments)
    cards = [answer for _plugin, answer in answers if not isinstance(answer, Failed)]
    failed = failed_menus | {plugin for plugin, answer in answers if isinstance(answer, Failed)}
    return [*cards, *(_notice(plugin) for plugin in sorted(failed))]


def found_by_modules(area: CurrentArea, words: str) -> list[Found]:
    """What this area's modules find for some words, those that find nothing left out; one that fails says so."""
    answers = _collect(area.enabled, "search_results", _with_links, area=area, words=words)
    return [
        Found(str(platform().plugins.plugins[plugin].title), None if isinstance(answer, Failed) else answer)
        for plugin, answer in answers
        if isinstance(answer, Failed) or answer
    ]


def menu_failures() -> frozenset[str]:
    """The plugins whose entries could not be had for this page."""
    answers = _menu(g.area) if g.get("area") else []
    return frozenset(plugin for plugin, answer in answers if isinstance(answer, Failed))


def _menu(area: CurrentArea) -> list[tuple[str, Any]]:
    """Asked once a page, however many templates the page is made of; what all plugins answered serves the next ones."""
    if "plugin_menu" not in g:
        modules = modules_for_menu(area)
        key = (area, modules, g.permissions, current_language(), request.script_root)
        g.plugin_menu = platform().menus.get(key) or _ask_for_menu(area, modules, key)
    return g.plugin_menu


def _ask_for_menu(area: CurrentArea, modules: frozenset[str], key: Hashable) -> list[tuple[str, Any]]:
    answers = _collect(modules, "menu_items", _with_addresses, area=area)
    failed = any(isinstance(answer, Failed) for _plugin, answer in answers)
    return answers if failed else platform().menus.keep(key, answers)


def _collect(
    enabled: frozenset[str], hook: str, prepare: Callable[[Any], Any], /, **arguments: Any
) -> list[tuple[str, Any]]:
    return platform().hooks_for(enabled).collect(hook, prepare=prepare, **arguments)


def public_links(area: CurrentArea) -> list[tuple[PublicLink, str]]:
    """What this area's modules offer to anybody, with the addresses; without a word where a plugin fails."""
    answers = _collect(area.enabled, "public_links", _public_with_addresses, area=area)
    return [link for _plugin, answer in answers if not isinstance(answer, Failed) for link in answer]


def _public_with_addresses(answer: object) -> list[tuple[PublicLink, str]]:
    links = _all_are(PublicLink, answer)
    return [(replace(link, label=str(link.label), icon=str(link.icon)), url_for(link.endpoint)) for link in links]


class WrongAnswer(TypeError):
    """What a plugin answered is not what the hook asks for."""


def _with_addresses(answer: object) -> list[Entry]:
    # The texts are read here: one that cannot be put together would otherwise fail in core's own template.
    items = (item for item in _all_are(MenuItem, answer) if may(item.permission) and _stands_here(item))
    return [(replace(item, label=str(item.label), icon=str(item.icon)), url_for(item.endpoint)) for item in items]


def _stands_here(item: MenuItem) -> bool:
    """A page of wide areas in the menu of those, any other in that of a village."""
    return is_wide(item.endpoint.partition(".")[0]) is not g.area.is_village


def _with_links(answer: object) -> list[tuple[SearchResult, str]]:
    found = (item for item in _all_are(SearchResult, answer) if may(item.permission))
    return [
        (replace(item, title=str(item.title), text=str(item.text)), url_for(item.endpoint, **item.values))
        for item in found
    ]


def _cards(answer: object) -> Markup:
    html = Markup().join(_card(panel) for panel in _all_are(Panel, answer) if may(panel.permission))
    if len(html) > MOST_HTML:
        raise WrongAnswer(f"{len(html)} characters of HTML are more than the {MOST_HTML} that a page has room for")
    return html


def _all_are(kind: type[Item], answer: object) -> list[Item]:
    """Raises: WrongAnswer: something else, or more than a page has room for."""
    if not isinstance(answer, list | tuple | set | frozenset):
        raise WrongAnswer(f"must be a list of {kind.__name__} objects, not {type(answer).__name__}")
    for item in answer:
        if not isinstance(item, kind):
            raise WrongAnswer(f"must be {kind.__name__} objects, not {type(item).__name__}")
    if len(answer) > MOST_ITEMS:
        raise WrongAnswer(f"{len(answer)} are more than the {MOST_ITEMS} that a page has room for")
    return list(answer)


def _card(panel: Panel) -> Markup:
    body = Markup(render_template(panel.template, **panel.values))  # noqa: S704 - the template has escaped it
    return Markup('<section class="card"><header><h2>{}</h2></header>{}</section>').format(panel.title, body)


def _notice(plugin: str) -> Markup:
    manifest = platform().plugins.plugins.get(plugin)
    title = manifest.title if manifest else plugin
    text = _("Bagian dari modul %(name)s sedang tidak dapat ditampilkan. Yang lain tetap dapat dipakai.", name=title)
    return Markup('<div class="flash due" role="status"><p>{}</p></div>').format(text)
