"""What a district sees of its background work: the worker, and the jobs of its areas that wait, run or have failed.

The queue's tables are the library's and know no areas: a job's area stands in its arguments. What went well is gone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, DateTime, Text, cast, column, exists, func, select, table, text
from sqlalchemy.dialects.postgresql import JSONB

from core.areas.code import AreaCode
from core.areas.models import Area
from core.audit import AuditEntry, record
from core.database.session import Interval, db
from core.platform import platform
from core.texts import lazy_gettext as _
from core.web.paging import PAGE_SIZE, Page, paged, read_cursor

# Core's own jobs; a plugin's have theirs in their declaration.
TITLES: Mapping[str, str] = {
    "imports.check": _("Memeriksa berkas impor"),
    "imports.apply": _("Menerapkan berkas impor"),
    "imports.undo": _("Mengurungkan impor"),
    "audit.check": _("Memeriksa rantai jejak audit"),
    "screening.village": _("Menapis seluruh desa"),
    "cases.apply_batch": _("Mengerjakan banyak kasus sekaligus"),
    "exports.make": _("Menyiapkan unduhan"),
    "tenants.restore": _("Memulihkan desa dari arsip"),
}

STATES: Mapping[str, str] = {"failed": _("Gagal"), "doing": _("Berjalan"), "todo": _("Menunggu")}

FAILED = "jobs.failed"

_jobs = table(
    "procrastinate_jobs", column("id", BigInteger), column("task_name", Text), column("args", JSONB), column("status")
)
_events = table(
    "procrastinate_events", column("job_id", BigInteger), column("type"), column("at", DateTime(timezone=True))
)
_area_id = cast(_jobs.c.args["area_id"].astext, BigInteger)
# What waits for its hour (``core.jobs.LATER``) names what it will be.
_task = func.coalesce(_jobs.c.args["task"].astext, _jobs.c.task_name)
_state = cast(_jobs.c.status, Text)


@dataclass(frozen=True)
class Worker:
    """``seen_at`` is the last sign of life of any worker; None when there has been none since anybody can tell."""

    runs: bool
    seen_at: datetime | None


@dataclass(frozen=True)
class JobRow:
    """A job, and since when it is in its state; ``reason`` says why it failed, where that is known."""

    id: int
    task: str
    state: str
    asked_by: str
    area: Area
    since: datetime | None
    reason: str | None

    @property
    def title(self) -> str:
        declared = platform().plugins.jobs.get(self.task)
        return str(declared.title if declared else TITLES.get(self.task, self.task))


def worker_state() -> Worker:
    """By the database's clock, which the workers' signs of life follow: every ten seconds while one runs.

    A worker that stops takes its row along. Its minute-by-minute task (``jobs.rescue``) stays the last trace of it.
    """
    runs, heartbeat, minute = db.session.execute(
        text(
            "SELECT coalesce(max(last_heartbeat) > now() - interval '1 minute', false), max(last_heartbeat),"
            " (SELECT to_timestamp(max(defer_timestamp)) FROM procrastinate_periodic_defers)"
            " FROM procrastinate_workers"
        )
    ).one()
    return Worker(runs, max((moment for moment in (heartbeat, minute) if moment), default=None))


def job_counts(area: Interval) -> dict[str, int]:
    """How many jobs of an area and of all below it are in each state."""
    rows = db.session.execute(select(_state, func.count()).where(_lies_in(area), _state.in_(STATES)).group_by(_state))
    return {state: count for state, count in rows}  # noqa: C416 - typed rows


def jobs_page(area: Interval, state: str, cursor: str | None) -> Page[JobRow]:
    """One page of the jobs in a state (blank: any), the latest first."""
    since = select(func.max(_events.c.at)).where(
        _events.c.job_id == _jobs.c.id, cast(_events.c.type, Text) != "scheduled"
    )
    reason = (
        select(AuditEntry.detail["reason"].as_string())
        .where(
            AuditEntry.area_id == _area_id,
            AuditEntry.object_type == "job",
            AuditEntry.object_id == cast(_jobs.c.id, Text),
            AuditEntry.action == FAILED,
        )
        .order_by(AuditEntry.at.desc())
        .limit(1)
    )
    asked_by = _jobs.c.args["actor"]["name"].astext
    query = (
        select(_jobs.c.id, _task, _state, asked_by, Area, since.scalar_subquery(), reason.scalar_subquery())
        .join(Area, Area.id == _area_id)
        .where(_lies_in(area), _state.in_([state] if state else STATES))
    )
    if (before := _before(cursor)) is not None:
        query = query.where(_jobs.c.id < before)
    found = db.session.execute(query.order_by(_jobs.c.id.desc()).limit(PAGE_SIZE + 1)).all()
    return paged([JobRow(*row) for row in found], lambda row: (row.id,), cursor)


def _lies_in(area: Interval) -> ColumnElement[bool]:
    return _area_id.between(area.id, area.hi)


def _before(cursor: str | None) -> int | None:
    try:
        (job_id,) = read_cursor(cursor, 1) or ("",)
        return int(str(job_id))
    except ValueError:
        return None


def is_waiting(task: str, area_id: int) -> bool:
    """Whether a job of this very area waits or runs."""
    waiting = exists().where(_jobs.c.task_name == task, _area_id == area_id, _state.in_(["todo", "doing"]))
    return bool(db.session.scalar(select(waiting)))


def retry_job(area: Interval, job_id: int) -> bool:
    """Put a failed job back into the queue, with all its attempts; False when it has not failed or lies elsewhere.

    The caller commits.
    """
    found = db.session.execute(
        select(_jobs.c.task_name, _area_id)
        .where(_jobs.c.id == job_id, _lies_in(area), _state == "failed")
        .with_for_update()
    ).first()
    if found is None:
        return False
    db.session.execute(text("SELECT procrastinate_retry_job_v2(:id, now(), NULL, NULL, NULL)"), {"id": job_id})
    # A person decided; the attempts before count no more against it.
    db.session.execute(text("UPDATE procrastinate_jobs SET attempts = 0 WHERE id = :id"), {"id": job_id})
    task, area_id = found
    record("jobs.retried", "job", job_id, task=task, area=str(AreaCode.from_id(area_id)))
    return True


def reason_of(error: BaseException) -> str:
    """Why a job failed, for people: what kind of error and its first line, without numbers that may be a resident's."""
    cause = getattr(error, "orig", None) or error
    first_line = next(iter(str(cause).replace("\0", "").splitlines()), "")
    return re.sub(r"\d{8,}", "…", f"{type(cause).__name__}: {first_line}")[:300]
