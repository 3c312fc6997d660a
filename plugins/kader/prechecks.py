"""Papers looked at in the home, before the day at the desk: ticked off on the case, and what will come when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import Integer, bindparam, select

from core.api import (
    Area,
    Case,
    CaseError,
    check_ahead,
    db,
    gettext,
    in_indonesian,
    long_date,
    now,
    record,
    today,
    undo_check_ahead,
)

from .models import NAME, KaderPrecheck
from .sent_once import add_once


@dataclass(frozen=True)
class Look:
    """``seen`` are keys of papers; ``id`` is drawn with the form."""

    seen: Collection[str]
    note: str = ""
    coming_on: date | None = None
    id: UUID = field(default_factory=uuid4)


def check(area: Area, case: Case, look: Look, *, by: UUID, name: str) -> KaderPrecheck:
    """Tick off what was seen, and keep what is missing still. The caller commits.

    Raises:
        SentBefore: its form was taken before.
        CaseError: the case is closed, or does not ask for one of the papers.
    """
    made = KaderPrecheck(
        village_id=area.id,
        id=look.id,
        case_id=case.id,
        user_id=by,
        by_name=name[:NAME],
        done_on=today(area.timezone),
        seen=sorted(look.seen),
        note=look.note,
        coming_on=look.coming_on,
    )
    add_once(made)
    left = check_ahead(case, look.seen, _told(look))
    made.missing = [paper.key for paper in left]
    record("kader.papers_checked", "kader_precheck", made.id, ticket=case.ticket)
    return made


def undo(check: KaderPrecheck, case: Case) -> None:
    """As if it had not been: its papers are wanted again, but for those that the desk has had since.

    The caller commits.

    Raises:
        CaseError: it is undone already, or the case is closed.
    """
    if check.undone_at is not None:
        raise CaseError(gettext("Pemeriksaan ini sudah dibatalkan."))
    with in_indonesian():
        told = gettext("Pemeriksaan di rumah dibatalkan.")
    undo_check_ahead(case, check.seen, check.user_id, told)
    check.undone_at = now()
    record("kader.check_undone", "kader_precheck", check.id, ticket=case.ticket)


def _told(look: Look) -> str:
    """As the case's timeline says it: in Indonesian, whoever looked."""
    if look.coming_on is None:
        return look.note
    with in_indonesian():
        coming = gettext("Menyusul %(day)s.", day=long_date(look.coming_on, "id"))
    return f"{look.note} {coming}".strip()


_OF_CASE = (
    select(KaderPrecheck)
    .where(
        KaderPrecheck.village_id == bindparam("village_id"),
        KaderPrecheck.case_id == bindparam("case_id"),
        KaderPrecheck.undone_at.is_(None),
    )
    .order_by(KaderPrecheck.id.desc())
    .limit(bindparam("most", type_=Integer))
)


def of_case(village_id: int, case_id: UUID, limit: int = 3) -> Sequence[KaderPrecheck]:
    """Those that hold, the latest first."""
    return db.session.scalars(_OF_CASE, {"village_id": village_id, "case_id": case_id, "most": limit}).all()


def hold(village_id: int, check_id: UUID) -> KaderPrecheck | None:
    return db.session.scalar(
        select(KaderPrecheck)
        .where(KaderPrecheck.village_id == village_id, KaderPrecheck.id == check_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
