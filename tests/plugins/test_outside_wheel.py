"""An outside plugin as its author has it: built into a wheel, and tested where Puskesos is installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.config import ROOT
from core.testing.source import texts_of, untranslated

pytestmark = pytest.mark.story

PACKAGE = "puskesos_homevisit"


def test_the_wheel_has_every_file_of_the_package(guest_project: Path, guest_site: Path) -> None:
    source, unpacked = guest_project / PACKAGE, guest_site / PACKAGE
    wanted = {path.relative_to(source) for path in source.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert {
        path.relative_to(unpacked) for path in unpacked.rglob("*") if path.suffix in (".py", ".html", ".po")
    } == wanted


def test_its_own_tests_pass_where_it_is_installed(guest_project: Path, guest_site: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PLUGINS_"))}
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=guest_project,
        check=False,
        env={**kept, "PYTHONPATH": os.pathsep.join([str(guest_site), str(ROOT)])},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "passed" in ran.stdout
    assert "skipped" not in ran.stdout


def test_all_its_texts_have_their_english(guest_project: Path) -> None:
    folder = guest_project / PACKAGE
    assert "Kunjungan tercatat." in texts_of(folder), "from Python"
    assert "Belum ada kunjungan" in texts_of(folder), "from a template"
    assert untranslated(folder) == []
