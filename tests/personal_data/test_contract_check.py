"""What the plugin contract asks of personal data finds the faults that it is there for."""

from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Table, Uuid, text

from core.areas.current import CurrentArea
from core.database.session import db
from core.testing import personal
from core.testing.personal import reference_faults, resident_faults

BLT = "plugins.blt_desa"
TABLES = {"blt_desa_recipients", "blt_desa_payments"}
REASON = text("UPDATE blt_desa_payments SET reason = '', received_by = '', authority = '', reversed_reason = ''")


def tables_in(faults: list[str]) -> set[str]:
    return {fault.partition(":")[0] for fault in faults}


def nothing(*_arguments: Any, **_options: Any) -> None: ...


def test_a_plugin_that_follows_the_rule_has_none(village: CurrentArea) -> None:
    assert resident_faults(village, BLT) == []


def test_one_without_tables_has_none_either(village: CurrentArea) -> None:
    assert resident_faults(village, "plugins.sktm") == []


def test_a_table_that_is_not_erased_is_found(village: CurrentArea, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal, "erase", nothing)
    faults = resident_faults(village, BLT)
    assert all("still holds" in fault for fault in faults)
    assert tables_in(faults) == TABLES


def test_an_erasure_that_goes_too_far_is_found(village: CurrentArea, monkeypatch: pytest.MonkeyPatch) -> None:
    real = personal.erase

    def too_much(*arguments: Any, **options: Any) -> None:
        real(*arguments, **options)
        db.session.execute(REASON)

    monkeypatch.setattr(personal, "erase", too_much)
    [fault] = resident_faults(village, BLT)
    assert fault.startswith("blt_desa_payments: lost a word of another resident")


def test_a_gap_in_the_copy_is_found(village: CurrentArea, monkeypatch: pytest.MonkeyPatch) -> None:
    real = personal.personal_data

    def without_payments(*arguments: Any) -> dict[str, Any]:
        copy = real(*arguments)
        copy["Modul"]["BLT Dana Desa"].pop("payments")
        return copy

    monkeypatch.setattr(personal, "personal_data", without_payments)
    [fault] = resident_faults(village, BLT)
    assert "blt_desa_payments.received_by" in fault


def test_a_column_that_only_looks_like_a_reference_is_found() -> None:
    table = Table("homevisit_visits", MetaData(), Column("person_id", Uuid))
    assert "homevisit_visits.person_id" in reference_faults([table])[0]
