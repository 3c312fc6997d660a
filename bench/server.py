"""A web server as a child, with the settings of ``puskesos serve``: ``python -m bench.server TARGET PORT WORKERS``.

Ours and the bare application run under the very same settings, in processes that end with this one.
"""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from core.config import ROOT
from core.database.embedded import die_with_parent
from tenants.cli.serve import THREADS, cores, listening, wait_until

WORKERS = cores()


class WebServer:
    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port = port
        self._process = process

    def memory(self) -> list[int]:
        """Bytes of each worker: its own, and its part of what it shares with others (PSS)."""
        parent = self._process.pid
        children = [Path("/proc", pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
        return [_pss(child) for child in children if b"resource_tracker" not in (child / "cmdline").read_bytes()]


@contextmanager
def web_server(target: str, environment: Mapping[str, str]) -> Iterator[WebServer]:
    """Serve ``target`` (a module and the application in it) for as long as the block."""
    port = _free_port()
    command = [sys.executable, "-m", "bench.server", target, str(port), str(WORKERS)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})  # noqa: S603 - ourselves
    try:
        wait_until(lambda: process.poll() is not None or listening("127.0.0.1", port))
        if process.poll() is not None:
            raise RuntimeError(f"the server of {target} ended with code {process.returncode}")
        yield WebServer(port, process)
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _pss(process: Path) -> int:
    found = re.search(r"^Pss:\s+(\d+) kB", (process / "smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def serve(target: str, port: int, workers: int) -> None:
    Server(
        target,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
        working_dir=ROOT,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    die_with_parent()
    name, number, count = sys.argv[1:]
    serve(name, int(number), int(count))
