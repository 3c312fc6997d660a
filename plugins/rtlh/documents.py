"""What stands in the closing report: plain texts, Indonesian, and no NIK in full."""

from collections.abc import Sequence
from typing import Any

from core.api import long_date, mask_nik, rupiah

from .models import RtlhExpense, RtlhStage, RtlhWork
from .rulebook import KINDS
from .spending import budget_lines


def report_values(work: RtlhWork, stages: Sequence[RtlhStage], expenses: Sequence[RtlhExpense]) -> dict[str, Any]:
    """Made inside ``in_indonesian()``; what was struck or taken back is not in it."""
    home = work.person.household
    return {
        "name": work.person.name,
        "nik": mask_nik(work.person.nik) if work.person.nik else "belum ada",
        "address": (home.address if home and home.address else "–"),
        "source": work.source,
        "decree": work.decree or "–",
        "builder": work.builder or "–",
        "begun_on": long_date(work.begun_on),
        "handed_on": long_date(work.handed_on) if work.handed_on else "",
        "note": work.handing_note,
        "stages": [
            [f"{stage.percent}%", long_date(stage.seen_on), stage.note or "–"]
            for stage in stages
            if stage.undone_at is None
        ],
        "budget": [
            [str(line.title), rupiah(line.budget), rupiah(line.spent), rupiah(line.left)]
            for line in budget_lines(work, expenses)
        ],
        "receipts": [
            [
                str(expense.serial),
                long_date(expense.spent_on),
                str(KINDS.get(expense.kind, expense.kind)),
                expense.what,
                f"{expense.paid_to} {expense.receipt}".strip(),
                rupiah(expense.amount),
            ]
            for expense in expenses
            if expense.struck_at is None
        ],
    }
