"""The works of one year in a village, as figures and as an Excel sheet with every receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from core.api import Person, SheetColumn, SheetPage, db, excel_file, gettext

from .models import RtlhExpense, RtlhWork
from .rulebook import KINDS
from .spending import spent_on


@dataclass(frozen=True)
class YearReport:
    """Houses begun or handed over in a year or open at its end, the first begun first; rupiah spent by house."""

    year: int
    works: Sequence[RtlhWork]
    spent: Mapping[UUID, int]

    @property
    def handed_over(self) -> int:
        return sum(work.handed_on is not None and work.handed_on.year == self.year for work in self.works)


def report_of(village_id: int, year: int) -> YearReport:
    """Two queries and one for the residents."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    query = select(RtlhWork).where(
        RtlhWork.village_id == village_id,
        RtlhWork.begun_on <= last,
        or_(RtlhWork.handed_on.is_(None), RtlhWork.handed_on >= first),
    )
    works = db.session.scalars(
        query.options(joinedload(RtlhWork.person).joinedload(Person.household)).order_by(RtlhWork.begun_on, RtlhWork.id)
    ).all()
    return YearReport(year, works, spent_on(village_id, [work.id for work in works]))


def sheet_of(report: YearReport, village_id: int) -> BytesIO:
    """One page of houses, one of receipts."""
    ids = [work.id for work in report.works]
    receipts = db.session.scalars(
        select(RtlhExpense)
        .where(RtlhExpense.village_id == village_id, RtlhExpense.work_id.in_(ids), RtlhExpense.struck_at.is_(None))
        .order_by(RtlhExpense.work_id, RtlhExpense.serial)
    ).all()
    names = {work.id: work.person.name for work in report.works}
    houses = [
        (
            work.person.name,
            _place(work),
            work.source,
            work.decree,
            work.begun_on,
            work.progress,
            sum(work.budget.values()),
            report.spent.get(work.id, 0),
            work.handed_on,
        )
        for work in report.works
    ]
    spent = [
        (
            names[row.work_id],
            row.serial,
            row.spent_on,
            str(KINDS.get(row.kind, row.kind)),
            row.what,
            row.paid_to,
            row.receipt,
            row.amount,
        )
        for row in receipts
    ]
    return excel_file(
        SheetPage(gettext("Rumah"), _house_columns(), houses),
        SheetPage(gettext("Kuitansi"), _receipt_columns(), spent),
    )


def _place(work: RtlhWork) -> str:
    home = work.person.household
    return f"{home.rt or '–'}/{home.rw or '–'}" if home else "–"


def _house_columns() -> Sequence[SheetColumn]:
    return (
        SheetColumn(gettext("Nama"), 28),
        SheetColumn(gettext("RT/RW"), 10),
        SheetColumn(gettext("Sumber dana"), 26),
        SheetColumn(gettext("Nomor SK penerima"), 22),
        SheetColumn(gettext("Mulai"), 12),
        SheetColumn(gettext("Kemajuan (persen)"), 12),
        SheetColumn(gettext("Anggaran (Rp)"), 16, money=True),
        SheetColumn(gettext("Belanja (Rp)"), 16, money=True),
        SheetColumn(gettext("Serah terima"), 14),
    )


def _receipt_columns() -> Sequence[SheetColumn]:
    return (
        SheetColumn(gettext("Nama"), 28),
        SheetColumn(gettext("Nomor"), 8),
        SheetColumn(gettext("Tanggal"), 12),
        SheetColumn(gettext("Untuk"), 14),
        SheetColumn(gettext("Dibelanjakan untuk"), 36),
        SheetColumn(gettext("Dibayar kepada"), 26),
        SheetColumn(gettext("Nomor kuitansi"), 18),
        SheetColumn(gettext("Jumlah (Rp)"), 16, money=True),
    )
