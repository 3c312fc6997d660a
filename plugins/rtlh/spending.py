"""What the money of a house was spent on: receipts by kind, against the budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import func, select

from core.api import Area, CaseError, Text, db, gettext, keep_photo, now, record, today

from .models import RtlhExpense, RtlhWork
from .rulebook import KINDS


@dataclass(frozen=True)
class ExpenseInput:
    """``amount`` is rupiah; ``photo`` that of the receipt, None where none was taken."""

    kind: str
    spent_on: date
    amount: int
    what: str
    paid_to: str
    receipt: str = ""
    photo: BinaryIO | None = None


@dataclass(frozen=True)
class BudgetLine:
    """One kind of a budget, or all of it: rupiah."""

    title: Text
    budget: int
    spent: int

    @property
    def left(self) -> int:
        """Below zero where more was spent."""
        return self.budget - self.spent


def budget_lines(work: RtlhWork, expenses: Sequence[RtlhExpense]) -> list[BudgetLine]:
    """Each kind in the order of the budget, then the sum."""
    spent = dict.fromkeys(KINDS, 0)
    for expense in expenses:
        if expense.struck_at is None and expense.kind in spent:
            spent[expense.kind] += expense.amount
    lines = [BudgetLine(title, work.budget[kind], spent[kind]) for kind, title in KINDS.items()]
    return [*lines, BudgetLine(gettext("Jumlah"), sum(work.budget.values()), sum(spent.values()))]


def expenses_of(work: RtlhWork) -> Sequence[RtlhExpense]:
    """All receipts of a house, struck ones too, in the order of their numbers."""
    return db.session.scalars(
        select(RtlhExpense)
        .where(RtlhExpense.village_id == work.village_id, RtlhExpense.work_id == work.id)
        .order_by(RtlhExpense.serial)
        .execution_options(populate_existing=True)
    ).all()


def find_expense(village_id: int, expense_id: UUID) -> RtlhExpense | None:
    return db.session.scalar(
        select(RtlhExpense).where(RtlhExpense.village_id == village_id, RtlhExpense.id == expense_id)
    )


def spent_on(village_id: int, works: Sequence[UUID]) -> Mapping[UUID, int]:
    """Rupiah by the house, in one query."""
    rows = db.session.execute(
        select(RtlhExpense.work_id, func.sum(RtlhExpense.amount))
        .where(RtlhExpense.village_id == village_id, RtlhExpense.work_id.in_(works), RtlhExpense.struck_at.is_(None))
        .group_by(RtlhExpense.work_id)
    )
    return {work_id: int(amount) for work_id, amount in rows}


# ---- doing; the caller holds the work, and commits ----


def spend(area: Area, work: RtlhWork, data: ExpenseInput, by: UUID | None) -> RtlhExpense:
    """Take down a receipt. More than the budget is told on the page and not refused: it may be right.

    Raises:
        CaseError: a day that has not come, or before the works began.
        FileRefused: the photo is none.
    """
    if not work.begun_on <= data.spent_on <= today(area.timezone):
        raise CaseError(gettext("Tanggal belanja harus antara mulainya pekerjaan dan hari ini."))
    photo = keep_photo(area, data.photo) if data.photo else None
    mine = (RtlhExpense.village_id == area.id, RtlhExpense.work_id == work.id)
    made = RtlhExpense(
        village_id=area.id,
        work_id=work.id,
        serial=(db.session.scalar(select(func.max(RtlhExpense.serial)).where(*mine)) or 0) + 1,
        kind=data.kind,
        spent_on=data.spent_on,
        amount=data.amount,
        what=data.what,
        paid_to=data.paid_to,
        receipt=data.receipt,
        sha256=photo.sha256 if photo else None,
        media_type=photo.media_type if photo else "",
        created_by=by,
    )
    db.session.add(made)
    db.session.flush()
    record("rtlh.spent", "expense", made.id, number=made.serial)
    return made


def strike(expense: RtlhExpense, reason: str) -> None:
    """It does not count any more and stays to be seen. Raises: CaseError: struck before."""
    db.session.refresh(expense)
    if expense.struck_at is not None:
        raise CaseError(gettext("Kuitansi ini sudah dicoret."))
    expense.struck_at, expense.struck_reason = now(), reason
    record("rtlh.expense_struck", "expense", expense.id, number=expense.serial)
