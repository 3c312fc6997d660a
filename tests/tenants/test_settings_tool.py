"""`puskesos plugins settings`: what counts and why, changing it, and secrets that no command line shows."""

import importlib.metadata
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import Result
from wtforms import BooleanField, SelectMultipleField
from wtforms.validators import Length, Optional

from core.api import Plugin, SecretField, SelectChoice, SettingsForm
from core.plugins.registry import ENTRY_POINT_GROUP

Run = Callable[..., Result]
WriteFile = Callable[..., Path]
VILLAGE = "32.01.15.2008"
TOKEN = "rahasia-sekali"


class CourierSettings(SettingsForm):
    token = SecretField("Kunci akses", [Optional(), Length(min=8)])
    urgent = BooleanField("Segera")
    kinds = SelectMultipleField("Jenis", choices=[SelectChoice("a", "Kabar"), SelectChoice("b", "Undangan")])


@pytest.fixture
def courier(puskesos: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command for a partner's plugin that has a secret."""
    module = ModuleType("tool_courier")
    vars(module)["plugin"] = Plugin(
        name="courier", title="Courier", summary="-", version="1", api="1", settings=CourierSettings
    )
    monkeypatch.setitem(sys.modules, module.__name__, module)
    entry_point = importlib.metadata.EntryPoint("courier", module.__name__, ENTRY_POINT_GROUP)
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda **_group: [entry_point])
    return lambda *arguments, **options: puskesos("plugins", "settings", "courier", *arguments, **options)


@pytest.fixture(autouse=True)
def provisioned(puskesos: Run, district_file: WriteFile) -> None:
    assert puskesos("tenants", "apply", district_file('[modules]\nenabled = ["sktm", "pbi_jk"]\n')).exit_code == 0


@pytest.fixture
def sktm(puskesos: Run) -> Run:
    return lambda *arguments, **options: puskesos("plugins", "settings", "sktm", *arguments, **options)


def lines(answer: Result) -> dict[str, str]:
    """Each setting's line, without the blanks that make columns."""
    assert answer.exit_code == 0, answer.output
    rows = [" ".join(line.split()) for line in answer.output.splitlines()]
    return {row.split(" ")[0]: row for row in rows if row}


def test_without_an_area_it_is_about_the_only_district(sktm: Run) -> None:
    answer = sktm()
    assert "sktm di Kabupaten Bogor (32.01)" in answer.output
    assert "bawaan modul" in lines(answer)["valid_days"]


def test_what_is_set_above_is_shown_below_with_its_origin(sktm: Run) -> None:
    assert "Berlaku sejak sekarang" in sktm("--set", "valid_days=14", "--set", "closing=Perbup = 60/2023").output
    found = lines(sktm("--area", VILLAGE))
    assert "valid_days 14 32.01 sejak" in found["valid_days"]
    assert "oleh baris perintah" in found["valid_days"]
    assert "Perbup = 60/2023" in found["closing"]


def test_a_village_deviates_and_follows_again(sktm: Run) -> None:
    sktm("--set", "valid_days=14")
    assert "7 di sini" in lines(sktm("--area", VILLAGE, "--set", "valid_days=7"))["valid_days"]
    assert "14 32.01" in lines(sktm("--area", VILLAGE, "--unset", "valid_days"))["valid_days"]


def test_a_lock_holds_below_until_it_is_taken_off(sktm: Run) -> None:
    assert "terkunci" in lines(sktm("--set", "valid_days=14", "--lock", "valid_days"))["valid_days"]
    refused = sktm("--area", VILLAGE, "--set", "valid_days=7")
    assert refused.exit_code == 1
    assert "dikunci wilayah di atasnya: valid_days (32.01)" in refused.output
    sktm("--unlock", "valid_days")
    assert "7 di sini" in lines(sktm("--area", VILLAGE, "--set", "valid_days=7"))["valid_days"]


def test_the_form_judges_what_is_set(sktm: Run) -> None:
    for value in ("0", "banyak"):
        refused = sktm("--set", f"valid_days={value}")
        assert refused.exit_code == 1
        assert "valid_days:" in refused.output
    assert "bawaan modul" in lines(sktm())["valid_days"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--set", "valid_days"], 2, "--set nama=nilai"),
        (["--set", "colour=red"], 1, "Tidak ada pengaturan 'colour'. Yang ada: valid_days, closing"),
        (["--secret", "closing"], 1, "closing bukan rahasia"),
        (["--area", "32.02"], 1, "32.02"),
    ],
)
def test_what_makes_no_sense_is_said(sktm: Run, arguments: list[str], code: int, words: str) -> None:
    refused = sktm(*arguments)
    assert refused.exit_code == code
    assert words in refused.output


def test_a_secret_is_read_from_standard_input_and_never_shown(courier: Run) -> None:
    answer = courier("--secret", "token", input=f"{TOKEN}\n")
    assert "(terisi) di sini sejak" in lines(answer)["token"]
    assert TOKEN not in answer.output
    assert "(terisi) 32.01 sejak" in lines(courier("--area", VILLAGE))["token"]
    assert "belum terisi" in lines(courier("--unset", "token"))["token"]


@pytest.mark.parametrize(
    ("arguments", "given", "words"),
    [
        (["--set", f"token={TOKEN}"], "", "token rahasia, dan baris perintah dapat dibaca orang lain"),
        (["--secret", "token"], "", "Tidak ada nilai untuk token"),
        (["--secret", "token"], "pendek\n", "token:"),
    ],
)
def test_a_secret_on_the_command_line_an_empty_or_a_wrong_one_is_refused(
    courier: Run, arguments: list[str], given: str, words: str
) -> None:
    refused = courier(*arguments, input=given)
    assert refused.exit_code == 1
    assert words in refused.output
    assert "pendek" not in refused.output
    assert "belum terisi" in lines(courier())["token"]


def test_a_setting_of_several_choices_is_given_several_times(courier: Run) -> None:
    assert "Kabar, Undangan di sini" in lines(courier("--set", "kinds=a", "--set", "kinds=b"))["kinds"]
    assert "Undangan di sini" in lines(courier("--set", "kinds=b"))["kinds"]


def test_yes_and_no_are_understood_and_nothing_else_is(courier: Run) -> None:
    assert "ya di sini" in lines(courier("--set", "urgent=ya"))["urgent"]
    assert "tidak di sini" in lines(courier("--set", "urgent=tidak"))["urgent"]
    refused = courier("--set", "urgent=mungkin")
    assert refused.exit_code == 1
    assert "urgent hanya ya atau tidak" in refused.output
    assert "tidak di sini" in lines(courier())["urgent"]
