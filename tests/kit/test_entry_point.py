"""pytest finds the kit where Puskesos is installed, once, and a project that has nothing to do with it does not pay."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.config import ROOT

PROJECT = """
import sys


def test_nothing_of_ours_was_imported():
    assert not {"flask", "sqlalchemy", "core.application", "core.testing.contract"} & sys.modules.keys()


def test_the_clock_is_the_kits(clock):
    from core.clock import now
    assert now() == clock.moment
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder of packages in which Puskesos is installed, as its pyproject.toml says."""
    found = tmp_path / "site" / "puskesos-9.dist-info"
    found.mkdir(parents=True)
    (found / "METADATA").write_text("Metadata-Version: 2.1\nName: puskesos\nVersion: 9\n")
    lines = (ROOT / "pyproject.toml").read_text().partition("[project.entry-points.pytest11]\n")[2].partition("\n\n")[0]
    name, _equals, module = (part.strip(' "') for part in lines.partition("="))
    (found / "entry_points.txt").write_text(f"[pytest11]\n{name} = {module}\n")
    return found.parent


@pytest.mark.parametrize(
    ("installed", "options"),
    [(True, []), (True, ["-p", "core.testing"]), (False, ["-p", "core.testing"])],
    ids=["installed", "installed, and named too", "from a checkout"],
)
def test_the_kit_is_there_once(tmp_path: Path, site: Path, installed: bool, options: list[str]) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "test_it.py").write_text(PROJECT)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PLUGINS_"))}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", *options],
        cwd=tmp_path / "project",
        check=False,
        env={**kept, "PYTHONPATH": os.pathsep.join([*([str(site)] if installed else []), str(ROOT)])},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "2 passed" in ran.stdout, ran.stdout + ran.stderr
