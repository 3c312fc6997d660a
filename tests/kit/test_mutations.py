"""The table fault × check: every fault is caught by the one check that is named for it (and by no other: see below)."""

import logging
import os
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from core.database.urls import DatabaseUrls
from core.testing import AREAS, PluginContract, clear, provision
from core.testing.subject import Subject

from .conftest import NAME, installed_site
from .faults import FAULTS, Fault

# What is cut off may be in the middle of a callback of Python's own, which then says so.
pytestmark = [pytest.mark.story, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

CHECKS = [name for name in vars(PluginContract) if name.startswith("test_")]

# All against all takes a quarter of an hour, and is done when PUSKESOS_WHOLE_TABLE says so; otherwise each fault meets
# the check that is named for it.


def checks_for(fault: Fault) -> list[str]:
    return CHECKS if os.environ.get("PUSKESOS_WHOLE_TABLE") else [fault.caught_by]


class Contract(PluginContract):
    plugin = NAME


def caught_by(app: Flask, database_urls: DatabaseUrls, owner_engine: Engine, checks: list[str]) -> dict[str, str]:
    """Each check that fails, with what it says. A plugin that does not load is not asked for more."""
    contract = Contract()
    subject = Subject(
        app, NAME, database_urls, owner_engine, contract.answers, contract.row_values, contract.job_arguments
    )
    said: dict[str, str] = {}
    try:
        with app.app_context():
            provision(AREAS)
        for check in checks if NAME in subject.registry.plugins else ["test_it_loads"]:
            try:
                getattr(contract, check)(subject)
            except Exception as error:
                said[check] = f"{type(error).__name__}: {error}"
    finally:
        clear(owner_engine)
    return said


@pytest.mark.parametrize("number", range(len(FAULTS)), ids=[fault.name for fault in FAULTS])
def test_a_fault_is_caught_by_the_check_named_for_it(
    number: int, tmp_path: Path, database_urls: DatabaseUrls, owner_engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    fault: Fault = FAULTS[number]
    caplog.set_level(logging.CRITICAL)
    with installed_site(tmp_path, f"notes_with_fault_{number}", fault, database_urls, owner_engine) as app:
        said = caught_by(app, database_urls, owner_engine, checks_for(fault))
    assert list(said) == [fault.caught_by], said
    assert fault.says in said[fault.caught_by]


def test_the_sound_plugin_passes_every_check(tmp_path: Path, database_urls: DatabaseUrls, owner_engine: Engine) -> None:
    with installed_site(tmp_path, "notes_without_fault", None, database_urls, owner_engine) as app:
        assert caught_by(app, database_urls, owner_engine, CHECKS) == {}


def test_every_check_has_a_fault_that_it_catches() -> None:
    assert {fault.caught_by for fault in FAULTS} == set(CHECKS)
