"""What the numbers were measured on: without it they mean nothing."""

import os
import platform
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

from core.config import ROOT
from core.database.embedded import find_binaries


def header(command: str) -> list[str]:
    """The command, the moment and the machine, a line each."""
    postgres = ".".join(str(part) for part in find_binaries().version)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return [
        f"`{command}` at {commit()} on {datetime.now().astimezone():%Y-%m-%d %H:%M %Z}",
        f"{cpu()}, {os.cpu_count()} cores, {memory()} memory, {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}, PostgreSQL {postgres}, load average at the start {load}",
    ]


def cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"


def commit() -> str:
    """The commit, with a plus where the checkout has changes of its own."""
    git = shutil.which("git")
    if git is None:
        return "an unknown commit"

    def ask(*arguments: str) -> str:
        return subprocess.run([git, *arguments], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603

    short = ask("rev-parse", "--short", "HEAD")
    return f"commit {short}{'+' if ask('status', '--porcelain') else ''}" if short else "an unknown commit"
