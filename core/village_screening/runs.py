"""A run: asked for, worked through by a job, there to be read until the next one is done.

The states of a run: ``waiting`` → ``working`` → ``done``, or ``failed`` when the system broke down.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update

from core.actor import current_actor
from core.areas.current import CurrentArea
from core.audit import record
from core.cases.catalogue import offered
from core.cases.service import Service
from core.clock import now, today
from core.database.session import commit, db
from core.database.uuid7 import uuid7
from core.jobs import enqueue, job

from .judging import Tally, judge_register, living_residents
from .models import ScreeningFinding, ScreeningRun

SCREEN = "screening.village"
ROWS_AT_A_TIME = 5_000

OnProgress = Callable[[int, int], None]


def latest_run(village_id: int) -> ScreeningRun | None:
    """The one that was asked for last, whatever became of it."""
    return db.session.scalar(
        select(ScreeningRun)
        .where(ScreeningRun.village_id == village_id)
        .order_by(ScreeningRun.created_at.desc(), ScreeningRun.id.desc())
        .limit(1)
    )


def shown_run(village_id: int) -> ScreeningRun | None:
    """The last that was finished: the only one whose findings are kept."""
    return db.session.scalar(
        select(ScreeningRun)
        .where(ScreeningRun.village_id == village_id, ScreeningRun.state == "done")
        .order_by(ScreeningRun.created_at.desc(), ScreeningRun.id.desc())
        .limit(1)
    )


def ask_for_run(area: CurrentArea) -> ScreeningRun:
    """Have the village screened; the run that is waiting or working already, where there is one. The caller commits."""
    going = latest_run(area.id)
    if going is not None and going.is_running:
        return going
    run = _new_run(area)
    enqueue(SCREEN, area, run_id=str(run.id))
    return run


def _new_run(area: CurrentArea) -> ScreeningRun:
    run = ScreeningRun(village_id=area.id, judged_on=today(area.timezone), created_by=current_actor.get().user_id)
    db.session.add(run)
    db.session.flush()
    record("screening.asked", "screening_run", run.id)
    return run


# ---- the job ----


def _tell_failure(area: CurrentArea, error: Exception, run_id: str) -> None:  # noqa: ARG001 - the job's signature
    problem = _(
        "Sistem terganggu di tengah jalan. Hasil sebelumnya tetap ada. Coba lagi; bila terulang, sebutkan kode "
        "%(code)s kepada admin kabupaten.",
        code=current_actor.get().request_id or "-",
    )
    _change(area.id, UUID(run_id), ("waiting", "working"), state="failed", problem=problem, finished_at=now())
    commit()


@job(SCREEN, on_failure=_tell_failure)
def screen_village(area: CurrentArea, run_id: str) -> None:
    """Judge the register, and put what was found in the place of what the run before had found."""
    _work(area, UUID(run_id), _progress(area.id, UUID(run_id)))


def screen_now(area: CurrentArea, tell: OnProgress) -> None:
    """The same before returning, for the command line; a run that breaks down leaves the results before it alone.

    Raises:
        Exception: what broke it down.
    """
    run = _new_run(area)
    key = run.id
    commit()
    try:
        _work(area, key, tell)
    except Exception as error:
        db.session.rollback()
        _tell_failure(area, error, str(key))
        raise


def _work(area: CurrentArea, key: UUID, tell: OnProgress) -> None:
    # "failed": an administrator has the job done again.
    if not _change(area.id, key, ("waiting", "working", "failed"), state="working", problem=None, progress=0):
        return
    run = db.session.get_one(ScreeningRun, (area.id, key))
    judged_on = run.judged_on
    commit()
    tally, rows = _worked_through(area, key, offered(area), judged_on, tell)
    db.session.execute(delete(ScreeningRun).where(ScreeningRun.village_id == area.id, ScreeningRun.id != key))
    db.session.execute(
        delete(ScreeningFinding).where(ScreeningFinding.village_id == area.id, ScreeningFinding.run_id == key)
    )
    for start in range(0, len(rows), ROWS_AT_A_TIME):
        db.session.execute(insert(ScreeningFinding), rows[start : start + ROWS_AT_A_TIME])
    _change(
        area.id,
        key,
        ("working",),
        state="done",
        counts=tally.as_counts(),
        residents=tally.residents,
        finished_at=now(),
    )
    record("screening.done", "screening_run", key, residents=tally.residents, found=len(rows))
    commit()


def _worked_through(
    area: CurrentArea, run_id: UUID, services: Mapping[str, Service], judged_on: date, tell: OnProgress
) -> tuple[Tally, list[dict[str, Any]]]:
    """Nothing is written meanwhile, so that a plugin that breaks the transaction takes nothing along."""
    total, done, tally = living_residents(area.id), 0, Tally()
    rows: list[dict[str, Any]] = []
    for residents, found in judge_register(area.id, services, judged_on, tally):
        for item in found:
            household = item.person.household
            rows.append(
                {
                    "village_id": area.id,
                    "id": uuid7(),
                    "run_id": run_id,
                    "service": item.service,
                    "person_id": item.person.id,
                    "rw": household.rw if household else "",
                    "rt": household.rt if household else "",
                    "open_questions": item.open_questions,
                }
            )
        done += residents
        tell(done, total)
    return tally, [row for row in rows if row["service"] not in tally.failed]


def _change(village_id: int, run_id: UUID, came_from: Iterable[str], **values: Any) -> bool:
    """Change a run if it still is where it should be."""
    changed = db.session.execute(
        update(ScreeningRun)
        .where(ScreeningRun.village_id == village_id, ScreeningRun.id == run_id, ScreeningRun.state.in_(came_from))
        .values(**values)
        .returning(ScreeningRun.id)
        .execution_options(synchronize_session=False)
    ).first()
    return changed is not None


def _progress(village_id: int, run_id: UUID) -> OnProgress:
    """Written in a short transaction of its own, so that the page sees it while the work is not committed."""

    def tell(done: int, total: int) -> None:
        with db.engine.begin() as connection:
            connection.execute(
                update(ScreeningRun)
                .where(ScreeningRun.village_id == village_id, ScreeningRun.id == run_id)
                .values(progress=done, total=total)
            )

    return tell
