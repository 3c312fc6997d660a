"""Plugins written into a folder of their own: the sound one, and one for each fault."""

import importlib.metadata
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, event, text

from core.database.base import Base
from core.database.session import db
from core.database.upgrade import upgrade
from core.database.urls import DatabaseUrls
from core.plugins.health import PluginHealth
from core.plugins.registry import ENTRY_POINT_GROUP, load_plugins
from core.testing import test_config
from core.testing.sites import site, taken_down

from .faults import WIDE, Fault

# Read as source, and written elsewhere before it is imported.
collect_ignore = ["sound"]

SOUND = Path(__file__).parent / "sound"
NAME = "notes"
LONGEST_PAGE = 5
"""Seconds: nobody waits longer for a page that never ends, and those that do have time on a busy machine."""

MakeSite = Callable[..., Flask]


def write_plugin(folder: Path, package: str, fault: Fault | None) -> None:
    target = shutil.copytree(SOUND, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    if fault is None:
        return
    (target / "wide.py").write_text(WIDE)
    file = target / fault.file
    file.parent.mkdir(parents=True, exist_ok=True)
    source = file.read_text() if file.exists() else ""
    assert fault.old in source, f"{fault.name}: {fault.file} has no {fault.old!r}"
    source = source.replace(fault.old, fault.new, 1) if fault.old else source + fault.new
    file.write_text(source + ("\n\nfrom . import wide\n" if "wide." in fault.new else ""))


@contextmanager
def installed_site(
    folder: Path, package: str, fault: Fault | None, database_urls: DatabaseUrls, owner_engine: Engine
) -> Iterator[Flask]:
    """An installation with the plugin alone and its tables; afterwards nothing of it is left in the process."""
    write_plugin(folder, package, fault)
    entry_point = importlib.metadata.EntryPoint(NAME, package, ENTRY_POINT_GROUP)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        health = PluginHealth(recover=db.session.rollback)
        try:
            registry = load_plugins(strict=False, disabled=frozenset(), entry_points=[entry_point], health=health)
            if not registry.plugins:
                _forget(package)  # no migration of it will run, so there will be no table
            upgrade(database_urls, registry.migration_directories())
            config = replace(test_config(folder), plugin_page_seconds=LONGEST_PAGE)
            app = site(config, database_urls, registry)
            try:
                yield app
            finally:
                taken_down(app)
        finally:
            _forget(package)
            with owner_engine.begin() as connection:
                connection.execute(text("DROP TABLE IF EXISTS notes_entries, notes_version"))
                connection.execute(text("DROP FUNCTION IF EXISTS notes_one"))
                connection.execute(text("ALTER TABLE persons DROP COLUMN IF EXISTS pinned"))


def _forget(package: str) -> None:
    for listener in getattr(sys.modules.get(package), "LISTENERS", ()):
        event.remove(*listener)
    if "notes_entries" in Base.metadata.tables:
        Base.metadata.remove(Base.metadata.tables["notes_entries"])
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]
