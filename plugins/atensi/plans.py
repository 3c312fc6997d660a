"""The service plan of a case and the visits afterwards. A case that does not show has neither. The caller commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.api import Case, CaseError, current_row, db, find_case, gettext, record

from .models import AtensiSupport, AtensiVisit
from .services import NAMES


@dataclass(frozen=True)
class Plan:
    """What hangs on a case: its supports, the first first, and its visits, the latest first."""

    case: Case
    supports: Sequence[AtensiSupport]
    visits: Sequence[AtensiVisit]


def find_own_case(village_id: int, case_id: UUID) -> Case | None:
    """A case of this module that may be seen; None for any other."""
    case = find_case(village_id, case_id)
    return case if case is not None and case.service in NAMES else None


def plan_of(case: Case) -> Plan:
    of_case = (AtensiSupport.village_id == case.village_id, AtensiSupport.case_id == case.id)
    visits = (AtensiVisit.village_id == case.village_id, AtensiVisit.case_id == case.id)
    return Plan(
        case,
        db.session.scalars(select(AtensiSupport).where(*of_case).order_by(AtensiSupport.id)).all(),
        db.session.scalars(
            select(AtensiVisit).where(*visits).order_by(AtensiVisit.visited_on.desc(), AtensiVisit.id.desc())
        ).all(),
    )


def find_support(case: Case, support_id: UUID) -> AtensiSupport | None:
    return db.session.scalar(
        select(AtensiSupport).where(
            AtensiSupport.village_id == case.village_id,
            AtensiSupport.case_id == case.id,
            AtensiSupport.id == support_id,
        )
    )


def add_support(case: Case, values: Mapping[str, Any]) -> AtensiSupport:
    """Raises: CaseError: the case is closed."""
    _check_open(case)
    support = AtensiSupport(village_id=case.village_id, case_id=case.id, **values)
    db.session.add(support)
    _note("atensi.support_planned", case)
    return support


def change_support(case: Case, support_id: UUID, values: Mapping[str, Any], version: int) -> None:
    """Raises: CaseError: the case is closed, or the line is gone; Stale: somebody else has changed it since."""
    _check_open(case)
    support = current_row(AtensiSupport, case.village_id, support_id, version)
    if support is None or support.case_id != case.id:
        raise CaseError(gettext("Baris rencana itu tidak ada lagi."))
    for name, value in values.items():
        setattr(support, name, value)
    _note("atensi.support_changed", case)


def add_visit(case: Case, values: Mapping[str, Any], by: UUID) -> None:
    """Also to a closed case: whoever was helped is visited afterwards."""
    db.session.add(AtensiVisit(village_id=case.village_id, case_id=case.id, created_by=by, **values))
    visited_on: date = values["visited_on"]
    _note("atensi.visited", case, day=visited_on.isoformat())


def _check_open(case: Case) -> None:
    if case.closed_at is not None:
        raise CaseError(gettext("Kasus ini sudah ditutup. Buka kembali dulu untuk mengubahnya."))


def _note(action: str, case: Case, **detail: str) -> None:
    """About the case, and so hidden from whoever may not see it."""
    record(action, "case", case.id, ticket=case.ticket, **detail)
