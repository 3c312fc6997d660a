"""Putting the plugins' pages and templates into the application."""

from collections.abc import Iterator
from time import monotonic

from flask import Blueprint, Flask, Response, g, request
from flask.typing import ResponseReturnValue
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader

from core.platform import platform
from core.plugins.guard import LeftBroken
from core.plugins.registry import PluginRegistry
from core.plugins.watch import TooSlow, start_clock
from core.users.permissions import is_for_machines
from core.web.errors import error_page, module_hangs, module_stopped


class PatientFlask(Flask):
    """Flask, with a limit to the time that a page of a plugin's own may take."""

    def full_dispatch_request(self) -> Response:
        """All that is the plugin's is in here, its functions before and after the view and for errors as well.

        Core's part of it does not count: the gate, and reading what is uploaded on a slow line, come before the clock
        is started.
        """
        plugin = platform().plugin_of_blueprint(request.blueprint)
        if plugin is None:
            return super().full_dispatch_request()
        registry, seconds = platform().plugins, platform().config.plugin_page_seconds
        try:
            response = registry.health.for_its_own_page(plugin, seconds, super().full_dispatch_request)
        except (TooSlow, LeftBroken) as error:
            registry.page_failed(plugin, g.area.id if g.get("area") else None, error)
            request.url_rule = None  # from here on it is nobody's page: nothing of the plugin is called for it
            return self.finalize_request(module_stopped(plugin) if isinstance(error, TooSlow) else error_page(500))
        if response.is_streamed and not response.direct_passthrough:
            if close := getattr(response.response, "close", None):
                response.call_on_close(close)
            response.response = _pieces(registry, plugin, seconds, response.iter_encoded())
        return response


def _pieces(registry: PluginRegistry, plugin: str, seconds: float, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """An answer that is made while it is sent: the time for making it counts, and not how fast the other side reads.

    Raises:
        TooSlow: the answer breaks off, so that nobody takes it for the whole.
    """
    while True:
        began = monotonic()
        try:
            piece = registry.health.for_a_piece(plugin, seconds, lambda: next(pieces, None))
        except TooSlow as error:
            registry.page_failed(plugin, None, error)
            raise
        if piece is None:
            return
        seconds -= monotonic() - began
        yield piece


def mount_plugins(app: Flask, registry: PluginRegistry) -> None:
    """Each plugin's pages under ``/<village>/<plugin>/`` and ``/<wide area>/<plugin>/``; the gate answers 404 where the
    plugin is off.

    A template is looked for in the plugin that its path begins with, so that no plugin can replace another's.
    """
    own = PrefixLoader({name: FileSystemLoader(str(folder)) for name, folder in registry.template_directories()})
    app.jinja_env.loader = ChoiceLoader([*([app.jinja_env.loader] if app.jinja_env.loader else []), own])
    for name, blueprint in registry.blueprints():
        _mount(app, name, blueprint, f"/<village:area>/{name}")
    for name, blueprint in registry.wide_blueprints():
        _mount(app, name, blueprint, f"/<wide:area>/{name}")
    app.before_request(hand_over)


def _mount(app: Flask, plugin: str, blueprint: Blueprint, url_prefix: str) -> None:
    before, views_before = set(app.blueprints), set(app.view_functions)
    app.register_blueprint(blueprint, url_prefix=url_prefix)
    # More than one where a plugin nests blueprints: the gate must know all of them.
    app.extensions["puskesos"].plugin_blueprints.update(dict.fromkeys(app.blueprints.keys() - before, plugin))
    for endpoint in app.view_functions.keys() - views_before:
        view = app.view_functions[endpoint]
        if is_for_machines(view):
            app.extensions["csrf"].exempt(view)


def hand_over() -> ResponseReturnValue | None:
    """From here on the page is the plugin's.

    The gate has read the area; a plugin's view takes what its own rule names, and asks ``here()`` for the village.
    """
    plugin = platform().plugin_of_blueprint(request.blueprint)
    if plugin is None:
        return None
    if platform().plugins.hangs(plugin):
        request.url_rule = None
        return module_hangs(plugin)
    (request.view_args or {}).pop("area", None)
    start_clock()
    return None
