"""What every plugin must keep to, as tests that a plugin's own tests inherit in two lines.

Each test is one rule, and what is looked at stands in the module that it names: declarations, pages, isolation, tables.
Those marked ``story`` take longest; a project that tests many plugins may leave them to a run of their own.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from core.cases.service import Service
from core.database.upgrade import upgrade
from core.database.urls import DatabaseUrls
from core.plugins.tables import table_faults
from core.testing.budget import cost_faults
from core.testing.declarations import ambiguous_papers, form_faults, letter_faults, misnamed, undated_rules
from core.testing.examples import example_answers
from core.testing.hostile import hostile_faults
from core.testing.import_files import import_faults
from core.testing.isolation import found_between
from core.testing.job_runs import straying_jobs
from core.testing.lifecycle import broken_when_gone, lost_when_switched_off
from core.testing.migrations import migration_faults
from core.testing.pages import pages_open_to_all, pages_that_do_not_open, pages_there_when_off
from core.testing.parts import failing_parts
from core.testing.personal import personal_data_faults
from core.testing.restricted import restricted_faults
from core.testing.source import foreign_imports, untranslated
from core.testing.subject import Subject


class PluginContract:
    """``class TestContract(PluginContract): plugin = "pip"``"""

    plugin: str

    # ---- overridden where the made-up does not do ----

    def answers(self, service: Service) -> Mapping[str, Any]:
        """Valid answers to a service's form."""
        return example_answers(service.form)

    def row_values(self, table: str) -> Mapping[str, Any]:  # noqa: ARG002 - for those who override it
        """What a made-up row of one of the plugin's tables must hold, by column: a code such as "planned".

        Everything else is filled in by the columns' types, defaults and references.
        """
        return {}

    def job_arguments(self, name: str) -> Mapping[str, Any]:  # noqa: ARG002 - for those who override it
        """What a job of the plugin is asked with, besides its area."""
        return {}

    # ---- where it is tried ----

    @pytest.fixture(scope="class")
    @classmethod
    def found(cls) -> dict[str, list[str]]:
        """What the first check about another village has found out for the others."""
        return {}

    @pytest.fixture
    def subject(
        self,
        app: Flask,
        areas: None,  # noqa: ARG002 - it makes the rows
        database_urls: DatabaseUrls,
        owner_engine: Engine,
        found: dict[str, list[str]],
    ) -> Subject:
        asked = self.answers, self.row_values, self.job_arguments
        return Subject(app, self.plugin, database_urls, owner_engine, *asked, found)

    # ---- what it declares ----

    def test_it_loads(self, subject: Subject) -> None:
        agree([str(item) for item in subject.registry.broken if item.name == self.plugin])
        assert self.plugin in subject.registry.plugins, f"{self.plugin} is not installed: is its entry point there?"

    def test_it_imports_nothing_of_ours_but_core_api(self, subject: Subject) -> None:
        found = foreign_imports(subject.package, subject.folder)
        agree([f"import from core.api, or do without: {item}" for item in found])

    def test_its_names_are_its_own(self, subject: Subject) -> None:
        agree(misnamed(subject))

    def test_its_texts_are_in_english_too(self, subject: Subject) -> None:
        if not (subject.folder / "translations" / "en.po").exists():
            pytest.skip(f"{self.plugin} has no translations/en.po: it speaks Indonesian only")
        agree(untranslated(subject.folder))

    def test_its_papers_mean_the_same_in_every_service(self, subject: Subject) -> None:
        agree(ambiguous_papers(subject))

    def test_its_rules_say_their_regulation_and_year(self, subject: Subject) -> None:
        agree(undated_rules(subject))

    def test_its_forms_come_back_with_messages(self, subject: Subject) -> None:
        agree(form_faults(subject))

    def test_its_letters_can_be_set(self, subject: Subject) -> None:
        agree(letter_faults(subject))

    # ---- its pages and its parts of pages ----

    def test_its_pages_are_not_there_where_it_is_off(self, subject: Subject) -> None:
        agree(pages_there_when_off(subject))

    def test_its_pages_are_closed_to_who_lacks_the_permission(self, subject: Subject) -> None:
        agree(pages_open_to_all(subject))

    def test_its_pages_open_for_who_has_the_permission(self, subject: Subject) -> None:
        agree(pages_that_do_not_open(subject))

    def test_its_parts_of_pages_and_its_events_do_not_fail(self, subject: Subject) -> None:
        agree(failing_parts(subject))

    @pytest.mark.story
    def test_its_parts_of_pages_cost_the_same_with_many_rows(self, subject: Subject) -> None:
        agree(cost_faults(subject))

    @pytest.mark.story
    def test_its_forms_take_whatever_is_typed(self, subject: Subject) -> None:
        agree(hostile_faults(subject))

    # ---- another village ----

    def test_its_pages_show_nothing_of_another_village(self, subject: Subject) -> None:
        agree(found_between(subject)["pages"])

    def test_its_parts_of_pages_show_nothing_of_another_village(self, subject: Subject) -> None:
        agree(found_between(subject)["parts"])

    def test_its_search_finds_nothing_of_another_village(self, subject: Subject) -> None:
        agree(found_between(subject)["search"])

    def test_ids_of_another_village_lead_nowhere(self, subject: Subject) -> None:
        agree(found_between(subject)["ids"])

    def test_what_is_sent_changes_nothing_in_another_village(self, subject: Subject) -> None:
        agree(found_between(subject)["rows"])

    def test_its_jobs_keep_to_their_village(self, subject: Subject) -> None:
        agree(straying_jobs(subject))

    def test_its_imports_take_whatever_file_comes(self, subject: Subject) -> None:
        agree(import_faults(subject))

    # ---- whom it shows what ----

    def test_its_restricted_cases_show_to_nobody_else(self, subject: Subject) -> None:
        agree(restricted_faults(subject))

    # ---- its tables and its life ----

    def test_its_tables_keep_to_the_rules(self, subject: Subject) -> None:
        own = [item for item in subject.registry.migration_directories() if item.plugin == self.plugin]
        upgrade(subject.database_urls, own)
        with subject.owner_engine.connect() as connection:
            agree(table_faults(connection, self.plugin, subject.package))

    def test_its_tables_are_copied_and_erased_with_a_resident(self, subject: Subject) -> None:
        agree(personal_data_faults(subject))

    def test_its_data_stay_while_it_is_off(self, subject: Subject) -> None:
        agree(lost_when_switched_off(subject))

    @pytest.mark.story
    def test_core_is_well_when_it_is_gone(self, subject: Subject) -> None:
        agree(broken_when_gone(subject))

    def test_its_migrations_lead_down_and_up_again(self, subject: Subject) -> None:
        agree(migration_faults(subject))


def agree(faults: list[str]) -> None:
    """Raises: AssertionError: there are faults; it tells them all."""
    if faults:
        raise AssertionError("\n".join(faults))
