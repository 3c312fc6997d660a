"""An installation in use: its settings and its database, the embedded one where none is named."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask

from core import create_app
from core.actor import Actor, acting
from core.config import Config
from core.database.embedded import EmbeddedServer, start
from core.database.session import db
from core.database.urls import DatabaseUrls, given_urls

from .schema import require_current_schema
from .views import blueprints

COMMAND_LINE = Actor(None, "baris perintah")


@dataclass(frozen=True)
class Installation:
    config: Config
    urls: DatabaseUrls


@contextmanager
def installation() -> Iterator[Installation]:
    """Settings from the environment, and a database that runs for as long as the block.

    Raises:
        ConfigError: a setting that is not understood.
        DatabaseStartError: the embedded database does not start.
    """
    config = Config.from_environment()
    if urls := given_urls(config):
        yield Installation(config, urls)
        return
    server = embedded_server(config)
    try:
        yield Installation(config, urls_of(server))
    finally:
        server.stop()


@contextmanager
def application() -> Iterator[Flask]:
    """The application in use by the command line: its context is pushed, and deeds are recorded in its name.

    Raises:
        SchemaOutdated: somebody has to run `puskesos db upgrade` first.
    """
    with administration() as (app, _here):
        yield app


@contextmanager
def administration() -> Iterator[tuple[Flask, Installation]]:
    """The same, with the owner's access for what the application itself may not do.

    Raises:
        SchemaOutdated: somebody has to run `puskesos db upgrade` first.
    """
    with installation() as here:
        require_current_schema(here.urls)
        app = create_app(here.config, here.urls.app, blueprints)
        with app.app_context(), acting(COMMAND_LINE):
            try:
                yield app, here
            finally:
                db.session.remove()
                db.engine.dispose()


def embedded_server(config: Config) -> EmbeddedServer:
    return start(config.data_dir / "postgres")


def embedded_urls(config: Config) -> DatabaseUrls:
    """Start the embedded database for the rest of this process; the kernel gives its lease back."""
    return urls_of(embedded_server(config))


def urls_of(server: EmbeddedServer) -> DatabaseUrls:
    return DatabaseUrls(server.owner_url, server.app_url)
