"""`puskesos serve` as a process: a database, web processes and a job worker, and none of them left behind."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.config import ROOT
from core.database.embedded import read_state

pytestmark = [
    pytest.mark.story,
    pytest.mark.skipif(sys.platform != "linux", reason="these tests look into /proc"),
]
PATIENCE = 90  # seconds until a test that waits has failed


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def children_of(pid: int) -> set[int]:
    found = set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    # The job worker is the child of a thread.
    for task in Path(f"/proc/{pid}/task").iterdir():
        found |= set(map(int, (task / "children").read_text().split()))
    return found


def answers(address: str) -> bool:
    connection = http.client.HTTPConnection(address, timeout=PATIENCE)
    try:
        connection.request("GET", "/sign-in")
        return connection.getresponse().status == 200
    except ConnectionError:
        return False
    finally:
        connection.close()


def alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared, so that each test also starts on what the one before left behind."""
    return tmp_path_factory.mktemp("installation")


@pytest.fixture
def served(data_dir: Path) -> Iterator[tuple[subprocess.Popen[str], str, Path]]:
    """The running process, its address, and where its database is."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "PUSKESOS_"))},
        "PUSKESOS_DATA": str(data_dir),
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "tenants.cli", "serve", "--port", str(port), "--workers", "2"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = next((line for line in process.stdout if "siap" in line), "")
        yield process, re.sub(r".*http://(\S+).*\n", r"\1", ready), data_dir / "postgres"
        process.kill()


def test_it_answers_and_stops_with_all_that_it_started(served: tuple[subprocess.Popen[str], str, Path]) -> None:
    process, address, postgres = served
    assert answers(address)
    children = children_of(process.pid)
    database = read_state(postgres)["postgres"]
    assert len(children) == 3  # two web processes and the job worker
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    wait_until(lambda: not any(map(alive, {*children, database})))


def test_killed_it_leaves_nothing_behind(served: tuple[subprocess.Popen[str], str, Path]) -> None:
    process, _address, postgres = served
    children = children_of(process.pid)
    database = read_state(postgres)["postgres"]
    process.kill()
    process.wait(PATIENCE)
    wait_until(lambda: not any(map(alive, {*children, database})))


def test_a_web_process_and_a_job_worker_that_die_are_replaced(
    served: tuple[subprocess.Popen[str], str, Path],
) -> None:
    process, address, _postgres = served
    before = children_of(process.pid)
    jobs = {child for child in before if b"worker" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")}
    for child in {*jobs, min(before - jobs)}:
        os.kill(child, signal.SIGKILL)
    wait_until(lambda: len(children_of(process.pid) - before) == 2 and len(children_of(process.pid)) == 3)
    # The one that was not killed may still have been loading.
    wait_until(lambda: answers(address))
