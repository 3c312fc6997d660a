"""A database without any district, and the tool run against it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import Engine

from core.areas.code import AreaCode
from core.config import ROOT
from core.database.session import scope
from core.database.urls import DatabaseUrls
from core.testing import clear
from tenants.cli import main

BOGOR = AreaCode.parse("32.01")
SHIPPED = sorted(folder.parent.name for folder in (ROOT / "plugins").glob("*/__init__.py"))
"""The modules of this repository."""


@pytest.fixture
def empty(app: Flask, owner_engine: Engine) -> Iterator[Flask]:
    """The application with its context pushed and nothing provisioned."""
    with app.app_context():
        yield app
    clear(owner_engine)


@pytest.fixture
def bogor(empty: Flask) -> Iterator[None]:
    """In the scope of the district, as the command line is when it provisions one."""
    with scope(BOGOR):
        yield


Run = Callable[..., Result]


@pytest.fixture
def puskesos(
    database_urls: DatabaseUrls, owner_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    """``puskesos("users", "list")`` as at a terminal; answers with click's result (exit code, output)."""
    for name, value in {
        "DATABASE_URL": database_urls.owner,
        "DATABASE_APP_URL": database_urls.app,
        "PUSKESOS_DATA": str(tmp_path),
        "PUSKESOS_ENV": "test",
        "SECRET_KEY": "only for tests",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PUSKESOS_DEBUG", raising=False)
    yield lambda *arguments, **options: CliRunner().invoke(main, [str(word) for word in arguments], **options)
    clear(owner_engine)


@pytest.fixture
def district_file(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a district's file: the district itself and two villages of Ciampea, with what a test adds."""

    def write(more: str = "", *, villages: str = '["32.01.15.2008", "32.01.15.2010"]') -> Path:
        path = tmp_path / "kabupaten.toml"
        path.write_text(f'[district]\ncode = "32.01"\n[[villages]]\nvillages = {villages}\n{more}', encoding="utf-8")
        return path

    return write
