"""Starting one more process of an installation, for tests."""

from collections.abc import Iterable

from flask import Blueprint, Flask

from core.application import build
from core.config import Config
from core.database.session import db
from core.database.urls import DatabaseUrls
from core.plugins.registry import PluginRegistry


def site(
    config: Config,
    database_urls: DatabaseUrls,
    plugins: PluginRegistry | None = None,
    blueprints: Iterable[Blueprint] = (),
) -> Flask:
    """An application as tests ask it: what fails in a page is answered as in production."""
    app = build(config, database_urls.app, plugins, blueprints)
    app.testing = True
    app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    return app


def taken_down(app: Flask) -> None:
    """Give back its connections."""
    with app.app_context():
        db.engine.dispose()
