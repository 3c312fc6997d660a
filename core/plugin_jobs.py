"""Jobs of plugins in the queue: asked for within one's own area, refused where the plugin is off when they run."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.areas.code import AreaCode, Level
from core.areas.current import CurrentArea
from core.areas.models import Area
from core.clock import now
from core.database.session import Interval, commit, current_scope, db
from core.jobs import TASK_SOURCES, Task, enqueue, hourly
from core.platform import platform
from core.plugins.jobs import Job

NIGHT_HOUR = 2
"""Of the village's own day: nobody is at the desk, and the day before is over in every time zone."""


class OffHere(Exception):
    """A job of a module that is not at work in its village any more."""


class OutsideArea(LookupError):
    """A job was asked for in an area that the running request, command or job does not work in."""


def enqueue_job(area: Interval, job: Job, *, at: datetime | None = None, **arguments: str | int | None) -> None:
    """Have a job done in an area as soon as the running transaction is committed; never when it is rolled back.

    It runs in the scope of ``area`` and in the name of who asks now. Where the plugin is off by then it is refused, and
    the district's page of jobs says so.

    Args:
        at: an aware moment before which it is not done.
        arguments: of its ``run``, as JSON: ids as text.

    Raises:
        LookupError: no loaded plugin declares this job.
        OutsideArea: the area lies outside of that of the request.
    """
    if platform().plugins.jobs.get(job.name) is not job:
        raise LookupError(f"no loaded plugin declares the job {job.name!r}")
    bounds = current_scope.get()
    if bounds is None or not (bounds[0] <= area.id and area.hi <= bounds[1]):
        raise OutsideArea(f"the job {job.name} cannot be asked for in {area} from the scope {bounds}")
    enqueue(job.name, area, at=at, **arguments)


@hourly
def ask_for_nightly_jobs() -> None:
    """Each job that is ``nightly``, in those villages in which it is the hour for it, of their own time zone, now.

    In one transaction for all villages of the installation. A worker that was down at that hour leaves the night out:
    what a nightly job does, the next night's does as well.
    """
    nightly = [job for job in platform().plugins.jobs.values() if job.nightly]
    if not nightly:
        return
    villages = select(Area.id, Area.enabled, Area.timezone)
    villages = villages.where(Area.level == Level.VILLAGE, Area.suspended_at.is_(None))
    for village in db.session.execute(villages):
        if now().astimezone(ZoneInfo(village.timezone)).hour == NIGHT_HOUR:
            running = platform().hooks_for(frozenset(village.enabled)).plugins
            for job in nightly:
                if job.name.partition(".")[0] in running:
                    enqueue(job.name, AreaCode.from_id(village.id))
    commit()


def tasks_of_plugins() -> dict[str, Task]:
    """What the worker does besides core's own, by name."""
    return {job.name: Task(partial(_run, job), _keep) for job in platform().plugins.jobs.values()}


def _run(job: Job, area: CurrentArea, **arguments: object) -> None:
    """Raises: OffHere: the plugin is off in the village, or suspended; TooSlow; or whatever the job raises."""
    plugin, plugins = job.name.partition(".")[0], platform().plugins
    if area.is_village and plugin not in platform().hooks_for(area.enabled).plugins:
        raise OffHere(f"{plugin} is off in {area.code}")
    plugins.health.for_an_event(plugin, job.name, job.seconds, lambda: job.run(area, **arguments))


def _keep(_area: CurrentArea, _error: Exception, **_arguments: object) -> None:
    """That it failed is written down already (``core.jobs``)."""
    commit()


TASK_SOURCES.append(tasks_of_plugins)
