"""Who on a list was reached, when, and what came of it. The caller commits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, update

from core.api import Case, CaseError, Colleague, Text, current_row, db, gettext, now, record
from core.api import lazy_gettext as _

from .matching import WRONG_NIK
from .models import Call, Line

RESULTS: Mapping[str, Text] = {
    "in_care": _("Sedang dirawat atau gawat darurat"),
    "wants": _("Ingin diaktifkan lagi"),
    "unreachable": _("Tidak dapat dihubungi"),
    "insured": _("Sudah punya jaminan lain, atau sudah aktif"),
    "declines": _("Tidak ingin"),
    "moved": _("Sudah pindah"),
    "died": _("Sudah meninggal"),
    WRONG_NIK: _("NIK-nya milik orang lain"),
}
WANTING = ("in_care", "wants")
AGAIN = ("", "unreachable")  # who is still to be called


@dataclass(frozen=True)
class Answer:
    result: str
    note: str = ""
    next_call: date | None = None


def current_line(village_id: int, line_id: UUID, version: int) -> Line:
    """As the clerk's page showed it, locked for a change.

    Raises:
        Stale: somebody else has changed it since.
        CaseError: it is not there any more.
    """
    line = current_row(Line, village_id, line_id, version)
    if line is None:
        raise CaseError(gettext("Orang ini tidak ada lagi di daftar."))
    return line


def calls_of(line: Line) -> Sequence[Call]:
    """The latest first."""
    query = select(Call).where(Call.village_id == line.village_id, Call.line_id == line.id)
    return db.session.scalars(query.order_by(Call.called_at.desc(), Call.id.desc())).all()


def write_call(line: Line, answer: Answer, by: UUID | None, caller: str) -> Call:
    """Take down an attempt; the line then says what the last one brought."""
    call = Call(
        village_id=line.village_id,
        line_id=line.id,
        result=answer.result,
        note=answer.note,
        next_call=answer.next_call,
        called_at=now(),
        called_by=by,
        caller=caller[:80],
    )
    db.session.add(call)
    line.result, line.called_at, line.next_call = call.result, call.called_at, call.next_call
    record("pbi_jk.called", "pbi_jk_line", line.id)
    return call


def undo_call(line: Line) -> None:
    """Take the last attempt back; the line says again what the one before it brought.

    Raises:
        CaseError: nobody has called, or a case was opened upon it.
    """
    calls = calls_of(line)
    if not calls:
        raise CaseError(gettext("Belum ada panggilan yang dapat diurungkan."))
    if line.case_id is not None:
        raise CaseError(gettext("Kasusnya sudah dibuka. Batalkan di halaman kasus bila keliru."))
    before = calls[1] if len(calls) > 1 else None
    db.session.delete(calls[0])
    line.result = before.result if before else ""
    line.called_at, line.next_call = (before.called_at, before.next_call) if before else (None, None)
    record("pbi_jk.call_undone", "pbi_jk_line", line.id)


def say_who(line: Line, *, same: bool) -> None:
    """Whether a resident whose name differs is the person on the list.

    Raises:
        CaseError: there is no such doubt.
    """
    if not line.doubtful:
        raise CaseError(gettext("Tidak ada yang diragukan pada baris ini."))
    line.doubtful = False
    if not same:
        line.person_id, line.result = None, WRONG_NIK
    record("pbi_jk.doubt_settled", "pbi_jk_line", line.id, same=same)


def assign(village_id: int, line_ids: Iterable[UUID], to: Colleague | None) -> int:
    """Give people on the list to a colleague, or to nobody; how many changed hands."""
    wanted = to.id if to else None
    changed = db.session.scalars(
        update(Line)
        .where(Line.village_id == village_id, Line.id.in_(list(line_ids)), Line.assigned_to.is_distinct_from(wanted))
        .values(assigned_to=wanted, version=Line.version + 1)
        .returning(Line.id)
        .execution_options(synchronize_session=False)
    ).all()
    if changed:
        record("pbi_jk.calls_assigned", "pbi_jk_list", "", members=len(changed), to=to.name if to else "–")
    return len(changed)


def link_case(case: Case) -> int:
    """Whoever comes to the desk by themselves has a case as well; how many lines say so now."""
    lines = db.session.scalars(
        select(Line).where(Line.village_id == case.village_id, Line.person_id == case.person_id, Line.case_id.is_(None))
    ).all()
    for line in lines:
        line.case_id = case.id
    return len(lines)
