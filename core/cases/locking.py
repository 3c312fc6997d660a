"""How a case is changed: its row locked first, its version moved last.

``version`` counts everything that a decision can rest on: state, answers, holder, papers and letters. Whoever decides
on a page older than that is shown what has happened since. Tasks only remind, so they leave it alone.

A closed case is read-only until it is reopened, but for two things that outlive it: its follow-ups are ticked off, and
its letter can be revoked.
"""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import flag_modified

from core.database.session import db
from core.people.models import Person

from .errors import CaseError, StaleCase
from .models import Case, CaseEvent

# Put together once, here and wherever a statement of the case page is: that takes longer than to run it.
_WITH_FAMILY = (
    select(Case)
    .where(Case.village_id == bindparam("village_id"), Case.id == bindparam("case_id"))
    .options(joinedload(Case.person, innerjoin=True).joinedload(Person.household))
)


def find_case(village_id: int, case_id: UUID) -> Case | None:
    """A case with its resident and the resident's household, in one query."""
    return db.session.scalar(_WITH_FAMILY, {"village_id": village_id, "case_id": case_id})


def current_case(village_id: int, case_id: UUID, version: int) -> Case:
    """The case as the clerk's page showed it, locked for a change.

    Raises:
        StaleCase: somebody else has changed it since.
        CaseError: it is not there.
    """
    case = _locked(village_id, case_id)
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
    db.session.flush()  # else what is not written yet would be forgotten
    _locked(case.village_id, case.id)


def _locked(village_id: int, case_id: UUID) -> Case | None:
    """The row alone, as it is once nobody else changes it, whatever the session knew of it before."""
    return db.session.scalar(
        select(Case)
        .where(Case.village_id == village_id, Case.id == case_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


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
