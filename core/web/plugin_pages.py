"""Putting the plugins' pages and templates into the application."""

from flask import Flask, request
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader

from core.platform import platform
from core.plugins.registry import PluginRegistry


def mount_plugins(app: Flask, registry: PluginRegistry) -> None:
    """Each plugin's pages under ``/<village>/<plugin>/``; the gate answers 404 where the plugin is off.

    A template is looked for in the plugin that its path begins with, so that no plugin can replace another's.
    """
    own = PrefixLoader({name: FileSystemLoader(str(folder)) for name, folder in registry.template_directories()})
    app.jinja_env.loader = ChoiceLoader([*([app.jinja_env.loader] if app.jinja_env.loader else []), own])
    for name, blueprint in registry.blueprints():
        before = set(app.blueprints)
        app.register_blueprint(blueprint, url_prefix=f"/<village:area>/{name}")
        # More than one where a plugin nests blueprints: the gate must know all of them.
        app.extensions["puskesos"].plugin_blueprints.update(dict.fromkeys(app.blueprints.keys() - before, name))

    @app.before_request
    def drop_area() -> None:
        """The gate has read it; a plugin's view takes what its own rule names, and asks ``here()`` for the village."""
        if request.view_args and platform().plugin_of_blueprint(request.blueprint):
            request.view_args.pop("area", None)
