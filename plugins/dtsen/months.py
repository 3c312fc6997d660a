"""The proposals of a month: what is still to be keyed, what the village has to answer for, and its statement (SPTJM).

The caller commits.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from core.api import (
    Answer,
    Area,
    Case,
    CaseError,
    IssuedLetter,
    Letter,
    current_row,
    db,
    find_village_letter,
    gettext,
    in_indonesian,
    issue_village_letter,
    letters_about,
    month_name,
    record,
    revoke_village_letter,
    sign_village_letter,
    take_step,
)
from core.api import lazy_gettext as _

from .checks import to_recheck
from .documents import statement_values
from .models import DtsenMonth, DtsenMonthCase
from .rulebook import rules
from .services import NAMES, proposal

PLUGIN = "dtsen"
STATEMENT = Letter(
    "statement",
    _("Surat Pernyataan Tanggung Jawab Mutlak (SPTJM) DTSEN"),
    "dtsen/statement.typ",
    classification=rules.value("classification"),
)
TO_KEY, TO_RATIFY = ("registered", "handling"), ("agreed", "ratified")
TO_STATE = ("sent",)
"""What a statement can name: a meeting has not been asked."""
TO_AGREE = (*TO_STATE, "meeting")
MOST = 200


@dataclass(frozen=True)
class OpenCases:
    """The open cases of DTSEN by what is to be done about them next, the first due first; at most 200 of all."""

    to_key: Sequence[Case]
    to_agree: Sequence[Case]
    to_ratify: Sequence[Case]


def open_cases(village_id: int) -> OpenCases:
    """Proposals and objections that are not keyed, proposals to be agreed on, and those that wait for the district."""
    found = _cases(village_id, NAMES, (*TO_KEY, *TO_AGREE, *TO_RATIFY))
    proposals = [case for case in found if case.service == proposal.name]
    return OpenCases(
        [case for case in found if case.state in TO_KEY],
        [case for case in proposals if case.state in TO_AGREE],
        [case for case in proposals if case.state in TO_RATIFY],
    )


def _cases(village_id: int, services: Collection[str], states: Collection[str]) -> Sequence[Case]:
    return db.session.scalars(
        select(Case)
        .where(
            Case.village_id == village_id,
            Case.service.in_(services),
            Case.state.in_(states),
            Case.closed_at.is_(None),
        )
        .options(joinedload(Case.person), joinedload(Case.household))
        .order_by(Case.due_on, Case.id)
        .limit(MOST)
    ).all()


def counts_on(village_id: int, day: date) -> dict[str, int]:
    """How many cases are to be keyed and agreed on, and how many NIKs are to be looked at again; one query."""
    mine = (Case.village_id == village_id, Case.closed_at.is_(None))
    to_key = select(func.count()).where(*mine, Case.service.in_(NAMES), Case.state.in_(TO_KEY))
    to_agree = select(func.count()).where(*mine, Case.service == proposal.name, Case.state.in_(TO_AGREE))
    recheck = to_recheck(village_id, day)
    row = db.session.execute(
        select(to_key.scalar_subquery(), to_agree.scalar_subquery(), recheck.scalar_subquery())
    ).one()
    return {"to_key": row[0], "to_agree": row[1], "recheck": row[2]}


def find_month(village_id: int, year: int, month: int) -> DtsenMonth | None:
    mine = (DtsenMonth.village_id == village_id, DtsenMonth.year == year, DtsenMonth.month == month)
    return db.session.scalar(select(DtsenMonth).where(*mine))


def month_of_letter(village_id: int, letter_id: UUID) -> tuple[DtsenMonth, IssuedLetter] | None:
    """A statement with the month that it is about."""
    letter = find_village_letter(village_id, PLUGIN, letter_id)
    found = db.session.get(DtsenMonth, (village_id, letter.object_id)) if letter else None
    return (found, letter) if found and letter else None


def statements_of(month: DtsenMonth | None) -> Sequence[IssuedLetter]:
    """Revoked ones too, the latest first."""
    return letters_about(month.village_id, PLUGIN, month.id) if month else ()


def cases_named(month: DtsenMonth | None) -> Sequence[Case]:
    """The proposals that the month's newest statement names, by the name of the resident."""
    if month is None:
        return ()
    rows = db.session.scalars(
        select(DtsenMonthCase)
        .where(*_rows_of(month), DtsenMonthCase.named)
        .options(
            joinedload(DtsenMonthCase.case).joinedload(Case.person),
            joinedload(DtsenMonthCase.case).joinedload(Case.household),
        )
    )
    return sorted((row.case for row in rows), key=lambda case: case.person.name)


def issue(area: Area, year: int, month: int) -> IssuedLetter:
    """Number and print the statement of a month, which names every proposal that is keyed and not agreed on yet.

    Raises:
        CaseError: there are none, or a statement of the month holds already.
    """
    found = _held(area.id, year, month)
    cases = sorted(_cases(area.id, (proposal.name,), TO_STATE), key=lambda case: case.person.name)
    if not cases:
        raise CaseError(gettext("Belum ada usulan yang sudah dimasukkan ke SIKS-NG dan menunggu kesepakatan."))
    with in_indonesian():
        about = gettext("DTSEN %(month)s %(year)s", month=month_name(month), year=year)
        values = statement_values(cases, about)
    letter = issue_village_letter(area, STATEMENT, found.id, about=about, values=values)
    _name(found, cases)
    return letter


def _name(month: DtsenMonth, cases: Sequence[Case]) -> None:
    """Rows of an earlier statement stay: its letter still says who was on it."""
    there = {row.case_id: row for row in db.session.scalars(select(DtsenMonthCase).where(*_rows_of(month)))}
    wanted = {case.id for case in cases}
    for case_id, row in there.items():
        row.named = case_id in wanted
    new = wanted - there.keys()
    db.session.add_all(
        DtsenMonthCase(village_id=month.village_id, month_id=month.id, case_id=case_id) for case_id in sorted(new)
    )
    db.session.flush()


def _rows_of(month: DtsenMonth) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return DtsenMonthCase.village_id == month.village_id, DtsenMonthCase.month_id == month.id


def _held(village_id: int, year: int, month: int) -> DtsenMonth:
    """The month's row, made where there is none, locked so that two clerks do not print at once."""
    found = find_month(village_id, year, month)
    if found is None:
        found = DtsenMonth(village_id=village_id, year=year, month=month)
        db.session.add(found)
        db.session.flush()
    return current_row(DtsenMonth, village_id, found.id, found.version) or found


def _hold(month: DtsenMonth, letter: IssuedLetter) -> None:
    """Whoever signs or revokes after another sees what the other did."""
    current_row(DtsenMonth, month.village_id, month.id, month.version)
    db.session.refresh(letter)


def sign(area: Area, month: DtsenMonth, letter: IssuedLetter, permissions: frozenset[str]) -> int:
    """The statement is signed: the proposals that it names are agreed on. How many moved on.

    Raises:
        CaseError: signed or revoked before, or a case cannot take its step.
    """
    _hold(month, letter)
    sign_village_letter(letter)
    note = gettext("SPTJM %(reference)s", reference=letter.reference)
    moving = [case for case in cases_named(month) if case.state in TO_STATE]
    for case in sorted(moving, key=lambda case: case.id):
        take_step(area, case, proposal, "answered_for", permissions, Answer(note=note))
    record("dtsen.statement_signed", "month", month.id, reference=letter.reference, cases=len(moving))
    return len(moving)


def revoke(area: Area, month: DtsenMonth, letter: IssuedLetter, reason: str, permissions: frozenset[str]) -> int:
    """The statement no longer holds; what it had agreed on and nobody ratified waits to be agreed on again. How many.

    Raises:
        CaseError: no reason, or revoked before.
    """
    _hold(month, letter)
    was_signed = letter.signed_at is not None
    revoke_village_letter(letter, reason)
    back = [case for case in cases_named(month) if case.state == "agreed"] if was_signed else []
    for case in sorted(back, key=lambda case: case.id):
        take_step(area, case, proposal, "from_meeting", permissions, Answer(note=reason))
    record("dtsen.statement_revoked", "month", month.id, reference=letter.reference, cases=len(back))
    return len(back)
