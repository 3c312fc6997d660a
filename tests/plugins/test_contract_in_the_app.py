"""The contract's tests pass for a plugin that keeps to it (each has its own), and fail for one that does not."""

from typing import Any

import pytest
from flask import Blueprint, Flask
from sqlalchemy import Engine, text
from wtforms import StringField
from wtforms.validators import InputRequired

from core.api import (
    Letter,
    Permission,
    Requirement,
    Service,
    ServiceForm,
    ServiceStandard,
    requires,
    village_decision,
)
from core.database.urls import DatabaseUrls
from core.testing import PluginContract, SignInAs

from .conftest import Start


class WordlessForm(ServiceForm):
    reason = StringField("", [InputRequired(" ")])


def services() -> list[Service]:
    return [
        Service(
            name="faulty.letter",
            title="Surat",
            form=WordlessForm,
            workflow=village_decision(time_days=1),
            letters=[Letter("letter", "Surat", "faulty/letter.typ")],
            requirements=[Requirement("kk", "Kartu kuning")],
            standard=ServiceStandard(time_days=1, product="Surat"),
        )
    ]


def permissions() -> list[Permission]:
    return [Permission("faulty.nobody", "Tidak dipegang siapa pun", ())]


def pages(permission: str) -> Blueprint:
    made = Blueprint("faulty", "faulty")
    made.add_url_rule("/", "index", requires(permission)(fails))
    return made


def fails() -> Any:
    raise RuntimeError("broken on purpose")


@pytest.fixture(scope="module")
def app(start: Start) -> Flask:
    """A plugin that loads, and breaks every other clause of the contract."""
    hooks = {"services": services, "blueprint": lambda: pages("area.view"), "dashboard_cards": fails}
    return start(faulty=hooks, plugins_strict=True)


class Contract(PluginContract):
    plugin = "faulty"


contract = Contract()


def test_a_plugin_that_is_not_installed_is_told_to_look_at_its_entry_point(app: Flask) -> None:
    other = Contract()
    other.plugin = "pip"
    with pytest.raises(AssertionError, match="is its entry point there"):
        other.test_it_loads(app)


def test_a_broken_plugin_is_told_its_reason(start: Start) -> None:
    with pytest.raises(AssertionError, match="broken on purpose"):
        contract.test_it_loads(start(faulty={"services": fails}))


def test_a_form_without_words_is_found(app: Flask) -> None:
    with pytest.raises(AssertionError, match=r"(?s)reason has no label.*refused without a word"):
        contract.test_its_forms_come_back_with_messages(app)


def test_a_paper_under_the_key_of_another_is_found(app: Flask) -> None:
    with pytest.raises(AssertionError, match="'kk' is already Kartu Keluarga"):
        contract.test_its_papers_mean_the_same_in_every_service(app)


@pytest.mark.usefixtures("areas")
def test_a_letter_that_takes_an_answer_for_source_is_found(app: Flask) -> None:
    with pytest.raises(Exception, match=r"faulty/letter\.typ"):
        contract.test_its_letters_can_be_set(app)


def test_a_page_that_fails_is_found(app: Flask, sign_in: SignInAs) -> None:
    with pytest.raises(AssertionError, match=r"GET /32\.01\.15\.2008/faulty/: 500"):
        contract.test_its_pages_open_for_who_has_the_permission(app, sign_in)


def test_a_page_that_nobody_may_open_is_found(start: Start, sign_in: SignInAs) -> None:
    hooks = {"permissions": permissions, "blueprint": lambda: pages("faulty.nobody")}
    with pytest.raises(AssertionError, match=r"no role holds faulty\.nobody"):
        contract.test_its_pages_open_for_who_has_the_permission(start(faulty=hooks), sign_in)


def test_a_part_of_a_page_that_fails_is_found(app: Flask, sign_in: SignInAs) -> None:
    with pytest.raises(AssertionError, match="one of its hooks failed"):
        contract.test_its_parts_of_pages_and_its_events_do_not_fail(app, sign_in)


def test_a_table_that_breaks_the_rules_is_found(app: Flask, database_urls: DatabaseUrls, owner_engine: Engine) -> None:
    with owner_engine.begin() as connection:
        connection.execute(text("CREATE TABLE faulty_rows (id int PRIMARY KEY)"))
    try:
        with pytest.raises(AssertionError, match="faulty_rows: the primary key must be"):
            contract.test_its_tables_keep_to_the_rules(app, database_urls, owner_engine)
    finally:
        with owner_engine.begin() as connection:
            connection.execute(text("DROP TABLE faulty_rows"))
