"""A plugin that lies in a folder, found as if ``pip install -e`` had been there: by what that would leave behind.

Python looks for entry points in every folder of its path. So a folder with the plugin's metadata, put on the path of
the processes that are started, makes them find the plugin by the same door as all others.
"""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.plugins.registry import ENTRY_POINT_GROUP


class NoPluginHere(Exception):
    """A folder that is no plugin's project; the message says what is missing."""


@dataclass(frozen=True)
class Project:
    """A plugin's project that need not be installed.

    Attributes:
        folder: where its ``pyproject.toml`` lies.
        distribution, version: as in ``[project]``.
        entry_points: the plugins that it brings, each with its package.
    """

    folder: Path
    distribution: str
    version: str
    entry_points: dict[str, str]

    @property
    def source(self) -> Path:
        """What Python's path has to hold for its packages to be found."""
        inner = self.folder / "src"
        return inner if inner.is_dir() else self.folder

    def announce(self, folder: Path) -> None:
        """Write the metadata of an installed distribution into ``folder``."""
        info = folder / f"{self.distribution.replace('-', '_')}-{self.version}.dist-info"
        info.mkdir()
        described = f"Metadata-Version: 2.1\nName: {self.distribution}\nVersion: {self.version}\n"
        (info / "METADATA").write_text(described, encoding="utf-8")
        lines = [f"[{ENTRY_POINT_GROUP}]", *(f"{name} = {package}" for name, package in self.entry_points.items())]
        (info / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def python_path(self, announced: Path) -> str:
        """``PYTHONPATH`` for processes that are to find the plugin announced in a folder; before what is installed."""
        kept = os.environ.get("PYTHONPATH", "")
        return os.pathsep.join(filter(None, (str(announced), str(self.source), kept)))


def read_project(folder: Path) -> Project:
    """Raises: NoPluginHere: there is no ``pyproject.toml``, it cannot be read, or it names no plugin."""
    try:
        document = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NoPluginHere(
            f"Di {folder} tidak ada pyproject.toml. Tulis modul baru: puskesos plugins new NAMA"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise NoPluginHere(f"{folder / 'pyproject.toml'} tidak dapat dibaca: {error}") from None
    project: dict[str, Any] = document.get("project", {})
    entry_points: dict[str, str] = project.get("entry-points", {}).get(ENTRY_POINT_GROUP, {})
    if not entry_points:
        raise NoPluginHere(
            f"{folder / 'pyproject.toml'} tidak mendaftarkan modul."
            f' Tambahkan [project.entry-points."{ENTRY_POINT_GROUP}"]'
        )
    return Project(folder, project.get("name", folder.name), project.get("version", "0"), entry_points)
