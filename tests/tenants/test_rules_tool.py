"""`puskesos rules`: what holds in an area and why, setting another value, ending it, and the way back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
WriteFile = Callable[..., Path]
VILLAGE, DISTRICT = "32.01.15.2008", "32.01"
SET = ("--from", "2026-01-01", "--source", "Perbup 12/2026", "--certainty", "plausible")


@pytest.fixture(autouse=True)
def provisioned(puskesos: Run, district_file: WriteFile) -> None:
    assert puskesos("tenants", "apply", district_file('[modules]\nenabled = ["sktm"]\n')).exit_code == 0


def line(run: Run, key: str, on: str = "2026-06-01", area: str = VILLAGE) -> str:
    shown = run("rules", "show", "sktm", "--area", area, "--on", on)
    assert shown.exit_code == 0, shown.output
    return " ".join(next(line for line in shown.output.splitlines() if line.startswith(key)).split())


def test_a_value_is_set_shown_ended_and_taken_back(puskesos: Run) -> None:
    assert line(puskesos, "decile_max") == "decile_max 5 bawaan aturan Desil tertinggi"
    assert puskesos("rules", "set", "sktm", "decile_max", "7", "--area", DISTRICT, *SET).exit_code == 0
    told = "decile_max 7 32.01: Perbup 12/2026, sejak 2026-01-01, cukup pasti Desil tertinggi; aturan: 5"
    assert line(puskesos, "decile_max") == told
    assert line(puskesos, "decile_max", on="2025-12-31").startswith("decile_max 5")
    end = ("rules", "end", "sktm", "decile_max", "--area", DISTRICT, "--last-day")
    assert puskesos(*end, "2026-05-31").exit_code == 0
    assert line(puskesos, "decile_max").startswith("decile_max 5")
    assert puskesos("rules", "undo", "sktm", "decile_max", "--area", DISTRICT).exit_code == 0
    assert line(puskesos, "decile_max").startswith("decile_max 7")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("set", "sktm", "decile_max", "tujuh", *SET), "angka bulat"),
        (("set", "sktm", "nothing", "7", *SET), "Yang ada: classification, decile_max"),
        (("set", "plain", "nothing", "7", *SET), "Tidak ada modul"),
        (("set", "pip", "decile_max", "3", *SET), "--part school atau college"),
        (("set", "pkh", "stages", "3", *SET), "Tidak diubah"),
        (("undo", "sktm", "decile_max"), "belum pernah ditetapkan"),
        (("end", "sktm", "decile_max", "--last-day", "2026-05-31"), "belum pernah ditetapkan"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(puskesos: Run, arguments: tuple[str, ...], told: str) -> None:
    answer = puskesos("rules", *arguments, "--area", DISTRICT)
    assert answer.exit_code == 1
    assert told in answer.output


def test_one_list_of_several_is_named(puskesos: Run) -> None:
    values = ("pip", "decile_max", "3", "--area", DISTRICT, *SET)
    assert puskesos("rules", "set", *values, "--part", "college").exit_code == 0
    shown = puskesos("rules", "show", "pip", "--area", DISTRICT, "--on", "2026-06-01").output
    school, college = shown.split("college:")
    assert "Perbup 12/2026" in college
    assert "Perbup 12/2026" not in school
