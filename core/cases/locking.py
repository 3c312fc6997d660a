"""How a case is changed: its row locked first, its version moved last.

``version`` counts everything that a decision can rest on: state, answers, holder, papers and letters. Whoever decides
on a page older than that is shown what has happened since. Tasks only remind, so they leave it alone.

A closed case is read-only until it is reopened, but for two things that outlive it: its follow-ups are ticked off, and
its letter can be revoked.
"""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Integer, select
from sqlalchemy.orm.attributes import flag_modified

from core.database.session import db

from .errors import CaseError, StaleCase
from .models import Case, CaseEvent


def find_case(village_id: int, case_id: UUID) -> Case | None:
    return db.session.scalar(select(Case).where(Case.village_id == village_id, Case.id == case_id))


def current_case(village_id: int, case_id: UUID, version: int) -> Case:
    """The case as the clerk's page showed it, locked for a change.

    Raises:
        StaleCase: somebody else has changed it since.
        CaseError: it is not there.
    """
    case = db.session.scalar(
        select(Case)
        .where(Case.village_id == village_id, Case.id == case_id)
        .with_for_update()
        # Read before, it would else be served from the session as it was before the wait for the lock.
        .execution_options(populate_existing=True)
    )
    if case is None:
        raise CaseError(_("Kasus ini tidak ada lagi."))
    if case.version != version:
        raise StaleCase(case_id, version)
    return case


def hold(case: Case) -> None:
    """Lock the case for a change that is possible whatever its page showed, such as one more paper.

    Raises:
        CaseError: it is closed.
    """
    lock(case)
    if case.closed_at is not None:
        raise CaseError(_("Kasus ini sudah ditutup. Buka kembali dulu untuk mengubahnya."))


def lock(case: Case) -> None:
    """As :func:`hold`, for what may also happen to a closed case."""
    db.session.flush()  # a refresh forgets what is not written yet
    # Its own row alone: loaded together with its resident, it is refreshed so too, and an outer join cannot be locked.
    db.session.refresh(case, with_for_update={"of": Case})


def touch(case: Case) -> None:
    """Move the version although no column of the case itself changes."""
    flag_modified(case, "state")


def events_since(case: Case, version: int) -> Sequence[CaseEvent]:
    """What others did to the case after the page that showed ``version``, the oldest first; tasks left out."""
    return db.session.scalars(
        select(CaseEvent)
        .where(
            CaseEvent.village_id == case.village_id,
            CaseEvent.case_id == case.id,
            CaseEvent.kind.not_like("task%"),
            CaseEvent.data["version"].astext.cast(Integer) >= version,
        )
        .order_by(CaseEvent.id)
    ).all()
