"""Noticing that somebody saved a file. No library: a plugin has a few dozen files, looked at twice a second."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

WATCHED = frozenset((".py", ".html", ".typ", ".toml", ".po"))
# What is made and not written, and what has nothing to do with the running plugin.
PASSED_OVER = frozenset(("build", "dist", "tests", "var", "__pycache__"))
PAUSE = 0.5  # seconds


def snapshot(folder: Path) -> Mapping[Path, int]:
    """The files of a plugin's project that the site reads, each with when it was saved last (ns)."""
    found: dict[Path, int] = {}
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in PASSED_OVER and not name.startswith(".")]
        for path in (Path(place, name) for name in files):
            if path.suffix in WATCHED and (saved := _saved(path)):
                found[path] = saved
    return found


def wait_for_change(folder: Path, before: Mapping[Path, int]) -> None:
    """Until a file is saved, added or gone since ``before``."""
    while snapshot(folder) == before:
        time.sleep(PAUSE)


def _saved(path: Path) -> int:
    """0 for a file that is gone by now: editors save by putting a new one in the place of the old."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
