"""`puskesos serve` and `puskesos worker`: everything that an installation runs, from one command."""

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import click
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from core.config import ROOT
from core.database.upgrade import PluginMigrationsFailed, upgrade
from core.jobs import run_worker
from tenants.demo_sign_ins import PASSWORD, SIGN_INS
from tenants.processes import follow_parent, hand_down
from tenants.running import Installation, application, installation
from tenants.schema import installed_migrations, require_current_schema

from .problems import Problem

THREADS = 4
PATIENCE = 5  # seconds in which a request or a job may finish when everything is stopped
TOOL = (sys.executable, "-m", "tenants.cli")


def cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


@click.command(help="Menjalankan situs, basis data bawaan (bila DATABASE_URL kosong), dan pekerja latar.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Alamat; 0.0.0.0 agar terbuka untuk jaringan.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1), default=cores, help="Proses situs; biasanya sebanyak inti prosesor.")
@click.option("--no-worker", is_flag=True, help="Tanpa pekerja latar; jalankan sendiri dengan `puskesos worker`.")
@click.option("--demo", is_flag=True, help="Bila belum ada kabupaten, isi dulu dengan data contoh.")
@click.option("--unannounced", is_flag=True, hidden=True)  # who started it tells the address
def serve(host: str, port: int, workers: int, *, no_worker: bool, demo: bool, unannounced: bool) -> None:
    follow_parent()
    address = free_address(host, port)
    with installation() as here:
        if here.config.production:
            require_current_schema(here.urls)
        else:
            bring_up_to_date(here)
        hand_down(here.config, here.urls)
        if demo and not answer(here, "SELECT 1 FROM areas LIMIT 1"):
            subprocess.run([*TOOL, "demo"], cwd=ROOT, check=True)  # noqa: S603 - ourselves
        jobs = None if no_worker else JobWorker()
        try:
            if not unannounced:
                threading.Thread(target=announce, args=(here, address, port), daemon=True).start()
            run_web(address, port, workers)
        finally:
            if jobs:
                jobs.stop()


def bring_up_to_date(here: Installation) -> None:
    """A plugin whose tables cannot be brought up to date is told of, and left out by every process."""
    try:
        upgrade(here.urls, installed_migrations(here.config))
    except PluginMigrationsFailed as failed:
        click.secho(f"{failed}\nModul itu tidak dapat dipakai dulu; yang lain berjalan.", fg="red", err=True)


@click.command(help="Menjalankan pekerja latar saja, sampai dihentikan (Ctrl-C atau SIGTERM).")
def worker() -> None:
    follow_parent()
    with application() as app:
        run_worker(app, app.config["SQLALCHEMY_DATABASE_URI"])


def free_address(host: str, port: int) -> str:
    """The host as a numeric address on which nobody listens yet.

    Raises:
        Problem: it is taken, not this machine's, or not ours to open.
    """
    try:
        family, kind, _protocol, _name, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # Without it the connections of a server that has just been stopped would count as one that runs.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(target)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = port + 1 if port < 65535 else 8000
            raise Problem(
                f"Porta {port} di {host} sudah dipakai program lain. Hentikan program itu, atau pakai --port {other}"
            ) from error
        raise Problem(
            f"Alamat {host}:{port} tidak dapat dibuka ({error.strerror}). Pilih --host atau --port lain."
        ) from error
    return str(target[0])


def run_web(address: str, port: int, workers: int) -> None:
    """Serve until SIGTERM or SIGINT. A web process that dies is replaced; two deaths in a row end it all."""
    server = Server(
        "wsgi:app",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
        working_dir=ROOT,
        log_level=LogLevels.warning,
    )
    hangup = signal.getsignal(signal.SIGHUP)

    @server.on_startup
    def stop_with_the_terminal() -> None:
        """The server would take a closed terminal for the wish to reload; under nohup it stays deaf to it."""
        signal.signal(signal.SIGHUP, hangup if hangup is signal.SIG_IGN else server.signal_handler_interrupt)

    server.serve()


def announce(here: Installation, address: str, port: int) -> None:
    """Tell the address as soon as somebody answers there, and in a demonstration who can sign in."""
    reach = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104 - read, not bound
    wait_until(lambda: listening(reach, port))
    shown = f"[{reach}]" if ":" in reach else reach
    click.secho(f"\nPuskesos siap: http://{shown}:{port}   (Ctrl-C untuk berhenti)", bold=True)
    if not here.config.production and answer(here, "SELECT 1 FROM users WHERE is_demo AND ended_at IS NULL LIMIT 1"):
        click.echo(f"\nAkun contoh, semuanya dengan kata sandi {PASSWORD}:")
        for person in SIGN_INS:
            click.echo(f"  {person.username:<10} {person.role:<22} {person.area}")


def wait_until(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.1)


def listening(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True


def answer(here: Installation, question: str) -> object:
    """The first value that a query gives, asked as the owner."""
    engine = create_engine(here.urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        return connection.execute(text(question)).scalar()


class JobWorker:
    """The job worker as a child in its own process group: Ctrl-C reaches it through us, after the web has stopped.

    It is started again when it dies, more and more slowly. The thread that starts it lives as long as the child: for
    the kernel, which ends the child with its parent, that thread is the parent.
    """

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._started = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep_running, daemon=True)
        self._thread.start()
        self._started.wait(PATIENCE)  # no thread may be in the middle of a fork when the web processes are forked

    def _keep_running(self) -> None:
        pause = 1.0
        while not self._stopping.is_set():
            began = time.monotonic()
            self._process = subprocess.Popen([*TOOL, "worker"], cwd=ROOT, process_group=0)  # noqa: S603 - ourselves
            self._started.set()
            code = self._process.wait()
            pause = 1.0 if time.monotonic() - began > 60 else min(pause * 2, 60)
            if not self._stopping.is_set():
                click.secho(
                    f"Pekerja latar berhenti (kode {code}); dimulai lagi {pause:.0f} detik lagi.", fg="red", err=True
                )
            self._stopping.wait(pause)

    def stop(self) -> None:
        self._stopping.set()
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
