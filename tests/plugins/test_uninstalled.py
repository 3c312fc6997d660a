"""A plugin that lies in a folder is found as an installed one is; and that a file of it was saved is noticed."""

import importlib.metadata
from pathlib import Path

import pytest

from core.plugins.registry import ENTRY_POINT_GROUP
from tenants.skeleton import write_plugin
from tenants.uninstalled import NoPluginHere, read_project
from tenants.watching import snapshot


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_plugin("programme", "antrean", "Antrean", tmp_path)


def test_its_metadata_are_those_that_an_installation_leaves(folder: Path, tmp_path: Path) -> None:
    announced = tmp_path / "announced"
    announced.mkdir()
    read_project(folder).announce(announced)
    [distribution] = importlib.metadata.distributions(path=[str(announced)])
    [entry_point] = distribution.entry_points
    assert (distribution.name, distribution.version) == ("puskesos-antrean", "1.0.0")
    assert (entry_point.group, entry_point.name, entry_point.value) == (
        ENTRY_POINT_GROUP,
        "antrean",
        "puskesos_antrean",
    )


def test_packages_below_src_are_found_too(folder: Path) -> None:
    assert read_project(folder).source == folder
    (folder / "src").mkdir()
    assert read_project(folder).source == folder / "src"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "tidak ada pyproject.toml"),
        ("[project", "tidak dapat dibaca"),
        ('[project]\nname = "lain"\n', "tidak mendaftarkan modul"),
    ],
)
def test_a_folder_that_is_no_plugins_is_refused_with_the_reason(
    tmp_path: Path, content: str | None, reason: str
) -> None:
    if content is not None:
        (tmp_path / "pyproject.toml").write_text(content)
    with pytest.raises(NoPluginHere, match=reason):
        read_project(tmp_path)


@pytest.mark.parametrize(
    "name",
    ["services.py", "rules.toml", "templates/antrean/panel.html", "templates/antrean/letter.typ", "translations/en.po"],
)
def test_a_saved_file_is_noticed(folder: Path, name: str) -> None:
    before = snapshot(folder)
    file = folder / "puskesos_antrean" / name
    file.write_text(file.read_text() + "\n")
    assert snapshot(folder) != before


def test_a_new_and_a_gone_file_are_noticed(folder: Path) -> None:
    before = snapshot(folder)
    new = folder / "puskesos_antrean" / "views.py"
    new.touch()
    assert set(snapshot(folder)) - set(before) == {new}
    new.unlink()
    assert snapshot(folder) == before


@pytest.mark.parametrize(
    "place", ["var/postgres/a.py", "puskesos_antrean/__pycache__/a.py", "tests/test_a.py", ".git/a.py"]
)
def test_what_the_running_site_does_not_read_is_passed_over(folder: Path, place: str) -> None:
    before = snapshot(folder)
    file = folder / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    assert snapshot(folder) == before
