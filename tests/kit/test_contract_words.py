"""What the contract tells a plugin that is not there, and of a page that nobody may open."""

from dataclasses import replace

import pytest
import typst
from flask import Flask, Response
from sqlalchemy import Engine
from werkzeug.routing import Rule

from core.database.urls import DatabaseUrls
from core.testing import PluginContract
from core.testing.pages import Page, content_of, pages_that_do_not_open
from core.testing.subject import Subject


class Contract(PluginContract):
    plugin = "nowhere"


def subject(app: Flask, database_urls: DatabaseUrls, owner_engine: Engine, plugin: str) -> Subject:
    return Subject(app, plugin, database_urls, owner_engine, Contract().answers, Contract().row_values)


def test_a_plugin_that_is_not_installed_is_told_to_look_at_its_entry_point(
    app: Flask, database_urls: DatabaseUrls, owner_engine: Engine
) -> None:
    with pytest.raises(AssertionError, match="is its entry point there"):
        Contract().test_it_loads(subject(app, database_urls, owner_engine, "nowhere"))


@pytest.mark.usefixtures("areas")
def test_a_page_that_nobody_may_open_is_told(
    app: Flask, database_urls: DatabaseUrls, owner_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.view_functions["sktm.register"].__dict__, "permission", "sktm.nobody")
    faults = pages_that_do_not_open(subject(app, database_urls, owner_engine, "sktm"))
    assert faults == ["no role holds sktm.nobody: nobody could open GET /32.01.15.2008/sktm/"]


def test_what_a_pdf_says_is_read() -> None:
    content = typst.compile(b"Milik desa lain")
    assert isinstance(content, bytes)
    assert content_of(Response(content, mimetype="application/pdf")) == "Milik desa lain"


def test_a_page_for_other_systems_may_refuse_whoever_proves_nothing() -> None:
    page = Page("GET", Rule("/<village:area>/hook", endpoint="faulty.hook"), "/32.01.15.2008/hook", "public")
    assert {401, 403}.isdisjoint(page.fine)
    assert {200, 401, 403} <= replace(page, for_machines=True).fine
