"""The start of the embedded server, against the same binaries started by hand."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from urllib.parse import quote

import psycopg

from bench.place import driver_address
from bench.report import Measurement, Quantity
from bench.timing import seconds
from core.database.embedded import find_binaries, start
from core.database.supervisor import SOCKET, Installation, server_account, stop, usable_binaries


def run(*, quick: bool) -> Iterator[Measurement]:
    repetitions = 3 if quick else 9
    ours, bare = [], []
    for _ in range(repetitions):  # in turns, so that both meet the same machine
        with tempfile.TemporaryDirectory(prefix="puskesos-bench-") as directory:
            ours.append(_ours(Path(directory, "db")))
        with tempfile.TemporaryDirectory(prefix="puskesos-bench-") as directory:
            bare.append(_bare(Path(directory)))
    for index, what, against, goal in (
        (0, "cold start, from an empty directory", "bare `initdb --no-sync` and `postgres`", "< 3 s"),
        (1, "warm start, of a database that exists", "bare `postgres`", "< 1 s"),
    ):
        measured, reference = (Quantity(median(pair[index] for pair in pairs), "s") for pairs in (ours, bare))
        yield Measurement(what, measured, reference, against, repetitions, goal)


def _ours(data_dir: Path) -> tuple[float, float]:
    """Seconds of a cold and of a warm start."""

    def begin() -> None:
        server = start(data_dir)
        try:
            _ask(driver_address(server.superuser_url))
        finally:
            server.stop()

    cold = seconds(begin)
    _wait_until(lambda: not (data_dir / "state.json").exists())
    return cold, seconds(begin)


def _bare(directory: Path) -> tuple[float, float]:
    binaries, account = find_binaries(), server_account()
    log = os.open(directory / "log", os.O_WRONLY | os.O_CREAT, 0o600)
    installation = Installation(usable_binaries(binaries.directory, account), binaries.version[0], account, log)
    cluster = directory / "cluster"
    cluster.mkdir()
    if account:
        os.chown(cluster, account.uid, account.gid)
    try:
        making = seconds(lambda: installation.run("initdb", cluster, "--no-sync", "--username=postgres").wait())
        cold, warm = (_serve(installation, cluster) for _ in range(2))
    finally:
        os.close(log)
    return making + cold, warm


def _serve(installation: Installation, cluster: Path) -> float:
    """Seconds until a bare server answered; then it is stopped."""
    began = time.perf_counter()
    server = installation.run("postgres", cluster, "--listen_addresses=", "--unix_socket_directories=.")
    try:
        _wait_until((cluster / SOCKET).exists)
        _ask(f"postgresql://postgres@/postgres?host={quote(str(cluster))}")
        return time.perf_counter() - began
    finally:
        stop(server)


def _ask(address: str) -> None:
    """As a client would: again until the server takes connections."""
    while True:
        try:
            with psycopg.connect(address) as connection:
                connection.execute("SELECT 1")
            return
        except psycopg.OperationalError:
            time.sleep(0.005)


def _wait_until(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.005)
