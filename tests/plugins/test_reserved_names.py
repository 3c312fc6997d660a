"""No plugin can have a name with which it would come in the way of core: each kind of name is looked up where it is."""

import importlib.metadata
import re

from flask import Flask
from sqlalchemy import Engine, inspect

from core.config import ROOT
from core.plugins.manifest import RESERVED_NAMES
from core.plugins.registry import ENTRY_POINT_GROUP
from core.users.permissions import CORE_PERMISSIONS
from tenants.cli import COMMANDS

INSTALLED = {entry.name for entry in importlib.metadata.entry_points(group=ENTRY_POINT_GROUP)}
PLUGINS = {"homevisit", *INSTALLED}
NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")


def unreserved(names: set[str]) -> set[str]:
    return {name for name in names if NAME.fullmatch(name)} - RESERVED_NAMES - PLUGINS


def test_the_beginnings_of_cores_tables_are_reserved(owner_engine: Engine) -> None:
    with owner_engine.connect() as connection:
        tables = inspect(connection).get_table_names()
    own = [name for name in tables if not name.startswith(tuple(f"{plugin}_" for plugin in PLUGINS))]
    parts = [name.split("_") for name in own]
    assert unreserved({"_".join(part[:end]) for part in parts for end in range(1, len(part))}) == set()


def test_the_addresses_in_an_area_are_reserved(app: Flask) -> None:
    matches = (re.match(r"/<(?:village|area|wide):area>/([^/<]+)", str(rule)) for rule in app.url_map.iter_rules())
    found = {match[1] for match in matches if match}
    assert "cases" in found
    assert unreserved(found) == set()


def test_the_names_of_cores_pages_permissions_commands_and_templates_are_reserved(app: Flask) -> None:
    assert unreserved(set(app.blueprints)) == set()
    assert unreserved({permission.name.partition(".")[0] for permission in CORE_PERMISSIONS}) == set()
    assert unreserved(set(COMMANDS)) == set()
    assert unreserved({folder.name for folder in (ROOT / "templates").iterdir() if folder.is_dir()}) == set()
