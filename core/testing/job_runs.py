"""Whether a plugin's jobs do their work in one village without reading or writing in another."""

import traceback

from core.database.session import db
from core.plugin_jobs import enqueue_job
from core.plugins.jobs import Job
from core.testing.isolation import neighbours
from core.testing.made_up import changed, rows_of
from core.testing.subject import Subject
from core.testing.villages import SIBLING, VILLAGE, at


def straying_jobs(subject: Subject) -> list[str]:
    """Each job is put into the queue and done here, twice, since it must be repeatable."""
    if not subject.loaded.jobs:
        return []
    both = neighbours(subject)
    faults: list[str] = []
    for job in subject.loaded.jobs:
        theirs = rows_of(subject, SIBLING)
        for _time in range(2):
            faults += _run(subject, job)
        faults += [
            f"{job.name}: {table} of another village was changed"
            for table in changed(theirs, rows_of(subject, SIBLING))
        ]
        for table, content in rows_of(subject, VILLAGE).items():
            faults += [f"{job.name}: {table} shows {word}" for word in both.there.found_in(content, with_ids=False)]
    return list(dict.fromkeys(faults))


def _run(subject: Subject, job: Job) -> list[str]:
    arguments = subject.job_arguments(job.name)
    with at(subject.app, VILLAGE) as area:
        enqueue_job(area, job, **arguments)  # it can be asked for
        db.session.rollback()
        try:
            job.run(area, **arguments)
        except Exception as error:
            db.session.rollback()
            place = traceback.extract_tb(error.__traceback__)[-1]
            return [f"{job.name} fails: {type(error).__name__} in {place.name}, line {place.lineno}: {error}"]
        if db.session.new or db.session.dirty or db.session.deleted:
            return [f"{job.name} leaves work that it has not committed"]
    return []
