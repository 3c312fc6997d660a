"""`puskesos plugins dev`: when the site is started, and when it waits for a file to be mended."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import CliRunner

from tenants.cli import main, plugins_dev
from tenants.cli.plugins_dev import Workshop
from tenants.skeleton import write_plugin
from tenants.uninstalled import read_project


class Scripted(Workshop):
    """What was done, in order; whether filling and serving succeed is scripted."""

    def __init__(self, folder: Path, *, fills: list[bool], serves: list[bool]) -> None:
        super().__init__(cast("Any", None), read_project(folder), "127.0.0.1", 8000)
        self.did: list[str] = []
        self._fills, self._serves = iter(fills), iter(serves)

    def _fill(self) -> bool:
        self.did.append("fill")
        return next(self._fills)

    def _serve(self) -> bool:
        self.did.append("serve")
        return next(self._serves)

    def _stop(self) -> None:
        self.did.append("stop")


Open = Callable[..., list[str]]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """``opened(saves=2, …)``: what a workshop does in which a file is saved twice before Ctrl-C."""
    folder = write_plugin("programme", "antrean", "Antrean", tmp_path)
    monkeypatch.setattr(plugins_dev, "announce", lambda *_place: None)
    monkeypatch.setattr(plugins_dev.signal, "signal", lambda *_handler: None)

    def opened(*, saves: int, **scripted: list[bool]) -> list[str]:
        waits: Iterator[int] = iter(range(saves))

        def wait_for_change(_folder: Path, _before: object) -> None:
            if next(waits, None) is None:
                raise KeyboardInterrupt

        monkeypatch.setattr(plugins_dev, "wait_for_change", wait_for_change)
        workshop = Scripted(folder, **scripted)
        workshop.open()
        return workshop.did

    return opened


def test_the_demonstration_is_filled_once_and_the_site_started_for_each_save(opened: Open) -> None:
    assert opened(saves=2, fills=[True], serves=[True, True, True]) == [
        *("fill", "serve", "stop"),
        *("serve", "stop"),
        *("serve", "stop"),
    ]


def test_a_plugin_that_cannot_be_loaded_is_waited_for(opened: Open, capsys: pytest.CaptureFixture[str]) -> None:
    assert opened(saves=1, fills=[False, True], serves=[True]) == ["fill", "stop", "fill", "serve", "stop"]
    assert "Menunggu berkasnya diperbaiki" in capsys.readouterr().out


def test_one_that_breaks_later_too(opened: Open, capsys: pytest.CaptureFixture[str]) -> None:
    assert opened(saves=2, fills=[True], serves=[True, False, True])[-4:] == ["serve", "stop", "serve", "stop"]
    said = capsys.readouterr().out
    assert "Menunggu berkasnya diperbaiki" in said
    assert said.rstrip().endswith("Dimuat ulang.")


def test_a_folder_without_a_plugin_is_refused_before_anything_is_started(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["plugins", "dev", str(tmp_path)])
    assert result.exit_code == 1
    assert "tidak ada pyproject.toml" in result.output
    assert list(tmp_path.iterdir()) == []
