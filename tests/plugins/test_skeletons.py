"""`puskesos plugins new`: what is written is a whole plugin, whatever its name; what cannot be written is said."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.config import ROOT
from core.testing.source import untranslated
from tenants.cli import main
from tenants.skeleton import KINDS, LONGEST_TITLE, SKELETONS, project_name, write_plugin
from tenants.uninstalled import read_project

SHORTEST, LONGEST = "zz", "z" * 31


def new(*words: str) -> Result:
    return CliRunner().invoke(main, ["plugins", "new", *words])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which somebody stands."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_kind_has_its_skeleton() -> None:
    assert {folder.name for folder in SKELETONS.iterdir() if not folder.name.startswith(".")} == set(KINDS)


# A programme's are run from its wheel in test_first_ten_minutes.py.
@pytest.mark.story
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "programme"])
def test_the_plugins_own_tests_pass(kind: str, tmp_path: Path) -> None:
    """The contract too, where nothing of the plugin is installed and its metadata lie beside it."""
    folder = write_plugin(kind, "antrean_desa", "Antrean Desa", tmp_path)
    project, announced = read_project(folder), tmp_path / "announced"
    announced.mkdir()
    project.announce(announced)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PLUGINS_"))}
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        check=False,
        env={**kept, "PYTHONPATH": os.pathsep.join([project.python_path(announced), str(ROOT)])},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "skipped" not in ran.stdout


@pytest.mark.parametrize("name", [SHORTEST, LONGEST])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rules", [["check"], ["check", f"--config={ROOT / 'pyproject.toml'}"], ["format", "--check"]])
def test_it_is_clean_by_its_own_rules_of_style_and_by_ours(
    kind: str, name: str, rules: list[str], tmp_path: Path
) -> None:
    folder = write_plugin(kind, name, "J" * LONGEST_TITLE, tmp_path)
    command = [sys.executable, "-m", "ruff", *rules, "--no-cache", "."]
    ran = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_it_bears_its_own_name_everywhere(kind: str, tmp_path: Path) -> None:
    folder = write_plugin(kind, "antrean_desa", "Antrean Desa", tmp_path)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert not [path for path in files if "newplugin" in str(path) or "newplugin" in path.read_text().casefold()]
    assert (folder / "puskesos_antrean_desa" / "templates" / "antrean_desa").is_dir()
    assert read_project(folder).entry_points == {"antrean_desa": "puskesos_antrean_desa"}
    assert untranslated(folder / "puskesos_antrean_desa") == []
    assert [path.name for path in tmp_path.iterdir()] == [folder.name], "nothing unfinished is left"


def test_the_command_says_what_to_do_next(here: Path) -> None:
    result = new("antrean_desa")
    assert result.exit_code == 0, result.output
    assert (here / "puskesos-antrean-desa" / "pyproject.toml").is_file()
    assert "puskesos plugins dev puskesos-antrean-desa" in result.output
    assert 'title=_("Antrean desa")' in (here / "puskesos-antrean-desa/puskesos_antrean_desa/__init__.py").read_text()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["Antrean"], "huruf kecil"),
        (["a"], "2 sampai 31"),
        (["z" * 32], "2 sampai 31"),
        (["antrean-desa"], "huruf kecil"),
        (["../antrean"], "huruf kecil"),
        (["cases"], "dipakai Puskesos sendiri"),
        (["sktm"], "sudah dipakai modul yang terpasang"),
        (["blt"], "berawalan sama dengan modul “blt_desa”"),
        (["sktm_kota"], "berawalan sama dengan modul “sktm”"),
        (["antrean", "--title", 'Antrean "cepat"'], "Judul tidak boleh memuat"),
        (["antrean", "--title", "{{ 7 * 7 }}"], "Judul tidak boleh memuat"),
        (["antrean", "--title", "J" * 41], "1 sampai 40"),
        (["antrean", "--title", "  "], "1 sampai 40"),
    ],
)
def test_what_cannot_be_a_plugin_is_refused_with_the_reason(here: Path, words: list[str], reason: str) -> None:
    result = new(*words)
    assert result.exit_code == 1
    assert reason in result.output
    assert list(here.iterdir()) == []


def test_a_folder_that_is_there_is_left_alone(here: Path) -> None:
    folder = here / project_name("antrean_desa")
    folder.mkdir()
    (folder / "kept.txt").write_text("mine")
    result = new("antrean_desa")
    assert result.exit_code == 1
    assert "sudah ada di sini" in result.output
    assert [path.name for path in folder.iterdir()] == ["kept.txt"]


def test_an_unknown_kind_is_a_wrong_call(here: Path) -> None:
    assert new("antrean", "--kind", "theme").exit_code == 2
