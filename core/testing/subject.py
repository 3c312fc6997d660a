"""The plugin that is tried, and where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, Table

from core.cases.service import Service
from core.database.base import Base
from core.database.urls import DatabaseUrls
from core.plugins.loading import Loaded
from core.plugins.registry import PluginRegistry
from core.plugins.tables import models_of
from core.testing import residents
from core.testing.standings import Standing
from core.testing.villages import VILLAGE


@dataclass
class Subject:
    """A plugin in an installation whose areas are provisioned and otherwise empty.

    Attributes:
        answers: valid answers to a service's form.
        job_arguments: what a job is asked with, by the job's name.
        found: what one look at two neighbouring villages has found, by check: several share it.
        row_values: by column, what a made-up row of one of the plugin's tables must hold.
    """

    app: Flask
    plugin: str
    database_urls: DatabaseUrls
    owner_engine: Engine
    answers: Callable[[Service], Mapping[str, Any]]
    row_values: Callable[[str], Mapping[str, Any]]
    job_arguments: Callable[[str], Mapping[str, Any]] = lambda _name: {}
    found: dict[str, list[str]] = field(default_factory=dict)
    _clients: dict[Standing, FlaskClient] = field(default_factory=dict)

    @property
    def registry(self) -> PluginRegistry:
        return self.app.extensions["puskesos"].plugins

    @property
    def loaded(self) -> Loaded:
        return self.registry.loaded(self.plugin)

    @property
    def package(self) -> str:
        """Its import name."""
        return self.loaded.module.__name__

    @property
    def folder(self) -> Path:
        found = self.loaded.file(".")
        if found is None:
            raise AssertionError(f"{self.plugin} must be a package, not a single module")
        return found

    @property
    def services(self) -> list[Service]:
        return [service for service in self.registry.all_services.values() if service.plugin == self.plugin]

    @property
    def tables(self) -> list[Table]:
        """Its own, those that others refer to first."""
        own = {table.name for table in models_of(self.package)}
        return [table for table in Base.metadata.sorted_tables if table.name in own]

    @property
    def failures(self) -> int:
        """How often its hooks have failed."""
        return self.registry.failures().get(self.plugin, 0)

    def client(self, role: str, area: str = VILLAGE) -> FlaskClient:
        """Signed in with a role; the same one each time."""
        if (role, area) not in self._clients:
            self._clients[role, area] = residents.sign_in(self.app, role, area)
        return self._clients[role, area]

    @property
    def config(self) -> Any:
        return self.app.extensions["puskesos"].config
