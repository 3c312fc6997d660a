"""The works of one year in a village, as figures and as an Excel sheet with every receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from uuid import UUID

import xlsxwriter
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from core.api import Person, db, gettext

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
    """One page of houses, one of receipts. Texts are written as text: no cell is a formula."""
    ids = [work.id for work in report.works]
    receipts = db.session.scalars(
        select(RtlhExpense)
        .where(RtlhExpense.village_id == village_id, RtlhExpense.work_id.in_(ids), RtlhExpense.struck_at.is_(None))
        .order_by(RtlhExpense.work_id, RtlhExpense.serial)
    ).all()
    names = {work.id: work.person.name for work in report.works}
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
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
        _page(book, gettext("Rumah"), _house_columns(), houses)
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
        _page(book, gettext("Kuitansi"), _receipt_columns(), spent)
    target.seek(0)
    return target


def _place(work: RtlhWork) -> str:
    home = work.person.household
    return f"{home.rt or '–'}/{home.rw or '–'}" if home else "–"


def _house_columns() -> Sequence[tuple[str, int]]:
    return (
        (gettext("Nama"), 28),
        (gettext("RT/RW"), 10),
        (gettext("Sumber dana"), 26),
        (gettext("Nomor SK penerima"), 22),
        (gettext("Mulai"), 12),
        (gettext("Kemajuan (persen)"), 12),
        (gettext("Anggaran (Rp)"), 16),
        (gettext("Belanja (Rp)"), 16),
        (gettext("Serah terima"), 14),
    )


def _receipt_columns() -> Sequence[tuple[str, int]]:
    return (
        (gettext("Nama"), 28),
        (gettext("Nomor"), 8),
        (gettext("Tanggal"), 12),
        (gettext("Untuk"), 14),
        (gettext("Dibelanjakan untuk"), 36),
        (gettext("Dibayar kepada"), 26),
        (gettext("Nomor kuitansi"), 18),
        (gettext("Jumlah (Rp)"), 16),
    )


def _page(
    book: xlsxwriter.Workbook, title: str, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[object]]
) -> None:
    page, bold = book.add_worksheet(title), book.add_format({"bold": True})
    day, amount = book.add_format({"num_format": "d-m-yyyy"}), book.add_format({"num_format": "#,##0"})
    for column, (heading, width) in enumerate(columns):
        page.write_string(0, column, heading, bold)
        page.set_column(column, column, width)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(line, column, datetime.combine(value, time()), day)
            elif isinstance(value, int):
                page.write_number(line, column, value, amount)
            else:
                page.write_string(line, column, str(value or ""))
    page.freeze_panes(1, 0)
