"""A fresh virtual environment in which the platform is its wheel, and nothing of this checkout can be imported.

Nothing is downloaded: what the platform depends on is read from the environment in which the tests run.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.config import ROOT

from .browsing import free_port

PARTS = ("core", "plugins", "templates", "tenants")
FILES = ("pyproject.toml", "README.md", "wsgi.py")
BUILD_WHEEL = "import sys, setuptools.build_meta as b; b.build_wheel(sys.argv[1])"
OURS = ("DATABASE_", "PLUGINS_", "PUSKESOS_", "PYTEST_", "PYTHON")
PATIENCE = 240  # seconds until a command has failed


@dataclass(frozen=True)
class Environment:
    """``bin`` holds its programs; ``home`` is where its user stands."""

    bin: Path
    home: Path

    @property
    def variables(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return {**kept, "PATH": f"{self.bin}:{os.environ['PATH']}", "PYTHONUNBUFFERED": "1"}

    def run(self, *words: str, at: str = ".") -> str:
        """Run a command as its user types it; what it said. ``pip`` is ours, and stays off the network."""
        ran = subprocess.run(
            self.command(*words),
            cwd=self.home / at,
            env=self.variables,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
        )
        assert ran.returncode == 0, f"{' '.join(words)}\n{ran.stdout}"
        return ran.stdout

    @contextmanager
    def serving(self, *words: str, at: str = ".") -> Iterator[str]:
        """Run a command that serves a site until the block ends; the site's address, as the command tells it."""
        port = free_port()
        with subprocess.Popen(
            self.command(*words, "--port", str(port)),
            cwd=self.home / at,
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout is not None
            said: list[str] = []
            try:
                for line in process.stdout:
                    said.append(line)
                    if found := re.search(r"siap: (http://\S+)", line):
                        yield found[1]
                        return
                pytest.fail(f"{' '.join(words)}\n{''.join(said)}")
            finally:
                process.terminate()
                process.communicate(timeout=PATIENCE)

    def command(self, *words: str) -> list[str]:
        program, *rest = words
        if program == "pip":
            offline = ["--no-index", "--no-build-isolation"] if rest[0] in ("install", "wheel") else []
            pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(self.bin / "python")]
            return [*pip, *rest, *offline]
        if program == "pytest":
            return [str(self.bin / "python"), "-P", "-m", "pytest", *rest]
        return [str(self.bin / program), *rest]


def make_environment(folder: Path) -> Environment:
    wheel = build_platform(folder / "source")
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    environment = Environment(folder / "venv" / "bin", folder / "home")
    environment.home.mkdir()
    environment.run("pip", "install", "--no-deps", str(wheel))
    site = environment.run("python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    # A line of a .pth is one more folder of the path; that folder's own .pth, the editable checkout, is not followed.
    Path(site, "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return environment


def build_platform(source: Path) -> Path:
    """The platform's wheel, from a copy of what is in this checkout."""
    source.mkdir()
    for part in PARTS:
        shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
    for file in FILES:
        shutil.copy(ROOT / file, source / file)
    subprocess.run(
        [sys.executable, "-c", BUILD_WHEEL, "dist"], cwd=source, check=True, capture_output=True, timeout=PATIENCE
    )
    [wheel] = (source / "dist").glob("*.whl")
    return wheel
