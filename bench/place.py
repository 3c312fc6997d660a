"""Where a benchmark runs: an embedded server of its own in a temporary directory, and the application on it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psycopg
from flask import Flask
from psycopg import sql

from core import create_app
from core.config import Config
from core.database.embedded import EmbeddedServer, running
from core.database.session import db
from core.database.upgrade import upgrade
from core.database.urls import DatabaseUrls
from core.platform import Platform
from core.plugins.registry import installed_plugins


@dataclass
class Place:
    """A migrated database. ``database`` is its name on the server."""

    directory: Path
    server: EmbeddedServer
    database: str = "puskesos"

    @property
    def urls(self) -> DatabaseUrls:
        return DatabaseUrls(
            self.server.url("puskesos_owner", self.database), self.server.url("puskesos_app", self.database)
        )

    @property
    def superuser_url(self) -> str:
        """Past row-level security: for filling tables and for what is compared with."""
        return self.server.url("postgres", self.database)

    @property
    def config(self) -> Config:
        return Config(environment="production", data_dir=self.directory / "data", secret_key="only for benchmarks")  # noqa: S106

    @cached_property
    def app(self) -> Flask:
        return create_app(self.config, self.urls.app)

    @property
    def modules(self) -> list[str]:
        installed: Platform = self.app.extensions["puskesos"]
        return list(installed.plugins.plugins)

    @contextmanager
    def at_work(self) -> Iterator[Flask]:
        """The application's context, as the command line has it."""
        with self.app.app_context():
            try:
                yield self.app
            finally:
                db.session.remove()
                db.engine.dispose()

    def superuser(self) -> psycopg.Connection:
        return psycopg.connect(driver_address(self.superuser_url), autocommit=True)

    def copy(self, name: str) -> "Place":
        """Another database that begins with what this one has. Nobody may be connected to this one."""
        with psycopg.connect(driver_address(self.server.superuser_url), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER puskesos_owner").format(
                    sql.Identifier(name), sql.Identifier(self.database)
                )
            )
        return Place(self.directory, self.server, name)


def driver_address(url: str) -> str:
    """SQLAlchemy's address as the driver takes it."""
    return url.replace("postgresql+psycopg://", "postgresql://")


@contextmanager
def place() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="puskesos-bench-") as directory, running(Path(directory, "db")) as server:
        here = Place(Path(directory), server)
        upgrade(here.urls, installed_plugins(here.config).migration_directories())
        yield here
