"""Having an area's chains checked in the background. What came of it is an entry of the audit itself."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.areas.current import CurrentArea
from core.database.session import commit, db
from core.job_overview import is_waiting
from core.jobs import enqueue, job

from .models import AuditEntry
from .recording import record
from .verification import Fault, FaultKind, verify

CHECK = "audit.check"
CHECKED = "audit.checked"
MOST_FAULTS = 20


@dataclass(frozen=True)
class LastCheck:
    """What the last check of an area's chains found: how many are broken, and the first fault of up to 20 of them."""

    at: datetime
    by: str
    chains: int
    entries: int
    broken: int
    faults: tuple[Fault, ...]


def ask_for_check(area: CurrentArea) -> bool:
    """Have all chains of an area and below it checked; False when that is already waiting. The caller commits."""
    if is_waiting(CHECK, area.id):
        return False
    enqueue(CHECK, area)
    return True


def _tell_failure(area: CurrentArea, error: Exception) -> None:
    record("audit.check_failed", "area", area.code, error=type(error).__name__)
    commit()


@job(CHECK, on_failure=_tell_failure)
def check(area: CurrentArea) -> None:
    report = verify(area)
    record(
        CHECKED,
        "area",
        area.code,
        chains=report.chains,
        entries=report.entries,
        broken=len(report.faults),
        faults=[[fault.area_id, fault.seq, fault.kind.value] for fault in report.faults[:MOST_FAULTS]],
    )
    commit()


def last_check(area: CurrentArea) -> LastCheck | None:
    """None as long as nobody has had this area's chains checked."""
    found = db.session.scalar(
        select(AuditEntry)
        .where(AuditEntry.area_id == area.id, AuditEntry.object_id == area.code, AuditEntry.action == CHECKED)
        .order_by(AuditEntry.at.desc())
        .limit(1)
    )
    if found is None:
        return None
    detail = found.detail
    faults = tuple(Fault(area_id, seq, FaultKind(kind)) for area_id, seq, kind in detail["faults"])
    return LastCheck(found.at, found.user_name, detail["chains"], detail["entries"], detail["broken"], faults)
