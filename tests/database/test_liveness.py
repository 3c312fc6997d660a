"""A connection whose server went away meanwhile is replaced before anybody meets it."""

from time import monotonic
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from core.database.session import db
from core.database.urls import DatabaseUrls

OTHERS = "pid <> pg_backend_pid() AND usename = current_user"


def end_all(urls: DatabaseUrls) -> None:
    """As when the server was started again. A role may end its own connections."""
    engine = create_engine(urls.app, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {OTHERS}"))


def ask() -> int | None:
    try:
        return db.session.scalar(text("SELECT 1"))
    finally:
        db.session.remove()


def test_after_a_pause_a_dead_connection_is_replaced(app: Flask, database_urls: DatabaseUrls) -> None:
    with app.app_context():
        assert ask() == 1
        end_all(database_urls)
        with patch("core.database.liveness.monotonic", lambda: monotonic() + 60):
            assert ask() == 1


def test_in_the_same_second_nobody_asks_and_the_next_is_well_again(app: Flask, database_urls: DatabaseUrls) -> None:
    with app.app_context():
        assert ask() == 1
        end_all(database_urls)
        with pytest.raises(OperationalError):
            ask()
        assert ask() == 1
