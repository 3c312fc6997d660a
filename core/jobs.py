"""Work that outlasts a request, in a queue inside PostgreSQL.

A job is put into the queue by the transaction that wants it, so it exists if and only if that one was committed. It
carries its area and the person who asked, and runs in that scope, in that name, and sees what they may see. One job of
an area runs at a time, in the order in which they were asked for. A job must be repeatable: one that died with its
worker is done again.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask
from procrastinate import App, JobContext, PsycopgConnector, SyncPsycopgConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from procrastinate.schema import SchemaManager
from procrastinate.types import JSONValue
from sqlalchemy import make_url

from core.actor import Actor, acting, current_actor
from core.areas.code import AreaCode
from core.areas.current import CurrentArea, find_area
from core.audit import record
from core.database.session import Interval, current_keys, db, scope, seeing
from core.job_overview import reason_of

QUEUE = "default"
MOST_ATTEMPTS = 3

LATER = "jobs.later"
"""What waits for its hour, and then becomes the job that was asked for."""

log = logging.getLogger("puskesos.jobs")

Work = Callable[..., None]


@dataclass(frozen=True)
class Task:
    """``run(area, **arguments)`` commits for itself; ``on_failure(area, error, **arguments)`` tells the people."""

    run: Work
    on_failure: Work


TASKS: dict[str, Task] = {}
TASK_SOURCES: list[Callable[[], Mapping[str, Task]]] = []
"""What else there is to do in the running application, which only knows its plugins (``core.plugin_jobs``)."""

Chore = Callable[[], None]
CHORES: list[Chore] = []

# Only writes into transactions of ours, so it is never opened and holds no connection.
_enqueuer = JobManager(SyncPsycopgConnector())


class JobAbandoned(Exception):
    """A job whose worker died each time; it may be the cause, so it is not tried again."""


def job(name: str, *, on_failure: Work) -> Callable[[Work], Work]:
    """Make a function a job. It is called as ``function(area, **arguments)`` in the area's scope.

    Args:
        name: ``imports.check``; what :func:`enqueue` asks for.
        on_failure: called as ``on_failure(area, error, **arguments)`` after the rollback, in the same scope; commits.
    """

    def register(function: Work) -> Work:
        TASKS[name] = Task(function, on_failure)
        return function

    return register


def hourly(chore: Chore) -> Chore:
    """Have a function called by the worker once an hour, in no area's scope: for tidying up."""
    CHORES.append(chore)
    return chore


def enqueue(name: str, area: Interval, *, at: datetime | None = None, **arguments: str | int | None) -> None:
    """Have a job done as soon as the running transaction is committed; never when it is rolled back.

    Args:
        at: an aware moment before which it is not done.

    Raises:
        LookupError: no job of this name.
    """
    if name not in _known_tasks():
        raise LookupError(f"no job is called {name!r}")
    actor = current_actor.get()
    details: dict[str, JSONValue] = {
        "area_id": area.id,
        "actor": {
            "user_id": str(actor.user_id) if actor.user_id else None,
            "name": actor.name,
            "request_id": actor.request_id,
        },
        "keys": list[JSONValue](sorted(current_keys.get())),
        "arguments": dict(arguments),
    }
    if at is None:
        _defer(name, details)
    else:
        _defer(LATER, {"task": name, **details}, at=at)


def _defer(task: str, details: dict[str, JSONValue], *, at: datetime | None = None) -> None:
    """The queue keeps the order of a lock also of those whose hour has not come: what waits for one has no lock yet."""
    lock = None if at else f"area {details['area_id']}"
    wanted = Job(queue=QUEUE, lock=lock, queueing_lock=None, task_name=task, task_kwargs=details, scheduled_at=at)
    _enqueuer.defer_job(wanted, connection=db.session.connection().connection.driver_connection)


def run_worker(app: Flask, database_url: str, concurrency: int = 1) -> None:
    """Do jobs until SIGTERM or SIGINT; those that run then are finished first. A failed job never ends the worker.

    Args:
        database_url: SQLAlchemy's, of the application role, which needs no more than rights to rows and functions.
        concurrency: how many jobs, each of another area, run at a time.
    """
    asyncio.run(_work(app, database_url, concurrency=concurrency, wait=True, listen_notify=True))


def run_waiting(app: Flask) -> None:
    """Do all waiting jobs now, in this process, and return: for tests, and where no worker runs."""
    coroutine = _work(
        app,
        app.config["SQLALCHEMY_DATABASE_URI"],
        concurrency=1,
        wait=False,
        listen_notify=False,
        install_signal_handlers=False,
    )
    # In a thread of its own: the caller's may have a running event loop.
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, coroutine).result()


def procrastinate_schema_sql() -> str:
    """The queue's own tables and functions, for a migration. Several statements with per cent signs in them, so run it
    without parameters: ``connection.exec_driver_sql(sql.replace("%", "%%"))``."""
    return SchemaManager.get_schema()


async def _work(app: Flask, database_url: str, *, concurrency: int, **options: Any) -> None:
    address = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    connector = PsycopgConnector(conninfo=address, min_size=1, max_size=concurrency + 3)
    queue = App(connector=connector)
    with app.app_context():
        known = _known_tasks()
    for name, task in known.items():
        queue.task(name=name, pass_context=True)(_runner(app, name, task))
    queue.task(name=LATER)(_waker(app))
    queue.periodic(cron="* * * * *")(queue.task(name="jobs.rescue", queueing_lock="jobs.rescue")(_rescuer(queue)))
    queue.periodic(cron="17 * * * *")(queue.task(name="jobs.hourly", queueing_lock="jobs.hourly")(_tidier(app)))
    async with queue.open_async():
        await queue.run_worker_async(concurrency=concurrency, delete_jobs="successful", **options)


def _known_tasks() -> dict[str, Task]:
    known = dict(TASKS)
    for source in TASK_SOURCES:
        known |= source()
    return known


def _runner(app: Flask, name: str, task: Task) -> Work:
    def run(
        context: JobContext,
        area_id: int,
        actor: dict[str, str | None],
        arguments: dict[str, Any],
        keys: Sequence[str] = (),
    ) -> None:
        who = _actor(actor)
        with app.app_context(), acting(who), seeing(keys), scope(AreaCode.from_id(area_id)):
            area = _area(area_id)
            try:
                if context.job.attempts >= MOST_ATTEMPTS:
                    raise JobAbandoned(name)
                task.run(area, **arguments)
            except Exception as error:
                # The queue logs the error itself, with its traceback.
                log.error("job %s failed: request %s, area %s", name, who.request_id, area_id)
                db.session.rollback()
                record("jobs.failed", "job", context.job.id, task=name, reason=reason_of(error))
                task.on_failure(area, error, **arguments)
                raise

    return run


def _waker(app: Flask) -> Callable[..., None]:
    def wake(task: str, **details: JSONValue) -> None:
        """The hour of a job has come: it takes its place behind what its area has asked for meanwhile."""
        with app.app_context():
            _defer(task, details)
            db.session.commit()

    return wake


def _actor(actor: dict[str, str | None]) -> Actor:
    user_id = actor["user_id"]
    return Actor(UUID(user_id) if user_id else None, actor["name"] or "", None, actor["request_id"])


def _area(area_id: int) -> CurrentArea:
    area = find_area(AreaCode.from_id(area_id))
    if area is None:
        raise LookupError(f"area {area_id} is not provisioned")
    return area


def _tidier(app: Flask) -> Callable[..., None]:
    def tidy(timestamp: int) -> None:  # noqa: ARG001 - the queue passes it
        with app.app_context():
            for chore in CHORES:
                chore()

    return tidy


def _rescuer(queue: App) -> Callable[..., Any]:
    async def rescue(timestamp: int) -> None:  # noqa: ARG001 - the queue passes it
        """Put back the jobs whose worker gives no sign of life; until then their areas wait."""
        for lost in await queue.job_manager.get_stalled_jobs():
            log.warning("job %s of a dead worker is done again", lost.task_name)
            await queue.job_manager.retry_job(lost)

    return rescue
